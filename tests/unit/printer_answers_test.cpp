// What comes back from a printer, in any order and in any pieces, and what it means.
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "printer/answers.hpp"
#include "printer/state.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace {

using base::Bytes;
using printer::Answer;
using printer::AnswerReader;
using printer::Paper;
using printer::State;
using printer::Status;

struct Message {
    Bytes bytes;
    Answer answer;
};

std::vector<Message> messages() {
    return {
        {{0x14, 0, 0, 0x0F}, printer::AutomaticStatus{{0x14, 0, 0, 0x0F}}},
        {{0x3C, 0x08, 0x0F, 0}, printer::AutomaticStatus{{0x3C, 0x08, 0x0F, 0}}},
        {{0x16}, printer::RealTimeAnswer{0x16}},
        {{0x7E}, printer::RealTimeAnswer{0x7E}},
        {{0x00}, printer::PlainAnswer{0x00}},
        {{0x0F}, printer::PlainAnswer{0x0F}},
        {{0x63}, printer::PlainAnswer{0x63}},
        {{0x37, 0x22, 'C', '!', '7', '~', 0}, printer::Confirmed{{'C', '!', '7', '~'}}},
        {{0x37, 0x25, 0}, printer::Cleared{}},
        {{0x5F, 'T', 'M', '-', 'T', '8', '8', 0}, printer::Identity{"TM-T88"}},
        {{0x5F, 0}, printer::Identity{""}},
        {{0x3D, 'x', 0}, printer::OtherBlock{0x3D}},
    };
}

std::vector<Answer> hear(AnswerReader& reader, base::ByteView bytes) {
    reader.hear(bytes);
    std::vector<Answer> heard;
    while (auto answer = reader.next()) heard.push_back(std::move(*answer));
    return heard;
}

} // namespace

TEST_CASE("three answers in any order and cut at any two places are read as three",
          "[unit][receipt]") {
    const auto all = messages();
    std::size_t runs = 0;
    std::size_t wrong = 0;
    for (const auto& a : all)
        for (const auto& b : all)
            for (const auto& c : all) {
                Bytes bytes = a.bytes;
                bytes.insert(bytes.end(), b.bytes.begin(), b.bytes.end());
                bytes.insert(bytes.end(), c.bytes.begin(), c.bytes.end());
                const std::vector<Answer> expected{a.answer, b.answer, c.answer};
                for (std::size_t first = 0; first <= bytes.size(); ++first)
                    for (std::size_t second = first; second <= bytes.size(); ++second) {
                        AnswerReader reader;
                        const base::ByteView view(bytes);
                        auto heard = hear(reader, view.first(first));
                        for (const auto& piece :
                             {view.subspan(first, second - first), view.subspan(second)})
                            for (auto& answer : hear(reader, piece)) heard.push_back(answer);
                        ++runs;
                        wrong +=
                            heard != expected || reader.rubbish() != 0 || reader.half_heard() != 0;
                    }
            }
    CHECK(runs > 100'000);
    CHECK(wrong == 0);
}

TEST_CASE("an answer that breaks off does not swallow the next one", "[unit][receipt]") {
    // A packet loses its tail (a loose cable), then another begins.
    for (std::size_t kept = 1; kept < 4; ++kept) {
        AnswerReader reader;
        Bytes bytes{0x1C, 0x00, 0x0F};
        bytes.resize(std::min(kept, bytes.size()));
        bytes.insert(bytes.end(), {0x14, 0x00, 0x00, 0x0F});
        const auto heard = hear(reader, bytes);
        REQUIRE(heard.size() == 1);
        CHECK(heard[0] == Answer{printer::AutomaticStatus{{0x14, 0, 0, 0x0F}}});
        CHECK(reader.rubbish() == std::min(kept, std::size_t(3)));
    }
    AnswerReader reader;
    CHECK(hear(reader, Bytes{0x37, 0x22, 'C', 0x16}).size() ==
          1); // the block ends at a control byte
    reader.hear(Bytes{0x14, 0x00});
    reader.reset();
    CHECK(hear(reader, Bytes{0x0F}) == std::vector<Answer>{printer::PlainAnswer{0x0F}});
}

TEST_CASE("any bytes at all are read without harm", "[unit][receipt]") {
    base::SeededRandom random(20261129);
    AnswerReader reader;
    std::size_t answers = 0;
    for (int round = 0; round < 20'000; ++round) {
        Bytes bytes(1 + random.below(40));
        for (auto& byte : bytes) byte = std::uint8_t(random.below(256));
        answers += hear(reader, bytes).size();
        CHECK(reader.half_heard() <= 128);
    }
    CHECK(answers > 1000);
    CHECK(reader.rubbish() > 1000);
}

TEST_CASE("an unasked status packet says what the four answers would say", "[unit][receipt]") {
    using printer::AutomaticStatus;
    CHECK(printer::read_asb(AutomaticStatus{{0x14, 0, 0, 0x0F}}) == Status{});
    CHECK(printer::read_asb(AutomaticStatus{{0x3C, 0, 0, 0}}) ==
          Status{.is_online = false, .is_cover_open = true});
    CHECK(printer::read_asb(AutomaticStatus{{0x1C, 0x08, 0, 0}}).has_cutter_error);
    CHECK(printer::read_asb(AutomaticStatus{{0x1C, 0x20, 0, 0}}).has_unrecoverable_error);
    CHECK(printer::read_asb(AutomaticStatus{{0x1C, 0x40, 0, 0}}).is_recovering);
    CHECK(printer::read_asb(AutomaticStatus{{0x14, 0, 0x03, 0}}).paper == Paper::near_end);
    CHECK(printer::read_asb(AutomaticStatus{{0x1C, 0, 0x0F, 0}}).paper == Paper::out);
    CHECK(printer::read_asb(AutomaticStatus{{0x54, 0, 0, 0}}).is_feeding_by_button);
}

TEST_CASE("the port says paper and health when the wire is stalled", "[unit][receipt]") {
    CHECK(printer::read_port_status(0x18).value() == Status{});
    CHECK(printer::read_port_status(0x38)->paper == Paper::out);
    CHECK_FALSE(printer::read_port_status(0x10)->is_online);
    CHECK_FALSE(printer::read_port_status(0x08)->is_online);
    for (const int bit : {0x80, 0x40, 0x04, 0x02, 0x01})
        CHECK_FALSE(printer::read_port_status(std::uint8_t(0x18 | bit)));
}

TEST_CASE("near end is read the other way round on units that are known for it",
          "[unit][receipt]") {
    Status status;
    REQUIRE(printer::take_real_time(status, 4, 0x12, true));
    CHECK(status.paper == Paper::near_end);
    REQUIRE(printer::take_real_time(status, 4, 0x1E, true));
    CHECK(status.paper == Paper::enough);
    REQUIRE(printer::take_real_time(status, 4, 0x72, true));
    CHECK(status.paper == Paper::out);
}

TEST_CASE("the printer's state is the worst thing it says, and time makes it stalled",
          "[unit][receipt]") {
    using base::Milliseconds;
    printer::StateMachine machine;
    CHECK(machine.state() == State::absent);
    machine.plugged(Milliseconds(0));
    CHECK(machine.state() == State::probing);
    machine.tick(printer::answer_limit);
    CHECK(machine.state() == State::stalled); // there and mute
    const std::pair<Status, State> cases[] = {
        {{}, State::ready},
        {{.paper = Paper::near_end}, State::paper_low},
        {{.paper = Paper::out, .is_online = false}, State::paper_out},
        {{.paper = Paper::out, .is_online = false, .is_cover_open = true}, State::cover_open},
        {{.is_online = false, .is_cover_open = true, .has_cutter_error = true}, State::cutter},
        {{.has_cutter_error = true, .has_unrecoverable_error = true}, State::dead},
        {{.is_online = false, .is_recovering = true}, State::hot},
        {{.is_online = false}, State::stalled},
    };
    for (const auto& [status, state] : cases) {
        machine.heard(status, Milliseconds(1000));
        CHECK(machine.state() == state);
        CHECK(printer::staff_key(state).empty() == (state == State::ready));
    }
    machine.heard({}, Milliseconds(2000));
    static_cast<void>(machine.take_change());
    machine.began_printing(Milliseconds(2000));
    CHECK(machine.take_change());
    CHECK(machine.state() == State::printing);
    machine.took_bytes(Milliseconds(2500));
    machine.tick(Milliseconds(3399));
    CHECK(machine.state() == State::printing);
    machine.tick(Milliseconds(3400));
    CHECK(machine.state() == State::stalled);
    CHECK_FALSE(printer::resident_key(State::stalled).empty());
    machine.took_bytes(Milliseconds(3500));
    CHECK(machine.state() == State::printing);
    machine.heard({.paper = Paper::out}, Milliseconds(3600));
    CHECK(machine.state() == State::paper_out);
    machine.unplugged();
    CHECK(machine.state() == State::absent);
    CHECK(machine.take_change());
    CHECK_FALSE(machine.take_change());
}
