#include "kiosk/forms/form.hpp"

#include "kiosk/forms/condition_reader.hpp"
#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/rules.hpp"
#include "kiosk/forms/strict_json.hpp"
#include "kiosk/forms/terms.hpp"

#include <algorithm>

namespace forms {
namespace {

using base::Result;

// Longest texts, in characters: chosen from what fits a screen at the standard size (V6). Whether
// one fits its page is measured by kiosk/app/text_room.
constexpr std::size_t title_max = 80;
constexpr std::size_t line_max = 200;
constexpr std::size_t block_max = 600;

constexpr std::array level_names{"L0", "L1", "L2"};
constexpr std::array sensitivity_names{"S0", "S1", "S2", "S3"};
constexpr std::array source_names{"typed", "card", "session", "platform", "derived", "staff"};
constexpr std::array holder_names{"applicant", "agent", "child"};

template <class Names>
base::Error not_one_of(const Names& names, const std::string& text, const std::string& place) {
    std::string all;
    for (const auto& name : names) all += (all.empty() ? "" : ", ") + std::string(name);
    return bad(place, "\"" + text.substr(0, 60) + "\" is not known here; take one of: " + all);
}

template <class Enum, std::size_t N>
Result<Enum> one_of(const std::array<const char*, N>& names, const std::string& text,
                    const std::string& place) {
    for (std::size_t i = 0; i < N; ++i)
        if (text == names[i]) return static_cast<Enum>(i);
    return not_one_of(names, text, place);
}

Result<void> is_one_of(std::initializer_list<std::string_view> known, const std::string& text,
                       const std::string& place) {
    if (std::find(known.begin(), known.end(), text) == known.end())
        return not_one_of(known, text, place);
    return {};
}

// --- what nobody may ask (V9) -----------------------------------------------------------------

// "personEthnicity" reads as two words.
std::string split_words(std::string_view id) {
    std::string words;
    for (const char c : id) {
        if (c >= 'A' && c <= 'Z') words += ' ';
        words += c;
    }
    return words;
}

Result<void> allowed(std::string_view text, const std::string& place) {
    if (const auto word = forbidden_word(text))
        return broken("V9", place, "asks for what no form may ask (" + *word + "); take it out");
    return {};
}

Result<void> allowed(const LocalText& text, const std::string& place) {
    for (const auto language : base::all_languages) TRY(allowed(text.in(language), place));
    return {};
}

Result<LocalText> local(Object& object, std::string_view key, std::size_t max) {
    auto text = TRY(object.local(key, max));
    TRY(allowed(text, object.at(key)));
    return text;
}

Result<LocalText> local_or_empty(Object& object, std::string_view key, std::size_t max) {
    auto text = TRY(object.local_or_empty(key, max));
    TRY(allowed(text, object.at(key)));
    return text;
}

Result<std::string> identifier(Object& object, std::string_view key) {
    auto id = TRY(object.text(key, 60));
    if (!is_identifier(id))
        return bad(object.at(key),
                   "an id has 1 to 60 Latin letters, digits, dots, dashes and _, no spaces");
    TRY(allowed(split_words(id), object.at(key)));
    return id;
}

// --- options ----------------------------------------------------------------------------------

Result<Option> read_option(const Json& json, const std::string& place) {
    auto object = TRY(Object::of(json, place));
    Option option;
    option.code = TRY(identifier(object, "code"));
    option.label = TRY(local(object, "label", title_max));
    option.hint = TRY(local_or_empty(object, "hint", line_max));
    option.icon = TRY(object.text_or("icon", "", 40));
    TRY(object.finish());
    return option;
}

Result<void> check_options(const std::vector<Option>& options, const std::string& place) {
    std::vector<std::string_view> labels;
    for (std::size_t i = 0; i < options.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k)
            if (options[k].code == options[i].code)
                return broken("V1", place,
                              "the code stands twice: " + options[i].code +
                                  "; give each option its own");
        for (const auto language : base::all_languages)
            labels.push_back(options[i].label.in(language));
        labels.push_back(options[i].code);
    }
    if (lists_ethnic_groups(labels))
        return broken("V9", place,
                      "the options name ethnic groups, which no form may ask; take them out");
    return {};
}

Result<std::vector<Option>> read_options(Object& object, const CodeLists& lists) {
    std::vector<Option> options;
    if (const auto* name = object.take("optionsFrom")) {
        const auto list = lists.find(TRY(read_text(*name, object.at("optionsFrom"), 60)));
        if (list == lists.end())
            return bad(object.at("optionsFrom"), "lists.json has no list of this name");
        options = list->second;
        if (object.take("options"))
            return bad(object.at("options"), "\"optionsFrom\" stands here too; keep one of them");
    } else {
        const auto* list = TRY(object.array("options", 2, max_options));
        for (std::size_t i = 0; i < list->size(); ++i)
            options.push_back(
                TRY(read_option((*list)[i], object.at("options") + "/" + std::to_string(i))));
    }
    TRY(check_options(options, object.at("options")));
    return options;
}

// --- fields -----------------------------------------------------------------------------------

Result<DateLimit> read_date_limit(const Json& json, const std::string& place) {
    const auto text = TRY(read_text(json, place, 20));
    DateLimit limit;
    if (const auto days = read_today_offset(text)) {
        limit.days = *days;
        return limit;
    }
    base::Date date;
    if (!base::parse_date(text, date))
        return bad(place, "YYYY-MM-DD, today, today+N or today-N is wanted");
    limit.fixed = date;
    return limit;
}

Result<void> read_limits(Object& object, Field& field, std::string_view min, std::string_view max,
                         std::int64_t lowest, std::int64_t highest) {
    field.min = TRY(object.integer_or(min, lowest, lowest, highest));
    field.max = TRY(object.integer_or(max, highest, lowest, highest));
    if (field.min > field.max) return bad(object.at(min), "the least is above the most");
    return {};
}

// A step that no value between the limits meets would make the field impossible to fill in.
Result<void> read_step(Object& object, Field& field) {
    field.step = TRY(object.integer_or("step", 1, 1, 1'000'000'000));
    if (field.max / field.step * field.step < field.min)
        return bad(object.at("step"), "no value between min and max is a multiple of it");
    return {};
}

Result<void> read_precision(Object& object, Field& field) {
    const auto precision = TRY(object.text_or("precision", "day", 10));
    TRY(is_one_of({"day", "month"}, precision, object.at("precision")));
    field.month_only = precision == "month";
    return {};
}

Result<void> read_scripts(Object& object, Field& field) {
    const auto names = TRY(object.texts_or_empty("script", 4));
    if (names.empty()) return {};
    field.scripts = {false, false, false, false};
    for (const auto& name : names) {
        TRY(is_one_of({"han", "uyghur", "latin", "punctuation"}, name, object.at("script")));
        if (name == "han") field.scripts.han = true;
        if (name == "uyghur") field.scripts.uyghur = true;
        if (name == "latin") field.scripts.latin = true;
        if (name == "punctuation") field.scripts.punctuation = true;
    }
    return {};
}

// What a page must be like. Without it any page that can be read, and none that the gate refused.
Result<void> read_quality(const Json& value, const std::string& place, Field& field) {
    auto object = TRY(Object::of(value, place));
    field.dpi = int(TRY(object.integer_or("dpi", 0, 0, 300)));
    if (field.dpi != 0 && field.dpi != 200 && field.dpi != 300)
        return bad(object.at("dpi"), "200 or 300 is wanted");
    field.use_anyway = TRY(object.boolean_or("useAnyway", false));
    return object.finish();
}

Result<void> read_scan(Object& object, Field& field) {
    TRY(read_limits(object, field, "minPages", "maxPages", 0, 10));
    field.paper = TRY(object.text("paper", 10));
    TRY(is_one_of({"id-1", "a4", "book"}, field.paper, object.at("paper")));
    if (const auto* quality = object.take("quality"))
        TRY(read_quality(*quality, object.at("quality"), field));
    auto found = object.array("pageLabels", 1, 10);
    if (!found)
        return broken("V10", object.at("pageLabels"),
                      "a list of names is wanted, one for each page (\"maxPages\")");
    const auto* labels = *found;
    // V10: every page that may be laid down has a name of its own.
    if (labels->size() != static_cast<std::size_t>(field.max))
        return broken("V10", object.at("pageLabels"),
                      "there are " + std::to_string(labels->size()) + " labels for " +
                          std::to_string(field.max) +
                          " pages (\"maxPages\"); write one for each page");
    for (std::size_t i = 0; i < labels->size(); ++i) {
        const auto place = object.at("pageLabels") + "/" + std::to_string(i);
        field.page_labels.push_back(TRY(read_local_text((*labels)[i], place, title_max)));
        TRY(allowed(field.page_labels.back(), place));
    }
    return {};
}

Result<void> read_words(Object& object, std::string_view key, std::vector<std::string>& into,
                        std::initializer_list<std::string_view> known) {
    into = TRY(object.texts_or_empty(key, known.size()));
    if (into.empty()) return bad(object.at(key), "at least one is wanted");
    for (std::size_t i = 0; i < into.size(); ++i) {
        TRY(is_one_of(known, into[i], object.at(key)));
        if (std::count(into.begin(), into.end(), into[i]) > 1)
            return bad(object.at(key), "a word stands twice");
    }
    return {};
}

Result<void> read_choice(Object& object, Field& field, const CodeLists& lists) {
    field.options = TRY(read_options(object, lists));
    field.min = field.max = 1;
    field.default_code = TRY(object.text_or("default", "", 60));
    const auto has = [&](const Option& option) { return option.code == field.default_code; };
    if (!field.default_code.empty() &&
        std::none_of(field.options.begin(), field.options.end(), has))
        return broken("V5", object.at("default"), "no option has this code: " + field.default_code);
    return {};
}

// What only this type may say. The rest of its keys is refused by finish().
Result<void> read_type_part(Object& object, Field& field, const CodeLists& lists) {
    switch (field.type) {
    case FieldType::text:
        TRY(read_limits(object, field, "min", "max", 1, 500));
        return read_scripts(object, field);
    case FieldType::phone:
        field.allow_landline = TRY(object.boolean_or("allowLandline", false));
        return {};
    case FieldType::date:
        if (const auto* limit = object.take("notBefore"))
            field.not_before = TRY(read_date_limit(*limit, object.at("notBefore")));
        if (const auto* limit = object.take("notAfter"))
            field.not_after = TRY(read_date_limit(*limit, object.at("notAfter")));
        return read_precision(object, field);
    case FieldType::number:
        TRY(read_limits(object, field, "min", "max", 0, 1'000'000'000));
        return read_step(object, field);
    case FieldType::money:
        TRY(read_limits(object, field, "min", "max", 0, 100'000'000'000));
        return read_step(object, field);
    case FieldType::choice:
    case FieldType::region:
    case FieldType::place: return read_choice(object, field, lists);
    case FieldType::multi_choice:
        field.options = TRY(read_options(object, lists));
        return read_limits(object, field, "minSelected", "maxSelected", 0,
                           static_cast<std::int64_t>(field.options.size()));
    case FieldType::photo:
        TRY(read_limits(object, field, "min", "max", 0, 4));
        return read_words(object, "sources", field.sources, {"document-camera", "phone-handoff"});
    case FieldType::scan: return read_scan(object, field);
    case FieldType::signature:
        field.at_counter = TRY(object.boolean_or("atCounter", false));
        return read_words(object, "signers", field.signers, {"applicant", "agent"});
    case FieldType::identity:
        return read_words(object, "methods", field.methods,
                          {"face", "staff-witness", "counter-code"});
    case FieldType::card: {
        const auto who = TRY(object.text("who", 20));
        field.who = TRY(one_of<Holder>(holder_names, who, object.at("who")));
        return {};
    }
    case FieldType::id_number:
    case FieldType::bank_card:
    case FieldType::consent:
    case FieldType::info: return {};
    }
    return {};
}

// What describes a person without saying so: by its type, or by the words it asks with.
std::string sign_of_a_person(const Field& field) {
    switch (field.type) {
    case FieldType::id_number:
    case FieldType::phone:
    case FieldType::bank_card: return "its type is " + std::string(to_string(field.type));
    case FieldType::text:
    case FieldType::date:
    case FieldType::number:
    case FieldType::money:
    case FieldType::choice:
    case FieldType::multi_choice:
    case FieldType::region:
    case FieldType::place:
    case FieldType::photo:
    case FieldType::scan:
    case FieldType::signature:
    case FieldType::consent:
    case FieldType::identity:
    case FieldType::card:
    case FieldType::info: break;
    }
    for (const auto* words : {&field.label, &field.question})
        for (const auto language : base::all_languages)
            if (const auto word = person_word(words->in(language), field.type))
                return "it asks with \"" + *word + "\"";
    return {};
}

std::string one_of_terms(FieldType type) {
    std::string all;
    for (const auto& term : terms())
        if (term.type == type) all += (all.empty() ? "" : ", ") + std::string(term.id);
    if (all.empty()) return "; there is none of this type, so nothing like this can be asked";
    return ", one of: " + all + "; what none of them fits cannot be asked";
}

// V9: a field about a person names its term, and has the term's type and sensitivity.
Result<void> check_term(const Object& object, const Field& field) {
    constexpr std::array about_people{"person.", "contact.", "agent.",
                                      "bank.",   "child.",   "guardian"};
    const auto starts = [&](const char* prefix) { return field.id.starts_with(prefix); };
    const bool about_person = std::any_of(about_people.begin(), about_people.end(), starts);
    const bool carries_value = field.type != FieldType::card;
    if (field.term.empty()) {
        if (about_person && carries_value)
            return broken("V9", object.at("term"),
                          "its id says that it is about a person, so it needs a \"term\"" +
                              one_of_terms(field.type));
        if (const auto sign = sign_of_a_person(field); !sign.empty())
            return broken("V9", object.at("term"),
                          sign + ", so it is about a person and needs a \"term\"" +
                              one_of_terms(field.type));
        return {};
    }
    const auto* term = find_term(field.term);
    if (!term)
        return broken("V9", object.at("term"),
                      "there is no term " + field.term + one_of_terms(field.type));
    const bool region = field.type == FieldType::region && term->id == "person.address.current";
    const bool repeats = !field.repeats.empty();
    if (field.type != term->type && !region && !repeats)
        return broken("V9", object.at("type"),
                      field.term + " needs the type " + std::string(to_string(term->type)));
    if (field.sensitivity < term->sensitivity)
        return broken("V9", object.at("sensitivity"),
                      field.term + " is " + std::string(to_string(term->sensitivity)) +
                          " at least");
    return {};
}

Result<void> read_sources(Object& object, Field& field) {
    const auto names = TRY(object.texts_or_empty("prefill", 4));
    for (const auto& name : names) {
        const auto source = TRY(one_of<Source>(source_names, name, object.at("prefill")));
        if (is_entered_here(source))
            return bad(object.at("prefill"),
                       "what is typed or entered by staff is no source; take it out");
        field.prefill.push_back(source);
    }
    return {};
}

// The parts of the form read so far, for references.
struct Reading {
    const CodeLists& lists;
    Known known; // earlier fields
    std::vector<base::Error>* faults;

    // What is wrong with one field. Without a list it is the end; with one the other fields are
    // read as well.
    Result<void> note(base::Error fault) {
        if (faults == nullptr) return fault;
        // May be no fault of its own: it speaks about a field that was not read.
        const auto rule = rule_in(fault.context);
        if (faults->empty() || (rule != "V2" && rule != "V5")) faults->push_back(std::move(fault));
        return {};
    }
    Result<void> keep(Result<LocalText> text, LocalText& into) {
        if (!text) return note(text.error());
        into = std::move(text).value();
        return {};
    }
};

Result<std::optional<Condition>> condition_under(Object& object, std::string_view key,
                                                 const Known& known) {
    const auto* json = object.take(key);
    if (!json) return std::optional<Condition>{};
    return std::optional<Condition>(TRY(read_condition(*json, object.at(key), known)));
}

Result<void> read_required(Object& object, Field& field, const Known& known) {
    const auto* json = object.take("required");
    if (!json) return {};
    if (json->is_boolean()) {
        field.required = json->get<bool>();
        return {};
    }
    field.required_if = TRY(read_condition(*json, object.at("required"), known));
    return {};
}

Result<void> read_rules(Object& object, Field& field, const Known& known) {
    if (!object.take("rules")) return {};
    const auto* list = TRY(object.array("rules", 1, 8));
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto rule_object =
            TRY(Object::of((*list)[i], object.at("rules") + "/" + std::to_string(i)));
        const auto* check = TRY(rule_object.need("check"));
        Rule rule;
        rule.check = TRY(read_condition(*check, rule_object.at("check"), known));
        rule.fault = TRY(rule_object.text("fault", 60));
        if (!rule.fault.starts_with("fault."))
            return bad(rule_object.at("fault"), "a message key starting with fault. is wanted");
        rule.ends_matter = TRY(rule_object.boolean_or("endsMatter", false));
        TRY(rule_object.finish());
        field.rules.push_back(std::move(rule));
    }
    return {};
}

Result<void> read_words_of(Object& object, Field& field) {
    field.label = TRY(local(object, "label", title_max));
    field.question = TRY(local_or_empty(object, "question", title_max));
    field.hint = TRY(local_or_empty(object, "hint", block_max));
    field.why = TRY(local_or_empty(object, "why", line_max));
    field.say = TRY(local_or_empty(object, "say", line_max));
    field.icon = TRY(object.text_or("icon", "", 40));
    return {};
}

Result<void> read_repeats(Object& object, Field& field, const Known& known) {
    field.repeats = TRY(object.text_or("repeats", "", 60));
    if (field.repeats.empty()) return {};
    const auto earlier = known.find(field.repeats);
    if (earlier == known.end())
        return broken("V2", object.at("repeats"), "no earlier field has this id: " + field.repeats);
    if (earlier->second.type != field.type)
        return bad(object.at("repeats"), "repeats a field of another type");
    return {};
}

Result<Field> read_field(const Json& json, const std::string& place, Reading& reading) {
    auto object = TRY(Object::of(json, place));
    Field field;
    field.id = TRY(identifier(object, "id"));
    if (reading.known.contains(field.id))
        return broken("V1", object.at("id"),
                      "this id stands twice in this form; give each its own");
    const auto type_name = TRY(object.text("type", 20));
    const auto type = field_type_from(type_name);
    if (!type) return not_one_of(field_type_names(), type_name, object.at("type"));
    field.type = *type;
    field.term = TRY(object.text_or("term", "", 60));
    const auto s = TRY(object.text("sensitivity", 2));
    field.sensitivity = TRY(one_of<Sensitivity>(sensitivity_names, s, object.at("sensitivity")));
    TRY(read_words_of(object, field));
    TRY(read_sources(object, field));
    TRY(read_repeats(object, field, reading.known));
    field.show_if = TRY(condition_under(object, "showIf", reading.known));
    TRY(read_required(object, field, reading.known));
    TRY(read_type_part(object, field, reading.lists));
    TRY(check_term(object, field));
    if (field.sensitivity >= Sensitivity::s2 && field.why.empty())
        return broken("V9", object.at("why"), "is missing: at S2 and S3 the form says why it asks");
    if (field.type == FieldType::info && field.required)
        return bad(object.at("required"), "an info block asks nothing");

    reading.known.emplace(field.id, KnownField{field.type, field.options, field.month_only});
    TRY(read_rules(object, field, reading.known)); // a rule may speak about its own field
    TRY(object.finish());
    return field;
}

Result<Step> read_step(const Json& json, const std::string& place, Reading& reading) {
    auto object = TRY(Object::of(json, place));
    Step step;
    step.id = TRY(identifier(object, "id"));
    TRY(reading.keep(local(object, "title", title_max), step.title));
    TRY(reading.keep(local_or_empty(object, "why", line_max), step.why));
    step.show_if = TRY(condition_under(object, "showIf", reading.known));
    step.after_review = TRY(object.boolean_or("afterReview", false));
    const auto* fields = TRY(object.array("fields", 1, max_fields));
    for (std::size_t i = 0; i < fields->size(); ++i) {
        if (reading.known.size() >= max_fields) return bad(place, "too many fields in this form");
        auto field =
            read_field((*fields)[i], object.at("fields") + "/" + std::to_string(i), reading);
        if (field)
            step.fields.push_back(std::move(field).value());
        else
            TRY(reading.note(std::move(field).error()));
    }
    TRY(object.finish());
    return step;
}

Result<Receipt> read_receipt(Object& form) {
    const auto* json = TRY(form.need("receipt"));
    auto object = TRY(Object::of(*json, form.at("receipt")));
    Receipt receipt;
    // V11 by construction: nothing in this list names or reaches a person.
    if (auto words =
            read_words(object, "show", receipt.show,
                       {"matter", "number", "maskedName", "kind", "place", "pages", "next"});
        !words)
        return base::Error{words.error().code, words.error().context + " [V11]"};
    TRY(object.finish());
    return receipt;
}

// --- the whole form ---------------------------------------------------------------------------

Result<void> read_steps(Object& object, Form& form, Reading& reading) {
    const auto* steps = TRY(object.array("steps", 1, max_steps));
    for (std::size_t i = 0; i < steps->size(); ++i) {
        const auto place = object.at("steps") + "/" + std::to_string(i);
        auto step = TRY(read_step((*steps)[i], place, reading));
        for (const auto& earlier : form.steps) {
            if (earlier.id == step.id)
                return broken("V1", place + "/id",
                              "this id stands twice in this form; give each its own");
            if (earlier.after_review && !step.after_review)
                return bad(place, "a question stands behind the review");
        }
        form.steps.push_back(std::move(step));
    }
    return {};
}

// V8, and what each identity level means for a form.
Result<void> check_identity(const Form& form) {
    bool another_way = false;
    bool identity_step = false;
    bool of_a_person = false;
    for (const auto& step : form.steps)
        for (const auto& field : step.fields) {
            if (field.type == FieldType::identity) {
                identity_step = true;
                another_way = std::any_of(field.methods.begin(), field.methods.end(),
                                          [](auto& method) { return method != "face"; });
            }
            const auto* term = field.term.empty() ? nullptr : find_term(field.term);
            if (field.type == FieldType::card || (term && term->on_card)) of_a_person = true;
        }
    if (form.identity == IdentityLevel::l2 && !another_way)
        return broken("V8", "/steps",
                      "a form of L2 needs a field of type identity with staff-witness or "
                      "counter-code in its \"methods\", for people who show no face");
    if (form.identity != IdentityLevel::l2 && identity_step)
        return broken("V8", "/identity",
                      "a field of type identity stands in forms of L2 alone; take it out, or "
                      "write \"L2\"");
    if (form.identity == IdentityLevel::l0 && of_a_person)
        return broken("G12", "/identity",
                      "a form of L0 reads no card and asks nothing that stands on one; take those "
                      "fields out, or write \"L1\"");
    return {};
}

Result<Form> read_checked(const Json& json, const CodeLists& lists,
                          std::vector<base::Error>* faults) {
    auto object = TRY(Object::of(json, ""));
    if (TRY(object.integer("kform", 0, 1000)) != 1)
        return base::Error{base::Errc::unsupported, "/kform: only kform 1 is known"};
    Form form;
    form.id = TRY(identifier(object, "id"));
    form.version = static_cast<int>(TRY(object.integer("version", 1, 1'000'000)));
    form.matter = TRY(identifier(object, "matter"));
    form.owner = TRY(object.text("owner", 60));
    form.many_questions = TRY(object.text_or("manyQuestions", "", line_max));
    Reading reading{lists, {}, faults};
    TRY(reading.keep(local_or_empty(object, "legalBasis", line_max), form.legal_basis));
    TRY(reading.keep(local(object, "title", title_max), form.title));
    const auto level = TRY(object.text("identity", 2));
    form.identity = TRY(one_of<IdentityLevel>(level_names, level, "/identity"));
    TRY(read_steps(object, form, reading));
    form.receipt = TRY(read_receipt(object));
    TRY(object.finish());
    if (faults == nullptr || faults->empty()) TRY(check_identity(form));
    return form;
}

} // namespace

std::string_view to_string(IdentityLevel level) {
    return level_names[static_cast<std::size_t>(level)];
}
std::string_view to_string(Sensitivity sensitivity) {
    return sensitivity_names[static_cast<std::size_t>(sensitivity)];
}
std::string_view to_string(Source source) {
    return source_names[static_cast<std::size_t>(source)];
}
std::string_view to_string(Holder holder) {
    return holder_names[static_cast<std::size_t>(holder)];
}
std::string_view to_string(FieldType type) {
    return row_of(type).name;
}

const Field* Form::find(std::string_view wanted) const {
    for (const auto& step : steps)
        for (const auto& field : step.fields)
            if (field.id == wanted) return &field;
    return nullptr;
}

Result<Form> read_form(base::ByteView bytes, const CodeLists& lists) {
    const auto json = TRY(parse_strictly(bytes, max_form_bytes));
    return read_checked(json, lists, nullptr);
}

std::vector<base::Error> faults_in_form(base::ByteView bytes, const CodeLists& lists) {
    const auto json = parse_strictly(bytes, max_form_bytes);
    if (!json) return {json.error()};
    std::vector<base::Error> faults;
    if (const auto form = read_checked(*json, lists, &faults); !form)
        faults.push_back(form.error());
    return faults;
}

} // namespace forms
