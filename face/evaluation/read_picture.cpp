#include "face/evaluation/read_picture.hpp"

#include "kiosk/base/picture.hpp"

#include <algorithm>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <webp/decode.h>

namespace evaluation {
namespace {

using base::Errc;
using base::Error;
using base::Result;

bool is_webp(base::ByteView bytes) {
    const auto text = base::as_text(bytes);
    return text.size() > 12 && text.starts_with("RIFF") && text.substr(8, 4) == "WEBP";
}

Result<cv::Mat> decode_webp(base::ByteView bytes) {
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(bytes.data(), bytes.size(), &features) != VP8_STATUS_OK)
        return Error{Errc::corrupt, "not a whole WebP picture"};
    if (features.has_animation != 0) return Error{Errc::unsupported, "a moving WebP picture"};
    if (std::size_t(features.width) * std::size_t(features.height) > base::picture_pixel_limit)
        return Error{Errc::too_large, "a picture of too many pixels"};
    int width = 0, height = 0;
    const std::unique_ptr<std::uint8_t, decltype(&WebPFree)> pixels(
        WebPDecodeBGRA(bytes.data(), bytes.size(), &width, &height), WebPFree);
    if (pixels == nullptr) return Error{Errc::corrupt, "not a whole WebP picture"};
    const cv::Mat decoded(height, width, CV_8UC4, pixels.get());
    cv::Mat result(height, width, CV_8UC3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const auto& from = decoded.at<cv::Vec4b>(y, x);
            for (int c = 0; c < 3; ++c)
                result.at<cv::Vec3b>(y, x)[c] =
                    std::uint8_t((from[c] * from[3] + 255 * (255 - from[3])) / 255);
        }
    return result;
}

// A number of `size` bytes at `at` of an EXIF block, in its own order of bytes; 0 beyond its end.
std::uint32_t number_at(base::ByteView block, std::size_t at, std::size_t size, bool big_first) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < size && at + size <= block.size(); ++i)
        number = number << 8 | block[at + (big_first ? i : size - 1 - i)];
    return number;
}

// What the EXIF block of a JPEG says of its first row and column, 1 to 8; 1 where it says nothing.
// Telephones write their sensor's rows and leave the turning to whoever shows the picture. Source:
// CIPA DC-008 (Exif 2.32), clauses 4.5.4 and 4.6.4, tag 0x0112.
int exif_orientation(base::ByteView jpeg) {
    constexpr std::uint8_t app1 = 0xe1, start_of_scan = 0xda;
    constexpr std::size_t entry_size = 12, orientation_tag = 0x0112;
    for (std::size_t at = 2; at + 4 <= jpeg.size() && jpeg[at] == 0xff;) {
        const auto marker = jpeg[at + 1];
        const std::size_t length = number_at(jpeg, at + 2, 2, true);
        if (marker == start_of_scan || length < 2) break;
        const auto body = jpeg.subspan(at + 4, std::min(length - 2, jpeg.size() - at - 4));
        at += 2 + length;
        if (marker != app1 || !base::as_text(body).starts_with("Exif")) continue;
        const auto tiff = body.subspan(std::min<std::size_t>(6, body.size()));
        const bool big_first = base::as_text(tiff).starts_with("MM");
        const std::size_t table = number_at(tiff, 4, 4, big_first);
        const std::size_t entries = number_at(tiff, table, 2, big_first);
        for (std::size_t i = 0; i < entries && table + 2 + (i + 1) * entry_size <= tiff.size();
             ++i) {
            const std::size_t entry = table + 2 + i * entry_size;
            if (number_at(tiff, entry, 2, big_first) != orientation_tag) continue;
            const auto said = int(number_at(tiff, entry + 8, 2, big_first));
            return said >= 1 && said <= 8 ? said : 1;
        }
    }
    return 1;
}

// The picture as it is meant to be seen. Orientations 5 to 8 have rows and columns exchanged.
cv::Mat upright(const cv::Mat& picture, int orientation) {
    cv::Mat result = picture;
    if (orientation >= 5) cv::transpose(picture, result);
    const bool mirrored =
        orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    const bool upside_down =
        orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    cv::Mat turned = result;
    if (mirrored && upside_down)
        cv::flip(result, turned, -1);
    else if (mirrored || upside_down)
        cv::flip(result, turned, mirrored ? 1 : 0);
    return turned;
}

} // namespace

Result<cv::Mat> read_picture(const std::string& path) {
    return decode_any_picture(TRY(base::read_file(path)));
}

Result<cv::Mat> decode_any_picture(base::ByteView bytes) {
    try {
        if (is_webp(bytes)) return decode_webp(bytes);
        auto picture = TRY(base::decode_picture(bytes));
        const bool is_grey = picture.channels == 1;
        const cv::Mat decoded(picture.height, picture.width, is_grey ? CV_8UC1 : CV_8UC3,
                              picture.pixels.data());
        cv::Mat result;
        cv::cvtColor(decoded, result, is_grey ? cv::COLOR_GRAY2BGR : cv::COLOR_RGB2BGR);
        return upright(result, exif_orientation(bytes));
    } catch (const cv::Exception&) {
        return Error{Errc::too_large, "no memory for this picture"};
    }
}

} // namespace evaluation
