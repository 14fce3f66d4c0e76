// The dialogue with a SAM module as a table: where it stands, what the module can say, where that
// leads, whose trouble it is, and how long each answer may take. No I/O; SamReader walks it.
//
// The order is the module's own: find, select, read (spec id-card-reader §3). What no row lists
// means the same in every state. The properties at the bottom are proved when this header is
// compiled.
#pragma once

#include "drivers/card_reader/frame.hpp"
#include "kiosk/base/clock.hpp"

#include <array>
#include <string_view>

namespace drivers {

// Defaults proposed by spec id-card-reader §3: the limits seen in public drivers range from 100 ms
// (too tight) to 5 s.
struct SamLimits {
    base::Milliseconds short_reply{1000}; // status, id, find, select
    base::Milliseconds read_reply{5000};  // text and photo travel over the radio first
    base::Milliseconds presence_reply{1500};
    base::Milliseconds poll{300};      // between two looks for a card
    base::Milliseconds quiet{150};     // chosen: no byte for so long means the pipe is drained
    base::Milliseconds drain{2000};    // chosen: a pipe that never falls quiet is a fault
    base::Milliseconds write{1000};    // 10 bytes
    base::Milliseconds start_up{3000}; // chosen: status requests until the module is ready
};

enum class SamState : std::uint8_t {
    absent,    // there is no wire
    starting,  // is the module ready? asked again until it is, at most SamLimits::start_up
    looking,   // is a card there that was not read yet?
    selecting, // one is: choose it
    reading,   // text and photo
    watching,  // does the card that was read still lie there?
    resyncing, // out of step: the pipe is drained, then the module's number is the mark to begin at
};

// What a request brought.
enum class SamHeard : std::uint8_t {
    ok,
    found,
    no_content,
    no_card,
    put_back,
    not_readable_here,
    out_of_step, // the module says so, or answers with a byte that nobody knows
    reader_fault,
    silent,  // no whole answer within the limit
    damaged, // checksum or length wrong
    gone,    // the wire is not there any more
};

// Whose trouble it is, and so what to do (spec id-card-reader §2).
enum class SamTrouble : std::uint8_t {
    none,
    retry,             // the person lifts the card and lays it down again
    not_readable_here, // one retry, then another way; never the person's fault
    resync,            // begin again from find; nobody is asked
    reader_fault,      // out of service, staff are told
    unplugged,         // looked for again
};

struct SamStep {
    SamState state;
    Request request;
    base::Milliseconds SamLimits::*limit;
};

// One row for each state that asks for something.
inline constexpr std::array sam_steps{
    SamStep{SamState::starting, Request::status, &SamLimits::short_reply},
    SamStep{SamState::looking, Request::find, &SamLimits::short_reply},
    SamStep{SamState::selecting, Request::select, &SamLimits::short_reply},
    SamStep{SamState::reading, Request::read, &SamLimits::read_reply},
    SamStep{SamState::watching, Request::presence, &SamLimits::presence_reply},
    SamStep{SamState::resyncing, Request::sam_id, &SamLimits::short_reply},
};

struct SamMove {
    SamState from;
    SamHeard on;
    SamState to;
    SamTrouble trouble;
};

inline constexpr std::array sam_moves{
    SamMove{SamState::starting, SamHeard::ok, SamState::looking, SamTrouble::none},
    SamMove{SamState::starting, SamHeard::found, SamState::starting, SamTrouble::resync},
    SamMove{SamState::starting, SamHeard::no_content, SamState::starting, SamTrouble::resync},
    SamMove{SamState::starting, SamHeard::no_card, SamState::starting, SamTrouble::resync},
    SamMove{SamState::starting, SamHeard::put_back, SamState::starting, SamTrouble::resync},
    SamMove{SamState::starting, SamHeard::not_readable_here, SamState::starting,
            SamTrouble::resync},
    SamMove{SamState::starting, SamHeard::out_of_step, SamState::starting, SamTrouble::resync},
    SamMove{SamState::starting, SamHeard::silent, SamState::starting, SamTrouble::resync},
    SamMove{SamState::starting, SamHeard::damaged, SamState::starting, SamTrouble::resync},
    // A self-test under way: it may yet become ready.
    SamMove{SamState::starting, SamHeard::reader_fault, SamState::starting,
            SamTrouble::reader_fault},

    SamMove{SamState::looking, SamHeard::found, SamState::selecting, SamTrouble::none},
    SamMove{SamState::looking, SamHeard::no_card, SamState::looking, SamTrouble::none},

    SamMove{SamState::selecting, SamHeard::ok, SamState::reading, SamTrouble::none},
    SamMove{SamState::selecting, SamHeard::no_card, SamState::looking, SamTrouble::retry},

    SamMove{SamState::reading, SamHeard::ok, SamState::looking, SamTrouble::none}, // a card
    SamMove{SamState::reading, SamHeard::no_card, SamState::looking, SamTrouble::retry},
    SamMove{SamState::reading, SamHeard::no_content, SamState::looking,
            SamTrouble::not_readable_here},

    // The answer about new addresses: with some or without, the card lies there. Whatever a module
    // says that has lost its card, "wrong order" included, it is gone.
    SamMove{SamState::watching, SamHeard::ok, SamState::looking, SamTrouble::none},
    SamMove{SamState::watching, SamHeard::no_content, SamState::looking, SamTrouble::none},
    SamMove{SamState::watching, SamHeard::no_card, SamState::looking, SamTrouble::none},
    SamMove{SamState::watching, SamHeard::put_back, SamState::looking, SamTrouble::none},
    SamMove{SamState::watching, SamHeard::not_readable_here, SamState::looking, SamTrouble::none},
    SamMove{SamState::watching, SamHeard::out_of_step, SamState::looking, SamTrouble::none},

    SamMove{SamState::resyncing, SamHeard::ok, SamState::looking, SamTrouble::none},
    // It cannot be brought back into step: let go of the wire and begin with it anew.
    SamMove{SamState::resyncing, SamHeard::silent, SamState::absent, SamTrouble::resync},
    SamMove{SamState::resyncing, SamHeard::damaged, SamState::absent, SamTrouble::resync},
};

// The same in every state that has no row of its own above.
inline constexpr std::array sam_moves_anywhere{
    SamMove{{}, SamHeard::ok, SamState::resyncing, SamTrouble::resync},    // an answer to
    SamMove{{}, SamHeard::found, SamState::resyncing, SamTrouble::resync}, // another request
    SamMove{{}, SamHeard::no_content, SamState::resyncing, SamTrouble::resync},
    SamMove{{}, SamHeard::no_card, SamState::resyncing, SamTrouble::resync},
    SamMove{{}, SamHeard::put_back, SamState::looking, SamTrouble::retry},
    SamMove{{}, SamHeard::not_readable_here, SamState::looking, SamTrouble::not_readable_here},
    SamMove{{}, SamHeard::out_of_step, SamState::resyncing, SamTrouble::resync},
    SamMove{{}, SamHeard::silent, SamState::resyncing, SamTrouble::resync},
    SamMove{{}, SamHeard::damaged, SamState::resyncing, SamTrouble::resync},
    SamMove{{}, SamHeard::reader_fault, SamState::looking, SamTrouble::reader_fault},
    SamMove{{}, SamHeard::gone, SamState::absent, SamTrouble::unplugged},
};

constexpr const SamMove& sam_move(SamState from, SamHeard on) {
    for (const auto& move : sam_moves)
        if (move.from == from && move.on == on) return move;
    for (const auto& move : sam_moves_anywhere)
        if (move.on == on) return move;
    CHECK(false);
}

constexpr const SamStep& sam_step(SamState state) {
    for (const auto& step : sam_steps)
        if (step.state == state) return step;
    CHECK(false);
}

// What an answer of the module says in this table.
SamHeard sam_heard(Answer answer);

std::string_view to_string(SamState state);
std::string_view to_string(SamTrouble trouble);

// ---- properties ----

namespace sam_properties {

inline constexpr auto states = SamState::resyncing;
inline constexpr auto heards = SamHeard::gone;

template <class Holds> constexpr bool everywhere(Holds holds) {
    for (int state = 0; state <= int(states); ++state)
        for (int heard = 0; heard <= int(heards); ++heard)
            if (!holds(SamState(state), SamHeard(heard))) return false;
    return true;
}

constexpr bool every_state_with_a_wire_asks_within_a_limit() {
    for (int state = int(SamState::starting); state <= int(states); ++state) {
        int rows = 0;
        for (const auto& step : sam_steps)
            rows += step.state == SamState(state) && step.limit != nullptr ? 1 : 0;
        if (rows != 1) return false;
    }
    return true;
}

constexpr bool every_answer_leads_somewhere() {
    for (int heard = 0; heard <= int(heards); ++heard) {
        bool is_listed = false;
        for (const auto& move : sam_moves_anywhere)
            is_listed = is_listed || move.on == SamHeard(heard);
        if (!is_listed) return false;
    }
    return true;
}

constexpr bool rows_are_unambiguous() {
    for (std::size_t i = 0; i < sam_moves.size(); ++i)
        for (std::size_t k = i + 1; k < sam_moves.size(); ++k)
            if (sam_moves[i].from == sam_moves[k].from && sam_moves[i].on == sam_moves[k].on)
                return false;
    return true;
}

// A read without find and select fails, so nothing else leads there.
constexpr bool find_select_read_in_this_order_alone() {
    return everywhere([](SamState from, SamHeard on) {
        const auto to = sam_move(from, on).to;
        if (to == SamState::selecting) return from == SamState::looking && on == SamHeard::found;
        if (to == SamState::reading) return from == SamState::selecting && on == SamHeard::ok;
        return true;
    });
}

constexpr bool whatever_is_gone_is_looked_for_again() {
    return everywhere([](SamState from, SamHeard on) {
        return on != SamHeard::gone || sam_move(from, on).to == SamState::absent;
    });
}

// Nobody is asked for a card before the module said that it is ready.
constexpr bool a_module_is_ready_before_it_is_asked() {
    return everywhere([](SamState from, SamHeard on) {
        const auto to = sam_move(from, on).to;
        if (from != SamState::starting) return true;
        return to == SamState::starting || to == SamState::absent ||
               (to == SamState::looking && on == SamHeard::ok);
    });
}

// After silence or damage nothing is asked about a card before the module is in step again.
constexpr bool nothing_is_asked_out_of_step() {
    return everywhere([](SamState from, SamHeard on) {
        if (on != SamHeard::silent && on != SamHeard::damaged) return true;
        const auto to = sam_move(from, on).to;
        return to == SamState::resyncing || to == SamState::absent || to == SamState::starting;
    });
}

} // namespace sam_properties

static_assert(sam_properties::every_state_with_a_wire_asks_within_a_limit());
static_assert(sam_properties::every_answer_leads_somewhere());
static_assert(sam_properties::rows_are_unambiguous());
static_assert(sam_properties::find_select_read_in_this_order_alone());
static_assert(sam_properties::whatever_is_gone_is_looked_for_again());
static_assert(sam_properties::a_module_is_ready_before_it_is_asked());
static_assert(sam_properties::nothing_is_asked_out_of_step());

} // namespace drivers
