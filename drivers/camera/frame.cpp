#include "drivers/camera/frame.hpp"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <jpeglib.h>

// After jpeglib.h, which it needs.
#include <jerror.h>

namespace drivers {

using base::ByteView;
using base::Errc;
using base::Error;
using base::Picture;
using base::Result;

namespace {

// libjpeg reports errors by a callback that must not return.
struct JpegErrors {
    jpeg_error_mgr manager;
    std::jmp_buf jump;
};

extern "C" void frame_failed(j_common_ptr info) {
    std::longjmp(reinterpret_cast<JpegErrors*>(info->err)->jump, 1);
}
extern "C" void frame_silent(j_common_ptr) {}
// A negative level is a warning about damaged data. Padding between markers is none: cameras round
// their frames up.
extern "C" void frame_message(j_common_ptr info, int level) {
    if (level < 0 && info->err->msg_code != JWRN_EXTRANEOUS_DATA) ++info->err->num_warnings;
}

std::string size_text(unsigned width, unsigned height) {
    return std::to_string(width) + " x " + std::to_string(height);
}

// What stands in the header, before anything is decoded.
Result<void> check_header(const jpeg_decompress_struct& info, const FrameForm& form) {
    if (info.image_width != unsigned(form.width) || info.image_height != unsigned(form.height))
        return Error{Errc::invalid_input,
                     "the frame is " + size_text(info.image_width, info.image_height) + ", not " +
                         size_text(unsigned(form.width), unsigned(form.height))};
    if (info.arith_code != FALSE)
        return Error{Errc::unsupported, "a kind of JPEG that no camera stream has"};
    if (info.num_components != 1 && info.num_components != 3)
        return Error{Errc::unsupported, "a JPEG with other colours than a camera's"};
    return {};
}

Picture empty_picture(const FrameForm& form) {
    Picture picture{form.width, form.height, 3, {}};
    picture.pixels.resize(picture.row_bytes() * std::size_t(picture.height));
    return picture;
}

// Frames without Huffman tables, as many cameras send them, mean those of the JPEG standard (ITU-T
// T.81 annex K.3); libjpeg-turbo puts them in by itself.
Result<Picture> decode_mjpeg(const FrameForm& form, ByteView bytes) {
    jpeg_decompress_struct info{};
    JpegErrors errors{};
    info.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = frame_failed;
    errors.manager.output_message = frame_silent;
    errors.manager.emit_message = frame_message;
    Picture picture;
    Result<void> header;
    if (setjmp(errors.jump) != 0) {
        jpeg_destroy_decompress(&info);
        return Error{Errc::corrupt, "damaged JPEG"};
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, bytes.data(), bytes.size());
    jpeg_read_header(&info, TRUE);
    header = check_header(info, form);
    if (!header) {
        jpeg_destroy_decompress(&info);
        return header.error();
    }
    picture = empty_picture(form);
    info.out_color_space = JCS_RGB;
    // Of several scans, as in a progressive JPEG, every coefficient would have to be kept.
    if (jpeg_has_multiple_scans(&info) != FALSE) {
        jpeg_destroy_decompress(&info);
        return Error{Errc::unsupported, "a kind of JPEG that no camera stream has"};
    }
    jpeg_start_decompress(&info);
    while (info.output_scanline < info.output_height) {
        JSAMPROW row = picture.row(int(info.output_scanline));
        jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    const bool is_damaged = info.err->num_warnings > 0;
    jpeg_destroy_decompress(&info);
    if (is_damaged) return Error{Errc::corrupt, "damaged JPEG"};
    return picture;
}

// One pixel from luma and both colour differences, ITU-R BT.601, in 16 bits behind the point: what
// cameras send unless they say otherwise (the kernel's default encoding for sRGB).
struct ToRgb {
    int black, luma, red_v, green_u, green_v, blue_u;
};
constexpr ToRgb limited_range{16, 76309, 104597, -25675, -53279, 132201};
constexpr ToRgb whole_range{0, 65536, 91881, -22554, -46802, 116130};

std::uint8_t as_byte(int value) {
    return std::uint8_t(std::clamp((value + 32768) >> 16, 0, 255));
}

void put_pixel(const ToRgb& table, int y, int u, int v, std::uint8_t* pixel) {
    const int luma = (y - table.black) * table.luma;
    pixel[0] = as_byte(luma + table.red_v * (v - 128));
    pixel[1] = as_byte(luma + table.green_u * (u - 128) + table.green_v * (v - 128));
    pixel[2] = as_byte(luma + table.blue_u * (u - 128));
}

// Two pixels, four bytes: Y U Y V.
void convert_yuyv(const FrameForm& form, const ToRgb& table, ByteView bytes, Picture& picture) {
    for (int y = 0; y < form.height; ++y) {
        const auto* in = bytes.data() + std::size_t(form.row_bytes) * std::size_t(y);
        auto* out = picture.row(y);
        for (int x = 0; x < form.width; x += 2, in += 4, out += 6) {
            put_pixel(table, in[0], in[1], in[3], out);
            put_pixel(table, in[2], in[1], in[3], out + 3);
        }
    }
}

// All of Y, then U V for each square of four pixels, in rows as long.
void convert_nv12(const FrameForm& form, const ToRgb& table, ByteView bytes, Picture& picture) {
    const auto row_bytes = std::size_t(form.row_bytes);
    const auto* colours = bytes.data() + row_bytes * std::size_t(form.height);
    for (int y = 0; y < form.height; ++y) {
        const auto* luma = bytes.data() + row_bytes * std::size_t(y);
        const auto* colour = colours + row_bytes * std::size_t(y / 2);
        auto* out = picture.row(y);
        for (int x = 0; x < form.width; ++x, out += 3) {
            const auto* pair = colour + x / 2 * 2;
            put_pixel(table, luma[x], pair[0], pair[1], out);
        }
    }
}

int least_row_bytes(const FrameForm& form) {
    switch (form.format) {
    case FrameFormat::mjpeg: return 0;
    case FrameFormat::yuyv: return 2 * form.width;
    case FrameFormat::nv12: return form.width;
    }
    return 0;
}

bool shares_colours(const FrameForm& form) {
    return form.format != FrameFormat::mjpeg;
}

} // namespace

std::string_view to_string(FrameFormat format) {
    switch (format) {
    case FrameFormat::mjpeg: return "MJPEG";
    case FrameFormat::yuyv: return "YUYV";
    case FrameFormat::nv12: return "NV12";
    }
    return "";
}

Result<void> check_form(const FrameForm& form) {
    constexpr int longest_side = 65'535; // a JPEG's
    constexpr int longest_row = 4 * longest_side;
    if (form.width <= 0 || form.height <= 0 || form.width > longest_side ||
        form.height > longest_side)
        return Error{Errc::invalid_input, "frames without a size"};
    if (std::size_t(form.width) * std::size_t(form.height) > base::picture_pixel_limit)
        return Error{Errc::too_large, "frames over 40 million pixels"};
    const bool is_odd =
        form.width % 2 != 0 || (form.format == FrameFormat::nv12 && form.height % 2 != 0);
    if (shares_colours(form) && is_odd)
        return Error{Errc::invalid_input, "frames with half a pair of pixels"};
    if (form.row_bytes < least_row_bytes(form) || form.row_bytes > longest_row)
        return Error{Errc::invalid_input, "frames whose rows do not hold their width"};
    return {};
}

std::size_t frame_bytes(const FrameForm& form) {
    const auto rows = std::size_t(form.row_bytes) * std::size_t(form.height);
    switch (form.format) {
    case FrameFormat::mjpeg: return 0;
    case FrameFormat::yuyv: return rows;
    case FrameFormat::nv12: return rows + rows / 2;
    }
    return 0;
}

Result<Picture> decode_frame(const FrameForm& form, ByteView bytes) {
    CHECK(check_form(form));
    if (bytes.size() < frame_bytes(form))
        return Error{Errc::corrupt, "a frame of " + std::to_string(bytes.size()) +
                                        " bytes instead of " + std::to_string(frame_bytes(form))};
    const auto& table = form.full_range ? whole_range : limited_range;
    switch (form.format) {
    case FrameFormat::mjpeg:
        if (bytes.empty()) return Error{Errc::corrupt, "a frame without bytes"};
        return decode_mjpeg(form, bytes);
    case FrameFormat::yuyv: {
        auto picture = empty_picture(form);
        convert_yuyv(form, table, bytes, picture);
        return picture;
    }
    case FrameFormat::nv12: {
        auto picture = empty_picture(form);
        convert_nv12(form, table, bytes, picture);
        return picture;
    }
    }
    return Error{Errc::unsupported, "no such format"};
}

} // namespace drivers
