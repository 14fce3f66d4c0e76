// Pages that were looked for in a frame before.
//
// The simulated camera shows the same few papers in every seed, and looking for a page in one of
// them took four fifths of a seed's time. What PageFinder::find() and scan_page() answer depends on
// their arguments alone, so the answer to a frame with the same bytes is kept and given again. The
// linker leads their callers here (`--wrap`, CMakeLists.txt): no line of the product knows of it.
// One thread.
#pragma once

#include <cstdint>

namespace simulation {

struct SeenFrames {
    std::uint64_t searched = 0; // by the product's own code
    std::uint64_t recalled = 0;
};
// Since the program's start.
SeenFrames seen_frames();
// The product's own code answers again: for a test that compares.
void forget_seen_frames();

} // namespace simulation
