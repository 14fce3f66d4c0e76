// The dictionary of personal terms (spec matters §5) and what no form may ask.
//
// A field that describes a person must name a term of this table; ethnicity, religion, fingerprints
// and the like have no row, so a form cannot declare them (DESIGN §4 refusal 8, spec V9). The lists
// are compiled in, because a content set must not be able to shorten them.
#pragma once

#include "kiosk/forms/form.hpp"

#include <span>

namespace forms {

struct Term {
    std::string_view id;
    FieldType type;
    Sensitivity sensitivity;
    Holder holder; // whose card carries it, where one does
    bool on_card;
};

std::span<const Term> terms();
const Term* find_term(std::string_view id);

// The forbidden word that a text or id contains, or nothing. Case, spaces and invisible characters
// do not hide one, nor do signs or spaces between its letters, or digits that look like them.
std::optional<std::string> forbidden_word(std::string_view text);
// The word with which a field of this type asks for something that describes a person, so that it
// needs a term; or nothing. Words of labels and questions, in any of the languages.
std::optional<std::string> person_word(std::string_view text, FieldType type);
// True when the texts name two or more ethnic groups.
bool lists_ethnic_groups(std::span<const std::string_view> texts);

} // namespace forms
