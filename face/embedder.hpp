// One vector from one aligned face.
#pragma once

#include "face/align.hpp"
#include "face/network.hpp"
#include "kiosk/base/secret.hpp"

namespace face {

// Of unit length where nothing else is said, or empty. Lives in locked memory and inside one
// comparison only.
using Embedding = std::vector<float, base::SecretAllocator<float>>;

// What a network says of a face.
struct Answer {
    Embedding embedding;
    // How long its output was: less where eyes are covered or shaded, or half a face is seen.
    float strength = 0;
};

// How an embedder wants its input.
struct EmbedderInput {
    // Ways to lay a face out; the mean of their embeddings is better than each. The first is not
    // stretched and serves the quality gate as well.
    std::vector<Template> views;
    bool red_first = false;   // channel order of the blob
    float usual_strength = 0; // of a face that can be compared well; 0: not known

    const Template& wanted() const { return views.front(); }
};
const EmbedderInput& reid_0095_input();
const EmbedderInput& sface_input(); // unverified: the file was not obtainable

// One call at a time, from one thread. The network keeps its last face inside until forget().
class Embedder {
public:
    Embedder(Network network, const EmbedderInput& input)
        : network_(std::move(network)), input_(&input) {}

    const EmbedderInput& input() const { return *input_; }
    // `face`: BGR of the input's side. Errors: invalid_input, unsupported.
    Result<Answer> embed(const cv::Mat& face);
    void forget() { network_.forget(); }

private:
    Network network_;
    const EmbedderInput* input_;
};

// Cosine of two embeddings of one embedder, -1 to 1 (somewhat more with one of as_reference()).
float cosine(const Embedding& a, const Embedding& b);
// The embedding of a reference, lengthened where the photo is weak. Such a photo scores less with
// everybody, its own person and others, so that one level for all would be too strict for it and
// too mild for a strong one. The probe has no such part: whoever stands at the camera could choose
// to be seen badly.
Embedding as_reference(const Answer& answer, const EmbedderInput& input);
// The mean of several, brought to unit length again.
Embedding fused(const std::vector<Embedding>& several);

} // namespace face
