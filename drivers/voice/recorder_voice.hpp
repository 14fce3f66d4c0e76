// A voice that says nothing and keeps what it would have said, for scripts and tests.
#pragma once

#include "drivers/voice/voice.hpp"
#include "kiosk/base/clock.hpp"

#include <functional>

namespace drivers {

class RecorderVoice final : public Voice {
public:
    explicit RecorderVoice(const base::Clock& clock) : clock_(clock) {}

    void say(std::vector<Utterance> utterances, VoiceSettings settings) override;
    void stop() override { until_ = clock_.now(); }
    // For as long as a person would need to say it.
    bool is_speaking() const override { return clock_.now() < until_; }
    bool has_headphones() const override { return has_headphones_; }
    void wipe() override;

    // What people do.
    void plug_headphones() { has_headphones_ = true; }
    void pull_headphones();

    // Tests: all that it is told to say, before the headphones decide what is heard.
    std::function<void(const std::vector<Utterance>&)> on_say;

    // Nothing it says takes time any more.
    void speak_in_no_time() { per_letter_ = base::Milliseconds(0); }
    // What was heard so far is of no interest any more.
    void forget();
    // What was heard since then, or since the last wipe, in order; without headphones nothing
    // private is in it.
    const std::vector<Utterance>& heard() const { return heard_; }
    // The texts of the last say(), one per line.
    std::string last() const;
    bool has_heard(std::string_view part) const;
    VoiceSettings settings() const { return settings_; }
    int times() const { return times_; }

private:
    const base::Clock& clock_;
    bool has_headphones_ = false;
    std::vector<Utterance> heard_;
    std::size_t last_from_ = 0;
    base::Milliseconds per_letter_{120}; // chosen: 500 letters of English in a minute
    VoiceSettings settings_;
    base::MonotonicTime until_{};
    int times_ = 0;
};

} // namespace drivers
