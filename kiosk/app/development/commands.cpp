#include "kiosk/app/development/commands.hpp"

#include "kiosk/app/development/dock.hpp"
#include "kiosk/app/development/headless.hpp"
#include "kiosk/app/development/tour.hpp"
#include "kiosk/app/end_signals.hpp"
#include "kiosk/app/window.hpp"
#include "kiosk/base/seeded_random.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <unistd.h>

namespace app {
namespace {

namespace fs = std::filesystem;

// A folder of its own for a demonstration that was given none; gone with the program.
struct PassingFolder {
    fs::path path = fs::temp_directory_path() / ("kiosk-demo-" + std::to_string(::getpid()));
    ~PassingFolder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

struct Sight {
    screens::Panel panel;
    screens::DisplaySettings settings;
};

std::vector<screens::DisplaySettings> all_settings(bool with_themes) {
    std::vector<screens::DisplaySettings> all;
    for (const auto language : base::all_languages)
        for (int size = 0; size < 4; ++size)
            for (int theme = 0; theme < (with_themes ? 3 : 1); ++theme)
                all.push_back(
                    {language, screens::TextSize(size), screens::ThemeName(theme), false});
    return all;
}

std::vector<screens::DisplaySettings> usual_settings() {
    std::vector<screens::DisplaySettings> usual;
    for (const auto language : base::all_languages) usual.push_back({.language = language});
    return usual;
}

std::string file_name(const Stop& stop, std::size_t number, const screens::Panel& panel,
                      const screens::DisplaySettings& settings) {
    char text[256];
    std::snprintf(text, sizeof text, "%04zu-%s-%s-size%d-theme%d-%dx%d%s.png", number,
                  stop.name.c_str(), std::string(base::to_string(settings.language)).c_str(),
                  int(settings.text_size), int(settings.theme), panel.width_px, panel.height_px,
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

// "screen NAME", then "ID X Y WIDTH HEIGHT" for each item, in pixels of the window. Under another
// name first: who reads the file never sees half of it.
void write_items(const std::string& file, const Glass& glass, std::string& written) {
    std::string text = "screen " + std::string(glass.screen_name()) + "\n";
    if (const auto* items = glass.frame().items)
        for (const auto& item : *items) {
            char place[64];
            std::snprintf(place, sizeof place, " %.0f %.0f %.0f %.0f\n", item.rect.x, item.rect.y,
                          item.rect.w, item.rect.h);
            text += item.id + place;
        }
    if (text == written) return;
    const auto next = file + ".new";
    std::ofstream(next) << text;
    std::error_code failed;
    fs::rename(next, file, failed);
    if (!failed) written = std::move(text);
}

// One stop for each name: pictures of every screen, not of every state.
std::vector<Stop> one_of_each(Tour tour) {
    std::vector<Stop> stops;
    std::set<std::string> names;
    for (auto& stop : tour.stops)
        if (names.insert(stop.name).second) stops.push_back(std::move(stop));
    return stops;
}

} // namespace

int run_demo(const CommonOptions& common, const std::string& window_size,
             const std::string& items_file) {
    EndSignals signals;
    auto config = configuration(common);
    if (!config) return complain(config.error());
    const auto fits = fit_window(*config, window_size.empty() ? "1080x1920" : window_size);
    if (!fits) return complain(fits.error(), exit_usage);
    const PassingFolder passing;
    if (config->data_folder.empty()) config->data_folder = passing.path.string();
    base::SystemClock clock;
    base::SystemRandom random;
    auto world = DemoWorld::open(*config, clock, drivers::real_wait(), random);
    if (!world) return complain(world.error());
    (*world)->set_roster(DemoRoster::fresh);
    Chime chime;
    EngineSettings settings;
    settings.config = *config;
    settings.chime = [&chime] { chime.ring(); };
    SpeechSound speech;
    if (has_sound_output()) settings.sound = &speech;
    settings.wrap_transport = (*world)->cable();
    auto engine = Engine::open(std::move(settings), (*world)->devices(), clock, random);
    if (!engine) return complain(engine.error());
    auto dock = Dock::open(**engine, **world);
    if (!dock) return complain(dock.error());
    std::printf("the platform's page: %s\n", (*world)->server->page_url().c_str());
    WindowSettings window{
        .signals = signals, .windowed = true, .strip = dock->get(), .window_keys = true};
    std::string written;
    if (!items_file.empty())
        window.on_frame = [&] { write_items(items_file, (*engine)->glass(), written); };
    const auto ended = run_window(**engine, clock, window);
    return ended ? exit_ok : complain(ended.error());
}

int run_script(const CommonOptions& common, const HeadlessOptions& options) {
    if (options.script.empty() || options.out.empty())
        return complain({base::Errc::invalid_input, "--headless needs --script FILE and --out DIR"},
                        exit_usage);
    auto config = configuration(common);
    if (!config) return complain(config.error());
    const auto hand = hand_named(options.hand);
    if (!hand)
        return complain({base::Errc::invalid_input,
                         "--hand expects touch, keys or switches, not \"" + options.hand + "\""},
                        exit_usage);
    HeadlessSettings settings;
    settings.config = std::move(config).value();
    settings.script_file = options.script;
    settings.out_folder = options.out;
    settings.hand = *hand;
    settings.kill_at = options.kill_at;
    settings.kill_after = options.kill_after;
    settings.deliver = options.deliver;
    const auto played = run_headless(std::move(settings));
    return played ? exit_ok : complain(played.error());
}

int serve_platform(const CommonOptions& common, int port, const std::string& fault_seed,
                   int faults_per_mille) {
    const auto config = configuration(common);
    if (!config) return complain(config.error());
    if (config->data_folder.empty())
        return complain({base::Errc::invalid_input, "platform serve needs --data DIR"}, exit_usage);
    EndSignals signals;
    base::SystemClock clock;
    base::SystemRandom system;
    std::unique_ptr<base::RandomSource> seeded;
    if (!fault_seed.empty())
        seeded =
            std::make_unique<base::SeededRandom>(std::strtoull(fault_seed.c_str(), nullptr, 10));
    base::RandomSource& random = seeded ? *seeded : static_cast<base::RandomSource&>(system);
    const auto keys = platform::make_demo_keys(config->data_folder + "/demo-keys", clock);
    if (!keys) return complain(keys.error());
    auto platform = platform::ReferencePlatform::open(
        {config->data_folder + "/platform.db", *keys, {}}, clock, random);
    if (!platform) return complain(platform.error());
    if (faults_per_mille > 0) (*platform)->misbehave(faults_per_mille, false);
    auto server = platform::ReferenceServer::start(**platform, *keys, port);
    if (!server) return complain(server.error());
    std::printf("%s\npage: %s\nkeys: %s\n", (*server)->url().c_str(), (*server)->page_url().c_str(),
                (config->data_folder + "/demo-keys").c_str());
    std::fflush(stdout);
    signals.wait();
    return exit_ok;
}

int capture_screens(const CommonOptions& common, const std::string& out, Extent extent) {
    auto guide = open_guide(common, out);
    if (!guide) return complain(guide.error());
    const auto stops = one_of_each((*guide)->walk());
    std::size_t pictures = 0;
    auto panels = tour_panels();
    if (extent == Extent::quick) panels.resize(1);
    const auto looks = extent == Extent::quick ? usual_settings() : all_settings(true);
    for (std::size_t i = 0; i < stops.size(); ++i)
        for (const auto& panel : panels)
            for (const auto& settings : looks) {
                const auto look = (*guide)->look(stops[i], panel, settings, true);
                const auto saved =
                    save(fs::path(out) / file_name(stops[i], i, panel, settings), look.picture);
                if (!saved) return complain(saved.error());
                ++pictures;
            }
    std::printf("%zu screens, %zu pictures in %s\n", stops.size(), pictures, out.c_str());
    return exit_ok;
}

// Every state in every language at the standard and the largest text on both 21.5 inch panels; one
// state of each screen also in the other sizes, with low reach, and on the large panel.
static std::vector<Sight> sights_of(bool is_first_of_its_name) {
    std::vector<Sight> sights;
    const auto panels = tour_panels();
    for (const auto& settings : all_settings(false))
        for (const auto& panel : panels) {
            const bool is_large = &panel == &panels.back();
            const bool is_main_size = settings.text_size == screens::TextSize::standard ||
                                      settings.text_size == screens::TextSize::largest;
            if (is_first_of_its_name || (is_main_size && !is_large))
                sights.push_back({panel, settings});
            if (!is_first_of_its_name || panel.is_landscape()) continue;
            auto low = settings;
            low.low_reach = true;
            sights.push_back({panel, low});
        }
    return sights;
}

int crawl_screens(const CommonOptions& common, const std::string& out) {
    auto guide = open_guide(common, out);
    if (!guide) return complain(guide.error());
    const auto tour = (*guide)->walk();
    std::printf("%zu states found by %d presses\n", tour.stops.size(), tour.presses);
    std::size_t looks = 0;
    std::size_t faults = 0;
    std::set<std::string> names;
    for (std::size_t i = 0; i < tour.stops.size(); ++i) {
        const auto& stop = tour.stops[i];
        for (const auto& [panel, settings] : sights_of(names.insert(stop.name).second)) {
            ++looks;
            auto look = (*guide)->look(stop, panel, settings, false);
            if (look.faults.empty()) continue;
            ++faults;
            const auto file = file_name(stop, i, panel, settings);
            std::printf("%s: %s (route:%s)\n", file.c_str(), look.faults.text().c_str(),
                        stop.route.c_str());
            look = (*guide)->look(stop, panel, settings, true);
            if (const auto saved = save(fs::path(out) / file, look.picture); !saved)
                return complain(saved.error());
        }
        if (i % 100 == 99) std::fprintf(stderr, "%zu of %zu states\n", i + 1, tour.stops.size());
    }
    for (const auto& item : tour.dead_items) std::printf("dead item: %s\n", item.c_str());
    std::printf("%zu states, %d presses, %zu looks: %zu with faults, %zu dead items\n",
                tour.stops.size(), tour.presses, looks, faults, tour.dead_items.size());
    return faults == 0 && tour.dead_items.empty() ? exit_ok : exit_not_ok;
}

} // namespace app
