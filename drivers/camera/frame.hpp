// What a camera's bytes mean: one frame of a stream, as it came from the wire, becomes a picture.
// No I/O. The bytes are a stranger's: whatever they are, the answer is a picture of exactly the
// size that was agreed with the camera, or an Error in words.
//
// Source: the kernel's userspace API, "Image Formats" (MJPEG, YUYV, NV12) and "Colorspaces".
#pragma once

#include "kiosk/base/picture.hpp"

namespace drivers {

enum class FrameFormat { mjpeg, yuyv, nv12 };
std::string_view to_string(FrameFormat format); // "MJPEG", "YUYV", "NV12"

// What was agreed with the camera before its first frame.
struct FrameForm {
    FrameFormat format = FrameFormat::mjpeg;
    int width = 0;
    int height = 0;
    int row_bytes = 0;       // of the first plane, YUYV and NV12; at least what the width needs
    bool full_range = false; // YUYV and NV12: 0 to 255; else 16 to 235
};

// A frame no larger than a picture may be, with rows that hold its width. Errors: invalid_input
// (no size, odd where two pixels share their colour, rows too short), too_large (over
// picture_pixel_limit).
base::Result<void> check_form(const FrameForm& form);
// How many bytes a whole frame has; 0 for MJPEG, whose frames differ.
std::size_t frame_bytes(const FrameForm& form);

// `form` as check_form takes it (CHECK). Memory stays within the picture and one strip of rows: a
// JPEG of another size, or one that would have to be kept whole (progressive), is refused before
// anything is decoded. Bytes between two markers, which cameras pad with, are no damage.
// Errors: corrupt (damaged, cut off, no JPEG, too few bytes), unsupported (a kind of JPEG that no
// camera stream has), invalid_input (another size than agreed).
base::Result<base::Picture> decode_frame(const FrameForm& form, base::ByteView bytes);

} // namespace drivers
