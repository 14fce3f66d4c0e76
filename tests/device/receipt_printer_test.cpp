// The ESC/POS driver on a simulated printer whose paper is a picture: what is previewed comes out,
// and whatever happens to cable, paper and cover, the driver tells how far it got.
#include "drivers/receipt_printer/escpos_printer.hpp"
#include "drivers/receipt_printer/simulated_printer.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "printer/escpos.hpp"
#include "printer/render.hpp"
#include "printer/status.hpp"
#include "tests/support/zbar_program.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>

namespace {

using drivers::Delivery;
using drivers::EscposPrinter;
using drivers::SimulatedPrinter;
using drivers::SimulatedPrinterTraits;

// A page of 20 bands with a mark in each row that differs from row to row.
printer::Items striped_page(int width_dots = 576, int rows = 1000) {
    printer::Bitmap dots(width_dots, rows);
    for (int y = 0; y < rows; ++y) dots.fill(y % (width_dots - 60), y, 40, 1);
    printer::defuse(dots);
    printer::Items items;
    items.push_back(printer::Raster{std::move(dots)});
    items.push_back(printer::CutItem{});
    return items;
}

base::SecretBytes striped_stream() {
    return printer::encode(striped_page(), printer::find_profile("generic-80").value());
}

base::Picture striped_picture() {
    return printer::preview(striped_page(), 576);
}

base::Picture rows_of(const base::Picture& picture, int top, int height) {
    base::Picture part{.width = picture.width, .height = height, .channels = picture.channels};
    REQUIRE(top + height <= picture.height);
    part.pixels.assign(picture.row(top), picture.row(top) + part.row_bytes() * std::size_t(height));
    return part;
}

int black_rows(const base::Picture& picture) {
    int count = 0;
    for (int y = 0; y < picture.height; ++y) {
        const auto* row = picture.row(y);
        count += std::any_of(row, row + picture.row_bytes(), [](auto tone) { return tone < 128; });
    }
    return count;
}

int black_rows(const std::vector<base::Picture>& slips) {
    int count = 0;
    for (const auto& slip : slips) count += black_rows(slip);
    return count;
}

drivers::PrintReport print(EscposPrinter& printer, base::ByteView stream) {
    const auto report = printer.print(stream, {});
    REQUIRE(report);
    return *report;
}

printer::Status status_of(EscposPrinter& printer) {
    const auto answers = printer.status();
    REQUIRE(answers);
    const auto status = printer::read_status(*answers);
    REQUIRE(status);
    return *status;
}

drivers::SimulatedType type_of(const printer::Profile& profile) {
    using drivers::SimulatedType;
    if (!printer::is_known(profile.ascii)) return SimulatedType::none;
    switch (profile.known_charset()) {
    case printer::Charset::none: return SimulatedType::ascii;
    case printer::Charset::gb2312:
    case printer::Charset::gbk: return SimulatedType::gbk;
    case printer::Charset::gb18030_two:
    case printer::Charset::gb18030_four: return SimulatedType::gb18030;
    }
    CHECK(false);
    return SimulatedType::none;
}

std::string payload_of(const printer::Document& document) {
    for (const auto& block : document.blocks)
        if (const auto* qr = std::get_if<printer::Qr>(&block))
            return std::string(qr->payload.view());
    return {};
}

} // namespace

TEST_CASE("what is previewed comes out of the printer, dot by dot, and its QR can be read",
          "[device][receipt_printer]") {
    auto fonts = text::FontSet::open("/usr/share/fonts");
    REQUIRE(fonts);
    text::Typesetter typesetter(*fonts);
    const bool reads_qr = test::has_zbarimg();
    if (!reads_qr) WARN("skipped: QR reading, zbarimg is not installed (package zbar-tools)");
    for (const auto& entry : std::filesystem::directory_iterator("tests/fixtures/receipts")) {
        if (entry.path().extension() != ".json") continue;
        const auto document =
            printer::read_document(base::read_file(entry.path().string()).value());
        REQUIRE(document);
        for (const auto& profile : printer::profiles()) {
            INFO(entry.path() << " on " << profile.name);
            SimulatedPrinter unit(
                {.width_dots = profile.width_dots,
                 .has_cutter = profile.has_cutter,
                 .type = type_of(profile),
                 .has_presenter = profile.presenter == printer::Presenter::custom});
            EscposPrinter device(unit);
            const auto rendered = printer::render(*document, profile, typesetter);
            REQUIRE(rendered);
            CHECK(print(device, rendered->escpos).delivery == Delivery::printed);
            CHECK(unit.rubbish() == 0);
            CHECK(unit.answered_status() == 0); // no picture asked it anything
            // Without a cutter the slip ends at the tear bar, inside the blank feed.
            const auto slips = unit.tear();
            REQUIRE(slips.size() == 1);
            const int height = std::min(rendered->preview.height, slips[0].height - 112);
            CHECK(height >= rendered->preview.height - 112);
            // A unit's own type has patterns instead of glyphs.
            if (!printer::is_known(profile.ascii)) {
                CHECK(rows_of(slips[0], 112, height) == rows_of(rendered->preview, 0, height));
                CHECK(black_rows(slips[0]) == black_rows(rendered->preview));
            }
            if (!reads_qr) continue;
            CHECK(test::read_by_zbarimg(rendered->preview) == payload_of(*document));
            CHECK(test::read_by_zbarimg(slips[0]) == payload_of(*document));
        }
    }
}

TEST_CASE("two receipts come out as two slips", "[device][receipt_printer]") {
    SimulatedPrinter unit;
    EscposPrinter device(unit);
    const auto stream = striped_stream();
    CHECK(print(device, stream).delivery == Delivery::printed);
    CHECK(print(device, stream).delivery == Delivery::printed);
    const auto slips = unit.tear();
    REQUIRE(slips.size() == 2);
    CHECK(slips[0] == slips[1]);
    CHECK(rows_of(slips[0], 112, 1000) == striped_picture());
    CHECK(unit.tear().empty());
}

TEST_CASE("a printer that takes single bytes gets the same receipt", "[device][receipt_printer]") {
    for (const std::size_t largest : {std::size_t(3), std::size_t(63), std::size_t(64)}) {
        SimulatedPrinter unit({.largest_write = largest});
        EscposPrinter device(unit);
        const auto stream = striped_stream();
        const auto report = print(device, stream);
        CHECK(report.delivery == Delivery::printed);
        CHECK(report.bytes_taken == stream.size());
        CHECK(rows_of(unit.tear().at(0), 112, 1000) == striped_picture());
    }
}

TEST_CASE("a one-way printer's receipt counts as sent, not as printed",
          "[device][receipt_printer]") {
    SimulatedPrinter unit({.answers = false});
    EscposPrinter device(unit);
    const auto stream = striped_stream();
    const auto report = print(device, stream);
    CHECK(report.delivery == Delivery::sent);
    CHECK(report.bytes_taken == stream.size());
    CHECK(device.status().error().code == base::Errc::timed_out);
    CHECK(device.clear().error().code == base::Errc::unsupported);
}

TEST_CASE("status tells paper and cover apart", "[device][receipt_printer]") {
    SimulatedPrinter unit;
    EscposPrinter device(unit);
    CHECK(status_of(device) == printer::Status{});
    unit.open_cover();
    CHECK(printer::check_ready(status_of(device)).error().code == base::Errc::cover_open);
    unit.close_cover();
    unit.take_paper_out();
    CHECK(printer::check_ready(status_of(device)).error().code == base::Errc::paper_out);
    unit.load_paper();
    unit.paper_runs_out_after(500);
    CHECK(status_of(device).paper == printer::Paper::near_end);
    CHECK(printer::check_ready(status_of(device)));
    unit.pull_cable();
    CHECK(device.status().error().code == base::Errc::unplugged);
    CHECK(device.print(striped_stream(), {}).error().code == base::Errc::unplugged);
    CHECK(device.clear().error().code == base::Errc::unplugged);
    unit.plug_cable();
    CHECK(device.status());
}

TEST_CASE("an answer that comes late is not taken for the next one", "[device][receipt_printer]") {
    SimulatedPrinter unit;
    EscposPrinter device(unit);
    // Somebody asked before us and did not listen.
    CHECK(unit.write(base::Bytes{0x10, 0x04, 0x04, 0x1D, 0x72, 0x01}, {}).value() == 6);
    unit.open_cover();
    CHECK(status_of(device) == printer::Status{.is_online = false, .is_cover_open = true});
}

TEST_CASE("a cable pulled at any place leaves a true report and a usable printer",
          "[device][receipt_printer]") {
    const auto stream = striped_stream();
    const auto whole = striped_picture();
    const std::size_t padding = 4096; // zeros that end a picture somebody left half sent
    std::vector<std::size_t> places{0, 1, padding - 1, padding, padding + 1, padding + 4};
    for (std::size_t at = 0; at <= stream.size(); at += 499) places.push_back(padding + at);
    for (std::size_t at = 0; at < 8; ++at) places.push_back(padding + stream.size() - at);
    for (const std::size_t place : places) {
        INFO("cable pulled after " << place << " bytes");
        SimulatedPrinter unit;
        EscposPrinter device(unit);
        unit.pull_cable_after(place);
        const auto report = device.print(stream, {});
        if (place <= padding) {
            // Nothing of the receipt was taken. At the exact border the wire dies under its first
            // byte.
            REQUIRE_FALSE(report);
            CHECK(report.error().code == base::Errc::unplugged);
        } else {
            REQUIRE(report);
            CHECK(report->bytes_taken == std::min(place - padding, stream.size()));
            CHECK(report->delivery ==
                  (place - padding < stream.size() ? Delivery::unfinished : Delivery::sent));
        }
        unit.plug_cable();
        static_cast<void>(unit.tear());
        CHECK(print(device, stream).delivery == Delivery::printed);
        const auto slips = unit.tear();
        REQUIRE_FALSE(slips.empty());
        const auto& last = slips.back();
        REQUIRE(last.height >= 1000 + 112);
        CHECK(rows_of(last, last.height - 1000, 1000) == whole);
        CHECK(unit.rubbish() == 0);
    }
}

TEST_CASE(
    "paper that ends at any row leaves a true report, and the refilled printer can be cleared",
    "[device][receipt_printer]") {
    const auto stream = striped_stream();
    for (int dots = 0; dots <= 1112; dots += 37) {
        INFO("paper for " << dots << " rows");
        SimulatedPrinter unit;
        EscposPrinter device(unit);
        unit.paper_runs_out_after(dots);
        const auto report = print(device, stream);
        // 1000 rows and the way to the cutter must fit, else the question behind is not reached.
        CHECK(report.delivery != Delivery::printed);
        CHECK(status_of(device).paper == printer::Paper::out);
        CHECK(device.clear());
        CHECK(unit.waiting_bytes() <= 10);
        CHECK(black_rows(unit.hanging_out()) <= dots);
        unit.load_paper();
        static_cast<void>(unit.tear());
        CHECK(black_rows(unit.hanging_out()) == 0); // nothing of the earlier receipt follows
        CHECK(print(device, stream).delivery == Delivery::printed);
        CHECK(rows_of(unit.tear().at(0), 112, 1000) == striped_picture());
        CHECK(unit.rubbish() == 0);
    }
}

TEST_CASE(
    "G22: a printer that cannot be cleared is known, since an earlier receipt comes out first",
    "[device][receipt_printer]") {
    SimulatedPrinter unit({.can_clear = false});
    EscposPrinter device(unit);
    const auto stream = striped_stream();
    unit.paper_runs_out_after(300);
    CHECK(print(device, stream).delivery == Delivery::unfinished);
    CHECK(device.clear().error().code == base::Errc::unsupported); // so staff is told
    unit.load_paper();
    CHECK(black_rows(unit.hanging_out()) > 50); // as real units do: the rest of its buffer
}

TEST_CASE("a cleared printer brings nothing of an earlier receipt",
          "[device][receipt_printer][refusal][G22]") {
    SimulatedPrinter unit;
    EscposPrinter device(unit);
    unit.open_cover();
    const auto report = print(device, striped_stream());
    CHECK(report.delivery == Delivery::unfinished);
    CHECK(report.bytes_taken < 8192);
    CHECK(device.clear());
    unit.close_cover();
    CHECK(unit.waiting_bytes() == 0);
    CHECK(black_rows(unit.tear()) == 0);
    CHECK(black_rows(unit.hanging_out()) == 0);
}

TEST_CASE("a receipt goes on by itself when the cover closes or paper is loaded",
          "[device][receipt_printer]") {
    SimulatedPrinter unit({.buffer_bytes = 128 * 1024}); // takes a whole receipt at once
    EscposPrinter device(unit);
    unit.paper_runs_out_after(400);
    CHECK(print(device, striped_stream()).delivery == Delivery::sent);
    unit.load_paper();
    unit.open_cover();
    unit.close_cover();
    const auto slips = unit.tear();
    CHECK(black_rows(slips) == 1000);
    CHECK(slips.size() == 2); // the end of the old roll, then the rest
}

TEST_CASE("a stop request ends printing with a true report", "[device][receipt_printer]") {
    SimulatedPrinter unit;
    EscposPrinter device(unit);
    std::stop_source stop;
    stop.request_stop();
    const auto report = device.print(striped_stream(), stop.get_token());
    REQUIRE(report);
    CHECK(report->delivery == Delivery::unfinished);
    CHECK(report->bytes_taken == 0);
    CHECK(black_rows(unit.hanging_out()) == 0);
}

TEST_CASE("an unguarded picture makes the simulated printer answer, as real ones do",
          "[device][receipt_printer]") {
    SimulatedPrinter unit({.width_dots = 64});
    const base::Bytes picture{0x1D, 0x76, 0x30, 0, 8, 0, 1, 0, 0, 0, 0x10, 0x04, 0x01, 0, 0, 0};
    CHECK(unit.write(picture, {}).value() == picture.size());
    CHECK(unit.answered_status() == 1);
    CHECK(black_rows(unit.hanging_out()) == 1); // and prints it all the same
}

TEST_CASE("bytes that are no command are printed as rubbish and counted",
          "[device][receipt_printer]") {
    SimulatedPrinter unit;
    const std::string text = "Hello";
    CHECK(unit.write(base::as_bytes(text), {}).value() == 5);
    CHECK(unit.rubbish() == 5);
    CHECK(black_rows(unit.hanging_out()) == 5);
    // A band that lost its header is seen at once.
    const auto stream = striped_stream();
    SimulatedPrinter other;
    CHECK(other.write(base::ByteView(stream).subspan(13, 2000), {}).value() > 0);
    CHECK(other.rubbish() > 0);
}

TEST_CASE("the simulated printer survives any bytes in any pieces", "[device][receipt_printer]") {
    const std::uint64_t seed = 20261122;
    INFO("seed " << seed);
    base::SeededRandom random(seed);
    // Mostly bytes that begin commands, so that every command is met cut off and mixed.
    constexpr std::array<std::uint8_t, 16> frequent{0x10, 0x04, 0x14, 0x1B, 0x1D, 0x40, 0x33, 0x4A,
                                                    0x76, 0x30, 0x00, 0x01, 0x56, 0x42, 0x61, 0x72};
    for (int round = 0; round < 200; ++round) {
        SimulatedPrinter unit({.width_dots = 64, .buffer_bytes = 512});
        for (int piece = 0; piece < 40; ++piece) {
            base::Bytes bytes(1 + random.below(64));
            for (auto& byte : bytes) {
                byte = random.below(8) == 0 ? std::uint8_t(random.below(256))
                                            : frequent[random.below(frequent.size())];
            }
            CHECK(unit.write(bytes, {}).value() <= bytes.size());
            if (random.below(10) == 0) unit.paper_runs_out_after(int(random.below(200)));
            if (random.below(10) == 0) unit.load_paper();
        }
        CHECK(unit.waiting_bytes() <= 512);
    }
}

TEST_CASE("the simulated printer feeds, aligns and cuts by the commands of the manual",
          "[device][receipt_printer]") {
    const SimulatedPrinterTraits traits{.width_dots = 64, .head_to_cutter_dots = 10};
    const auto feed_lines = [&](base::Bytes bytes) {
        SimulatedPrinter unit(traits);
        CHECK(unit.write(bytes, {}).value() == bytes.size());
        CHECK(unit.rubbish() == 0);
        return unit.hanging_out().height - 10;
    };
    CHECK(feed_lines({0x0A}) == 34);
    CHECK(feed_lines({0x1B, 0x33, 0, 0x0A}) == 0);
    CHECK(feed_lines({0x1B, 0x33, 5, 0x1B, 0x64, 3}) == 15);
    CHECK(feed_lines({0x1B, 0x33, 5, 0x1B, 0x32, 0x0A}) == 34);
    CHECK(feed_lines({0x1B, 0x33, 5, 0x1B, 0x40, 0x0A}) == 34);
    CHECK(feed_lines({0x1B, 0x4A, 77}) == 77);
    CHECK(feed_lines({0x1B, 0x4A, 77, 0x1D, 0x56, 0x42, 0}) == 0); // cut: only the blank head way
    CHECK(feed_lines({0x1D, 0x56, 0x41, 20}) == 0);
    CHECK(feed_lines({0x1B, 0x4A, 77, 0x1D, 0x56, 1}) == 0); // cuts where the knife stands

    SimulatedPrinter unit(traits);
    const base::Bytes centred{0x1B, 0x61, 1, 0x1D, 0x76, 0x30, 0, 2, 0, 1, 0, 0xFF, 0xFF};
    CHECK(unit.write(centred, {}).value() == centred.size());
    const auto paper = unit.hanging_out();
    CHECK(paper.row(10)[23] == 255);
    CHECK(paper.row(10)[24] == 0);
    CHECK(paper.row(10)[39] == 0);
    CHECK(paper.row(10)[40] == 255);
}

TEST_CASE("a printer that was switched off forgets what it had taken",
          "[device][receipt_printer]") {
    SimulatedPrinter unit;
    EscposPrinter device(unit);
    unit.open_cover();
    CHECK(print(device, striped_stream()).delivery == Delivery::unfinished);
    unit.switch_off_and_on();
    unit.close_cover();
    CHECK(unit.waiting_bytes() == 0);
    CHECK(print(device, striped_stream()).delivery == Delivery::printed);
    CHECK(rows_of(unit.tear().at(0), 112, 1000) == striped_picture());
}
