#include "screens/theme.hpp"

#include "kiosk/base/bytes.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace screens {

namespace {

using nlohmann::json;

// clang-format off: in the order of Role
constexpr std::array<std::string_view, role_count> role_names{"background",
                                                              "surface",
                                                              "sunken",
                                                              "raised",
                                                              "lip",
                                                              "hairline",
                                                              "edge",
                                                              "text",
                                                              "muted",
                                                              "accentText",
                                                              "primary",
                                                              "primaryText",
                                                              "primaryLip",
                                                              "primaryPressed",
                                                              "primaryPressedText",
                                                              "secondary",
                                                              "secondaryText",
                                                              "secondaryEdge",
                                                              "secondaryPressed",
                                                              "secondaryPressedText",
                                                              "quietText",
                                                              "quietPressed",
                                                              "quietPressedText",
                                                              "selected",
                                                              "selectedText",
                                                              "selectedEdge",
                                                              "disabled",
                                                              "disabledText",
                                                              "success",
                                                              "successTint",
                                                              "successText",
                                                              "warning",
                                                              "warningTint",
                                                              "warningText",
                                                              "error",
                                                              "errorTint",
                                                              "errorText",
                                                              "focusOuter",
                                                              "focusInner",
                                                              "progressDone",
                                                              "progressTodo",
                                                              "live",
                                                              "overlay",
                                                              "overlayText",
                                                              "catBlue",
                                                              "catGreen",
                                                              "catClay",
                                                              "catPlum",
                                                              "catSand",
                                                              "catInk"};
// clang-format on

constexpr std::array<std::string_view, 3> theme_names{"light", "contrastLight", "contrastDark"};
constexpr std::array<std::string_view, 4> size_names{"small", "standard", "large", "largest"};
constexpr std::array<std::string_view, type_role_count> type_names{"body",  "label",   "heading",
                                                                   "title", "display", "rail"};

// Reads values by their path and remembers the first one that is missing or wrong, so that the
// reader below can stay a plain list.
class Reader {
public:
    explicit Reader(const json& root) : root_(root) {}

    const json* find(const std::string& pointer) {
        const json::json_pointer at(pointer);
        if (root_.contains(at)) return &root_.at(at);
        fail(pointer, "is missing");
        return nullptr;
    }

    float number(const std::string& pointer, float low, float high) {
        const json* value = find(pointer);
        if (!value) return low;
        if (!value->is_number() || value->get<float>() < low || value->get<float>() > high) {
            fail(pointer, "is not a number in its range");
            return low;
        }
        return value->get<float>();
    }

    // 0.1 mm to 300 mm: the largest panel is 400 mm wide.
    float mm(const std::string& pointer) { return number(pointer, 0.1f, 300); }
    SizeMm size(const std::string& pointer) { return {mm(pointer + "/0"), mm(pointer + "/1")}; }

    Colour colour(const std::string& pointer) {
        const json* value = find(pointer);
        if (!value) return {};
        const std::string text = value->is_string() ? value->get<std::string>() : "";
        const auto bytes = base::from_hex(text.size() == 7 && text[0] == '#' ? text.substr(1) : "");
        if (!bytes || bytes->size() != 3) {
            fail(pointer, "is not a colour like #18242A");
            return {};
        }
        return {(*bytes)[0], (*bytes)[1], (*bytes)[2]};
    }

    void fail(const std::string& pointer, const char* why) {
        if (fault_.empty()) fault_ = "tokens" + pointer + " " + why;
    }
    const std::string& fault() const { return fault_; }

private:
    const json& root_;
    std::string fault_;
};

Measures read_measures(Reader& in) {
    Measures m{};
    m.grid = {in.mm("/grid/unit"),   in.mm("/grid/half"),   in.mm("/grid/margin"),
              in.mm("/grid/gutter"), in.mm("/grid/column"), in.mm("/grid/contentWidth")};
    m.portrait = {in.mm("/zones/portrait/header"), in.mm("/zones/portrait/actions"),
                  in.mm("/zones/portrait/rail")};
    m.landscape = {in.mm("/zones/landscape/header"), in.mm("/zones/landscape/actions"),
                   in.mm("/zones/landscape/rail")};
    m.low_reach_passive_share = in.number("/zones/lowReach/passiveUpper", 0.2f, 0.8f);
    const std::string t = "/targets/";
    m.targets = {in.mm(t + "standard"),    in.mm(t + "minimum"),      in.mm(t + "gap"),
                 in.mm(t + "action"),      in.mm(t + "choice"),       in.mm(t + "tile"),
                 in.size(t + "rail"),      in.size(t + "key/uyghur"), in.size(t + "key/pinyin"),
                 in.size(t + "key/digit"), in.size(t + "candidate"),  in.size(t + "back"),
                 in.size(t + "speak")};
    m.space = {in.mm("/space/xs"), in.mm("/space/s"),  in.mm("/space/m"),
               in.mm("/space/l"),  in.mm("/space/xl"), in.mm("/space/xxl")};
    m.radius = {in.mm("/radius/field"), in.mm("/radius/button"), in.mm("/radius/card"),
                in.mm("/radius/sheet"), in.mm("/radius/iconPlate")};
    m.stroke = {in.mm("/stroke/hairline"),   in.mm("/stroke/edge"),    in.mm("/stroke/strong"),
                in.mm("/stroke/selected"),   in.mm("/stroke/icon"),    in.mm("/stroke/focusInner"),
                in.mm("/stroke/focusOuter"), in.mm("/stroke/focusGap")};
    m.raised_lip = in.mm("/elevation/raised/lip");
    m.pressed_shift = in.mm("/elevation/pressed/shift");
    m.icons = {in.mm("/icon/sizes/inline"), in.mm("/icon/sizes/button"), in.mm("/icon/sizes/tile"),
               in.mm("/icon/sizes/plate"), in.mm("/icon/sizes/picture")};
    return m;
}

} // namespace

std::string_view to_string(ThemeName theme) {
    return theme_names[std::size_t(theme)];
}
std::string_view to_string(TextSize size) {
    return size_names[std::size_t(size)];
}
std::string_view to_string(Role role) {
    return role_names[std::size_t(role)];
}

base::Result<Theme> Theme::open(const std::string& tokens_path) {
    const auto bytes = TRY(base::read_file(tokens_path, 1u << 20));
    return read(base::as_text(bytes));
}

base::Result<Theme> Theme::read(std::string_view text) {
    const json root = json::parse(text, nullptr, false);
    if (!root.is_object()) return {base::Errc::corrupt, "the theme's tokens are not a JSON object"};
    Reader in(root);
    Theme theme;
    for (std::size_t t = 0; t < theme_names.size(); ++t)
        for (std::size_t r = 0; r < role_count; ++r)
            theme.colours_[t][r] = in.colour("/themes/" + std::string(theme_names[t]) + "/" +
                                             std::string(role_names[r]));
    for (std::size_t r = 0; r < type_role_count; ++r)
        for (std::size_t s = 0; s < size_names.size(); ++s)
            theme.capitals_[r][s] =
                in.mm("/type/capHeight/" + std::string(type_names[r]) + "/" + std::to_string(s));
    for (const auto language : base::all_languages)
        theme.line_heights_[std::size_t(language)] =
            in.number("/type/lineHeight/" + std::string(base::to_string(language)), 1, 3);
    theme.tight_line_height_ = in.number("/type/lineHeight/tight", 1, 3);
    theme.paragraph_gap_ = in.number("/type/paragraphGap", 1, 3);
    theme.measures_ = read_measures(in);
    if (const json* names = in.find("/icon/mirrored"))
        for (const auto& name : *names)
            name.is_string() ? theme.mirrored_icons_.push_back(name.get<std::string>())
                             : in.fail("/icon/mirrored", "holds something that is no name");
    if (!in.fault().empty()) return {base::Errc::corrupt, in.fault()};
    return theme;
}

bool Theme::is_mirrored_icon(std::string_view name) const {
    return std::find(mirrored_icons_.begin(), mirrored_icons_.end(), name) != mirrored_icons_.end();
}

// WCAG 2.2, definitions of relative luminance and contrast ratio.
float contrast(Colour a, Colour b) {
    const auto channel = [](std::uint8_t value) {
        const float c = float(value) / 255;
        return c <= 0.04045f ? c / 12.92f : std::pow((c + 0.055f) / 1.055f, 2.4f);
    };
    const auto luminance = [&](Colour c) {
        return 0.2126f * channel(c.red) + 0.7152f * channel(c.green) + 0.0722f * channel(c.blue);
    };
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05f) / (low + 0.05f);
}

} // namespace screens
