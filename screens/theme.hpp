// Sizes and colours by role, read from assets/theme/tokens.json. Millimetres on the glass; pixels
// only appear when a Canvas multiplies by the density of its panel.
#pragma once

#include "kiosk/base/language.hpp"
#include "kiosk/base/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace screens {

// What a colour is for. The names are those of tokens.json, `primary_text` for primaryText.
// clang-format off: grouped as in tokens.json
enum class Role : std::uint8_t {
    background,
    surface,
    sunken,
    raised,
    lip,
    hairline,
    edge,
    text,
    muted,
    accent_text,
    primary,
    primary_text,
    primary_lip,
    primary_pressed,
    primary_pressed_text,
    secondary,
    secondary_text,
    secondary_edge,
    secondary_pressed,
    secondary_pressed_text,
    quiet_text,
    quiet_pressed,
    quiet_pressed_text,
    selected,
    selected_text,
    selected_edge,
    disabled,
    disabled_text,
    success,
    success_tint,
    success_text,
    warning,
    warning_tint,
    warning_text,
    error,
    error_tint,
    error_text,
    focus_outer,
    focus_inner,
    progress_done,
    progress_todo,
    live,
    overlay,
    overlay_text,
    cat_blue,
    cat_green,
    cat_clay,
    cat_plum,
    cat_sand,
    cat_ink,
};
// clang-format on
inline constexpr std::size_t role_count = std::size_t(Role::cat_ink) + 1;

enum class ThemeName : std::uint8_t { light, contrast_light, contrast_dark };
inline constexpr std::array all_themes{ThemeName::light, ThemeName::contrast_light,
                                       ThemeName::contrast_dark};

enum class TextSize : std::uint8_t { small, standard, large, largest };
inline constexpr std::array all_text_sizes{TextSize::small, TextSize::standard, TextSize::large,
                                           TextSize::largest};

enum class TypeRole : std::uint8_t { body, label, heading, title, display, rail };
inline constexpr std::size_t type_role_count = std::size_t(TypeRole::rail) + 1;

std::string_view to_string(ThemeName theme); // "light", "contrastLight", "contrastDark"
std::string_view to_string(TextSize size);   // "small", "standard", "large", "largest"
std::string_view to_string(Role role);       // "primaryText"

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    bool operator==(const Colour&) const = default;
};

struct SizeMm {
    float width = 0;
    float height = 0;
};

// The lengths of tokens.json in millimetres, grouped as they are there.
struct Measures {
    struct {
        float unit, half, margin, gutter, column, content_width;
    } grid;
    struct {
        float header, actions, rail;
    } portrait, landscape;
    float low_reach_passive_share; // of the height: nothing above can be touched
    struct {
        float standard, minimum, gap, action, choice, tile;
        SizeMm rail, uyghur_key, pinyin_key, digit_key, candidate, back, speak;
    } targets;
    struct {
        float xs, s, m, l, xl, xxl;
    } space;
    struct {
        float field, button, card, sheet, icon_plate;
    } radius;
    struct {
        float hairline, edge, strong, selected, icon, focus_inner, focus_outer, focus_gap;
    } stroke;
    float raised_lip;
    float pressed_shift;
    struct {
        float inline_, button, tile, plate, picture;
    } icons;
};

class Theme {
public:
    // Reads a tokens file. Every value the program needs must be there and be sensible.
    // Errors: not_found, corrupt (naming the value that is missing or wrong).
    static base::Result<Theme> open(const std::string& tokens_path);
    static base::Result<Theme> read(std::string_view json);

    Colour colour(ThemeName theme, Role role) const {
        return colours_[std::size_t(theme)][std::size_t(role)];
    }
    // Height of a capital letter.
    float capital_mm(TypeRole role, TextSize size) const {
        return capitals_[std::size_t(role)][std::size_t(size)];
    }
    // In ems; `tight` for titles and buttons.
    float line_height(base::Language language) const {
        return line_heights_[std::size_t(language)];
    }
    float tight_line_height() const { return tight_line_height_; }
    float paragraph_gap() const { return paragraph_gap_; } // in line heights
    const Measures& measures() const { return measures_; }
    bool is_mirrored_icon(std::string_view name) const;

private:
    std::array<std::array<Colour, role_count>, 3> colours_{};
    std::array<std::array<float, 4>, type_role_count> capitals_{};
    std::array<float, 3> line_heights_{};
    float tight_line_height_ = 0;
    float paragraph_gap_ = 0;
    Measures measures_{};
    std::vector<std::string> mirrored_icons_;
};

// WCAG 2.2 contrast ratio of two colours, 1 to 21.
float contrast(Colour a, Colour b);

} // namespace screens
