// The keypad driver over input devices whose events come through a pipe, as the kernel writes them;
// and the contract that the simulated keypad keeps too. libevdev itself needs a kernel device:
// unverified on hardware.
#include "drivers/keypad/evdev_keypad.hpp"
#include "drivers/keypad/simulated_keypad.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <linux/input.h>
#include <map>
#include <set>
#include <thread>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using drivers::EvdevKeypad;
using drivers::Key;
using drivers::KeyEvent;
using Keys = std::vector<Key>;

// A device that somebody can plug in, press and pull out.
struct Hardware {
    std::string name = "Acme Keypad";
    std::set<unsigned> codes{KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_ENTER};
    bool is_somebody_elses = false;
    int grabs = 0;
    int opened = 0;
    std::array<int, 2> pipe{-1, -1};

    Hardware() { REQUIRE(::pipe2(pipe.data(), O_NONBLOCK | O_CLOEXEC) == 0); }
    ~Hardware() {
        ::close(pipe[0]);
        if (pipe[1] >= 0) ::close(pipe[1]);
    }
    void write(unsigned short type, unsigned short code, int value) {
        input_event event{};
        event.type = type;
        event.code = code;
        event.value = value;
        REQUIRE(::write(pipe[1], &event, sizeof event) == ssize_t(sizeof event));
    }
    // What a key does when a finger presses and lets go of it.
    void press(unsigned short code) {
        write(EV_MSC, MSC_SCAN, 0x7004F);
        write(EV_KEY, code, 1);
        write(EV_SYN, SYN_REPORT, 0);
        write(EV_KEY, code, 0);
        write(EV_SYN, SYN_REPORT, 0);
    }
    void pull_out() {
        ::close(pipe[1]);
        pipe[1] = -1;
    }
};

class PipedDevice final : public drivers::InputDevice {
public:
    explicit PipedDevice(Hardware& hardware) : hardware_(hardware) { ++hardware_.opened; }
    ~PipedDevice() override { --hardware_.opened; }
    std::string name() const override { return hardware_.name; }
    bool has_key(unsigned code) const override { return hardware_.codes.contains(code); }
    base::Result<void> grab() override {
        if (hardware_.is_somebody_elses)
            return base::Error{base::Errc::device, "another program has it"};
        ++hardware_.grabs;
        return {};
    }
    int descriptor() const override { return hardware_.pipe[0]; }
    base::Result<std::optional<KeyEvent>> next() override {
        while (true) {
            input_event event{};
            const auto got = ::read(hardware_.pipe[0], &event, sizeof event);
            if (got < 0 && errno == EAGAIN) return std::optional<KeyEvent>();
            if (got != ssize_t(sizeof event)) return base::Error{base::Errc::device, "gone"};
            if (event.type == EV_KEY)
                return std::optional(KeyEvent{event.code, KeyEvent::What(event.value)});
        }
    }

private:
    Hardware& hardware_;
};

class Desk final : public drivers::InputFolder {
public:
    explicit Desk(std::map<std::string, Hardware*>& plugged) : plugged_(plugged) {}
    std::vector<std::string> devices() override {
        std::vector<std::string> names;
        for (const auto& [name, hardware] : plugged_) names.push_back(name);
        if (on_listed) on_listed();
        return names;
    }
    base::Result<std::unique_ptr<drivers::InputDevice>> open(const std::string& path) override {
        const auto found = plugged_.find(path);
        if (found == plugged_.end()) return base::Error{base::Errc::device, "gone"};
        return std::unique_ptr<drivers::InputDevice>(new PipedDevice(*found->second));
    }
    std::function<void()> on_listed;

private:
    std::map<std::string, Hardware*>& plugged_;
};

struct Bench {
    std::map<std::string, Hardware*> plugged;
    Desk* desk = nullptr; // the keypad's
    EvdevKeypad keypad_with(drivers::KeypadSettings settings = {}) {
        auto made = std::make_unique<Desk>(plugged);
        desk = made.get();
        return EvdevKeypad(std::move(settings), std::move(made));
    }
};

} // namespace

TEST_CASE("keys that were pressed arrive once, released and repeated ones do not",
          "[device][keypad]") {
    Hardware pad;
    Bench bench{{{"event0", &pad}}};
    auto keypad = bench.keypad_with();
    REQUIRE(keypad.wait_for_keys(0ms).value().empty());
    pad.press(KEY_DOWN);
    pad.write(EV_KEY, KEY_RIGHT, 1);
    for (int i = 0; i < 5; ++i) pad.write(EV_KEY, KEY_RIGHT, 2); // held down
    pad.write(EV_KEY, KEY_RIGHT, 0);
    pad.press(KEY_F13); // no meaning
    pad.press(KEY_ENTER);
    CHECK(keypad.wait_for_keys(0ms).value() == Keys{Key::down, Key::right, Key::select});
    CHECK(keypad.wait_for_keys(0ms).value().empty());
    CHECK(pad.grabs == 1);
}

TEST_CASE("a flood of keys is taken in parts and none is lost", "[device][keypad]") {
    Hardware pad;
    Bench bench{{{"event0", &pad}}};
    auto keypad = bench.keypad_with();
    for (int i = 0; i < 200; ++i) pad.press(KEY_UP);
    std::size_t all = 0;
    for (int i = 0; i < 10; ++i) all += keypad.wait_for_keys(0ms).value().size();
    CHECK(all == 200);
}

TEST_CASE("an ordinary keyboard, a mouse and others' devices are left alone",
          "[device][keypad][refusal]") {
    Hardware keyboard, mouse, pad;
    keyboard.name = "Usual Keyboard";
    for (unsigned code = KEY_ESC; code < KEY_COMPOSE; ++code) keyboard.codes.insert(code);
    mouse.codes = {BTN_LEFT, BTN_RIGHT};
    Bench bench{{{"event0", &keyboard}, {"event1", &mouse}}};
    auto keypad = bench.keypad_with();
    keyboard.press(KEY_ENTER);
    const auto none = keypad.wait_for_keys(0ms);
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code == base::Errc::device);
    CHECK(keyboard.grabs + mouse.grabs == 0);
    CHECK(keyboard.opened + mouse.opened == 0); // looked at, and let go

    bench.plugged["event2"] = &pad;
    pad.is_somebody_elses = true;
    CHECK_FALSE(keypad.wait_for_keys(0ms).has_value());
    pad.is_somebody_elses = false;
    CHECK(keypad.wait_for_keys(0ms).has_value());
    pad.press(KEY_LEFT);
    CHECK(keypad.wait_for_keys(0ms).value() == Keys{Key::left});
    CHECK(keyboard.grabs + mouse.grabs == 0);
}

TEST_CASE("a box of two switches is found by what it can do", "[device][keypad]") {
    Hardware box;
    box.codes = {BTN_0, BTN_1};
    Bench bench{{{"event0", &box}}};
    auto keypad = bench.keypad_with();
    box.press(BTN_0);
    box.press(BTN_1);
    CHECK(keypad.wait_for_keys(0ms).value() == Keys{Key::switch_move, Key::switch_select});
}

TEST_CASE("a configured name is the only one that counts", "[device][keypad]") {
    Hardware other, named;
    named.name = "Pad That Calls Itself a Keyboard";
    for (unsigned code = KEY_ESC; code < KEY_COMPOSE; ++code) named.codes.insert(code);
    Bench bench{{{"event0", &other}, {"event1", &named}}};
    const auto keys = drivers::read_key_map({{"KEY_K", "select"}, {"KEY_ENTER", "none"}});
    auto keypad = bench.keypad_with({named.name, keys.value()});
    other.press(KEY_UP);
    named.press(KEY_K);
    named.press(KEY_ENTER);
    CHECK(keypad.wait_for_keys(0ms).value() == Keys{Key::select});
    CHECK(other.grabs == 0);
}

TEST_CASE("pulled out at any moment it says so, and is found again", "[device][keypad]") {
    // Where it is pulled: before the first look, before a key, between two keys, after the last.
    for (int strike = 0; strike < 4; ++strike) {
        CAPTURE(strike);
        Hardware first, second;
        Bench bench{{{"event3", &first}}};
        auto keypad = bench.keypad_with();
        const auto pull = [&] {
            first.pull_out();
            bench.plugged.clear();
        };
        std::size_t seen = 0;
        if (strike == 0) bench.plugged.clear();
        if (strike > 0) REQUIRE(keypad.wait_for_keys(0ms).has_value());
        if (strike == 2) first.press(KEY_UP);
        if (strike == 3) {
            first.press(KEY_UP);
            seen += keypad.wait_for_keys(0ms).value().size();
        }
        pull();
        for (int i = 0; i < 2; ++i) // what was pressed before still counts
            if (const auto keys = keypad.wait_for_keys(0ms)) seen += keys->size();
        CHECK(seen == (strike >= 2 ? 1u : 0u));
        const auto gone = keypad.wait_for_keys(0ms);
        REQUIRE_FALSE(gone.has_value());
        CHECK(gone.error().code == base::Errc::device);
        CHECK(first.opened == 0);

        bench.plugged["event4"] = &second;
        REQUIRE(keypad.wait_for_keys(0ms).has_value());
        second.press(KEY_DOWN);
        CHECK(keypad.wait_for_keys(0ms).value() == Keys{Key::down});
    }
}

TEST_CASE("a device that goes while the folder is listed is passed over", "[device][keypad]") {
    Hardware going, staying;
    going.name = "going";
    Bench bench{{{"event0", &going}, {"event1", &staying}}};
    auto keypad = bench.keypad_with();
    bench.desk->on_listed = [&] { bench.plugged.erase("event0"); };
    staying.press(KEY_UP);
    CHECK(keypad.wait_for_keys(0ms).value() == Keys{Key::up});
}

TEST_CASE("a wait is ended at once, with a keypad and without one", "[device][keypad]") {
    Hardware pad;
    const bool is_plugged = GENERATE(true, false);
    Bench bench;
    if (is_plugged) bench.plugged["event0"] = &pad;
    auto keypad = bench.keypad_with();
    keypad.interrupt(); // before it begins
    CHECK(keypad.wait_for_keys(60s).value().empty());
    std::jthread other([&] { keypad.interrupt(); });
    CHECK(keypad.wait_for_keys(60s).value().empty());
}

TEST_CASE("the key map of a configuration says what is wrong with it", "[device][keypad]") {
    const auto& defaults = drivers::default_key_map();
    for (std::size_t i = 0; i < drivers::key_count; ++i)
        CHECK(std::any_of(defaults.begin(), defaults.end(),
                          [&](const auto& entry) { return entry.second == Key(i); }));
    CHECK(drivers::read_key_map({}).value() == defaults);
    const auto more = drivers::read_key_map({{"KEY_F1", "repeat"}}).value();
    CHECK(more.at(KEY_F1) == Key::repeat);
    CHECK(more.at(KEY_UP) == Key::up);
    const auto unknown_code = drivers::read_key_map({{"KEY_UPP", "up"}});
    REQUIRE_FALSE(unknown_code.has_value());
    CHECK(unknown_code.error().context.find("KEY_UPP") != std::string::npos);
    const auto unknown_key = drivers::read_key_map({{"KEY_F1", "jump"}});
    REQUIRE_FALSE(unknown_key.has_value());
    CHECK(unknown_key.error().context.find("known: none, up, down") != std::string::npos);
}

TEST_CASE("what is no input device is not taken for one", "[device][keypad]") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("kiosk-keypad-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "event0") << "not a device";
    std::ofstream(folder / "mouse0") << "nor this";
    EvdevKeypad keypad({}, drivers::open_input_folder(folder.string()));
    const auto answer = keypad.wait_for_keys(0ms);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code == base::Errc::device);
    std::filesystem::remove_all(folder);
    CHECK_FALSE(keypad.wait_for_keys(0ms).has_value()); // not even a folder
}

TEST_CASE("the simulated keypad does what the real one does", "[device][keypad]") {
    drivers::SimulatedKeypad keypad;
    CHECK(keypad.wait_for_keys(0ms).value().empty());
    keypad.press(Key::up);
    keypad.press(Key::select);
    CHECK(keypad.wait_for_keys(60s).value() == Keys{Key::up, Key::select});
    keypad.unplug();
    keypad.press(Key::up);
    CHECK(keypad.wait_for_keys(0ms).error().code == base::Errc::device);
    keypad.plug_in();
    CHECK(keypad.wait_for_keys(0ms).value().empty());
    keypad.interrupt();
    CHECK(keypad.wait_for_keys(60s).value().empty());
}
