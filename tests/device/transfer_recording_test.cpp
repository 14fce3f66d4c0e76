// Recordings of the wire to a card reader: they play back as they were, and hold nothing of a card.
#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/card_reader/simulated_sam.hpp"
#include "drivers/manual_wait.hpp"
#include "drivers/usb/transfer_recording.hpp"
#include "kiosk/base/manual_clock.hpp"

#include <catch2/catch.hpp>

using namespace drivers;
using namespace std::chrono_literals;
using base::Errc;

namespace {

struct Studio {
    base::ManualClock clock{std::chrono::sys_days{2026y / 11 / 22} + 4h};
    SimulatedSam module{clock, manual_wait(clock)};
    std::string recording;

    SamReader recorded_reader() {
        return {"recorded",
                [this]() -> base::Result<std::unique_ptr<Transport>> {
                    auto wire = TRY(module.connect());
                    return std::unique_ptr<Transport>(std::make_unique<RecordingTransport>(
                        std::move(wire), clock,
                        [this](const std::string& line) { recording += line + '\n'; }));
                },
                clock, manual_wait(clock)};
    }
    SamReader replayed_reader() {
        return {"replayed",
                [this]() -> base::Result<std::unique_ptr<Transport>> {
                    return std::unique_ptr<Transport>(
                        TRY(ReplayTransport::open(recording, manual_wait(clock))));
                },
                clock, manual_wait(clock)};
    }
};

std::string outcome(SamReader& reader) {
    const auto card = reader.read({0ms}, {});
    return std::string(card ? card->card.number.view() : base::to_string(card.error().code));
}

// Every run of `size` bytes of the secret that stands in the recording as hex.
bool holds_a_piece(const std::string& recording, base::ByteView secret, std::size_t size) {
    std::string all; // hex of everything that was read or written, in one
    for (std::size_t from = 0; from < recording.size();) {
        const auto end = recording.find('\n', from);
        const auto line = recording.substr(from, end - from);
        if (const auto at = line.find_last_of(' '); at != std::string::npos)
            all += line.substr(at + 1);
        from = end + 1;
    }
    for (std::size_t at = 0; at + size <= secret.size(); ++at)
        if (all.find(base::to_hex(secret.subspan(at, size))) != std::string::npos) return true;
    return false;
}

constexpr auto pensioner_number = "65999919500101001X";
constexpr auto agent_number = "659999198802290027";

} // namespace

TEST_CASE("a recorded dialogue plays back with an invented card in place of the real one",
          "[device][usb]") {
    Studio studio;
    studio.module.lay_card(find_demo_person("agent")->card); // stands for a real card here
    auto recorded = studio.recorded_reader();
    REQUIRE(outcome(recorded) == agent_number);
    REQUIRE(recorded.is_card_present().value());
    auto replayed = studio.replayed_reader();
    REQUIRE(outcome(replayed) == pensioner_number);
    REQUIRE(replayed.is_card_present().value());
    REQUIRE(outcome(replayed) == "unplugged"); // the recording is over
}

TEST_CASE(
    "nothing of a card stands in a recording, in whatever pieces it came and wherever it was torn",
    "[device][usb]") {
    auto card = find_demo_person("agent")->card;
    card.name = "龘靐齉";
    card.address = "爨癵籲鱻麤龗灪爩鸜"; // characters that no other card here has
    card.photo_seed = 1;                 // moved house: the presence probe answers with an address
    const auto text = card_text(card);
    for (const bool has_three_lengths : {false, true})
        for (const std::size_t piece : {1, 7, 64, 512})
            for (const std::size_t torn : {0, 9, 15, 40, 300, 1290}) {
                Studio studio;
                auto reader = studio.recorded_reader();
                studio.module.give_at_most(piece);
                if (has_three_lengths) studio.module.use_three_length_form(0);
                studio.module.lay_card(card);
                if (torn > 0) studio.module.tear_away_mid_read(torn);
                outcome(reader);
                studio.module.lay_card(card);
                studio.module.answer_late(1200ms); // a late reply follows another request
                outcome(reader);
                studio.module.lay_card(card);
                outcome(reader);
                static_cast<void>(reader.is_card_present());
                CAPTURE(has_three_lengths, piece, torn);
                const base::ByteView all(text);
                REQUIRE_FALSE(holds_a_piece(studio.recording, all.first(6), 4));
                REQUIRE_FALSE(holds_a_piece(studio.recording, all.subspan(52, 18), 4));
                // The first eight digits are those of every invented card.
                REQUIRE_FALSE(holds_a_piece(studio.recording, all.subspan(122, 36), 20));
                REQUIRE_FALSE(
                    holds_a_piece(studio.recording, base::ByteView(card_photo(card)), 16));
            }
}

TEST_CASE("the end of a reply whose beginning was not seen is recorded as zeros", "[device][usb]") {
    ReplyMask mask;
    const auto reply = read_reply(find_demo_person("agent")->card);
    for (std::size_t i = 20; i < 250; ++i) {
        const auto masked = mask.mask(reply[i]);
        REQUIRE((masked == 0 || masked == 0xaa)); // the beginning of a preamble is nobody's
    }
}

TEST_CASE("a recorded frame keeps its length, its result and whether its checksum was right",
          "[device][usb]") {
    for (const bool is_broken : {false, true}) {
        auto reply = read_reply(find_demo_person("agent")->card);
        if (is_broken) reply.back() ^= 1;
        ReplyMask mask;
        base::Bytes masked;
        for (const auto byte : reply) masked.push_back(mask.mask(byte));
        REQUIRE(masked.size() == reply.size());
        REQUIRE(std::equal(masked.begin(), masked.begin() + 14, reply.begin()));
        ReplyDecoder decoder(Request::read);
        decoder.feed(masked);
        REQUIRE((decoder.state() == ReplyDecoder::State::complete) == !is_broken);
    }
}

TEST_CASE("the module's own number is recorded as it is", "[device][usb]") {
    Studio studio;
    auto recorded = studio.recorded_reader();
    const auto number = recorded.describe().module_id;
    auto replayed = studio.replayed_reader();
    REQUIRE(replayed.describe().module_id == number);
}

TEST_CASE("a pulled cable is recorded and happens again", "[device][usb]") {
    Studio studio;
    auto recorded = studio.recorded_reader();
    REQUIRE(outcome(recorded) == "no_card");
    studio.module.pull_cable();
    REQUIRE(outcome(recorded) == "unplugged");
    auto replayed = studio.replayed_reader();
    REQUIRE(outcome(replayed) == "no_card");
    REQUIRE(outcome(replayed) == "unplugged");
}

TEST_CASE("a replay does not answer what was not asked when it was recorded", "[device][usb]") {
    Studio studio;
    auto replay =
        ReplayTransport::open("# a remark\n0 > 1122\n5 < 33\n", manual_wait(studio.clock)).value();
    REQUIRE(replay->write(base::Bytes{0x11, 0x23}, 1s).error().code == Errc::device);
    for (const auto* wrong : {"x", "0", "0 >", "0 ? 11", "0 > 1", "-1 > 11", "0> 11", "0 ! 11"}) {
        const auto refused = ReplayTransport::open(wrong, manual_wait(studio.clock));
        REQUIRE(refused.error().code == Errc::invalid_input);
        REQUIRE(refused.error().context.starts_with("recording, line 1: "));
    }
}
