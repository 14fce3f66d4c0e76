// Pictures of a sheet on a desk, drawn from a seed, with the exact place of its corners: our own
// scenes, so that the scanner is not fitted to one set of pictures and tests need no other data.
#pragma once

#include "drivers/scanner/quad.hpp"
#include "kiosk/base/picture.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace test {

enum class SceneKind {
    plain, // must be taken
    wood,
    tiles,
    pale,     // white sheet, pale desk, a thin shadow around it
    clutter,  // other things beside the sheet
    tinted,   // coloured paper
    shadow,   // with hard edges
    gradient, // light from one side
    dim,
    soft, // slightly out of focus
    curled,
    glint, // a small reflection
    empty, // must be refused: nopage
    cut,
    dark,
    blurred,
    glare,
    finger,
    pair, // two sheets side by side
};
inline constexpr std::array all_scene_kinds{
    SceneKind::plain,   SceneKind::wood,   SceneKind::tiles,    SceneKind::pale, SceneKind::clutter,
    SceneKind::tinted,  SceneKind::shadow, SceneKind::gradient, SceneKind::dim,  SceneKind::soft,
    SceneKind::curled,  SceneKind::glint,  SceneKind::empty,    SceneKind::cut,  SceneKind::dark,
    SceneKind::blurred, SceneKind::glare,  SceneKind::finger,   SceneKind::pair};
std::string_view to_string(SceneKind kind);
// The reason it must be refused with; empty for scenes that must be taken.
std::string_view expected_reason(SceneKind kind);

struct Scene {
    base::Picture frame;
    drivers::Quad truth; // TL TR BR BL as the text runs; means nothing for `empty`; `pair`: of one
};

// Equal for equal seeds. A frame of 1920 pixels holds sheets of 500 to 950 pixels, turned at will.
Scene draw_scene(SceneKind kind, std::uint64_t seed, int width = 960, int height = 540);

enum class Lying { upright, on_its_head, across };
// A scene with this page (grey, of A4's shape) for a sheet, which fills the picture and lies within
// ten degrees of what is said.
Scene lay_on_desk(const base::Picture& page, Lying lying, SceneKind kind, std::uint64_t seed,
                  int width, int height);

// The sheet of `seed` alone, flat: what flattening a scene should give back.
base::Picture draw_sheet(std::uint64_t seed, int width, int height);

} // namespace test
