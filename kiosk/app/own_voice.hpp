// The voice of this machine: espeak-ng, the packaged dictionary, recorded clips of the content set,
// the headphone jack. Put together here, owned together.
#pragma once

#include "drivers/voice/espeak.hpp"
#include "drivers/voice/speaking_voice.hpp"
#include "kiosk/content/content_set.hpp"

namespace app {

class OwnVoice {
public:
    // `sound`, `clock` outlive it; `on_fault` is called on the voice's thread. Errors: not_found,
    // corrupt (the dictionary in `folder`; espeak-ng is not installed): nothing is read aloud then.
    static base::Result<std::unique_ptr<OwnVoice>>
    open(const std::string& folder, const content::ContentSet& content, drivers::SoundSink& sound,
         const base::Clock& clock, std::function<void(base::Errc)> on_fault);

    drivers::Voice& voice() { return *voice_; }
    // Runs when headphones came or went and when the voice has ended, on other threads.
    void on_change(const std::function<void()>& wake);

private:
    OwnVoice() = default;
    std::unique_ptr<drivers::Readings> readings_;
    drivers::ClipBook clips_;
    drivers::EspeakSynthesiser espeak_;
    std::unique_ptr<drivers::HeadphoneJack> jack_;
    std::unique_ptr<drivers::SpeakingVoice> voice_;
};

inline constexpr std::string_view readings_file = "readings.tsv";
inline constexpr std::string_view voice_program = "espeak-ng";
// Whether a program of this name is found where programs are looked for.
bool is_program_there(std::string_view name);

} // namespace app
