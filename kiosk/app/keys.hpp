// The keys somebody pressed, on their way from the keypad's own thread to the glass.
//
// A keypad that is not there is looked for every few seconds. Its going and coming back are told
// once each; one that nobody configured and that was never there is nobody's fault and told to
// nobody.
#pragma once

#include "drivers/keypad/keypad.hpp"
#include "kiosk/base/event_stream.hpp"
#include "kiosk/base/log.hpp"
#include "kiosk/base/mailbox.hpp"

#include <thread>

namespace app {

class KeyReader {
public:
    // `keypad`: none where null; then only post() brings keys. Outlives the reader.
    KeyReader(drivers::Keypad* keypad, bool is_expected, base::Log& log, base::EventStream& events)
        : keypad_(keypad), log_(log), events_(events), was_there_(is_expected) {}
    ~KeyReader();

    // Runs on the reader's thread after each key. Before start().
    void on_arrival(std::function<void()> wake) { keys_.on_post = std::move(wake); }
    // A thread of its own from now on.
    void start();
    // Without a thread: takes what is pressed now.
    void look();

    // The oldest key that was not taken yet.
    std::optional<drivers::Key> take() { return keys_.try_take(); }
    // As if it came from the keypad.
    void post(drivers::Key key);

private:
    bool look(base::Milliseconds patience);
    void run(std::stop_token stop);

    drivers::Keypad* keypad_;
    base::Log& log_;
    base::EventStream& events_;
    bool was_there_; // or should have been
    // Chosen: more waiting than hands press while a page is drawn means that nobody takes them.
    base::Mailbox<drivers::Key> keys_{64};
    std::jthread thread_;
};

} // namespace app
