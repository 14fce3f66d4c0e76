// Reads conditions; used by the form reader only.
#pragma once

#include "kiosk/forms/strict_json.hpp"

namespace forms {

struct KnownField {
    FieldType type;
    std::vector<Option> options;
    bool month_only = false; // a date without a day
};
using Known = std::map<std::string, KnownField, std::less<>>;

// A condition may only speak about fields in `known` (V2) and their codes (V5), with an operator
// that makes sense for the type.
base::Result<Condition> read_condition(const Json& json, const std::string& place,
                                       const Known& known);

// "today" 0, "today+31" 31, "today-1" -1; nothing for anything else.
std::optional<int> read_today_offset(std::string_view text);

} // namespace forms
