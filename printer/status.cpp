#include "printer/status.hpp"

#include "printer/answers.hpp"

namespace printer {

base::Result<Status> read_status(std::span<const std::uint8_t, 4> answers,
                                 bool near_end_is_inverted) {
    Status status;
    for (int question = 1; question <= 4; ++question) {
        TRY(take_real_time(status, question, answers[std::size_t(question) - 1],
                           near_end_is_inverted));
    }
    return status;
}

base::Result<void> check_ready(const Status& status) {
    using base::Errc;
    if (status.has_unrecoverable_error) {
        return base::Error{Errc::device, "printer: unrecoverable error, switch it off and on"};
    }
    if (status.has_cutter_error) return base::Error{Errc::device, "printer: cutter is stuck"};
    if (status.is_cover_open) return base::Error{Errc::cover_open, "printer: cover is open"};
    if (status.paper == Paper::out) return base::Error{Errc::paper_out, "printer: no paper"};
    if (status.is_recovering) return base::Error{Errc::busy, "printer: recovering by itself"};
    if (status.is_feeding_by_button)
        return base::Error{Errc::busy, "printer: somebody feeds paper"};
    if (!status.is_online)
        return base::Error{Errc::device, "printer: offline, it does not say why"};
    return {};
}

} // namespace printer
