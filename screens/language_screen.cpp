#include "screens/language_screen.hpp"

#include "screens/page.hpp"

namespace screens {
namespace {

TextStack words(const LanguageModel& model, std::size_t i, Role text, Role muted) {
    const auto language = base::all_languages[i];
    return {{model.frame.rail.languages[i], in_language(tight(bold(title(text))), language)},
            {model.lines[i], in_language(tight(label(muted)), language), 1}};
}

} // namespace

std::optional<LanguageIntent> draw(const LanguageModel& model, Canvas& canvas) {
    std::optional<LanguageIntent> intent;
    Page page(canvas, model.frame, model.title, {});
    const float side = canvas.mm(10);
    const float room = page.width(Zone::body) - 2 * side;
    for (std::size_t i = 0; i < base::all_languages.size(); ++i) {
        Block block;
        block.item = true;
        block.least = std::max(canvas.mm(32),
                               stack_height(canvas, words(model, i, Role::text, Role::text), room) +
                                   canvas.mm(8));
        block.most = canvas.mm(52);
        block.draw = [&, i, side](const Rect& area) {
            const auto language = base::all_languages[i];
            const std::string id = "language/" + std::string(to_string(language));
            const auto surface =
                draw_pressable(canvas, id, model.frame.rail.languages[i], area,
                               {ItemKind::choice, 3.5f, language == model.current});
            if (surface.fired) intent = language;
            // Each name begins where its own script begins.
            auto stack = words(model, i, surface.text, surface.muted);
            for (auto& line : stack) line.style.align = text::Align::center;
            draw_stack(canvas, surface.inner.inset(side, 0), stack, id);
        };
        page.add(std::move(block));
    }
    page.add_spacer();
    page.back(model.back);
    return heard<LanguageIntent>(page.draw(0), intent);
}

} // namespace screens
