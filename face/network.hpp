// One neural network: made from bytes in memory, run on one blob, emptied afterwards. The only
// place where this room meets cv::dnn; what OpenCV throws becomes an Error here.
#pragma once

#include "kiosk/base/bytes.hpp"

#include <memory>
#include <opencv2/core/mat.hpp>
#include <vector>

namespace face {

using base::Errc;
using base::Error;
using base::Result;

// One call at a time, from one thread.
class Network {
public:
    // An ONNX file. Errors: corrupt (OpenCV cannot read it).
    static Result<Network> from_onnx(base::ByteView file);
    // The two files of OpenVINO's intermediate representation, version 11, as the publisher of
    // face-reidentification-retail-0095 offers them: OpenCV reads them only where OpenVINO is
    // installed, so the network is built from them layer by layer, and from nothing else:
    // Parameter, Const, Convert, Convolution, GroupConvolution, Add, Multiply, PReLU, Sigmoid,
    // AvgPool, Result. Errors: corrupt (not such files, or they do not belong together),
    // unsupported (another layer).
    static Result<Network> from_ir(base::ByteView xml, base::ByteView weights);

    Network(Network&&) noexcept;
    Network& operator=(Network&&) noexcept;
    ~Network();

    // `blob`: N x C x H x W of float. The outputs, in the order of the file, are views into the
    // network: they hold until the next call. Errors: unsupported (it does not take such a blob).
    Result<std::vector<cv::Mat>> run(const cv::Mat& blob);
    const std::vector<std::string>& output_names() const;

    // Overwrites what every layer holds of the last blob, by running the network on zeros.
    void forget();

private:
    struct State;
    explicit Network(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace face
