// Goal: the real reader keeps the same contract as the simulated one. Method: the system's smart
// card service runs as a child of the test with a virtual reader; the simulated card answers in it
// over TCP, so that everything of the driver but the metal is the real thing.
#include "drivers/staff_card/pcsc_reader.hpp"
#include "drivers/staff_card/pcsc_service.hpp"
#include "tests/support/p256_check.hpp"
#include "tests/support/staff_card_bench.hpp"
#include "tests/support/virtual_card.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <iostream>

using namespace drivers;
using namespace std::chrono_literals;
using State = StaffCardPlace::State;

namespace {

// Shorter than in a kiosk: the silent card is waited for in earnest.
constexpr StaffCardLimits limits{.answer = 2s, .total = 4s};

class PcscBench final : public tests::StaffCardBench {
public:
    // Nothing: the reason stands on standard error, once.
    static std::unique_ptr<PcscBench> set_up() {
        auto bench = std::make_unique<PcscBench>();
        const auto started = bench->start();
        if (started) return bench;
        static bool was_said = false;
        if (!std::exchange(was_said, true))
            std::cerr << "skipped: pcscd with a virtual reader: " << started.error().context
                      << '\n';
        return nullptr;
    }

    StaffCardReader& reader() override { return reader_; }

    void insert_card(SimulatedStaffCard card) override { put(0, std::move(card)); }
    void pull_card() override { take(0); }
    void insert_second_card(SimulatedStaffCard card) override { put(1, std::move(card)); }
    void pull_second_card() override { take(1); }
    void pull_after(std::size_t commands) override { arm(Mishap::pull, commands); }
    void unplug_after(std::size_t commands) override { arm(Mishap::unplug, commands); }
    void unplug() override { service_.stop(); }
    void plug_in() override {
        for (auto& card : inside_) card.reset(); // their threads are done with the old service
        REQUIRE(start());
        for (int slot = 0; slot < 2; ++slot)
            if (cards_[slot]) put(slot, *cards_[slot]);
    }

    void hang() { service_.hang(); }
    void go_on() { service_.go_on(); }

    // The next command is answered only after let_answer().
    void think() { is_thinking_ = true; }
    void let_answer() {
        is_thinking_ = false;
        is_thinking_.notify_all();
    }

private:
    enum class Mishap { none, pull, unplug };

    // Until the service answers and its readers are there: then cards can be put in.
    base::Result<void> start() {
        TRY(service_.start());
        auto place = reader_.look({}, 0ms, {});
        for (int looks = 0; looks < 60 && place.state != State::empty; ++looks) {
            if (!service_.is_running())
                return base::Error{base::Errc::unsupported, "it does not run: " + service_.log()};
            place = reader_.look(place, 1s, {});
        }
        INFO(service_.log());
        REQUIRE(place.state == State::empty);
        return {};
    }

    void arm(Mishap mishap, std::size_t commands) {
        countdown_ = commands;
        mishap_ = mishap;
    }
    // On the card's thread. True: it is pulled now.
    bool befall() {
        is_thinking_.wait(true);
        if (mishap_ == Mishap::none || countdown_-- > 0) return false;
        switch (mishap_.exchange(Mishap::none)) {
        case Mishap::none: return false;
        case Mishap::unplug: service_.stop(); return true;
        case Mishap::pull: return true;
        }
        return false;
    }

    void put(int slot, SimulatedStaffCard card) {
        take(slot);
        wait_until_it_has_card(slot, false);
        cards_[slot] = card;
        inside_[slot].emplace(std::move(card), service_.port(slot),
                              [this](std::size_t) { return befall(); });
        wait_until_it_has_card(slot, true);
    }
    void take(int slot) {
        inside_[slot].reset();
        cards_[slot].reset();
    }
    // People take longer than the service does to look again. The reader under test does not look
    // meanwhile: it has to find out afterwards.
    void wait_until_it_has_card(int slot, bool expected) {
        std::vector<PcscSlot> slots;
        for (int looks = 0; looks < 60; ++looks) {
            REQUIRE(watcher_.connect());
            if (!watcher_.update(slots, looks == 0 ? 0ms : 1000ms)) continue; // of the last service
            if (std::size_t(slot) < slots.size() && slots[slot].has_card() == expected) return;
        }
        FAIL("the service does not notice that a card was put in or pulled");
    }

    base::SystemClock clock_;
    tests::PrivatePcscd service_;
    PcscService watcher_;
    PcscReader reader_{clock_, limits};
    std::atomic<Mishap> mishap_{Mishap::none};
    std::atomic<std::size_t> countdown_{0};
    std::atomic<bool> is_thinking_{false};
    std::optional<SimulatedStaffCard> cards_[2];
    std::optional<tests::VirtualCard> inside_[2];
};

} // namespace

#define ON_A_BENCH(part)                                                                           \
    if (const auto bench = PcscBench::set_up()) tests::part(*bench)

TEST_CASE("pcscd: a staff card signs and agrees on a secret", "[device][staff_card]") {
    ON_A_BENCH(gives_signatures_and_secrets);
}
TEST_CASE("pcscd: a card of somebody else is told", "[device][staff_card]") {
    ON_A_BENCH(tells_foreign_cards);
}
TEST_CASE("pcscd: silent and garbling cards do not hold the kiosk up", "[device][staff_card]") {
    ON_A_BENCH(survives_silent_and_garbling_cards);
}
TEST_CASE("pcscd: a card pulled before any command is noticed", "[device][staff_card]") {
    ON_A_BENCH(notices_every_removal);
}
TEST_CASE("pcscd: an exchanged card is noticed", "[device][staff_card]") {
    ON_A_BENCH(notices_an_exchange);
}
TEST_CASE("pcscd: cards in two readers are told", "[device][staff_card]") {
    ON_A_BENCH(tells_several_cards);
}
TEST_CASE("pcscd: the service may die and come back at any time", "[device][staff_card]") {
    ON_A_BENCH(survives_unplugging);
}
TEST_CASE("pcscd: a waiting look ends when asked", "[device][staff_card]") {
    ON_A_BENCH(stops_looking_when_asked);
}

// The limit only ends a test that would hang.
TEST_CASE("pcscd: whoever ends a look does not wait for a service that hangs",
          "[device][staff_card]") {
    const auto bench = PcscBench::set_up();
    if (!bench) return;
    const auto place = bench->reader().look({}, 0ms, {});
    std::stop_source stop;
    auto look = std::async(std::launch::async,
                           [&] { return bench->reader().look(place, 1h, stop.get_token()); });
    bench->hang();
    auto asked = std::async(std::launch::async, [&] { return stop.request_stop(); });
    CHECK(asked.wait_for(10s) == std::future_status::ready);
    bench->go_on();
    CHECK(look.get() == place);
    CHECK(asked.get());
}

TEST_CASE("pcscd: an answer that comes too late is not taken for the next one",
          "[device][staff_card]") {
    const auto bench = PcscBench::set_up();
    if (!bench) return;
    const auto ours = SimulatedStaffCard::of("ours");
    bench->insert_card(ours);
    const auto first = base::sha256(base::as_bytes("first"));
    const auto second = base::sha256(base::as_bytes("second"));
    bench->think();
    CHECK(bench->reader().sign(first).error().code == base::Errc::timed_out);
    CHECK(bench->reader().sign(first).error().code == base::Errc::timed_out); // still at it
    bench->let_answer();
    const auto signature = bench->reader().sign(second);
    REQUIRE(signature);
    CHECK(tests::is_signature(ours.signs(), second, *signature));
}

TEST_CASE("pcscd: a reader given up while its card is thinking holds nobody up",
          "[device][staff_card]") {
    const auto bench = PcscBench::set_up();
    if (!bench) return;
    bench->insert_card(SimulatedStaffCard::of("ours"));
    bench->think();
    {
        const base::SystemClock clock;
        PcscReader reader(clock, limits);
        CHECK(reader.sign(base::Sha256{}).error().code == base::Errc::timed_out);
    } // its thread is left behind with the call
    bench->let_answer();
    CHECK(bench->reader().sign(base::Sha256{}));
}
