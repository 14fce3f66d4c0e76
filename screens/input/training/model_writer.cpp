#include "screens/input/training/model_writer.hpp"

#include "kiosk/base/digest.hpp"
#include "screens/input/hand_model.hpp"

#include <algorithm>
#include <cmath>

namespace input::training {
namespace {

using namespace model_file;

// How much a squared distance weighs against the logarithm of a likelihood. A tuning value of spec
// handwriting §2.5: never below, or rare characters vanish.
constexpr float distance_weight = 0.2f;

class Writer {
public:
    template <class T> void put(T value) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
        bytes_.insert(bytes_.end(), bytes, bytes + sizeof value);
    }
    template <class T> void put_each(const std::vector<T>& values) {
        for (const auto value : values) put(value);
    }
    void put_text(std::string_view text) {
        for (const auto character : text) put(character);
    }
    base::Bytes finish() {
        for (const auto byte : base::sha256(bytes_)) put(byte);
        return std::move(bytes_);
    }

private:
    base::Bytes bytes_;
};

float largest(const std::vector<float>& values) {
    float most = 1e-9f;
    for (const float value : values) most = std::max(most, std::abs(value));
    return most;
}

std::uint8_t minus_log(double share, float steps) {
    return std::uint8_t(std::lround(std::clamp(-std::log(share) * steps, 0.0, 255.0)));
}

// 16 bits for each figure, with a scale for each row that leads into fine steps.
void put_projection(Writer& out, const Trained& trained, float step) {
    const float fine = float(fine_steps) / step;
    std::vector<float> scales, offsets;
    std::vector<std::int16_t> figures;
    for (std::size_t i = 0; i < dimensions; ++i) {
        const float* row = trained.projection.row(i);
        const float most = largest({row, row + feature_size});
        for (std::size_t k = 0; k < feature_size; ++k)
            figures.push_back(std::int16_t(std::lround(row[k] / most * 32767)));
        scales.push_back(most / 32767 / feature_steps * fine);
        offsets.push_back(trained.offset[i] * fine);
    }
    out.put_each(scales);
    out.put_each(offsets);
    out.put_each(figures);
}

void put_likelihoods(Writer& out, const WordCounts& counts) {
    for (const double frequency : counts.frequency) out.put(minus_log(frequency, single_steps));
    std::vector<std::uint16_t> followers;
    std::vector<std::uint8_t> shares;
    out.put(std::uint32_t(0));
    for (const auto& each : counts.followers) {
        for (const auto& follower : each) {
            followers.push_back(follower.character);
            shares.push_back(minus_log(follower.share, pair_steps));
        }
        out.put(std::uint32_t(followers.size()));
    }
    out.put_each(followers);
    out.put_each(shares);
}

} // namespace

base::Bytes write_model(const Trained& trained, const WordCounts& counts,
                        const std::string& sources) {
    CHECK(counts.frequency.size() == trained.classes.size());
    std::size_t pairs = 0;
    for (const auto& each : counts.followers) pairs += each.size();
    const float step = largest(trained.prototypes.values) / 127;

    Writer out;
    out.put_text(magic);
    for (const auto number : {std::size_t(version), trained.classes.size(), dimensions,
                              feature_size, pairs, sources.size()})
        out.put(std::uint32_t(number));
    out.put(step);
    out.put(distance_weight);
    out.put_text(sources);
    out.put_text(std::string((4 - sources.size() % 4) % 4, '\n'));
    for (const auto c : trained.classes) out.put(std::uint32_t(c));
    put_projection(out, trained, step);
    for (const float value : trained.prototypes.values)
        out.put(std::int8_t(std::lround(value / step)));
    put_likelihoods(out, counts);
    out.put_each(trained.style.values);
    return out.finish();
}

} // namespace input::training
