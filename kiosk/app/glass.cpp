#include "kiosk/app/glass.hpp"

namespace app {

namespace {

std::string_view name_of(staff::Page page) {
    switch (page) {
    case staff::Page::closed: return "";
    case staff::Page::log_in: return "staff_log_in";
    case staff::Page::enrolment: return "staff_enrolment";
    case staff::Page::overview: return "staff_overview";
    case staff::Page::paper: return "staff_paper";
    case staff::Page::notice: return "staff_notice";
    case staff::Page::clean: return "staff_clean";
    }
    return "";
}

} // namespace

// Nobody is here, and nothing could be kept or staff have closed the kiosk: say so before anybody
// begins. Who is in a visit finishes it.
bool Glass::is_out_of_service() const {
    const auto& session = kiosk_.session();
    return session.step == session::Step::attract && session.overlay == session::Overlay::none &&
           (!kiosk_.facts().accepting || kiosk_.facts().closed_by_staff);
}

bool Glass::draw(const screens::Input& input) {
    auto* staff = kiosk_.staff();
    if (staff != nullptr && staff->is_open()) return draw_staff(*staff, input);
    staff_view_ = {};
    return draw_visit(input);
}

bool Glass::draw_staff(StaffDesk& staff, const screens::Input& input) {
    const auto facts = kiosk_.facts();
    const auto overview = staff.overview(facts);
    staff_view_ = present::follow(std::move(staff_view_), staff.area(), kiosk_.session());
    auto& canvas = stage_.begin(input, present::settings(staff_view_));
    std::optional<screens::ScreenIntent> intent;
    {
        const auto model = present::staff_model(staff.area(), staff_view_, facts, overview);
        intent = screens::draw(model, canvas);
    }
    frame_ = stage_.end();
    if (!intent) return false;
    auto reaction =
        present::react_staff(staff.area(), std::move(staff_view_), *intent, facts, overview);
    staff_view_ = std::move(reaction.view);
    for (auto& each : reaction.inputs) staff.tell(std::move(each));
    return true;
}

bool Glass::draw_visit(const screens::Input& input) {
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
    if (reaction.opens_enrolment && kiosk_.staff() != nullptr)
        kiosk_.staff()->tell(staff::AreaSignal::enrol);
    return true;
}

std::string_view Glass::screen_name() const {
    if (const auto* staff = kiosk_.staff(); staff != nullptr && staff->is_open())
        return name_of(staff->area().page);
    const auto& session = kiosk_.session();
    if (is_out_of_service()) return "out_of_service";
    return session.overlay == session::Overlay::none ? to_string(session.step)
                                                     : to_string(session.overlay);
}

void Glass::wipe() {
    view_ = {};
    staff_view_ = {};
    frame_ = {};
    stage_.wipe();
}

} // namespace app
