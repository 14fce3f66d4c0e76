// The icons of assets/icons: SVG files of a small kind (24-unit grid, paths, strokes of width 2
// with round caps, filled where a path says so), turned into coverage masks of any size.
#pragma once

#include "kiosk/base/result.hpp"
#include "kiosk/text/font_set.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace screens {

class IconSet {
public:
    // Reads every .svg file of the folder. Errors: not_found (no folder or no icon in it), corrupt
    // (naming the file and what in it is not understood).
    static base::Result<IconSet> open(const std::string& folder);

    bool has(std::string_view name) const;
    std::vector<std::string> names() const;
    // A mask of `side` x `side` pixels; `left` and `top` are 0. CHECKs that the icon exists.
    text::GlyphBitmap mask(std::string_view name, int side, bool mirrored) const;

private:
    struct Command {
        char kind; // M, L, C, Z: absolute
        double x[3], y[3];
    };
    struct Path {
        std::vector<Command> commands;
        bool filled = false;
        double stroke_width = 0; // 0: none
    };
    friend class PathReader;
    static base::Result<std::vector<Path>> read(const std::string& file);

    std::map<std::string, std::vector<Path>, std::less<>> icons_;
};

} // namespace screens
