// What a face check would find on this kiosk: model files and the district's calibration. Reads
// files only: no network is run, no camera opened.
#pragma once

#include "face/calibration.hpp"
#include "kiosk/config/config.hpp"

#include <string>
#include <vector>

namespace app {

struct FaceReadiness {
    std::vector<std::string> models;  // those whose files are whole, by name
    bool can_compare = false;         // a detector and an embedder are among them
    std::vector<std::string> refused; // "NAME: why"; files that are absent do not count
    // Errors: not_found (no file, or no district key is configured), and those of
    // face::open_calibration, of the key files and of reading.
    base::Result<face::Calibration> calibration;
};

// Never `evaluation_only` models.
FaceReadiness face_readiness(const config::Config& config, const base::Clock& clock);

// Where the files lie.
std::string models_folder(const config::Config& config);
std::string calibration_file(const config::Config& config); // beside it: .sig instead of .json

} // namespace app
