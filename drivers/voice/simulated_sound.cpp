#include "drivers/voice/simulated_sound.hpp"

#include <algorithm>

namespace drivers {

using base::Errc;
using base::Error;

base::Result<void> SimulatedSound::play(std::span<const std::int16_t> samples, int per_second) {
    if (is_lost_) return Error{Errc::device, "no sound output"};
    if (samples.empty()) return {};
    is_resting_ = false;
    const auto now = clock_.now();
    const auto from = pieces_.empty() ? now : std::max(now, pieces_.back().to);
    const auto length =
        base::Milliseconds(std::int64_t(samples.size()) * 1000 / std::max(1, per_second));
    const auto most = *std::max_element(samples.begin(), samples.end());
    loudest_ = std::max(loudest_, int(most));
    pieces_.push_back({from, from + length, most == 0});
    return {};
}

base::Milliseconds SimulatedSound::queued() const {
    if (pieces_.empty()) return {};
    return std::max(base::Milliseconds(0), pieces_.back().to - clock_.now());
}

void SimulatedSound::clear() {
    const auto now = clock_.now();
    for (auto& piece : pieces_) piece.to = std::min(piece.to, std::max(piece.from, now));
    std::erase_if(pieces_, [&](const Piece& piece) { return piece.from >= now; });
}

bool SimulatedSound::is_audible() const {
    const auto now = clock_.now();
    return std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& piece) {
        return !piece.is_silence && piece.from <= now && now < piece.to;
    });
}

base::Milliseconds SimulatedSound::heard() const {
    base::Milliseconds sum{};
    for (const auto& piece : pieces_) {
        const auto end = std::min(piece.to, clock_.now());
        if (!piece.is_silence && end > piece.from) sum += end - piece.from;
    }
    return sum;
}

namespace {

constexpr int tone_rate = 16'000;
constexpr std::size_t per_letter = tone_rate / 20;

class Tone final : public Synthesis {
public:
    Tone(int letters, bool hangs, bool breaks_off, bool is_mute)
        : letters_(letters), hangs_(hangs), breaks_off_(breaks_off), is_mute_(is_mute) {}
    base::Result<Samples> read(base::Milliseconds) override {
        Samples samples;
        samples.per_second = tone_rate;
        if (hangs_) return samples;
        if (is_mute_) return Error{Errc::device, "ended without a sound"};
        if (letters_ == 0 && breaks_off_) return Error{Errc::device, "ended in the middle"};
        samples.ended = letters_ == 0;
        if (letters_ > 0) {
            --letters_;
            samples.pcm.assign(per_letter, 10'000);
        }
        return samples;
    }

private:
    int letters_;
    bool hangs_, breaks_off_, is_mute_;
};

} // namespace

base::Result<std::unique_ptr<Synthesis>> SimulatedSynthesiser::begin(const SpokenPart& part,
                                                                     int rate) {
    if (fault_ == Fault::missing) return Error{Errc::not_found, "no such program"};
    asked_.push_back(part);
    rate_ = rate;
    const bool breaks_off = fault_ == Fault::breaks_off;
    const int letters =
        breaks_off ? std::min(letters_, int(part.text.size())) : int(part.text.size());
    return std::unique_ptr<Synthesis>(std::make_unique<Tone>(
        letters, fault_ == Fault::hangs, breaks_off, fault_ == Fault::no_sound));
}

} // namespace drivers
