// A technician's test of the face camera: what a face check needs here, and, while they ask for it,
// their own picture with what can be measured where a face belongs (DESIGN §4.1).
#include "kiosk/present/staff_page.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace present {
namespace {

using screens::NoteModel;
using staff::Fetch;
using Tile = screens::StaffTile;

std::string key_with(std::string_view stem, std::string_view end) {
    std::string key(stem);
    key += end;
    std::replace(key.begin(), key.end(), '_', '-');
    return key;
}

std::string_view icon_of(staff::FacePart part) {
    switch (part) {
    case staff::FacePart::camera: return "camera";
    case staff::FacePart::models: return "face";
    case staff::FacePart::calibration: return "settings";
    case staff::FacePart::decoder: return "card";
    }
    return "";
}

// What is there, what is missing, and then what to do about it.
Tile part_tile(const Desk& desk, const staff::FacePartRow& row) {
    const bool is_there = row.state == staff::PartState::there;
    const auto name = key_with("staff.face.part.", to_string(row.part));
    return {std::string(icon_of(row.part)), desk.say(name),
            desk.say(key_with("staff.face.state.", to_string(row.state))),
            is_there ? "" : desk.say(name + ".mend"),
            is_there ? Tile::State::fine : Tile::State::attention};
}

// ---- while the camera is open ----

// Reasons that stand on one tile: light is one number that may be too low or too high.
struct MeasureRow {
    std::string_view reason; // face::Guidance, as its words are
    std::string_view name;   // key
    int digits;              // behind the point
};
constexpr std::array measure_rows{
    MeasureRow{"too_dark", "staff.face.light", 0},
    MeasureRow{"too_bright", "staff.face.bright", 2},
    MeasureRow{"light_from_side", "staff.face.side", 2},
    MeasureRow{"blurred", "staff.face.sharpness", 3},
};

std::string number(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

// The number, and the limit that it must keep: the one there is, or the one it broke.
Tile measure_tile(const Desk& desk, const MeasureRow& row, const MirrorMeasure& measure) {
    const bool is_at_least = measure.lowest > 0;
    const auto limit = is_at_least ? measure.lowest : measure.highest;
    return {"face", desk.say(row.name),
            desk.say(measure.is_good ? "staff.state.fine"
                                     : key_with("staff.face.trouble.", measure.reason)),
            desk.say(is_at_least ? "staff.face.at-least" : "staff.face.at-most",
                     {{"value", number(measure.value, row.digits)},
                      {"limit", number(limit, row.digits)}}),
            measure.is_good ? Tile::State::fine : Tile::State::attention};
}

Tile speed_tile(const Desk& desk, const MirrorFacts& mirror) {
    return {"camera", desk.say("staff.face.picture"),
            desk.say("staff.face.size", {{"width", std::to_string(mirror.width)},
                                         {"height", std::to_string(mirror.height)}}),
            mirror.frames_per_second > 0
                ? desk.say("staff.face.rate", {{"rate", number(mirror.frames_per_second, 1)}})
                : "",
            Tile::State::plain};
}

// One reason at a time: the first that is not good makes the others meaningless.
NoteModel reason_note(const Desk& desk, const MirrorFacts& mirror) {
    const auto bad = std::find_if(mirror.measures.begin(), mirror.measures.end(),
                                  [](const auto& measure) { return !measure.is_good; });
    if (bad == mirror.measures.end())
        return {NoteModel::Kind::success, "", "", desk.say("staff.face.well")};
    return {NoteModel::Kind::warning, "", "",
            desk.say(key_with("staff.face.trouble.", bad->reason))};
}

void fill_open(const Desk& desk, screens::StaffOverviewModel& model) {
    const auto& mirror = desk.scene.facts.mirror;
    model.badge = "camera";
    model.title = desk.say("staff.face.open.title");
    model.sub = desk.say("staff.face.open");
    model.mirror = screens::StaffMirror{mirror.live, desk.say("face.waiting")};
    model.actions.go = desk.say("staff.face.stop");
    model.actions.go_icon = "cross";
    if (!mirror.live) return;
    model.note = reason_note(desk, mirror);
    for (const auto& row : measure_rows)
        for (const auto& measure : mirror.measures)
            if (measure.reason == row.reason)
                model.tiles.push_back(measure_tile(desk, row, measure));
    model.tiles.push_back(speed_tile(desk, mirror));
}

// ---- while it is closed ----

std::optional<NoteModel> closed_note(const Desk& desk) {
    const auto one = [&](NoteModel::Kind kind, std::string_view key) {
        return NoteModel{kind, "", "", desk.say(key)};
    };
    if (desk.area.problem) return staff_problem(desk.scene, *desk.area.problem);
    if (desk.area.face == Fetch::failed)
        return one(NoteModel::Kind::warning, "staff.face.no-picture");
    if (desk.area.face == Fetch::done) return one(NoteModel::Kind::info, "staff.face.over");
    if (desk.overview.face_parts.empty()) return one(NoteModel::Kind::info, "staff.face.looking");
    return std::nullopt;
}

void fill_closed(const Desk& desk, screens::StaffOverviewModel& model) {
    const auto& parts = desk.overview.face_parts;
    model.is_fine = std::all_of(parts.begin(), parts.end(), [](const auto& row) {
        return row.state == staff::PartState::there;
    });
    model.badge = model.is_fine ? "face" : "warning";
    model.title = desk.say("staff.face.title");
    model.sub = desk.say("staff.face");
    model.note = closed_note(desk);
    for (const auto& row : parts) model.tiles.push_back(part_tile(desk, row));
    model.tiles.push_back({"shield", desk.say("staff.face.attacks"),
                           desk.say("staff.face.attacks.untested"), "", Tile::State::plain});
    model.actions.go = desk.say("staff.face.go");
    model.actions.go_icon = "face";
}

} // namespace

screens::ScreenModel face_camera_page(const Desk& desk) {
    screens::StaffOverviewModel model;
    model.frame = staff_frame(desk);
    if (desk.area.face == Fetch::running)
        fill_open(desk, model);
    else
        fill_closed(desk, model);
    model.actions.back = desk.say("common.back");
    model.first = desk.view.first;
    return model;
}

} // namespace present
