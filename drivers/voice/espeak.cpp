#include "drivers/voice/espeak.hpp"

#include "drivers/spawn_settings.hpp"
#include "drivers/voice/voice.hpp"
#include "kiosk/base/descriptor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // posix_spawn wants it

namespace drivers {

using base::Errc;
using base::Error;
namespace {

// A socket pair and not a pipe: writing to a program that has ended must not end ours (SIGPIPE).
base::Result<void> open_pair(base::Descriptor& ours, base::Descriptor& theirs) {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return Error{Errc::device, "no sockets for the voice"};
    ours = base::Descriptor(pair[0]);
    theirs = base::Descriptor(pair[1]);
    ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
    return {};
}

// RIFF WAVE as espeak-ng streams it: sizes are not known and say nothing; one `fmt ` before `data`
// (Multimedia Programming Interface and Data Specifications 1.0, 1991, chapter 3).
class WaveHead {
public:
    // Takes bytes from the front of `bytes` until the samples begin. False: no such head.
    bool take(std::vector<std::uint8_t>& bytes) {
        if (!is_open_) {
            if (bytes.size() < 12) return true;
            if (std::memcmp(bytes.data(), "RIFF", 4) != 0 ||
                std::memcmp(bytes.data() + 8, "WAVE", 4) != 0)
                return false;
            bytes.erase(bytes.begin(), bytes.begin() + 12);
            is_open_ = true;
        }
        while (!is_whole_ && bytes.size() >= 8) {
            const auto size = number(bytes, 4, 4);
            if (std::memcmp(bytes.data(), "data", 4) == 0) {
                bytes.erase(bytes.begin(), bytes.begin() + 8);
                is_whole_ = per_second_ > 0;
                return is_whole_;
            }
            if (size > 4096) return false;
            if (bytes.size() < 8 + size) return true;
            if (std::memcmp(bytes.data(), "fmt ", 4) == 0) {
                const bool is_mono16 = size >= 16 && number(bytes, 8, 2) == 1 &&
                                       number(bytes, 10, 2) == 1 && number(bytes, 22, 2) == 16;
                const auto rate = is_mono16 ? number(bytes, 12, 4) : 0;
                if (rate < 8000 || rate > 96'000) return false;
                per_second_ = int(rate);
            }
            bytes.erase(bytes.begin(), bytes.begin() + std::ptrdiff_t(8 + size));
        }
        return true;
    }
    bool is_whole() const { return is_whole_; }
    int per_second() const { return per_second_; }

private:
    static std::uint32_t number(const std::vector<std::uint8_t>& bytes, std::size_t at, int size) {
        std::uint32_t value = 0;
        for (int i = size - 1; i >= 0; --i) value = value << 8 | bytes[at + std::size_t(i)];
        return value;
    }
    bool is_open_ = false;
    bool is_whole_ = false;
    int per_second_ = 0;
};

class EspeakSynthesis final : public Synthesis {
public:
    EspeakSynthesis(pid_t process, base::Descriptor text, base::Descriptor sound,
                    const base::SecretText& what)
        : process_(process), text_(std::move(text)), sound_(std::move(sound)), unsent_(what) {
        unsent_.append("\n");
        send();
    }
    ~EspeakSynthesis() override {
        // It may hang in whatever it does; SIGKILL cannot be ignored.
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        base::wipe(bytes_.data(), bytes_.size());
    }

    base::Result<Samples> read(base::Milliseconds patience) override {
        send();
        Samples samples;
        ::pollfd wait{sound_.get(), POLLIN, 0};
        if (::poll(&wait, 1, int(patience.count())) <= 0) return samples;
        std::array<std::uint8_t, 8192> chunk;
        const auto got = ::recv(sound_.get(), chunk.data(), chunk.size(), 0);
        if (got < 0) {
            if (errno == EAGAIN || errno == EINTR) return samples;
            return Error{Errc::device, "espeak-ng: its sound cannot be read"};
        }
        bytes_.insert(bytes_.end(), chunk.begin(), chunk.begin() + got);
        base::wipe(chunk.data(), std::size_t(got));
        samples.ended = got == 0;
        if (!head_.is_whole() && !head_.take(bytes_))
            return Error{Errc::device, "espeak-ng: what it gives is no sound"};
        if (samples.ended && !head_.is_whole())
            return Error{Errc::device, "espeak-ng ended without a sound"};
        if (!head_.is_whole()) return samples;
        samples.per_second = head_.per_second();
        const auto whole = bytes_.size() / 2 * 2;
        for (std::size_t i = 0; i < whole; i += 2)
            samples.pcm.push_back(std::int16_t(bytes_[i] | bytes_[i + 1] << 8));
        base::wipe(bytes_.data(), whole);
        bytes_.erase(bytes_.begin(), bytes_.begin() + std::ptrdiff_t(whole));
        return samples;
    }

private:
    // As much as it takes now; then the end of its input.
    void send() {
        while (!unsent_.empty()) {
            const auto sent =
                ::send(text_.get(), unsent_.view().data(), unsent_.size(), MSG_NOSIGNAL);
            if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
            if (sent <= 0) break; // it has ended: read() will say so
            unsent_ = base::SecretText(unsent_.view().substr(std::size_t(sent)));
        }
        unsent_.clear();
        text_.close();
    }

    pid_t process_;
    base::Descriptor text_, sound_;
    base::SecretText unsent_;
    WaveHead head_;
    std::vector<std::uint8_t> bytes_;
};

} // namespace

int espeak_rate(int step) {
    // Chosen: espeak-ng's own 175 is too fast for somebody of eighty who hears a machine.
    static constexpr std::array<int, voice_steps> words_per_minute{105, 125, 150, 185, 225};
    return words_per_minute[std::size_t(std::clamp(step, 0, voice_steps - 1))];
}

std::string_view espeak_voice(base::Language voice) {
    switch (voice) {
    case base::Language::zh: return "cmn-latn-pinyin";
    case base::Language::ug: return "ug";
    case base::Language::en: return "en";
    }
    return "en";
}

base::Result<std::unique_ptr<Synthesis>> EspeakSynthesiser::begin(const SpokenPart& part,
                                                                  int rate) {
    base::Descriptor text, its_text, sound, its_sound;
    TRY(open_pair(text, its_text));
    TRY(open_pair(sound, its_sound));
    SpawnFiles files;
    auto* actions = &files.actions;
    ::posix_spawn_file_actions_adddup2(actions, its_text.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(actions, its_sound.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const SpawnAttributes attributes(SpawnAttributes::Group::ours);
    // -b 1: the text is UTF-8.
    std::string arguments[] = {program_,
                               "--stdin",
                               "--stdout",
                               "-b",
                               "1",
                               "-v",
                               std::string(espeak_voice(part.voice)),
                               "-s",
                               std::to_string(espeak_rate(rate))};
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_t process = -1;
    const int failed = ::posix_spawnp(&process, program_.c_str(), actions, &attributes.attributes,
                                      argv.data(), environ);
    if (failed == ENOENT) return Error{Errc::not_found, "no program " + program_};
    if (failed != 0)
        return Error{Errc::device, program_ + " cannot be started: " + std::strerror(failed)};
    return std::unique_ptr<Synthesis>(
        std::make_unique<EspeakSynthesis>(process, std::move(text), std::move(sound), part.text));
}

} // namespace drivers
