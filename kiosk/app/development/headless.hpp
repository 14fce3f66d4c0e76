// Plays a script on the whole kiosk without a window: the same core, the same screens, taps at the
// items' places, real HTTPS to a reference platform in this process. Development builds only.
//
// Writes into the folder given: events.jsonl, one PNG whenever another screen appears, each receipt
// as .escpos and .png (bytes sent, paper that came out), and what the platform received: NUMBER.cms
// as it came over the wire, NUMBER.json opened, NUMBER-attachment-N.*; papers that were brought for
// it later the same with NUMBER-supplement-N.
#pragma once

#include "kiosk/app/development/demo_world.hpp"
#include "kiosk/app/development/script.hpp"
#include "kiosk/app/engine.hpp"

#include <functional>
#include <optional>
#include <string>

namespace app {

// What a script's "press", "type" and "digits" are done with. By keys nobody signs on the glass: a
// signature is left to the counter (design README §4), and "are you still there?" is answered by
// any key.
enum class Hand { finger, five_keys, two_switches };
// "touch", "keys", "switches"; nothing: another word.
std::optional<Hand> hand_named(std::string_view name);

struct HeadlessSettings {
    config::Config config; // data_folder: where the outbox and the platform's database lie
    std::string script_file;
    std::string out_folder;
    Hand hand = Hand::finger;
    bool pictures = true; // of each screen; they take most of a script's time
    // Kill tests: the process ends at once, without unwinding, before or after this effect.
    std::optional<int> kill_at;
    bool kill_after = false;
    // After the script: deliver what is pending, say how many effects there were.
    bool deliver = false;
    // Tests: the script again and again on the same kiosk, a minute apart, without results in
    // files; and a look at it after each round.
    int rounds = 1;
    std::function<void(int round)> on_round;
    // Tests: the world before the kiosk starts in it, and a look at it when the script has ended.
    std::function<void(DemoWorld&)> on_start;
    std::function<void(const DemoWorld&)> on_end;
    // Tests: after each frame; whenever another screen is shown, by its name; when the picture
    // stands still after a key.
    std::function<void(Glass&, const session::Session&)> on_frame;
    std::function<void(const std::string& screen, const Glass&)> on_screen;
    std::function<void(drivers::Key, const Glass&)> on_key;
};

// Errors: invalid_input (the script, or an expectation that does not hold: which step, what was
// expected and what was there), and those of the engine.
base::Result<void> run_headless(HeadlessSettings settings);

} // namespace app
