// The file form of a receipt: what is read, and what is refused with one clear line.
#include "printer/document.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <string>

namespace {

// Every kind of block once.
const std::string complete = R"({"schema": "receipt/1", "blocks": [
  {"kind": "paragraph", "text": "高龄津贴申请", "language": "zh", "size": "large", "bold": true, "align": "centre"},
  {"kind": "banner", "texts": [{"text": "已受理", "language": "zh"}, {"text": "Accepted", "language": "en"}]},
  {"kind": "pair", "label": "ۋاقتى", "value": "2026-11-22 10:38", "language": "ug"},
  {"kind": "rule", "style": "dashed"},
  {"kind": "space", "millimetres": 3},
  {"kind": "qr", "payload": "7K4M92HX3PRD"},
  {"kind": "cut"}]})";

base::Result<printer::Document> read(const std::string& json) {
    return printer::read_document(base::as_bytes(json));
}

std::string error_of_block(const std::string& block) {
    const auto document = read(R"({"schema": "receipt/1", "blocks": [)" + block + "]}");
    REQUIRE_FALSE(document);
    return document.error().text();
}

} // namespace

TEST_CASE("a receipt file is read block by block", "[unit][receipt]") {
    const auto document = read(complete);
    REQUIRE(document);
    REQUIRE(document->blocks.size() == 7);
    const auto& title = std::get<printer::Paragraph>(document->blocks[0]);
    CHECK(title.content.text.view() == "高龄津贴申请");
    CHECK(title.content.language == base::Language::zh);
    CHECK(title.size == printer::Size::large);
    CHECK(title.is_bold);
    CHECK(title.align == printer::Align::centre);
    CHECK(std::get<printer::Banner>(document->blocks[1]).texts.size() == 2);
    CHECK(std::get<printer::Pair>(document->blocks[2]).language == base::Language::ug);
    CHECK(std::get<printer::Rule>(document->blocks[3]).style == printer::RuleStyle::dashed);
    CHECK(std::get<printer::Space>(document->blocks[4]).millimetres == 3);
    CHECK(std::get<printer::Qr>(document->blocks[5]).payload.view() == "7K4M92HX3PRD");
    CHECK(std::holds_alternative<printer::Cut>(document->blocks[6]));
}

TEST_CASE("a faulty receipt file is refused with the place and the reason", "[unit][receipt]") {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"kind": "photo"})", "blocks[0].kind: must be one of: paragraph, pair, banner, rule, "
                                 "space, qr, code, table, logo, "
                                 "cut"},
        {R"({"text": "a"})", "blocks[0]: key \"kind\" is missing"},
        {R"("cut")", "blocks[0]: must be an object"},
        {R"({"kind": "cut", "depth": 1})", "blocks[0]: unknown key \"depth\""},
        {R"({"kind": "paragraph", "language": "zh"})", "blocks[0]: key \"text\" is missing"},
        {R"({"kind": "paragraph", "text": 7, "language": "zh"})", "blocks[0].text: must be a text"},
        {R"({"kind": "paragraph", "text": "", "language": "zh"})", "must not be empty"},
        {R"({"kind": "paragraph", "text": "a", "language": "ru"})", "must be one of: zh, ug, en"},
        {R"({"kind": "paragraph", "text": "a", "language": "zh", "size": "big"})",
         "blocks[0].size: must be one of: normal, large, huge"},
        {R"({"kind": "paragraph", "text": "a", "language": "zh", "bold": 1})",
         "blocks[0].bold: must be true or false"},
        {R"({"kind": "banner", "texts": []})", "blocks[0].texts: must be a list of 1 to 3 texts"},
        {R"({"kind": "banner", "texts": [{"text": "a"}]})",
         "blocks[0].texts[0]: key \"language\" is missing"},
        {R"({"kind": "space", "millimetres": 51})", "must be a whole number from 1 to 50"},
        {R"({"kind": "space", "millimetres": -1})", "must be a whole number from 1 to 50"},
        {R"({"kind": "space", "millimetres": 1e99})", "must be a whole number from 1 to 50"},
        {R"({"kind": "qr", "payload": "号"})", "must be 1 to 120 printable ASCII characters"},
        {R"({"kind": "cut", "kind": "cut"})", "receipt: a key occurs twice"},
    };
    for (const auto& [block, reason] : cases) {
        INFO(block);
        CHECK_THAT(error_of_block(block), Catch::Contains(reason));
    }
    CHECK_FALSE(read("[]"));
    CHECK_FALSE(read(R"({"schema": "receipt/2", "blocks": [{"kind": "cut"}]})"));
    CHECK_FALSE(read(R"({"schema": "receipt/1", "blocks": []})"));
    CHECK_FALSE(read(R"({"schema": "receipt/1", "blocks": [{"kind": "cut"}], "copy": 1})"));
    CHECK_FALSE(
        read("{\"schema\": \"receipt/1\", \"blocks\": [{\"kind\": \"cut\", \"\xff\": 1}]}"));
}

TEST_CASE("a refused receipt never quotes what it says about a person", "[unit][receipt]") {
    // Synthetic text, which must not come back in any error.
    for (const char* block :
         {R"({"kind": "paragraph", "text": "SYNTHETIC", "language": "SYNTHETIC"})",
          R"({"kind": "SYNTHETIC"})", R"({"kind": "qr", "payload": ["SYNTHETIC"]})",
          R"({"kind": "space", "millimetres": "SYNTHETIC"})"}) {
        CHECK_THAT(error_of_block(block), !Catch::Contains("SYNTHETIC"));
    }
}

TEST_CASE("a receipt file cut at any byte is refused", "[unit][receipt]") {
    for (std::size_t size = 0; size < complete.size(); ++size) {
        INFO(size);
        CHECK_FALSE(read(complete.substr(0, size)));
    }
}

TEST_CASE("an oversized receipt file is refused", "[unit][receipt]") {
    std::string many = R"({"schema": "receipt/1", "blocks": [{"kind": "cut"})";
    for (int i = 0; i < 200; ++i) many += R"(,{"kind": "cut"})";
    CHECK(read(many + "]}").error().code == base::Errc::too_large);
    CHECK(read(std::string(300 * 1024, ' ')).error().code == base::Errc::too_large);
    CHECK_THAT(error_of_block(R"({"kind": "paragraph", "language": "zh", "text": ")" +
                              std::string(2001, 'a') + "\"}"),
               Catch::Contains("longer than 2000 bytes"));
    CHECK_FALSE(read(std::string(100'000, '[')));
}

TEST_CASE("every receipt fixture is readable", "[unit][receipt]") {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("tests/fixtures/receipts")) {
        if (entry.path().extension() != ".json") continue;
        INFO(entry.path());
        const auto bytes = base::read_file(entry.path().string());
        REQUIRE(bytes);
        const auto document = printer::read_document(*bytes);
        CHECK((document ? "" : document.error().text()) == "");
        ++count;
    }
    CHECK(count >= 6);
}

TEST_CASE("a receipt number is printed in groups of four", "[unit][receipt]") {
    CHECK(printer::in_groups_of_four("7K4M92HX3PRD").view() == "7K4M 92HX 3PRD");
    CHECK(printer::in_groups_of_four("7K4M9").view() == "7K4M 9");
    CHECK(printer::in_groups_of_four("").empty());
}
