// events.jsonl: what outside tools watch (DESIGN §6, spec reliability T3). One line per event, each
// written in one call, no personal data.
#pragma once

#include "kiosk/base/log.hpp"

#include <mutex>
#include <string>
#include <string_view>

namespace base {

class EventStream {
public:
    // A stream that writes nowhere.
    EventStream() = default;
    // Appends to `path`. Errors: io.
    static Result<std::unique_ptr<EventStream>> open(const std::string& path);
    ~EventStream();
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;

    void ready();
    void accepted(std::string_view key);
    void delivered(std::string_view key, std::string_view receipt_number);
    void receipt(std::string_view key, Word state); // printing, printed, unfinished, not_printed
    void session_end(Word reason, bool wiped);
    void content_active(std::int64_t version);
    void refusing(Word reason);
    void fault(Word device, Errc code);

private:
    void write(const std::string& line);
    std::mutex mutex_;
    int fd_ = -1;
};

} // namespace base
