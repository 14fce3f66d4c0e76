// Which kinds of devices there are, who drives them, and how to look at them.
#pragma once

#include <span>
#include <string_view>

namespace drivers {

struct DeviceRow {
    std::string_view kind;           // "card_reader": the word in logs and faults
    std::string_view interface_name; // the class the rest of the kiosk knows
    std::string_view driver;         // empty: none in this build
    std::string_view identification; // how the device is told from others
    std::string_view advice;         // what doctor says
};

std::span<const DeviceRow> device_rows();

} // namespace drivers
