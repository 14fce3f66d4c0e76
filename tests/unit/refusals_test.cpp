// Refusals that hold because there is no place for the wrong thing: proved on types and on the
// tables of the database. The names are those of DESIGN §4, spec safeguards and spec reliability
// §6.
#include "kiosk/base/log.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/secret.hpp"
#include "kiosk/outbox/outbox.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <sqlite3.h>
#include <string>
#include <type_traits>
#include <unistd.h>

using base::LogEntry;
using base::LogField;

TEST_CASE("a log call takes no text that is made while the program runs", "[unit][refusal][P11]") {
    STATIC_REQUIRE(std::is_constructible_v<LogEntry, LogField, std::int64_t>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LogEntry, LogField, std::string>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LogEntry, LogField, std::string_view>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LogEntry, LogField, base::SecretText>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LogEntry, std::string>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<base::Word, std::string_view>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<base::Word, std::string>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<base::Word, const char*>);
}

TEST_CASE("a secret cannot be streamed or copied into an error by accident",
          "[unit][refusal][P11]") {
    STATIC_REQUIRE_FALSE(std::is_convertible_v<base::SecretText, std::string>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<base::Error, base::Errc, base::SecretText>);
}

namespace {

// A folder of its own, gone afterwards.
struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("kiosk-refusals-" + std::to_string(::getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

using Columns = std::map<std::string, std::set<std::string>>; // by table

// What a stranger with the disk would find: read with SQLite itself, not through our code.
Columns columns_of(const std::string& path) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    const auto add = [](void* columns, int, char** values, char**) {
        (*static_cast<Columns*>(columns))[values[0]].insert(values[1]);
        return 0;
    };
    Columns columns;
    const auto* query = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
                        "WHERE m.type IN ('table', 'view')";
    const int answer = sqlite3_exec(database, query, add, &columns, nullptr);
    sqlite3_close(database);
    REQUIRE(answer == SQLITE_OK);
    columns.erase("sqlite_sequence");
    return columns;
}

} // namespace

TEST_CASE("queue and receipt journal have no place for a name, a card, a person or a language",
          "[unit][outbox][refusal][D4.5][G2][G5][P13]") {
    const Folder folder;
    const auto path = (folder.path / "outbox.db").string();
    const base::ManualClock clock{base::WallTime{}};
    REQUIRE(outbox::Outbox::open(path, clock).has_value());

    // A new column is a decision: say in this list why it tells nothing about a person.
    // supplements: for papers brought later, the key of the request they belong to, as random as
    // any. signer: the fingerprint of the kiosk's certificate, the same beside every request.
    const Columns allowed{
        {"submissions",
         {"seq", "key", "receipt_no", "matter", "form_version", "state", "reason", "confirmed_at",
          "delivered_at", "case_code", "platform_state", "attempts", "body_sha256", "payload_count",
          "sealed_bytes", "signer", "supplements"}},
        {"payloads", {"key", "number", "sha256", "sealed"}},
        {"receipts", {"key", "state"}},
        {"probe", {"id", "count"}},
    };
    for (const auto& [table, columns] : columns_of(path)) {
        INFO("table " << table);
        REQUIRE(allowed.contains(table));
        for (const auto& column : columns) {
            INFO("column " << column);
            CHECK(allowed.at(table).contains(column));
        }
    }
}
