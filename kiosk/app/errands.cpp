#include "kiosk/app/errands.hpp"

#include <algorithm>
#include <filesystem>

namespace app {

using namespace std::chrono_literals;

Errands::Errands(Parts parts)
    : parts_(std::move(parts)), heartbeats_(parts_.random, parts_.clock.now()) {
    // The first list at once: somebody may be waiting to log in.
    next_roster_ = next_look_ = parts_.clock.now();
    next_renewal_ = parts_.clock.now() + spread(first_renewal_look);
    next_segment_ = parts_.clock.now() + spread(segment_interval);
    next_device_ = parts_.clock.now() + spread(first_device_look);
    next_content_ = parts_.clock.now() + spread(first_content_look);
}

// ---- one turn ----

bool Errands::turn() {
    const auto take_all = [this] {
        while (auto arrival = arrivals_.try_take())
            std::visit([this](auto& each) { take(std::move(each)); }, *arrival);
    };
    take_all();
    const auto now = parts_.clock.now();
    if (now >= next_look_) look_at_roster();
    if (now >= next_roster_ && !is_fetching_) fetch_roster();
    if (now >= next_renewal_) look_at_certificate();
    if (now >= next_device_) ask_device();
    if (now >= next_content_ && !is_syncing_) fetch_content();
    if (now >= next_segment_ && is_idle_ && !is_handing_in_) look_for_segment();
    if (heartbeats_.is_due(now) && !is_beating_) {
        is_beating_ = count_for(true);
        if (!is_beating_) end_beat();
    }
    take_all(); // what workers that run inline answered
    return std::exchange(changed_, false);
}

base::MonotonicTime Errands::next_wake() const {
    auto wake = std::min({next_look_, next_renewal_, next_device_});
    if (is_idle_ && !is_handing_in_) wake = std::min(wake, next_segment_);
    if (!is_fetching_) wake = std::min(wake, next_roster_);
    if (!is_syncing_) wake = std::min(wake, next_content_);
    if (!is_beating_) wake = std::min(wake, heartbeats_.due());
    return wake;
}

base::Milliseconds Errands::spread(base::Milliseconds interval) {
    const auto fifth = interval.count() / 5;
    return base::Milliseconds(interval.count() - fifth +
                              std::int64_t(parts_.random.below(std::uint64_t(2 * fifth + 1))));
}

void Errands::answer(Arrival arrival) {
    if (!arrivals_.post(std::move(arrival))) parts_.log.write(base::LogEvent::mailbox_full);
}

bool Errands::post(Worker& worker, Job job) {
    if (worker.post(std::move(job))) return true;
    parts_.log.write(base::LogEvent::mailbox_full);
    return false;
}

// ---- the staff list ----

void Errands::fetch_roster() {
    if (is_fetching_) return;
    next_roster_ = parts_.clock.now() + spread(roster_hurry);
    is_fetching_ = post(parts_.network_worker, [this](std::stop_token) {
        answer(RosterCame{parts_.network.staff_roster()});
    });
    if (!is_fetching_) end_fetch(false);
}

void Errands::take(RosterCame came) {
    if (!came.bytes) return end_fetch(false);
    note_contact();
    const bool is_posted =
        parts_.slot.on_worker([this, bytes = std::move(came.bytes).value()](std::stop_token) {
            answer(RosterTaken{parts_.authenticator.take_roster(bytes)});
        });
    if (!is_posted) end_fetch(false);
}

void Errands::take(RosterTaken taken) {
    changed_ = true;
    if (taken.was_new && *taken.was_new) parts_.slot.ask_again();
    if (!taken.was_new) parts_.events.fault("staff_list", taken.was_new.error().code);
    end_fetch(taken.was_new.has_value());
}

void Errands::end_fetch(bool has_roster) {
    is_fetching_ = false;
    fetched_ = has_roster;
    plan_roster();
}

bool Errands::needs_roster() const {
    const auto roster = parts_.authenticator.roster();
    return !roster.exists || roster.is_expired ||
           roster.expires_at - parts_.clock.wall() < roster_spare;
}

void Errands::plan_roster() {
    next_roster_ = parts_.clock.now() + spread(needs_roster() ? roster_hurry : roster_interval);
}

// A clock that was set anew can end a list long before it was to be looked for.
void Errands::look_at_roster() {
    const auto now = parts_.clock.now();
    next_look_ = now + roster_look;
    if (next_roster_ > now + 2 * roster_hurry && needs_roster())
        next_roster_ = now + spread(roster_hurry);
}

// ---- the heartbeat ----

void Errands::count() {
    counts_again_ = is_counting_; // what is being counted may be older than what is asked for
    if (!is_counting_) is_counting_ = count_for(false);
}

bool Errands::count_for(bool is_for_heartbeat) {
    return post(parts_.storage_worker, [this, is_for_heartbeat](std::stop_token) {
        Counted counted;
        counted.is_for_heartbeat = is_for_heartbeat;
        if (auto counts = parts_.submitter.counts()) counted.counts = std::move(counts).value();
        counted.free_bytes = parts_.submitter.free_bytes();
        counted.audit = parts_.audit.head();
        if (is_for_heartbeat && ratings) counted.ratings = ratings();
        answer(counted);
    });
}

void Errands::take(const Counted& counted) {
    if (counted.counts) counts_ = counted.counts;
    audit_rows_ = counted.audit.row;
    changed_ = true;
    if (counted.is_for_heartbeat) return send_heartbeat(counted);
    is_counting_ = false;
    if (counts_again_) count();
}

void Errands::send_heartbeat(const Counted& counted) {
    platform::Heartbeat beat;
    beat.app_version = parts_.app_version;
    beat.content_version = parts_.content_version;
    if (counted.counts) {
        beat.queue_pending = counted.counts->pending;
        beat.queue_quarantined = counted.counts->quarantined;
        if (counted.counts->oldest_pending)
            beat.oldest_pending_seconds =
                std::max<std::int64_t>(0, (parts_.clock.wall() - *counted.counts->oldest_pending) /
                                              std::chrono::seconds(1));
    }
    beat.free_bytes = counted.free_bytes;
    if (counted.audit.row > 0) beat.audit = counted.audit;
    beat.ratings = counted.ratings;
    beat.roster_version = parts_.authenticator.roster_version();
    if (device_words) beat.devices = device_words();
    const bool is_posted =
        post(parts_.network_worker, [this, beat = std::move(beat)](std::stop_token) {
            auto commands = parts_.network.heartbeat(beat);
            const bool was_heard = commands.has_value();
            answer(HeartbeatEnded{was_heard, std::move(commands).value_or({})});
        });
    if (!is_posted) end_beat();
}

void Errands::take(HeartbeatEnded ended) {
    if (ended.was_heard) note_contact();
    end_beat();
    for (const auto command : ended.commands) {
        parts_.log.write(
            base::LogEvent::remote_command,
            {{base::LogField::reason, base::Word::of_enumerator(platform::to_string(command))}});
        if (on_command) on_command(command);
    }
}

// ---- the certificate ----

void Errands::look_at_certificate() {
    next_renewal_ = parts_.clock.now() + spread(renewal_interval);
    // An unset clock does not know how old anything is (G17).
    if (!renew_certificate || !parts_.clock.is_synchronised()) return;
    (void)post(parts_.network_worker, [this](std::stop_token) {
        answer(RenewalEnded{renew_certificate(parts_.network)});
    });
}

// The old one is good for months when this begins: a refusal is told and tried again tomorrow.
void Errands::take(RenewalEnded ended) {
    if (ended.was_renewed && *ended.was_renewed)
        parts_.log.write(base::LogEvent::certificate_renewed);
    if (ended.was_renewed) return;
    parts_.log.write(base::LogEvent::certificate_not_renewed, {ended.was_renewed.error().code});
    parts_.events.fault("certificate", ended.was_renewed.error().code);
}

// ---- the audit chain ----

// What the platform has is not remembered here: after a start the last closed segment is offered,
// and the answer says which one is wanted.
void Errands::look_for_segment() {
    next_segment_ = parts_.clock.now() + spread(segment_interval);
    const auto closed = parts_.audit.closed_segments();
    const auto number = wanted_segment_ == 0 ? closed : wanted_segment_;
    if (closed == 0 || number > closed) return;
    is_handing_in_ = post(parts_.storage_worker, [this, number](std::stop_token) {
        answer(SegmentRead{parts_.audit.segment(number)});
    });
}

void Errands::take(SegmentRead read) {
    if (!read.segment) parts_.events.fault("audit_chain", read.segment.error().code);
    const bool is_there = read.segment && *read.segment;
    is_handing_in_ =
        is_there &&
        post(parts_.network_worker, [this, segment = std::move(**read.segment)](std::stop_token) {
            answer(SegmentEnded{parts_.network.audit_segment(segment)});
        });
}

void Errands::take(SegmentEnded ended) {
    is_handing_in_ = false;
    if (ended.next) {
        note_contact();
        wanted_segment_ = *ended.next;
        if (wanted_segment_ <= parts_.audit.closed_segments()) next_segment_ = parts_.clock.now();
    } else if (ended.next.error().code == base::Errc::conflict) {
        parts_.events.fault("audit_chain", ended.next.error().code);
    }
}

// ---- this program ----

void Errands::ask_device() {
    next_device_ = parts_.clock.now() + spread(device_interval);
    (void)post(parts_.network_worker,
               [this](std::stop_token) { answer(DeviceTold{parts_.network.device()}); });
}

void Errands::take(DeviceTold told) {
    if (!told.answer) return; // what was said last holds
    note_contact();
    const bool was_outdated = std::exchange(
        is_outdated_, platform::is_older(parts_.app_version, told.answer->least_client));
    changed_ = changed_ || was_outdated != is_outdated_;
    if (is_outdated_ && !was_outdated) parts_.events.fault("program", base::Errc::unsupported);
}

// ---- content ----

void Errands::fetch_content() {
    if (is_syncing_) return;
    next_content_ = parts_.clock.now() + spread(content_interval);
    if (!sync_content) return;
    is_syncing_ = post(parts_.network_worker, [this](std::stop_token stop) {
        answer(ContentSynced{sync_content(parts_.network, std::move(stop))});
    });
}

void Errands::take(ContentSynced synced) {
    is_syncing_ = false;
    if (synced.version) {
        note_contact();
        if (const auto& version = *synced.version)
            parts_.log.write(base::LogEvent::content_activated,
                             {{base::LogField::version, *version}});
        return;
    }
    const auto code = synced.version.error().code;
    parts_.log.write(base::LogEvent::content_refused, {code});
    // A line that fails is nobody's fault and tried again; what came and is not right is told.
    const bool is_of_line = code == base::Errc::unreachable || code == base::Errc::timed_out ||
                            code == base::Errc::busy || code == base::Errc::cancelled;
    if (!is_of_line) parts_.events.fault("content", code);
}

void Errands::end_beat() {
    is_beating_ = false;
    heartbeats_.tried(parts_.clock.now());
}

} // namespace app
