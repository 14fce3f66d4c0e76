// From printed characters to a model: samples, the directions in which characters differ most, and
// a prototype for each. Spec handwriting §3.4, §3.5.
#pragma once

#include "screens/input/training/faces.hpp"
#include "screens/input/training/matrix.hpp"

namespace input::training {

struct Settings {
    std::size_t jobs = 2;         // threads; the result is the same with any number
    std::size_t variants = 6;     // samples of one character of one face; the first is undistorted
    float strength = 1.2f;        // of the distortion, times 0.3 to 1.2
    float ridge = 0.1f;           // of the mean variance, added to every direction's
    std::size_t rounds = 8;       // of refinement
    float prototype_rate = 0.02f; // how fast prototypes and projection are refined
    float projection_rate = 1e-3f;
    std::string fonts_folder;
    std::vector<FaceChoice> faces = training_faces();
};

// Real ink of one character: how hands differ from typefaces. Spec §3.5, §5.
struct StyleSample {
    char32_t character = 0;
    Strokes strokes;
};

struct Trained {
    std::vector<char32_t> classes;
    std::vector<std::string> face_files; // what was trained from
    Matrix projection;                   // 128 x 512
    std::vector<float> offset;           // 128: the mean of all, projected
    Matrix prototypes;                   // classes x 128, the offset taken off
    Matrix style;                        // 128 x 129, or empty
};

// The characters of one face, in the order of `classes`.
using FaceGlyphs = std::vector<std::optional<Strokes>>;
base::Result<FaceGlyphs> trace_face(const std::string& fonts_folder, const FaceChoice& choice,
                                    const std::vector<char32_t>& classes, std::size_t jobs);

// Errors: not_found (a face that is not installed), invalid_input (a character that no face has).
base::Result<Trained> train(const std::vector<char32_t>& classes, const Settings& settings,
                            const std::vector<StyleSample>& style);

} // namespace input::training
