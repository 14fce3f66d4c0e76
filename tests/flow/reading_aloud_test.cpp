// Goal: whoever does not see the screen hears it, and nobody else hears what is theirs. Method: the
// whole kiosk on simulated devices and a voice that keeps what it would have said; fingers, keys
// and headphones as people use them, a clock that is moved by hand.
#include "kiosk/base/secret.hpp"
#include "tests/support/demo_kiosk.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace std::chrono_literals;
using drivers::Key;
using session::Display;
using support::DemoKiosk;

// Of the simulated people; synthetic.
constexpr const char* persons_name = "帕提古丽";

struct Listener : DemoKiosk {
    explicit Listener(const std::string& name)
        : DemoKiosk("reading-" + name, {}, 1, Voice::recorder) {}

    drivers::RecorderVoice& voice() { return world->voice; }
    bool hears(std::string_view text) { return voice().has_heard(text); }
    const session::Session& session() { return kiosk().session(); }
    void to_prefilled() {
        tap("attract/zh");
        tap("home/matter/elderly-allowance");
        tap("actions/go");
        REQUIRE(world->lay_card("applicant-86"));
        wait(1s);
        tap("consent/decline");
        REQUIRE(screen() == "prefilled");
    }
};

} // namespace

TEST_CASE("nothing is said until somebody asks for it", "[flow][voice]") {
    Listener person("quiet");
    person.to_prefilled();
    CHECK(person.voice().times() == 0);
    CHECK(person.find("title/listen") != nullptr);
}

TEST_CASE("Listen reads the page, and every page after it as it is entered", "[flow][voice]") {
    Listener person("listen");
    person.tap("attract/zh");
    person.tap("title/listen");
    CHECK(person.hears("您要办什么事"));
    CHECK(person.session().display.voice == Display::Voice::on);
    const auto& tiles = person.items();
    int read = 0;
    for (const auto& item : tiles)
        if (item.id.rfind("home/matter/", 0) == 0) read += person.hears(item.label) ? 1 : 0;
    CHECK(read == 4);

    person.voice().forget();
    person.tap("home/matter/elderly-allowance");
    CHECK(person.hears("要准备什么")); // a page that must be heard whole
    person.voice().forget();
    person.settle();
    CHECK(person.voice().last().empty()); // once

    person.tap("title/listen"); // once more: how it reads
    CHECK(person.screen() == "voice");
    person.voice().forget();
    person.tap("voice/louder");
    CHECK(person.hears("声音大小：4"));
    CHECK(person.voice().settings().volume == 3);
    person.tap("voice/slower");
    CHECK(person.voice().settings().rate == 1);
    person.voice().forget();
    person.tap("voice/again");
    CHECK(person.screen() == "notice");
    CHECK(person.hears("要准备什么"));

    person.tap("title/listen");
    person.tap("voice/stop");
    CHECK(person.screen() == "notice");
    CHECK_FALSE(person.voice().is_speaking());
    person.voice().forget();
    person.tap("actions/go");
    person.key(Key::down); // keys do not switch it on again
    CHECK(person.voice().last().empty());
}

TEST_CASE("by keys alone: the greeting in three languages, then what is focused", "[flow][voice]") {
    Listener person("keys");
    person.key(Key::down);
    for (const auto* greeting : {"社区自助办事", "مەھەللىدە", "Community self-service"})
        CHECK(person.hears(greeting));
    person.voice().forget();
    person.key(Key::down);
    CHECK(person.hears("ئۇيغۇرچە"));
    const auto before = person.voice().times();
    person.key(Key::up);
    CHECK(person.voice().times() == before + 1);
    person.key(Key::select);
    CHECK(person.screen() == "home");
    CHECK(person.hears("您要办什么事"));
    person.voice().forget();
    person.key(Key::repeat);
    CHECK(person.hears("您要办什么事"));
    person.key(Key::louder);
    CHECK(person.voice().settings().volume == 3);
    CHECK_FALSE(person.voice().last().empty()); // how loud that is, is heard
    for (int i = 0; i < 40; ++i) person.key(Key::down);
    CHECK(person.hears("这一页到头了"));
}

TEST_CASE("the next touch or key is silence at once", "[flow][voice]") {
    Listener person("interrupt");
    person.tap("attract/zh");
    person.tap("title/listen");
    REQUIRE(person.voice().is_speaking());
    person.draw({{3, 3}, true, {}, {}});
    CHECK_FALSE(person.voice().is_speaking());
}

TEST_CASE("what is about a person is heard in headphones alone", "[flow][voice][refusal][G23]") {
    Listener person("headphones");
    person.tap("attract/zh");
    person.tap("title/listen");
    person.tap("home/matter/elderly-allowance");
    person.tap("actions/go");
    REQUIRE(person.world->lay_card("applicant-86"));
    person.wait(1s);
    REQUIRE(person.screen() == "prefill_offer");
    CHECK(person.hears("好了，可以拿起证件了"));
    person.tap("consent/decline");
    REQUIRE(person.screen() == "prefilled");
    CHECK(person.hears("插上耳机"));
    for (const auto& row : {persons_name, "659999", "0046", "样品里"})
        CHECK_FALSE(person.hears(row));

    person.voice().plug_headphones();
    person.settle();
    person.key(Key::repeat);
    CHECK(person.hears(persons_name));
    person.voice().pull_headphones();
    CHECK_FALSE(person.voice().is_speaking());
    person.voice().forget();
    person.key(Key::repeat);
    CHECK_FALSE(person.hears(persons_name));
    // What was said is no event.
    CHECK(person.events().find(persons_name) == std::string::npos);
}

TEST_CASE("what is due, and that nothing is, is heard in headphones alone",
          "[flow][voice][refusal][G23]") {
    const bool is_due = GENERATE(true, false);
    Listener person(is_due ? "todos" : "no-todos");
    person.tap("attract/en");
    person.tap("title/listen");
    person.tap("home/todos");
    person.voice().forget();
    REQUIRE(person.world->lay_card(is_due ? "applicant-86" : "agent"));
    person.wait(1s);
    REQUIRE(person.screen() == "todos");
    person.tap("title/listen");
    CHECK(person.hears("Plug in headphones"));
    person.tap("voice/again"); // the whole page
    for (const auto& words : {"llowance", "by 1", "by 2", "Nothing is due", "do nothing"}) {
        INFO(words);
        CHECK_FALSE(person.hears(words));
    }
    person.voice().plug_headphones();
    person.tap("title/listen");
    person.tap("voice/again");
    CHECK(person.hears(is_due ? "llowance" : "Nothing is due"));
}

TEST_CASE("headphones that are plugged in switch the voice on, those that were left in do not",
          "[flow][voice]") {
    Listener person("plug");
    person.tap("attract/en");
    person.voice().plug_headphones();
    person.settle();
    person.settle();
    CHECK(person.hears("What would you like to do?"));
    person.tap("rail/leave");
    person.tap("leave/end");
    person.wait(2s);
    REQUIRE(person.screen() == "attract");
    person.voice().forget();
    person.settle();
    person.tap("attract/en");
    CHECK(person.voice().last().empty());
    CHECK(person.session().display.volume == session::voice_steps / 2);
}

TEST_CASE("speaking puts the idle question off, and cannot keep a session for ever",
          "[flow][voice][refusal][G24]") {
    Listener quiet("idle-quiet");
    quiet.tap("attract/zh");
    quiet.wait(121s);
    CHECK(quiet.screen() == "idle");

    Listener person("idle");
    person.tap("attract/zh");
    person.tap("title/listen");
    REQUIRE(person.voice().is_speaking());
    person.wait(121s);
    CHECK(person.screen() == "home"); // it has spoken for some of that time
    for (int i = 0; i < 60 && person.screen() == "home"; ++i) person.wait(1s);
    REQUIRE(person.screen() == "idle");
    CHECK(person.hears("您还在吗"));
    person.wait(46s);
    CHECK(person.screen() == "attract"); // its own question kept nobody here
    CHECK_FALSE(person.voice().is_speaking());
}

TEST_CASE("the idle question says at 45, 30 and 15 seconds how long is left", "[flow][voice]") {
    Listener person("count");
    person.tap("attract/en");
    person.tap("title/listen");
    for (int i = 0; i < 300 && person.screen() != "idle"; ++i) person.wait(1s);
    REQUIRE(person.screen() == "idle");
    CHECK(person.hears("in 45 seconds"));
    int times = 0;
    for (int second = 0; second < 40; ++second) {
        const auto before = person.voice().times();
        person.wait(1s);
        times += person.voice().times() - before;
    }
    CHECK(times == 2);
    CHECK(person.hears("in 30 seconds"));
    CHECK(person.hears("in 15 seconds"));
}

TEST_CASE("when the session ends the voice forgets, also in the middle of a word",
          "[flow][voice]") {
    Listener person("forget");
    person.voice().plug_headphones();
    person.to_prefilled();
    person.settle();
    REQUIRE(person.hears(persons_name));
    person.tap("rail/leave");
    person.tap("leave/end");
    person.wait(2s);
    if (person.screen() == "goodbye") {
        person.world->sam.lift_card();
        person.wait(35s);
    }
    REQUIRE(person.screen() == "attract");
    CHECK_FALSE(person.hears(persons_name));
    CHECK_FALSE(person.voice().is_speaking());
    CHECK(person.session().display == Display{});
}

TEST_CASE("staff see what they do: nothing is read in their pages", "[flow][voice]") {
    Listener person("staff");
    person.world->set_roster(app::DemoRoster::fresh);
    person.wait(5s);
    person.key(Key::down);
    REQUIRE(person.world->insert_staff_card("office"));
    person.wait(2s);
    REQUIRE(person.screen().rfind("staff", 0) == 0);
    CHECK_FALSE(person.voice().is_speaking());
    CHECK(person.find("title/listen") == nullptr);
}
