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

// `grapheme` at the caret. Unchanged where the field takes no more, or not this character.
Line typed_into(Line line, const forms::Field& field, std::string_view grapheme);
// Takes away what stands before the caret.
Line erased_before(Line line);

// How many digits a number field takes; 0 where it is no number field.
std::size_t digit_limit(const forms::Field& field, std::string_view typed);
// Places of a number, as people read it; empty: not grouped.
std::vector<int> digit_groups(const forms::Field& field, std::string_view typed);

// The answer as it is kept while it is typed, and as it is kept when the person goes on.
forms::Value while_typing(const forms::Field& field, std::string_view text);
forms::Value when_typed(const forms::Field& field, std::string_view text);
// The text of an answer that was typed; empty for one that came from elsewhere, which is replaced
// and never revealed (spec safeguards G8).
base::SecretText text_of(const forms::Field& field, const forms::Answer* answer);

// The boards that a field can be written with, and the one that lies there now.
std::vector<screens::Board> boards_of(const forms::Field& field);
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
