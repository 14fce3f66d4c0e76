// How a printer is, as one word that screens, staff pages and logs share.
//
// Pure: what was heard and how long ago the printer took its last byte go in, a state comes out.
// Times are the caller's.
#pragma once

#include "kiosk/base/clock.hpp"
#include "printer/status.hpp"

#include <string_view>

namespace printer {

enum class State {
    absent,    // no cable, or switched off
    probing,   // there, has not answered yet
    ready,     // would print now
    printing,  // takes a receipt
    paper_low, // ready, the roll ends soon
    paper_out,
    cover_open,
    cutter,  // stuck: staff clears the jam
    hot,     // or recovering from something else by itself
    stalled, // takes nothing and does not say why
    dead,    // unrecoverable: switch it off and on
};
std::string_view to_string(State state);

// Names of the words for people; content holds the texts.
std::string_view resident_key(State state); // "printer.resident.paper_out"; empty where all is well
std::string_view staff_key(State state);    // what to do: "printer.staff.cutter"; empty: nothing
std::string_view state_key(State state);    // its name: "printer.state.cutter"

// Limits. A printer that takes nothing for so long while it says that all is well has stalled.
// Chosen below the second in which a resident should see it.
inline constexpr base::Milliseconds stall_limit{900};
// It said nothing to a question for so long: it is there and mute.
inline constexpr base::Milliseconds answer_limit{500};

class StateMachine {
public:
    State state() const { return state_; }
    // True once after each change.
    bool take_change();

    void plugged(base::Milliseconds now);
    void unplugged();
    void heard(const Status& status, base::Milliseconds now);
    void began_printing(base::Milliseconds now);
    void took_bytes(base::Milliseconds now);
    void ended_printing();
    // Time passes without news.
    void tick(base::Milliseconds now);

private:
    void derive(base::Milliseconds now);

    State state_ = State::absent;
    bool has_changed_ = false;
    bool is_plugged_ = false;
    bool is_printing_ = false;
    bool has_answered_ = false;
    Status status_;
    base::Milliseconds last_progress_{0};
    base::Milliseconds plugged_at_{0};
};

} // namespace printer
