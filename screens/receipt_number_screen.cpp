#include "screens/receipt_number_screen.hpp"

#include "screens/fields.hpp"
#include "screens/illustrations.hpp"
#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float key_gap_mm = 4;
constexpr float least_key_mm = 20; // design: targets of 20 mm
constexpr float most_key_mm = 32;

struct Board {
    int columns = 6;
    int rows = 0;
};

// The widest board whose keys are not narrower than a target may be.
Board board_for(Canvas& canvas, std::size_t keys, float width) {
    Board board;
    for (const int columns : {8, 7, 6, 5}) {
        board.columns = columns;
        const float key = (width - float(columns - 1) * canvas.mm(key_gap_mm)) / float(columns);
        if (key >= canvas.mm(26)) break;
    }
    board.rows = (int(keys) + board.columns - 1) / board.columns;
    return board;
}

using KeyIntent = std::variant<Typed, EditKey>;

bool draw_character(Canvas& canvas, const Rect& area, std::string_view character) {
    const auto id = "number/key/" + std::string(character);
    const auto surface = draw_pressable(canvas, id, character, area, {ItemKind::key, 3});
    auto style = in_language(centred(tight(title(surface.text))), base::Language::en);
    draw_stack(canvas, surface.inner, {{character, style}}, id);
    return surface.fired;
}

bool draw_backspace(Canvas& canvas, const Rect& area, std::string_view label) {
    const auto surface =
        draw_pressable(canvas, "number/backspace", label, area, {ItemKind::key, 3});
    const float icon = canvas.mm(12);
    canvas.icon("backspace", surface.inner.centered(icon, icon), surface.text);
    return surface.fired;
}

// Never mirrored: the order of the characters is that of digits and Latin letters.
std::optional<KeyIntent> draw_keys(Canvas& canvas, const Rect& area,
                                   const ReceiptNumberModel& model, const Board& board) {
    std::optional<KeyIntent> intent;
    const std::string_view characters = model.characters;
    const Rect ground = on_glass(canvas, area);
    const Canvas::Unmirrored unmirrored(canvas);
    const auto rows = ground.rows(board.rows, canvas.mm(key_gap_mm));
    for (std::size_t i = 0; i <= characters.size(); ++i) {
        const auto row = i / std::size_t(board.columns);
        const Rect place =
            rows[row].columns(board.columns, canvas.mm(key_gap_mm))[i % std::size_t(board.columns)];
        if (i == characters.size()) {
            if (draw_backspace(canvas, place, model.backspace)) intent = EditKey::backspace;
        } else if (draw_character(canvas, place, characters.substr(i, 1))) {
            intent = Typed{std::string(characters.substr(i, 1))};
        }
    }
    return intent;
}

QuestionDigitsModel field_of(const ReceiptNumberModel& model) {
    QuestionDigitsModel field;
    field.digits = model.number;
    field.has_letters = true;
    field.groups = model.groups;
    field.problem = model.problem;
    return field;
}

} // namespace

std::optional<ReceiptNumberIntent> draw(const ReceiptNumberModel& model, Canvas& canvas) {
    std::optional<ReceiptNumberIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    if (model.problem) page.make_room_in_lead(&*model.problem);
    const auto field = field_of(model);
    Block place;
    place.zone = Zone::show;
    place.least = canvas.mm(26);
    place.most = canvas.mm(38);
    place.draw = [&](const Rect& area) { draw_digit_field(canvas, area, field); };
    page.add(std::move(place));
    const Zone words = page.is_landscape() ? Zone::lead : Zone::show;
    page.add_text(words, model.hint, page.is_landscape() ? tight(label()) : centred(tight(label())),
                  "number/hint", space::s);
    if (model.problem) page.add_note(words, *model.problem, "number/problem");
    const auto board = board_for(canvas, model.characters.size() + 1, page.width(Zone::body));
    const float gaps = canvas.mm(key_gap_mm) * float(board.rows - 1);
    Block keys;
    keys.least = canvas.mm(least_key_mm) * float(board.rows) + gaps;
    keys.most = canvas.mm(most_key_mm) * float(board.rows) + gaps;
    keys.draw = [&](const Rect& area) {
        if (const auto key = draw_keys(canvas, area, model, board))
            std::visit([&](const auto& pressed) { intent = pressed; }, *key);
    };
    page.add(std::move(keys));
    if (!model.camera.empty()) {
        ButtonLook look;
        look.label = model.camera;
        look.icon = "camera";
        look.kind = ButtonLook::Kind::quiet;
        look.least_height_mm = 21;
        page.add_button("number/camera", look, [&intent] { intent = ReceiptNumberPress::camera; });
    }
    page.add_spacer();
    page.actions(model.actions);
    return heard<ReceiptNumberIntent>(page.draw(0), intent);
}

} // namespace screens
