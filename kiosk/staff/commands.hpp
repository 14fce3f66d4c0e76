// `kiosk staff code|roster|status`, for whoever stands at a terminal of the kiosk. Each returns the
// exit code of DESIGN §6 and prints one clear line about what went wrong. None prints a key, a
// PIN's digest or a name.
#pragma once

#include "kiosk/app/commands.hpp"

#include <string>

namespace staff {

// A code of 12 digits for the first installation, printed once; only its slow hash is kept.
int make_code(const app::CommonOptions& common);

// Verifies a staff list that came as a file and puts it in its place. A kiosk that runs takes it
// over at the next staff card, one that does not at its start.
int install_roster(const app::CommonOptions& common, const std::string& file);

// Which list, until when, how many of which role, how many locked. 1: no list that is good now.
int show_status(const app::CommonOptions& common);

} // namespace staff
