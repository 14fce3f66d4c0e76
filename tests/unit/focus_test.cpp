// Where the keys' focus goes, on lists of items made by hand.
#include "screens/focus.hpp"

#include <catch2/catch.hpp>
#include <set>

namespace {

using screens::first_focus;
using screens::FocusKey;
using screens::FocusMove;
using screens::Item;
using screens::ItemKind;
using screens::keep_focus;
using screens::move_focus;
using screens::Rect;
using What = FocusMove::What;
using Items = std::vector<Item>;

Item item(std::string id, ItemKind kind, Rect rect) {
    return {std::move(id), kind, rect, "", {}};
}

// A page as page.cpp lays it out: Listen, two rows of three tiles, go and back, a rail of six.
Items page_of_tiles() {
    Items items{item("title/listen", ItemKind::button, {900, 100, 120, 100})};
    for (int i = 0; i < 6; ++i)
        items.push_back(item("tile/" + std::to_string(i), ItemKind::tile,
                             {float(50 + 330 * (i % 3)), float(300 + 220 * (i / 3)), 300, 200}));
    items.push_back(item("actions/go", ItemKind::button, {400, 1500, 600, 110}));
    items.push_back(item("actions/back", ItemKind::button, {50, 1500, 260, 110}));
    for (int i = 0; i < 6; ++i)
        items.push_back(item("rail/" + std::to_string(i), ItemKind::button,
                             {float(20 + 180 * i), 1750, 160, 120}));
    return items;
}

// The same page, mirrored as the canvas does it for a language from right to left.
Items mirrored(Items items) {
    for (auto& each : items) each.rect.x = 1080 - each.rect.right();
    return items;
}

std::string after(const Items& items, std::string_view from, FocusKey key) {
    return move_focus(items, from, key).id;
}

} // namespace

TEST_CASE("the first key shows the focus and presses nothing", "[unit][focus]") {
    const auto items = page_of_tiles();
    for (const auto key : {FocusKey::up, FocusKey::down, FocusKey::left, FocusKey::right,
                           FocusKey::select, FocusKey::switch_move, FocusKey::switch_select}) {
        const auto move = move_focus(items, "", key, "tile/2");
        CHECK(move.id == "tile/2");
        CHECK(move.what == What::moved);
    }
    CHECK(move_focus(Items{}, "", FocusKey::down).what == What::stays);
    CHECK(move_focus(Items{}, "gone", FocusKey::select) == FocusMove{"", What::stays});
}

TEST_CASE("focus begins where the page says, else at its first content, else at its first action",
          "[unit][focus]") {
    auto items = page_of_tiles();
    CHECK(first_focus(items, "actions/go") == "actions/go");
    CHECK(first_focus(items, "no such item") == "tile/0");
    CHECK(first_focus(items) == "tile/0");
    std::erase_if(items, [](const Item& i) { return i.id.starts_with("tile/"); });
    CHECK(first_focus(items) == "actions/go");
    std::erase_if(items, [](const Item& i) { return i.id.starts_with("actions/"); });
    CHECK(first_focus(items) == "title/listen");
    CHECK(first_focus(Items{}).empty());
}

TEST_CASE("up and down go by rows in a grid and by order elsewhere, and stop at the ends",
          "[unit][focus]") {
    const auto items = page_of_tiles();
    CHECK(after(items, "title/listen", FocusKey::down) == "tile/0");
    CHECK(after(items, "tile/1", FocusKey::down) == "tile/4");
    CHECK(after(items, "tile/4", FocusKey::up) == "tile/1");
    CHECK(after(items, "tile/1", FocusKey::up) == "title/listen");
    CHECK(after(items, "tile/4", FocusKey::down) == "actions/go");
    CHECK(after(items, "actions/go", FocusKey::down) == "actions/back");
    CHECK(after(items, "actions/back", FocusKey::down) == "rail/0");
    CHECK(after(items, "rail/0", FocusKey::down) == "rail/1");
    CHECK(after(items, "actions/go", FocusKey::up) == "tile/5");
    const auto bottom = move_focus(items, "rail/5", FocusKey::down);
    CHECK(bottom == FocusMove{"rail/5", What::end_of_page});
    const auto top = move_focus(items, "title/listen", FocusKey::up);
    CHECK(top == FocusMove{"title/listen", What::start_of_page});
}

TEST_CASE("left and right go along the row on the glass, mirrored or not", "[unit][focus]") {
    const auto items = page_of_tiles();
    CHECK(after(items, "tile/0", FocusKey::right) == "tile/1");
    CHECK(after(items, "tile/1", FocusKey::left) == "tile/0");
    CHECK(move_focus(items, "tile/2", FocusKey::right) == FocusMove{"tile/2", What::stays});
    CHECK(move_focus(items, "tile/3", FocusKey::left) == FocusMove{"tile/3", What::stays});
    CHECK(after(items, "actions/go", FocusKey::left) == "actions/back");
    CHECK(after(items, "rail/2", FocusKey::left) == "rail/1");

    const auto uyghur = mirrored(items);
    CHECK(after(uyghur, "tile/0", FocusKey::left) == "tile/1");
    CHECK(after(uyghur, "tile/1", FocusKey::right) == "tile/0");
    CHECK(after(uyghur, "actions/go", FocusKey::right) == "actions/back");
    CHECK(after(uyghur, "rail/0", FocusKey::left) == "rail/1");
    CHECK(after(uyghur, "tile/1", FocusKey::down) == "tile/4"); // rows stay rows
}

TEST_CASE("a wheel that is listed column by column is walked as it looks", "[unit][focus]") {
    Items items;
    for (const char* wheel : {"year", "month", "day"}) {
        const float x = 50 + 330 * float(items.size() / 2);
        items.push_back(item(std::string(wheel) + "/up", ItemKind::key, {x, 300, 300, 150}));
        items.push_back(item(std::string(wheel) + "/down", ItemKind::key, {x, 700, 300, 150}));
    }
    CHECK(after(items, "year/up", FocusKey::right) == "month/up");
    CHECK(after(items, "month/down", FocusKey::right) == "day/down");
    CHECK(after(items, "day/down", FocusKey::left) == "month/down");
    CHECK(after(items, "month/up", FocusKey::down) == "month/down");
    CHECK(move_focus(items, "year/up", FocusKey::up).what == What::start_of_page);
    CHECK(move_focus(items, "year/down", FocusKey::down).what == What::end_of_page);
}

TEST_CASE("on a board of keys of several widths the nearest key of the next row is next",
          "[unit][focus]") {
    Items items;
    for (int i = 0; i < 10; ++i)
        items.push_back(item("q" + std::to_string(i), ItemKind::key, {float(100 * i), 0, 90, 90}));
    items.push_back(item("shift", ItemKind::key, {0, 100, 150, 90}));
    for (int i = 0; i < 7; ++i)
        items.push_back(
            item("z" + std::to_string(i), ItemKind::key, {float(160 + 100 * i), 100, 90, 90}));
    items.push_back(item("space", ItemKind::key, {200, 200, 600, 90}));
    CHECK(after(items, "q0", FocusKey::down) == "shift");
    CHECK(after(items, "q9", FocusKey::down) == "z6");
    CHECK(after(items, "z3", FocusKey::down) == "space");
    CHECK(after(items, "space", FocusKey::up) == "z3");
    CHECK(after(items, "q0", FocusKey::right) == "q1");
    CHECK(move_focus(items, "space", FocusKey::left).what == What::stays);
}

TEST_CASE("two switches go round through every item once", "[unit][focus]") {
    const auto items = page_of_tiles();
    std::set<std::string> seen;
    std::string focused = items.front().id;
    for (std::size_t i = 0; i < items.size(); ++i) {
        seen.insert(focused);
        focused = after(items, focused, FocusKey::switch_move);
    }
    CHECK(seen.size() == items.size());
    CHECK(focused == items.front().id);
    CHECK(move_focus(items, "tile/3", FocusKey::switch_select) == FocusMove{"tile/3", What::press});
}

TEST_CASE("five keys reach every item of a page from every other one", "[unit][focus]") {
    for (const auto& items : {page_of_tiles(), mirrored(page_of_tiles())}) {
        for (const auto& from : items) {
            std::set<std::string> reached{from.id};
            std::vector<std::string> due{from.id};
            while (!due.empty()) {
                const auto at = due.back();
                due.pop_back();
                for (const auto key :
                     {FocusKey::up, FocusKey::down, FocusKey::left, FocusKey::right})
                    if (const auto to = after(items, at, key); reached.insert(to).second)
                        due.push_back(to);
            }
            CAPTURE(from.id);
            CHECK(reached.size() == items.size());
        }
    }
}

TEST_CASE("what cannot be used now can still be focused", "[unit][focus]") {
    auto items = page_of_tiles();
    items[2].state.disabled = true;
    CHECK(after(items, "tile/0", FocusKey::right) == "tile/1");
    CHECK(move_focus(items, "tile/1", FocusKey::select) == FocusMove{"tile/1", What::press});
}

TEST_CASE("a focus whose item went away goes to what stood behind it, then before it",
          "[unit][focus]") {
    const std::vector<std::string> before{"a", "b", "c", "actions/go", "rail/leave"};
    const auto some = [](std::initializer_list<const char*> ids) {
        Items items;
        for (const auto* id : ids) items.push_back(item(id, ItemKind::row, {0, 0, 10, 10}));
        return items;
    };
    CHECK(keep_focus(before, "b", some({"a", "b", "c"})) == "b");
    CHECK(keep_focus(before, "b", some({"a", "c", "rail/leave"})) == "c");
    CHECK(keep_focus(before, "c", some({"a", "b", "actions/go"})) == "actions/go");
    CHECK(keep_focus(before, "c", some({"a", "rail/leave"})) == "a");
    CHECK(keep_focus(before, "b", some({"x", "y", "rail/leave"}), "y") == "y");
    CHECK(keep_focus({}, "", some({"x", "y"})) == "x");
    CHECK(keep_focus(before, "b", {}).empty());
}
