// Values that nobody has to type: from the card on the reader, from an earlier matter of the same
// person, and, after a yes of theirs, from the platform. The source stays with the value, is shown,
// and can be contested.
#pragma once

#include "kiosk/forms/answers.hpp"

namespace forms {

// What a card gives to a form. No row for anything else that a chip carries.
struct CardValues {
    base::SecretText name;
    base::SecretText id_number;
    base::SecretText birth_date; // "YYYY-MM-DD"
    base::SecretText sex;        // "female", "male" or "other"
    base::SecretText address;
    base::SecretText valid_to; // "YYYY-MM-DD", or "long-term"
    bool needs_look = false;   // its fields contradict each other (CardRead)
};

// ---- where no card can be read (G18) ----

// A field that a card fills; where that card is missing, see is_filled_for_them().
bool is_card_filled(const Field& field);
// True when the card field of this holder was answered with CardMissing.
bool is_card_missing(const Form& form, const Answers& answers, Holder holder);
// No page asks for this field: a card fills it, or, without one, it follows from the number that
// is typed, or is left out.
bool is_filled_for_them(const Field& field, const Form& form, const Answers& answers);
// A page asks for this field as soon as its holder's card turns out to be missing.
bool is_asked_without_card(const Field& field, const Form& form, const Answers& answers);
// The field of the number that this field's value is derived from, its holder's card being missing.
const Field* follows_from(const Field& field, const Form& form, const Answers& answers);

// Whose card this field's value stands on; nothing where no card has it.
std::optional<Holder> holder_of(const Field& field);
// The member of staff who saw the document enters what stands on it.
bool is_typed_by_staff(const Field& field, const Form& form, const Answers& answers);
// The field that asks for this holder's card, or nothing.
const Field* card_field(const Form& form, Holder holder);

// Answers the card field of this holder with CardMissing, and takes away what a card had given.
// With a document, what was typed before it was seen goes too: staff enter it anew.
void miss_card(const Form& form, Holder holder, bool document_seen, Answers& answers);
// A card after all: takes away what was typed or derived instead, and an identity settled by it.
void forget_missing_card(const Form& form, Holder holder, Answers& answers);
// To be called after every answer: birth date and sex follow the number that was typed instead of
// a card, and go when it is no number (any more).
void derive_without_card(const Form& form, Answers& answers);

// Sets every field of `form` whose term this holder's card carries and which names `card` among
// its sources; also marks the card field of that holder as read.
void prefill_from_card(const Form& form, const CardValues& card, Holder holder, Answers& answers);

// What a finished matter leaves for the next one of the same person in the same session. Owned by
// the session; cleared with it, and when another card is laid down.
class Remembered {
public:
    // Keeps texts, numbers and codes of the path that were not contested. Nothing of an L0 form:
    // nobody is known there, and nobody is to become known by it (G12). Nothing that the platform
    // gave: a later matter would show it unmasked (G8).
    void remember(const Form& form, const Answers& answers, Today today);
    // Sets fields that name `session` among their sources and have no value yet.
    void prefill(const Form& form, Answers& answers) const;
    // Sets what was typed instead of a card in an earlier matter, so that nobody types it twice. It
    // is asked all the same, with the value in its place. Not where staff enter it from a document.
    void prefill_without_card(const Form& form, Holder holder, Answers& answers) const;
    void clear() { by_term_.clear(); }
    bool empty() const { return by_term_.empty(); }

private:
    std::map<std::string, Value, std::less<>> by_term_; // "term/type"
};

// ---- from the platform (G8) ----

struct PlatformValue {
    std::string term;
    base::SecretText text;
    Origin origin;
};

// What the platform may be asked for now: terms of shown fields that name `platform` among their
// sources and have no answer yet. Each term once, and none that two fields of the form share: it
// could not be told which of them is meant. Only texts and telephone numbers, which a mask can
// show, and nothing of S3.
// not handled: an address (region and text are two fields), choices, dates.
std::vector<std::string> platform_terms(const Form& form, const Answers& answers, Today today);
// Sets those fields. A value that was not asked for, that the field would not take from a person,
// or that comes for a term a second time, changes nothing. True: at least one was set.
bool prefill_from_platform(const Form& form, const std::vector<PlatformValue>& values,
                           Answers& answers, Today today);

// The rows of "is this right?": visible fields with a pre-filled value, in the form's order.
std::vector<PageRef> prefilled_rows(const Form& form, const Answers& answers, Today today);

} // namespace forms
