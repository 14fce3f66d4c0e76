// A form as content declares it: kform/1, read strictly from JSON (spec matters §7).
//
// The vocabulary is closed: an unknown key, type, term or operator refuses the whole form, and the
// refusal names the place in the JSON. A Form is a plain value and never holds anything personal.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/language.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forms {

// One text in the three languages; all three are present and not empty.
class LocalText {
public:
    std::string_view in(base::Language language) const {
        return texts_[static_cast<std::size_t>(language)];
    }
    void set(base::Language language, std::string text) {
        texts_[static_cast<std::size_t>(language)] = std::move(text);
    }
    bool empty() const { return texts_[0].empty(); }
    bool operator==(const LocalText&) const = default;

private:
    std::array<std::string, base::all_languages.size()> texts_;
};

enum class IdentityLevel { l0, l1, l2 };
enum class Sensitivity { s0, s1, s2, s3 };

// Where a value came from; stored with it and shown to the person. `staff`: typed by a member of
// staff from another document, where no card could be read (G18).
enum class Source { typed, card, session, platform, derived, staff };

// Entered at the kiosk, by whoever stood there, and nothing that was given for the person.
constexpr bool is_entered_here(Source source) {
    return source == Source::typed || source == Source::staff;
}

// Whose card: of the person the matter is for, of the helper, of the child.
enum class Holder { applicant, agent, child };

enum class FieldType {
    text,
    id_number,
    phone,
    bank_card,
    date,
    number,
    money,
    choice,
    multi_choice,
    region,
    place,
    photo,
    scan,
    signature,
    consent,
    identity,
    card,
    info,
};

std::string_view to_string(IdentityLevel level); // "L0"
std::string_view to_string(Sensitivity sensitivity);
std::string_view to_string(Source source);
std::string_view to_string(Holder holder);
std::string_view to_string(FieldType type); // "id-number", as written in forms

// A condition over earlier answers: a tree, total, free of side effects (spec matters §7.2).
struct Condition {
    enum class Kind {
        all,
        any,
        negate,
        eq,        // the answer is `values[0]`
        in,        // the answer is one of `values`
        present,   // there is an answer
        cmp,       // the number (or date, as text) stands in `comparison` to values[0]
        age,       // full years from the date answered to `on`
        count,     // how many codes or pages
        prefilled, // the answer came from `source`
        same,      // equals the answer of `other`
    };
    enum class Comparison { less, at_most, equal, at_least, more };

    Kind kind{Kind::all};
    std::vector<Condition> parts;
    std::string field;
    std::string other;
    std::vector<std::string> values;
    Comparison comparison{Comparison::equal};
    std::int64_t number{0};
    Source source{Source::typed};
    std::optional<base::Date> on; // nothing: today plus `on_days`
    int on_days{0};
};

struct Option {
    std::string code;
    LocalText label;
    LocalText hint;   // may be empty
    std::string icon; // of assets/icons; may be empty
};

// Lists of the content set that `optionsFrom` names.
using CodeLists = std::map<std::string, std::vector<Option>, std::less<>>;

// A rule over several fields. When `check` does not hold, the message `fault` is shown.
struct Rule {
    Condition check;
    std::string fault; // a message key, for instance "fault.too-young"
    // True: the matter cannot go on (spec G17: never while the clock is unsynchronised).
    bool ends_matter{false};
};

struct DateLimit {
    std::optional<base::Date> fixed; // nothing: today plus `days`
    int days{0};
};

// The scripts that a text field takes; digits and the space are always allowed.
struct Scripts {
    bool han{true};
    bool uyghur{true};
    bool latin{true};
    bool punctuation{true}; // false: only the middle dot and the hyphen, as in names
};

struct Field {
    std::string id;
    std::string term; // of terms.hpp; empty where the field describes no person
    FieldType type{FieldType::text};
    LocalText label;    // names the value: in the review, on the receipt
    LocalText question; // what the screen asks; may be empty: the label asks already
    LocalText hint;     // may be empty
    LocalText why;      // may be empty below S2
    LocalText say;      // what is spoken; may be empty
    std::string icon;
    Sensitivity sensitivity{Sensitivity::s0};
    std::vector<Source> prefill; // best first
    bool required{false};
    std::optional<Condition> required_if;
    std::optional<Condition> show_if;
    std::vector<Rule> rules;

    // Only what the type uses is set.
    std::int64_t min{0}; // text: characters; number, money: value; choices: selected; scan: pages
    std::int64_t max{0};
    std::int64_t step{1};   // number, money: the value is a multiple of it
    bool month_only{false}; // date: a month without a day, "2026-12"
    bool allow_landline{false};
    Scripts scripts;
    std::vector<Option> options;
    std::string default_code;            // may be empty: nothing chosen beforehand
    std::optional<DateLimit> not_before; // date
    std::optional<DateLimit> not_after;
    std::vector<LocalText> page_labels; // scan
    std::string paper;                  // scan: "id-1", "a4", "book"
    int dpi{0};                         // scan: resolution that is wanted; 0: what there is
    bool use_anyway{false}; // scan: a page with a flaw that can be read may be sent, marked
    std::vector<std::string> sources; // photo: "document-camera", "phone-handoff"
    Holder who{Holder::applicant};    // card
    std::vector<std::string> methods; // identity, in order: "face", "staff-witness", ...
    std::vector<std::string> signers; // signature: "applicant", "agent"
    bool at_counter{false};           // signature: "sign at the counter" is offered
    std::string
        repeats; // the id of the field that this one asks for a second time; never submitted
};

struct Step {
    std::string id;
    LocalText title;
    LocalText why;
    std::optional<Condition> show_if;
    bool after_review{false}; // declaration and signature stand behind "check your answers"
    std::vector<Field> fields;
};

struct Receipt {
    std::vector<std::string> show; // "matter", "number", "maskedName", "kind", "place", "pages"
};

struct Form {
    std::string id;
    int version{0};
    std::string matter;
    std::string owner;
    std::string many_questions; // why it asks more than max_questions (V13); may be empty
    LocalText legal_basis;
    LocalText title;
    IdentityLevel identity{IdentityLevel::l0};
    std::vector<Step> steps;
    Receipt receipt;

    const Field* find(std::string_view id) const;
};

// Limits of one form: chosen well above the 16 questions of the longest form of spec matters §6.
inline constexpr std::size_t max_form_bytes = 256 * 1024;
inline constexpr std::size_t max_steps = 40;
inline constexpr std::size_t max_fields = 80;
inline constexpr std::size_t max_options = 200;
inline constexpr int max_condition_depth = 5; // spec matters §7.2
inline constexpr int max_questions = 20;      // V13: on the longest path

// Reads and checks one form. `lists` are what `optionsFrom` may name.
// Checked here: closed vocabulary, limits, V1 ids, V2 references stand earlier, V5 codes in
// conditions exist, V6 three languages and equal placeholders, V8 a way without a face at L2, V9
// terms and forbidden words, V10 page labels, V11 the receipt, and `why` at S2 and above. What has
// to be read whole first: rules.hpp.
// Errors: too_large, corrupt (not JSON, duplicate keys, too deep), invalid_input (a rule is broken;
// the context starts with the place, "/steps/0/fields/2/showIf: ..."), unsupported (kform version).
base::Result<Form> read_form(base::ByteView json, const CodeLists& lists = {});
// For people who write forms: one fault of each field and of the form around them, as far as it
// can be read; empty where read_form() takes it. The first is the one that read_form() names.
std::vector<base::Error> faults_in_form(base::ByteView json, const CodeLists& lists = {});

} // namespace forms
