// Staff cards: the words and the dialogue, with everything that cards, cables and people do wrong.
// The contract that simulated and real readers share is in tests/support/staff_card_bench.hpp.
#include "drivers/manual_wait.hpp"
#include "drivers/staff_card/apdu.hpp"
#include "drivers/staff_card/simulated_staff_card.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "tests/support/p256_check.hpp"
#include "tests/support/staff_card_bench.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <thread>

using namespace drivers;
using namespace std::chrono_literals;
using base::Bytes;
using base::Errc;
using State = StaffCardPlace::State;

namespace {

Bytes hex(std::string_view text) {
    return base::from_hex(text).value();
}
template <std::size_t size> std::array<std::uint8_t, size> filled(std::uint8_t byte) {
    std::array<std::uint8_t, size> all;
    all.fill(byte);
    return all;
}
std::string repeated(std::string_view byte, int count) {
    std::string text;
    while (count-- > 0) text += byte;
    return text;
}

const base::Sha256 digest = base::sha256(base::as_bytes("challenge"));

// Answers from a list, whatever is asked, and keeps what was asked.
class ScriptedChannel final : public CardChannel {
public:
    explicit ScriptedChannel(std::vector<std::string> answers, base::ManualClock* clock = nullptr)
        : answers_(answers.begin(), answers.end()), clock_(clock) {}

    base::Result<base::SecretBytes> transmit(base::ByteView command) override {
        asked.push_back(base::to_hex(command));
        if (clock_) clock_->advance(3s);
        if (answers_.empty()) return base::Error{Errc::timed_out, "end of script"};
        const auto bytes = hex(answers_.front());
        answers_.pop_front();
        return base::SecretBytes(bytes.begin(), bytes.end());
    }
    std::vector<std::string> asked;

private:
    std::deque<std::string> answers_;
    base::ManualClock* clock_;
};

Errc code_of(std::vector<std::string> answers) {
    base::ManualClock clock{{}};
    ScriptedChannel channel(std::move(answers));
    const auto secret = StaffCard(channel, clock).agree(filled<65>(4));
    return secret ? Errc::conflict : secret.error().code;
}

// A whole answer to agree(): 7C 22 { 82 20 x }, done.
const std::string secret_answer = "7c228220" + repeated("5a", 32) + "9000";

struct Reader {
    base::ManualClock clock{{}};
    SimulatedStaffCardReader reader{clock, manual_wait(clock)};
    SimulatedStaffCardReader* operator->() { return &reader; }
};

class SimulatedBench final : public tests::StaffCardBench {
public:
    StaffCardReader& reader() override { return reader_; }
    void insert_card(SimulatedStaffCard card) override { reader_.insert_card(std::move(card)); }
    void pull_card() override { reader_.pull_card(); }
    void pull_after(std::size_t commands) override { reader_.pull_after(commands); }
    void insert_second_card(SimulatedStaffCard card) override {
        reader_.insert_second_card(std::move(card));
    }
    void pull_second_card() override { reader_.pull_second_card(); }
    void unplug() override { reader_.unplug(); }
    void unplug_after(std::size_t commands) override { reader_.unplug_after(commands); }
    void plug_in() override { reader_.plug_in(); }

private:
    base::SystemClock clock_;
    // Nothing is waited for: a mute card is mute at once.
    SimulatedStaffCardReader reader_{clock_, [](base::Milliseconds, std::stop_token) {}};
};

} // namespace

// ---- words ----

TEST_CASE("the commands to a staff card are these bytes and no others", "[device][staff_card]") {
    CHECK(base::to_hex(apdu::select_application()) == "00a404000ba00000030800001000010000");
    CHECK(base::to_hex(apdu::sign(filled<32>(0x11))) ==
          "0087119e267c2482008120" + repeated("11", 32) + "00");
    CHECK(base::to_hex(apdu::agree(filled<65>(0x22))) ==
          "0087119d477c4582008541" + repeated("22", 65) + "00");
    CHECK(base::to_hex(apdu::get_response(0x13)) == "00c0000013");
    CHECK(base::to_hex(apdu::get_response(0)) == "00c0000000");
    CHECK(base::to_hex(apdu::with_le(hex("00a4040001aa00"), 0x13)) == "00a4040001aa13");
    // Over T=0 only a command that sends and expects data loses its Le.
    CHECK(base::to_hex(apdu::for_t0(hex("00a4040001aa00"))) == "00a4040001aa");
    CHECK(base::to_hex(apdu::for_t0(hex("00a4040001aa"))) == "00a4040001aa");
    CHECK(base::to_hex(apdu::for_t0(hex("00c0000013"))) == "00c0000013");
    CHECK(base::to_hex(apdu::encode({.cla = 0, .ins = 1, .p1 = 2, .p2 = 3})) == "00010203");
}

TEST_CASE("every status word has one meaning", "[device][staff_card]") {
    using apdu::Meaning;
    for (unsigned word = 0; word <= 0xFFFF; ++word) {
        const apdu::Status status{std::uint8_t(word >> 8), std::uint8_t(word)};
        auto expected = Meaning::broken;
        switch (word >> 8) {
        case 0x61: expected = Meaning::more_waits; break;
        case 0x6C: expected = Meaning::other_le; break;
        case 0x67:
        case 0x68:
        case 0x69:
        case 0x6A:
        case 0x6B:
        case 0x6D:
        case 0x6E:
        case 0x91: expected = Meaning::not_ours; break;
        }
        if (word == 0x9000) expected = Meaning::done;
        if (status.meaning() != expected) FAIL(status.text());
    }
}

TEST_CASE("what a card refuses with is told as a card of somebody else or as a fault",
          "[device][staff_card]") {
    struct Row {
        const char* select;
        const char* use;
        Errc code;
    };
    const Row rows[] = {
        {"6a82", "", Errc::unsupported},     // no such application: a bank card
        {"6d00", "", Errc::unsupported},     // no SELECT at all
        {"6e00", "", Errc::unsupported},     // another class of commands
        {"6999", "", Errc::unsupported},     // Java cards say it to an unknown name
        {"911c", "", Errc::unsupported},     // DESFire
        {"6f00", "", Errc::bad_frame},       // the card's own fault
        {"6581", "", Errc::bad_frame},       // its memory
        {"6283", "", Errc::bad_frame},       // a warning is not "done"
        {"9000", "6982", Errc::unsupported}, // its own PIN is wanted
        {"9000", "6983", Errc::unsupported}, // and blocked
        {"9000", "6a80", Errc::unsupported}, // not this point
        {"9000", "6a86", Errc::unsupported}, // no such slot
        {"9000", "6a88", Errc::unsupported}, // no key in it
        {"9000", "6d00", Errc::unsupported},
        {"9000", "6700", Errc::unsupported},
        {"9000", "6f00", Errc::bad_frame},
        {"9000", "9000", Errc::bad_frame}, // done, and nothing said
        {"9000", "ffff", Errc::bad_frame},
        {"", "", Errc::bad_frame},
        {"90", "", Errc::bad_frame},
    };
    for (const auto& row : rows) {
        CAPTURE(row.select, row.use);
        CHECK(base::to_string(code_of({row.select, row.use})) == base::to_string(row.code));
    }
}

TEST_CASE("signatures are read by the letter of DER", "[device][staff_card]") {
    const auto read = [](const std::string& text) { return apdu::read_signature(hex(text)); };
    const std::string order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    const std::string less = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";

    const auto smallest = read("3006020101020102");
    REQUIRE(smallest);
    CHECK(base::to_hex(*smallest) == std::string(63, '0') + "1" + std::string(63, '0') + "2");
    const auto largest = read("3046022100" + less + "022100" + less);
    REQUIRE(largest);
    CHECK(base::to_hex(*largest) == less + less);
    CHECK(base::to_hex(*read("302502207f" + std::string(62, '1') + "020102")).substr(0, 4) ==
          "7f11");

    const std::pair<const char*, std::string> bad[] = {
        {"nothing", ""},
        {"no sequence", "3106020101020102"},
        {"length too long", "3007020101020102"},
        {"length too short", "3005020101020102"},
        {"length not in its shortest form", "308106020101020102"},
        {"length without end", "3080020101020102"},
        {"a third number", "3009020101020102020103"},
        {"a byte behind", "300602010102010200"},
        {"one number", "3003020101"},
        {"not a number", "3006040101020102"},
        {"empty number", "30050200020102"},
        {"zero", "3006020100020102"},
        {"second zero", "3006020101020100"},
        {"negative", "3006020181020102"},
        {"number not in its shortest form", "300702020001020102"},
        {"number of 33 bytes", "3026022101" + std::string(64, '1') + "020102"},
        {"number of 34 bytes", "302702220100" + std::string(64, '1') + "020102"},
        {"the order itself", "3026022100" + order + "020102"},
        {"second is the order", "3026020102022100" + order},
        {"number longer than the sequence", "3006020101020202"},
    };
    for (const auto& [what, text] : bad) {
        CAPTURE(what);
        const auto signature = read(text);
        REQUIRE(!signature);
        CHECK(signature.error().code == Errc::bad_frame);
    }
}

TEST_CASE("elements are read within their bounds", "[device][staff_card]") {
    const auto take = [](std::string_view text) {
        const auto bytes = hex(text);
        base::ByteView rest = bytes;
        const auto tlv = apdu::take_tlv(rest);
        if (!tlv) CHECK(rest.size() == bytes.size());
        return tlv ? std::to_string(tlv->tag) + ":" + base::to_hex(tlv->value) + "+" +
                         std::to_string(rest.size())
                   : std::string("bad");
    };
    CHECK(take("8200") == "130:+0");
    CHECK(take("8202aabbcc") == "130:aabb+1");
    CHECK(take("5f2f01aa") == "24367:aa+0");
    CHECK(take("7c8102aabb") == "124:aabb+0");
    CHECK(take("7c820002aabb") == "124:aabb+0");
    for (const auto* bad : {"", "82", "8201", "5f", "5f8101aa", "7c80", "7c81", "7c8200",
                            "7c8300000100", "7cff", "8203aabb"})
        CHECK(take(bad) == "bad");

    const auto response = [](std::string_view text) {
        const auto bytes = hex(text);
        const auto value = apdu::read_response(bytes);
        return value ? base::to_hex(*value) : std::string("bad");
    };
    CHECK(response("7c038201aa") == "aa");
    CHECK(response("7c04828101aa") == "aa");
    for (const auto* bad : {"", "7c00", "7c038101aa", "7d038201aa", "7c038201aa00",
                            "7c068201aa8201aa", "7c038202aa", "7c048201aa"})
        CHECK(response(bad) == "bad");
}

// ---- dialogue ----

TEST_CASE("an answer that comes in pieces is put together, up to a limit", "[device][staff_card]") {
    base::ManualClock clock{{}};
    ScriptedChannel channel({"9000", "6c24", "7c2282206104", repeated("5a", 16) + "6110", "6c0f",
                             repeated("5a", 16) + "9000"});
    const auto secret = StaffCard(channel, clock).agree(filled<65>(4));
    REQUIRE(secret);
    CHECK(secret->expose() == filled<32>(0x5A));
    REQUIRE(channel.asked.size() == 6);
    CHECK(channel.asked[2].substr(channel.asked[2].size() - 2) == "24"); // exactly as told
    CHECK(channel.asked[3] == "00c0000004");
    CHECK(channel.asked[4] == "00c0000010");
    CHECK(channel.asked[5] == "00c000000f");

    std::vector<std::string> endless{"9000"};
    for (int i = 0; i < 100; ++i) endless.push_back("aa6101");
    CHECK(code_of(endless) == Errc::bad_frame);
    CHECK(code_of({"9000", "6c10", "6c11", "6c12"}) == Errc::bad_frame); // once is enough
}

TEST_CASE("a secret of another size than 32 bytes is none", "[device][staff_card]") {
    CHECK(code_of({"9000", secret_answer}) == Errc::conflict); // that is: no error
    CHECK(code_of({"9000", "7c21821f" + repeated("5a", 31) + "9000"}) == Errc::bad_frame);
    CHECK(code_of({"9000", "7c238221" + repeated("5a", 33) + "9000"}) == Errc::bad_frame);
}

TEST_CASE("an answer cut off at any byte is no answer", "[device][staff_card]") {
    const auto whole = secret_answer;
    for (std::size_t size = 0; size < whole.size(); size += 2) {
        CAPTURE(size);
        const auto code = code_of({"9000", whole.substr(0, size)});
        // "5a5a" at the end of what is left is a status word that no card has.
        CHECK(base::to_string(code) == base::to_string(Errc::bad_frame));
    }
}

TEST_CASE("a card that is slow again and again is given up within the total limit",
          "[device][staff_card]") {
    base::ManualClock clock{{}};
    ScriptedChannel channel(std::vector<std::string>(20, "6101"), &clock);
    StaffCardLimits limits;
    limits.get_response_rounds = 100;
    const auto secret = StaffCard(channel, clock, limits).agree(filled<65>(4));
    REQUIRE(!secret);
    CHECK(secret.error().code == Errc::timed_out);
    CHECK(channel.asked.size() == 3); // begun at 0, 3 and 6 of 8 seconds
}

// ---- the simulated reader ----

TEST_CASE("a staff card signs and agrees on a secret", "[device][staff_card]") {
    SimulatedBench bench;
    gives_signatures_and_secrets(bench);
}
TEST_CASE("a card of somebody else is told", "[device][staff_card]") {
    SimulatedBench bench;
    tells_foreign_cards(bench);
}
TEST_CASE("silent and garbling cards do not hold the kiosk up", "[device][staff_card]") {
    SimulatedBench bench;
    survives_silent_and_garbling_cards(bench);
}
TEST_CASE("a card pulled before any command is noticed", "[device][staff_card]") {
    SimulatedBench bench;
    notices_every_removal(bench);
}
TEST_CASE("an exchanged card is noticed", "[device][staff_card]") {
    SimulatedBench bench;
    notices_an_exchange(bench);
}
TEST_CASE("cards in two readers are told", "[device][staff_card]") {
    SimulatedBench bench;
    tells_several_cards(bench);
}
TEST_CASE("the reader may be unplugged and come back at any time", "[device][staff_card]") {
    SimulatedBench bench;
    survives_unplugging(bench);
}
TEST_CASE("a waiting look ends when asked", "[device][staff_card]") {
    SimulatedBench bench;
    stops_looking_when_asked(bench);
}

TEST_CASE("the same word makes the same card, another word another", "[device][staff_card]") {
    const auto one = SimulatedStaffCard::of("one");
    CHECK(SimulatedStaffCard::of("one").signs() == one.signs());
    CHECK(SimulatedStaffCard::of("one").agrees() == one.agrees());
    CHECK(SimulatedStaffCard::of("two").signs() != one.signs());
    CHECK(one.signs() != one.agrees());
    CHECK(SimulatedStaffCard::generate().signs() != SimulatedStaffCard::generate().signs());
}

// Wherever one bit of an answer is wrong, the kiosk says so or the answer is still right: a wrong
// bit inside the numbers is for whoever checks the signature.
TEST_CASE("an answer garbled at any byte never stops the kiosk", "[device][staff_card]") {
    const auto ours = SimulatedStaffCard::of("ours");
    for (std::size_t byte = 0; byte < 80; ++byte) {
        Reader reader;
        auto garbling = ours;
        garbling.garbles(byte);
        reader->insert_card(garbling);
        const auto signature = reader->sign(digest);
        CAPTURE(byte);
        if (signature) {
            // Templates and lengths come before byte 8; a whole answer has about 77 bytes.
            CHECK(byte >= 8);
            if (tests::is_signature(ours.signs(), digest, *signature)) CHECK(byte >= 70);
        } else {
            CHECK((signature.error().code == Errc::bad_frame ||
                   signature.error().code == Errc::unsupported));
        }
        reader->insert_card(ours);
        CHECK(reader->sign(digest));
    }
}

TEST_CASE("a card exchanged between two commands is not taken for the first one",
          "[device][staff_card]") {
    for (std::size_t at = 0; at < 2; ++at) {
        Reader reader;
        const auto other = SimulatedStaffCard::of("other");
        reader->insert_card(SimulatedStaffCard::of("ours"));
        const auto before = reader->look({}, 0ms, {});
        reader->swap_after(at, other);
        const auto signature = reader->sign(digest);
        REQUIRE(!signature);
        CHECK(signature.error().code == Errc::card_removed);
        const auto after = reader->look(before, 0ms, {});
        CHECK(after.state == State::one_card);
        CHECK(after.change != before.change);
        CHECK(tests::is_signature(other.signs(), digest, reader->sign(digest).value()));
    }
}

TEST_CASE("a card in the wrong way round is none of ours", "[device][staff_card]") {
    Reader reader;
    reader->insert_card(SimulatedStaffCard::upside_down());
    CHECK(reader->look({}, 0ms, {}).state == State::one_card);
    CHECK(reader->sign(digest).error().code == Errc::unsupported);
    CHECK(reader->commands() == 0);
}

TEST_CASE("a mute card takes one answer limit of the clock, not two", "[device][staff_card]") {
    Reader reader;
    auto mute = SimulatedStaffCard::of("ours");
    mute.goes_mute();
    reader->insert_card(mute);
    CHECK(reader->sign(digest).error().code == Errc::timed_out);
    CHECK(reader.clock.now().time_since_epoch() == StaffCardLimits{}.answer);
}

TEST_CASE("pulling a mute card ends the wait for it", "[device][staff_card]") {
    base::SystemClock clock;
    SimulatedStaffCardReader reader(clock, real_wait(), {.answer = 1h, .total = 1h});
    auto mute = SimulatedStaffCard::of("ours");
    mute.goes_mute();
    reader.insert_card(mute);
    base::Errc code{};
    std::jthread worker([&] { code = reader.sign(digest).error().code; });
    while (reader.commands() == 0) std::this_thread::yield();
    reader.pull_card();
    worker.join();
    CHECK(code == Errc::card_removed);
}

TEST_CASE("with no patience the reader says at once how things stand", "[device][staff_card]") {
    Reader reader;
    auto place = reader->look({}, 0ms, {});
    CHECK(place.state == State::empty);
    CHECK(reader->look(place, 0ms, {}) == place);
    reader->insert_card(SimulatedStaffCard::of("ours"));
    CHECK(reader->look(place, 0ms, {}).state == State::one_card);
    reader->unplug();
    CHECK(reader->look(place, 0ms, {}).state == State::no_reader);
    reader->plug_in();
    CHECK(reader->look(place, 0ms, {}).state == State::one_card); // cards stay where they are
    CHECK(reader->has_card());
}

TEST_CASE("every verb that changes something wakes a waiting look", "[device][staff_card]") {
    const auto card = SimulatedStaffCard::of("ours");
    using Verb = std::function<void(SimulatedStaffCardReader&)>;
    const std::pair<Verb, State> verbs[] = {
        {[&](auto& reader) { reader.insert_card(card); }, State::one_card},
        {[&](auto& reader) { reader.insert_second_card(card); }, State::several_cards},
        {[&](auto& reader) { reader.pull_second_card(); }, State::one_card},
        {[&](auto& reader) { reader.insert_card(card); }, State::one_card}, // another one
        {[&](auto& reader) { reader.unplug(); }, State::no_reader},
        {[&](auto& reader) { reader.plug_in(); }, State::one_card},
        {[&](auto& reader) { reader.pull_card(); }, State::empty},
    };
    base::SystemClock clock;
    SimulatedStaffCardReader reader(clock, real_wait());
    auto place = reader.look({}, 0ms, {});
    for (const auto& [verb, state] : verbs) {
        StaffCardPlace seen;
        std::jthread worker([&] { seen = reader.look(place, 1h, {}); });
        verb(reader);
        worker.join();
        CHECK(seen.state == state);
        CHECK(seen.change != place.change);
        place = seen;
    }
}
