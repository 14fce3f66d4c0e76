// Is this frame good enough to compare? One number and one spoken reason for each aspect.
#pragma once

#include "face/faces.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace face {

// In the order in which they are said: what makes the others meaningless comes first.
enum class Guidance {
    nobody,
    several_people,
    come_into_frame,
    come_closer,
    move_back,
    hold_still,
    look_straight,     // turned to a side
    raise_or_lower,    // chin too high or too low
    hold_head_upright, // tilted
    too_dark,
    too_bright,
    light_from_side,
    glasses_reflect,
    blurred,
};
std::string_view to_string(Guidance guidance); // a message key's last part

struct Aspect {
    Guidance reason; // what to say when it is not good
    double value = 0;
    double lowest = 0, highest = 0;

    bool is_good() const { return lowest <= value && value <= highest; }
};

// What a frame with one face says. `before`: the points of the frame before, none at the first.
// `aligned`: the face at the embedder's size (align.hpp), 8-bit BGR; its points are `wanted`.
struct Frame {
    cv::Size size;
    FoundFace face;
    std::optional<Landmarks> before;
    cv::Mat aligned;
    Landmarks wanted;
};
std::vector<Aspect> aspects_of(const Frame& frame);

// Light and sharpness of the place in the middle of a picture where a face belongs, for whoever
// sets up a camera: no face is looked for, so distance and position are for the eye. `picture`:
// 8-bit BGR. Reasons: too_dark, too_bright, light_from_side, blurred, with the limits of
// aspects_of().
std::vector<Aspect> aspects_of_place(const cv::Mat& picture);

// The first aspect that is not good; none: take this frame.
std::optional<Guidance> first_fault(const std::vector<Aspect>& aspects);

// How good a frame is among good ones, for choosing the best few: larger is better.
double merit(const std::vector<Aspect>& aspects);

} // namespace face
