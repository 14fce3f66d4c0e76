#include "kiosk/app/keys.hpp"

namespace app {

using namespace std::chrono_literals;

// Chosen: an idle kiosk hardly wakes. A wait ends with the first key, or when the reader ends.
constexpr base::Milliseconds patience = 30s;
// Chosen: a keypad that is plugged in answers within a few seconds.
constexpr base::Milliseconds absence = 2s;

KeyReader::~KeyReader() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    keypad_->interrupt();
}

void KeyReader::start() {
    if (keypad_ != nullptr) thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void KeyReader::look() {
    if (keypad_ != nullptr) (void)look(0ms);
}

void KeyReader::post(drivers::Key key) {
    if (!keys_.post(key)) log_.write(base::LogEvent::mailbox_full);
}

// False when no keypad is there.
bool KeyReader::look(base::Milliseconds limit) {
    const auto keys = keypad_->wait_for_keys(limit);
    const bool is_there = keys.has_value();
    if (is_there)
        for (const auto key : *keys) post(key);
    if (is_there == was_there_) return is_there;
    was_there_ = is_there;
    log_.write(is_there ? base::LogEvent::device_ready : base::LogEvent::device_fault,
               {{base::LogField::device, "keypad"}});
    if (!is_there) events_.fault("keypad", keys.error().code);
    return is_there;
}

void KeyReader::run(std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    while (!stop.stop_requested()) {
        if (look(was_there_ ? patience : absence)) continue;
        // A device that fails as soon as it is opened must not be opened without a pause.
        std::unique_lock lock(mutex);
        never.wait_for(lock, stop, absence, [] { return false; });
    }
}

} // namespace app
