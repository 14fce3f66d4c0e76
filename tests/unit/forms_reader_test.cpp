#include "kiosk/forms/form.hpp"
#include "kiosk/forms/terms.hpp"
#include "tests/unit/forms_support.hpp"

#include <catch2/catch.hpp>

using namespace forms_test;
using Catch::Contains;

namespace {

json without(const std::string& pointer, const std::string& key) {
    auto form = small_form();
    form[json::json_pointer(pointer)].erase(key);
    return form;
}

json option(const char* code, json label) {
    return {{"code", code}, {"label", std::move(label)}};
}

// The second field, replaced.
json with_field(json field) {
    return with("/steps/1/fields/0", std::move(field));
}

json scan_field() {
    return {
        {"id", "papers"},
        {"type", "scan"},
        {"sensitivity", "S1"},
        {"label", words("材料", "ماتېرىيال", "Papers")},
        {"minPages", 1},
        {"maxPages", 2},
        {"paper", "a4"},
        {"pageLabels", {words("第一页", "1-بەت", "Page 1"), words("第二页", "2-بەت", "Page 2")}}};
}

json changed(json field, const std::string& key, json value) {
    field[key] = std::move(value);
    return field;
}

json phone_field() {
    return {{"id", "person.phone"},
            {"term", "person.phone"},
            {"type", "phone"},
            {"sensitivity", "S1"},
            {"label", words("手机", "يانفون", "Phone")}};
}

json nested_not(int levels) {
    json condition = {{"present", "$kind"}};
    for (int i = 1; i < levels; ++i) condition = {{"not", condition}};
    return condition;
}

} // namespace

TEST_CASE("a small form is read with everything it says", "[unit][forms]") {
    const auto form = read(small_form());
    REQUIRE(form.has_value());
    REQUIRE(form->steps.size() == 2);
    const auto* text = form->find("text");
    REQUIRE(text);
    REQUIRE(text->min == 2);
    REQUIRE(text->max == 5);
    REQUIRE(text->show_if.has_value());
    REQUIRE(form->find("kind")->label.in(base::Language::en) == "Kind");
    REQUIRE(form->find("nothing") == nullptr);
}

TEST_CASE("a form may ask for a month without a day, and for numbers in steps", "[unit][forms]") {
    const json month{{"id", "from"},
                     {"type", "date"},
                     {"sensitivity", "S0"},
                     {"label", words("月份", "ئاي", "Month")},
                     {"precision", "month"}};
    const auto form = read(with_field(month));
    REQUIRE(form.has_value());
    CHECK(form->find("from")->month_only);
    CHECK_FALSE(read(with_field(changed(month, "precision", "week"))).has_value());

    const json pay{{"id", "pay"},
                   {"type", "money"},
                   {"sensitivity", "S1"},
                   {"label", words("工资", "ئىش ھەققى", "Pay")},
                   {"min", 0},
                   {"max", 10'000'000},
                   {"step", 10'000}};
    const auto stepped = read(with_field(pay));
    REQUIRE(stepped.has_value());
    CHECK(stepped->find("pay")->step == 10'000);
    CHECK_FALSE(read(with_field(changed(pay, "step", 0))).has_value());
    // No amount would do.
    CHECK_FALSE(read(with_field(changed(changed(pay, "min", 1), "max", 9'999))).has_value());
}

TEST_CASE("a form says what a page must be like, and how many it may have", "[unit][forms]") {
    const json page{
        {"id", "doc"},
        {"type", "scan"},
        {"sensitivity", "S1"},
        {"label", words("证明", "ئىسپات", "Proof")},
        {"minPages", 1},
        {"maxPages", 2},
        {"paper", "id-1"},
        {"pageLabels", {words("正面", "ئالدى", "Front"), words("背面", "ئارقا", "Back")}}};
    const auto plain = read(with_field(page));
    INFO((plain ? "" : plain.error().text()));
    REQUIRE(plain.has_value());
    CHECK(plain->find("doc")->dpi == 0); // what there is
    CHECK_FALSE(plain->find("doc")->use_anyway);
    CHECK(plain->find("doc")->paper == "id-1");
    CHECK(plain->find("doc")->page_labels.size() == 2);
    for (const int dpi : {200, 300}) {
        const auto fine =
            read(with_field(changed(page, "quality", {{"dpi", dpi}, {"useAnyway", true}})));
        REQUIRE(fine.has_value());
        CHECK(fine->find("doc")->dpi == dpi);
        CHECK(fine->find("doc")->use_anyway);
    }
    const auto refused = [&](const json& quality) {
        return !read(with_field(changed(page, "quality", quality))).has_value();
    };
    CHECK(refused({{"dpi", 150}}));
    CHECK(refused({{"dpi", 301}}));
    CHECK(refused({{"dpi", "200"}}));
    CHECK(refused({{"useAnyway", "yes"}}));
    CHECK(refused({{"sharpness", 3}}));
    CHECK(refused("good"));
    CHECK_FALSE(read(with_field(changed(page, "paper", "a3"))).has_value());
    CHECK_FALSE(
        read(with_field(changed(page, "maxPages", 3))).has_value()); // a page without a name
    CHECK_FALSE(read(with_field(changed(page, "minPages", 3))).has_value());
}

TEST_CASE("a form that breaks a rule is refused with the place", "[unit][forms]") {
    struct Row {
        const char* what;
        json form;
        const char* place;
        const char* reason;
    };
    const auto second = "/steps/1/fields/0";
    const auto text_if = [](json condition) {
        return with("/steps/1/fields/0/showIf", std::move(condition));
    };
    const std::vector<Row> rows{
        {"unknown key of a form", with("/colour", "red"), "/colour", "not known"},
        {"unknown key of a step", with("/steps/0/colour", 1), "/steps/0/colour", "not known"},
        {"unknown key of a field", with("/steps/0/fields/0/html", "x"), "/steps/0/fields/0/html",
         "not known"},
        {"a key of another type", with("/steps/0/fields/0/maxPages", 2),
         "/steps/0/fields/0/maxPages", "not known"},
        {"unknown key of an option", with("/steps/0/fields/0/options/0/text", "x"),
         "/steps/0/fields/0/options/0/text", "not known"},
        {"no id", without("", "id"), "/id", "missing"},
        {"no fields", with("/steps/0/fields", json::array()), "/steps/0/fields", "1 to"},
        {"an id with a space", with("/id", "a b"), "/id", "letters"},
        {"a version of zero", with("/version", 0), "/version", "not between"},
        {"a version in words", with("/version", "one"), "/version", "whole number"},
        {"a version too great to be read", with("/version", UINT64_MAX), "/version", "whole"},
        {"no such type", with("/steps/0/fields/0/type", "script"), "/steps/0/fields/0/type",
         "take one of: text, id-number"},
        {"no such level", with("/identity", "L3"), "/identity", "not known"},
        {"no such sensitivity", with("/steps/0/fields/0/sensitivity", "S9"),
         "/steps/0/fields/0/sensitivity", "not known"},
        {"V1: a field id twice", with("/steps/1/fields/0/id", "kind"), "/steps/1/fields/0/id",
         "twice"},
        {"V1: a step id twice", with("/steps/1/id", "first"), "/steps/1/id", "twice"},
        {"V1: a code twice", with("/steps/0/fields/0/options/1/code", "lamp"),
         "/steps/0/fields/0/options", "twice"},
        {"V2: a field that does not exist", text_if({{"present", "$nobody"}}),
         "/steps/1/fields/0/showIf/present", "no earlier field"},
        {"V2: a field that stands later", with("/steps/0/showIf", {{"present", "$text"}}),
         "/steps/0/showIf/present", "no earlier field"},
        {"V2: a field shown by itself", text_if({{"present", "$text"}}),
         "/steps/1/fields/0/showIf/present", "no earlier field"},
        {"V5: a code that does not exist", text_if({{"eq", {"$kind", "house"}}}),
         "/steps/1/fields/0/showIf/eq/1", "no option"},
        {"V6: no Uyghur", without("/title", "ug"), "/title/ug", "missing"},
        {"V6: a fourth language", with("/title/fr", "petit"), "/title/fr", "not known"},
        {"V6: an empty text", with("/title/en", ""), "/title/en", "empty"},
        {"V6: the same text twice", with("/title/en", "小表"), "/title/en", "Chinese"},
        {"V6: English where Uyghur belongs", with("/title/ug", "Small"), "/title", "same text"},
        {"V6: other placeholders", with("/title/en", "Small {n}"), "/title", "placeholders"},
        {"V6: a text too long", with("/title/zh", std::string(300, 'x')), "/title/zh", "longer"},
        {"Uyghur with a Persian letter", with("/title/ug", "کىچىك"), "/title/ug", "standard"},
        {"Uyghur with heh", with("/title/ug", "ه"), "/title/ug", "standard"},
        {"Uyghur with teh marbuta", with("/title/ug", "ة"), "/title/ug", "standard"},
        {"Uyghur with Farsi yeh", with("/title/ug", "ی"), "/title/ug", "standard"},
        {"Uyghur in presentation forms", with("/title/ug", "ﻛ"), "/title/ug", "standard"},
        {"a hidden direction mark", with("/title/zh", "小\u202E表"), "/title/zh", "invisible"},
        {"conditions six deep", text_if(nested_not(6)), "/steps/1/fields/0/showIf", "5 levels"},
        {"an unknown operator", text_if({{"script", "1"}}), "/steps/1/fields/0/showIf", "operator"},
        {"two operators at once", text_if({{"present", "$kind"}, {"not", {{"present", "$kind"}}}}),
         "/steps/1/fields/0/showIf", "one operator"},
        {"a reference without $", text_if({{"present", "kind"}}), "/steps/1/fields/0/showIf",
         "$id"},
        {"an age of a choice", text_if({{"age", {"$kind", ">=", 80, "on", "today"}}}),
         "/steps/1/fields/0/showIf/age", "no date"},
        {"a count of a choice", text_if({{"count", {"$kind", ">=", 1}}}),
         "/steps/1/fields/0/showIf/count", "count"},
        {"an endless list of conditions", text_if({{"all", json::array()}}),
         "/steps/1/fields/0/showIf/all", "1 to 20"},
        {"options from a list nobody has",
         changed(small_form(), "steps",
                 json::array({{{"id", "first"},
                               {"title", words("一", "بىر", "One")},
                               {"fields",
                                {{{"id", "where"},
                                  {"type", "place"},
                                  {"sensitivity", "S0"},
                                  {"label", words("哪里", "قەيەر", "Where")},
                                  {"optionsFrom", "moon"}}}}}})),
         "/steps/0/fields/0/optionsFrom", "no list"},
        {"a single option",
         with("/steps/0/fields/0/options", {option("a", words("甲", "ئا", "A"))}),
         "/steps/0/fields/0/options", "2 to"},
        {"a default that is no option", with("/steps/0/fields/0/default", "x"),
         "/steps/0/fields/0/default", "no option"},
        {"least above most", with("/steps/1/fields/0/min", 9), "/steps/1/fields/0/min", "above"},
        {"V10: a page without a name", with_field(changed(scan_field(), "maxPages", 3)),
         "/steps/1/fields/0/pageLabels", "one for each page"},
        {"no such paper", with_field(changed(scan_field(), "paper", "silk")),
         "/steps/1/fields/0/paper", "not known"},
        {"S2 without a why", with_field(changed(scan_field(), "sensitivity", "S2")),
         "/steps/1/fields/0/why", "why"},
        {"V9: a person's field without a term", with_field([] {
             auto field = phone_field();
             field.erase("term");
             return field;
         }()),
         "/steps/1/fields/0/term", "needs a \"term\""},
        {"V9: a term nobody defined", with_field(changed(phone_field(), "term", "person.height")),
         "/steps/1/fields/0/term", "no term person.height"},
        {"a term of another type", with_field(changed(phone_field(), "term", "person.name")),
         "/steps/1/fields/0/type", "needs the type text"},
        {"a term treated as less sensitive",
         with_field(changed(phone_field(), "sensitivity", "S0")), "/steps/1/fields/0/sensitivity",
         "person.phone is S1 at least"},
        {"a source called typed", with_field(changed(phone_field(), "prefill", {"typed"})),
         "/steps/1/fields/0/prefill", "no source"},
        {"a card in an L0 form",
         with_field({{"id", "agent.card"},
                     {"type", "card"},
                     {"sensitivity", "S1"},
                     {"label", words("卡", "كارتا", "Card")},
                     {"who", "agent"}}),
         "/identity", "no card"},
        {"V8: L2 without an identity field", with("/identity", "L2"), "/steps", "show no face"},
        {"an unmasked value on the receipt", with("/receipt/show", {"idNumber"}), "/receipt/show",
         "not known"},
        {"a question behind the review", with("/steps/0/afterReview", true), "/steps/1",
         "behind the review"},
        {"a rule with free text",
         with(std::string(second) + "/rules",
              {{{"check", {{"present", "$kind"}}}, {"fault", "You are wrong"}}}),
         "/steps/1/fields/0/rules/0/fault", "message key"},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        const auto form = read(row.form);
        REQUIRE_FALSE(form.has_value());
        INFO(form.error().text());
        REQUIRE(form.error().code == base::Errc::invalid_input);
        REQUIRE_THAT(form.error().context, Catch::StartsWith(row.place));
        REQUIRE_THAT(form.error().context, Contains(row.reason));
    }
}

TEST_CASE("a form of a later vocabulary is told from a broken one", "[unit][forms]") {
    REQUIRE(read(with("/kform", 2)).error().code == base::Errc::unsupported);
}

TEST_CASE("conditions five deep are read", "[unit][forms]") {
    REQUIRE(read(with("/steps/1/fields/0/showIf", nested_not(5))).has_value());
}

TEST_CASE("an L2 form must offer a way without a face", "[unit][forms]") {
    json identity = {{"id", "identity.proof"},
                     {"type", "identity"},
                     {"sensitivity", "S3"},
                     {"label", words("本人", "ئۆزى", "You")},
                     {"why", words("确认本人", "دەلىللەش", "To know it is you")},
                     {"methods", {"face"}}};
    auto form = with("/identity", "L2", with_field(identity));
    REQUIRE_FALSE(read(form).has_value());
    form["steps"][1]["fields"][0]["methods"] = {"face", "counter-code"};
    REQUIRE(read(form).has_value());
}

TEST_CASE("no form may ask for what nobody may ask", "[unit][forms][refusal][D4.8][G1]") {
    const std::vector<json> texts{
        words("您的民族", "سىز", "You"),          words("民 族", "سىز", "You"),
        words("民\u3000族", "سىز", "You"),        words("宗教信仰", "سىز", "You"),
        words("政治面貌", "سىز", "You"),          words("请按指纹", "سىز", "You"),
        words("家庭成员名单", "سىز", "You"),      words("境外联系人", "سىز", "You"),
        words("您", "مىللىتىڭىز", "You"),         words("您", "دىن", "You"),
        words("您", "دىنىي ئېتىقادىڭىز", "You"),  words("您", "بارماق ئىزى", "You"),
        words("您", "سىياسىي سالاھىيەت", "You"),  words("您", "ئائىلە ئەزالىرى", "You"),
        words("您", "سىز", "Your ethnic group"),  words("您", "سىز", "ETHNICITY"),
        words("您", "سىز", "Your religion"),      words("您", "سىز", "Do you pray?"),
        words("您", "سىز", "Fingerprint"),        words("您", "سىز", "Household members"),
        words("您", "سىز", "Contacts abroad"),    words("您", "سىز", "Political status"),
        words("您", "سىز", "Ｅｔｈｎｉｃ group"),
    };
    for (const auto& text : texts) {
        INFO(text.dump());
        // Wherever it stands: titles, labels, hints, options, pages, the step's why.
        for (const auto* place :
             {"/title", "/steps/0/title", "/steps/0/why", "/steps/0/fields/0/label",
              "/steps/0/fields/0/hint", "/steps/0/fields/0/why", "/steps/0/fields/0/say",
              "/steps/0/fields/0/options/1/label"}) {
            INFO(place);
            const auto form = read(with(place, text));
            REQUIRE_FALSE(form.has_value());
            REQUIRE_THAT(form.error().context, Contains("no form may ask"));
        }
        REQUIRE_FALSE(read(with_field(changed(scan_field(), "pageLabels", {text, text}))));
    }
}

TEST_CASE("forbidden things cannot hide in ids", "[unit][forms][refusal][D4.8][G1]") {
    for (const auto* id : {"ethnicity", "personEthnicity", "person.ethnicity", "my-religion",
                           "fingerprint", "politicalStatus"}) {
        INFO(id);
        REQUIRE_FALSE(read(with("/steps/1/fields/0/id", id)).has_value());
        REQUIRE_FALSE(read(with("/steps/0/fields/0/options/1/code", id)).has_value());
    }
}

TEST_CASE("a choice between ethnic groups is refused", "[unit][forms][refusal][D4.8][G1]") {
    const auto choice = [](json a, json b) {
        return read(with("/steps/0/fields/0/options",
                         {option("lamp", std::move(a)), option("other", std::move(b))}));
    };
    const auto refused = [](const base::Result<forms::Form>& form) {
        return !form && form.error().context.find("name ethnic groups") != std::string::npos;
    };
    REQUIRE(refused(choice(words("汉族", "بىر", "One"), words("维吾尔族", "ئىككى", "Two"))));
    REQUIRE(refused(choice(words("一", "ئۇيغۇر", "One"), words("二", "قازاق", "Two"))));
    REQUIRE(refused(choice(words("一", "بىر", "Han"), words("二", "ئىككى", "Kazakh"))));
    REQUIRE(refused(choice(words("一", "بىر", "Hui or Xibe"), words("二", "ئىككى", "Two"))));
    // One name alone is a street or a shop.
    REQUIRE(choice(words("回族中学门口", "بىر", "One"), words("二", "ئىككى", "Two")).has_value());
}

TEST_CASE("words that only look forbidden pass", "[unit][forms]") {
    REQUIRE_FALSE(forms::forbidden_word("ئۇنىڭدىن بۇرۇن")); // "-دىن" is an ending
    REQUIRE_FALSE(forms::forbidden_word("spray paint"));
    REQUIRE_FALSE(forms::forbidden_word("I am interested"));
    REQUIRE_FALSE(forms::forbidden_word("家人"));
    REQUIRE_FALSE(forms::forbidden_word("境外居住证明"));
}

TEST_CASE("no term of the dictionary is forbidden, and none carries more than the product keeps",
          "[unit][forms][refusal][D4.3]") {
    for (const auto& term : forms::terms()) {
        INFO(term.id);
        REQUIRE_FALSE(forms::forbidden_word(term.id));
        REQUIRE(forms::find_term(term.id) == &term);
    }
    for (const auto* id : {"person.ethnicity", "person.nation", "person.fingerprint",
                           "person.photo", "person.cardNumber", "person.religion"})
        REQUIRE(forms::find_term(id) == nullptr);
}

TEST_CASE("a form cut anywhere is refused", "[unit][forms]") {
    const auto whole = small_form().dump();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto form =
            forms::read_form(base::as_bytes(std::string_view(whole).substr(0, length)));
        REQUIRE_FALSE(form.has_value());
        REQUIRE(form.error().code == base::Errc::corrupt);
    }
}

TEST_CASE("hostile JSON is refused before it is understood", "[unit][forms]") {
    const auto read_text = [](const std::string& text) {
        return forms::read_form(base::as_bytes(text));
    };
    const auto good = small_form().dump();
    SECTION("nested a million deep") {
        for (const char bracket : {'[', '{'}) {
            const auto form = read_text(std::string(forms::max_form_bytes, bracket));
            REQUIRE(form.error() == base::Error{base::Errc::corrupt, "JSON nested too deeply"});
        }
    }
    SECTION("nesting inside a text is only text") {
        const auto form = read(with("/owner", std::string(50, '[')));
        REQUIRE(form.has_value());
    }
    SECTION("over the limit") {
        const auto form = read_text(good + std::string(forms::max_form_bytes, ' '));
        REQUIRE(form.error().code == base::Errc::too_large);
    }
    SECTION("a key twice") {
        auto twice = good;
        twice.insert(1, "\"owner\":\"tests\",");
        REQUIRE_THAT(read_text(twice).error().context, Contains("twice: owner"));
        auto deep = good;
        deep.insert(deep.find("\"code\""), "\"code\":\"lamp\",");
        REQUIRE_THAT(read_text(deep).error().context, Contains("twice: code"));
    }
    SECTION("broken UTF-8") {
        for (const auto* bytes : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
            auto broken = good;
            broken.replace(broken.find("Kind"), 4, bytes);
            REQUIRE(read_text(broken).error().code == base::Errc::corrupt);
        }
    }
    SECTION("something behind the end") {
        REQUIRE_FALSE(read_text(good + "{}"));
        REQUIRE_FALSE(read_text(good + std::string("\0", 1)));
    }
    SECTION("other things than an object") {
        for (const auto* text : {"[]", "null", "1", "\"form\"", "NaN", "", "\xef\xbb\xbf"})
            REQUIRE_FALSE(read_text(text).has_value());
    }
    SECTION("too many fields") {
        auto form = small_form();
        for (int i = 0; i < 30; ++i)
            for (auto* step : {&form["steps"][0], &form["steps"][1]}) {
                auto field = form["steps"][1]["fields"][0];
                field["id"] = "f" + std::to_string(i) + (*step)["id"].get<std::string>();
                field.erase("showIf");
                (*step)["fields"].push_back(field);
            }
        REQUIRE(read(form).has_value()); // 62
        auto more = form["steps"][1]["fields"];
        for (auto& field : more) field["id"] = "more-" + field["id"].get<std::string>();
        form["steps"].push_back(
            {{"id", "third"}, {"title", words("三", "ئۈچ", "Three")}, {"fields", more}});
        REQUIRE_THAT(read(form).error().context, Contains("too many fields"));
    }
}
