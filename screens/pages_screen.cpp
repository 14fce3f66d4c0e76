#include "screens/pages_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float gap_mm = 5.5f;
constexpr float pad_mm = 4;

TextStack words(const PageThumb& thumb, Role text) {
    return {{thumb.label, centred(tight(bold(body(text))))}};
}

float thumb_height(Canvas& canvas, const PageThumb& thumb, float width) {
    const float inner = width - 2 * canvas.mm(pad_mm);
    const float state =
        thumb.state.empty()
            ? 0
            : canvas.measure(thumb.state, tight(body()), inner - canvas.mm(9)).height +
                  canvas.mm(1);
    // Low reach has less height for its lists; a page is still known by its lines.
    const float picture = canvas.mm(canvas.settings().low_reach ? 32 : 38);
    return picture + stack_height(canvas, words(thumb, Role::text), inner) + state +
           2 * canvas.mm(pad_mm) + canvas.mm(3);
}

bool fits(Canvas& canvas, const PagesModel& model, float width) {
    return std::all_of(model.pages.begin(), model.pages.end(), [&](const PageThumb& thumb) {
        const float inner = width - 2 * canvas.mm(pad_mm);
        const auto stack = words(thumb, Role::text);
        // More than two lines under a small picture take more room than a wider picture.
        const float lines = 2 * canvas.line_height(stack[0].style) + 1;
        return stack_fits(canvas, stack, inner) && stack_height(canvas, stack, inner) <= lines &&
               !canvas.measure(thumb.state, tight(body()), inner - canvas.mm(9)).overflow;
    });
}

// Coloured only on the plain ground of a page that is neither picked nor held.
void draw_state(Canvas& canvas, const Rect& area, const PageThumb& thumb, Role plain) {
    const bool good = thumb.state_kind == NoteModel::Kind::success;
    const bool tinted = canvas.settings().theme == ThemeName::light && plain == Role::text;
    const Role ink = !tinted ? plain : good ? Role::success_text : Role::warning_text;
    const auto style = tight(body(ink));
    const float icon = canvas.mm(7);
    const float width = canvas.measure(thumb.state, style, area.w - canvas.mm(9)).width + 2;
    Rect row = area.centered(std::min(area.w, width + canvas.mm(9)), area.h);
    const Rect mark = row.take_start(icon, canvas.mm(2));
    canvas.icon(good ? "ok" : "warning", mark.centered(icon, icon), ink);
    draw_stack(canvas, row, {{thumb.state, style}}, "pages/state");
}

bool draw_thumb(Canvas& canvas, const PageThumb& thumb, const Rect& area) {
    const std::string id = "pages/page/" + thumb.id;
    const auto surface =
        draw_pressable(canvas, id, thumb.label, area, {ItemKind::tile, 4, thumb.chosen});
    Rect inner = surface.inner.inset(canvas.mm(pad_mm));
    if (!thumb.state.empty()) {
        const float high =
            canvas.measure(thumb.state, tight(body()), inner.w - canvas.mm(9)).height;
        draw_state(canvas, inner.take_bottom(high, canvas.mm(1)), thumb, surface.text);
    }
    const auto stack = words(thumb, surface.text);
    draw_stack(canvas, inner.take_bottom(stack_height(canvas, stack, inner.w), canvas.mm(3)), stack,
               id);
    if (thumb.picture && !thumb.picture->empty()) {
        canvas.picture(id, inner, *thumb.picture);
    } else {
        canvas.icon("page", inner, surface.text);
    }
    return surface.fired;
}

void add_thumbs(Page& page, Canvas& canvas, const PagesModel& model,
                std::optional<PagesIntent>& intent) {
    const float width = page.width(Zone::body);
    int columns = 3;
    const auto each = [&] {
        return (width - canvas.mm(gap_mm) * float(columns - 1)) / float(columns);
    };
    while (columns > 1 && !fits(canvas, model, each())) --columns;
    for (std::size_t from = 0; from < model.pages.size(); from += std::size_t(columns)) {
        const std::size_t to = std::min(from + std::size_t(columns), model.pages.size());
        Block row;
        row.item = true;
        row.gap_mm = gap_mm;
        for (std::size_t i = from; i < to; ++i) {
            row.least = std::max(row.least, thumb_height(canvas, model.pages[i], each()));
        }
        row.most = row.least + canvas.mm(50);
        row.draw = [&canvas, &model, &intent, from, to, columns](const Rect& area) {
            const auto places = area.columns(columns, canvas.mm(gap_mm));
            for (std::size_t i = from; i < to; ++i) {
                if (draw_thumb(canvas, model.pages[i], places[i - from]))
                    intent = Chosen{model.pages[i].id};
            }
        };
        page.add(std::move(row));
    }
}

} // namespace

std::optional<PagesIntent> draw(const PagesModel& model, Canvas& canvas) {
    std::optional<PagesIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    canvas.start_focus("actions/go");
    add_thumbs(page, canvas, model, intent);
    std::vector<ButtonPlace> buttons;
    const auto offer = [&](const std::string& label, std::string_view icon, std::string_view id,
                           PagesPress press) {
        if (label.empty()) return;
        ButtonLook look;
        look.label = label;
        look.icon = icon;
        buttons.push_back({"pages/" + std::string(id), look, [&intent, press] { intent = press; }});
    };
    offer(model.add, "plus", "add", PagesPress::add);
    offer(model.earlier, "arrow-start", "earlier", PagesPress::earlier);
    offer(model.retake, "retake", "retake", PagesPress::retake);
    offer(model.remove, "cross", "remove", PagesPress::remove);
    page.add_buttons(std::move(buttons), Page::InList::yes);
    if (model.note)
        page.add_note(page.is_landscape() ? Zone::lead : Zone::show, *model.note, "pages/note");
    page.add_spacer();
    page.actions(model.actions);
    return heard<PagesIntent>(page.draw(model.first), intent);
}

} // namespace screens
