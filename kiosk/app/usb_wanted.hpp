// Which USB device a section of the configuration means, and how it is, in words.
#pragma once

#include "drivers/usb/usb_connection.hpp"

#include <functional>
#include <string>
#include <vector>

namespace app {

// `section`: "cardReader", for the words. Errors: invalid_input (names the key and what is
// expected).
base::Result<drivers::UsbWanted> wanted_usb_device(const std::string& section,
                                                   const std::vector<std::string>& usb_ids,
                                                   const std::string& port,
                                                   const std::string& serial);

// What a technician reads about a device.
struct UsbFinding {
    enum class State { ok, attention, fault } state;
    std::string text; // what is there, or what is wrong and what to do
};
// `name`: what it is called while it is not there; `until_then`: what residents do without it;
// `connected`: looks closer at one that is there.
UsbFinding find_words(const drivers::UsbReport& usb, const std::string& name,
                      const std::string& until_then, const std::function<UsbFinding()>& connected);

} // namespace app
