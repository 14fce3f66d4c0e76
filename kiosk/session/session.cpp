#include "kiosk/session/session.hpp"

#include "kiosk/forms/submission.hpp"
#include "kiosk/session/route.hpp"
#include "kiosk/session/staff_check.hpp"

#include <algorithm>
#include <utility>

namespace session {
namespace {

const Move* find_move(Step from, Signal on) {
    const auto found = std::find_if(moves.begin(), moves.end(), [&](const Move& move) {
        return move.from == from && move.on == on;
    });
    return found == moves.end() ? nullptr : &*found;
}

const OverlayMove* find_overlay_move(Overlay from, Signal on) {
    const auto found =
        std::find_if(overlay_moves.begin(), overlay_moves.end(),
                     [&](const OverlayMove& move) { return move.from == from && move.on == on; });
    return found == overlay_moves.end() ? nullptr : &*found;
}

Effects effects_of(Overlay overlay, bool entering) {
    for (const auto& row : overlay_effects)
        if (row.overlay == overlay) return entering ? row.on_enter : row.on_leave;
    return {};
}

Effects effects_of(Step step, bool entering) {
    for (const auto& row : step_effects)
        if (row.step == step) return entering ? row.on_enter : row.on_leave;
    return {};
}

// Time, and answers from afar: everything else is a person, or what a person did to a device.
constexpr std::array not_a_person{
    Signal::card_found, // a card that cannot be read is found again and again; card_read counts
    Signal::page_steady,
    Signal::page_refused,
    Signal::camera_problem,
    Signal::desk_seen,
    Signal::face_ended,
    Signal::stored,
    Signal::store_refused,
    Signal::delivered,
    Signal::receipt_printed,
    Signal::receipt_problem,
    Signal::status_answered,
    Signal::todos_answered,
    Signal::prefill_answered,
    Signal::ask_failed,
    Signal::staff_coming,
    Signal::staff_unreachable,
    Signal::wiped,
    Signal::idle,
    Signal::spoke,
    Signal::idle_expired,
    Signal::answer_due,
    Signal::look_due,
    Signal::staff_confirmed,
};

bool is_someones_doing(Signal signal) {
    return std::find(not_a_person.begin(), not_a_person.end(), signal) == not_a_person.end();
}

// The reader looks again and again. A card left lying that cannot be read, or a reader that is
// broken, keeps nobody's session open; given up: whoever lays a card down with the same outcome
// several times and never touches the glass is asked after the idle time whether they are there.
bool is_news_of_a_card(const Session& session, const Input& input) {
    const auto* code = std::get_if<base::Errc>(&input.payload);
    const bool is_about_a_card =
        code != nullptr &&
        (*code == base::Errc::card_removed || *code == base::Errc::card_unreadable ||
         *code == base::Errc::card_inconsistent || *code == base::Errc::unsupported);
    if (!is_about_a_card) return false;
    if (session.step == Step::show_card) return session.enquiry->device_problem != *code;
    return session.visit && session.visit->device_problem != *code;
}

// A card of somebody else than the person whose visit this is, where that person's own is asked
// for. A helper lays down another card by intention; and whose card did not fit to a number is
// asked for another one (enquiry).
bool is_other_persons(const Session& session, const Input& input) {
    const auto* card = std::get_if<CardInput>(&input.payload);
    if (input.signal != Signal::card_read || card == nullptr) return false;
    if (!session.card || session.card->id_number == card->values.id_number) return false;
    if (!session.visit) return false;
    if (reads_for_staff(session)) return true;
    return session.step == Step::card &&
           current_field(*session.visit).who == forms::Holder::applicant;
}

std::optional<int> age_of(const forms::CardValues& card, const World& world) {
    base::Date born{};
    if (!world.clock_synchronised || !base::parse_date(card.birth_date.view(), born))
        return std::nullopt;
    return base::full_years(born, base::local_date(world.wall));
}

// For a child the guardian applies (spec reliability P5). Nobody is refused by a clock that is not
// sure (G17), nor by a card that contradicts itself: staff look at that one (G18).
bool is_too_young_to_apply(const forms::CardValues& card, const World& world) {
    const auto age = age_of(card, world);
    return age && *age < youngest_alone && !card.needs_look;
}

bool is_child_told_to_fetch_somebody(const Session& session, const Input& input) {
    const auto* code = std::get_if<base::Errc>(&input.payload);
    return session.step == Step::card && code != nullptr && *code == base::Errc::busy &&
           session.visit->device_problem == base::Errc::refused;
}

// The same wrong card, read again and again while it is left lying.
bool is_wrong_card_again(const Session& session, const Input& input) {
    return input.signal == Signal::card_read && session.visit &&
           session.visit->device_problem == base::Errc::conflict;
}

bool is_paper(const PageSight& sight) {
    return sight.state != PageSight::State::unknown && sight.state != PageSight::State::nothing;
}

// Paper that is laid down or taken away. Once between two other doings, so that a lamp that
// flickers over it keeps nobody's session open.
bool is_news_of_paper(const Session& session, const PageSight& sight) {
    return session.visit && session.step == Step::scan && !session.paper_counted &&
           is_paper(sight) != is_paper(session.visit->sight);
}

// Inserted, pulled, typed: somebody is there. The same report once more keeps no session open.
bool is_activity(const Session& session, const Input& input) {
    if (input.signal == Signal::card_problem) return is_news_of_a_card(session, input);
    if (const auto* codes = std::get_if<CodesInput>(&input.payload))
        return session.enquiry && is_news(*session.enquiry, *codes);
    if (const auto* sight = std::get_if<PageSight>(&input.payload))
        return is_news_of_paper(session, *sight);
    if (is_wrong_card_again(session, input)) return false; // take_card(): the right one counts
    if (const auto* standing = std::get_if<staff::Standing>(&input.payload))
        return is_in(*standing) != is_in(session.staff) && !session.staff_card_counted;
    if (const auto* pin = std::get_if<PinInput>(&input.payload)) return pin->digits != session.pin;
    return is_someones_doing(input.signal);
}

// A device answers a step even while a question lies over it.
bool comes_from_device(Signal signal) {
    return signal >= Signal::card_found && signal <= Signal::receipt_problem;
}

// Where nobody showed a card, and in a matter that takes none, the reader is not even asked whether
// one lies there (spec safeguards G12).
bool may_watch_card(const Session& session) {
    const auto* form = session.visit ? session.visit->form : nullptr;
    // Papers for a request go with the card that was shown for it, or with none.
    if (session.visit && session.visit->supplement)
        return session.taken.card && !session.visit->supplement->id_number.empty();
    const bool takes_none = form != nullptr && form->identity == forms::IdentityLevel::l0;
    return session.taken.card && !takes_none;
}

// Where a matter is chosen, or a request is asked about, none is under way.
bool keeps_visit(Step step) {
    return step != Step::home && step != Step::groups && step != Step::group &&
           !is_enquiry_step(step);
}

bool is_offered(const Visit& visit, std::string_view way) {
    const auto& methods = current_field(visit).methods;
    return std::find(methods.begin(), methods.end(), way) != methods.end();
}

// A document that staff saw counts as long as it stands in for somebody's card.
void forget_unused_document(Visit& visit) {
    for (const auto& id : visit.answers.ids()) {
        const auto* missing = std::get_if<forms::CardMissing>(&visit.answers.find(id)->value);
        if (missing != nullptr && missing->document_seen) return;
    }
    visit.document_by.clear();
}

void forget_person(Session& session) {
    session.visit.reset();
    session.enquiry.reset();
    session.group.clear();
    session.pin.clear();
    session.card.reset();
    session.remembered.clear();
}

// ---- moving between steps ----

class Mover {
public:
    Mover(Session session, const World& world) : world_(world) {
        outcome_.session = std::move(session);
    }

    Outcome apply(Input input) {
        auto& session = outcome_.session;
        if (is_activity(session, input)) {
            note_activity();
            session.staff_card_counted = input.signal == Signal::staff_changed;
            session.paper_counted = input.signal == Signal::page_seen;
        }
        if (input.signal == Signal::spoke) return note_speaking();
        if (set_display(input.signal)) return finish();
        if (input.signal == Signal::delivered && note_delivered(input)) return finish();
        if (input.signal == Signal::wiped) return start_afresh();
        if (input.signal == Signal::staff_coming || input.signal == Signal::staff_unreachable) {
            session.assistance =
                input.signal == Signal::staff_coming ? Assistance::coming : Assistance::unreachable;
            return finish();
        }
        if (input.signal == Signal::staff_changed) return note_standing(input);
        // What was read was found before, whether or not that was heard.
        if (session.step == Step::face_check && input.signal == Signal::card_read) {
            outcome_ = in_step(Signal::card_found);
            instead_.reset();
        }
        if (is_other_persons(session, input)) return meet_other_person(input);
        if (session.overlay == Overlay::assist && assists(input)) return finish();
        if (session.overlay != Overlay::none && !comes_from_device(input.signal) &&
            input.signal != Signal::answer_due)
            return over_step(input);
        if (find_overlay_move(Overlay::none, input.signal) != nullptr &&
            find_move(session.step, input.signal) == nullptr && !comes_from_device(input.signal))
            return over_step(input);
        return in_step(std::move(input));
    }

private:
    Session& session() { return outcome_.session; }
    Visit& visit() {
        CHECK(session().visit.has_value());
        return *session().visit;
    }
    void effect(EffectKind kind) { outcome_.effects.push_back(kind); }
    Outcome finish() { return std::move(outcome_); }
    Outcome refuse() {
        outcome_.refused = true;
        return finish();
    }

    void note_activity() { session().last_activity = session().last_touch = world_.now; }
    Outcome note_speaking();
    bool set_display(Signal signal);
    bool set_voice(Signal signal);
    Outcome start_afresh();
    Outcome over_step(const Input& input);
    Outcome meet_other_person(const Input& input);
    Outcome in_step(Input input);
    void go_to(Step step);
    void lay_over(Overlay overlay);
    void begin_assistance();
    void ask_for_card_again();
    // Where an overlay leads: back to the question about another person while that has no answer;
    // back to `assist`, where it lay over that and the staff card is still in.
    Overlay beneath(const OverlayMove& move);
    // Staff: how their card stands, and what they do with it.
    Outcome note_standing(const Input& input);
    void welcome_staff();
    bool assists(Input& input);
    bool take_for_staff(Input& input);
    bool take_confirmed();
    bool take_way_without_card(std::string_view way);
    void go_without_card(bool document_seen);
    void take_back_missing_card(const forms::Field& field);
    void count_contradiction(const Input& input);
    void end(EndReason reason);
    // What a signal brings with it. False: it does not fit, the move is refused.
    bool take(Input& input);
    bool take_language(const Input& input);
    bool choose_matter(const Input& input);
    void bring_papers();
    bool choose_group(const Input& input);
    bool take_rating(const Input& input);
    bool take_farewell(const Input& input);
    bool take_answer(Input& input);
    void lose_document();
    void settle_identity(std::string_view way);
    forms::Source source_of_answer() const;
    bool find_card();
    bool take_card(Input& input);
    void agree_to_prefill();
    bool take_prefill(const Input& input);
    bool take_no_prefill(const Input& input);
    void forget_other_person();
    bool take_sight(const Input& input);
    bool take_captured(Input& input);
    bool move_page(const Input& input);
    bool use_page();
    bool retake_page(const Input& input);
    bool delete_page(const Input& input);
    bool take_signature(Input& input);
    bool take_stored(Input& input);
    bool take_delivered(const Input& input);
    // Notes that a request no longer waits. True: it is of an earlier matter, no step shows it.
    bool note_delivered(const Input& input);
    bool take_change(const Input& input);
    bool take_way(const Input& input);
    bool take_face_consent(Signal signal);
    bool take_face_answer(const Input& input);

    Outcome outcome_;
    const World& world_;
    // Where a move leads instead of where the table says: what it brought decides.
    std::optional<Step> instead_;
};

bool Mover::set_display(Signal signal) {
    auto& display = session().display;
    if (signal == Signal::text_size)
        display.text_size = (display.text_size + 1) % text_sizes;
    else if (signal == Signal::contrast)
        display.theme = Display::Theme((int(display.theme) + 1) % 3);
    else if (signal == Signal::low_reach)
        display.low_reach = !display.low_reach;
    else
        return signal == Signal::touched || set_voice(signal);
    return true;
}

bool Mover::set_voice(Signal signal) {
    auto& display = session().display;
    const auto step = [](int& value, int by) {
        value = std::clamp(value + by, 0, voice_steps - 1);
        return true;
    };
    if (signal == Signal::louder) return step(display.volume, 1);
    if (signal == Signal::softer) return step(display.volume, -1);
    if (signal == Signal::faster) return step(display.rate, 1);
    if (signal == Signal::slower) return step(display.rate, -1);
    if (signal != Signal::listen && signal != Signal::hush) return false;
    display.voice = signal == Signal::listen ? Display::Voice::on : Display::Voice::unwanted;
    return true;
}

// Whoever listens is there; but for so long alone after the last thing they did. The idle question
// itself puts nothing off.
Outcome Mover::note_speaking() {
    if (session().overlay == Overlay::idle) return refuse();
    if (world_.now - session().last_touch <= speaking_limit) session().last_activity = world_.now;
    return finish();
}

Outcome Mover::start_afresh() {
    if (session().step != Step::wipe) return refuse();
    Session fresh;
    fresh.ticket = session().ticket + 1;
    fresh.last_activity = fresh.last_touch = world_.now;
    fresh.entered = world_.now;
    fresh.staff = std::move(session().staff); // of the reader, and of nobody's visit
    outcome_.session = std::move(fresh);
    return finish();
}

Outcome Mover::over_step(const Input& input) {
    const auto* move = find_overlay_move(session().overlay, input.signal);
    if (move == nullptr) return refuse();
    if (asks_nobody(session().step) && input.signal == Signal::leave) return refuse();
    if (asks_nobody(session().step) && input.signal == Signal::idle) {
        lay_over(Overlay::none); // somebody asked for help and walked away
        if (session().step == Step::attract) {
            session().display = {};
            session().language = Session().language;
        }
        return finish();
    }
    if (input.signal == Signal::language_chosen && !take_language(input)) return refuse();
    if (input.signal == Signal::call_staff) {
        session().assistance = Assistance::calling;
        effect(EffectKind::chime);
        effect(EffectKind::call_assistance);
    }
    if (session().overlay == Overlay::idle && input.signal == Signal::stay_here &&
        ++session().more_time_used > more_time_limit) {
        end(EndReason::idle);
        return finish();
    }
    const bool is_idle_question = move->to == Overlay::idle;
    lay_over(beneath(*move));
    if (session().overlay == Overlay::other_person) session().entered = world_.now;
    if (is_idle_question) {
        session().entered = world_.now;
        effect(EffectKind::chime);
    }
    if (move->ends && move->from == Overlay::other_person)
        end(EndReason::other_person);
    else if (move->ends)
        end(input.signal == Signal::idle_expired ? EndReason::idle : EndReason::left);
    return finish();
}

// Asked once; while it is open no card is read, and nothing of the other card is kept.
Outcome Mover::meet_other_person(const Input& input) {
    const auto* move = find_overlay_move(session().overlay, input.signal);
    if (move == nullptr) return refuse();
    session().was_assisting = session().was_assisting || move->from == Overlay::assist;
    session().asks_other_person = true;
    lay_over(Overlay::other_person);
    visit().person_card_lies = false;
    visit().drop_photo();
    // Said on the page below, after a "no".
    if (session().step == Step::card || session().step == Step::witness)
        visit().device_problem = base::Errc::conflict;
    session().entered = world_.now;
    effect(EffectKind::chime);
    return finish();
}

Overlay Mover::beneath(const OverlayMove& move) {
    const bool closes = move.to == Overlay::none && !move.ends;
    const bool was_over_assist = session().was_assisting;
    const bool still_asks =
        closes && session().asks_other_person && move.from != Overlay::other_person;
    if (still_asks) return Overlay::other_person;
    if (closes) session().asks_other_person = false;
    session().was_assisting =
        move.to != Overlay::none && (was_over_assist || move.from == Overlay::assist);
    const bool goes_back = closes && was_over_assist && move.from != Overlay::assist &&
                           is_in(session().staff) && may_be_assisted(session().step);
    return goes_back ? Overlay::assist : move.to;
}

Outcome Mover::in_step(Input input) {
    const auto* move = find_move(session().step, input.signal);
    if (move == nullptr || !take(input)) return refuse();
    Step to = move->to;
    // `change` and a matter that ends have chosen their step already.
    if (instead_)
        to = *instead_;
    else if (to == Step::forward && input.signal == Signal::change)
        to = step_for(visit(), current_field(visit()));
    else if (to == Step::forward)
        to = forward(session(), world_);
    else if (to == Step::backward)
        to = backward(session(), world_);
    if (input.signal == Signal::take_page || input.signal == Signal::page_steady)
        effect(EffectKind::capture_page);
    if (input.signal == Signal::retake_page) effect(EffectKind::look_again);
    if (input.signal == Signal::print_copy) effect(EffectKind::print_copy);
    if (input.signal == Signal::rated) effect(EffectKind::count_rating);
    if (to != Step::stay) go_to(to);
    return finish();
}

void Mover::go_to(Step step) {
    CHECK(is_step(step));
    const bool was_read_for_staff = reads_for_staff(session());
    // The slip may still be coming out when somebody says that they are done.
    if (session().visit && session().visit->receipt_state == ReceiptState::printing)
        session().taken.receipt = true;
    if (session().enquiry && session().enquiry->copy == ReceiptState::printing)
        session().taken.receipt = true;
    for (const auto kind : effects_of(session().step, false)) {
        const bool is_of_desk = session().step == Step::goodbye && kind == EffectKind::close_camera;
        if (!is_of_desk || watches_desk(session())) effect(kind);
    }
    if (session().step == Step::face_check) visit().face_consent.reset();
    if (session().step == Step::witness) {
        session().pin.clear();
        visit().person_card_lies = false;
    }
    if (step == Step::goodbye && !session().taken.any()) step = Step::wipe;
    if (step == Step::goodbye || step == Step::wipe) {
        if (session().end_reason == EndReason::none) session().end_reason = EndReason::done;
        forget_person(session());
    }
    if (!keeps_visit(step)) session().visit.reset();
    if (step == Step::home) session().enquiry.reset();
    if (step == Step::home || step == Step::groups) session().group.clear();
    session().step = step;
    session().entered = world_.now;
    if (step == Step::card) visit().contradictions = 0;
    if (step == Step::scan) {
        visit().sight = {};
        visit().taking = Visit::Taking::no;
        visit().not_taken.reset();
    }
    if (step == Step::witness) begin_witness(session());
    for (const auto kind : effects_of(step, true)) {
        if (kind == EffectKind::watch_card && !may_watch_card(session())) continue;
        if (kind == EffectKind::look_at_desk && !watches_desk(session())) continue;
        if (step == Step::witness && !reads_for_staff(session())) continue;
        effect(kind);
    }
    // A card that was laid down under the overlay: now staff can help, or have nothing to do here.
    if (session().overlay != Overlay::assist) return;
    if (!may_be_assisted(step))
        lay_over(Overlay::none);
    else if (!was_read_for_staff)
        begin_assistance();
}

void Mover::begin_assistance() {
    if (!reads_for_staff(session())) return;
    visit().staff_purpose = staff::Purpose::assist;
    visit().device_problem.reset(); // the step's own comes again when it has closed
    for (const auto kind : effects_of(Overlay::assist, true)) effect(kind);
}

void Mover::lay_over(Overlay overlay) {
    if (session().overlay == overlay) return;
    if (session().overlay == Overlay::assist) {
        session().pin.clear();
        if (reads_for_staff(session())) {
            for (const auto kind : effects_of(Overlay::assist, false)) effect(kind);
            visit().person_card_lies = false;
            visit().device_problem.reset();
        }
    }
    const bool was_asking = session().overlay == Overlay::other_person;
    session().overlay = overlay;
    if (was_asking) ask_for_card_again();
    if (overlay == Overlay::assist) begin_assistance();
    if (overlay == Overlay::other_person)
        for (const auto kind : effects_of(overlay, true)) effect(kind);
}

// "No, the same person": the step below asks for its card again, where it is one that does.
void Mover::ask_for_card_again() {
    if (session().asks_other_person || session().end_reason != EndReason::none) return;
    const bool asks =
        session().step == Step::witness ? reads_for_staff(session()) : session().step == Step::card;
    if (asks) effect(EffectKind::start_card);
}

void Mover::end(EndReason reason) {
    session().end_reason = reason;
    session().asks_other_person = false;
    lay_over(Overlay::none);
    if (session().step == Step::goodbye) return go_to(Step::wipe);
    // Nobody is there to take anything, or somebody else: wipe at once.
    const bool is_person_here = reason == EndReason::done || reason == EndReason::left;
    go_to(is_person_here ? Step::goodbye : Step::wipe);
}

// ---- what signals bring ----

bool Mover::take(Input& input) {
    if (session().step == Step::witness && is_staff_signal(input.signal))
        return take_for_staff(input) &&
               (input.signal != Signal::staff_confirmed || instead_ || take_confirmed());
    const bool is_in_enquiry = is_enquiry_step(session().step);
    if (is_in_enquiry && input.signal != Signal::matter_chosen) {
        if (!hear_enquiry(session(), input, instead_)) return false;
        if (input.signal == Signal::add_papers) bring_papers();
        return true;
    }
    if (session().step == Step::goodbye && input.signal != Signal::rated)
        return take_farewell(input);
    switch (input.signal) {
    case Signal::language_chosen: {
        if (!take_language(input)) return false;
        session().content = world_.content;
        return session().content != nullptr;
    }
    case Signal::matter_chosen: return choose_matter(input);
    case Signal::group_chosen: return choose_group(input);
    case Signal::ask_progress:
        begin_enquiry(session(), Enquiry::About::progress, instead_);
        return true;
    case Signal::ask_todos: begin_enquiry(session(), Enquiry::About::todos, instead_); return true;
    case Signal::rated: return take_rating(input);
    case Signal::answered: return take_answer(input);
    case Signal::contested: {
        const auto* choice = std::get_if<ChoiceInput>(&input.payload);
        if (choice == nullptr || visit().answers.find(choice->id) == nullptr) return false;
        visit().answers.contest(choice->id);
        return true;
    }
    case Signal::change: return take_change(input);
    case Signal::way_chosen: return take_way(input);
    case Signal::face_passed:
    case Signal::face_ended: return take_face_answer(input);
    case Signal::agreed:
        if (session().step == Step::face_consent) return take_face_consent(input.signal);
        if (session().step == Step::prefill_offer) {
            agree_to_prefill();
            return true;
        }
        visit().answers.set(visit().field, forms::Value{forms::ConsentGiven{world_.wall}});
        return true;
    case Signal::declined:
        if (session().step == Step::face_consent) return take_face_consent(input.signal);
        if (session().step == Step::prefill_offer)
            visit().prefill = Prefill::declined;
        else
            visit().answers.erase(visit().field);
        return true;
    case Signal::prefill_answered: return take_prefill(input);
    case Signal::ask_failed: return take_no_prefill(input);
    case Signal::answer_due:
        if (session().step == Step::fetching) visit().prefill = Prefill::unreachable;
        return true;
    case Signal::another_way:
        if (session().step == Step::card) visit().no_card = NoCard::asked;
        if (session().step == Step::face_check) visit().drop_photo(); // withdrawn (P4)
        return true;
    case Signal::use_page: return use_page();
    case Signal::delete_page: return delete_page(input);
    case Signal::move_page: return move_page(input);
    case Signal::retake_page: return retake_page(input);
    case Signal::add_page:
        visit().replacing.reset();
        return std::int64_t(pages_of(visit(), visit().field).size()) < current_field(visit()).max;
    case Signal::drawn:
        if (auto* strokes = std::get_if<Strokes>(&input.payload)) {
            visit().strokes = std::move(*strokes);
            return true;
        }
        return false;
    case Signal::signed_on_glass: return take_signature(input);
    case Signal::sign_at_counter:
        if (!current_field(visit()).at_counter) return false;
        visit().strokes.clear();
        visit().answers.set(visit().field, forms::Value{forms::Signature{}});
        return true;
    case Signal::card_found: return find_card();
    case Signal::card_read: return take_card(input);
    case Signal::card_problem:
        // The card that was read lies there still, or the reader is not well: both may be.
        if (session().step == Step::face_check) return true;
        // The child's card lies there still, and so do the words about it.
        if (is_child_told_to_fetch_somebody(session(), input)) return true;
        if (session().step == Step::card) count_contradiction(input);
        [[fallthrough]];
    case Signal::camera_problem:
        if (const auto* code = std::get_if<base::Errc>(&input.payload)) {
            // Under the overlay the words are about the card that staff ask for.
            if (session().overlay != Overlay::assist) visit().device_problem = *code;
            visit().taking = Visit::Taking::no;
            return true;
        }
        return false;
    case Signal::take_page:
        visit().taking = Visit::Taking::by_person;
        visit().not_taken.reset();
        return true;
    case Signal::page_seen: return take_sight(input);
    case Signal::page_steady:
        // Whoever is asked something else has not looked at the page.
        if (session().overlay != Overlay::none || visit().taking != Visit::Taking::no) return false;
        visit().taking = Visit::Taking::by_itself;
        return true;
    case Signal::page_refused:
        if (const auto* refused = std::get_if<RefusedPage>(&input.payload)) {
            visit().not_taken = refused->why;
            visit().taking = Visit::Taking::no;
            return true;
        }
        return false;
    case Signal::page_captured: return take_captured(input);
    case Signal::stored: return take_stored(input);
    case Signal::store_refused: {
        const auto* told = std::get_if<NotStoredInput>(&input.payload);
        if (told == nullptr) return false;
        Refusal refusal{told->receipt.empty() ? Refusal::Reason::storage : Refusal::Reason::unsure,
                        {},
                        false,
                        told->receipt};
        // R5: what was not received is wiped; only the words about it stay.
        const auto* matter = visit().matter;
        const auto* form = visit().form;
        session().visit.emplace();
        visit().matter = matter;
        visit().form = form;
        visit().refusal = std::move(refusal);
        return true;
    }
    case Signal::delivered: return take_delivered(input);
    case Signal::receipt_printed:
        visit().receipt_state = ReceiptState::printed;
        session().taken.receipt = true;
        return true;
    case Signal::receipt_problem: visit().receipt_state = ReceiptState::not_printed; return true;
    case Signal::another_matter:
        if (session().step == Step::result && visit().form != nullptr)
            session().remembered.remember(*visit().form, visit().answers, world_.today());
        return true;
    case Signal::back:
        if (session().step == Step::face_check) visit().drop_photo(); // withdrawn (P4)
        return session().step != Step::refused || visit().refusal->can_go_back;
    case Signal::show_groups:
    case Signal::show_notices:
    case Signal::show_hours:
    case Signal::show_receipt:
    case Signal::codes_seen:
    case Signal::desk_seen:
    case Signal::look_due:
    case Signal::entry_changed:
    case Signal::print_copy:
    case Signal::withdraw:
    case Signal::withdraw_confirmed:
    case Signal::add_papers:
    case Signal::status_answered:
    case Signal::todos_answered:
    case Signal::go_on:
    case Signal::pages_done:
    case Signal::done:
    case Signal::leave:
    case Signal::leave_confirmed:
    case Signal::stay_here:
    case Signal::call_staff:
    case Signal::help_closed:
    case Signal::choose_language:
    case Signal::choose_voice:
    case Signal::staff_changed:
    case Signal::pin_changed:
    case Signal::pin_entered:
    case Signal::staff_confirmed:
    case Signal::card_lifted:
    case Signal::staff_coming:
    case Signal::staff_unreachable:
    case Signal::wiped:
    case Signal::idle:
    case Signal::idle_expired:
    case Signal::touched:
    case Signal::text_size:
    case Signal::contrast:
    case Signal::low_reach:
    case Signal::listen:
    case Signal::hush:
    case Signal::louder:
    case Signal::softer:
    case Signal::faster:
    case Signal::slower:
    case Signal::spoke: return true;
    }
    return true;
}

bool Mover::take_language(const Input& input) {
    const auto* language = std::get_if<base::Language>(&input.payload);
    if (language == nullptr) return false;
    session().language = *language;
    return true;
}

bool Mover::choose_matter(const Input& input) {
    const auto* choice = std::get_if<ChoiceInput>(&input.payload);
    if (choice == nullptr) return false;
    const auto* matter = session().content->matter(choice->id);
    const auto* form = session().content->form(choice->id);
    if (matter == nullptr || form == nullptr) return false;
    auto& visit = session().visit.emplace();
    visit.matter = matter;
    visit.form = form;
    visit.chosen_at = session().step;
    session().remembered.prefill(*form, visit.answers);
    visit.step_count = forms::upper_bound_steps(*form, visit.answers, world_.today());
    return true;
}

// Nothing of an earlier matter is filled in: the form asks for papers alone.
void Mover::bring_papers() {
    const auto& enquiry = *session().enquiry;
    auto& visit = session().visit.emplace();
    visit.matter = session().content->matter(content::papers_matter);
    visit.form = session().content->form(content::papers_matter);
    visit.chosen_at = Step::status;
    auto& supplement = visit.supplement.emplace();
    supplement.request = enquiry.status->papers;
    supplement.number = enquiry.number;
    if (enquiry.proof == Proof::card) supplement.id_number = session().card->id_number;
    visit.step_count = forms::upper_bound_steps(*visit.form, visit.answers, world_.today());
}

bool Mover::choose_group(const Input& input) {
    const auto* choice = std::get_if<ChoiceInput>(&input.payload);
    if (choice == nullptr || session().content->group(choice->id) == nullptr) return false;
    session().group = choice->id;
    return true;
}

// Once a session, and only where something was received (asks_for_rating).
bool Mover::take_rating(const Input& input) {
    const auto* choice = std::get_if<ChoiceInput>(&input.payload);
    if (choice == nullptr || !asks_for_rating(session()) || session().rating != Rating::none)
        return false;
    for (const auto rating : {Rating::good, Rating::fair, Rating::poor})
        if (to_string(rating) == choice->id) session().rating = rating;
    return session().rating != Rating::none;
}

// Somebody goes, or the camera says what it sees. Papers that lie there hold up the end, until they
// are gone, "I have them" was said twice or the time is over: a person knows better than a camera.
bool Mover::take_farewell(const Input& input) {
    auto& now = session();
    if (input.signal == Signal::look_due) return true;
    if (input.signal == Signal::done || input.signal == Signal::card_lifted) {
        const bool is_held_up =
            watches_desk(now) && (now.desk == DeskSight::unseen || now.desk == DeskSight::occupied);
        if (!is_held_up) return true;
        if (input.signal == Signal::done && std::exchange(now.has_said_done, true)) return true;
        if (now.desk == DeskSight::occupied) effect(EffectKind::chime);
        now.is_going = true;
        instead_ = Step::stay;
        return true;
    }
    const auto* sight = std::get_if<DeskSight>(&input.payload);
    if (input.signal == Signal::desk_seen && sight == nullptr) return false;
    if (!watches_desk(now)) return false;
    const auto before = std::exchange(now.desk, sight == nullptr ? DeskSight::unclear : *sight);
    if (now.desk == DeskSight::occupied && before == DeskSight::unseen) effect(EffectKind::chime);
    const bool lies_there = now.desk == DeskSight::occupied || now.desk == DeskSight::unseen;
    if (now.is_going && !lies_there) instead_ = Step::wipe;
    return true;
}

bool Mover::take_answer(Input& input) {
    auto* answer = std::get_if<AnswerInput>(&input.payload);
    if (answer == nullptr) return false;
    // Once more the same, as when somebody only goes on: what staff typed they have typed.
    const auto* before = visit().answers.find(visit().field);
    const bool is_same = before != nullptr && before->value == answer->value;
    const bool by_staff = is_same && before->source == forms::Source::staff;
    if (!is_same) lose_document();
    const auto source = by_staff ? forms::Source::staff : source_of_answer();
    if (std::holds_alternative<std::monostate>(answer->value))
        visit().answers.erase(visit().field);
    else
        visit().answers.set(visit().field, forms::Answer{std::move(answer->value), source});
    forms::derive_without_card(*visit().form, visit().answers);
    visit().fault.reset();
    return true;
}

// Staff vouch for what is typed while their card is in. Whatever anybody types in its place later
// rests on nobody's look: the counter confirms it.
void Mover::lose_document() {
    const auto& field = current_field(visit());
    if (!forms::is_typed_by_staff(field, *visit().form, visit().answers)) return;
    const auto holder = *forms::holder_of(field);
    if (visit().at_document == holder) return;
    forms::miss_card(*visit().form, holder, false, visit().answers);
    forget_unused_document(visit());
    if (holder == forms::Holder::applicant) settle_identity(way_counter);
}

// Who typed it: what stands on a card is entered by the member of staff who saw the document.
forms::Source Mover::source_of_answer() const {
    const auto& now = *outcome_.session.visit;
    const bool by_staff = forms::is_typed_by_staff(current_field(now), *now.form, now.answers);
    return by_staff ? forms::Source::staff : forms::Source::typed;
}

// Whose card it is, nobody knows yet: nothing of the one before is compared from now on (P1). From
// a comparison the step that asks for the applicant's card takes over, and reads this one.
bool Mover::find_card() {
    visit().drop_photo();
    if (session().step != Step::face_check) return true;
    const auto* field = forms::card_field(*visit().form, forms::Holder::applicant);
    if (field == nullptr) return false;
    visit().field = field->id;
    visit().device_problem.reset();
    visit().face_end = FaceEnd::not_finished;
    return true;
}

bool Mover::take_card(Input& input) {
    auto* card = std::get_if<CardInput>(&input.payload);
    if (card == nullptr) return false;
    const auto& field = current_field(visit());
    session().taken.card = true;
    const bool is_applicant = field.who == forms::Holder::applicant;
    // A helper lays down another card than the person's own.
    if (!is_applicant && session().card && session().card->id_number == card->values.id_number) {
        visit().device_problem = base::Errc::conflict;
        return false;
    }
    note_activity();
    if (is_applicant && is_too_young_to_apply(card->values, world_)) {
        visit().drop_photo();
        visit().device_problem = base::Errc::refused;
        instead_ = Step::stay;
        return true;
    }
    take_back_missing_card(field);
    forms::prefill_from_card(*visit().form, card->values, field.who, visit().answers);
    forget_unused_document(visit());
    visit().device_problem.reset();
    visit().contradictions = 0;
    visit().drop_photo();
    if (is_applicant) {
        // Laid down anew, it may be asked anew: after a no, or where nobody answered.
        if (visit().prefill == Prefill::declined || visit().prefill == Prefill::unreachable)
            visit().prefill = Prefill::not_asked;
        session().remembered.prefill(*visit().form, visit().answers);
        session().card = std::move(card->values);
        if (takes_chip_photo(session())) visit().chip_photo = std::move(card->photo);
    }
    return true;
}

void Mover::agree_to_prefill() {
    visit().prefill = Prefill::asked;
    visit().prefill_agreed = world_.wall;
    visit().prefill_serial = ++session().questions;
}

bool Mover::take_prefill(const Input& input) {
    const auto* answer = std::get_if<PrefillInput>(&input.payload);
    if (answer == nullptr || answer->serial != visit().prefill_serial) return false;
    const bool came = forms::prefill_from_platform(*visit().form, answer->values, visit().answers,
                                                   world_.today());
    visit().prefill = came ? Prefill::came : Prefill::nothing;
    return true;
}

// Why does not matter to the person: nobody answered, and they type it.
bool Mover::take_no_prefill(const Input& input) {
    const auto* failure = std::get_if<AskFailedInput>(&input.payload);
    if (failure == nullptr || failure->serial != visit().prefill_serial) return false;
    visit().prefill = Prefill::unreachable;
    return true;
}

// Another person's card: nothing that the person before told, showed or signed is theirs.
void Mover::forget_other_person() {
    session().remembered.clear();
    visit().answers.clear();
    visit().prefill = Prefill::not_asked;
    visit().chip_photo.reset();
    visit().photo_went = false;
    visit().face_end.reset();
    visit().pages.clear();
    visit().taken.reset();
    visit().strokes.clear();
    visit().witnessed_by.clear();
    visit().assisted_by.clear();
}

bool Mover::take_sight(const Input& input) {
    const auto* sight = std::get_if<PageSight>(&input.payload);
    if (sight == nullptr) return false;
    visit().sight = *sight;
    visit().not_taken.reset();
    visit().device_problem.reset(); // it sees again
    return true;
}

// A page with a flaw is shown only to whoever asked for it, and where the form takes such pages.
bool Mover::take_captured(Input& input) {
    auto* captured = std::get_if<CapturedPage>(&input.payload);
    if (captured == nullptr) return false;
    auto& page = captured->page;
    const bool by_person =
        std::exchange(visit().taking, Visit::Taking::no) == Visit::Taking::by_person;
    session().taken.papers = true;
    visit().device_problem.reset();
    if (!page.flaws.empty() && !(by_person && current_field(visit()).use_anyway)) {
        visit().not_taken = drivers::Flaw{page.flaws.front(), {}};
        instead_ = Step::stay;
        return true;
    }
    visit().taken = std::move(page);
    return true;
}

bool Mover::use_page() {
    if (!visit().taken) return false;
    const auto number = visit().next_page++;
    visit().pages.emplace(number, std::move(*visit().taken));
    visit().taken.reset();
    auto pages = pages_of(visit(), visit().field);
    const auto place = std::find(pages.begin(), pages.end(), visit().replacing.value_or(0));
    if (place == pages.end()) {
        pages.push_back(number);
    } else {
        visit().pages.erase(*place);
        *place = number;
    }
    const bool is_new = !visit().replacing.has_value();
    visit().replacing.reset();
    const auto& field = current_field(visit());
    // A card is turned over where it lies: nobody has to ask for its other side.
    if (is_new && is_card_paper(field) && std::int64_t(pages.size()) < field.min)
        instead_ = Step::scan;
    visit().answers.set(visit().field, forms::Value{forms::Attachments{std::move(pages)}});
    visit().fault.reset();
    return true;
}

// The page just taken, or one of those already used: that one stays until the new one is used.
bool Mover::retake_page(const Input& input) {
    if (session().step == Step::page_check) {
        visit().taken.reset();
        return true;
    }
    const auto* choice = std::get_if<ChoiceInput>(&input.payload);
    if (choice == nullptr) return false;
    for (const auto number : pages_of(visit(), visit().field))
        if (std::to_string(number) == choice->id) visit().replacing = number;
    return visit().replacing.has_value();
}

bool Mover::delete_page(const Input& input) {
    const auto* choice = std::get_if<ChoiceInput>(&input.payload);
    if (choice == nullptr) return false;
    auto pages = pages_of(visit(), visit().field);
    const auto found = std::find_if(pages.begin(), pages.end(), [&](std::uint32_t number) {
        return std::to_string(number) == choice->id;
    });
    if (found == pages.end()) return false;
    visit().pages.erase(*found);
    pages.erase(found);
    if (pages.empty())
        visit().answers.erase(visit().field);
    else
        visit().answers.set(visit().field, forms::Value{forms::Attachments{std::move(pages)}});
    return true;
}

bool Mover::move_page(const Input& input) {
    const auto* choice = std::get_if<ChoiceInput>(&input.payload);
    if (choice == nullptr) return false;
    auto pages = pages_of(visit(), visit().field);
    const auto found = std::find_if(pages.begin(), pages.end(), [&](std::uint32_t number) {
        return std::to_string(number) == choice->id;
    });
    if (found == pages.end() || found == pages.begin()) return false;
    std::iter_swap(found, found - 1);
    visit().answers.set(visit().field, forms::Value{forms::Attachments{std::move(pages)}});
    return true;
}

bool Mover::take_signature(Input& input) {
    auto* signature = std::get_if<SignatureInput>(&input.payload);
    if (signature == nullptr || signature->page.bytes == nullptr) return false;
    if (const auto* before = visit().answers.find(visit().field))
        if (const auto* old = std::get_if<forms::Signature>(&before->value); old && old->picture)
            visit().pages.erase(*old->picture);
    const auto number = visit().next_page++;
    visit().pages.emplace(number, std::move(signature->page));
    visit().answers.set(visit().field, forms::Value{forms::Signature{number, signature->strokes}});
    visit().fault =
        forms::check(current_field(visit()), *visit().form, visit().answers, world_.today());
    if (!visit().fault) return true;
    visit().pages.erase(number);
    visit().answers.erase(visit().field);
    return false;
}

bool Mover::take_stored(Input& input) {
    auto* stored = std::get_if<StoredInput>(&input.payload);
    if (stored == nullptr) return false;
    visit().key = stored->key;
    visit().receipt = stored->receipt;
    visit().received_at = stored->at;
    visit().delivery = Delivery::received;
    session().has_received = true;
    session().waiting.push_back(stored->key);
    visit().receipt_state = ReceiptState::printing;
    return true;
}

bool Mover::take_delivered(const Input& input) {
    const auto* delivered = std::get_if<DeliveredInput>(&input.payload);
    if (delivered == nullptr || delivered->key != visit().key) return false;
    visit().delivery = Delivery::accepted;
    return true;
}

bool Mover::note_delivered(const Input& input) {
    const auto* delivered = std::get_if<DeliveredInput>(&input.payload);
    if (delivered == nullptr || std::erase(session().waiting, delivered->key) == 0) return false;
    return !session().visit || session().visit->key != delivered->key;
}

bool Mover::take_change(const Input& input) {
    const auto* choice = std::get_if<ChoiceInput>(&input.payload);
    const auto* field = choice == nullptr ? nullptr : visit().form->find(choice->id);
    if (field == nullptr) return false;
    // Without a card, who confirms the person is settled where the card was missed.
    const bool is_settled =
        field->type == forms::FieldType::identity &&
        forms::is_card_missing(*visit().form, visit().answers, forms::Holder::applicant);
    if (is_settled) field = forms::card_field(*visit().form, forms::Holder::applicant);
    visit().field = field->id;
    visit().fault.reset();
    visit().device_problem.reset();
    visit().changing = true;
    return true;
}

bool Mover::take_way(const Input& input) {
    const auto* choice = std::get_if<ChoiceInput>(&input.payload);
    if (choice == nullptr) return false;
    if (session().step == Step::no_card) return take_way_without_card(choice->id);
    if (!is_offered(visit(), choice->id)) return false;
    // A way confirms nobody before its own check. The counter code needs none here: the counter
    // looks at the person.
    visit().face_end.reset();
    if (choice->id == way_face) {
        if (face_offer(session(), world_) != FaceOffer::possible) return false;
        instead_ = Step::face_consent;
        return true;
    }
    if (choice->id == way_witness) {
        // Gone back and chosen again: once is enough.
        if (visit().witnessed_by.empty()) instead_ = Step::witness;
        return true;
    }
    if (choice->id != way_counter) return false;
    visit().witnessed_by.clear();
    visit().answers.set(visit().field,
                        forms::Value{forms::IdentityConfirmed{choice->id, world_.wall}});
    return true;
}

// Asked anew for every check; a "no" is kept nowhere.
bool Mover::take_face_consent(Signal signal) {
    visit().face_consent.reset();
    if (signal == Signal::declined) return true;
    if (face_offer(session(), world_) != FaceOffer::possible) return false;
    visit().face_consent = world_.wall;
    return true;
}

bool Mover::take_face_answer(const Input& input) {
    if (!visit().face_consent) return false;
    const auto consent = std::exchange(visit().face_consent, std::nullopt);
    if (input.signal == Signal::face_passed) {
        visit().witnessed_by.clear();
        visit().drop_photo(); // the result is known (P6)
        visit().answers.set(visit().field, forms::Value{forms::IdentityConfirmed{
                                               std::string(way_face), world_.wall, consent}});
        return true;
    }
    const auto* why = std::get_if<FaceEnd>(&input.payload);
    visit().face_end = why == nullptr ? FaceEnd::not_certain : *why;
    return true;
}

bool Mover::take_way_without_card(std::string_view way) {
    if (way == way_document) {
        instead_ = Step::witness;
        return true;
    }
    if (way != way_counter) return false;
    go_without_card(false);
    return true;
}

// A member of staff vouched for the person on the card, or for the document they saw.
bool Mover::take_confirmed() {
    if (visit().staff_purpose == staff::Purpose::document) {
        go_without_card(true);
        visit().at_document = current_field(visit()).who;
        return true;
    }
    visit().answers.set(visit().field, forms::Value{forms::IdentityConfirmed{
                                           std::string(way_witness), world_.wall}});
    return true;
}

// The fields of the card are asked instead, and whoever looks at the person is settled with it.
void Mover::go_without_card(bool document_seen) {
    const auto& field = current_field(visit());
    const bool is_applicant = field.who == forms::Holder::applicant;
    // Somebody else than the one whose card was laid down before.
    if (is_applicant && session().card) {
        forget_other_person();
        session().card.reset();
    }
    forms::miss_card(*visit().form, field.who, document_seen, visit().answers);
    forget_unused_document(visit());
    session().remembered.prefill_without_card(*visit().form, field.who, visit().answers);
    forms::derive_without_card(*visit().form, visit().answers);
    if (!is_applicant) return;
    visit().witnessed_by.clear();
    settle_identity(document_seen ? way_witness : way_counter);
}

// Who looks at the applicant is settled with the card that is missing: nobody is asked for it.
void Mover::settle_identity(std::string_view way) {
    for (const auto& step : visit().form->steps)
        for (const auto& each : step.fields)
            if (each.type == forms::FieldType::identity)
                visit().answers.set(
                    each.id, forms::Answer{forms::IdentityConfirmed{std::string(way), world_.wall},
                                           forms::Source::derived});
}

// A card after all: nothing that stood in for it counts any more.
void Mover::take_back_missing_card(const forms::Field& field) {
    if (!forms::is_card_missing(*visit().form, visit().answers, field.who)) return;
    forms::forget_missing_card(*visit().form, field.who, visit().answers);
}

// The second time in a row it is the card and not the hand: on without it (G18).
void Mover::count_contradiction(const Input& input) {
    const auto* code = std::get_if<base::Errc>(&input.payload);
    const bool contradicts = code != nullptr && *code == base::Errc::card_inconsistent;
    // A card that was torn away in between, or a reader that stuttered, begins no new count.
    if (!contradicts) return;
    if (++visit().contradictions < 2) return;
    visit().contradictions = 0;
    visit().no_card = NoCard::inconsistent;
    instead_ = Step::no_card;
}

// ---- staff ----

Outcome Mover::note_standing(const Input& input) {
    const auto* standing = std::get_if<staff::Standing>(&input.payload);
    if (standing == nullptr) return refuse();
    const bool was_in = is_in(session().staff);
    if (!keeps_pin(session().staff, *standing)) session().pin.clear();
    session().staff = *standing;
    if (session().visit && (!is_in(*standing) || standing->staff != visit().document_by))
        visit().at_document.reset();
    if (!was_in && is_in(*standing)) welcome_staff();
    if (was_in && !is_in(*standing) && session().overlay == Overlay::assist)
        lay_over(Overlay::none);
    return finish();
}

// Somebody inserted a staff card. Whose card lies on the reader is then for them to see.
void Mover::welcome_staff() {
    session().asks_other_person = false;
    const auto* move = find_move(session().step, Signal::staff_changed);
    const bool is_identity = session().step == Step::identity;
    if (move != nullptr && (!is_identity || is_offered(visit(), way_witness))) {
        lay_over(Overlay::none); // help, for instance: the one who was called is here
        if (move->to != Step::stay) go_to(move->to);
    } else if (may_be_assisted(session().step)) {
        lay_over(Overlay::assist);
    }
}

// What belongs to the overlay and not to the step below. False: not for it.
bool Mover::assists(Input& input) {
    if (find_overlay_move(Overlay::assist, input.signal) == nullptr) return false;
    const bool is_for_staff = is_staff_signal(input.signal);
    if (!reads_for_staff(session())) {
        // The step below may have the reader itself.
        if (is_for_staff && !comes_from_device(input.signal)) outcome_.refused = true;
        return is_for_staff && outcome_.refused;
    }
    if (!is_for_staff) return false;
    outcome_.refused = !take_for_staff(input);
    return true;
}

// Card, PIN and confirmation, at `witness` and under `assist`.
bool Mover::take_for_staff(Input& input) {
    switch (hear_staff(session(), input)) {
    case Heard::refused: return false;
    case Heard::read_again: effect(EffectKind::start_card); return true;
    case Heard::watch:
        note_activity();
        effect(EffectKind::watch_card);
        return true;
    case Heard::check: effect(EffectKind::check_pin); return true;
    case Heard::noted: instead_ = Step::stay; return true;
    case Heard::confirmed:
        if (session().overlay != Overlay::assist) return true;
        visit().person_card_lies = false; // on record: nothing has to lie there any more
        effect(EffectKind::stop_card);
        return true;
    }
    return false;
}

bool is_long_step(Step step) {
    return step == Step::card || step == Step::show_card || step == Step::witness ||
           step == Step::scan || step == Step::show_receipt || step == Step::page_check ||
           step == Step::pages || step == Step::signature;
}

} // namespace

Outcome apply(Session session, Input input, const World& world) {
    auto outcome = Mover(std::move(session), world).apply(std::move(input));
    auto& after = outcome.session;
    if (after.visit && after.visit->form != nullptr) {
        const int bound =
            forms::upper_bound_steps(*after.visit->form, after.visit->answers, world.today());
        after.visit->step_count =
            after.visit->step_count == 0 ? bound : std::min(after.visit->step_count, bound);
    }
    return outcome;
}

std::optional<Deadline> next_deadline(const Session& session) {
    if (session.overlay == Overlay::idle || session.overlay == Overlay::other_person)
        return Deadline{session.entered + idle_answer_limit, Signal::idle_expired};
    if (session.step == Step::sending || session.step == Step::asking ||
        session.step == Step::fetching) {
        const bool withdraws = session.step == Step::asking && session.enquiry->withdraws;
        return Deadline{session.entered + (withdraws ? withdrawal_limit : answer_limit),
                        Signal::answer_due};
    }
    if (session.step == Step::show_receipt && session.overlay == Overlay::none)
        return Deadline{session.last_activity + receipt_look_limit, Signal::look_due};
    // Somebody changed how the screen looks or sounds, or its language where the kiosk is closed,
    // and walked away.
    const bool is_changed =
        session.step == Step::attract &&
        (session.display != Display{} || session.language != Session().language);
    if (asks_nobody(session.step) && session.overlay == Overlay::none && !is_changed)
        return std::nullopt;
    if (session.step == Step::goodbye && session.overlay == Overlay::none) {
        const bool waits = watches_desk(session);
        if (waits && session.desk == DeskSight::occupied)
            return Deadline{session.entered + papers_limit, Signal::look_due};
        if (waits && session.desk == DeskSight::unseen && session.is_going)
            return Deadline{session.entered + desk_look_limit, Signal::look_due};
        return Deadline{session.entered + goodbye_limit, Signal::done};
    }
    const bool is_long = is_long_step(session.step) || session.overlay == Overlay::assist;
    const auto limit = is_long ? long_idle_limit : idle_limit;
    return Deadline{session.last_activity + limit, Signal::idle};
}

Progress progress(const Session& session, const World& world) {
    if (!session.visit || session.visit->form == nullptr) return {};
    const auto& visit = *session.visit;
    // Behind the form's own steps: check your answers. Before them: nothing is counted.
    const int of = std::max(visit.step_count, 1) + 1;
    if (session.step == Step::review) {
        int open = 0;
        for (const auto& step : visit.form->steps) open += step.after_review ? 1 : 0;
        return {std::max(of - open, 1), of};
    }
    if (visit.field.empty()) return {};
    for (std::size_t s = 0; s < visit.form->steps.size(); ++s)
        for (std::size_t f = 0; f < visit.form->steps[s].fields.size(); ++f)
            if (visit.form->steps[s].fields[f].id == visit.field) {
                const int number = forms::step_number(*visit.form, visit.answers, world.today(),
                                                      forms::PageRef{s, f});
                const int behind_review = visit.form->steps[s].after_review ? 1 : 0;
                return {std::min(number + behind_review, of), of};
            }
    return {};
}

const forms::Field& current_field(const Visit& visit) {
    const auto* field = visit.form->find(visit.field);
    CHECK(field != nullptr);
    return *field;
}

bool is_card_paper(const forms::Field& field) {
    return field.type == forms::FieldType::scan && field.paper == "id-1";
}

std::vector<std::uint32_t> pages_of(const Visit& visit, std::string_view field) {
    const auto* answer = visit.answers.find(field);
    if (answer == nullptr) return {};
    const auto* attachments = std::get_if<forms::Attachments>(&answer->value);
    return attachments == nullptr ? std::vector<std::uint32_t>{} : attachments->pages;
}

bool may_skip(const Session& session, const World& world) {
    const auto& visit = *session.visit;
    return !forms::is_required(current_field(visit), *visit.form, visit.answers, world.today());
}

AssistOffer assist_offer(const Session& session) {
    if (!session.visit || session.visit->form == nullptr) return AssistOffer::no_person_yet;
    const auto& visit = *session.visit;
    if (visit.form->identity == forms::IdentityLevel::l0) return AssistOffer::takes_no_person;
    if (forms::is_card_missing(*visit.form, visit.answers, forms::Holder::applicant))
        return AssistOffer::no_card;
    if (!visit.assisted_by.empty()) return AssistOffer::recorded;
    // At a card step the reader is asked for somebody's card already.
    const auto* field = forms::card_field(*visit.form, forms::Holder::applicant);
    const bool is_read = field != nullptr && visit.answers.find(field->id) != nullptr;
    if (!is_read || !session.card || session.step == Step::card) return AssistOffer::no_person_yet;
    return AssistOffer::possible;
}

std::vector<std::string> prefill_terms(const Session& session, const World& world) {
    if (!session.visit || session.visit->form == nullptr || !session.card) return {};
    const auto& visit = *session.visit;
    const auto* field = forms::card_field(*visit.form, forms::Holder::applicant);
    const auto* answer = field != nullptr ? visit.answers.find(field->id) : nullptr;
    const auto* read = answer != nullptr ? std::get_if<forms::CardRead>(&answer->value) : nullptr;
    if (read == nullptr || read->needs_look) return {};
    if (session.content->consent(prefill_consent) == nullptr) return {};
    return forms::platform_terms(*visit.form, visit.answers, world.today());
}

std::vector<std::string_view> ways_without_card(const Visit&) {
    return {way_document, way_counter};
}

bool ends_at_counter(const Visit& visit) {
    for (const auto& id : visit.answers.ids()) {
        const auto& value = visit.answers.find(id)->value;
        if (const auto* done = std::get_if<forms::IdentityConfirmed>(&value))
            if (done->method == way_counter) return true;
        if (const auto* missing = std::get_if<forms::CardMissing>(&value))
            if (!missing->document_seen) return true;
        if (const auto* card = std::get_if<forms::CardRead>(&value))
            if (card->needs_look && visit.form->identity == forms::IdentityLevel::l1) return true;
    }
    return false;
}

bool takes_chip_photo(const Session& session) {
    if (!session.visit || session.visit->form == nullptr ||
        session.visit->form->identity != forms::IdentityLevel::l2)
        return false;
    if (session.step == Step::card)
        return current_field(*session.visit).who == forms::Holder::applicant;
    // A card that is laid down while faces are compared is read by the card's own step.
    return session.step == Step::face_check || reads_for_staff(session);
}

std::optional<int> age_by_card(const Session& session, const World& world) {
    return session.card ? age_of(*session.card, world) : std::nullopt;
}

namespace {

FaceOffer without_photo(const Visit& visit) {
    for (const auto holder : {forms::Holder::agent, forms::Holder::child}) {
        const auto* field = forms::card_field(*visit.form, holder);
        if (field != nullptr && visit.answers.find(field->id) != nullptr)
            return FaceOffer::other_card;
    }
    return visit.photo_went ? FaceOffer::card_again : FaceOffer::no_photo;
}

} // namespace

FaceOffer face_offer(const Session& session, const World& world) {
    if (!session.visit || session.visit->form == nullptr || !world.can_check_face)
        return FaceOffer::not_here;
    const auto& visit = *session.visit;
    const auto* field = visit.form->find(visit.field);
    if (visit.form->identity != forms::IdentityLevel::l2 || field == nullptr ||
        field->type != forms::FieldType::identity || !is_offered(visit, way_face))
        return FaceOffer::not_here;
    // Without the words nobody can agree to it.
    if (session.content == nullptr || session.content->consent(forms::face_consent_id) == nullptr)
        return FaceOffer::not_here;
    if (!world.has_face_tries) return FaceOffer::no_tries;
    if (!session.card) return FaceOffer::no_photo;
    if (visit.chip_photo == nullptr) return without_photo(visit);
    const auto age = age_by_card(session, world);
    return age && *age >= youngest_alone ? FaceOffer::possible : FaceOffer::too_young;
}

StaffPart staff_part(const Visit& visit) {
    return {visit.witnessed_by, visit.assisted_by, visit.document_by};
}

std::string_view to_string(AssistOffer offer) {
    switch (offer) {
    case AssistOffer::possible: return "possible";
    case AssistOffer::no_person_yet: return "no_person_yet";
    case AssistOffer::no_card: return "no_card";
    case AssistOffer::recorded: return "recorded";
    case AssistOffer::takes_no_person: return "takes_no_person";
    }
    return "no_person_yet";
}

std::string_view to_string(FaceOffer offer) {
    switch (offer) {
    case FaceOffer::possible: return "possible";
    case FaceOffer::not_here: return "not_here";
    case FaceOffer::no_photo: return "no_photo";
    case FaceOffer::card_again: return "card_again";
    case FaceOffer::other_card: return "other_card";
    case FaceOffer::too_young: return "too_young";
    case FaceOffer::no_tries: return "no_tries";
    }
    return "not_here";
}

std::string_view to_string(FaceEnd why) {
    switch (why) {
    case FaceEnd::not_certain: return "not_certain";
    case FaceEnd::not_finished: return "not_finished";
    case FaceEnd::no_photo: return "no_photo";
    case FaceEnd::device: return "device";
    }
    return "not_certain";
}

std::string_view to_string(NoCard why) {
    switch (why) {
    case NoCard::asked: return "asked";
    case NoCard::inconsistent: return "inconsistent";
    }
    return "asked";
}

bool watches_desk(const Session& session) {
    return session.step == Step::goodbye && session.taken.papers;
}

bool asks_for_rating(const Session& session) {
    return session.step == Step::goodbye && session.has_received;
}

std::string_view to_string(Rating rating) {
    switch (rating) {
    case Rating::none: return "none";
    case Rating::good: return "good";
    case Rating::fair: return "fair";
    case Rating::poor: return "poor";
    }
    return "none";
}

std::string_view to_string(EndReason reason) {
    switch (reason) {
    case EndReason::none: return "none";
    case EndReason::done: return "done";
    case EndReason::left: return "left";
    case EndReason::idle: return "idle";
    case EndReason::other_person: return "other_person";
    }
    return "none";
}

} // namespace session
