// How many frames the document camera gave: a number for each day and nothing else.
#include "kiosk/app/frame_record.hpp"

#include "kiosk/base/bytes.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using app::FrameDay;
using app::FrameRecord;

const base::Date monday{2026y / 11 / 23}, tuesday{2026y / 11 / 24};

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("kiosk-frames-" + std::to_string(::getpid()));
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string file() const { return app::frame_record_file(path.string()); }
    void write(std::string_view text) const {
        std::filesystem::create_directories(path / "camera");
        REQUIRE(base::write_file_durably(file(), base::as_bytes(text)));
    }
};

} // namespace

TEST_CASE("frames of a day are one number", "[unit][camera][refusal][G7]") {
    const Folder folder;
    FrameRecord record(folder.file());
    CHECK(record.days()->empty());
    REQUIRE(record.add(25, monday, true));
    REQUIRE(record.add(3, monday, true));
    REQUIRE(record.add(7, tuesday, true));
    CHECK(record.days().value() == std::vector{FrameDay{monday, 28}, FrameDay{tuesday, 7}});
    const auto bytes = base::read_file(folder.file());
    CHECK(base::as_text(*bytes) == R"({
 "days": [
  {
   "day": "2026-11-23",
   "frames": 28
  },
  {
   "day": "2026-11-24",
   "frames": 7
  }
 ],
 "format": "kiosk-frames/1"
}
)");
}

TEST_CASE("rows of three years ago go, while the date is sure", "[unit][camera]") {
    const Folder folder;
    FrameRecord record(folder.file());
    const base::Date long_ago{2023y / 11 / 22};
    REQUIRE(record.add(1, long_ago, false));
    REQUIRE(record.add(1, monday, false));
    CHECK(record.days()->size() == 2);
    REQUIRE(record.add(1, monday, true));
    CHECK(record.days().value() == std::vector{FrameDay{monday, 2}});
}

TEST_CASE("a damaged record of frames is put aside and a new one begun", "[unit][camera]") {
    for (
        const auto* text :
        {"", "{", "[]", R"({"format": "kiosk-frames/2", "days": []})",
         R"({"format": "kiosk-frames/1", "days": [{"day": "2026-11-23"}]})",
         R"({"format": "kiosk-frames/1", "days": [{"day": "2026-11-23", "frames": -1}]})",
         R"({"format": "kiosk-frames/1", "days": [{"day": "2026-11-23", "frames": 1, "x": 1}]})"}) {
        INFO(text);
        const Folder folder;
        folder.write(text);
        FrameRecord record(folder.file());
        CHECK(record.days().error().code == base::Errc::corrupt);
        REQUIRE(record.add(2, monday, true));
        CHECK(record.days().value() == std::vector{FrameDay{monday, 2}});
        CHECK(std::filesystem::exists(folder.file() + ".damaged"));
    }
}
