// Goal: no set with a text that has no room on a screen, or with a sign that no font has, is ever
// used (V6), and every text that fits is.
#include "kiosk/app/content_channel.hpp"
#include "kiosk/app/text_room.hpp"
#include "tests/support/content_maker.hpp"

#include <catch2/catch.hpp>

#include <functional>

namespace {

using content::Finding;
using support::ContentMaker;
using Json = nlohmann::ordered_json;

constexpr auto report = "form-problem-report.json";

config::Config shipped() {
    config::Config config;
    config.content_folder = "assets/content";
    config.assets_folder = "assets";
    config.fonts_folder = "/usr/share/fonts";
    return config;
}

// As long as the file may have it: many words, so that it is never one that cannot be broken.
std::string long_words(const std::string& word, std::size_t characters) {
    std::string words;
    for (std::size_t i = 0; i < characters; ++i) words += word;
    return words;
}
Json long_in_chinese(std::size_t characters) {
    return {{"zh", long_words("长", characters)}, {"ug", "سوئال"}, {"en", "A question"}};
}

// The shipped set with one change.
std::vector<Finding> found_with(const std::string& file, const std::function<void(Json&)>& change) {
    const ContentMaker maker;
    const auto folder = maker.make(9, "Hello", {});
    ContentMaker::change(folder, file, [&](Json& json) { change(json); });
    REQUIRE(content::write_manifest(folder).has_value());
    const auto set = content::ContentSet::open(folder);
    INFO((set ? std::string() : set.error().text()));
    REQUIRE(set.has_value()); // nothing else is wrong with it
    return app::texts_without_room(shipped(), *set);
}

std::string all_of(const std::vector<Finding>& found) {
    std::string words;
    for (const auto& each : found) words += each.file + " " + each.field + " " + each.words + "\n";
    return words;
}

} // namespace

TEST_CASE("every text of the shipped set has room", "[unit][content]") {
    const auto set = content::ContentSet::open("assets/content");
    REQUIRE(set.has_value());
    const auto found = app::texts_without_room(shipped(), *set);
    INFO(all_of(found));
    CHECK(found.empty());
}

TEST_CASE("a text without room is found where it is shown", "[unit][content][refusal][G1]") {
    struct Case {
        std::string what, file, field, page;
        std::function<void(Json&)> change;
    };
    const Case each = GENERATE(values<Case>({
        {"a question above a board", report, "report.text", "Chinese, question",
         [](Json& form) { form["steps"][2]["fields"][1]["question"] = long_in_chinese(80); }},
        {"a fact of the notice", "matters.json", "", "Chinese, notice of problem-report",
         [](Json& all) {
             for (auto& matter : all["matters"])
                 if (matter["id"] == "problem-report")
                     for (const auto* fact : {"time", "result", "cost"})
                         matter[fact] = long_in_chinese(80);
         }},
        {"the title of a consent", "consents.json", "",
         "Chinese, face.compare in pension-eligibility",
         [](Json& all) { all["consents"]["face.compare"]["title"] = long_in_chinese(80); }},
    }));
    INFO(each.what);
    const auto found = found_with(each.file, each.change);
    INFO(all_of(found));
    REQUIRE(found.size() == 1); // once, however many boards and panels
    CHECK(found[0].rule == "V6");
    CHECK(found[0].file == each.file);
    CHECK(found[0].field == each.field);
    CHECK(found[0].words.starts_with(each.page + ": at the largest text size on "));
    CHECK(found[0].words.find("shorter") != std::string::npos);
}

TEST_CASE("a text without room is found in every language", "[unit][content][refusal][G1]") {
    struct Case {
        std::string name, key, letter;
    };
    const Case each = GENERATE(
        values<Case>({{"Chinese", "zh", "长"}, {"Uyghur", "ug", "ش"}, {"English", "en", "W"}}));
    INFO(each.name);
    const auto found = found_with(report, [&](Json& form) { // one word of eighty letters
        form["steps"][2]["fields"][1]["question"][each.key] = long_words(each.letter, 80);
    });
    INFO(all_of(found));
    REQUIRE(found.size() == 1);
    CHECK(found[0].words.starts_with(each.name + ", question: "));
}

TEST_CASE("a text without room on a later part of a list is found",
          "[unit][content][refusal][G1]") {
    const auto found = found_with("consents.json", [](Json& all) {
        auto& text = all["consents"]["face.compare"];
        text["title"] = long_in_chinese(40);
        text["statements"].back() = long_in_chinese(200);
    });
    INFO(all_of(found));
    CHECK_FALSE(found.empty());
}

TEST_CASE("a sign that no font has is found", "[unit][content][refusal][G1]") {
    const auto found = found_with(report, [](Json& form) {
        form["steps"][0]["fields"][0]["label"] = {
            {"zh", "问题\U00030000"}, {"ug", "سوئال"}, {"en", "A question"}};
    });
    INFO(all_of(found));
    REQUIRE_FALSE(found.empty());
    CHECK(found[0].words.find("no font of the kiosk has U+30000") != std::string::npos);
    CHECK(found[0].field == "report.kind");
}

TEST_CASE("who signs it does not matter: a set without room is not taken",
          "[unit][content][refusal][G1]") {
    const ContentMaker maker;
    const auto folder = maker.make(9, "Hello", {});
    ContentMaker::change(folder, report, [](Json& form) {
        form["version"] = 9;
        form["steps"][2]["fields"][1]["question"] = long_in_chinese(80);
    });
    REQUIRE(content::write_manifest(folder).has_value());
    ContentMaker::sign(folder, {1, 2, 3});
    auto settings = shipped();
    settings.data_folder = maker.path("data");
    auto terms = app::terms_of_writers(settings);
    terms.keys = ContentMaker::district_keys();
    const content::Store store(terms);
    const auto installed = store.install(folder, {});
    REQUIRE_FALSE(installed.has_value());
    CHECK(installed.error().code == base::Errc::invalid_input);
    CHECK(installed.error().context.find("V6") != std::string::npos);
    CHECK(store.state().value().active.empty());
    // The same set with fewer words is.
    const auto good = maker.make(10, "Hello", {1, 2, 3});
    const auto name = store.install(good, {});
    INFO((name ? std::string() : name.error().text()));
    REQUIRE(name.has_value());
    CHECK(store.activate(*name).has_value());
}
