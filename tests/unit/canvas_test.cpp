// The canvas: what a screen draws and registers arrives on the glass, only what changed is drawn,
// and nothing stays when a session ends.
#include "kiosk/text/unicode.hpp"
#include "screens/glyph_atlas.hpp"
#include "screens/stage.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <unistd.h>

namespace {

using namespace screens;
using base::Language;

text::FontSet open_fonts() {
    auto fonts = text::FontSet::open("/usr/share/fonts");
    if (!fonts) FAIL(fonts.error().text());
    return std::move(fonts).value();
}

Theme open_theme() {
    auto theme = Theme::open("assets/theme/tokens.json");
    if (!theme) FAIL(theme.error().text());
    return std::move(theme).value();
}

IconSet open_icons() {
    auto icons = IconSet::open("assets/icons");
    if (!icons) FAIL(icons.error().text());
    return std::move(icons).value();
}

struct Glass {
    text::FontSet fonts = open_fonts();
    Stage stage;
    DisplaySettings settings{};

    explicit Glass(Panel panel = {}) : stage(panel, fonts, open_theme(), open_icons()) {}

    // One frame of a screen. What is returned is a copy that outlives the next frame.
    struct Shown {
        std::vector<PixelRect> damage;
        std::vector<Item> items;
        Faults faults;
    };
    template <class Screen> Shown frame(const Input& input, Screen screen) {
        screen(stage.begin(input, settings));
        const Frame frame = stage.end();
        return {{frame.damage.begin(), frame.damage.end()}, *frame.items, *frame.faults};
    }
    template <class Screen> Shown frame(Screen screen) { return frame(Input{}, screen); }
};

std::uint32_t rgb(Colour c) {
    return std::uint32_t(c.red) << 16 | std::uint32_t(c.green) << 8 | c.blue;
}

std::uint32_t pixel(const base::Picture& picture, int x, int y) {
    const auto* at = picture.row(y) + 3 * x;
    return std::uint32_t(at[0]) << 16 | std::uint32_t(at[1]) << 8 | at[2];
}

constexpr Rect button_rect{100, 200, 300, 120};

bool press_button(Canvas& canvas, ItemState state = {}) {
    return canvas.press("actions/go", button_rect, ItemKind::button, "go on", state);
}

// Every kind of thing a screen can draw, placed by a random source.
void draw_anything(Canvas& canvas, unsigned seed, int count) {
    std::mt19937 random(seed);
    const auto up_to = [&](int limit) { return float(random() % unsigned(limit)); };
    static const auto icons = open_icons().names();
    const char* words[] = {"请将身份证放在读卡区", "كىملىكىڭىزنى قويۇڭ", "Lay the card flat",
                           "659900 1234"};
    base::Picture noise{40, 30, 3, base::Bytes(40 * 30 * 3)};
    for (auto& byte : noise.pixels) byte = std::uint8_t(random());
    for (int i = 0; i < count; ++i) {
        const Rect at{up_to(900), up_to(1700), 60 + up_to(300), 40 + up_to(200)};
        const Role role = Role(random() % role_count);
        switch (random() % 9) {
        case 0: canvas.fill(at, role); break;
        case 1: canvas.box(at, {.radius_mm = up_to(6), .fill = role, .edge = Role::edge}); break;
        case 2:
            canvas.box(
                at,
                {.radius_mm = up_to(6), .edge = role, .edge_mm = 1, .dashed = random() % 2 == 0});
            break;
        case 3: canvas.circle(at.center(), at.h / 2, role); break;
        case 4: canvas.ring(at.center(), at.h / 2, 1, role); break;
        case 5: canvas.line({at.x, at.y}, {at.right(), at.bottom()}, 1, role); break;
        case 6: canvas.icon(icons[random() % icons.size()], at, role); break;
        case 7: canvas.picture("noise" + std::to_string(i), at, noise); break;
        default:
            canvas.text(at, words[random() % 4],
                        {.type = TypeRole(random() % 6), .colour = role, .bold = random() % 2 == 0},
                        "words");
        }
    }
}

} // namespace

// --- drawing

TEST_CASE("a shape has the colour of its role in each theme", "[unit][canvas]") {
    Glass glass;
    for (const auto theme : all_themes) {
        glass.settings.theme = theme;
        glass.frame([](Canvas& canvas) { canvas.fill({10, 20, 30, 40}, Role::primary); });
        const auto picture = glass.stage.to_picture();
        const auto& colours = glass.stage.theme();
        CHECK(pixel(picture, 10, 20) == rgb(colours.colour(theme, Role::primary)));
        CHECK(pixel(picture, 39, 59) == rgb(colours.colour(theme, Role::primary)));
        CHECK(pixel(picture, 40, 59) == rgb(colours.colour(theme, Role::background)));
        CHECK(pixel(picture, 9, 20) == rgb(colours.colour(theme, Role::background)));
    }
}

TEST_CASE("a rounded box is whole inside, empty outside and the same at its four corners",
          "[unit][canvas]") {
    Glass glass;
    const auto ink = rgb(glass.stage.theme().colour(ThemeName::light, Role::text));
    const auto paper = rgb(glass.stage.theme().colour(ThemeName::light, Role::background));
    for (const float radius_mm : {0.f, 0.25f, 1.f, 3.f, 6.f, 40.f}) {
        glass.frame([&](Canvas& canvas) {
            canvas.box({100, 200, 160, 120}, {.radius_mm = radius_mm, .fill = Role::text});
        });
        const auto shown = glass.stage.to_picture();
        const float radius = std::min(60.f, std::floor(radius_mm * 4.03f + 0.5f));
        int wrong = 0;
        for (int y = 0; y < 122; ++y)
            for (int x = -1; x < 162; ++x) {
                const auto at = [&](int u, int v) { return pixel(shown, 100 + u, 200 + v); };
                const float dx =
                    std::max({radius - (float(x) + 0.5f), float(x) + 0.5f - (160 - radius), 0.f});
                const float dy =
                    std::max({radius - (float(y) + 0.5f), float(y) + 0.5f - (120 - radius), 0.f});
                const float out = std::sqrt(dx * dx + dy * dy) - radius; // beyond the curve
                const bool inside = x >= 0 && x < 160 && y >= 0 && y < 120;
                if (inside && out < -1 && at(x, y) != ink) ++wrong;
                if ((!inside || out > 1) && at(x, y) != paper) ++wrong;
                if (inside && (at(x, y) & 255) != (at(159 - x, 119 - y) & 255)) {
                    const int a = int(at(x, y) & 255), b = int(at(159 - x, 119 - y) & 255);
                    if (std::abs(a - b) > 2) ++wrong;
                }
            }
        INFO("radius " << radius_mm << " mm");
        CHECK(wrong == 0);
    }
}

TEST_CASE("filled circles have no seams, wherever they lie", "[unit][canvas]") {
    const unsigned seed = 31;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    Glass glass;
    const auto ink = rgb(glass.stage.theme().colour(ThemeName::light, Role::error));
    constexpr float radius = 50, pitch = 108;
    for (int round = 0; round < 8; ++round) {
        std::vector<Point> centers;
        for (float y = pitch / 2; y + pitch / 2 < 1920; y += pitch)
            for (float x = pitch / 2; x + pitch / 2 < 1080; x += pitch)
                centers.push_back(
                    {x + float(random() % 1024) / 1024, y + float(random() % 1024) / 1024});
        glass.frame([&](Canvas& canvas) {
            for (const Point& center : centers) canvas.circle(center, radius, Role::error);
        });
        const auto picture = glass.stage.to_picture();
        int seams = 0;
        for (const Point& center : centers)
            for (int y = int(center.y) - 47; y < int(center.y) + 47; ++y)
                for (int x = int(center.x) - 47; x < int(center.x) + 47; ++x) {
                    const float dx = float(x) + 0.5f - center.x, dy = float(y) + 0.5f - center.y;
                    if (dx * dx + dy * dy < 48 * 48 && pixel(picture, x, y) != ink) ++seams;
                }
        CHECK(seams == 0);
    }
}

TEST_CASE("an unchanged frame draws nothing", "[unit][canvas]") {
    Glass glass;
    const auto screen = [](Canvas& canvas) { draw_anything(canvas, 1, 80); };
    CHECK(!glass.frame(screen).damage.empty());
    CHECK(glass.frame(screen).damage.empty());
    glass.stage.damage_all();
    CHECK(glass.frame(screen).damage == std::vector<PixelRect>{{0, 0, 1080, 1920}});
}

TEST_CASE("a small change damages only the cells around it", "[unit][canvas]") {
    Glass glass;
    const auto screen = [](Canvas& canvas, Role role) {
        draw_anything(canvas, 2, 40);
        canvas.fill({130, 70, 10, 10}, role);
    };
    glass.frame([&](Canvas& canvas) { screen(canvas, Role::error); });
    const auto damage = glass.frame([&](Canvas& canvas) { screen(canvas, Role::success); }).damage;
    CHECK(damage == std::vector<PixelRect>{{128, 64, 64, 64}});
}

TEST_CASE("drawing what changed gives the same pixels as drawing all", "[unit][canvas]") {
    const unsigned seed = 99;
    INFO("seed " << seed);
    Glass changed, whole;
    std::mt19937 random(seed);
    for (int round = 0; round < 12; ++round) {
        const unsigned fixed = 7, moving = unsigned(random());
        const auto language = base::all_languages[random() % 3];
        changed.settings.language = whole.settings.language = language;
        const auto screen = [&](Canvas& canvas) {
            draw_anything(canvas, fixed, 30);
            draw_anything(canvas, moving, 3);
        };
        changed.frame(screen);
        whole.stage.wipe(); // another order of glyphs in the cache must not show either
        whole.frame(screen);
        CHECK(changed.stage.to_picture() == whole.stage.to_picture());
    }
}

TEST_CASE("a picture is shown whole, true in shape, and redrawn when it changes",
          "[unit][canvas]") {
    Glass glass;
    base::Picture picture{100, 50, 3, base::Bytes(100 * 50 * 3, 10)};
    Rect covered;
    const auto screen = [&](Canvas& canvas) {
        covered = canvas.picture("camera", {200, 300, 400, 400}, picture);
    };
    glass.frame(screen);
    CHECK(covered.w == 400);
    CHECK(covered.h == 200);
    CHECK(covered.y == 400);
    CHECK(pixel(glass.stage.to_picture(), 210, 410) == 0x0A0A0A);
    CHECK(glass.frame(screen).damage.empty());
    picture.pixels[0] = 200; // one channel of one pixel
    const auto damage = glass.frame(screen).damage;
    REQUIRE(!damage.empty());
    for (const auto& rect : damage)
        CHECK((rect.x >= 192 && rect.x + rect.w <= 640 && rect.y >= 384));
    CHECK(pixel(glass.stage.to_picture(), 200, 400) == 0xC80A0A);
}

TEST_CASE("a large picture is averaged, not sampled", "[unit][canvas]") {
    Glass glass;
    base::Picture checks{200, 200, 1, base::Bytes(200 * 200)};
    for (int y = 0; y < 200; ++y)
        for (int x = 0; x < 200; ++x) checks.row(y)[x] = (x + y) % 2 ? 255 : 0;
    glass.frame([&](Canvas& canvas) { canvas.picture("checks", {0, 0, 100, 100}, checks); });
    const auto shown = glass.stage.to_picture();
    for (int i = 0; i < 100; ++i) CHECK(pixel(shown, i, 99 - i) == 0x808080);
}

TEST_CASE("a QR symbol has whole modules and a quiet zone in every theme and direction",
          "[unit][canvas]") {
    const std::vector<std::uint8_t> modules{1, 0, 0, 1, 1, 0, 0, 0, 1};
    for (const auto theme : all_themes)
        for (const auto language : base::all_languages) {
            Glass glass;
            glass.settings = {.language = language, .theme = theme};
            glass.frame([&](Canvas& canvas) { canvas.qr({490, 100, 100, 100}, modules, 3); });
            const auto shown = glass.stage.to_picture();
            // 100 pixels hold 3 + 8 modules of 9 pixels: 99 pixels from (491, 101) or (490, 100).
            const int x0 = pixel(shown, 490, 150) == 0xFFFFFF ? 490 : 491,
                      y0 = pixel(shown, 540, 100) == 0xFFFFFF ? 100 : 101;
            for (int y = 0; y < 11; ++y)
                for (int x = 0; x < 11; ++x) {
                    const bool inside = x >= 4 && x < 7 && y >= 4 && y < 7;
                    const bool dark = inside && modules[std::size_t((y - 4) * 3 + x - 4)];
                    CHECK(pixel(shown, x0 + 9 * x + 4, y0 + 9 * y + 4) == (dark ? 0u : 0xFFFFFFu));
                }
        }
}

// --- direction

TEST_CASE("in Uyghur the page is mirrored, except what has no direction", "[unit][canvas]") {
    Glass glass;
    glass.settings.language = Language::ug;
    const auto shown = glass.frame([](Canvas& canvas) {
        CHECK(canvas.is_right_to_left());
        press_button(canvas);
        {
            const Canvas::Unmirrored keyboard(canvas);
            canvas.press("board/1", {20, 600, 100, 100}, ItemKind::key, "1");
        }
        canvas.press("after", {20, 800, 100, 100}, ItemKind::key, "2");
    });
    CHECK(shown.items[0].rect.x == 1080 - 400);
    CHECK(shown.items[0].rect.w == 300);
    CHECK(shown.items[1].rect.x == 20);
    CHECK(shown.items[2].rect.x == 1080 - 120);
}

TEST_CASE("slices of a page add up to the page", "[unit][canvas]") {
    Rect page{10, 20, 300, 200};
    CHECK(page.take_top(30, 5).h == 30);
    CHECK(page.take_bottom(20).y == 200);
    CHECK(page.take_start(50, 10).x == 10);
    CHECK(page.take_end(40).x == 270);
    CHECK(page.x == 70);
    CHECK(page.y == 55);
    CHECK(page.w == 200);
    CHECK(page.h == 145);
    const auto parts = page.columns(3, 10);
    CHECK(parts[2].right() == Approx(page.right()));
    CHECK(parts[1].x - parts[0].right() == Approx(10));
    CHECK(page.rows(4, 3).back().bottom() == Approx(page.bottom()));
}

TEST_CASE("only icons with a direction are mirrored", "[unit][canvas]") {
    Glass glass;
    const auto ink_side = [&](const char* name, Language language) {
        glass.settings.language = language;
        glass.frame([&](Canvas& canvas) { canvas.icon(name, {490, 100, 100, 100}, Role::text); });
        const auto shown = glass.stage.to_picture();
        const auto paper = rgb(glass.stage.theme().colour(ThemeName::light, Role::background));
        std::array<long, 2> ink{};
        for (int y = 100; y < 200; ++y)
            for (int x = 490; x < 590; ++x) ink[x < 540 ? 0 : 1] += pixel(shown, x, y) != paper;
        return ink;
    };
    CHECK(ink_side("arrow-end", Language::zh) != ink_side("arrow-end", Language::ug));
    const auto [left, right] = ink_side("arrow-end", Language::zh);
    CHECK(right > left);
    CHECK(ink_side("phone", Language::zh) == ink_side("phone", Language::ug));
    CHECK(ink_side("search", Language::zh) == ink_side("search", Language::ug));
}

// --- pressing

namespace {

// Presses at one point and releases at another; says in which frames the button reported a press.
std::vector<bool> tap(Glass& glass, Point from, Point to, ItemState state = {}) {
    std::vector<bool> reported;
    const Input inputs[] = {{from, false}, {from, true}, {to, true}, {to, false}, {to, false}};
    for (const auto& input : inputs)
        glass.frame(input, [&](Canvas& canvas) {
            reported.push_back(press_button(canvas, state));
            canvas.press("other", {100, 400, 300, 120}, ItemKind::button, "other");
        });
    return reported;
}

const std::vector<bool> once{false, false, false, true, false};
const std::vector<bool> never{false, false, false, false, false};

} // namespace

TEST_CASE("a button acts once when touch and release both fall inside", "[unit][canvas]") {
    Glass glass;
    CHECK(tap(glass, {110, 210}, {390, 310}) == once);
    CHECK(tap(glass, {110, 210}, {110, 210}) == once);
}

TEST_CASE("a finger that slides off or comes from elsewhere does nothing", "[unit][canvas]") {
    Glass glass;
    CHECK(tap(glass, {110, 210}, {50, 210}) == never);
    CHECK(tap(glass, {50, 210}, {110, 210}) == never);
    CHECK(tap(glass, {110, 410}, {110, 210}) == never); // from the other button
    CHECK(tap(glass, {110, 210}, {110, 410}) == never);
    CHECK(tap(glass, {110, 210}, {110, 210}) == once); // and the next tap is not lost
}

TEST_CASE("a waiting button answers, a disabled one does not", "[unit][canvas]") {
    Glass glass;
    CHECK(tap(glass, {110, 210}, {110, 210}, {.waiting = true}) == once);
    CHECK(tap(glass, {110, 210}, {110, 210}, {.disabled = true}) == never);
}

TEST_CASE("a tap works in the very first frames and right after a wipe", "[unit][canvas]") {
    Glass glass;
    for (int round = 0; round < 2; ++round) {
        bool pressed = false;
        glass.frame({{150, 250}, true}, [&](Canvas& canvas) { pressed = press_button(canvas); });
        glass.frame({{150, 250}, false}, [&](Canvas& canvas) { pressed = press_button(canvas); });
        CHECK(pressed);
        glass.stage.wipe();
    }
}

TEST_CASE("the select key presses the item it names", "[unit][canvas]") {
    Glass glass;
    const auto pressed_by = [&](const char* id, ItemState state) {
        bool pressed = false;
        glass.frame({.activate = id},
                    [&](Canvas& canvas) { pressed = press_button(canvas, state); });
        return pressed;
    };
    CHECK(pressed_by("actions/go", {}));
    CHECK(!pressed_by("actions/back", {}));
    CHECK(!pressed_by("actions/go", {.disabled = true}));
}

TEST_CASE("a button looks pressed only while the finger is on it", "[unit][canvas]") {
    Glass glass;
    const auto is_pressed = [&](Point at, bool down) {
        bool pressed = false;
        glass.frame({at, down}, [&](Canvas& canvas) {
            press_button(canvas);
            pressed = canvas.is_pressed("actions/go");
        });
        return pressed;
    };
    CHECK(!is_pressed({150, 250}, false));
    CHECK(is_pressed({150, 250}, true));
    CHECK(!is_pressed({50, 250}, true));
    CHECK(is_pressed({150, 250}, true));
    CHECK(!is_pressed({150, 250}, false));
}

TEST_CASE("items are listed in focus order with what is said about them", "[unit][canvas]") {
    Glass glass;
    const auto items =
        glass
            .frame([](Canvas& canvas) {
                press_button(canvas, {.chosen = true});
                canvas.press("rail/staff", {10, 1700, 150, 120}, ItemKind::button, "call staff");
            })
            .items;
    REQUIRE(items.size() == 2);
    CHECK(items[0].id == "actions/go");
    CHECK(items[0].label == "go on");
    CHECK(items[0].state.chosen);
    CHECK(items[1].id == "rail/staff");
}

TEST_CASE("the focused item has a ring that is seen on every ground", "[unit][canvas]") {
    for (const auto theme : all_themes) {
        Glass glass;
        glass.settings.theme = theme;
        for (const Role ground : {Role::background, Role::primary, Role::text}) {
            const auto shown = [&](const char* focus) {
                glass.frame({.focus = focus}, [&](Canvas& canvas) {
                    canvas.fill(canvas.page(), ground);
                    press_button(canvas);
                    CHECK(canvas.is_focused("actions/go") == (std::string(focus) == "actions/go"));
                });
                return glass.stage.to_picture();
            };
            CHECK(shown("") == shown("rail/staff")); // not on this screen
            const auto with = shown("actions/go");
            // Some pixel left of the button differs from the ground by 3:1 or more.
            const Colour under = glass.stage.theme().colour(theme, ground);
            float best = 1;
            for (int x = 80; x < 100; ++x) {
                const auto p = pixel(with, x, 260);
                best = std::max(
                    best, contrast({std::uint8_t(p >> 16), std::uint8_t(p >> 8), std::uint8_t(p)},
                                   under));
            }
            CHECK(best >= 3);
        }
    }
}

TEST_CASE("a stroke is what the finger drew, also in Uyghur", "[unit][canvas]") {
    for (const auto language : base::all_languages) {
        Glass glass;
        glass.settings.language = language;
        std::vector<Stroke> strokes;
        std::size_t shown = 0;
        const auto screen = [&](Canvas& canvas) {
            const Canvas::Unmirrored board(canvas);
            if (auto stroke = canvas.drag("sign/board", {100, 500, 800, 400}, "sign here"))
                strokes.push_back(*stroke);
            shown = std::max(shown, canvas.stroke_in_progress("sign/board").size());
        };
        const Point path[] = {{150, 600}, {200, 650}, {200, 650}, {300, 600}};
        for (const auto& point : path) glass.frame({point, true}, screen);
        CHECK(strokes.empty());
        glass.frame({{300, 600}, false}, screen);
        REQUIRE(strokes.size() == 1);
        REQUIRE(strokes[0].size() == 3); // where the finger rested counts once
        CHECK(shown == 3);
        CHECK(strokes[0][0].x == 50);
        CHECK(strokes[0][0].y == 100);
        CHECK(strokes[0][2].x == 200);
        glass.frame({{300, 600}, false}, screen);
        CHECK(strokes.size() == 1);
    }
}

TEST_CASE("a stroke that leaves the board stays on it, one from outside does not begin",
          "[unit][canvas]") {
    Glass glass;
    std::optional<Stroke> stroke;
    const auto screen = [&](Canvas& canvas) {
        stroke = canvas.drag("sign/board", {100, 500, 800, 400}, "sign");
    };
    for (const Point p : {Point{150, 600}, Point{20, 300}}) glass.frame({p, true}, screen);
    glass.frame({{20, 300}, false}, screen);
    REQUIRE(stroke);
    CHECK(stroke->back().x == 0);
    CHECK(stroke->back().y == 0);
    for (const Point p : {Point{20, 300}, Point{150, 600}}) glass.frame({p, true}, screen);
    glass.frame({{150, 600}, false}, screen);
    CHECK(!stroke);
}

// --- faults

TEST_CASE("what a layout got wrong is named", "[unit][canvas]") {
    Glass glass;
    const auto faults = glass
                            .frame([](Canvas& canvas) {
                                const auto item = [&](const char* id, Rect rect) {
                                    canvas.press(id, rect, ItemKind::button, "");
                                };
                                item("small", {100, 100, 100, 58});
                                item("a", {100, 300, 100, 100});
                                item("b", {206, 300, 100, 100});
                                item("twice", {100, 600, 100, 100});
                                item("twice", {400, 600, 100, 100});
                                item("outside", {1000, 900, 100, 100});
                                canvas.icon("no-such-icon", {0, 0, 40, 40}, Role::text);
                                canvas.text({0, 0, 40, 400}, "Donaudampfschiff", {}, "wide");
                                canvas.text({0, 0, 400, 20}, "high", {}, "high");
                                canvas.text({0, 0, 400, 90}, "\U0010FFFF", {}, "rare");
                            })
                            .faults;
    CHECK(faults.small_targets == std::vector<std::string>{"small"});
    CHECK(faults.close_targets == std::vector<std::string>{"a | b"});
    CHECK(faults.duplicate_ids == std::vector<std::string>{"twice"});
    CHECK(faults.outside == std::vector<std::string>{"outside"});
    CHECK(faults.unknown_icons == std::vector<std::string>{"no-such-icon"});
    CHECK(faults.overflowing == std::vector<std::string>{"wide", "high"});
    CHECK(faults.missing_glyphs == std::vector<char32_t>{0x10FFFF});
    CHECK(!faults.empty());
    CHECK(faults.text().find("too close: a | b") != std::string::npos);
    CHECK(faults.text().find("no glyph for: U+10FFFF") != std::string::npos);
    CHECK(glass.frame([](Canvas& canvas) { press_button(canvas); }).faults.empty());
}

TEST_CASE("words that cannot be read on their ground are named", "[unit][canvas]") {
    Glass glass;
    for (const auto theme : all_themes) {
        glass.settings.theme = theme;
        glass.frame([](Canvas& canvas) {
            canvas.fill({0, 200, 600, 100}, Role::primary);
            canvas.text({20, 20, 500, 90}, "现在 good", {.bold = true}, "good");
            canvas.text({20, 210, 500, 90}, "现在 good",
                        {.colour = Role::primary_text, .bold = true}, "button");
            canvas.text({20, 320, 500, 90}, "现在 bad", {.colour = Role::background, .bold = true},
                        "paper on paper");
        });
        CHECK(glass.stage.texts_below_contrast(7) == std::vector<std::string>{"paper on paper"});
    }
}

TEST_CASE("words that run into each other are named", "[unit][canvas]") {
    Glass glass;
    glass.frame([](Canvas& canvas) {
        canvas.text({20, 20, 500, 90}, "一二三", {}, "a");
        canvas.text({20, 70, 500, 90}, "一二三", {}, "below a");
        canvas.text({60, 75, 500, 90}, "四五六", {}, "over b");
        canvas.text({20, 20, 500, 90}, "四五六", {.align = text::Align::end}, "beside a");
        canvas.text({20, 20, 500, 90}, " ", {}, "nothing");
    });
    CHECK(glass.stage.colliding_texts() == std::vector<std::string>{"below a | over b"});
}

TEST_CASE("a text that was measured fits at every size, language and panel", "[unit][canvas]") {
    const char* words[] = {"请将身份证放在读卡区，听到“嘀”声后取回。",
                           "كىملىكىڭىزنى ئوقۇغۇچنىڭ ئۈستىگە قويۇڭ، ئاۋازنى ئاڭلاڭ.",
                           "Lay your card flat on the reader and wait for the sound."};
    for (const Panel panel : {Panel{}, Panel{1920, 1080, 4.03f}, Panel{2160, 3840, 5.42f}}) {
        Glass glass(panel);
        for (const auto language : base::all_languages)
            for (const auto size : all_text_sizes)
                for (unsigned type = 0; type < type_role_count; ++type) {
                    glass.settings.language = language;
                    glass.settings.text_size = size;
                    const auto faults =
                        glass
                            .frame([&](Canvas& canvas) {
                                const TextStyle style{.type = TypeRole(type),
                                                      .tight = type % 2 == 1};
                                const auto extent =
                                    canvas.measure(words[int(language)], style, 900);
                                canvas.text({20, 20, 900, extent.height}, words[int(language)],
                                            style, "t");
                                CHECK(extent.height ==
                                      Approx(canvas.line_height(style) * float(extent.lines))
                                          .margin(1));
                            })
                            .faults;
                    INFO(faults.text());
                    CHECK(faults.empty());
                }
    }
}

TEST_CASE("the caret follows the text from its start side", "[unit][canvas]") {
    Glass glass;
    const Rect field{100, 100, 600, 80};
    const auto caret_at = [&](Language language, const char* words, std::size_t offset) {
        Rect caret;
        glass.settings.language = language;
        glass.frame([&](Canvas& canvas) { caret = canvas.caret(field, words, {}, offset); });
        return caret;
    };
    CHECK(caret_at(Language::zh, "", 0).x == Approx(100));
    CHECK(caret_at(Language::zh, "中文", 6).x > caret_at(Language::zh, "中文", 3).x);
    CHECK(caret_at(Language::ug, "", 0).x == Approx(100));
    CHECK(caret_at(Language::ug, "در", 4).x > caret_at(Language::ug, "در", 2).x);
    CHECK(caret_at(Language::zh, "中文", 999).x == caret_at(Language::zh, "中文", 6).x);
}

TEST_CASE("a touch in a text sets the caret where the finger was", "[unit][canvas]") {
    Glass glass;
    const Rect field{100, 100, 400, 400};
    const char* words[] = {"请将身份证放在读卡区，听到“嘀”声后取回。再填电话 0991-12345。",
                           "كىملىكىڭىزنى ئوقۇغۇچنىڭ ئۈستىگە قويۇڭ 0991-12345 (A) ئاڭلاڭ",
                           "Lay your card flat, ئالما, and wait for 嘀."};
    for (const auto language : base::all_languages)
        for (const auto* sentence : words)
            for (const auto vertical : {VerticalAlign::top, VerticalAlign::middle}) {
                INFO(sentence);
                glass.settings.language = language;
                const TextStyle style{.vertical = vertical};
                glass.frame([&](Canvas& canvas) {
                    std::set<int> lines;
                    for (std::size_t at = 0;; at = text::next_boundary(sentence, at)) {
                        const Rect caret = canvas.caret(field, sentence, style, at);
                        CHECK(caret.x >= field.x);
                        CHECK(caret.right() <= field.right());
                        const auto back = canvas.offset_at(field, sentence, style, caret.center());
                        // Two offsets may share one place, never two places one offset; what
                        // ends a line is shown at the beginning of the next.
                        const Rect again = canvas.caret(field, sentence, style, back);
                        CHECK(again.x == Approx(caret.x).margin(0.5));
                        const int line = canvas.caret_line(sentence, style, field.w, at);
                        const bool next_line =
                            canvas.caret_line(sentence, style, field.w, back) == line + 1;
                        CHECK((next_line || again.y == Approx(caret.y)));
                        lines.insert(line);
                        if (at == std::strlen(sentence)) break;
                    }
                    CHECK(int(lines.size()) == canvas.measure(sentence, style, field.w).lines);
                });
            }
}

TEST_CASE("a text that scrolls shows its lines with the caret on them", "[unit][canvas]") {
    Glass glass;
    const std::string words = "第一行\n第二行\n第三行\n第四行";
    glass.frame([&](Canvas& canvas) {
        const float line = canvas.line_height({});
        const Rect field{100, 100, 400, 2 * line};
        CHECK(!canvas.text_lines(field, words, {}, 1, 3, "too high"));
        CHECK(canvas.text_lines(field.moved(0, 500), words, {}, 2, 2, "fits"));
        CHECK(canvas.text_lines(field.moved(0, 900), words, {}, 3, 2, "the last"));
        const auto third = words.find("第三");
        CHECK(canvas.caret_line(words, {}, field.w, third) == 2);
        CHECK(canvas.caret(field, words, {}, third, 2).center().y ==
              Approx(100 + line / 2).margin(1));
        CHECK(canvas.offset_at(field, words, {}, {90, 101}, 2) == third);
        CHECK(canvas.offset_at(field, words, {}, {90, 101 + line}, 2) == words.find("第四"));
        CHECK(canvas.offset_at(field, words, {}, {990, 9000}, 2) == words.size());
    });
}

// --- theme and icons

TEST_CASE("the text room and the design tokens agree on sizes", "[unit][theme]") {
    const auto bytes = base::read_file("assets/theme/tokens.json");
    REQUIRE(bytes);
    const auto tokens = nlohmann::json::parse(base::as_text(*bytes));
    const auto& faces = tokens["type"]["faces"];
    CHECK(text::reference_capital_ratio == faces["zh"]["capRatio"].get<float>());
    const auto factor = [&](const char* language) {
        return Approx(faces[language]["sizeFactor"].get<float>() * text::reference_capital_ratio /
                      faces[language]["capRatio"].get<float>());
    };
    CHECK(text::size_factor(text::FaceId::cjk) == factor("zh"));
    CHECK(text::size_factor(text::FaceId::uyghur) == factor("ug"));
    CHECK(text::size_factor(text::FaceId::latin) == factor("en"));
    const auto theme = open_theme();
    for (const auto language : base::all_languages)
        CHECK(text::default_line_height(language) == theme.line_height(language));
    CHECK(text::tight_line_height == theme.tight_line_height());
}

TEST_CASE("a token that is missing or senseless is named", "[unit][theme]") {
    const auto bytes = base::read_file("assets/theme/tokens.json");
    REQUIRE(bytes);
    const auto tokens = nlohmann::json::parse(base::as_text(*bytes));
    REQUIRE(Theme::read(tokens.dump()));
    // What the program does not read: it explains the design, or belongs to a browser.
    const char* unread[] = {"/about",          "/panel",       "/grid/columns", "/zones",
                            "/type/rule",      "/type/sizes",  "/type/default", "/type/measureMax",
                            "/type/weights",   "/type/faces",  "/radius/rule",  "/elevation",
                            "/icon/grid",      "/icon/stroke", "/icon/cap",     "/icon/join",
                            "/icon/mirrored/", "/motion",      "/sound"};
    int refused = 0;
    const auto flat = tokens.flatten();
    for (const auto& [pointer, value] : flat.items()) {
        const bool is_unread = std::any_of(std::begin(unread), std::end(unread),
                                           [&](const char* p) { return pointer.rfind(p, 0) == 0; });
        for (const auto& wrong : {nlohmann::json(), nlohmann::json("#12"), nlohmann::json(-1)}) {
            auto broken = tokens;
            broken[nlohmann::json::json_pointer(pointer)] = wrong;
            const auto theme = Theme::read(broken.dump());
            INFO(pointer);
            if (is_unread) continue;
            REQUIRE(!theme);
            CHECK(theme.error().code == base::Errc::corrupt);
            CHECK(theme.error().context.find(pointer) != std::string::npos);
            ++refused;
        }
    }
    CHECK(refused > 500);
    CHECK(!Theme::read("{"));
    CHECK(!Theme::read("[]"));
}

TEST_CASE("contrast is WCAG's", "[unit][theme]") {
    CHECK(contrast({0, 0, 0}, {255, 255, 255}) == Approx(21));
    CHECK(contrast({118, 118, 118}, {255, 255, 255}) ==
          Approx(4.54f).margin(0.01)); // #767676, the known border of AA
    CHECK(contrast({1, 2, 3}, {1, 2, 3}) == Approx(1));
}

TEST_CASE("every text colour can be read on its ground in every theme", "[unit][theme]") {
    const auto theme = open_theme();
    const std::pair<Role, Role> pairs[] = {{Role::text, Role::background},
                                           {Role::text, Role::surface},
                                           {Role::text, Role::sunken},
                                           {Role::muted, Role::background},
                                           {Role::muted, Role::surface},
                                           {Role::accent_text, Role::background},
                                           {Role::primary_text, Role::primary},
                                           {Role::primary_pressed_text, Role::primary_pressed},
                                           {Role::secondary_text, Role::secondary},
                                           {Role::secondary_pressed_text, Role::secondary_pressed},
                                           {Role::quiet_text, Role::background},
                                           {Role::quiet_pressed_text, Role::quiet_pressed},
                                           {Role::selected_text, Role::selected},
                                           {Role::disabled_text, Role::disabled},
                                           {Role::success_text, Role::success_tint},
                                           {Role::warning_text, Role::warning_tint},
                                           {Role::error_text, Role::error_tint},
                                           {Role::overlay_text, Role::overlay}};
    for (const auto name : all_themes)
        for (const auto& [ink, ground] : pairs) {
            INFO(to_string(name) << " " << to_string(ink) << " on " << to_string(ground));
            CHECK(contrast(theme.colour(name, ink), theme.colour(name, ground)) >=
                  7); // spec ui-text §7
        }
}

TEST_CASE("every icon has ink, at every size, and its mirror image has as much", "[unit][icons]") {
    const auto icons = open_icons();
    CHECK(icons.names().size() == 59); // design README: 56, and the three faces of the rating
    for (const auto& name : icons.names())
        for (const int side : {24, 41, 160}) {
            const auto ink = [&](bool mirrored) {
                long sum = 0;
                for (const auto c : icons.mask(name, side, mirrored).coverage) sum += c;
                return sum;
            };
            INFO(name << " at " << side);
            CHECK(ink(false) > 0);
            CHECK(double(ink(true)) == Approx(double(ink(false))).epsilon(0.03));
        }
}

namespace {

struct IconFolder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("icons_" + std::to_string(getpid()));
    IconFolder() { std::filesystem::create_directories(path); }
    ~IconFolder() { std::filesystem::remove_all(path); }
    base::Result<IconSet> open_with(const std::string& svg) const {
        std::ofstream(path / "strange.svg") << svg;
        return IconSet::open(path.string());
    }
};

} // namespace

TEST_CASE("the four arcs between two points are told apart", "[unit][icons]") {
    const IconFolder folder;
    // Both circles of radius 8 through (12, 4) and (20, 12), each cut by the chord between them.
    const std::pair<const char*, std::array<bool, 4>> arcs[] = {
        {"0 1", {true, false, false, false}}, // the small part of the circle around (12, 12)
        {"0 0", {false, true, false, false}}, // the small part of the circle around (20, 4)
        {"1 0", {false, true, true, false}},  // the large part around (12, 12)
        {"1 1", {true, false, false, true}},  // the large part around (20, 4)
    };
    const Point probes[4] = {{17, 7}, {15, 9}, {8, 16}, {22, 3}};
    for (const auto& [flags, expected] : arcs) {
        const auto icons =
            folder.open_with("<svg viewBox=\"0 0 24 24\" fill=\"currentColor\" stroke=\"none\">"
                             "<path d=\"M12 4A8 8 0 " +
                             std::string(flags) + " 20 12z\"/></svg>");
        REQUIRE(icons);
        const auto mask = icons->mask("strange", 240, false);
        for (std::size_t i = 0; i < 4; ++i) {
            const auto at = std::size_t(probes[i].y * 10) * 240 + std::size_t(probes[i].x * 10);
            INFO(flags << " at " << probes[i].x << " " << probes[i].y);
            CHECK((mask.coverage[at] == 255) == expected[i]);
        }
    }
}

TEST_CASE("an icon file that is not understood is named", "[unit][icons]") {
    const IconFolder folder;
    const auto open_with = [&](const std::string& svg) { return folder.open_with(svg); };
    const std::string head = "<svg viewBox=\"0 0 24 24\" stroke=\"currentColor\">";
    CHECK(!IconSet::open(folder.path.string()));
    CHECK(open_with(head + "<path d=\"M1 1L2 2\"/></svg>"));
    const std::string broken[] = {"",
                                  "not xml",
                                  "<svg viewBox=\"0 0 48 48\"><path d=\"M1 1\"/></svg>",
                                  head + "</svg>",
                                  head + "<circle r=\"3\"/></svg>",
                                  head + "<path/></svg>",
                                  head + "<path d=\"L1 1\"/></svg>",
                                  head + "<path d=\"M1\"/></svg>",
                                  head + "<path d=\"M1 1Q2 2 3 3\"/></svg>",
                                  head + "<path d=\"M1 1A2 3 0 0 1 4 4\"/></svg>",
                                  head + "<path d=\"M1 1A2 2 0 3 1 4 4\"/></svg>",
                                  head + "<path d=\"M1 1Z5\"/></svg>",
                                  head + "<path d=\"M. 1\"/></svg>"};
    for (const auto& svg : broken) {
        const auto icons = open_with(svg);
        INFO(svg);
        REQUIRE(!icons);
        CHECK(icons.error().code == base::Errc::corrupt);
        CHECK(icons.error().context.find("strange.svg") != std::string::npos);
    }
    CHECK(!IconSet::open((folder.path / "no-such-folder").string()));
}

// --- the glyph cache and the end of a session

TEST_CASE("a full glyph cache says so and starts anew", "[unit][canvas]") {
    auto fonts = open_fonts();
    const auto icons = open_icons();
    std::vector<std::uint8_t> coverage(200 * 200);
    GlyphAtlas atlas(fonts, icons, coverage.data(), 200, 10, 10, 100, 60);
    MaskSource source{text::FaceId::cjk, 1000, 24, 0};
    while (atlas.place(source).placed) ++source.glyph;
    CHECK(source.glyph > 1004);
    CHECK(atlas.is_full());
    CHECK(atlas.place(source).width > 0);
    // Nothing was written beside the rectangle that it was given.
    for (int y = 0; y < 200; ++y)
        for (int x = 0; x < 200; ++x)
            if (x < 10 || x >= 110 || y < 10 || y >= 70)
                REQUIRE(coverage[std::size_t(y * 200 + x)] == 0);
    atlas.wipe();
    CHECK(!atlas.is_full());
    CHECK(std::count(coverage.begin(), coverage.end(), 0) == 200 * 200);
    CHECK(atlas.place(source).placed);
}

TEST_CASE("a frame that fills the glyph cache is right at once", "[unit][canvas]") {
    Glass glass({2160, 3840, 5.42f});
    glass.settings.text_size = TextSize::largest;
    const auto characters = [](int from, int count) {
        std::string utf8;
        for (int c = 0x4E00 + from; c < 0x4E00 + from + count; ++c)
            utf8 += {char(0xE0 | c >> 12), char(0x80 | (c >> 6 & 0x3F)), char(0x80 | (c & 0x3F))};
        return utf8;
    };
    const auto show = [&](int from, int count) {
        const auto shown = glass.frame([&](Canvas& canvas) {
            canvas.icon("elder", {2000, 10, 140, 140}, Role::text);
            canvas.text(canvas.page(), characters(from, count), {.type = TypeRole::title}, "page");
        });
        CHECK(shown.faults.too_many_glyphs == (count > 1000));
        return glass.stage.to_picture();
    };
    for (int page = 0; page < 6; ++page) { // each does not fit beside the one before
        const auto with_full_cache = show(page * 500, 500);
        glass.stage.wipe();
        CHECK(with_full_cache == show(page * 500, 500));
        const auto half_new = show(page * 500 + 300, 500);
        glass.stage.wipe();
        CHECK(half_new == show(page * 500 + 300, 500));
    }
}

TEST_CASE("a glyph for which the cache has no room is left out and reported", "[unit][canvas]") {
    Glass glass({2160, 3840, 5.42f});
    glass.settings.text_size = TextSize::largest;
    std::string many;
    for (int c = 0x4E00; c < 0x4E00 + 1500; ++c)
        many += {char(0xE0 | c >> 12), char(0x80 | (c >> 6 & 0x3F)), char(0x80 | (c & 0x3F))};
    const auto shown = glass.frame([&](Canvas& canvas) {
        canvas.text({0, 4000, 2160, 9000}, many, {.type = TypeRole::title}, "below the panel");
        canvas.text({100, 100, 500, 200}, "龘", {.type = TypeRole::title}, "left out");
    });
    CHECK(shown.faults.too_many_glyphs);
    const auto picture = glass.stage.to_picture();
    const auto paper = pixel(picture, 0, 0);
    int ink = 0;
    for (int y = 100; y < 300; ++y)
        for (int x = 100; x < 600; ++x) ink += pixel(picture, x, y) != paper;
    CHECK(ink == 0);
}

TEST_CASE("an emptied cache redraws even what has the same place as before", "[unit][canvas]") {
    Glass glass, fresh;
    const auto show = [](Glass& on, const char* name, int others) {
        Canvas& canvas = on.stage.begin({}, on.settings);
        canvas.icon(name, {100, 100, 100, 100}, Role::text);
        for (int i = 0; i < others; ++i)
            canvas.icon("page", {300, 300, float(200 + i), 2000}, Role::text);
        on.stage.end();
        return on.stage.to_picture();
    };
    const auto first = show(glass, "phone", 0); // the first mask in the cache
    // The cache runs full and starts anew: another icon of the same size is its first mask now, at
    // the same place on the glass.
    const auto full = show(glass, "search", 100);
    CHECK(full == show(fresh, "search", 100));
    CHECK(show(glass, "phone", 0) == first);
    CHECK(first != full);
}

TEST_CASE("nothing of a session stays on the stage", "[unit][canvas]") {
    Glass glass;
    const base::Picture photo{60, 60, 3, base::Bytes(60 * 60 * 3, 77)};
    const auto screen = [&](Canvas& canvas) {
        canvas.text({20, 20, 900, 200}, "测试·阿布都 659900", {}, "name"); // invented
        canvas.picture("card/photo", {20, 300, 200, 200}, photo);
        press_button(canvas);
        canvas.drag("sign/board", {20, 600, 400, 400}, "sign");
    };
    glass.frame({{100, 700}, true}, screen);
    glass.stage.wipe();
    const auto black = glass.stage.to_picture();
    CHECK(std::count(black.pixels.begin(), black.pixels.end(), 0) ==
          std::ptrdiff_t(black.pixels.size()));
    CHECK(glass.stage.typesetter().kept() == 0);
    std::size_t strokes = 1;
    const auto next = glass.frame({{100, 700}, false}, [&](Canvas& canvas) {
        strokes = canvas.drag("sign/board", {20, 600, 400, 400}, "sign").has_value();
    });
    CHECK(strokes == 0); // the stroke under way went too
    CHECK(next.damage == std::vector<PixelRect>{{0, 0, 1080, 1920}});
}

// --- how fast

TEST_CASE("what a frame costs, against copying the framebuffer", "[.bench][canvas]") {
    Glass glass;
    int highlighted = -1;
    // Like the home screen: eight tiles with an icon and two texts, and a rail.
    const auto screen = [&](Canvas& canvas) {
        Rect page = canvas.page().inset(canvas.mm(14));
        canvas.text(page.take_top(canvas.mm(30)), "您要办什么事？",
                    {.type = TypeRole::title, .bold = true}, "title");
        int tile = 0;
        for (const Rect& row : page.rows(4, canvas.mm(4)))
            for (Rect at : row.columns(2, canvas.mm(4))) {
                canvas.press("tile/" + std::to_string(tile), at, ItemKind::tile, "");
                canvas.box(at.moved(0, canvas.mm(1)), {.radius_mm = 4, .fill = Role::lip});
                canvas.box(at, {.radius_mm = 4,
                                .fill = tile == highlighted ? Role::selected : Role::raised,
                                .edge = Role::edge});
                at = at.inset(canvas.mm(6));
                canvas.icon("elder", at.take_top(canvas.mm(20)), Role::text);
                canvas.text(at.take_top(canvas.mm(20)), "高龄津贴申请",
                            {.type = TypeRole::label, .bold = true}, "name");
                canvas.text(at, "80 岁以上的老人，每月一次，本人或家人都可以来办。",
                            {.colour = Role::muted}, "line");
                ++tile;
            }
    };
    const auto millis = [](int rounds, auto work) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < rounds; ++i) work();
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
                   .count() /
               rounds;
    };
    glass.frame(screen);
    std::vector<std::uint32_t> from(1080 * 1920, 1), to(1080 * 1920);
    const double copy = millis(200, [&] {
        std::memcpy(to.data(), from.data(), from.size() * 4);
        from[to.size() % 7] += to[3];
    });
    const double unchanged = millis(200, [&] { glass.frame(screen); });
    const double highlight = millis(200, [&] {
        highlighted = (highlighted + 1) % 8;
        glass.frame(screen);
    });
    const double all = millis(100, [&] {
        glass.stage.damage_all();
        glass.frame(screen);
    });
    WARN("copy " << copy << " ms = 1; unchanged frame " << unchanged / copy
                 << ", another tile highlighted " << highlight / copy << ", full redraw "
                 << all / copy);
}
