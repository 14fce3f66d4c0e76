// The name of a printer, as whatever is plugged in may give it: what is kept can be shown in a
// terminal.
#include "drivers/receipt_printer/usb_port.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto id = drivers::read_printer_id({bytes, size});
    for (const auto& text : {id.maker, id.model, to_string(id)})
        CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    return 0;
}
