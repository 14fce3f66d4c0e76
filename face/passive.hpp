// What two small networks think of the surface of a face: paper or screen? Their publisher calls
// the open model limited; here they may only say "staff", and only when they are installed.
#pragma once

#include "face/model_store.hpp"

namespace face {

// Collected over the frames of one check.
class PassiveScore {
public:
    // Runs what is installed of both networks on the frame; nothing when none is. They keep the
    // frame until Pipeline::forget().
    void add(Models& models, const cv::Mat& frame, const cv::Rect2f& face);
    // The mean over all frames is below what genuine faces reach.
    bool is_veto() const;
    // 0 (attack) to 1 (genuine); 1 when nothing was measured.
    double mean() const;

private:
    double sum_ = 0;
    int count_ = 0;
};

// One network on one frame: the share of "genuine". `margin`: side of the crop in box sides.
// Errors: unsupported.
Result<double> genuine_share(Network& network, const cv::Mat& frame, const cv::Rect2f& face,
                             double margin);

} // namespace face
