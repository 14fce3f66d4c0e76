// What the tour of all screens looks for: each rule sees the fault it is there for, on a small page
// that has it, and leaves the same page alone without it.
#include "screens/survey.hpp"
#include "tests/support/sample_models.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace screens;
using base::Language;

constexpr Panel portrait{1080, 1920, 4.03f};
constexpr Panel landscape{1920, 1080, 4.03f};

Theme tokens() {
    return *Theme::open("assets/theme/tokens.json");
}

// A panel that is looked at and never painted.
class Layout {
public:
    explicit Layout(const Panel& panel = portrait, Drawing drawing = Drawing::layout)
        : panel_(panel), fonts_(*text::FontSet::open("/usr/share/fonts")),
          stage_(panel, fonts_, tokens(), *IconSet::open("assets/icons"), drawing),
          contrasts_(stage_.theme()) {}

    template <class Draw> Frame show(Draw draw, const Input& input = {}) {
        draw(stage_.begin(input, settings));
        return stage_.end();
    }
    template <class Draw> Findings findings(Draw draw, const Input& input = {}) {
        const auto frame = show(draw, input);
        return survey(frame, panel_, stage_.theme(), contrasts_, settings.language);
    }
    DisplaySettings settings{.language = Language::en};

private:
    Panel panel_;
    text::FontSet fonts_;
    Stage stage_;
    Contrasts contrasts_;
};

using Ids = std::vector<std::string>;

constexpr Rect place{200, 400, 400, 120};

// A button as it should be: an edge that is seen, words inside it.
void good_button(Canvas& canvas, Rect at = place, std::string_view label = "Continue") {
    canvas.press("go", at, ItemKind::button, label);
    canvas.box(at, {.radius_mm = 3, .fill = Role::surface, .edge = Role::edge});
    canvas.text(at.inset(20), label, {}, "go");
}

} // namespace

TEST_CASE("a page without a fault has no findings", "[unit][survey]") {
    Layout layout;
    const auto findings = layout.findings([](Canvas& canvas) {
        canvas.say("title", "A page");
        good_button(canvas);
    });
    CHECK(findings.text().empty());
    CHECK(findings.empty());
}

TEST_CASE("words that are hard to read on what lies under them are found", "[unit][survey]") {
    Layout layout;
    const auto on = [&](Role words, Role ground) {
        return layout
            .findings([&](Canvas& canvas) {
                canvas.fill(place, ground);
                canvas.text(place.inset(20), "Words", {.colour = words}, "words");
            })
            .faint_texts;
    };
    CHECK(on(Role::text, Role::surface).empty());
    CHECK(on(Role::edge, Role::surface) == Ids{"words: edge on surface"});
    CHECK(on(Role::primary_text, Role::background) == Ids{"words: primaryText on background"});
}

TEST_CASE("a pair of colours that fails in one theme only is found", "[unit][survey]") {
    const auto theme = tokens();
    const Contrasts contrasts(theme);
    for (std::size_t a = 0; a < role_count; ++a)
        for (std::size_t b = 0; b < role_count; ++b)
            for (const auto name : all_themes)
                CHECK(contrasts.lowest(Role(a), Role(b)) <=
                      contrast(theme.colour(name, Role(a)), theme.colour(name, Role(b))));
    // Dark grey on white in the light theme, yellow on white were it drawn on paper in the dark
    // one.
    CHECK(contrasts.lowest(Role::focus_inner, Role::overlay_text) < text_floor);
}

TEST_CASE("words on two grounds must be readable on both", "[unit][survey]") {
    Layout layout;
    const auto findings = layout.findings([](Canvas& canvas) {
        canvas.fill(place, Role::surface);
        Rect half = place;
        canvas.fill(half.take_start(60), Role::primary);
        canvas.text(place.inset(20), "Words that are long enough", {}, "words");
    });
    CHECK(findings.faint_texts == Ids{"words: text on primary"});
}

TEST_CASE("what was covered before the words came does not count", "[unit][survey]") {
    Layout layout;
    const auto findings = layout.findings([](Canvas& canvas) {
        canvas.fill(place, Role::text);
        canvas.fill(place, Role::surface);
        canvas.text(place.inset(20), "Words", {}, "words");
    });
    CHECK(findings.faint_texts.empty());
    CHECK(findings.covered.empty());
}

TEST_CASE("a held item is judged by its held colours", "[unit][survey]") {
    Layout layout;
    // White on pressed yellow, as the first proof of concept had it (spec ui-text §7).
    const auto draw = [](Canvas& canvas) {
        canvas.press("go", place, ItemKind::button, "Continue");
        const bool held = canvas.is_pressed("go");
        canvas.box(place, {.fill = held ? Role::focus_inner : Role::primary});
        canvas.text(place.inset(20), "Continue", {.colour = Role::primary_text}, "go");
    };
    CHECK(layout.findings(draw).faint_texts.empty());
    const auto held = layout.findings(draw, {.down = true, .activate = "go"});
    CHECK(held.faint_texts == Ids{"go: primaryText on focusInner"});
}

TEST_CASE("a focused item is judged by its focused colours", "[unit][survey]") {
    Layout layout;
    const auto draw = [](Canvas& canvas) {
        canvas.press("go", place, ItemKind::button, "Continue");
        const bool focused = canvas.is_focused("go");
        canvas.box(place, {.fill = Role::surface, .edge = focused ? Role::hairline : Role::edge});
        canvas.text(place.inset(20), "Continue", {.colour = focused ? Role::edge : Role::text},
                    "go");
    };
    const auto left_alone = layout.findings(draw);
    CHECK(left_alone.faint_texts.empty());
    CHECK(left_alone.faint_edges.empty());
    const auto focused = layout.findings(draw, {.focus = "go"});
    CHECK(focused.faint_texts == Ids{"go: edge on surface"});
    CHECK(focused.faint_edges == Ids{"go: hairline on background"});
}

TEST_CASE("a button whose edge nobody sees is found, an item without any is left alone",
          "[unit][survey]") {
    Layout layout;
    const auto with = [&](Canvas::Box box) {
        return layout
            .findings([&](Canvas& canvas) {
                canvas.press("go", place, ItemKind::button, "Continue");
                canvas.box(place, box);
                canvas.text(place.inset(20), "Continue", {}, "go");
            })
            .faint_edges;
    };
    CHECK(with({.fill = Role::surface, .edge = Role::edge}).empty());
    CHECK(with({.fill = Role::surface, .edge = Role::hairline}) ==
          Ids{"go: hairline on background"});
    CHECK(with({.fill = Role::sunken}) == Ids{"go: sunken on background"});
    CHECK(with({}).empty());
}

TEST_CASE("an icon nobody sees is found", "[unit][survey]") {
    Layout layout;
    const auto findings = layout.findings([](Canvas& canvas) {
        canvas.icon("ok", {100, 100, 40, 40}, Role::hairline);
    });
    CHECK(findings.faint_icons == Ids{"hairline on background"});
}

TEST_CASE("words that run into each other, across a border or off the panel are found",
          "[unit][survey]") {
    Layout layout;
    const auto findings = layout.findings([](Canvas& canvas) {
        canvas.text({100, 100, 300, 60}, "first", {}, "first");
        canvas.text({110, 105, 300, 60}, "second", {}, "second");
        canvas.box({90, 300, 60, 60}, {.fill = Role::surface, .edge = Role::edge});
        canvas.text({100, 310, 400, 60}, "longer than its box", {}, "across");
        canvas.text({1000, 600, 400, 60}, "off the panel", {}, "off");
    });
    CHECK(findings.colliding == Ids{"first | second"});
    CHECK(findings.crossing == Ids{"across"});
    CHECK(findings.off_panel == Ids{"off"});
}

TEST_CASE("words that something was drawn over are found, a caret beside them is not",
          "[unit][survey]") {
    Layout layout;
    const auto with = [&](Rect over) {
        return layout
            .findings([&](Canvas& canvas) {
                canvas.text({100, 100, 400, 60}, "some words", {}, "words");
                canvas.fill(over, Role::primary);
            })
            .covered;
    };
    CHECK(with({110, 90, 60, 60}) == Ids{"words"});
    CHECK(with({110, 90, 4, 60}).empty());
}

TEST_CASE("words without room, signs without a glyph, targets too small or too close are found",
          "[unit][survey]") {
    Layout layout;
    const auto frame = layout.show([](Canvas& canvas) {
        canvas.text({100, 100, 60, 40}, "Unbreakable", {}, "narrow");
        canvas.text({100, 200, 600, 90}, "\uE123", {}, "glyph");
        const float least = canvas.mm(15);
        canvas.press("small", {100, 300, least - 2, least}, ItemKind::button, "Small");
        canvas.press("one", {100, 500, 80, 80}, ItemKind::button, "One");
        canvas.press("two", {184, 500, 80, 80}, ItemKind::button, "Two");
        canvas.press("out", {1040, 700, 80, 80}, ItemKind::button, "Out");
    });
    const auto& faults = *frame.faults;
    CHECK(faults.overflowing == Ids{"narrow"});
    CHECK(faults.missing_glyphs == std::vector<char32_t>{0xE123});
    CHECK(faults.small_targets == Ids{"small"});
    CHECK(faults.close_targets == Ids{"one | two"});
    CHECK(faults.outside == Ids{"out"});
}

TEST_CASE("the rings of a focus may not hide another item's words", "[unit][survey]") {
    Layout layout;
    const auto with = [&](float gap) {
        return layout
            .findings([&](Canvas& canvas) {
                good_button(canvas);
                // Its capitals begin some pixels below the top of its line.
                const float capitals = 9;
                canvas.text({place.x, place.bottom() + gap - capitals, 300, 40}, "a note",
                            {.tight = true}, "note");
            })
            .under_focus;
    };
    CHECK(with(20).empty());
    CHECK(with(3) == Ids{"go | note"});
}

TEST_CASE("an item with nothing to say, or with words of another language, is found",
          "[unit][survey]") {
    Layout layout;
    const auto named = [&](std::string_view label, std::string_view spoken = "") {
        return layout.findings([&](Canvas& canvas) {
            canvas.say("title", "A page");
            canvas.press("go", place, ItemKind::button, label);
            canvas.spoken(spoken);
        });
    };
    CHECK(named("").silent == Ids{"go"});
    CHECK(named("Continue").wrong_script.empty());
    CHECK(named("继续").wrong_script == Ids{"go: 继续"});
    CHECK(named("Continue", "继续").wrong_script == Ids{"go: 继续"});
    const auto said = layout.findings([](Canvas& canvas) { canvas.say("title", "请选语言"); });
    CHECK(said.wrong_script == Ids{"title: 请选语言"});
    CHECK(layout.findings([](Canvas&) {}).silent == Ids{"the page"});
}

TEST_CASE("what is said belongs to the language's letters; values between isolates do not count",
          "[unit][survey]") {
    CHECK(is_said_in("请放身份证", Language::zh));
    CHECK(is_said_in("A4 纸，工号 S-1182", Language::zh));
    CHECK(is_said_in("第 2 页", Language::zh));
    CHECK(is_said_in("1920 × 1080 像素", Language::zh));
    CHECK_FALSE(is_said_in("1920 Öx 1080 像素", Language::zh));
    CHECK(is_said_in("123", Language::ug));
    CHECK(is_said_in("كىملىكنى قويۇڭ", Language::ug));
    CHECK(is_said_in("\u2068王小明\u2069 نى قويۇڭ", Language::ug));
    CHECK_FALSE(is_said_in("王小明 نى قويۇڭ", Language::ug));
    CHECK_FALSE(is_said_in("Continue", Language::zh));
    CHECK_FALSE(is_said_in("Continue", Language::ug));
    CHECK_FALSE(is_said_in("board/backspace", Language::ug));
    CHECK(is_said_in("命令“kiosk staff code”给出", Language::zh));
    CHECK_FALSE(is_said_in("قويۇڭ", Language::en));
    // A letter of another keyboard is none of the 33 and counts for no language.
    CHECK(is_said_in("ک", Language::en));
}

TEST_CASE(
    "what is laid out is what is drawn: same items, same words at the same places, same faults",
    "[unit][survey][screens]") {
    for (const auto& panel : {portrait, landscape}) {
        Layout drawn(panel, Drawing::pixels), laid(panel);
        for (const auto language : base::all_languages) {
            for (const auto& each : samples::all(language, "assets/content")) {
                drawn.settings =
                    laid.settings = {language, TextSize::large, ThemeName::light, false};
                const auto draw_it = [&](Canvas& canvas) { draw(each.model, canvas); };
                const auto one = drawn.show(draw_it), other = laid.show(draw_it);
                INFO(to_string(language) << " " << each.name);
                REQUIRE(one.items->size() == other.items->size());
                for (std::size_t i = 0; i < one.items->size(); ++i) {
                    CHECK((*one.items)[i].id == (*other.items)[i].id);
                    CHECK((*one.items)[i].rect.x == (*other.items)[i].rect.x);
                    CHECK((*one.items)[i].rect.bottom() == (*other.items)[i].rect.bottom());
                }
                REQUIRE(one.texts->size() == other.texts->size());
                for (std::size_t i = 0; i < one.texts->size(); ++i) {
                    CHECK((*one.texts)[i].id == (*other.texts)[i].id);
                    CHECK((*one.texts)[i].ink.x == (*other.texts)[i].ink.x);
                    CHECK((*one.texts)[i].ink.y == (*other.texts)[i].ink.y);
                }
                CHECK(one.faults->text() == other.faults->text());
                CHECK(one.said->size() == other.said->size());
            }
        }
    }
}

TEST_CASE("every sample screen passes the survey in all languages, sizes and themes on all panels",
          "[unit][survey][screens]") {
    for (const auto& panel : {portrait, landscape, Panel{2160, 3840, 5.42f}}) {
        Layout layout(panel);
        for (const auto language : base::all_languages) {
            for (const auto& each : samples::all(language, "assets/content")) {
                for (const auto size : all_text_sizes) {
                    for (const auto theme : all_themes) {
                        layout.settings = {language, size, theme, false};
                        const auto found =
                            layout.findings([&](Canvas& canvas) { draw(each.model, canvas); });
                        INFO(to_string(language) << " " << each.name << " " << to_string(size)
                                                 << " " << to_string(theme));
                        CHECK(found.text() == "");
                    }
                }
            }
        }
    }
}
