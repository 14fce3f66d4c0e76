// Where on a sheet or in a picture something lies, in ninths.
#pragma once

#include "drivers/scanner/gate.hpp"

namespace drivers {

Place place_at(double x, double y); // in shares of width and height; gate.cpp

} // namespace drivers
