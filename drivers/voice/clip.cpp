#include "drivers/voice/clip.hpp"

#include <array>
#include <opus/opusfile.h>

namespace drivers {

using base::Errc;
using base::Error;
namespace {

struct OpusEnd {
    void operator()(OggOpusFile* file) const { ::op_free(file); }
};

// Opus is decoded at 48 kHz whatever it was recorded at (RFC 6716 §2).
constexpr int clip_rate = 48'000;

class ClipSynthesis final : public Synthesis {
public:
    explicit ClipSynthesis(OggOpusFile* file) : file_(file) {}

    base::Result<Samples> read(base::Milliseconds) override {
        std::array<opus_int16, 2 * 5760> stereo; // 120 ms, the longest packet
        const int got = ::op_read_stereo(file_.get(), stereo.data(), int(stereo.size()));
        if (got == OP_HOLE) return Samples{{}, clip_rate, false}; // a gap: go on behind it
        if (got < 0) return Error{Errc::corrupt, "a clip ends in the middle"};
        Samples samples;
        samples.per_second = clip_rate;
        samples.ended = got == 0;
        for (int i = 0; i < got; ++i)
            samples.pcm.push_back(
                std::int16_t((stereo[std::size_t(2 * i)] + stereo[std::size_t(2 * i + 1)]) / 2));
        return samples;
    }

private:
    std::unique_ptr<OggOpusFile, OpusEnd> file_;
};

} // namespace

void ClipBook::add(base::Language language, std::string text, std::string file) {
    files_[{language, std::move(text)}] = std::move(file);
}

std::string_view ClipBook::find(base::Language language, std::string_view text) const {
    if (files_.empty()) return {};
    const auto found = files_.find({language, std::string(text)});
    return found == files_.end() ? std::string_view{} : std::string_view(found->second);
}

base::Result<std::unique_ptr<Synthesis>> open_clip(const std::string& file) {
    int failed = 0;
    auto* opened = ::op_open_file(file.c_str(), &failed);
    if (opened == nullptr)
        return Error{failed == OP_EFAULT ? Errc::not_found : Errc::corrupt, "clip " + file};
    return std::unique_ptr<Synthesis>(std::make_unique<ClipSynthesis>(opened));
}

} // namespace drivers
