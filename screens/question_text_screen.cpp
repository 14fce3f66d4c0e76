#include "screens/question_text_screen.hpp"

#include "kiosk/text/unicode.hpp"
#include "screens/boards.hpp"
#include "screens/fields.hpp"
#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

// The direction of the answer: that of its first letter; before there is one, that of the board.
base::Language language_of(const QuestionTextModel& model, const Canvas& canvas) {
    for (const char32_t c : text::decode_utf8(model.text.view())) {
        if (text::is_arabic(c)) return base::Language::ug;
        const bool latin = (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
        if (latin || text::is_wide(c)) return base::Language::zh;
    }
    switch (model.board) {
    case Board::uyghur: return base::Language::ug;
    case Board::pinyin:
    case Board::handwriting:
    case Board::latin: return base::Language::zh;
    case Board::digits: return canvas.settings().language;
    }
    CHECK(false);
}

// Design README §4: candidates first; else the keys until something is written, then going on.
std::string_view first_focused(const QuestionTextModel& model) {
    if (!model.candidates.empty()) return "board/candidate/1";
    if (!model.text.empty() && model.actions.go_ready) return "actions/go";
    switch (model.board) {
    case Board::latin:
    case Board::pinyin: return "board/key/q";
    case Board::uyghur: return "board/key/\u0686";
    case Board::digits: return "board/key/1";
    case Board::handwriting: return "board/box";
    }
    CHECK(false);
}

// Beside a problem that needs its room the hint is left out.
void add_hint(Page& page, Canvas& canvas, const QuestionTextModel& model, Zone zone) {
    if (model.hint.empty()) return;
    const TextStack hint{{model.hint, tight(label(Role::muted))}};
    Block block;
    block.zone = zone;
    block.gap_mm = space::s;
    block.least = stack_height(canvas, hint, page.width(zone));
    block.dispensable = model.problem.has_value();
    block.draw = [&canvas, hint](const Rect& area) {
        draw_stack(canvas, area, hint, "question/hint");
    };
    page.add(std::move(block));
}

} // namespace

std::optional<QuestionTextIntent> draw(const QuestionTextModel& model, Canvas& canvas) {
    std::optional<QuestionTextIntent> intent;
    Page page(canvas, model.frame, model.title, model.why);
    const bool by_hand = model.board == Board::handwriting;
    Block field;
    field.zone = Zone::show;
    // The box needs the height.
    field.least = text_field_height(canvas, page.is_landscape() || by_hand ? 1 : 2);
    field.most = text_field_height(canvas, by_hand ? 1 : 4);
    field.draw = [&](const Rect& area) {
        const WrittenLine line{model.text.view(), model.caret, model.letters.view(),
                               language_of(model, canvas)};
        // In low reach the field stands where not everybody can touch it.
        if (page.is_low()) return draw_text_field(canvas, area, line);
        if (const auto at = draw_touchable_text_field(canvas, area, line, model.labels.field))
            intent = MoveCaret{*at};
    };
    page.add(std::move(field));
    auto counter = tight(body(Role::muted));
    counter.align = text::Align::end;
    const Zone words = page.is_landscape() ? Zone::lead : Zone::show;
    page.add_text(words, model.counter, page.is_landscape() ? tight(body(Role::muted)) : counter,
                  "question/counter", space::xs);
    add_hint(page, canvas, model, words);
    if (model.problem) page.add_note(words, *model.problem, "question/problem");
    page.add_spacer(Zone::show);
    const auto size = board_size(canvas, model, page.width(Zone::body));
    Block board;
    board.least = size.least;
    board.most = size.most;
    board.draw = [&](const Rect& area) {
        if (const auto key = draw_board(canvas, area, model)) {
            intent = std::visit([](const auto& meant) { return QuestionTextIntent(meant); }, *key);
        }
    };
    page.add(std::move(board));
    page.actions(model.actions);
    canvas.start_focus(first_focused(model));
    return heard<QuestionTextIntent>(page.draw(0), intent);
}

} // namespace screens
