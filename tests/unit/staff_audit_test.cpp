// The audit chain: rows, head, what is refused, and that every alteration is found. All ids are
// made up.
#include "kiosk/staff/audit.hpp"

#include "kiosk/base/manual_clock.hpp"
#include "kiosk/staff/audit_check.hpp"
#include "kiosk/staff/audit_rows.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace staff;
using namespace std::chrono_literals;

namespace {

const base::WallTime morning = std::chrono::sys_days{base::Date{2026y / 11 / 22}} + 2h;
const std::string key = "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01";

} // namespace

TEST_CASE("a chain that is opened again goes on where it was", "[unit][audit]") {
    const support::TemporaryFolder folder;
    base::ManualClock clock(morning);
    const auto device = support::demo_device();
    {
        const auto chain = AuditChain::open(folder.file("audit"), clock, device).value();
        CHECK(chain->head().row == 1);
        clock.advance(1min);
        REQUIRE(chain->append(AuditEvent::logged_in,
                              {{AuditField::staff, AuditValue::staff_id("S-1182")}}));
        REQUIRE(record_request(*chain, key, "S-1182", "S-1182", ""));
        CHECK(AuditChain::open(folder.file("audit"), clock, device).error().code ==
              base::Errc::locked);
    }
    const auto chain = AuditChain::open(folder.file("audit"), clock, device).value();
    CHECK_FALSE(chain->was_damaged());
    CHECK(chain->head().row == 3);
    CHECK(chain->last_time() == morning + 1min);
    const auto report = verify_audit(folder.file("audit"), device.certificate()).value();
    CHECK(report.rows == 3);
    CHECK_FALSE(report.fault);
}
