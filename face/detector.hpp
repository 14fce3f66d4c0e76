// Finds faces and their five points with one of the two YuNet networks, whose outputs are decoded
// here: the detector class of OpenCV 4.6 takes a path only, and dies on the later network at the
// first frame (spec face §1).
#pragma once

#include "face/faces.hpp"
#include "face/network.hpp"

namespace face {

// The two published networks differ in the form of their outputs.
enum class YuNet {
    march_2022, // loc, conf, iou: anchor boxes over four strides
    march_2023, // cls, obj, bbox, kps for each of the strides 8, 16, 32, without anchors
};

// What a score of either network is worth: they count differently.
struct Certainty {
    float lowest = 0; // from here on it may be a face
    float sure = 0;   // from here on it is one, and upright
};
Certainty certainty_of(YuNet kind);
// Of the earlier network where the later one looks again at what is not sure: it may say more, and
// what it is sure of is nearly everything.
inline constexpr Certainty seen_twice{0.7f, 0.995f};

// One call at a time, from one thread. The network keeps its last picture inside until forget().
class Detector {
public:
    Detector(Network network, YuNet kind) : network_(std::move(network)), kind_(kind) {}

    YuNet kind() const { return kind_; }

    // All faces whose score reaches `lowest_score`, best first; of overlapping ones only the best.
    // The picture is searched at its own size. Errors: invalid_input (not 8-bit BGR, or a side not
    // in shortest_side to longest_side), unsupported (the outputs are not those of this kind of
    // YuNet).
    Result<std::vector<FoundFace>> find(const cv::Mat& picture, float lowest_score);

    void forget() { network_.forget(); }

    static constexpr int shortest_side = 16;   // chosen: smaller than any face that can be found
    static constexpr int longest_side = 2'000; // chosen: bounds memory and time

private:
    Network network_;
    YuNet kind_;
};

} // namespace face
