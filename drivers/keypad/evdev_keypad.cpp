#include "drivers/keypad/evdev_keypad.hpp"

#include "kiosk/base/check.hpp"

#include <algorithm>
#include <array>
#include <linux/input-event-codes.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace drivers {
namespace {

// More at once than hands can press: the rest is taken by the next call.
constexpr std::size_t keys_at_once = 64;

constexpr std::array five_keys{Key::up, Key::down, Key::left, Key::right, Key::select};
constexpr std::array two_switches{Key::switch_move, Key::switch_select};

bool has_letters(const InputDevice& device) {
    for (const unsigned letter : {KEY_A, KEY_Q, KEY_Z})
        if (device.has_key(letter)) return true;
    return false;
}

template <class Keys> bool has_all(const InputDevice& device, const KeyMap& map, const Keys& keys) {
    return std::all_of(keys.begin(), keys.end(), [&](Key key) {
        return std::any_of(map.begin(), map.end(), [&](const auto& entry) {
            return entry.second == key && device.has_key(entry.first);
        });
    });
}

} // namespace

EvdevKeypad::EvdevKeypad(KeypadSettings settings, std::unique_ptr<InputFolder> folder)
    : settings_(std::move(settings)), folder_(std::move(folder)),
      interrupted_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    CHECK(folder_ != nullptr && interrupted_ >= 0);
}

EvdevKeypad::~EvdevKeypad() {
    ::close(interrupted_);
}

void EvdevKeypad::interrupt() {
    const std::uint64_t once = 1;
    (void)!::write(interrupted_, &once, sizeof once);
}

bool EvdevKeypad::is_wanted(const InputDevice& device) const {
    if (!settings_.name.empty()) return device.name() == settings_.name;
    return !has_letters(device) && (has_all(device, settings_.keys, five_keys) ||
                                    has_all(device, settings_.keys, two_switches));
}

// A device that cannot be opened or grabbed is passed over: it may be another program's, or not
// ours to read, and the next look may find it free.
bool EvdevKeypad::find() {
    for (const auto& path : folder_->devices()) {
        auto device = folder_->open(path);
        if (!device || !is_wanted(**device) || !(*device)->grab()) continue;
        device_ = std::move(device).value();
        return true;
    }
    return false;
}

// False when it was interrupted.
bool EvdevKeypad::wait(base::Milliseconds patience) {
    std::array<pollfd, 2> both{pollfd{interrupted_, POLLIN, 0}, pollfd{-1, POLLIN, 0}};
    if (device_) both[1].fd = device_->descriptor(); // a negative one is not looked at
    const auto limit =
        std::clamp<base::Milliseconds>(patience, base::Milliseconds(0), base::Milliseconds(60'000));
    ::poll(both.data(), both.size(), int(limit.count()));
    if ((both[0].revents & POLLIN) == 0) return true;
    std::uint64_t times = 0;
    (void)!::read(interrupted_, &times, sizeof times);
    return false;
}

base::Result<std::vector<Key>> EvdevKeypad::read() {
    std::vector<Key> keys;
    while (keys.size() < keys_at_once) {
        const auto event = device_->next();
        if (!event) {
            device_.reset();
            // What was pressed before it was pulled out still counts; the next call says the rest.
            if (!keys.empty()) return keys;
            return event.error();
        }
        if (!*event) return keys;
        const auto meaning = settings_.keys.find((*event)->code);
        if ((*event)->what == KeyEvent::What::pressed && meaning != settings_.keys.end())
            keys.push_back(meaning->second);
    }
    return keys;
}

base::Result<std::vector<Key>> EvdevKeypad::wait_for_keys(base::Milliseconds patience) {
    if (!device_ && !find()) {
        if (!wait(patience)) return std::vector<Key>{};
        if (!find()) return base::Error{base::Errc::device, "no keypad is plugged in"};
        return std::vector<Key>{};
    }
    if (!wait(patience)) return std::vector<Key>{};
    return read();
}

} // namespace drivers
