// What staff may do on each page of their area.
#include "kiosk/present/staff_page.hpp"

#include <array>

namespace present {
namespace {

using staff::AreaSignal;
using staff::Overview;
using staff::Page;

bool always(const Overview&) {
    return true;
}

// The overview.
constexpr std::array overview_tasks{
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

// The printer's page.
constexpr std::array printer_tasks{
    TaskRow{"print-test", "printer", "staff.task.print-test", AreaSignal::print_test, always},
    TaskRow{"reprint", "receipt", "staff.task.reprint", Page::reprint,
            [](const Overview& o) { return !o.prints.empty(); }},
};

// The camera's page, in the order in which they are done.
constexpr std::array camera_tasks{
    TaskRow{"print-marks", "printer", "staff.task.print-marks", AreaSignal::print_marks, always},
    TaskRow{"look-marks", "camera", "staff.task.look-marks", AreaSignal::look_at_marks, always},
    TaskRow{"look-sheet", "page", "staff.task.look-sheet", AreaSignal::look_at_sheet, always},
    TaskRow{"look-card", "card", "staff.task.look-card", AreaSignal::look_at_card, always},
    TaskRow{"face-camera", "face", "staff.task.face-camera", Page::face_camera, always},
};

} // namespace

std::span<const TaskRow> tasks_of(Page page) {
    switch (page) {
    case Page::overview: return overview_tasks;
    case Page::printer: return printer_tasks;
    case Page::camera: return camera_tasks;
    case Page::closed:
    case Page::log_in:
    case Page::enrolment:
    case Page::paper:
    case Page::notice:
    case Page::reprint:
    case Page::face_camera:
    case Page::clean: return {};
    }
    return {};
}

bool is_offered(const Desk& desk, const TaskRow& task) {
    return task.applies(desk.overview) &&
           std::visit([&](auto means) { return desk.offers(means); }, task.means);
}

const TaskRow* offered_task(const Desk& desk, std::string_view id) {
    for (const auto& task : tasks_of(desk.area.page))
        if (task.id == id && is_offered(desk, task)) return &task;
    return nullptr;
}

void add_offered(const Desk& desk, screens::StaffOverviewModel& model) {
    for (const auto& task : tasks_of(desk.area.page))
        if (is_offered(desk, task))
            model.tasks.push_back(
                {std::string(task.id), std::string(task.icon), desk.say(task.words), ""});
}

} // namespace present
