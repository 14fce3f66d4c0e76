// `kiosk platform check URL`: kiosk/platform/check.hpp with the configured device, as a table.
#pragma once

#include "kiosk/app/commands.hpp"

namespace app {

// One line per promise: ok, or what came instead and what to do. exit_ok: all are ok; exit_not_ok;
// exit_usage: no address of the form https://host[:port], or no device or sealing certificate
// configured.
int check_platform(const CommonOptions& common, const std::string& url);

} // namespace app
