// Pages as one small PDF, written by libharu (DESIGN D14).
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/picture.hpp"
#include "kiosk/base/secret.hpp"

#include <vector>

namespace drivers {

enum class Ink { colour, bilevel, by_content };

struct PdfPage {
    base::Picture picture; // a clean page, 1 or 3 channels
    int dpi = 200;
    Ink ink = Ink::by_content;
};

// A page as it waits to be sent: ready for the PDF, and small.
struct EncodedPage {
    std::string media_type;  // "image/jpeg"; bilevel: "image/png"
    base::SecretBytes bytes; // in locked memory
    base::Picture shown;     // what the bytes show: the person sees what will be sent
};
// Bilevel or JPEG by content, within the limits below. Errors: as PagePdf::add.
base::Result<EncodedPage> encode_page(const PdfPage& page);

// Collects pages one by one, so that only their compressed form is held. Bilevel pages are CCITT
// G4, others JPEG: quality 70 and less until a page fits its limit (200 kB at 200 dpi, 350 kB at
// 300; spec scanning §3). not handled: PDF/A.
class PagePdf {
public:
    // Errors: invalid_input (no pixels), too_large (does not fit at the lowest quality).
    base::Result<void> add(const PdfPage& page);
    // A page that encode_page() made; a JPEG goes in as it is. Errors: corrupt, unsupported.
    base::Result<void> add(base::ByteView encoded, int dpi);
    // One side of a card in its true size on an A4 page: the other side below the first, a third on
    // a new page. What has not the shape of a card becomes a page of its own. Errors: as add().
    base::Result<void> add_card_side(const PdfPage& side);
    base::Result<void> add_card_side(base::ByteView encoded, int dpi);
    std::size_t pages() const;
    // Errors: invalid_input (no pages), io (the library refused).
    base::Result<base::Bytes> finish() const;

private:
    struct Sheet {
        base::Bytes jpeg; // empty: bilevel
        base::Bytes bits; // packed rows, 1 is black
        int width = 0, height = 0, dpi = 0;
        bool is_card_side = false;
    };
    std::size_t sheets_on_page(std::size_t first) const;

    std::vector<Sheet> sheets_;
};

} // namespace drivers
