#include "kiosk/present/staff.hpp"

#include "kiosk/present/staff_page.hpp"

#include <algorithm>

namespace present {
namespace {

using screens::NoteModel;
using staff::Overview;
using staff::Page;

// ---- log-in, the enrolment code, notices, cleaning, the language ----

// A card of any kind in the slot, and no list yet: from here to the enrolment code.
bool offers_enrolment(const Desk& desk) {
    return desk.scene.facts.takes_enrolment_code &&
           desk.area.standing.problem == staff::Problem::no_roster;
}

screens::ScreenModel log_in_page(const Desk& desk) {
    auto model = staff_check(desk.scene, log_in_check(desk.area));
    auto whose = std::move(model.frame.step);
    model.frame = staff_frame(desk);
    model.frame.step = std::move(whose);
    if (offers_enrolment(desk)) {
        model.other = desk.say("staff.enrol.title");
        model.other_icon = "settings";
    }
    return model;
}

// Five wrong codes: no pad, as for PINs. The page closes long before the lock does.
screens::ScreenModel locked_page(const Desk& desk) {
    screens::StaffCheckModel model;
    model.frame = staff_frame(desk);
    model.title = desk.say("staff.enrol.title");
    const auto time = unlock_time(desk.scene, desk.area.unlock_at);
    model.note = NoteModel{NoteModel::Kind::warning, "", desk.say("staff.problem.locked.title"),
                           desk.say("staff.enrol.locked", {{"time", time}})};
    model.actions.back = desk.say("common.back");
    return model;
}

// The code is on paper and good for once, so it is shown while it is typed: twelve digits typed
// blind would be typed wrong.
screens::ScreenModel enrolment_page(const Desk& desk) {
    if (desk.area.problem == staff::Problem::locked) return locked_page(desk);
    const auto& typed = desk.area.pin;
    screens::QuestionDigitsModel model;
    model.frame = staff_frame(desk);
    model.title = desk.say("staff.enrol.title");
    model.why = desk.say("staff.enrol");
    model.digits = base::SecretText(typed.view());
    model.groups = {4, 4, 4};
    model.hint = desk.say("staff.enrol.hint");
    if (const auto& problem = desk.area.problem) {
        model.problem = staff_problem(desk.scene, *problem);
        if (*problem == staff::Problem::wrong_pin)
            model.problem =
                NoteModel{NoteModel::Kind::warning, "", "", desk.say("staff.enrol.wrong")};
    }
    model.clear = desk.say("digits.clear");
    model.actions.back = desk.say("common.back");
    const auto missing = staff::enrolment_digits - std::min(typed.size(), staff::enrolment_digits);
    model.actions.go_ready = missing == 0 && !desk.area.is_entered;
    model.actions.go = desk.area.is_entered ? desk.say("staff.go.wait")
                       : missing > 0        ? desk.scene.say.counted("digits.press-more", "missing",
                                                                     std::int64_t(missing))
                                            : desk.say("staff.enrol.go");
    return model;
}

screens::ScreenModel notice_page(const Desk& desk) {
    const auto chosen = chosen_notice(desk);
    screens::QuestionChoiceModel model;
    model.frame = staff_frame(desk);
    model.title = desk.say("staff.notice.title");
    model.why = desk.say("staff.notice");
    model.options.push_back(
        {std::string(no_notice), desk.say("staff.notice.none"), "", "", chosen.empty()});
    for (const auto& id : desk.scene.say.content().local_notices())
        model.options.push_back(
            {id, desk.say(std::string(content::local_notice_prefix) + id), "", "", chosen == id});
    model.actions.back = desk.say("common.back");
    model.actions.go = desk.say("staff.notice.go");
    model.actions.go_icon = "ok";
    model.first = desk.view.first;
    return model;
}

screens::ScreenModel clean_page(const Desk& desk) {
    const auto end = desk.area.entered + staff::clean_time;
    const auto left = std::chrono::ceil<std::chrono::seconds>(end - desk.scene.facts.world.now);
    screens::StaffCleanModel model;
    model.frame = staff_frame(desk);
    model.title = desk.say("staff.clean.title");
    model.text = desk.say("staff.clean");
    model.seconds_total = int(staff::clean_time.count());
    model.seconds_left = int(std::clamp<std::int64_t>(left.count(), 0, model.seconds_total));
    model.left = std::to_string(model.seconds_left);
    return model;
}

screens::ScreenModel language_page(const Desk& desk) {
    auto model = std::get<screens::LanguageModel>(language(desk.scene));
    model.frame = staff_frame(desk);
    // Nobody's answers are here to be kept.
    model.lines = in_all_languages(desk.scene.say.content(), "language.line.staff");
    return model;
}

// ---- the frame ----

View list_of(const StaffView& view) {
    View list;
    list.first = view.first;
    return list;
}

int minutes_left(const Desk& desk) {
    const auto end = desk.area.last_activity + staff::area_idle_limit;
    const auto left = std::chrono::ceil<std::chrono::minutes>(end - desk.scene.facts.world.now);
    return int(
        std::clamp<std::chrono::minutes>(left, std::chrono::minutes(0), staff::area_idle_limit)
            .count());
}

} // namespace

// ---- for the files of the other pages ----

// Nobody's session, as the glass of the staff area looks: there is nothing of a person in it.
session::Session nobody(const StaffView& view) {
    session::Session session;
    session.language = view.language;
    session.display = view.display;
    return session;
}

Desk::Desk(const staff::Area& a, const StaffView& v, const Facts& facts, const Overview& o)
    : area(a), view(v), overview(o), session(nobody(v)), list(list_of(v)),
      scene(session, list, facts) {}

screens::FrameModel staff_frame(const Desk& desk) {
    auto model = frame(desk.scene);
    model.listen.clear(); // nothing is read aloud here (design README §4)
    model.place = desk.say("staff.place");
    model.rail.leave = desk.say("staff.leave");
    model.rail.staff_on = desk.area.is_calling;
    if (!desk.area.who) return model;
    const auto minutes = std::to_string(minutes_left(desk));
    model.step =
        desk.area.is_enrolled
            ? desk.say("staff.header.code", {{"minutes", minutes}})
            : desk.say("staff.header", {{"staff", desk.area.who->staff}, {"minutes", minutes}});
    return model;
}

std::string age(const Desk& desk, std::chrono::seconds since) {
    using namespace std::chrono;
    const auto& say = desk.scene.say;
    if (since < minutes(1)) return say("staff.age.now");
    if (since < hours(1))
        return say.counted("staff.age.minutes", "count", duration_cast<minutes>(since).count());
    if (since < hours(24))
        return say.counted("staff.age.hours", "count", duration_cast<hours>(since).count());
    return say.counted("staff.age.days", "count", duration_cast<hours>(since).count() / 24);
}

Check log_in_check(const staff::Area& area) {
    return {staff::Purpose::log_in, area.standing, area.pin.size(), std::nullopt, std::nullopt};
}

std::string chosen_notice(const Desk& desk) {
    return desk.view.notice.value_or(desk.overview.notice);
}

// ---- for the application ----

StaffView follow(StaffView view, const staff::Area& area, const session::Session& session) {
    if (view.page == area.page) return view;
    StaffView fresh;
    fresh.page = area.page;
    if (area.page == Page::closed) return fresh;
    const bool was_open = view.page != Page::closed;
    fresh.language = was_open ? view.language : session.language;
    fresh.display = was_open ? view.display : session.display;
    return fresh;
}

screens::ScreenModel staff_model(const staff::Area& area, const StaffView& view, const Facts& facts,
                                 const Overview& overview) {
    CHECK(area.page != Page::closed);
    const Desk desk(area, view, facts, overview);
    if (view.is_choosing_language && area.page != Page::clean) return language_page(desk);
    switch (area.page) {
    case Page::closed:
    case Page::log_in: return log_in_page(desk);
    case Page::enrolment: return enrolment_page(desk);
    case Page::overview: return overview_page(desk);
    case Page::paper: return paper_page(desk);
    case Page::notice: return notice_page(desk);
    case Page::printer: return printer_page(desk);
    case Page::reprint: return reprint_page(desk);
    case Page::camera: return camera_page(desk);
    case Page::face_camera: return face_camera_page(desk);
    case Page::clean: return clean_page(desk);
    }
    return log_in_page(desk);
}

screens::DisplaySettings settings(const StaffView& view) {
    return settings(nobody(view));
}

} // namespace present
