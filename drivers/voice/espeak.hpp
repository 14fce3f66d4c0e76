// espeak-ng as a program of its own: text into its standard input, sound out of its standard
// output.
//
// Never linked (it is GPL), never given a text on its command line, where every user of the machine
// could read it. Ending the process is how it is interrupted.
// Sources: espeak-ng(1) of 1.51, spec ui-text §6. Voice cmn-latn-pinyin: `cmn` of this version
// spells Chinese. The voice ug was judged by nobody who knows the language.
#pragma once

#include "drivers/voice/synthesis.hpp"

#include <string>

namespace drivers {

class EspeakSynthesiser final : public Synthesiser {
public:
    // `program`: found by PATH, or a path.
    explicit EspeakSynthesiser(std::string program = "espeak-ng") : program_(std::move(program)) {}
    base::Result<std::unique_ptr<Synthesis>> begin(const SpokenPart& part, int rate) override;

private:
    std::string program_;
};

// Words per minute of each step of rate, and the voice of each language.
int espeak_rate(int step);
std::string_view espeak_voice(base::Language voice);

} // namespace drivers
