// Any four bytes as a printer's status answers.
#include "kiosk/base/check.hpp"
#include "printer/status.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size != 4) return -1; // not worth keeping
    const auto status = printer::read_status(std::span<const std::uint8_t, 4>(data, 4));
    if (status) (void)printer::check_ready(*status).has_value();
    return 0;
}
