// Files that the district signs: Ed25519 (RFC 8032) over the exact bytes, beside them a text of
// lines "KEY_HEX SIGNATURE_HEX". Verify first, parse afterwards (spec reliability C2).
#pragma once

#include "kiosk/base/bytes.hpp"

#include <array>

namespace base {

using Ed25519Key = std::array<std::uint8_t, 32>; // raw public key (RFC 8032, 5.1.5)

// False for anything that is not a signature of 64 bytes by `key` over the whole message.
bool is_signed_by(ByteView message, ByteView signature, const Ed25519Key& key);

// How many different keys of `trusted` signed `purpose` followed by `bytes`. The purpose stands
// before them so that a signature made for something else is worth nothing. A line that is not of
// the form counts as no signature, and so does a second one of the same key.
int count_signers(std::string_view purpose, ByteView bytes, ByteView lines,
                  std::span<const Ed25519Key> trusted);

// One such line, with its line feed, and the key that verifies it. For the district's tools and for
// tests. Errors: invalid_input (not a private Ed25519 key of 32 bytes).
Result<std::string> signature_line(std::string_view purpose, ByteView bytes, ByteView private_key);
Result<Ed25519Key> public_key_of(ByteView private_key);

// Public keys from PEM files (RFC 8410), as the configuration names them. Errors: not_found, io,
// too_large, corrupt (not one Ed25519 public key); each names the file.
Result<std::vector<Ed25519Key>> load_public_keys(const std::vector<std::string>& pem_files);
// A private key as `openssl genpkey -algorithm ed25519` writes it; wiped by whoever holds it.
// Errors: not_found, io, too_large, corrupt (names the file).
Result<Bytes> load_private_key(const std::string& pem_file);

} // namespace base
