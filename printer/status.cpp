#include "printer/status.hpp"

#include <tuple>

namespace printer {
namespace {

bool has(std::uint8_t byte, int bits) {
    return (byte & bits) != 0;
}

} // namespace

base::Result<Status> read_status(std::span<const std::uint8_t, 4> answers) {
    for (const std::uint8_t answer : answers) {
        if ((answer & 0x93) != 0x12) {
            return base::Error{base::Errc::bad_frame, "printer status: fixed bits are wrong"};
        }
    }
    const auto [unit, offline, error, roll] =
        std::tuple{answers[0], answers[1], answers[2], answers[3]};
    Status status;
    status.is_online = !has(unit, 0x08);
    status.is_cover_open = has(offline, 0x04);
    status.is_feeding_by_button = has(offline, 0x08);
    status.has_cutter_error = has(error, 0x08);
    status.has_unrecoverable_error = has(error, 0x20);
    // Waiting for online recovery counts as recovering: the next answer says how it went.
    status.is_recovering = has(error, 0x40) || has(unit, 0x20);
    if (has(roll, 0x60) || has(offline, 0x20)) {
        status.paper = Paper::out;
    } else if (has(roll, 0x0C)) {
        status.paper = Paper::near_end;
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
