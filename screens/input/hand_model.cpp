#include "screens/input/hand_model.hpp"

#include "kiosk/base/digest.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace input {
namespace {

using base::Errc;
using base::Error;
using namespace model_file;

static_assert(std::endian::native == std::endian::little,
              "the file's numbers are read as they lie");

constexpr std::size_t digest_size = sizeof(base::Sha256);

// P(character | previous) = 0.7 share among the followers + 0.3 frequency. Spec handwriting §2.5.
constexpr float pair_weight = 0.7f;
constexpr float single_weight = 0.3f;

Error corrupt(std::string_view what) {
    return {Errc::corrupt, "the handwriting model is damaged: " + std::string(what)};
}

bool is_character(char32_t c) {
    return c >= 0x2E80 && c <= 0x3FFFF; // from the first Han block to the end of the last Han plane
}

} // namespace

// Takes the file apart front to back; whatever is missing or wrong is the one error it keeps.
class HandwritingModel::Reader {
public:
    explicit Reader(HandwritingModel& model) : m_(model), left_(model.bytes_) {}

    base::Result<void> read() {
        if (left_.size() < head_size + digest_size) return corrupt("it is too short");
        const auto digest = left_.last(digest_size);
        left_ = left_.first(left_.size() - digest_size);
        if (base::as_text(left_.first(magic.size())) != magic)
            return corrupt("it is another kind of file");
        const auto found = base::sha256(left_);
        if (!std::equal(digest.begin(), digest.end(), found.begin()))
            return corrupt("its digest is not right");
        TRY(read_head());
        TRY(read_classes());
        TRY(read_projection());
        TRY(read_likelihoods());
        return read_style();
    }

private:
    base::ByteView take(std::size_t size) {
        CHECK(size <= left_.size()); // the size of the whole was compared before
        const auto taken = left_.first(size);
        left_ = left_.subspan(size);
        return taken;
    }
    template <class T> T take_one() {
        T value;
        std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
        return value;
    }
    template <class T> std::vector<T> take_many(std::size_t count) {
        std::vector<T> values(count);
        std::memcpy(values.data(), take(count * sizeof(T)).data(), count * sizeof(T));
        return values;
    }

    base::Result<void> read_head() {
        take(magic.size());
        if (take_one<std::uint32_t>() != version)
            return Error{Errc::unsupported, "the handwriting model is of another version"};
        classes_ = take_one<std::uint32_t>();
        const auto file_dimensions = take_one<std::uint32_t>();
        const auto file_feature_size = take_one<std::uint32_t>();
        pairs_ = take_one<std::uint32_t>();
        sources_ = take_one<std::uint32_t>();
        m_.step_ = take_one<float>();
        const auto weight = take_one<float>();
        if (file_dimensions != dimensions || file_feature_size != feature_size)
            return Error{Errc::unsupported, "the handwriting model is of another shape"};
        if (classes_ == 0 || classes_ > class_limit || pairs_ > limit || sources_ > sources_limit)
            return corrupt("a size in its head is not possible");
        if (!(m_.step_ > 0 && m_.step_ < 100) || !(weight > 0 && weight < 100))
            return corrupt("a figure in its head is not possible");
        m_.distance_weight_ = weight * (m_.step_ / fine_steps) * (m_.step_ / fine_steps);
        const auto filled_up = (sources_ + 3) / 4 * 4;
        const auto plain = filled_up + classes_ * 4 + dimensions * (4 + 4 + 2 * feature_size) +
                           classes_ * dimensions + classes_ + (classes_ + 1) * 4 + pairs_ * 3;
        constexpr auto style = dimensions * (dimensions + 1) * sizeof(float);
        if (left_.size() != plain && left_.size() != plain + style)
            return corrupt("its size is not what its head says");
        m_.sources_ = base::as_text(take(filled_up).first(sources_));
        if (!m_.sources_.ends_with('\n')) return corrupt("its list of sources is cut off");
        return {};
    }

    base::Result<void> read_classes() {
        for (const auto c : take_many<std::uint32_t>(classes_)) {
            if (!is_character(c) || (!m_.classes_.empty() && c <= m_.classes_.back()))
                return corrupt("its characters are not in order");
            m_.classes_.push_back(c);
        }
        return {};
    }

    base::Result<void> read_projection() {
        m_.scale_ = take_many<float>(dimensions);
        m_.offset_ = take_many<float>(dimensions);
        for (std::size_t i = 0; i < dimensions; ++i)
            if (!std::isfinite(m_.scale_[i]) || !std::isfinite(m_.offset_[i]))
                return corrupt("a figure of its projection is no number");
        m_.projection_ = take_many<std::int16_t>(dimensions * feature_size);
        const auto prototypes = take(classes_ * dimensions);
        m_.prototypes_ = {reinterpret_cast<const std::int8_t*>(prototypes.data()),
                          prototypes.size()};
        return {};
    }

    base::Result<void> read_likelihoods() {
        m_.singles_ = take(classes_);
        m_.pair_begin_ = take_many<std::uint32_t>(classes_ + 1);
        m_.followers_ = take_many<std::uint16_t>(pairs_);
        m_.shares_ = take(pairs_);
        if (m_.pair_begin_.front() != 0 || m_.pair_begin_.back() != pairs_ ||
            !std::is_sorted(m_.pair_begin_.begin(), m_.pair_begin_.end()))
            return corrupt("its list of pairs is not in order");
        for (const auto follower : m_.followers_)
            if (follower >= classes_) return corrupt("a pair names a character that is not there");
        return {};
    }

    base::Result<void> read_style() {
        if (left_.empty()) return {};
        m_.style_ = take_many<float>(dimensions * (dimensions + 1));
        for (const auto value : m_.style_)
            if (!std::isfinite(value)) return corrupt("a figure of its style is no number");
        return {};
    }

    HandwritingModel& m_;
    base::ByteView left_;
    std::size_t classes_ = 0, pairs_ = 0, sources_ = 0;
};

// All that is computed from somebody's ink before it is a score.
struct HandwritingModel::Work {
    InkScratch scratch;
    InkFeature feature;
    std::array<std::int16_t, feature_size> steps;
    std::array<std::int16_t, dimensions> place; // in fine steps
};

base::Result<std::unique_ptr<HandwritingModel>> HandwritingModel::open(const std::string& path) {
    return read(TRY(base::read_file(path, limit)));
}

base::Result<std::unique_ptr<HandwritingModel>> HandwritingModel::read(base::Bytes bytes) {
    if (bytes.size() > limit) return Error{Errc::too_large, "the handwriting model is over 4 MiB"};
    std::unique_ptr<HandwritingModel> model(new HandwritingModel);
    model->bytes_ = std::move(bytes);
    TRY(Reader(*model).read());
    if (!model->style_.empty()) model->make_style_prototypes();
    return model;
}

bool HandwritingModel::knows(char32_t character) const {
    return index_of(character) < classes_.size();
}

std::size_t HandwritingModel::memory() const {
    return sizeof *this + bytes_.capacity() + sources_.capacity() + classes_.capacity() * 4 +
           (scale_.capacity() + offset_.capacity() + style_.capacity()) * 4 +
           projection_.capacity() * 2 + style_prototypes_.capacity() + pair_begin_.capacity() * 4 +
           followers_.capacity() * 2;
}

std::size_t HandwritingModel::index_of(char32_t character) const {
    const auto at = std::lower_bound(classes_.begin(), classes_.end(), character);
    return at != classes_.end() && *at == character ? std::size_t(at - classes_.begin())
                                                    : classes_.size();
}

// The map is kept instead of what it makes: it is a thirtieth of the size.
void HandwritingModel::make_style_prototypes() {
    style_prototypes_.resize(prototypes_.size());
    for (std::size_t c = 0; c < classes_.size(); ++c) {
        const auto* mean = &prototypes_[c * dimensions];
        for (std::size_t i = 0; i < dimensions; ++i) {
            const float* row = &style_[i * (dimensions + 1)];
            float moved = row[dimensions] / step_;
            for (std::size_t j = 0; j < dimensions; ++j) moved += row[j] * float(mean[j]);
            style_prototypes_[c * dimensions + i] =
                std::int8_t(std::lround(std::clamp(float(mean[i]) + moved, -127.f, 127.f)));
        }
    }
    std::vector<float>().swap(style_);
}

void HandwritingModel::project(Work& work) const {
    for (std::size_t k = 0; k < feature_size; ++k)
        work.steps[k] = std::int16_t(std::lround(work.feature[k] * feature_steps));
    for (std::size_t i = 0; i < dimensions; ++i) {
        const auto* row = &projection_[i * feature_size];
        // A feature has length 1: 2,048 x 32,767 x root of 512 stays below 2 to the 31.
        std::int32_t sum = 0;
        for (std::size_t k = 0; k < feature_size; ++k)
            sum += std::int32_t(row[k]) * std::int32_t(work.steps[k]);
        // Twice as far as the furthest prototype is as good as infinitely far.
        constexpr float furthest = 2 * 127 * fine_steps;
        const float place = float(sum) * scale_[i] - offset_[i];
        work.place[i] = std::int16_t(std::lround(std::clamp(place, -furthest, furthest)));
    }
}

namespace {

std::int32_t distance_squared(const std::int16_t* place, const std::int8_t* prototype) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < dimensions; ++i) {
        const auto apart = std::int16_t(place[i] - prototype[i] * fine_steps);
        sum += std::int32_t(apart) * std::int32_t(apart);
    }
    return sum;
}

} // namespace

void HandwritingModel::measure(const Work& work, Likelihood& scores) const {
    for (std::size_t c = 0; c < classes_.size(); ++c) {
        auto least = distance_squared(work.place.data(), &prototypes_[c * dimensions]);
        if (!style_prototypes_.empty())
            least = std::min(
                least, distance_squared(work.place.data(), &style_prototypes_[c * dimensions]));
        scores[c] = -distance_weight_ * float(least);
    }
}

void HandwritingModel::add_likelihood(const HandContext& context, Likelihood& scores) const {
    for (std::size_t c = 0; c < classes_.size(); ++c)
        scores[c] -= float(singles_[c]) / single_steps;
    const auto previous = index_of(context.previous);
    if (previous == classes_.size()) return;
    // The 0.3 before a frequency alone is the same for all, and left out.
    for (auto p = pair_begin_[previous]; p < pair_begin_[previous + 1]; ++p) {
        const auto follower = followers_[p];
        const float single = single_weight * std::exp(-float(singles_[follower]) / single_steps);
        const float pair = pair_weight * std::exp(-float(shares_[p]) / pair_steps);
        scores[follower] += std::log((pair + single) / single);
    }
}

HandCandidates HandwritingModel::recognise(const Ink& ink, const HandContext& context,
                                           std::size_t first, std::size_t most) const {
    const auto is_outside = [&](InkPointMm p) {
        return p.x < 0 || p.y < 0 || p.x > context.box_mm || p.y > context.box_mm;
    };
    if (ink.size() > ink_stroke_limit) return {};
    std::array<StrokeView, ink_stroke_limit> strokes;
    std::size_t count = 0;
    for (const auto& stroke : ink) {
        if (stroke.size() > ink_point_limit) return {};
        const bool counts =
            context.box_mm <= 0 || !std::all_of(stroke.begin(), stroke.end(), is_outside);
        if (counts) strokes[count++] = stroke;
    }
    base::Secret<Work> secret;
    auto& work = secret.expose();
    if (!extract_feature(std::span(strokes).first(count), work.scratch, work.feature)) return {};
    project(work);
    Likelihood scores(classes_.size());
    measure(work, scores);
    if (context.field != HandContext::Field::name) add_likelihood(context, scores);

    std::vector<std::uint16_t, base::SecretAllocator<std::uint16_t>> order(classes_.size());
    for (std::size_t c = 0; c < order.size(); ++c) order[c] = std::uint16_t(c);
    if (first >= order.size()) return {};
    const auto end = first + std::min(most, order.size() - first);
    std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(end), order.end(),
                      [&](std::uint16_t a, std::uint16_t b) {
                          return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                      });
    HandCandidates candidates;
    candidates.reserve(end - first);
    for (auto i = first; i < end; ++i) candidates.push_back({classes_[order[i]], scores[order[i]]});
    return candidates;
}

HandFollowers HandwritingModel::followers(char32_t previous, std::size_t most) const {
    HandFollowers found;
    const auto index = index_of(previous);
    if (index == classes_.size()) return found;
    const std::size_t begin = pair_begin_[index], end = pair_begin_[index + 1];
    for (auto p = begin; p < end && found.size() < most; ++p)
        found.push_back(classes_[followers_[p]]);
    return found;
}

} // namespace input
