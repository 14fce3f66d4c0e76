// Walks through every state a session can be in: presses every item, lets every device answer, and
// looks at each screen in every language, text size, theme and panel. Works on copies of a session
// and its pure function; needs no device, no clock, no network. Development builds only.
#pragma once

#include "kiosk/config/config.hpp"
#include "kiosk/present/present.hpp"
#include "kiosk/present/staff.hpp"

#include <functional>
#include <string>
#include <vector>

namespace app {

// The staff area, where it is open.
struct StaffStop {
    staff::Area area;
    present::StaffView view;
    staff::Overview overview;
};

// One state worth looking at.
struct Stop {
    session::Session session;
    present::View view;
    std::optional<StaffStop> staff; // instead of the session's screen
    std::string name;               // "question-problem-report-reportKind"
    std::string route;              // how the tour came here, for a report
};

// Every state the tour finds, breadth first, and how many presses it took.
struct Tour {
    std::vector<Stop> stops;
    int presses = 0;
    std::vector<std::string> dead_items; // items that never did anything
};

class Guide {
public:
    // Errors: those of content, fonts, theme and icons.
    static base::Result<std::unique_ptr<Guide>> open(const config::Config& config);
    ~Guide();

    Tour walk();
    // Draws a stop with other settings; the picture is empty unless `with_picture`.
    struct Look {
        base::Picture picture;
        screens::Faults faults;
    };
    Look look(const Stop& stop, const screens::Panel& panel,
              const screens::DisplaySettings& settings, bool with_picture);

private:
    struct State;
    explicit Guide(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// What `screens capture` and `screens crawl` look at.
std::vector<screens::Panel> tour_panels(); // 1080x1920, 1920x1080, 2160x3840

} // namespace app
