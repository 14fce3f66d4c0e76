// `kiosk screens crawl` and `kiosk screens capture`: the tour of all screens, seen with every
// setting, by as many threads as there are processors.
#include "kiosk/app/development/commands.hpp"
#include "kiosk/app/development/tour.hpp"
#include "kiosk/app/text_room.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/digest.hpp"

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace app {
namespace {

namespace fs = std::filesystem;

struct Sight {
    screens::Panel panel;
    screens::DisplaySettings settings;
};

// Pictures of faults: enough to see what is wrong, not so many that the disk fills.
constexpr std::size_t most_fault_pictures = 200;

std::string file_name(const Stop& stop, std::size_t number, const Tongue& tongue,
                      const Sight& sight) {
    const auto& settings = sight.settings;
    char text[256];
    std::snprintf(text, sizeof text, "%04zu-%s-%s-size%d-theme%d-%dx%d%s.png", number,
                  stop.name.c_str(), std::string(tongue.name).c_str(), int(settings.text_size),
                  int(settings.theme), sight.panel.width_px, sight.panel.height_px,
                  settings.low_reach ? "-low" : "");
    return text;
}

base::Result<void> save(const fs::path& file, const base::Picture& picture) {
    const auto png = TRY(base::encode_png(picture));
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(png.data()), std::streamsize(png.size()));
    out.flush();
    if (!out) return base::Error{base::Errc::io, "cannot write " + file.string()};
    return {};
}

base::Result<std::unique_ptr<Guide>> open_guide(const CommonOptions& common,
                                                const std::string& out) {
    const auto config = TRY(configuration(common));
    std::error_code failed;
    fs::create_directories(out, failed);
    if (failed) return base::Error{base::Errc::io, "cannot make " + out + ": " + failed.message()};
    return Guide::open(config);
}

// Does jobs on every processor. A job may add jobs; each thread has a viewer of its own.
class Crew {
public:
    using Job = std::function<void(Viewer&)>;
    explicit Crew(const Guide& guide) : guide_(guide) {}

    void add(Job job) {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
        changed_.notify_one();
    }
    // Returns when nothing is left to do.
    void work() {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
            threads.emplace_back([this] { work_on(); });
    }

private:
    void work_on() {
        Viewer viewer(guide_, screens::Drawing::layout);
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return !jobs_.empty() || busy_ == 0; });
            if (jobs_.empty()) break;
            auto job = std::move(jobs_.front());
            jobs_.pop_front();
            ++busy_;
            lock.unlock();
            job(viewer);
            lock.lock();
            --busy_;
            changed_.notify_all();
        }
    }

    const Guide& guide_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    int busy_ = 0;
};

struct Fault {
    std::size_t stop;
    Sight sight;
    std::string what;
};

// What one tongue brought.
struct Harvest {
    Tour tour;
    std::vector<Complaint> lost;
    std::mutex mutex; // of what follows
    std::vector<Fault> faults;
    std::size_t looks = 0;
    std::size_t set_smaller = 0; // of them, see Canvas::set_smaller()
};

// Low reach moves nothing on a landscape panel, and what it moves no theme moves elsewhere.
bool differs(const screens::Panel& panel, const screens::DisplaySettings& settings) {
    return !settings.low_reach ||
           (!panel.is_landscape() && settings.theme == screens::ThemeName::light);
}

// Every theme at this size, and low reach.
std::vector<screens::DisplaySettings> settings_of(screens::TextSize size, base::Language language) {
    std::vector<screens::DisplaySettings> all;
    for (const auto theme : screens::all_themes)
        for (const bool low_reach : {false, true})
            all.push_back({language, size, theme, low_reach});
    return all;
}

void look_at_all(Viewer& viewer, const Tongue& tongue, screens::TextSize size, Harvest& harvest) {
    std::vector<Fault> faults;
    std::size_t looks = 0;
    viewer.rest(); // what it kept belongs to other words or another size
    for (const auto& settings : settings_of(size, tongue.language)) {
        auto panels = product_panels();
        std::erase_if(panels, [&](const auto& panel) { return !differs(panel, settings); });
        if (panels.empty()) continue;
        for (std::size_t i = 0; i < harvest.tour.stops.size(); ++i) {
            auto complaints = viewer.look(harvest.tour.stops[i], tongue, panels, settings);
            looks += panels.size();
            for (std::size_t k = 0; k < panels.size(); ++k)
                if (!complaints[k].empty())
                    faults.push_back({i, {panels[k], settings}, std::move(complaints[k])});
        }
    }
    const std::lock_guard lock(harvest.mutex);
    harvest.looks += looks;
    harvest.set_smaller += viewer.set_smaller();
    harvest.faults.insert(harvest.faults.end(), std::make_move_iterator(faults.begin()),
                          std::make_move_iterator(faults.end()));
}

// The walk in one tongue, then a look at every state at each size.
void explore(Crew& crew, Viewer& viewer, const Tongue& tongue, Harvest& harvest) {
    viewer.rest();
    harvest.tour = viewer.walk(tongue);
    for (const auto size : screens::all_text_sizes)
        crew.add([&tongue, &harvest, size](Viewer& other) {
            look_at_all(other, tongue, size, harvest);
        });
    // The way out is the same in every tongue; the graph is checked in each.
    if (tongue.language != base::Language::zh) return;
    crew.add([&tongue, &harvest](Viewer& other) {
        other.rest();
        harvest.lost = other.go_home_from_everywhere(harvest.tour, tongue);
    });
}

// The same complaint about many looks at a screen is one line: how often, and where first.
struct Line {
    std::size_t times = 0;
    std::string first;
};
using Lines = std::map<std::string, Line>;

void note(Lines& lines, const std::string& what, const std::string& where) {
    auto& line = lines[what];
    if (line.times++ == 0) line.first = where;
}

// Everything about the states themselves, and about presses.
std::size_t add_complaints(const Harvest& harvest, Lines& lines) {
    const auto& tour = harvest.tour;
    const auto trapped = traps(tour);
    for (const auto* list : {&tour.complaints, &trapped, &harvest.lost})
        for (const auto& complaint : *list) {
            const auto& stop = tour.stops[complaint.stop];
            note(lines, stop.name + ": " + complaint.what, "route:" + stop.route);
        }
    for (const auto& item : tour.dead_items) note(lines, "dead item: " + item, "");
    return tour.complaints.size() + trapped.size() + harvest.lost.size() + tour.dead_items.size();
}

// Prints what was wrong and keeps pictures of it. Returns how much it was.
base::Result<std::size_t> report(const Tongue& tongue, const Harvest& harvest, Viewer& painter,
                                 const fs::path& out, std::size_t& pictures) {
    const auto& tour = harvest.tour;
    Lines lines;
    const auto others = add_complaints(harvest, lines);
    for (const auto& fault : harvest.faults) {
        const auto& stop = tour.stops[fault.stop];
        const auto what = stop.name + ": " + fault.what;
        const bool is_new = !lines.contains(what);
        const auto file = file_name(stop, fault.stop, tongue, fault.sight);
        note(lines, what, file + " route:" + stop.route);
        if (!is_new || ++pictures > most_fault_pictures) continue;
        TRY(save(out / file,
                 painter.picture(stop, tongue, fault.sight.panel, fault.sight.settings)));
    }
    for (const auto& [what, line] : lines)
        std::printf("%s %s (%zu times; %s)\n", std::string(tongue.name).c_str(), what.c_str(),
                    line.times, line.first.c_str());
    if (!tour.complete) std::printf("more than %zu states: not all were seen\n", stop_limit);
    return others + harvest.faults.size() + (tour.complete ? 0 : 1);
}

// One stop for each name: pictures of every screen, not of every state.
std::vector<const Stop*> one_of_each(const Tour& tour) {
    std::vector<const Stop*> stops;
    std::set<std::string> names;
    for (const auto& stop : tour.stops)
        if (names.insert(stop.name).second) stops.push_back(&stop);
    return stops;
}

// Every picture that a person could get to see.
std::vector<std::pair<Tongue, Sight>> all_sights() {
    std::vector<std::pair<Tongue, Sight>> all;
    for (const auto& tongue : tongues)
        for (const auto& panel : product_panels())
            for (const auto size : screens::all_text_sizes)
                for (const auto& settings : settings_of(size, tongue.language))
                    if (differs(panel, settings)) all.emplace_back(tongue, Sight{panel, settings});
    return all;
}

// Which of two choices each sight makes of each pair of: tongue, size, theme, panel, low reach.
std::set<std::string> pairs_of(const Tongue& tongue, const Sight& sight) {
    const auto& settings = sight.settings;
    const std::string choices[] = {
        "t" + std::string(tongue.name), "s" + std::to_string(int(settings.text_size)),
        "c" + std::to_string(int(settings.theme)), "p" + std::to_string(sight.panel.width_px),
        "l" + std::to_string(settings.low_reach)};
    std::set<std::string> pairs;
    for (const auto& a : choices)
        for (const auto& b : choices)
            if (a < b) pairs.insert(a + " " + b);
    return pairs;
}

// Few sights in which every two choices that can stand together do so once: greedily, the one that
// brings most new pairs first.
std::vector<std::pair<Tongue, Sight>> pairwise_sights() {
    const auto all = all_sights();
    std::set<std::string> missing;
    for (const auto& [tongue, sight] : all) missing.merge(pairs_of(tongue, sight));
    std::vector<std::pair<Tongue, Sight>> chosen;
    while (!missing.empty()) {
        const auto brings = [&](const auto& one) {
            const auto pairs = pairs_of(one.first, one.second);
            return std::count_if(pairs.begin(), pairs.end(),
                                 [&](const auto& pair) { return missing.contains(pair); });
        };
        const auto best =
            std::max_element(all.begin(), all.end(),
                             [&](const auto& a, const auto& b) { return brings(a) < brings(b); });
        for (const auto& pair : pairs_of(best->first, best->second)) missing.erase(pair);
        chosen.push_back(*best);
    }
    return chosen;
}

std::vector<std::pair<Tongue, Sight>> sights_of(Extent extent) {
    switch (extent) {
    case Extent::quick: {
        std::vector<std::pair<Tongue, Sight>> usual;
        for (const auto& tongue : tongues)
            if (!tongue.pseudo)
                usual.push_back(
                    {tongue, {product_panels().front(), {.language = tongue.language}}});
        return usual;
    }
    case Extent::pairwise: return pairwise_sights();
    case Extent::full: return all_sights();
    }
    CHECK(false);
}

} // namespace

int capture_screens(const CommonOptions& common, const std::string& out, Extent extent) {
    auto guide = open_guide(common, out);
    if (!guide) return complain(guide.error());
    Viewer painter(**guide, screens::Drawing::pixels);
    std::size_t pictures = 0, screens = 0;
    for (const auto& tongue : tongues) {
        auto sights = sights_of(extent);
        std::erase_if(sights, [&](const auto& one) { return one.first.name != tongue.name; });
        if (sights.empty()) continue;
        const auto tour = Viewer(**guide, screens::Drawing::layout).walk(tongue);
        const auto stops = one_of_each(tour);
        screens = std::max(screens, stops.size());
        for (std::size_t i = 0; i < stops.size(); ++i)
            for (const auto& [same, sight] : sights) {
                const auto picture =
                    painter.picture(*stops[i], tongue, sight.panel, sight.settings);
                const auto saved =
                    save(fs::path(out) / file_name(*stops[i], i, tongue, sight), picture);
                if (!saved) return complain(saved.error());
                ++pictures;
            }
    }
    std::printf("%zu screens, %zu pictures in %s\n", screens, pictures, out.c_str());
    return exit_ok;
}

int crawl_screens(const CommonOptions& common, const std::string& out) {
    const base::Stopwatch watch;
    auto guide = open_guide(common, out);
    if (!guide) return complain(guide.error());
    std::vector<Harvest> harvests(tongues.size());
    Crew crew(**guide);
    for (std::size_t i = 0; i < tongues.size(); ++i)
        crew.add([&, i](Viewer& viewer) { explore(crew, viewer, tongues[i], harvests[i]); });
    crew.work();
    const double seconds = watch.millis() / 1000;
    Viewer painter(**guide, screens::Drawing::pixels);
    std::size_t states = 0, presses = 0, looks = 0, faults = 0, pictures = 0;
    for (std::size_t i = 0; i < tongues.size(); ++i) {
        const auto found = report(tongues[i], harvests[i], painter, out, pictures);
        if (!found) return complain(found.error());
        std::printf("%s: %zu states, %zu presses, %zu looks (%zu set smaller for lack of room), "
                    "%zu faults\n",
                    std::string(tongues[i].name).c_str(), harvests[i].tour.stops.size(),
                    harvests[i].tour.presses, harvests[i].looks, harvests[i].set_smaller, *found);
        states = std::max(states, harvests[i].tour.stops.size());
        presses += harvests[i].tour.presses;
        looks += harvests[i].looks;
        faults += *found;
    }
    std::printf(
        "%zu states x %zu languages, two of them made up: %zu presses, %zu looks in %.1f s, "
        "%zu faults\n",
        states, tongues.size(), presses, looks, seconds, faults);
    return faults == 0 ? exit_ok : exit_not_ok;
}

} // namespace app
