// Hostile receipt documents: refused, or within the limits the layout counts on.
#include "kiosk/base/check.hpp"
#include "printer/document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto document = printer::read_document({data, size});
    if (document) CHECK(document->blocks.size() <= printer::block_limit + 1); // a cut is added
    return 0;
}
