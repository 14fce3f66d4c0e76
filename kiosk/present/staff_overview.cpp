// The overview: what must be done first, how the kiosk is, and what staff may do.
#include "kiosk/present/staff_page.hpp"

#include <algorithm>
#include <array>

namespace present {
namespace {

using screens::NoteModel;
using staff::AreaSignal;
using staff::Overview;

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

// Set aside for another reason than the platform's word: an administrator's matter.
std::int64_t defects(const Overview& o) {
    return o.quarantined - o.refused - o.refused_papers;
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
    FirstThing{"staff.first.refused", "staff.first.refused", "folder", "",
               [](const Overview& o) { return o.refused > 0; }},
    FirstThing{"staff.first.refused-papers", "staff.first.refused-papers", "folder", "",
               [](const Overview& o) { return o.refused_papers > 0; }},
    FirstThing{"staff.first.quarantined", "staff.first.quarantined", "folder", "",
               [](const Overview& o) { return defects(o) > 0; }},
    FirstThing{"staff.first.unsent", "staff.first.unsent", "folder", "", waits_long},
    FirstThing{"staff.first.outdated", "staff.first.outdated", "settings", "",
               [](const Overview& o) { return o.program_outdated; }},
    FirstThing{"staff.first.network", "staff.first.network", "network-off", "", is_offline},
    FirstThing{"staff.first.duty", "staff.first.duty", "person", "duty-on",
               [](const Overview& o) { return !o.is_on_duty; }, true},
    FirstThing{"staff.first.none", "staff.first.none", "ok", "",
               [](const Overview&) { return true; }},
};

const FirstThing& first_thing(const Desk& desk) {
    return *std::find_if(first_things.begin(), first_things.end(), [&](const FirstThing& thing) {
        return thing.applies(desk.overview) && (!thing.is_asked || offered_task(desk, thing.task));
    });
}

// ---- tiles: states, counts and ages ----

using Tile = screens::StaffTile;

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
    return tile;
}

// What waits for people, kind by kind: the title names the first alone.
struct SetAside {
    std::string_view name, advice; // keys
    std::int64_t (*count)(const Overview&);
};

constexpr std::array set_aside{
    SetAside{"staff.tile.refused", "staff.state.refused",
             [](const Overview& o) { return o.refused; }},
    SetAside{"staff.tile.refused-papers", "staff.state.refused-papers",
             [](const Overview& o) { return o.refused_papers; }},
    SetAside{"staff.tile.quarantined", "staff.state.quarantined", defects},
};

void add_set_aside(const Desk& desk, std::vector<Tile>& tiles) {
    for (const auto& kind : set_aside) {
        const auto count = kind.count(desk.overview);
        if (count == 0) continue;
        tiles.push_back({"folder", desk.say(kind.name),
                         desk.scene.say.counted("staff.state.requests", "count", count),
                         desk.say(kind.advice), Tile::State::attention});
    }
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
        card_reader_tile(desk), printer_tile(desk),
        device_tile(desk, "camera", "staff.tile.camera", o.camera_ok, "staff.state.not-working"),
        network_tile(desk), queue_tile(desk)};
    add_set_aside(desk, tiles);
    tiles.insert(
        tiles.end(),
        {roster_tile(desk),
         {"shield", desk.say("staff.tile.record"),
          desk.say(o.audit_damaged ? "staff.state.damaged" : "staff.state.fine"),
          desk.say("staff.state.rows", {{"count", rows}}),
          o.audit_damaged ? Tile::State::attention : Tile::State::fine},
         {"page", desk.say("staff.tile.content"),
          desk.say("staff.state.version", {{"version", std::to_string(o.content_version)}}),
          desk.say(o.clock_is_sure ? "staff.state.clock" : "staff.state.clock.unsure"),
          o.clock_is_sure ? Tile::State::fine : Tile::State::attention}});
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

} // namespace

std::string_view first_task(const Desk& desk) {
    return first_thing(desk).task;
}

screens::StaffTile device_tile(const Desk& desk, std::string_view icon, std::string_view name,
                               bool is_ok, std::string_view problem) {
    return {std::string(icon), desk.say(name), desk.say(is_ok ? "staff.state.fine" : problem), "",
            is_ok ? Tile::State::fine : Tile::State::attention};
}

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
    for (const auto& task : tasks_of(staff::Page::overview)) {
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

} // namespace present
