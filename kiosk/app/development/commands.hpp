// The commands that exist in development builds only (DESIGN §6).
#pragma once

#include "kiosk/app/commands.hpp"

#include <optional>

namespace app {

// `kiosk run --demo`: simulated devices, bundled content, reference platform on loopback, a dock.
// `items_file`: where tests read what stands where on the glass; empty: not written.
int run_demo(const CommonOptions& common, const std::string& window_size,
             const std::string& items_file);

struct HeadlessOptions {
    std::string script;
    std::string out;
    std::string hand = "touch"; // or "keys", "switches": what the script's presses are done with
    std::optional<int> kill_at;
    bool kill_after = false;
    bool deliver = false;
};
// `kiosk run --headless --script FILE --out DIR`
int run_script(const CommonOptions& common, const HeadlessOptions& options);

// `kiosk platform serve`
struct ServeOptions {
    int port = 0;           // 0: any free one
    std::string fault_seed; // empty: drawn anew
    int faults_per_mille = 0;
    std::string content; // folder of a signed set that is offered; empty: none
};
int serve_platform(const CommonOptions& common, const ServeOptions& options);

// `kiosk handwriting FILE`: what the kiosk reads in recorded ink, for judges of the recogniser. See
// handwriting.cpp for the lines.
int read_handwriting(const CommonOptions& common, const std::string& file);

// `kiosk screens capture --out DIR`, `kiosk screens crawl --out DIR`. A quick capture draws each
// screen as most people see it (portrait, standard size, light), a pairwise one so that every two
// of language, size, theme, panel and reach meet once, the full one every combination.
enum class Extent { quick, pairwise, full };
int capture_screens(const CommonOptions& common, const std::string& out, Extent extent);
int crawl_screens(const CommonOptions& common, const std::string& out);

} // namespace app
