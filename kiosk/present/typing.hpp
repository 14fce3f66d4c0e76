// Text and numbers while they are typed: which keys a field takes, where the caret goes, and when
// the answer is complete enough to go on. Not for other rooms.
#pragma once

#include "kiosk/forms/form.hpp"
#include "kiosk/present/scene.hpp"

namespace present {

// A text and the caret in it, as a byte offset at a border between characters.
struct Line {
    base::SecretText text;
    std::size_t caret = 0;
};

// `typed` at the caret: one character or, from an input method, several. Unchanged where the field
// takes no more, or not one of these characters.
Line typed_into(Line line, const forms::Field& field, std::string_view typed);
// Takes away what stands before the caret; a Uyghur vowel with the hamza that it brought along.
Line erased_before(Line line);

// What a letter of the Uyghur board writes after `before_caret`: a vowel that begins a word or
// follows a vowel brings its hamza along (spec ui-text §5), unless one stands there already.
std::string with_hamza(std::string_view before_caret, std::string_view letter);

// How many digits a number field takes; 0 where it is no number field.
std::size_t digit_limit(const forms::Field& field, std::string_view typed);
// How many are missing until it may be complete; for a telephone by how it begins.
int digits_left(const forms::Field& field, std::string_view typed);
// The first digit of a complete number that cannot be right, as soon as the last one is typed; -1:
// none.
int first_wrong_digit(const forms::Field& field, std::string_view typed);
bool has_wrong_digit(const forms::Field& field, std::string_view typed);
// Places of a number, as people read it; empty: not grouped.
std::vector<int> digit_groups(const forms::Field& field, std::string_view typed);

// The answer as it is kept while it is typed, and as it is kept when the person goes on.
forms::Value while_typing(const forms::Field& field, std::string_view text);
forms::Value when_typed(const forms::Field& field, std::string_view text);
// The text of an answer that was typed; empty for one that came from elsewhere, which is replaced
// and never revealed (spec safeguards G8).
base::SecretText text_of(const forms::Field& field, const forms::Answer* answer);

// A number as it stands on the pad, and what it means: "12." of an amount is 1,200 fen.
forms::Value number_of(const forms::Field& field, std::string_view typed);

// Fen as people write them: "12", "12.50".
std::string in_yuan(std::int64_t fen);

// A field that a name is written in: of all marks it takes the middle dot and the hyphen.
bool is_name(const forms::Field& field);

// The boards that a field can be written with here, and the one that lies there now.
std::vector<screens::Board> boards_of(const forms::Field& field, const Facts& facts);
screens::Board board_of(const Scene& scene);

// The codes that are shown as chosen: the answer's, or the one chosen beforehand.
forms::Codes chosen_codes(const forms::Field& field, const forms::Answer* answer);
// What pressing an option makes of the answer. Nothing where no more can be chosen.
std::optional<forms::Codes> pressed(const forms::Field& field, forms::Codes chosen,
                                    const std::string& code);

// May the person go on, and if not, what is missing: a message key and its values.
struct Readiness {
    bool is_ready = true;
    std::string key; // of the primary button's label
    content::ContentSet::Values values;
};
Readiness readiness(const Scene& scene);

} // namespace present
