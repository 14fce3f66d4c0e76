// The manifest of a content set: which files belong to it, with length and SHA-256
// (spec reliability C1, C3).
#pragma once

#include "kiosk/base/bytes.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace content {

struct ManifestFile {
    std::string name; // [a-z0-9._-]{1,80}, no folder
    std::uint64_t length{0};
    std::string sha256; // lower-case hex
};

struct Manifest {
    std::int64_t version{0};
    std::string created;     // "2026-11-22"
    std::string expires;     // may be empty
    std::string minimum_app; // "0.1.0"
    std::vector<ManifestFile> files;
};

inline constexpr std::size_t max_manifest_bytes = 1u << 20;
inline constexpr std::size_t max_files = 5000;             // spec C3
inline constexpr std::uint64_t max_set_bytes = 512u << 20; // spec C3
inline constexpr std::uint64_t max_file_bytes = 4u << 20;  // chosen: the largest text file times 20

// Errors: too_large, corrupt, invalid_input (with the reason), unsupported (format).
base::Result<Manifest> read_manifest(base::ByteView json);
std::string to_json(const Manifest& manifest);

// The manifest that fits the files of `folder` now; version, dates and minimum app are kept from
// the manifest.json that lies there. For the operator's tool and the development program.
base::Result<Manifest> make_manifest(const std::string& folder);
// Writes it to folder/manifest.json.
base::Result<void> write_manifest(const std::string& folder);

} // namespace content
