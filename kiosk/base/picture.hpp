// Pictures in memory, and the only two file formats the kiosk reads: JPEG (libjpeg-turbo) and PNG
// (libpng). Sizes are checked before anything is decoded (spec reliability H2).
#pragma once

#include "kiosk/base/bytes.hpp"

namespace base {

// Packed rows from the top, 1 (grey) or 3 (red, green, blue) bytes per pixel.
struct Picture {
    int width = 0;
    int height = 0;
    int channels = 3;
    Bytes pixels;

    bool empty() const { return pixels.empty(); }
    std::size_t row_bytes() const { return std::size_t(width) * std::size_t(channels); }
    const std::uint8_t* row(int y) const { return pixels.data() + row_bytes() * std::size_t(y); }
    std::uint8_t* row(int y) { return pixels.data() + row_bytes() * std::size_t(y); }
    bool operator==(const Picture&) const = default;
};

inline constexpr std::size_t picture_pixel_limit = 40'000'000; // spec reliability H2

// By content, not by name. Errors: unsupported (neither format), too_large, corrupt.
Result<Picture> decode_picture(ByteView bytes);
Result<Picture> decode_jpeg(ByteView bytes);
Result<Picture> decode_png(ByteView bytes); // alpha is laid on white, 16 bits become 8
Result<Bytes> encode_jpeg(const Picture& picture, int quality); // quality 1 to 100
Result<Bytes> encode_png(const Picture& picture);

// Nearest smaller size that fits into the box, by area averaging; never enlarges.
Picture shrink_to_fit(const Picture& picture, int max_width, int max_height);

} // namespace base
