// The voice of a running kiosk: a speaker on a thread of its own, so that no screen ever waits for
// a sound.
#pragma once

#include "drivers/voice/speaker.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace drivers {

class SpeakingVoice final : public Voice {
public:
    // `jack` is told whom to wake; what `parts` names outlives the voice.
    SpeakingVoice(SpeakerParts parts, HeadphoneJack& jack);
    ~SpeakingVoice() override;

    void say(std::vector<Utterance> utterances, VoiceSettings settings) override;
    void stop() override;
    bool is_speaking() const override { return is_speaking_; }
    bool has_headphones() const override { return jack_.is_plugged(); }
    // Waits until the thread holds nothing any more, at most half a second.
    void wipe() override;
    // Called on another thread when headphones came or went, and when the voice has ended: whoever
    // sleeps should look again.
    ChangeCall on_change;

private:
    void run(std::stop_token stop);
    void order(std::vector<Utterance> utterances, VoiceSettings settings);

    HeadphoneJack& jack_;
    SoundSink& sink_;
    Speaker speaker_; // the thread's alone
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool has_order_ = false;
    std::vector<Utterance> ordered_; // empty: be silent
    VoiceSettings settings_;
    std::uint64_t orders_given_ = 0, orders_obeyed_ = 0;
    std::atomic<bool> is_speaking_{false};
    std::jthread thread_;
};

} // namespace drivers
