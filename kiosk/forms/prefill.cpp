#include "kiosk/forms/prefill.hpp"

#include "kiosk/base/citizen_number.hpp"
#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/terms.hpp"

#include <algorithm>
#include <map>

namespace forms {
namespace {

using base::SecretText;

// What happens to a field that only a card fills when there is none.
enum class WithoutCard : std::uint8_t {
    asked,             // typed like any other
    asked_if_required, // too long to type for nothing
    from_number,       // derived from the number; asked where there is none, or it does not tell
    left_out,          // nobody knows it without the card
};

// Which value of the card answers a term, and what happens where there is no card. The holder
// decides between person.* and agent.*.
struct CardTerm {
    std::string_view term;
    SecretText CardValues::*value;
    WithoutCard without;
};
constexpr std::array card_terms{
    CardTerm{"person.name", &CardValues::name, WithoutCard::asked},
    CardTerm{"person.idNumber", &CardValues::id_number, WithoutCard::asked},
    CardTerm{"person.birthDate", &CardValues::birth_date, WithoutCard::from_number},
    CardTerm{"person.sex", &CardValues::sex, WithoutCard::from_number},
    CardTerm{"person.address.registered", &CardValues::address, WithoutCard::asked_if_required},
    CardTerm{"person.cardValidTo", &CardValues::valid_to, WithoutCard::left_out},
    CardTerm{"agent.name", &CardValues::name, WithoutCard::asked},
    CardTerm{"agent.idNumber", &CardValues::id_number, WithoutCard::asked},
};

bool takes_from(const Field& field, Source source) {
    return std::find(field.prefill.begin(), field.prefill.end(), source) != field.prefill.end();
}

const CardTerm* card_term(const Field& field) {
    for (const auto& row : card_terms)
        if (row.term == field.term) return &row;
    return nullptr;
}

const SecretText* on_card(const Field& field, const CardValues& card, Holder holder) {
    const auto* term = find_term(field.term);
    if (!term || !term->on_card || term->holder != holder) return nullptr;
    const auto* row = card_term(field);
    return row ? &(card.*row->value) : nullptr;
}

Value as_value(const Field& field, const SecretText& text) {
    const bool code = row_of(field.type).widget == Widget::choice;
    if (code) return Codes{std::string(text.view())};
    return text;
}

bool is_text_or_code(const Value& value) {
    return std::holds_alternative<SecretText>(value) || std::holds_alternative<Codes>(value) ||
           std::holds_alternative<std::int64_t>(value);
}

// A term means the same in every form; a field without one only in forms that share its id.
std::string key_of(const Field& field) {
    return (field.term.empty() ? field.id : field.term) + "/" + std::string(to_string(field.type));
}

template <class Visit> void each_field(const Form& form, Visit visit) {
    for (const auto& step : form.steps)
        for (const auto& field : step.fields) visit(field);
}

// The field of this holder whose card term holds `value`.
const Field* field_for(const Form& form, Holder holder, SecretText CardValues::*value) {
    const Field* found = nullptr;
    each_field(form, [&](const Field& field) {
        const auto* row = card_term(field);
        if (!found && row && row->value == value && holder_of(field) == holder &&
            field.repeats.empty())
            found = &field;
    });
    return found;
}

// The number typed for this holder, where it is a number at all.
std::optional<SecretText> number_of(const Form& form, const Answers& answers, Holder holder) {
    const auto* field = field_for(form, holder, &CardValues::id_number);
    const auto* answer = field ? answers.find(field->id) : nullptr;
    const auto* text = answer ? std::get_if<SecretText>(&answer->value) : nullptr;
    if (!text || base::check_citizen_number(*text)) return std::nullopt;
    return *text;
}

// A foreign resident's number (it begins with 9) tells no sex (drivers/card_reader, card_text.cpp).
std::optional<Value> derived(const Field& field, std::string_view number) {
    if (field.type == FieldType::date)
        return SecretText(base::to_text(base::citizen_number_birth(number)));
    if (number.front() == '9') return std::nullopt;
    return Codes{base::citizen_number_is_male(number) ? "male" : "female"};
}

WithoutCard without_card(const Field& field, const Form& form, const Answers& answers) {
    const auto* row = card_term(field);
    const auto holder = holder_of(field);
    if (!row || !holder) return WithoutCard::left_out;
    if (row->without != WithoutCard::from_number) return row->without;
    if (!field_for(form, *holder, &CardValues::id_number)) return WithoutCard::asked_if_required;
    const auto number = number_of(form, answers, *holder);
    return number && !derived(field, *number) ? WithoutCard::asked_if_required : row->without;
}

bool is_platform_filled(const Field& field) {
    const bool has_mask = field.type == FieldType::text || field.type == FieldType::phone;
    return has_mask && !field.term.empty() && field.repeats.empty() &&
           field.sensitivity < Sensitivity::s3 && takes_from(field, Source::platform);
}

std::vector<const Field*> platform_fields(const Form& form, const Answers& answers, Today today) {
    std::vector<const Field*> fields;
    std::map<std::string_view, int> times;
    each_field(form, [&](const Field& field) {
        ++times[field.term];
        if (is_platform_filled(field) && !answers.find(field.id) &&
            is_visible(form, answers, today, field.id))
            fields.push_back(&field);
    });
    std::erase_if(fields, [&](const Field* field) { return times[field->term] > 1; });
    return fields;
}

const CardMissing* missing_card(const Form& form, const Answers& answers, Holder holder) {
    const auto* field = card_field(form, holder);
    const auto* answer = field ? answers.find(field->id) : nullptr;
    return answer ? std::get_if<CardMissing>(&answer->value) : nullptr;
}

} // namespace

std::optional<Holder> holder_of(const Field& field) {
    const auto* term = find_term(field.term);
    return term && term->on_card ? std::optional(term->holder) : std::nullopt;
}

bool is_card_filled(const Field& field) {
    return !field.prefill.empty() && field.prefill.front() == Source::card &&
           field.type != FieldType::card;
}

const Field* card_field(const Form& form, Holder holder) {
    const Field* found = nullptr;
    each_field(form, [&](const Field& field) {
        if (!found && field.type == FieldType::card && field.who == holder) found = &field;
    });
    return found;
}

bool is_card_missing(const Form& form, const Answers& answers, Holder holder) {
    return missing_card(form, answers, holder) != nullptr;
}

bool is_typed_by_staff(const Field& field, const Form& form, const Answers& answers) {
    const auto holder = holder_of(field);
    if (!holder || !is_card_filled(field)) return false;
    const auto* missing = missing_card(form, answers, *holder);
    return missing && missing->document_seen;
}

bool is_asked_without_card(const Field& field, const Form& form, const Answers& answers) {
    if (!is_card_filled(field)) return false;
    switch (without_card(field, form, answers)) {
    case WithoutCard::asked: return true;
    case WithoutCard::asked_if_required: return field.required || field.required_if.has_value();
    case WithoutCard::from_number:
    case WithoutCard::left_out: return false;
    }
    return false;
}

bool is_filled_for_them(const Field& field, const Form& form, const Answers& answers) {
    if (!is_card_filled(field)) return false;
    const auto holder = holder_of(field);
    const bool is_missing = holder && is_card_missing(form, answers, *holder);
    return !is_missing || !is_asked_without_card(field, form, answers);
}

const Field* follows_from(const Field& field, const Form& form, const Answers& answers) {
    const auto holder = holder_of(field);
    if (!holder || !is_card_filled(field) || !is_card_missing(form, answers, *holder))
        return nullptr;
    if (without_card(field, form, answers) != WithoutCard::from_number) return nullptr;
    return field_for(form, *holder, &CardValues::id_number);
}

void miss_card(const Form& form, Holder holder, bool document_seen, Answers& answers) {
    each_field(form, [&](const Field& field) {
        if (field.type == FieldType::card && field.who == holder)
            answers.set(field.id, Value{CardMissing{document_seen}});
        const auto* answer = answers.find(field.id);
        if (!answer || holder_of(field) != holder) return;
        const bool is_entered_anew = document_seen && is_card_filled(field);
        // What staff typed from a document that does not count any more is like anybody's typing.
        if (is_entered_anew || !is_entered_here(answer->source))
            answers.erase(field.id);
        else if (answer->source == Source::staff && !document_seen)
            answers.set(field.id, Value{answer->value});
    });
}

void forget_missing_card(const Form& form, Holder holder, Answers& answers) {
    each_field(form, [&](const Field& field) {
        const bool was_instead = is_card_filled(field) && holder_of(field) == holder;
        const auto* answer = answers.find(field.id);
        const bool was_settled = holder == Holder::applicant && answer &&
                                 field.type == FieldType::identity &&
                                 answer->source == Source::derived;
        const bool is_card = field.type == FieldType::card && field.who == holder;
        if (was_instead || was_settled || is_card) answers.erase(field.id);
    });
}

void derive_without_card(const Form& form, Answers& answers) {
    for (const auto holder : {Holder::applicant, Holder::agent, Holder::child}) {
        if (!is_card_missing(form, answers, holder)) continue;
        const auto number = number_of(form, answers, holder);
        each_field(form, [&](const Field& field) {
            const bool tells = card_term(field) && holder_of(field) == holder &&
                               card_term(field)->without == WithoutCard::from_number;
            if (!tells || !is_card_filled(field)) return;
            auto value = number ? derived(field, *number) : std::nullopt;
            const auto* before = answers.find(field.id);
            if (value && !(before && before->value == *value))
                answers.set(field.id, Answer{std::move(*value), Source::derived});
            else if (!value && before && before->source == Source::derived)
                answers.erase(field.id);
        });
    }
}

void prefill_from_card(const Form& form, const CardValues& card, Holder holder, Answers& answers) {
    each_field(form, [&](const Field& field) {
        if (field.type == FieldType::card && field.who == holder)
            answers.set(field.id, Answer{CardRead{card.needs_look}, Source::card});
        if (!takes_from(field, Source::card)) return;
        const auto* value = on_card(field, card, holder);
        if (value && !value->empty())
            answers.set(field.id, Answer{as_value(field, *value), Source::card});
    });
}

void Remembered::remember(const Form& form, const Answers& answers, Today today) {
    // Nobody is known in an L0 matter, so nothing of it belongs to a person (G12).
    if (form.identity == IdentityLevel::l0) return;
    each_field(form, [&](const Field& field) {
        const auto* answer = answers.find(field.id);
        if (!field.repeats.empty() || !answer || answer->contested) return;
        if (answer->source == Source::platform) return;
        if (!is_text_or_code(answer->value)) return;
        if (!is_visible(form, answers, today, field.id)) return;
        by_term_.insert_or_assign(key_of(field), answer->value);
    });
}

void Remembered::prefill(const Form& form, Answers& answers) const {
    each_field(form, [&](const Field& field) {
        if (!takes_from(field, Source::session) || answers.find(field.id)) return;
        const auto found = by_term_.find(key_of(field));
        if (found == by_term_.end()) return;
        // A code of another form's list may not exist in this one's.
        const auto fits =
            !row_of(field.type).validate(field, found->second, Today{{}, false}).has_value();
        if (fits) answers.set(field.id, Answer{found->second, Source::session});
    });
}

void Remembered::prefill_without_card(const Form& form, Holder holder, Answers& answers) const {
    each_field(form, [&](const Field& field) {
        if (holder_of(field) != holder || !is_asked_without_card(field, form, answers)) return;
        const auto found = by_term_.find(key_of(field));
        if (found == by_term_.end() || answers.find(field.id)) return;
        if (!is_typed_by_staff(field, form, answers)) answers.set(field.id, Value{found->second});
    });
}

std::vector<std::string> platform_terms(const Form& form, const Answers& answers, Today today) {
    std::vector<std::string> terms;
    for (const auto* field : platform_fields(form, answers, today)) terms.push_back(field->term);
    return terms;
}

bool prefill_from_platform(const Form& form, const std::vector<PlatformValue>& values,
                           Answers& answers, Today today) {
    bool has_set = false;
    for (const auto* field : platform_fields(form, answers, today)) {
        const auto found =
            std::find_if(values.begin(), values.end(),
                         [&](const PlatformValue& value) { return value.term == field->term; });
        if (found == values.end()) continue;
        Value value = normalised(*field, found->text);
        if (row_of(field->type).validate(*field, value, today)) continue;
        answers.set(field->id,
                    Answer{std::move(value), Source::platform, false, false, found->origin});
        has_set = true;
    }
    return has_set;
}

std::vector<PageRef> prefilled_rows(const Form& form, const Answers& answers, Today today) {
    std::vector<PageRef> rows;
    for (std::size_t s = 0; s < form.steps.size(); ++s)
        for (std::size_t f = 0; f < form.steps[s].fields.size(); ++f) {
            const auto& field = form.steps[s].fields[f];
            const auto* answer = answers.find(field.id);
            const bool given = answer && !is_entered_here(answer->source);
            if (given && field.type != FieldType::card && field.type != FieldType::identity &&
                is_visible(form, answers, today, field.id))
                rows.push_back({s, f});
        }
    return rows;
}

} // namespace forms
