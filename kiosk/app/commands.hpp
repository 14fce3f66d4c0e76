// The commands of the kiosk program, as functions: main.cpp reads the words, these do the work.
// Each returns the exit code of DESIGN §6 (0 ok, 1 the thing asked about is not ok, 3 internal) and
// prints one clear line about what went wrong.
#pragma once

#include "kiosk/config/config.hpp"

#include <string>
#include <vector>

namespace app {

// What stands on every command line.
struct CommonOptions {
    std::string program;     // argv[0]
    std::string config_file; // --config
    std::string data_folder; // --data
    bool json = false;       // --json
};

inline constexpr int exit_ok = 0;
inline constexpr int exit_not_ok = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_internal = 3;

// Prints "kiosk: <context>" to standard error.
int complain(const base::Error& error, int code = exit_not_ok);

// Defaults, the configuration file, then --data.
base::Result<config::Config> configuration(const CommonOptions& common);

// `--windowed`: the panel of the configuration, shown in so many pixels. Errors: invalid_input.
base::Result<void> fit_window(config::Config& config, const std::string& window_size);

int run_kiosk(const CommonOptions& common, const std::string& window_size);
int doctor(const CommonOptions& common);
int decode_card(const CommonOptions& common, const std::string& file);
// `paper`: "any", "a4" or "id-1", as forms name it. Pages on their heads are turned, or told where
// they must be upright.
int scan_images(const std::vector<std::string>& images, const std::string& out_folder,
                const std::string& paper, bool must_be_upright);
int render_receipt(const CommonOptions& common, const std::string& document,
                   const std::string& profile, const std::string& escpos, const std::string& png);

} // namespace app
