// Plays a script on the whole kiosk without a window: the same core, the same screens, taps at the
// items' places, real HTTPS to a reference platform in this process. Development builds only.
//
// Writes into the folder given: events.jsonl, one PNG whenever another screen appears, each receipt
// as .escpos and .png (bytes sent, paper that came out), and what the platform received: NUMBER.cms
// as it came over the wire, NUMBER.json opened, NUMBER-attachment-N.*.
#pragma once

#include "kiosk/app/development/demo_world.hpp"
#include "kiosk/app/development/script.hpp"
#include "kiosk/app/engine.hpp"

#include <functional>
#include <optional>
#include <string>

namespace app {

struct HeadlessSettings {
    config::Config config; // data_folder: where the outbox and the platform's database lie
    std::string script_file;
    std::string out_folder;
    // Kill tests: the process ends at once, without unwinding, before or after this effect.
    std::optional<int> kill_at;
    bool kill_after = false;
    // After the script: deliver what is pending, say how many effects there were.
    bool deliver = false;
    // Tests: a look at the world when the script has ended.
    std::function<void(const DemoWorld&)> on_end;
};

// Errors: invalid_input (the script, or an expectation that does not hold: which step, what was
// expected and what was there), and those of the engine.
base::Result<void> run_headless(HeadlessSettings settings);

} // namespace app
