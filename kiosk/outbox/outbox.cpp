// The queue over SQLite. The rows about a submission are small and change often; its sealed bytes
// are large and never change, so they live in a table of their own.
#include "kiosk/outbox/outbox.hpp"

#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/outbox/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/statvfs.h>
#include <unistd.h>

namespace outbox {
namespace {

// "kisk": tells our file from any other SQLite database.
constexpr std::int64_t application_id = 0x6b69736b;
// 2: who signed is noted. 3: papers brought later. Earlier ones are brought up to date by open().
constexpr std::int64_t schema_version = 3;

constexpr const char* schema = R"(
CREATE TABLE submissions (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    key            TEXT NOT NULL UNIQUE,
    receipt_no     TEXT NOT NULL UNIQUE,
    matter         TEXT NOT NULL,
    form_version   INTEGER NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('pending','sending','delivered','quarantined')),
    reason         TEXT,
    confirmed_at   INTEGER NOT NULL,
    delivered_at   INTEGER,
    case_code      TEXT,
    platform_state TEXT,
    attempts       INTEGER NOT NULL DEFAULT 0,
    body_sha256    BLOB NOT NULL,
    payload_count  INTEGER NOT NULL,
    sealed_bytes   INTEGER NOT NULL,
    signer         BLOB,
    supplements    TEXT NOT NULL DEFAULT ''
);
CREATE INDEX submissions_by_state ON submissions (state, seq);
CREATE TABLE payloads (
    key    TEXT NOT NULL REFERENCES submissions (key),
    number INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (key, number)
);
CREATE TABLE receipts (
    key   TEXT PRIMARY KEY REFERENCES submissions (key),
    state TEXT NOT NULL CHECK (state IN ('queued','printing','printed','unfinished','not_printed'))
);
CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL);
INSERT INTO probe VALUES (1, 0);
)";

// R3, and what keeps sealed bytes out of free pages and temporary files. Order matters: the page
// size is fixed by the first write, which is the change to WAL.
struct Setting {
    const char* set;
    const char* read;
    std::string_view expected;
};
constexpr std::array settings{
    Setting{"PRAGMA page_size=16384", "PRAGMA page_size", "16384"},
    Setting{"PRAGMA journal_mode=WAL", "PRAGMA journal_mode", "wal"},
    Setting{"PRAGMA synchronous=FULL", "PRAGMA synchronous", "2"},
    Setting{"PRAGMA mmap_size=0", "PRAGMA mmap_size", "0"},
    Setting{"PRAGMA wal_autocheckpoint=0", "PRAGMA wal_autocheckpoint", "0"},
    Setting{"PRAGMA foreign_keys=ON", "PRAGMA foreign_keys", "1"},
    Setting{"PRAGMA secure_delete=ON", "PRAGMA secure_delete", "1"},
    Setting{"PRAGMA temp_store=MEMORY", "PRAGMA temp_store", "2"},
    Setting{"PRAGMA trusted_schema=OFF", "PRAGMA trusted_schema", "0"},
    Setting{"PRAGMA cell_size_check=ON", "PRAGMA cell_size_check", "1"},
};

// How long one connection waits for the other. Chosen: far above any write measured here (tens of
// milliseconds), short enough for somebody at the screen.
constexpr int busy_timeout_millis = 5000;

// R8. An average request until there are own figures: spec reliability F7 reckons with 0.9 MB.
constexpr std::uint64_t assumed_request_bytes = 1u << 20;
constexpr std::uint64_t requests_that_must_fit = 50;

template <class Enum, std::size_t size>
std::optional<Enum> enumerator_from(std::string_view text, const std::array<Enum, size>& all) {
    for (const Enum one : all) {
        if (to_string(one) == text) return one;
    }
    return std::nullopt;
}
constexpr std::array all_states{State::pending, State::sending, State::delivered,
                                State::quarantined};
constexpr std::array all_reasons{
    QuarantineReason::answers_invalid, QuarantineReason::matter_closed,
    QuarantineReason::key_reuse,       QuarantineReason::receipt_conflict,
    QuarantineReason::not_wanted,      QuarantineReason::damaged};
constexpr std::array all_receipt_states{ReceiptState::queued, ReceiptState::printing,
                                        ReceiptState::printed, ReceiptState::unfinished,
                                        ReceiptState::not_printed};

std::int64_t to_millis(base::WallTime time) {
    return time.time_since_epoch().count();
}
base::WallTime from_millis(std::int64_t millis) {
    return base::WallTime(base::Milliseconds(millis));
}

base::ByteView view(const base::Sha256& digest) {
    return {digest.data(), digest.size()};
}
std::optional<base::Sha256> as_sha256(const base::Bytes& stored) {
    base::Sha256 digest{};
    if (stored.size() != digest.size()) return std::nullopt;
    std::copy(stored.begin(), stored.end(), digest.begin());
    return digest;
}
bool matches(base::ByteView stored, const base::Sha256& digest) {
    return std::equal(stored.begin(), stored.end(), digest.begin(), digest.end());
}

// SQLite creates files readable by all; with the file there first, its -wal and -shm take its mode.
base::Result<void> create_private_file(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        const auto code = errno == ENOSPC ? base::Errc::disk_full : base::Errc::io;
        return base::Error{code, "outbox: cannot create the database file"};
    }
    ::close(fd);
    return {};
}

base::Result<std::uint64_t> free_bytes(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    struct statvfs volume {};
    if (::statvfs(folder.empty() ? "." : folder.c_str(), &volume) != 0) {
        return base::Error{base::Errc::io, "outbox: statvfs"};
    }
    return std::uint64_t(volume.f_bavail) * volume.f_frsize;
}

void prepare_connection(Database& database) {
    sqlite3_busy_timeout(database.native(), busy_timeout_millis);
    // R4: closing must not checkpoint; a program that is told to end ends at once.
    sqlite3_db_config(database.native(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(database.native(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
}

base::Result<void> apply_settings(Database& database) {
    for (const auto& setting : settings) {
        TRY(database.execute(setting.set));
        // A setting whose default is zero answers with no row before SQLite has opened the file.
        const auto found = database.text(setting.read);
        if (!found && found.error().code != base::Errc::not_found) return found.error();
        if (found.value_or("0") != setting.expected) {
            return base::Error{base::Errc::unsupported,
                               std::string("outbox: setting refused: ") + setting.set};
        }
    }
    return {};
}

// Refuses a file that is something else before anything in it is changed.
base::Result<bool> is_empty_database(Database& database) {
    const auto tables = TRY(database.integer("SELECT count(*) FROM sqlite_schema"));
    const auto id = TRY(database.integer("PRAGMA application_id"));
    if (tables == 0 && (id == 0 || id == application_id)) return true;
    if (id != application_id) return base::Error{base::Errc::corrupt, "outbox: not an outbox file"};
    const auto version = TRY(database.integer("PRAGMA user_version"));
    if (version < 1 || version > schema_version)
        return base::Error{base::Errc::unsupported, "outbox: file of another program version"};
    return false;
}

base::Result<void> create_schema(Database& database) {
    auto transaction = TRY(Transaction::begin(database));
    TRY(database.execute(schema));
    TRY(database.execute("PRAGMA application_id=0x6b69736b; PRAGMA user_version=3"));
    return transaction.commit();
}

base::Result<void> bring_up_to_date(Database& database) {
    const auto version = TRY(database.integer("PRAGMA user_version"));
    if (version == schema_version) return {};
    auto transaction = TRY(Transaction::begin(database));
    if (version < 2) TRY(database.execute("ALTER TABLE submissions ADD COLUMN signer BLOB"));
    TRY(database.execute("ALTER TABLE submissions ADD COLUMN supplements TEXT NOT NULL DEFAULT ''; "
                         "PRAGMA user_version=3"));
    return transaction.commit();
}

// What an ended run left half done (R6, R10).
base::Result<void> repair_after_ended_run(Database& database) {
    auto transaction = TRY(Transaction::begin(database));
    TRY(database.run("UPDATE submissions SET state='pending' WHERE state='sending'"));
    TRY(database.run("UPDATE receipts SET state='unfinished' "
                     "WHERE state IN ('queued','printing')"));
    return transaction.commit();
}

base::Result<void> insert_payload(Database& database, std::string_view key, std::int64_t number,
                                  const base::Sha256& digest, const base::Bytes& sealed) {
    TRY(database.run("INSERT INTO payloads (key, number, sha256, sealed) VALUES (?,?,?,?)", key,
                     number, view(digest), base::ByteView(sealed)));
    return {};
}

base::Result<void> insert_submission(Database& database, const NewSubmission& submission,
                                     const base::Sha256& body_digest) {
    std::size_t sealed_bytes = submission.body.size();
    for (const auto& attachment : submission.attachments) sealed_bytes += attachment.sealed.size();
    TRY(database.run("INSERT INTO submissions (key, receipt_no, matter, form_version, state, "
                     "confirmed_at, body_sha256, payload_count, sealed_bytes, signer, "
                     "supplements) VALUES (?,?,?,?,'pending',?,?,?,?,?,?)",
                     std::string_view(submission.key), std::string_view(submission.receipt_no),
                     std::string_view(submission.matter), std::int64_t(submission.form_version),
                     to_millis(submission.confirmed_at), view(body_digest),
                     std::int64_t(submission.attachments.size() + 1), std::int64_t(sealed_bytes),
                     submission.signer ? view(*submission.signer) : base::ByteView(),
                     std::string_view(submission.supplements)));
    TRY(insert_payload(database, submission.key, 0, body_digest, submission.body));
    std::int64_t number = 0;
    for (const auto& attachment : submission.attachments) {
        TRY(insert_payload(database, submission.key, ++number, attachment.sha256,
                           attachment.sealed));
    }
    TRY(database.run("INSERT INTO receipts (key, state) VALUES (?,?)",
                     std::string_view(submission.key), to_string(submission.receipt)));
    return {};
}

// True when this very submission is here already; conflict when its key stands for another.
base::Result<bool> is_known(Database& database, const NewSubmission& submission,
                            const base::Sha256& body_digest) {
    auto statement =
        TRY(database.prepare("SELECT body_sha256, receipt_no FROM submissions WHERE key=?"));
    statement.bind(1, std::string_view(submission.key));
    if (!TRY(statement.step())) return false;
    // The signed body names the digests of its attachments: equal bodies mean equal attachments.
    if (matches(statement.blob(0), body_digest) && statement.text(1) == submission.receipt_no) {
        return true;
    }
    return base::Error{base::Errc::conflict, "outbox: key known with other content"};
}

struct StoredPayload {
    base::Bytes sealed;
    base::Sha256 digest{};
};

// The sealed bytes of one submission in their order, each checked against its digest (R9).
base::Result<std::vector<StoredPayload>> read_payloads(Database& database, std::string_view key,
                                                       std::int64_t expected) {
    auto statement =
        TRY(database.prepare("SELECT sealed, sha256 FROM payloads WHERE key=? ORDER BY number"));
    statement.bind(1, key);
    std::vector<StoredPayload> payloads;
    while (TRY(statement.step())) {
        StoredPayload payload{statement.blob(0), {}};
        payload.digest = base::sha256(payload.sealed);
        if (!matches(statement.blob(1), payload.digest)) {
            return base::Error{base::Errc::corrupt, "outbox: payload does not match its digest"};
        }
        payloads.push_back(std::move(payload));
    }
    if (std::int64_t(payloads.size()) != expected) {
        return base::Error{base::Errc::corrupt, "outbox: payload missing"};
    }
    return payloads;
}

Entry read_entry(const Statement& row) {
    Entry entry;
    entry.key = row.text(0);
    entry.receipt_no = row.text(1);
    entry.matter = row.text(2);
    entry.form_version = int(row.integer(3));
    entry.state = enumerator_from(row.text(4), all_states).value_or(State::quarantined);
    if (!row.is_null(5)) entry.reason = enumerator_from(row.text(5), all_reasons);
    entry.confirmed_at = from_millis(row.integer(6));
    if (!row.is_null(7)) entry.delivered_at = from_millis(row.integer(7));
    entry.case_code = row.text(8);
    entry.platform_state = row.text(9);
    entry.attempts = int(row.integer(10));
    entry.sealed_bytes = std::size_t(row.integer(11));
    entry.receipt =
        enumerator_from(row.text(12), all_receipt_states).value_or(ReceiptState::unfinished);
    entry.supplements = row.text(13);
    return entry;
}

base::Result<void> remove(Database& database, std::string_view key) {
    TRY(database.run("DELETE FROM payloads WHERE key=?", key));
    TRY(database.run("DELETE FROM receipts WHERE key=?", key));
    TRY(database.run("DELETE FROM submissions WHERE key=?", key));
    return {};
}

// Only a request that was never accepted and never tried: R6 protects every other row.
base::Result<void> remove_refused(Database& database, std::string_view key) {
    auto row = TRY(database.prepare(
        "SELECT 1 FROM submissions WHERE key=? AND state='pending' AND attempts=0"));
    row.bind(1, key);
    if (!TRY(row.step())) return {};
    return remove(database, key);
}

bool is_storage_error(base::Errc code) {
    return code == base::Errc::io || code == base::Errc::disk_full;
}

// True when a COMMIT that failed may be whole on the disk: the record that makes it valid is the
// last thing written before the flush, so only a write that failed says for sure that it is not
// there.
bool may_be_kept(int extended_code) {
    const bool is_cut_short = (extended_code & 0xff) == SQLITE_FULL ||
                              extended_code == SQLITE_IOERR_WRITE ||
                              (extended_code & 0xff) == SQLITE_BUSY;
    return !is_cut_short;
}

} // namespace

std::string_view to_string(State state) {
    switch (state) {
    case State::pending: return "pending";
    case State::sending: return "sending";
    case State::delivered: return "delivered";
    case State::quarantined: return "quarantined";
    }
    CHECK(false && "an enumerator without a name");
}

std::string_view to_string(QuarantineReason reason) {
    switch (reason) {
    case QuarantineReason::answers_invalid: return "answers_invalid";
    case QuarantineReason::matter_closed: return "matter_closed";
    case QuarantineReason::key_reuse: return "key_reuse";
    case QuarantineReason::receipt_conflict: return "receipt_conflict";
    case QuarantineReason::not_wanted: return "not_wanted";
    case QuarantineReason::damaged: return "damaged";
    }
    CHECK(false && "an enumerator without a name");
}

std::string_view to_string(ReceiptState state) {
    switch (state) {
    case ReceiptState::queued: return "queued";
    case ReceiptState::printing: return "printing";
    case ReceiptState::printed: return "printed";
    case ReceiptState::unfinished: return "unfinished";
    case ReceiptState::not_printed: return "not_printed";
    }
    CHECK(false && "an enumerator without a name");
}

struct Outbox::Connection {
    // Written out: clang 14, which builds the fuzzers, has no aggregates in parentheses (P0960).
    Connection(std::string the_path, const base::Clock& the_clock, Options the_options)
        : path(std::move(the_path)), clock(the_clock), options(std::move(the_options)) {}

    std::string path;
    const base::Clock& clock;
    Options options;
    std::unique_ptr<Database> database; // null while the storage is broken
    bool is_healthy = true;
    // Keys whose COMMIT failed: the resident was told "not accepted" (R5). A failed COMMIT can be
    // on the disk all the same and come back when the log is read anew; probe_storage() removes it.
    std::vector<std::string> refused;

    // Looks before it sets anything, so that a foreign file is left as it was.
    base::Result<void> connect(Database::Mode mode) {
        database.reset();
        auto opened = TRY(Database::open(path, mode, options.vfs));
        prepare_connection(*opened);
        TRY(is_empty_database(*opened));
        TRY(apply_settings(*opened));
        database = std::move(opened);
        return {};
    }

    base::Result<void> write_test_transaction() {
        auto transaction = TRY(Transaction::begin(*database));
        TRY(database->run("UPDATE probe SET count=count+1"));
        for (const auto& key : refused) TRY(remove_refused(*database, key));
        return transaction.commit();
    }

    // Runs one piece of work; a storage error is remembered until probe_storage() succeeds.
    template <class Work> auto with_database(Work work) -> decltype(work(*database)) {
        if (!database) return base::Error{base::Errc::io, "outbox: storage is not open"};
        auto result = work(*database);
        if (!result && is_storage_error(result.error().code)) is_healthy = false;
        return result;
    }

    // One statement that must change exactly the row of `key`, as its own transaction.
    template <class... Values>
    base::Result<void> move_row(std::string_view key, const char* sql, const Values&... values) {
        return with_database([&](Database& db) -> base::Result<void> {
            auto transaction = TRY(Transaction::begin(db));
            TRY(change_one(db, key, sql, values...));
            return transaction.commit();
        });
    }

    template <class... Values>
    static base::Result<void> change_one(Database& db, std::string_view key, const char* sql,
                                         const Values&... values) {
        if (TRY(db.run(sql, values...)) == 1) return {};
        auto known = TRY(db.prepare("SELECT 1 FROM submissions WHERE key=?"));
        known.bind(1, key);
        if (TRY(known.step())) {
            return base::Error{base::Errc::conflict, "outbox: not a legal move from this state"};
        }
        return base::Error{base::Errc::not_found, "outbox: no such submission"};
    }
};

Outbox::Outbox(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Outbox::~Outbox() = default;

namespace {

template <class Work>
base::Result<std::unique_ptr<Outbox>> or_in_words(const std::string& path, Work work) {
    base::Result<std::unique_ptr<Outbox>> box = work();
    if (box) return box;
    return in_words(box.error(), "the outbox", path,
                    "do not delete it, because residents were told that what is in it is safe, and "
                    "the district may still read it");
}

} // namespace

base::Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& path,
                                                   const base::Clock& clock, Options options) {
    return or_in_words(path, [&]() -> base::Result<std::unique_ptr<Outbox>> {
        if (!options.vfs) TRY(create_private_file(path));
        auto connection = std::make_unique<Connection>(path, clock, std::move(options));
        TRY(connection->connect(Database::Mode::create));
        if (TRY(is_empty_database(*connection->database))) {
            TRY(create_schema(*connection->database));
        }
        TRY(bring_up_to_date(*connection->database));
        TRY(repair_after_ended_run(*connection->database));
        return std::unique_ptr<Outbox>(new Outbox(std::move(connection)));
    });
}

base::Result<std::unique_ptr<Outbox>> Outbox::inspect(const std::string& path,
                                                      const base::Clock& clock, Options options) {
    return or_in_words(path, [&]() -> base::Result<std::unique_ptr<Outbox>> {
        auto connection = std::make_unique<Connection>(path, clock, std::move(options));
        auto database =
            TRY(Database::open(path, Database::Mode::existing, connection->options.vfs));
        prepare_connection(*database);
        TRY(database->execute("PRAGMA query_only=ON"));
        if (TRY(is_empty_database(*database))) {
            return base::Error{base::Errc::not_found, "outbox: the file is empty"};
        }
        if (TRY(database->integer("PRAGMA user_version")) != schema_version)
            return base::Error{
                base::Errc::unsupported,
                "outbox: of an earlier version; start the kiosk once, then ask again"};
        connection->database = std::move(database);
        return std::unique_ptr<Outbox>(new Outbox(std::move(connection)));
    });
}

base::Result<std::unique_ptr<Outbox>> Outbox::join(const std::string& path,
                                                   const base::Clock& clock, Options options) {
    return or_in_words(path, [&]() -> base::Result<std::unique_ptr<Outbox>> {
        auto connection = std::make_unique<Connection>(path, clock, std::move(options));
        TRY(connection->connect(Database::Mode::existing));
        return std::unique_ptr<Outbox>(new Outbox(std::move(connection)));
    });
}

base::Result<std::unique_ptr<Outbox>> Outbox::another_connection() const {
    return join(connection_->path, connection_->clock, connection_->options);
}

base::Result<void> Outbox::enqueue(const NewSubmission& submission) {
    if (submission.key.empty() || submission.body.empty() ||
        !is_valid_receipt_number(submission.receipt_no)) {
        return base::Error{base::Errc::invalid_input, "outbox: key, body or receipt number"};
    }
    for (const auto& attachment : submission.attachments) {
        if (base::sha256(attachment.sealed) != attachment.sha256) {
            return base::Error{base::Errc::invalid_input, "outbox: attachment digest"};
        }
    }
    const auto body_digest = base::sha256(submission.body);
    bool is_unsure = false;
    auto stored = connection_->with_database([&](Database& db) -> base::Result<void> {
        auto transaction = TRY(Transaction::begin(db));
        if (TRY(is_known(db, submission, body_digest))) return {};
        TRY(insert_submission(db, submission, body_digest));
        const auto committed = transaction.commit();
        if (!committed) {
            connection_->refused.push_back(submission.key);
            is_unsure = may_be_kept(sqlite3_extended_errcode(db.native()));
        }
        return committed;
    });
    if (stored || bury_refused() || !is_unsure) return stored;
    return base::Error{base::Errc::uncertain, stored.error().context};
}

// Overwrites in the log what a failed COMMIT may have left there, as soon as the disk lets it.
bool Outbox::bury_refused() {
    if (!connection_->refused.empty() && connection_->database &&
        connection_->write_test_transaction())
        connection_->refused.clear();
    return connection_->refused.empty();
}

base::Result<std::vector<std::string>> Outbox::waiting(std::size_t limit) const {
    using Keys = base::Result<std::vector<std::string>>;
    return connection_->with_database([&](Database& db) -> Keys {
        auto rows = TRY(
            db.prepare("SELECT key FROM submissions WHERE state='pending' ORDER BY seq LIMIT ?"));
        rows.bind(1, std::int64_t(limit));
        std::vector<std::string> keys;
        while (TRY(rows.step())) keys.push_back(rows.text(0));
        return keys;
    });
}

base::Result<PendingSubmission> Outbox::load(std::string_view key) const {
    return connection_->with_database([&](Database& db) -> base::Result<PendingSubmission> {
        auto row =
            TRY(db.prepare("SELECT receipt_no, attempts, payload_count, body_sha256, signer, "
                           "supplements FROM submissions WHERE key=? AND state<>'delivered'"));
        row.bind(1, key);
        if (!TRY(row.step())) return base::Error{base::Errc::not_found, "outbox: load"};
        auto payloads = TRY(read_payloads(db, key, row.integer(2)));
        if (payloads.empty() || !matches(row.blob(3), payloads.front().digest)) {
            return base::Error{base::Errc::corrupt, "outbox: body does not match its digest"};
        }
        PendingSubmission submission;
        submission.key = key;
        submission.receipt_no = row.text(0);
        submission.attempts = int(row.integer(1));
        submission.body = std::move(payloads.front().sealed);
        submission.body_sha256 = payloads.front().digest;
        submission.signer = as_sha256(row.blob(4));
        submission.supplements = row.text(5);
        for (std::size_t i = 1; i < payloads.size(); ++i) {
            submission.attachments.push_back({payloads[i].digest, std::move(payloads[i].sealed)});
        }
        return submission;
    });
}

base::Result<void> Outbox::note_sending(std::string_view key) {
    return connection_->move_row(
        key, "UPDATE submissions SET state='sending' WHERE key=? AND state='pending'", key);
}

base::Result<void> Outbox::note_attempt_failed(std::string_view key) {
    return connection_->move_row(key,
                                 "UPDATE submissions SET state='pending', attempts=attempts+1 "
                                 "WHERE key=? AND state='sending'",
                                 key);
}

base::Result<void> Outbox::note_delivered(std::string_view key, std::string_view case_code,
                                          std::string_view platform_state) {
    return connection_->with_database([&](Database& db) -> base::Result<void> {
        auto transaction = TRY(Transaction::begin(db));
        TRY(Connection::change_one(
            db, key,
            "UPDATE submissions SET state='delivered', attempts=attempts+1, delivered_at=?, "
            "case_code=?, platform_state=?, sealed_bytes=0 WHERE key=? AND state='sending'",
            to_millis(connection_->clock.wall()), case_code, platform_state, key));
        TRY(db.run("DELETE FROM payloads WHERE key=?", key));
        return transaction.commit();
    });
}

base::Result<void> Outbox::quarantine(std::string_view key, QuarantineReason reason) {
    return connection_->move_row(key,
                                 "UPDATE submissions SET state='quarantined', reason=? "
                                 "WHERE key=? AND state IN ('pending','sending')",
                                 to_string(reason), key);
}

base::Result<void> Outbox::release(std::string_view key) {
    return connection_->move_row(key,
                                 "UPDATE submissions SET state='pending', reason=NULL "
                                 "WHERE key=? AND state='quarantined'",
                                 key);
}

base::Result<void> Outbox::close(std::string_view key) {
    return connection_->with_database([&](Database& db) -> base::Result<void> {
        auto transaction = TRY(Transaction::begin(db));
        // Says whether it is there and set aside; what it writes goes with the row.
        TRY(Connection::change_one(
            db, key, "UPDATE submissions SET sealed_bytes=0 WHERE key=? AND state='quarantined'",
            key));
        TRY(remove(db, key));
        return transaction.commit();
    });
}

namespace {

// The platform's word on something whole; the rest is ours or a defect.
bool is_refusal(QuarantineReason reason) {
    switch (reason) {
    case QuarantineReason::answers_invalid:
    case QuarantineReason::matter_closed:
    case QuarantineReason::not_wanted: return true;
    case QuarantineReason::key_reuse:
    case QuarantineReason::receipt_conflict:
    case QuarantineReason::damaged: return false;
    }
    CHECK(false && "a reason that is not sorted");
}

void add_set_aside(Counts& counts, const Statement& row, int number) {
    counts.quarantined += number;
    const auto reason = enumerator_from(row.text(4), all_reasons);
    if (!reason || !is_refusal(*reason)) return;
    (row.integer(5) != 0 ? counts.refused_papers : counts.refused) += number;
}

constexpr std::string_view entry_columns =
    "SELECT key, receipt_no, matter, form_version, submissions.state, reason, confirmed_at, "
    "delivered_at, case_code, platform_state, attempts, sealed_bytes, receipts.state, supplements "
    "FROM submissions JOIN receipts USING (key) ";

} // namespace

base::Result<std::vector<Entry>> Outbox::list() const {
    return connection_->with_database([&](Database& db) -> base::Result<std::vector<Entry>> {
        const auto sql = std::string(entry_columns) + "ORDER BY seq";
        auto rows = TRY(db.prepare(sql.c_str()));
        std::vector<Entry> entries;
        while (TRY(rows.step())) entries.push_back(read_entry(rows));
        return entries;
    });
}

base::Result<Entry> Outbox::find(std::string_view receipt_no) const {
    return connection_->with_database([&](Database& db) -> base::Result<Entry> {
        const auto sql = std::string(entry_columns) + "WHERE receipt_no=?";
        auto rows = TRY(db.prepare(sql.c_str()));
        rows.bind(1, receipt_no);
        if (!TRY(rows.step())) return base::Error{base::Errc::not_found, "outbox: no such receipt"};
        return read_entry(rows);
    });
}

base::Result<Counts> Outbox::counts() const {
    return connection_->with_database([&](Database& db) -> base::Result<Counts> {
        auto rows = TRY(db.prepare("SELECT state, count(*), min(confirmed_at), max(delivered_at), "
                                   "reason, supplements<>'' FROM submissions "
                                   "GROUP BY state, reason, supplements<>''"));
        Counts counts;
        while (TRY(rows.step())) {
            const auto state = enumerator_from(rows.text(0), all_states);
            const int number = int(rows.integer(1));
            if (state == State::delivered) {
                const auto last = from_millis(rows.integer(3));
                counts.delivered += number;
                counts.last_delivery = std::max(counts.last_delivery.value_or(last), last);
            } else if (state == State::quarantined) {
                add_set_aside(counts, rows, number);
            } else {
                const auto oldest = from_millis(rows.integer(2));
                counts.pending += number;
                counts.oldest_pending = std::min(counts.oldest_pending.value_or(oldest), oldest);
            }
        }
        return counts;
    });
}

base::Result<Room> Outbox::room() const {
    return connection_->with_database([&](Database& db) -> base::Result<Room> {
        const auto& given = connection_->options.free_space;
        const auto free = TRY(given ? given(connection_->path) : free_bytes(connection_->path));
        const auto used = std::uint64_t(
            TRY(db.integer("SELECT coalesce(sum(sealed_bytes), 0) FROM submissions")));
        const auto held =
            std::uint64_t(TRY(db.integer("SELECT count(*) FROM submissions WHERE sealed_bytes>0")));
        const auto average = std::max(assumed_request_bytes, held > 0 ? used / held : 0);
        const auto quota = connection_->options.quota_bytes;
        if (free < requests_that_must_fit * average || used >= quota / 100 * 95) return Room::full;
        return used >= quota / 100 * 80 ? Room::warning : Room::enough;
    });
}

base::Result<Verification> Outbox::verify() const {
    return connection_->with_database([&](Database& db) -> base::Result<Verification> {
        Verification result;
        result.database_ok = TRY(db.text("PRAGMA integrity_check(1)")) == "ok";
        auto rows = TRY(db.prepare("SELECT key, payload_count FROM submissions "
                                   "WHERE state<>'delivered' ORDER BY seq"));
        while (TRY(rows.step())) {
            const auto key = rows.text(0);
            ++result.checked;
            const auto payloads = read_payloads(db, key, rows.integer(1));
            if (payloads) continue;
            if (payloads.error().code != base::Errc::corrupt) return payloads.error();
            result.damaged.push_back(key);
        }
        return result;
    });
}

base::Result<void> Outbox::probe_storage() {
    auto& connection = *connection_;
    if (!connection.database || !connection.write_test_transaction()) {
        connection.is_healthy = false;
        TRY(connection.connect(Database::Mode::existing));
        TRY(connection.write_test_transaction());
    }
    connection.refused.clear();
    connection.is_healthy = true;
    return {};
}

bool Outbox::is_healthy() const {
    return connection_->is_healthy;
}

base::Result<void> Outbox::checkpoint_when_idle() {
    return connection_->with_database([&](Database& db) -> base::Result<void> {
        const int result = sqlite3_wal_checkpoint_v2(db.native(), nullptr,
                                                     SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
        if (result == SQLITE_OK) return {};
        if ((result & 0xff) == SQLITE_BUSY) {
            return base::Error{base::Errc::busy, "outbox: checkpoint: somebody reads"};
        }
        return sqlite_error(result, "checkpoint");
    });
}

void Outbox::forget_pages() {
    if (connection_->database) sqlite3_db_release_memory(connection_->database->native());
}

base::Result<int> Outbox::purge(base::WallTime before) {
    return connection_->with_database([&](Database& db) -> base::Result<int> {
        auto transaction = TRY(Transaction::begin(db));
        TRY(db.run("DELETE FROM receipts WHERE key IN (SELECT key FROM submissions "
                   "WHERE state='delivered' AND delivered_at<?)",
                   to_millis(before)));
        const int purged =
            TRY(db.run("DELETE FROM submissions WHERE state='delivered' AND delivered_at<?",
                       to_millis(before)));
        TRY(transaction.commit());
        return purged;
    });
}

base::Result<void> Outbox::note_receipt(std::string_view key, ReceiptState state) {
    return connection_->move_row(key, "UPDATE receipts SET state=? WHERE key=?", to_string(state),
                                 key);
}

base::Result<std::vector<ReceiptEntry>> Outbox::receipts_unfinished() const {
    using Entries = base::Result<std::vector<ReceiptEntry>>;
    return connection_->with_database([&](Database& db) -> Entries {
        auto rows = TRY(db.prepare("SELECT key, receipt_no, matter, form_version, confirmed_at "
                                   "FROM receipts JOIN submissions USING (key) "
                                   "WHERE receipts.state='unfinished' ORDER BY seq"));
        std::vector<ReceiptEntry> entries;
        while (TRY(rows.step())) {
            entries.push_back({rows.text(0), rows.text(1), rows.text(2), int(rows.integer(3)),
                               from_millis(rows.integer(4)), ReceiptState::unfinished});
        }
        return entries;
    });
}

base::Result<bool> Outbox::is_waiting(std::string_view receipt_no) const {
    return connection_->with_database([&](Database& db) -> base::Result<bool> {
        auto rows = TRY(db.prepare("SELECT 1 FROM submissions WHERE receipt_no=? "
                                   "AND state IN ('pending','sending')"));
        rows.bind(1, receipt_no);
        return rows.step();
    });
}

base::Result<std::optional<QuarantineReason>> Outbox::set_aside(std::string_view receipt_no) const {
    using Reason = std::optional<QuarantineReason>;
    return connection_->with_database([&](Database& db) -> base::Result<Reason> {
        auto rows = TRY(db.prepare("SELECT reason FROM submissions WHERE receipt_no=? "
                                   "AND state='quarantined' AND supplements=''"));
        rows.bind(1, receipt_no);
        if (!TRY(rows.step())) return Reason();
        return Reason(
            enumerator_from(rows.text(0), all_reasons).value_or(QuarantineReason::damaged));
    });
}

} // namespace outbox
