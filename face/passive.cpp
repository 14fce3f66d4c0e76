#include "face/passive.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

namespace face {
namespace {

// Source: minivision-ai/Silent-Face-Anti-Spoofing, names of the two published networks.
constexpr double v2_margin = 2.7;
constexpr double v1se_margin = 4.0;
constexpr int input_side = 80;
constexpr int genuine_class = 1;
// Chosen: below this the mean of both networks says "attack"; their publisher's samples give 0.998
// (genuine), 0.145 and 0.003 (spec face §4). Unverified on real presentations.
constexpr double veto_below = 0.3;

// The crop as the publisher cuts it: the box grown about its middle, no further than the picture,
// pushed inside. Source: the same, src/generate_patches.py.
cv::Rect crop_of(const cv::Rect2f& face, double margin, cv::Size size) {
    const double grow = std::min(
        {margin, (size.width - 1) / double(face.width), (size.height - 1) / double(face.height)});
    const double width = double(face.width) * grow, height = double(face.height) * grow;
    const double x = double(face.x) + (double(face.width) - width) / 2;
    const double y = double(face.y) + (double(face.height) - height) / 2;
    const cv::Rect crop(int(std::clamp(x, 0.0, size.width - 1 - width)),
                        int(std::clamp(y, 0.0, size.height - 1 - height)), int(width), int(height));
    return crop & cv::Rect({}, size);
}

} // namespace

Result<double> genuine_share(Network& network, const cv::Mat& frame, const cv::Rect2f& face,
                             double margin) {
    if (!(face.width > 1) || !(face.height > 1))
        return Error{Errc::invalid_input, "no face to look at"};
    const auto crop = crop_of(face, margin, frame.size());
    if (crop.area() <= 0) return Error{Errc::invalid_input, "no face to look at"};
    try {
        cv::Mat small;
        cv::resize(frame(crop), small, {input_side, input_side});
        const auto outputs = TRY(network.run(cv::dnn::blobFromImage(small)));
        if (outputs.size() != 1 || outputs[0].total() != 3)
            return Error{Errc::unsupported, "not three classes"};
        const auto* values = outputs[0].ptr<float>();
        const float top = *std::max_element(values, values + 3);
        double sum = 0;
        for (int i = 0; i < 3; ++i) sum += std::exp(double(values[i] - top));
        return std::exp(double(values[genuine_class] - top)) / sum;
    } catch (const cv::Exception&) {
        return Error{Errc::unsupported, "the frame could not be looked at"};
    }
}

void PassiveScore::add(Models& models, const cv::Mat& frame, const cv::Rect2f& face) {
    const auto look = [&](std::optional<Network>& network, double margin) {
        if (!network) return;
        const auto share = genuine_share(*network, frame, face, margin);
        // A network that fails says nothing good about the frame.
        sum_ += share ? *share : 0;
        ++count_;
    };
    look(models.minifasnet_v2, v2_margin);
    look(models.minifasnet_v1se, v1se_margin);
}

double PassiveScore::mean() const {
    return count_ == 0 ? 1 : sum_ / count_;
}

bool PassiveScore::is_veto() const {
    return mean() < veto_below;
}

} // namespace face
