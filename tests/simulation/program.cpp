#include "tests/simulation/program.hpp"

#include "drivers/manual_wait.hpp"
#include "kiosk/present/receipt.hpp"
#include "kiosk/staff/enrolment.hpp"

#include <algorithm>

namespace simulation {
namespace {

using session::EffectKind;
using session::Step;
using namespace std::chrono_literals;

// Says stored whatever the disk says. Planted by a test.
class HastySubmitter final : public app::Submitter {
public:
    HastySubmitter(app::SubmitterSettings settings, Place& place, base::Log& log,
                   base::EventStream& events)
        : Submitter(std::move(settings), place.clock, place.minting, log, events), place_(place),
          events_(events) {}
    session::StoreAnswer submit(const app::Draft& draft) override {
        auto stored = Submitter::submit(draft);
        const bool is_stored = std::holds_alternative<session::StoredInput>(stored);
        if (is_stored || place_.is_dead()) return stored;
        const auto key = place_.minting.uuid();
        events_.accepted(key);
        return session::StoredInput{key, "234567892345", place_.clock.wall()};
    }

private:
    Place& place_;
    base::EventStream& events_;
};

} // namespace

app::SubmitterSettings Program::submitter_settings() {
    outbox::Options options;
    options.vfs = place_.disk.vfs();
    options.free_space = [](const std::string&) -> base::Result<std::uint64_t> {
        return std::uint64_t(8) << 30;
    };
    return {"outbox.db",  options,          "K7", {place_.supplies.sealing}, place_.supplies.device,
            audit_.get(), desk_state_.get()};
}

// Real files: what they suffer from a power cut is seen by tests of their own (audit_power_test).
void Program::open_staff() {
    if (!place_.has_staff) return;
    const auto folder = place_.supplies.staff_folder();
    audit_ =
        staff::AuditChain::open(folder + "/audit", place_.clock, place_.supplies.device).value();
    CHECK(staff::make_staff_folder(folder).has_value());
    desk_state_ = staff::DeskState::open(staff::desk_file_in(folder)).value();
    authenticator_ = staff::Authenticator::open({folder, "K7", {place_.supplies.roster_key}},
                                                place_.clock, place_.minting, *audit_, *desk_state_)
                         .value();
}

void Program::Notes::write(base::LogEvent event, std::initializer_list<base::LogEntry> entries) {
    std::string line = "  log " + std::string(base::to_string(event));
    for (const auto& entry : entries) {
        line += " " + std::string(base::to_string(entry.field)) + "=";
        if (const auto* number = std::get_if<std::int64_t>(&entry.value))
            line += std::to_string(*number);
        else
            line += std::get<base::Word>(entry.value).text();
    }
    trace_.line(line);
    if (event == base::LogEvent::move_refused) watch_.note_refused_move();
    if (event == base::LogEvent::mailbox_full) watch_.violate("a mailbox was full");
}

base::Result<drivers::StatusAnswers> Program::WatchedPrinter::status() {
    if (place_.is_dead()) return base::Error{base::Errc::unplugged, "no power"};
    return printer_.status();
}

base::Result<drivers::PrintReport> Program::WatchedPrinter::print(base::ByteView stream,
                                                                  std::stop_token stop) {
    if (place_.is_dead()) return base::Error{base::Errc::unplugged, "no power"};
    watch_.note_print(key);
    return printer_.print(stream, stop);
}

base::Result<drivers::CarryReport> Program::WatchedPrinter::carry(base::ByteView stream,
                                                                  std::stop_token stop,
                                                                  drivers::PrintWatch& watch) {
    if (place_.is_dead()) return base::Error{base::Errc::unplugged, "no power"};
    if (!key.empty()) watch_.note_print(key); // else it is a void note
    return printer_.carry(stream, stop, watch);
}

base::Result<void> Program::WatchedPrinter::clear(drivers::PrintWatch* watch) {
    if (place_.is_dead()) return base::Error{base::Errc::unplugged, "no power"};
    return printer_.clear(watch);
}

Program::Program(Place& place, Watch& watch, Trace& trace, Entered& entered)
    : place_(place), watch_(watch), trace_(trace), entered_(entered), notes_(watch, trace),
      events_(base::EventStream::open(place.supplies.events_file()).value()),
      reader_(
          "simulated", [&place] { return place.sam.connect(); }, place.clock,
          drivers::manual_wait(place.clock)),
      printer_(place, watch), upload_line_(place), call_line_(place), errand_line_(place),
      upload_client_(upload_line_, place.clock, place.supplies.device.certificate()),
      call_client_(call_line_, place.clock, place.supplies.device.certificate()),
      errand_client_(errand_line_, place.clock, place.supplies.device.certificate()) {
    open_staff();
    if (place.defect == Defect::told_before_commit)
        submitter_ =
            std::make_unique<HastySubmitter>(submitter_settings(), place, notes_, *events_);
    else
        submitter_ = std::make_unique<app::Submitter>(submitter_settings(), place.clock,
                                                      place.minting, notes_, *events_);
    printing_ = std::make_unique<app::Printing>(app::PrintingParts{
        place.supplies.setting, printer_,
        [&place]() -> base::Result<std::unique_ptr<outbox::PrintJournal>> {
            return std::unique_ptr<outbox::PrintJournal>(TRY(
                outbox::SqlitePrintJournal::open("printing.db", place.clock, place.disk.vfs())));
        },
        [content = place.supplies.content](const std::string& receipt_no) {
            return present::void_note(receipt_no, *content);
        },
        *submitter_, notes_, *events_});
    printing_->on_rendered = [this](const std::string& key, const printer::Rendered&) {
        printer_.key = key;
    };
    if (authenticator_)
        desk_ = std::make_unique<app::StaffDesk>(app::StaffParts{
            place.clock, place.minting, notes_, *events_, place.staff_reader, worker_,
            *authenticator_, *audit_, *desk_state_, *submitter_, worker_, *printing_, worker_,
            errand_client_, worker_, "simulation", place.supplies.content, 0ms});
    kiosk_ = std::make_unique<app::Kiosk>(services(), place.supplies.content);
    kiosk_->on_effect = [this](int, app::Kiosk::EffectMoment moment, EffectKind kind) {
        look(moment, kind);
    };
    sender_ = std::make_unique<app::Sender>(
        *submitter_, upload_client_, place.clock, place.minting, notes_, *events_,
        [this](const std::string& key) { kiosk_->post_delivered(key); });
    events_->ready();
}

Program::~Program() = default;

app::Services Program::services() {
    return {place_.clock,
            notes_,
            *events_,
            reader_,
            worker_,
            place_.camera,
            worker_,
            *printing_,
            worker_,
            *submitter_,
            worker_,
            call_client_,
            worker_,
            call_client_,
            worker_,
            [this] { sender_->drain(); },
            [this] { trace_.line("  chime"); },
            [this] {
                if (place_.defect == Defect::glass_is_not_wiped) return;
                glass_.reset();
                edited_.reset();
                view_ = {};
            },
            "simulation",
            0ms,
            desk_.get()};
}

void Program::look(app::Kiosk::EffectMoment moment, EffectKind kind) {
    const bool is_before = moment == app::Kiosk::EffectMoment::before;
    if (is_before) {
        trace_.line("  effect " + std::string(session::to_string(kind)));
        if (kind == EffectKind::start_card) {
            watch_.note_card_step();
            is_at_card_ = kiosk_->session().step == Step::card;
        }
        // The card step is left for "is this you?" by a card alone.
        if (kind == EffectKind::stop_card && std::exchange(is_at_card_, false) &&
            (kiosk_->session().step == Step::prefilled ||
             kiosk_->session().step == Step::prefill_offer)) {
            CHECK(place_.card_on_reader != nullptr);
            entered_.card(session::current_field(*kiosk_->session().visit).who,
                          *place_.card_on_reader);
        }
        if (kind == EffectKind::store)
            watch_.note_store(
                kiosk_->session(),
                {base::local_date(place_.clock.wall()), place_.clock.is_synchronised()}, entered_);
        if (kind == EffectKind::store) place_.store_begins();
    }
    if (!dies_at_effect_) return;
    const bool is_last = *dies_at_effect_ == 0;
    if (is_last && is_before != dies_after_effect_) {
        trace_.line("  killed at an effect");
        place_.kill();
    }
    if (is_before) return;
    if (is_last)
        dies_at_effect_.reset();
    else
        --*dies_at_effect_;
}

bool Program::tell(session::Input input) {
    trace_.line("person " + std::string(session::to_string(input.signal)));
    watch_.note_activity();
    (void)watch_.take_refused_move();
    kiosk_->tell(std::move(input));
    return !watch_.take_refused_move();
}

void Program::show() {
    const auto& session = kiosk_->session();
    const auto facts = kiosk_->facts();
    view_ = present::follow(std::move(view_), session);
    glass_.emplace(present::model(session, view_, facts));
    if (std::holds_alternative<screens::QuestionTextModel>(*glass_) ||
        std::holds_alternative<screens::QuestionDigitsModel>(*glass_))
        edited_ = std::move(glass_);
}

void Program::turn() {
    // A staff card that comes or goes is somebody's doing, also when it slips out by itself.
    if (std::exchange(has_staff_card_, place_.staff_reader.has_card()) !=
        place_.staff_reader.has_card())
        watch_.note_activity();
    kiosk_->turn();
    if (place_.clock.now() >= next_try_ && !place_.is_dead()) next_try_ = sender_->step();
    kiosk_->turn();
    show();
    const auto& session = kiosk_->session();
    const auto where = std::string(session::to_string(session.step)) + "/" +
                       std::string(session::to_string(session.overlay)) +
                       (session.visit ? "/" + session.visit->field : "");
    if (where != shown_) trace_.line("at " + where);
    shown_ = where;
    if (place_.defect == Defect::card_read_for_report && session.step == Step::question)
        (void)reader_.read({}, {});
    if (has_staff_card_ && !place_.staff_reader.has_card()) {
        has_staff_card_ = false;
        watch_.note_activity();
    }
    watch_.after_turn(*kiosk_);
}

base::MonotonicTime Program::next_wake() const {
    auto wake = next_try_;
    if (const auto deadline = session::next_deadline(kiosk_->session()))
        wake = std::min(wake, deadline->at);
    return wake;
}

void Program::send_now() {
    sender_->send_now();
    next_try_ = place_.clock.now();
}

} // namespace simulation
