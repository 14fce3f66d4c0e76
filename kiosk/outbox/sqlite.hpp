// SQLite with Results: a connection, a statement, a transaction. Bound parameters only (spec
// reliability H5). Nothing here knows what is stored.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace outbox {

// disk_full, io, locked, corrupt, conflict (a constraint), too_large; `doing` goes into the context
// together with SQLite's number, never its message.
base::Error sqlite_error(int code, std::string_view doing);

class Statement {
public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    // Parameters count from 1. Text and blobs are not copied: they outlive the last step().
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view text);
    void bind(int index, base::ByteView blob);
    void bind_null(int index);

    base::Result<bool> step(); // true: there is a row

    // Columns count from 0.
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    base::Bytes blob(int column) const;
    bool is_null(int column) const;

private:
    friend class Database;
    explicit Statement(sqlite3_stmt* native) : native_(native) {}
    sqlite3_stmt* native_;
    int bind_result_ = 0; // the first failure; step() reports it
    void note(int result);
};

// Of a file that is damaged: which one, and what somebody who has to do with it can do. Other
// errors stay as they are. `name`: "the outbox"; `before`: why it is not simply deleted.
base::Error in_words(const base::Error& error, std::string_view name, const std::string& path,
                     std::string_view before);

class Database {
public:
    enum class Mode { create, existing };
    // Errors: as sqlite_error(); a missing file in Mode::existing is not_found.
    static base::Result<std::unique_ptr<Database>> open(const std::string& path, Mode mode,
                                                        const char* vfs);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    base::Result<void> execute(const char* sql); // one or more statements without parameters
    base::Result<Statement> prepare(const char* sql);
    // Prepares, binds in order, steps to the end. Returns how many rows it changed.
    template <class... Values> base::Result<int> run(const char* sql, const Values&... values) {
        auto statement = TRY(prepare(sql));
        int index = 0;
        (statement.bind(++index, values), ...);
        while (TRY(statement.step())) {
        }
        return changes();
    }
    // The first column of the first row. Errors: not_found when there is no row.
    base::Result<std::int64_t> integer(const char* sql);
    base::Result<std::string> text(const char* sql);

    int changes() const;
    bool is_in_transaction() const;
    sqlite3* native() { return native_; }

private:
    explicit Database(sqlite3* native) : native_(native) {}
    sqlite3* native_;
};

// BEGIN IMMEDIATE on begin(); rolled back unless commit() succeeded.
class Transaction {
public:
    static base::Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept : database_(other.database_) {
        other.database_ = nullptr;
    }
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    base::Result<void> commit();

private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

} // namespace outbox
