// The canvas: what a screen draws and registers arrives on the glass, and only what changed is
// drawn.
#include "screens/stage.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace screens;

text::FontSet open_fonts() {
    auto fonts = text::FontSet::open("/usr/share/fonts");
    REQUIRE(fonts);
    return std::move(fonts).value();
}

Theme open_theme() {
    auto theme = Theme::open("assets/theme/tokens.json");
    REQUIRE(theme);
    return std::move(theme).value();
}

IconSet open_icons() {
    auto icons = IconSet::open("assets/icons");
    if (!icons) FAIL(icons.error().text());
    return std::move(icons).value();
}

// A page with everything on it: all type roles, shapes, icons, states.
void draw_sample(Canvas& canvas) {
    const auto mm = [&](float v) { return canvas.mm(v); };
    Rect page = canvas.page().inset(mm(14));
    const char* words[] = {"您现在住在哪里？ 𠮷田 0991-12345",
                           "ھازىر قەيەردە تۇرىسىز؟ \u20680991-12345\u2069",
                           "Where do you live now? 0991-12345"};
    const auto text = [&](TypeRole type, bool bold) {
        for (const auto language : base::all_languages) {
            TextStyle style{.type = type, .bold = bold, .language = language};
            const auto extent = canvas.measure(words[int(language)], style, page.w);
            canvas.text(page.take_top(extent.height), words[int(language)], style, "sample");
        }
    };
    text(TypeRole::body, false);
    text(TypeRole::label, true);
    text(TypeRole::heading, true);
    text(TypeRole::title, true);
    auto row = page.take_top(mm(26), mm(6)).columns(3, mm(6));
    const ItemState states[] = {{}, {.chosen = true}, {.waiting = true}};
    for (int i = 0; i < 3; ++i) {
        const std::string id = "button/" + std::to_string(i);
        const Rect r = row[std::size_t(i)];
        canvas.press(id, r, ItemKind::button, "words", states[i]);
        canvas.box(r.moved(0, mm(1)), {.radius_mm = 3, .fill = Role::lip});
        if (i == 2)
            canvas.box(r, {.radius_mm = 3,
                           .fill = Role::disabled,
                           .edge = Role::edge,
                           .edge_mm = .5f,
                           .dashed = true});
        else
            canvas.box(r, {.radius_mm = 3,
                           .fill = i ? Role::selected : Role::primary,
                           .edge = Role::selected_edge,
                           .edge_mm = .5f});
        canvas.text(
            r, base::is_right_to_left(canvas.settings().language) ? "داۋاملاشتۇرۇش" : "继续 Go on",
            {.type = TypeRole::label,
             .colour = i == 0 ? Role::primary_text : Role::text,
             .bold = true,
             .tight = true,
             .align = text::Align::center,
             .vertical = VerticalAlign::middle},
            id);
    }
    page.take_top(mm(4));
    auto shapes = page.take_top(mm(24), mm(4)).columns(6, mm(4));
    canvas.circle(shapes[0].center(), mm(10), Role::success);
    canvas.ring(shapes[1].center(), mm(10), 1, Role::error);
    canvas.box(shapes[2], {.radius_mm = 4, .edge = Role::edge, .edge_mm = 1});
    const Point zig[] = {{shapes[3].x, shapes[3].y},
                         {shapes[3].right(), shapes[3].center().y},
                         {shapes[3].x, shapes[3].bottom()}};
    canvas.polyline(zig, 1.5f, Role::text);
    const Point tri[] = {{shapes[4].center().x, shapes[4].y},
                         {shapes[4].right(), shapes[4].bottom()},
                         {shapes[4].x, shapes[4].bottom()}};
    canvas.polygon(tri, Role::warning);
    const std::uint8_t bits[9] = {1, 0, 1, 0, 1, 0, 1, 1, 0};
    canvas.qr(shapes[5], bits, 3);
    const auto icons = open_icons().names();
    const float side = mm(16);
    for (std::size_t i = 0; i < icons.size(); ++i) {
        const Rect at{page.x + float(i % 12) * (side + mm(4)),
                      page.y + float(i / 12) * (side + mm(4)), side, side};
        canvas.icon(icons[i], at, Role::text);
    }
    page.take_top(5 * (side + mm(4)));
    canvas.text(page.take_top(mm(20)), "U+10FFFF: \U0010FFFF U+0E01: \u0E01\U000E0100",
                {.type = TypeRole::heading}, "missing");
}

} // namespace

TEST_CASE("a sample page for looking at", "[.][canvas]") {
    auto fonts = open_fonts();
    Stage stage({}, fonts, open_theme(), open_icons());
    int n = 0;
    for (const auto theme : all_themes)
        for (const auto language : base::all_languages) {
            auto& canvas =
                stage.begin({.focus = "button/1"}, {.language = language, .theme = theme});
            draw_sample(canvas);
            const auto frame = stage.end();
            WARN(frame.faults->text());
            const auto png = base::encode_png(stage.to_picture());
            REQUIRE(png);
            REQUIRE(
                base::write_file_durably("/tmp/text_sample_" + std::to_string(n++) + ".png", *png));
        }
}
