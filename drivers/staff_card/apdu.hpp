// The words a staff card understands: commands into bytes, answers into values. No I/O.
//
// A staff card speaks the part of PIV that this kiosk needs: choose the application, sign a digest
// with the key in slot 9E, agree on a secret with the key in slot 9D. Nothing else has a name
// here: no PIN, no certificate, no data object of the card can be asked for.
// Sources: ISO/IEC 7816-4:2020 (commands, status words, BER-TLV), NIST SP 800-73-4 part 2
// (SELECT 3.1.1, GENERAL AUTHENTICATE 3.2.4), NIST SP 800-78-4 table 6-2 (algorithm 11).
// Not yet verified on hardware.
#pragma once

#include "drivers/staff_card/staff_card_reader.hpp"
#include "kiosk/base/bytes.hpp"

#include <optional>

namespace drivers::apdu {

// Short form: at most 5 bytes of header and length, 255 of data, 1 of Le.
inline constexpr std::size_t command_most = 261;
// Short form: at most 256 bytes of data and the status word.
inline constexpr std::size_t answer_most = 258;

struct Command {
    std::uint8_t cla = 0;
    std::uint8_t ins = 0;
    std::uint8_t p1 = 0;
    std::uint8_t p2 = 0;
    base::ByteView data = {};      // at most 255 bytes
    std::optional<std::size_t> le; // how much is expected, 1 to 256; nothing: none
};
// CHECKs the sizes: all commands are ours.
base::Bytes encode(const Command& command);

base::Bytes select_application(); // PIV: A0 00 00 03 08 00 00 10 00 01 00
base::Bytes sign(const base::Sha256& digest);
base::Bytes agree(const P256Point& point);
base::Bytes get_response(std::uint8_t le); // 0: 256 bytes
// The same command, expecting exactly `le` bytes (0: 256). `command` has an Le.
base::Bytes with_le(base::ByteView command, std::uint8_t le);
// The same command for a card that speaks the protocol T=0: a command that both sends and expects
// data goes without its Le, and the answer waits for GET RESPONSE (ISO 7816-3:2006, 12.2.5).
base::Bytes for_t0(base::ByteView command);

// What the card means by its status word.
enum class Meaning : std::uint8_t {
    done,       // 9000
    more_waits, // 61xx: fetch xx bytes (00: 256 or more) by GET RESPONSE
    other_le,   // 6Cxx: ask again for exactly xx bytes
    not_ours,   // it understood and has no such application, key or right: a card of somebody else
    broken,     // a warning, a fault of its own, or no status word at all
};
struct Status {
    std::uint8_t sw1 = 0;
    std::uint8_t sw2 = 0;
    Meaning meaning() const;
    std::string text() const; // "6a82"
};

// A view into `bytes`: data, then the status word.
struct Answer {
    base::ByteView data;
    Status status;
};
// Errors: bad_frame (shorter than a status word or longer than an answer can be).
base::Result<Answer> read_answer(base::ByteView bytes);

// One BER-TLV element: tag of one or two bytes, length of one to three bytes, definite.
struct Tlv {
    std::uint16_t tag = 0;
    base::ByteView value;
};
// Takes one element off the front of `bytes`. Errors: bad_frame; then `bytes` is as it was.
base::Result<Tlv> take_tlv(base::ByteView& bytes);

// What a dynamic authentication template (7C) answers (82): exactly one of each.
// Errors: bad_frame.
base::Result<base::ByteView> read_response(base::ByteView data);

// A signature as DER writes it, strictly: shortest lengths, shortest numbers, nothing behind, both
// numbers from 1 to the order of the curve less one. Errors: bad_frame.
base::Result<P256Signature> read_signature(base::ByteView der);

} // namespace drivers::apdu
