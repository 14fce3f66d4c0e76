#include "drivers/staff_card/apdu.hpp"

#include <algorithm>

namespace drivers::apdu {
namespace {

using base::ByteView;
using base::Errc;
using base::Error;
using base::Result;

// SP 800-73-4 part 1, 2.2: the PIV card application, version 1.0.
constexpr std::uint8_t piv_application[] = {0xA0, 0x00, 0x00, 0x03, 0x08, 0x00,
                                            0x00, 0x10, 0x00, 0x01, 0x00};

constexpr std::uint8_t ins_select = 0xA4;               // ISO 7816-4, 11.2.2
constexpr std::uint8_t ins_get_response = 0xC0;         // ISO 7816-4, 11.6.1
constexpr std::uint8_t ins_general_authenticate = 0x87; // SP 800-73-4 part 2, 3.2.4

constexpr std::uint8_t algorithm_p256 = 0x11; // SP 800-78-4, table 6-2
// SP 800-73-4 part 1, table 4b. Chosen: 9E is the one slot whose key signs without the card's own
// PIN in every PIV card; 9D is the slot for agreeing on keys.
constexpr std::uint8_t slot_signs = 0x9E;
constexpr std::uint8_t slot_agrees = 0x9D;

// SP 800-73-4 part 2, table 7: the dynamic authentication template and what may stand in it.
constexpr std::uint8_t tag_template = 0x7C;
constexpr std::uint8_t tag_challenge = 0x81;
constexpr std::uint8_t tag_response = 0x82;
constexpr std::uint8_t tag_exponentiation = 0x85;

constexpr std::size_t most = 256; // Le of a short command: "as much as there is"

// The order of P-256 (SEC 2, 2.4.2).
constexpr std::array<std::uint8_t, 32> order = {
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};

Error bad(const char* what) {
    return {Errc::bad_frame, std::string("staff card: ") + what};
}

// 7C { 82 (empty: this is what we want), `tag` `value` }. The order is the one of the examples in
// SP 800-73-4 part 2, appendix A.
base::Bytes authenticate(std::uint8_t slot, std::uint8_t tag, ByteView value) {
    CHECK(value.size() < 0x80 - 4); // lengths of one byte
    base::Bytes data = {tag_template, std::uint8_t(value.size() + 4), tag_response, 0,
                        tag,          std::uint8_t(value.size())};
    data.insert(data.end(), value.begin(), value.end());
    return encode({.ins = ins_general_authenticate,
                   .p1 = algorithm_p256,
                   .p2 = slot,
                   .data = data,
                   .le = most});
}

// One positive number of DER, at most 32 bytes of it, into the right end of `out`.
Result<void> take_number(ByteView& bytes, std::span<std::uint8_t, 32> out) {
    if (bytes.size() < 2 || bytes[0] != 0x02) return bad("signature: no number");
    const std::size_t size = bytes[1];
    if (size == 0 || size > 33 || bytes.size() < 2 + size) return bad("signature: length");
    auto number = bytes.subspan(2, size);
    bytes = bytes.subspan(2 + size);
    if (number[0] >= 0x80) return bad("signature: negative");
    if (number[0] == 0 && size > 1) {
        if (number[1] < 0x80) return bad("signature: not the shortest form");
        number = number.subspan(1);
    }
    if (number.size() > out.size()) return bad("signature: number too large");
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    std::copy(number.begin(), number.end(), out.end() - std::ptrdiff_t(number.size()));
    const bool is_zero = std::all_of(out.begin(), out.end(), [](auto byte) { return byte == 0; });
    const bool is_below_order =
        std::lexicographical_compare(out.begin(), out.end(), order.begin(), order.end());
    if (is_zero || !is_below_order) return bad("signature: number out of range");
    return {};
}

} // namespace

base::Bytes encode(const Command& command) {
    CHECK(command.data.size() <= 255);
    CHECK(!command.le || (*command.le >= 1 && *command.le <= most));
    base::Bytes bytes = {command.cla, command.ins, command.p1, command.p2};
    if (!command.data.empty()) {
        bytes.push_back(std::uint8_t(command.data.size()));
        bytes.insert(bytes.end(), command.data.begin(), command.data.end());
    }
    if (command.le) bytes.push_back(std::uint8_t(*command.le & 0xFF)); // 256 is written 00
    return bytes;
}

base::Bytes select_application() {
    // P1 04: by name; P2 00: first or only, with its properties.
    return encode({.ins = ins_select, .p1 = 0x04, .data = piv_application, .le = most});
}
base::Bytes sign(const base::Sha256& digest) {
    return authenticate(slot_signs, tag_challenge, digest);
}
base::Bytes agree(const P256Point& point) {
    return authenticate(slot_agrees, tag_exponentiation, point);
}
base::Bytes get_response(std::uint8_t le) {
    return encode({.ins = ins_get_response, .le = le == 0 ? most : le});
}
base::Bytes with_le(ByteView command, std::uint8_t le) {
    CHECK(command.size() >= 5);
    base::Bytes bytes(command.begin(), command.end());
    bytes.back() = le;
    return bytes;
}

base::Bytes for_t0(ByteView command) {
    const bool has_data_and_le = command.size() > 5 && command.size() == 6u + command[4];
    const auto kept = has_data_and_le ? command.first(command.size() - 1) : command;
    return {kept.begin(), kept.end()};
}

// ISO 7816-4, table 5: 61 and 90 are success, 62 and 63 warnings, 64 to 66 and 6F faults of the
// card, the rest of 6x says that the command, the key or the right does not fit. 6982 stands among
// them on purpose: it is the card's own PIN that is wanted, and this kiosk never has it.
Meaning Status::meaning() const {
    switch (sw1) {
    case 0x90: return sw2 == 0 ? Meaning::done : Meaning::broken;
    case 0x61: return Meaning::more_waits;
    case 0x6C: return Meaning::other_le;
    case 0x67: // wrong length
    case 0x68: // logical channel, secure messaging, chaining not supported
    case 0x69: // not allowed: 6982 own PIN, 6983 blocked, 6985 conditions
    case 0x6A: // 6A80 data, 6A82 no such application, 6A86 parameters, 6A88 no such key
    case 0x6B: // wrong parameters
    case 0x6D: // no such instruction
    case 0x6E: // no such class
    // Cards that wrap a protocol of their own (DESFire and its like) answer any SELECT with 91xx.
    case 0x91: return Meaning::not_ours;
    default: return Meaning::broken;
    }
}

std::string Status::text() const {
    const std::uint8_t bytes[] = {sw1, sw2};
    return base::to_hex(bytes);
}

Result<Answer> read_answer(ByteView bytes) {
    if (bytes.size() < 2) return bad("answer without a status word");
    if (bytes.size() > answer_most) return bad("answer too long");
    const std::size_t size = bytes.size() - 2;
    return Answer{bytes.first(size), {bytes[size], bytes[size + 1]}};
}

Result<Tlv> take_tlv(ByteView& bytes) {
    auto rest = bytes;
    const auto take_byte = [&rest]() -> std::optional<std::uint8_t> {
        if (rest.empty()) return std::nullopt;
        const auto byte = rest.front();
        rest = rest.subspan(1);
        return byte;
    };
    const auto first = take_byte();
    if (!first) return bad("no element");
    std::uint16_t tag = *first;
    if ((*first & 0x1F) == 0x1F) { // ISO 7816-4, 6.3: the tag goes on
        const auto second = take_byte();
        if (!second || *second >= 0x80) return bad("tag of more than two bytes");
        tag = std::uint16_t(tag << 8 | *second);
    }
    const auto form = take_byte();
    if (!form) return bad("element without a length");
    std::size_t length = *form;
    if (*form >= 0x80) {
        const std::size_t count = *form & 0x7F;
        if (count < 1 || count > 2) return bad("length of an unknown form");
        length = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto byte = take_byte();
            if (!byte) return bad("length cut off");
            length = length << 8 | *byte;
        }
    }
    if (length > rest.size()) return bad("element longer than the answer");
    bytes = rest.subspan(length);
    return Tlv{tag, rest.first(length)};
}

Result<ByteView> read_response(ByteView data) {
    const auto outer = TRY(take_tlv(data));
    if (outer.tag != tag_template || !data.empty()) return bad("not one template");
    auto inside = outer.value;
    const auto inner = TRY(take_tlv(inside));
    if (inner.tag != tag_response || !inside.empty()) return bad("not one response");
    return inner.value;
}

Result<P256Signature> read_signature(ByteView der) {
    // At most 2 x (2 + 33) bytes are inside, so the length is always one byte.
    if (der.size() < 2 || der[0] != 0x30 || der[1] >= 0x80 || der.size() != 2u + der[1])
        return bad("signature: no sequence");
    auto inside = der.subspan(2);
    P256Signature signature{};
    TRY(take_number(inside, std::span(signature).first<32>()));
    TRY(take_number(inside, std::span(signature).last<32>()));
    if (!inside.empty()) return bad("signature: bytes behind it");
    return signature;
}

} // namespace drivers::apdu
