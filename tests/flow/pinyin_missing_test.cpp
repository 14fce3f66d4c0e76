// Goal: a kiosk opens Pinyin for its boards, and without the data it serves all the same and says
// so. Method: the whole engine on simulated devices, with the data that the build compiled, with a
// damaged copy and with none.
#include "drivers/manual_wait.hpp"
#include "kiosk/app/development/demo_world.hpp"
#include "kiosk/base/bytes.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/random.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

struct Place {
    fs::path folder = fs::temp_directory_path() / ("kiosk-pinyin-" + std::to_string(::getpid()));
    base::ManualClock clock{base::SystemClock().wall()};
    base::SystemRandom random;
    std::unique_ptr<app::DemoWorld> world;
    std::unique_ptr<app::Engine> engine;

    explicit Place(const std::string& pinyin_folder) {
        fs::create_directories(folder);
        app::EngineSettings settings;
        settings.config.assets_folder = "assets";
        settings.config.content_folder = "assets/content";
        settings.config.data_folder = (folder / "data").string();
        settings.config.pinyin_folder = pinyin_folder;
        settings.threads = app::EngineSettings::Threads::caller;
        auto made =
            app::DemoWorld::open(settings.config, clock, drivers::manual_wait(clock), random);
        REQUIRE(made.has_value());
        world = std::move(made).value();
        auto opened = app::Engine::open(std::move(settings), world->devices(), clock, random);
        INFO((opened ? "" : opened.error().text()));
        REQUIRE(opened.has_value());
        engine = std::move(opened).value();
        engine->start();
        engine->kiosk().turn();
        engine->glass().draw({});
    }
    ~Place() {
        engine.reset();
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    std::string events() const {
        const auto bytes = base::read_file((folder / "data" / "events.jsonl").string());
        return bytes ? std::string(base::as_text(*bytes)) : "";
    }
};

} // namespace

TEST_CASE("the boards get Pinyin where its data is there", "[flow][pinyin]") {
    const Place place(PINYIN_FOLDER);
    auto* pinyin = place.engine->kiosk().facts().pinyin;
    REQUIRE(pinyin != nullptr);
    CHECK(pinyin->look_up("wulumuqi", 0, 1).candidates.size() == 1);
    CHECK(place.events().find("pinyin") == std::string::npos);
}

TEST_CASE("a kiosk without Pinyin data serves all the same, and says so", "[flow][pinyin]") {
    const fs::path damaged =
        fs::temp_directory_path() / ("kiosk-pinyin-damaged-" + std::to_string(::getpid()));
    fs::copy(PINYIN_FOLDER, damaged);
    fs::resize_file(damaged / "kiosk.table.bin", 4096);
    for (const auto& folder : {damaged.string(), std::string("there-is-no-such-folder")}) {
        INFO(folder);
        const Place place(folder);
        CHECK(place.engine->kiosk().facts().pinyin == nullptr);
        CHECK(place.engine->glass().screen_name() == "attract");
        CHECK(place.events().find("\"pinyin\"") != std::string::npos);
    }
    fs::remove_all(damaged);
}
