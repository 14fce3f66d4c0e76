// The frames of the SAM_V protocol: requests into bytes, bytes into replies. No I/O.
//
// Two promises are kept here. Only the six requests below can be expressed: `30 10` (fingerprint)
// and `30 05` (card management number) have no name and no bytes. And a reply is reduced as it
// arrives: the photo is never stored, the answer about new addresses becomes present or absent, the
// card's serial number is dropped, and the ethnic code is overwritten before anybody sees the text.
// Source: spec id-card-reader §§2, 5, 7. Not yet verified on hardware.
#pragma once

#include "drivers/card_reader/card.hpp"
#include "kiosk/base/bytes.hpp"
#include "kiosk/base/result.hpp"
#include "kiosk/base/secret.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>

namespace drivers {

enum class Request {
    status,   // 11 FF: is the module ready?
    sam_id,   // 12 FF: the module's own number
    find,     // 20 01: is a card there that was not read yet?
    select,   // 20 02: choose it
    read,     // 30 01: text and photo
    presence, // 30 03: asks for new addresses; only used to see whether the card still lies there
};

using RequestFrame = std::array<std::uint8_t, 10>;
RequestFrame encode(Request request);

// What the module's result byte (SW3) means for the caller. Classes: spec id-card-reader §2.
enum class Answer {
    ok,                // 90
    no_content,        // 91: no such item
    found,             // 9F
    no_card,           // 80
    put_back,          // 81 41 47 33: lift the card and put it back
    not_readable_here, // 31 32 40: stop after one retry, another way, never accuse the person
    out_of_step,       // 10 11 21 24: resync, begin again with find
    reader_fault,      // 60 66 23: out of service, tell staff
    unknown,           // any other byte: treated as out of step
};
Answer classify(std::uint8_t sw3);

inline constexpr std::size_t card_text_size = 256;

// The module's own number: five numbers, little endian (spec §7).
using ModuleId = std::array<std::uint8_t, 16>;
std::string to_string(const ModuleId& id); // "05.01-20230526-0000012345-0000000001"

struct Reply {
    std::uint8_t sw3 = 0;
    bool has_odd_header = false;       // SW1 SW2 not 00 00: tolerated, counted
    std::optional<ModuleId> module_id; // answer to sam_id only
    base::SecretBytes card_text;       // answer to read only: 256 bytes, ethnic code overwritten
    base::SecretBytes photo;           // answer to read with Photo::keep only: 1024 bytes

    Answer answer() const { return classify(sw3); }
    // The answer as an error, for every answer the caller could not go on with. Codes as in
    // CardReader::read; the context names the result byte.
    base::Error as_error() const;
};

// Collects one reply to one request. Feed it bytes as they come, in pieces of any size.
class ReplyDecoder {
public:
    explicit ReplyDecoder(Request request, Photo photo = Photo::drop);

    enum class State {
        incomplete, // wants more
        complete,   // take() has the reply
        broken,     // length impossible, checksum wrong, or content forbidden: fault() says why
    };

    // Takes bytes up to the end of the frame, returns how many were taken. Bytes before the
    // preamble are skipped. Takes nothing once complete or broken.
    std::size_t feed(base::ByteView bytes);
    State state() const { return state_; }

    // Once, in state complete.
    Reply take();
    // In state broken. bad_frame: damaged, or plainly the answer to another request. refused: the
    // reply carried fingerprint data; it was not stored. corrupt: right checksum, but the parts do
    // not have the only sizes we know.
    base::Error fault() const;
    std::size_t skipped() const { return skipped_; } // noise before the preamble
    // Of the frame, preamble included: what has come, and the whole once its length is known.
    std::size_t seen() const { return at_; }
    std::optional<std::size_t> whole() const;

private:
    std::size_t worth_storing() const;
    void feed_byte(std::uint8_t byte, std::size_t to_come);
    void store(std::uint8_t byte, std::size_t to_come);
    bool feed_preamble(std::uint8_t byte);
    void finish();
    void finish_read();
    void finish_module_id();
    void break_with(base::Errc code, const char* why);

    Request request_;
    Photo photo_;
    State state_ = State::incomplete;
    base::Errc fault_code_{};
    const char* fault_why_ = "";
    Reply reply_;
    std::size_t skipped_ = 0;
    std::size_t at_ = 0;     // bytes of the frame seen, preamble included
    std::size_t length_ = 0; // LEN
    std::uint8_t sum_ = 0;   // exclusive or of LEN to CHK: zero in a whole frame
    base::SecretBytes data_; // the first bytes of DATA: as many as the request is worth
};

} // namespace drivers
