#include "drivers/voice/speaker.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace drivers {
namespace {

constexpr int tone_rate = 22'050;
constexpr base::Milliseconds pause_between{180};

// The middle step is 12 dB above the lowest (EN 301 549 §5.1.3.10 (m), spec ui-text §7); the
// loudest is the recording as it is.
double gain_of(int volume) {
    static constexpr std::array<double, voice_steps> decibels{-24, -18, -12, -6, 0};
    return std::pow(10, decibels[std::size_t(std::clamp(volume, 0, voice_steps - 1))] / 20);
}

void overwrite(std::vector<std::int16_t>& pcm) {
    base::wipe(pcm.data(), pcm.size() * sizeof(std::int16_t));
}

} // namespace

std::vector<std::int16_t> sound_of(Utterance::Sound sound, int per_second) {
    if (sound == Utterance::Sound::none) return {};
    const bool rises = sound == Utterance::Sound::success;
    const double first = rises ? 523.25 : 392.0, second = rises ? 783.99 : 261.63; // C-G, G-C
    std::vector<std::int16_t> pcm(std::size_t(per_second) * 3 / 10);
    for (std::size_t i = 0; i < pcm.size(); ++i) {
        const double time = double(i) / per_second;
        const double pitch = time < 0.12 ? first : second;
        const double fade = std::exp(-9 * (time < 0.12 ? time : time - 0.12));
        pcm[i] = std::int16_t(9000 * fade * std::sin(2 * std::numbers::pi * pitch * time));
    }
    return pcm;
}

void Speaker::begin(std::vector<Utterance> utterances, VoiceSettings settings) {
    stop();
    settings_ = settings;
    for (auto& each : utterances) utterances_.push_back(std::move(each));
}

void Speaker::stop() {
    utterances_.clear();
    rest_.clear();
    synthesis_.reset();
    current_ = {};
    parts_.sink.clear();
    is_private_ = has_private_in_sink_ = false;
}

// False: it was not heard, and what follows is given up.
bool Speaker::play(std::vector<std::int16_t>& pcm, int per_second) {
    const double gain = gain_of(settings_.volume);
    for (auto& sample : pcm) sample = std::int16_t(std::lround(sample * gain));
    const auto played = parts_.sink.play(pcm, per_second);
    overwrite(pcm);
    if (!played) {
        fail(played.error().code);
        return false;
    }
    has_private_in_sink_ = has_private_in_sink_ || is_private_;
    return true;
}

// Told once, until something is said again; the rest is dropped, so that a broken voice costs one
// wait and not one for each sentence.
void Speaker::fail(base::Errc code) {
    synthesis_.reset();
    rest_.clear();
    utterances_.clear();
    current_ = {};
    if (!std::exchange(has_fault_, true)) parts_.on_fault(code);
}

// Pulled out: what is private falls silent in the middle of the word, and is not said on the
// loudspeaker instead.
void Speaker::obey_headphones() {
    if (parts_.jack.is_plugged()) return;
    if (has_private_in_sink_) {
        parts_.sink.clear();
        has_private_in_sink_ = false;
    }
    if (!is_private_) return;
    synthesis_.reset();
    rest_.clear();
    current_ = {};
    is_private_ = false;
}

bool Speaker::begin_clip(const Utterance& utterance) {
    // A recording has one speed: whoever asks for another hears the synthesiser.
    if (parts_.clips == nullptr || settings_.rate != voice_default_step) return false;
    const auto file = parts_.clips->find(utterance.language, utterance.text.view());
    if (file.empty()) return false;
    auto clip = open_clip(std::string(file));
    if (!clip) {
        if (!std::exchange(has_clip_fault_, true)) parts_.on_fault(clip.error().code);
        return false;
    }
    synthesis_ = std::move(clip).value();
    is_clip_ = true;
    return true;
}

bool Speaker::begin_part() {
    if (rest_.empty()) return false;
    auto begun = parts_.synthesiser.begin(rest_.front(), settings_.rate);
    rest_.pop_front();
    if (!begun) {
        fail(begun.error().code);
        return false;
    }
    synthesis_ = std::move(begun).value();
    is_clip_ = false;
    progress_ = began_ = parts_.clock.now();
    return true;
}

// False: nothing is left, or what comes next has to wait for what is being heard.
bool Speaker::begin_next() {
    if (begin_part()) return true;
    while (!utterances_.empty()) {
        const bool is_private = utterances_.front().is_private;
        if (is_private && !parts_.jack.is_plugged()) {
            utterances_.pop_front();
            continue;
        }
        // The two do not mix in the sink, so that taking the private back takes nothing else.
        if (is_private != is_private_ && parts_.sink.queued().count() > 0) return false;
        current_ = std::move(utterances_.front());
        utterances_.pop_front();
        is_private_ = is_private;
        if (auto tone = sound_of(current_.sound, tone_rate);
            !tone.empty() && !play(tone, tone_rate))
            return false;
        progress_ = began_ = parts_.clock.now();
        if (begin_clip(current_)) return true;
        auto spoken = spoken_text(current_.text.view(), current_.language, parts_.readings);
        unknown_ += spoken.unknown;
        for (auto& part : spoken.parts) rest_.push_back(std::move(part));
        if (begin_part()) return true;
    }
    return false;
}

void Speaker::end_part() {
    synthesis_.reset();
    if (!rest_.empty()) return;
    std::vector<std::int16_t> silence(std::size_t(tone_rate * pause_between.count() / 1000));
    (void)play(silence, tone_rate);
    current_ = {};
}

void Speaker::take_samples(base::Milliseconds wait) {
    auto samples = synthesis_->read(wait);
    const auto now = parts_.clock.now();
    if (!samples && is_clip_) {
        // A recording that breaks off: the text is said by the synthesiser, from its beginning.
        if (!std::exchange(has_clip_fault_, true)) parts_.on_fault(samples.error().code);
        synthesis_.reset();
        auto spoken = spoken_text(current_.text.view(), current_.language, parts_.readings);
        for (auto& part : spoken.parts) rest_.push_back(std::move(part));
        return;
    }
    if (!samples) return fail(samples.error().code);
    if (!samples->pcm.empty()) {
        progress_ = now;
        if (!play(samples->pcm, samples->per_second)) return;
        if (!is_clip_) has_fault_ = false;
    }
    if (samples->ended) return end_part();
    if (now - progress_ > patience || now - began_ > longest_part) fail(base::Errc::timed_out);
}

bool Speaker::step(base::Milliseconds wait) {
    obey_headphones();
    // Sounds are made faster than they are heard: stay a little ahead, and look at the jack again.
    if (parts_.sink.queued() < ahead && (synthesis_ != nullptr || begin_next())) take_samples(wait);
    if (parts_.sink.queued().count() == 0) has_private_in_sink_ = false;
    const bool is_done = synthesis_ == nullptr && rest_.empty() && utterances_.empty();
    if (is_done && !has_private_in_sink_) is_private_ = false;
    return !is_done || parts_.sink.queued().count() > 0;
}

} // namespace drivers
