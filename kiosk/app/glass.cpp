#include "kiosk/app/glass.hpp"

namespace app {

// Nobody is here and nothing could be kept: say so before anybody begins.
bool Glass::is_out_of_service() const {
    const auto& session = kiosk_.session();
    return session.step == session::Step::attract && session.overlay == session::Overlay::none &&
           !kiosk_.facts().accepting;
}

bool Glass::draw(const screens::Input& input) {
    const auto& session = kiosk_.session();
    const auto facts = kiosk_.facts();
    view_ = present::follow(std::move(view_), session);
    auto& canvas = stage_.begin(input, present::settings(session));
    std::optional<screens::ScreenIntent> intent;
    {
        // The model lives as long as the frame: it holds values about the person.
        const auto model = is_out_of_service() ? present::out_of_service(facts)
                                               : present::model(session, view_, facts);
        intent = screens::draw(model, canvas);
    }
    frame_ = stage_.end();
    if (!intent) return false;
    auto reaction = present::react(session, view_, *intent, facts);
    view_ = std::move(reaction.view);
    if (reaction.inputs.empty()) kiosk_.tell(session::Input(session::Signal::touched));
    for (auto& each : reaction.inputs) kiosk_.tell(std::move(each));
    return true;
}

std::string_view Glass::screen_name() const {
    const auto& session = kiosk_.session();
    if (is_out_of_service()) return "out_of_service";
    return session.overlay == session::Overlay::none ? to_string(session.step)
                                                     : to_string(session.overlay);
}

void Glass::wipe() {
    view_ = {};
    frame_ = {};
    stage_.wipe();
}

} // namespace app
