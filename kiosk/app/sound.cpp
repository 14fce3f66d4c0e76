#include "kiosk/app/sound.hpp"

#include <SDL.h>
#include <cmath>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <mutex>
#include <numbers>
#include <vector>

namespace app {
namespace {

constexpr int sample_rate = 44'100;

void say_nothing(const char*, int, const char*, int, const char*, ...) {}

// On a machine without sound ALSA writes a page of its own words to standard error, where people
// look for ours. SDL brings the library but not its headers; where it is not there, nothing is
// said.
void quieten_alsa() {
    using Say = void (*)(const char*, int, const char*, int, const char*, ...);
    using SetSay = int (*)(Say);
    const auto set = reinterpret_cast<SetSay>(::dlsym(RTLD_DEFAULT, "snd_lib_error_set_handler"));
    if (set != nullptr) set(&say_nothing);
}

// Two soft notes, a third apart, half a second in all. Chosen by ear on headphones.
std::vector<Sint16> two_notes() {
    std::vector<Sint16> samples(sample_rate / 2);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double time = double(i) / sample_rate;
        const double pitch = time < 0.25 ? 660.0 : 528.0;
        const double fade = std::exp(-6.0 * std::fmod(time, 0.25));
        samples[i] = Sint16(6000 * fade * std::sin(2 * std::numbers::pi * pitch * time));
    }
    return samples;
}

} // namespace

// Without a sound card ALSA fills standard error with its own lines; do not even ask it.
bool has_sound_output() {
    std::error_code ignored;
    if (std::getenv("PULSE_SERVER") != nullptr || std::filesystem::exists("/dev/snd", ignored))
        return true;
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    return runtime != nullptr &&
           std::filesystem::exists(std::filesystem::path(runtime) / "pulse", ignored);
}

Chime::Chime() {
    quieten_alsa();
    if (!has_sound_output()) return;
    if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) return;
    SDL_AudioSpec spec{};
    spec.freq = sample_rate;
    spec.format = AUDIO_S16SYS;
    spec.channels = 1;
    spec.samples = 1024;
    // A literal 0: no capture, so that the rule against microphones can see it (safeguard G7).
    device_ = SDL_OpenAudioDevice(nullptr, 0, &spec, nullptr, 0);
    if (device_ != 0) SDL_PauseAudioDevice(device_, 0);
}

Chime::~Chime() {
    if (device_ != 0) SDL_CloseAudioDevice(device_);
}

void Chime::ring() {
    if (device_ == 0) return;
    static const auto samples = two_notes();
    SDL_ClearQueuedAudio(device_);
    SDL_QueueAudio(device_, samples.data(), Uint32(samples.size() * sizeof(Sint16)));
}

// Owns the device and what turns other rates into its own. One lock for both: the voice's thread
// plays, and whoever is told to be silent clears.
struct SpeechSound::Output {
    static constexpr int rate = 48'000;
    mutable std::mutex mutex;
    SDL_AudioDeviceID device = 0;
    SDL_AudioStream* stream = nullptr;
    int stream_rate = 0;

    bool open() {
        if (device != 0) return true;
        if (!has_sound_output() || SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) return false;
        SDL_AudioSpec spec{};
        spec.freq = rate;
        spec.format = AUDIO_S16SYS;
        spec.channels = 1;
        spec.samples = 512; // 11 ms: so long does it sound on after clear()
        device = SDL_OpenAudioDevice(nullptr, 0, &spec, nullptr, 0);
        if (device != 0) SDL_PauseAudioDevice(device, 0);
        return device != 0;
    }
    void close() {
        if (device != 0) SDL_CloseAudioDevice(device);
        device = 0;
        drop_stream();
    }
    void drop_stream() {
        if (stream != nullptr) SDL_FreeAudioStream(stream);
        stream = nullptr;
    }
};

SpeechSound::SpeechSound() : output_(std::make_unique<Output>()) {
    quieten_alsa();
}

SpeechSound::~SpeechSound() {
    output_->close();
}

void SpeechSound::play(std::span<const std::int16_t> samples, int per_second) {
    const std::lock_guard lock(output_->mutex);
    if (samples.empty() || !output_->open()) return;
    if (output_->stream == nullptr || output_->stream_rate != per_second) {
        output_->drop_stream();
        output_->stream =
            SDL_NewAudioStream(AUDIO_S16SYS, 1, per_second, AUDIO_S16SYS, 1, Output::rate);
        output_->stream_rate = per_second;
    }
    if (output_->stream == nullptr) return;
    SDL_AudioStreamPut(output_->stream, samples.data(), int(samples.size_bytes()));
    std::vector<std::uint8_t> ready(std::size_t(SDL_AudioStreamAvailable(output_->stream)));
    const int got = SDL_AudioStreamGet(output_->stream, ready.data(), int(ready.size()));
    if (got > 0) SDL_QueueAudio(output_->device, ready.data(), Uint32(got));
}

base::Milliseconds SpeechSound::queued() const {
    const std::lock_guard lock(output_->mutex);
    if (output_->device == 0) return {};
    const auto bytes = SDL_GetQueuedAudioSize(output_->device);
    return base::Milliseconds(std::int64_t(bytes) * 1000 / (2 * Output::rate));
}

void SpeechSound::clear() {
    const std::lock_guard lock(output_->mutex);
    output_->drop_stream();
    if (output_->device != 0) SDL_ClearQueuedAudio(output_->device);
}

void SpeechSound::rest() {
    const std::lock_guard lock(output_->mutex);
    output_->close();
}

} // namespace app
