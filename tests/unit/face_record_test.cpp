// The processing record of face checks: counts of a day and nothing else, kept for three years.
#include "kiosk/app/face_record.hpp"

#include "kiosk/base/bytes.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using app::FaceConditions;
using app::FaceDay;
using app::FaceRecord;
using app::FaceTally;
using nlohmann::json;

const base::Date monday{2026y / 11 / 23}, tuesday{2026y / 11 / 24};
const FaceConditions here{"reid", 12, "PIA-2026-3"};

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("kiosk-faces-" + std::to_string(::getpid()));
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string file() const { return app::face_record_file(path.string()); }
    json read() const { return json::parse(base::as_text(*base::read_file(file()))); }
    void write(std::string_view text) const {
        REQUIRE(base::write_file_durably(file(), base::as_bytes(text)));
    }
};

} // namespace

TEST_CASE("the record holds counts of a day, model, content and report, and nothing about anybody",
          "[unit][face][refusal][G3][P7]") {
    const Folder folder;
    FaceRecord record(folder.file());
    CHECK(record.days()->empty());
    REQUIRE(record.add({1, 0, 0}, here, monday, true));
    REQUIRE(record.add({0, 1, 120}, here, monday, true));
    REQUIRE(record.add({1, 0, 3}, here, monday, true));
    const std::set<std::string> wanted{"assessment", "content", "day",    "done",
                                       "frames",     "model",   "offered"};
    const auto rows = folder.read().at("days");
    REQUIRE(rows.size() == 1); // who came first cannot be told from who came last
    std::set<std::string> names;
    for (const auto& [name, value] : rows[0].items()) names.insert(name);
    CHECK(names == wanted);
    CHECK(record.days().value() == std::vector{FaceDay{monday, here, {2, 1, 123}}});
}

TEST_CASE("another day, model, content or report is another row", "[unit][face]") {
    const Folder folder;
    FaceRecord record(folder.file());
    REQUIRE(record.add({1, 1, 1}, here, monday, true));
    REQUIRE(record.add({1, 0, 0}, here, tuesday, true));
    REQUIRE(record.add({1, 0, 0}, {"other", 12, "PIA-2026-3"}, tuesday, true));
    REQUIRE(record.add({1, 0, 0}, {"reid", 13, "PIA-2026-3"}, tuesday, true));
    REQUIRE(record.add({1, 0, 0}, {"reid", 12, ""}, tuesday, true));
    CHECK(record.days()->size() == 5);
    CHECK(FaceRecord(folder.file()).days()->size() == 5);
    REQUIRE(record.add({0, 1, 30}, {"reid", 13, "PIA-2026-3"}, tuesday, true));
    REQUIRE(record.days()->size() == 5);
    CHECK(record.days()->at(3) == FaceDay{tuesday, {"reid", 13, "PIA-2026-3"}, {1, 1, 30}});
}

TEST_CASE("the record of face checks is this file", "[unit][face]") {
    const Folder folder;
    REQUIRE(FaceRecord(folder.file()).add({2, 1, 123}, here, monday, true));
    CHECK(base::as_text(*base::read_file(folder.file())) == R"({
 "days": [
  {
   "assessment": "PIA-2026-3",
   "content": 12,
   "day": "2026-11-23",
   "done": 1,
   "frames": 123,
   "model": "reid",
   "offered": 2
  }
 ],
 "format": "kiosk-face-record/1"
}
)");
}

TEST_CASE("a count stops where a record still makes sense", "[unit][face]") {
    const Folder folder;
    FaceRecord record(folder.file());
    const std::int64_t most = 1'000'000'000'000;
    REQUIRE(record.add({1, 1, most}, here, monday, true));
    REQUIRE(record.add({1, 1, 5}, here, monday, true));
    CHECK(record.days().value() == std::vector{FaceDay{monday, here, {2, 2, most}}});
}

TEST_CASE("rows are kept for three years, and longer where the date is not sure", "[unit][face]") {
    const Folder folder;
    FaceRecord record(folder.file());
    REQUIRE(record.add({1, 1, 1}, here, monday, true));
    const base::Date three_years_on{2029y / 11 / 23};
    REQUIRE(record.add({1, 0, 0}, here, three_years_on, true));
    CHECK(record.days()->size() == 2);
    const base::Date a_day_more{2029y / 11 / 24};
    REQUIRE(record.add({1, 0, 0}, here, a_day_more, false));
    CHECK(record.days()->size() == 3);
    REQUIRE(record.add({1, 0, 0}, here, a_day_more, true));
    CHECK(record.days()->size() == 2);
    CHECK(record.days()->front().day == three_years_on);
}

TEST_CASE("a file that makes no sense is put aside and not lost", "[unit][face]") {
    const Folder folder;
    FaceRecord record(folder.file());
    REQUIRE(record.add({1, 1, 1}, here, monday, true));
    const auto good = folder.read();
    const auto bad = [&](const char* name, json value) {
        auto text = good;
        text.at("days")[0][name] = std::move(value);
        return text.dump();
    };
    for (const auto& text :
         {std::string(), std::string("{"), std::string("[]"), std::string("{\"format\": 1}"),
          bad("day", "2026-02-30"), bad("done", -1), bad("done", 1.5), bad("offered", "two"),
          bad("frames", 2'000'000'000'000), bad("content", "x"), bad("name", "somebody"),
          std::string(2u << 20, ' ')}) {
        INFO(text.substr(0, 300));
        folder.write(text);
        CHECK(record.days().error().code == base::Errc::corrupt);
        REQUIRE(record.add({1, 0, 0}, here, tuesday, true));
        CHECK(record.days().value() == std::vector{FaceDay{tuesday, here, {1, 0, 0}}});
        CHECK(base::as_text(*base::read_file(folder.file() + ".damaged")) == text);
    }
}
