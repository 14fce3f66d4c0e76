// When heartbeats go out, and what the platform makes of the audit heads in them.
#include "kiosk/platform/heartbeat_plan.hpp"

#include "kiosk/base/seeded_random.hpp"
#include "kiosk/platform/client.hpp"
#include "kiosk/platform/reference/reference_platform.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace platform;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t seed = 20261122;

struct World {
    base::SystemClock clock;
    base::SeededRandom random{seed};
    std::unique_ptr<ReferencePlatform> platform =
        ReferencePlatform::open({":memory:", support::demo_keys(), {}}, clock, random).value();
    InProcessTransport wire{*platform};
    Client client{wire, clock, std::nullopt};

    void beat(const std::optional<AuditHead>& head) {
        Heartbeat beat;
        beat.audit = head;
        REQUIRE(client.heartbeat(beat)); // answered whatever the head is
    }
};

AuditHead head(std::uint64_t row, std::string_view line) {
    const auto digest = base::sha256(base::as_bytes(line));
    return sign_audit_head(row, digest, support::demo_device()).value();
}

} // namespace

TEST_CASE("heartbeats go out every five minutes give or take a fifth, answered or not",
          "[unit][platform]") {
    INFO("seed " << seed);
    base::SeededRandom random(seed);
    base::MonotonicTime now{1h};
    HeartbeatPlan plan(random, now);
    CHECK(plan.due() >= now);
    CHECK(plan.due() <= now + 1min);
    std::set<base::Milliseconds> waits;
    base::Milliseconds sum{};
    constexpr int beats = 2000;
    for (int i = 0; i < beats; ++i) {
        REQUIRE_FALSE(plan.is_due(plan.due() - 1ms));
        REQUIRE(plan.is_due(plan.due()));
        now = plan.due() + 7ms; // whoever sends it is a little late
        plan.tried(now);
        const auto wait = plan.due() - now;
        REQUIRE(wait >= 4min);
        REQUIRE(wait <= 6min);
        waits.insert(wait);
        sum += wait;
    }
    CHECK(waits.size() > beats / 2); // kiosks do not march in step
    CHECK(sum / beats > 290s);
    CHECK(sum / beats < 310s);
    // After a long sleep one is due, not all that were missed.
    now += 24h;
    CHECK(plan.is_due(now));
    plan.tried(now);
    CHECK_FALSE(plan.is_due(now + 4min - 1ms));
}

TEST_CASE("a bare signature is good for these bytes and this device only", "[unit][sealing]") {
    const auto bytes = base::to_bytes("kiosk-audit-head/1\n1\nabc\n");
    const auto device = support::demo_device();
    const auto signature = sign_detached(bytes, device).value();
    CHECK(check_detached(bytes, signature, device.certificate()));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto changed = bytes;
        changed[i] ^= 0x01;
        REQUIRE_FALSE(check_detached(changed, signature, device.certificate()));
    }
    for (std::size_t i = 0; i < signature.size(); ++i) {
        auto changed = signature;
        changed[i] ^= 0x20;
        REQUIRE_FALSE(check_detached(bytes, changed, device.certificate()));
        REQUIRE_FALSE(
            check_detached(bytes, base::ByteView(signature).first(i), device.certificate()));
    }
    const auto other = Certificate::load(support::demo_keys().sealing_certificate).value();
    CHECK(check_detached(bytes, signature, other).error().code == base::Errc::unauthorised);
}

TEST_CASE("a head says its row, its digest and whose it is, and nothing of it can be exchanged",
          "[unit][platform][audit]") {
    const auto device = support::demo_device().certificate();
    const auto good = head(17, "row 17");
    CHECK(check_audit_head(good, device));
    auto other_row = good;
    other_row.row = 171;
    CHECK_FALSE(check_audit_head(other_row, device));
    auto other_digest = good;
    other_digest.digest[31] ^= 1;
    CHECK_FALSE(check_audit_head(other_digest, device));
}

TEST_CASE("the platform notices an audit chain that goes back, changes or disappears",
          "[unit][platform][audit][refusal][P12]") {
    World world;
    world.beat(std::nullopt); // a kiosk without a chain yet
    world.beat(head(3, "row 3"));
    world.beat(head(3, "row 3")); // nothing happened at this kiosk
    world.beat(head(9, "row 9"));
    CHECK(world.platform->audit_alarms().empty());
    CHECK(world.platform->audit_head()->row == 9);

    std::vector<AuditAlarm> expected;
    const auto expect = [&](AuditAlarm alarm) {
        expected.push_back(alarm);
        CHECK(world.platform->audit_alarms() == expected);
    };
    world.beat(head(9, "another row 9"));
    expect(AuditAlarm::changed);
    world.beat(head(4, "row 4"));
    expect(AuditAlarm::went_back);
    world.beat(head(5, "row 5")); // said once, not for ever
    CHECK(world.platform->audit_alarms() == expected);
    world.beat(std::nullopt);
    expect(AuditAlarm::disappeared);

    auto forged = head(100, "row 100");
    forged.row = 101;
    world.beat(forged);
    expect(AuditAlarm::not_signed);
    world.beat(AuditHead{0, {}, base::to_bytes("x")});
    expect(AuditAlarm::malformed);
    CHECK(world.platform->audit_head()->row == 5); // what nobody signed is not remembered
}
