// What a district measured and signed: from which score on a face alone is enough (safeguard G15).
//
// Without a calibration that is whole, signed by two keys this program trusts, in force and made
// for the embedder that is loaded, every verdict is `staff`. Format: face/README.md, "Calibration
// file".
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/ed25519.hpp"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace face {

// Of pipeline.hpp. Goes up with every change that moves scores: a calibration holds for one version
// only.
inline constexpr int pipeline_version = 3;

struct Calibration {
    static constexpr std::size_t longest_file = 16 * 1024; // bytes

    std::string district;     // whose people were measured
    std::string population;   // who they were, in the district's words
    std::string model;        // Model::name of the embedder
    int pipeline = 0;         // pipeline_version at the time of measuring
    float pass_level = 0;     // cosine at the measured FMR 1e-4; from here on: pass (safeguard G16)
    float band_level = 0;     // cosine at the measured FMR 1e-3; from here to pass_level: staff
    std::int64_t genuine = 0; // comparisons measured
    std::int64_t impostor = 0;  // comparisons measured
    bool attacks_tried = false; // presentation attacks were tried at the camera
    base::Date made{};
    base::Date expires{};

    bool operator==(const Calibration&) const = default;
};

// The text that is signed and the reading of it. Errors: corrupt, invalid_input (levels that cannot
// be, too few comparisons, attacks not tried).
std::string to_text(const Calibration& calibration);
base::Result<Calibration> parse_calibration(base::ByteView text);

struct CalibrationFiles {
    base::Bytes text;       // calibration.json
    base::Bytes signatures; // calibration.sig: lines "KEY_HEX SIGNATURE_HEX"
};

// Verifies, then parses. `today` is nothing while the clock is not synchronised: then no date
// refuses (safeguard G17) and staff_look stays what it was. Errors: too_large, unauthorised (fewer
// than `needed` signatures of different trusted keys), corrupt, invalid_input, refused (expired, or
// made in the future, or for another model or pipeline).
struct CalibrationTerms {
    std::span<const base::Ed25519Key> trusted;
    int needed = 2;
    std::string_view model;
    int pipeline = 0;
    const base::Date* today = nullptr;
};
base::Result<Calibration> open_calibration(const CalibrationFiles& files,
                                           const CalibrationTerms& terms);

// One line of a signature file. For the district's tool and for tests. Errors: invalid_input (not a
// private Ed25519 key of 32 bytes).
base::Result<std::string> sign_calibration(base::ByteView text, base::ByteView private_key);

} // namespace face
