#include "screens/focus.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace screens {
namespace {

using Items = std::span<const Item>;
using What = FocusMove::What;

// The frame around a page's content: the same on every screen (page.cpp, draw_rail).
constexpr std::string_view title_prefix = "title/";
constexpr std::string_view actions_prefix = "actions/";
constexpr std::string_view rail_prefix = "rail/";

bool is_content(const Item& item) {
    return !item.id.starts_with(title_prefix) && !item.id.starts_with(actions_prefix) &&
           !item.id.starts_with(rail_prefix);
}

std::optional<std::size_t> find(Items items, std::string_view id) {
    for (std::size_t i = 0; i < items.size(); ++i)
        if (items[i].id == id) return i;
    return std::nullopt;
}

// Side by side: the middle of one lies within half the height of the other.
bool are_in_one_row(const Item& a, const Item& b) {
    const float apart = std::abs(a.rect.center().y - b.rect.center().y);
    return apart < std::min(a.rect.h, b.rect.h) / 2;
}

// Neighbours in the list, as [first, last).
struct Block {
    std::size_t first = 0;
    std::size_t last = 0;
};

template <class Belongs> Block block_around(Items items, std::size_t at, Belongs belongs) {
    Block block{at, at + 1};
    while (block.first > 0 && belongs(items[block.first - 1])) --block.first;
    while (block.last < items.size() && belongs(items[block.last])) ++block.last;
    return block;
}

bool goes_by_rows(ItemKind kind) {
    return kind == ItemKind::tile || kind == ItemKind::key;
}

// The tiles or keys around it; anything else stands for itself.
Block grid_around(Items items, std::size_t at) {
    if (!goes_by_rows(items[at].kind)) return {at, at + 1};
    return block_around(items, at, [&](const Item& i) { return i.kind == items[at].kind; });
}

// The nearest row of the block above or below, and in it what stands most nearly over or under.
std::optional<std::size_t> in_next_row(Items items, std::size_t at, Block block, bool down) {
    const auto& from = items[at];
    const auto away = [&](std::size_t i) {
        const float by = items[i].rect.center().y - from.rect.center().y;
        return down ? by : -by;
    };
    std::optional<std::size_t> best;
    for (std::size_t i = block.first; i < block.last; ++i) {
        if (away(i) <= 0 || are_in_one_row(from, items[i])) continue;
        if (!best) {
            best = i;
            continue;
        }
        const auto aside = [&](std::size_t k) {
            return std::abs(items[k].rect.center().x - from.rect.center().x);
        };
        const bool is_same_row = are_in_one_row(items[*best], items[i]);
        if (is_same_row ? aside(i) < aside(*best) : away(i) < away(*best)) best = i;
    }
    return best;
}

FocusMove up_or_down(Items items, std::size_t at, bool down) {
    const Block grid = grid_around(items, at);
    auto to = in_next_row(items, at, grid, down);
    if (!to && down && grid.last < items.size()) to = grid.last;
    if (!to && !down && grid.first > 0) to = grid.first - 1;
    if (!to) return {items[at].id, down ? What::end_of_page : What::start_of_page};
    return {items[*to].id, What::moved};
}

FocusMove left_or_right(Items items, std::size_t at, bool right) {
    const auto& from = items[at];
    const Block block =
        goes_by_rows(from.kind)
            ? grid_around(items, at)
            : block_around(items, at, [&](const Item& i) { return are_in_one_row(from, i); });
    const auto away = [&](std::size_t i) {
        const float by = items[i].rect.center().x - from.rect.center().x;
        return right ? by : -by;
    };
    std::optional<std::size_t> best;
    for (std::size_t i = block.first; i < block.last; ++i) {
        if (i == at || away(i) <= 0 || !are_in_one_row(from, items[i])) continue;
        if (!best || away(i) < away(*best)) best = i;
    }
    if (!best) return {from.id, What::stays};
    return {items[*best].id, What::moved};
}

} // namespace

FocusMove move_focus(Items items, std::string_view focused, FocusKey key, std::string_view start) {
    const auto at = find(items, focused);
    if (!at) {
        auto first = first_focus(items, start);
        const auto what = first.empty() ? What::stays : What::moved;
        return {std::move(first), what};
    }
    switch (key) {
    case FocusKey::up: return up_or_down(items, *at, false);
    case FocusKey::down: return up_or_down(items, *at, true);
    case FocusKey::left: return left_or_right(items, *at, false);
    case FocusKey::right: return left_or_right(items, *at, true);
    case FocusKey::select:
    case FocusKey::switch_select: return {items[*at].id, What::press};
    case FocusKey::switch_move: return {items[(*at + 1) % items.size()].id, What::moved};
    }
    return {items[*at].id, What::stays};
}

std::string first_focus(Items items, std::string_view start) {
    if (items.empty()) return {};
    if (find(items, start)) return std::string(start);
    const auto content = std::find_if(items.begin(), items.end(), is_content);
    if (content != items.end()) return content->id;
    const auto action = std::find_if(items.begin(), items.end(), [](const Item& item) {
        return item.id.starts_with(actions_prefix);
    });
    return action != items.end() ? action->id : items.front().id;
}

std::string keep_focus(std::span<const std::string> before, std::string_view focused, Items now,
                       std::string_view start) {
    if (find(now, focused)) return std::string(focused);
    const auto was = std::find(before.begin(), before.end(), focused);
    if (was == before.end()) return first_focus(now, start);
    // The rail is always there and never what was meant.
    const auto is_left = [&](const std::string& id) {
        return !id.starts_with(rail_prefix) && find(now, id).has_value();
    };
    const auto behind = std::find_if(was, before.end(), is_left);
    if (behind != before.end()) return *behind;
    const auto ahead = std::find_if(std::make_reverse_iterator(was), before.rend(), is_left);
    return ahead != before.rend() ? *ahead : first_focus(now, start);
}

} // namespace screens
