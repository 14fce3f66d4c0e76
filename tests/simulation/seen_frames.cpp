#include "tests/simulation/seen_frames.hpp"

#include "drivers/scanner/page_finder.hpp"
#include "drivers/scanner/scanner.hpp"

#include <algorithm>
#include <vector>

namespace simulation {
namespace {

using base::Picture;

// Chosen: papers, desk and dark frames, for each expectation of the forms; more would be searched
// through for longer than it helps.
constexpr std::size_t most = 32;

struct Wish {
    drivers::Expectation expectation;
    int dpi = 0;
    bool operator==(const Wish& other) const {
        return expectation.paper == other.expectation.paper &&
               expectation.least_dpi == other.expectation.least_dpi &&
               expectation.must_be_upright == other.expectation.must_be_upright && dpi == other.dpi;
    }
};

template <class Answer> struct Seen {
    Picture frame;
    Wish wish;
    Answer answer;
};
template <class Answer> using AllSeen = std::vector<Seen<Answer>>;

SeenFrames counts;
AllSeen<std::optional<drivers::FoundPage>> found;
AllSeen<drivers::ScannedPage> scanned;

template <class Answer, class Search>
Answer recall(AllSeen<Answer>& seen, const Picture& frame, const Wish& wish, Search search) {
    const auto before = std::find_if(seen.begin(), seen.end(), [&](const Seen<Answer>& one) {
        return one.wish == wish && one.frame == frame;
    });
    if (before != seen.end()) {
        ++counts.recalled;
        return before->answer;
    }
    ++counts.searched;
    auto answer = search();
    if (seen.size() < most) seen.push_back({frame, wish, answer});
    return answer;
}

} // namespace

SeenFrames seen_frames() {
    return counts;
}

void forget_seen_frames() {
    found.clear();
    scanned.clear();
}

} // namespace simulation

// The names are those of the two functions as g++ and clang write them. A member function takes its
// object as the first argument.
namespace drivers {

std::optional<FoundPage>
real_find(PageFinder* finder,
          const base::Picture& frame) asm("__real__ZN7drivers10PageFinder4findERKN4base7PictureE");
std::optional<FoundPage> recalled_find(PageFinder* finder, const base::Picture& frame) asm(
    "__wrap__ZN7drivers10PageFinder4findERKN4base7PictureE");
ScannedPage
real_scan_page(const base::Picture& frame, const Expectation& expectation,
               int dpi) asm("__real__ZN7drivers9scan_pageERKN4base7PictureERKNS_11ExpectationEi");
ScannedPage recalled_scan_page(
    const base::Picture& frame, const Expectation& expectation,
    int dpi) asm("__wrap__ZN7drivers9scan_pageERKN4base7PictureERKNS_11ExpectationEi");

std::optional<FoundPage> recalled_find(PageFinder* finder, const base::Picture& frame) {
    return simulation::recall(simulation::found, frame, {},
                              [&] { return real_find(finder, frame); });
}

ScannedPage recalled_scan_page(const base::Picture& frame, const Expectation& expectation,
                               int dpi) {
    return simulation::recall(simulation::scanned, frame, {expectation, dpi},
                              [&] { return real_scan_page(frame, expectation, dpi); });
}

} // namespace drivers
