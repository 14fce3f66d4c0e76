// Reads a finished stream back: what would a printer set, burn and cut? For tests and for looking
// at recorded streams; strict, knows the commands that the encoder writes and no others.
#pragma once

#include "printer/escpos.hpp"

#include <string>

namespace printer {

struct DecodedText {
    int top = 0;  // row on the page
    int left = 0; // dots
    int scale = 1;
    bool is_bold = false;
    std::string text; // one piece, UTF-8
};

struct Decoded {
    std::vector<DecodedText> texts;
    base::Picture page; // raster parts in black, everything else white
    std::vector<std::string> qr_payloads;
    std::vector<std::string> codes;
    std::vector<ProcessId> asked_for;
    int cuts = 0;
};

// Errors: bad_frame, with the position of the first byte that is no known command or no GB 18030.
base::Result<Decoded> decode(base::ByteView stream, const Profile& profile);

} // namespace printer
