// The kiosk's own drawings: flat shapes in role colours, after the mock-ups in the design.
// Never mirrored: they show things as they stand in front of the person.
#pragma once

#include "screens/canvas.hpp"

namespace screens {

// Each is drawn as large as fits into the middle of the area.
void draw_bring_card(Canvas& canvas, const Rect& area);
void draw_answer_questions(Canvas& canvas, const Rect& area);
void draw_receipt_slip(Canvas& canvas, const Rect& area);

enum class CardMove { lay_down, lift };
void draw_lay_card(Canvas& canvas, const Rect& area, CardMove move);

// The photo on the card beside the photo taken now, and a bin: compared, then gone.
void draw_two_photos(Canvas& canvas, const Rect& area);

// The slip that comes out below, with an arrow on each side.
void draw_take_receipt(Canvas& canvas, const Rect& area);

// A quiet band; only where nobody is in a visit (design README §4).
void draw_lattice(Canvas& canvas, const Rect& area);

// Where the rectangle lies on the glass, for drawing under Canvas::Unmirrored.
Rect on_glass(const Canvas& canvas, const Rect& rect);

} // namespace screens
