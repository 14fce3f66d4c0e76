#include "kiosk/base/log.hpp"

#include <filesystem>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

namespace base {
namespace {

constexpr std::size_t file_limit = 8u << 20;
constexpr std::size_t files_kept = 12;

class FileLog final : public Log {
public:
    FileLog(std::shared_ptr<spdlog::logger> logger, const Clock& clock)
        : logger_(std::move(logger)), clock_(clock) {}

    void write(LogEvent event, std::initializer_list<LogEntry> entries) override {
        std::string line = "{\"at\":\"" + to_rfc3339(clock_.wall()) + "\",\"event\":\"";
        line += to_string(event);
        line += '"';
        for (const auto& entry : entries) {
            line += ",\"";
            line += to_string(entry.field);
            line += "\":";
            if (const auto* number = std::get_if<std::int64_t>(&entry.value)) {
                line += std::to_string(*number);
            } else {
                line += '"';
                line += std::get<Word>(entry.value).text();
                line += '"';
            }
        }
        line += '}';
        logger_->info(line);
    }

private:
    std::shared_ptr<spdlog::logger> logger_;
    const Clock& clock_;
};

} // namespace

std::string_view to_string(LogEvent event) {
    switch (event) {
    case LogEvent::program_started: return "program_started";
    case LogEvent::program_stopped: return "program_stopped";
    case LogEvent::session_started: return "session_started";
    case LogEvent::session_ended: return "session_ended";
    case LogEvent::step_entered: return "step_entered";
    case LogEvent::move_refused: return "move_refused";
    case LogEvent::device_fault: return "device_fault";
    case LogEvent::device_ready: return "device_ready";
    case LogEvent::submission_stored: return "submission_stored";
    case LogEvent::submission_refused: return "submission_refused";
    case LogEvent::submission_delivered: return "submission_delivered";
    case LogEvent::submission_quarantined: return "submission_quarantined";
    case LogEvent::delivery_attempt_ended: return "delivery_attempt_ended";
    case LogEvent::uploader_stopped: return "uploader_stopped";
    case LogEvent::storage_fault: return "storage_fault";
    case LogEvent::storage_ready: return "storage_ready";
    case LogEvent::certificate_renewed: return "certificate_renewed";
    case LogEvent::certificate_not_renewed: return "certificate_not_renewed";
    case LogEvent::remote_command: return "remote_command";
    case LogEvent::content_given_back: return "content_given_back";
    case LogEvent::receipt_sent: return "receipt_sent";
    case LogEvent::receipt_unfinished: return "receipt_unfinished";
    case LogEvent::content_activated: return "content_activated";
    case LogEvent::content_refused: return "content_refused";
    case LogEvent::glyph_missing: return "glyph_missing";
    case LogEvent::assistance_called: return "assistance_called";
    case LogEvent::assistance_unreachable: return "assistance_unreachable";
    case LogEvent::arena_not_empty: return "arena_not_empty";
    case LogEvent::mailbox_full: return "mailbox_full";
    }
    return "unknown";
}

std::string_view to_string(LogField field) {
    switch (field) {
    case LogField::ticket: return "ticket";
    case LogField::step: return "step";
    case LogField::signal: return "signal";
    case LogField::device: return "device";
    case LogField::code: return "code";
    case LogField::reason: return "reason";
    case LogField::count: return "count";
    case LogField::bytes: return "bytes";
    case LogField::millis: return "millis";
    case LogField::version: return "version";
    case LogField::status: return "status";
    case LogField::code_point: return "code_point";
    }
    return "unknown";
}

Result<std::unique_ptr<Log>> open_file_log(const std::string& folder, const Clock& clock) {
    try {
        std::filesystem::create_directories(folder);
        auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(folder + "/kiosk.log",
                                                                           file_limit, files_kept);
        auto logger = std::make_shared<spdlog::logger>("kiosk", std::move(sink));
        logger->set_pattern("%v");
        logger->flush_on(spdlog::level::info);
        // A full disk must not stop the kiosk; the storage check reports it.
        logger->set_error_handler([](const std::string&) {});
        return std::unique_ptr<Log>(std::make_unique<FileLog>(std::move(logger), clock));
    } catch (const std::exception&) {
        return Error{Errc::io, "cannot write a log in " + folder};
    }
}

} // namespace base
