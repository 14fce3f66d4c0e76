// What somebody asks of the platform without a form, on the network worker: the question as a
// value, and the answer as the session hears it.
#pragma once

#include "kiosk/app/submitter.hpp"
#include "kiosk/platform/client.hpp"
#include "kiosk/session/session.hpp"

namespace app {

// What Session::enquiry asks now, without the session.
struct Question {
    enum class Kind { status, withdrawal, todos };
    Kind kind = Kind::status;
    std::uint64_t serial = 0;
    std::string number;
    platform::StatusProof proof;
    std::string withdrawal;
};

// CHECKs that there is an enquiry.
Question question_of(const session::Session& session);

// Asks and waits, at most platform::Client's 3 s for each exchange: one, or for a withdrawal two,
// because the state after it is asked. A number that the platform does not know and that still
// waits in this kiosk's own queue is "received here, will be sent"; so is one where the platform
// cannot be reached. Nothing but that is told from the queue.
session::Input answer_to(const Question& question, platform::Client& client, Submitter& submitter);

} // namespace app
