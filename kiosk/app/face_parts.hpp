// What a face check needs on this kiosk, part by part, for the technician's page: found as `kiosk
// doctor` finds it.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/config/config.hpp"
#include "kiosk/staff/area.hpp"

#include <vector>

namespace app {

// Reads model files and the calibration, asks the camera what it is, loads the decoder in its
// helper: may take some seconds. The camera never streams, no network is loaded.
std::vector<staff::FacePartRow> face_parts(const config::Config& config, const base::Clock& clock);

} // namespace app
