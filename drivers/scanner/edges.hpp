// Edge evidence of a reduced picture: which pixels look like the border of something, how surely,
// and the long lines they lie on.
//
// A pale page on a pale desk has weak edges that are long; a page of text has strong ones that are
// short. So strength counts relative to the noise and to its own neighbourhood, and a line is
// worth the length that supports it.
#pragma once

#include "drivers/scanner/quad.hpp"

#include <opencv2/core/mat.hpp>
#include <vector>

namespace drivers {

// One pixel on the ridge of a gradient.
struct EdgePoint {
    float x = 0, y = 0;
    float dx = 0, dy = 0; // unit vector towards the larger value
    float weight = 0;     // 0 to 1
};

// Edges of one set of channels.
class EdgeMap {
public:
    // `channels`: CV_32F pictures of one size. Buffers are reused from call to call.
    void look_at(const std::vector<cv::Mat>& channels);

    const std::vector<EdgePoint>& points() const { return points_; }
    // Takes over the surer ridges of another map of the same size; points() stay as they are.
    void merge(const EdgeMap& other);

    struct Nearest {
        float weight = 0;   // 0: none; negative: the larger value lies against the direction
        float distance = 0; // along the direction
    };
    // The surest edge with this direction (unit vector across it), up to `reach` pixels away.
    Nearest nearest(Point at, Point across, int reach) const;
    int width() const { return weight_.cols; }
    int height() const { return weight_.rows; }

private:
    void keep_ridges();

    cv::Mat gx_, gy_, best_, weight_, square_, mean_;
    cv::Mat dx_, dy_;
    cv::Mat ridge_; // CV_32FC4: weight, dx, dy, how far the ridge lies off the pixel along (dx, dy)
    std::vector<EdgePoint> points_;
    std::vector<float> sample_;
};

// A long straight edge. `line.normal` points towards the larger value.
struct LongEdge {
    Line line;
    double votes = 0;
};

// Finds lines by letting each edge point vote for those that fit its direction.
class LineVotes {
public:
    // The `count` best lines, refined on the points near them.
    std::vector<LongEdge> best_lines(const std::vector<EdgePoint>& points, int width, int height,
                                     std::size_t count);

private:
    std::vector<float> votes_;
    struct Cell {
        int angle, offset;
        float votes;
    };
    std::vector<Cell> peaks_;
};

} // namespace drivers
