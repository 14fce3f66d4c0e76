#include "kiosk/forms/answers.hpp"

#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/prefill.hpp"
#include "kiosk/forms/terms.hpp"

#include <algorithm>

namespace forms {
namespace {

// `now`: what the person has not answered is not there. `possible`: it may still come.
enum class Asking { now, possible };

Truth operator!(Truth t) {
    switch (t) {
    case Truth::no: return Truth::yes;
    case Truth::yes: return Truth::no;
    case Truth::unknown: return Truth::unknown;
    }
    return Truth::unknown;
}

Truth truth(bool yes) {
    return yes ? Truth::yes : Truth::no;
}

bool holds(std::int64_t left, Condition::Comparison comparison, std::int64_t right) {
    switch (comparison) {
    case Condition::Comparison::less: return left < right;
    case Condition::Comparison::at_most: return left <= right;
    case Condition::Comparison::equal: return left == right;
    case Condition::Comparison::at_least: return left >= right;
    case Condition::Comparison::more: return left > right;
    }
    return false;
}

std::int64_t count_of(const Value& value) {
    if (const auto* codes = std::get_if<Codes>(&value))
        return static_cast<std::int64_t>(codes->size());
    if (const auto* pages = std::get_if<Attachments>(&value))
        return static_cast<std::int64_t>(pages->pages.size());
    return 0;
}

// No value, no code chosen, no page laid down.
bool is_empty(const Value& value) {
    if (const auto* text = std::get_if<base::SecretText>(&value)) return text->empty();
    if (const auto* codes = std::get_if<Codes>(&value)) return codes->empty();
    if (const auto* pages = std::get_if<Attachments>(&value)) return pages->pages.empty();
    return std::holds_alternative<std::monostate>(value);
}

// One pass over the form in its order. References stand earlier (V2), so each field's visibility is
// known before anything asks for it.
class Pass {
public:
    Pass(const Form& form, const Answers& answers, Today today, Asking asking)
        : answers_(answers), today_(today), asking_(asking) {
        for (const auto& step : form.steps) {
            const auto step_shown = shown(step.show_if);
            for (const auto& field : step.fields)
                visible_.emplace(field.id, both(step_shown, shown(field.show_if)));
        }
    }

    Truth visible(std::string_view field) const {
        const auto found = visible_.find(field);
        return found == visible_.end() ? Truth::no : found->second;
    }

    Truth evaluate(const Condition& condition) const {
        using Kind = Condition::Kind;
        switch (condition.kind) {
        case Kind::all: {
            auto result = Truth::yes;
            for (const auto& part : condition.parts) result = both(result, evaluate(part));
            return result;
        }
        case Kind::any: {
            auto result = Truth::no;
            for (const auto& part : condition.parts) result = !both(!result, !evaluate(part));
            return result;
        }
        case Kind::negate: return !evaluate(condition.parts.front());
        case Kind::eq:
        case Kind::in: return has_code(condition);
        case Kind::present: return is_present(condition);
        case Kind::cmp: return compares(condition);
        case Kind::age: return has_age(condition);
        case Kind::count: return counts(condition);
        case Kind::prefilled: return is_prefilled(condition);
        case Kind::same: return is_same(condition);
        }
        return Truth::unknown;
    }

private:
    static Truth both(Truth a, Truth b) {
        if (a == Truth::no || b == Truth::no) return Truth::no;
        return a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::unknown;
    }

    Truth shown(const std::optional<Condition>& condition) const {
        return condition ? evaluate(*condition) : Truth::yes;
    }

    // The answer of a field that may be shown; a hidden field has no value.
    const Answer* answer(std::string_view field) const {
        const auto seen = visible(field);
        const bool here = asking_ == Asking::now ? seen == Truth::yes : seen != Truth::no;
        const auto* given = here ? answers_.find(field) : nullptr;
        return given && !is_empty(given->value) ? given : nullptr;
    }
    // What a condition about an absent value is, where absence itself is an answer.
    Truth absent(std::string_view field) const {
        const bool may_come = asking_ == Asking::possible && visible(field) != Truth::no;
        return may_come ? Truth::unknown : Truth::no;
    }

    Truth has_code(const Condition& condition) const {
        const auto* given = answer(condition.field);
        const auto* codes = given ? std::get_if<Codes>(&given->value) : nullptr;
        if (!codes) return visible(condition.field) == Truth::no ? Truth::no : Truth::unknown;
        return truth(std::any_of(codes->begin(), codes->end(), [&](const auto& code) {
            return std::find(condition.values.begin(), condition.values.end(), code) !=
                   condition.values.end();
        }));
    }

    Truth is_present(const Condition& condition) const {
        return answer(condition.field) ? Truth::yes : absent(condition.field);
    }

    Truth compares(const Condition& condition) const {
        const auto* given = answer(condition.field);
        const auto* number = given ? std::get_if<std::int64_t>(&given->value) : nullptr;
        if (!number) return visible(condition.field) == Truth::no ? Truth::no : Truth::unknown;
        return truth(holds(*number, condition.comparison, condition.number));
    }

    Truth has_age(const Condition& condition) const {
        const auto* given = answer(condition.field);
        const auto* text = given ? std::get_if<base::SecretText>(&given->value) : nullptr;
        base::Date born;
        if (!text || !base::parse_date(text->view(), born)) return Truth::unknown;
        // G17: with a clock nobody vouches for, no age is known.
        if (!condition.on && !today_.synchronised) return Truth::unknown;
        const auto on = condition.on ? *condition.on
                                     : base::Date(std::chrono::sys_days(today_.date) +
                                                  std::chrono::days(condition.on_days));
        return truth(holds(base::full_years(born, on), condition.comparison, condition.number));
    }

    Truth counts(const Condition& condition) const {
        const auto* given = answer(condition.field);
        const bool may_change = !given && absent(condition.field) == Truth::unknown;
        if (may_change) return Truth::unknown;
        const auto count = given ? count_of(given->value) : 0;
        return truth(holds(count, condition.comparison, condition.number));
    }

    Truth is_prefilled(const Condition& condition) const {
        const auto* given = answer(condition.field);
        if (!given) return absent(condition.field);
        if (condition.source == Source::typed) return truth(is_entered_here(given->source));
        return truth(given->source == condition.source);
    }

    Truth is_same(const Condition& condition) const {
        const auto* one = answer(condition.field);
        const auto* other = answer(condition.other);
        if (!one || !other) return Truth::unknown;
        return truth(one->value == other->value);
    }

    const Answers& answers_;
    Today today_;
    Asking asking_;
    std::map<std::string, Truth, std::less<>> visible_;
};

bool is_page(const Field& field, const Form& form, const Answers& answers) {
    if (is_filled_for_them(field, form, answers)) return false;
    const auto* answer = answers.find(field.id);
    const bool given_for_them = answer && !is_entered_here(answer->source) && !answer->contested &&
                                field.type != FieldType::card;
    return !given_for_them;
}

bool belongs(const Step& step, Part part) {
    return step.after_review == (part == Part::closing);
}

Fault fault_at(const Field& field, std::string key, bool ends_matter = false) {
    return {field.id, std::move(key), {}, ends_matter};
}

// What only a card tells is not missed where there is none: a number that is typed brings it along
// or has a fault of its own.
bool is_left_out(const Field& field, const Form& form, const Answers& answers) {
    if (!is_card_filled(field) || !is_filled_for_them(field, form, answers)) return false;
    const auto* term = find_term(field.term);
    return term && is_card_missing(form, answers, term->holder);
}

bool required(const Field& field, const Form& form, const Answers& answers, const Pass& pass) {
    if (is_left_out(field, form, answers)) return false;
    return field.required || (field.required_if && pass.evaluate(*field.required_if) == Truth::yes);
}

// Text from a card is what the card says, be it a sign that our boards lack, the longer name of a
// foreign resident or "long-term": nobody could repair it here, so it would be a dead end (G18).
bool is_as_printed(const Answer& answer) {
    return answer.source == Source::card && std::holds_alternative<base::SecretText>(answer.value);
}

// The way that goes with a missing card stands above the ways that a form lists (G18: never a dead
// end).
bool is_settled_by_card(const Field& field, const Answer& answer) {
    return field.type == FieldType::identity && answer.source == Source::derived;
}

std::optional<Fault> check(const Field& field, const Form& form, const Answers& answers,
                           const Pass& pass, Today today) {
    if (field.type == FieldType::info) return std::nullopt;
    const auto* answer = answers.find(field.id);
    if (!answer || is_empty(answer->value)) {
        if (!required(field, form, answers, pass)) return std::nullopt;
        return fault_at(field, field.type == FieldType::card ? "fault.card" : "fault.required");
    }
    if (!is_as_printed(*answer) && !is_settled_by_card(field, *answer))
        if (auto fault = row_of(field.type).validate(field, answer->value, today)) return fault;
    if (!field.repeats.empty()) {
        const auto* first = answers.find(field.repeats);
        if (!first || first->value != answer->value) return fault_at(field, "fault.repeat");
    }
    for (const auto& rule : field.rules)
        if (pass.evaluate(rule.check) == Truth::no)
            return fault_at(field, rule.fault, rule.ends_matter);
    return std::nullopt;
}

// Nobody has shown a card yet, and it may turn out to be missing.
bool may_become_page(const Field& field, const Form& form, const Answers& answers) {
    const auto* term = find_term(field.term);
    const auto* card = term && term->on_card ? card_field(form, term->holder) : nullptr;
    return card && !answers.find(card->id) && is_asked_without_card(field, form, answers);
}

bool step_may_come(const Step& step, const Form& form, const Answers& answers, const Pass& pass) {
    return std::any_of(step.fields.begin(), step.fields.end(), [&](const Field& field) {
        const bool may_be_page =
            is_page(field, form, answers) || may_become_page(field, form, answers);
        return may_be_page && pass.visible(field.id) != Truth::no;
    });
}

} // namespace

const Answer* Answers::find(std::string_view id) const {
    const auto found = by_field_.find(id);
    return found == by_field_.end() ? nullptr : &found->second;
}

void Answers::set(std::string_view id, Answer answer) {
    by_field_.insert_or_assign(std::string(id), std::move(answer));
}

void Answers::erase(std::string_view id) {
    const auto found = by_field_.find(id);
    if (found != by_field_.end()) by_field_.erase(found);
}

std::vector<std::string> Answers::ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, answer] : by_field_) ids.push_back(id);
    return ids;
}

void Answers::confirm(std::string_view id) {
    const auto found = by_field_.find(id);
    if (found == by_field_.end()) return;
    found->second.confirmed = true;
    found->second.contested = false;
}

void Answers::contest(std::string_view id) {
    const auto found = by_field_.find(id);
    if (found == by_field_.end()) return;
    found->second.confirmed = false;
    found->second.contested = true;
}

Truth evaluate(const Condition& condition, const Form& form, const Answers& answers, Today today) {
    return Pass(form, answers, today, Asking::now).evaluate(condition);
}

bool is_visible(const Form& form, const Answers& answers, Today today, std::string_view field) {
    return Pass(form, answers, today, Asking::now).visible(field) == Truth::yes;
}

bool is_required(const Field& field, const Form& form, const Answers& answers, Today today) {
    return required(field, form, answers, Pass(form, answers, today, Asking::now));
}

std::vector<PageRef> path(const Form& form, const Answers& answers, Today today, Part part) {
    const Pass pass(form, answers, today, Asking::now);
    std::vector<PageRef> pages;
    for (std::size_t s = 0; s < form.steps.size(); ++s) {
        const auto& step = form.steps[s];
        if (!belongs(step, part)) continue;
        for (std::size_t f = 0; f < step.fields.size(); ++f)
            if (pass.visible(step.fields[f].id) == Truth::yes &&
                is_page(step.fields[f], form, answers))
                pages.push_back({s, f});
    }
    return pages;
}

int upper_bound_steps(const Form& form, const Answers& answers, Today today) {
    const Pass pass(form, answers, today, Asking::possible);
    return static_cast<int>(
        std::count_if(form.steps.begin(), form.steps.end(),
                      [&](const Step& step) { return step_may_come(step, form, answers, pass); }));
}

int step_number(const Form& form, const Answers& answers, Today today, PageRef at) {
    const Pass pass(form, answers, today, Asking::possible);
    const auto end = form.steps.begin() + static_cast<std::ptrdiff_t>(at.step) + 1;
    const auto steps = std::count_if(form.steps.begin(), end, [&](const Step& step) {
        return step_may_come(step, form, answers, pass);
    });
    return std::max(1, static_cast<int>(steps));
}

std::optional<Fault> check(const Field& field, const Form& form, const Answers& answers,
                           Today today) {
    return check(field, form, answers, Pass(form, answers, today, Asking::now), today);
}

std::vector<Fault> faults(const Form& form, const Answers& answers, Today today, Part part) {
    const Pass pass(form, answers, today, Asking::now);
    std::vector<Fault> found;
    for (const auto& step : form.steps) {
        if (!belongs(step, part)) continue;
        for (const auto& field : step.fields) {
            if (pass.visible(field.id) != Truth::yes) continue;
            if (auto fault = check(field, form, answers, pass, today))
                found.push_back(std::move(*fault));
        }
    }
    return found;
}

void drop_hidden(const Form& form, Answers& answers, Today today) {
    const Pass pass(form, answers, today, Asking::now);
    for (const auto& step : form.steps)
        for (const auto& field : step.fields)
            if (pass.visible(field.id) != Truth::yes) answers.erase(field.id);
}

} // namespace forms
