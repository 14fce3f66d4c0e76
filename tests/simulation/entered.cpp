#include "tests/simulation/entered.hpp"

namespace simulation {
namespace {

using forms::FieldType;
using nlohmann::json;

// "19400315" -> "1940-03-15"
std::string with_hyphens(const std::string& day) {
    return day.size() == 8 ? day.substr(0, 4) + "-" + day.substr(4, 2) + "-" + day.substr(6) : day;
}

std::string name_of(const forms::Field& field) {
    return (field.term.empty() ? field.id : field.term) + "/" +
           std::string(forms::to_string(field.type));
}

} // namespace

json as_request_value(const forms::Field& field, const forms::Value& value) {
    if (const auto* text = std::get_if<base::SecretText>(&value)) return std::string(text->view());
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    if (const auto* codes = std::get_if<forms::Codes>(&value)) {
        if (field.type == FieldType::multi_choice) return *codes;
        const std::string code = codes->empty() ? "" : codes->front();
        return field.type == FieldType::place ? json{{"code", code}} : json(code);
    }
    if (const auto* signature = std::get_if<forms::Signature>(&value))
        return {{"strokes", signature->strokes}, {"atCounter", !signature->picture.has_value()}};
    return nullptr;
}

void Entered::begin(const forms::Form& form) {
    form_ = &form;
    typed_.clear();
}

void Entered::note_personal(const forms::Field& field, const json& value) {
    // Shorter ones are found in any sealed bytes by chance.
    if (field.type != FieldType::choice && value.is_string() &&
        value.get_ref<const std::string&>().size() >= 7)
        personal_.push_back(value.get<std::string>());
}

void Entered::answer(const forms::Field& field, const forms::Value& value) {
    auto wanted = as_request_value(field, value);
    note_personal(field, wanted);
    if (wanted.is_null())
        typed_.erase(field.id);
    else
        typed_[field.id] = std::move(wanted);
}

void Entered::card(forms::Holder holder, const drivers::SimulatedCard& card) {
    const std::string who = holder == forms::Holder::agent ? "agent." : "person.";
    const auto name = card.name.empty() ? card.latin_name : card.name;
    on_card_[who + "name"] = name;
    on_card_[who + "idNumber"] = card.number;
    if (holder != forms::Holder::agent) {
        on_card_["person.birthDate"] = with_hyphens(card.birth);
        on_card_["person.address.registered"] = card.address;
    }
    for (const auto& text : {name, card.number, card.address})
        if (text.size() >= 7) personal_.push_back(text);
    // A card read again takes the place of what was typed over it.
    for (const auto& step : form_->steps)
        for (const auto& field : step.fields)
            if (on_card_.contains(field.term) && field.term.starts_with(who) &&
                !field.prefill.empty() && field.prefill.front() == forms::Source::card)
                typed_.erase(field.id);
}

void Entered::remember() {
    // Nobody is known in an L0 matter: nothing of it is offered in the next one (G12).
    const bool is_kept = form_->identity != forms::IdentityLevel::l0;
    for (const auto& step : form_->steps)
        for (const auto& field : step.fields)
            if (const auto found = typed_.find(field.id);
                is_kept && found != typed_.end() && field.repeats.empty())
                remembered_[name_of(field)] = found->second;
    form_ = nullptr;
    typed_.clear();
}

json Entered::expected(const forms::Field& field, forms::Source source) const {
    const auto look = [](const auto& map, const std::string& name) -> json {
        const auto found = map.find(name);
        return found == map.end() ? json() : json(found->second);
    };
    switch (source) {
    case forms::Source::typed:
    case forms::Source::staff: return look(typed_, field.id);
    case forms::Source::card: return look(on_card_, field.term);
    case forms::Source::session: return look(remembered_, name_of(field));
    case forms::Source::platform:
    case forms::Source::derived: break; // not handled by the product
    }
    return nullptr;
}

} // namespace simulation
