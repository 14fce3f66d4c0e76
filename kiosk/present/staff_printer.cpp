// The receipt printer as staff see it: its tile, a new roll, what was printed last, and once more.
#include "kiosk/present/staff_page.hpp"
#include "printer/document.hpp"

#include <algorithm>

namespace present {
namespace {

using screens::NoteModel;
using staff::AreaSignal;
using Tile = screens::StaffTile;

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

} // namespace

screens::StaffTile printer_tile(const Desk& desk) {
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
    add_offered(desk, model);
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

} // namespace present
