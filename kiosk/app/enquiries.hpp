// What is asked of the platform while somebody waits, on a worker of its own: without a form, or
// for one before it is filled in. The question as a value, and the answer as the session hears it.
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
    // Of a withdrawal: what it names, and the state as it was before.
    std::string withdrawal;
    std::optional<session::RequestStatus> status;
};

// CHECKs that there is an enquiry.
Question question_of(const session::Session& session);

// Asks and waits, at most platform::question_limit for each exchange: one, or for a withdrawal two,
// because the state after it is asked; the session waits a little longer than both. A number that
// the platform does not know and that still waits in this kiosk's own queue is "received here, will
// be sent"; so is one where the platform cannot be reached. One that was set aside there is
// refused, with the reason (G20). Nothing but that is told from the queue. Returns at once when
// `stop` is requested, with an answer that is for nobody.
session::Input answer_to(const Question& question, platform::Client& client, Submitter& submitter,
                         const std::stop_token& stop);

// What the platform holds of the person, for the form of this visit.
struct PrefillAsked {
    std::uint64_t serial = 0;
    platform::PrefillQuestion question;
};

// CHECKs that there is a visit with a card.
PrefillAsked prefill_asked(const session::Session& session, const session::World& world);

// Asks and waits, at most platform::question_limit. Returns at once when `stop` is requested, with
// an answer that is for nobody.
session::Input answer_to(const PrefillAsked& asked, platform::Client& client,
                         const std::stop_token& stop);

} // namespace app
