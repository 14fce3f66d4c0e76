#include "kiosk/app/kiosk.hpp"

#include "drivers/scanner/qr_reader.hpp"
#include "drivers/scanner/scanner.hpp"
#include "drivers/scanner/whole_frame.hpp"
#include "kiosk/present/receipt.hpp"

#include <algorithm>

namespace app {

using namespace std::chrono_literals;
namespace {

using session::EffectKind;
using session::Input;
using session::Signal;

// Design tokens, motion.previewFramesPerSecond: 25.
constexpr base::Milliseconds picture_interval{40};
// Spec safeguards G16.
constexpr std::size_t too_many_failed_checks = 10;
constexpr auto failed_checks_within = std::chrono::hours(1);
// A code is looked for in some of them only: it costs more than a picture (chosen: nobody notices
// half a second).
constexpr base::Milliseconds code_interval{500};
// Papers that were left are looked for less often than a page that is laid down (chosen: nobody
// notices a fifth of a second, and a search through an empty desk is costly).
constexpr base::Milliseconds desk_interval{200};
// Exposure and white balance settle during the first frames (drivers/camera README; chosen: a
// second at 15 frames a second).
constexpr int frames_to_settle = 15;
// Chosen: a reader that fails at once, or has no card to watch, is not asked without a pause. The
// same as between two looks of the reader itself (drivers::SamLimits::poll), rounded up.
constexpr base::Milliseconds look_interval{500};
// Chosen: paper that ran out is known before the next person comes, at one wake-up in ten seconds.
constexpr base::Milliseconds printer_interval{10'000};
// A reader that does not work is asked again how it is, and so is one that staff look at: plugged
// in again it is back within 3 s (spec usb-emulation §6.7, the limit), with what a module
// needs to start.
constexpr base::Milliseconds reader_check_interval{1000};
// Spec reliability R7: at least every 3 s while not accepting.
constexpr base::Milliseconds probe_interval{2500};
// Chosen: a disk that fills while nobody is here is noticed before the next person has begun.
constexpr base::Milliseconds tidy_interval{60'000};
constexpr base::Milliseconds opening_interval{5000}; // chosen: soon for staff who wait for it
// Spec reliability P9. Chosen: thrice in a goodbye, and no alarm.
constexpr base::Milliseconds card_reminder_interval{10'000};
// The same for a card that lies there when its visit has ended. Chosen: whoever forgot it is within
// hearing for so long; and a kiosk that never falls silent is switched off.
constexpr base::Milliseconds left_card_reminders{120'000};
// Chosen: the notice goes soon after the card, at one question in a second.
constexpr base::Milliseconds left_card_interval{1000};
// Spec reliability M1.
constexpr base::Milliseconds wipe_limit{1000};
constexpr base::Milliseconds frame_limit{1000};
constexpr base::Milliseconds far_away{60'000};
// The preview is drawn about 900 pixels wide; a little more keeps it sharp.
constexpr int preview_width = 1000;
constexpr int preview_height = 1000;

forms::CardValues values_of(const drivers::Card& card) {
    forms::CardValues values;
    values.name = card.name;
    values.id_number = card.number;
    values.birth_date = base::SecretText(base::to_text(card.birth.expose()));
    values.sex = base::SecretText(card.sex.expose() == drivers::Sex::male     ? "male"
                                  : card.sex.expose() == drivers::Sex::female ? "female"
                                                                              : "other");
    values.address = card.address;
    values.needs_look = card.staff_should_confirm.has_value();
    values.valid_to = card.valid_to ? base::SecretText(base::to_text(card.valid_to->expose()))
                                    : base::SecretText("long-term");
    return values;
}

session::CardInput card_input(drivers::CardReading read) {
    session::CardInput input{values_of(read.card)};
    if (!read.photo.empty())
        input.photo = std::make_shared<const base::SecretBytes>(std::move(read.photo));
    return input;
}

bool is_device_fault(base::Errc code) {
    return code == base::Errc::unplugged || code == base::Errc::device ||
           code == base::Errc::bad_frame || code == base::Errc::timed_out ||
           code == base::Errc::locked;
}

// The picture of a thing: the frame as it is becomes what is sent and what is shown.
base::Result<Input> photo_from(base::Picture frame) {
    const auto page = TRY(drivers::whole_frame_as_page(std::move(frame)));
    session::CapturedPage captured;
    captured.page.media_type = "image/jpeg";
    captured.page.bytes =
        std::make_shared<const base::SecretBytes>(TRY(drivers::page_as_jpeg(page)));
    captured.page.preview = std::make_shared<const base::Picture>(
        base::shrink_to_fit(page, preview_width, preview_height));
    return Input(Signal::page_captured, std::move(captured));
}

} // namespace

Kiosk::Kiosk(Services services, std::shared_ptr<const content::ContentSet> content)
    : services_(std::move(services)), content_(std::move(content)) {
    CHECK(content_ != nullptr);
    session_.last_activity = services_.clock.now();
    session_.entered = services_.clock.now();
    last_presence_ = services_.clock.now();
    facts_.card_on_reader = false;
    services_.printing.on_state = [this](printer::State state) { post(session::Ticket{}, state); };
    if (services_.staff != nullptr) attach_staff(*services_.staff);
}

void Kiosk::attach_staff(StaffDesk& staff) {
    services_.staff = &staff;
    if (arrivals_.on_post) staff.on_arrival(arrivals_.on_post);
    staff.on_confirmed = [this](session::Ticket ticket, const staff::Confirmed& who) {
        if (ticket == session_.ticket) apply(Input(Signal::staff_confirmed, who));
    };
    staff.on_printer_asked = [this](bool is_ok) { facts_.printer_ok = is_ok; };
    staff.on_look = [this](staff::AreaEffect what) { check_camera(what); };
    staff.on_ask_face = [this] { ask_face_parts(); };
    staff.on_show_face = [this](bool is_shown) { show_mirror(is_shown); };
    // Nobody's session hears of it: the area says by itself that staff were called.
    staff.on_call_staff = [this] { call_assistance(0); };
    staff.errands().device_words = [this] { return device_words(); };
    if (services_.ratings != nullptr)
        staff.errands().ratings = [this] {
            return services_.ratings->last_day(base::local_date(services_.clock.wall()));
        };
}

void Kiosk::on_arrival(const std::function<void()>& wake) {
    arrivals_.on_post = wake;
    if (services_.staff != nullptr) services_.staff->on_arrival(wake);
}

session::World Kiosk::world() const {
    session::World world{services_.clock.now(), services_.clock.wall(),
                         services_.clock.is_synchronised(), content_};
    world.can_check_face = services_.face != nullptr && services_.face->is_ready();
    world.has_face_tries = services_.face != nullptr && services_.face->has_tries(session_.ticket);
    return world;
}

present::Facts Kiosk::facts() const {
    auto facts = facts_;
    facts.world = world();
    facts.accepting = services_.submitter.is_accepting();
    facts.many_checks_failed =
        told_of_failed_checks_ && facts.world.now - *told_of_failed_checks_ < failed_checks_within;
    if (services_.input_methods != nullptr) {
        facts.pinyin = services_.input_methods->pinyin();
        facts.handwriting = services_.input_methods->handwriting();
    }
    facts.reads_aloud = services_.reads_aloud;
    if (services_.staff != nullptr)
        services_.staff->fill(facts);
    else
        facts.closed_by_staff = services_.is_closed_by_staff;
    return facts;
}

// ---- one turn ----

void Kiosk::tell(Input input) {
    apply(std::move(input));
}

bool Kiosk::turn() {
    while (take_arrivals() || take_deadline() || take_staff() || finish_wipe()) {
    }
    if (is_somebody_here()) last_presence_ = services_.clock.now();
    ask_devices();
    if (is_reader_checked()) check_reader();
    if (is_between_sessions()) check_printer();
    look_after_storage();
    while (take_arrivals() || take_staff() || finish_wipe()) {
    } // what workers that run inline answered
    return std::exchange(changed_, false);
}

base::MonotonicTime Kiosk::next_wake() const {
    const auto now = services_.clock.now();
    auto wake = now + far_away;
    if (const auto deadline = session::next_deadline(session_)) wake = std::min(wake, deadline->at);
    if (session_.overlay == session::Overlay::idle ||
        session_.overlay == session::Overlay::other_person)
        wake = std::min(wake, now + 1s); // the count
    if ((camera_wanted_ || desk_wanted_) && !camera_asked_) wake = std::min(wake, next_picture_);
    if (is_face_watched() && !face_asked_) wake = std::min(wake, next_face_);
    if (mirror_wanted_ && !mirror_asked_) wake = std::min(wake, next_mirror_);
    if (card_wanted_ != CardWanted::no && !card_asked_ && next_look_ > now)
        wake = std::min(wake, next_look_);
    if (is_reader_checked() && !reader_asked_) wake = std::min(wake, next_reader_check_);
    if (is_between_sessions() && !printer_asked_) wake = std::min(wake, next_printer_check_);
    if (wiping_) wake = std::min(wake, now + 20ms);
    if (services_.dark_after > 0ms && !is_somebody_here() && !is_dark())
        wake = std::min(wake, last_presence_ + services_.dark_after);
    if (!services_.submitter.is_accepting()) wake = std::min(wake, next_probe_);
    if (is_between_sessions()) wake = std::min(wake, next_tidying_);
    if (is_between_sessions() && services_.staff == nullptr) wake = std::min(wake, next_opening_);
    if (services_.staff != nullptr) wake = std::min(wake, services_.staff->next_wake());
    return std::max(wake, now);
}

bool Kiosk::take_arrivals() {
    bool took = false;
    while (auto arrival = arrivals_.try_take()) {
        took = true;
        take(std::move(*arrival));
    }
    return took;
}

bool Kiosk::take_deadline() {
    const auto deadline = session::next_deadline(session_);
    if (!deadline || deadline->at > services_.clock.now()) return false;
    apply(Input(deadline->signal));
    return true;
}

void Kiosk::apply(Input input) {
    const auto step_before = session_.step;
    const auto signal = input.signal;
    auto outcome = session::apply(std::move(session_), std::move(input), world());
    session_ = std::move(outcome.session);
    if (outcome.refused) {
        services_.log.write(
            base::LogEvent::move_refused,
            {{base::LogField::step, base::Word::of_enumerator(to_string(session_.step))},
             {base::LogField::signal, base::Word::of_enumerator(to_string(signal))}});
        return;
    }
    changed_ = true;
    if (!is_between_sessions()) stop_watching_left_card();
    if (services_.staff != nullptr) services_.staff->set_in_visit(!is_between_sessions());
    note_step(step_before);
    for (const auto kind : outcome.effects) perform(kind);
}

namespace {

// A face check that was declined or failed leaves nothing, a log that stays included: its steps are
// those of the choice between the ways there (spec safeguards G3).
session::Step step_in_log(session::Step step) {
    const bool is_face = step == session::Step::face_consent || step == session::Step::face_check;
    return is_face ? session::Step::identity : step;
}

} // namespace

void Kiosk::note_step(session::Step before) {
    if (session_.step == before) return;
    if (session_.step == session::Step::face_consent) record_face(1, 0);
    const auto step = step_in_log(session_.step);
    if (step == step_in_log(before)) return;
    services_.log.write(base::LogEvent::step_entered,
                        {{base::LogField::ticket, std::int64_t(session_.ticket)},
                         {base::LogField::step, base::Word::of_enumerator(to_string(step))}});
}

void Kiosk::perform(EffectKind kind) {
    const int number = effects_performed_++;
    if (on_effect) on_effect(number, EffectMoment::before, kind);
    switch (kind) {
    case EffectKind::start_card:
        card_wanted_ = CardWanted::read;
        next_look_ = services_.clock.now();
        if (card_fault_ == base::Errc::busy) card_fault_ = base::Errc::no_card; // said anew
        break;
    case EffectKind::watch_card:
        card_wanted_ = CardWanted::watch;
        next_look_ = services_.clock.now();
        card_was_present_ = false;
        break;
    case EffectKind::stop_card:
        card_wanted_ = CardWanted::no;
        facts_.card_reading = false;
        services_.card_worker.cancel();
        card_asked_ = reader_asked_ = false;
        break;
    case EffectKind::open_camera:
        camera_wanted_ = true;
        order(services_.camera_worker, "camera", [this](std::stop_token) { pages_.begin(); });
        break;
    case EffectKind::look_at_desk:
        desk_wanted_ = true;
        next_picture_ = services_.clock.now();
        order(services_.camera_worker, "camera", [this](std::stop_token) { pages_.begin(); });
        break;
    case EffectKind::look_again:
        order(services_.camera_worker, "camera", [this](std::stop_token) { pages_.look_again(); });
        break;
    case EffectKind::close_camera:
        camera_wanted_ = desk_wanted_ = false;
        camera_asked_ = false;
        facts_.live.reset();
        facts_.paper = {};
        services_.camera_worker.cancel();
        close_camera();
        break;
    case EffectKind::begin_face_check: begin_face_check(); break;
    case EffectKind::end_face_check: end_face_check(); break;
    case EffectKind::capture_page: capture_page(); break;
    case EffectKind::store: store(); break;
    case EffectKind::wake_uploader: services_.wake_uploader(); break;
    case EffectKind::print_receipt: print_receipt(); break;
    case EffectKind::print_copy: print_copy(); break;
    case EffectKind::ask_platform: ask_platform(); break;
    case EffectKind::ask_prefill: ask_prefill(); break;
    case EffectKind::count_rating: count_rating(); break;
    case EffectKind::chime: services_.chime(); break;
    case EffectKind::check_pin:
        if (services_.staff != nullptr)
            services_.staff->check_pin(session_.visit->staff_purpose, session_.pin,
                                       session_.ticket);
        break;
    case EffectKind::drop_pin_check:
        if (services_.staff != nullptr) services_.staff->drop_check();
        break;
    case EffectKind::call_assistance: call_assistance(session_.ticket); break;
    case EffectKind::wipe: begin_wipe(); break;
    }
    if (on_effect) on_effect(number, EffectMoment::after, kind);
}

// ---- workers ----

void Kiosk::post(session::Ticket ticket, decltype(Arrival::content) content) {
    if (!arrivals_.post(Arrival{ticket, std::move(content)}))
        services_.log.write(base::LogEvent::mailbox_full);
}

void Kiosk::order(Worker& worker, base::Word name, Job job) {
    if (worker.post(std::move(job))) return;
    services_.log.write(base::LogEvent::device_fault,
                        {{base::LogField::device, name}, base::Errc::busy});
    services_.events.fault(name, base::Errc::busy);
}

void Kiosk::take(Arrival arrival) {
    if (auto* input = std::get_if<Input>(&arrival.content)) {
        // Delivery is told by key, whichever session asks (ticket 0).
        if (arrival.ticket == 0) {
            const auto* delivered = std::get_if<session::DeliveredInput>(&input->payload);
            if (delivered == nullptr || std::find(session_.waiting.begin(), session_.waiting.end(),
                                                  delivered->key) == session_.waiting.end())
                return;
        } else if (arrival.ticket != session_.ticket) {
            return;
        }
        if (input->signal == Signal::receipt_printed) facts_.printer_ok = true;
        if (input->signal == Signal::receipt_problem) facts_.printer_ok = false;
        return apply(std::move(*input));
    }
    // How the reader is, is nobody's.
    if (const auto* reader = std::get_if<drivers::CardReaderDescription>(&arrival.content))
        return take(*reader);
    if (const auto* state = std::get_if<printer::State>(&arrival.content)) {
        changed_ = changed_ || facts_.printer != *state;
        facts_.printer = *state;
        return;
    }
    if (const auto* checked = std::get_if<PrinterChecked>(&arrival.content)) return take(*checked);
    if (auto* checked = std::get_if<CameraChecked>(&arrival.content)) {
        changed_ = true;
        facts_.camera_ok = checked->findings.has_value();
        if (services_.staff != nullptr) services_.staff->tell_look(std::move(checked->findings));
        return;
    }
    if (const auto* frames = std::get_if<FramesTaken>(&arrival.content)) return take(*frames);
    if (auto* parts = std::get_if<FaceParts>(&arrival.content)) {
        if (services_.staff != nullptr) services_.staff->tell_face_parts(std::move(parts->found));
        return;
    }
    if (auto* seen = std::get_if<MirrorAnswer>(&arrival.content)) return take(std::move(*seen));
    if (arrival.ticket != session_.ticket) return;
    if (std::holds_alternative<CardFound>(arrival.content)) {
        facts_.card_reading = card_wanted_ == CardWanted::read;
        changed_ = true;
        card_left_since_.reset(); // another one, or the same laid down anew
        if (facts_.card_reading && session_.visit) apply(Input(Signal::card_found));
    } else if (auto* answer = std::get_if<CardAnswer>(&arrival.content)) {
        take(std::move(*answer));
    } else if (const auto* watch = std::get_if<CardWatch>(&arrival.content)) {
        take(*watch);
    } else if (auto* live = std::get_if<LivePicture>(&arrival.content)) {
        take(std::move(*live));
    } else if (auto* face = std::get_if<FaceAnswer>(&arrival.content)) {
        take(std::move(*face));
    }
}

void Kiosk::take(CardAnswer answer) {
    card_asked_ = false;
    changed_ = changed_ || facts_.card_reading;
    facts_.card_reading = false;
    // The card that had to be lifted first is gone: now the one that is wanted may be laid down.
    const bool is_lifted =
        !answer.input && answer.code == base::Errc::no_card && card_fault_ == base::Errc::busy;
    note_card_reader(answer.code);
    if (is_lifted) answer.input.emplace(Signal::card_problem, base::Errc::no_card);
    if (!answer.input || card_wanted_ != CardWanted::read) return;
    if (answer.input->signal == Signal::card_problem)
        next_look_ = services_.clock.now() + look_interval;
    if (answer.input->signal == Signal::card_read) {
        card_wanted_ = CardWanted::no;
        facts_.card_on_reader = true;
    }
    apply(std::move(*answer.input));
    // The table refused it (the helper's card is the person's own): keep looking.
    if (session_.step == session::Step::card &&
        session_.overlay != session::Overlay::other_person && card_wanted_ == CardWanted::no)
        card_wanted_ = CardWanted::read;
}

void Kiosk::take(const CardWatch& watch) {
    if (card_wanted_ == CardWanted::left) return take_left_card(watch);
    card_asked_ = false;
    next_look_ = services_.clock.now() + look_interval;
    note_card_reader(watch.code);
    // Where staff vouch for whose card lies there, one that nobody can see, or that was gone before
    // the first look, is gone. Elsewhere a reader that does not say leaves everything as it was.
    const bool is_vouched_for = session_.visit && session_.visit->person_card_lies;
    if (!watch.is_present && !is_vouched_for) return;
    const bool is_present = watch.is_present.value_or(false);
    changed_ = changed_ || facts_.card_on_reader != is_present;
    facts_.card_on_reader = is_present;
    remind_of_card(is_present);
    const bool was_lifted = (card_was_present_ || is_vouched_for) && !is_present;
    card_was_present_ = is_present;
    if (was_lifted && card_wanted_ == CardWanted::watch) apply(Input(Signal::card_lifted));
}

// The goodbye begins with the chime and says where the card is; while it lies there it is asked for
// once more, as long as the goodbye lasts.
void Kiosk::remind_of_card(bool is_present) {
    if (session_.step != session::Step::goodbye || !is_present) return;
    const auto last = std::max(session_.entered, last_card_reminder_);
    if (services_.clock.now() - last < card_reminder_interval) return;
    last_card_reminder_ = services_.clock.now();
    services_.chime();
}

// However the visit ended: by itself, or because somebody said that they have everything. The
// driver sends nothing where no card was read since the last one was lifted.
void Kiosk::watch_left_card(bool was_card_read) {
    if (was_card_read && !card_left_since_) card_left_since_ = services_.clock.now();
    if (!card_left_since_) return;
    card_wanted_ = CardWanted::left;
    next_look_ = services_.clock.now();
}

void Kiosk::stop_watching_left_card() {
    if (card_wanted_ == CardWanted::left) card_wanted_ = CardWanted::no;
    facts_.card_left = false;
}

// For the same card the sound never begins anew: its time runs from the end of its own visit.
void Kiosk::take_left_card(const CardWatch& watch) {
    const auto now = services_.clock.now();
    card_asked_ = false;
    next_look_ = now + left_card_interval;
    note_card_reader(watch.code);
    if (!watch.is_present) return; // nobody knows: as before
    changed_ = changed_ || facts_.card_left != *watch.is_present;
    if (!*watch.is_present) {
        card_left_since_.reset();
        return stop_watching_left_card();
    }
    facts_.card_left = true;
    const auto since = *card_left_since_;
    const bool was_reminded =
        last_card_reminder_ >= since && now - last_card_reminder_ < card_reminder_interval;
    if (was_reminded || now - since > left_card_reminders) return;
    last_card_reminder_ = now;
    services_.chime();
}

void Kiosk::take(const drivers::CardReaderDescription& reader) {
    reader_asked_ = false;
    next_reader_check_ = services_.clock.now() + reader_check_interval;
    present::CardReaderFacts now{reader.transport, reader.pipes, reader.module_id,
                                 reader.last_trouble};
    changed_ = changed_ || now != facts_.card_reader;
    facts_.card_reader = std::move(now);
    note_card_reader(reader.is_ready ? base::Errc::no_card
                                     : reader.last_trouble.value_or(base::Errc::unplugged));
}

void Kiosk::take(LivePicture live) {
    camera_asked_ = false;
    changed_ = true;
    facts_.camera_ok = !live.failed;
    facts_.camera_failed = live.failed;
    if (!camera_wanted_) return;
    facts_.live = std::move(live.picture);
    facts_.paper = std::move(live.paper);
}

// A fault is told once, however often the reader is asked again.
void Kiosk::note_card_reader(base::Errc code) {
    if (code == base::Errc::cancelled) return;
    const bool is_news = code != card_fault_;
    card_fault_ = code;
    changed_ = changed_ || facts_.card_reader_ok == is_device_fault(code);
    facts_.card_reader_ok = !is_device_fault(code);
    if (!is_device_fault(code)) return;
    facts_.card_reader.trouble = code;
    if (!is_news) return;
    services_.events.fault("card_reader", code);
    services_.log.write(base::LogEvent::device_fault,
                        {{base::LogField::device, "card_reader"}, code});
}

// Asked how it is while it does not work, and while staff look at it. Never while a card is wanted,
// which says as much, and never beside a matter that takes no card (spec safeguards G12). It is not
// asked about any card.
bool Kiosk::is_reader_checked() const {
    const bool is_watched = services_.staff != nullptr && services_.staff->is_open();
    if (facts_.card_reader_ok && !is_watched) return false;
    const auto* form = session_.visit ? session_.visit->form : nullptr;
    const bool takes_none = form != nullptr && form->identity == forms::IdentityLevel::l0;
    const bool is_wanted = card_wanted_ == CardWanted::read || card_wanted_ == CardWanted::watch;
    return !is_wanted && !wiping_ && !takes_none;
}

void Kiosk::check_reader() {
    if (reader_asked_ || services_.clock.now() < next_reader_check_) return;
    reader_asked_ = true;
    order(services_.card_worker, "card_reader",
          [this](std::stop_token) { post(session::Ticket{}, services_.card_reader.describe()); });
}

// Between visits: who comes next is told in time that there is no receipt, and staff that paper is
// needed.
void Kiosk::check_printer() {
    if (printer_asked_ || services_.clock.now() < next_printer_check_) return;
    printer_asked_ = true;
    order(services_.printer_worker, "receipt_printer", [this](std::stop_token) {
        post(session::Ticket{}, PrinterChecked{services_.printing.check_ready().has_value()});
    });
}

void Kiosk::take(PrinterChecked checked) {
    printer_asked_ = false;
    next_printer_check_ = services_.clock.now() + printer_interval;
    changed_ = changed_ || facts_.printer_ok != checked.is_ok;
    facts_.printer_ok = checked.is_ok;
}

void Kiosk::ask_devices() {
    const bool may_look = !card_asked_ && services_.clock.now() >= next_look_;
    if (card_wanted_ == CardWanted::read && may_look) look_for_card();
    if ((card_wanted_ == CardWanted::watch || card_wanted_ == CardWanted::left) && may_look)
        watch_card();
    if (camera_wanted_ && !camera_asked_ && services_.clock.now() >= next_picture_)
        take_live_picture();
    if (desk_wanted_ && !camera_asked_ && services_.clock.now() >= next_picture_) look_at_desk();
    if (is_face_watched() && !face_asked_ && services_.clock.now() >= next_face_) look_at_face();
    if (mirror_wanted_ && !mirror_asked_ && services_.clock.now() >= next_mirror_)
        look_into_mirror();
}

// ---- the face camera ----

void Kiosk::begin_face_check() {
    face_subject_.emplace(FaceSubject{session_.ticket, session_.visit->chip_photo,
                                      session::age_by_card(session_, world())});
    face_begun_ = face_asked_ = false;
    next_face_ = services_.clock.now();
}

void Kiosk::end_face_check() {
    if (services_.face == nullptr) return;
    face_subject_.reset();
    face_begun_ = face_asked_ = false;
    facts_.face = {};
    services_.face_worker->cancel();
    order(*services_.face_worker, "face_camera",
          [face = services_.face](std::stop_token) { face->end(); });
    record_face(0, 0);
}

// No frame while something lies over the step: the person is not looking at it.
bool Kiosk::is_face_watched() const {
    return services_.face != nullptr && face_subject_ && session_.overlay == session::Overlay::none;
}

void Kiosk::look_at_face() {
    face_asked_ = true;
    next_face_ = services_.clock.now() + picture_interval;
    auto begins = std::exchange(face_begun_, true) ? std::nullopt : face_subject_;
    order(*services_.face_worker, "face_camera",
          [this, face = services_.face, begins = std::move(begins),
           ticket = session_.ticket](std::stop_token stop) mutable {
              FaceAnswer answer;
              const auto begun = begins ? face->begin(*begins, stop) : base::Result<void>();
              begins.reset();
              if (stop.stop_requested()) return;
              if (begun) {
                  answer.look = face->look();
              } else {
                  services_.events.fault("face_camera", begun.error().code);
                  answer.look.ended.emplace(Signal::face_ended, session::FaceEnd::device);
              }
              if (answer.look.ended) face->end();
              if (!stop.stop_requested()) post(ticket, std::move(answer));
          });
}

void Kiosk::take(FaceAnswer answer) {
    if (!face_subject_) return; // cancelled meanwhile
    face_asked_ = false;
    changed_ = true;
    facts_.face = std::move(answer.look.shown);
    if (!answer.look.ended) return;
    const auto& ended = *answer.look.ended;
    const auto* why = std::get_if<session::FaceEnd>(&ended.payload);
    const bool has_failed = why != nullptr && *why == session::FaceEnd::not_certain;
    if (has_failed || ended.signal == Signal::face_passed) record_face(0, 1);
    if (has_failed) note_failed_check();
    apply(std::move(*answer.look.ended));
}

// Frames that were taken since the last time go along, those of an abandoned check too.
void Kiosk::record_face(std::int64_t offered, std::int64_t done) {
    if (services_.face_record == nullptr) return;
    const auto frames = services_.face->frames_taken();
    FaceTally tally{offered, done, std::int64_t(frames - face_frames_recorded_)};
    face_frames_recorded_ = frames;
    if (tally == FaceTally{}) return;
    order(services_.storage_worker, "face_record",
          [this, tally,
           conditions = FaceConditions{std::string(services_.face->model()), content_->version(),
                                       services_.assessment},
           today = base::local_date(services_.clock.wall()),
           is_date_sure = services_.clock.is_synchronised()](std::stop_token) {
              const auto added = services_.face_record->add(tally, conditions, today, is_date_sure);
              if (!added) services_.log.write(base::LogEvent::storage_fault, {added.error().code});
          });
}

void Kiosk::note_failed_check() {
    const auto now = services_.clock.now();
    std::erase_if(failed_checks_,
                  [&](base::MonotonicTime at) { return now - at >= failed_checks_within; });
    failed_checks_.push_back(now);
    if (failed_checks_.size() < too_many_failed_checks) return;
    failed_checks_.clear();
    told_of_failed_checks_ = now;
    call_assistance(0); // of nobody's session
}

// ---- the face camera, for a technician ----

void Kiosk::ask_face_parts() {
    if (!services_.face_parts) return;
    order(services_.storage_worker, "face_camera",
          [this](std::stop_token) { post(session::Ticket{}, FaceParts{services_.face_parts()}); });
}

// Frames count for the day as those of a check do.
void Kiosk::show_mirror(bool is_shown) {
    if (services_.face_mirror == nullptr) {
        if (is_shown) services_.staff->tell(staff::AreaSignal::face_not_shown);
        return;
    }
    mirror_wanted_ = is_shown;
    mirror_asked_ = false;
    facts_.mirror = {};
    changed_ = true;
    if (is_shown) {
        ++mirror_opening_;
        mirror_was_shown_ = true;
        next_mirror_ = services_.clock.now();
        return;
    }
    services_.face_worker->cancel();
    order(*services_.face_worker, "face_camera",
          [mirror = services_.face_mirror](std::stop_token) { mirror->close(); });
    if (services_.face != nullptr) record_face(0, 0);
}

void Kiosk::look_into_mirror() {
    mirror_asked_ = true;
    next_mirror_ = services_.clock.now() + picture_interval;
    order(*services_.face_worker, "face_camera",
          [this, mirror = services_.face_mirror, opening = mirror_opening_](std::stop_token stop) {
              const auto opened = mirror->open();
              auto seen =
                  opened ? mirror->look() : base::Result<present::MirrorFacts>(opened.error());
              if (stop.stop_requested()) return; // closed by the job behind this one
              MirrorAnswer answer{opening, std::nullopt};
              if (seen)
                  answer.seen = std::move(seen).value();
              else
                  services_.events.fault("face_camera", seen.error().code);
              post(session::Ticket{}, std::move(answer));
          });
}

void Kiosk::take(MirrorAnswer answer) {
    if (!mirror_wanted_ || answer.opening != mirror_opening_) return; // closed meanwhile
    mirror_asked_ = false;
    changed_ = true;
    if (!answer.seen) return services_.staff->tell(staff::AreaSignal::face_not_shown);
    facts_.mirror = std::move(*answer.seen);
}

// Whoever logged out leaves no pixel of themselves on the glass.
void Kiosk::forget_mirror() {
    if (!mirror_was_shown_ || services_.staff->is_open()) return;
    mirror_was_shown_ = false;
    services_.wipe_glass();
    base::wipe_stack_below();
}

void Kiosk::look_for_card() {
    card_asked_ = true;
    drivers::CardLook wanted;
    wanted.patience = services_.card_patience;
    if (services_.face != nullptr && services_.face->is_ready() &&
        session::takes_chip_photo(session_))
        wanted.photo = drivers::Photo::keep;
    wanted.on_found = [this, ticket = session_.ticket] { post(ticket, CardFound{}); };
    order(services_.card_worker, "card_reader",
          [this, ticket = session_.ticket, wanted = std::move(wanted)](std::stop_token stop) {
              auto read = services_.card_reader.read(wanted, stop);
              CardAnswer answer;
              if (read) {
                  answer.input.emplace(Signal::card_read, card_input(std::move(read).value()));
              } else {
                  answer.code = read.error().code;
                  const bool is_nothing =
                      answer.code == base::Errc::no_card || answer.code == base::Errc::cancelled;
                  if (!is_nothing) answer.input.emplace(Signal::card_problem, answer.code);
              }
              post(ticket, std::move(answer));
          });
}

void Kiosk::watch_card() {
    card_asked_ = true;
    order(services_.card_worker, "card_reader", [this, ticket = session_.ticket](std::stop_token) {
        const auto present = services_.card_reader.is_card_present();
        if (present) return post(ticket, CardWatch{*present});
        post(ticket, CardWatch{std::nullopt, present.error().code});
    });
}

// Paper with something to read on it. A photo shows a thing as it lies there.
bool Kiosk::finds_pages() const {
    return session_.step == session::Step::scan &&
           session::current_field(*session_.visit).type == forms::FieldType::scan;
}

void Kiosk::take_live_picture() {
    camera_asked_ = true;
    next_picture_ = services_.clock.now() + picture_interval;
    const bool reads_codes =
        session_.step == session::Step::show_receipt && services_.clock.now() >= next_code_look_;
    if (reads_codes) next_code_look_ = services_.clock.now() + code_interval;
    std::optional<PaperWish> wish;
    if (finds_pages()) wish = wish_of(session_);
    order(services_.camera_worker, "camera",
          [this, reads_codes, wish, ticket = session_.ticket](std::stop_token) {
              LivePicture live;
              auto opened = services_.camera.open();
              auto frame = opened ? services_.camera.next_frame(frame_limit)
                                  : base::Result<base::Picture>(opened.error());
              PageWatch::View view;
              if (frame && wish) view = pages_.see(*frame, *wish);
              if (view.outline)
                  for (const auto& corner : *view.outline)
                      live.paper.outline.push_back({float(corner.x), float(corner.y)});
              live.paper.held = view.held;
              if (frame)
                  live.picture = std::make_shared<const base::Picture>(
                      base::shrink_to_fit(*frame, preview_width, preview_height));
              else
                  live.failed = true;
              post(ticket, std::move(live));
              if (view.news) post(ticket, Input(Signal::page_seen, *view.news));
              if (view.is_due) post(ticket, Input(Signal::page_steady));
              if (frame && reads_codes) {
                  auto codes = drivers::read_qr_codes(*frame);
                  if (codes && !codes->empty())
                      post(ticket, Input(Signal::codes_seen,
                                         session::CodesInput{std::move(codes).value()}));
              }
              if (!frame) post(ticket, Input(Signal::camera_problem, frame.error().code));
          });
}

// Closed, it says how many frames it has given; each of them counts for the day.
void Kiosk::close_camera() {
    order(services_.camera_worker, "camera", [this](std::stop_token) {
        services_.camera.close();
        post(session::Ticket{}, FramesTaken{services_.camera.frames_taken()});
    });
}

void Kiosk::take(FramesTaken frames) {
    const auto more = std::int64_t(frames.count - frames_recorded_);
    frames_recorded_ = frames.count;
    if (more == 0 || services_.frame_record == nullptr) return;
    order(services_.storage_worker, "frame_record",
          [this, more, today = base::local_date(services_.clock.wall()),
           is_date_sure = services_.clock.is_synchronised()](std::stop_token) {
              const auto added = services_.frame_record->add(more, today, is_date_sure);
              if (!added) services_.log.write(base::LogEvent::storage_fault, {added.error().code});
          });
}

// Goodbye: the camera says whether something lies there, and nobody sees its picture.
void Kiosk::look_at_desk() {
    camera_asked_ = true;
    next_picture_ = services_.clock.now() + desk_interval;
    order(services_.camera_worker, "camera", [this, ticket = session_.ticket](std::stop_token) {
        auto opened = services_.camera.open();
        const auto frame = opened ? services_.camera.next_frame(frame_limit)
                                  : base::Result<base::Picture>(opened.error());
        LivePicture looked;
        looked.failed = !frame;
        post(ticket, std::move(looked));
        if (!frame) return post(ticket, Input(Signal::camera_problem, frame.error().code));
        if (const auto news = pages_.see_desk(*frame))
            post(ticket, Input(Signal::desk_seen, *news));
    });
}

// For staff, between visits: one picture is looked at, and none is kept or shown.
void Kiosk::check_camera(staff::AreaEffect what) {
    const auto check = [what](const base::Picture& frame) {
        if (what == staff::AreaEffect::look_at_marks) return drivers::look_at_marks(frame);
        if (what == staff::AreaEffect::look_at_sheet) return drivers::look_at_blank_sheet(frame);
        return drivers::look_at_card(frame);
    };
    const bool is_posted = services_.camera_worker.post([this, check](std::stop_token stop) {
        const auto opened = services_.camera.open();
        auto frame = opened ? services_.camera.next_frame(frame_limit)
                            : base::Result<base::Picture>(opened.error());
        for (int i = 1; i < frames_to_settle && frame && !stop.stop_requested(); ++i)
            frame = services_.camera.next_frame(frame_limit);
        services_.camera.close();
        post(session::Ticket{}, FramesTaken{services_.camera.frames_taken()});
        CameraChecked checked;
        if (frame)
            checked.findings = check(*frame);
        else
            services_.events.fault("camera", frame.error().code);
        post(session::Ticket{}, std::move(checked));
    });
    if (!is_posted) services_.staff->tell_look(std::nullopt);
}

void Kiosk::capture_page() {
    std::optional<PaperWish> wish;
    if (finds_pages()) wish = wish_of(session_);
    const auto take = [this, wish](base::Picture frame) {
        return wish ? pages_.take(frame, *wish) : photo_from(std::move(frame));
    };
    order(
        services_.camera_worker, "camera", [this, take, ticket = session_.ticket](std::stop_token) {
            auto opened = services_.camera.open();
            auto frame = opened ? services_.camera.next_frame(frame_limit)
                                : base::Result<base::Picture>(opened.error());
            auto page = frame ? take(std::move(frame).value()) : base::Result<Input>(frame.error());
            if (page) return post(ticket, std::move(page).value());
            const auto code = page.error().code;
            if (is_device_fault(code)) services_.events.fault("camera", code);
            post(ticket, Input(Signal::camera_problem, code));
        });
}

void Kiosk::store() {
    auto draft = std::make_shared<Draft>(draft_of(session_, world()));
    order(services_.storage_worker, "outbox",
          [this, ticket = session_.ticket, draft = std::move(draft)](std::stop_token) mutable {
              auto stored = services_.submitter.submit(*draft);
              draft.reset();
              if (auto* kept = std::get_if<session::StoredInput>(&stored))
                  return post(ticket, Input(Signal::stored, std::move(*kept)));
              auto& refused = std::get<session::NotStoredInput>(stored);
              services_.log.write(base::LogEvent::submission_refused, {refused.code});
              post(ticket, Input(Signal::store_refused, std::move(refused)));
          });
}

void Kiosk::print_receipt() {
    auto document = std::make_shared<printer::Document>(present::receipt(session_, facts()));
    order(services_.printer_worker, "receipt_printer",
          [this, ticket = session_.ticket, key = session_.visit->key,
           number = present::plain_number(session_.visit->receipt),
           slip = session_.visit->supplement ? Printing::Slip::supplement : Printing::Slip::receipt,
           document = std::move(document)](std::stop_token stop) mutable {
              const auto printed = services_.printing.print(key, number, *document, stop, slip);
              document.reset();
              if (printed) return post(ticket, Input(Signal::receipt_printed));
              services_.events.fault("receipt_printer", printed.error().code);
              post(ticket, Input(Signal::receipt_problem, printed.error().code));
          });
}

// A copy is no receipt: the journal keeps what became of that one.
void Kiosk::print_copy() {
    order(services_.printer_worker, "receipt_printer",
          [this, ticket = session_.ticket, number = present::plain_number(session_.enquiry->number),
           make = present::enquiry_copy(session_)](std::stop_token stop) {
              const auto printed = services_.printing.print_copy(number, make, stop);
              if (printed) return post(ticket, Input(Signal::receipt_printed));
              services_.events.fault("receipt_printer", printed.error().code);
              post(ticket, Input(Signal::receipt_problem, printed.error().code));
          });
}

void Kiosk::count_rating() {
    if (services_.ratings == nullptr) return;
    order(services_.storage_worker, "ratings",
          [this, rating = session_.rating,
           today = base::local_date(services_.clock.wall())](std::stop_token) {
              const auto counted = services_.ratings->count(rating, today);
              if (!counted)
                  services_.log.write(base::LogEvent::storage_fault, {counted.error().code});
          });
}

void Kiosk::ask_platform() {
    auto question = std::make_shared<Question>(question_of(session_));
    services_.enquiry_worker.cancel(); // nobody waits for an earlier one any more
    order(services_.enquiry_worker, "network",
          [this, ticket = session_.ticket,
           question = std::move(question)](std::stop_token stop) mutable {
              auto answer =
                  answer_to(*question, services_.enquiry_network, services_.submitter, stop);
              question.reset();
              if (!stop.stop_requested()) post(ticket, std::move(answer));
          });
}

void Kiosk::ask_prefill() {
    auto asked = std::make_shared<PrefillAsked>(prefill_asked(session_, world()));
    services_.enquiry_worker.cancel();
    order(services_.enquiry_worker, "network",
          [this, ticket = session_.ticket, asked = std::move(asked)](std::stop_token stop) mutable {
              auto answer = answer_to(*asked, services_.enquiry_network, stop);
              asked.reset();
              if (!stop.stop_requested()) post(ticket, std::move(answer));
          });
}

void Kiosk::call_assistance(session::Ticket ticket) {
    services_.log.write(base::LogEvent::assistance_called);
    order(services_.network_worker, "network", [this, ticket](std::stop_token) {
        const auto answer = services_.network.assistance(services_.place);
        if (!answer)
            services_.log.write(base::LogEvent::assistance_unreachable, {answer.error().code});
        post(ticket, Input(answer ? Signal::staff_coming : Signal::staff_unreachable));
    });
}

// ---- staff ----

// True when the session or the staff area moved, so that there may be more to take.
bool Kiosk::take_staff() {
    if (services_.staff == nullptr) return false;
    follow_staff();
    const bool moved = services_.staff->turn();
    follow_staff();
    forget_mirror();
    changed_ = changed_ || moved;
    return moved;
}

// The session knows at every moment how things stand with the staff card: a card that was in before
// it began, and one that comes while somebody else's words are shown.
void Kiosk::follow_staff() {
    if (session_.staff != services_.staff->standing())
        apply(Input(Signal::staff_changed, services_.staff->standing()));
}

// One word for each device, as staff read it on the platform's page.
std::vector<std::pair<std::string, std::string>> Kiosk::device_words() const {
    const auto facts = this->facts();
    const auto word = [](bool is_ok) { return std::string(is_ok ? "ok" : "fault"); };
    return {{"card_reader", word(facts.card_reader_ok)},
            {"camera", word(facts.camera_ok)},
            {"receipt_printer", word(facts.printer_ok)},
            {"staff_reader", facts.staff_reader_ok ? "ok" : "absent"}};
}

void Kiosk::post_delivered(const std::string& key) {
    post(0, Input(Signal::delivered, session::DeliveredInput{key}));
}

void Kiosk::look_after_storage() {
    const auto now = services_.clock.now();
    if (!services_.submitter.is_accepting() && now >= next_probe_) {
        next_probe_ = now + probe_interval;
        order(services_.storage_worker, "outbox",
              [&submitter = services_.submitter](std::stop_token) { submitter.probe(); });
        changed_ = true;
    }
    // On this thread: it reads a few files while nobody is here, and only where they failed before.
    if (is_between_sessions() && services_.staff == nullptr && now >= next_opening_) {
        next_opening_ = now + opening_interval;
        services_.open_staff();
        changed_ = changed_ || services_.staff != nullptr;
    }
    if (is_between_sessions() && now >= next_tidying_) {
        next_tidying_ = now + tidy_interval;
        order(services_.storage_worker, "outbox",
              [&submitter = services_.submitter](std::stop_token) { submitter.tidy_up(); });
        changed_ = true;
    }
}

bool Kiosk::is_between_sessions() const {
    return session_.step == session::Step::attract;
}

// ---- nobody here ----

// Whoever forgot a card comes back: a dark glass would not say that it is here.
bool Kiosk::is_somebody_here() const {
    return !is_between_sessions() || session_.overlay != session::Overlay::none ||
           facts_.card_left || (services_.staff != nullptr && services_.staff->is_open());
}

bool Kiosk::is_dark() const {
    return services_.dark_after > 0ms && !is_somebody_here() &&
           services_.clock.now() - last_presence_ >= services_.dark_after;
}

void Kiosk::note_hand() {
    changed_ = changed_ || is_dark();
    last_presence_ = services_.clock.now();
}

// ---- the end of a session ----

void Kiosk::begin_wipe() {
    ending_ = session_.end_reason;
    card_wanted_ = CardWanted::no;
    camera_wanted_ = desk_wanted_ = false;
    facts_.live.reset();
    end_face_check();
    facts_.paper = {};
    facts_.camera_failed = false;
    facts_.card_reading = false;
    facts_.card_on_reader = false;
    if (services_.staff != nullptr) services_.staff->forget_visit();
    // A receipt on its way and a call for staff are finished; nobody waits for the rest any more.
    services_.card_worker.cancel();
    services_.camera_worker.cancel();
    services_.enquiry_worker.cancel();
    card_asked_ = reader_asked_ = false;
    camera_asked_ = false;
    close_camera();
    order(services_.camera_worker, "camera", [this](std::stop_token) { pages_.forget(); });
    order(services_.card_worker, "card_reader",
          [&reader = services_.card_reader](std::stop_token) { reader.forget(); });
    order(services_.printer_worker, "receipt_printer",
          [&printing = services_.printing](std::stop_token) { printing.end_visit(); });
    services_.wipe_glass();
    wiping_ = true;
    wipe_began_ = services_.clock.now();
}

// Waits for workers that still hold something of the visit, at most a second.
bool Kiosk::finish_wipe() {
    if (!wiping_) return false;
    auto& arena = base::SessionArena::instance();
    const bool empty = arena.wipe_free() == 0;
    if (!empty && services_.clock.now() - wipe_began_ < wipe_limit) return false;
    wiping_ = false;
    if (!empty)
        services_.log.write(base::LogEvent::arena_not_empty,
                            {{base::LogField::bytes, std::int64_t(arena.in_use())}});
    base::wipe_stack_below();
    services_.log.write(base::LogEvent::session_ended,
                        {{base::LogField::ticket, std::int64_t(session_.ticket)},
                         {base::LogField::reason, base::Word::of_enumerator(to_string(ending_))}});
    services_.events.session_end(base::Word::of_enumerator(to_string(ending_)), empty);
    next_tidying_ = services_.clock.now();
    const bool was_card_read = session_.taken.card;
    apply(Input(Signal::wiped));
    watch_left_card(was_card_read);
    return true;
}

} // namespace app
