#include "tests/support/staff_card_bench.hpp"

#include "tests/support/p256_check.hpp"

#include <catch2/catch.hpp>

#include <thread>

namespace tests {
namespace {

using namespace drivers;
using namespace std::chrono_literals;
using base::Errc;
using State = StaffCardPlace::State;

const base::Sha256 digest = base::sha256(base::as_bytes("challenge"));

// What every whole operation sends: choose, then use a key.
constexpr std::size_t commands_of_an_operation = 2;

void require_signs(StaffCardBench& bench, const SimulatedStaffCard& card) {
    const auto signature = bench.reader().sign(digest);
    if (!signature) FAIL("not signed: " << signature.error().text());
    REQUIRE(is_signature(card.signs(), digest, *signature));
}
void require_both_fail(StaffCardBench& bench, Errc code) {
    const auto signature = bench.reader().sign(digest);
    REQUIRE(!signature);
    CHECK(signature.error().text() == base::Error{code, signature.error().context}.text());
    const auto secret = bench.reader().agree(SimulatedStaffCard::of("office").agrees());
    REQUIRE(!secret);
    CHECK(secret.error().text() == base::Error{code, secret.error().context}.text());
}

StaffCardPlace insert(StaffCardBench& bench, const SimulatedStaffCard& card) {
    bench.insert_card(card);
    return see(bench.reader(), State::one_card);
}

void see_another_card(StaffCardBench& bench, const StaffCardPlace& before) {
    auto place = before;
    for (int i = 0; i < 60 && (place.change == before.change || place.state != State::one_card);
         ++i)
        place = bench.reader().look(place, 1s, {});
    REQUIRE(place.state == State::one_card);
    REQUIRE(place.change != before.change);
}

} // namespace

StaffCardPlace see(StaffCardReader& reader, State expected) {
    auto place = reader.look({}, 0ms, {});
    for (int i = 0; i < 60 && place.state != expected; ++i) place = reader.look(place, 1s, {});
    REQUIRE(place.state == expected);
    return place;
}

void gives_signatures_and_secrets(StaffCardBench& bench) {
    const auto ours = SimulatedStaffCard::of("ours");
    const auto office = SimulatedStaffCard::of("office");
    see(bench.reader(), State::empty);
    require_both_fail(bench, Errc::no_card);

    const base::SystemClock clock;
    const auto same_from_the_other_side = [&] {
        SimulatedStaffCardReader other(clock, real_wait());
        other.insert_card(office);
        return other.agree(ours.agrees());
    }();
    auto variants = std::vector{ours, ours, ours, ours};
    variants[1].answers_in_pieces(40);
    variants[2].wants_exact_le();
    variants[3].answers_in_pieces(40).wants_exact_le();
    for (const auto& card : variants) {
        insert(bench, card);
        require_signs(bench, ours);
        const auto secret = bench.reader().agree(office.agrees());
        REQUIRE(secret);
        REQUIRE(secret->expose() == same_from_the_other_side->expose());
        require_signs(bench, ours); // and again, in any order
        bench.pull_card();
        see(bench.reader(), State::empty);
    }
}

void tells_foreign_cards(StaffCardBench& bench) {
    auto locked = SimulatedStaffCard::of("ours");
    locked.wants_own_pin();
    for (const auto& card :
         {SimulatedStaffCard::foreign(), SimulatedStaffCard::without_keys(), locked}) {
        insert(bench, card);
        require_both_fail(bench, Errc::unsupported);
        bench.pull_card();
        see(bench.reader(), State::empty);
    }
    // A point that is not on the curve is refused by the card, and harms nothing.
    const auto ours = SimulatedStaffCard::of("ours");
    insert(bench, ours);
    P256Point nowhere{0x04};
    nowhere.back() = 1;
    REQUIRE(bench.reader().agree(nowhere).error().code == Errc::unsupported);
    require_signs(bench, ours);
}

void survives_silent_and_garbling_cards(StaffCardBench& bench) {
    const auto ours = SimulatedStaffCard::of("ours");
    auto mute = ours, garbling = ours, short_spoken = ours;
    mute.goes_mute();
    garbling.garbles(0);
    short_spoken.cuts(3);
    for (const auto& [card, code] : {std::pair{mute, Errc::timed_out},
                                     {garbling, Errc::bad_frame},
                                     {short_spoken, Errc::bad_frame}}) {
        insert(bench, card);
        require_both_fail(bench, code);
        // Taken out, and another one put in: nothing of the first is left.
        bench.pull_card();
        see(bench.reader(), State::empty);
        insert(bench, ours);
        require_signs(bench, ours);
        bench.pull_card();
        see(bench.reader(), State::empty);
    }
}

void notices_every_removal(StaffCardBench& bench) {
    const auto ours = SimulatedStaffCard::of("ours");
    const auto point = SimulatedStaffCard::of("office").agrees();
    for (std::size_t at = 0; at < commands_of_an_operation; ++at) {
        for (const bool signs : {true, false}) {
            const auto in = insert(bench, ours);
            bench.pull_after(at);
            const auto code = signs ? bench.reader().sign(digest).error().code
                                    : bench.reader().agree(point).error().code;
            CAPTURE(at, signs);
            CHECK(base::to_string(code) == base::to_string(Errc::card_removed));
            REQUIRE(see(bench.reader(), State::empty).change != in.change);
            require_both_fail(bench, Errc::no_card);
        }
    }
    insert(bench, ours);
    require_signs(bench, ours);
}

void notices_an_exchange(StaffCardBench& bench) {
    const auto ours = SimulatedStaffCard::of("ours");
    const auto other = SimulatedStaffCard::of("other");
    auto in = insert(bench, ours);
    // Between two operations: whoever looks sees another number.
    bench.pull_card();
    bench.insert_card(other);
    see_another_card(bench, in);
    require_signs(bench, other);
    // In the middle of one: it fails, and the next speaks with the new card.
    for (std::size_t at = 0; at < commands_of_an_operation; ++at) {
        in = see(bench.reader(), State::one_card);
        bench.pull_after(at);
        const auto signature = bench.reader().sign(digest);
        REQUIRE(!signature);
        CHECK(base::to_string(signature.error().code) == base::to_string(Errc::card_removed));
        bench.insert_card(ours);
        see_another_card(bench, in);
        require_signs(bench, ours);
    }
}

void tells_several_cards(StaffCardBench& bench) {
    const auto ours = SimulatedStaffCard::of("ours");
    const auto other = SimulatedStaffCard::of("other");
    insert(bench, ours);
    bench.insert_second_card(other);
    see(bench.reader(), State::several_cards);
    require_both_fail(bench, Errc::no_card);
    bench.pull_card();
    see(bench.reader(), State::one_card);
    require_signs(bench, other);
    bench.insert_card(ours);
    see(bench.reader(), State::several_cards);
    bench.pull_second_card();
    see(bench.reader(), State::one_card);
    require_signs(bench, ours);
}

void survives_unplugging(StaffCardBench& bench) {
    const auto ours = SimulatedStaffCard::of("ours");
    // Empty, with a card in, and at every command.
    for (std::size_t at = 0; at < commands_of_an_operation + 2; ++at) {
        const bool is_empty = at == 0;
        const auto before = is_empty ? see(bench.reader(), State::empty) : insert(bench, ours);
        if (at < 2) {
            bench.unplug();
        } else {
            bench.unplug_after(at - 2);
            const auto signature = bench.reader().sign(digest);
            REQUIRE(!signature);
            CHECK(base::to_string(signature.error().code) == base::to_string(Errc::unplugged));
        }
        CAPTURE(at);
        REQUIRE(see(bench.reader(), State::no_reader).change != before.change);
        require_both_fail(bench, Errc::unplugged);
        bench.plug_in();
        see(bench.reader(), is_empty ? State::empty : State::one_card);
        if (!is_empty) require_signs(bench, ours);
        bench.pull_card();
        see(bench.reader(), State::empty);
    }
}

void stops_looking_when_asked(StaffCardBench& bench) {
    const auto place = see(bench.reader(), State::empty);
    StaffCardPlace seen;
    std::jthread worker([&](std::stop_token stop) { seen = bench.reader().look(place, 1h, stop); });
    worker.request_stop();
    worker.join();
    REQUIRE(seen == place);
    // One thread looks while another has the card at work.
    const auto ours = SimulatedStaffCard::of("ours");
    const auto in = insert(bench, ours);
    std::jthread looking([&] { seen = bench.reader().look(in, 1min, {}); });
    require_signs(bench, ours);
    bench.pull_card();
    looking.join();
    REQUIRE(seen.state == State::empty);
    REQUIRE(seen.change != in.change);
}

} // namespace tests
