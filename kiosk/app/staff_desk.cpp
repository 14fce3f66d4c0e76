#include "kiosk/app/staff_desk.hpp"

#include "kiosk/present/receipt.hpp"

#include "kiosk/staff/day_counts.hpp"

#include <algorithm>

namespace app {

using namespace std::chrono_literals;
namespace {

using staff::AreaEffect;
using staff::AreaInput;
using staff::AreaSignal;
using staff::AuditEvent;
using staff::AuditField;
using staff::Page;
using staff::Problem;

// Until the printer has said what it is: that of most receipt printers (203 dpi).
constexpr int usual_dots_per_mm = 8;

bool is_look(AreaEffect effect) {
    return effect == AreaEffect::look_at_marks || effect == AreaEffect::look_at_sheet ||
           effect == AreaEffect::look_at_card;
}

} // namespace

StaffDesk::StaffDesk(const StaffParts& parts)
    : parts_(parts), slot_({parts.clock, parts.log, parts.events, parts.reader, parts.authenticator,
                            parts.state, parts.staff_worker, parts.reader_patience}),
      errands_({parts.clock, parts.random, parts.log, parts.events, parts.authenticator,
                parts.audit, slot_, parts.submitter, parts.storage_worker, parts.network,
                parts.network_worker, parts.app_version, parts.content->version()}),
      kept_(parts.state.read()), next_day_(parts.clock.now()) {
    errands_.on_command = [this](platform::Command command) { obey(command); };
}

void StaffDesk::on_arrival(const std::function<void()>& wake) {
    slot_.on_arrival(wake);
    errands_.on_arrival(wake);
    arrivals_.on_post = wake;
}

staff::AreaWorld StaffDesk::world() const {
    return {parts_.clock.now(), !is_in_visit_,
            area_.page == Page::closed || area_.page == Page::log_in
                ? parts_.authenticator.takes_enrolment_code()
                : false};
}

std::string StaffDesk::today() const {
    return base::to_text(base::local_date(parts_.clock.wall()));
}

// ---- one turn ----

bool StaffDesk::turn() {
    look_at_day();
    bool took = true;
    while (took) {
        took = false;
        changed_ = slot_.turn() || changed_;
        follow_standing();
        if (const auto checked = slot_.take_checked()) {
            take_answer(*checked);
            took = true;
        }
        // Came when nobody waited for it: the chain has a log-in, and nobody is logged in.
        if (const auto who = slot_.take_dropped(); who && who->purpose == staff::Purpose::log_in)
            record_log_out(who->staff, staff::LogOut::left);
        changed_ = errands_.turn() || changed_;
        // Whoever did not ask for it hears nothing of it.
        if (const auto fetched = errands_.take_fetched();
            fetched && area_.fetch == staff::Fetch::running)
            apply(*fetched ? AreaSignal::roster_fetched : AreaSignal::roster_not_fetched);
        while (auto arrival = arrivals_.try_take()) {
            std::visit([this](auto& each) { take(std::move(each)); }, *arrival);
            took = true;
        }
        const auto deadline = staff::next_deadline(area_);
        if (deadline && *deadline <= parts_.clock.now()) {
            apply(AreaSignal::time);
            took = true;
        }
    }
    return std::exchange(changed_, false);
}

base::MonotonicTime StaffDesk::next_wake() const {
    auto wake = std::min({slot_.next_wake(), errands_.next_wake(), next_day_});
    if (const auto deadline = staff::next_deadline(area_)) wake = std::min(wake, *deadline);
    if (const auto tick = staff::next_tick(area_, parts_.clock.now())) wake = std::min(wake, *tick);
    return wake;
}

void StaffDesk::follow_standing() {
    if (told_ == slot_.standing()) return;
    told_ = slot_.standing();
    apply({AreaSignal::standing, told_});
}

void StaffDesk::set_in_visit(bool is_going_on) {
    if (is_in_visit_ == is_going_on) return;
    is_in_visit_ = is_going_on;
    errands_.set_idle(!is_going_on);
    if (is_going_on && is_open()) apply(AreaSignal::shut);
}

// ---- card and PIN ----

void StaffDesk::check_pin(staff::Purpose purpose, const base::SecretText& pin,
                          session::Ticket ticket) {
    if (slot_.check(purpose, pin)) asker_ = ticket;
}

void StaffDesk::drop_check() {
    if (std::holds_alternative<session::Ticket>(asker_)) forget_visit();
}

void StaffDesk::forget_visit() {
    slot_.forget();
    asker_ = ByNobody{};
}

void StaffDesk::take_answer(const StaffSlot::Checked& checked) {
    const auto asker = std::exchange(asker_, ByNobody{});
    const auto* who = std::get_if<staff::Confirmed>(&checked.answer);
    if (who == nullptr) { // the standing says what was wrong, unless it is about no card
        const auto problem = std::get<staff::Refusal>(checked.answer).problem;
        if (std::holds_alternative<ByArea>(asker) && area_.page == Page::enrolment)
            apply({AreaSignal::refused, problem});
        return;
    }
    if (const auto* ticket = std::get_if<session::Ticket>(&asker)) {
        begin_duty(*who);
        if (on_confirmed) on_confirmed(*ticket, *who);
    } else if (apply({AreaSignal::confirmed, *who})) {
        begin_duty(*who);
        errands_.count();
    } else {
        record_log_out(who->staff, staff::LogOut::left); // logged in, and nobody is there any more
    }
}

// Whoever works at the counter and shows it here is here (G19).
void StaffDesk::begin_duty(const staff::Confirmed& who) {
    if (!who.roles.has(staff::Role::office_worker) || kept_.duty_day == today()) return;
    act({std::nullopt, AuditEvent::duty_begun, who.staff, std::nullopt,
         [day = today()](staff::Kept& kept) { kept.duty_day = day; }});
}

// ---- the staff area ----

void StaffDesk::tell(AreaInput input) {
    apply(std::move(input));
}

bool StaffDesk::apply(AreaInput input) {
    const auto signal = input.signal;
    const auto page_before = area_.page;
    const std::string who = area_.who ? area_.who->staff : "";
    auto outcome = staff::apply(std::move(area_), std::move(input), world());
    area_ = std::move(outcome.area);
    if (outcome.refused) {
        // A staff card that comes and goes during a visit is none of the area's business.
        if (signal != AreaSignal::standing)
            parts_.log.write(
                base::LogEvent::move_refused,
                {{base::LogField::step, base::Word::of_enumerator(to_string(area_.page))},
                 {base::LogField::signal, base::Word::of_enumerator(to_string(signal))}});
        return false;
    }
    changed_ = true;
    if (page_before == Page::closed && is_open()) {
        errands_.count();
        order([](Printing& printing, std::stop_token) { return printing.check_ready(); });
    }
    for (const auto effect : outcome.effects) {
        if (on_effect) on_effect(effect, true);
        perform(effect, who);
        if (on_effect) on_effect(effect, false);
    }
    return true;
}

void StaffDesk::perform(AreaEffect effect, const std::string& who) {
    switch (effect) {
    case AreaEffect::check_pin:
        if (slot_.check(staff::Purpose::log_in, area_.pin)) asker_ = ByArea{};
        break;
    case AreaEffect::check_code:
        if (slot_.check_code(area_.pin))
            asker_ = ByArea{};
        else
            apply({AreaSignal::refused, Problem::card_silent});
        break;
    case AreaEffect::log_out:
        slot_.forget();
        asker_ = ByNobody{};
        camera_findings_.clear();
        face_parts_.clear();
        if (!area_.logged_out.empty()) record_log_out(area_.logged_out, area_.closed_by);
        break;
    case AreaEffect::duty_on:
        act({effect, AuditEvent::duty_begun, who, std::nullopt,
             [day = today()](staff::Kept& kept) { kept.duty_day = day; }});
        break;
    case AreaEffect::duty_off:
        act({effect, AuditEvent::duty_ended, who, std::nullopt,
             [](staff::Kept& kept) { kept.duty_day.clear(); }});
        break;
    case AreaEffect::stop_service:
        act({effect, AuditEvent::service_stopped, who, std::nullopt,
             [](staff::Kept& kept) { kept.is_closed = true; }});
        break;
    case AreaEffect::resume_service:
        act({effect, AuditEvent::service_resumed, who, std::nullopt,
             [](staff::Kept& kept) { kept.is_closed = false; }});
        break;
    case AreaEffect::paper_replaced:
        act({effect, AuditEvent::paper_replaced, who, std::nullopt, {}});
        break;
    case AreaEffect::screen_cleaned:
        act({effect, AuditEvent::screen_cleaned, who, std::nullopt, {}});
        break;
    case AreaEffect::ask_printer:
        order([](Printing& printing, std::stop_token) { return printing.check_ready(); });
        break;
    case AreaEffect::print_test:
        act({effect, AuditEvent::printer_tested, who, std::nullopt, {}});
        break;
    case AreaEffect::reprint:
        act({effect, AuditEvent::receipt_reprinted, who, std::nullopt, {}});
        break;
    case AreaEffect::print_marks:
        act({effect, AuditEvent::printer_tested, who, std::nullopt, {}});
        break;
    case AreaEffect::look_at_marks:
    case AreaEffect::look_at_sheet:
    case AreaEffect::look_at_card:
        act({effect, AuditEvent::camera_tested, who, std::nullopt, {}});
        break;
    case AreaEffect::ask_face:
        if (on_ask_face) on_ask_face();
        break;
    case AreaEffect::show_face:
        act({effect, AuditEvent::face_camera_tested, who, std::nullopt, {}});
        break;
    case AreaEffect::hide_face:
        if (on_show_face) on_show_face(false);
        break;
    case AreaEffect::set_notice: set_notice(who); break;
    case AreaEffect::fetch_roster: errands_.fetch_roster(); break;
    case AreaEffect::call_staff:
        if (on_call_staff) on_call_staff();
        break;
    }
}

void StaffDesk::set_notice(const std::string& who) {
    const bool is_removed = area_.notice.empty();
    const auto& shown = is_removed ? kept_.notice : area_.notice;
    if (shown.empty()) return; // none before, none now
    act({AreaEffect::set_notice, is_removed ? AuditEvent::notice_removed : AuditEvent::notice_shown,
         who, staff::AuditEntry{AuditField::notice, staff::AuditValue::notice(shown)},
         [notice = area_.notice, day = today()](staff::Kept& kept) {
             kept.notice = notice;
             kept.notice_day = notice.empty() ? "" : day;
         }});
}

// Logging out never depends on the disk: what cannot be recorded is told to the log.
void StaffDesk::record_log_out(const std::string& who, staff::LogOut reason) {
    act({std::nullopt,
         AuditEvent::logged_out,
         who,
         staff::AuditEntry{AuditField::reason,
                           staff::AuditValue::word(base::Word::of_enumerator(to_string(reason)))},
         {}});
}

void StaffDesk::act(Action action) {
    const auto effect = action.effect;
    const auto failed = [this, effect] {
        if (!arrivals_.post(Done{effect, false, {}}))
            parts_.log.write(base::LogEvent::mailbox_full);
    };
    const bool is_posted =
        parts_.storage_worker.post([this, failed, action = std::move(action)](std::stop_token) {
            const auto id = staff::AuditValue::staff_id_if_any(action.staff);
            auto done = action.more ? parts_.audit.append(action.event,
                                                          {{AuditField::staff, id}, *action.more})
                                    : parts_.audit.append(action.event, {{AuditField::staff, id}});
            if (done && action.edit) done = parts_.state.change(action.edit);
            if (!done) {
                parts_.log.write(base::LogEvent::storage_fault, {done.error().code});
                return failed();
            }
            if (!arrivals_.post(Done{action.effect, true, parts_.state.read()}))
                parts_.log.write(base::LogEvent::mailbox_full);
        });
    if (!is_posted) failed();
}

// From afar, so in nobody's name: the row says so. A visit that is going on is not touched: the
// kiosk closes when it ends, as when staff close it; the slip waits for another heartbeat's word.
void StaffDesk::obey(platform::Command command) {
    const auto record = [](base::Word what) {
        return staff::AuditEntry{AuditField::reason, staff::AuditValue::word(what)};
    };
    switch (command) {
    case platform::Command::go_out_of_service:
        if (kept_.is_closed) return;
        return act({std::nullopt, AuditEvent::remote_command, "", record("go_out_of_service"),
                    [](staff::Kept& kept) { kept.is_closed = true; }});
    case platform::Command::print_self_test:
        if (is_in_visit_ || is_open()) return;
        return act({AreaEffect::print_test,
                    AuditEvent::remote_command,
                    "",
                    record("print_self_test"),
                    {}});
    case platform::Command::sync_content:
        errands_.fetch_content();
        return act({std::nullopt, AuditEvent::remote_command, "", record("sync_content"), {}});
    case platform::Command::send_log: return; // not handled: a technician's stick fetches it
    }
}

void StaffDesk::look_at_day() {
    if (parts_.clock.now() < next_day_) return;
    next_day_ = parts_.clock.now() + day_interval;
    const auto day = base::local_date(parts_.clock.wall());
    const bool is_posted = parts_.storage_worker.post([this, day](std::stop_token) {
        if (const auto ended = end_day(day); !ended)
            parts_.log.write(base::LogEvent::storage_fault, {ended.error().code});
    });
    if (!is_posted) parts_.log.write(base::LogEvent::mailbox_full);
}

// On the storage worker. Counts of a day that is over become rows; a notice goes, and nobody is on
// duty until somebody says so. What fails is tried again in a minute.
base::Result<void> StaffDesk::end_day(base::Date today) {
    const auto text = base::to_text(today);
    const auto before = parts_.state.read();
    bool has_ended = TRY(staff::close_day(parts_.audit, parts_.state, today));
    if (!before.duty_day.empty() && before.duty_day != text) {
        TRY(parts_.audit.append(AuditEvent::duty_ended));
        TRY(parts_.state.change([](staff::Kept& kept) { kept.duty_day.clear(); }));
        has_ended = true;
    }
    if (!before.notice.empty() && before.notice_day != text) {
        TRY(parts_.audit.append(AuditEvent::notice_removed,
                                {{AuditField::notice, staff::AuditValue::notice(before.notice)}}));
        TRY(parts_.state.change([](staff::Kept& kept) {
            kept.notice.clear();
            kept.notice_day.clear();
        }));
        has_ended = true;
    }
    if (has_ended && !arrivals_.post(Done{std::nullopt, true, parts_.state.read()}))
        parts_.log.write(base::LogEvent::mailbox_full);
    return {};
}

void StaffDesk::take(Done done) {
    changed_ = true;
    if (!done.is_recorded) {
        if (done.effect == AreaEffect::print_test || done.effect == AreaEffect::reprint ||
            done.effect == AreaEffect::print_marks)
            apply(AreaSignal::not_printed);
        if (done.effect && is_look(*done.effect)) apply(AreaSignal::not_looked);
        if (done.effect == AreaEffect::show_face) apply(AreaSignal::face_not_shown);
        if (done.effect) apply({AreaSignal::failed, Problem::not_recorded});
        return;
    }
    const bool was_closed = kept_.is_closed;
    kept_ = std::move(done.kept);
    if (kept_.is_closed && !was_closed) parts_.events.refusing("staff");
    if (is_open()) errands_.count();
    if (done.effect == AreaEffect::paper_replaced)
        order(
            [](Printing& printing, std::stop_token stop) { return printing.roll_replaced(stop); });
    if (done.effect == AreaEffect::print_test) print_test();
    if (done.effect == AreaEffect::reprint) reprint();
    if (done.effect == AreaEffect::print_marks) print_marks();
    if (done.effect && is_look(*done.effect)) look(*done.effect);
    // Whoever left the page before it was on record is shown nothing.
    if (done.effect == AreaEffect::show_face && area_.face == staff::Fetch::running) show_face();
}

// What is done at the printer while staff stand there, and how it is afterwards.
void StaffDesk::order(PrinterJob job, bool is_print) {
    const bool is_posted =
        parts_.printer_worker.post([this, job = std::move(job), is_print](std::stop_token stop) {
            PrinterTold told;
            told.is_ok = job(parts_.printing, stop).has_value();
            told.was_print = is_print;
            if (auto report = parts_.printing.report(staff::print_rows))
                told.report = std::move(*report);
            if (!arrivals_.post(std::move(told))) parts_.log.write(base::LogEvent::mailbox_full);
        });
    if (is_posted) return;
    parts_.events.fault("receipt_printer", base::Errc::busy);
    if (is_print) apply(AreaSignal::not_printed);
}

void StaffDesk::print_test() {
    order([slip = present::test_slip(*parts_.content, parts_.clock.wall())](
              Printing& printing, std::stop_token stop) { return printing.print_test(slip, stop); },
          true);
}

void StaffDesk::print_marks() {
    const int dots_per_mm = printer_ ? printer_->dots_per_mm : usual_dots_per_mm;
    order([slip = present::camera_marks(drivers::calibration_mark(dots_per_mm))](
              Printing& printing, std::stop_token stop) { return printing.print_test(slip, stop); },
          true);
}

void StaffDesk::look(AreaEffect what) {
    if (!is_open() || !on_look) return tell_look(std::nullopt);
    on_look(what);
}

void StaffDesk::show_face() {
    if (!on_show_face) return tell(AreaSignal::face_not_shown);
    on_show_face(true);
}

void StaffDesk::tell_face_parts(std::vector<staff::FacePartRow> found) {
    if (!area_.who) return;
    changed_ = true;
    face_parts_ = std::move(found);
}

// Newer findings take the place of older ones of the same check.
void StaffDesk::tell_look(std::optional<std::vector<drivers::CameraFinding>> findings) {
    changed_ = true;
    const bool is_wanted = area_.look == staff::Fetch::running;
    if (!apply(findings ? AreaSignal::looked : AreaSignal::not_looked) || !is_wanted || !findings)
        return;
    for (const auto& finding : *findings) {
        std::erase_if(camera_findings_,
                      [&](const auto& each) { return each.check == finding.check; });
        camera_findings_.push_back(finding);
    }
}

// What the kiosk itself knows of it: nothing of the person is kept here (spec safeguards G5).
void StaffDesk::reprint() {
    if (area_.reprint_number.empty()) return; // the area has closed since
    order(
        [number = area_.reprint_number, language = area_.reprint_language,
         content = parts_.content](Printing& printing, std::stop_token stop) {
            present::JournalEntry entry;
            entry.number = number;
            if (const auto known = printing.find(number)) {
                entry.matter = known->matter;
                entry.at = known->confirmed_at;
                entry.form_version = known->form_version;
                if (known->state == outbox::State::delivered)
                    entry.delivery = session::Delivery::accepted;
            }
            return printing.print_copy(
                number,
                [&](int copy) { return present::receipt_copy(entry, *content, language, copy); },
                stop);
        },
        true);
}

void StaffDesk::take(PrinterTold told) {
    changed_ = true;
    if (told.report) printer_ = std::move(told.report);
    if (on_printer_asked) on_printer_asked(told.is_ok);
    if (told.was_print) apply(told.is_ok ? AreaSignal::printed : AreaSignal::not_printed);
}

// ---- facts ----

bool StaffDesk::has_good_roster() const {
    const auto roster = parts_.authenticator.roster();
    return roster.exists && !roster.is_expired;
}

void StaffDesk::fill(present::Facts& facts) const {
    facts.staff_reader_ok = slot_.standing().state != staff::Standing::State::no_reader;
    facts.roster_ok = has_good_roster();
    facts.staff_on_duty = facts.roster_ok && kept_.duty_day == today();
    facts.takes_enrolment_code = parts_.authenticator.takes_enrolment_code();
    facts.closed_by_staff = kept_.is_closed;
    facts.local_notice = kept_.notice_day == today() ? kept_.notice : "";
}

namespace {

// What became of a print, as staff read it.
std::string print_key(const outbox::PrintJob& job) {
    switch (job.state) {
    case outbox::JobState::queued:
    case outbox::JobState::sending:
    case outbox::JobState::sent: return "staff.print.open";
    case outbox::JobState::printed:
    case outbox::JobState::taken: return "staff.print.printed";
    case outbox::JobState::retracted: return "staff.print.retracted";
    case outbox::JobState::voided:
        return job.offset == 0 ? "staff.print.not-begun" : "staff.print.voided";
    case outbox::JobState::unknown: return "staff.print.unknown";
    }
    CHECK(false);
}

} // namespace

void StaffDesk::fill_printer(staff::Overview& overview, const present::Facts& facts) const {
    overview.printer_ok = facts.printer_ok;
    overview.printer_state = printer::state_key(facts.printer);
    overview.printer_advice = printer::staff_key(facts.printer);
    if (!printer_) return;
    overview.prints_earlier_first = printer_->may_come_out_later;
    overview.paper_mm = printer_->paper.dots / printer_->dots_per_mm;
    overview.roll_mm = printer_->paper.roll_dots / printer_->dots_per_mm;
    overview.cuts = printer_->paper.cuts;
    for (const auto& job : printer_->jobs)
        overview.prints.push_back({job.receipt_no, job.copy, print_key(job),
                                   std::chrono::duration_cast<std::chrono::seconds>(std::max(
                                       parts_.clock.wall() - job.at, base::Milliseconds(0)))});
}

staff::Overview StaffDesk::overview(const present::Facts& facts) const {
    staff::Overview overview;
    overview.is_closed = kept_.is_closed;
    overview.is_on_duty = kept_.duty_day == today();
    overview.accepting = facts.accepting;
    overview.card_reader_ok = facts.card_reader_ok;
    overview.card_reader_wire = facts.card_reader.wire;
    overview.card_reader_pipes = facts.card_reader.pipes;
    overview.card_reader_id = facts.card_reader.id;
    overview.card_reader_trouble = facts.card_reader.trouble;
    overview.camera_ok = facts.camera_ok;
    overview.many_checks_failed = facts.many_checks_failed;
    overview.camera_findings = camera_findings_;
    overview.face_parts = face_parts_;
    fill_printer(overview, facts);
    overview.notice = facts.local_notice;
    if (const auto& counts = errands_.counts()) {
        overview.pending = counts->pending;
        overview.quarantined = counts->quarantined;
        overview.refused = counts->refused;
        overview.refused_papers = counts->refused_papers;
        if (counts->oldest_pending)
            overview.oldest_pending = std::chrono::duration_cast<std::chrono::seconds>(
                std::max(parts_.clock.wall() - *counts->oldest_pending, base::Milliseconds(0)));
    }
    if (const auto contact = errands_.last_contact())
        overview.since_contact =
            std::chrono::duration_cast<std::chrono::seconds>(parts_.clock.now() - *contact);
    const auto roster = parts_.authenticator.roster();
    overview.roster_exists = roster.exists;
    overview.roster_expired = roster.is_expired;
    overview.roster_version = roster.version;
    overview.roster_expires = roster.expires_at;
    overview.audit_rows = errands_.audit_rows();
    overview.audit_damaged = parts_.audit.was_damaged();
    overview.content_version = parts_.content->version();
    overview.clock_is_sure = parts_.clock.is_synchronised();
    overview.program_outdated = errands_.is_outdated();
    return overview;
}

} // namespace app
