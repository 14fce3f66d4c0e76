// The thin layer over SQLite's C interface.
#include "kiosk/outbox/sqlite.hpp"

#include <sqlite3.h>

#include <utility>

namespace outbox {

base::Error sqlite_error(int code, std::string_view doing) {
    base::Errc errc = base::Errc::io;
    switch (code & 0xff) {
    case SQLITE_FULL: errc = base::Errc::disk_full; break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: errc = base::Errc::locked; break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: errc = base::Errc::corrupt; break;
    case SQLITE_CONSTRAINT: errc = base::Errc::conflict; break;
    case SQLITE_TOOBIG: errc = base::Errc::too_large; break;
    default: break; // IOERR, CANTOPEN, READONLY, NOMEM: storage does not work at the moment
    }
    // SQLite's word for the kind of error, never its message: that may hold values.
    return {errc, std::string(doing) + ": sqlite " + std::to_string(code) + " (" +
                      sqlite3_errstr(code) + ")"};
}

base::Error in_words(const base::Error& error, std::string_view name, const std::string& path,
                     std::string_view before) {
    if (error.code != base::Errc::corrupt) return error;
    return {error.code,
            std::string(name) + " " + path + " is damaged (" + error.context + "); " +
                std::string(before) +
                ": stop the kiosk (systemctl stop kiosk), move this file and those beside it that "
                "end in -wal and -shm to another folder, and start the kiosk again"};
}

Statement::Statement(Statement&& other) noexcept
    : native_(std::exchange(other.native_, nullptr)), bind_result_(other.bind_result_) {}

Statement::~Statement() {
    sqlite3_finalize(native_);
}

void Statement::note(int result) {
    if (bind_result_ == SQLITE_OK) bind_result_ = result;
}

void Statement::bind(int index, std::int64_t value) {
    note(sqlite3_bind_int64(native_, index, value));
}

void Statement::bind(int index, std::string_view text) {
    // An empty view may point nowhere, which SQLite would store as NULL.
    const char* at = text.empty() ? "" : text.data();
    note(sqlite3_bind_text64(native_, index, at, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, base::ByteView blob) {
    if (blob.empty()) {
        note(sqlite3_bind_zeroblob(native_, index, 0));
    } else {
        note(sqlite3_bind_blob64(native_, index, blob.data(), blob.size(), SQLITE_STATIC));
    }
}

void Statement::bind_null(int index) {
    note(sqlite3_bind_null(native_, index));
}

base::Result<bool> Statement::step() {
    if (bind_result_ != SQLITE_OK) return sqlite_error(bind_result_, "bind");
    const int result = sqlite3_step(native_);
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) return false;
    return sqlite_error(sqlite3_extended_errcode(sqlite3_db_handle(native_)), "step");
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(native_, column);
}

std::string Statement::text(int column) const {
    const auto* at = reinterpret_cast<const char*>(sqlite3_column_text(native_, column));
    return at ? std::string(at, std::size_t(sqlite3_column_bytes(native_, column))) : std::string();
}

base::Bytes Statement::blob(int column) const {
    const auto* at = static_cast<const std::uint8_t*>(sqlite3_column_blob(native_, column));
    return at ? base::Bytes(at, at + sqlite3_column_bytes(native_, column)) : base::Bytes();
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(native_, column) == SQLITE_NULL;
}

base::Result<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode,
                                                       const char* vfs) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (mode == Mode::create ? SQLITE_OPEN_CREATE : 0);
    sqlite3* native = nullptr;
    const int result = sqlite3_open_v2(path.c_str(), &native, flags, vfs);
    std::unique_ptr<Database> database(new Database(native));
    if (result != SQLITE_OK) {
        if (mode == Mode::existing && (result & 0xff) == SQLITE_CANTOPEN) {
            return base::Error{base::Errc::not_found, "open: no such database"};
        }
        return sqlite_error(result, "open");
    }
    return database;
}

Database::~Database() {
    // close_v2 cannot fail: a statement still alive would keep the handle until it ends.
    sqlite3_close_v2(native_);
}

base::Result<void> Database::execute(const char* sql) {
    const int result = sqlite3_exec(native_, sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) return sqlite_error(result, "execute");
    return {};
}

base::Result<Statement> Database::prepare(const char* sql) {
    sqlite3_stmt* native = nullptr;
    const int result = sqlite3_prepare_v2(native_, sql, -1, &native, nullptr);
    if (result != SQLITE_OK) return sqlite_error(result, "prepare");
    return Statement(native);
}

base::Result<std::int64_t> Database::integer(const char* sql) {
    auto statement = TRY(prepare(sql));
    if (!TRY(statement.step())) return base::Error{base::Errc::not_found, "no row"};
    return statement.integer(0);
}

base::Result<std::string> Database::text(const char* sql) {
    auto statement = TRY(prepare(sql));
    if (!TRY(statement.step())) return base::Error{base::Errc::not_found, "no row"};
    return statement.text(0);
}

int Database::changes() const {
    return sqlite3_changes(native_);
}

bool Database::is_in_transaction() const {
    return sqlite3_get_autocommit(native_) == 0;
}

base::Result<Transaction> Transaction::begin(Database& database) {
    TRY(database.execute("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Transaction::~Transaction() {
    if (!database_ || !database_->is_in_transaction()) return;
    // A rollback that fails has nothing left to roll back: SQLite ends the transaction either way.
    (void)database_->execute("ROLLBACK");
}

base::Result<void> Transaction::commit() {
    TRY(database_->execute("COMMIT"));
    database_ = nullptr;
    return {};
}

} // namespace outbox
