#include "kiosk/app/missing_glyphs.hpp"

namespace app {

void MissingGlyphs::note(std::span<const char32_t> characters) {
    for (const char32_t c : characters) {
        if (told_.size() >= limit || !told_.insert(c).second) continue;
        log_.write(base::LogEvent::glyph_missing, {{base::LogField::code_point, std::int64_t(c)}});
    }
}

} // namespace app
