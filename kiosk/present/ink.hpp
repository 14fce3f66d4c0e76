// Strokes of a finger become the picture of a signature: black ink on white ground.
//
// The picture is personal: its file lies in the locked arena, and the pixels used on the way are
// overwritten before the call ends.
#pragma once

#include "kiosk/session/session.hpp"

namespace present {

// chosen: the board on the glass is about two to one; 1200 pixels are 300 dpi on a 100 mm line.
inline constexpr int ink_width = 1200;
inline constexpr int ink_height = 600;

// A PNG, its small preview and the number of strokes. Strokes without a point are not counted.
// Errors: invalid_input (no stroke), io (the picture could not be written).
base::Result<session::SignatureInput> draw_ink(const session::Strokes& strokes);

} // namespace present
