// Staff cards over a simulated reader: the dialogue, and everything that people and cards do wrong.
#include "drivers/manual_wait.hpp"
#include "drivers/staff_card/apdu.hpp"
#include "drivers/staff_card/simulated_staff_card.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "tests/support/p256_check.hpp"

#include <catch2/catch.hpp>

using namespace drivers;

TEST_CASE("a card signs", "[device][staff_card]") {
    base::ManualClock clock{{}};
    SimulatedStaffCardReader reader(clock, manual_wait(clock));
    const auto card = SimulatedStaffCard::of("one");
    reader.insert_card(card);
    const auto digest = base::sha256(base::as_bytes("challenge"));
    const auto signature = reader.sign(digest);
    REQUIRE(signature);
    CHECK(tests::is_signature(card.signs(), digest, *signature));
    const auto other = SimulatedStaffCard::of("two");
    const auto secret = reader.agree(other.agrees());
    REQUIRE(secret);
    reader.insert_card(other);
    CHECK(reader.agree(card.agrees())->expose() == secret->expose());
}
