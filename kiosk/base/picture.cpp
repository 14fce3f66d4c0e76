#include "kiosk/base/picture.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <jpeglib.h>
#include <png.h>

namespace base {
namespace {

Result<void> check_size(std::uint64_t width, std::uint64_t height) {
    if (width == 0 || height == 0) return Error{Errc::corrupt, "picture without pixels"};
    if (width > 65'535 || height > 65'535 || width * height > picture_pixel_limit)
        return Error{Errc::too_large, "picture over 40 million pixels"};
    return {};
}

// libjpeg reports errors by a callback that must not return.
struct JpegErrors {
    jpeg_error_mgr manager;
    std::jmp_buf jump;
};

extern "C" void jpeg_failed(j_common_ptr info) {
    std::longjmp(reinterpret_cast<JpegErrors*>(info->err)->jump, 1);
}
extern "C" void jpeg_silent(j_common_ptr) {}
// A negative level is a warning about damaged data; it is counted, not printed.
extern "C" void jpeg_silent_message(j_common_ptr info, int level) {
    if (level < 0) ++info->err->num_warnings;
}

void use_quiet_errors(JpegErrors& errors) {
    jpeg_std_error(&errors.manager);
    errors.manager.error_exit = jpeg_failed;
    errors.manager.output_message = jpeg_silent;
    errors.manager.emit_message = jpeg_silent_message;
}

} // namespace

Result<Picture> decode_picture(ByteView bytes) {
    if (bytes.size() >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff)
        return decode_jpeg(bytes);
    if (bytes.size() >= 8 && png_sig_cmp(bytes.data(), 0, 8) == 0) return decode_png(bytes);
    return Error{Errc::unsupported, "neither JPEG nor PNG"};
}

Result<Picture> decode_jpeg(ByteView bytes) {
    jpeg_decompress_struct info{};
    JpegErrors errors{};
    info.err = &errors.manager;
    use_quiet_errors(errors);
    Picture picture;
    if (setjmp(errors.jump) != 0) {
        jpeg_destroy_decompress(&info);
        return Error{Errc::corrupt, "damaged JPEG"};
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, bytes.data(), bytes.size());
    jpeg_read_header(&info, TRUE);
    if (const auto size = check_size(info.image_width, info.image_height); !size) {
        jpeg_destroy_decompress(&info);
        return size.error();
    }
    info.out_color_space = JCS_RGB;
    jpeg_start_decompress(&info);
    picture.width = int(info.output_width);
    picture.height = int(info.output_height);
    picture.pixels.resize(picture.row_bytes() * std::size_t(picture.height));
    while (info.output_scanline < info.output_height) {
        JSAMPROW row = picture.row(int(info.output_scanline));
        jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    const bool damaged = info.err->num_warnings > 0;
    jpeg_destroy_decompress(&info);
    if (damaged) return Error{Errc::corrupt, "damaged JPEG"};
    return picture;
}

Result<Bytes> encode_jpeg(const Picture& picture, int quality) {
    jpeg_compress_struct info{};
    JpegErrors errors{};
    info.err = &errors.manager;
    use_quiet_errors(errors);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    if (setjmp(errors.jump) != 0) {
        jpeg_destroy_compress(&info);
        std::free(out);
        return Error{Errc::invalid_input, "cannot write as JPEG"};
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &out, &size);
    info.image_width = JDIMENSION(picture.width);
    info.image_height = JDIMENSION(picture.height);
    info.input_components = picture.channels;
    info.in_color_space = picture.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        JSAMPROW row = const_cast<JSAMPROW>(picture.row(int(info.next_scanline)));
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    Bytes bytes(out, out + size);
    jpeg_destroy_compress(&info);
    std::free(out);
    return bytes;
}

Result<Picture> decode_png(ByteView bytes) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()))
        return Error{Errc::corrupt, "damaged PNG"};
    if (const auto size = check_size(image.width, image.height); !size) {
        png_image_free(&image);
        return size.error();
    }
    image.format = PNG_FORMAT_RGB;
    Picture picture{int(image.width), int(image.height), 3, {}};
    picture.pixels.resize(PNG_IMAGE_SIZE(image));
    const png_color white{255, 255, 255};
    if (!png_image_finish_read(&image, &white, picture.pixels.data(), 0, nullptr)) {
        png_image_free(&image);
        return Error{Errc::corrupt, "damaged PNG"};
    }
    return picture;
}

Result<Bytes> encode_png(const Picture& picture) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = png_uint_32(picture.width);
    image.height = png_uint_32(picture.height);
    image.format = picture.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    image.flags = PNG_IMAGE_FLAG_FAST;
    // Asking libpng for the size means compressing everything once more.
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    Bytes bytes(size);
    if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.pixels.data(), 0,
                                   nullptr))
        return Error{Errc::invalid_input, "cannot write as PNG"};
    bytes.resize(size);
    return bytes;
}

namespace {

// Adds what of row `y` falls into each of `width` boxes, channel by channel. The number of channels
// is known when compiling: the sums of a box stay in registers.
template <int channels>
void add_boxes(const Picture& picture, int y, int width, std::vector<unsigned>& sums) {
    const auto* in = picture.row(y);
    int left = 0;
    for (int x = 0; x < width; ++x) {
        const int end = int(std::int64_t(x + 1) * picture.width / width);
        std::array<unsigned, channels> box{};
        for (; left < end; ++left, in += channels)
            for (int c = 0; c < channels; ++c) box[std::size_t(c)] += in[c];
        for (int c = 0; c < channels; ++c)
            sums[std::size_t(x * channels + c)] += box[std::size_t(c)];
    }
}

void add_boxes(const Picture& picture, int y, int width, std::vector<unsigned>& sums) {
    switch (picture.channels) {
    case 1: return add_boxes<1>(picture, y, width, sums);
    case 3: return add_boxes<3>(picture, y, width, sums);
    case 4: return add_boxes<4>(picture, y, width, sums);
    }
    CHECK(false); // no picture has another number
}

} // namespace

Picture shrink_to_fit(const Picture& picture, int max_width, int max_height) {
    const double scale =
        std::min({1.0, double(max_width) / picture.width, double(max_height) / picture.height});
    if (scale == 1.0) return picture;
    Picture small{std::max(1, int(picture.width * scale)),
                  std::max(1, int(picture.height * scale)),
                  picture.channels,
                  {}};
    small.pixels.resize(small.row_bytes() * std::size_t(small.height));
    // The means of boxes, summed along the rows of the picture: a camera's frame goes through here
    // up to 25 times a second.
    const auto from = [](int at, int large, int little) {
        return int(std::int64_t(at) * large / little);
    };
    std::vector<unsigned> sums(small.row_bytes());
    for (int y = 0; y < small.height; ++y) {
        const int top = from(y, picture.height, small.height);
        const int bottom = std::max(top + 1, from(y + 1, picture.height, small.height));
        std::fill(sums.begin(), sums.end(), 0u);
        for (int sy = top; sy < bottom; ++sy) add_boxes(picture, sy, small.width, sums);
        auto* out = small.row(y);
        for (int x = 0; x < small.width; ++x) {
            const int left = from(x, picture.width, small.width);
            const int right = std::max(left + 1, from(x + 1, picture.width, small.width));
            const auto count = unsigned((bottom - top) * (right - left));
            for (int c = 0; c < picture.channels; ++c, ++out)
                *out = std::uint8_t(sums[std::size_t(x * picture.channels + c)] / count);
        }
    }
    return small;
}

} // namespace base
