#include "printer/profile.hpp"

#include <array>
#include <string>

namespace printer {
namespace {

// Widths and the 24-dot Chinese glyph: spec receipt-printer §1. Type sizes: chosen on the printed
// pictures (tests/fixtures/receipts), 26 dots are 3.3 mm; where native lines stand beside raster
// ones, 24. Band: the smallest buffer quoted is 4 kB (§5). Tear feed: chosen, 17 mm, the way from
// the head to the bar (14 mm on the simulated printer) and a margin. All of it is unverified on
// hardware, so no row says `probed` yet.
constexpr std::array rows{
    Profile{.name = "generic-58",
            .source = "nothing but the width",
            .width_dots = 384,
            .normal_dots = 24,
            .large_dots = 32,
            .huge_dots = 42,
            .margin_dots = 4,
            .tear_feed_dots = 136},
    Profile{.name = "generic-58-cutter",
            .source = "nothing but the width",
            .width_dots = 384,
            .normal_dots = 24,
            .large_dots = 32,
            .huge_dots = 42,
            .margin_dots = 4,
            .has_cutter = true,
            .tear_feed_dots = 136},
    Profile{.name = "generic-80",
            .source = "nothing but the width",
            .width_dots = 576,
            .normal_dots = 26,
            .large_dots = 38,
            .huge_dots = 62,
            .margin_dots = 16,
            .has_cutter = true,
            .tear_feed_dots = 136},
    Profile{.name = "generic-80-tear",
            .source = "nothing but the width",
            .width_dots = 576,
            .normal_dots = 26,
            .large_dots = 38,
            .huge_dots = 62,
            .margin_dots = 16,
            .tear_feed_dots = 136},
    Profile{.name = "epson-tm-t20",
            .source = "spec receipt-printer §§1-5, rows marked [E]; models without Chinese",
            .width_dots = 576,
            .normal_dots = 24,
            .large_dots = 38,
            .huge_dots = 62,
            .margin_dots = 24,
            .has_cutter = true,
            .tear_feed_dots = 136,
            .ascii = Known::documented,
            .motion_dpi = 203,
            .qr = Known::documented,
            .code128 = Known::documented,
            .doubled_raster = Known::documented,
            .bit_image = Known::documented,
            .process_id = Known::documented,
            .asb = Known::documented,
            .clear_buffers = Known::documented,
            .recover = Known::documented},
    Profile{.name = "epson-tm-t88",
            .source = "spec receipt-printer §§1-5, rows marked [E]; 180 dpi, 512 dots",
            .width_dots = 512,
            .dots_per_mm = 7,
            .normal_dots = 24,
            .large_dots = 36,
            .huge_dots = 54,
            .margin_dots = 12,
            .has_cutter = true,
            .tear_feed_dots = 120,
            .ascii = Known::documented,
            .motion_dpi = 180,
            .qr = Known::documented,
            .code128 = Known::documented,
            .doubled_raster = Known::documented,
            .bit_image = Known::documented,
            .process_id = Known::documented,
            .asb = Known::documented,
            .clear_buffers = Known::documented,
            .recover = Known::documented},
    Profile{.name = "epson-tm-t70-chinese",
            .source = "spec receipt-printer §2: catalogued as GB18030-2022 level 2; 180 dpi",
            .width_dots = 512,
            .dots_per_mm = 7,
            .normal_dots = 24,
            .large_dots = 36,
            .huge_dots = 54,
            .margin_dots = 12,
            .has_cutter = true,
            .tear_feed_dots = 120,
            .ascii = Known::documented,
            .chinese = Known::documented,
            .charset = Charset::gb18030_four,
            .motion_dpi = 180,
            .qr = Known::documented,
            .code128 = Known::documented,
            .doubled_raster = Known::documented,
            .bit_image = Known::documented,
            .process_id = Known::documented,
            .asb = Known::documented,
            .clear_buffers = Known::documented,
            .recover = Known::documented},
    Profile{
        .name = "chinese-80-gb18030",
        .source =
            "a unit whose manual names GB18030 with four bytes, GS ( k, GS v 0 m 3 and ESC * 33",
        .width_dots = 576,
        .normal_dots = 24,
        .large_dots = 38,
        .huge_dots = 62,
        .margin_dots = 24,
        .has_cutter = true,
        .tear_feed_dots = 136,
        .ascii = Known::documented,
        .chinese = Known::documented,
        .charset = Charset::gb18030_four,
        .qr = Known::documented,
        .code128 = Known::documented,
        .doubled_raster = Known::documented,
        .bit_image = Known::documented,
        .asb = Known::documented},
    Profile{.name = "chinese-80-gbk",
            .source = "a unit whose manual names GBK",
            .width_dots = 576,
            .normal_dots = 24,
            .large_dots = 38,
            .huge_dots = 62,
            .margin_dots = 24,
            .has_cutter = true,
            .tear_feed_dots = 136,
            .ascii = Known::documented,
            .chinese = Known::documented,
            .charset = Charset::gbk,
            .asb = Known::documented},
    Profile{.name = "chinese-58-gb2312",
            .source = "a unit whose manual names GB2312",
            .width_dots = 384,
            .normal_dots = 24,
            .large_dots = 32,
            .huge_dots = 42,
            .margin_dots = 0,
            .tear_feed_dots = 136,
            .ascii = Known::documented,
            .chinese = Known::documented,
            .charset = Charset::gb2312},
    Profile{.name = "kiosk-presenter-80",
            .source = "spec receipt-printer §7, Custom VKP80 class",
            .width_dots = 576,
            .normal_dots = 26,
            .large_dots = 38,
            .huge_dots = 62,
            .margin_dots = 16,
            .has_cutter = true,
            .tear_feed_dots = 136,
            .presenter = Presenter::custom},
};

constexpr bool every_row_fits_the_commands() {
    for (const Profile& row : rows) {
        if (row.width_dots > 1024) return false; // tight.cpp counts on it
        if (row.width_dots % 8 != 0 || row.band_bytes < 8 + row.width_dots / 8) return false;
        if (is_known(row.doubled_raster) && row.width_dots % 16 != 0) return false;
        if (row.normal_dots < 24) return false; // below that Chinese strokes run together
        if (is_known(row.chinese) != (row.charset != Charset::none)) return false;
        if (is_known(row.chinese) && !is_known(row.ascii)) return false;
        if (is_known(row.bit_image) && !is_known(row.ascii)) return false;
        if (is_known(row.ascii) && row.margin_dots % 12 != 0) return false;
        if (row.margin_dots < 0 || row.source.empty()) return false;
    }
    return true;
}
static_assert(every_row_fits_the_commands());

} // namespace

std::string_view to_string(Known known) {
    switch (known) {
    case Known::unknown: return "unknown";
    case Known::documented: return "documented";
    case Known::probed: return "probed";
    }
    CHECK(false);
}

std::span<const Profile> profiles() {
    return rows;
}

base::Result<Profile> find_profile(std::string_view name) {
    std::string names;
    for (const Profile& row : rows) {
        if (row.name == name) return row;
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    return base::Error{base::Errc::not_found,
                       "no printer profile \"" + std::string(name) + "\"; there are: " + names};
}

} // namespace printer
