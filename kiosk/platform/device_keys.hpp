// The kiosk's own key: made on the device and never leaving it, a certificate for it from the
// district, its renewal, its end (platform-api §6, spec reliability E2).
//
// The key stays the same as long as the board lives: a renewal is a new certificate for it, so that
// one file changes in one rename and no power cut leaves a key without its certificate. A board
// that is given away loses its key (destroy_file) and is enrolled anew.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/platform/sealing.hpp"

#include <string>
#include <string_view>

namespace platform {

// From OpenSSL's random source; PKCS#8 PEM, mode 0600, synced. Never replaces a key.
// Errors: conflict (there is a file of that name), io, disk_full.
base::Result<void> make_device_key(const std::string& key_file);

// A request for a certificate (PKCS#10, PEM, SHA-256) in the name of "kiosk <kiosk_id>".
// Errors: as load_device_key().
base::Result<std::string> certificate_request(const std::string& key_file,
                                              std::string_view kiosk_id);

// Puts a certificate in place, in one rename, if it is one for this key, for P-256, not over and
// begun. Errors: corrupt (no certificate, or one for another key), unauthorised (not valid now; an
// unset clock refuses nobody, G17), not_found, io, disk_full.
base::Result<Certificate> install_certificate(std::string_view pem, const std::string& key_file,
                                              const std::string& certificate_file,
                                              const base::Clock& clock);

// platform-api §6: one year, renewed from day 270.
inline constexpr std::chrono::days renewal_age{270};
// True from that day on, and when it is over.
bool is_renewal_due(const Certificate& certificate, base::WallTime now);

// Overwritten with zeros, synced, removed, its folder synced. A flash disk may keep old blocks all
// the same: the certificate must be revoked too. Success when there is no such file.
// Errors: io.
base::Result<void> destroy_file(const std::string& file);

} // namespace platform
