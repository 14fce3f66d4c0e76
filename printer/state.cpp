#include "printer/state.hpp"

#include "kiosk/base/result.hpp"

#include <utility>

namespace printer {

std::string_view to_string(State state) {
    switch (state) {
    case State::absent: return "absent";
    case State::probing: return "probing";
    case State::ready: return "ready";
    case State::printing: return "printing";
    case State::paper_low: return "paper_low";
    case State::paper_out: return "paper_out";
    case State::cover_open: return "cover_open";
    case State::cutter: return "cutter";
    case State::hot: return "hot";
    case State::stalled: return "stalled";
    case State::dead: return "dead";
    }
    CHECK(false);
}

std::string_view resident_key(State state) {
    switch (state) {
    case State::probing:
    case State::ready:
    case State::printing:
    case State::paper_low: return "";
    case State::hot: return "printer.resident.wait";
    case State::paper_out: return "printer.resident.paper_out";
    case State::cover_open: return "printer.resident.cover_open";
    case State::absent:
    case State::cutter:
    case State::stalled:
    case State::dead: return "printer.resident.note_number";
    }
    CHECK(false);
}

std::string_view staff_key(State state) {
    switch (state) {
    case State::absent: return "printer.staff.absent";
    case State::probing: return "printer.staff.probing";
    case State::ready:
    case State::printing: return "";
    case State::paper_low: return "printer.staff.paper_low";
    case State::paper_out: return "printer.staff.paper_out";
    case State::cover_open: return "printer.staff.cover_open";
    case State::cutter: return "printer.staff.cutter";
    case State::hot: return "printer.staff.hot";
    case State::stalled: return "printer.staff.stalled";
    case State::dead: return "printer.staff.dead";
    }
    CHECK(false);
}

std::string_view state_key(State state) {
    switch (state) {
    case State::absent: return "printer.state.absent";
    case State::probing: return "printer.state.probing";
    case State::ready: return "printer.state.ready";
    case State::printing: return "printer.state.printing";
    case State::paper_low: return "printer.state.paper_low";
    case State::paper_out: return "printer.state.paper_out";
    case State::cover_open: return "printer.state.cover_open";
    case State::cutter: return "printer.state.cutter";
    case State::hot: return "printer.state.hot";
    case State::stalled: return "printer.state.stalled";
    case State::dead: return "printer.state.dead";
    }
    CHECK(false);
}

bool StateMachine::take_change() {
    return std::exchange(has_changed_, false);
}

void StateMachine::plugged(base::Milliseconds now) {
    if (is_plugged_) return;
    is_plugged_ = true;
    has_answered_ = false;
    status_ = {};
    plugged_at_ = now;
    derive(now);
}

void StateMachine::unplugged() {
    is_plugged_ = false;
    is_printing_ = false;
    derive(last_progress_);
}

void StateMachine::heard(const Status& status, base::Milliseconds now) {
    is_plugged_ = true;
    has_answered_ = true;
    status_ = status;
    derive(now);
}

void StateMachine::began_printing(base::Milliseconds now) {
    is_printing_ = true;
    last_progress_ = now;
    derive(now);
}

void StateMachine::took_bytes(base::Milliseconds now) {
    last_progress_ = now;
    derive(now);
}

void StateMachine::ended_printing() {
    is_printing_ = false;
    derive(last_progress_);
}

void StateMachine::tick(base::Milliseconds now) {
    derive(now);
}

// The worst first: a unit with an open cover also reports no paper.
void StateMachine::derive(base::Milliseconds now) {
    const auto worst = [&] {
        if (!is_plugged_) return State::absent;
        if (status_.has_unrecoverable_error) return State::dead;
        if (status_.has_cutter_error) return State::cutter;
        if (status_.is_cover_open) return State::cover_open;
        if (status_.paper == Paper::out) return State::paper_out;
        if (status_.is_recovering) return State::hot;
        // Offline without a reason, as the port says it of units that give none.
        if (has_answered_ && !status_.is_online) return State::stalled;
        if (is_printing_) {
            return now - last_progress_ >= stall_limit ? State::stalled : State::printing;
        }
        if (!has_answered_) {
            return now - plugged_at_ >= answer_limit ? State::stalled : State::probing;
        }
        return status_.paper == Paper::near_end ? State::paper_low : State::ready;
    }();
    if (worst == state_) return;
    state_ = worst;
    has_changed_ = true;
}

} // namespace printer
