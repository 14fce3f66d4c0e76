#include "kiosk/base/language.hpp"

#include <string>

namespace base {

std::string_view to_string(Language language) {
    switch (language) {
    case Language::zh: return "zh";
    case Language::ug: return "ug";
    case Language::en: return "en";
    }
    return "zh";
}

Result<Language> language_from(std::string_view key) {
    for (const auto language : all_languages)
        if (to_string(language) == key) return language;
    return Error{Errc::invalid_input, "no such language key: " + std::string(key)};
}

} // namespace base
