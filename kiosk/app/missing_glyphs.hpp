// Writes into the log which characters no face of the kiosk has, each once while the program runs,
// so that a technician can install a font or correct the content. Only the code point is told: not
// where it stood, nor who was there.
#pragma once

#include "kiosk/base/log.hpp"

#include <set>
#include <span>

namespace app {

class MissingGlyphs {
public:
    // The log outlives it.
    explicit MissingGlyphs(base::Log& log) : log_(log) {}

    // What one frame could only show as code points. After `limit` different characters it is
    // silent: hostile text must not fill the log.
    void note(std::span<const char32_t> characters);

    static constexpr std::size_t limit = 500; // chosen: more than any real text lacks

private:
    base::Log& log_;
    std::set<char32_t> told_;
};

} // namespace app
