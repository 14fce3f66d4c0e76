// Values that nobody has to type: from the card on the reader and from an earlier matter of the
// same person. The source stays with the value, is shown, and can be contested.
//
// not handled: platform pre-fill (POST /prefill).
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
};

// Sets every field of `form` whose term this holder's card carries and which names `card` among
// its sources; also marks the card field of that holder as read.
void prefill_from_card(const Form& form, const CardValues& card, Holder holder, Answers& answers);

// What a finished matter leaves for the next one of the same person in the same session. Owned by
// the session; cleared with it, and when another card is laid down.
class Remembered {
public:
    // Keeps texts, numbers and codes of the path that were not contested. Nothing of an L0 form:
    // nobody is known there, and nobody is to become known by it (G12).
    void remember(const Form& form, const Answers& answers, Today today);
    // Sets fields that name `session` among their sources and have no value yet.
    void prefill(const Form& form, Answers& answers) const;
    void clear() { by_term_.clear(); }
    bool empty() const { return by_term_.empty(); }

private:
    std::map<std::string, Value, std::less<>> by_term_; // "term/type"
};

// The rows of "is this right?": visible fields with a pre-filled value, in the form's order.
std::vector<PageRef> prefilled_rows(const Form& form, const Answers& answers, Today today);

} // namespace forms
