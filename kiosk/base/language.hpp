// The three languages of the kiosk and what follows from them.
#pragma once

#include "kiosk/base/result.hpp"

#include <array>
#include <string_view>

namespace base {

enum class Language : unsigned char { zh, ug, en };

inline constexpr std::array all_languages{Language::zh, Language::ug, Language::en};

std::string_view to_string(Language language); // "zh", "ug", "en": the language keys of DESIGN §5
Result<Language> language_from(std::string_view key);

constexpr bool is_right_to_left(Language language) {
    return language == Language::ug;
}

} // namespace base
