// Staff inside a visit: the check of a person or a document, and help that is put on record. No
// value about the resident stands on these screens; what staff look at is the card and the person.
#include "kiosk/present/scene.hpp"

namespace present {
namespace {

using screens::NoteModel;
using session::AssistOffer;

// Help that is on record, or cannot be put there: which, and nothing to type.
NoteModel help_note(const Scene& scene) {
    const auto offer = session::assist_offer(scene.session);
    const bool is_done = offer == AssistOffer::recorded;
    return note(scene, is_done ? NoteModel::Kind::success : NoteModel::Kind::info,
                "staff.assist." + std::string(session::to_string(offer)));
}

} // namespace

Check check_in_visit(const Scene& scene) {
    const auto& visit = scene.visit();
    Check check{visit.staff_purpose, scene.session.staff, scene.session.pin.size(), {}, {}};
    if (visit.staff_purpose == staff::Purpose::document) return check;
    check.person_card_lies = visit.person_card_lies;
    // That nobody laid a card down is said by its row already.
    if (visit.device_problem != base::Errc::no_card) check.card_problem = visit.device_problem;
    return check;
}

bool asks_for_help(const Scene& scene) {
    return session::assist_offer(scene.session) == AssistOffer::possible;
}

screens::ScreenModel witness(const Scene& scene) {
    return staff_check(scene, check_in_visit(scene));
}

screens::ScreenModel assist(const Scene& scene) {
    if (asks_for_help(scene)) {
        auto model = staff_check(scene, check_in_visit(scene));
        if (!model.actions.back.empty()) model.actions.back = scene.say("help.back");
        return model;
    }
    screens::StaffCheckModel model;
    model.frame = frame(scene);
    model.title = scene.say("staff.assist.title");
    model.note = help_note(scene);
    model.actions.go = scene.say("help.back");
    return model;
}

} // namespace present
