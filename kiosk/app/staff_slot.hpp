// The slot for staff cards, as the kiosk sees it: looks at the reader all the time, finds out whose
// card is in it, has card and PIN checked; says how things stand as one value (staff::Standing).
//
// Owned and called by the UI's thread and never waits: the reader and staff::Authenticator work on
// the staff worker, which answers through a mailbox. Pulling the card ends whatever was going on;
// an answer that comes after that is for nobody.
#pragma once

#include "drivers/staff_card/staff_card_reader.hpp"
#include "kiosk/app/worker.hpp"
#include "kiosk/base/event_stream.hpp"
#include "kiosk/base/log.hpp"
#include "kiosk/base/secret.hpp"
#include "kiosk/staff/authenticator.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <variant>

namespace app {

class StaffSlot {
public:
    // Chosen: longer than any card takes that works. Before each lies the look under way, which
    // hears within a second that it is to stop. Who a card is: connecting and one signature, at
    // most 8 s (drivers::StaffCardLimits). A check: two signatures, one agreement, half a second
    // for the PIN's verifier and some durable rows; where each operation takes half of what the
    // driver allows, 15 s.
    static constexpr base::Milliseconds identify_limit{10'000};
    static constexpr base::Milliseconds check_limit{20'000};

    // Chosen: a worker whose box is full waits for a card that hangs; asked again without haste.
    static constexpr base::Milliseconds try_interval{1000};

    // All references outlive the slot, and the worker's thread ends before it does. `patience`: how
    // long one look at the reader may take; zero where jobs run on the caller's thread.
    struct Parts {
        const base::Clock& clock;
        base::Log& log;
        base::EventStream& events;
        drivers::StaffCardReader& reader;
        staff::Authenticator& authenticator;
        staff::DeskState& state;
        Worker& worker;
        base::Milliseconds patience{1000};
    };
    explicit StaffSlot(Parts parts);

    // Takes what arrived and what time brings, looks again. True when the standing changed.
    bool turn();
    base::MonotonicTime next_wake() const;
    // Answers that came in while somebody else sleeps. Set before the first turn.
    void on_arrival(std::function<void()> wake) { arrivals_.on_post = std::move(wake); }

    const staff::Standing& standing() const { return standing_; }

    // Card and PIN are checked; the answer comes with take_checked(). False: no card in the slot
    // speaks for anybody now, another check is under way, or the worker takes nothing more; the
    // standing says so, and whoever typed the PIN is asked again when it can be checked.
    bool check(staff::Purpose purpose, const base::SecretText& pin);
    // The enrolment code, in the same way.
    bool check_code(const base::SecretText& code);
    // Nobody waits for the check under way any more; the PIN is wiped wherever it waits, and what
    // was wrong with the last one is forgotten.
    void forget();

    struct Checked {
        std::variant<staff::Confirmed, staff::Refusal> answer;
    };
    // The answer to the last check, once.
    std::optional<Checked> take_checked() { return std::exchange(checked_, std::nullopt); }

    // Who was confirmed when nobody waited for it any more, once: it stands in the audit chain.
    std::optional<staff::Confirmed> take_dropped() { return std::exchange(dropped_, std::nullopt); }

    // The staff list changed: whose card is it now?
    void ask_again();
    // For whatever else works with the authenticator: behind what is under way, before the next
    // look at the reader. False: not taken, the worker has more waiting than it may hold.
    [[nodiscard]] bool on_worker(Job job);

private:
    struct Looked {
        drivers::StaffCardPlace place;
    };
    struct Identified {
        std::uint64_t change = 0; // of the place it was asked at
        std::variant<staff::CardHolder, staff::Refusal> answer;
    };
    struct Answered {
        bool is_code = false;
        std::variant<staff::Confirmed, staff::Refusal> answer;
    };
    using Arrival = std::variant<Looked, Identified, Answered>;

    void look();
    void identify();
    void take(Looked looked);
    void take(Identified identified);
    void take(Answered answered);
    void take_deadline();
    void show(staff::Standing standing);
    void show_not_taken();
    void show_problem(staff::Problem problem);
    void show_refusal(const staff::Refusal& refusal);
    void show_holder();
    void note_gone();
    void drop(std::optional<Checked> checked);
    void count_deed(const std::variant<staff::Confirmed, staff::Refusal>& answer);
    bool is_card_in() const { return place_.state == drivers::StaffCardPlace::State::one_card; }

    Parts parts_;
    // Holds every answer there can be: one look, one identify(), one check.
    base::Mailbox<Arrival> arrivals_{16};
    staff::Standing standing_;
    drivers::StaffCardPlace place_;
    std::optional<staff::CardHolder> holder_;
    staff::PinSlot pin_;
    std::stop_source look_stop_;
    bool is_looking_ = false;
    base::MonotonicTime next_try_{};  // of a look or an identify() that the worker did not take
    bool must_ask_ = false;           // there was such an identify()
    bool is_asking_ = false;          // identify() is under way
    bool is_checking_ = false;        // check() or check_code() is under way
    bool is_waited_for_ = false;      // its answer
    base::MonotonicTime silent_at_{}; // when what is under way is called silent
    bool changed_ = false;
    std::optional<Checked> checked_;
    std::optional<staff::Confirmed> dropped_;
};

} // namespace app
