// What a kiosk asks and says as a device: who am I, the heartbeat, the call for a human, the staff
// list.
#include "kiosk/platform/reference/state.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace platform {
namespace {

// DESIGN §4.7: the closed list (openapi.yaml, HeartbeatAnswer).
bool is_remote_command(std::string_view word) {
    constexpr std::array words{"sync-content", "send-log", "go-out-of-service",
                               "reprint-self-test"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

std::optional<AuditHead> read_audit_head(const json& object) {
    if (!object.is_object() || object.size() != 3) return std::nullopt;
    const auto row = object.value("row", json());
    const auto digest = base::from_hex(text_at(object, "digest"));
    const auto signature = base::from_base64(text_at(object, "signature"));
    AuditHead head;
    if (!row.is_number_unsigned() || row < 1 || !digest || digest->size() != head.digest.size() ||
        !signature || signature->empty())
        return std::nullopt;
    head.row = row.get<std::uint64_t>();
    std::copy(digest->begin(), digest->end(), head.digest.begin());
    head.signature = *signature;
    return head;
}

std::string_view to_string(AuditAlarm alarm) {
    switch (alarm) {
    case AuditAlarm::malformed: return "malformed";
    case AuditAlarm::not_signed: return "not_signed";
    case AuditAlarm::went_back: return "went_back";
    case AuditAlarm::changed: return "changed";
    case AuditAlarm::disappeared: return "disappeared";
    }
    CHECK(false && "an enumerator without a name");
}

Routed ReferencePlatform::State::who_am_i() {
    json answer{{"office", "Demonstration office"},
                {"matters", json::array()}, // empty: every matter
                {"apiVersions", {"1.0"}},
                {"serverTime", base::to_rfc3339(clock.wall())}};
    if (!least_client_version.empty()) answer["minClientVersion"] = least_client_version;
    return json_answer(200, answer);
}

Routed ReferencePlatform::State::heartbeat(const HttpRequest& request, const Certificate& device) {
    const auto body = parse_object(request.body);
    if (!has_members(body,
                     {"appVersion", "contentVersion", "queuePending", "queueQuarantined",
                      "oldestPendingSeconds", "freeBytes", "rosterVersion", "devices"},
                     {"audit", "ratings"}))
        return refuse(problems::malformed);
    ++heartbeats;
    last_heartbeat.assign(request.body.begin(), request.body.end());
    if (const auto alarm = judge_audit(body, device)) {
        // Answered all the same, though the contract is broken: the recording says why.
        if (*alarm == AuditAlarm::malformed) planted = "audit";
        audit_alarms.push_back(*alarm);
    }
    for (const auto& word : commands)
        if (!is_remote_command(word)) planted = "command";
    return json_answer(200, {{"commands", std::exchange(commands, {})}});
}

// Compares the head with the last one, and remembers it when the device signed it: an alarm is
// raised once, not with every heartbeat from then on.
std::optional<AuditAlarm> ReferencePlatform::State::judge_audit(const json& beat,
                                                                const Certificate& device) {
    const auto found = beat.find("audit");
    if (found == beat.end())
        return audit_head ? std::optional(AuditAlarm::disappeared) : std::nullopt;
    const auto head = read_audit_head(*found);
    if (!head) return AuditAlarm::malformed;
    if (!check_audit_head(*head, device)) return AuditAlarm::not_signed;
    const auto last = std::exchange(audit_head, head);
    if (!last) return std::nullopt;
    if (head->row < last->row) return AuditAlarm::went_back;
    if (head->row == last->row && head->digest != last->digest) return AuditAlarm::changed;
    return std::nullopt;
}

// A place and nothing else: no person can be named (DESIGN §4.6).
Routed ReferencePlatform::State::assistance(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    if (!has_members(body, {"place"}) || text_at(body, "place").empty()) {
        return refuse(problems::malformed);
    }
    ++assistance_calls;
    return json_answer(200, {{"who", office_who}, {"hours", office_hours}});
}

void ReferencePlatform::State::take_roster(base::Bytes signed_roster) {
    roster_before = std::exchange(roster, std::move(signed_roster));
}

void ReferencePlatform::State::finish_roster() {
    if (make_roster) take_roster(std::exchange(make_roster, nullptr)());
}

Routed ReferencePlatform::State::staff_roster() {
    finish_roster();
    if (roster_fault != RosterFault::none) planted = "roster";
    const bool is_old = roster_fault == RosterFault::old;
    auto bytes = is_old ? roster_before : roster;
    if (roster_fault == RosterFault::busy) return refuse(problems::storage);
    if (roster_fault == RosterFault::missing || bytes.empty()) return refuse(problems::not_found);
    if (roster_fault == RosterFault::altered) bytes[random.below(bytes.size())] ^= 0x04;
    if (roster_fault == RosterFault::too_long) bytes.resize(1u << 20, ' ');
    ++rosters_given;
    return HttpResponse{200, {{"Content-Type", "application/octet-stream"}}, std::move(bytes)};
}

} // namespace platform
