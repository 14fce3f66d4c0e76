// The dialogue with the SAM module: people who lift cards too early, cables, noise, silence, late
// answers. All cards are invented (spec matters §9). The clock moves only when the driver waits.
#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/card_reader/simulated_sam.hpp"
#include "drivers/manual_wait.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "tests/device/card_reader_contract.hpp"

#include <catch2/catch.hpp>

using namespace drivers;
using namespace std::chrono_literals;
using base::Errc;

namespace {

struct Desk {
    base::ManualClock clock{std::chrono::sys_days{2026y / 11 / 22} + 4h};
    SimulatedSam module{clock, manual_wait(clock)};
    SamReader reader{"simulated", [this] { return module.connect(); }, clock, manual_wait(clock)};

    void lay(std::string_view id) { module.lay_card(find_demo_person(id)->card); }

    // The number of the card read, or the word of the error.
    std::string outcome(base::Milliseconds patience = 0ms) {
        const auto read = reader.read({patience}, {});
        return std::string(read ? read->card.number.view() : base::to_string(read.error().code));
    }
    // After any trouble: the person lays the card down again and is served, at most at the third
    // time.
    void require_recovery() {
        module.plug_cable();
        module.recover();
        for (int time = 0; time < 3; ++time) {
            lay("agent");
            if (outcome() == "659999198802290027") return;
        }
        FAIL("the reader stays out of step");
    }
};

// A wire that lets the test act just before the n-th request goes out.
class WatchedWire final : public Transport {
public:
    using Before = std::function<void(std::size_t count, base::ByteView request)>;
    // `count` goes on over wires that were let go of and begun anew.
    WatchedWire(std::unique_ptr<Transport> wire, Before before, std::shared_ptr<std::size_t> count)
        : wire_(std::move(wire)), before_(std::move(before)), count_(std::move(count)) {}
    base::Result<std::size_t> write(base::ByteView bytes, base::Milliseconds limit) override {
        before_((*count_)++, bytes);
        return wire_->write(bytes, limit);
    }
    base::Result<std::size_t> read(std::span<std::uint8_t> into,
                                   base::Milliseconds limit) override {
        return wire_->read(into, limit);
    }

private:
    std::unique_ptr<Transport> wire_;
    Before before_;
    std::shared_ptr<std::size_t> count_;
};

SamReader watched_reader(Desk& desk, WatchedWire::Before before) {
    const auto connect =
        [&desk, before,
         count = std::make_shared<std::size_t>(0)]() -> base::Result<std::unique_ptr<Transport>> {
        auto wire = TRY(desk.module.connect());
        return std::unique_ptr<Transport>(
            std::make_unique<WatchedWire>(std::move(wire), before, count));
    };
    return SamReader("watched", connect, desk.clock, manual_wait(desk.clock));
}

// The requests of a first read: status, then these.
constexpr std::array<std::size_t, 3> find_select_read{1, 2, 3};

constexpr auto pensioner_number = "65999919500101001X";

} // namespace

TEST_CASE("a card laid on the reader is read", "[device][card_reader]") {
    Desk desk;
    desk.lay("pensioner");
    const auto read = desk.reader.read({1s}, {});
    REQUIRE(read);
    const auto* card = &read->card;
    REQUIRE(card->name.view() == "阿卜杜热合曼·麦麦提图尔荪");
    REQUIRE(card->number.view() == pensioner_number);
    REQUIRE_FALSE(card->staff_should_confirm);
    REQUIRE(desk.module.requests() == std::vector<std::uint16_t>{0x11ff, 0x2001, 0x2002, 0x3001});
}

TEST_CASE("the kiosk waits for a card as long as it is told and no longer",
          "[device][card_reader]") {
    Desk desk;
    REQUIRE(desk.outcome(10s) == "no_card");
    REQUIRE(desk.clock.now().time_since_epoch() < 10s + 1s);
    REQUIRE(desk.clock.now().time_since_epoch() >= 10s);
    const auto looks = desk.module.requests().size();
    REQUIRE(desk.outcome(0ms) == "no_card"); // zero patience looks once
    REQUIRE(desk.module.requests().size() == looks + 1);
}

TEST_CASE("a card laid down while the kiosk waits is read", "[device][card_reader]") {
    base::ManualClock clock{std::chrono::sys_days{2026y / 11 / 22}};
    SimulatedSam module{clock, manual_wait(clock)};
    int waits = 0;
    const auto wait = [&](base::Milliseconds time, std::stop_token) {
        clock.advance(time);
        if (++waits == 5) module.lay_card(find_demo_person("pensioner")->card);
    };
    SamReader reader(
        "simulated", [&] { return module.connect(); }, clock, wait);
    REQUIRE(reader.read({60s}, {})->card.number.view() == pensioner_number);
    REQUIRE(waits == 5);
}

TEST_CASE("a card that takes long to read is read", "[device][card_reader]") {
    Desk desk;
    desk.lay("pensioner");
    desk.module.read_takes(4900ms);
    REQUIRE(desk.outcome() == pensioner_number);
    REQUIRE(desk.clock.now().time_since_epoch() >= 4900ms);
}

TEST_CASE("a stop ends the waiting", "[device][card_reader]") {
    Desk desk;
    std::stop_source stop;
    stop.request_stop();
    REQUIRE(desk.reader.read({60s}, stop.get_token()).error().code == Errc::cancelled);
}

TEST_CASE("a card is read once until it is lifted", "[device][card_reader]") {
    Desk desk;
    desk.lay("pensioner");
    REQUIRE(desk.outcome() == pensioner_number);
    REQUIRE(desk.outcome(2s) == "busy"); // still lies there: to be lifted first
    desk.module.lift_card();
    REQUIRE(desk.outcome() == "no_card");
    desk.lay("pensioner");
    REQUIRE(desk.outcome() == pensioner_number);
}

TEST_CASE("the kiosk sees whether the card still lies there", "[device][card_reader]") {
    for (const char* moved_to : {"", "样品省试验市"}) {
        Desk desk;
        REQUIRE_FALSE(desk.reader.is_card_present().value());
        auto card = find_demo_person("pensioner")->card;
        card.new_address = moved_to; // the module answers with it
        desk.module.lay_card(card);
        REQUIRE_FALSE(desk.reader.is_card_present().value()); // not read yet
        REQUIRE(desk.outcome() == pensioner_number);
        REQUIRE(desk.reader.is_card_present().value());
        REQUIRE(desk.reader.is_card_present().value());
        desk.module.lift_card();
        REQUIRE_FALSE(desk.reader.is_card_present().value());
    }
}

TEST_CASE("a card swapped between two looks is noticed", "[device][card_reader][refusal][G21]") {
    Desk desk;
    desk.lay("pensioner");
    REQUIRE(desk.outcome() == pensioner_number);
    desk.module.swap_card(find_demo_person("agent")->card);
    REQUIRE_FALSE(desk.reader.is_card_present().value());
    REQUIRE(desk.outcome() == "659999198802290027");
}

TEST_CASE("without a card read before, the presence question sends nothing",
          "[device][card_reader][refusal][G12]") {
    Desk desk;
    desk.lay("pensioner");
    REQUIRE_FALSE(desk.reader.is_card_present().value());
    REQUIRE(desk.module.requests().empty());
}

TEST_CASE("a card torn away after any byte asks for the card again", "[device][card_reader]") {
    for (std::size_t bytes = 0; bytes < 1295; ++bytes) {
        Desk desk;
        desk.lay("pensioner");
        desk.module.tear_away_mid_read(bytes);
        CAPTURE(bytes);
        REQUIRE(desk.outcome() == "card_removed");
        desk.require_recovery();
    }
}

TEST_CASE("a cable pulled at any byte of the dialogue is noticed and healed by plugging in",
          "[device][card_reader]") {
    std::size_t unplugged = 0;
    for (std::size_t bytes = 0;; ++bytes) {
        Desk desk;
        desk.lay("pensioner");
        desk.module.pull_cable_after(bytes);
        const auto outcome = desk.outcome();
        if (outcome == pensioner_number) break; // the whole dialogue fits before the pull
        CAPTURE(bytes);
        REQUIRE(outcome == "unplugged");
        REQUIRE(desk.outcome() == "unplugged");
        desk.require_recovery();
        ++unplugged;
    }
    // Four requests of 10 bytes, replies of 11, 15, 19 and 1295.
    REQUIRE(unplugged > 1300);
}

TEST_CASE("a flipped bit anywhere in any reply never becomes a card", "[device][card_reader]") {
    for (const std::size_t step : find_select_read) {
        // Of the long reply every bit of the head and every 37th after.
        const std::size_t bits = step == 3 ? 1295 * 8 : 160;
        for (std::size_t bit = 0; bit < bits; bit += bit < 160 ? 1 : 37) {
            Desk desk;
            desk.lay("pensioner");
            auto reader = watched_reader(desk, [&](std::size_t count, base::ByteView) {
                if (count == step) desk.module.flip_bit_of_next_reply(bit);
            });
            const auto read = reader.read({}, {});
            CAPTURE(step, bit);
            // A damaged find or select is simply asked again; a card already read by the module
            // must be laid down again.
            if (step == 3)
                REQUIRE(read.error().code == Errc::card_removed);
            else
                REQUIRE(read->card.number.view() == pensioner_number);
        }
    }
}

TEST_CASE("damage every time is the wire's fault, not the person's", "[device][card_reader]") {
    Desk desk;
    REQUIRE(desk.outcome() == "no_card");
    std::vector<std::string> outcomes;
    for (int time = 0; time < 3; ++time) {
        desk.lay("pensioner");
        desk.module.tear_away_mid_read(700);
        outcomes.push_back(desk.outcome());
    }
    REQUIRE(outcomes == std::vector<std::string>{"card_removed", "timed_out", "timed_out"});
}

TEST_CASE("a late answer is never taken for the answer to the next request",
          "[device][card_reader]") {
    // Late by just under and over every limit there is, at each request of the dialogue.
    for (const auto late : {900ms, 1001ms, 1100ms, 1149ms, 1151ms, 1500ms, 2100ms, 3300ms, 5001ms,
                            5149ms, 5300ms, 6000ms, 7500ms, 9000ms}) {
        for (const std::size_t step : find_select_read) {
            Desk desk;
            desk.lay("pensioner");
            auto reader = watched_reader(desk, [&](std::size_t count, base::ByteView) {
                if (count == step) desk.module.answer_late(late);
            });
            CAPTURE(late.count(), step);
            const auto first = reader.read({}, {});
            if (first) REQUIRE(first->card.number.view() == pensioner_number);
            // Whatever came of it, the next person gets the card that lies there now; while the
            // late answer is still under way, at the second try.
            desk.lay("agent");
            auto next = reader.read({}, {});
            if (!next) {
                desk.lay("agent");
                next = reader.read({}, {});
            }
            REQUIRE(next);
            REQUIRE(next->card.number.view() == "659999198802290027");
        }
    }
}

TEST_CASE("noise before an answer does not disturb", "[device][card_reader]") {
    for (const std::size_t bytes : {1u, 2u, 63u, 64u, 65u, 1000u}) {
        Desk desk;
        desk.lay("pensioner");
        desk.module.babble(bytes);
        REQUIRE(desk.outcome() == pensioner_number);
    }
}

TEST_CASE("a reader that gives few bytes at a time is read all the same", "[device][card_reader]") {
    for (const std::size_t bytes : {1u, 3u, 7u, 63u, 512u, 4096u}) {
        Desk desk;
        desk.lay("pensioner");
        desk.module.give_at_most(bytes);
        REQUIRE(desk.outcome() == pensioner_number);
    }
}

TEST_CASE("a silent module is reported within its limit", "[device][card_reader]") {
    Desk desk;
    REQUIRE(desk.outcome() == "no_card");
    desk.lay("pensioner");
    desk.module.stall();
    const auto before = desk.clock.now();
    REQUIRE(desk.outcome() == "timed_out");
    REQUIRE(desk.clock.now() - before <= 20s);
    desk.require_recovery();
}

TEST_CASE("a module silent from the start is reported, and served when it wakes",
          "[device][card_reader]") {
    Desk desk;
    desk.module.stall();
    REQUIRE(desk.outcome() == "timed_out");
    REQUIRE(desk.clock.now().time_since_epoch() <= 20s);
    REQUIRE_FALSE(desk.reader.describe().is_ready);
    desk.require_recovery();
}

TEST_CASE("each class of refusal asks the right person to act", "[device][card_reader]") {
    // After connecting, the refusal comes to find; what the reader makes of it within two tries.
    const auto after = [](std::uint8_t sw3) {
        Desk desk;
        REQUIRE(desk.outcome() == "no_card");
        desk.lay("pensioner");
        desk.module.answer_next_with(sw3);
        return desk.outcome();
    };
    for (const int once : {0x81, 0x41, 0x47, 0x33, 0x31, 0x32, 0x40, 0x10, 0x11, 0x21, 0x24, 0x77})
        REQUIRE(after(std::uint8_t(once)) == pensioner_number); // the second try goes through
    for (const int fault : {0x60, 0x66, 0x23}) REQUIRE(after(std::uint8_t(fault)) == "device");
}

TEST_CASE("a card that cannot be read here is tried twice, then another way is offered",
          "[device][card_reader]") {
    for (const auto& [sw3, word] : std::vector<std::pair<std::uint8_t, std::string>>{
             {0x31, "card_unreadable"}, {0x40, "card_unreadable"}, {0x41, "card_removed"}}) {
        Desk desk;
        desk.lay("pensioner");
        auto reader = watched_reader(desk, [&, answer = sw3](std::size_t, base::ByteView request) {
            if (request[7] == 0x20 && request[8] == 0x02) desk.module.answer_next_with(answer);
        });
        REQUIRE(to_string(reader.read({}, {}).error().code) == word);
        REQUIRE(desk.module.requests() ==
                std::vector<std::uint16_t>{0x11ff, 0x2001, 0x2002, 0x2001, 0x2002});
    }
}

TEST_CASE("a card that contradicts itself twice goes on with staff",
          "[device][card_reader][refusal][G18]") {
    Desk desk;
    desk.lay("inconsistent");
    REQUIRE(desk.outcome() == "card_inconsistent");
    desk.lay("inconsistent");
    const auto read = desk.reader.read({}, {});
    REQUIRE(read);
    REQUIRE(read->card.staff_should_confirm == CardRule::number_sex);

    SECTION("the next person begins afresh") {
        desk.lay("inconsistent");
        REQUIRE(desk.outcome() == "card_inconsistent");
        desk.reader.forget();
        desk.lay("inconsistent");
        REQUIRE(desk.outcome() == "card_inconsistent");
    }
}

TEST_CASE("another inconsistent card is not taken for the first",
          "[device][card_reader][refusal][G18]") {
    Desk desk;
    desk.lay("inconsistent");
    REQUIRE(desk.outcome() == "card_inconsistent");
    auto other = find_demo_person("inconsistent")->card;
    other.name = "孙样品";
    desk.module.lay_card(other);
    REQUIRE(desk.outcome() == "card_inconsistent");
}

TEST_CASE("a reader that sends fingerprints is taken out of service",
          "[device][card_reader][refusal][D4.3]") {
    Desk desk;
    desk.module.use_three_length_form(512);
    desk.lay("pensioner");
    REQUIRE(desk.outcome() == "device");
    Desk other;
    other.module.use_three_length_form(0); // the long form without them is only a habit
    other.lay("pensioner");
    REQUIRE(other.outcome() == pensioner_number);
}

TEST_CASE("a card nobody knows is refused politely", "[device][card_reader]") {
    Desk desk;
    desk.lay("unknown-kind");
    REQUIRE(desk.outcome() == "unsupported");
}

TEST_CASE("no dialogue ever asks for more than the product keeps",
          "[device][card_reader][refusal][D4.3]") {
    Desk desk;
    for (const auto& person : demo_people()) {
        desk.module.lay_card(person.card);
        (void)desk.reader.read({}, {});
        (void)desk.reader.is_card_present();
        desk.module.stall();
        (void)desk.reader.read({}, {});
        desk.module.recover();
    }
    (void)desk.reader.describe();
    for (const auto request : desk.module.requests()) {
        CAPTURE(request);
        REQUIRE((request == 0x11ff || request == 0x12ff || request == 0x2001 || request == 0x2002 ||
                 request == 0x3001 || request == 0x3003));
    }
}

TEST_CASE("the maintenance page learns the module's number and its troubles",
          "[device][card_reader]") {
    Desk desk;
    const auto fresh = desk.reader.describe();
    REQUIRE(fresh.is_ready);
    REQUIRE(fresh.transport == "simulated");
    REQUIRE(fresh.module_id == "05.01-20230526-0000012345-0000000001");
    REQUIRE(fresh.resyncs == 0);
    desk.lay("pensioner");
    desk.module.flip_bit_of_next_reply(80);
    REQUIRE(desk.outcome() == pensioner_number);
    REQUIRE(desk.reader.describe().bad_frames == 1);
    REQUIRE(desk.reader.describe().resyncs == 1);
    desk.module.pull_cable();
    REQUIRE_FALSE(desk.reader.describe().is_ready);
}

TEST_CASE("after a visit nothing of the card is left in the arena", "[device][card_reader]") {
    const auto before = base::SessionArena::instance().in_use();
    {
        Desk desk;
        for (const auto& person : demo_people()) {
            desk.module.lay_card(person.card);
            (void)desk.reader.read({}, {});
        }
        desk.reader.forget();
        REQUIRE(base::SessionArena::instance().in_use() == before);
    }
}

// ---- the contract of every reader ----

namespace {

class SimulatedBench final : public test::CardReaderBench {
public:
    CardReader& reader() override { return desk_.reader; }
    base::MonotonicTime now() const override { return desk_.clock.now(); }
    void lay_card(const SimulatedCard& card) override { desk_.module.lay_card(card); }
    void lift_card() override { desk_.module.lift_card(); }
    void swap_card(const SimulatedCard& card) override { desk_.module.swap_card(card); }
    void tear_card_away_mid_read() override { desk_.module.tear_away_mid_read(700); }
    void pull_cable() override { desk_.module.pull_cable(); }
    void plug_cable() override { desk_.module.plug_cable(); }
    void stall() override { desk_.module.stall(); }
    void recover() override { desk_.module.recover(); }
    void babble() override { desk_.module.babble(100); }

    SimulatedSam& module() { return desk_.module; }

private:
    Desk desk_;
};

} // namespace

TEST_CASE("a reader on a simulated module keeps the contract of every reader",
          "[device][card_reader]") {
    SimulatedBench bench;
    SECTION("as it comes") {
        test::check_card_reader_contract(bench);
    }
    SECTION("on a wire that gives few bytes at a time") {
        bench.module().give_at_most(7);
        test::check_card_reader_contract(bench);
    }
    SECTION("with the three-length form") {
        bench.module().use_three_length_form(0);
        test::check_card_reader_contract(bench);
    }
    SECTION("with a module that takes its time") {
        bench.module().read_takes(1800ms);
        bench.module().starts_up_within(2500ms);
        test::check_card_reader_contract(bench);
    }
}

TEST_CASE("two readers on one machine do not hear each other", "[device][card_reader]") {
    base::ManualClock clock{std::chrono::sys_days{2026y / 11 / 22} + 4h};
    SimulatedSam left{clock, manual_wait(clock), 1};
    SimulatedSam right{clock, manual_wait(clock), 2};
    SamReader of_left(
        "left", [&] { return left.connect(); }, clock, manual_wait(clock));
    SamReader of_right(
        "right", [&] { return right.connect(); }, clock, manual_wait(clock));
    left.lay_card(find_demo_person("pensioner")->card);
    REQUIRE(of_right.read({}, {}).error().code == Errc::no_card);
    REQUIRE(of_left.read({}, {})->card.number.view() == pensioner_number);
    REQUIRE(of_left.describe().module_id != of_right.describe().module_id);
    left.pull_cable();
    right.lay_card(find_demo_person("agent")->card);
    REQUIRE(of_left.read({}, {}).error().code == Errc::unplugged);
    REQUIRE(of_right.read({}, {})->card.number.view() == "659999198802290027");
    REQUIRE_FALSE(of_right.describe().last_trouble);
}

// ---- the photo ----

TEST_CASE("the photo comes only to whoever asks for it", "[device][card_reader][refusal][G6]") {
    Desk desk;
    const auto& card = find_demo_person("pensioner")->card;
    desk.module.lay_card(card);
    auto read = desk.reader.read({0ms, Photo::keep}, {});
    REQUIRE(read);
    const auto expected = card_photo(card);
    REQUIRE(std::equal(read->photo.begin(), read->photo.end(), expected.begin(), expected.end()));

    const auto before = base::SessionArena::instance().in_use();
    read = base::Error{Errc::no_card, ""};
    REQUIRE(base::SessionArena::instance().in_use() < before); // wiped with its owner

    desk.module.lay_card(card);
    read = desk.reader.read({}, {});
    REQUIRE(read);
    REQUIRE(read->photo.empty());
}

TEST_CASE("a damaged or forbidden reply leaves no photo behind",
          "[device][card_reader][refusal][G6]") {
    for (const bool sends_fingerprints : {false, true}) {
        Desk desk;
        REQUIRE(desk.outcome() == "no_card");
        if (sends_fingerprints) desk.module.use_three_length_form(1024);
        desk.lay("pensioner");
        const auto before = base::SessionArena::instance().in_use();
        auto reader = watched_reader(desk, [&](std::size_t, base::ByteView request) {
            if (request[7] == 0x30 && !sends_fingerprints)
                desk.module.flip_bit_of_next_reply(1200 * 8); // in the photo
        });
        REQUIRE_FALSE(reader.read({0ms, Photo::keep}, {}));
        REQUIRE(base::SessionArena::instance().in_use() == before);
    }
}

// ---- what the screen hears meanwhile ----

TEST_CASE("that a card was found is said before it is read", "[device][card_reader]") {
    Desk desk;
    int found = 0;
    const auto note = [&] {
        ++found;
        REQUIRE(desk.module.requests().back() == 0x2001);
    };
    REQUIRE(desk.reader.read({0ms, Photo::drop, note}, {}).error().code == Errc::no_card);
    REQUIRE(found == 0);
    desk.lay("pensioner");
    REQUIRE(desk.reader.read({0ms, Photo::drop, note}, {}));
    REQUIRE(found == 1);
}

TEST_CASE("a card left lying is said to be there, however often it is looked for",
          "[device][card_reader]") {
    Desk desk;
    desk.lay("pensioner");
    REQUIRE(desk.outcome() == pensioner_number);
    for (int time = 0; time < 5; ++time) REQUIRE(desk.outcome(1s) == "busy");
    desk.module.lift_card();
    REQUIRE(desk.outcome() == "no_card");
    const auto before = desk.module.requests().size();
    REQUIRE(desk.outcome() == "no_card");
    REQUIRE(desk.module.requests().size() == before + 1); // nothing but the look
}

// ---- the dialogue ----

TEST_CASE("after every trouble the dialogue stands where the table says", "[device][card_reader]") {
    Desk desk;
    REQUIRE(desk.reader.state() == SamState::absent);
    REQUIRE(desk.outcome() == "no_card");
    REQUIRE(desk.reader.state() == SamState::looking);
    desk.module.pull_cable();
    REQUIRE(desk.outcome() == "unplugged");
    REQUIRE(desk.reader.state() == SamState::absent);
    desk.module.plug_cable();
    REQUIRE(desk.outcome() == "no_card");
    desk.module.stall();
    REQUIRE(desk.outcome() == "timed_out");
    REQUIRE(desk.reader.state() == SamState::absent); // let go of, to begin anew
    desk.module.recover();
    desk.lay("pensioner");
    REQUIRE(desk.outcome() == pensioner_number);
    desk.module.answer_next_with(0x66);
    desk.lay("pensioner");
    REQUIRE(desk.outcome() == "device");
    REQUIRE(desk.reader.state() == SamState::looking);
}

TEST_CASE("an answer that belongs to another request is never gone on with",
          "[device][card_reader]") {
    // Each answer the module has, to each request of the dialogue.
    for (const std::size_t step : find_select_read) {
        for (int sw3 = 0; sw3 < 256; ++sw3) {
            Desk desk;
            desk.lay("pensioner");
            auto reader = watched_reader(desk, [&](std::size_t count, base::ByteView) {
                if (count == step) desk.module.answer_next_with(std::uint8_t(sw3));
            });
            const auto read = reader.read({}, {});
            CAPTURE(step, sw3);
            if (read) REQUIRE(read->card.number.view() == pensioner_number);
            desk.module.lay_card(find_demo_person("agent")->card);
            const auto next = reader.read({}, {});
            REQUIRE(next);
            REQUIRE(next->card.number.view() == "659999198802290027");
        }
    }
}

TEST_CASE("a mute module is given up within its limit, every time", "[device][card_reader]") {
    Desk desk;
    desk.module.stall();
    for (int time = 0; time < 20; ++time) {
        const auto before = desk.clock.now();
        REQUIRE(desk.outcome() == "timed_out");
        REQUIRE(desk.clock.now() - before <= 20s);
    }
    desk.require_recovery();
}

TEST_CASE("a module that babbles without end is given up within its limit",
          "[device][card_reader]") {
    Desk desk;
    REQUIRE(desk.outcome() == "no_card");
    auto reader =
        watched_reader(desk, [&](std::size_t, base::ByteView) { desk.module.babble(5000); });
    const auto before = desk.clock.now();
    (void)reader.read({}, {});
    REQUIRE(desk.clock.now() - before <= 20s);
    desk.require_recovery();
}

TEST_CASE("a reader plugged in again is back within three seconds", "[device][card_reader]") {
    // A module that is ready at once, and one that takes as long as any is waited for.
    for (const auto start_up : {0ms, 500ms, 1500ms, 2400ms}) {
        Desk desk;
        desk.module.starts_up_within(start_up);
        REQUIRE(desk.outcome() == "no_card");
        desk.module.pull_cable();
        REQUIRE(desk.outcome() == "unplugged");
        desk.module.plug_cable();
        desk.lay("pensioner");
        const auto before = desk.clock.now();
        REQUIRE(desk.outcome() == pensioner_number);
        REQUIRE(desk.clock.now() - before <= 3s);
    }
}

// ---- what must not come out ----

TEST_CASE("nothing that is forbidden comes out of any card",
          "[device][card_reader][refusal][D4.3]") {
    for (const auto& person : demo_people()) {
        for (const auto photo : {Photo::drop, Photo::keep}) {
            Desk desk;
            auto card = person.card;
            card.ethnic_code = "\uE3A7\uE9B5";
            card.serial = "SER!AL77";
            card.management_number = "MANAGEMENT-CANARY-0000000000";
            card.fingerprint = "FINGERPRINT-CANARY";
            card.new_address = "新地址金丝雀";
            card.photo_marks = "PHOTO-CANARY";
            desk.module.lay_card(card);
            const auto read = desk.reader.read({0ms, photo}, {});
            (void)desk.reader.is_card_present();
            std::string all = desk.reader.describe().module_id;
            if (read) {
                for (const auto* field :
                     {&read->card.name, &read->card.latin_name, &read->card.number,
                      &read->card.address, &read->card.issuer})
                    all += field->view();
                if (photo == Photo::drop) REQUIRE(read->photo.empty());
            } else {
                all += read.error().text();
            }
            CAPTURE(person.id);
            for (const auto* canary : {"\uE3A7", "\uE9B5", "SER!", "CANARY", "金丝雀"})
                REQUIRE(all.find(canary) == std::string::npos);
        }
    }
}
