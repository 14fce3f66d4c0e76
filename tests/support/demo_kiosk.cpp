#include "tests/support/demo_kiosk.hpp"

#include "kiosk/base/bytes.hpp"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace support {

using namespace std::chrono_literals;

DemoKiosk::DemoKiosk(const std::string& name, const std::function<void(config::Config&)>& change,
                     std::uint64_t seed, Voice voice,
                     std::optional<base::Milliseconds> card_patience, app::FaceChecks* face)
    : folder(std::filesystem::temp_directory_path() /
             ("kiosk-" + name + "-" + std::to_string(::getpid()))),
      clock(base::WallTime(std::chrono::sys_days{2026y / 11 / 22} + 3h)), random(seed) {
    std::filesystem::create_directories(folder);
    config::Config config;
    config.assets_folder = "assets";
    config.content_folder = "assets/content";
    config.data_folder = folder.string();
    if (change) change(config);
    auto made = app::DemoWorld::open(
        config, clock, [this](base::Milliseconds time, std::stop_token) { pass(time); }, random);
    if (!made) std::fprintf(stderr, "%s\n", made.error().text().c_str());
    CHECK(made.has_value());
    world = std::move(made).value();
    app::EngineSettings settings;
    settings.config = std::move(config);
    settings.threads = app::EngineSettings::Threads::caller;
    settings.card_patience = card_patience;
    settings.face = face;
    settings.chime = [this] { ++world->chimes; };
    settings.wrap_transport = world->cable();
    auto devices = world->devices();
    if (voice == Voice::recorder) devices.voice = &world->voice;
    auto opened = app::Engine::open(std::move(settings), devices, clock, random);
    if (!opened) std::fprintf(stderr, "%s\n", opened.error().text().c_str());
    CHECK(opened.has_value());
    engine = std::move(opened).value();
    engine->start();
    settle();
}

DemoKiosk::~DemoKiosk() {
    engine.reset();
    world.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

const std::vector<screens::Item>& DemoKiosk::items() {
    static const std::vector<screens::Item> none;
    const auto* items = glass().frame().items;
    return items == nullptr ? none : *items;
}

const screens::Item* DemoKiosk::find(std::string_view id) {
    const auto found = std::find_if(items().begin(), items().end(),
                                    [&](const screens::Item& item) { return item.id == id; });
    return found == items().end() ? nullptr : &*found;
}

std::string DemoKiosk::ids() {
    std::string ids = screen() + ":";
    for (const auto& item : items()) ids += ' ' + item.id;
    return ids;
}

void DemoKiosk::draw(const screens::Input& input) {
    kiosk().turn();
    glass().draw(input);
    kiosk().turn();
}

void DemoKiosk::settle_with(const screens::Input& input) {
    for (int i = 0; i < 3; ++i) draw(input);
}

void DemoKiosk::tap(screens::Point at) {
    draw({at, false, {}, {}});
    draw({at, true, {}, {}});
    draw({at, false, {}, {}});
    settle();
}

void DemoKiosk::tap(std::string_view id) {
    const auto* item = find(id);
    if (item == nullptr)
        std::fprintf(stderr, "no %s on %s\n", std::string(id).c_str(), ids().c_str());
    CHECK(item != nullptr);
    tap(item->rect.center());
}

void DemoKiosk::key(drivers::Key key) {
    world->keypad.press(key);
    engine->keys().look();
    while (const auto pressed = engine->keys().take()) {
        glass().key(*pressed);
        draw({});
    }
    settle();
}

void DemoKiosk::wait(base::Milliseconds time) {
    const auto until = clock.now() + time;
    while (clock.now() < until) {
        auto wake = std::min(kiosk().next_wake(), until);
        if (const auto due = glass().next_wake()) wake = std::min(wake, *due);
        // As the script's: a device that wants to be asked all the time is asked every 20 ms.
        pass(std::clamp<base::Milliseconds>(wake - clock.now(), 20ms, 1000ms));
        kiosk().turn();
        engine->sender().step();
        if (const auto due = glass().next_wake(); due && *due <= clock.now()) draw({});
    }
    settle();
}

void DemoKiosk::at(base::MonotonicTime moment, std::function<void()> what) {
    moments_.emplace(moment, std::move(what));
}

void DemoKiosk::pass(base::Milliseconds time) {
    const auto until = clock.now() + time;
    while (!moments_.empty() && moments_.begin()->first <= until) {
        auto next = moments_.extract(moments_.begin());
        if (next.key() > clock.now()) clock.advance(next.key() - clock.now());
        next.mapped()();
    }
    if (until > clock.now()) clock.advance(until - clock.now());
}

std::string DemoKiosk::events() const {
    const auto bytes = base::read_file((folder / "events.jsonl").string());
    return bytes ? std::string(base::as_text(*bytes)) : "";
}

} // namespace support
