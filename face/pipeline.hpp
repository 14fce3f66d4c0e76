// From a picture to an embedding: search, choose the one face, align, embed.
//
// Reference and probe go the same way; small pictures are enlarged before they are searched.
#pragma once

#include "face/calibration.hpp"
#include "face/model_store.hpp"

namespace face {

// Whose face counts in a picture with several. Anything else than `one` pauses the check.
enum class Sight {
    nobody,
    one,
    several, // a second face is nearly as large and central as the first
};
struct Look {
    Sight sight = Sight::nobody;
    // The largest and most central one. Of `several` too, where one stands so much in the middle
    // that the picture is of that person; else without a box.
    FoundFace face;
};
Look look_at(const std::vector<FoundFace>& faces, cv::Size picture);

// An embedding, or why there is none.
struct Sample {
    Sight sight = Sight::nobody;
    FoundFace face;
    // Of `face`; empty where there is none. That of a reference is not of unit length
    // (as_reference()). A kiosk takes no sample of `several` (Verification);
    // the evaluation compares it, as whoever made the photograph meant the one in the middle.
    Embedding embedding;
};

// Borrows the models for as long as it lives. One call at a time, from one thread.
class Pipeline {
public:
    // `models` can compare.
    explicit Pipeline(Models& models);

    // The photo on the card, or any still picture that serves as reference. Errors: invalid_input
    // (not 8-bit BGR), unsupported.
    Result<Sample> reference(const cv::Mat& photo);
    // A camera frame or another live picture, at any size. Errors: as above.
    Result<Sample> probe(const cv::Mat& picture);
    // The same where track() has found the face already: the points are found again, in a cut
    // around it at the size that suits the detector. The dominant face in the cut counts.
    Result<Sample> probe(const cv::Mat& frame, const FoundFace& tracked);
    // Only where the face is, in a frame shrunk to 256 pixels: for the preview between decisions.
    Result<Look> track(const cv::Mat& frame);

    // Overwrites what all networks hold, also those for liveness.
    void forget();

private:
    Result<std::vector<FoundFace>> faces_in(const cv::Mat& picture, double scale, float lowest);
    Certainty certainty() const;
    Detector& judge();
    Result<bool> is_upright(const cv::Mat& picture, const FoundFace& face, float doubt);
    Result<Look> look_closer(const cv::Mat& picture, const FoundFace& face, float doubt);
    Result<Look> look_for_face(const cv::Mat& picture, float doubt);
    enum class Role { reference, probe };
    Result<Sample> sample_of(const cv::Mat& picture, Role role);
    Result<Answer> embed(const cv::Mat& picture, const Landmarks& points);

    Models* models_;
};

} // namespace face
