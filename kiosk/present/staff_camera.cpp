// Is the document camera set up well? What was measured, and what to mend.
#include "kiosk/present/staff_page.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace present {
namespace {

using screens::NoteModel;
using Tile = screens::StaffTile;

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

} // namespace

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
    add_offered(desk, model);
    model.actions.back = desk.say("common.back");
    model.first = desk.view.first;
    return model;
}

} // namespace present
