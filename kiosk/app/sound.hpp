// Sound that goes out, through SDL: the tone of the bell, and what the voice says. Opens no input
// (spec safeguards G7).
#pragma once

#include "drivers/voice/sound_sink.hpp"

#include <memory>

namespace app {

// False where there is nothing to hear with; then nothing is opened at all.
bool has_sound_output();

// The tone for "staff", "idle" and "goodbye": two notes, through whatever output there is. Silent
// where there is none. Opens no input (spec safeguards G7).
class Chime {
public:
    Chime();
    ~Chime();
    void ring();

private:
    unsigned device_ = 0;
};

// Where the voice is heard. The device is open only while something is said: an open one wakes the
// machine forty times a second.
class SpeechSound final : public drivers::SoundSink {
public:
    SpeechSound();
    ~SpeechSound() override;
    void play(std::span<const std::int16_t> samples, int per_second) override;
    base::Milliseconds queued() const override;
    void clear() override;
    void rest() override;

private:
    struct Output;
    std::unique_ptr<Output> output_;
};

} // namespace app
