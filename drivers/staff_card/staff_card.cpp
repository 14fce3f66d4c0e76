#include "drivers/staff_card/staff_card.hpp"

#include "drivers/staff_card/apdu.hpp"

#include <algorithm>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using base::SecretBytes;

Error as_error(const apdu::Status& status) {
    const bool is_foreign = status.meaning() == apdu::Meaning::not_ours;
    return {is_foreign ? Errc::unsupported : Errc::bad_frame,
            "staff card: answered " + status.text()};
}

} // namespace

StaffCard::StaffCard(CardChannel& channel, const base::Clock& clock, StaffCardLimits limits)
    : channel_(channel), clock_(clock), limits_(limits) {}

Result<P256Signature> StaffCard::sign(const base::Sha256& digest) {
    const auto data = TRY(ask_chosen(apdu::sign(digest)));
    return apdu::read_signature(TRY(apdu::read_response(data)));
}

Result<P256Secret> StaffCard::agree(const P256Point& point) {
    const auto data = TRY(ask_chosen(apdu::agree(point)));
    const auto answer = TRY(apdu::read_response(data));
    P256Secret secret;
    // SP 800-73-4 part 2, 3.2.4: the x coordinate, in its full width.
    if (answer.size() != secret.expose().size())
        return Error{Errc::bad_frame, "staff card: size of the secret"};
    std::copy(answer.begin(), answer.end(), secret.expose().begin());
    return secret;
}

Result<SecretBytes> StaffCard::ask_chosen(base::ByteView command) {
    deadline_ = clock_.now() + limits_.total;
    TRY(ask(apdu::select_application()));
    return ask(command);
}

// One command with everything that belongs to its answer.
Result<SecretBytes> StaffCard::ask(base::ByteView command) {
    SecretBytes data;
    auto status = TRY(ask_once(command, data));
    for (int round = 0; status.meaning() == apdu::Meaning::more_waits; ++round) {
        if (round == limits_.get_response_rounds)
            return Error{Errc::bad_frame, "staff card: never comes to an end"};
        status = TRY(ask_once(apdu::get_response(status.sw2), data));
    }
    if (status.meaning() != apdu::Meaning::done) return as_error(status);
    return data;
}

// Appends what was answered. A card that wants another Le gets it, once.
Result<apdu::Status> StaffCard::ask_once(base::ByteView command, SecretBytes& data) {
    auto bytes = TRY(transmit(command));
    auto answer = TRY(apdu::read_answer(bytes));
    if (answer.status.meaning() == apdu::Meaning::other_le) {
        bytes = TRY(transmit(apdu::with_le(command, answer.status.sw2)));
        answer = TRY(apdu::read_answer(bytes));
    }
    data.insert(data.end(), answer.data.begin(), answer.data.end());
    return answer.status;
}

Result<SecretBytes> StaffCard::transmit(base::ByteView command) {
    if (clock_.now() >= deadline_) return Error{Errc::timed_out, "staff card: total limit"};
    return channel_.transmit(command);
}

} // namespace drivers
