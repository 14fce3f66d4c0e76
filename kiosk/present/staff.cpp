#include "kiosk/present/staff.hpp"

#include "kiosk/present/scene.hpp"
#include "printer/document.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>

namespace present {
namespace {

using screens::Action;
using screens::NoteModel;
using staff::AreaSignal;
using staff::Overview;
using staff::Page;

// Nobody's session, as the glass of the staff area looks: there is nothing of a person in it.
session::Session nobody(const StaffView& view) {
    session::Session session;
    session.language = view.language;
    session.display = view.display;
    return session;
}

View list_of(const StaffView& view) {
    View list;
    list.first = view.first;
    return list;
}

// One page with everything needed to speak about it.
struct Desk {
    Desk(const staff::Area& a, const StaffView& v, const Facts& facts, const Overview& o)
        : area(a), view(v), overview(o), session(nobody(v)), list(list_of(v)),
          scene(session, list, facts) {}
    Desk(const Desk&) = delete;

    std::string say(std::string_view key) const { return scene.say(key); }
    std::string say(std::string_view key, const Words::Values& values) const {
        return scene.say(key, values);
    }
    bool offers(AreaSignal signal) const { return staff::offers(area, signal); }
    bool offers(Page page) const { return staff::offers(area, page); }

    const staff::Area& area;
    const StaffView& view;
    const Overview& overview;
    const session::Session session;
    const View list;
    const Scene scene;
};

// ---- what may be done ----

// A task of the overview: a page behind it, or something done at once.
struct TaskRow {
    std::string_view id, icon, words;
    std::variant<Page, AreaSignal> means;
    bool (*applies)(const Overview&);
};

bool always(const Overview&) {
    return true;
}

constexpr std::array tasks{
    TaskRow{"paper", "printer", "staff.task.paper", Page::paper, always},
    TaskRow{"clean", "drop", "staff.task.clean", Page::clean, always},
    TaskRow{"duty-on", "person", "staff.task.duty-on", AreaSignal::duty_on,
            [](const Overview& o) { return !o.is_on_duty; }},
    TaskRow{"duty-off", "person", "staff.task.duty-off", AreaSignal::duty_off,
            [](const Overview& o) { return o.is_on_duty; }},
    TaskRow{"notice", "megaphone", "staff.task.notice", Page::notice, always},
    TaskRow{"stop", "lock", "staff.task.stop", AreaSignal::stop_service,
            [](const Overview& o) { return !o.is_closed; }},
    TaskRow{"resume", "ok", "staff.task.resume", AreaSignal::resume_service,
            [](const Overview& o) { return o.is_closed; }},
    TaskRow{"printer", "receipt", "staff.task.printer", Page::printer, always},
    TaskRow{"camera", "camera", "staff.task.camera", Page::camera, always},
    TaskRow{"roster", "list", "staff.task.roster", AreaSignal::fetch_roster, always},
};

// And those of the printer's page.
constexpr std::array printer_tasks{
    TaskRow{"print-test", "printer", "staff.task.print-test", AreaSignal::print_test, always},
    TaskRow{"reprint", "receipt", "staff.task.reprint", Page::reprint,
            [](const Overview& o) { return !o.prints.empty(); }},
};

// And of the camera's page, in the order in which they are done.
constexpr std::array camera_tasks{
    TaskRow{"print-marks", "printer", "staff.task.print-marks", AreaSignal::print_marks, always},
    TaskRow{"look-marks", "camera", "staff.task.look-marks", AreaSignal::look_at_marks, always},
    TaskRow{"look-sheet", "page", "staff.task.look-sheet", AreaSignal::look_at_sheet, always},
    TaskRow{"look-card", "card", "staff.task.look-card", AreaSignal::look_at_card, always},
};

bool is_offered(const Desk& desk, const TaskRow& task) {
    return task.applies(desk.overview) &&
           std::visit([&](auto means) { return desk.offers(means); }, task.means);
}

void add_offered(const Desk& desk, std::span<const TaskRow> rows,
                 screens::StaffOverviewModel& model) {
    for (const auto& task : rows)
        if (is_offered(desk, task))
            model.tasks.push_back(
                {std::string(task.id), std::string(task.icon), desk.say(task.words), ""});
}

const TaskRow* offered_task(const Desk& desk, std::string_view id) {
    for (const auto rows :
         {std::span<const TaskRow>(tasks), std::span<const TaskRow>(printer_tasks),
          std::span<const TaskRow>(camera_tasks)})
        for (const auto& task : rows)
            if (task.id == id && is_offered(desk, task)) return &task;
    return nullptr;
}

std::string_view fetch_key(staff::Fetch fetch) {
    switch (fetch) {
    case staff::Fetch::none: return "";
    case staff::Fetch::running: return "staff.fetch.running";
    case staff::Fetch::done: return "staff.fetch.done";
    case staff::Fetch::failed: return "staff.fetch.failed";
    }
    return "";
}

// How it stands now, under the task's name.
std::string_view task_detail(const Desk& desk, std::string_view id) {
    if (id == "duty-on") return "staff.task.duty.off-now";
    if (id == "duty-off") return "staff.task.duty.on-now";
    if (id == "notice")
        return desk.overview.notice.empty() ? "staff.task.notice.none" : "staff.task.notice.shown";
    if (id == "roster") return fetch_key(desk.area.fetch);
    return "";
}

// ---- what must be done first ----

constexpr auto long_without_contact = std::chrono::minutes(15); // chosen: three heartbeats

bool is_offline(const Overview& o) {
    return !o.since_contact || *o.since_contact > long_without_contact;
}

// Spec reliability S6: then somebody is told, because residents begin to ask.
constexpr auto long_unsent = std::chrono::hours(72);

bool waits_long(const Overview& o) {
    return o.pending > 0 && o.oldest_pending && *o.oldest_pending >= long_unsent;
}

// The first row that applies is the title of the overview; `task` does something about it.
struct FirstThing {
    std::string_view words; // key; with .title behind it the title
    std::string_view text;  // key of the sentence under it
    std::string_view icon;
    std::string_view task; // empty: nothing here helps
    bool (*applies)(const Overview&);
    bool is_asked = false; // a question: only for those who may answer it
};

constexpr std::array first_things{
    FirstThing{"staff.first.closed", "staff.first.closed", "lock", "resume",
               [](const Overview& o) { return o.is_closed; }},
    FirstThing{"staff.first.storage", "staff.first.storage", "warning", "",
               [](const Overview& o) { return !o.accepting; }},
    FirstThing{"staff.first.record", "staff.first.record", "warning", "",
               [](const Overview& o) { return o.audit_damaged; }},
    FirstThing{"staff.first.no-roster", "staff.first.no-roster", "list", "roster",
               [](const Overview& o) { return !o.roster_exists; }},
    FirstThing{"staff.first.roster-expired", "staff.first.roster-expired", "list", "roster",
               [](const Overview& o) { return o.roster_expired; }},
    FirstThing{"staff.first.printer", "staff.first.printer", "paper-out", "paper",
               [](const Overview& o) { return !o.printer_ok; }},
    FirstThing{"staff.first.card-reader", "staff.first.cable", "card", "",
               [](const Overview& o) { return !o.card_reader_ok; }},
    FirstThing{"staff.first.camera", "staff.first.cable", "camera", "",
               [](const Overview& o) { return !o.camera_ok; }},
    FirstThing{"staff.first.faces", "staff.first.faces", "face", "",
               [](const Overview& o) { return o.many_checks_failed; }},
    FirstThing{"staff.first.quarantined", "staff.first.quarantined", "folder", "",
               [](const Overview& o) { return o.quarantined > 0; }},
    FirstThing{"staff.first.unsent", "staff.first.unsent", "folder", "", waits_long},
    FirstThing{"staff.first.outdated", "staff.first.outdated", "settings", "",
               [](const Overview& o) { return o.program_outdated; }},
    FirstThing{"staff.first.network", "staff.first.network", "network-off", "", is_offline},
    FirstThing{"staff.first.duty", "staff.first.duty", "person", "duty-on",
               [](const Overview& o) { return !o.is_on_duty; }, true},
    FirstThing{"staff.first.none", "staff.first.none", "ok", "", always},
};

const FirstThing& first_thing(const Desk& desk) {
    return *std::find_if(first_things.begin(), first_things.end(), [&](const FirstThing& thing) {
        return thing.applies(desk.overview) && (!thing.is_asked || offered_task(desk, thing.task));
    });
}

// ---- the frame ----

int minutes_left(const Desk& desk) {
    const auto end = desk.area.last_activity + staff::area_idle_limit;
    const auto left = std::chrono::ceil<std::chrono::minutes>(end - desk.scene.facts.world.now);
    return int(
        std::clamp<std::chrono::minutes>(left, std::chrono::minutes(0), staff::area_idle_limit)
            .count());
}

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

// ---- tiles: states, counts and ages ----

using Tile = screens::StaffTile;

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

Tile device_tile(const Desk& desk, std::string_view icon, std::string_view name, bool is_ok,
                 std::string_view problem) {
    return {std::string(icon), desk.say(name), desk.say(is_ok ? "staff.state.fine" : problem), "",
            is_ok ? Tile::State::fine : Tile::State::attention};
}

Tile printer_tile(const Desk& desk) {
    const auto& o = desk.overview;
    auto tile =
        device_tile(desk, "printer", "staff.tile.printer", o.printer_ok, "staff.state.paper");
    // It may be well and print nothing all the same: what it prints cannot be noted.
    if (o.printer_ok || !o.printer_advice.empty()) {
        if (!o.printer_state.empty()) tile.state = desk.say(o.printer_state);
        if (!o.printer_advice.empty()) tile.detail = desk.say(o.printer_advice);
    }
    return tile;
}

// A long number of groups may be broken behind each: on a narrow tile it is wider than the line.
std::string breakable(std::string_view number) {
    std::string text;
    for (const char c : number) {
        text += c;
        if (c == '-') text += "\u200B"; // zero width space
    }
    return text;
}

// What went wrong with it last: in words, and by the code that stands in the log, in the events and
// in doctor.
Tile card_reader_tile(const Desk& desk) {
    const auto& o = desk.overview;
    auto tile = device_tile(desk, "card", "staff.tile.card-reader", o.card_reader_ok,
                            "staff.state.not-working");
    if (!o.card_reader_trouble) return tile;
    const auto code = std::string(base::to_string(*o.card_reader_trouble));
    const auto words = desk.say("staff.card-reader." + code);
    const bool is_over = o.card_reader_ok;
    const auto trouble = desk.say(is_over ? "staff.card-reader.before" : "staff.card-reader.now",
                                  {{"what", words}, {"code", code}});
    (is_over ? tile.detail : tile.state) = trouble;
    return tile;
}

// Which one it is: what a technician compares with the label on the device.
Tile card_reader_number_tile(const Desk& desk) {
    const auto& o = desk.overview;
    const auto wire =
        o.card_reader_pipes == 0
            ? desk.say("staff.card-reader.wire", {{"wire", o.card_reader_wire}})
            : desk.say("staff.card-reader.pipes", {{"wire", o.card_reader_wire},
                                                   {"pipes", std::to_string(o.card_reader_pipes)}});
    return {"card", desk.say("staff.tile.card-reader-number"),
            o.card_reader_id.empty() ? desk.say("staff.state.none") : breakable(o.card_reader_id),
            wire, Tile::State::plain};
}

Tile network_tile(const Desk& desk) {
    const auto& since = desk.overview.since_contact;
    Tile tile{"globe", desk.say("staff.tile.network"), "", "", Tile::State::fine};
    if (!is_offline(desk.overview)) {
        tile.state = desk.say("staff.state.fine");
        tile.detail = desk.say("staff.state.contact", {{"age", age(desk, *since)}});
        return tile;
    }
    tile.icon = "network-off";
    tile.kind = Tile::State::attention;
    tile.state = since ? desk.say("staff.state.offline", {{"age", age(desk, *since)}})
                       : desk.say("staff.state.no-contact");
    tile.detail = desk.say("staff.state.retry");
    return tile;
}

Tile queue_tile(const Desk& desk) {
    const auto& o = desk.overview;
    Tile tile{"folder", desk.say("staff.tile.queue"),
              desk.scene.say.counted("staff.state.requests", "count", o.pending),
              desk.say("staff.state.nothing-waits"), Tile::State::plain};
    if (o.pending > 0 && o.oldest_pending)
        tile.detail = desk.say("staff.state.oldest", {{"age", age(desk, *o.oldest_pending)}});
    if (waits_long(o)) tile.kind = Tile::State::attention;
    if (o.quarantined > 0) {
        tile.kind = Tile::State::attention;
        tile.detail =
            desk.say("staff.state.quarantined", {{"count", std::to_string(o.quarantined)}});
    }
    return tile;
}

Tile roster_tile(const Desk& desk) {
    const auto& o = desk.overview;
    Tile tile{"list", desk.say("staff.tile.roster"), desk.say("staff.state.none"), "",
              Tile::State::attention};
    if (!o.roster_exists) return tile;
    tile.detail = desk.say("staff.state.version", {{"version", std::to_string(o.roster_version)}});
    tile.state = desk.say("staff.state.roster-expired");
    if (o.roster_expired) return tile;
    tile.state = desk.say("staff.state.roster-until",
                          {{"date", base::to_text(base::local_date(o.roster_expires))}});
    tile.kind = Tile::State::fine;
    return tile;
}

std::vector<Tile> tiles_of(const Desk& desk) {
    const auto& o = desk.overview;
    const auto rows = std::to_string(o.audit_rows);
    std::vector<Tile> tiles{
        card_reader_tile(desk),
        printer_tile(desk),
        device_tile(desk, "camera", "staff.tile.camera", o.camera_ok, "staff.state.not-working"),
        network_tile(desk),
        queue_tile(desk),
        roster_tile(desk),
        {"shield", desk.say("staff.tile.record"),
         desk.say(o.audit_damaged ? "staff.state.damaged" : "staff.state.fine"),
         desk.say("staff.state.rows", {{"count", rows}}),
         o.audit_damaged ? Tile::State::attention : Tile::State::fine},
        {"page", desk.say("staff.tile.content"),
         desk.say("staff.state.version", {{"version", std::to_string(o.content_version)}}),
         desk.say(o.clock_is_sure ? "staff.state.clock" : "staff.state.clock.unsure"),
         o.clock_is_sure ? Tile::State::fine : Tile::State::attention}};
    if (!o.card_reader_wire.empty()) tiles.push_back(card_reader_number_tile(desk));
    return tiles;
}

// What was asked for last, as far as no row of the tasks tells it: while a list is being fetched
// there is no such row, and where it is the first thing to do it has none either.
std::optional<NoteModel> overview_note(const Desk& desk, const FirstThing& thing) {
    if (desk.area.problem) return staff_problem(desk.scene, *desk.area.problem);
    switch (desk.area.fetch) {
    case staff::Fetch::none:
    case staff::Fetch::done: return std::nullopt;
    case staff::Fetch::running:
        return NoteModel{NoteModel::Kind::info, "", "", desk.say("staff.fetch.running")};
    case staff::Fetch::failed:
        if (thing.task != "roster") return std::nullopt;
        return NoteModel{NoteModel::Kind::warning, "", "",
                         desk.say("staff.first.no-roster.failed")};
    }
    return std::nullopt;
}

// What to do about the printer, as exactly as it is known.
std::string_view printer_sub(const Overview& o) {
    if (!o.printer_advice.empty()) return o.printer_advice;
    return o.prints_earlier_first ? "staff.first.printer.earlier" : "staff.first.printer";
}

// ---- pages ----

screens::ScreenModel overview_page(const Desk& desk) {
    const auto& thing = first_thing(desk);
    screens::StaffOverviewModel model;
    model.frame = staff_frame(desk);
    model.badge = thing.icon;
    model.is_fine = thing.words == "staff.first.none";
    model.title = desk.say(std::string(thing.words) + ".title");
    model.sub = desk.say(thing.task == "paper" ? printer_sub(desk.overview) : thing.text);
    model.note = overview_note(desk, thing);
    model.tiles = tiles_of(desk);
    const auto* first = offered_task(desk, thing.task);
    for (const auto& task : tasks) {
        if (!is_offered(desk, task) || &task == first) continue;
        const auto detail = task_detail(desk, task.id);
        model.tasks.push_back({std::string(task.id), std::string(task.icon), desk.say(task.words),
                               detail.empty() ? "" : desk.say(detail)});
    }
    model.actions.back = desk.say("staff.leave");
    if (first != nullptr) {
        model.actions.go = desk.say(first->words);
        model.actions.go_icon = first->icon;
    }
    model.first = desk.view.first;
    return model;
}

// A card of any kind in the slot, and no list yet: from here to the enrolment code.
bool offers_enrolment(const Desk& desk) {
    return desk.scene.facts.takes_enrolment_code &&
           desk.area.standing.problem == staff::Problem::no_roster;
}

Check log_in_check(const staff::Area& area) {
    return {staff::Purpose::log_in, area.standing, area.pin.size(), std::nullopt, std::nullopt};
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

screens::ScreenModel paper_page(const Desk& desk) {
    screens::NoticeModel model;
    model.frame = staff_frame(desk);
    model.title = desk.say("staff.paper.title");
    model.sub = desk.say("staff.paper");
    model.papers_title = desk.say("staff.paper.steps");
    model.papers = {{"paper-out", desk.say("staff.paper.open"), ""},
                    {"arrow-end", desk.say("staff.paper.old"), ""},
                    {"receipt", desk.say("staff.paper.new"), ""},
                    {"ok", desk.say("staff.paper.close"), ""}};
    model.notes = {note(desk.scene, NoteModel::Kind::warning, "staff.paper.earlier")};
    model.actions.back = desk.say("common.back");
    model.actions.go = desk.say("staff.paper.go");
    model.actions.go_icon = "ok";
    model.first = desk.view.first;
    return model;
}

std::string metres(std::int64_t millimetres) {
    return std::to_string(millimetres / 1000) + "." + std::to_string(millimetres / 100 % 10);
}

// What came of what was printed from here, else what comes out before anything else.
std::optional<NoteModel> printer_note(const Desk& desk) {
    const auto one = [&](NoteModel::Kind kind, std::string_view key) {
        return NoteModel{kind, "", "", desk.say(key)};
    };
    if (desk.area.problem) return staff_problem(desk.scene, *desk.area.problem);
    switch (desk.area.print) {
    case staff::Fetch::none: break;
    case staff::Fetch::running: return one(NoteModel::Kind::info, "staff.print.running");
    case staff::Fetch::done: return one(NoteModel::Kind::success, "staff.print.done");
    case staff::Fetch::failed: return one(NoteModel::Kind::warning, "staff.print.failed");
    }
    if (!desk.overview.prints_earlier_first) return std::nullopt;
    return note(desk.scene, NoteModel::Kind::warning, "staff.paper.earlier");
}

std::string print_name(const Desk& desk, const staff::PrintRow& row) {
    const auto number = std::string(printer::in_groups_of_four(row.number).view());
    if (row.copy == 0) return number;
    return desk.say("staff.print.copy", {{"number", number}, {"copy", std::to_string(row.copy)}});
}

screens::ScreenModel printer_page(const Desk& desk) {
    const auto& o = desk.overview;
    screens::StaffOverviewModel model;
    model.frame = staff_frame(desk);
    model.is_fine = o.printer_ok;
    model.badge = o.printer_ok ? "ok" : "paper-out";
    model.title = desk.say("staff.printer.title");
    model.sub = desk.say(o.printer_state.empty() ? "printer.state.probing" : o.printer_state);
    model.note = printer_note(desk);
    model.tiles.push_back(printer_tile(desk));
    model.tiles.push_back({"receipt", desk.say("staff.tile.paper"),
                           desk.say("staff.print.metres", {{"metres", metres(o.roll_mm)}}),
                           desk.say("staff.print.total", {{"metres", metres(o.paper_mm)},
                                                          {"cuts", std::to_string(o.cuts)}}),
                           Tile::State::plain});
    for (const auto& row : o.prints)
        model.tiles.push_back({"list", print_name(desk, row), desk.say(row.state),
                               desk.say("staff.print.age", {{"age", age(desk, row.age)}}),
                               Tile::State::plain});
    add_offered(desk, printer_tasks, model);
    model.actions.back = desk.say("common.back");
    model.first = desk.view.first;
    return model;
}

// ---- the document camera ----

struct CheckRow {
    drivers::CameraCheck check;
    std::string_view icon, name, value; // keys; {value} is what was measured
};

constexpr std::array camera_rows{
    CheckRow{drivers::CameraCheck::sharpness, "camera", "staff.camera.sharpness",
             "staff.camera.millimetres"},
    CheckRow{drivers::CameraCheck::geometry, "camera", "staff.camera.geometry", "staff.camera.dpi"},
    CheckRow{drivers::CameraCheck::light, "camera", "staff.camera.light", "staff.camera.percent"},
    CheckRow{drivers::CameraCheck::glare, "camera", "staff.camera.glare", "staff.camera.percent"},
    CheckRow{drivers::CameraCheck::sheet, "page", "staff.camera.sheet", "staff.camera.shape"},
    CheckRow{drivers::CameraCheck::card, "card", "staff.camera.card", "staff.camera.shape"},
};
static_assert(camera_rows.size() == drivers::camera_checks);

std::string measured(const drivers::CameraFinding& finding) {
    char text[32];
    switch (finding.check) {
    case drivers::CameraCheck::geometry:
        std::snprintf(text, sizeof text, "%.0f", finding.value);
        break;
    case drivers::CameraCheck::light:
        std::snprintf(text, sizeof text, "%.0f", 100 * finding.value);
        break;
    case drivers::CameraCheck::glare:
        std::snprintf(text, sizeof text, "%.1f", 100 * finding.value);
        break;
    case drivers::CameraCheck::sharpness:
    case drivers::CameraCheck::sheet:
    case drivers::CameraCheck::card: std::snprintf(text, sizeof text, "%.2f", finding.value); break;
    }
    return text;
}

// What to mend, where there is something to mend; else what was measured.
Tile camera_tile(const Desk& desk, const CheckRow& row) {
    Tile tile{std::string(row.icon), desk.say(row.name), desk.say("staff.camera.not-yet"), "",
              Tile::State::plain};
    for (const auto& finding : desk.overview.camera_findings) {
        if (finding.check != row.check) continue;
        if (finding.value > 0 || finding.is_fine())
            tile.detail = desk.say(row.value, {{"value", measured(finding)}});
        tile.kind = finding.is_fine() ? Tile::State::fine : Tile::State::attention;
        std::string key = "staff.camera.trouble.";
        key += to_string(finding.trouble);
        std::replace(key.begin(), key.end(), '_', '-');
        tile.state = desk.say(finding.is_fine() ? "staff.state.fine" : key);
        if (finding.place)
            tile.state =
                desk.say("staff.camera.at",
                         {{"what", tile.state}, {"place", desk.say(place_key(*finding.place))}});
    }
    return tile;
}

std::optional<NoteModel> camera_note(const Desk& desk) {
    const auto one = [&](NoteModel::Kind kind, std::string_view key) {
        return NoteModel{kind, "", "", desk.say(key)};
    };
    if (desk.area.problem) return staff_problem(desk.scene, *desk.area.problem);
    if (desk.area.look == staff::Fetch::running)
        return one(NoteModel::Kind::info, "staff.camera.looking");
    if (desk.area.look == staff::Fetch::failed)
        return one(NoteModel::Kind::warning, "staff.camera.failed");
    switch (desk.area.print) {
    case staff::Fetch::none: break;
    case staff::Fetch::running: return one(NoteModel::Kind::info, "staff.print.running");
    case staff::Fetch::done: return one(NoteModel::Kind::success, "staff.camera.printed");
    case staff::Fetch::failed: return one(NoteModel::Kind::warning, "staff.print.failed");
    }
    return std::nullopt;
}

screens::ScreenModel camera_page(const Desk& desk) {
    const auto& findings = desk.overview.camera_findings;
    screens::StaffOverviewModel model;
    model.frame = staff_frame(desk);
    model.is_fine = std::all_of(findings.begin(), findings.end(),
                                [](const auto& finding) { return finding.is_fine(); });
    model.badge = model.is_fine ? "camera" : "warning";
    model.title = desk.say("staff.camera.title");
    model.sub = desk.say("staff.camera.sub");
    model.note = camera_note(desk);
    for (const auto& row : camera_rows) model.tiles.push_back(camera_tile(desk, row));
    add_offered(desk, camera_tasks, model);
    model.actions.back = desk.say("common.back");
    model.first = desk.view.first;
    return model;
}

// Each number once: a copy of a copy is a copy of the receipt.
screens::ScreenModel reprint_page(const Desk& desk) {
    screens::QuestionChoiceModel model;
    model.frame = staff_frame(desk);
    model.title = desk.say("staff.reprint.title");
    model.why = desk.say("staff.reprint");
    for (const auto& row : desk.overview.prints) {
        const auto is_same = [&](const auto& option) { return option.id == row.number; };
        if (std::any_of(model.options.begin(), model.options.end(), is_same)) continue;
        model.options.push_back({row.number,
                                 std::string(printer::in_groups_of_four(row.number).view()),
                                 desk.say("staff.print.age", {{"age", age(desk, row.age)}}), "",
                                 desk.area.reprint_number == row.number});
    }
    model.actions.back = desk.say("common.back");
    model.actions.go = desk.say("staff.reprint.go");
    model.actions.go_icon = "printer";
    model.actions.go_ready = desk.offers(AreaSignal::reprint);
    model.first = desk.view.first;
    return model;
}

constexpr std::string_view no_notice = "none";

std::string chosen_notice(const Desk& desk) {
    return desk.view.notice.value_or(desk.overview.notice);
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

// ---- from an intent to what the area hears ----

class StaffReactor {
public:
    StaffReactor(const staff::Area& area, StaffView view, const Facts& facts,
                 const Overview& overview)
        : view_(std::move(view)), desk_(area, view_, facts, overview) {}

    void operator()(screens::FrameIntent intent);
    void operator()(Action action);
    void operator()(const screens::Chosen& chosen);
    void operator()(const screens::ShowFrom& from) { view_.first = from.first; }
    void operator()(const screens::Typed& typed);
    void operator()(screens::EditKey key);
    void operator()(base::Language language);
    void operator()(screens::StaffCheckPress) { say(AreaSignal::enrol); }
    // No page of the area has such a thing.
    template <class Intent> void operator()(const Intent&) {}

    StaffReaction finish() && {
        if (inputs_.empty()) say(AreaSignal::touched);
        return {std::move(inputs_), std::move(view_), not_yet_};
    }

private:
    const staff::Area& area() const { return desk_.area; }
    bool is_at(Page page) const { return area().page == page && !view_.is_choosing_language; }
    void say(AreaSignal signal) { inputs_.emplace_back(signal); }
    void say(AreaSignal signal, staff::AreaPayload payload) {
        inputs_.emplace_back(signal, std::move(payload));
    }
    void look(session::Signal signal);
    void go();
    void back();
    void perform(std::string_view task);
    void keep(std::optional<base::SecretText> pin);

    StaffView view_;
    Desk desk_; // looks at view_
    std::vector<staff::AreaInput> inputs_;
    bool not_yet_ = false;
};

// The session knows how a display changes; what it was asked on is nobody's session.
void StaffReactor::look(session::Signal signal) {
    auto outcome = session::apply(nobody(view_), session::Input(signal), desk_.scene.facts.world);
    view_.display = outcome.session.display;
}

void StaffReactor::operator()(screens::FrameIntent intent) {
    switch (intent) {
    case screens::FrameIntent::leave: return say(AreaSignal::leave);
    case screens::FrameIntent::language:
        view_.is_choosing_language = !view_.is_choosing_language;
        view_.first = 0;
        return;
    case screens::FrameIntent::text_size: return look(session::Signal::text_size);
    case screens::FrameIntent::contrast: return look(session::Signal::contrast);
    case screens::FrameIntent::low_reach: return look(session::Signal::low_reach);
    case screens::FrameIntent::staff: return say(AreaSignal::call_staff);
    // not handled: reading aloud; staff screens are not spoken (design README §4).
    case screens::FrameIntent::listen: return;
    }
}

void StaffReactor::operator()(Action action) {
    switch (action) {
    case Action::go: return go();
    case Action::back: return back();
    case Action::not_yet: not_yet_ = true; return;
    }
}

void StaffReactor::back() {
    if (view_.is_choosing_language) {
        view_.is_choosing_language = false;
        return;
    }
    say(AreaSignal::back);
}

void StaffReactor::go() {
    if (is_at(Page::overview)) return perform(first_thing(desk_).task);
    if (is_at(Page::paper)) return say(AreaSignal::paper_done);
    if (is_at(Page::notice)) return say(AreaSignal::choose_notice, chosen_notice(desk_));
    if (is_at(Page::reprint) && desk_.offers(AreaSignal::reprint))
        return say(AreaSignal::reprint, view_.language);
    const bool is_ready = is_at(Page::log_in) ? is_check_complete(log_in_check(area()))
                                              : is_at(Page::enrolment) &&
                                                    area().pin.size() == staff::enrolment_digits;
    if (is_ready) return say(AreaSignal::enter);
    not_yet_ = true;
}

void StaffReactor::perform(std::string_view id) {
    const auto* task = offered_task(desk_, id);
    if (task == nullptr) return;
    if (const auto* page = std::get_if<Page>(&task->means)) return say(AreaSignal::page, *page);
    say(std::get<AreaSignal>(task->means));
}

void StaffReactor::operator()(const screens::Chosen& chosen) {
    if (is_at(Page::overview) || is_at(Page::printer) || is_at(Page::camera))
        return perform(chosen.id);
    if (is_at(Page::reprint)) say(AreaSignal::reprint_number, chosen.id);
    if (is_at(Page::notice)) view_.notice = chosen.id == no_notice ? std::string() : chosen.id;
}

void StaffReactor::keep(std::optional<base::SecretText> pin) {
    if (pin)
        say(AreaSignal::pin, std::move(*pin));
    else
        not_yet_ = true; // no more digits are taken, or there is none to take away
}

void StaffReactor::operator()(const screens::Typed& typed) {
    if (is_at(Page::log_in)) keep(pin_after(area().pin, typed, staff::pin_most));
    if (is_at(Page::enrolment)) keep(pin_after(area().pin, typed, staff::enrolment_digits));
}

void StaffReactor::operator()(screens::EditKey key) {
    if (is_at(Page::log_in) || is_at(Page::enrolment)) keep(pin_after(area().pin, key));
}

void StaffReactor::operator()(base::Language language) {
    if (!view_.is_choosing_language) return;
    view_.language = language;
    view_.is_choosing_language = false;
}

} // namespace

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
    case Page::clean: return clean_page(desk);
    }
    return log_in_page(desk);
}

StaffReaction react_staff(const staff::Area& area, StaffView view,
                          const screens::ScreenIntent& intent, const Facts& facts,
                          const Overview& overview) {
    StaffReactor reactor(area, std::move(view), facts, overview);
    std::visit(reactor, intent);
    return std::move(reactor).finish();
}

screens::DisplaySettings settings(const StaffView& view) {
    return settings(nobody(view));
}

} // namespace present
