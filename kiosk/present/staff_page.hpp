// What the files of the staff area share: one of its pages with everything needed to speak about
// it, what may be done there, and the pages by file. Not for other rooms, nor for a visit's files.
#pragma once

#include "kiosk/present/scene.hpp"
#include "kiosk/present/staff.hpp"

#include <span>

namespace present {

// One page with everything needed to speak about it. Keeps references to what it is given.
struct Desk {
    Desk(const staff::Area& area, const StaffView& view, const Facts& facts,
         const staff::Overview& overview);
    Desk(const Desk&) = delete;

    std::string say(std::string_view key) const { return scene.say(key); }
    std::string say(std::string_view key, const Words::Values& values) const {
        return scene.say(key, values);
    }
    bool offers(staff::AreaSignal signal) const { return staff::offers(area, signal); }
    bool offers(staff::Page page) const { return staff::offers(area, page); }

    const staff::Area& area;
    const StaffView& view;
    const staff::Overview& overview;
    const session::Session session; // nobody's
    const View list;
    const Scene scene;
};

// Nobody's session, as the glass of the staff area looks: there is nothing of a person in it.
session::Session nobody(const StaffView& view);

screens::FrameModel staff_frame(const Desk& desk);
// "4 minutes", "3 days": how long something is ago.
std::string age(const Desk& desk, std::chrono::seconds since);

// ---- staff_tasks.cpp: what may be done ----

// A page behind it, or something done at once.
struct TaskRow {
    std::string_view id, icon, words;
    std::variant<staff::Page, staff::AreaSignal> means;
    bool (*applies)(const staff::Overview&);
};

// Those of a page that has any, in the order in which they are shown.
std::span<const TaskRow> tasks_of(staff::Page page);
bool is_offered(const Desk& desk, const TaskRow& task);
// Of the page that is shown. Null: there is no such task, or not for whoever is logged in.
const TaskRow* offered_task(const Desk& desk, std::string_view id);
void add_offered(const Desk& desk, screens::StaffOverviewModel& model);

// ---- the pages ----

// staff_overview.cpp. The task of what must be done first; empty: nothing here helps.
std::string_view first_task(const Desk& desk);
screens::ScreenModel overview_page(const Desk& desk);

// The tile of a device that is well or has one known problem; `name`, `problem`: keys.
screens::StaffTile device_tile(const Desk& desk, std::string_view icon, std::string_view name,
                               bool is_ok, std::string_view problem);

// staff_printer.cpp
screens::StaffTile printer_tile(const Desk& desk);
screens::ScreenModel paper_page(const Desk& desk);
screens::ScreenModel printer_page(const Desk& desk);
screens::ScreenModel reprint_page(const Desk& desk);

// staff_camera.cpp
screens::ScreenModel camera_page(const Desk& desk);

// staff_face.cpp
screens::ScreenModel face_camera_page(const Desk& desk);

// staff.cpp
Check log_in_check(const staff::Area& area);
// What stands for "no notice" among the choices, and what is chosen now (empty: none).
inline constexpr std::string_view no_notice = "none";
std::string chosen_notice(const Desk& desk);

} // namespace present
