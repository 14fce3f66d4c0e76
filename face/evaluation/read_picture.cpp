#include "face/evaluation/read_picture.hpp"

#include "kiosk/base/picture.hpp"

#include <memory>
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

} // namespace

Result<cv::Mat> read_picture(const std::string& path) {
    const auto bytes = TRY(base::read_file(path));
    try {
        if (is_webp(bytes)) return decode_webp(bytes);
        auto picture = TRY(base::decode_picture(bytes));
        const bool is_grey = picture.channels == 1;
        const cv::Mat decoded(picture.height, picture.width, is_grey ? CV_8UC1 : CV_8UC3,
                              picture.pixels.data());
        cv::Mat result;
        cv::cvtColor(decoded, result, is_grey ? cv::COLOR_GRAY2BGR : cv::COLOR_RGB2BGR);
        return result;
    } catch (const cv::Exception&) {
        return Error{Errc::too_large, "no memory for this picture"};
    }
}

} // namespace evaluation
