// The voice of the kiosk: says texts, one after the other, and falls silent at once when told to.
//
// Private texts are said only while headphones are plugged in; pulled out in the middle of a word
// it is silent within 100 ms (safeguards G23). Opens no sound input (G7).
#pragma once

#include "kiosk/base/language.hpp"
#include "kiosk/base/secret.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace drivers {

struct Utterance {
    base::SecretText text; // as shown, isolates and all: the voice knows how to read it
    base::Language language = base::Language::zh;
    bool is_private = false; // about a person: headphones only
    // Heard before the text, never alone: design README §3.
    enum class Sound : std::uint8_t { none, success, error };
    Sound sound = Sound::none;
    bool operator==(const Utterance& other) const {
        return text.view() == other.text.view() && language == other.language &&
               is_private == other.is_private && sound == other.sound;
    }
};

// Steps of volume and rate; the middle one is the default and comes back after each session.
inline constexpr int voice_steps = 5;
inline constexpr int voice_default_step = 2;

struct VoiceSettings {
    int volume = voice_default_step; // 0 to voice_steps - 1
    int rate = voice_default_step;
    bool operator==(const VoiceSettings&) const = default;
};

class Voice {
public:
    virtual ~Voice() = default;
    // Stops what is being said and says these, in order. Returns at once. One thread.
    virtual void say(std::vector<Utterance> utterances, VoiceSettings settings) = 0;
    virtual void stop() = 0;
    // Something is being said, or about to be.
    virtual bool is_speaking() const = 0;
    virtual bool has_headphones() const = 0;
    // Stops, and overwrites what was said.
    virtual void wipe() = 0;
};

} // namespace drivers
