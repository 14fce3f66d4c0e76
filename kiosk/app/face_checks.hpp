// Face checks as the core sees them: one at a time, each for one session.
#pragma once

#include "kiosk/present/facts.hpp"
#include "kiosk/session/session.hpp"

#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

namespace app {

// Whose face is compared, and with what.
struct FaceSubject {
    session::Ticket ticket = 0;
    std::shared_ptr<const base::SecretBytes> chip_photo; // not null
    std::optional<int> age;                              // full years
};

// What one look at the camera brought.
struct FaceLook {
    present::FaceFacts shown;
    std::optional<session::Input> ended; // face_passed or face_ended: there is nothing more to see
};

class FaceChecks {
public:
    virtual ~FaceChecks() = default;

    // Any thread.
    virtual bool is_ready() const = 0;                        // models and a calibration are there
    virtual bool has_tries(session::Ticket ticket) const = 0; // of the three of a session
    virtual std::uint64_t frames_taken() const = 0;           // by the face camera, since start
    virtual std::string_view model() const = 0;               // what compares; of is_ready()

    // The face worker's thread from here on.
    // Decodes the photo, opens the camera. What was open before is ended.
    virtual base::Result<void> begin(const FaceSubject& subject, std::stop_token stop) = 0;
    // After begin(): waits for a frame and looks at it.
    virtual FaceLook look() = 0;
    // Closes the camera and overwrites everything. Ending what has ended does nothing.
    virtual void end() = 0;
};

} // namespace app
