// What one person answered, and what follows from it: which pages come, what is missing.
//
// Answers are codes, numbers and secret text, never words of a language: switching the language
// changes none of them. Everything personal lies in base::SecretText.
#pragma once

#include "kiosk/base/secret.hpp"
#include "kiosk/forms/form.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace forms {

using Codes = std::vector<std::string>; // choice, region, place: exactly one; multi-choice: several

// Pages or pictures, in order, by the numbers that the session's page store gave them.
struct Attachments {
    std::vector<std::uint32_t> pages;
    bool operator==(const Attachments&) const = default;
};

struct ConsentGiven {
    base::WallTime at;
    bool operator==(const ConsentGiven&) const = default;
};

struct Signature {
    std::optional<std::uint32_t> picture; // nothing: signs at the counter
    int strokes{0};
    bool operator==(const Signature&) const = default;
};

// Only ever the way that succeeded (spec G3).
struct IdentityConfirmed {
    std::string method; // one of the field's methods
    base::WallTime at;
    std::optional<base::WallTime> consent; // to a face check, where that was the way (P6)
    bool operator==(const IdentityConfirmed&) const = default;
};

struct CardRead {
    // The fields contradict each other each time it is read: somebody of the office has to look at
    // it (G18).
    bool needs_look{false};
    bool operator==(const CardRead&) const = default;
};

// No card, a lost one, or one that cannot be read (G18): name and number are asked instead.
struct CardMissing {
    bool document_seen{false}; // by staff; else the counter has to look
    bool operator==(const CardMissing&) const = default;
};

// text, id-number, phone, bank-card, date: SecretText (normalised; dates "YYYY-MM-DD").
// number, money (fen): integer.
using Value = std::variant<std::monostate, base::SecretText, Codes, std::int64_t, Attachments,
                           ConsentGiven, Signature, IdentityConfirmed, CardRead, CardMissing>;

// Of a value that the platform gave: which register of the district has it, and since when.
struct Origin {
    std::string register_name; // a word; content has a name for it, or none
    base::Date as_of{};
    bool operator==(const Origin&) const = default;
};

struct Answer {
    Value value;
    Source source{Source::typed};
    bool confirmed{false};          // the person saw a pre-filled value and said it is right
    bool contested{false};          // the person said it is not right
    std::optional<Origin> origin{}; // Source::platform
    bool operator==(const Answer&) const = default;
};

// By field id. Copying copies the secrets too; each copy is wiped when it goes.
class Answers {
public:
    const Answer* find(std::string_view id) const;
    void set(std::string_view id, Answer answer);
    void set(std::string_view id, Value value) { set(id, Answer{std::move(value)}); }
    void erase(std::string_view id);
    void clear() { by_field_.clear(); }
    bool empty() const { return by_field_.empty(); }
    std::vector<std::string> ids() const;
    bool operator==(const Answers&) const = default;

    // Marks a pre-filled value. Does nothing where there is none.
    void confirm(std::string_view id);
    void contest(std::string_view id);

private:
    std::map<std::string, Answer, std::less<>> by_field_;
};

// The day, and whether the clock can be trusted: while it cannot, no rule refuses anybody (G17).
struct Today {
    base::Date date;
    bool synchronised{true};
};

enum class Truth { no, yes, unknown };

// Total: an unanswered field makes its condition `unknown`. A hidden field has no value.
Truth evaluate(const Condition& condition, const Form& form, const Answers& answers, Today today);

// A field of a form by position; valid as long as the form is.
struct PageRef {
    std::size_t step{0};
    std::size_t field{0};
    bool operator==(const PageRef&) const = default;
};
inline const Field& field_at(const Form& form, PageRef at) {
    return form.steps[at.step].fields[at.field];
}
inline const Step& step_at(const Form& form, PageRef at) {
    return form.steps[at.step];
}

// True when the field belongs to this person's path (its step and it are shown). `unknown` hides.
bool is_visible(const Form& form, const Answers& answers, Today today, std::string_view field);
bool is_required(const Field& field, const Form& form, const Answers& answers, Today today);

// Which part of the visit: the questions, or what stands behind "check your answers".
enum class Part { questions, closing };

// The pages of this person in order. One page is one field asked of the person. No page are:
// hidden fields, fields that only a card fills, and pre-filled ones that nobody contested.
std::vector<PageRef> path(const Form& form, const Answers& answers, Today today,
                          Part part = Part::questions);

// How many steps of the form can still come on this person's path, for "step n of m". With more
// answers it stays or becomes smaller; it grows only when an answer is changed to another branch.
int upper_bound_steps(const Form& form, const Answers& answers, Today today);
// Which of these steps `at` is, counted from 1.
int step_number(const Form& form, const Answers& answers, Today today, PageRef at);

// What is wrong with one answer: a message key of the catalogue and its {placeholders}, which are
// numbers and never anything personal.
struct Fault {
    std::string field;
    std::string key; // for instance "fault.phone"
    std::vector<std::pair<std::string, std::string>> values;
    bool ends_matter{false};
    bool operator==(const Fault&) const = default;
};

// One field: missing, its type's check, its rules.
std::optional<Fault> check(const Field& field, const Form& form, const Answers& answers,
                           Today today);
// All fields of the path and all card-filled ones, in order. Empty: ready to be declared and sent.
std::vector<Fault> faults(const Form& form, const Answers& answers, Today today,
                          Part part = Part::questions);

// Takes away values of fields that are hidden now, so that nothing hidden is kept or submitted.
void drop_hidden(const Form& form, Answers& answers, Today today);

} // namespace forms
