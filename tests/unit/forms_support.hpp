// A small valid form to break, and answers of people who do not exist.
//
// All personal data is synthetic (spec matters §9): 659999 is no county code and 999999 belongs to
// no bank, so no such number was ever issued.
#pragma once

#include "kiosk/content/content_set.hpp"
#include "kiosk/forms/answers.hpp"
#include "kiosk/forms/prefill.hpp"

#include <nlohmann/json.hpp>

namespace forms_test {

using nlohmann::json;
using namespace std::chrono_literals;

inline constexpr forms::Today today{base::Date(2026y / 11 / 22), true};
inline constexpr forms::Today unsynchronised{base::Date(2026y / 11 / 22), false};

inline constexpr auto pensioner_number = "65999919500101001X";
inline constexpr auto elder_number = "659999194003150046";
inline constexpr auto leap_day_number = "659999198802290027";
inline constexpr auto no_month_number = "659999199913010053";
inline constexpr auto bank_number = "9999990000000000121";
inline constexpr auto long_name = "阿卜杜热合曼·麦麦提图尔荪";

inline json words(const std::string& zh, const std::string& ug, const std::string& en) {
    return {{"zh", zh}, {"ug", ug}, {"en", en}};
}

// Two steps: a choice, then a text shown for one of its answers.
inline json small_form() {
    const auto option = [](const char* code, json label) {
        return json{{"code", code}, {"label", std::move(label)}};
    };
    json kind = {{"id", "kind"},
                 {"type", "choice"},
                 {"required", true},
                 {"sensitivity", "S0"},
                 {"label", words("种类", "تۈرى", "Kind")},
                 {"options",
                  {option("lamp", words("路灯", "چىراغ", "Lamp")),
                   option("other", words("其他", "باشقا", "Other"))}}};
    json text = {{"id", "text"},
                 {"type", "text"},
                 {"sensitivity", "S0"},
                 {"label", words("说明", "بايان", "Text")},
                 {"min", 2},
                 {"max", 5},
                 {"showIf", {{"eq", {"$kind", "other"}}}}};
    json first = {{"id", "first"}, {"title", words("一", "بىر", "One")}, {"fields", {kind}}};
    json second = {{"id", "second"}, {"title", words("二", "ئىككى", "Two")}, {"fields", {text}}};
    return {{"kform", 1},
            {"id", "small"},
            {"version", 1},
            {"matter", "small"},
            {"owner", "tests"},
            {"identity", "L0"},
            {"title", words("小表", "كىچىك", "Small")},
            {"steps", {first, second}},
            {"receipt", {{"show", {"matter", "number"}}}}};
}

inline base::Result<forms::Form> read(const json& form, const forms::CodeLists& lists = {}) {
    return forms::read_form(base::as_bytes(form.dump()), lists);
}

// The form with one place changed.
inline json with(const std::string& pointer, json value, json form = small_form()) {
    form[json::json_pointer(pointer)] = std::move(value);
    return form;
}

inline const content::ContentSet& shipped() {
    static const auto set = content::ContentSet::open("assets/content");
    CHECK(set.has_value());
    return **set;
}

inline base::SecretText secret(std::string_view text) {
    return base::SecretText(text);
}

inline forms::CardValues elder_card() {
    return {secret(long_name), secret(elder_number),  secret("1940-03-15"),
            secret("male"),    secret("测试街 8 号"), secret("2036-01-01")};
}
inline forms::CardValues adult_card() {
    return {secret("试测"),   secret(leap_day_number), secret("1988-02-29"),
            secret("female"), secret("测试街 9 号"),   secret("2036-01-01")};
}
inline forms::CardValues pensioner_card() {
    return {secret("测试"), secret(pensioner_number), secret("1950-01-01"),
            secret("male"), secret("测试街 1 号"),    secret("long-term")};
}

// The ids of the pages, in order.
inline std::vector<std::string> pages(const forms::Form& form, const forms::Answers& answers,
                                      forms::Part part = forms::Part::questions) {
    std::vector<std::string> ids;
    for (const auto at : forms::path(form, answers, today, part))
        ids.push_back(forms::field_at(form, at).id);
    return ids;
}

inline forms::Value code(const char* value) {
    return forms::Codes{value};
}

// The first option or a plausible value: enough for any field to pass.
forms::Value plausible(const forms::Field& field, std::uint32_t& next_page);

// Walks the path as a person would: answers each page where `chosen` says nothing else.
forms::Answers filled(const forms::Form& form, forms::Answers answers,
                      const std::map<std::string, forms::Value>& chosen = {});

} // namespace forms_test
