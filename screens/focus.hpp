// Where the keys' focus goes on the items of a frame: five keys, or two switches, over the one list
// that the finger uses too (Frame::items).
//
// Pure. Order is the order of the list: title, content, actions, rail (design README §3). Up and
// down follow it; in a block of tiles or keys they go by rows. Left and right go along a row, to
// what lies left or right ON THE GLASS: where a page is mirrored that is its other direction, and
// where it is not (keyboards, digit pads) it is not. Five keys never go round; two switches do.
// Items that cannot be used now are focused like all others: that is how their reason is heard.
#pragma once

#include "screens/canvas.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace screens {

enum class FocusKey : std::uint8_t {
    up,
    down,
    left,
    right,
    select,
    switch_move,   // the next one, from the last to the first
    switch_select, // as select
};

struct FocusMove {
    enum class What : std::uint8_t {
        moved,
        stays, // nothing lies left or right of it in its row
        press, // `id` is to be activated; an item that is disabled says why and does nothing
        start_of_page,
        end_of_page,
    };
    std::string id; // what is focused afterwards; empty: there is nothing to focus
    What what = What::stays;
    bool operator==(const FocusMove&) const = default;
};

// `focused` empty or not in the list: nothing is pressed, the focus only appears at first_focus().
FocusMove move_focus(std::span<const Item> items, std::string_view focused, FocusKey key,
                     std::string_view start = {});

// Where the focus is on entering a page: `start` (Canvas::start_focus) where the page has it, else
// its first content item, else its first action. Empty: the page has no items.
std::string first_focus(std::span<const Item> items, std::string_view start = {});

// Where the focus is when the same page has changed under it: on the same item while that is there,
// else on the next one behind it that was there before and still is, else on the one before it.
// `before`: the ids of the page as it was.
std::string keep_focus(std::span<const std::string> before, std::string_view focused,
                       std::span<const Item> now, std::string_view start = {});

} // namespace screens
