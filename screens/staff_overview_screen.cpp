#include "screens/staff_overview_screen.hpp"

#include "screens/mirror.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float gap_mm = 4;
constexpr float pad_mm = 5;
constexpr float plate_mm = 20;
constexpr float plate_gap_mm = 5;
constexpr float mark_mm = 8;

TextStack words(const StaffTile& tile) {
    return {{tile.name, tight(bold(label()))},
            {tile.state, tight(bold(body())), 0.5f},
            {tile.detail, tight(body(Role::muted)), 0.5f}};
}

// What is beside the words of a tile.
float beside(Canvas& canvas) {
    return canvas.mm(2 * pad_mm + plate_mm + plate_gap_mm + mark_mm + 2);
}

void draw_tile(Canvas& canvas, const Rect& area, const StaffTile& tile) {
    const bool fine = tile.kind == StaffTile::State::fine;
    const bool plain = tile.kind == StaffTile::State::plain;
    draw_card(canvas, area);
    Rect inner = area.inset(canvas.mm(pad_mm), canvas.mm(2));
    const Rect plate = inner.take_start(canvas.mm(plate_mm), canvas.mm(plate_gap_mm));
    const Role ground = plain ? Role::sunken : fine ? Role::success_tint : Role::warning_tint;
    const Role ink = plain ? Role::text : fine ? Role::success_text : Role::warning_text;
    draw_plate(canvas, plate.centered(plate.w, plate.w), tile.icon, ground, ink, 11);
    const Rect mark = inner.take_end(canvas.mm(mark_mm), canvas.mm(2));
    if (!plain) canvas.icon(fine ? "ok" : "warning", mark.centered(mark.w, mark.w), Role::text);
    draw_stack(canvas, inner, words(tile), "staff/tile");
}

// Tiles stand in pairs where their words fit, else under each other.
void add_tiles(Page& page, Canvas& canvas, const StaffOverviewModel& model) {
    const float width = page.width(Zone::body);
    const float half = (width - canvas.mm(gap_mm)) / 2;
    const bool pairs = std::all_of(model.tiles.begin(), model.tiles.end(), [&](const auto& tile) {
        return stack_fits(canvas, words(tile), half - beside(canvas));
    });
    const std::size_t columns = pairs ? 2 : 1;
    const float room = (pairs ? half : width) - beside(canvas);
    for (std::size_t from = 0; from < model.tiles.size(); from += columns) {
        const auto end = std::min(from + columns, model.tiles.size());
        float height = canvas.mm(plate_mm);
        for (std::size_t i = from; i < end; ++i)
            height = std::max(height, stack_height(canvas, words(model.tiles[i]), room));
        Block block;
        block.item = true;
        block.gap_mm = from == 0 ? space::m : gap_mm;
        block.least = height + 2 * canvas.mm(3);
        block.most = std::max(block.least, canvas.mm(46));
        block.draw = [&canvas, &model, from, end, columns](const Rect& area) {
            const auto places = area.columns(int(columns), canvas.mm(gap_mm));
            for (std::size_t i = from; i < end; ++i)
                draw_tile(canvas, places[i - from], model.tiles[i]);
        };
        page.add(std::move(block));
    }
}

void add_tasks(Page& page, const StaffOverviewModel& model,
               std::optional<StaffOverviewIntent>& intent) {
    for (std::size_t from = 0; from < model.tasks.size(); from += 2) {
        std::vector<ButtonPlace> row;
        for (std::size_t i = from; i < std::min(from + 2, model.tasks.size()); ++i) {
            const auto& task = model.tasks[i];
            ButtonLook look;
            look.label = task.label;
            look.detail = task.detail;
            look.icon = task.icon;
            row.push_back(
                {"staff/task/" + task.id, look, [&intent, &task] { intent = Chosen{task.id}; }});
        }
        page.add_buttons(std::move(row), Page::InList::yes);
    }
}

} // namespace

std::optional<StaffOverviewIntent> draw(const StaffOverviewModel& model, Canvas& canvas) {
    std::optional<StaffOverviewIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    page.badge(model.badge, model.is_fine ? Role::success : Role::warning, Role::surface);
    if (model.note) page.make_room_in_lead(&*model.note);
    if (model.note) page.add_note(Zone::lead, *model.note, "staff/note");
    if (model.mirror) add_mirror(page, canvas, model.mirror->live, model.mirror->waiting);
    // Where not everything fits at once, what staff came to do comes before how things are.
    const bool is_short =
        page.is_landscape() || page.is_low() || canvas.settings().text_size > TextSize::standard;
    if (is_short) add_tasks(page, model, intent);
    add_tiles(page, canvas, model);
    if (!is_short) add_tasks(page, model, intent);
    page.add_spacer();
    page.actions(model.actions);
    return heard<StaffOverviewIntent>(page.draw(model.first), intent);
}

} // namespace screens
