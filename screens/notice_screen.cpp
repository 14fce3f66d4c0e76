#include "screens/notice_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float fact_gap_mm = 4.5f;
constexpr float fact_pad_mm = 5;

TextStack fact_words(const NoticeFact& fact) {
    return {{fact.label, tight(body(Role::muted))}, {fact.value, tight(bold(label())), 0.5f}};
}

// Facts stand side by side as long as their words fit, else under each other.
struct FactGrid {
    int columns = 1;
    float height = 0; // of one row
    bool icons = true;
};

FactGrid measure_facts(Canvas& canvas, const NoticeModel& model, float width) {
    FactGrid grid;
    const int count = int(model.facts.size());
    grid.icons = canvas.settings().text_size <= TextSize::standard;
    for (int columns = count; columns >= 1; --columns) {
        if (count % columns != 0) continue;
        const float room = (width - canvas.mm(fact_gap_mm) * float(columns - 1)) / float(columns) -
                           2 * canvas.mm(fact_pad_mm);
        bool fit = true;
        float height = 0;
        for (const auto& fact : model.facts) {
            fit = fit && stack_fits(canvas, fact_words(fact), room);
            height = std::max(height, stack_height(canvas, fact_words(fact), room));
        }
        if (!fit && columns > 1) continue;
        grid.columns = columns;
        grid.height = height + 2 * canvas.mm(fact_pad_mm) + (grid.icons ? canvas.mm(12) : 0);
        return grid;
    }
    return grid;
}

void add_facts(Page& page, Canvas& canvas, const NoticeModel& model) {
    if (model.facts.empty()) return;
    const auto grid = measure_facts(canvas, model, page.width(Zone::body));
    for (std::size_t from = 0; from < model.facts.size(); from += std::size_t(grid.columns)) {
        Block block;
        block.item = true;
        block.least = grid.height;
        block.gap_mm = from == 0 ? space::m : fact_gap_mm;
        block.draw = [&canvas, &model, from, grid](const Rect& area) {
            const auto places = area.columns(grid.columns, canvas.mm(fact_gap_mm));
            for (std::size_t i = 0; i < places.size(); ++i) {
                const auto& fact = model.facts[from + i];
                draw_card(canvas, places[i]);
                Rect inner = places[i].inset(canvas.mm(fact_pad_mm));
                if (grid.icons) {
                    Rect row = inner.take_top(canvas.mm(10), canvas.mm(2));
                    canvas.icon(fact.icon, row.take_start(canvas.mm(10)), Role::text);
                }
                draw_stack(canvas, inner, fact_words(fact), "notice/fact");
            }
        };
        page.add(std::move(block));
    }
}

// A heading and text on a card of its own.
void add_text_card(Page& page, Canvas& canvas, const std::string& name, const std::string& text) {
    if (text.empty()) return;
    const TextStack stack{{name, tight(bold(heading()))}, {text, tight(label()), 2}};
    Block block;
    block.item = true;
    block.card = 1;
    const float side = canvas.mm(8), end = canvas.mm(4.5f);
    block.least = stack_height(canvas, stack, page.width(Zone::body) - 2 * side) + 2 * end;
    block.draw = [&canvas, stack, side, end](const Rect& area) {
        draw_stack(canvas, area.inset(side, end), stack, "notice/who");
    };
    page.add(std::move(block));
}

void add_papers(Page& page, Canvas& canvas, const NoticeModel& model) {
    if (model.papers.empty()) return;
    Block head;
    head.card = 2;
    head.item = true;
    head.heads = true;
    const TextStack stack{{model.papers_title, tight(bold(heading()))}};
    head.least = stack_height(canvas, stack, page.width(Zone::body) - canvas.mm(16)) + canvas.mm(6);
    head.draw = [&canvas, stack](const Rect& area) {
        draw_stack(canvas, area.inset(canvas.mm(8), 0), stack, "notice/papers");
    };
    page.add(std::move(head));
    for (const auto& paper : model.papers) {
        Block row;
        row.card = 2;
        row.item = true;
        row.plain = true;
        row.least = plate_row_height(canvas, paper.name, paper.detail, page.width(Zone::body));
        row.draw = [&canvas, &paper](const Rect& area) {
            draw_plate_row(canvas, area, paper.icon, paper.name, paper.detail, "notice/paper");
        };
        page.add(std::move(row));
    }
}

} // namespace

std::optional<NoticeIntent> draw(const NoticeModel& model, Canvas& canvas) {
    canvas.tell_whole();
    Page page(canvas, model.frame, model.title, model.sub);
    canvas.start_focus("actions/go");
    // First, so that it is on the part that is shown first whatever the text size: what does not
    // work today is known before anybody begins (spec safeguards G19).
    for (const auto& note : model.notes)
        page.add_note(Zone::body, note, "notice/note", Page::InList::yes);
    add_facts(page, canvas, model);
    add_text_card(page, canvas, model.who_title, model.who);
    add_papers(page, canvas, model);
    page.add_foot("ok", model.foot);
    page.actions(model.actions);
    return heard<NoticeIntent>(page.draw(model.first));
}

} // namespace screens
