// Which endpoints of a device carry its bytes, read from its descriptors and never from constants.
//
// Readers of one make come in two forms, and with other endpoint numbers, other revisions and extra
// interfaces (spec id-card-reader §4, usb-emulation §6.10).
#pragma once

#include "drivers/usb/usb_bus.hpp"

#include <optional>

namespace drivers {

enum class PipeForm {
    two_pipes,  // one endpoint each way, a stream of bytes
    four_pipes, // two each way: the first seven bytes of a frame on one, the rest on the other
    one_pipe,   // towards the device only: it says nothing
};
std::string_view to_string(PipeForm form); // "two pipes"

struct Pipes {
    std::uint8_t interface_number = 0;
    PipeForm form = PipeForm::two_pipes;
    UsbEndpoint out, in;           // the stream, or the first bytes of a frame
    UsbEndpoint out_rest, in_rest; // four pipes only
};

// `class_code`: an interface of this class only; none: the vendor's own is taken first, then any
// other except human interface devices, whose wire format is unknown. Bulk endpoints before
// interrupt ones; of several, the lowest number comes first (deduction: 02 before 06 in every
// reader seen). Nothing when no interface has both directions.
//
// Printers (class 7): bulk only, and never four pipes. A two-way interface (protocol 2) before any
// other that has both directions, then one pipe; never one whose bytes are wrapped (protocol 3,
// IEEE 1284.4; 4, IPP). Source: spec receipt-printer §6.
std::optional<Pipes> choose_pipes(const UsbDevice& device,
                                  std::optional<std::uint8_t> class_code = std::nullopt);

} // namespace drivers
