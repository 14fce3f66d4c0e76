// `kiosk keys`: the device's key and certificate from the desk (kiosk/platform/device_keys.hpp).
#pragma once

#include "kiosk/app/commands.hpp"

namespace app {

// Makes the device's key where the configuration names it, unless it is there, and writes the
// request for a certificate into a new file for the district.
int enrol_keys(const CommonOptions& common, const std::string& request_file);
// Puts the district's certificate in place, if it is for this key and valid.
int install_keys(const CommonOptions& common, const std::string& certificate_file);
// Whose, until when, where the key lies. Not ok: something is missing, over, or is over within 30
// days.
int show_keys(const CommonOptions& common);
// Before the board is given away, with the kiosk stopped: overwrites and removes key and
// certificate. Refuses as long as the outbox holds a request that is not delivered and not in
// `export_file`, read to its end.
int destroy_keys(const CommonOptions& common, const std::string& export_file);

} // namespace app
