// Turns utterances into sound, one after the other: a clip where there is one, else a synthesiser.
// Keeps the rule of the headphones. Has no thread: whoever owns it calls step() every few
// milliseconds while something is said (speaking_voice.hpp), and a test calls it by hand.
#pragma once

#include "drivers/voice/clip.hpp"
#include "drivers/voice/headphones.hpp"
#include "drivers/voice/sound_sink.hpp"
#include "drivers/voice/voice.hpp"

#include <deque>
#include <functional>

namespace drivers {

// What a speaker works with; all of it outlives the speaker.
struct SpeakerParts {
    Synthesiser& synthesiser;
    SoundSink& sink;
    const HeadphoneJack& jack;
    const base::Clock& clock;
    const Readings* readings = nullptr; // none: Chinese is not said
    const ClipBook* clips = nullptr;
    // Once per fault, until something was said again.
    std::function<void(base::Errc)> on_fault = [](base::Errc) {};
};

class Speaker {
public:
    // So much is handed on before it is heard. Chosen: a busy machine may be late by a quarter of a
    // second without a gap; what is interrupted is taken back from the sink.
    static constexpr base::Milliseconds ahead{250};
    // A synthesiser that gives nothing for so long hangs. Measured: 50 to 500 ms for the first
    // sound on a loaded machine (spec ui-text §6).
    static constexpr base::Milliseconds patience{3000};
    // An utterance that goes on for longer is no utterance.
    static constexpr base::Milliseconds longest_part{120'000};

    explicit Speaker(SpeakerParts parts) : parts_(std::move(parts)) {}
    ~Speaker() { wipe(); }

    // Silent at once, then these.
    void begin(std::vector<Utterance> utterances, VoiceSettings settings);
    void stop();
    void wipe() { stop(); }
    // Does what can be done within `wait`. True while something is being said.
    bool step(base::Milliseconds wait);
    // Letters that no voice could read, since the beginning.
    std::size_t unknown_letters() const { return unknown_; }

private:
    void obey_headphones();
    bool begin_next();
    bool begin_clip(const Utterance& utterance);
    bool begin_part();
    void take_samples(base::Milliseconds wait);
    void end_part();
    bool play(std::vector<std::int16_t>& pcm, int per_second);
    void fail(base::Errc code);

    SpeakerParts parts_;
    VoiceSettings settings_;
    std::deque<Utterance> utterances_;
    std::deque<SpokenPart> rest_; // of the utterance that is being said
    std::unique_ptr<Synthesis> synthesis_;
    bool is_clip_ = false;
    bool is_private_ = false;          // what is being said
    bool has_private_in_sink_ = false; // what can still be heard
    Utterance current_;                // for saying it otherwise where its clip is broken
    base::MonotonicTime progress_{};
    base::MonotonicTime began_{};
    bool has_fault_ = false;
    bool has_clip_fault_ = false;
    std::size_t unknown_ = 0;
};

// One short sound each, for success and for an error: up, and down (design README §3).
std::vector<std::int16_t> sound_of(Utterance::Sound sound, int per_second);

} // namespace drivers
