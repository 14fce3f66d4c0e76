#include "kiosk/base/digest.hpp"
#include "kiosk/content/content_set.hpp"
#include "kiosk/content/manifest.hpp"
#include "tests/unit/forms_support.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

using base::Language;
using content::ContentSet;
using forms_test::json;
using forms_test::words;
namespace fs = std::filesystem;

namespace {

// A copy of the shipped set that a test may spoil; gone with the test.
class Copy {
public:
    Copy() {
        static int number = 0;
        path_ = fs::temp_directory_path() /
                ("kiosk-content-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
        fs::copy("assets/content", path_);
    }
    ~Copy() { fs::remove_all(path_); }

    std::string path() const { return path_.string(); }
    json read(const std::string& name) const {
        std::ifstream file(path_ / name);
        return json::parse(file);
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    // Changes a file and makes the manifest fit again, as somebody who can sign would.
    void change(const std::string& name, const std::string& pointer, json value) const {
        auto file = read(name);
        file[json::json_pointer(pointer)] = std::move(value);
        write(name, file.dump());
        REQUIRE(content::write_manifest(path()).has_value());
    }
    base::Result<std::shared_ptr<const ContentSet>> open() const {
        return ContentSet::open(path());
    }

private:
    fs::path path_;
};

} // namespace

TEST_CASE("the shipped set opens and holds four matters with their forms", "[unit][content]") {
    const auto& set = forms_test::shipped();
    std::vector<std::string> ids;
    for (const auto& matter : set.matters()) {
        ids.push_back(matter.id);
        REQUIRE(set.form(matter.id));
        REQUIRE(set.form(matter.id)->title == matter.title);
        REQUIRE(fs::exists("assets/content/form-" + matter.id + ".json"));
    }
    REQUIRE(ids == std::vector<std::string>{"pension-eligibility", "elderly-allowance",
                                            "problem-report", "add-papers"});
    REQUIRE(set.form("nothing") == nullptr);
    REQUIRE(set.matter("nothing") == nullptr);
    REQUIRE(set.version() == 1);
    REQUIRE(set.digest().starts_with("sha256:"));
    REQUIRE(set.consent_set_digest().starts_with("sha256:"));
    REQUIRE(set.consent("declare.true"));
}

TEST_CASE("the committed manifest fits the committed files", "[unit][content]") {
    // When this fails: cmake --build build/dev --target content_manifest
    const auto fresh = content::make_manifest("assets/content");
    REQUIRE(fresh.has_value());
    const auto committed = base::read_file("assets/content/manifest.json");
    REQUIRE(content::to_json(*fresh) == base::as_text(*committed));
}

TEST_CASE("every fault of every field type has words", "[unit][content]") {
    const auto& set = forms_test::shipped();
    // The keys as they stand in the source, so that a new one cannot be forgotten here.
    std::ifstream types("kiosk/forms/field_types.cpp");
    std::ifstream answers("kiosk/forms/answers.cpp");
    std::string source{std::istreambuf_iterator<char>(types), {}};
    source += std::string{std::istreambuf_iterator<char>(answers), {}};
    int found = 0;
    for (auto at = source.find("\"fault."); at != source.npos; at = source.find("\"fault.", at)) {
        const auto end = source.find('"', at + 1);
        const auto key = source.substr(at + 1, end - at - 1);
        INFO(key);
        REQUIRE(set.has_text(key));
        at = end;
        ++found;
    }
    REQUIRE(found > 30);
}

// The id stands in the audit chain, whose words have at most 40 characters.
TEST_CASE("a notice whose id no row of the audit chain takes is not offered", "[unit][content]") {
    const Copy copy;
    const auto offered = forms_test::shipped().local_notices();
    const auto longest = std::string(40, 'a');
    auto file = copy.read("screens.json");
    const auto words = file["texts"][std::string(content::local_notice_prefix) + offered.at(0)];
    for (const auto& id : {longest, longest + "a"})
        file["texts"][std::string(content::local_notice_prefix) + id] = words;
    copy.write("screens.json", file.dump());
    REQUIRE(content::write_manifest(copy.path()).has_value());
    const auto set = copy.open().value();
    REQUIRE(set->has_text(std::string(content::local_notice_prefix) + longest + "a"));
    const auto ids = set->local_notices();
    CHECK(std::find(ids.begin(), ids.end(), longest) != ids.end());
    CHECK(std::find(ids.begin(), ids.end(), longest + "a") == ids.end());
    CHECK(ids.size() == offered.size() + 1);
}

TEST_CASE("a missing message key is shown and counted", "[unit][content]") {
    const auto set = ContentSet::open("assets/content");
    REQUIRE((*set)->missing_texts() == 0);
    REQUIRE((*set)->text("rail.staff", Language::zh) == "工作人员");
    REQUIRE((*set)->missing_texts() == 0);
    REQUIRE((*set)->text("no.such", Language::zh) == "⟦no.such⟧");
    REQUIRE((*set)->missing_texts() == 1);
}

TEST_CASE("an inserted value is isolated in every language", "[unit][content]") {
    const auto& set = forms_test::shipped();
    const ContentSet::Values values{{"step", "2"}, {"of", "7"}};
    REQUIRE(set.text("frame.step", Language::zh, values) ==
            "第 \u20682\u2069 步，共 \u20687\u2069 步");
    REQUIRE(set.text("frame.step", Language::en, values) == "Step \u20682\u2069 of \u20687\u2069");
    REQUIRE(set.text("frame.step", Language::ug, values) ==
            "\u20682\u2069-قەدەم، جەمئىي \u20687\u2069");
    REQUIRE(content::fill("{name}!", {{"name", "ئابدۇ"}}) == "\u2068ئابدۇ\u2069!");
    // A value cannot close its isolate, is not looked into again, and unknown names stay to be
    // seen.
    REQUIRE(content::fill("{name}", {{"name", "a\u2069\u202Eb"}}) == "\u2068a\u202Eb\u2069");
    REQUIRE(content::fill("{a}{b}", {{"a", "{b}"}, {"b", "x"}}) == "\u2068{b}\u2069\u2068x\u2069");
    REQUIRE(content::fill("{a} {", {}) == "{a} {");
}

namespace {

std::vector<std::string> placeholders_in(std::string_view text) {
    std::vector<std::string> names;
    for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1))
        names.emplace_back(text.substr(open + 1, text.find('}', open) - open - 1));
    return names;
}

} // namespace

TEST_CASE("no placeholder of the catalogue is filled without isolates around the value",
          "[unit][content]") {
    const auto& set = forms_test::shipped();
    std::size_t filled = 0;
    for (const auto& key : set.text_keys())
        for (const auto language : base::all_languages) {
            const auto names = placeholders_in(set.text(key, language));
            ContentSet::Values values;
            for (const auto& name : names) values.emplace_back(name, "0991-<" + name + ">");
            const auto text = set.text(key, language, values);
            INFO(key << ": " << text);
            for (const auto& [name, value] : values) {
                const auto at = text.find(value);
                REQUIRE(at != text.npos);
                CHECK(std::string_view(text).substr(0, at).ends_with("\u2068"));
                CHECK(std::string_view(text).substr(at + value.size()).starts_with("\u2069"));
                ++filled;
            }
            CHECK(text.find('{') == text.npos);
        }
    CHECK(filled > 60);
}

TEST_CASE("the words follow the rules of plain language", "[unit][content]") {
    const auto& set = forms_test::shipped();
    for (const auto& key : set.text_keys()) {
        INFO(key);
        const auto zh = set.text(key, Language::zh);
        const auto ug = set.text(key, Language::ug);
        const auto en = set.text(key, Language::en);
        for (const auto* bad : {"！", "!", "错误", "失败", "非法", "无效", "提交", "你", "?", ";"})
            REQUIRE(zh.find(bad) == std::string::npos);
        for (const auto* bad : {"nvalid", "rror", "ailed", "ubmit", "!", "don't", "can't", "isn't"})
            REQUIRE(en.find(bad) == std::string::npos);
        for (const auto* bad : {"!", "?", ";", ","}) REQUIRE(ug.find(bad) == std::string::npos);
    }
}

TEST_CASE("no word of the set speaks of what nobody may ask", "[unit][content][refusal][D4.8]") {
    Copy copy;
    const auto hostile = words("您的民族", "سىز", "You");
    SECTION("a consent") {
        copy.change("consents.json", "/consents/declare.true/statements/0", hostile);
    }
    SECTION("a code list") {
        copy.change("lists.json", "/estates/0/label", hostile);
    }
    SECTION("a form") {
        copy.change("form-problem-report.json", "/steps/0/fields/0/label", hostile);
    }
    const auto set = copy.open();
    REQUIRE_FALSE(set.has_value());
    REQUIRE(set.error().code == base::Errc::invalid_input);
}

TEST_CASE("a byte changed anywhere in any file refuses the set", "[unit][content]") {
    Copy copy;
    for (const auto& entry : fs::directory_iterator("assets/content")) {
        const auto name = entry.path().filename().string();
        if (!name.ends_with(".json") || name == "manifest.json") continue;
        const auto good = *base::read_file(entry.path().string());
        for (std::size_t at = 0; at < good.size(); at += good.size() / 7 + 1) {
            auto bad = good;
            bad[at] ^= 1;
            copy.write(name, std::string(base::as_text(bad)));
            const auto set = copy.open();
            REQUIRE_FALSE(set.has_value());
            REQUIRE(set.error().code == base::Errc::corrupt);
            REQUIRE(set.error().context.starts_with(name));
        }
        copy.write(name, std::string(base::as_text(good)) + " ");
        REQUIRE(copy.open().error().code == base::Errc::corrupt);
        fs::remove(fs::path(copy.path()) / name);
        REQUIRE(copy.open().error().code == base::Errc::not_found);
        copy.write(name, std::string(base::as_text(good)));
        REQUIRE(copy.open().has_value());
    }
}

TEST_CASE("a set that breaks a rule is refused with file and place", "[unit][content]") {
    struct Row {
        const char* file;
        const char* pointer;
        json value;
        const char* context;
    };
    const json consent{{"title", words("真的", "راست", "True")},
                       {"statements", {words("真的", "راست", "True")}},
                       {"agree", words("是", "ھەئە", "Yes")}};
    const json question = {{{"id", "why"},
                            {"title", words("说明", "چۈشەندۈرۈش", "Why")},
                            {"fields",
                             {{{"id", "why.text"},
                               {"type", "text"},
                               {"sensitivity", "S0"},
                               {"label", words("说明", "چۈشەندۈرۈش", "Why")}}}}}};
    const json no_prefill{{"declare.true", consent}, {"face.compare", consent}};
    const json no_faces{{"declare.true", consent}, {"prefill.fetch", consent}};
    const std::vector<Row> rows{
        {"screens.json", "/texts/rail.staff/ug", "خىزمەتچی", "screens.json: /texts/rail.staff/ug"},
        {"screens.json", "/texts/frame.step/en", "Step {step}", "screens.json: /texts/frame.step"},
        {"screens.json", "/review/ug", "perhaps", "screens.json: /review/ug"},
        {"screens.json", "/scripts", "x", "screens.json: /scripts"},
        {"matters.json", "/matters/0/price", 5, "matters.json: /matters/0/price"},
        {"matters.json", "/matters/1/id", "problem-report", "matters.json: /matters"},
        {"matters.json", "/matters/0/id", "no-form", "form-no-form.json: not in the manifest"},
        {"office.json", "/phone", 5, "office.json: /phone"},
        {"lists.json", "/estates/0/code", "a b", "lists.json: /estates/0"},
        {"lists.json", "/banks", json::array(), "lists.json: /banks"},
        {"form-problem-report.json", "/matter", "other", "form-problem-report.json: /matter"},
        {"form-problem-report.json", "/steps/4/fields/0/id", "declare.else",
         "form-problem-report.json: /steps: consents.json has no text"},
        {"form-elderly-allowance.json", "/steps/0/fields/3/rules/0/fault", "fault.unheard",
         "form-elderly-allowance.json: /steps: screens.json has no text"},
        // A question, where papers alone reach the request.
        {"form-add-papers.json", "/steps", question,
         "form-add-papers.json: /steps: papers alone can be added"},
        {"consents.json", "/consents", no_prefill,
         "form-pension-eligibility.json: /steps: consents.json has no text for prefill.fetch"},
        {"consents.json", "/consents", no_faces,
         "form-pension-eligibility.json: /steps: consents.json has no text for face.compare"},
    };
    for (const auto& row : rows) {
        INFO(row.file << row.pointer);
        Copy copy;
        copy.change(row.file, row.pointer, row.value);
        const auto set = copy.open();
        REQUIRE_FALSE(set.has_value());
        INFO(set.error().text());
        REQUIRE(set.error().context.starts_with(row.context));
    }
}

TEST_CASE("Uyghur texts with letters of other keyboards are refused, with file and key",
          "[unit][content]") {
    Copy copy;
    const std::pair<const char*, const char*> places[] = {
        {"screens.json", "/texts/common.go/ug"},
        {"matters.json", "/matters/0/title/ug"},
        {"consents.json", "/consents/declare.true/title/ug"},
        {"office.json", "/address/ug"},
        {"form-problem-report.json", "/title/ug"}};
    // Look-alikes of ي ك ە, and presentation forms; the last ones look exactly right on paper.
    const std::pair<const char*, const char*> letters[] = {
        {"\u06CC", "U+06CC"}, {"\u06A9", "U+06A9"}, {"\u0647", "U+0647"},
        {"\u0629", "U+0629"}, {"\u06C0", "U+06C0"}, {"\u0649\u0654", "U+0654"},
        {"\uFB50", "U+FB50"}, {"\uFDFF", "U+FDFF"}, {"\uFE70", "U+FE70"},
        {"\uFEFC", "U+FEFC"}, {"\u2067", "U+2067"}, {"\u202E", "U+202E"},
        {"\u200F", "U+200F"}};
    for (const auto& [file, pointer] : places) {
        const auto whole = copy.read(file);
        const auto original = whole[json::json_pointer(pointer)].get<std::string>();
        for (const auto& [letter, name] : letters) {
            copy.change(file, pointer, original + letter);
            const auto set = copy.open();
            INFO(file << " " << name);
            REQUIRE(!set);
            CHECK(set.error().code == base::Errc::invalid_input);
            CHECK(set.error().context.find(file) == 0);
            CHECK(set.error().context.find(pointer) != std::string::npos);
            CHECK(set.error().context.find(name) != std::string::npos);
        }
        copy.change(file, pointer, original);
    }
    CHECK(copy.open());
}

TEST_CASE("a file that no set knows is refused", "[unit][content]") {
    Copy copy;
    copy.write("extra.json", "{}");
    REQUIRE(copy.open().has_value()); // not in the manifest: not read
    REQUIRE(content::write_manifest(copy.path()).has_value());
    REQUIRE(copy.open().error().context.starts_with("extra.json: not a file of a content set"));
}

TEST_CASE("a fault in the list of matters makes no form a file that no set knows",
          "[unit][content]") {
    Copy copy;
    copy.change("matters.json", "/matters/0/title/zh", std::string(400, 'x'));
    REQUIRE(content::write_manifest(copy.path()).has_value());
    const auto found =
        ContentSet::examine(copy.path(), KIOSK_VERSION, ContentSet::Files::as_they_lie).findings;
    REQUIRE(found.size() == 1);
    CHECK(found[0].file == "matters.json");
}

TEST_CASE("a set made for a newer program is refused", "[unit][content]") {
    REQUIRE(ContentSet::open("assets/content", "0.0.9").error().code == base::Errc::unsupported);
    REQUIRE(ContentSet::open("assets/content", "0.10.0").has_value());
    REQUIRE(ContentSet::open("assets/content", "new").error().code == base::Errc::invalid_input);
    REQUIRE(ContentSet::open("assets/content/missing").error().code == base::Errc::not_found);
}

TEST_CASE("a manifest that breaks a rule is refused", "[unit][content]") {
    const auto good = [] {
        return json{{"format", 1},
                    {"version", 7},
                    {"created", "2026-11-22"},
                    {"minimumApp", "0.1.0"},
                    {"files",
                     {{{"name", "a.json"}, {"length", 1}, {"sha256", std::string(64, '0')}},
                      {{"name", "b.json"}, {"length", 1}, {"sha256", std::string(64, '0')}}}}};
    };
    const auto read = [](const json& manifest) {
        return content::read_manifest(base::as_bytes(manifest.dump()));
    };
    REQUIRE(read(good()).has_value());
    struct Row {
        const char* pointer;
        json value;
        base::Errc code;
    };
    const auto refused = base::Errc::invalid_input;
    const std::vector<Row> rows{
        {"/format", 2, base::Errc::unsupported},
        {"/version", 0, refused},
        {"/created", "2026-02-30", refused},
        {"/expires", "soon", refused},
        {"/keys", json::array(), refused},
        {"/files", json::array(), refused},
        {"/files/0/name", "../a.json", refused},
        {"/files/0/name", "A.json", refused},
        {"/files/0/name", "a/b.json", refused},
        {"/files/0/name", "..", refused},
        {"/files/0/name", "manifest.json", refused},
        {"/files/0/name", std::string(81, 'a'), refused},
        {"/files/0/name", "b.json", refused}, // twice
        {"/files/0/name", "c.json", refused}, // not in order
        {"/files/0/length", -1, refused},
        {"/files/0/length", 5u << 20, refused},
        {"/files/0/sha256", std::string(63, '0'), refused},
        {"/files/0/sha256", std::string(64, 'G'), refused},
        {"/files/0/sha256", std::string(64, 'A'), refused},
    };
    for (const auto& row : rows) {
        INFO(row.pointer << " " << row.value.dump());
        auto bad = good();
        bad[json::json_pointer(row.pointer)] = row.value;
        const auto manifest = read(bad);
        REQUIRE_FALSE(manifest.has_value());
        REQUIRE(manifest.error().code == row.code);
    }
}

TEST_CASE("a set over 512 MB is refused before a file is opened", "[unit][content]") {
    json manifest{{"format", 1},
                  {"version", 1},
                  {"created", "2026-11-22"},
                  {"minimumApp", "0.1.0"},
                  {"files", json::array()}};
    for (int i = 0; i < 129; ++i)
        manifest["files"].push_back({{"name", "f" + std::to_string(1000 + i)},
                                     {"length", 4u << 20},
                                     {"sha256", std::string(64, '0')}});
    REQUIRE(content::read_manifest(base::as_bytes(manifest.dump())).error().code ==
            base::Errc::too_large);
    manifest["files"].erase(128);
    REQUIRE(content::read_manifest(base::as_bytes(manifest.dump())).has_value());
}

TEST_CASE("icons that the set names exist", "[unit][content]") {
    if (!fs::exists("assets/icons")) {
        WARN("skipped: no assets/icons in this checkout");
        return;
    }
    const auto exists = [](const std::string& icon) {
        return icon.empty() || fs::exists("assets/icons/" + icon + ".svg");
    };
    const auto& set = forms_test::shipped();
    for (const auto& matter : set.matters()) {
        INFO(matter.icon);
        REQUIRE(exists(matter.icon));
        for (const auto& bring : matter.bring) REQUIRE(exists(bring.icon));
        for (const auto& step : set.form(matter.id)->steps)
            for (const auto& field : step.fields)
                for (const auto& option : field.options) {
                    INFO(option.icon);
                    REQUIRE(exists(option.icon));
                }
    }
}

TEST_CASE(
    "recorded speech belongs to the set by language and key; a broken clip costs the clip alone",
    "[unit][content][clip]") {
    const Copy copy;
    copy.write("voice.zh.common.back.opus", "sound");
    copy.write("voice.en.rail.leave.opus", "sound");
    copy.write("voice.ug.no.such.key.opus", "sound"); // no text has this key
    copy.write("voice.xx.common.back.opus", "sound"); // no language
    REQUIRE(content::write_manifest(copy.path()).has_value());
    auto set = copy.open();
    REQUIRE(set);
    REQUIRE((*set)->clips().size() == 2);
    CHECK((*set)->clips()[0].key == "rail.leave");
    CHECK((*set)->clips()[0].language == Language::en);
    CHECK((*set)->clips()[1].file.find("voice.zh.common.back.opus") != std::string::npos);
    CHECK((*set)->broken_clips() == 2);

    copy.write("voice.zh.common.back.opus", "other"); // not what the manifest says
    fs::remove(fs::path(copy.path()) / "voice.en.rail.leave.opus");
    set = copy.open();
    REQUIRE(set);
    CHECK((*set)->clips().empty());
    CHECK((*set)->broken_clips() == 4);
}
