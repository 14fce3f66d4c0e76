// Hostile forms: refused, or a form that keeps its limits and can be walked to its end by somebody
// who takes the first answer everywhere, without a step appearing that was not counted before.
#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/prefill.hpp"
#include "kiosk/forms/rules.hpp"
#include "kiosk/forms/submission.hpp"
#include "kiosk/forms/terms.hpp"

#include <algorithm>

namespace {

constexpr forms::Today today{base::Date(std::chrono::year(2026) / 11 / 22), true};

// What `optionsFrom` of the shipped forms names.
const forms::CodeLists& lists() {
    static const auto made = [] {
        forms::Option a{"a", {}, {}, ""};
        forms::Option b{"b", {}, {}, ""};
        for (const auto language : base::all_languages) {
            a.label.set(language, "1");
            b.label.set(language, "2");
        }
        return forms::CodeLists{{"streets", {a, b}}, {"estates", {a, b}}, {"banks", {a, b}}};
    }();
    return made;
}

void keeps_limits(const forms::Form& form) {
    CHECK(!form.steps.empty() && form.steps.size() <= forms::max_steps);
    std::size_t count = 0;
    for (const auto& step : form.steps)
        for (const auto& field : step.fields) {
            ++count;
            CHECK(form.find(field.id) == &field);
            CHECK(field.options.size() <= forms::max_options);
            CHECK(field.min <= field.max);
            CHECK(field.sensitivity < forms::Sensitivity::s2 || !field.why.empty());
            for (const auto language : base::all_languages) {
                CHECK(!field.label.in(language).empty());
                CHECK(!forms::forbidden_word(field.label.in(language)));
            }
        }
    CHECK(count <= forms::max_fields);
}

forms::Value first_answer(const forms::Field& field) {
    if (!field.options.empty()) return forms::Codes{field.options.front().code};
    if (field.type == forms::FieldType::number || field.type == forms::FieldType::money)
        return field.min;
    if (field.type == forms::FieldType::date) return base::SecretText("1946-11-22");
    if (field.type == forms::FieldType::scan) return forms::Attachments{{1}};
    return base::SecretText("13800000000");
}

void can_be_walked(const forms::Form& form) {
    forms::Answers answers;
    const auto bound = forms::upper_bound_steps(form, answers, today);
    for (std::size_t i = 0; i < forms::max_fields; ++i) {
        const auto way = forms::path(form, answers, today);
        if (i >= way.size()) break;
        const auto& field = forms::field_at(form, way[i]);
        answers.set(field.id, first_answer(field));
        CHECK(forms::upper_bound_steps(form, answers, today) <= bound);
        CHECK(forms::step_number(form, answers, today, way[i]) <= bound);
        for (const auto language : base::all_languages)
            (void)forms::shown(field, *answers.find(field.id), language);
    }
    (void)forms::faults(form, answers, today);
    (void)forms::prefilled_rows(form, answers, today);
    (void)forms::clear_submission(form, answers, today, {});
    forms::drop_hidden(form, answers, today);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto form = forms::read_form({data, size}, lists());
    const auto faults = forms::faults_in_form({data, size}, lists());
    CHECK(faults.empty() == form.has_value());
    if (!form) {
        CHECK(faults.front() == form.error());
        return 0;
    }
    keeps_limits(*form);
    can_be_walked(*form);
    for (const auto& broken : forms::broken_rules(*form, today.date)) CHECK(!broken.words.empty());
    return 0;
}
