#include "screens/staff_clean_screen.hpp"

#include "screens/widgets.hpp"

#include <algorithm>

namespace screens {

std::optional<StaffCleanIntent> draw(const StaffCleanModel& model, Canvas& canvas) {
    const float top = draw_header(canvas, model.frame);
    const float margin = canvas.mm(space::margin);
    auto figure = in_language(centred(tight(bold(title()))), base::Language::en);
    figure.type = TypeRole::display;
    const TextStack words{{model.title, centred(tight(bold(title())))},
                          {model.text, centred(label(Role::muted)), space::s},
                          {model.left, left_to_right(figure), space::l}};
    const float width = canvas.width() - 2 * margin;
    const float bar = canvas.mm(3);
    const float gap = canvas.mm(space::l);
    const float height = stack_height(canvas, words, width);
    const Rect page{margin, top, width, canvas.height() - top};
    Rect block = page.centered(std::min(width, canvas.mm(200)), height + gap + bar);
    draw_stack(canvas, {page.x, block.y, page.w, height}, words, "staff_clean/words");
    Rect line = block.take_bottom(bar);
    canvas.box(line, {1.5f, Role::surface, Role::progress_todo, 0.5f});
    const float part = float(model.seconds_left) / float(std::max(1, model.seconds_total));
    if (part > 0) canvas.box(line.take_start(line.w * part), {1.5f, Role::progress_done});
    return std::nullopt;
}

} // namespace screens
