// The desk under the camera as it was with nothing on it, and whether something lies there now.
//
// Kept so small that nothing could be read in it. Told from the light of the room and from soft
// shadows by what changes at once from place to place; what lies there may be anything.
#pragma once

#include "kiosk/base/picture.hpp"

namespace drivers {

enum class DeskView {
    empty,
    occupied,
    unclear, // nobody can tell: too dark, dazzled, or no desk is remembered
};

class EmptyDesk {
public:
    // Of the remembered picture. Chosen: 4 to 5 mm a pixel on a desk of 400 mm, more than a line of
    // print; an identity card still covers 200 of them.
    static constexpr int long_side = 96;

    // `frame` has 1 or 3 channels.
    void remember(const base::Picture& frame);
    bool is_known() const { return !then_.empty(); }
    DeskView compare(const base::Picture& frame) const;
    void forget(); // overwrites it

private:
    base::Picture then_;
};

} // namespace drivers
