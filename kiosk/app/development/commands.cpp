#include "kiosk/app/development/commands.hpp"

#include "kiosk/app/development/dock.hpp"
#include "kiosk/app/development/headless.hpp"
#include "kiosk/app/end_signals.hpp"
#include "kiosk/app/window.hpp"
#include "kiosk/base/seeded_random.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
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

// Each lives as long as those after it.
struct Demonstration {
    std::unique_ptr<DemoWorld> world;
    std::unique_ptr<Engine> engine;
};

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
    Chime chime;
    SpeechSound speech;
    const auto panel = config->panel;
    // The parts wait for the disk, the window for the X server: side by side.
    auto opening =
        std::async(std::launch::async, [&]() -> base::Result<std::unique_ptr<Demonstration>> {
            auto world = TRY(DemoWorld::open(*config, clock, drivers::real_wait(), random));
            world->set_roster(DemoRoster::fresh);
            EngineSettings settings;
            settings.config = *config;
            settings.chime = [&chime] { chime.ring(); };
            if (has_sound_output()) settings.sound = &speech;
            settings.wrap_transport = world->cable();
            settings.face = &world->face;
            settings.face_mirror = &world->face.mirror();
            settings.face_parts = [face = &world->face] { return face->parts(); };
            auto engine = TRY(Engine::open(std::move(settings), world->devices(), clock, random));
            return std::make_unique<Demonstration>(
                Demonstration{std::move(world), std::move(engine)});
        });
    const auto window = Window::open(panel.width_px + Dock::width_px(panel), panel.height_px, true);
    const auto demonstration = opening.get();
    if (!demonstration) return complain(demonstration.error());
    if (!window) return complain(window.error());
    const auto& [world, engine] = **demonstration;
    const auto dock = std::make_unique<Dock>(*engine, *world);
    std::printf("the platform's page: %s\n", world->server->page_url().c_str());
    std::string written;
    std::function<void()> on_frame;
    if (!items_file.empty())
        on_frame = [&, &glass = engine->glass()] { write_items(items_file, glass, written); };
    // The demonstration has its content from the start to the end.
    (void)(*window)->run(*engine, clock,
                         {.signals = signals,
                          .strip = dock.get(),
                          .window_keys = true,
                          .on_frame = std::move(on_frame)});
    return exit_ok;
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

int serve_platform(const CommonOptions& common, const ServeOptions& options) {
    const auto config = configuration(common);
    if (!config) return complain(config.error());
    if (config->data_folder.empty())
        return complain({base::Errc::invalid_input, "platform serve needs --data DIR"}, exit_usage);
    EndSignals signals;
    base::SystemClock clock;
    base::SystemRandom system;
    std::unique_ptr<base::RandomSource> seeded;
    if (!options.fault_seed.empty())
        seeded = std::make_unique<base::SeededRandom>(
            std::strtoull(options.fault_seed.c_str(), nullptr, 10));
    base::RandomSource& random = seeded ? *seeded : static_cast<base::RandomSource&>(system);
    const auto keys = platform::make_demo_keys(config->data_folder + "/demo-keys", clock);
    if (!keys) return complain(keys.error());
    auto platform = platform::ReferencePlatform::open(
        {config->data_folder + "/platform.db", *keys, {}}, clock, random);
    if (!platform) return complain(platform.error());
    if (options.faults_per_mille > 0) (*platform)->misbehave(options.faults_per_mille, false);
    if (!options.content.empty())
        if (const auto offered = (*platform)->offer_content(options.content); !offered)
            return complain(offered.error());
    auto server = platform::ReferenceServer::start(**platform, *keys, options.port);
    if (!server) return complain(server.error());
    std::printf("%s\npage: %s\nkeys: %s\n", (*server)->url().c_str(), (*server)->page_url().c_str(),
                (config->data_folder + "/demo-keys").c_str());
    std::fflush(stdout);
    signals.wait();
    return exit_ok;
}

} // namespace app
