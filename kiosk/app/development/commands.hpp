// The commands that exist in development builds only (DESIGN §6).
#pragma once

#include "kiosk/app/commands.hpp"

#include <optional>

namespace app {

// `kiosk run --demo`: simulated devices, bundled content, reference platform on loopback, a dock.
int run_demo(const CommonOptions& common, const std::string& window_size);

struct HeadlessOptions {
    std::string script;
    std::string out;
    std::optional<int> kill_at;
    bool kill_after = false;
    bool deliver = false;
};
// `kiosk run --headless --script FILE --out DIR`
int run_script(const CommonOptions& common, const HeadlessOptions& options);

// `kiosk platform serve`
int serve_platform(const CommonOptions& common, int port, const std::string& fault_seed,
                   int faults_per_mille);

// `kiosk screens capture --out DIR`, `kiosk screens crawl --out DIR`
int capture_screens(const CommonOptions& common, const std::string& out);
int crawl_screens(const CommonOptions& common, const std::string& out);

} // namespace app
