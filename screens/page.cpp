#include "screens/page.hpp"

#include "screens/illustrations.hpp"

#include <algorithm>
#include <numeric>

namespace screens {
namespace {

constexpr float content_top_mm = 5;
constexpr float calm_content_top_mm =
    10; // where the letters leave room (design: 52 px below the bar)
constexpr float lattice_mm = 30;
constexpr float column_gap_mm = 14;
constexpr float start_column = 0.4f;                   // design tokens, zones.landscape.columns
constexpr float wider_start_columns[] = {0.5f, 0.58f}; // chosen: for long titles above a note
constexpr float landscape_frame_mm = 70;               // header and actions, about
constexpr float passive_upper = 0.54f; // low reach: nothing to touch above (tokens, zones.lowReach)
constexpr float card_pad_mm = 2;
constexpr float listen_width_mm = 30; // tokens, targets.speak
constexpr float listen_height_mm = 26;
constexpr float listen_icon_mm = 12, listen_pad_mm = 1;
constexpr float widest_listen_mm = 60; // chosen: two lines rather than no title
constexpr float pager_height_mm = 21;
constexpr float action_gap_mm = 6;
constexpr float back_width_mm = 64; // tokens, targets.back

// Stands for the pager among the blocks of a part.
constexpr std::size_t pager_block = std::size_t(-1);

TextStyle title_style() {
    auto style = bold(title());
    style.tight = true;
    return style;
}

// A result is the largest thing on its page, unless its words would need a second line for that.
TextStyle badge_title_style(Canvas& canvas, std::string_view words, float room) {
    auto style = title_style();
    style.type = TypeRole::display;
    return canvas.measure(words, style).width <= room ? style : title_style();
}

float top_of_content(const Canvas& canvas) {
    const bool calm = canvas.settings().text_size <= TextSize::standard;
    return canvas.mm(calm && !canvas.panel().is_landscape() ? calm_content_top_mm : content_top_mm);
}

TextStyle listen_style(Role colour) {
    auto style = centred(tight(body(colour)));
    style.type = TypeRole::rail;
    return style;
}

TextStyle sub_style() {
    auto style = label(Role::muted);
    style.tight = true;
    return style;
}

} // namespace

Page::Page(Canvas& canvas, const FrameModel& frame, std::string_view title, std::string_view sub)
    : canvas_(canvas), frame_(frame), title_(title), sub_(sub), said_title_(title), said_sub_(sub),
      landscape_(canvas.panel().is_landscape()),
      // A landscape panel is no taller than the lower part of a portrait one: nothing to move.
      low_(canvas.settings().low_reach && !landscape_), start_share_(start_column) {}

void Page::make_room_in_lead(const NoteModel* note) {
    if (!landscape_) return;
    const float height = canvas_.height() - rail_height(canvas_, frame_);
    const float column = height - canvas_.mm(landscape_frame_mm);
    for (const float wider : wider_start_columns) {
        const float title = title_height(width(Zone::lead));
        const float under =
            note == nullptr ? 0 : note_height(canvas_, *note, width(Zone::lead)) + canvas_.mm(6);
        if (title > height * 0.35f || title + under > column) start_share_ = wider;
    }
}

void Page::badge(std::string_view icon, Role ground, Role ink) {
    badge_icon_ = icon;
    badge_ground_ = ground;
    badge_ink_ = ink;
}

float Page::width(Zone zone) const {
    const float content = canvas_.width() - 2 * canvas_.mm(space::margin);
    if (!landscape_) return content;
    const float columns = content - canvas_.mm(column_gap_mm);
    return zone == Zone::lead ? columns * start_share_ : columns * (1 - start_share_);
}

void Page::add_spacer(Zone zone) {
    Block block;
    block.zone = zone;
    block.spacer = true;
    block.gap_mm = 0;
    add(std::move(block));
}

void Page::add_text(Zone zone, std::string_view text, const TextStyle& style, std::string_view id,
                    float gap_mm, InList list) {
    if (text.empty()) return;
    Block block;
    block.item = list == InList::yes;
    block.zone = zone;
    block.gap_mm = gap_mm;
    block.least_at = [this, text, style](float room) {
        return stack_height(canvas_, {{text, style}}, room);
    };
    block.least = block.least_at(width(zone));
    block.draw = [this, text, style, id](const Rect& area) {
        draw_stack(canvas_, area, {{text, style}}, id);
    };
    add(std::move(block));
}

void Page::add_note(Zone zone, const NoteModel& note, std::string_view id, InList list) {
    Block block;
    block.item = list == InList::yes;
    block.zone = zone;
    block.least_at = [this, &note](float room) { return note_height(canvas_, note, room); };
    block.least = block.least_at(width(zone));
    block.draw = [this, &note, id](const Rect& area) { draw_note(canvas_, area, note, id); };
    add(std::move(block));
}

void Page::add_button(std::string id, const ButtonLook& look, std::function<void()> pressed,
                      Zone zone) {
    Block block;
    block.zone = zone;
    block.least = button_height(canvas_, look, width(zone));
    block.draw = [this, id = std::move(id), look, pressed = std::move(pressed)](const Rect& area) {
        if (draw_button(canvas_, id, area, look)) pressed();
    };
    add(std::move(block));
}

void Page::add_buttons(std::vector<ButtonPlace> buttons, InList list) {
    if (buttons.empty()) return;
    const float gap = canvas_.mm(4.5f);
    const float room = width(Zone::body);
    const float each = (room - gap * float(buttons.size() - 1)) / float(buttons.size());
    float height = 0;
    bool fit = true;
    for (const auto& button : buttons) {
        fit = fit && button_fits(canvas_, button.look, each);
        height = std::max(height, button_height(canvas_, button.look, each));
    }
    if (!fit) {
        for (auto& button : buttons) {
            add_button(button.id, button.look, std::move(button.pressed));
            blocks_.back().item = list == InList::yes;
        }
        return;
    }
    Block block;
    block.item = list == InList::yes;
    block.least = height;
    block.draw = [this, gap, buttons = std::move(buttons)](const Rect& area) {
        const auto places = area.columns(int(buttons.size()), gap);
        for (std::size_t i = 0; i < buttons.size(); ++i) {
            if (draw_button(canvas_, buttons[i].id, places[i], buttons[i].look))
                buttons[i].pressed();
        }
    };
    add(std::move(block));
}

void Page::add_value_rows(const std::vector<ValueRow>& rows, std::string_view id_prefix,
                          const std::function<void(const std::string& id)>& pressed) {
    for (const auto& row : rows) {
        Block block;
        block.item = true;
        block.card = 1;
        block.least = value_row_height(canvas_, row, width(Zone::body));
        block.most = std::max(block.least, canvas_.mm(50));
        block.draw = [this, &row, id = std::string(id_prefix) + row.id, pressed](const Rect& area) {
            if (draw_value_row(canvas_, area, row, id)) pressed(row.id);
        };
        add(std::move(block));
    }
}

void Page::add_foot(std::string_view icon, std::string_view text) {
    if (text.empty()) return;
    // With low reach the room below is for what is touched.
    const Zone zone = low_ ? Zone::show : Zone::body;
    add_spacer();
    Block block;
    block.zone = zone;
    block.item = true; // behind the last row where the list is shown in parts
    block.least = foot_height(canvas_, text, width(zone));
    block.gap_mm = space::s;
    block.draw = [this, icon, text](const Rect& area) { draw_foot(canvas_, area, icon, text); };
    add(std::move(block));
}

void Page::back(std::string_view label) {
    if (label.empty()) return;
    ButtonLook back;
    back.label = label;
    back.icon = "arrow-start";
    back.kind = ButtonLook::Kind::quiet;
    action("back", back);
}

void Page::actions(const ActionsModel& model) {
    back(model.back);
    if (model.go.empty()) return;
    ButtonLook go;
    go.label = model.go;
    go.kind = model.go_ready ? ButtonLook::Kind::primary : ButtonLook::Kind::not_yet;
    if (model.go_ready) (model.go_icon == "arrow-end" ? go.icon_end : go.icon) = model.go_icon;
    action("go", go);
}

// The title ----------------------------------------------------------------------------------

TextStack Page::title_words(float room) const {
    const auto style =
        badge_icon_.empty() ? title_style() : badge_title_style(canvas_, title_, room);
    return {{title_, style}, {sub_, sub_style(), space::xs}};
}

float Page::title_height(float width) const {
    const float badge = badge_icon_.empty() ? 0 : canvas_.mm(32);
    const bool listens = !frame_.listen.empty() && !low_;
    float room = width;
    if (badge > 0) room -= badge + canvas_.mm(7);
    if (listens) room -= listen_width() + canvas_.mm(space::m);
    const float text = stack_height(canvas_, title_words(room), room);
    return std::max({text, badge, listens ? listen_height() : 0.0f});
}

void Page::draw_title(const Rect& area, PageAnswer& answer) {
    Rect rest = area;
    if (!badge_icon_.empty()) {
        const float side = canvas_.mm(32);
        const Rect column = rest.take_start(side);
        draw_badge(canvas_, {column.x, column.y + (column.h - side) / 2, side, side}, badge_icon_,
                   badge_ground_, badge_ink_, 20);
        rest.take_start(canvas_.mm(7));
    }
    if (!frame_.listen.empty() && !low_) {
        Rect listen = rest.take_end(listen_width());
        listen.h = listen_height();
        draw_listen(listen, answer);
        rest.take_end(canvas_.mm(space::m));
    }
    const auto stack = title_words(rest.w);
    const float height = stack_height(canvas_, stack, rest.w);
    // A short title stands at the top, level with Listen; beside a badge it is centred.
    if (badge_icon_.empty()) rest.h = std::min(rest.h, height);
    draw_stack(canvas_, rest, stack, "title");
}

float Page::listen_width() const {
    const float word = canvas_.measure(frame_.listen, listen_style(Role::quiet_text)).width;
    return std::clamp(word + 2 * canvas_.mm(listen_pad_mm) + 2, canvas_.mm(listen_width_mm),
                      canvas_.mm(widest_listen_mm));
}

float Page::listen_height() const {
    const float room = listen_width() - 2 * canvas_.mm(listen_pad_mm);
    const float words = canvas_.measure(frame_.listen, listen_style(Role::quiet_text), room).height;
    return std::max(canvas_.mm(listen_height_mm),
                    words + canvas_.mm(listen_icon_mm) + 2 * canvas_.mm(listen_pad_mm));
}

bool Page::draw_listen(const Rect& area, PageAnswer& answer) {
    const auto surface = draw_pressable(canvas_, "title/listen", frame_.listen, area,
                                        {ItemKind::button, 3, false, true, false});
    const Role ink = surface.pressed_now ? surface.text : Role::quiet_text;
    Rect inner = surface.inner.inset(canvas_.mm(listen_pad_mm));
    canvas_.icon("speaker", inner.take_top(canvas_.mm(listen_icon_mm)), ink);
    draw_stack(canvas_, inner, {{frame_.listen, listen_style(ink)}}, "title/listen");
    if (surface.fired) answer.frame = FrameIntent::listen;
    return surface.fired;
}

// The actions --------------------------------------------------------------------------------

std::vector<float> Page::action_widths(float width) const {
    const float gap = canvas_.mm(action_gap_mm);
    std::vector<float> widths(actions_.size(), 0);
    float left = width - gap * float(actions_.size() - 1);
    if (low_ && !frame_.listen.empty()) left -= listen_width() + gap;
    std::size_t sharing = 0;
    for (std::size_t i = 0; i < actions_.size(); ++i) {
        if (actions_[i].look.kind != ButtonLook::Kind::quiet || actions_.size() == 1) {
            ++sharing;
            continue;
        }
        widths[i] = std::clamp(button_width(canvas_, actions_[i].look), canvas_.mm(back_width_mm),
                               width * 0.45f);
        left -= widths[i];
    }
    for (auto& w : widths) {
        if (w == 0) w = left / float(sharing);
    }
    // Alone, a button need not be as wide as the page, unless it is the thing to do.
    if (actions_.size() == 1 && actions_[0].look.kind == ButtonLook::Kind::quiet) {
        widths[0] =
            std::clamp(button_width(canvas_, actions_[0].look), canvas_.mm(back_width_mm), left);
    }
    return widths;
}

bool Page::actions_stacked() const {
    const auto widths = action_widths(width(Zone::body));
    for (std::size_t i = 0; i < actions_.size(); ++i) {
        if (!button_fits(canvas_, actions_[i].look, widths[i])) return true;
    }
    return false;
}

float Page::actions_height() const {
    const float pad = canvas_.mm(landscape_ ? 8.5f : 13);
    if (actions_.empty()) {
        const bool listens = low_ && !frame_.listen.empty();
        return listens ? listen_height() + pad : canvas_.mm(space::m);
    }
    const bool stacked = !landscape_ && actions_stacked();
    const auto widths = action_widths(width(Zone::body));
    float height = 0;
    for (std::size_t i = 0; i < actions_.size(); ++i) {
        const float own =
            button_height(canvas_, actions_[i].look, stacked ? width(Zone::body) : widths[i]);
        height =
            stacked ? height + own + (i > 0 ? canvas_.mm(space::s) : 0) : std::max(height, own);
    }
    if (low_ && !frame_.listen.empty()) height = std::max(height, listen_height());
    return height + pad;
}

void Page::draw_actions(const Rect& area, PageAnswer& answer) {
    if (actions_.empty() && (!low_ || frame_.listen.empty())) return;
    Rect row = area;
    row.take_top(canvas_.mm(landscape_ ? 3.5f : 5.5f));
    row.take_bottom(canvas_.mm(landscape_ ? 5 : 7.5f));
    if (actions_.empty()) {
        draw_listen(row.take_start(listen_width()), answer);
        return;
    }
    const bool stacked = !landscape_ && actions_stacked();
    const float gap = canvas_.mm(action_gap_mm);
    std::vector<Rect> places;
    if (landscape_ && actions_.size() > 1 && actions_[0].look.kind == ButtonLook::Kind::quiet) {
        // Back under the start column, the rest under the end column.
        const auto widths = action_widths(row.w);
        Rect start = row.take_start(width(Zone::lead));
        row.take_start(canvas_.mm(column_gap_mm));
        places.push_back(start.take_start(std::min(widths[0], start.w)));
        const float each = (row.w - gap * float(actions_.size() - 2)) / float(actions_.size() - 1);
        for (std::size_t i = 1; i < actions_.size(); ++i) {
            places.push_back(row.take_start(each));
            row.take_start(gap);
        }
    } else {
        const auto widths = action_widths(row.w);
        for (std::size_t i = 0; i < actions_.size(); ++i) {
            if (stacked) {
                places.push_back(row.take_top(button_height(canvas_, actions_[i].look, row.w)));
                row.take_top(canvas_.mm(space::s));
                continue;
            }
            places.push_back(row.take_start(widths[i]));
            row.take_start(gap);
            if (i == 0 && low_ && !frame_.listen.empty()) {
                draw_listen(row.take_start(listen_width()), answer);
                row.take_start(gap);
            }
        }
    }
    // Focus order: go on, then back (design README §3).
    for (std::size_t i = actions_.size(); i-- > 0;) {
        const auto& button = actions_[i];
        const std::string id = "actions/" + std::string(button.id);
        if (!draw_button(canvas_, id, places[i], button.look)) continue;
        answer.action = button.look.kind == ButtonLook::Kind::not_yet ? "not_yet" : button.id;
    }
}

// The blocks ---------------------------------------------------------------------------------

std::vector<std::size_t> Page::in_zones(std::initializer_list<Zone> zones) const {
    std::vector<std::size_t> found;
    for (const Zone zone : zones) {
        for (std::size_t i = 0; i < blocks_.size(); ++i) {
            if (blocks_[i].zone == zone) found.push_back(i);
        }
    }
    return found;
}

// Without what may be left out, and of a list either all rows or, with the pager, the highest one.
float Page::least_of(std::initializer_list<Zone> zones) const {
    auto kept = in_zones(zones);
    std::erase_if(kept, [&](std::size_t i) { return blocks_[i].dispensable; });
    const float whole = needed(kept);
    std::size_t highest = blocks_.size(), items = 0;
    for (const std::size_t i : kept) {
        if (!blocks_[i].item) continue;
        ++items;
        if (highest == blocks_.size() || blocks_[i].least > blocks_[highest].least) highest = i;
    }
    std::erase_if(kept, [&](std::size_t i) { return blocks_[i].item && i != highest; });
    if (items > 1) kept.push_back(pager_block);
    return std::min(whole, needed(kept));
}

// Landscape: what the start column cannot hold goes to the head of the end column, last things
// first.
void Page::move_what_has_no_room(float height, float height_beside) {
    for (std::size_t i = blocks_.size(); i-- > 0;) {
        Block& block = blocks_[i];
        if (block.zone != Zone::lead || !block.least_at || block.item) continue;
        if (least_of({Zone::lead}) <= height) return;
        const float least = block.least_at(width(Zone::show));
        const float room = height_beside - least_of({Zone::show, Zone::body});
        if (least + canvas_.mm(space::m) > room) continue;
        block.zone = Zone::show;
        block.least = least;
        std::rotate(blocks_.begin(), blocks_.begin() + std::ptrdiff_t(i),
                    blocks_.begin() + std::ptrdiff_t(i) + 1);
        ++i; // what stood before it stands there now
    }
}

// Of the column that these blocks stand in.
float Page::pager_height(const std::vector<std::size_t>& blocks) const {
    const auto block =
        std::find_if(blocks.begin(), blocks.end(), [](std::size_t i) { return i != pager_block; });
    return pager(width(block == blocks.end() ? Zone::body : blocks_[*block].zone)).height;
}

float Page::needed(const std::vector<std::size_t>& blocks) const {
    float height = 0;
    int card = 0;
    for (std::size_t n = 0; n < blocks.size(); ++n) {
        if (blocks[n] == pager_block) {
            height += pager_height(blocks) + canvas_.mm(space::s);
            card = 0;
            continue;
        }
        const Block& block = blocks_[blocks[n]];
        const bool same_card = block.card > 0 && block.card == card;
        if (n > 0 && !same_card) height += canvas_.mm(block.gap_mm);
        if (block.card > 0 && !same_card) height += 2 * canvas_.mm(card_pad_mm);
        height += block.least;
        card = block.card;
    }
    return height;
}

Page::Part Page::choose_part(const std::vector<std::size_t>& zone, float height, std::size_t first,
                             bool pager_inside) const {
    Part part;
    part.blocks = zone;
    while (needed(part.blocks) > height) {
        const auto find = [&](bool goes_last) {
            return std::find_if(part.blocks.begin(), part.blocks.end(), [&](std::size_t i) {
                return blocks_[i].dispensable && blocks_[i].goes_last == goes_last;
            });
        };
        auto least = find(false);
        if (least == part.blocks.end()) least = find(true);
        if (least == part.blocks.end()) break;
        part.blocks.erase(least);
    }
    std::vector<std::size_t> items;
    for (const std::size_t i : part.blocks) {
        if (blocks_[i].item) items.push_back(i);
    }
    if (needed(part.blocks) <= height || items.size() < 2) return part;

    // The list in parts: each takes as many items as fit beside what is always shown.
    const auto everything = part.blocks;
    const auto with = [&](std::size_t from, std::size_t to) {
        std::vector<std::size_t> shown;
        for (const std::size_t i : everything) {
            const auto at = std::find(items.begin(), items.end(), i);
            const auto n = std::size_t(at - items.begin());
            if (at == items.end() || (n >= from && n < to)) shown.push_back(i);
            if (at != items.end() && n + 1 == to && pager_inside) shown.push_back(pager_block);
        }
        return shown;
    };
    std::vector<std::size_t> starts;
    for (std::size_t from = 0; from < items.size();) {
        starts.push_back(from);
        std::size_t to = from + 1;
        while (to < items.size() && needed(with(from, to + 1)) <= height) ++to;
        while (to < items.size() && to - 1 > from && blocks_[items[to - 1]].heads) --to;
        from = to;
    }
    std::size_t number = 0;
    while (number + 1 < starts.size() && starts[number + 1] <= first) ++number;
    part.number = number;
    part.count = starts.size();
    if (number > 0) part.earlier = starts[number - 1];
    if (number + 1 < starts.size()) part.more = starts[number + 1];
    part.blocks = with(starts[number], part.more.value_or(items.size()));
    return part;
}

void Page::stretch(Part& part, float height) const {
    float spare = std::max(0.0f, height - needed(part.blocks));
    part.heights.clear();
    for (const std::size_t i : part.blocks) {
        part.heights.push_back(i == pager_block ? pager_height(part.blocks) : blocks_[i].least);
    }
    const auto grow = [&](auto&& capacity) {
        // Equal shares, again and again, until nobody can take more or nothing is left.
        for (int round = 0; round < 8 && spare > 0.5f; ++round) {
            int takers = 0;
            for (std::size_t n = 0; n < part.blocks.size(); ++n) takers += capacity(n) > 0.5f;
            if (takers == 0) return;
            const float share = spare / float(takers);
            for (std::size_t n = 0; n < part.blocks.size(); ++n) {
                const float taken = std::min(share, std::max(0.0f, capacity(n)));
                part.heights[n] += taken;
                spare -= taken;
            }
        }
    };
    grow([&](std::size_t n) {
        return part.blocks[n] == pager_block ? 0 : blocks_[part.blocks[n]].most - part.heights[n];
    });
    grow([&](std::size_t n) {
        if (part.blocks[n] == pager_block) return 0.0f;
        const Block& block = blocks_[part.blocks[n]];
        // In low reach all that is spare above stands over the title.
        return block.spacer && (!low_ || block.zone == Zone::body) ? spare : 0.0f;
    });
}

float Page::height_of(const Part& part) const {
    float height = needed(part.blocks);
    for (std::size_t n = 0; n < part.blocks.size(); ++n)
        if (part.blocks[n] != pager_block)
            height += part.heights[n] - blocks_[part.blocks[n]].least;
    return height;
}

void Page::draw_part(const Rect& area, const Part& part, PageAnswer* pager) {
    float y = area.y;
    const float pad = canvas_.mm(card_pad_mm);
    for (std::size_t n = 0; n < part.blocks.size(); ++n) {
        if (part.blocks[n] == pager_block) {
            y += canvas_.mm(space::s);
            draw_pager({area.x, y, area.w, part.heights[n]}, part, *pager);
            y += part.heights[n];
            continue;
        }
        const Block& block = blocks_[part.blocks[n]];
        const auto card_at = [&](std::size_t at) {
            return at < part.blocks.size() && part.blocks[at] != pager_block
                       ? blocks_[part.blocks[at]].card
                       : 0;
        };
        const bool continues = n > 0 && block.card > 0 && card_at(n - 1) == block.card;
        if (n > 0 && !continues) y += canvas_.mm(block.gap_mm);
        if (block.card > 0 && !continues) {
            float height = 2 * pad;
            for (std::size_t k = n; card_at(k) == block.card; ++k) height += part.heights[k];
            draw_card(canvas_, {area.x, y, area.w, height}, card_edge_);
            y += pad;
        }
        // What does not fit is cut here, so that its texts report it.
        const float height = std::max(0.0f, std::min(part.heights[n], area.y + area.h + 1 - y));
        if (block.draw) block.draw({area.x, y, area.w, height});
        if (continues && !block.plain)
            canvas_.fill({area.x, y, area.w, canvas_.mm(0.4f)}, Role::hairline);
        y += part.heights[n];
        if (block.card > 0 && card_at(n + 1) != block.card) y += pad;
    }
}

namespace {

TextStyle count_style() {
    return left_to_right(centred(tight(body(Role::muted))));
}

} // namespace

// Both buttons keep their place and size whichever of them is there. Icons give way to words, and
// so does the count between them.
Page::Pager Page::pager(float width) const {
    const float gap = canvas_.mm(space::s);
    const auto count = canvas_.measure("00 / 00", count_style());
    const float between = std::max(canvas_.mm(20), count.width + gap);
    const auto beside = pager_of((width - between - 2 * gap) / 2, 0);
    const auto under = pager_of((width - gap) / 2, count.height + gap);
    return beside.has_room && beside.height <= under.height ? beside : under;
}

Page::Pager Page::pager_of(float each, float count_above) const {
    Pager pager;
    pager.each = each;
    pager.count_above = count_above;
    pager.more.label = frame_.more;
    pager.earlier.label = frame_.earlier;
    bool keep_icons = true; // both or none
    for (auto* look : {&pager.more, &pager.earlier}) {
        look->least_height_mm = pager_height_mm;
        look->kind = ButtonLook::Kind::quiet;
        const float height = button_height(canvas_, *look, each);
        pager.has_room = pager.has_room && button_fits(canvas_, *look, each);
        pager.height = std::max(pager.height, count_above + height);
        look->icon = look == &pager.more ? "plus" : "arrow-start";
        keep_icons = keep_icons && button_fits(canvas_, *look, each) &&
                     button_height(canvas_, *look, each) <= height;
    }
    if (!keep_icons) pager.more.icon = pager.earlier.icon = {};
    return pager;
}

void Page::draw_pager(const Rect& area, const Part& part, PageAnswer& answer) {
    const auto pager = this->pager(area.w);
    Rect row = area;
    Rect above = row.take_top(pager.count_above);
    above.take_bottom(canvas_.mm(space::s));
    const Rect start = row.take_start(pager.each);
    const Rect end = row.take_end(pager.each);
    const std::string count = std::to_string(part.number + 1) + " / " + std::to_string(part.count);
    draw_stack(canvas_, pager.count_above > 0 ? above : row, {{count, count_style()}},
               "list/count");
    if (part.more && draw_button(canvas_, "list/more", end, pager.more))
        answer.from = ShowFrom{*part.more};
    if (part.earlier && draw_button(canvas_, "list/earlier", start, pager.earlier))
        answer.from = ShowFrom{*part.earlier};
}

// The whole ----------------------------------------------------------------------------------

Page::Edges Page::edges() const {
    Edges at;
    at.bottom = canvas_.height() - rail_height(canvas_, frame_) - actions_height();
    at.top = header_height(canvas_, frame_) + top_of_content(canvas_);
    const bool listens = !frame_.listen.empty() && !low_;
    at.gap = title_.empty() && sub_.empty() && !listens ? 0 : canvas_.mm(space::m);
    at.under_title = at.top + (at.gap > 0 ? title_height(width(Zone::lead)) + at.gap : 0);
    return at;
}

// For every part of a list alike: turning to another part does not change the size of the words.
bool Page::has_room(const Edges& at) const {
    const float room = at.bottom - at.under_title + 1; // a pixel: edges are snapped
    if (landscape_)
        return least_of({Zone::lead}) <= room &&
               least_of({Zone::show, Zone::body}) <= at.bottom - at.top + 1;
    if (!low_) return least_of({Zone::lead, Zone::show, Zone::body}) <= room;
    const float upper = least_of({Zone::lead, Zone::show});
    const float border = std::max(canvas_.height() * passive_upper, at.under_title + upper);
    return border + canvas_.mm(space::s) + least_of({Zone::body}) <= at.bottom + 1;
}

PageAnswer Page::draw(std::size_t first) {
    PageAnswer answer;
    const auto at = edges();
    const auto [top, under_title, bottom, gap] = at;
    if (landscape_) move_what_has_no_room(bottom - under_title, bottom - top);
    if (!has_room(at) && canvas_.set_smaller()) return answer;
    canvas_.say("title", said_title_);
    canvas_.say("title/sub", said_sub_);
    draw_header(canvas_, frame_);
    const float margin = canvas_.mm(space::margin);
    const float start_width = width(Zone::lead);
    const Rect title{margin, top, start_width, under_title - gap - top};
    if (gap > 0 && !low_) draw_title(title, answer);

    if (landscape_) {
        const float x = margin + start_width + canvas_.mm(column_gap_mm);
        auto lead = choose_part(in_zones({Zone::lead}), bottom - under_title, first, true);
        stretch(lead, bottom - under_title);
        draw_part({margin, under_title, start_width, bottom - under_title}, lead, &answer);
        const float high = bottom - top;
        auto body = choose_part(in_zones({Zone::show, Zone::body}), high, first, true);
        // Some quiet above the actions, where there is any to spare.
        const float quiet = std::min(canvas_.mm(space::m), high - needed(body.blocks));
        stretch(body, high - std::max(0.0f, quiet));
        draw_part({x, top, width(Zone::body), high}, body, &answer);
    } else if (low_) {
        const float middle = canvas_.height() * passive_upper;
        auto upper =
            choose_part(in_zones({Zone::lead, Zone::show}), middle - under_title, first, false);
        // What has to be read may reach further down; what is touched never further up.
        const float border = std::max(middle, under_title + needed(upper.blocks));
        stretch(upper, border - under_title);
        // What is read stands just above what it is about; over it the quiet head of low reach.
        const float spare = std::max(0.0f, border - under_title - height_of(upper));
        if (spare > canvas_.mm(lattice_mm + 2 * space::l))
            draw_lattice(canvas_, {margin, top, start_width, canvas_.mm(lattice_mm)});
        if (gap > 0) draw_title(title.moved(0, spare), answer);
        draw_part({margin, under_title + spare, start_width, border - under_title - spare}, upper,
                  nullptr);
        Rect lower{margin, border + canvas_.mm(space::s), start_width, 0};
        lower.h = bottom - lower.y;
        if (upper.count > 1) {
            draw_pager(lower.take_top(pager(lower.w).height), upper, answer);
            lower.take_top(canvas_.mm(space::s));
        }
        auto body = choose_part(in_zones({Zone::body}), lower.h, first, true);
        stretch(body, lower.h);
        draw_part(lower, body, &answer);
    } else {
        const Rect area{margin, under_title, start_width, bottom - under_title};
        auto all = choose_part(in_zones({Zone::lead, Zone::show, Zone::body}), area.h, first, true);
        stretch(all, area.h);
        draw_part(area, all, &answer);
    }

    const float actions = actions_height();
    draw_actions({margin, bottom, canvas_.width() - 2 * margin, actions}, answer);
    if (const auto pressed = draw_rail(canvas_, frame_)) answer.frame = *pressed;
    return answer;
}

} // namespace screens
