#include "printer/escpos.hpp"

#include <algorithm>
#include <initializer_list>

namespace printer {
namespace {

constexpr std::uint8_t dle = 0x10;

bool makes_real_time_command(std::uint8_t after_dle) {
    return after_dle == 0x04 || after_dle == 0x05 || after_dle == 0x14; // EOT, ENQ, DC4
}

void append(base::SecretBytes& stream, std::initializer_list<int> bytes) {
    for (const int byte : bytes) stream.push_back(std::uint8_t(byte));
}

void append_raster(base::SecretBytes& stream, const Bitmap& dots, const Profile& profile) {
    CHECK(dots.width() == profile.width_dots);
    const int row_bytes = int(dots.row_bytes());
    const int rows_per_band = std::clamp((profile.band_bytes - 8) / row_bytes, 1, 255);
    for (int top = 0; top < dots.height(); top += rows_per_band) {
        const int rows = std::min(rows_per_band, dots.height() - top);
        append(stream, {0x1D, 0x76, 0x30, 0, row_bytes & 0xFF, row_bytes >> 8, rows, 0}); // GS v 0
        for (int y = top; y < top + rows; ++y) {
            const auto row = dots.row(y);
            stream.insert(stream.end(), row.begin(), row.end());
        }
    }
}

void append_feed(base::SecretBytes& stream, int dots) {
    for (; dots > 0; dots -= 255) append(stream, {0x1B, 0x4A, std::min(dots, 255)}); // ESC J
}

} // namespace

int defuse(Bitmap& picture) {
    const auto bytes = picture.bytes();
    const auto row_bytes = picture.row_bytes();
    int changed = 0;
    for (std::size_t at = 0; at + 1 < bytes.size(); ++at) {
        if (bytes[at] != dle || !makes_real_time_command(bytes[at + 1])) continue;
        // 10 is the dot at place 3 of its byte; place 4 makes it 18.
        picture.set_black(int(at % row_bytes) * 8 + 4, int(at / row_bytes));
        ++changed;
    }
    return changed;
}

std::vector<std::size_t> find_real_time_commands(base::ByteView stream) {
    std::vector<std::size_t> found;
    for (std::size_t at = 0; at + 1 < stream.size(); ++at) {
        if (stream[at] == dle && makes_real_time_command(stream[at + 1])) found.push_back(at);
    }
    return found;
}

base::SecretBytes encode(const Items& items, const Profile& profile) {
    base::SecretBytes stream;
    append(stream, {0x1B, 0x40});       // ESC @: modes of whoever printed before are gone
    append(stream, {0x1B, 0x33, 0x00}); // ESC 3 0: no line feed of its own between bands
    for (const Item& item : items) {
        if (const auto* raster = std::get_if<Raster>(&item)) {
            append_raster(stream, raster->dots, profile);
        } else if (const auto* feed = std::get_if<Feed>(&item)) {
            append_feed(stream, feed->dots);
        } else if (profile.has_cutter) {
            append(stream,
                   {0x1D, 0x56, 0x42, 0x00}); // GS V B 0: feed to the cutter, one point left
        }
    }
    CHECK(find_real_time_commands(stream).empty());
    return stream;
}

} // namespace printer
