// A whole kiosk with simulated devices on the caller's thread and a clock moved by hand, for tests
// that use the glass itself: fingers as frames, keys as the keypad sends them.
#pragma once

#include "kiosk/app/development/demo_world.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>

namespace support {

class DemoKiosk {
public:
    // `change`: a look at the configuration before the kiosk starts. CHECKs that it starts. With
    // Voice::recorder it reads aloud, and `world->voice` keeps what was said.
    enum class Voice { none, recorder };
    // `face`: nothing is compared where there is none. `card_patience`: how long one look for a
    // card takes; nothing: it looks once, as in scripts.
    explicit DemoKiosk(const std::string& name,
                       const std::function<void(config::Config&)>& change = {},
                       std::uint64_t seed = 1, Voice voice = Voice::none,
                       std::optional<base::Milliseconds> card_patience = std::nullopt,
                       app::FaceChecks* face = nullptr);
    ~DemoKiosk();

    app::Glass& glass() { return engine->glass(); }
    app::Kiosk& kiosk() { return engine->kiosk(); }
    std::string screen() { return std::string(glass().screen_name()); }
    const std::vector<screens::Item>& items();
    // Nothing: it is not there.
    const screens::Item* find(std::string_view id);
    std::string ids();

    void draw(const screens::Input& input);
    // Until the picture stands still.
    void settle() { settle_with({}); }
    void settle_with(const screens::Input& input);
    void tap(screens::Point at);
    // CHECKs that it is there.
    void tap(std::string_view id);
    void key(drivers::Key key);
    // Time passes as in the window's loop: asleep until the kiosk wants to be called again.
    void wait(base::Milliseconds time);
    // Done when the clock comes to this moment, also while a device waits: somebody lays a card
    // down between two looks of the reader.
    void at(base::MonotonicTime moment, std::function<void()> what);
    std::string events() const;

    std::filesystem::path folder;
    base::ManualClock clock;
    base::SeededRandom random;
    std::unique_ptr<app::DemoWorld> world;
    std::unique_ptr<app::Engine> engine;

private:
    void pass(base::Milliseconds time);

    std::multimap<base::MonotonicTime, std::function<void()>> moments_;
};

} // namespace support
