// One reader for everything that a printer says on its back channel.
//
// Answers come in any pieces and in any order: a status packet nobody asked for may stand between
// a question and its answer. Only the first byte of such a packet is unmistakable, so the reader
// keeps its place and never drops a byte it has not understood (spec receipt-printer §4.3).
#pragma once

#include "printer/status.hpp"

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace printer {

struct AutomaticStatus { // ASB, four bytes
    std::array<std::uint8_t, 4> bytes;
    bool operator==(const AutomaticStatus&) const = default;
};
struct RealTimeAnswer { // to DLE EOT n; which n is known to who asked
    std::uint8_t byte;
    bool operator==(const RealTimeAnswer&) const = default;
};
struct PlainAnswer { // one byte: to GS r, or GS I below 41
    std::uint8_t byte;
    bool operator==(const PlainAnswer&) const = default;
};
struct Confirmed { // what stands before this process id is on paper
    std::array<std::uint8_t, 4> id;
    bool operator==(const Confirmed&) const = default;
};
struct Cleared { // the buffers were thrown away
    bool operator==(const Cleared&) const = default;
};
struct Identity { // to GS I 41 and higher: firmware, maker, model, serial number, language
    std::string text;
    bool operator==(const Identity&) const = default;
};
struct OtherBlock { // a framed answer to something we do not ask
    std::uint8_t kind;
    bool operator==(const OtherBlock&) const = default;
};
using Answer = std::variant<AutomaticStatus, RealTimeAnswer, PlainAnswer, Confirmed, Cleared,
                            Identity, OtherBlock>;

class AnswerReader {
public:
    void hear(base::ByteView bytes);
    std::optional<Answer> next();
    // After the cable was pulled: what was half heard will not go on.
    void reset();

    // Bytes that belong to no answer, since the start.
    std::size_t rubbish() const { return rubbish_; }
    // Bytes of an answer that is not whole yet.
    std::size_t half_heard() const { return half_.size(); }

private:
    void hear(std::uint8_t byte);
    void begin(std::uint8_t byte);
    void finish_block();
    void give_up_half();

    std::vector<std::uint8_t> half_; // empty between answers
    std::deque<Answer> whole_;
    std::size_t rubbish_ = 0;
};

Status read_asb(const AutomaticStatus& packet);

// Takes what one answer to DLE EOT `question` (1 to 4) says into a status that is otherwise known.
// Errors: bad_frame, when its fixed bits are wrong.
base::Result<void> take_real_time(Status& status, int question, std::uint8_t answer,
                                  bool near_end_is_inverted = false);

// GET_PORT_STATUS of the USB printer class (spec receipt-printer §6), for a unit whose wire is
// stalled. Errors: bad_frame, when bits are set that are always 0.
base::Result<Status> read_port_status(std::uint8_t port);

} // namespace printer
