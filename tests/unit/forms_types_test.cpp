#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/masks.hpp"
#include "tests/unit/forms_support.hpp"

#include <catch2/catch.hpp>

using namespace forms_test;
using base::Language;
using forms::FieldType;

namespace {

forms::Field field_of(FieldType type) {
    forms::Field field;
    field.id = "field";
    field.type = type;
    field.min = 1;
    field.max = 60;
    return field;
}

std::string fault_of(const forms::Field& field, const forms::Value& value,
                     forms::Today on = today) {
    const auto fault = forms::row_of(field.type).validate(field, value, on);
    return fault ? fault->key : "";
}

// As typed by a person: normalised first.
std::string typed_fault(const forms::Field& field, std::string_view typed) {
    return fault_of(field, forms::normalised(field, typed));
}

} // namespace

TEST_CASE("every type has its row and its name", "[unit][forms]") {
    for (const auto* name : {"text", "id-number", "phone", "bank-card", "date", "number", "money",
                             "choice", "multi-choice", "region", "place", "photo", "scan",
                             "signature", "consent", "identity", "card", "info"}) {
        const auto type = forms::field_type_from(name);
        REQUIRE(type.has_value());
        REQUIRE(forms::to_string(*type) == name);
        // A value of another kind never passes and never crashes.
        if (*type != FieldType::info && *type != FieldType::card)
            REQUIRE(fault_of(field_of(*type), forms::CardRead{}) != "");
    }
    REQUIRE_FALSE(forms::field_type_from("html").has_value());
}

TEST_CASE("citizen numbers are checked as they are typed", "[unit][forms]") {
    const auto field = field_of(FieldType::id_number);
    REQUIRE(typed_fault(field, pensioner_number) == "");
    REQUIRE(typed_fault(field, "65999919500101001x") == "");
    REQUIRE(typed_fault(field, "659999 1950 0101 001X") == "");
    REQUIRE(typed_fault(field, "６５９９９９19500101001X") == "");
    REQUIRE(typed_fault(field, "11010519491231002X") == "");
    REQUIRE(typed_fault(field, leap_day_number) == "");
    REQUIRE(typed_fault(field, no_month_number) == "fault.id-birth");
    REQUIRE(typed_fault(field, "659999195001010011") == "fault.id-check");
    REQUIRE(typed_fault(field, "65999919500101") == "fault.id-length");
    REQUIRE(typed_fault(field, "6599991950010100101") == "fault.id-too-long");
    REQUIRE(typed_fault(field, "6599991950010A001X") == "fault.id-character");
    const auto fault = forms::row_of(field.type).validate(field, secret("65999919500101"), today);
    REQUIRE(fault->values == std::vector<std::pair<std::string, std::string>>{{"missing", "4"}});
}

TEST_CASE("a citizen number with any one digit changed is noticed", "[unit][forms]") {
    const auto field = field_of(FieldType::id_number);
    for (std::size_t at = 0; at < 17; ++at)
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string number = elder_number;
            if (number[at] == digit) continue;
            number[at] = digit;
            REQUIRE(typed_fault(field, number) != "");
        }
}

TEST_CASE("telephone numbers: mobiles always, land lines where the form says so", "[unit][forms]") {
    auto field = field_of(FieldType::phone);
    REQUIRE(typed_fault(field, "138 0000 0000") == "");
    REQUIRE(typed_fault(field, "138-0000-0000") == "");
    REQUIRE(typed_fault(field, "1380000000") == "fault.phone-length");
    REQUIRE(typed_fault(field, "138000000000") == "fault.phone-too-long");
    REQUIRE(typed_fault(field, "12800000000") == "fault.phone-start");
    REQUIRE(typed_fault(field, "0991-0000000") == "fault.phone-start");
    REQUIRE(typed_fault(field, "1380000000a") == "fault.phone-character");
    field.allow_landline = true;
    REQUIRE(typed_fault(field, "0991-0000000") == "");
    REQUIRE(typed_fault(field, "4500000") == "");
    REQUIRE(typed_fault(field, "13800000000") == "");
    REQUIRE(typed_fault(field, "450000") == "fault.phone");
    REQUIRE(typed_fault(field, "0991000") == "fault.phone");
}

TEST_CASE("bank card numbers pass Luhn and have 16 to 19 digits", "[unit][forms]") {
    const auto field = field_of(FieldType::bank_card);
    REQUIRE(typed_fault(field, bank_number) == "");
    REQUIRE(typed_fault(field, "9999 9900 0000 0000 121") == "");
    REQUIRE(typed_fault(field, "9999990000000000122") == "fault.bank-check");
    REQUIRE(typed_fault(field, "999999000000000") == "fault.bank-length");
    REQUIRE(typed_fault(field, "99999900000000001210") == "fault.bank-check");
    REQUIRE(typed_fault(field, "999999000000000012A") == "fault.bank-character");
    // Any single wrong digit, and any swap of unequal neighbours except 0 and 9.
    const std::string number = bank_number;
    for (std::size_t at = 0; at < number.size(); ++at)
        for (char digit = '0'; digit <= '9'; ++digit) {
            auto wrong = number;
            wrong[at] = digit;
            REQUIRE((typed_fault(field, wrong) == "") == (wrong == number));
        }
}

TEST_CASE("dates exist in the calendar and keep their limits", "[unit][forms]") {
    auto field = field_of(FieldType::date);
    REQUIRE(fault_of(field, secret("1988-02-29")) == "");
    REQUIRE(fault_of(field, secret("1987-02-29")) == "fault.date");
    REQUIRE(fault_of(field, secret("1999-13-01")) == "fault.date");
    REQUIRE(fault_of(field, secret("yesterday")) == "fault.date");
    field.not_before = forms::DateLimit{std::nullopt, 0};
    field.not_after = forms::DateLimit{std::nullopt, 31};
    REQUIRE(fault_of(field, secret("2026-11-22")) == "");
    REQUIRE(fault_of(field, secret("2026-11-21")) == "fault.date-early");
    REQUIRE(fault_of(field, secret("2026-12-23")) == "");
    REQUIRE(fault_of(field, secret("2026-12-24")) == "fault.date-late");
    // Limits counted from today mean nothing while the clock is not synchronised (G17).
    REQUIRE(fault_of(field, secret("2026-11-21"), unsynchronised) == "");
    field.not_before = forms::DateLimit{base::Date(2000y / 1 / 1), 0};
    REQUIRE(fault_of(field, secret("1999-12-31"), unsynchronised) == "fault.date-early");
}

TEST_CASE("names of three scripts are taken, signs are not", "[unit][forms]") {
    auto field = field_of(FieldType::text);
    field.scripts.punctuation = false;
    for (const auto* name : {long_name, "ئابدۇراخمان مەمەتتۇرسۇن", "Mehmet-Ali O", "𠮷田", "阿·麦"})
        REQUIRE(typed_fault(field, name) == "");
    for (const auto* name : {"a@b", "<b>", "王;", "名\u202E字", "ab\tc\x01", "ياسین", "name\u200B"})
        REQUIRE(typed_fault(field, name) == "fault.text-letters");
    field.scripts = {};
    REQUIRE(typed_fault(field, "路灯坏了，3 天。") == "");
    REQUIRE(typed_fault(field, "چىراغ بۇزۇلدى، ئۈچ كۈن بولدى؟") == "");
    REQUIRE(typed_fault(field, "tab\u0007") == "fault.text-letters");
}

TEST_CASE("the length of a text counts characters, not bytes", "[unit][forms]") {
    auto field = field_of(FieldType::text);
    field.min = 2;
    field.max = 4;
    REQUIRE(typed_fault(field, "字") == "fault.text-short");
    REQUIRE(typed_fault(field, "字字") == "");
    REQUIRE(typed_fault(field, "字字字字") == "");
    REQUIRE(typed_fault(field, "字字字字字") == "fault.text-long");
    REQUIRE(typed_fault(field, std::string(5000, 'a')) == "fault.text-long");
    REQUIRE(typed_fault(field, "  字   字  ") == ""); // "字 字": three
    REQUIRE(forms::normalised(field, "  a \u3000 b ").view() == "a b");
}

TEST_CASE("choices take the codes of the form and no others", "[unit][forms]") {
    auto field = field_of(FieldType::choice);
    field.options = {{"a", {}, {}, ""}, {"b", {}, {}, ""}, {"c", {}, {}, ""}};
    REQUIRE(fault_of(field, code("a")) == "");
    REQUIRE(fault_of(field, code("x")) == "fault.choice");
    REQUIRE(fault_of(field, forms::Codes{"a", "b"}) == "fault.choice");
    REQUIRE(fault_of(field, secret("a")) == "fault.choice");
    field.type = FieldType::multi_choice;
    field.min = 1;
    field.max = 2;
    REQUIRE(fault_of(field, forms::Codes{"a", "b"}) == "");
    REQUIRE(fault_of(field, forms::Codes{"a", "a"}) == "fault.choice");
    REQUIRE(fault_of(field, forms::Codes{}) == "fault.choose-more");
    REQUIRE(fault_of(field, forms::Codes{"a", "b", "c"}) == "fault.choose-fewer");
}

TEST_CASE("pages, numbers and signatures keep their limits", "[unit][forms]") {
    auto field = field_of(FieldType::scan);
    field.min = 1;
    field.max = 2;
    REQUIRE(fault_of(field, forms::Attachments{}) == "fault.pages-few");
    REQUIRE(fault_of(field, forms::Attachments{{1, 2}}) == "");
    REQUIRE(fault_of(field, forms::Attachments{{1, 2, 3}}) == "fault.pages-many");
    field.type = FieldType::number;
    REQUIRE(fault_of(field, std::int64_t{0}) == "fault.number-small");
    REQUIRE(fault_of(field, std::int64_t{2}) == "");
    REQUIRE(fault_of(field, std::int64_t{3}) == "fault.number-large");
    field.type = FieldType::signature;
    REQUIRE(fault_of(field, forms::Signature{7, 1}) == "fault.signature");
    REQUIRE(fault_of(field, forms::Signature{7, 2}) == "");
    REQUIRE(fault_of(field, forms::Signature{}) == "fault.signature");
    field.at_counter = true;
    REQUIRE(fault_of(field, forms::Signature{}) == "");
    field.type = FieldType::identity;
    field.methods = {"staff-witness", "counter-code"};
    REQUIRE(fault_of(field, forms::IdentityConfirmed{"counter-code", {}}) == "");
    REQUIRE(fault_of(field, forms::IdentityConfirmed{"face", {}}) == "fault.identity");
}

TEST_CASE("personal values are masked after entry", "[unit][forms][refusal][P9]") {
    REQUIRE(forms::mask_id_number("659999194003150048").view() == "659999 ******** 0048");
    REQUIRE(forms::mask_phone("13800006021").view() == "138 **** 6021");
    REQUIRE(forms::mask_phone("09910000000").view() == "**** 0000");
    REQUIRE(forms::mask_bank_card(bank_number).view() == "**** 0121");
    REQUIRE(forms::mask_name(long_name).view() == "阿**");
    REQUIRE(forms::mask_name("ئابدۇراخمان").view() == "ئ**");
    REQUIRE(forms::mask_name("").view() == "");
    REQUIRE(forms::mask_address("长春中路18号3栋").view() == "长春中路**号**栋");
    REQUIRE(forms::mask_address("路１２号").view() == "路**号");
}

TEST_CASE("what does not look as expected is masked whole", "[unit][forms][refusal][P9]") {
    for (const auto* odd : {"", "6", "65999919400315004", "6599991940031500481", "abc"})
        REQUIRE(forms::mask_id_number(odd).view() == "********");
    for (const auto* odd : {"", "123456", "13800a06021"})
        REQUIRE(forms::mask_phone(odd).view() == "****");
    REQUIRE(forms::mask_bank_card("12345678").view() == "****");
}

TEST_CASE("a review row never shows a whole S2 or S3 value", "[unit][forms][refusal][P9]") {
    const auto& form = *shipped().form("elderly-allowance");
    forms::Answers answers;
    prefill_from_card(form, elder_card(), forms::Holder::applicant, answers);
    answers = filled(form, answers,
                     {{"addressSame", code("no")},
                      {"forWhom", code("family")},
                      {"person.address.current", secret("测试小区 12 号 3 栋")}});
    int masked = 0;
    for (const auto& step : form.steps)
        for (const auto& field : step.fields) {
            const auto* answer = answers.find(field.id);
            const auto* text = answer ? std::get_if<base::SecretText>(&answer->value) : nullptr;
            const bool secret_type =
                field.sensitivity >= forms::Sensitivity::s2 || field.type == FieldType::phone;
            if (!text || !secret_type) continue;
            INFO(field.id);
            ++masked;
            for (const auto language : base::all_languages) {
                const auto shown = forms::shown(field, *answer, language);
                REQUIRE(shown.view() != text->view());
                REQUIRE(shown.view().find("**") != std::string_view::npos);
            }
        }
    REQUIRE(masked == 7);
}

TEST_CASE("switching the language changes words and keeps every answer", "[unit][forms]") {
    const auto& form = *shipped().form("problem-report");
    const auto answers = filled(form, {}, {{"report.kind", code("leak")}});
    const auto before = answers;
    const auto& kind = *form.find("report.kind");
    const auto show = [&](Language language) {
        return std::string(forms::shown(kind, *answers.find(kind.id), language).view());
    };
    REQUIRE(show(Language::zh) == "漏水");
    REQUIRE(show(Language::ug) == "سۇ ئېقىش");
    REQUIRE(show(Language::en) == "Water leak");
    REQUIRE(answers == before);
    REQUIRE(std::get<forms::Codes>(answers.find("report.kind")->value) == forms::Codes{"leak"});
}

TEST_CASE("amounts are shown in yuan", "[unit][forms]") {
    const auto field = field_of(FieldType::money);
    const auto show = [&](std::int64_t fen) {
        return std::string(forms::shown(field, {fen}, Language::zh).view());
    };
    REQUIRE(show(0) == "0.00");
    REQUIRE(show(5) == "0.05");
    REQUIRE(show(12345) == "123.45");
}

TEST_CASE("numbers are grouped as people read them", "[unit][forms]") {
    const auto grouped = [](FieldType type, const char* digits) {
        return std::string(forms::grouped(field_of(type), digits).view());
    };
    REQUIRE(grouped(FieldType::phone, "13800006021") == "138 0000 6021");
    REQUIRE(grouped(FieldType::phone, "1380") == "138 0");
    REQUIRE(grouped(FieldType::phone, "09910000000") == "09910000000");
    REQUIRE(grouped(FieldType::id_number, elder_number) == "659999 1940 0315 0046");
    REQUIRE(grouped(FieldType::bank_card, bank_number) == "9999 9900 0000 0000 121");
    REQUIRE(grouped(FieldType::phone, "") == "");
}

TEST_CASE("the screen can say how many digits are missing", "[unit][forms]") {
    auto phone = field_of(FieldType::phone);
    REQUIRE(forms::digits_missing(phone, "138 0000 00") == 2);
    REQUIRE(forms::digits_missing(phone, "13800000000") == 0);
    REQUIRE(forms::digits_missing(phone, "138000000000") == 0);
    REQUIRE(forms::digits_missing(field_of(FieldType::id_number), "6599") == 14);
    REQUIRE(forms::digits_missing(field_of(FieldType::bank_card), "") == 16);
}
