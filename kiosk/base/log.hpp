// The kiosk's log: what happened, never to whom.
//
// A closed list of events with typed fields (spec reliability P11). There is no way to pass free
// text: a field is a number, a duration, a device name, an error code, a step name or a version.
// One JSON line per event, in files of at most 8 MiB, 12 kept (spec F9: at most 200 MB).
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace base {

enum class LogEvent {
    program_started,
    program_stopped,
    session_started,
    session_ended,
    step_entered,
    move_refused,
    device_fault,
    device_ready,
    submission_stored,
    submission_refused,
    submission_delivered,
    submission_quarantined,
    delivery_attempt_ended,
    uploader_stopped,
    storage_fault,
    storage_ready,
    receipt_sent,
    receipt_unfinished,
    content_activated,  // version: of the next start
    content_refused,    // one that was offered, or could not be fetched
    content_given_back, // it did not work: the one before is used
    glyph_missing,
    assistance_called,
    assistance_unreachable,
    certificate_renewed,
    certificate_not_renewed,
    remote_command,
    arena_not_empty,
    mailbox_full,
};

enum class LogField {
    ticket,
    step,
    signal,
    device,
    code,
    reason,
    count,
    bytes,
    millis,
    version,
    status,
    code_point,
};

// The names that may stand where a word is wanted: only string literals get in.
class Word {
public:
    template <std::size_t N> consteval Word(const char (&literal)[N]) : text_(literal, N - 1) {}
    // For names that come from an enumeration of ours, by its to_string().
    static Word of_enumerator(std::string_view name) { return Word(name); }
    std::string_view text() const { return text_; }

private:
    explicit Word(std::string_view text) : text_(text) {}
    std::string_view text_;
};

struct LogEntry {
    LogField field;
    std::variant<std::int64_t, Word> value;

    LogEntry(LogField f, std::int64_t number) : field(f), value(number) {}
    LogEntry(LogField f, Word word) : field(f), value(word) {}
    LogEntry(Errc code) : field(LogField::code), value(Word::of_enumerator(to_string(code))) {}
    LogEntry(Milliseconds time) : field(LogField::millis), value(std::int64_t(time.count())) {}
};

std::string_view to_string(LogEvent event);
std::string_view to_string(LogField field);

class Log {
public:
    virtual ~Log() = default;
    virtual void write(LogEvent event, std::initializer_list<LogEntry> entries = {}) = 0;
};

// Writes to `folder`/kiosk.log. Safe from any thread. Errors: io, disk_full.
Result<std::unique_ptr<Log>> open_file_log(const std::string& folder, const Clock& clock);

class NullLog final : public Log {
public:
    void write(LogEvent, std::initializer_list<LogEntry>) override {}
};

} // namespace base
