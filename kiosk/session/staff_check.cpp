#include "kiosk/session/staff_check.hpp"

#include <algorithm>

namespace session {
namespace {

using staff::Purpose;
using State = staff::Standing::State;

bool is_pin_text(std::string_view text) {
    return text.size() <= staff::pin_most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Says on the screen that the card is not on the reader; what staff wanted has to be done again.
Heard ask_for_card(Visit& visit) {
    visit.device_problem = base::Errc::no_card;
    return Heard::noted;
}

bool misses_card(const Session& session) {
    return reads_for_staff(session) && !session.visit->person_card_lies;
}

Heard find_card(Session& session) {
    if (!reads_for_staff(session)) return Heard::refused;
    session.visit->drop_photo(); // whose card it is, nobody knows yet (P1)
    return Heard::noted;
}

Heard read_card(Session& session, Input& input) {
    auto* card = std::get_if<CardInput>(&input.payload);
    auto& visit = *session.visit;
    if (card == nullptr || !reads_for_staff(session)) return Heard::refused;
    // Somebody else's was asked about before it came here (G21).
    if (!session.card || session.card->id_number != card->values.id_number) return Heard::refused;
    session.taken.card = true;
    visit.person_card_lies = true;
    visit.device_problem.reset();
    visit.drop_photo();
    if (takes_chip_photo(session)) visit.chip_photo = std::move(card->photo);
    return Heard::watch;
}

Heard lift_card(Session& session) {
    if (!reads_for_staff(session)) return Heard::refused;
    session.visit->person_card_lies = false;
    session.visit->device_problem.reset(); // what was said about the card went with it
    return Heard::read_again;
}

Heard note_problem(Session& session, const Input& input) {
    const auto* code = std::get_if<base::Errc>(&input.payload);
    if (code == nullptr || !reads_for_staff(session)) return Heard::refused;
    session.visit->device_problem = *code;
    return Heard::noted;
}

Heard type_pin(Session& session, Input& input) {
    auto* pin = std::get_if<PinInput>(&input.payload);
    const bool is_asked = session.staff.state == State::ask_pin;
    if (pin == nullptr || !is_asked || !is_pin_text(pin->digits)) return Heard::refused;
    session.pin = std::move(pin->digits);
    return Heard::noted;
}

Heard enter_pin(Session& session) {
    const bool is_complete = session.pin.size() >= staff::pin_least;
    if (session.staff.state != State::ask_pin || !is_complete) return Heard::refused;
    return misses_card(session) ? ask_for_card(*session.visit) : Heard::check;
}

// Whose card is in the reader at this moment, and may do this.
bool speaks_for_office(const Session& session, const staff::Confirmed& done) {
    return is_in(session.staff) && !done.staff.empty() && session.staff.staff == done.staff &&
           staff::may(done.roles, staff::task_of(done.purpose));
}

// Counts only for what was asked, and only while both cards are where they belong (G9).
Heard take_confirmed(Session& session, const Input& input) {
    const auto* done = std::get_if<staff::Confirmed>(&input.payload);
    auto& visit = *session.visit;
    if (done == nullptr || done->purpose != visit.staff_purpose) return Heard::refused;
    if (!speaks_for_office(session, *done)) return Heard::refused;
    session.pin.clear();
    if (misses_card(session)) return ask_for_card(visit);
    switch (done->purpose) {
    case Purpose::witness: visit.witnessed_by = done->staff; break;
    case Purpose::document: visit.document_by = done->staff; break;
    case Purpose::assist: visit.assisted_by = done->staff; break;
    case Purpose::log_in: return Heard::refused;
    }
    return Heard::confirmed;
}

} // namespace

bool is_in(const staff::Standing& standing) {
    return standing.state != State::no_reader && standing.state != State::empty;
}

bool keeps_pin(const staff::Standing& before, const staff::Standing& after) {
    if (before == after) return true;
    return before.staff == after.staff && before.state == State::ask_pin &&
           after.state == State::checking;
}

bool reads_for_staff(const Session& session) {
    if (session.overlay == Overlay::assist) return assist_offer(session) == AssistOffer::possible;
    return session.step == Step::witness && session.visit->staff_purpose == Purpose::witness;
}

void begin_witness(Session& session) {
    auto& visit = *session.visit;
    const bool is_document = current_field(visit).type == forms::FieldType::card;
    visit.staff_purpose = is_document ? Purpose::document : Purpose::witness;
    visit.device_problem.reset();
}

bool is_staff_signal(Signal signal) {
    return signal == Signal::card_found || signal == Signal::card_read ||
           signal == Signal::card_problem || signal == Signal::card_lifted ||
           signal == Signal::pin_changed || signal == Signal::pin_entered ||
           signal == Signal::staff_confirmed;
}

Heard hear_staff(Session& session, Input& input) {
    if (input.signal == Signal::card_found) return find_card(session);
    if (input.signal == Signal::card_read) return read_card(session, input);
    if (input.signal == Signal::card_lifted) return lift_card(session);
    if (input.signal == Signal::card_problem) return note_problem(session, input);
    if (input.signal == Signal::pin_changed) return type_pin(session, input);
    if (input.signal == Signal::pin_entered) return enter_pin(session);
    if (input.signal == Signal::staff_confirmed) return take_confirmed(session, input);
    return Heard::refused;
}

} // namespace session
