#include "screens/progress_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float side_mm = 8;
constexpr float end_mm = 5;
constexpr float mark_mm = 18;
constexpr float mark_gap_mm = 7;
constexpr float line_mm = 1.25f;

TextStack number_words(Canvas& canvas, const ProgressModel& model, float width) {
    return request_number_words(canvas, {model.number_label, model.number, model.matter}, width);
}

void add_number(Page& page, Canvas& canvas, const ProgressModel& model) {
    const float width = page.width(Zone::lead) - 2 * canvas.mm(side_mm);
    const auto stack = number_words(canvas, model, width);
    Block block;
    block.zone = Zone::lead;
    block.card = 1;
    block.least = stack_height(canvas, stack, width) + 2 * canvas.mm(end_mm);
    block.draw = [&canvas, stack](const Rect& area) {
        draw_stack(canvas, area.inset(canvas.mm(side_mm), 0), stack, "progress/number");
    };
    page.add(std::move(block));
}

TextStack words(const ProgressStage& stage) {
    const bool later = stage.state == ProgressStage::State::later;
    return {{stage.title, tight(bold(label(later ? Role::muted : Role::text))), 0, true},
            {stage.detail, tight(body(Role::muted)), 1, true}};
}

void draw_mark(Canvas& canvas, const Rect& place, ProgressStage::State state) {
    using State = ProgressStage::State;
    switch (state) {
    case State::done: draw_badge(canvas, place, "ok", Role::success, Role::surface, 9); return;
    case State::now:
        draw_badge(canvas, place, "clock", Role::primary, Role::primary_text, 10);
        return;
    case State::later:
        canvas.ring(place.center(), place.w / 2 - canvas.mm(0.5f), 0.75f, Role::edge);
        return;
    case State::stopped:
        draw_badge(canvas, place, "counter", Role::primary, Role::primary_text, 10);
        return;
    }
}

// Mark and words of a stage, and the line to the stages before and behind it.
void draw_stage(Canvas& canvas, const Rect& area, const ProgressStage& stage, bool from_above,
                bool goes_on) {
    Rect row = area.inset(canvas.mm(side_mm), 0);
    const float mark = canvas.mm(mark_mm);
    const Rect place = row.take_start(mark, canvas.mm(mark_gap_mm)).centered(mark, mark);
    const float x = place.x + place.w / 2 - canvas.mm(line_mm) / 2;
    const auto link = [&](float from, float to, Role role) {
        if (to > from) canvas.fill({x, from, canvas.mm(line_mm), to - from}, role);
    };
    const bool is_done = stage.state == ProgressStage::State::done;
    const bool is_later = stage.state == ProgressStage::State::later;
    if (from_above) link(area.y, place.y, is_later ? Role::edge : Role::success);
    if (goes_on) link(place.bottom(), area.bottom(), is_done ? Role::success : Role::edge);
    draw_mark(canvas, place, stage.state);
    draw_stack(canvas, row, words(stage), "progress/stage");
}

// Where it is now, before everything that was.
void say_now(Canvas& canvas, const ProgressModel& model) {
    using State = ProgressStage::State;
    const ProgressStage* now = nullptr;
    for (const auto& stage : model.stages)
        if (stage.state != State::later) now = &stage;
    if (now == nullptr) return;
    canvas.say("progress/now", now->title, true);
    canvas.say("progress/now", now->detail, true);
}

void add_stages(Page& page, Canvas& canvas, const ProgressModel& model) {
    const float room =
        page.width(Zone::show) - 2 * canvas.mm(side_mm) - canvas.mm(mark_mm + mark_gap_mm);
    for (std::size_t i = 0; i < model.stages.size(); ++i) {
        const auto& stage = model.stages[i];
        Block block;
        block.zone = Zone::show;
        block.card = 2;
        block.item = true;
        block.plain = true;
        block.least =
            std::max(canvas.mm(mark_mm), stack_height(canvas, words(stage), room)) + canvas.mm(6);
        block.most = block.least + canvas.mm(8);
        const bool goes_on = i + 1 < model.stages.size();
        block.draw = [&canvas, &stage, i, goes_on](const Rect& area) {
            draw_stage(canvas, area, stage, i > 0, goes_on);
        };
        page.add(std::move(block));
    }
}

} // namespace

std::optional<ProgressIntent> draw(const ProgressModel& model, Canvas& canvas) {
    std::optional<ProgressIntent> intent;
    canvas.tell_whole();
    canvas.say("title/first", model.said_first, false, {}, Said::Sound::success);
    Page page(canvas, model.frame, model.title, model.sub);
    say_now(canvas, model);
    add_number(page, canvas, model);
    add_stages(page, canvas, model);
    for (const auto& note : model.notes)
        page.add_note(Zone::show, note, "progress/note", Page::InList::yes);
    page.add_spacer(page.is_low() ? Zone::body : Zone::show);
    const auto add_quiet = [&](const char* id, const std::string& label, const char* icon,
                               ProgressPress press) {
        ButtonLook look;
        look.label = label;
        look.icon = icon;
        look.kind = ButtonLook::Kind::quiet;
        page.add_buttons({{id, look, [&intent, press] { intent = press; }}}, Page::InList::yes);
    };
    if (!model.withdraw.empty())
        add_quiet("progress/withdraw", model.withdraw, "cross", ProgressPress::withdraw);
    // What the person is asked to do stands first; a copy is beside it then.
    if (!model.print.empty() && !model.papers.empty())
        add_quiet("progress/print", model.print, "printer", ProgressPress::print);
    page.back(model.back);
    if (!model.print.empty() || !model.papers.empty()) {
        ButtonLook look;
        look.label = model.papers.empty() ? model.print : model.papers;
        look.icon = model.papers.empty() ? "printer" : "page";
        page.action(model.papers.empty() ? "print" : "papers", look);
    }
    const auto answer = page.draw(model.first);
    if (answer.action == "print") intent = ProgressPress::print;
    if (answer.action == "papers") intent = ProgressPress::papers;
    return heard<ProgressIntent>(answer, intent);
}

} // namespace screens
