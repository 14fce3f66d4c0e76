#include "kiosk/session/session.hpp"

#include "kiosk/session/route.hpp"

#include <algorithm>

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

Effects effects_of(Step step, bool entering) {
    for (const auto& row : step_effects)
        if (row.step == step) return entering ? row.on_enter : row.on_leave;
    return {};
}

// Time, and answers from afar: everything else is a person, or what a person did to a device.
constexpr std::array not_a_person{
    Signal::camera_problem,  Signal::stored,
    Signal::store_refused,   Signal::delivered,
    Signal::receipt_printed, Signal::receipt_problem,
    Signal::staff_coming,    Signal::staff_unreachable,
    Signal::wiped,           Signal::idle,
    Signal::idle_expired,    Signal::answer_due,
};

bool is_activity(Signal signal) {
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
    return is_about_a_card && session.visit && session.visit->device_problem != *code;
}

// A device answers a step even while a question lies over it.
bool comes_from_device(Signal signal) {
    return signal >= Signal::card_read && signal <= Signal::receipt_problem;
}

// Where nobody showed a card, and in a matter that takes none, the reader is not even asked whether
// one lies there (spec safeguards G12).
bool may_watch_card(const Session& session) {
    const auto* form = session.visit ? session.visit->form : nullptr;
    const bool takes_none = form != nullptr && form->identity == forms::IdentityLevel::l0;
    return session.taken.card && !takes_none;
}

void forget_person(Session& session) {
    session.visit.reset();
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
        const bool somebody_is_here = input.signal == Signal::card_problem
                                          ? is_news_of_a_card(session, input)
                                          : is_activity(input.signal);
        if (somebody_is_here) session.last_activity = world_.now;
        if (set_display(input.signal)) return finish();
        if (input.signal == Signal::delivered && note_delivered(input)) return finish();
        if (input.signal == Signal::wiped) return start_afresh();
        if (input.signal == Signal::staff_coming || input.signal == Signal::staff_unreachable) {
            session.assistance =
                input.signal == Signal::staff_coming ? Assistance::coming : Assistance::unreachable;
            return finish();
        }
        if (session.overlay != Overlay::none && !comes_from_device(input.signal) &&
            input.signal != Signal::answer_due)
            return over_step(input);
        if (find_overlay_move(Overlay::none, input.signal) != nullptr &&
            find_move(session.step, input.signal) == nullptr)
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

    bool set_display(Signal signal);
    Outcome start_afresh();
    Outcome over_step(const Input& input);
    Outcome in_step(Input input);
    void go_to(Step step);
    void end(EndReason reason);
    // What a signal brings with it. False: it does not fit, the move is refused.
    bool take(Input& input);
    bool take_language(const Input& input);
    bool choose_matter(const Input& input);
    bool take_answer(Input& input);
    bool take_card(Input& input);
    void forget_other_person();
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

    Outcome outcome_;
    const World& world_;
};

bool Mover::set_display(Signal signal) {
    auto& display = session().display;
    if (signal == Signal::text_size)
        display.text_size = (display.text_size + 1) % 4;
    else if (signal == Signal::contrast)
        display.theme = Display::Theme((int(display.theme) + 1) % 3);
    else if (signal == Signal::low_reach)
        display.low_reach = !display.low_reach;
    else
        return signal == Signal::touched;
    return true;
}

Outcome Mover::start_afresh() {
    if (session().step != Step::wipe) return refuse();
    Session fresh;
    fresh.ticket = session().ticket + 1;
    fresh.last_activity = world_.now;
    fresh.entered = world_.now;
    outcome_.session = std::move(fresh);
    return finish();
}

Outcome Mover::over_step(const Input& input) {
    const auto* move = find_overlay_move(session().overlay, input.signal);
    if (move == nullptr) return refuse();
    if (asks_nobody(session().step) && input.signal == Signal::leave) return refuse();
    if (asks_nobody(session().step) && input.signal == Signal::idle) {
        session().overlay = Overlay::none; // somebody asked for help and walked away
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
    session().overlay = move->to;
    if (is_idle_question) {
        session().entered = world_.now;
        effect(EffectKind::chime);
    }
    if (move->ends) end(input.signal == Signal::idle_expired ? EndReason::idle : EndReason::left);
    return finish();
}

Outcome Mover::in_step(Input input) {
    const auto* move = find_move(session().step, input.signal);
    if (move == nullptr || !take(input)) return refuse();
    Step to = move->to;
    // `change` and a matter that ends have chosen their step already.
    if (to == Step::forward && input.signal == Signal::change)
        to = step_for(visit(), current_field(visit()));
    else if (to == Step::forward)
        to = forward(session(), world_);
    else if (to == Step::backward)
        to = backward(session(), world_);
    if (input.signal == Signal::take_page) effect(EffectKind::capture_page);
    if (to != Step::stay) go_to(to);
    return finish();
}

void Mover::go_to(Step step) {
    CHECK(is_step(step));
    // The slip may still be coming out when somebody says that they are done.
    if (session().visit && session().visit->receipt_state == ReceiptState::printing)
        session().taken.receipt = true;
    for (const auto kind : effects_of(session().step, false)) effect(kind);
    if (step == Step::goodbye && !session().taken.any()) step = Step::wipe;
    if (step == Step::goodbye || step == Step::wipe) {
        if (session().end_reason == EndReason::none) session().end_reason = EndReason::done;
        forget_person(session());
    }
    if (step == Step::home) session().visit.reset();
    session().step = step;
    session().entered = world_.now;
    for (const auto kind : effects_of(step, true))
        if (kind != EffectKind::watch_card || may_watch_card(session())) effect(kind);
}

void Mover::end(EndReason reason) {
    session().end_reason = reason;
    session().overlay = Overlay::none;
    if (session().step == Step::goodbye) return go_to(Step::wipe);
    // Nobody is there to take anything: wipe at once.
    go_to(reason == EndReason::idle ? Step::wipe : Step::goodbye);
}

// ---- what signals bring ----

bool Mover::take(Input& input) {
    switch (input.signal) {
    case Signal::language_chosen: {
        if (!take_language(input)) return false;
        session().content = world_.content;
        return session().content != nullptr;
    }
    case Signal::matter_chosen: return choose_matter(input);
    case Signal::answered: return take_answer(input);
    case Signal::contested: {
        const auto* choice = std::get_if<ChoiceInput>(&input.payload);
        if (choice == nullptr || visit().answers.find(choice->id) == nullptr) return false;
        visit().answers.contest(choice->id);
        return true;
    }
    case Signal::change: return take_change(input);
    case Signal::way_chosen: return take_way(input);
    case Signal::agreed:
        visit().answers.set(visit().field, forms::Value{forms::ConsentGiven{world_.wall}});
        return true;
    case Signal::declined: visit().answers.erase(visit().field); return true;
    case Signal::another_way:
        if (session().step == Step::card)
            visit().refusal = Refusal{Refusal::Reason::no_card, {}, true};
        return true;
    case Signal::use_page: return use_page();
    case Signal::delete_page: return delete_page(input);
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
    case Signal::card_read: return take_card(input);
    case Signal::card_problem:
    case Signal::camera_problem:
        if (const auto* code = std::get_if<base::Errc>(&input.payload)) {
            visit().device_problem = *code;
            return true;
        }
        return false;
    case Signal::page_captured:
        if (auto* captured = std::get_if<CapturedPage>(&input.payload)) {
            visit().taken = std::move(captured->page);
            visit().device_problem.reset();
            session().taken.papers = true;
            return true;
        }
        return false;
    case Signal::stored: return take_stored(input);
    case Signal::store_refused: {
        const auto* code = std::get_if<base::Errc>(&input.payload);
        if (code == nullptr) return false;
        Refusal refusal{Refusal::Reason::storage, {}, false};
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
    case Signal::back: return session().step != Step::refused || visit().refusal->can_go_back;
    case Signal::go_on:
    case Signal::take_page:
    case Signal::pages_done:
    case Signal::done:
    case Signal::leave:
    case Signal::leave_confirmed:
    case Signal::stay_here:
    case Signal::call_staff:
    case Signal::help_closed:
    case Signal::choose_language:
    case Signal::card_lifted:
    case Signal::staff_coming:
    case Signal::staff_unreachable:
    case Signal::wiped:
    case Signal::idle:
    case Signal::idle_expired:
    case Signal::answer_due:
    case Signal::touched:
    case Signal::text_size:
    case Signal::contrast:
    case Signal::low_reach: return true;
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
    session().remembered.prefill(*form, visit.answers);
    visit.step_count = forms::upper_bound_steps(*form, visit.answers, world_.today());
    return true;
}

bool Mover::take_answer(Input& input) {
    auto* answer = std::get_if<AnswerInput>(&input.payload);
    if (answer == nullptr) return false;
    if (std::holds_alternative<std::monostate>(answer->value))
        visit().answers.erase(visit().field);
    else
        visit().answers.set(visit().field, std::move(answer->value));
    visit().fault.reset();
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
    const bool is_another_person =
        is_applicant && session().card && session().card->id_number != card->values.id_number;
    if (is_another_person) forget_other_person();
    forms::prefill_from_card(*visit().form, card->values, field.who, visit().answers);
    visit().device_problem.reset();
    if (is_applicant) {
        session().remembered.prefill(*visit().form, visit().answers);
        session().card = std::move(card->values);
    }
    return true;
}

// Another person's card: nothing that the person before told, showed or signed is theirs.
void Mover::forget_other_person() {
    session().remembered.clear();
    visit().answers.clear();
    visit().pages.clear();
    visit().taken.reset();
    visit().strokes.clear();
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
    visit().replacing.reset();
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
    if (choice == nullptr || visit().form->find(choice->id) == nullptr) return false;
    visit().field = choice->id;
    visit().fault.reset();
    visit().device_problem.reset();
    visit().changing = true;
    return true;
}

bool Mover::take_way(const Input& input) {
    const auto* choice = std::get_if<ChoiceInput>(&input.payload);
    if (choice == nullptr) return false;
    const auto& methods = current_field(visit()).methods;
    if (std::find(methods.begin(), methods.end(), choice->id) == methods.end()) return false;
    // A way confirms nobody before its own check. The counter code needs none here: the counter
    // looks at the person. not handled: face check, staff witness.
    if (choice->id != "counter-code") return false;
    visit().answers.set(visit().field,
                        forms::Value{forms::IdentityConfirmed{choice->id, world_.wall}});
    return true;
}

bool is_long_step(Step step) {
    return step == Step::card || step == Step::scan || step == Step::page_check ||
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
    if (session.overlay == Overlay::idle)
        return Deadline{session.entered + idle_answer_limit, Signal::idle_expired};
    if (session.step == Step::sending)
        return Deadline{session.entered + answer_limit, Signal::answer_due};
    if (asks_nobody(session.step) && session.overlay == Overlay::none) return std::nullopt;
    if (session.step == Step::goodbye && session.overlay == Overlay::none)
        return Deadline{session.entered + goodbye_limit, Signal::done};
    const auto limit = is_long_step(session.step) ? long_idle_limit : idle_limit;
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

std::string_view to_string(EndReason reason) {
    switch (reason) {
    case EndReason::none: return "none";
    case EndReason::done: return "done";
    case EndReason::left: return "left";
    case EndReason::idle: return "idle";
    }
    return "none";
}

} // namespace session
