#include "kiosk/present/view.hpp"

#include <utility>

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
    // Another person, or another matter of the same one: nothing is taken along.
    const bool begins_anew = !session.visit || session.step == session::Step::home;
    if (view.ticket != session.ticket || begins_anew) return fresh;
    fresh.set_aside = std::move(view.set_aside);
    // An overlay lies over the field: the board and the caret are as they were when it goes.
    if (view.field == field) {
        fresh.caret = view.caret;
        fresh.board = view.board;
        fresh.date_on_pad = view.date_on_pad;
    }
    if (view.composing != Composition())
        fresh.set_aside.insert_or_assign(view.field, std::move(view.composing));
    if (auto kept = fresh.set_aside.extract(fresh.field))
        fresh.composing = std::move(kept.mapped());
    return fresh;
}

} // namespace present
