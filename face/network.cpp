#include "face/network.hpp"

#include "face/locked_mats.hpp"
#include "face/network_state.hpp"

namespace face {

Network::Network(std::unique_ptr<State> state) : state_(std::move(state)) {}
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

Result<Network> Network::from_onnx(base::ByteView file) {
    keep_mats_in_locked_memory();
    auto state = std::make_unique<State>();
    try {
        state->net =
            cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(file.data()), file.size());
        state->output_names = state->net.getUnconnectedOutLayersNames();
    } catch (const cv::Exception&) {
        return Error{Errc::corrupt, "OpenCV cannot read this network"};
    }
    if (state->net.empty()) return Error{Errc::corrupt, "a network without layers"};
    return Network(std::move(state));
}

Result<Network> Network::from_ir(base::ByteView xml, base::ByteView weights) {
    keep_mats_in_locked_memory();
    auto state = std::make_unique<State>();
    try {
        state->net = TRY(build_from_ir(xml, weights));
        state->output_names = state->net.getUnconnectedOutLayersNames();
    } catch (const cv::Exception&) {
        return Error{Errc::corrupt, "OpenCV cannot build this network"};
    }
    return Network(std::move(state));
}

Result<std::vector<cv::Mat>> Network::run(const cv::Mat& blob) {
    std::vector<cv::Mat> outputs;
    try {
        state_->last_shape.assign(blob.size.p, blob.size.p + blob.dims);
        state_->net.setInput(blob);
        state_->net.forward(outputs, state_->output_names);
    } catch (const cv::Exception&) {
        return Error{Errc::unsupported, "the network does not take such a picture"};
    }
    return outputs;
}

const std::vector<std::string>& Network::output_names() const {
    return state_->output_names;
}

void Network::forget() {
    if (state_->last_shape.empty()) return;
    const auto shape = std::exchange(state_->last_shape, {});
    // Same shape: the same blobs, so every one is written over.
    std::vector<cv::Mat> outputs;
    try {
        state_->net.setInput(cv::Mat(shape, CV_32F, cv::Scalar(0)));
        state_->net.forward(outputs, state_->output_names);
    } catch (const cv::Exception&) {
        // It ran on this shape before; what stops it now ended the earlier run as well.
        return;
    }
}

} // namespace face
