// What staff have set survives; what is damaged protects (desk_state.hpp).
#include "kiosk/staff/desk_state.hpp"

#include "kiosk/base/digest.hpp"
#include "tests/support/sample_desk.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <future>
#include <semaphore>
#include <sys/stat.h>

using namespace staff;
using base::Errc;
using support::sample_office;
using support::SampleDesk;

namespace {

struct Folder {
    std::string path =
        (std::filesystem::temp_directory_path() / ("kiosk-desk-" + base::SystemRandom().uuid()))
            .string();
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string file() const { return desk_file_in(path); }
};

void set_everything(Kept& kept) {
    kept.is_closed = true;
    kept.notice = "back-soon";
    kept.notice_day = "2026-11-22";
    kept.duty_day = "2026-11-22";
    kept.least_roster_version = 17;
    kept.roster_sha256 = std::string(64, 'a');
    kept.had_roster = true;
    kept.last_sure_time = support::sample_roster_time();
    kept.failures = {{"S-1182", 3}, {"ENROLMENT", 5}};
    kept.failures_of_others = 2;
    kept.counts_day = "2026-11-22";
    kept.counts = {{"S-1182", {1, 2, 3, 4, 5}}, {"S-2044", {}}};
}

} // namespace

TEST_CASE("everything that staff set is there after a restart", "[unit][staff]") {
    const Folder folder;
    Kept set;
    set_everything(set);
    {
        const auto state = DeskState::open(folder.file()).value();
        CHECK_FALSE(state->was_damaged());
        CHECK_FALSE(state->read().is_closed);
        REQUIRE(state->change(set_everything));
    }
    const auto state = DeskState::open(folder.file()).value();
    CHECK_FALSE(state->was_damaged());
    for (const auto& kept : {state->read(), DeskState::inspect(folder.file()).value()}) {
        CHECK(kept.is_closed);
        CHECK(kept.notice == set.notice);
        CHECK(kept.notice_day == set.notice_day);
        CHECK(kept.duty_day == set.duty_day);
        CHECK(kept.least_roster_version == 17);
        CHECK(kept.roster_sha256 == set.roster_sha256);
        CHECK(kept.had_roster);
        CHECK(kept.last_sure_time == set.last_sure_time);
        CHECK(kept.failures == set.failures);
        CHECK(kept.failures_of_others == 2);
        CHECK(kept.counts_day == set.counts_day);
        REQUIRE(kept.counts.size() == 2);
        const auto& counts = kept.counts.at("S-1182");
        CHECK(counts.witnessed == 1);
        CHECK(counts.assisted == 2);
        CHECK(counts.documents == 3);
        CHECK(counts.logins == 4);
        CHECK(counts.failures == 5);
    }
}

TEST_CASE("what could not be written has not changed", "[unit][staff]") {
    const Folder folder;
    const auto state = DeskState::open(folder.file()).value();
    std::filesystem::create_directory(folder.file() + ".new"); // as a full or failing disk
    CHECK_FALSE(state->change([](Kept& kept) { kept.is_closed = true; }).has_value());
    CHECK_FALSE(state->read().is_closed);
}

// Goal: the screen never waits for the disk. Method: the file's neighbour is a pipe, so that a
// change hangs in the disk until the test opens the other end. The limit only ends a test that
// would hang.
TEST_CASE("what staff have set can be read while the disk hangs", "[unit][staff]") {
    const Folder folder;
    const auto state = DeskState::open(folder.file()).value();
    const auto pipe = folder.file() + ".new";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::binary_semaphore begun{0};
    auto changed = std::async(std::launch::async, [&] {
        return state
            ->change([&](Kept& kept) {
                kept.is_closed = true;
                begun.release();
            })
            .has_value();
    });
    begun.acquire();
    auto read = std::async(std::launch::async, [&] { return state->read().is_closed; });
    CHECK(read.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
    // The disk goes on, and fails: a pipe cannot be flushed. Open until then: writing to a pipe
    // that nobody reads would end the program.
    const std::ifstream other_end(pipe);
    CHECK_FALSE(changed.get());
    CHECK_FALSE(read.get());
}

// Goal: no damage is taken for a state. Method: the file cut at every length and with every bit of
// it flipped.
TEST_CASE("a damaged file sets every lock and is kept beside", "[unit][staff][refusal][G9]") {
    const Folder folder;
    REQUIRE(DeskState::open(folder.file()).value()->change(set_everything));
    const auto whole = base::read_file(folder.file()).value();
    const auto is_found = [&](const base::Bytes& bytes) {
        std::ofstream(folder.file(), std::ios::binary | std::ios::trunc)
            .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
        return DeskState::inspect(folder.file()).error().code == Errc::corrupt;
    };
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK(is_found({whole.begin(), whole.begin() + std::ptrdiff_t(size)}));
    for (std::size_t bit = 0; bit < whole.size() * 8; bit += 7) {
        auto other = whole;
        other[bit / 8] ^= std::uint8_t(1 << bit % 8);
        CHECK(is_found(other));
    }
    const auto damaged = base::read_file(folder.file()).value();
    {
        const auto state = DeskState::open(folder.file()).value();
        CHECK(state->was_damaged());
        CHECK(state->read().failures_of_others == pin_tries);
        CHECK(state->read().had_roster); // no enrolment code
        CHECK(base::read_file(folder.file() + ".damaged").value() == damaged);
    }
    // The next start finds what protects, not the damage.
    const auto state = DeskState::open(folder.file()).value();
    CHECK_FALSE(state->was_damaged());
    CHECK(state->read().failures_of_others == pin_tries);
}

// Who writes this file has the digest too. What no row of the audit chain takes must not come as
// far as a row, or the kiosk would end at every start.
TEST_CASE("a desk file with ids that no row of the chain takes is damaged",
          "[unit][staff][refusal][G9]") {
    const Folder folder;
    REQUIRE(DeskState::open(folder.file()).value()->change(set_everything));
    const std::string whole(base::as_text(base::read_file(folder.file()).value()));
    const auto is_damaged = [&](const std::string& from, const std::string& to) {
        auto rest = whole.substr(whole.find('\n') + 1);
        const auto at = rest.find(from);
        REQUIRE(at != std::string::npos);
        rest.replace(at, from.size(), to);
        const auto line = "kiosk-desk/1 " + base::sha256_hex(base::as_bytes(rest)) + "\n";
        REQUIRE(base::write_file_durably(folder.file(), base::as_bytes(line + rest)));
        const bool is_refused = !DeskState::inspect(folder.file()).has_value();
        CHECK(DeskState::open(folder.file()).value()->was_damaged() == is_refused);
        return is_refused;
    };
    const std::string first_count = R"("counts":{"S-1182")";
    const std::string first_failure = R"("failures":{"ENROLMENT")";
    for (const auto* id : {"s-1182", "", "S 1182", "S-1182-S-1182-S-1", "Zhang", "S_1182"}) {
        INFO(id);
        CHECK(is_damaged(first_count, R"("counts":{")" + std::string(id) + '"'));
        CHECK(is_damaged(first_failure, R"("failures":{")" + std::string(id) + '"'));
    }
    for (const auto& id : {std::string("Back-soon"), std::string("back soon"), std::string("/"),
                           std::string(41, 'a')}) {
        INFO(id);
        CHECK(is_damaged("back-soon", id));
    }
    CHECK_FALSE(is_damaged("back-soon", ""));
    CHECK_FALSE(is_damaged("back-soon", std::string(40, 'a')));
    CHECK_FALSE(is_damaged(first_count, R"("counts":{"S-1182-S-1182-S-")"));
}

TEST_CASE("after damage everybody waits five minutes, then everybody is in again",
          "[unit][staff][refusal][G9]") {
    SampleDesk at;
    REQUIRE(base::write_file_durably(desk_file_in(at.folder), base::as_bytes("damaged")));
    at.restart();
    CHECK(at.desk->roster_version() == 1); // the list itself says which one it is
    for (const auto& card : {sample_office().worker, sample_office().technician}) {
        at.reader.insert_card(card);
        CHECK(at.identify() == "locked 300 s");
    }
    at.clock.advance(lock_time);
    CHECK(at.try_card(sample_office().worker, "204060") == "confirmed S-1182");
    CHECK(at.try_card(sample_office().technician, "111111") == "wrong-pin 4");
    at.restart();
    CHECK(at.try_card(sample_office().worker, "204060") == "confirmed S-1182");
    CHECK(at.failures("S-2044") == 1);
    at.reader.insert_card(sample_office().administrator);
    CHECK(at.identify() == "locked 300 s"); // has not been here since
}
