#include "screens/language_screen.hpp"

#include "screens/page.hpp"

namespace screens {
namespace {

// In the short space of low reach the names stand alone: all three must be in sight, because
// whoever is in the wrong language cannot read "more".
TextStack words(const LanguageModel& model, std::size_t i, bool is_low, Role text, Role muted) {
    const auto language = base::all_languages[i];
    TextStack stack{
        {model.frame.rail.languages[i], in_language(tight(bold(title(text))), language)}};
    if (!is_low) stack.push_back({model.lines[i], in_language(tight(label(muted)), language), 1});
    return stack;
}

} // namespace

std::optional<LanguageIntent> draw(const LanguageModel& model, Canvas& canvas) {
    std::optional<LanguageIntent> intent;
    Page page(canvas, model.frame, model.title, {});
    const float side = canvas.mm(10);
    const float room = page.width(Zone::body) - 2 * side;
    const bool is_low = page.is_low();
    for (std::size_t i = 0; i < base::all_languages.size(); ++i) {
        Block block;
        block.item = true;
        const auto measured = words(model, i, is_low, Role::text, Role::text);
        block.least = std::max(canvas.mm(is_low ? 24 : 32),
                               stack_height(canvas, measured, room) + canvas.mm(8));
        block.most = canvas.mm(52);
        block.draw = [&, i, side, is_low](const Rect& area) {
            const auto language = base::all_languages[i];
            const std::string id = "language/" + std::string(to_string(language));
            const auto surface =
                draw_pressable(canvas, id, model.frame.rail.languages[i], area,
                               {ItemKind::choice, 3.5f, language == model.current});
            canvas.label_is_in(language);
            if (surface.fired) intent = language;
            // Each name begins where its own script begins.
            auto stack = words(model, i, is_low, surface.text, surface.muted);
            for (auto& line : stack) line.style.align = text::Align::center;
            draw_stack(canvas, surface.inner.inset(side, 0), stack, id);
        };
        page.add(std::move(block));
    }
    page.add_spacer();
    page.back(model.back);
    return heard<LanguageIntent>(page.draw(model.first), intent);
}

} // namespace screens
