// How the reference platform misbehaves (spec reliability S8).
#include "kiosk/platform/client.hpp"
#include "kiosk/platform/reference/state.hpp"

#include <algorithm>
#include <array>

namespace platform {
namespace {

// What one fault does. `before`: answered instead of working.
struct FaultRow {
    PlatformFault fault;
    std::string_view name;
    std::optional<Problem> before;
    bool is_harmless; // a later try of the same bytes succeeds without anybody's help
};
constexpr std::array fault_rows{
    FaultRow{PlatformFault::none, "none", {}, true},
    FaultRow{PlatformFault::cut_before_work, "cut_before_work", {}, true},
    FaultRow{PlatformFault::cut_after_commit, "cut_after_commit", {}, true},
    FaultRow{PlatformFault::arrives_twice, "arrives_twice", {}, true},
    FaultRow{PlatformFault::wrong_digest, "wrong_digest", {}, true},
    FaultRow{PlatformFault::wrong_key, "wrong_key", {}, true},
    FaultRow{PlatformFault::no_case_code, "no_case_code", {}, true},
    FaultRow{PlatformFault::not_json, "not_json", {}, true},
    FaultRow{PlatformFault::redirect, "redirect", {}, true},
    FaultRow{PlatformFault::busy, "busy", Problem{"busy", 503, "later"}, true},
    FaultRow{PlatformFault::bad_gateway, "bad_gateway", {}, true},
    FaultRow{PlatformFault::rate_limited, "rate_limited", problems::rate_limited, true},
    FaultRow{PlatformFault::in_progress, "in_progress", Problem{"in-progress", 409, "later"}, true},
    FaultRow{PlatformFault::too_early, "too_early", Problem{"too-early", 425, "later"}, true},
    FaultRow{PlatformFault::attachment_missing, "attachment_missing", problems::attachment_missing,
             true},
    FaultRow{PlatformFault::receipt_conflict, "receipt_conflict", problems::receipt_conflict,
             false},
    FaultRow{PlatformFault::answers_invalid, "answers_invalid", problems::answers_invalid, false},
    FaultRow{PlatformFault::form_version_gone, "form_version_gone", problems::form_version_gone,
             false},
    FaultRow{PlatformFault::key_reuse, "key_reuse", problems::key_reuse, false},
    FaultRow{PlatformFault::matter_closed, "matter_closed", Problem{"matter-closed", 403, "never"},
             false},
    FaultRow{PlatformFault::device_suspended, "device_suspended",
             Problem{"device-suspended", 403, "after-fix"}, false},
    FaultRow{PlatformFault::device_unknown, "device_unknown", problems::device_unknown, false},
    FaultRow{PlatformFault::clock_skew, "clock_skew", Problem{"clock-skew", 400, "after-fix"},
             false},
    FaultRow{PlatformFault::unknown_refusal, "unknown_refusal", Problem{"teapot", 418, "never"},
             false},
    FaultRow{PlatformFault::answer_too_long, "answer_too_long", {}, true},
    FaultRow{PlatformFault::lose_last_chunk, "lose_last_chunk", {}, true},
    FaultRow{PlatformFault::clock_jump, "clock_jump", {}, true},
};

const FaultRow& row_of(PlatformFault fault) {
    const auto found = std::find_if(fault_rows.begin(), fault_rows.end(),
                                    [&](const FaultRow& row) { return row.fault == fault; });
    CHECK(found != fault_rows.end());
    return *found;
}

} // namespace

std::string_view to_string(PlatformFault fault) {
    return row_of(fault).name;
}

std::vector<PlatformFault> all_platform_faults() {
    std::vector<PlatformFault> faults;
    for (const auto& row : fault_rows) {
        if (row.fault != PlatformFault::none) faults.push_back(row.fault);
    }
    return faults;
}

// A planned fault waits for the request it is about; a drawn one takes whatever comes.
PlatformFault ReferencePlatform::State::draw_fault(const HttpRequest& request) {
    const bool is_submission =
        request.method == "POST" &&
        (request.path == "/kiosk/v1/submissions" || request.path.ends_with("/supplements"));
    const bool is_chunk = request.method == "PATCH";
    if (!planned.empty()) {
        const auto next = planned.front();
        const bool fits = next == PlatformFault::lose_last_chunk ? is_chunk : is_submission;
        if (fits) {
            planned.pop_front();
            return next;
        }
    }
    if (misbehave_per_mille == 0 || int(random.below(1000)) >= misbehave_per_mille) {
        return PlatformFault::none;
    }
    const auto& row = fault_rows[random.below(fault_rows.size())];
    const bool is_allowed = row.is_harmless || (misbehave_all_kinds && is_submission);
    return is_allowed ? row.fault : PlatformFault::none;
}

std::optional<HttpResponse> ReferencePlatform::State::answer_with(PlatformFault fault,
                                                                  const HttpRequest& request) {
    if (fault == PlatformFault::attachment_missing) forget_uploads();
    if (const auto& problem = row_of(fault).before) return refuse(*problem);
    if (fault == PlatformFault::cut_before_work) return std::nullopt;
    if (fault == PlatformFault::redirect) {
        return HttpResponse{302, {{"Location", "https://127.0.0.1:1/elsewhere"}}, {}};
    }
    if (fault == PlatformFault::bad_gateway) return HttpResponse{502, {}, {}};

    auto answer = route_or_busy(request);
    if (fault == PlatformFault::arrives_twice) answer = route_or_busy(request);
    if (fault == PlatformFault::lose_last_chunk) lose_a_chunk(request);
    if (fault == PlatformFault::cut_after_commit) return std::nullopt;
    return disturb(fault, std::move(answer));
}

void ReferencePlatform::State::forget_uploads() {
    (void)database->run("DELETE FROM uploads"); // a fault that fails is no fault
}

void ReferencePlatform::State::lose_a_chunk(const HttpRequest& request) {
    const auto id = request.path.substr(request.path.rfind('/') + 1);
    (void)database->run("UPDATE uploads SET bytes=zeroblob(0) WHERE id=?", std::string_view(id));
}

// The work is done; only the answer is wrong.
HttpResponse ReferencePlatform::State::disturb(PlatformFault fault, HttpResponse answer) {
    auto body = parse_object(answer.body);
    if (fault == PlatformFault::not_json) {
        return {200, {{"Content-Type", "text/html"}}, base::to_bytes("<html>Welcome</html>")};
    }
    if (fault == PlatformFault::answer_too_long) {
        answer.body.resize(answer_limit_bytes + 1, ' ');
        return answer;
    }
    // A file goes out to the byte, also one that is JSON.
    const bool is_file = find_header(answer.headers, "Content-Type") == "application/octet-stream";
    if (body.is_discarded() || is_file) return answer;
    if (fault == PlatformFault::wrong_digest) body["digest"] = content_digest(base::Sha256{});
    if (fault == PlatformFault::wrong_key) body["id"] = random.uuid();
    if (fault == PlatformFault::no_case_code) body.erase("caseCode");
    if (fault == PlatformFault::clock_jump)
        for (const auto* name : {"acceptedAt", "serverTime"})
            if (body.contains(name))
                body[name] = base::to_rfc3339(clock.wall() + std::chrono::days(3652));
    answer.body = dump(body);
    return answer;
}

} // namespace platform
