// The paper inside the simulated printer: rows of dots that only grow, and what was cut off them.
#pragma once

#include "kiosk/base/picture.hpp"

#include <vector>

namespace drivers {

class SimulatedPaper {
public:
    explicit SimulatedPaper(int width_dots);

    // Eight dots per byte, left dot in the highest bit; begins `left` dots from the left edge. What
    // is beyond the right edge is lost.
    void print_row(base::ByteView row, int left = 0);
    void feed(int dots);
    // What hangs out of the slot, up to `rows_above_head` rows behind the head, comes off.
    void cut(int rows_above_head);

    // Everything cut off so far, oldest first; white 255, black 0. They are gone afterwards.
    std::vector<base::Picture> take_slips();
    // What is still attached.
    base::Picture attached() const { return paper_; }

private:
    int width_dots_;
    base::Picture paper_;
    std::vector<base::Picture> slips_;
};

} // namespace drivers
