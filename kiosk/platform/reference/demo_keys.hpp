// Keys for demonstrations and tests: made when needed, into a data folder, never shipped.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <string>

namespace platform {

// Where the PEM files are. A real kiosk has those of its own side only.
struct KeyFiles {
    std::string ca;                 // trusts: server, device
    std::string server_certificate; // for 127.0.0.1 and localhost
    std::string server_key;
    std::string sealing_certificate; // the kiosk seals to this
    std::string sealing_key;         // the platform opens with this
    std::string device_certificate;  // TLS client and CMS signer
    std::string device_key;
    std::string ca_key; // signs what devices ask for; nothing on a real kiosk knows it
};

// Makes a CA and what it signs, valid for a year from the clock's day, in `folder` (created when
// missing, mode 0700, keys 0600). Keeps what is there when it is complete and valid for at least
// one more day. Errors: io, disk_full.
base::Result<KeyFiles> make_demo_keys(const std::string& folder, const base::Clock& clock);

// What can be wrong with the certificate that a server shows.
enum class WrongServer { expired, not_yet, other_host, other_authority };
// The same keys, but for the server's, which go to `folder`. Errors: io, disk_full.
base::Result<KeyFiles> make_wrong_server(const KeyFiles& keys, WrongServer wrong,
                                         const std::string& folder, const base::Clock& clock);

} // namespace platform
