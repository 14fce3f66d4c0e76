#include "screens/input/training/trainer.hpp"

#include "kiosk/text/unicode.hpp"
#include "screens/input/hand_model.hpp"
#include "screens/input/training/distortion.hpp"
#include "screens/input/training/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace input::training {
namespace {

using base::Errc;
using base::Error;
using model_file::dimensions;

// A feature in a byte: 250,000 samples take 128 MB. Larger values than half do not occur outside
// single straight lines.
constexpr float byte_steps = 512;

// A character of one face. Samples of a class lie together, in the order of the faces.
struct Sample {
    std::uint16_t face = 0;
    std::uint16_t variant = 0;
};

std::vector<StrokeView> views_of(const Strokes& strokes) {
    return {strokes.begin(), strokes.end()};
}

class Trainer {
public:
    Trainer(const std::vector<char32_t>& classes, const Settings& settings)
        : classes_(classes), settings_(settings) {}

    base::Result<Trained> train(const std::vector<StyleSample>& style) {
        TRY(trace_faces());
        TRY(list_samples());
        make_features();
        std::vector<FaceGlyphs>().swap(glyphs_);
        find_means();
        find_style_deviations(style);
        find_projection();
        make_prototypes();
        refine();
        find_style_map();
        return std::move(trained_);
    }

private:
    base::Result<void> trace_faces() {
        for (const auto& choice : settings_.faces) {
            trained_.face_files.push_back(TRY(Face::open(settings_.fonts_folder, choice)).file());
            glyphs_.push_back(
                TRY(trace_face(settings_.fonts_folder, choice, classes_, settings_.jobs)));
        }
        return {};
    }

    base::Result<void> list_samples() {
        trained_.classes = classes_;
        for (std::size_t c = 0; c < classes_.size(); ++c) {
            begin_.push_back(samples_.size());
            for (std::size_t f = 0; f < glyphs_.size(); ++f)
                if (glyphs_[f][c])
                    for (std::size_t v = 0; v < settings_.variants; ++v)
                        samples_.push_back({std::uint16_t(f), std::uint16_t(v)});
            if (begin_.back() == samples_.size())
                return Error{Errc::invalid_input, "no typeface has the character " +
                                                      text::encode_utf8({&classes_[c], 1})};
        }
        begin_.push_back(samples_.size());
        return {};
    }

    void make_features() {
        features_.resize(samples_.size() * feature_size);
        in_parallel(classes_.size(), settings_.jobs, [&](std::size_t begin, std::size_t end) {
            const auto scratch = std::make_unique<InkScratch>();
            for (std::size_t c = begin; c < end; ++c)
                for (auto i = begin_[c]; i < begin_[c + 1]; ++i) make_feature(c, i, *scratch);
        });
    }

    void make_feature(std::size_t c, std::size_t i, InkScratch& scratch) {
        const auto [face, variant] = samples_[i];
        // A seed of its own: the same character gets the same samples whatever else is trained.
        Chance chance((std::uint64_t(classes_[c]) << 24) + (std::uint64_t(face) << 12) + variant);
        const auto& printed = *glyphs_[face][c];
        const float strength = settings_.strength * (0.3f + 0.9f * chance.uniform());
        const auto ink = variant == 0 ? printed : distort(printed, strength, chance);
        InkFeature feature;
        CHECK(extract_feature(views_of(ink), scratch, feature));
        for (std::size_t k = 0; k < feature_size; ++k)
            features_[i * feature_size + k] =
                std::uint8_t(std::min(255.f, feature[k] * byte_steps + 0.5f));
    }

    void find_means() {
        means_ = Matrix(classes_.size(), feature_size);
        in_parallel(classes_.size(), settings_.jobs, [&](std::size_t begin, std::size_t end) {
            for (std::size_t c = begin; c < end; ++c) {
                std::array<std::uint32_t, feature_size> sum{};
                for (auto i = begin_[c]; i < begin_[c + 1]; ++i)
                    for (std::size_t k = 0; k < feature_size; ++k)
                        sum[k] += features_[i * feature_size + k];
                const float scale = 1 / (byte_steps * float(begin_[c + 1] - begin_[c]));
                for (std::size_t k = 0; k < feature_size; ++k)
                    means_.row(c)[k] = float(sum[k]) * scale;
            }
        });
    }

    // Of samples from their class's mean, each as if it were one of all.
    Matrix within_covariance() {
        constexpr std::size_t enough = 120'000; // samples; more of them change nothing
        constexpr std::size_t batch = 512;
        const auto every = std::max<std::size_t>(1, samples_.size() / enough);
        Matrix covariance(feature_size, feature_size), deviations(batch, feature_size);
        std::size_t filled = 0, count = 0;
        for (std::size_t c = 0; c < classes_.size(); ++c)
            for (auto i = begin_[c]; i < begin_[c + 1]; ++i) {
                if (i % every != 0) continue;
                for (std::size_t k = 0; k < feature_size; ++k)
                    deviations.row(filled)[k] =
                        float(features_[i * feature_size + k]) / byte_steps - means_.row(c)[k];
                ++count;
                if (++filled < batch) continue;
                add_products(covariance, deviations, filled, settings_.jobs);
                filled = 0;
            }
        add_products(covariance, deviations, filled, settings_.jobs);
        for (auto& value : covariance.values) value /= float(count);
        return covariance;
    }

    void find_style_deviations(const std::vector<StyleSample>& style) {
        const auto scratch = std::make_unique<InkScratch>();
        InkFeature feature;
        for (const auto& sample : style) {
            const auto at = std::lower_bound(classes_.begin(), classes_.end(), sample.character);
            if (at == classes_.end() || *at != sample.character) continue;
            if (!extract_feature(views_of(sample.strokes), *scratch, feature)) continue;
            style_class_.push_back(std::size_t(at - classes_.begin()));
            style_feature_.push_back(feature);
        }
    }

    // Half the spread of typefaces, half that of real hands, scaled to the same size.
    void mix_style_in(Matrix& covariance) const {
        if (style_class_.empty()) return;
        Matrix spread(feature_size, feature_size), deviations(style_class_.size(), feature_size);
        for (std::size_t i = 0; i < style_class_.size(); ++i)
            for (std::size_t k = 0; k < feature_size; ++k)
                deviations.row(i)[k] = style_feature_[i][k] - means_.row(style_class_[i])[k];
        add_products(spread, deviations, deviations.rows, settings_.jobs);
        const float scale = trace_of(covariance) / trace_of(spread);
        for (std::size_t i = 0; i < covariance.values.size(); ++i)
            covariance.values[i] = (covariance.values[i] + scale * spread.values[i]) / 2;
    }

    static float trace_of(const Matrix& m) {
        float sum = 0;
        for (std::size_t i = 0; i < m.rows; ++i) sum += m.row(i)[i];
        return sum;
    }

    // First to where samples of one class spread evenly (whitening), then onto the directions in
    // which the classes lie furthest apart.
    void find_projection() {
        auto covariance = within_covariance();
        mix_style_in(covariance);
        const float more = settings_.ridge * trace_of(covariance) / float(feature_size);
        for (std::size_t i = 0; i < feature_size; ++i) covariance.row(i)[i] += more;
        const auto whitening = inverse_cholesky(covariance, settings_.jobs);

        Matrix white(classes_.size(), feature_size);
        in_parallel(classes_.size(), settings_.jobs, [&](std::size_t begin, std::size_t end) {
            for (std::size_t c = begin; c < end; ++c)
                for (std::size_t i = 0; i < feature_size; ++i)
                    white.row(c)[i] = dot(whitening.row(i), means_.row(c), feature_size);
        });
        std::vector<float> middle(feature_size, 0);
        for (std::size_t c = 0; c < classes_.size(); ++c)
            add_scaled(middle.data(), white.row(c), 1 / float(classes_.size()), feature_size);
        for (std::size_t c = 0; c < classes_.size(); ++c)
            add_scaled(white.row(c), middle.data(), -1, feature_size);
        Matrix between(feature_size, feature_size);
        add_products(between, white, white.rows, settings_.jobs);
        for (std::size_t i = 0; i < feature_size; ++i)
            for (std::size_t j = 0; j < i; ++j) between.row(j)[i] = between.row(i)[j];
        const auto directions = main_directions(between, dimensions, settings_.jobs);

        trained_.projection = Matrix(dimensions, feature_size);
        for (std::size_t i = 0; i < dimensions; ++i)
            for (std::size_t k = 0; k < feature_size; ++k)
                add_scaled(trained_.projection.row(i), whitening.row(k), directions.row(i)[k],
                           feature_size);
        trained_.offset.resize(dimensions);
        for (std::size_t i = 0; i < dimensions; ++i)
            trained_.offset[i] = dot(directions.row(i), middle.data(), feature_size);
    }

    void project(const float* feature, float* place) const {
        for (std::size_t i = 0; i < dimensions; ++i)
            place[i] = dot(trained_.projection.row(i), feature, feature_size) - trained_.offset[i];
    }

    // The mean of a class's samples, projected, is the projection of their mean.
    void make_prototypes() {
        trained_.prototypes = Matrix(classes_.size(), dimensions);
        in_parallel(classes_.size(), settings_.jobs, [&](std::size_t begin, std::size_t end) {
            for (auto c = begin; c < end; ++c) project(means_.row(c), trained_.prototypes.row(c));
        });
    }

    void refine();
    void find_style_map();

    const std::vector<char32_t>& classes_;
    const Settings& settings_;
    Trained trained_;
    std::vector<FaceGlyphs> glyphs_; // of each face
    std::vector<Sample> samples_;
    std::vector<std::size_t> begin_; // of each class's samples, and the end
    std::vector<std::uint8_t> features_;
    Matrix means_; // of each class's features
    std::vector<std::size_t> style_class_;
    std::vector<InkFeature> style_feature_;
};

// Moves prototypes and projection so that samples are told apart better: a sample is pulled to its
// class and away from those it is mistaken for (softmax over squared distances, small steps
// downhill of its logarithm). It is compared with its class and that class's nearest only.
class Refiner {
public:
    Refiner(Trained& trained, const std::vector<std::uint8_t>& features,
            const std::vector<std::size_t>& begin, const Settings& settings)
        : trained_(trained), features_(features), settings_(settings), jobs_(settings.jobs),
          rivals_(std::min(most_rivals, trained.classes.size() - 1)), inputs_(batch, feature_size),
          places_(batch, dimensions), pulls_(batch, rivals_ + 1), turns_(batch, dimensions) {
        for (std::size_t c = 0; c < trained.classes.size(); ++c)
            class_of_.insert(class_of_.end(), begin[c + 1] - begin[c], std::uint16_t(c));
    }

    void refine() {
        find_rivals();
        find_sharpness();
        std::vector<std::size_t> order(class_of_.size());
        std::iota(order.begin(), order.end(), std::size_t(0));
        for (std::size_t round = 0; round < settings_.rounds; ++round) {
            Chance chance(1 + round);
            for (std::size_t i = order.size(); i > 1; --i)
                std::swap(order[i - 1], order[chance.below(i)]);
            const float ahead = 1 - float(round) / float(settings_.rounds);
            for (std::size_t from = 0; from < order.size(); from += batch)
                step({&order[from], std::min(batch, order.size() - from)}, ahead);
        }
    }

private:
    static constexpr std::size_t most_rivals = 80;
    static constexpr std::size_t batch = 1024;
    static constexpr float least_pull = 1e-3f; // smaller ones are left out

    const std::uint16_t* rivals_of(std::size_t c) const { return &rival_[c * rivals_]; }
    const float* prototype(std::size_t c) const { return trained_.prototypes.row(c); }

    void find_rivals() {
        const auto classes = trained_.classes.size();
        rival_.resize(classes * rivals_);
        in_parallel(classes, jobs_, [&](std::size_t begin, std::size_t end) {
            std::vector<std::pair<float, std::uint16_t>> others;
            for (std::size_t c = begin; c < end; ++c) {
                others.clear();
                for (std::size_t o = 0; o < classes; ++o)
                    if (o != c)
                        others.push_back({distance_squared(prototype(c), prototype(o), dimensions),
                                          std::uint16_t(o)});
                std::partial_sort(others.begin(), others.begin() + std::ptrdiff_t(rivals_),
                                  others.end());
                for (std::size_t r = 0; r < rivals_; ++r)
                    rival_[c * rivals_ + r] = others[r].second;
            }
        });
    }

    // So that the middling distance from a sample to its class counts as a factor of e to the 6.
    void find_sharpness() {
        double sum = 0;
        std::size_t count = 0;
        for (std::size_t i = 0; i < class_of_.size(); i += 97, ++count) {
            place(i, 0);
            sum += distance_squared(places_.row(0), prototype(class_of_[i]), dimensions);
        }
        sharpness_ = float(6 * double(count) / sum);
    }

    void place(std::size_t sample, std::size_t slot) {
        const auto* feature = &features_[sample * feature_size];
        for (std::size_t k = 0; k < feature_size; ++k)
            inputs_.row(slot)[k] = float(feature[k]) / byte_steps;
        for (std::size_t i = 0; i < dimensions; ++i)
            places_.row(slot)[i] =
                dot(trained_.projection.row(i), inputs_.row(slot), feature_size) -
                trained_.offset[i];
    }

    // How much each sample of a batch pulls at what; then all of it is applied in a fixed order.
    void step(std::span<const std::size_t> samples, float ahead) {
        in_parallel(samples.size(), jobs_, [&](std::size_t begin, std::size_t end) {
            for (auto i = begin; i < end; ++i) {
                place(samples[i], i);
                weigh(class_of_[samples[i]], i);
            }
        });
        std::vector<std::size_t> turning;
        for (std::size_t i = 0; i < samples.size(); ++i)
            if (pulls_.row(i)[rivals_] >= least_pull) turning.push_back(i);
        if (settings_.projection_rate > 0)
            turn_projection(turning, settings_.projection_rate * ahead);
        for (const auto i : turning)
            move_prototypes(class_of_[samples[i]], i, settings_.prototype_rate * ahead);
    }

    // Softmax over the squared distances: what is missing to 1 for the own class (the last), what
    // is too much for each rival, below 0; and from them where the sample should have been.
    void weigh(std::size_t own, std::size_t slot) {
        float* pull = pulls_.row(slot);
        const float* at = places_.row(slot);
        for (std::size_t r = 0; r < rivals_; ++r)
            pull[r] = distance_squared(at, prototype(rivals_of(own)[r]), dimensions);
        pull[rivals_] = distance_squared(at, prototype(own), dimensions);
        const float least = *std::min_element(pull, pull + rivals_ + 1);
        float sum = 0;
        for (std::size_t r = 0; r <= rivals_; ++r)
            sum += pull[r] = std::exp(-sharpness_ * (pull[r] - least));
        for (std::size_t r = 0; r < rivals_; ++r) pull[r] /= -sum;
        pull[rivals_] = 1 - pull[rivals_] / sum;
        float* turn = turns_.row(slot);
        std::fill(turn, turn + dimensions, 0.f);
        if (pull[rivals_] < least_pull) return;
        add_scaled(turn, prototype(own), pull[rivals_], dimensions);
        for (std::size_t r = 0; r < rivals_; ++r)
            if (-pull[r] >= least_pull)
                add_scaled(turn, prototype(rivals_of(own)[r]), pull[r], dimensions);
    }

    void turn_projection(const std::vector<std::size_t>& slots, float rate) {
        in_parallel(dimensions, jobs_, [&](std::size_t begin, std::size_t end) {
            for (auto i = begin; i < end; ++i)
                for (const auto slot : slots)
                    add_scaled(trained_.projection.row(i), inputs_.row(slot),
                               rate * turns_.row(slot)[i], feature_size);
        });
    }

    void move_prototypes(std::size_t own, std::size_t slot, float rate) {
        const float* pull = pulls_.row(slot);
        for (std::size_t r = 0; r <= rivals_; ++r) {
            if (std::abs(pull[r]) < least_pull) continue;
            float* at = trained_.prototypes.row(r == rivals_ ? own : rivals_of(own)[r]);
            const float* to = places_.row(slot);
            for (std::size_t k = 0; k < dimensions; ++k) at[k] += rate * pull[r] * (to[k] - at[k]);
        }
    }

    Trained& trained_;
    const std::vector<std::uint8_t>& features_;
    const Settings& settings_;
    std::size_t jobs_, rivals_;
    std::vector<std::uint16_t> rival_, class_of_;
    Matrix inputs_, places_, pulls_, turns_; // of the samples of a batch
    float sharpness_ = 0;
};

void Trainer::refine() {
    if (settings_.rounds == 0 || classes_.size() < 2) return;
    Refiner(trained_, features_, begin_, settings_).refine();
}

// The affine map from a prototype to what hands make of it, by ridge regression. Spec §3.5.
void Trainer::find_style_map() {
    if (style_class_.empty()) return;
    constexpr std::size_t n = dimensions + 1;
    constexpr double ridge = 0.03;
    std::vector<double> normal(n * n, 0), right(n * dimensions, 0);
    std::array<float, dimensions> place;
    std::array<double, n> mean;
    for (std::size_t s = 0; s < style_class_.size(); ++s) {
        project(style_feature_[s].data(), place.data());
        const float* prototype = trained_.prototypes.row(style_class_[s]);
        std::copy(prototype, prototype + dimensions, mean.begin());
        mean[dimensions] = 1;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) normal[i * n + j] += mean[i] * mean[j];
            for (std::size_t j = 0; j < dimensions; ++j)
                right[i * dimensions + j] += mean[i] * double(place[j] - prototype[j]);
        }
    }
    double diagonal = 0;
    for (std::size_t i = 0; i < dimensions; ++i) diagonal += normal[i * n + i] / dimensions;
    for (std::size_t i = 0; i < n; ++i) normal[i * n + i] += ridge * diagonal;
    // Gauss: the matrix is positive definite, so no pivots are looked for.
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = i + 1; k < n; ++k) {
            const double by = normal[k * n + i] / normal[i * n + i];
            for (std::size_t j = i; j < n; ++j) normal[k * n + j] -= by * normal[i * n + j];
            for (std::size_t j = 0; j < dimensions; ++j)
                right[k * dimensions + j] -= by * right[i * dimensions + j];
        }
    trained_.style = Matrix(dimensions, n);
    for (std::size_t i = n; i-- > 0;)
        for (std::size_t j = 0; j < dimensions; ++j) {
            double value = right[i * dimensions + j];
            for (std::size_t k = i + 1; k < n; ++k)
                value -= normal[i * n + k] * double(trained_.style.row(j)[k]);
            trained_.style.row(j)[i] = float(value / normal[i * n + i]);
        }
}

} // namespace

base::Result<FaceGlyphs> trace_face(const std::string& fonts_folder, const FaceChoice& choice,
                                    const std::vector<char32_t>& classes, std::size_t jobs) {
    FaceGlyphs glyphs(classes.size());
    std::vector<Face> faces; // one for each thread
    for (std::size_t job = 0; job < jobs; ++job)
        faces.push_back(TRY(Face::open(fonts_folder, choice)));
    in_parallel(jobs, jobs, [&](std::size_t begin, std::size_t end) {
        for (auto job = begin; job < end; ++job)
            for (auto c = job; c < classes.size(); c += jobs)
                glyphs[c] = faces[job].strokes(classes[c]);
    });
    return glyphs;
}

base::Result<Trained> train(const std::vector<char32_t>& classes, const Settings& settings,
                            const std::vector<StyleSample>& style) {
    return Trainer(classes, settings).train(style);
}

} // namespace input::training
