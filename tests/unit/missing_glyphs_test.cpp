// A character that no face has: shown as its code point, counted, and told in the log once.
#include "kiosk/app/missing_glyphs.hpp"

#include "screens/stage.hpp"
#include "tests/unit/text_support.hpp"

using namespace text_support;

namespace {

struct RecordingLog final : base::Log {
    std::vector<std::int64_t> code_points;
    void write(base::LogEvent event, std::initializer_list<base::LogEntry> entries) override {
        CHECK(event == base::LogEvent::glyph_missing);
        REQUIRE(entries.size() == 1);
        CHECK(entries.begin()->field == base::LogField::code_point);
        code_points.push_back(std::get<std::int64_t>(entries.begin()->value));
    }
};

} // namespace

TEST_CASE("a character without a glyph is counted in each frame and logged once", "[unit][app]") {
    auto fonts = open_fonts();
    auto theme = screens::Theme::open("assets/theme/tokens.json");
    auto icons = screens::IconSet::open("assets/icons");
    REQUIRE((theme && icons));
    screens::Stage stage({}, fonts, std::move(*theme), std::move(*icons));
    RecordingLog log;
    app::MissingGlyphs missing(log);
    for (int frame_number = 0; frame_number < 3; ++frame_number) {
        auto& canvas = stage.begin({}, {});
        canvas.text({100, 100, 800, 100}, "测\uE000试\U0010FFFF\uE000", {}, "words");
        const auto frame = stage.end();
        CHECK(frame.faults->missing_glyphs == std::vector<char32_t>{0xE000, 0x10FFFF, 0xE000});
        missing.note(frame.faults->missing_glyphs);
    }
    CHECK(log.code_points == std::vector<std::int64_t>{0xE000, 0x10FFFF});
}

TEST_CASE("hostile text does not fill the log with missing glyphs", "[unit][app]") {
    RecordingLog log;
    app::MissingGlyphs missing(log);
    for (char32_t c = 0xF0000; c < 0xF0000 + 2 * app::MissingGlyphs::limit; ++c)
        missing.note({&c, 1});
    CHECK(log.code_points.size() == app::MissingGlyphs::limit);
}
