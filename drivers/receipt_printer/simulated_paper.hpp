// The paper inside the simulated printer: rows of dots that only grow, and what was cut off them.
#pragma once

#include "kiosk/base/picture.hpp"

#include <vector>

namespace drivers {

class SimulatedPaper {
public:
    // What was cut off: eight dots per byte, left dot in the highest bit.
    struct Slip {
        int height = 0;
        base::Bytes rows;
        bool is_cut = true; // at the cutter or the tear bar; else it came out with the roll
        bool operator==(const Slip&) const = default;
    };

    explicit SimulatedPaper(int width_dots); // a multiple of 8

    // Eight dots per byte, left dot in the highest bit; begins `left` dots from the left edge. What
    // is beyond the right edge is lost.
    void print_row(base::ByteView row, int left = 0);
    void feed(int dots);
    // Black dots `rows_up` rows from the end, for type that is set after its paper was fed.
    void set_black(int x, int rows_up);
    void mark_row(base::ByteView row, int left, int rows_up);
    // What hangs out of the slot, up to `rows_above_head` rows behind the head, comes off.
    void cut(int rows_above_head);
    // Everything printed comes out with the roll.
    void pull_out();

    // Everything cut off so far, oldest first; white 255, black 0. They are gone afterwards.
    std::vector<base::Picture> take_slips();
    const std::vector<Slip>& slips() const { return slips_; }
    // What is still attached.
    base::Picture attached() const { return to_picture(paper_); }
    const Slip& attached_rows() const { return paper_; }

private:
    base::Picture to_picture(const Slip& slip) const;
    void add_dots(std::uint8_t* to, base::ByteView row, int left) const;

    int width_dots_;
    std::size_t row_bytes_;
    Slip paper_;
    std::vector<Slip> slips_;
};

} // namespace drivers
