// Sound that goes out, through SDL: the tone of the bell, and what the voice says. Opens no input
// (spec safeguards G7). An output is open only while something is heard: an open one wakes the
// machine forty times a second.
#pragma once

#include "drivers/voice/sound_sink.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace app {

// False where there is nothing to hear with; then nothing is opened at all.
bool has_sound_output();

// The tone for "staff", "idle" and "goodbye": two notes, through whatever output there is. Silent
// where there is none. A thread of its own opens the output, waits for the end and closes it.
class Chime {
public:
    Chime();
    ~Chime();
    // Returns at once. Once more while it sounds: from the beginning.
    void ring();
    bool is_open() const;
    // Until every tone that was asked for has been heard, and the output is closed.
    void wait_for_silence();

private:
    void run(const std::stop_token& stop);
    void sound(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    bool shall_ring_ = false;
    bool is_open_ = false;
    std::jthread thread_;
};

// Where the voice is heard.
class SpeechSound final : public drivers::SoundSink {
public:
    SpeechSound();
    ~SpeechSound() override;
    base::Result<void> play(std::span<const std::int16_t> samples, int per_second) override;
    base::Milliseconds queued() const override;
    void clear() override;
    void rest() override;

private:
    struct Output;
    std::unique_ptr<Output> output_;
};

} // namespace app
