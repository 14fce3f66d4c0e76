// Walks through every state a session can be in: presses every item, lets every device answer, and
// notes what each screen looks like on the way. Works on copies of a session and its pure function;
// needs no device, no clock, no network. Development builds only.
#pragma once

#include "kiosk/app/development/shared_methods.hpp"
#include "kiosk/config/config.hpp"
#include "kiosk/present/present.hpp"
#include "kiosk/present/staff.hpp"
#include "screens/survey.hpp"

#include <map>
#include <string>
#include <vector>

namespace app {

// In which words the tour sees the screens: the three languages, and two that nobody speaks
// (kiosk/content/development/pseudo_languages.hpp).
struct Tongue {
    std::string_view name;
    base::Language language = base::Language::zh;
    bool pseudo = false;
};
inline constexpr std::array tongues{
    Tongue{"zh", base::Language::zh}, Tongue{"ug", base::Language::ug},
    Tongue{"en", base::Language::en}, Tongue{"long", base::Language::en, true},
    Tongue{"turned", base::Language::ug, true}};

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

// What was pressed, or "<what happened>", and where that leads.
struct Way {
    std::size_t from = 0; // numbers of stops
    std::size_t to = 0;   // also `welcome`
    std::string id;
};
// Where nobody is at the kiosk: the first stop, and where the staff area is closed.
inline constexpr std::size_t welcome = 0;

// What was wrong with a look.
struct Complaint {
    std::size_t stop = 0;
    std::string what;
};

// Every state the tour finds, breadth first, and what came of every press.
struct Tour {
    std::vector<Stop> stops; // the first one is the welcome screen
    std::vector<Way> ways;
    std::size_t presses = 0;
    std::vector<std::string> dead_items; // items that never did anything
    std::vector<Complaint> complaints;   // about items while they were focused and held down
    bool complete = true;                // false: there were more states than `stop_limit`
};
inline constexpr std::size_t stop_limit = 20'000; // chosen: several times what there is

// From which stops no press leads back to the welcome screen, and from which none leads to
// somebody who helps. Where nothing can be pressed because the kiosk is at work, what it waits for
// counts as a press; staff at the staff's screens are somebody who helps.
std::vector<Complaint> traps(const Tour& tour);

// What all viewers share: contents and settings. Constant, for any number of threads.
class Guide {
public:
    // Errors: those of content, fonts, theme, icons and the input methods.
    static base::Result<std::unique_ptr<Guide>> open(const config::Config& config);

    const config::Config& config() const { return config_; }
    const content::ContentSet& content(const Tongue& tongue) const {
        return tongue.pseudo ? *pseudo_ : *content_;
    }
    present::Facts facts(const Tongue& tongue) const;
    // As a person would see it who has chosen these settings.
    screens::ScreenModel model(const Stop& stop, const present::Facts& facts,
                               const screens::DisplaySettings& settings) const;

private:
    Guide() = default;
    config::Config config_;
    std::shared_ptr<const content::ContentSet> content_, pseudo_;
    std::unique_ptr<SharedMethods> methods_;
};

// One thread's pair of eyes: fonts, and a stage for each panel.
class Viewer {
public:
    Viewer(const Guide& guide, screens::Drawing drawing);
    ~Viewer();

    Tour walk(const Tongue& tongue); // Drawing::layout
    // Presses on from every stop towards the welcome screen, as `tour` says, and tells where the
    // session itself does not arrive: the tour takes states that look alike for one.
    std::vector<Complaint> go_home_from_everywhere(const Tour& tour, const Tongue& tongue);
    // What is wrong with a stop with these settings on each of the panels; empty where nothing is.
    // Drawing::layout.
    std::vector<std::string> look(const Stop& stop, const Tongue& tongue,
                                  const std::vector<screens::Panel>& panels,
                                  const screens::DisplaySettings& settings);
    // Drawing::pixels.
    base::Picture picture(const Stop& stop, const Tongue& tongue, const screens::Panel& panel,
                          const screens::DisplaySettings& settings);
    // How many looks since the last rest() had no room for words of the size that was chosen.
    std::size_t set_smaller() const;
    // Forgets the words it has set so far.
    void rest();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace app
