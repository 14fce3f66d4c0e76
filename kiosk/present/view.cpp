#include "kiosk/present/view.hpp"

namespace present {

View follow(View view, const session::Session& session) {
    const std::string_view field = session.visit ? std::string_view(session.visit->field) : "";
    if (view.ticket == session.ticket && view.step == session.step &&
        view.overlay == session.overlay && view.field == field)
        return view;
    View fresh;
    fresh.ticket = session.ticket;
    fresh.step = session.step;
    fresh.overlay = session.overlay;
    fresh.field = field;
    return fresh;
}

} // namespace present
