// Reads the glass aloud: what each frame has to say goes to the voice, in the session's volume and
// rate, while the person wants it.
//
// It is switched on by "Listen", by any key of the keypad, and by headphones that are plugged in;
// off by the person, and by the end of the session.
#pragma once

#include "drivers/keypad/keypad.hpp"
#include "drivers/voice/voice.hpp"
#include "kiosk/app/kiosk.hpp"
#include "screens/focus.hpp"
#include "screens/narration.hpp"

namespace app {

class ReadingAloud {
public:
    // Both outlive it.
    ReadingAloud(drivers::Voice& voice, Kiosk& kiosk)
        : voice_(voice), kiosk_(kiosk), had_headphones_(voice.has_headphones()) {}

    // After each frame of a visit. `page`: where it is; `moved`: what a key did to the focus.
    void follow(const screens::Frame& frame, const std::string& page, std::string_view focus,
                const std::optional<screens::FocusMove>& moved, base::MonotonicTime now);
    // The next frame is read whole.
    void read_page() { reads_page_ = true; }
    // What was pressed leads to another page, even where that is the same page once more.
    void turn_page() { narrator_.forget_page(); }
    // A key or a finger: silent at once.
    void interrupt();
    // Somebody uses keys: they may not see.
    void note_key();
    // Nothing is read here: the staff's pages, a dark glass.
    void rest();
    // When to draw again for the voice's sake.
    std::optional<base::MonotonicTime> next_wake() const;
    // Nothing of what was said stays.
    void wipe();

private:
    bool is_on() const;
    void count_as_activity(base::MonotonicTime now);
    void tell(session::Signal signal) { kiosk_.tell(session::Input(signal)); }

    drivers::Voice& voice_;
    Kiosk& kiosk_;
    screens::Narrator narrator_;
    drivers::VoiceSettings settings_;
    bool reads_page_ = false;
    bool is_answer_ = false; // what is being said was asked for by a person
    bool had_headphones_;
    base::MonotonicTime counted_{};
};

} // namespace app
