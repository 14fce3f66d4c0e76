#include "kiosk/app/staff_slot.hpp"

#include "kiosk/staff/day_counts.hpp"

#include <algorithm>

namespace app {

using namespace std::chrono_literals;
namespace {

using drivers::StaffCardPlace;
using staff::Problem;
using staff::Standing;

constexpr base::MonotonicTime never = base::MonotonicTime::max();

// After these the same card may be tried again with another PIN, for another purpose, or in a
// moment; after all others it has to be taken out, or time has to pass.
bool may_try_again(Problem problem) {
    switch (problem) {
    case Problem::wrong_pin:
    case Problem::not_allowed:
    case Problem::not_recorded: return true;
    case Problem::several_cards:
    case Problem::foreign_card:
    case Problem::unknown_card:
    case Problem::card_silent:
    case Problem::card_removed:
    case Problem::no_roster:
    case Problem::roster_expired:
    case Problem::locked: return false;
    }
    return false;
}

} // namespace

StaffSlot::StaffSlot(Parts parts) : parts_(parts), silent_at_(never) {}

// ---- one turn ----

bool StaffSlot::turn() {
    const auto take_all = [this] {
        while (auto arrival = arrivals_.try_take())
            std::visit([this](auto& each) { take(std::move(each)); }, *arrival);
    };
    take_all();
    take_deadline();
    if (parts_.clock.now() >= next_try_) {
        if (must_ask_) identify();
        if (!is_looking_) look();
    }
    take_all(); // what a worker that runs inline answered
    return std::exchange(changed_, false);
}

base::MonotonicTime StaffSlot::next_wake() const {
    auto wake = is_asking_ || is_checking_ ? silent_at_ : never;
    if (standing_.problem == Problem::locked) wake = std::min(wake, standing_.unlock_at);
    // Passed already: a worker on the caller's thread looks whenever it is turned, and wakes
    // nobody.
    const bool is_to_come = next_try_ > parts_.clock.now();
    if (is_to_come && (must_ask_ || !is_looking_)) wake = std::min(wake, next_try_);
    return wake;
}

void StaffSlot::take_deadline() {
    const auto now = parts_.clock.now();
    if ((is_asking_ || is_checking_) && now >= silent_at_) {
        // The job goes on and ends by itself; nobody waits for it any longer.
        silent_at_ = never;
        is_waited_for_ = false;
        pin_.wipe();
        if (is_card_in()) show_problem(Problem::card_silent);
    }
    if (standing_.problem == Problem::locked && now >= standing_.unlock_at) ask_again();
}

// ---- the staff worker ----

bool StaffSlot::on_worker(Job job) {
    look_stop_.request_stop(); // somebody waits: the look at the reader can go on afterwards
    if (parts_.worker.post(std::move(job))) return true;
    parts_.events.fault("staff_reader", base::Errc::busy);
    return false;
}

void StaffSlot::look() {
    look_stop_ = {};
    is_looking_ = parts_.worker.post(
        [this, last = place_, wanted = look_stop_.get_token()](std::stop_token ended) {
            std::stop_source stop;
            const std::stop_callback by_us(wanted, [&stop] { stop.request_stop(); });
            const std::stop_callback by_worker(ended, [&stop] { stop.request_stop(); });
            auto place = last;
            do {
                parts_.authenticator.look_for_enrolment_code();
                place = parts_.reader.look(last, parts_.patience, stop.get_token());
            } while (place == last && parts_.patience > 0ms && !stop.stop_requested());
            if (!arrivals_.post(Looked{place})) parts_.log.write(base::LogEvent::mailbox_full);
        });
    if (!is_looking_) next_try_ = parts_.clock.now() + try_interval;
}

void StaffSlot::identify() {
    is_asking_ = on_worker([this, change = place_.change](std::stop_token) {
        Identified identified{change, parts_.authenticator.identify(parts_.reader)};
        if (!arrivals_.post(std::move(identified))) parts_.log.write(base::LogEvent::mailbox_full);
    });
    must_ask_ = !is_asking_;
    if (must_ask_) return show_not_taken();
    silent_at_ = parts_.clock.now() + identify_limit;
    Standing standing;
    standing.state = Standing::State::reading;
    show(std::move(standing));
}

// What holds the worker up is a card that does not answer; whoever stands here reads so until the
// worker takes orders again.
void StaffSlot::show_not_taken() {
    next_try_ = parts_.clock.now() + try_interval;
    holder_.reset();
    show_problem(Problem::card_silent);
}

bool StaffSlot::check(staff::Purpose purpose, const base::SecretText& pin) {
    if (!holder_) return false;
    if (is_checking_) { // the enrolment code, or a check that nobody waits for any more
        must_ask_ = true;
        show_not_taken();
        return false;
    }
    checked_.reset();
    pin_.put(pin);
    is_checking_ = is_waited_for_ = on_worker([this, purpose, holder = *holder_](std::stop_token) {
        Answered answered{false,
                          parts_.authenticator.confirm(parts_.reader, holder, pin_, purpose)};
        pin_.wipe();
        count_deed(answered.answer);
        if (!arrivals_.post(std::move(answered))) parts_.log.write(base::LogEvent::mailbox_full);
    });
    if (!is_checking_) {
        pin_.wipe();
        must_ask_ = true;
        show_not_taken();
        return false;
    }
    silent_at_ = parts_.clock.now() + check_limit;
    auto standing = standing_;
    standing.state = Standing::State::checking;
    standing.problem.reset();
    show(std::move(standing));
    return true;
}

// For the day's row of this id (G9). On the staff worker, behind the rows of the deed itself, so
// that a count that cannot be kept is told to the log and stops nobody.
void StaffSlot::count_deed(const std::variant<staff::Confirmed, staff::Refusal>& answer) {
    const auto count = [this](const std::string& id, staff::Deed deed) {
        const auto counted =
            staff::count(parts_.state, base::local_date(parts_.clock.wall()), id, deed);
        if (!counted) parts_.log.write(base::LogEvent::storage_fault, {counted.error().code});
    };
    if (const auto* who = std::get_if<staff::Confirmed>(&answer)) {
        if (who->purpose == staff::Purpose::log_in) count(who->staff, staff::Deed::logged_in);
        return;
    }
    // A card that was locked before is not asked for a PIN: `locked` is the fifth wrong one.
    const auto& refusal = std::get<staff::Refusal>(answer);
    if (refusal.problem == Problem::wrong_pin || refusal.problem == Problem::locked)
        count(refusal.staff, staff::Deed::pin_failed);
}

bool StaffSlot::check_code(const base::SecretText& code) {
    if (is_checking_) return false;
    checked_.reset();
    silent_at_ = never; // no card is asked
    pin_.put(code);
    is_checking_ = is_waited_for_ = on_worker([this](std::stop_token) {
        const auto given = pin_.take();
        Answered answered{true, parts_.authenticator.enrol(given)};
        if (!arrivals_.post(std::move(answered))) parts_.log.write(base::LogEvent::mailbox_full);
    });
    if (!is_checking_) pin_.wipe();
    return is_checking_;
}

void StaffSlot::drop(std::optional<Checked> checked) {
    if (!checked) return;
    if (const auto* who = std::get_if<staff::Confirmed>(&checked->answer)) dropped_ = *who;
}

void StaffSlot::forget() {
    is_waited_for_ = false;
    drop(std::exchange(checked_, std::nullopt));
    pin_.wipe();
    if (!is_checking_ && standing_.state == Standing::State::ask_pin) show_holder();
}

void StaffSlot::ask_again() {
    if (is_card_in() && !is_asking_ && !is_checking_ && !holder_) identify();
}

// ---- answers ----

void StaffSlot::take(Looked looked) {
    is_looking_ = false;
    if (looked.place == place_) return;
    const bool had_reader = place_.state != StaffCardPlace::State::no_reader;
    place_ = looked.place;
    const bool was_interrupted =
        standing_.state == Standing::State::checking || standing_.problem == Problem::card_removed;
    note_gone();
    Standing standing;
    switch (place_.state) {
    case StaffCardPlace::State::no_reader:
        standing.state = Standing::State::no_reader;
        if (had_reader) {
            parts_.events.fault("staff_reader", base::Errc::unplugged);
            parts_.log.write(base::LogEvent::device_fault,
                             {{base::LogField::device, "staff_reader"}, base::Errc::unplugged});
        }
        break;
    case StaffCardPlace::State::empty:
        standing.state = Standing::State::empty;
        if (was_interrupted) standing.problem = Problem::card_removed; // said until the next card
        break;
    case StaffCardPlace::State::one_card:
        // The answer for the card before this one comes first, and is seen to be for another.
        if (!is_asking_) return identify();
        standing.state = Standing::State::reading;
        break;
    case StaffCardPlace::State::several_cards:
        standing.state = Standing::State::problem;
        standing.problem = Problem::several_cards;
        // Not taken: the fault is told, the row is missing, and the cards lock nobody in or out.
        (void)on_worker([this](std::stop_token) {
            if (const auto noted = parts_.authenticator.note_refused(Problem::several_cards);
                !noted)
                parts_.log.write(base::LogEvent::storage_fault, {noted.error().code});
        });
        break;
    }
    show(std::move(standing));
}

void StaffSlot::take(Identified identified) {
    is_asking_ = false;
    if (!is_card_in()) return;
    // Exchanged meanwhile: the new one has been asked, or is asked now.
    if (identified.change != place_.change) return identify();
    if (const auto* holder = std::get_if<staff::CardHolder>(&identified.answer)) {
        holder_ = *holder;
        show_holder();
    } else {
        show_refusal(std::get<staff::Refusal>(identified.answer));
    }
}

void StaffSlot::take(Answered answered) {
    is_checking_ = false;
    const bool somebody_waits = std::exchange(is_waited_for_, false);
    const auto* refusal = std::get_if<staff::Refusal>(&answered.answer);
    // A failed try is told even when nobody waits for it: it was counted. Without a PIN the answer
    // is that the card was pulled, and the PIN was wiped when the wait was over: the card is in.
    const bool is_moot =
        refusal == nullptr || (!somebody_waits && refusal->problem == Problem::card_removed);
    if (!answered.is_code && is_card_in() && holder_)
        is_moot ? show_holder() : show_refusal(*refusal);
    Checked checked{std::move(answered.answer)};
    somebody_waits ? void(checked_ = std::move(checked)) : drop(std::move(checked));
    changed_ = true;
}

void StaffSlot::note_gone() {
    holder_.reset();
    must_ask_ = false;
    is_waited_for_ = false;
    drop(std::exchange(checked_, std::nullopt));
    pin_.wipe();
}

// ---- how things stand ----

void StaffSlot::show(Standing standing) {
    if (standing == standing_) return;
    standing_ = std::move(standing);
    changed_ = true;
}

void StaffSlot::show_problem(Problem problem) {
    Standing standing;
    standing.state = Standing::State::problem;
    standing.problem = problem;
    show(std::move(standing));
}

void StaffSlot::show_holder() {
    CHECK(holder_.has_value());
    Standing standing;
    standing.state = Standing::State::ask_pin;
    standing.staff = holder_->staff;
    standing.roles = holder_->roles;
    standing.is_spare = holder_->is_spare;
    standing.clock_is_sure = holder_->clock_is_sure;
    show(std::move(standing));
}

void StaffSlot::show_refusal(const staff::Refusal& refusal) {
    if (holder_ && may_try_again(refusal.problem)) {
        show_holder();
        auto standing = standing_;
        standing.problem = refusal.problem;
        standing.tries_left = refusal.tries_left;
        return show(std::move(standing));
    }
    holder_.reset();
    Standing standing;
    standing.state = Standing::State::problem;
    standing.problem = refusal.problem;
    standing.staff = refusal.staff;
    standing.unlock_at = refusal.unlock_at;
    show(std::move(standing));
}

} // namespace app
