// Hostile cameras: whatever was agreed and whatever came, a frame is refused or has the agreed
// size.
#include "drivers/camera/frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Eight bytes of what was agreed, then the frame.
    constexpr std::size_t head = 8;
    if (size < head) return 0;
    const auto pair = [data](int at) { return data[at] + 256 * data[at + 1]; };
    drivers::FrameForm form;
    form.format = drivers::FrameFormat(data[0] % 3);
    form.full_range = data[1] % 2 != 0;
    form.width = pair(2);
    form.height = pair(4);
    form.row_bytes = pair(6);
    if (!drivers::check_form(form)) return 0;
    if (std::size_t(form.width) * std::size_t(form.height) > 1'000'000) return 0; // slow, not new
    const auto frame = drivers::decode_frame(form, {data + head, size - head});
    if (!frame) return 0;
    CHECK(frame->width == form.width && frame->height == form.height && frame->channels == 3);
    CHECK(frame->pixels.size() == frame->row_bytes() * std::size_t(frame->height));
    return 0;
}
