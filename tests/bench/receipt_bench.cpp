// What a receipt costs in processor time, beside npm's receiptline in text mode in the same run.
// Install the yardstick once: (cd tests/bench/receiptline && npm install).
#include "printer/escpos.hpp"
#include "printer/layout.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

double microseconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return double(used.tv_sec) * 1e6 + double(used.tv_nsec) / 1e3;
}

// 0 where it is not installed.
double receiptline_microseconds() {
    FILE* pipe =
        popen("node tests/bench/receiptline/measure.mjs tests/fixtures/receipts/sample.json "
              "2>/dev/null",
              "r");
    if (pipe == nullptr) return 0;
    double used = 0;
    if (std::fscanf(pipe, "%lf", &used) != 1) used = 0;
    pclose(pipe);
    return used;
}

} // namespace

TEST_CASE("a receipt beside receiptline", "[.bench][receipt]") {
    const double yardstick = receiptline_microseconds();
    if (yardstick == 0) WARN("skipped: receiptline is not installed, only our own figures");
    auto fonts = text::FontSet::open("/usr/share/fonts");
    REQUIRE(fonts);
    const auto document =
        printer::read_document(base::read_file("tests/fixtures/receipts/sample.json").value());
    REQUIRE(document);
    text::Typesetter typesetter(*fonts);
    printer::Ink ink(*fonts);
    // Text: what a unit sets itself; mixed: with Uyghur beside it; raster: everything drawn. All
    // warm, as receiptline is.
    auto text_only = *document;
    std::erase_if(text_only.blocks, [](const printer::Block& block) {
        const auto* paragraph = std::get_if<printer::Paragraph>(&block);
        return paragraph != nullptr && paragraph->content.language == base::Language::ug;
    });
    struct Form {
        const char* name;
        const printer::Document* document;
        const char* profile;
    };
    for (const auto& [name, what, profile_name] : {Form{"text", &text_only, "chinese-80-gb18030"},
                                                   Form{"mixed", &*document, "chinese-80-gb18030"},
                                                   Form{"raster", &*document, "generic-80"}}) {
        const auto profile = printer::find_profile(profile_name).value();
        constexpr int rounds = 300;
        std::size_t bytes = 0;
        double start = 0;
        for (int round = -20; round < rounds; ++round) {
            if (round == 0) start = microseconds();
            auto laid_out = printer::lay_out(*what, profile, typesetter, ink);
            REQUIRE(laid_out);
            bytes = printer::encode(laid_out->items, profile).size();
        }
        const double used = (microseconds() - start) / rounds;
        std::printf(
            "%s: %.1f us a receipt, %zu bytes; receiptline in text mode %.1f us, ratio %.1f\n",
            name, used, bytes, yardstick, yardstick / used);
    }
}
