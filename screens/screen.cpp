#include "screens/screen.hpp"

#include "screens/canvas.hpp"

namespace screens {

std::optional<ScreenIntent> draw(const ScreenModel& model, Canvas& canvas) {
    const auto heard = std::visit(
        [&canvas](const auto& shown) -> std::optional<ScreenIntent> {
            const auto intent = draw(shown, canvas);
            if (!intent) return std::nullopt;
            if constexpr (std::is_same_v<std::decay_t<decltype(*intent)>, FrameIntent>) {
                return ScreenIntent(*intent);
            } else {
                return std::visit([](const auto& meant) { return ScreenIntent(meant); }, *intent);
            }
        },
        model);
    return canvas.begins_again() ? draw(model, canvas) : heard;
}

} // namespace screens
