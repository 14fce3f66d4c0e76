// Which USB device a section of the configuration means.
#pragma once

#include "drivers/usb/usb_connection.hpp"

#include <string>
#include <vector>

namespace app {

// `section`: "cardReader", for the words. Errors: invalid_input (names the key and what is
// expected).
base::Result<drivers::UsbWanted> wanted_usb_device(const std::string& section,
                                                   const std::vector<std::string>& usb_ids,
                                                   const std::string& port,
                                                   const std::string& serial);

} // namespace app
