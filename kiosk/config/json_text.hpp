// JSON that people write by hand: a mistake is answered with its line.
#pragma once

#include "kiosk/base/result.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace config {

// Errors: invalid_input: "not valid JSON, line 3".
base::Result<nlohmann::json> parse_json(std::string_view text);

} // namespace config
