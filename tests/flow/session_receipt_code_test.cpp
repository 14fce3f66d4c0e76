// Goal: a receipt before the camera saves typing and nothing else: only its own twelve characters
// are taken, the camera is open only there, and typing stays possible whatever happens. Method: the
// pure session; the test is the camera.
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/outbox/receipt_number.hpp"
#include "tests/support/session_visitor.hpp"

#include <catch2/catch.hpp>

using session::EffectKind;
using session::Enquiry;
using session::Overlay;
using session::Shown;
using session::Signal;
using session::Step;

namespace {

using namespace test;
using namespace std::chrono_literals;

constexpr auto number = "K7M492XHT3QK"; // their check characters fit; of no kiosk
constexpr auto another = "K7C2D4F8H9JJ";

struct Shower : Visitor {
    Shower() {
        REQUIRE(send({Signal::language_chosen, base::Language::zh}));
        REQUIRE(send(Signal::ask_progress));
    }
    Enquiry& enquiry() { return *session.enquiry; }
    void to_camera() {
        REQUIRE(send(Signal::show_receipt));
        REQUIRE(session.step == Step::show_receipt);
    }
    bool see(const std::vector<std::string>& said) {
        session::CodesInput codes;
        for (const auto& payload : said) codes.payloads.emplace_back(payload);
        return send({Signal::codes_seen, std::move(codes)});
    }
    bool is_open() const {
        return count(EffectKind::open_camera) == count(EffectKind::close_camera) + 1;
    }
};

} // namespace

TEST_CASE("a receipt before the camera is as good as its number typed", "[flow][enquiry][qr]") {
    Shower shower;
    REQUIRE(shower.send({Signal::entry_changed, session::EntryInput{base::SecretText("K7C2")}}));
    shower.to_camera();
    REQUIRE(shower.see({number}));
    CHECK(shower.session.step == Step::proof);
    CHECK(shower.enquiry().number.view() == number);
    CHECK_FALSE(shower.asked_for(EffectKind::ask_platform)); // the proof comes first, as always
    REQUIRE(shower.send(Signal::back));
    CHECK(shower.session.step == Step::number);
    CHECK(shower.enquiry().number.view() == number);
    CHECK(shower.send(Signal::go_on));
}

TEST_CASE("of a code only a receipt's own twelve characters are taken", "[flow][enquiry][qr]") {
    std::vector<std::string> malformed{"",
                                       " ",
                                       "K7M492XHT3Q",
                                       "K7M492XHT3QKK",
                                       "K7M4-92XH-T3QK",
                                       "K7M4 92XH T3QK",
                                       " K7M492XHT3QK",
                                       "K7M492XHT3QK\n",
                                       "K7M492XHT3QK ",
                                       "k7m492xht3qk",
                                       "K7M492XHT3QO",
                                       "K7M492XHT3Q0",
                                       "K7M492XHT3Q1",
                                       "2222222222222",
                                       "https://example.org/K7M492XHT3QK",
                                       "tel:K7M492XHT3QK",
                                       "{\"number\":\"K7M492XHT3QK\"}",
                                       std::string("K7M492XHT3QK\0", 13),
                                       std::string("K7M492XHT3Q\0", 12),
                                       std::string(12, '\0'),
                                       "\xef\xbb\xbfK7M492XHT3QK",
                                       "Ｋ7M492XHT3QK",
                                       "\xe2\x80\xaeKQ3THX294M7K",
                                       "<script>x</script>",
                                       "' OR 1=1 --",
                                       std::string(128, 'K'),
                                       std::string(12, '\xff')};
    for (std::size_t at = 0; at < session::number_length; ++at)
        for (const char other : outbox::receipt_alphabet) {
            if (other == number[at]) continue;
            std::string changed = number; // a worn code read wrongly, or one made by hand
            changed[at] = other;
            malformed.push_back(changed);
        }
    for (std::size_t a = 0; a < session::number_length; ++a)
        for (std::size_t b = a + 1; b < session::number_length; ++b) {
            std::string swapped = number;
            std::swap(swapped[a], swapped[b]);
            if (swapped != number) malformed.push_back(swapped);
        }
    Shower shower;
    REQUIRE(shower.send({Signal::entry_changed, session::EntryInput{base::SecretText("K7C2")}}));
    shower.to_camera();
    for (const auto& payload : malformed) {
        INFO(base::to_hex(base::as_bytes(payload)));
        REQUIRE(shower.see({payload}));
        REQUIRE(shower.session.step == Step::show_receipt);
        CHECK(shower.enquiry().shown == Shown::other_code);
        CHECK(shower.enquiry().number.view() == "K7C2");
    }
    CHECK(malformed.size() > 300);
    base::SeededRandom random(11);
    for (int i = 0; i < 20'000; ++i) {
        std::string payload;
        const auto length = random.below(20);
        for (std::uint64_t k = 0; k < length; ++k) payload += char(random.below(256));
        if (outbox::is_valid_receipt_number(payload)) continue;
        shower.see({payload});
        REQUIRE(shower.session.step == Step::show_receipt);
    }
    REQUIRE(shower.see({number})); // the right one still works
    CHECK(shower.session.step == Step::proof);
}

TEST_CASE("another code beside the receipt does not matter, two receipts do",
          "[flow][enquiry][qr]") {
    Shower beside;
    beside.to_camera();
    REQUIRE(beside.see({"https://example.org/", number, number}));
    CHECK(beside.session.step == Step::proof);

    Shower two;
    two.to_camera();
    REQUIRE(two.see({number, another}));
    CHECK(two.session.step == Step::show_receipt);
    CHECK(two.enquiry().shown == Shown::several);
    CHECK(two.enquiry().number.empty());
    REQUIRE(two.see({another})); // one was taken away
    CHECK(two.session.step == Step::proof);
    CHECK(two.enquiry().number.view() == another);
}

TEST_CASE("the camera opens for a receipt after a press, and is closed on every way out",
          "[flow][enquiry][qr][refusal][G7]") {
    Shower shower;
    CHECK_FALSE(shower.asked_for(EffectKind::open_camera));
    CHECK_FALSE(shower.see({number})); // nobody has asked the camera
    CHECK(shower.session.step == Step::number);
    shower.to_camera();
    CHECK(shower.is_open());
    SECTION("back") {
        REQUIRE(shower.send(Signal::back));
        CHECK(shower.session.step == Step::number);
    }
    SECTION("read") REQUIRE(shower.see({number}));
    SECTION("nothing seen") {
        REQUIRE(shower.send(Signal::look_due));
        CHECK(shower.session.step == Step::number);
    }
    SECTION("left") {
        REQUIRE(shower.send(Signal::leave));
        CHECK(shower.is_open()); // the question lies over the step
        REQUIRE(shower.send(Signal::leave_confirmed));
    }
    SECTION("walked away") {
        REQUIRE(shower.send(Signal::idle));
        REQUIRE(shower.send(Signal::idle_expired));
        CHECK_FALSE(shower.session.enquiry.has_value());
    }
    CHECK_FALSE(shower.is_open());
    CHECK(shower.count(EffectKind::open_camera) == 1);
}

TEST_CASE("when no receipt is seen in time the number can be typed, with words for it",
          "[flow][enquiry][qr]") {
    Shower shower;
    shower.to_camera();
    const auto deadline = session::next_deadline(shower.session);
    REQUIRE(deadline);
    CHECK(deadline->signal == Signal::look_due);
    CHECK(deadline->at == shower.session.last_activity + session::receipt_look_limit);
    REQUIRE(shower.send(Signal::look_due));
    CHECK(shower.session.step == Step::number);
    CHECK(shower.enquiry().shown == Shown::too_long);
    REQUIRE(shower.send({Signal::entry_changed, session::EntryInput{base::SecretText("K")}}));
    CHECK(shower.enquiry().shown == Shown::nothing);
    REQUIRE(shower.send(Signal::look_due) == false); // only where something is looked for
    shower.to_camera();                              // once more
    CHECK(shower.enquiry().shown == Shown::nothing);
}

TEST_CASE("a camera that is lost ends nothing, and a code left lying keeps nobody's session open",
          "[flow][enquiry][qr]") {
    Shower shower;
    shower.to_camera();
    for (const auto code : {base::Errc::unplugged, base::Errc::timed_out, base::Errc::locked}) {
        REQUIRE(shower.send({Signal::camera_problem, code}));
        CHECK(shower.session.step == Step::show_receipt);
    }
    REQUIRE(shower.see({"https://example.org/"}));
    const auto since = shower.session.last_activity;
    for (int i = 0; i < 20; ++i) {
        shower.world.now += 2s;
        REQUIRE(shower.see({"https://example.org/"}));
        REQUIRE(shower.send({Signal::camera_problem, base::Errc::timed_out}));
    }
    CHECK(shower.session.last_activity == since);
    REQUIRE(shower.see({number}));
    CHECK(shower.session.last_activity == shower.world.now);
    CHECK(shower.session.step == Step::proof);
}

TEST_CASE("a receipt that is seen while a question lies over the page is taken, the question stays",
          "[flow][enquiry][qr]") {
    Shower shower;
    shower.to_camera();
    REQUIRE(shower.send(Signal::call_staff));
    REQUIRE(shower.see({number}));
    CHECK(shower.session.step == Step::proof);
    CHECK(shower.session.overlay == Overlay::help);
    CHECK_FALSE(shower.is_open());
}
