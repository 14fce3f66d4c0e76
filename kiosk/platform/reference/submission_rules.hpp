// What the platform demands of an opened submission (kiosk-submission/1,
// kiosk-supplement/1): every member known, every
// member of its type, nothing more. Strict input keeps kiosks from sending more than a form
// declares.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace platform {

struct ShapeFault {
    std::string pointer; // RFC 6901; never holds a value
    std::string code;    // unknown, missing, type, value, identity-forbidden
};

// not handled: the fields and terms of each form version (this platform does not hold the forms).
std::vector<ShapeFault> check_submission_shape(const nlohmann::json& submission);
// The same for papers brought later (kiosk-supplement/1); at least one page.
std::vector<ShapeFault> check_supplement_shape(const nlohmann::json& supplement);

} // namespace platform
