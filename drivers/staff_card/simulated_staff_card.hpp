// A staff card that answers command bytes like the real thing, and a reader to put it into.
//
// The card holds two P-256 keys made by OpenSSL and knows the commands of apdu.hpp; what it says to
// all others is what a PIV card says. The verbs of the reader are what people and cables do; they
// may be called from another thread than sign() and agree(), and a waiting look() wakes. It speaks
// through the same StaffCard as the real reader. Development builds only (DESIGN D13).
#pragma once

#include "drivers/staff_card/staff_card.hpp"
#include "drivers/wait.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace drivers {

// A value: a copy is the same card (the same keys), freshly powered up.
class SimulatedStaffCard {
public:
    static SimulatedStaffCard generate(); // new keys by OpenSSL
    // The same word makes the same keys, everywhere and always: for scripts and rosters made ahead.
    static SimulatedStaffCard of(std::string_view word);

    // Cards that are none of ours.
    static SimulatedStaffCard foreign();      // a bank card: has no such application
    static SimulatedStaffCard upside_down();  // no contact: no answer to reset
    static SimulatedStaffCard without_keys(); // a PIV card that nobody has prepared

    // What it is like from now on.
    SimulatedStaffCard& wants_own_pin();                      // keys were made with a PIN policy
    SimulatedStaffCard& goes_mute();                          // takes commands, never answers
    SimulatedStaffCard& answers_in_pieces(std::size_t bytes); // 61xx and GET RESPONSE
    SimulatedStaffCard& wants_exact_le();                     // 6Cxx
    SimulatedStaffCard& garbles(std::size_t byte); // flips this byte of every answer, from 0
    SimulatedStaffCard& cuts(std::size_t bytes);   // answers only so many bytes

    P256Point signs() const;  // public point of slot 9E
    P256Point agrees() const; // public point of slot 9D

    base::Bytes answer_to_reset() const; // empty: none
    void power_up();                     // nothing is chosen, nothing waits
    // Nothing: mute.
    std::optional<base::SecretBytes> answer(base::ByteView command);

private:
    struct Keys;
    enum class Kind : std::uint8_t { ours, foreign, upside_down, without_keys };
    SimulatedStaffCard(Kind kind, std::shared_ptr<const Keys> keys);

    base::SecretBytes full_answer(base::ByteView command);
    base::SecretBytes authenticate(base::ByteView command);
    base::SecretBytes in_pieces(base::SecretBytes data, std::size_t le);

    Kind kind_;
    std::shared_ptr<const Keys> keys_;
    bool wants_own_pin_ = false;
    bool is_mute_ = false;
    bool wants_exact_le_ = false;
    std::optional<std::size_t> piece_;
    std::optional<std::size_t> garbled_byte_;
    std::optional<std::size_t> cut_;

    bool is_chosen_ = false;
    base::SecretBytes waiting_; // for GET RESPONSE
};

class SimulatedStaffCardReader final : public StaffCardReader {
public:
    // `clock` must outlive the reader. `wait` is how long a mute card takes: real_wait() in the
    // demonstration, manual_wait() where the clock is moved by hand. look() waits for real, so such
    // callers give it no patience.
    SimulatedStaffCardReader(const base::Clock& clock, Wait wait, StaffCardLimits limits = {});

    StaffCardPlace look(const StaffCardPlace& last, base::Milliseconds patience,
                        std::stop_token stop) override;
    base::Result<P256Signature> sign(const base::Sha256& digest) override;
    base::Result<P256Secret> agree(const P256Point& point) override;

    // What a person does. A card that is in already comes out first.
    void insert_card(SimulatedStaffCard card);
    void pull_card(); // out of the first reader; nothing happens when it is empty
    // The card is pulled as the command after so many more arrives. 0: the next.
    void pull_after(std::size_t commands);
    void swap_after(std::size_t commands, SimulatedStaffCard card); // pulled, and this one put in
    void insert_second_card(SimulatedStaffCard card);               // into a second reader
    void pull_second_card();
    void unplug(); // cards stay where they are
    void unplug_after(std::size_t commands);
    void plug_in();
    bool has_card() const;

    // How many commands cards have been sent since the start.
    std::size_t commands() const;

private:
    class Slot;
    enum class Mishap : std::uint8_t { none, pull, swap, unplug };

    StaffCardPlace place() const;
    base::Result<base::SecretBytes> transmit(base::ByteView command, std::uint64_t change);
    std::optional<base::Error> trouble(std::uint64_t change) const;
    void have_mishap();
    void put(std::optional<SimulatedStaffCard>& slot, std::optional<SimulatedStaffCard> card);
    void has_changed();

    const base::Clock& clock_;
    Wait wait_;
    StaffCardLimits limits_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    bool is_plugged_ = true;
    std::optional<SimulatedStaffCard> first_;
    std::optional<SimulatedStaffCard> second_;
    std::uint64_t change_ = 1;
    std::size_t commands_ = 0;
    Mishap mishap_ = Mishap::none;
    std::size_t mishap_in_ = 0;
    std::optional<SimulatedStaffCard> next_card_; // of Mishap::swap
    std::stop_source silence_;                    // ends the wait for a mute card
};

} // namespace drivers
