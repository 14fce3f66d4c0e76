#include "kiosk/outbox/print_journal.hpp"

#include "kiosk/outbox/sqlite.hpp"

#include <sqlite3.h>

#include <array>

namespace outbox {
namespace {

// "kijo": tells this file from any other SQLite database.
constexpr std::int64_t journal_application_id = 0x6b696a6f;

constexpr const char* journal_schema = R"(
CREATE TABLE jobs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    key        TEXT NOT NULL,
    receipt_no TEXT NOT NULL,
    copy       INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN
               ('queued','sending','sent','printed','taken','retracted','voided','unknown')),
    bytes      INTEGER NOT NULL DEFAULT 0,
    owes_note  INTEGER NOT NULL DEFAULT 0,
    at         INTEGER NOT NULL
);
CREATE TABLE paper (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    dots      INTEGER NOT NULL,
    cuts      INTEGER NOT NULL,
    roll_dots INTEGER NOT NULL
);
INSERT INTO paper VALUES (1, 0, 0, 0);
CREATE INDEX jobs_by_number ON jobs (receipt_no);
PRAGMA application_id=0x6b696a6f;
PRAGMA user_version=1;
)";

constexpr int journal_busy_millis = 5000; // as the outbox beside it

constexpr std::array all_job_states{JobState::queued,  JobState::sending, JobState::sent,
                                    JobState::printed, JobState::taken,   JobState::retracted,
                                    JobState::voided,  JobState::unknown};

JobState state_from(std::string_view text) {
    for (const JobState state : all_job_states) {
        if (to_string(state) == text) return state;
    }
    return JobState::unknown; // the table's CHECK allows no other word
}

constexpr std::string_view columns =
    "SELECT id, key, receipt_no, copy, state, bytes, owes_note, at FROM jobs ";

base::Result<std::vector<PrintJob>> read_jobs(Database& database, std::string_view where) {
    const std::string sql = std::string(columns) + std::string(where);
    auto rows = TRY(database.prepare(sql.c_str()));
    std::vector<PrintJob> jobs;
    while (TRY(rows.step())) {
        PrintJob job;
        job.id = rows.integer(0);
        job.key = rows.text(1);
        job.receipt_no = rows.text(2);
        job.copy = int(rows.integer(3));
        job.state = state_from(rows.text(4));
        job.offset = rows.integer(5);
        job.owes_void_note = rows.integer(6) != 0;
        job.at = base::WallTime(base::Milliseconds(rows.integer(7)));
        jobs.push_back(std::move(job));
    }
    return jobs;
}

base::Result<void> one_row(base::Result<int> changed) {
    if (TRY(changed) != 1) return base::Error{base::Errc::not_found, "print journal: no such job"};
    return {};
}

} // namespace

std::string_view to_string(JobState state) {
    switch (state) {
    case JobState::queued: return "queued";
    case JobState::sending: return "sending";
    case JobState::sent: return "sent";
    case JobState::printed: return "printed";
    case JobState::taken: return "taken";
    case JobState::retracted: return "retracted";
    case JobState::voided: return "voided";
    case JobState::unknown: return "unknown";
    }
    CHECK(false);
}

struct SqlitePrintJournal::Connection {
    std::unique_ptr<Database> database;
    const base::Clock* clock;
};

SqlitePrintJournal::SqlitePrintJournal(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
SqlitePrintJournal::~SqlitePrintJournal() = default;

base::Result<std::unique_ptr<SqlitePrintJournal>>
SqlitePrintJournal::open(const std::string& path, const base::Clock& clock, const char* vfs) {
    auto database = TRY(Database::open(path, Database::Mode::create, vfs));
    sqlite3_busy_timeout(database->native(), journal_busy_millis);
    // The cache, in KiB, holds some jobs; the default of 2 MB would fill for months.
    TRY(database->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                          "PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
                          "PRAGMA cache_size=-256"));
    if (TRY(database->text("PRAGMA journal_mode")) != "wal" ||
        TRY(database->integer("PRAGMA synchronous")) != 2) {
        return base::Error{base::Errc::unsupported, "print journal: setting refused"};
    }
    if (TRY(database->integer("SELECT count(*) FROM sqlite_schema")) == 0) {
        auto transaction = TRY(Transaction::begin(*database));
        TRY(database->execute(journal_schema));
        TRY(transaction.commit());
    } else if (TRY(database->integer("PRAGMA application_id")) != journal_application_id) {
        return base::Error{base::Errc::corrupt, "print journal: not such a file"};
    } else if (TRY(database->integer("PRAGMA user_version")) != 1) {
        return base::Error{base::Errc::unsupported, "print journal: of another program version"};
    }
    auto connection = std::make_unique<Connection>(Connection{std::move(database), &clock});
    return std::unique_ptr<SqlitePrintJournal>(new SqlitePrintJournal(std::move(connection)));
}

base::Result<void> SqlitePrintJournal::inspect(const std::string& path) {
    const auto looked = [&]() -> base::Result<void> {
        auto database = TRY(Database::open(path, Database::Mode::existing, nullptr));
        sqlite3_busy_timeout(database->native(), journal_busy_millis);
        TRY(database->execute("PRAGMA query_only=ON"));
        if (TRY(database->integer("PRAGMA application_id")) != journal_application_id)
            return base::Error{base::Errc::corrupt, "print journal: not such a file"};
        TRY(database->integer("SELECT count(*) FROM jobs"));
        return {};
    }();
    if (looked) return looked;
    return in_words(looked.error(), "the print journal", path,
                    "until then nothing is printed, and numbers stay on the screen until they are "
                    "noted");
}

base::Result<std::int64_t> SqlitePrintJournal::queue(std::string_view key,
                                                     std::string_view receipt_no, int copy) {
    auto& database = *connection_->database;
    const std::int64_t at = connection_->clock->wall().time_since_epoch().count();
    TRY(database.run(
        "INSERT INTO jobs (key, receipt_no, copy, state, at) VALUES (?,?,?,'queued',?)", key,
        receipt_no, std::int64_t(copy), at));
    return std::int64_t(sqlite3_last_insert_rowid(database.native()));
}

base::Result<void> SqlitePrintJournal::note_sending(std::int64_t id, std::int64_t offset) {
    return one_row(connection_->database->run("UPDATE jobs SET state='sending', bytes=? WHERE id=?",
                                              offset, id));
}

base::Result<void> SqlitePrintJournal::note(std::int64_t id, JobState state) {
    return one_row(
        connection_->database->run("UPDATE jobs SET state=? WHERE id=?", to_string(state), id));
}

base::Result<void> SqlitePrintJournal::note_fault(std::int64_t id, JobState state,
                                                  std::int64_t offset, bool owes_void_note) {
    return one_row(
        connection_->database->run("UPDATE jobs SET state=?, bytes=?, owes_note=? WHERE id=?",
                                   to_string(state), offset, std::int64_t(owes_void_note), id));
}

base::Result<void> SqlitePrintJournal::note_voided_on_paper(std::int64_t id) {
    return one_row(connection_->database->run("UPDATE jobs SET owes_note=0 WHERE id=?", id));
}

base::Result<void> SqlitePrintJournal::note_paper(std::int64_t dots, std::int64_t cuts) {
    return one_row(connection_->database->run(
        "UPDATE paper SET dots=dots+?, cuts=cuts+?, roll_dots=roll_dots+?", dots, cuts, dots));
}

base::Result<void> SqlitePrintJournal::note_new_roll() {
    return one_row(connection_->database->run("UPDATE paper SET roll_dots=0"));
}

base::Result<PaperUse> SqlitePrintJournal::paper_use() const {
    auto rows = TRY(connection_->database->prepare("SELECT dots, cuts, roll_dots FROM paper"));
    if (!TRY(rows.step())) return base::Error{base::Errc::corrupt, "print journal: no paper row"};
    return PaperUse{rows.integer(0), rows.integer(1), rows.integer(2)};
}

base::Result<std::vector<PrintJob>> SqlitePrintJournal::open_jobs() const {
    return read_jobs(*connection_->database,
                     "WHERE state IN ('queued','sending','sent') ORDER BY id");
}

base::Result<std::vector<PrintJob>> SqlitePrintJournal::owing_void_notes() const {
    return read_jobs(*connection_->database, "WHERE owes_note<>0 ORDER BY id");
}

base::Result<std::vector<PrintJob>> SqlitePrintJournal::last(int count) const {
    CHECK(count > 0 && count <= 1000);
    return read_jobs(*connection_->database, "ORDER BY id DESC LIMIT " + std::to_string(count));
}

base::Result<int> SqlitePrintJournal::next_copy(std::string_view receipt_no) const {
    auto rows = TRY(connection_->database->prepare(
        "SELECT count(*), coalesce(max(copy),0) FROM jobs WHERE receipt_no=? AND NOT "
        "(state='queued' OR (state='voided' AND bytes=0 AND owes_note=0))"));
    rows.bind(1, receipt_no);
    TRY(rows.step());
    return rows.integer(0) == 0 ? 0 : int(rows.integer(1)) + 1;
}

base::Result<int> SqlitePrintJournal::purge(base::Milliseconds older_than) {
    const auto before = connection_->clock->wall() - older_than;
    return connection_->database->run(
        "DELETE FROM jobs WHERE at<? AND owes_note=0 AND state NOT IN ('queued','sending','sent')",
        std::int64_t(before.time_since_epoch().count()));
}

} // namespace outbox
