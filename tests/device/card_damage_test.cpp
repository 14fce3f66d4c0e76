// Damage to replies of the card reader, exhaustively: every single flipped bit and every place
// where a reply can be cut, in every kind of reply there is. What comes of it is an error or the
// very same fields. And no input makes the codec allocate more than has come. All cards are
// invented.
#include "drivers/card_reader/frame.hpp"
#include "drivers/card_reader/recorded_reply.hpp"
#include "drivers/card_reader/simulated_card.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>
#include <vector>

using namespace drivers;
using base::Bytes;
using base::ByteView;

// ---- counting what is allocated ----

namespace {

std::size_t largest_block = 0;

void* counted(std::size_t size) {
    largest_block = std::max(largest_block, size);
    if (void* at = std::malloc(size)) return at;
    std::abort(); // a test has no other way to run out of memory
}

} // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
// A sanitizer's own would hand out what is not given back here.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return counted(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return counted(size);
}
void operator delete(void* at) noexcept {
    std::free(at);
}
void operator delete[](void* at) noexcept {
    std::free(at);
}
void operator delete(void* at, std::size_t) noexcept {
    std::free(at);
}
void operator delete[](void* at, std::size_t) noexcept {
    std::free(at);
}

namespace {

// ---- every reply there is ----

struct Golden {
    std::string name;
    Request request;
    Bytes bytes;
};

std::vector<Golden> golden_replies() {
    std::vector<Golden> replies;
    for (const auto* person : {"pensioner", "rare-name", "permit", "foreigner-2017",
                               "foreigner-2023", "expired", "inconsistent"}) {
        auto card = find_demo_person(person)->card;
        card.fingerprint = "FINGER";
        replies.push_back({std::string(person) + " 1295", Request::read, read_reply(card)});
        replies.push_back({std::string(person) + " 1297", Request::read, read_reply(card, 0)});
    }
    const Bytes number{5, 0, 1, 0, 0x7e, 0xb1, 0x34, 1, 0x39, 0x30, 0, 0, 1, 0, 0, 0};
    const auto add = [&](const char* name, Request request, Bytes bytes) {
        replies.push_back({name, request, std::move(bytes)});
    };
    add("ready", Request::status, reply_frame(0x90));
    add("not ready", Request::status, reply_frame(0x60));
    add("number", Request::sam_id, reply_frame(0x90, number));
    add("no card", Request::find, reply_frame(0x80));
    add("found", Request::find, reply_frame(0x9f, Bytes(4)));
    add("selected", Request::select, reply_frame(0x90, Bytes(8, 0x5a)));
    add("not selected", Request::select, reply_frame(0x81));
    add("read failed", Request::read, reply_frame(0x41));
    add("lies there", Request::presence, reply_frame(0x91));
    for (const std::size_t addresses : {1u, 2u, 3u, 4u})
        add("moved", Request::presence, reply_frame(0x90, Bytes(70 * addresses, 0x41)));
    return replies;
}

// Everything that comes out of the codec for one reply, as one text; "damaged" where it is an
// error.
std::string fields_of(Request request, ByteView bytes, Photo photo) {
    ReplyDecoder decoder(request, photo);
    decoder.feed(bytes);
    if (decoder.state() != ReplyDecoder::State::complete) return "damaged";
    const auto reply = decoder.take();
    std::string out = std::to_string(reply.sw3) + (reply.has_odd_header ? " odd" : "");
    if (reply.module_id) out += " " + to_string(*reply.module_id);
    out += " photo " + std::to_string(reply.photo.size()) + base::to_hex(reply.photo);
    if (reply.card_text.empty()) return out;
    const auto text = read_card_text(reply.card_text, std::nullopt);
    if (!text) return "damaged";
    const auto& card = text->card;
    out += std::string(to_string(card.kind)) + "|";
    for (const auto* field :
         {&card.name, &card.latin_name, &card.number, &card.address, &card.issuer})
        out += std::string(field->view()) + "|";
    out += std::string(to_string(card.sex.expose())) + base::to_text(card.birth.expose()) +
           base::to_text(card.valid_from.expose());
    out += card.valid_to ? base::to_text(card.valid_to->expose()) : "no end";
    out += text->broken ? to_string(*text->broken) : "holds";
    return out;
}

} // namespace

TEST_CASE("no single flipped bit in any reply makes other fields", "[device][card_reader]") {
    int flips = 0;
    for (const auto photo : {Photo::drop, Photo::keep}) {
        for (const auto& golden : golden_replies()) {
            const auto right = fields_of(golden.request, golden.bytes, photo);
            REQUIRE(right != "damaged");
            for (std::size_t bit = 0; bit < golden.bytes.size() * 8; ++bit, ++flips) {
                auto flipped = golden.bytes;
                flipped[bit / 8] ^= std::uint8_t(1 << bit % 8);
                const auto got = fields_of(golden.request, flipped, photo);
                if (got == "damaged" || got == right) continue;
                CAPTURE(golden.name, bit);
                FAIL("other fields");
            }
        }
    }
    REQUIRE(flips > 2 * 14 * 1295 * 8);
}

TEST_CASE("no reply that was cut makes fields", "[device][card_reader]") {
    for (const auto photo : {Photo::drop, Photo::keep})
        for (const auto& golden : golden_replies())
            for (std::size_t size = 0; size < golden.bytes.size(); ++size) {
                if (fields_of(golden.request, ByteView(golden.bytes).first(size), photo) ==
                    "damaged")
                    continue;
                CAPTURE(golden.name, size);
                FAIL("fields");
            }
}

TEST_CASE("no reply that was cut continues in the next one", "[device][card_reader]") {
    // The rest of a reply never came, and the next reply follows at once.
    const auto next = read_reply(find_demo_person("agent")->card);
    for (const auto& golden : golden_replies()) {
        const auto right = fields_of(golden.request, golden.bytes, Photo::drop);
        const auto other = fields_of(golden.request, next, Photo::drop);
        for (std::size_t size = 0; size < golden.bytes.size(); ++size) {
            Bytes joined(golden.bytes.begin(), golden.bytes.begin() + std::ptrdiff_t(size));
            joined.insert(joined.end(), next.begin(), next.end());
            const auto got = fields_of(golden.request, joined, Photo::drop);
            if (got == "damaged" || got == right || got == other) continue;
            CAPTURE(golden.name, size);
            FAIL("fields of two replies");
        }
    }
}

TEST_CASE("a recorded reply with one flipped bit or cut anywhere gives no other fields",
          "[device][card_reader]") {
    for (const auto* person : {"pensioner", "permit", "foreigner-2017", "foreigner-2023"}) {
        const auto whole = read_reply(find_demo_person(person)->card);
        for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
            auto flipped = whole;
            flipped[bit / 8] ^= std::uint8_t(1 << bit % 8);
            if (decode_recorded_reply(flipped)) FAIL(person << ": bit " << bit);
        }
        for (std::size_t size = 0; size < whole.size(); ++size)
            if (decode_recorded_reply(ByteView(whole).first(size))) FAIL(person << ": " << size);
    }
}

TEST_CASE("the codec allocates no more than has come", "[device][card_reader]") {
    auto& arena = base::SessionArena::instance();
    std::size_t checked = 0;
    for (const auto photo : {Photo::drop, Photo::keep}) {
        for (const auto& golden : golden_replies()) {
            for (const std::size_t piece : {1u, 64u, 4096u}) {
                ReplyDecoder decoder(golden.request, photo);
                const auto before = arena.in_use();
                for (std::size_t at = 0; at < golden.bytes.size(); at += piece) {
                    largest_block = 0;
                    const auto part = ByteView(golden.bytes)
                                          .subspan(at, std::min(piece, golden.bytes.size() - at));
                    decoder.feed(part);
                    const auto block = largest_block; // before the test itself allocates
                    const auto come = at + part.size();
                    CAPTURE(golden.name, piece, come);
                    REQUIRE(block <= come);
                    // The locked region rounds each block up to a power of two, at least 32.
                    if (decoder.state() == ReplyDecoder::State::incomplete)
                        REQUIRE(arena.in_use() - before <=
                                std::bit_ceil(std::max<std::size_t>(come, 32)));
                    ++checked;
                }
            }
        }
    }
    REQUIRE(checked > 14 * 1295);

    // A length that promises much, and nothing behind it.
    for (std::size_t length = 4; length < 0x1000; ++length) {
        Bytes head{0xaa, 0xaa, 0xaa, 0x96, 0x69, std::uint8_t(length >> 8), std::uint8_t(length)};
        ReplyDecoder decoder(Request::read, Photo::keep);
        largest_block = 0;
        const auto before = arena.in_use();
        decoder.feed(head);
        const auto block = largest_block;
        REQUIRE(block == 0);
        REQUIRE(arena.in_use() == before);
    }
}

TEST_CASE("a recorded reply is decoded without a block larger than the file",
          "[device][card_reader]") {
    for (const auto* person : {"pensioner", "permit", "foreigner-2017", "foreigner-2023"}) {
        const auto whole = read_reply(find_demo_person(person)->card);
        const auto text = base::to_bytes(base::to_hex(whole));
        for (const auto& file : {whole, text}) {
            largest_block = 0;
            const auto decoded = decode_recorded_reply(file);
            const auto block = largest_block;
            REQUIRE(decoded);
            REQUIRE(block <= file.size());
        }
    }
}
