// Hostile picture files: decode_picture either refuses or gives a picture whose rows are all there.
#include "kiosk/base/picture.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto picture = base::decode_picture({data, size});
    if (!picture) return 0;
    CHECK(picture->width > 0 && picture->height > 0);
    CHECK(picture->channels == 1 || picture->channels == 3);
    CHECK(picture->pixels.size() == picture->row_bytes() * std::size_t(picture->height));
    return 0;
}
