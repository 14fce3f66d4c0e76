#include "tests/unit/forms_support.hpp"

#include "kiosk/forms/field_types.hpp"

namespace forms_test {

using forms::FieldType;

forms::Value plausible(const forms::Field& field, std::uint32_t& next_page) {
    switch (field.type) {
    case FieldType::text: return secret("测试文字一二");
    case FieldType::id_number: return secret(pensioner_number);
    case FieldType::phone:
        return secret(field.id == "contact.phone" ? "13900000000" : "13800000000");
    case FieldType::bank_card: return secret(bank_number);
    case FieldType::date: return secret("2026-01-31");
    case FieldType::number:
    case FieldType::money: return field.min;
    case FieldType::choice:
    case FieldType::multi_choice:
    case FieldType::region:
    case FieldType::place: return forms::Codes{field.options.front().code};
    case FieldType::photo:
    case FieldType::scan: return forms::Attachments{{next_page++}};
    case FieldType::signature: return forms::Signature{next_page++, 3};
    case FieldType::consent: return forms::ConsentGiven{base::WallTime(1795314655s)};
    case FieldType::identity:
        return forms::IdentityConfirmed{"counter-code", base::WallTime(1795314600s)};
    case FieldType::card: return forms::CardRead{};
    case FieldType::info: return {};
    }
    return {};
}

forms::Answers filled(const forms::Form& form, forms::Answers answers,
                      const std::map<std::string, forms::Value>& chosen) {
    std::uint32_t next_page = 1;
    std::size_t at = 0;
    for (const auto part : {forms::Part::questions, forms::Part::closing}) {
        at = 0;
        for (auto way = forms::path(form, answers, today, part); at < way.size(); ++at) {
            const auto& field = forms::field_at(form, way[at]);
            const auto found = chosen.find(field.id);
            const auto value = found != chosen.end() ? found->second : plausible(field, next_page);
            const bool is_card = field.type == FieldType::card;
            if (is_card && !answers.find(field.id))
                forms::prefill_from_card(form, adult_card(), field.who, answers);
            else if (!is_card && !std::holds_alternative<std::monostate>(value))
                answers.set(field.id, value);
            way = forms::path(form, answers, today, part);
        }
    }
    return answers;
}

} // namespace forms_test
