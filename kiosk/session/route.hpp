// Where `forward` and `backward` lead: the form's path decides, the table only says that it does.
#pragma once

#include "kiosk/session/session.hpp"

namespace session {

// Sets the visit's field and returns the step that asks it. `forward` may also refuse to leave the
// step (a fault is set) or end the matter (a refusal is set).
Step forward(Session& session, const World& world);
Step backward(Session& session, const World& world);

// The step that asks for a field of this kind.
Step step_for(const Visit& visit, const forms::Field& field);

} // namespace session
