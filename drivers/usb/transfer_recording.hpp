// Records what goes over the wire to a card reader, and plays it back as if the reader were there.
//
// No byte of a card is ever written: whatever a reply holds beyond its result code is replaced
// while it passes, by the data of an invented card of the same shape, and bytes outside a frame by
// zeros. Only the module's own number is kept. What was asked does not decide that, because a late
// reply may follow another request. Development builds only (DESIGN D13): a release has no way to
// record.
//
// One line per call: "MILLIS > HEX" was written, "MILLIS < HEX" was read ("-": nothing came),
// "MILLIS !" the wire was gone; MILLIS since the call before. A line that begins with "#" is a
// remark.
#pragma once

#include "drivers/transport.hpp"
#include "drivers/wait.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace drivers {

// Replaces the payload of replies in a stream of bytes, whatever pieces they come in. Each frame
// keeps its length, its result and whether its checksum was right.
class ReplyMask {
public:
    ReplyMask();
    // The masked byte for the next byte of the stream.
    std::uint8_t mask(std::uint8_t byte);

private:
    std::uint8_t mask_in_frame(std::uint8_t byte);
    std::uint8_t substitute() const;

    base::Bytes invented_, invented_with_three_lengths_; // whole replies with a card of nobody
    std::size_t at_ = 0;                                 // in the frame
    std::size_t length_ = 0;                             // what the frame says of itself
    std::uint8_t sum_ = 0, masked_sum_ = 0;
};

class RecordingTransport final : public Transport {
public:
    using Sink = std::function<void(const std::string& line)>;

    // `clock` outlives it.
    RecordingTransport(std::unique_ptr<Transport> wire, const base::Clock& clock, Sink sink);

    base::Result<std::size_t> write(base::ByteView bytes, base::Milliseconds limit) override;
    base::Result<std::size_t> read(std::span<std::uint8_t> into, base::Milliseconds limit) override;

private:
    void note(const std::string& what);

    std::unique_ptr<Transport> wire_;
    const base::Clock& clock_;
    Sink sink_;
    ReplyMask mask_;
    base::MonotonicTime last_;
};

class ReplayTransport final : public Transport {
public:
    // `text`: the lines of a recording. Errors: invalid_input (names the line).
    static base::Result<std::unique_ptr<ReplayTransport>> open(std::string_view text, Wait wait);

    // Errors: device (another request than the recorded one comes), unplugged (as recorded, or the
    // recording is over).
    base::Result<std::size_t> write(base::ByteView bytes, base::Milliseconds limit) override;
    base::Result<std::size_t> read(std::span<std::uint8_t> into, base::Milliseconds limit) override;

    std::size_t lines_left() const { return lines_.size(); }

private:
    struct Line {
        enum class Kind { written, read, gone } kind;
        base::Milliseconds after{0};
        base::Bytes bytes;
    };
    explicit ReplayTransport(Wait wait) : wait_(std::move(wait)) {}
    static base::Result<Line> read_line(std::string_view text);

    Wait wait_;
    std::deque<Line> lines_;
    std::size_t taken_ = 0; // of the line that is read now
};

} // namespace drivers
