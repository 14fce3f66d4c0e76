#include "kiosk/config/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace config {

base::Result<nlohmann::json> parse_json(std::string_view text) {
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::parse_error& error) {
        const auto end = text.begin() + std::ptrdiff_t(std::min(error.byte, text.size()));
        const auto line = 1 + std::count(text.begin(), end, '\n');
        return base::Error{base::Errc::invalid_input,
                           "not valid JSON, line " + std::to_string(line)};
    }
}

} // namespace config
