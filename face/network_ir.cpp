// Builds a cv::dnn::Net from OpenVINO's intermediate representation. The .xml lists layers and
// edges, the .bin holds constants at the offsets that Const layers name. Source of meanings:
// OpenVINO operation set 1 (docs.openvino.ai, "Available Operation Sets").
#include "face/network_state.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <opencv2/core.hpp>
#include <pugixml.hpp>

namespace face {
namespace {

// Chosen: the one published network has 686 layers and 1.1 million constants.
constexpr std::size_t layer_limit = 10'000;
constexpr std::size_t value_limit = 64'000'000;

struct Layer {
    int id = -1;
    std::string type;
    pugi::xml_node data;
    std::vector<int> shape;  // of its (only) output
    std::vector<int> inputs; // ids of layers, in the order of ports
    int users = 0;           // layers that read its output
};

std::vector<int> integers(std::string_view text) {
    std::vector<int> result;
    const char* at = text.data();
    const char* end = at + text.size();
    while (at != end) {
        if (*at == ' ' || *at == ',') {
            ++at;
            continue;
        }
        int value = 0;
        const auto read = std::from_chars(at, end, value);
        if (read.ec != std::errc{}) return {};
        result.push_back(value);
        at = read.ptr;
    }
    return result;
}

std::size_t count_of(const std::vector<int>& shape) {
    std::size_t count = 1;
    for (const int side : shape) {
        if (side <= 0 || count > value_limit) return value_limit + 1;
        count *= std::size_t(side);
    }
    return count;
}

Error corrupt(std::string what) {
    return {Errc::corrupt, "intermediate representation: " + std::move(what)};
}

class Builder {
public:
    explicit Builder(base::ByteView weights) : weights_(weights) {}

    Result<cv::dnn::Net> build(base::ByteView xml) {
        pugi::xml_document document;
        if (!document.load_buffer(xml.data(), xml.size())) return corrupt("not XML");
        TRY(read_layers(document));
        TRY(read_edges(document));
        bool ended = false;
        for (const int id : order_) {
            if (layers_.at(id).type == "Result") ended = true;
            TRY(add(layers_.at(id)));
        }
        if (!ended || inputs_ != 1) return corrupt("not one way in and out");
        return net_;
    }

private:
    Result<void> read_layers(const pugi::xml_document& document) {
        for (const auto node : document.child("net").child("layers").children("layer")) {
            Layer layer;
            layer.id = node.attribute("id").as_int(-1);
            layer.type = node.attribute("type").value();
            layer.data = node.child("data");
            for (const auto side : node.child("output").child("port").children("dim"))
                layer.shape.push_back(side.text().as_int());
            if (layer.id < 0 || layers_.size() > layer_limit || layers_.contains(layer.id))
                return corrupt("layers are numbered wrongly");
            layers_.emplace(layer.id, std::move(layer));
        }
        return layers_.empty() ? Result<void>(corrupt("no layers")) : Result<void>();
    }

    // Edges name ports; inputs of a layer are its ports in rising order. Sorted so that every layer
    // comes after what it reads.
    Result<void> read_edges(const pugi::xml_document& document) {
        std::map<int, std::map<int, int>> ports; // layer -> port -> source
        for (const auto edge : document.child("net").child("edges").children("edge")) {
            const int from = edge.attribute("from-layer").as_int(-1);
            const int to = edge.attribute("to-layer").as_int(-1);
            if (!layers_.contains(from) || !layers_.contains(to)) return corrupt("a loose edge");
            ports[to][edge.attribute("to-port").as_int()] = from;
            layers_.at(from).users += 1;
        }
        std::map<int, int> waits;
        std::map<int, std::vector<int>> readers;
        for (auto& [id, layer] : layers_) {
            for (const auto& [port, source] : ports[id]) layer.inputs.push_back(source);
            waits[id] = int(layer.inputs.size());
            for (const int source : layer.inputs) readers[source].push_back(id);
            if (layer.inputs.empty()) order_.push_back(id);
        }
        for (std::size_t next = 0; next < order_.size(); ++next)
            for (const int reader : readers[order_[next]])
                if (--waits[reader] == 0) order_.push_back(reader);
        return order_.size() == layers_.size() ? Result<void>() : corrupt("layers in a ring");
    }

    Result<void> add(const Layer& layer) {
        if (layer.type == "Const") return add_constant(layer);
        const auto needs = [&](std::size_t inputs) { return layer.inputs.size() == inputs; };
        if (layer.type == "Parameter" && needs(0)) return add_input(layer);
        if (layer.type == "Result" && needs(1)) return {};
        if (layer.type == "Convert" && needs(1)) return add_convert(layer);
        if (layer.type == "Convolution" && needs(2)) return add_convolution(layer, 1);
        if (layer.type == "GroupConvolution" && needs(2)) return add_convolution(layer, 2);
        if (layer.type == "Add" && needs(2)) return add_sum(layer);
        if (layer.type == "Multiply" && needs(2)) return add_product(layer);
        if (layer.type == "PReLU" && needs(2)) return add_prelu(layer);
        if (layer.type == "Sigmoid" && needs(1))
            return put(layer, "Sigmoid", {}, {layer.inputs[0]});
        if (layer.type == "AvgPool" && needs(1)) return add_mean(layer);
        return Error{Errc::unsupported,
                     "intermediate representation: a layer of type " + layer.type};
    }

    Result<void> add_input(const Layer& layer) {
        nets_[layer.id] = 0; // cv::dnn calls what comes from outside layer 0
        net_.setInputsNames({"data"});
        ++inputs_;
        return {};
    }

    Result<void> add_constant(const Layer& layer) {
        const auto shape = integers(layer.data.attribute("shape").value());
        const auto offset = std::size_t(layer.data.attribute("offset").as_ullong());
        const auto size = std::size_t(layer.data.attribute("size").as_ullong());
        const auto count = count_of(shape);
        if (std::string_view(layer.data.attribute("element_type").value()) != "f16")
            return Error{Errc::unsupported,
                         "intermediate representation: constants that are not FP16"};
        if (count > value_limit || size != count * 2 || offset > weights_.size() ||
            size > weights_.size() - offset)
            return corrupt("a constant outside the weights");
        cv::Mat halves(1, int(count), CV_16S);
        std::copy_n(weights_.data() + offset, size, halves.data);
        cv::Mat values;
        cv::convertFp16(halves, values);
        // A scalar has no sides; cv::Mat wants one.
        constants_[layer.id] = values.reshape(1, shape.empty() ? std::vector<int>{1} : shape);
        return {};
    }

    Result<void> add_convert(const Layer& layer) {
        const auto found = constants_.find(layer.inputs[0]);
        if (found == constants_.end())
            return corrupt("a conversion of something else than a constant");
        constants_[layer.id] = found->second;
        return {};
    }

    // Weights: out x in x h x w, or group x out x in x h x w.
    Result<void> add_convolution(const Layer& layer, int group_sides) {
        const auto weights = constants_.find(layer.inputs[1]);
        if (weights == constants_.end() || weights->second.dims != 3 + group_sides)
            return corrupt("a convolution without weights");
        cv::Mat kernel = weights->second;
        int groups = 1;
        if (group_sides == 2) {
            groups = kernel.size[0];
            const std::vector<int> flat{kernel.size[0] * kernel.size[1], kernel.size[2],
                                        kernel.size[3], kernel.size[4]};
            kernel = kernel.reshape(1, flat);
        }
        cv::dnn::LayerParams params;
        params.set("num_output", kernel.size[0]);
        params.set("group", groups);
        params.set("bias_term", false);
        params.set("kernel_h", kernel.size[2]);
        params.set("kernel_w", kernel.size[3]);
        TRY(set_window(layer, params));
        const auto dilations = integers(layer.data.attribute("dilations").value());
        if (dilations.size() != 2) return corrupt("dilations");
        params.set("dilation_h", dilations[0]);
        params.set("dilation_w", dilations[1]);
        params.blobs = {kernel};
        return put(layer, "Convolution", params, {layer.inputs[0]});
    }

    Result<void> set_window(const Layer& layer, cv::dnn::LayerParams& params) {
        const auto strides = integers(layer.data.attribute("strides").value());
        const auto begin = integers(layer.data.attribute("pads_begin").value());
        const auto end = integers(layer.data.attribute("pads_end").value());
        const std::string_view pad = layer.data.attribute("auto_pad").as_string("explicit");
        if (strides.size() != 2 || begin.size() != 2 || end.size() != 2 || pad != "explicit")
            return corrupt("strides or margins");
        params.set("stride_h", strides[0]);
        params.set("stride_w", strides[1]);
        params.set("pad_t", begin[0]);
        params.set("pad_l", begin[1]);
        params.set("pad_b", end[0]);
        params.set("pad_r", end[1]);
        return {};
    }

    Result<void> add_mean(const Layer& layer) {
        const auto kernel = integers(layer.data.attribute("kernel").value());
        if (kernel.size() != 2) return corrupt("a mean without a window");
        cv::dnn::LayerParams params;
        params.set("pool", "ave");
        params.set("kernel_h", kernel[0]);
        params.set("kernel_w", kernel[1]);
        TRY(set_window(layer, params));
        params.set("ave_pool_padded_area", !layer.data.attribute("exclude-pad").as_bool());
        params.set("ceil_mode",
                   std::string_view(layer.data.attribute("rounding_type").value()) == "ceil");
        return put(layer, "Pooling", params, {layer.inputs[0]});
    }

    // Two results added, or one constant per channel.
    Result<void> add_sum(const Layer& layer) {
        const auto constant = constants_.find(layer.inputs[1]);
        if (constant != constants_.end()) {
            const cv::Mat bias = constant->second.reshape(1, 1);
            return put_scale(layer, cv::Mat(1, bias.cols, CV_32F, cv::Scalar(1)), bias);
        }
        cv::dnn::LayerParams params;
        params.set("operation", "sum");
        return put(layer, "Eltwise", params, layer.inputs);
    }

    // One constant per channel, or one result per channel (squeeze and excitation).
    Result<void> add_product(const Layer& layer) {
        const auto constant = constants_.find(layer.inputs[1]);
        if (constant != constants_.end())
            return put_scale(layer, constant->second.reshape(1, 1), {});
        std::vector<int> inputs = layer.inputs;
        if (count_of(layers_.at(inputs[0]).shape) < count_of(layers_.at(inputs[1]).shape))
            std::swap(inputs[0], inputs[1]);
        return put(layer, "Scale", {}, inputs);
    }

    Result<void> put_scale(const Layer& layer, const cv::Mat& factors, const cv::Mat& bias) {
        const auto& shape = layers_.at(layer.inputs[0]).shape;
        if (shape.size() != 4 || factors.cols != shape[1])
            return corrupt("not one constant for each channel");
        cv::dnn::LayerParams params;
        params.set("bias_term", !bias.empty());
        params.blobs = {factors};
        if (!bias.empty()) params.blobs.push_back(bias);
        return put(layer, "Scale", params, {layer.inputs[0]});
    }

    Result<void> add_prelu(const Layer& layer) {
        const auto slope = constants_.find(layer.inputs[1]);
        if (slope == constants_.end()) return corrupt("a PReLU without slopes");
        cv::dnn::LayerParams params;
        if (slope->second.total() == 1) {
            params.set("negative_slope", slope->second.ptr<float>()[0]);
            return put(layer, "ReLU", params, {layer.inputs[0]});
        }
        params.blobs = {slope->second.reshape(1, 1)};
        return put(layer, "PReLU", params, {layer.inputs[0]});
    }

    Result<void> put(const Layer& layer, const std::string& type, cv::dnn::LayerParams params,
                     const std::vector<int>& inputs) {
        params.name = std::to_string(layer.id);
        params.type = type;
        const int made = net_.addLayer(params.name, type, params);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const auto source = nets_.find(inputs[i]);
            if (source == nets_.end()) return corrupt("a layer that reads a constant");
            net_.connect(source->second, 0, made, int(i));
        }
        nets_[layer.id] = made;
        return {};
    }

    base::ByteView weights_;
    std::map<int, Layer> layers_;
    std::vector<int> order_;
    std::map<int, cv::Mat> constants_;
    std::map<int, int> nets_; // id in the file -> id in the net
    cv::dnn::Net net_;
    int inputs_ = 0;
};

} // namespace

Result<cv::dnn::Net> build_from_ir(base::ByteView xml, base::ByteView weights) {
    return Builder(weights).build(xml);
}

} // namespace face
