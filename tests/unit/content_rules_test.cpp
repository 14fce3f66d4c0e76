// Goal: whoever signs it, no set whose forms break a rule of spec matters §7.2 is ever used.
// Method: more than two hundred hostile forms, each broken in one way, packed in a set that all
// keys of the district sign; installing, activating and starting refuse each, and name the rule.
#include "kiosk/content/manifest.hpp"
#include "kiosk/forms/rules.hpp"
#include "tests/support/content_maker.hpp"
#include "tests/unit/forms_support.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace {

namespace fs = std::filesystem;
using content::Store;
using support::ContentMaker;
using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr base::Date today = 2026y / 11 / 30;
constexpr auto report = "form-problem-report.json";       // L0
constexpr auto pension = "form-pension-eligibility.json"; // L2
constexpr auto allowance = "form-elderly-allowance.json"; // L1

struct Hostile {
    std::string what;
    std::string rule;
    std::string file;
    std::function<void(Json&)> change;
};

Json words(const std::string& zh, const std::string& ug, const std::string& en) {
    return {{"zh", zh}, {"ug", ug}, {"en", en}};
}
Json plain() {
    return words("说明", "چۈشەندۈرۈش", "A word");
}
Json in_chinese(const std::string& text) {
    return words(text, "چۈشەندۈرۈش", "A word");
}
Json in_uyghur(const std::string& text) {
    return words("说明", text, "A word");
}
Json in_english(const std::string& text) {
    return words("说明", "چۈشەندۈرۈش", text);
}

Json field(const std::string& id, const std::string& type, Json more = Json::object()) {
    Json field{{"id", id}, {"type", type}, {"sensitivity", "S0"}, {"label", plain()}};
    for (const auto& [key, value] : more.items()) field[key] = value;
    return field;
}
Json option(const std::string& code, Json label) {
    return {{"code", code}, {"label", std::move(label)}};
}
Json choice(const std::string& id, Json more = Json::object()) {
    more["options"] = {option("one", words("一", "بىر", "One")),
                       option("two", words("二", "ئىككى", "Two"))};
    return field(id, "choice", more);
}
Json scan(const std::string& id, Json more = Json::object()) {
    auto made = field(id, "scan",
                      {{"minPages", 1},
                       {"maxPages", 1},
                       {"paper", "a4"},
                       {"pageLabels", {words("第一页", "1-بەت", "Page 1")}}});
    for (const auto& [key, value] : more.items()) made[key] = value;
    return made;
}
Json required(Json field) {
    field["required"] = true;
    return field;
}
Json shown(Json field, Json condition) {
    field["showIf"] = std::move(condition);
    return field;
}
Json ruled(Json field, Json check) {
    field["rules"] = {{{"check", std::move(check)}, {"fault", "fault.same-person"}}};
    return field;
}

Json& at(Json& form, const char* pointer) {
    return form[Json::json_pointer(pointer)];
}
std::function<void(Json&)> set(const char* pointer, Json value) {
    return [pointer, value](Json& form) { at(form, pointer) = value; };
}
std::function<void(Json&)> gone(const char* pointer, const char* key) {
    return [pointer, key](Json& form) { at(form, pointer).erase(key); };
}
// One step more, in front of the declaration.
std::function<void(Json&)> asks(std::vector<Json> fields) {
    return [fields](Json& form) {
        Json step{{"id", "more"}, {"title", plain()}, {"fields", fields}};
        auto& steps = form["steps"];
        steps.insert(steps.end() - 1, step);
    };
}

using All = std::vector<Hostile>;

// V9: each word, the places in turn.
void add_forbidden_words(All& all) {
    const std::vector<std::string> chinese{
        "民族",     "族别",     "族群",     "少数族裔", "宗教",     "信仰",     "信教",
        "清真寺",   "礼拜",     "封斋",     "斋月",     "朝觐",     "面纱",     "蓄须",
        "政治面貌", "政治身份", "党员",     "指纹",     "虹膜",     "声纹",     "血样",
        "家庭成员", "亲属名单", "境外联系", "境外关系", "境外亲属", "海外关系", "国外亲戚",
        "出国记录", "通话记录", "手机内容", "语言能力", "母语"};
    const std::vector<std::string> uyghur{
        "مىللىتىڭىز", "مىللەت",      "مىللىي",          "ئېتنىك",       "دىن",
        "دىنىي",      "ئېتىقاد",     "مەسچىت",          "ناماز",        "روزا",
        "رامزان",     "ھەج",         "چۈمبەل",          "ساقال",        "سىياسىي",
        "پارتىيە",    "بارماق ئىزى", "ئائىلە ئەزالىرى", "ئانا تىلىڭىز", "مەسجىد"};
    const std::vector<std::string> english{"ethnicity",
                                           "race",
                                           "tribe",
                                           "minority",
                                           "religion",
                                           "beliefs",
                                           "faith",
                                           "mosque",
                                           "prayers",
                                           "fasting",
                                           "Ramadan",
                                           "pilgrimage",
                                           "veil",
                                           "beard",
                                           "political status",
                                           "party member",
                                           "fingerprint",
                                           "iris",
                                           "voiceprint",
                                           "household members",
                                           "family members",
                                           "contacts abroad",
                                           "relatives abroad",
                                           "foreign contacts",
                                           "mother tongue",
                                           "native language"};
    const std::vector<const char*> places{
        "/title",
        "/legalBasis",
        "/steps/0/title",
        "/steps/0/why",
        "/steps/0/fields/0/label",
        "/steps/0/fields/0/question",
        "/steps/0/fields/0/hint",
        "/steps/0/fields/0/why",
        "/steps/0/fields/0/say",
        "/steps/0/fields/0/options/2/label",
        "/steps/0/fields/0/options/2/hint",
    };
    std::size_t place = 0;
    const auto add = [&](const std::string& word, const Json& text) {
        all.push_back({word, "V9", report, set(places[place++ % places.size()], text)});
    };
    for (const auto& word : chinese) add(word, in_chinese("您的" + word + "？"));
    for (const auto& word : uyghur) add(word, in_uyghur("سىزنىڭ " + word));
    for (const auto& word : english) add(word, in_english("Your " + word));
}

void add_hidden_words(All& all) {
    const auto label = "/steps/0/fields/0/label";
    for (const auto* text : {"民 族", "民　族", "民·族", "民-族", "民、族", "民（）族", "“民”族",
                             "宗…教", "指_纹", "minzu", "ＭＩＮＺＵ"})
        all.push_back({text, "V9", report, set(label, in_chinese(text))});
    for (const auto* text : {"Ｅｔｈｎｉｃ", "ETHNIC", "e t h n i c", "e.t.h.n.i.c", "e-t-h-n-i-c",
                             "rel1gion", "r3ligion", "m0sque", "finger print", "finger-print",
                             "reli\u00E9gion? religi\u00F6n", "fing er pri nt", "political\nstatus",
                             "e/t/h/n/i/c group", "household  members", "HouseHold-Members"})
        all.push_back({text, "V9", report, set(label, in_english(text))});
    for (const auto* text : {"دىن", "«دىن»", "د ى ن", "مىللەت؟", "بارماق-ئىزى"})
        all.push_back({text, "V9", report, set(label, in_uyghur(text))});
    // Letters that only look like ours, marks, invisible signs.
    for (const auto* text : {"民\u200B族", "民\u00AD族", "民\uFE0F族", "⺠族", "⽒族", "民\u0301族",
                             "\uF9A0族", "民\u2063族", "民\U000E0061族"})
        all.push_back({"look-alike", "V6", report, set(label, in_chinese(text))});
    for (const auto* text :
         {"\u0435thnic", "r\u0435ligion", "\U0001D41Ethnic", "\u24D4thnic", "ethni\u03F2",
          "e\u0301thnic", "\u0131ris", "eth\u200Dnic", "\u202Ecinhte", "\u1D07thnic"})
        all.push_back({"look-alike", "V6", report, set(label, in_english(text))});
    for (const auto* text : {"مى\u0644\u06CCەت", "د\u06CCن", "مىللـەت", "\uFEA9ىن", "دى\u200Cن"})
        all.push_back({"look-alike", "V6", report, set(label, in_uyghur(text))});
}

void add_hiding_places(All& all) {
    for (const auto* id : {"ethnicity", "personEthnicity", "my-religion", "fingerprint",
                           "politicalStatus", "home.mosque", "f1ngerprint"}) {
        all.push_back({std::string("id ") + id, "V9", report, set("/steps/0/fields/0/id", id)});
        all.push_back(
            {std::string("code ") + id, "V9", report, set("/steps/0/fields/0/options/1/code", id)});
        all.push_back({std::string("step ") + id, "V9", report, set("/steps/0/id", id)});
    }
    const auto bad = in_chinese("您的民族");
    all.push_back(
        {"page label", "V9", allowance, asks({scan("doc.more", {{"pageLabels", {bad}}})})});
    all.push_back({"info", "V9", report, asks({field("info.more", "info", {{"hint", bad}})})});
    all.push_back(
        {"behind two conditions", "V9", report,
         asks({shown(choice("a"), {{"eq", {"$report.kind", "lamp"}}}),
               shown(field("b", "text", {{"question", bad}}), {{"eq", {"$a", "one"}}})})});
    all.push_back({"list", "V9", "lists.json", set("/estates/0/label", bad)});
    all.push_back({"list hint", "V9", "lists.json", set("/streets/0/hint", bad)});
    all.push_back(
        {"consent", "V9", "consents.json", set("/consents/declare.true/statements/0", bad)});
    all.push_back(
        {"consent button", "V9", "consents.json", set("/consents/declare.true/agree", bad)});
    all.push_back({"notice", "V9", "notices.json", set("/notices/0/text", bad)});
    all.push_back({"what to bring", "V9", "matters.json", set("/matters/0/bring/0/name", bad)});
    all.push_back({"title of a matter", "V9", "matters.json", set("/matters/0/line", bad)});
    all.push_back({"words of a screen", "V9", "screens.json", set("/texts/common.go", bad)});
    const auto groups = [](const Json& a, const Json& b) {
        return set("/steps/0/fields/0/options", {option("a", a), option("b", b)});
    };
    all.push_back({"groups", "V9", report, groups(in_chinese("汉族"), in_chinese("维吾尔"))});
    all.push_back({"groups", "V9", report, groups(in_uyghur("ئۇيغۇر"), in_uyghur("قازاق"))});
    all.push_back({"groups", "V9", report, groups(in_english("Han"), in_english("Hui"))});
    all.push_back({"groups in one text", "V9", report,
                   groups(in_english("Kazakh or Kyrgyz"), in_english("Neither"))});
    all.push_back({"groups in a list", "V9", "lists.json", [](Json& lists) {
                       at(lists, "/estates/0/label") = in_chinese("汉族");
                       at(lists, "/estates/1/label") = in_chinese("回族");
                   }});
}

// G1: what describes a person has a term.
void add_missing_terms(All& all) {
    const auto asked = [&](const std::string& type, const Json& label, Json more = Json::object()) {
        more["label"] = label;
        all.push_back({type + " " + label.dump(), "V9", allowance,
                       asks({type == "choice" ? [&] {
                           auto made = choice("more");
                           made["label"] = label;
                           return made;
                       }() : field("more", type, more)})});
    };
    for (const auto* label :
         {"姓名", "孩子的名字", "身份证号码", "护照号", "手机号", "联系电话", "微信号", "现住地址",
          "银行卡号", "车牌号", "您的年龄", "出生日期", "邻居情况"})
        asked("text", in_chinese(label));
    for (const auto* label :
         {"Full name", "The child's name", "ID number", "Passport", "Telephone", "Home address",
          "Bank card number", "How old are you", "Your neighbours", "Who lives with you"})
        asked("text", in_english(label));
    for (const auto* label :
         {"ئىسمىڭىز", "كىملىك نومۇرى", "يانفون نومۇرى", "تۇرالغۇ ئادرېسى", "قوشنىلىرىڭىز"})
        asked("text", in_uyghur(label));
    asked("date", in_chinese("出生日期"));
    asked("date", in_english("Date of birth"));
    asked("number", in_english("Age"));
    asked("number", in_chinese("手机号码"));
    asked("choice", in_chinese("性别"));
    asked("choice", in_english("Gender"));
    asked("choice", in_uyghur("جىنسىڭىز"));
    for (const auto* type : {"phone", "id-number", "bank-card"}) asked(type, plain());
    all.push_back({"in the question", "V9", allowance,
                   asks({field("more", "text", {{"question", in_chinese("叫什么名字？")}})})});
    for (const auto* id :
         {"person.more", "agent.more", "contact.more", "bank.more", "child.name", "guardian1.name"})
        all.push_back({id, "V9", allowance, asks({field(id, "text")})});
    for (const auto* term : {"person.ethnicity", "person.photo", "child.name", "person.cardNumber",
                             "neighbour.name", "person.Name"})
        all.push_back({term, "V9", allowance, asks({field("more", "text", {{"term", term}})})});
    all.push_back({"term gone", "V9", report, gone("/steps/3/fields/1", "term")});
    all.push_back(
        {"term of another type", "V9", allowance,
         asks({field("more", "text", {{"term", "person.phone"}, {"sensitivity", "S1"}})})});
    all.push_back(
        {"less sensitive than its term", "V9", report, set("/steps/3/fields/1/sensitivity", "S0")});
    for (const auto* level : {"S2", "S3"})
        all.push_back(
            {"no why", "V9", allowance, asks({field("more", "text", {{"sensitivity", level}})})});
}

void add_conditions(All& all) {
    // V1
    all.push_back({"field twice", "V1", report, asks({choice("report.kind")})});
    all.push_back({"two new fields", "V1", report, asks({choice("a"), choice("a")})});
    all.push_back({"step twice", "V1", report, set("/steps/1/id", "kind")});
    all.push_back({"code twice", "V1", report, set("/steps/0/fields/0/options/1/code", "litter")});
    // V2
    const Json unheard{{"present", "$unheard"}};
    const Json later{{"eq", {"$later", "one"}}};
    all.push_back({"no such field", "V2", report, asks({shown(choice("a"), unheard)})});
    all.push_back(
        {"later field", "V2", report, asks({shown(choice("a"), later), choice("later")})});
    all.push_back({"itself", "V2", report, asks({shown(choice("later"), later)})});
    all.push_back(
        {"deep", "V2", report, asks({shown(choice("a"), {{"not", {{"all", {unheard}}}}})})});
    all.push_back({"required", "V2", report, asks({field("a", "text", {{"required", unheard}})})});
    all.push_back({"rule", "V2", report, asks({ruled(field("a", "date"), unheard)})});
    all.push_back({"repeats", "V2", allowance, set("/steps/6/fields/2/repeats", "bank.unheard")});
    // V3
    const Json one{{"eq", {"$a", "one"}}}, two{{"eq", {"$a", "two"}}};
    const auto condition = [&](const char* what, const Json& tested) {
        all.push_back({std::string("showIf ") + what, "V3", report,
                       asks({required(choice("a")), shown(choice("b"), tested)})});
        all.push_back({std::string("required ") + what, "V3", report,
                       asks({required(choice("a")), choice("b", {{"required", tested}})})});
        all.push_back({std::string("step ") + what, "V3", report, [tested](Json& form) {
                           asks({required(choice("a"))})(form);
                           auto& steps = form["steps"];
                           Json step{{"id", "most"},
                                     {"title", plain()},
                                     {"showIf", tested},
                                     {"fields", {choice("b")}}};
                           steps.insert(steps.end() - 1, step);
                       }});
    };
    condition("both codes at once", {{"all", {one, two}}});
    condition("any of all codes", {{"in", {"$a", {"one", "two"}}}});
    condition("one or not", {{"any", {one, {{"not", one}}}}});
    condition("one and not", {{"all", {one, {{"not", one}}}}});
    condition("there although required", {{"present", "$a"}});
    condition("a part that never holds", {{"any", {one, {{"all", {one, two}}}}}});
    condition("a source it cannot have", {{"prefilled", {"$a", "platform"}}});
    condition("not nothing", {{"not", {{"not", {{"present", "$a"}}}}}});
    const auto pair = [&](const char* what, const Json& first, const Json& second) {
        all.push_back({what, "V3", report, asks({first, second})});
    };
    const auto number = required(field("n", "number", {{"min", 0}, {"max", 10}}));
    pair("number above its most", number, shown(choice("b"), {{"cmp", {"$n", ">", 10}}}));
    pair("number at least its least", number, shown(choice("b"), {{"cmp", {"$n", ">=", 0}}}));
    pair("number equals what no step meets",
         required(field("n", "number", {{"min", 0}, {"max", 10}, {"step", 5}})),
         shown(choice("b"), {{"cmp", {"$n", "==", 4}}}));
    pair("more pages than there are", required(scan("doc.a")),
         shown(choice("b"), {{"count", {"$doc.a", ">=", 2}}}));
    pair("at least no page", required(scan("doc.a")),
         shown(choice("b"), {{"count", {"$doc.a", ">=", 0}}}));
    pair("info that is answered", field("i", "info"), shown(choice("b"), {{"present", "$i"}}));
    pair("date before it may be", required(field("d", "date", {{"notAfter", "today"}})),
         shown(choice("b"), {{"age", {"$d", "<", 0, "on", "today"}}}));
    all.push_back({"shown only where its question is not", "V3", report,
                   asks({required(choice("a")), shown(required(choice("b")), one),
                         shown(choice("c"), {{"all", {two, {{"eq", {"$b", "one"}}}}}})})});
    all.push_back(
        {"a rule that always holds", "V3", allowance,
         asks({required(choice("a")), ruled(choice("b"), {{"in", {"$a", {"one", "two"}}}})})});
    all.push_back({"a rule that never holds", "V3", allowance,
                   asks({required(choice("a")), ruled(choice("b"), {{"all", {one, two}}})})});
    all.push_back({"required only where it is not shown", "V3", report,
                   asks({required(choice("a")), [&] {
                             auto made = shown(choice("b"), one);
                             made["required"] = two;
                             return made;
                         }()})});
    {
        std::vector<Json> fields;
        Json every = Json::array();
        for (int i = 0; i < 16; ++i) {
            fields.push_back(choice("q" + std::to_string(i)));
            every.push_back({{"eq", {"$q" + std::to_string(i), "one"}}});
        }
        fields.push_back(shown(choice("last"), {{"all", every}}));
        all.push_back({"ways nobody can look at", "V3", report, asks(fields)});
    }
    // V5
    for (const auto& tested : {Json{{"eq", {"$report.kind", "unheard"}}},
                               Json{{"in", {"$report.kind", {"lamp", "unheard"}}}},
                               Json{{"not", {{"eq", {"$report.kind", "Lamp"}}}}}})
        all.push_back({tested.dump(), "V5", report, asks({shown(choice("a"), tested)})});
    all.push_back({"default", "V5", report, set("/steps/3/fields/0/default", "maybe")});
    all.push_back({"code taken out", "V5", report, [](Json& form) {
                       at(form, "/steps/3/fields/0").erase("default");
                       at(form, "/steps/3/fields/0/options/0/code") = "of-course";
                   }});
}

void add_dead_ends(All& all) {
    const Json one{{"eq", {"$a", "one"}}};
    const auto dead = [&](const char* what, const char* file, std::vector<Json> fields) {
        all.push_back({what, "V4", file, asks(std::move(fields))});
    };
    dead("a date that no calendar has", report,
         {required(field("d", "date", {{"notBefore", "2027-01-01"}, {"notAfter", "2026-12-01"}}))});
    dead("a day before and after today", report,
         {required(field("d", "date", {{"notBefore", "today+1"}, {"notAfter", "today-1"}}))});
    dead("pictures of which none may be", report,
         {required(
             field("p", "photo", {{"min", 0}, {"max", 0}, {"sources", {"document-camera"}}}))});
    dead("a choice of none", report, {required([&] {
             auto made = choice("m");
             made["type"] = "multi-choice";
             made["maxSelected"] = 0;
             return made;
         }())});
    dead("a rule that one branch cannot keep", allowance,
         {required(choice("a")), ruled(required(choice("b")), one)});
    dead(
        "a rule about itself that one branch cannot keep", allowance,
        {required(choice("a")),
         ruled(required(choice("b")),
               {{"any", {one, {{"all", {{{"eq", {"$b", "one"}}}, {{"present", "$doc.doc"}}}}}}}})});
    all.back().change =
        asks({required(choice("a")), scan("doc.doc"),
              ruled(required(choice("b")), {{"any", {one, {{"present", "$doc.doc"}}}}})});
    dead("asked a second time where it was not asked", allowance,
         {required(choice("a")),
          shown(required(field("x", "number", {{"min", 1}, {"max", 9}})), one),
          required(field("y", "number", {{"min", 1}, {"max", 9}, {"repeats", "x"}}))});
    all.push_back({"no card where only a card fills", "V4", allowance, [](Json& form) {
                       auto& fields = at(form, "/steps/0/fields");
                       fields.erase(fields.begin());
                   }});
    all.push_back(
        {"a card that may be left out", "V4", allowance, gone("/steps/0/fields/0", "required")});
    all.push_back({"a card on one branch only", "V4", allowance, [](Json& form) {
                       auto& steps = form["steps"];
                       auto card = at(form, "/steps/2/fields/0");
                       at(form, "/steps/2/fields").erase(0);
                       Json step{{"id", "card"}, {"title", plain()}, {"fields", {card}}};
                       step["showIf"] = {{"eq", {"$forWhom", "self"}}};
                       steps.insert(steps.begin() + 2, step);
                   }});
    all.push_back({"asks nothing", "V4", "form-problem-report.json", [](Json& form) {
                       const Json info = field("i", "info");
                       form["steps"] = {{{"id", "one"}, {"title", plain()}, {"fields", {info}}}};
                       form["receipt"] = {{"show", {"number"}}};
                   }});
}

void add_words_and_levels(All& all) {
    const auto label = "/steps/0/fields/0/label";
    // V6
    for (const auto* language : {"zh", "ug", "en"}) {
        all.push_back({"no language", "V6", report,
                       [language, label](Json& form) { at(form, label).erase(language); }});
        all.push_back({"empty", "V6", report,
                       [language, label](Json& form) { at(form, label)[language] = ""; }});
        all.push_back({"too long", "V6", report, [language, label](Json& form) {
                           auto& text = at(form, label)[language];
                           const auto once = text.get<std::string>();
                           std::string many;
                           for (int i = 0; i < 81; ++i) many += once;
                           text = many;
                       }});
        all.push_back({"a number", "V6", report,
                       [language, label](Json& form) { at(form, label)[language] = 5; }});
    }
    all.push_back({"a copy", "V6", report, set(label, words("Street", "چۈشەندۈرۈش", "Street"))});
    all.push_back({"a copy", "V6", report, set(label, words("说明", "说明", "A word"))});
    all.push_back(
        {"placeholders", "V6", report, set(label, words("第 {n} 页", "{m}-بەت", "Page {n}"))});
    all.push_back({"Chinese in English", "V6", report, set(label, in_english("A 词"))});
    all.push_back({"Uyghur in Chinese", "V6", report, set(label, in_chinese("说明 بەت"))});
    all.push_back({"another language", "V6", report,
                   [label](Json& form) { at(form, label)["ru"] = "Слово"; }});
    all.push_back({"a text alone", "V6", report, set(label, "路灯")});
    // V7
    const auto dots = words("……", "…", "...");
    for (const auto* place :
         {"/steps/0/title", "/steps/0/fields/0/label", "/steps/0/fields/0/question",
          "/steps/0/fields/0/hint", "/steps/0/fields/0/say", "/steps/0/fields/0/options/1/label"})
        all.push_back({place, "V7", report, set(place, dots)});
    all.push_back({"one language", "V7", report, set(label, words("说明", "؟؟؟", "A word"))});
    // V8
    const auto identity = "/steps/3/fields/0";
    all.push_back(
        {"a face alone", "V8", pension, set("/steps/3/fields/0/methods", Json::array({"face"}))});
    all.push_back({"no identity", "V8", pension, [](Json& form) { form["steps"].erase(3); }});
    all.push_back({"identity at L1", "V8", pension, set("/identity", "L1")});
    all.push_back({"identity may be left out", "V8", pension, gone(identity, "required")});
    all.push_back({"identity on one branch", "V8", pension, [identity](Json& form) {
                       at(form, identity)["showIf"] = {{"eq", {"$forWhom", "self"}}};
                   }});
    all.push_back({"its step on one branch", "V8", pension,
                   set("/steps/3/showIf", {{"eq", {"$forWhom", "self"}}})});
    // V10
    all.push_back({"no page labels", "V10", allowance, gone("/steps/7/fields/0", "pageLabels")});
    all.push_back({"a label too few", "V10", allowance, asks({scan("doc.a", {{"maxPages", 2}})})});
    all.push_back({"a label too many", "V10", allowance, [](Json& form) {
                       auto& labels = at(form, "/steps/7/fields/0/pageLabels");
                       labels.push_back(labels.back());
                       labels.push_back(labels.back());
                   }});
    // V11
    for (const auto* shown : {"idNumber", "name", "phone", "address", "bank.card", "method"})
        all.push_back({shown, "V11", allowance, set("/receipt/show", {"number", shown})});
    all.push_back({"nothing", "V11", allowance, set("/receipt/show", Json::array())});
    all.push_back({"a kind that tells of a person", "V11", report,
                   set("/steps/0/fields/0/sensitivity", "S1")});
    // V14
    const auto bank = [&] {
        return field("bank.card", "bank-card",
                     {{"term", "bank.card"}, {"sensitivity", "S3"}, {"why", plain()}});
    };
    all.push_back({"a bank card at L0", "V14", report, asks({bank()})});
    all.push_back({"an address at L0", "V14", report,
                   asks({field("person.address.current", "text",
                               {{"term", "person.address.current"},
                                {"sensitivity", "S2"},
                                {"hint", words("只写地方和东西，不写人",
                                               "پەقەت جاي ۋە نەرسىلەرنى يېزىڭ، ئادەمنى يازماڭ",
                                               "Write about places and things only")},
                                {"why", plain()}})})});
    all.push_back({"a bank card from the platform", "V14", allowance,
                   set("/steps/6/fields/1/prefill", {"platform"})});
    all.push_back(
        {"health from the platform", "V14", allowance,
         asks({field(
             "more", "text",
             {{"sensitivity", "S3"}, {"why", plain()}, {"prefill", {"session", "platform"}}})})});
    // G12
    all.push_back(
        {"a card at L0", "G12", report, asks({field("c", "card", {{"who", "applicant"}})})});
    all.push_back(
        {"a name at L0", "G12", report,
         asks({field("person.name", "text", {{"term", "person.name"}, {"sensitivity", "S1"}})})});
    all.push_back({"free text without a hint", "G12", report, asks({field("more", "text")})});
    all.push_back({"its hint gone", "G12", report, gone("/steps/2/fields/1", "hint")});
    for (const auto* language : {"zh", "ug", "en"})
        all.push_back({"its hint in two languages", "G12", report, [language](Json& form) {
                           at(form, "/steps/2/fields/1/hint")[language] = plain()[language];
                       }});
}

void add_numbers(All& all) {
    // V12: changed, and its version is not.
    all.push_back({"changed under the same version", "V12", report, [](Json& form) {
                       form["owner"] = "another";
                       form["version"] = 1;
                   }});
    all.push_back({"changed in a space", "V12", allowance, set("/version", 1)});
    // V13
    const auto many = [](std::size_t count) {
        std::vector<Json> fields;
        for (std::size_t i = 0; i < count; ++i)
            fields.push_back(required(choice("q" + std::to_string(i))));
        return fields;
    };
    all.push_back({"one question too many", "V13", report, asks(many(14))});
    all.push_back({"many on one branch", "V13", report, [many](Json& form) {
                       asks(many(18))(form);
                       for (auto& each : form["steps"][4]["fields"])
                           each["showIf"] = {{"eq", {"$report.kind", "noise"}}};
                   }});
}

void add_malformed(All& all) {
    const auto form = [&](const char* what, std::function<void(Json&)> change) {
        all.push_back({what, "kform/1", report, std::move(change)});
    };
    form("another kform", set("/kform", 2));
    form("version is no number", set("/version", "2"));
    form("version below one", set("/version", 0));
    form("no identity", gone("", "identity"));
    form("another level", set("/identity", "L3"));
    form("no steps", set("/steps", Json::array()));
    form("steps are an object", set("/steps", Json::object()));
    form("no fields", set("/steps/0/fields", Json::array()));
    form("an unknown key", set("/script", "alert(1)"));
    form("an unknown key in a field", set("/steps/0/fields/0/calculate", "1+1"));
    form("an unknown type", set("/steps/0/fields/0/type", "camera"));
    form("microphone", set("/steps/0/fields/0/type", "sound"));
    form("text where a list is wanted", set("/steps/0/fields/0/options", "x"));
    form("one option", [](Json& f) {
        at(f, "/steps/0/fields/0/options") = {f["steps"][0]["fields"][0]["options"][0]};
    });
    form("two hundred and one options", [](Json& f) {
        for (int i = 0; i < 201; ++i)
            at(f, "/steps/0/fields/0/options").push_back(option("o" + std::to_string(i), plain()));
    });
    form("an id with a space", set("/steps/0/fields/0/id", "report kind"));
    form("an id of 61 letters", set("/steps/0/fields/0/id", std::string(61, 'a')));
    form("a sensitivity there is not", set("/steps/0/fields/0/sensitivity", "S4"));
    form("required is a word", set("/steps/0/fields/0/required", "yes"));
    form("an operator there is not", asks({shown(choice("a"), {{"javascript", "1"}})}));
    form("two operators", asks({shown(choice("a"), {{"present", "$report.kind"},
                                                    {"not", {{"present", "$report.kind"}}}})}));
    form("conditions six deep", asks({shown(choice("a"), [] {
             Json condition{{"present", "$report.photo"}};
             for (int i = 0; i < 6; ++i) condition = Json{{"not", condition}};
             return condition;
         }())}));
    form("a picture from a stick", set("/steps/2/fields/0/sources", {"usb-stick"}));
    form("five pictures", set("/steps/2/fields/0/max", 5));
    form("least above most", set("/steps/2/fields/1/min", 301));
    form("longer than any text", set("/steps/2/fields/1/max", 501));
    form("a number beyond all", set("/steps/2/fields/1/max", std::uint64_t(1) << 63));
    form("a fault that is none", [](Json& f) {
        auto field = ruled(choice("a"), {{"present", "$report.kind"}});
        field["rules"][0]["fault"] = "note.x";
        asks({field})(f);
    });
    form("filled in by nobody", set("/steps/3/fields/1/prefill", {"typed"}));
    form("a question behind the review", [](Json& f) {
        Json step{{"id", "behind"}, {"title", plain()}, {"fields", {choice("a")}}};
        f["steps"].push_back(step);
    });
    all.push_back({"eighty-one fields", "kform/1", report, [](Json& f) {
                       for (int i = 0; i < 81; ++i)
                           f["steps"][0]["fields"].push_back(choice("q" + std::to_string(i)));
                   }});
    all.push_back(
        {"over 256 KB", "set", report, [](Json& f) { f["owner"] = std::string(300'000, 'x'); }});
    all.push_back({"nested without end", "set", report, [](Json& f) {
                       Json deep = Json::array();
                       for (int i = 0; i < 40; ++i) deep = Json::array({deep});
                       f["owner"] = deep;
                   }});
    all.push_back({"no object", "set", report, [](Json& f) { f = Json::array(); }});
    all.back().rule = "kform/1";
}

All hostile_forms() {
    All all;
    add_forbidden_words(all);
    add_hidden_words(all);
    add_hiding_places(all);
    add_missing_terms(all);
    add_conditions(all);
    add_dead_ends(all);
    add_words_and_levels(all);
    add_numbers(all);
    add_malformed(all);
    return all;
}

// Near neighbours of the hostile ones that break nothing: a check that refuses everything, or that
// nobody could write a form for, is found by them.
All good_forms() {
    All all;
    const auto add = [&](const char* what, const char* file, std::function<void(Json&)> change) {
        all.push_back({what, "", file, std::move(change)});
    };
    const Json one{{"eq", {"$a", "one"}}}, two{{"eq", {"$a", "two"}}};
    const auto label = "/steps/0/fields/0/label";
    // V1, V2, V5
    add("an id of another form", report, asks({choice("forWhom")}));
    add("the same codes in two fields", report, asks({choice("a"), choice("b")}));
    add("a condition about the field before", report, asks({choice("a"), shown(choice("b"), one)}));
    add("a rule about its own field", allowance,
        asks({required(choice("a")),
              ruled(choice("b"), {{"any", {one, {{"eq", {"$b", "one"}}}}}})}));
    add("another default", report, set("/steps/3/fields/0/default", "yes"));
    // V3
    const auto condition = [&](const char* what, const Json& tested) {
        add(what, report, asks({required(choice("a")), shown(choice("b"), tested)}));
    };
    condition("one of the codes", one);
    condition("not the other one", {{"not", two}});
    condition("one, or the kind is a lamp", {{"any", {one, {{"eq", {"$report.kind", "lamp"}}}}}});
    condition("one, and not a lamp",
              {{"all", {one, {{"not", {{"eq", {"$report.kind", "lamp"}}}}}}}});
    condition("two kinds of seven", {{"in", {"$report.kind", {"lamp", "noise"}}}});
    add("there, where it may be left out", report,
        asks({choice("a"), shown(choice("b"), {{"present", "$a"}})}));
    const auto pair = [&](const char* what, const Json& first, const Json& second) {
        add(what, allowance, asks({first, second}));
    };
    const auto number = required(field("n", "number", {{"min", 0}, {"max", 10}}));
    pair("number above all but its most", number, shown(choice("b"), {{"cmp", {"$n", ">", 9}}}));
    pair("number equals what a step meets",
         required(field("n", "number", {{"min", 0}, {"max", 10}, {"step", 5}})),
         shown(choice("b"), {{"cmp", {"$n", "==", 5}}}));
    pair("the second page of two",
         required(scan("doc.a", {{"maxPages", 2},
                                 {"pageLabels",
                                  {words("第一页", "1-بەت", "Page 1"),
                                   words("第二页", "2-بەت", "Page 2")}}})),
         shown(choice("b"), {{"count", {"$doc.a", ">=", 2}}}));
    pair("a date a year ago", required(field("d", "date", {{"notAfter", "today"}})),
         shown(choice("b"), {{"age", {"$d", ">=", 1, "on", "today"}}}));
    pair("a source that it has", required(choice("a", {{"prefill", {"session"}}})),
         shown(choice("b"), {{"prefilled", {"$a", "session"}}}));
    add("ten questions that one condition hangs on", report, [&](Json& form) {
        std::vector<Json> fields;
        Json every = Json::array();
        for (int i = 0; i < 8; ++i) {
            fields.push_back(required(choice("q" + std::to_string(i))));
            every.push_back({{"eq", {"$q" + std::to_string(i), "one"}}});
        }
        fields.push_back(shown(choice("last"), {{"all", every}}));
        asks(fields)(form);
    });
    // V4
    add("one day that the calendar has", report,
        asks({required(
            field("d", "date", {{"notBefore", "2026-12-01"}, {"notAfter", "2026-12-01"}}))}));
    add("a rule that each branch can keep", allowance,
        asks({required(choice("a")),
              ruled(required(choice("b")), {{"any", {one, {{"eq", {"$b", "one"}}}}}})}));
    add("asked a second time on the same branch", allowance,
        asks({required(choice("a")),
              shown(required(field("x", "number", {{"min", 1}, {"max", 9}})), one),
              shown(required(field("y", "number", {{"min", 1}, {"max", 9}, {"repeats", "x"}})),
                    one)}));
    // V6, V7
    add("the same sign in each language", report, set(label, words("123", "123", "123")));
    add("placeholders alike", report, set(label, words("第 {n} 页", "{n}-بەت", "Page {n}")));
    add("a town with dots", report, set(label, in_english("Ürümchi")));
    add("marks of each language", report,
        set(label, words("路灯（老）、水管：“坏”了？", "چىراغ، تۇرۇبا «بۇزۇلدىمۇ»؟",
                         "Lamp (old), pipe: “broken”?")));
    add("Latin letters and digits in Chinese", report, set(label, in_chinese("5G 或 Wi-Fi")));
    add("words to speak beside it", report,
        set("/steps/0/fields/0/say", words("是什么问题", "قانداق مەسىلە", "What is it about")));
    // V8
    add("staff alone confirm", pension,
        set("/steps/3/fields/0/methods", Json::array({"staff-witness"})));
    add("a face last", pension,
        set("/steps/3/fields/0/methods", Json::array({"counter-code", "staff-witness", "face"})));
    // V9: words that hold a forbidden one, endings that look like one, people in places.
    for (const auto* text : {"Surface, brace, trace", "The embrace of interfaces", "Unbelievable",
                             "A virus warning", "Han Street 5"})
        add(text, report, set(label, in_english(text)));
    for (const auto* text : {"回民街 5 号", "人民医院", "居民楼", "政府门口", "电话亭坏了"})
        add(text, report, set(label, in_chinese(text)));
    for (const auto* text : {"ئۆيدىن", "كوچىدىن ئۆيگىچە", "سۇدىن كەلگەن"})
        add(text, report, set(label, in_uyghur(text)));
    add("one name of a group, in a street", report,
        set("/steps/0/fields/0/options/1/label", in_chinese("维吾尔语路牌")));
    add("a name with its term", allowance,
        asks({field("more", "text",
                    {{"term", "contact.name"},
                     {"sensitivity", "S1"},
                     {"label", in_chinese("联系人姓名")}})}));
    add("a telephone with its term", report,
        asks({field("more", "phone", {{"term", "contact.phone"}, {"sensitivity", "S1"}})}));
    add("about a telephone box", allowance, asks({[] {
            auto made = choice("more");
            made["label"] = in_english("Is the telephone box broken?");
            return made;
        }()}));
    add("why at S2", allowance,
        asks({field("more", "text", {{"sensitivity", "S2"}, {"why", plain()}})}));
    // V10, V11
    add("a label for its page", allowance, asks({scan("doc.a")}));
    add("less on the receipt", report, set("/receipt/show", {"number"}));
    // V12
    add("changed, and two versions on", report, set("/version", 3));
    add("nothing changed but the set", "office.json", set("/phone", "0991-0000001"));
    // V13
    const auto many = [](std::size_t count) {
        std::vector<Json> fields;
        for (std::size_t i = 0; i < count; ++i)
            fields.push_back(required(choice("q" + std::to_string(i))));
        return fields;
    };
    add("twenty questions", report, asks(many(13)));
    add("forty, with a reason", report, [many](Json& form) {
        asks(many(40))(form);
        form["manyQuestions"] = "the law lists them";
    });
    add("many, on branches of which each has few", report, [many](Json& form) {
        auto fields = many(20);
        for (std::size_t i = 0; i < fields.size(); ++i)
            fields[i]["showIf"] = {{"eq", {"$report.kind", i % 2 == 0 ? "noise" : "lamp"}}};
        asks(fields)(form);
    });
    // V14, G12
    add("a bank card of an earlier matter", allowance,
        set("/steps/6/fields/1/prefill", {"session"}));
    add("an address from the platform, masked there", allowance,
        set("/steps/3/fields/2/prefill", {"session", "platform"}));
    add("free text about places", report,
        asks({field("more", "text",
                    {{"hint", words("请写明。只写地方和东西，不写人。",
                                    "پەقەت جاي ۋە نەرسىلەرنى يېزىڭ، ئادەمنى يازماڭ.",
                                    "Please write about places and things only.")}})}));
    return all;
}

// Nothing here is about power cuts, and hundreds of sets that wait for a disk take minutes.
std::string quick_folder() {
    return fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path().string();
}

// The shipped set with one matter and few words of screens, so that hundreds are read quickly.
class Sets {
public:
    explicit Sets(const std::string& file = report) {
        const auto matter = file.starts_with("form-") ? file.substr(5, file.rfind('.') - 5)
                                                      : std::string("problem-report");
        fs::copy("assets/content", own());
        ContentMaker::change(own(), "matters.json", [&](Json& json) {
            json.erase("groups");
            auto kept = Json::array();
            for (auto& each : json["matters"])
                if (each["id"] == matter) kept.push_back(each);
            kept[0].erase("group");
            json["matters"] = kept;
        });
        for (const auto& entry : fs::directory_iterator(own())) {
            const auto name = entry.path().filename().string();
            if (name.starts_with("form-") && name != "form-" + matter + ".json")
                fs::remove(entry.path());
        }
        ContentMaker::change(own(), "screens.json", [](Json& screens) {
            auto kept = Json::object();
            for (const auto& [key, text] : screens["texts"].items())
                if (key.starts_with("fault.") || key == "common.go") kept[key] = text;
            screens["texts"] = kept;
        });
        write_manifest(own());
    }

    // One for each matter that forms of this test belong to.
    static const Sets& of(const std::string& file) {
        static std::map<std::string, Sets> all;
        return all.try_emplace(file.starts_with("form-") ? file : report, file).first->second;
    }

    std::string own() const { return maker_.path("own"); }
    Store store() const {
        auto terms = maker_.terms();
        terms.own_folder = own();
        return Store(terms);
    }
    std::string path(const char* name) const { return maker_.path(name); }

    // A set with the change, signed by every key of the district.
    std::string signed_with(const std::string& file,
                            const std::function<void(Json&)>& change) const {
        const auto folder = maker_.path("made");
        fs::remove_all(folder);
        fs::copy(own(), folder);
        ContentMaker::change(folder, "manifest.json", [](Json& json) { json["version"] = 2; });
        ContentMaker::change(folder, file, [&](Json& json) {
            if (file.starts_with("form-")) json["version"] = 2;
            change(json);
        });
        write_manifest(folder);
        ContentMaker::sign(folder, {1, 2, 3});
        return folder;
    }

    // Puts a set where an active one lies, as somebody with access to the disk would.
    std::string placed(const std::string& folder) const {
        const auto name = "2-" + std::string(12, 'a');
        fs::create_directories(path("store/sets"));
        fs::copy(folder, path("store/sets/") + name);
        return name;
    }
    void make_active(const std::string& name) const {
        std::ofstream(path("store/state.json"))
            << Json{{"active", name},      {"previous", ""}, {"givenBack", ""}, {"highest", 2},
                    {"highestDigest", ""}, {"starts", 0},    {"proven", true}};
    }
    void clear() const { fs::remove_all(path("store")); }

private:
    static void write_manifest(const std::string& folder) {
        REQUIRE(content::write_manifest(folder).has_value());
    }
    ContentMaker maker_{quick_folder()};
};

} // namespace

TEST_CASE("hostile forms signed by every key are never used, and each refusal names its rule",
          "[unit][content][refusal][G1][D4.8]") {
    const auto all = hostile_forms();
    std::map<std::string, int> by_rule, alone;
    std::size_t activated = 0;
    for (const auto& hostile : all) {
        INFO(hostile.rule << " " << hostile.file << ": " << hostile.what);
        ++by_rule[hostile.rule];
        const auto& sets = Sets::of(hostile.file);
        const auto store = sets.store();
        sets.clear();
        const auto folder = sets.signed_with(hostile.file, hostile.change);
        const auto found = store.findings(folder);
        CHECK_FALSE(found.empty());
        if (found.empty()) continue;
        INFO(found.front().error().text());
        CHECK(found.front().rule == hostile.rule);
        CHECK(found.front().file == hostile.file);
        CHECK_FALSE(found.front().words.empty());
        const bool is_alone = std::all_of(found.begin(), found.end(), [&](const auto& each) {
            return each.rule == hostile.rule;
        });
        if (is_alone) ++alone[hostile.rule];

        const auto installed = store.install(folder, today);
        CHECK(store.names().empty());
        if (installed) {
            FAIL_CHECK("installed");
            activated += store.activate(*installed).has_value() ? 1 : 0;
            continue;
        }
        CHECK(installed.error() == found.front().error());

        const auto name = sets.placed(folder);
        const auto active = store.activate(name);
        CHECK_FALSE(active.has_value());
        if (active)
            ++activated;
        else
            CHECK(active.error() == found.front().error());
        // Even an active one gives way at the start.
        sets.make_active(name);
        const auto start = store.begin_start();
        CHECK(start.folder.empty());
        CHECK(start.was_rolled_back);
        if (!start.folder.empty()) ++activated;
    }
    std::string counts;
    for (const auto& [rule, count] : by_rule) counts += " " + rule + ":" + std::to_string(count);
    std::printf("%zu hostile forms, %zu activated;%s\n", all.size(), activated, counts.c_str());
    CHECK(activated == 0);
    CHECK(all.size() >= 200);
    for (int rule = 1; rule <= 14; ++rule) CHECK(alone["V" + std::to_string(rule)] > 0);
    CHECK(alone["G12"] > 0);
}

TEST_CASE("forms that look like the hostile ones and break nothing are used", "[unit][content]") {
    const auto all = good_forms();
    std::size_t used = 0;
    for (const auto& good : all) {
        INFO(good.file << ": " << good.what);
        const auto& sets = Sets::of(good.file);
        const auto store = sets.store();
        sets.clear();
        const auto folder = sets.signed_with(good.file, good.change);
        for (const auto& each : store.findings(folder))
            FAIL_CHECK("[" << each.rule << "] " << each.error().text());
        const auto name = store.install(folder, today);
        CHECK(name.has_value());
        if (!name) continue;
        CHECK(store.activate(*name).has_value());
        const auto start = store.begin_start();
        CHECK(start.name == *name);
        if (start.name == *name) ++used;
    }
    std::printf("%zu good forms, %zu used\n", all.size(), used);
    CHECK(used == all.size());
}

TEST_CASE("the set that comes with the program keeps every rule", "[unit][content]") {
    for (const auto files :
         {content::ContentSet::Files::as_signed, content::ContentSet::Files::as_they_lie}) {
        const auto shipped = content::ContentSet::examine("assets/content", KIOSK_VERSION, files);
        for (const auto& each : shipped.findings) FAIL_CHECK(each.error().text());
        CHECK(shipped.set);
    }
}

TEST_CASE("a form with more ways than anybody can look at is refused in bounded time",
          "[unit][content]") {
    // Every field hangs on all before it, with conditions as deep and wide as the vocabulary takes.
    std::vector<Json> fields;
    Json any = Json::array();
    for (int i = 0; i < 60; ++i) {
        auto made = choice("q" + std::to_string(i));
        for (int more = 0; more < 4; ++more)
            made["options"].push_back(option("c" + std::to_string(more), plain()));
        if (i > 0) made["showIf"] = {{"not", {{"all", {{{"any", any}}}}}}};
        if (any.size() == 20) any.erase(0);
        any.push_back({{"in", {"$q" + std::to_string(i), {"c1", "c2"}}}});
        fields.push_back(made);
    }
    const Sets sets;
    const auto folder = sets.signed_with(report, asks(fields));
    // Without the bounds this does not end, and the runner's time limit tells it.
    const auto found = content::ContentSet::examine(folder).findings;
    for (const auto& each : found) UNSCOPED_INFO("[" << each.rule << "] " << each.error().text());
    CHECK(std::count_if(found.begin(), found.end(), [](const auto& each) {
              return each.words.find("cannot all be looked at") != std::string::npos;
          }) == 1);
}

TEST_CASE("whoever writes a set is told everything at once, with rule, file, place and field",
          "[unit][content]") {
    const ContentMaker maker;
    const auto folder = maker.path("draft");
    fs::copy("assets/content", folder);
    ContentMaker::change(folder, report, [](Json& form) {
        at(form, "/steps/0/fields/0/label").erase("ug");
        at(form, "/steps/2/fields/0/type") = "picture";
        at(form, "/steps/3/fields/1").erase("term");
        at(form, "/steps/4/fields/0/sensitivity") = "S9";
    });
    ContentMaker::change(folder, allowance, [](Json& form) {
        form["version"] = 2;
        at(form, "/steps/6/fields/1/prefill") = {"session", "platform"};
        at(form, "/steps/1/fields/0/hint") = words("……", "…", "...");
    });
    ContentMaker::change(folder, "screens.json", [](Json& json) {
        at(json, "/texts/common.go")["zh"] = "ماڭ";
        at(json, "/texts/fault.too-young")["en"] = 5;
    });
    std::ofstream(folder + "/form-unheard.json") << "{}";
    std::ofstream(folder + "/office.json") << "{\n \"name\": {\n}";
    const auto found =
        Store(maker.terms()).findings(folder, content::ContentSet::Files::as_they_lie);
    std::set<std::string> lines;
    for (const auto& each : found) {
        CHECK_FALSE(each.words.empty());
        lines.insert(each.rule + " " + each.file + " " + each.place + " " + each.field);
    }
    const std::set<std::string> wanted{
        "set office.json  ",
        "V6 screens.json /texts/common.go/zh ",
        "V6 screens.json /texts/fault.too-young/en ",
        "V6 form-problem-report.json /steps/0/fields/0/label/ug report.kind",
        "kform/1 form-problem-report.json /steps/2/fields/0/type report.photo",
        "V9 form-problem-report.json /steps/3/fields/1/term person.phone",
        "kform/1 form-problem-report.json /steps/4/fields/0/sensitivity declare.true",
        "V14 form-elderly-allowance.json /steps/6/fields/1/prefill bank.card",
        "V7 form-elderly-allowance.json /steps/1/fields/0/hint/zh forWhom",
        "V7 form-elderly-allowance.json /steps/1/fields/0/hint/ug forWhom",
        "V7 form-elderly-allowance.json /steps/1/fields/0/hint/en forWhom",
        "set form-unheard.json  ",
        "set manifest.json  ",
        "set manifest.json /version "};
    for (const auto& line : wanted) {
        INFO("not told: " << line);
        CHECK(lines.contains(line));
    }
    for (const auto& line : lines) {
        INFO("told besides: " << line);
        CHECK(wanted.contains(line));
    }
    for (const auto& each : found) {
        if (each.file == "office.json") CHECK(each.words.find("line 3") != std::string::npos);
        if (each.file == "manifest.json" && each.place.empty())
            for (const auto* name : {report, allowance, "screens.json", "office.json", "unheard"})
                CHECK(each.words.find(name) != std::string::npos);
    }
    // Nothing of it for a set that came from elsewhere: one altered byte, and nothing is parsed.
    const auto strict = Store(maker.terms()).findings(folder);
    CHECK(strict.front().error().code == base::Errc::corrupt);
    CHECK(strict.front().words.find("not what the manifest says") != std::string::npos);
}
