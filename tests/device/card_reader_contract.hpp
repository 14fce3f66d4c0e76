// What every card reader does, whatever wire it hangs on: the same for the simulated module in this
// process, for one behind an emulated USB device, and for real hardware with somebody at the desk.
//
// A bench says what people and cables do and lets time pass; the contract never sees the wire.
#pragma once

#include "drivers/card_reader/card_reader.hpp"
#include "drivers/card_reader/simulated_card.hpp"

#include <catch2/catch.hpp>
#include <chrono>

namespace test {

class CardReaderBench {
public:
    virtual ~CardReaderBench() = default;
    virtual drivers::CardReader& reader() = 0;
    virtual base::MonotonicTime now() const = 0;
    // What a person does.
    virtual void lay_card(const drivers::SimulatedCard& card) = 0;
    virtual void lift_card() = 0;
    virtual void swap_card(const drivers::SimulatedCard& card) = 0;
    virtual void tear_card_away_mid_read() = 0; // the next card read, and only that
    virtual void pull_cable() = 0;
    virtual void plug_cable() = 0;
    // What the device does.
    virtual void stall() = 0; // answers nothing until recover()
    virtual void recover() = 0;
    virtual void babble() = 0; // noise before the next answer
};

namespace contract {

inline const drivers::SimulatedCard& card(std::string_view person) {
    const auto* found = drivers::find_demo_person(person);
    REQUIRE(found != nullptr);
    return found->card;
}

// The number of the card read, or the word of the error.
inline std::string outcome(CardReaderBench& bench,
                           base::Milliseconds patience = std::chrono::seconds(1)) {
    const auto read = bench.reader().read({patience}, {});
    return std::string(read ? read->card.number.view() : base::to_string(read.error().code));
}

// However it was before: laid down anew, at most three times, a card is read.
inline void require_service(CardReaderBench& bench) {
    for (int time = 0; time < 3; ++time) {
        bench.lift_card();
        (void)outcome(bench);
        bench.lay_card(card("agent"));
        if (outcome(bench) == card("agent").number) return;
    }
    FAIL("the reader does not come back");
}

} // namespace contract

// Runs everything on one bench, from a reader that is plugged in, with no card on it.
inline void check_card_reader_contract(CardReaderBench& bench) {
    using namespace std::chrono_literals;
    using contract::card;
    using contract::outcome;
    auto& reader = bench.reader();

    INFO("without a card it waits as long as it is told, and asks nothing about one");
    const auto began = bench.now();
    CHECK(outcome(bench, 3s) == "no_card");
    CHECK(bench.now() - began >= 3s);
    CHECK(bench.now() - began <= 5s);
    CHECK_FALSE(reader.is_card_present().value());

    INFO("a card is read once, lies there until it is lifted, and is then read again");
    bench.lay_card(card("pensioner"));
    CHECK(outcome(bench) == card("pensioner").number);
    CHECK(reader.is_card_present().value());
    CHECK(outcome(bench) == "busy");
    bench.lift_card();
    CHECK_FALSE(reader.is_card_present().value());
    CHECK(outcome(bench) == "no_card");
    bench.lay_card(card("pensioner"));
    CHECK(outcome(bench) == card("pensioner").number);

    INFO("a card exchanged between two looks is another card");
    bench.swap_card(card("agent"));
    CHECK_FALSE(reader.is_card_present().value());
    CHECK(outcome(bench) == card("agent").number);
    bench.lift_card();

    INFO("the photo comes with whoever asks for it, and with nobody else");
    bench.lay_card(card("pensioner"));
    auto read = reader.read({1s, drivers::Photo::keep}, {});
    REQUIRE(read);
    CHECK(read->photo.size() == drivers::card_photo_size);
    bench.lift_card();
    CHECK(outcome(bench) == "no_card");
    bench.lay_card(card("pensioner"));
    read = reader.read({1s}, {});
    REQUIRE(read);
    CHECK(read->photo.empty());
    bench.lift_card();

    INFO("each kind of card is what it is");
    for (const auto* person : {"permit", "foreigner-2017", "foreigner-2023"}) {
        bench.lay_card(card(person));
        CHECK(outcome(bench) == card(person).number);
        bench.lift_card();
        CHECK(outcome(bench) == "no_card");
    }
    bench.lay_card(card("unknown-kind"));
    CHECK(outcome(bench) == "unsupported");
    bench.lift_card();

    INFO("a card torn away is asked for again");
    bench.lay_card(card("pensioner"));
    bench.tear_card_away_mid_read();
    CHECK(outcome(bench) == "card_removed");
    contract::require_service(bench);

    INFO("noise does not disturb");
    bench.lift_card();
    CHECK(outcome(bench) == "no_card");
    bench.lay_card(card("pensioner"));
    bench.babble();
    CHECK(outcome(bench) == card("pensioner").number);
    bench.lift_card();

    INFO("silence is an answer within 20 s, and ends with itself");
    bench.stall();
    const auto silent = bench.now();
    CHECK(outcome(bench, 0s) == "timed_out");
    CHECK(bench.now() - silent <= 20s);
    CHECK(reader.describe().last_trouble == base::Errc::timed_out);
    CHECK_FALSE(reader.describe().is_ready);
    bench.recover();
    contract::require_service(bench);

    INFO("a pulled cable is said, and plugging in is enough");
    bench.lift_card();
    bench.pull_cable();
    CHECK(outcome(bench) == "unplugged");
    CHECK(reader.describe().last_trouble == base::Errc::unplugged);
    bench.plug_cable();
    contract::require_service(bench);
    CHECK(reader.describe().is_ready);
    CHECK_FALSE(reader.describe().module_id.empty());
}

} // namespace test
