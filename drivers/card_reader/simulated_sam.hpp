// A model of the SAM module and the card on it, behind the same Transport as a real one.
//
// It answers with real frames, photo and ethnic code included, so that tests can show that they
// never come out of the codec. The verbs are what people and cables do. It also models the weird:
// late answers, short reads, noise, silence, answers out of order. Verbs may be called from another
// thread than the driver's. Development builds only (DESIGN D13).
#pragma once

#include "drivers/card_reader/simulated_card.hpp"
#include "drivers/transport.hpp"
#include "drivers/wait.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace drivers {

class SimulatedSam {
public:
    // `clock` must outlive the module and its transport; `wait` is called while nothing arrives.
    // `number`: the last part of the module's own number, for two readers on one machine.
    SimulatedSam(const base::Clock& clock, Wait wait, std::uint8_t number = 1);

    // The host's end of the cable, for SamReader. The module must outlive it. Errors: unplugged.
    base::Result<std::unique_ptr<Transport>> connect();

    // What a person does.
    void lay_card(SimulatedCard card);
    void lift_card();
    void swap_card(SimulatedCard card); // lifts one, lays the other, between two polls
    bool has_card() const;
    // The card is torn away in the next read after `bytes` bytes of the reply went out; the rest
    // never comes. Zero: the module notices and answers "read failed".
    void tear_away_mid_read(std::size_t bytes);
    void pull_cable();
    void plug_cable();
    void pull_cable_after(std::size_t bytes); // counted over both directions, from now on

    // What the device does.
    void read_takes(base::Milliseconds time); // text and photo come over the radio; default zero
    void starts_up_within(base::Milliseconds time); // after each plugging in; default zero
    void stall();                                   // swallows requests until recover()
    void recover();
    void babble(std::size_t bytes);               // noise before the next reply
    void answer_late(base::Milliseconds by);      // the next reply only
    void answer_next_with(std::uint8_t sw3);      // the next reply is this bare result
    void flip_bit_of_next_reply(std::size_t bit); // counted from the first bit of the preamble
    void give_at_most(std::size_t bytes);         // per read; default 64, one full-speed packet
    void use_three_length_form(std::size_t fingerprint_bytes); // some readers answer like this

    // What it was asked: CMD and PARA of every request since the start.
    std::vector<std::uint16_t> requests() const;
    // When the last byte of the latest reply went out.
    base::MonotonicTime last_byte_at() const;

private:
    class Cable;
    struct Pending {
        base::MonotonicTime due;
        base::Bytes bytes;
    };

    base::Result<std::size_t> take_request(base::ByteView bytes);
    base::Result<std::size_t> give_reply(std::span<std::uint8_t> out, base::Milliseconds limit);
    base::Bytes answer(std::uint16_t request);
    base::Bytes answer_read(std::optional<std::size_t> fingerprint_bytes);
    base::Bytes answer_presence();
    base::Result<std::size_t> give_from_front(std::span<std::uint8_t> out);
    bool count_through_cable(std::size_t bytes);

    const base::Clock& clock_;
    Wait wait_;
    std::uint8_t number_;
    mutable std::mutex mutex_;
    // On the heap, where programs that wipe theirs leave nothing of a card that was lifted.
    std::unique_ptr<SimulatedCard> card_;
    enum class Dialogue { idle, found, selected, read_done } dialogue_ = Dialogue::idle;
    bool is_plugged_ = true;
    bool is_stalled_ = false;
    std::optional<std::size_t> cable_bytes_left_;
    std::optional<std::size_t> tear_after_;
    std::optional<std::uint8_t> next_sw3_;
    std::optional<std::size_t> next_flip_;
    std::size_t noise_ = 0;
    base::Milliseconds late_{0};
    base::Milliseconds read_time_{0};
    base::Milliseconds start_up_{0};
    base::MonotonicTime ready_at_{};
    base::MonotonicTime last_byte_at_{};
    std::size_t packet_ = 64;
    std::optional<std::size_t> fingerprint_bytes_;
    std::deque<Pending> pending_;
    std::vector<std::uint16_t> requests_;
};

} // namespace drivers
