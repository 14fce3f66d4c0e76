#include "kiosk/forms/prefill.hpp"

#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/terms.hpp"

#include <algorithm>

namespace forms {
namespace {

using base::SecretText;

// Which value of the card answers a term. The holder decides between person.* and agent.*.
struct CardTerm {
    std::string_view term;
    SecretText CardValues::*value;
};
constexpr std::array card_terms{
    CardTerm{"person.name", &CardValues::name},
    CardTerm{"person.idNumber", &CardValues::id_number},
    CardTerm{"person.birthDate", &CardValues::birth_date},
    CardTerm{"person.sex", &CardValues::sex},
    CardTerm{"person.address.registered", &CardValues::address},
    CardTerm{"person.cardValidTo", &CardValues::valid_to},
    CardTerm{"agent.name", &CardValues::name},
    CardTerm{"agent.idNumber", &CardValues::id_number},
};

bool takes_from(const Field& field, Source source) {
    return std::find(field.prefill.begin(), field.prefill.end(), source) != field.prefill.end();
}

const SecretText* on_card(const Field& field, const CardValues& card, Holder holder) {
    const auto* term = find_term(field.term);
    if (!term || !term->on_card || term->holder != holder) return nullptr;
    for (const auto& row : card_terms)
        if (row.term == field.term) return &(card.*row.value);
    return nullptr;
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

} // namespace

void prefill_from_card(const Form& form, const CardValues& card, Holder holder, Answers& answers) {
    each_field(form, [&](const Field& field) {
        if (field.type == FieldType::card && field.who == holder)
            answers.set(field.id, Answer{CardRead{}, Source::card});
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

std::vector<PageRef> prefilled_rows(const Form& form, const Answers& answers, Today today) {
    std::vector<PageRef> rows;
    for (std::size_t s = 0; s < form.steps.size(); ++s)
        for (std::size_t f = 0; f < form.steps[s].fields.size(); ++f) {
            const auto& field = form.steps[s].fields[f];
            const auto* answer = answers.find(field.id);
            const bool given = answer && answer->source != Source::typed;
            if (given && field.type != FieldType::card &&
                is_visible(form, answers, today, field.id))
                rows.push_back({s, f});
        }
    return rows;
}

} // namespace forms
