#include "kiosk/app/sound.hpp"

#include "kiosk/base/secret.hpp"

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
// How often a tone is asked whether it has ended.
constexpr base::Milliseconds tone_look{100};

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

// The chime and the voice open and close on threads of their own; SDL's list of devices has no
// lock.
std::mutex& outputs() {
    static std::mutex mutex;
    return mutex;
}

// SDL keeps a thread's last error in memory that only threads of SDL's own give back.
struct ThreadMemory {
    ~ThreadMemory() { SDL_TLSCleanup(); }
};

// Of one channel, running; 0: there is none.
SDL_AudioDeviceID open_output(int rate, Uint16 samples) {
    if (!has_sound_output()) return 0;
    thread_local const ThreadMemory given_back;
    const std::lock_guard lock(outputs());
    // Once: SDL counts in one byte how often it was begun.
    if (SDL_WasInit(SDL_INIT_AUDIO) == 0 && SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) return 0;
    SDL_AudioSpec spec{};
    spec.freq = rate;
    spec.format = AUDIO_S16SYS;
    spec.channels = 1;
    spec.samples = samples;
    // A literal 0: no capture, so that the rule against microphones can see it (safeguard G7).
    const auto device = SDL_OpenAudioDevice(nullptr, 0, &spec, nullptr, 0);
    if (device != 0) SDL_PauseAudioDevice(device, 0);
    return device;
}

void close_output(SDL_AudioDeviceID device) {
    const std::lock_guard lock(outputs());
    if (device != 0) SDL_CloseAudioDevice(device);
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
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Chime::~Chime() {
    thread_.request_stop();
    thread_.join();
}

void Chime::ring() {
    if (!has_sound_output()) return;
    {
        const std::lock_guard lock(mutex_);
        shall_ring_ = true;
    }
    changed_.notify_all();
}

bool Chime::is_open() const {
    const std::lock_guard lock(mutex_);
    return is_open_;
}

void Chime::wait_for_silence() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !shall_ring_ && !is_open_; });
}

void Chime::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return shall_ring_; })) {
        is_open_ = true;
        sound(lock, stop);
        is_open_ = false;
        changed_.notify_all();
    }
}

// From opening to closing.
void Chime::sound(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
    static const auto samples = two_notes();
    lock.unlock();
    const auto device = open_output(sample_rate, 1024);
    lock.lock();
    bool is_heard = device != 0;
    while (std::exchange(shall_ring_, false) && is_heard) {
        SDL_ClearQueuedAudio(device);
        SDL_QueueAudio(device, samples.data(), Uint32(samples.size() * sizeof(Sint16)));
        while (!shall_ring_ && !stop.stop_requested() && SDL_GetQueuedAudioSize(device) > 0)
            changed_.wait_for(lock, stop, tone_look, [this] { return shall_ring_; });
        is_heard = !stop.stop_requested();
    }
    lock.unlock();
    close_output(device);
    lock.lock();
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
        device = open_output(rate, 512); // 11 ms: so long does it sound on after clear()
        return device != 0;
    }
    void close() {
        close_output(device);
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

base::Result<void> SpeechSound::play(std::span<const std::int16_t> samples, int per_second) {
    const std::lock_guard lock(output_->mutex);
    if (samples.empty()) return {};
    if (!output_->open()) return base::Error{base::Errc::device, "no sound output opens"};
    if (output_->stream == nullptr || output_->stream_rate != per_second) {
        output_->drop_stream();
        output_->stream =
            SDL_NewAudioStream(AUDIO_S16SYS, 1, per_second, AUDIO_S16SYS, 1, Output::rate);
        output_->stream_rate = per_second;
    }
    if (output_->stream == nullptr ||
        SDL_AudioStreamPut(output_->stream, samples.data(), int(samples.size_bytes())) != 0)
        return base::Error{base::Errc::device, "the sound output takes no samples"};
    std::vector<std::uint8_t> ready(std::size_t(SDL_AudioStreamAvailable(output_->stream)));
    const int got = SDL_AudioStreamGet(output_->stream, ready.data(), int(ready.size()));
    const bool is_taken =
        got >= 0 && SDL_QueueAudio(output_->device, ready.data(), Uint32(got)) == 0;
    base::wipe(ready.data(), ready.size()); // may tell about a person
    if (!is_taken) return base::Error{base::Errc::device, "the sound output takes no samples"};
    return {};
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
