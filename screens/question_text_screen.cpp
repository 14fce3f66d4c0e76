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

} // namespace

std::optional<QuestionTextIntent> draw(const QuestionTextModel& model, Canvas& canvas) {
    std::optional<QuestionTextIntent> intent;
    Page page(canvas, model.frame, model.title, model.why);
    Block field;
    field.zone = Zone::show;
    field.least = text_field_height(canvas, page.is_landscape() ? 1 : 2);
    field.most = text_field_height(canvas, 4);
    field.draw = [&](const Rect& area) {
        draw_text_field(canvas, area, model.text.view(), model.caret, language_of(model, canvas));
    };
    page.add(std::move(field));
    auto counter = tight(body(Role::muted));
    counter.align = text::Align::end;
    const Zone words = page.is_landscape() ? Zone::lead : Zone::show;
    page.add_text(words, model.counter, page.is_landscape() ? tight(body(Role::muted)) : counter,
                  "question/counter", space::xs);
    page.add_text(words, model.hint, tight(label(Role::muted)), "question/hint", space::s);
    if (model.problem) page.add_note(words, *model.problem, "question/problem");
    page.add_spacer(Zone::show);
    const auto size = board_size(canvas, model.board);
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
    return heard<QuestionTextIntent>(page.draw(0), intent);
}

} // namespace screens
