// The frames of the SAM module: exact bytes of the protocol, damaged and cut replies, and what
// never leaves the codec. All cards are invented (spec matters §9).
#include "drivers/card_reader/frame.hpp"
#include "drivers/card_reader/simulated_card.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <string>
#include <sys/uio.h>
#include <unistd.h>

using namespace drivers;
using base::Bytes;
using base::ByteView;
using base::Errc;
using State = ReplyDecoder::State;

namespace {

Bytes hex(std::string text) {
    std::erase(text, ' ');
    return base::from_hex(text).value();
}

// A decoder that was fed all of `bytes`.
ReplyDecoder fed(Request request, ByteView bytes) {
    ReplyDecoder decoder(request);
    decoder.feed(bytes);
    return decoder;
}

Reply decoded(Request request, ByteView bytes) {
    auto decoder = fed(request, bytes);
    REQUIRE(decoder.state() == State::complete);
    return decoder.take();
}

const SimulatedCard& pensioner() {
    return find_demo_person("pensioner")->card;
}

constexpr std::array all_requests{Request::status, Request::sam_id, Request::find,
                                  Request::select, Request::read,   Request::presence};

} // namespace

TEST_CASE("requests are the protocol's bytes", "[device][card_reader]") {
    const auto bytes = [](Request request) {
        const auto frame = encode(request);
        return Bytes(frame.begin(), frame.end());
    };
    REQUIRE(bytes(Request::status) == hex("AA AA AA 96 69 00 03 11 FF ED"));
    REQUIRE(bytes(Request::sam_id) == hex("AA AA AA 96 69 00 03 12 FF EE"));
    REQUIRE(bytes(Request::find) == hex("AA AA AA 96 69 00 03 20 01 22"));
    REQUIRE(bytes(Request::select) == hex("AA AA AA 96 69 00 03 20 02 21"));
    REQUIRE(bytes(Request::read) == hex("AA AA AA 96 69 00 03 30 01 32"));
    REQUIRE(bytes(Request::presence) == hex("AA AA AA 96 69 00 03 30 03 30"));
}

TEST_CASE("fingerprint and management number cannot be asked for",
          "[device][card_reader][refusal][D4.3]") {
    for (const auto request : all_requests) {
        const auto frame = encode(request);
        const int command = frame[7] << 8 | frame[8];
        REQUIRE(command != 0x3010);
        REQUIRE(command != 0x3005);
    }
}

TEST_CASE("replies of the protocol are understood", "[device][card_reader]") {
    const auto answer = [](Request request, const char* bytes) {
        return decoded(request, hex(bytes)).answer();
    };
    REQUIRE(answer(Request::status, "AA AA AA 96 69 00 04 00 00 90 94") == Answer::ok);
    REQUIRE(answer(Request::find, "AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97") == Answer::found);
    REQUIRE(answer(Request::select, "AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C") ==
            Answer::ok);
    REQUIRE(answer(Request::find, "AA AA AA 96 69 00 04 00 00 80 84") == Answer::no_card);
    REQUIRE(answer(Request::select, "AA AA AA 96 69 00 04 00 00 81 85") == Answer::put_back);
    REQUIRE(answer(Request::read, "AA AA AA 96 69 00 04 00 00 41 45") == Answer::put_back);
    REQUIRE(answer(Request::presence, "AA AA AA 96 69 00 04 00 00 91 95") == Answer::no_content);
}

TEST_CASE("the simulated module speaks the same bytes", "[device][card_reader]") {
    REQUIRE(reply_frame(0x90) == hex("AA AA AA 96 69 00 04 00 00 90 94"));
    REQUIRE(reply_frame(0x9f, Bytes(4)) == hex("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97"));
    const auto reply = read_reply(pensioner());
    REQUIRE(reply.size() == 1295);
    REQUIRE(Bytes(reply.begin(), reply.begin() + 14) ==
            hex("AA AA AA 96 69 05 08 00 00 90 01 00 04 00"));
    REQUIRE(read_reply(pensioner(), 0).size() == 1297);
    REQUIRE(read_reply(pensioner(), 512).size() == 1809);
    REQUIRE(read_reply(pensioner(), 1024).size() == 2321);
}

TEST_CASE("each result byte belongs to the class the protocol gives it", "[device][card_reader]") {
    const std::vector<std::pair<Bytes, Answer>> classes{
        {hex("90"), Answer::ok},
        {hex("91"), Answer::no_content},
        {hex("9F"), Answer::found},
        {hex("80"), Answer::no_card},
        {hex("81 41 47 33"), Answer::put_back},
        {hex("31 32 40"), Answer::not_readable_here},
        {hex("10 11 21 24"), Answer::out_of_step},
        {hex("60 66 23"), Answer::reader_fault},
    };
    int known = 0;
    for (int sw3 = 0; sw3 < 256; ++sw3) {
        auto expected = Answer::unknown;
        for (const auto& [bytes, answer] : classes)
            if (std::find(bytes.begin(), bytes.end(), sw3) != bytes.end()) expected = answer;
        CAPTURE(sw3);
        REQUIRE(classify(std::uint8_t(sw3)) == expected);
        known += expected != Answer::unknown ? 1 : 0;
    }
    REQUIRE(known == 18);
}

TEST_CASE("each class of answer says what the caller can do", "[device][card_reader]") {
    const auto code = [](std::uint8_t sw3) { return Reply{.sw3 = sw3}.as_error().code; };
    REQUIRE(code(0x80) == Errc::no_card);
    REQUIRE(code(0x41) == Errc::card_removed);
    REQUIRE(code(0x40) == Errc::card_unreadable);
    REQUIRE(code(0x91) == Errc::card_unreadable);
    REQUIRE(code(0x21) == Errc::bad_frame);
    REQUIRE(code(0x66) == Errc::device);
    REQUIRE(code(0x77) == Errc::bad_frame);
    REQUIRE(Reply{.sw3 = 0x66}.as_error().context == "module answered 66");
}

TEST_CASE("the module's number is printed as the vendors print it", "[device][card_reader]") {
    const auto reply =
        decoded(Request::sam_id, hex("AA AA AA 96 69 00 14 00 00 90 05 00 01 00 7E B1 34 01 39 30 "
                                     "00 00 01 00 00 00 72"));
    REQUIRE(to_string(*reply.module_id) == "05.01-20230526-0000012345-0000000001");
}

TEST_CASE("both forms of the read reply give the text", "[device][card_reader]") {
    auto expected = card_text(pensioner());
    std::fill_n(expected.begin() + 32, 4, std::uint8_t(0));
    for (const auto& bytes : {read_reply(pensioner()), read_reply(pensioner(), 0)}) {
        const auto reply = decoded(Request::read, bytes);
        REQUIRE(Bytes(reply.card_text.begin(), reply.card_text.end()) == expected);
    }
}

TEST_CASE("a reply with fingerprint data is refused and keeps nothing",
          "[device][card_reader][refusal][D4.3]") {
    for (const std::size_t size : {1u, 512u, 1024u}) {
        const auto before = base::SessionArena::instance().in_use();
        const auto decoder = fed(Request::read, read_reply(pensioner(), size));
        REQUIRE(decoder.state() == State::broken);
        REQUIRE(decoder.fault().code == Errc::refused);
        REQUIRE(base::SessionArena::instance().in_use() == before);
    }
}

TEST_CASE("other sizes of text or photo are not guessed at", "[device][card_reader]") {
    auto data = Bytes(2 * 2 + 256 + 1024);
    data[0] = 0x04; // lengths exchanged: 1024 of text, 256 of photo
    data[2] = 0x01;
    REQUIRE(fed(Request::read, reply_frame(0x90, data)).fault().code == Errc::corrupt);
    for (std::size_t size = 0; size < 1300; ++size) {
        if (size == data.size()) continue;
        const auto decoder = fed(Request::read, reply_frame(0x90, Bytes(size)));
        CAPTURE(size);
        REQUIRE(decoder.state() == State::broken);
        REQUIRE(decoder.fault().code == (size == 16 ? Errc::bad_frame : Errc::corrupt));
    }
}

TEST_CASE("a reply in pieces of any size is one reply", "[device][card_reader]") {
    const auto bytes = read_reply(pensioner());
    const auto whole = decoded(Request::read, bytes).card_text;
    for (std::size_t piece = 1; piece < 70; ++piece) {
        ReplyDecoder decoder(Request::read);
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            decoder.feed(ByteView(bytes).subspan(at, std::min(piece, bytes.size() - at)));
        REQUIRE(decoder.state() == State::complete);
        REQUIRE(decoder.take().card_text == whole);
    }
}

TEST_CASE("a reply cut at any byte stays incomplete", "[device][card_reader]") {
    for (const auto& bytes : {read_reply(pensioner()), read_reply(pensioner(), 0),
                              reply_frame(0x90), reply_frame(0x9f, Bytes(4))}) {
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            CAPTURE(size);
            const auto decoder = fed(Request::read, ByteView(bytes).first(size));
            REQUIRE(decoder.state() == State::incomplete);
        }
    }
}

TEST_CASE("no single flipped bit makes another reply", "[device][card_reader]") {
    const std::vector<std::pair<Request, Bytes>> replies{
        {Request::read, read_reply(pensioner())},
        {Request::read, read_reply(pensioner(), 0)},
        {Request::find, reply_frame(0x80)},
        {Request::find, reply_frame(0x9f, Bytes(4))},
        {Request::select, reply_frame(0x90, Bytes(8))}};
    for (const auto& [request, bytes] : replies) {
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            auto flipped = bytes;
            flipped[bit / 8] ^= std::uint8_t(1 << bit % 8);
            CAPTURE(bytes.size(), bit);
            REQUIRE(fed(request, flipped).state() != State::complete);
        }
    }
}

TEST_CASE("noise before the preamble is skipped, bytes after the frame are left",
          "[device][card_reader]") {
    for (const char* noise : {"", "00", "AA", "AA AA", "AA AA AA", "AA AA AA AA AA", "AA AA AA 96",
                              "AA AA AA 96 AA", "96 69", "AA AA 96 69 FF"}) {
        auto bytes = hex(noise);
        const auto skipped = bytes.size();
        const auto frame = reply_frame(0x80);
        bytes.insert(bytes.end(), frame.begin(), frame.end());
        const auto end = bytes.size();
        bytes.insert(bytes.end(), {0xaa, 0xaa});
        CAPTURE(noise);
        ReplyDecoder decoder(Request::find);
        REQUIRE(decoder.feed(bytes) == end);
        REQUIRE(decoder.state() == State::complete);
        REQUIRE(decoder.skipped() == skipped);
    }
}

TEST_CASE("a late answer about the module's number is not taken for another answer",
          "[device][card_reader]") {
    const auto late = hex("AA AA AA 96 69 00 14 00 00 90 05 00 01 00 7E B1 34 01 39 30 00 00 01 00 "
                          "00 00 72");
    for (const auto request : all_requests) {
        if (request == Request::sam_id) continue;
        REQUIRE(fed(request, late).state() == State::broken);
    }
    REQUIRE(fed(Request::sam_id, reply_frame(0x90)).state() == State::broken);
}

TEST_CASE("odd first result bytes are tolerated and told", "[device][card_reader]") {
    auto bytes = reply_frame(0x90);
    REQUIRE_FALSE(decoded(Request::status, bytes).has_odd_header);
    bytes[7] ^= 0x01;
    bytes.back() ^= 0x01;
    REQUIRE(decoded(Request::status, bytes).has_odd_header);
}

TEST_CASE("the answer about new addresses is reduced to a result",
          "[device][card_reader][refusal][G6]") {
    const auto before = base::SessionArena::instance().in_use();
    auto decoder = fed(Request::presence, reply_frame(0x90, Bytes(280, 0x41)));
    REQUIRE(decoder.state() == State::complete);
    REQUIRE(base::SessionArena::instance().in_use() == before);
    REQUIRE(decoder.take().card_text.empty());
}

namespace {

// A read reply that exists nowhere in memory as a whole: each byte is computed when it is asked
// for. The ethnic code is two private-use characters, so that its neighbourhood is like nothing
// else.
class UnstoredReply {
public:
    static constexpr std::size_t size = 1295;

    std::uint8_t next() {
        const std::uint8_t byte = at_ + 1 == size ? sum_ : byte_at(at_);
        if (at_ >= 5) sum_ ^= byte;
        ++at_;
        return byte;
    }
    static std::uint8_t byte_at(std::size_t index) {
        constexpr std::array<std::uint8_t, 14> head{0xaa, 0xaa, 0xaa, 0x96, 0x69, 0x05, 0x08,
                                                    0x00, 0x00, 0x90, 0x01, 0x00, 0x04, 0x00};
        if (index < head.size()) return head[index];
        if (index < head.size() + 256) return text_at(index - head.size());
        return photo_at(index - head.size() - 256);
    }
    static std::uint8_t text_at(std::size_t index) {
        if (index >= 32 && index < 36) return std::uint8_t(0xe3 + 7 * (index - 32));
        return index % 2 != 0 ? 0 : index == 30 ? '1' : index < 32 || index > 51 ? ' ' : '2';
    }
    static std::uint8_t photo_at(std::size_t index) {
        return std::uint8_t((index * 2654435761u + 12345u) >> 13);
    }

private:
    std::size_t at_ = 0;
    std::uint8_t sum_ = 0;
};

// How often the bytes computed by `at` for [0, length) stand in this process's writable memory.
template <class At> int count_in_memory(std::size_t length, At at) {
    std::ifstream maps("/proc/self/maps");
    std::string line;
    int found = 0;
    Bytes page(1u << 20);
    while (std::getline(maps, line)) {
        std::size_t begin = 0, end = 0;
        char access[5]{};
        if (std::sscanf(line.c_str(), "%zx-%zx %4s", &begin, &end, access) != 3) continue;
        // Larger regions are reservations of a sanitizer.
        if (access[0] != 'r' || access[1] != 'w' || end - begin > (1u << 30)) continue;
        for (std::size_t from = begin; from < end; from += page.size() - length) {
            iovec local{page.data(), std::min(page.size(), end - from)};
            iovec remote{reinterpret_cast<void*>(from), local.iov_len};
            const auto size = ::process_vm_readv(::getpid(), &local, 1, &remote, 1, 0);
            // memchr, because a sanitizer's build looks through hundreds of megabytes.
            const std::size_t filled = std::size_t(std::max<ssize_t>(size, 0));
            for (std::size_t i = 0; i + length <= filled; ++i) {
                const void* next = std::memchr(page.data() + i, at(0), filled - i);
                if (next == nullptr) break;
                i = std::size_t(static_cast<const std::uint8_t*>(next) - page.data());
                std::size_t same = 0;
                while (same < length && i + same < filled && page[i + same] == at(same)) ++same;
                found += same == length ? 1 : 0;
            }
            std::memset(page.data(), 0, filled);
        }
    }
    return found;
}

} // namespace

TEST_CASE("photo and ethnic code are nowhere in memory after a read",
          "[device][card_reader][refusal][D4.3][G6]") {
    const auto ethnic = [](std::size_t i) { return UnstoredReply::text_at(30 + i); };
    const auto photo = [](std::size_t i) { return UnstoredReply::photo_at(400 + i); };

    ReplyDecoder decoder(Request::read);
    UnstoredReply reply;
    for (std::size_t i = 0; i < UnstoredReply::size; ++i) {
        const auto byte = reply.next();
        REQUIRE(decoder.feed(ByteView(&byte, 1)) == 1);
        if (i == 1200) REQUIRE(count_in_memory(12, photo) == 0); // nor while it arrives
    }
    REQUIRE(decoder.state() == State::complete);
    const auto text = decoder.take().card_text;
    REQUIRE(text[30] == '1');
    REQUIRE(count_in_memory(8, ethnic) == 0);
    REQUIRE(count_in_memory(12, photo) == 0);

    SECTION("the search would have found them") {
        base::SecretBytes planted(12);
        for (std::size_t i = 0; i < 12; ++i) planted[i] = photo(i);
        REQUIRE(count_in_memory(12, photo) >= 1);
        for (std::size_t i = 0; i < 8; ++i) planted[i] = ethnic(i);
        REQUIRE(count_in_memory(8, ethnic) >= 1);
    }
}
