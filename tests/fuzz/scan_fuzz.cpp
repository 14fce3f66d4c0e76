// Hostile picture files all the way to a page: whatever is decoded is searched, judged, flattened
// and becomes a PDF, or is refused with a reason.
#include "drivers/scanner/page_pdf.hpp"
#include "drivers/scanner/scanner.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // The first byte picks a shape for raw pixels; the rest is a file, or those pixels.
    base::Picture frame;
    auto picture = base::decode_picture({data, size});
    if (picture) {
        frame = std::move(picture).value();
    } else {
        if (size < 64) return 0;
        const int width = 32 + data[0];
        const int channels = data[1] % 2 == 0 ? 1 : 3;
        const int height = int(size) / (width * channels);
        if (height < 1) return 0;
        frame = {width, height, channels, {}};
        frame.pixels.assign(data, data + frame.row_bytes() * std::size_t(height));
    }
    if (std::size_t(frame.width) * std::size_t(frame.height) > 1'000'000) return 0; // slow, not new
    const auto page = drivers::scan_page(frame);
    CHECK(page.found == page.quad.has_value());
    CHECK(page.found != page.picture.empty());
    CHECK(page.found || !page.flaws.empty());
    if (!page.found) return 0;
    drivers::PagePdf pdf;
    CHECK(pdf.add({page.picture, page.dpi, drivers::Ink::by_content}).has_value());
    CHECK(pdf.finish().has_value());
    drivers::LiveFinder live;
    live.track(frame);
    live.track(frame);
    return 0;
}
