#include "screens/question_digits_screen.hpp"

#include "screens/boards.hpp"
#include "screens/fields.hpp"
#include "screens/page.hpp"

#include <algorithm>

namespace screens {

std::optional<QuestionDigitsIntent> draw(const QuestionDigitsModel& model, Canvas& canvas) {
    std::optional<QuestionDigitsIntent> intent;
    Page page(canvas, model.frame, model.title, model.why);
    if (model.problem) page.make_room_in_lead(&*model.problem);
    Block field;
    canvas.start_focus(model.problem ? "pad/backspace" : "pad/1");
    field.zone = Zone::show;
    field.least = canvas.mm(26);
    field.most = canvas.mm(38);
    field.draw = [&](const Rect& area) { draw_digit_field(canvas, area, model); };
    page.add(std::move(field));
    // On a landscape panel the pad needs the height of its column.
    const Zone words = page.is_landscape() ? Zone::lead : Zone::show;
    page.add_text(words, model.hint, page.is_landscape() ? tight(label()) : centred(tight(label())),
                  "question/hint", space::s);
    if (model.problem) {
        page.add_note(words, *model.problem, "question/problem");
    }
    const auto size = pad_size(canvas);
    Block pad;
    pad.least = size.least;
    pad.most = size.most;
    pad.draw = [&](const Rect& area) {
        if (const auto key = draw_pad(canvas, area, model.corner, model.clear)) {
            if (const auto* typed = std::get_if<Typed>(&*key)) intent = *typed;
            if (const auto* edit = std::get_if<EditKey>(&*key)) intent = *edit;
        }
    };
    page.add(std::move(pad));
    if (!model.alternative.empty()) {
        ButtonLook look;
        look.label = model.alternative;
        look.icon = model.alternative_icon;
        look.kind = ButtonLook::Kind::quiet;
        look.least_height_mm = 21;
        page.add_button(
            "question/alternative", look, [&intent] { intent = QuestionDigitsPress::alternative; },
            page.is_landscape() ? Zone::lead : Zone::body);
    }
    page.actions(model.actions);
    return heard<QuestionDigitsIntent>(page.draw(0), intent);
}

} // namespace screens
