// The staff area and what a resident sees of staff, in the shipped words.
#include "tests/support/sample_words.hpp"

namespace samples {
namespace {

using namespace screens;

const std::string staff_id = "S-1182";
const std::string phone = "0991-0000000";
const std::string hours = "10:00-14:00, 15:30-19:00";

ThreeTexts filled(ThreeTexts texts, std::initializer_list<text::Insertion> values) {
    for (auto& text : texts) text = text::format_message(text, values);
    return texts;
}

FrameModel staff_frame(const Words& w) {
    auto model = frame(w);
    model.place = w("staff.place");
    model.step = w("staff.header", {{"staff", staff_id}, {"minutes", "5"}});
    model.rail.leave = w("staff.leave");
    return model;
}

NoteModel warning(const Words& w, const std::string& key,
                  std::initializer_list<text::Insertion> values = {}) {
    return {NoteModel::Kind::warning, {}, w(key + ".title"), w(key, values)};
}

StaffCheckModel check(const Words& w, const std::string& key, std::size_t typed) {
    StaffCheckModel m;
    m.frame = frame(w, 7);
    m.frame.step = w("staff.card.known", {{"staff", staff_id}});
    m.title = w(key + ".title");
    m.sub = w(key);
    m.rows = {{"person", w("staff.card"), w("staff.card.known", {{"staff", staff_id}})}};
    m.pin = PinField{typed, 6, 8};
    m.hint = w("staff.pin.hint");
    m.clear = w("digits.clear");
    m.actions = {w("common.back"), w(key + ".go"), true, "ok"};
    if (typed < 6) {
        m.actions.go = w("digits.press-more", {{"missing", std::to_string(6 - typed)}});
        m.actions.go_ready = false;
    }
    return m;
}

StaffCheckModel witness(const Words& w, std::size_t typed) {
    auto m = check(w, "staff.witness", typed);
    m.rows.insert(m.rows.begin(),
                  {"card", w("witness.person-card"), w("witness.person-card.lay"), true});
    if (typed < 6) m.actions.go = w("staff.go.lay");
    return m;
}

// A wrong PIN in the middle of a visit is the most that stands on this screen.
StaffCheckModel wrong_pin(const Words& w) {
    auto m = witness(w, 3);
    m.note = warning(w, "staff.problem.wrong-pin", {{"tries", "3"}});
    m.hint.clear();
    return m;
}

// Before a staff card is in: the resident is spoken to.
StaffCheckModel waits_for_staff(const Words& w, const std::string& key) {
    StaffCheckModel m;
    m.frame = frame(w, 7);
    m.title = w(key + ".title");
    m.sub = w(key + ".ask");
    m.rows = {{"person", w("staff.card"), w("staff.card.insert")}};
    if (key == "witness")
        m.rows.insert(m.rows.begin(),
                      {"card", w("witness.person-card"), w("witness.person-card.lay")});
    m.picture = key == "witness" ? StaffCheckModel::Picture::lay_card
                                 : StaffCheckModel::Picture::insert_card;
    m.note = NoteModel{NoteModel::Kind::info,
                       {},
                       w("witness.nobody.title"),
                       w("witness.nobody", {{"hours", hours}})};
    m.actions = {w("common.back"), w("help.call.title"), true, "bell"};
    return m;
}

StaffCheckModel log_in(const Words& w) {
    auto m = check(w, "staff.log-in", 8);
    auto whose = std::move(m.frame.step);
    m.frame = frame(w);
    m.frame.step = std::move(whose);
    m.frame.place = w("staff.place");
    m.frame.rail.leave = w("staff.leave");
    return m;
}

StaffCheckModel unusable_card(const Words& w, const std::string& problem) {
    auto m = log_in(w);
    m.pin.reset();
    m.hint.clear();
    m.rows = {{"person", w("staff.card"), w("staff.card.not-usable")}};
    m.note = warning(w, "staff.problem." + problem, {{"time", "10:37"}, {"tries", "3"}});
    m.actions.go = w("staff.go.take-out");
    m.actions.go_ready = false;
    if (problem == "no-roster") {
        m.other = w("staff.enrol.title");
        m.other_icon = "settings";
    }
    return m;
}

StaffOverviewModel overview(const Words& w, bool fine) {
    using State = StaffTile::State;
    const auto minutes = w("staff.age.minutes", {{"count", "12"}});
    StaffOverviewModel m;
    m.frame = staff_frame(w);
    m.badge = fine ? "ok" : "paper-out";
    m.is_fine = fine;
    const std::string first = fine ? "staff.first.none" : "staff.first.printer";
    m.title = w(first + ".title");
    m.sub = w(first);
    if (!fine) m.note = warning(w, "staff.problem.not-recorded");
    m.tiles = {
        {"card", w("staff.tile.card-reader"), w("staff.state.fine"), {}, State::fine},
        {"printer", w("staff.tile.printer"), w("staff.state.paper"), {}, State::attention},
        {"camera", w("staff.tile.camera"), w("staff.state.not-working"), {}, State::attention},
        {"network-off", w("staff.tile.network"), w("staff.state.offline", {{"age", minutes}}),
         w("staff.state.retry"), State::attention},
        {"folder", w("staff.tile.queue"), w("staff.state.requests", {{"count", "4"}}),
         w("staff.state.oldest", {{"age", minutes}}), State::plain},
        {"list", w("staff.tile.roster"), w("staff.state.roster-until", {{"date", "2026-11-29"}}),
         w("staff.state.version", {{"version", "12"}}), State::fine},
        {"shield", w("staff.tile.record"), w("staff.state.fine"),
         w("staff.state.rows", {{"count", "418"}}), State::fine},
        {"page", w("staff.tile.content"), w("staff.state.version", {{"version", "3"}}),
         w("staff.state.clock.unsure"), State::attention}};
    m.tasks = {{"clean", "drop", w("staff.task.clean"), {}},
               {"duty-off", "person", w("staff.task.duty-off"), w("staff.task.duty.on-now")},
               {"notice", "megaphone", w("staff.task.notice"), w("staff.task.notice.none")},
               {"stop", "lock", w("staff.task.stop"), {}},
               {"roster", "list", w("staff.task.roster"), w("staff.fetch.failed")}};
    m.actions.back = w("staff.leave");
    if (!fine) {
        m.actions.go = w("staff.task.paper");
        m.actions.go_icon = "printer";
    } else {
        m.tasks.insert(m.tasks.begin(), {"paper", "printer", w("staff.task.paper"), {}});
    }
    return m;
}

NoticeModel paper(const Words& w) {
    NoticeModel m;
    m.frame = staff_frame(w);
    m.title = w("staff.paper.title");
    m.sub = w("staff.paper");
    m.papers_title = w("staff.paper.steps");
    m.papers = {{"paper-out", w("staff.paper.open"), {}},
                {"arrow-end", w("staff.paper.old"), {}},
                {"receipt", w("staff.paper.new"), {}},
                {"ok", w("staff.paper.close"), {}}};
    m.notes = {warning(w, "staff.paper.earlier")};
    m.actions = {w("common.back"), w("staff.paper.go"), true, "ok"};
    return m;
}

QuestionChoiceModel notices(const Words& w) {
    QuestionChoiceModel m;
    m.frame = staff_frame(w);
    m.title = w("staff.notice.title");
    m.why = w("staff.notice");
    m.options.push_back({"none", w("staff.notice.none"), {}, {}, true});
    for (const auto& id : w.ids("local-notice."))
        m.options.push_back({id, w("local-notice." + id), {}, {}, false});
    m.actions = {w("common.back"), w("staff.notice.go"), true, "ok"};
    return m;
}

QuestionDigitsModel enrolment(const Words& w) {
    QuestionDigitsModel m;
    m.frame = frame(w);
    m.frame.place = w("staff.place");
    m.frame.rail.leave = w("staff.leave");
    m.title = w("staff.enrol.title");
    m.why = w("staff.enrol");
    m.digits = base::SecretText("12345678");
    m.groups = {4, 4, 4};
    m.hint = w("staff.enrol.hint");
    m.problem = NoteModel{NoteModel::Kind::warning, {}, {}, w("staff.enrol.wrong")};
    m.clear = w("digits.clear");
    m.actions = {w("common.back"), w("digits.press-more", {{"missing", "4"}}), false};
    return m;
}

StaffCleanModel clean(const Words& w) {
    return {staff_frame(w), w("staff.clean.title"), w("staff.clean"), "23", 23, 30};
}

OtherwayModel no_card(const Words& w, bool on_duty) {
    const std::string key = "no-card.staff-document";
    OtherwayModel m;
    m.frame = frame(w, 1);
    m.title = w("no-card.title");
    m.sub = w("no-card.sub");
    m.ways = {{"staff-document", "person", w(key + ".title"), w(key), on_duty,
               w(key + ".unavailable", {{"hours", hours}})},
              {"counter-code",
               "counter",
               w("no-card.counter-code.title"),
               w("no-card.counter-code"),
               true,
               {}}};
    m.back = w("common.back");
    return m;
}

OutOfServiceModel closed(const Words& w) {
    OutOfServiceModel m;
    m.frame = frame(w);
    m.title = w.three("out.closed.title");
    m.text = filled(w.three("out.closed.text"), {{"phone", phone}, {"hours", hours}});
    m.kept = w.three("out.kept");
    m.staff = w("out.staff");
    return m;
}

HelpModel first_set_up(const Words& w) {
    HelpModel m;
    m.frame = frame(w);
    m.title = w("help.title");
    m.sub = w("help.sub");
    m.ways = {{"call", "bell", w("help.call.title"), w("help.call"), true},
              {"enrol", "settings", w("help.enrol.title"), w("help.enrol"), false}};
    m.state = NoteModel{NoteModel::Kind::info, {}, w("help.calling.title"), w("help.calling")};
    m.back = w("common.back");
    return m;
}

} // namespace

std::vector<Sample> staff_screens(const Words& w) {
    return {{"staff_check-log-in", log_in(w)},
            {"staff_check-locked", unusable_card(w, "locked")},
            {"staff_check-no-roster", unusable_card(w, "no-roster")},
            {"staff_check-silent", unusable_card(w, "card-silent")},
            {"staff_check-witness", witness(w, 6)},
            {"staff_check-wrong-pin", wrong_pin(w)},
            {"staff_check-document", check(w, "staff.document", 4)},
            {"staff_check-assist", check(w, "staff.assist", 0)},
            {"staff_check-waits", waits_for_staff(w, "witness")},
            {"staff_check-waits-document", waits_for_staff(w, "witness.document")},
            {"staff_overview", overview(w, true)},
            {"staff_overview-attention", overview(w, false)},
            {"staff_paper", paper(w)},
            {"staff_notice", notices(w)},
            {"staff_enrolment", enrolment(w)},
            {"staff_clean", clean(w)},
            {"otherway-no-card", no_card(w, true)},
            {"otherway-no-card-nobody", no_card(w, false)},
            {"out_of_service-closed", closed(w)},
            {"help-first-set-up", first_set_up(w)}};
}

} // namespace samples
