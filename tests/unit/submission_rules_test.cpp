// The reference platform takes what the kiosk sends, and in the places that say who was looked at
// by whom nothing looser.
#include "kiosk/platform/reference/submission_rules.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>

using nlohmann::json;

namespace {

// The requests that tests/unit/forms_submission_test.cpp compares with what the kiosk writes.
json request(const std::string& matter) {
    std::ifstream file("tests/fixtures/submissions/" + matter + ".json");
    return json::parse(file);
}

std::string fault_of(json content, const char* pointer, const json& value) {
    content[json::json_pointer(pointer)] = value;
    const auto faults = platform::check_submission_shape(content);
    return faults.empty() ? "" : faults.front().pointer + " " + faults.front().code;
}

} // namespace

TEST_CASE("the platform takes the way that succeeded, by its name, and at its level",
          "[unit][platform][refusal][G3][G18]") {
    const auto l1 = request("elderly-allowance");
    const auto l2 = request("pension-eligibility");
    constexpr auto method = "/applicant/identity/method";
    const auto wrong = std::string(method) + " value";
    for (const auto* way : {"staff-witness", "counter-code"}) {
        CHECK(fault_of(l1, method, way) == "");
        CHECK(fault_of(l2, method, way) == "");
    }
    CHECK(fault_of(l1, method, "possession-only") == "");
    CHECK(fault_of(l2, method, "possession-only") == wrong);
    CHECK(fault_of(l2, method, "face") == "");
    CHECK(fault_of(l1, method, "face") == wrong);
    for (const auto* way : {"", "staff", "staff-document", "Face", "face-failed", "witness"}) {
        INFO(way);
        CHECK(fault_of(l2, method, way) == wrong);
    }
    CHECK(fault_of(l2, "/applicant/identity/level", "L0") == "/applicant/identity/level value");
}

TEST_CASE("the platform knows where a value can come from, and ids of staff but no names",
          "[unit][platform][refusal][G9][G10]") {
    const auto content = request("pension-eligibility");
    for (const auto* source : {"typed", "card", "session", "platform", "derived", "staff"})
        CHECK(fault_of(content, "/answers/0/source", source) == "");
    for (const auto* source : {"", "guessed", "Staff", "witness"})
        CHECK(fault_of(content, "/answers/0/source", source) == "/answers/0/source value");
    const auto helped_by = [&](const char* id) {
        return fault_of(content, "/assistedBy", {{"staffId", id}});
    };
    CHECK(helped_by("S-1182") == "");
    for (const auto* id : {"", "s-1182", "S 1182", "张样品", "S-1182-AND-SO-ON-AND-ON"}) {
        INFO(id);
        CHECK(helped_by(id) == "/assistedBy/staffId value");
    }
}
