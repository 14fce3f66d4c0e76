#include "screens/home_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float tile_side_mm = 6;
constexpr float tile_end_mm = 4.5f;
constexpr float tile_gap_mm = 4.5f;
constexpr float tile_most_mm = 68; // four rows fill a portrait page, as in the design

Role plate_of(Tint tint) {
    switch (tint) {
    case Tint::blue: return Role::cat_blue;
    case Tint::green: return Role::cat_green;
    case Tint::clay: return Role::cat_clay;
    case Tint::plum: return Role::cat_plum;
    case Tint::sand: return Role::cat_sand;
    }
    CHECK(false);
}

TextStack words(const MatterTile& tile, Role text, Role muted) {
    return {{tile.name, tight(bold(label(text)))}, {tile.line, tight(body(muted)), 1}};
}

// The plate stands above the words where there is height for it, else beside them.
struct TileSize {
    float plate = 0;
    float beside = 0; // height with the plate beside; 0: a word would not fit
    float above = 0;  // height with the plate above; 0: a word would not fit
};

TileSize measure_tile(Canvas& canvas, const MatterTile& tile, float width) {
    TileSize size;
    size.plate = canvas.mm(23);
    const auto stack = words(tile, Role::text, Role::muted);
    const float inner = width - 2 * canvas.mm(tile_side_mm);
    const float pad = 2 * canvas.mm(tile_end_mm);
    const float narrow = inner - size.plate - canvas.mm(5);
    if (stack_fits(canvas, stack, narrow)) {
        size.beside = std::max(size.plate, stack_height(canvas, stack, narrow)) + pad;
    }
    if (stack_fits(canvas, stack, inner)) {
        size.above = size.plate + canvas.mm(3.5f) + stack_height(canvas, stack, inner) + pad;
    }
    return size;
}

bool draw_tile(Canvas& canvas, const HomeModel& model, const MatterTile& tile, const Rect& area,
               bool plate_above) {
    const std::string id = "home/" + model.list + "/" + tile.id;
    const auto surface = draw_pressable(canvas, id, tile.name, area, {ItemKind::tile});
    const auto size = measure_tile(canvas, tile, area.w);
    const auto stack = words(tile, surface.text, surface.muted);
    Rect inner = surface.inner.inset(canvas.mm(tile_side_mm), canvas.mm(tile_end_mm));
    if (plate_above || size.beside == 0) {
        const float height = stack_height(canvas, stack, inner.w);
        Rect group =
            inner.centered(inner.w, std::min(inner.h, size.plate + canvas.mm(3.5f) + height));
        Rect plate = group.take_top(size.plate, canvas.mm(3.5f));
        draw_plate(canvas, plate.take_start(size.plate), tile.icon, plate_of(tile.tint),
                   Role::cat_ink, 14);
        draw_stack(canvas, group, stack, id);
        return surface.fired;
    }
    const Rect plate = inner.take_start(size.plate, canvas.mm(5));
    draw_plate(canvas, plate.centered(size.plate, size.plate), tile.icon, plate_of(tile.tint),
               Role::cat_ink, 14);
    draw_stack(canvas, inner, stack, id);
    return surface.fired;
}

std::string id_of(HomePress press) {
    switch (press) {
    case HomePress::groups: return "home/groups";
    case HomePress::progress: return "home/progress";
    case HomePress::todos: return "home/todos";
    case HomePress::notices: return "home/notices";
    case HomePress::hours: return "home/hours";
    case HomePress::staff: return "home/staff";
    }
    CHECK(false);
}

void add_ways(Page& page, const std::vector<HomeWay>& ways, ButtonLook look,
              std::optional<HomeIntent>& intent) {
    std::vector<ButtonPlace> buttons;
    for (const auto& way : ways) {
        look.icon = way.icon;
        look.label = way.label;
        look.detail = way.detail;
        buttons.push_back({id_of(way.press), look, [&intent, &way] { intent = way.press; }});
    }
    if (!buttons.empty()) page.add_buttons(std::move(buttons), Page::InList::yes);
}

int columns_for(Canvas& canvas, const HomeModel& model, float width) {
    const float half = (width - canvas.mm(tile_gap_mm)) / 2;
    const bool fit =
        std::all_of(model.matters.begin(), model.matters.end(), [&](const MatterTile& tile) {
            const auto size = measure_tile(canvas, tile, half);
            return size.beside > 0 || size.above > 0;
        });
    return fit ? 2 : 1;
}

} // namespace

std::optional<HomeIntent> draw(const HomeModel& model, Canvas& canvas) {
    std::optional<HomeIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    if (model.notice) page.add_note(Zone::lead, *model.notice, "home/notice");
    const float width = page.width(Zone::body);
    const int columns = columns_for(canvas, model, width);
    const float gap = canvas.mm(tile_gap_mm);
    const float tile_width = (width - gap * float(columns - 1)) / float(columns);
    // All tiles of a page look alike: the plate is above where every tile has the height for it.
    float above = 0;
    for (const auto& tile : model.matters) {
        above = std::max(above, measure_tile(canvas, tile, tile_width).above);
    }
    for (std::size_t from = 0; from < model.matters.size(); from += std::size_t(columns)) {
        const std::size_t to = std::min(from + std::size_t(columns), model.matters.size());
        Block row;
        row.item = true;
        row.gap_mm = tile_gap_mm;
        for (std::size_t i = from; i < to; ++i) {
            const auto size = measure_tile(canvas, model.matters[i], tile_width);
            row.least = std::max(row.least, size.beside > 0 ? size.beside : size.above);
        }
        row.least = std::max(row.least, canvas.mm(32));
        row.most = canvas.mm(tile_most_mm);
        row.draw = [&, from, to, gap, columns, above](const Rect& area) {
            const auto places = area.columns(columns, gap);
            for (std::size_t i = from; i < to; ++i) {
                if (draw_tile(canvas, model, model.matters[i], places[i - from], area.h >= above))
                    intent = Chosen{model.matters[i].id};
            }
        };
        page.add(std::move(row));
    }
    if (model.matters.empty()) page.add_note(Zone::lead, model.empty, "home/empty");
    page.add_spacer();
    ButtonLook way;
    way.shape = ButtonLook::Shape::column;
    add_ways(page, model.ways, way, intent);
    ButtonLook quiet;
    quiet.kind = ButtonLook::Kind::quiet;
    quiet.least_height_mm = 21;
    add_ways(page, model.today, quiet, intent);
    page.back(model.back);
    if (!model.ask.empty()) {
        ButtonLook ask;
        ask.label = model.ask;
        ask.icon = "help";
        page.action("ask", ask);
    }
    const auto answer = page.draw(model.first);
    if (answer.action == "ask") intent = HomePress::staff;
    return heard<HomeIntent>(answer, intent);
}

} // namespace screens
