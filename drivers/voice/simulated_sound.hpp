// A loudspeaker, a headphone jack and a synthesiser without hardware: models with verbs for what
// people and machines do. Time is a clock that is moved by hand.
#pragma once

#include "drivers/voice/headphones.hpp"
#include "drivers/voice/sound_sink.hpp"
#include "drivers/voice/synthesis.hpp"
#include "kiosk/base/manual_clock.hpp"

#include <vector>

namespace drivers {

// Plays what it is given as its clock moves on, and remembers what was heard of it.
class SimulatedSound final : public SoundSink {
public:
    explicit SimulatedSound(const base::Clock& clock) : clock_(clock) {}
    base::Result<void> play(std::span<const std::int16_t> samples, int per_second) override;
    base::Milliseconds queued() const override;
    void clear() override;
    void rest() override { is_resting_ = true; }

    // Its output does not open any more.
    void lose() { is_lost_ = true; }
    void be_there_again() { is_lost_ = false; }

    // Something that is not silence is being heard now.
    bool is_audible() const;
    // How long anything but silence was heard.
    base::Milliseconds heard() const;
    int loudest() const { return loudest_; }
    // The output has been closed since something was last played. Any thread.
    bool is_resting() const { return is_resting_; }

private:
    struct Piece {
        base::MonotonicTime from, to;
        bool is_silence;
    };
    const base::Clock& clock_;
    std::vector<Piece> pieces_;
    int loudest_ = 0;
    bool is_lost_ = false;
    std::atomic<bool> is_resting_{true};
};

class SimulatedHeadphones final : public HeadphoneJack {
public:
    bool is_plugged() const override { return is_plugged_; }
    void plug() { set(true); }
    void unplug() { set(false); }

private:
    void set(bool yes) {
        if (is_plugged_.exchange(yes) != yes) on_change();
    }
    std::atomic<bool> is_plugged_{false};
};

// Gives 50 ms of a tone for each letter, and does what broken programs do.
class SimulatedSynthesiser final : public Synthesiser {
public:
    base::Result<std::unique_ptr<Synthesis>> begin(const SpokenPart& part, int rate) override;

    void hang() { fault_ = Fault::hangs; }
    void be_missing() { fault_ = Fault::missing; }
    void end_without_sound() { fault_ = Fault::no_sound; }
    void break_off_after(int letters) {
        fault_ = Fault::breaks_off;
        letters_ = letters;
    }
    void work_again() { fault_ = Fault::none; }

    // What it was asked to say, in order.
    const std::vector<SpokenPart>& asked() const { return asked_; }
    int rate() const { return rate_; }

private:
    enum class Fault : std::uint8_t { none, hangs, missing, no_sound, breaks_off };
    Fault fault_ = Fault::none;
    int letters_ = 0;
    int rate_ = 0;
    std::vector<SpokenPart> asked_;
};

} // namespace drivers
