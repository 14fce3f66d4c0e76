#include "printer/tight.hpp"

#include "printer/items.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace printer {
namespace {

// Bytes that a raster command costs beside its dots, and a gap made of white rows.
constexpr int raster_overhead = 8;
// Wider than any head (spec receipt-printer §1: 640 dots).
constexpr std::size_t widest_row_bytes = 128;

// What a raster of these bytes across must take to stand where `alignment` (ESC a) says.
int bytes_across(int left_byte, int right_byte, int row_bytes, int alignment) {
    if (alignment == 0) return right_byte;
    if (alignment == 2) return row_bytes - left_byte;
    return row_bytes - 2 * std::min(left_byte, row_bytes - right_byte);
}
int first_byte(int across, int row_bytes, int alignment) {
    if (alignment == 0) return 0;
    return alignment == 2 ? row_bytes - across : (row_bytes - across) / 2;
}

int gap_cost(const Profile& profile, int rows) {
    if (profile.motion_dpi > 0) return 3;
    return is_known(profile.ascii) ? 4 : raster_overhead + rows;
}

// Rows below each other whose ink begins and ends at the same bytes; right_byte 0: white.
std::vector<Band> ink_of(const Bitmap& dots, int top, int bottom) {
    std::vector<Band> groups;
    for (int y = top; y < bottom; ++y) {
        const auto row = dots.row(y);
        int left = 0;
        int right = int(row.size());
        while (left < right && row[std::size_t(left)] == 0) ++left;
        while (right > left && row[std::size_t(right) - 1] == 0) --right;
        if (left == right) left = right = 0;
        const bool goes_on =
            !groups.empty() && groups.back().left_byte == left && groups.back().right_byte == right;
        if (goes_on) {
            groups.back().bottom = y + 1;
        } else {
            groups.push_back({y, y + 1, left, right});
        }
    }
    return groups;
}

} // namespace

Tight tight_bands(const Profile& profile, const Bitmap& dots, int top, int bottom) {
    struct Step {
        int bytes = std::numeric_limits<int>::max();
        std::size_t from = 0; // group
        int before = 0;       // alignment there
        int across = 0;       // 0: a gap
    };
    const int row_bytes = int(dots.row_bytes());
    const auto groups = ink_of(dots, top, bottom);
    std::vector<std::array<Step, 3>> best(groups.size() + 1);
    best[0][0].bytes = 0;
    const auto offer = [&](std::size_t to, int alignment, const Step& step) {
        auto& known = best[to][std::size_t(alignment)];
        if (step.bytes < known.bytes) known = step;
    };
    for (std::size_t i = 0; i < groups.size(); ++i) {
        for (int before = 0; before < 3; ++before) {
            const int spent = best[i][std::size_t(before)].bytes;
            if (spent == std::numeric_limits<int>::max()) continue;
            if (groups[i].right_byte == 0) {
                offer(i + 1, before, {spent + gap_cost(profile, groups[i].rows()), i, before, 0});
                continue;
            }
            int left = row_bytes;
            int right = 0;
            for (std::size_t last = i; last < groups.size(); ++last) {
                if (groups[last].right_byte == 0) continue; // white stands inside, not at the end
                left = std::min(left, groups[last].left_byte);
                right = std::max(right, groups[last].right_byte);
                const int rows = groups[last].bottom - groups[i].top;
                for (int alignment = 0; alignment < 3; ++alignment) {
                    const int across = bytes_across(left, right, row_bytes, alignment);
                    const int turn = alignment == before ? 0 : 3;
                    offer(last + 1, alignment,
                          {spent + raster_overhead + turn + across * rows, i, before, across});
                }
            }
        }
    }
    int alignment = 0;
    for (int other = 1; other < 3; ++other)
        if (best.back()[std::size_t(other)].bytes < best.back()[std::size_t(alignment)].bytes)
            alignment = other;
    Tight found{.bands = {}, .bytes = best.back()[std::size_t(alignment)].bytes};
    for (std::size_t end = groups.size(); end > 0;) {
        const Step& step = best[end][std::size_t(alignment)];
        if (step.across > 0) {
            const int left = first_byte(step.across, row_bytes, alignment);
            found.bands.push_back(
                {groups[step.from].top, groups[end - 1].bottom, left, left + step.across});
        }
        end = step.from;
        alignment = step.before;
    }
    std::reverse(found.bands.begin(), found.bands.end());
    return found;
}

std::vector<std::pair<int, int>> columns_with_ink(const Bitmap& dots, int top) {
    std::vector<std::pair<int, int>> found;
    const int bottom = std::min(dots.height(), top + cell_height_dots);
    std::array<std::uint8_t, widest_row_bytes> any{};
    for (int y = top; y < bottom; ++y) {
        const auto row = dots.row(y);
        for (std::size_t i = 0; i < row.size(); ++i) any[i] |= row[i];
    }
    for (int byte = 0; byte < int(dots.row_bytes()); ++byte) {
        if (any[std::size_t(byte)] == 0) continue;
        for (int bit = 0; bit < 8; ++bit) {
            if ((any[std::size_t(byte)] & (0x80u >> bit)) == 0) continue;
            const int x = byte * 8 + bit;
            if (!found.empty() && x - found.back().second <= 3) {
                found.back().second = x + 1;
            } else {
                found.emplace_back(x, x + 1);
            }
        }
    }
    return found;
}

} // namespace printer
