// How people found their visits: numbers of a day, and what of them leaves the kiosk.
#include "kiosk/app/ratings.hpp"

#include "kiosk/base/bytes.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using app::Ratings;
using nlohmann::json;
using session::Rating;

const base::Date monday{2026y / 11 / 23}, tuesday{2026y / 11 / 24}, friday{2026y / 11 / 27};

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("kiosk-ratings-" + std::to_string(::getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string file() const { return (path / "ratings.json").string(); }
    std::string text() const {
        const auto bytes = base::read_file(file());
        return bytes ? std::string(base::as_text(*bytes)) : "";
    }
};

} // namespace

TEST_CASE("ratings are numbers of a day: no visit, hour, matter or language is kept with them",
          "[unit][ratings][refusal][G4]") {
    const Folder folder;
    Ratings ratings(folder.file());
    REQUIRE(ratings.count(Rating::good, monday));
    REQUIRE(ratings.count(Rating::poor, monday));
    REQUIRE(ratings.count(Rating::good, monday));
    REQUIRE(ratings.count(Rating::none, monday));
    // A new member is a decision: say in this list why it tells nothing about a person.
    CHECK(json::parse(folder.text()) ==
          json{{"now", {{"day", "2026-11-23"}, {"good", 2}, {"fair", 0}, {"poor", 1}}}});
}

TEST_CASE("only a day that is over leaves the kiosk, and the last one that had any",
          "[unit][ratings][refusal][G4]") {
    const Folder folder;
    Ratings ratings(folder.file());
    CHECK_FALSE(ratings.last_day(monday));
    REQUIRE(ratings.count(Rating::fair, monday));
    CHECK_FALSE(ratings.last_day(monday)); // it is not over
    REQUIRE(ratings.last_day(tuesday));
    CHECK(ratings.last_day(tuesday)->fair == 1);
    REQUIRE(ratings.count(Rating::good, tuesday));
    REQUIRE(ratings.last_day(tuesday));
    CHECK(ratings.last_day(tuesday)->day == monday);
    REQUIRE(ratings.last_day(friday));
    CHECK(ratings.last_day(friday)->day == tuesday);
    CHECK(ratings.last_day(friday)->good == 1);
    CHECK(ratings.last_day(friday)->fair == 0);

    const Ratings after_a_restart(folder.file());
    REQUIRE(after_a_restart.last_day(friday));
    CHECK(after_a_restart.last_day(friday)->day == tuesday);
}

TEST_CASE("a file of ratings that cannot be read begins anew", "[unit][ratings]") {
    const Folder folder;
    Ratings ratings(folder.file());
    for (const std::string_view broken :
         {"", "{", "[]", "null", R"({"now":7})",
          R"({"now":{"day":"2026-11-23","good":-1,"fair":0,"poor":0}})",
          R"({"now":{"day":"2026-11-23","good":4294967297,"fair":0,"poor":0}})",
          R"({"now":{"day":"2026-02-30","good":1,"fair":0,"poor":0}})",
          R"({"now":{"day":"2026-11-23","good":1,"fair":0}})"}) {
        INFO(broken);
        REQUIRE(base::write_file_durably(folder.file(), base::as_bytes(broken)));
        CHECK_FALSE(ratings.last_day(friday));
        REQUIRE(ratings.count(Rating::poor, tuesday));
        REQUIRE(ratings.last_day(friday));
        CHECK(ratings.last_day(friday)->poor == 1);
    }
}
