// Goal: the card reader as the people at the kiosk meet it: how soon a card's fields are on the
// screen, how soon a lifted card and a plugged-in reader are noticed, and that nobody's card is
// looked for where none is asked for. Method: the whole kiosk with its glass, the real driver on
// the simulated module, and the simulator's clock; things happen at a moment, also while a device
// waits.
#include "kiosk/present/present.hpp"
#include "tests/support/demo_kiosk.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <set>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using base::Milliseconds;
using session::Step;
using support::DemoKiosk;

namespace {

// The window's own patience (EngineSettings): one look lasts a second, with a poll each 300 ms.
constexpr Milliseconds window_patience{1000};
constexpr Milliseconds poll = drivers::SamLimits{}.poll;

struct Person : DemoKiosk {
    explicit Person(const std::string& name, Milliseconds patience = window_patience,
                    const std::function<void(config::Config&)>& change = {})
        : DemoKiosk("card-" + name, change, 1, Voice::none, patience) {}

    void come_to_card(const std::string& matter = "pension-eligibility") {
        tap("attract/en");
        tap("home/matter/" + matter);
        tap("actions/go");
        REQUIRE(screen() == "card");
    }
    // Turns the kiosk as the window's loop does, until the screen is there; CHECKs a limit.
    base::MonotonicTime until_screen(std::string_view name, Milliseconds limit) {
        const auto end = clock.now() + limit;
        for (;;) {
            draw({});
            if (screen() == name) return clock.now();
            if (clock.now() >= end) FAIL("still " << screen() << " instead of " << name);
            wait(20ms);
        }
    }
    void end_visit() {
        tap("rail/leave");
        tap("leave/end");
        if (screen() == "goodbye") tap("actions/done");
        wait(2s);
        REQUIRE(screen() == "attract");
    }
    std::set<std::uint16_t> requests_since(std::size_t begin) const {
        const auto all = world->sam.requests();
        return {all.begin() + std::ptrdiff_t(begin), all.end()};
    }
    session::Step step() { return kiosk().session().step; }
};

constexpr std::uint16_t find_card = 0x2001;
constexpr std::uint16_t is_present = 0x3003;

} // namespace

TEST_CASE("a card's fields are on the screen within 50 ms of the module's last word",
          "[flow][card_reader]") {
    // Laid at any moment between two looks; with modules that take their time over the radio.
    Milliseconds worst{0};
    int measured = 0;
    for (const auto takes : {0ms, 700ms, 1800ms}) {
        Person person("latency-" + std::to_string(takes.count()));
        person.world->sam.read_takes(takes);
        for (auto offset = 1ms; offset < 1400ms; offset += 97ms) {
            person.come_to_card();
            const auto laid = person.clock.now() + offset;
            person.at(laid, [&] { REQUIRE(person.world->lay_card("pensioner")); });
            const auto shown = person.until_screen("prefill_offer", 10s);
            const auto said = person.world->sam.last_byte_at();
            CAPTURE(takes.count(), offset.count());
            CHECK(shown - said <= 50ms);
            // The protocol's own time: until the next look, and what the radio takes.
            CHECK(shown - laid <= poll + takes + 50ms);
            worst = std::max(worst, std::chrono::duration_cast<Milliseconds>(shown - laid - takes));
            ++measured;
            person.world->sam.lift_card();
            person.end_visit();
        }
    }
    std::printf(
        "card laid -> fields on screen, %d times: at most %lld ms beyond the radio's time\n",
        measured, static_cast<long long>(worst.count()));
}

TEST_CASE("a reader that was plugged in again reads a card within three seconds, without a restart",
          "[flow][card_reader]") {
    // Pulled before, or at any part of the dialogue; modules that start at once and slowly.
    for (const auto start_up : {0ms, 1000ms, 2000ms}) {
        for (const std::size_t bytes : {0u, 5u, 21u, 60u, 100u, 700u, 1300u}) {
            Person person("replug-" + std::to_string(start_up.count()) + "-" +
                          std::to_string(bytes));
            auto& sam = person.world->sam;
            sam.starts_up_within(start_up);
            person.come_to_card();
            sam.pull_cable_after(bytes);
            REQUIRE(person.world->lay_card("pensioner"));
            person.wait(5s);
            CAPTURE(start_up.count(), bytes);
            REQUIRE(person.screen() == "card");
            CHECK_FALSE(person.kiosk().facts().card_reader_ok);
            CHECK(person.events().find("\"card_reader\"") != std::string::npos);

            const auto plugged = person.clock.now() + 10ms;
            person.at(plugged, [&] { sam.plug_cable(); });
            const auto shown = person.until_screen("prefill_offer", 10s);
            CHECK(shown - plugged <= 3s);
            CHECK(person.kiosk().facts().card_reader_ok);
        }
    }
}

TEST_CASE("a reader that comes back while nobody asks for a card is known to be back within three "
          "seconds",
          "[flow][card_reader]") {
    for (const bool is_in_visit : {false, true}) {
        Person person(is_in_visit ? "back-in-visit" : "back-between");
        auto& sam = person.world->sam;
        person.come_to_card();
        sam.pull_cable();
        person.wait(2s);
        CHECK_FALSE(person.kiosk().facts().card_reader_ok);
        person.end_visit();
        if (is_in_visit) {
            person.tap("attract/en");
            person.tap("home/matter/pension-eligibility");
            REQUIRE(person.screen() == "notice");
        }
        const auto plugged = person.clock.now();
        sam.plug_cable();
        while (!person.kiosk().facts().card_reader_ok && person.clock.now() - plugged < 10s)
            person.wait(20ms);
        CHECK(person.clock.now() - plugged <= 3s);
    }
}

TEST_CASE("a lifted card is noticed within a second where the session wants to know",
          "[flow][card_reader]") {
    Person person("lifted");
    auto& sam = person.world->sam;
    const auto lift_at = [&](Milliseconds offset) {
        const auto lifted = person.clock.now() + offset;
        person.at(lifted, [&] { sam.lift_card(); });
        while (person.kiosk().facts().card_on_reader && person.clock.now() - lifted < 5s)
            person.wait(20ms);
        return person.clock.now() - lifted;
    };
    for (auto offset = 1ms; offset < 1100ms; offset += 111ms) {
        person.come_to_card();
        REQUIRE(person.world->lay_card("pensioner"));
        person.until_screen("prefill_offer", 5s);
        person.tap("rail/leave");
        person.tap("leave/end");
        REQUIRE(person.screen() == "goodbye");
        person.wait(1s);
        REQUIRE(person.kiosk().facts().card_on_reader); // take your card
        CAPTURE(offset.count());
        CHECK(lift_at(offset) <= 1s);
        person.wait(2s);
        REQUIRE(person.screen() == "attract"); // and goodbye ends with it
    }
}

TEST_CASE("a card left behind is asked for with a sound again and again, until it is lifted",
          "[flow][card_reader][refusal][P9]") {
    Person person("left-behind");
    const auto to_goodbye = [&](bool is_lifted) {
        person.come_to_card();
        REQUIRE(person.world->lay_card("pensioner"));
        person.until_screen("prefill_offer", 5s);
        if (is_lifted) person.world->sam.lift_card();
        const int before = person.world->chimes;
        person.tap("rail/leave");
        person.tap("leave/end");
        REQUIRE(person.screen() == "goodbye");
        CHECK(person.world->chimes == before + 1);
    };
    to_goodbye(false);
    const int begun = person.world->chimes;
    person.wait(9s);
    CHECK(person.world->chimes == begun);
    person.wait(2s);
    CHECK(person.world->chimes == begun + 1);
    person.wait(10s);
    CHECK(person.world->chimes == begun + 2);
    person.world->sam.lift_card();
    person.wait(30s);
    CHECK(person.world->chimes == begun + 2);
    CHECK(person.screen() == "attract");

    to_goodbye(true); // lifted before: nothing to be asked for
    const int lifted = person.world->chimes;
    person.wait(28s);
    CHECK(person.world->chimes == lifted);
    person.wait(10s);
}

namespace {

// Leaves by "I have them", or walks away, with the card still on the reader.
enum class Gone { said_done, goodbye_ran_out, walked_away };

void leave_card_behind(Person& person, Gone how, const std::string& whose = "pensioner") {
    person.come_to_card();
    if (person.world->sam.has_card()) { // of somebody before
        person.world->sam.lift_card();
        person.wait(2s);
    }
    REQUIRE(person.world->lay_card(whose));
    person.until_screen("prefill_offer", 5s);
    if (how != Gone::walked_away) {
        person.tap("rail/leave");
        person.tap("leave/end");
        REQUIRE(person.screen() == "goodbye");
    }
    if (how == Gone::said_done) person.tap("actions/done");
    const auto limit = how == Gone::said_done         ? Milliseconds(2s)
                       : how == Gone::goodbye_ran_out ? Milliseconds(40s)
                                                      : Milliseconds(4min);
    for (const auto end = person.clock.now() + limit; person.step() != Step::attract;) {
        REQUIRE(person.clock.now() < end);
        person.wait(100ms);
    }
}

bool says_card_left(Person& person) {
    person.wait(2s);
    person.draw({});
    const auto model = std::get<screens::AttractModel>(
        present::model(person.kiosk().session(), present::View{}, person.kiosk().facts()));
    CHECK(person.kiosk().facts().card_left == (model.notice_icon == "card"));
    for (const auto& text : model.notice) CHECK(text.empty() != person.kiosk().facts().card_left);
    return person.kiosk().facts().card_left;
}

} // namespace

TEST_CASE("a card left behind is asked for when its visit has ended, however that ended",
          "[flow][card_reader][refusal][P9]") {
    for (const auto how : {Gone::said_done, Gone::goodbye_ran_out, Gone::walked_away}) {
        INFO(int(how));
        Person person("left-" + std::to_string(int(how)));
        leave_card_behind(person, how);
        const auto requests = person.world->sam.requests().size();
        CHECK(says_card_left(person));
        const int begun = person.world->chimes;
        person.wait(60s);
        CHECK(person.world->chimes >= begun + 5); // every 10 s, with what the looks take
        CHECK(person.world->chimes <= begun + 6);
        person.wait(2min);
        const int fell_silent = person.world->chimes;
        CHECK(fell_silent >= begun + 11);
        CHECK(fell_silent <= begun + 12);
        person.wait(10min);
        CHECK(person.world->chimes == fell_silent);
        CHECK(says_card_left(person)); // as long as it lies there
        // Nothing was asked but whether it lies there: the same as at a goodbye.
        CHECK(person.requests_since(requests) == std::set<std::uint16_t>{is_present});
        person.world->sam.lift_card();
        CHECK_FALSE(says_card_left(person));
        const auto silent = person.world->sam.requests().size();
        person.wait(60s);
        CHECK(person.world->chimes == fell_silent);
        CHECK(person.requests_since(silent).empty());
    }
}

TEST_CASE("the glass is not dark while it says that a card was left", "[flow][card_reader]") {
    Person person("left-dark", window_patience,
                  [](config::Config& config) { config.dark_after_minutes = 5; });
    leave_card_behind(person, Gone::said_done);
    person.wait(30min);
    CHECK(says_card_left(person));
    CHECK_FALSE(person.kiosk().is_dark());
    person.world->sam.lift_card();
    person.wait(1min); // whoever took it is still there
    CHECK_FALSE(person.kiosk().is_dark());
    person.wait(5min);
    CHECK(person.kiosk().is_dark());
}

TEST_CASE("a card that was lifted in time is asked for by nobody",
          "[flow][card_reader][refusal][P9]") {
    Person person("left-lifted");
    person.come_to_card();
    REQUIRE(person.world->lay_card("pensioner"));
    person.until_screen("prefill_offer", 5s);
    person.world->sam.lift_card();
    const int before = person.world->chimes;
    person.end_visit();
    CHECK(person.world->chimes == before + 1); // the goodbye's own
    CHECK_FALSE(says_card_left(person));
    person.wait(60s);
    CHECK(person.world->chimes == before + 1);
}

TEST_CASE("whoever comes next begins a visit beside a card left behind, and is not rung at for it",
          "[flow][card_reader][refusal][P9][G12]") {
    Person person("left-next");
    leave_card_behind(person, Gone::said_done);
    CHECK(says_card_left(person));
    // Whom no card is asked of: the reader is left alone.
    person.tap("attract/en");
    person.tap("home/matter/problem-report");
    person.wait(1s);
    const auto requests = person.world->sam.requests().size();
    const int begun = person.world->chimes;
    person.wait(30s);
    CHECK(person.requests_since(requests).empty());
    CHECK(person.world->chimes == begun);
    person.end_visit();
    CHECK(says_card_left(person)); // still there, and its two minutes run on
    person.wait(3min);
    const int fell_silent = person.world->chimes;
    person.tap("attract/en");
    person.end_visit();
    person.wait(60s);
    CHECK(says_card_left(person));
    CHECK(person.world->chimes == fell_silent); // never again for the same card
    // A card of the next person, in the other one's place.
    leave_card_behind(person, Gone::said_done, "applicant-86");
    const int another = person.world->chimes;
    person.wait(25s);
    CHECK(person.world->chimes >= another + 2);
    CHECK(says_card_left(person));
}

TEST_CASE("a child's card is told to give way to a parent's, until it is lifted",
          "[flow][card_reader][refusal][P5]") {
    Person person("child");
    const auto says = [&] {
        const auto model = std::get<screens::CardModel>(
            present::model(person.kiosk().session(), present::View{}, person.kiosk().facts()));
        return model.problem.title;
    };
    person.come_to_card();
    REQUIRE(person.world->lay_card("child"));
    for (int i = 0; i < 5; ++i) {
        person.wait(3s);
        CHECK(person.screen() == "card");
        CHECK(says() == "For a child, a parent applies");
    }
    CHECK(person.find("actions/other_way") != nullptr);
    person.world->sam.lift_card();
    person.wait(3s);
    CHECK(says() == "No card has been seen yet");
    REQUIRE(person.world->lay_card("agent"));
    person.until_screen("prefill_offer", 5s);
}

TEST_CASE("a reader that falls silent takes no card away at the goodbye", "[flow][card_reader]") {
    Person person("goodbye-silent");
    person.come_to_card();
    REQUIRE(person.world->lay_card("pensioner"));
    person.until_screen("prefill_offer", 5s);
    person.tap("rail/leave");
    person.tap("leave/end");
    person.wait(1s);
    REQUIRE(person.screen() == "goodbye");
    person.world->sam.stall();
    person.wait(10s);
    CHECK(person.screen() == "goodbye"); // nobody knows that it was lifted
    CHECK(person.kiosk().facts().card_on_reader);
    person.wait(session::goodbye_limit);
    CHECK(person.screen() == "attract");
}

TEST_CASE("a card is looked for only while a step asks for one",
          "[flow][card_reader][refusal][G12][G21]") {
    Person person("polling");
    auto& sam = person.world->sam;
    // What the reader is asked in five seconds of this screen.
    const auto asked = [&] {
        person.settle();
        const auto begin = sam.requests().size();
        person.wait(5s);
        return person.requests_since(begin);
    };
    const std::set<std::uint16_t> nothing;

    person.wait(5s);
    CHECK(asked() == nothing); // nobody is here
    person.tap("attract/en");
    CHECK(asked() == nothing);
    person.tap("home/matter/pension-eligibility");
    CHECK(asked() == nothing); // the notice
    person.tap("actions/go");
    REQUIRE(person.screen() == "card");
    CHECK(asked() == std::set{find_card});
    person.tap("rail/staff"); // help lies over it: the person may lay the card down meanwhile
    CHECK(asked() == std::set{find_card});
    person.kiosk().tell(session::Signal::help_closed);
    REQUIRE(person.world->lay_card("pensioner"));
    person.until_screen("prefill_offer", 5s);
    // From here on the card may lie there or be lifted: nobody asks.
    CHECK(asked() == nothing);
    sam.lift_card();
    std::set<std::string> seen;
    for (const auto* id : {"consent/decline", "actions/go", "question/option/self", "actions/go"}) {
        person.tap(id);
        seen.insert(person.screen());
        CHECK(asked() == nothing);
    }
    CHECK(seen.contains("question"));
    CHECK(seen.contains("identity"));

    // The way back to the card, and somebody else's on it: asked about, and not read meanwhile.
    while (person.step() != Step::card) person.kiosk().tell(session::Signal::back);
    CHECK(asked() == std::set{find_card});
    REQUIRE(person.world->lay_card("agent"));
    person.until_screen("other_person", 5s);
    CHECK(asked() == nothing);
    person.tap("idle/stay");
    CHECK(asked() == std::set{find_card, is_present}); // the wrong one still lies there
    sam.lift_card();
    person.wait(3s);
    CHECK(asked() == std::set{find_card});
    REQUIRE(person.world->lay_card("pensioner"));
    person.until_screen("prefill_offer", 5s);
    person.tap("rail/leave");
    person.tap("leave/end");
    REQUIRE(person.screen() == "goodbye");
    CHECK(asked() == std::set{is_present});
    sam.lift_card();
    person.wait(2s);
    REQUIRE(person.screen() == "attract");
    CHECK(asked() == nothing);

    // A report takes no card, and the reader is not even asked how it is.
    sam.pull_cable();
    person.come_to_card();
    person.wait(3s);
    person.end_visit();
    person.tap("attract/en");
    person.tap("home/matter/problem-report");
    person.wait(3s);
    sam.plug_cable();
    CHECK(asked() == nothing);
    person.end_visit();
    CHECK(asked() == nothing); // it was asked while the visit ended, and is well
    CHECK(person.kiosk().facts().card_reader_ok);
}

namespace {

// A door that devices wait at, until somebody opens it.
class Gate {
public:
    void pass() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return is_open_; });
    }
    void set_open(bool is_open) {
        const std::lock_guard lock(mutex_);
        is_open_ = is_open;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_open_ = true;
};

// Wakes whoever sleeps until something arrived.
class Bell {
public:
    void ring() {
        const std::lock_guard lock(mutex_);
        ++rung_;
        changed_.notify_all();
    }
    void wait_for_next() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return rung_ > heard_; });
        heard_ = rung_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int rung_ = 0;
    int heard_ = 0;
};

} // namespace

TEST_CASE("while a card is read the screen says to leave it there", "[flow][card_reader]") {
    // The kiosk on its own threads, as in the window; the module's answer waits behind a gate.
    const auto folder = std::filesystem::temp_directory_path() /
                        ("kiosk-card-reading-" + std::to_string(::getpid()));
    config::Config config;
    config.assets_folder = "assets";
    config.content_folder = "assets/content";
    config.data_folder = folder.string();
    base::SystemClock clock;
    base::SystemRandom random;
    Gate gate;
    gate.set_open(false);
    // The longest of the driver's own waits is a poll; what is longer is the radio.
    constexpr auto radio_takes = poll + 100ms;
    const auto wait = [&gate](Milliseconds time, std::stop_token) {
        if (time > poll) gate.pass();
        std::this_thread::yield();
    };
    auto world = app::DemoWorld::open(config, clock, wait, random);
    REQUIRE(world);
    app::EngineSettings settings;
    settings.config = std::move(config);
    settings.wrap_transport = (*world)->cable();
    auto devices = (*world)->devices();
    devices.staff_reader = nullptr; // it waits at the same gate
    auto engine = app::Engine::open(std::move(settings), devices, clock, random);
    REQUIRE(engine);
    auto& kiosk = (*engine)->kiosk();
    Bell bell;
    (*engine)->on_arrival([&bell] { bell.ring(); });
    (*engine)->start();

    (*world)->sam.read_takes(radio_takes);
    REQUIRE((*world)->lay_card("pensioner"));
    kiosk.tell({session::Signal::language_chosen, base::Language::en});
    kiosk.tell({session::Signal::matter_chosen, session::ChoiceInput{"pension-eligibility"}});
    kiosk.tell(session::Signal::go_on);
    REQUIRE(kiosk.session().step == Step::card);
    kiosk.turn();
    while (!kiosk.facts().card_reading) {
        bell.wait_for_next();
        kiosk.turn();
    }
    CHECK(kiosk.session().step == Step::card);
    const auto model = present::model(kiosk.session(), present::View{}, kiosk.facts());
    CHECK(std::get<screens::CardModel>(model).state == screens::CardModel::State::reading);

    gate.set_open(true);
    while (kiosk.session().step == Step::card) {
        bell.wait_for_next();
        kiosk.turn();
    }
    CHECK(kiosk.session().step == Step::prefill_offer);
    CHECK_FALSE(kiosk.facts().card_reading);
    engine->reset();
    world->reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

TEST_CASE("a card that was left lying is asked to be lifted, and then laid down",
          "[flow][card_reader]") {
    Person person("left-lying");
    person.come_to_card();
    REQUIRE(person.world->lay_card("pensioner"));
    person.until_screen("prefill_offer", 5s);
    person.end_visit(); // the card stays where it is
    person.come_to_card();
    person.wait(2s);
    const auto problem = [&] { return person.kiosk().session().visit->device_problem; };
    CHECK(problem() == base::Errc::busy);
    person.world->sam.lift_card();
    person.wait(2s);
    CHECK(problem() == base::Errc::no_card);
    REQUIRE(person.world->lay_card("pensioner"));
    person.until_screen("prefill_offer", 5s);
}

TEST_CASE("staff see which reader it is and what went wrong with it", "[flow][card_reader]") {
    Person person("staff");
    person.come_to_card();
    CHECK_FALSE(person.kiosk().facts().card_reader.trouble);
    person.world->sam.stall();
    person.wait(10s);
    CHECK_FALSE(person.kiosk().facts().card_reader_ok);
    CHECK(person.kiosk().facts().card_reader.trouble == base::Errc::timed_out);
    person.end_visit();
    person.world->sam.recover();
    person.wait(5s);
    const auto facts = person.kiosk().facts();
    CHECK(facts.card_reader_ok);
    CHECK(facts.card_reader.wire == "simulated");
    CHECK(facts.card_reader.id == "05.01-20230526-0000012345-0000000001");
    CHECK(facts.card_reader.trouble == base::Errc::timed_out); // the last one
}
