#include "face/model_store.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

namespace face {
namespace {

// A picture that is the same on every machine: integer arithmetic only, with edges and slopes in
// each channel, so that every layer has something to do.
cv::Mat built_in_input(int side) {
    cv::Mat blob(std::vector<int>{1, 3, side, side}, CV_32F);
    auto* out = blob.ptr<float>();
    for (int channel = 0; channel < 3; ++channel)
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x) {
                const int dx = x * 256 / side - 128, dy = y * 256 / side - 128;
                const int ring = (dx * dx + 2 * dy * dy) / 256;
                *out++ = float((ring * (channel + 2) + x * 3 + y * (channel + 1)) % 256);
            }
    return blob;
}

// A few numbers that change when anything in an output does.
std::vector<double> marks_of(const cv::Mat& output) {
    const auto* values = output.ptr<float>();
    const auto count = output.total();
    double sum = 0, size = 0;
    for (std::size_t i = 0; i < count; ++i) {
        sum += double(values[i]) * (1 + double(i % 7));
        size += std::abs(double(values[i]));
    }
    return {sum / double(count), size / double(count), double(values[count / 3]),
            double(values[count - 1])};
}

struct StoredAnswer {
    ModelId id;
    int side; // of the built-in input
    struct Output {
        std::string_view name;
        std::array<double, 4> marks;
    };
    std::vector<Output> outputs;
};

// Measured on 29 November 2026 with OpenCV 4.6 of Debian 12, AVX2.
const std::vector<StoredAnswer>& stored_answers() {
    static const std::vector<StoredAnswer> rows{
        {ModelId::yunet_2022mar,
         128,
         {{"conf", {1.998, 0.5, 0.99257, 0.015132}},
          {"iou", {3.0243, 0.7563, 0.36407, 0.28894}},
          {"loc", {2.511, 1.4159, -2.634, 1.5462}}}},
        {ModelId::yunet_2023mar,
         128,
         {{"bbox_16", {1.4265, 0.36216, 0.65617, 0.22464}},
          {"bbox_32", {4.0528, 1.0851, 1.3834, 1.498}},
          {"bbox_8", {4.5926, 1.1727, 0.47266, 1.2484}},
          {"cls_16", {1.943, 0.49269, 0.43925, 0.52961}},
          {"cls_32", {2.1624, 0.58756, 0.60621, 0.57149}},
          {"cls_8", {2.4522, 0.61641, 0.56162, 0.61902}},
          {"kps_16", {1.7714, 0.44392, 0.41843, 0.52912}},
          {"kps_32", {2.2105, 1.048, 1.007, 1.3711}},
          {"kps_8", {2.7188, 1.0159, -0.74209, 0.77851}},
          {"obj_16", {1.8404e-05, 6.9549e-06, 7.7243e-07, 1.1102e-05}},
          {"obj_32", {0.0036571, 0.00090544, 0.0028118, 0.00017008}},
          {"obj_8", {0.00056116, 0.00013613, 1.0894e-05, 3.0144e-09}}}},
        {ModelId::reid_0095, 128, {{"684", {0.054698, 0.30373, 0.13576, 0.19585}}}},
        {ModelId::minifasnet_v2, 80, {{"output", {1.1547, 1.7554, 1.7992, 0.8332}}}},
        {ModelId::minifasnet_v1se, 80, {{"output", {0.40669, 1.1099, 1.6645, -0.22188}}}},
    };
    return rows;
}

// Chosen: other processors round other ways (differences up to 1e-5 of a value in float); a wrong
// network or a broken instruction differs by far more.
bool is_near(double a, double b) {
    return std::abs(a - b) <= 2e-3 + 2e-3 * std::abs(b);
}

} // namespace

Result<void> self_test(Network& network, ModelId id) {
    const auto& all = stored_answers();
    const auto stored =
        std::find_if(all.begin(), all.end(), [&](const auto& row) { return row.id == id; });
    if (stored == all.end()) return Error{Errc::unsupported, "no stored answer for this network"};
    const auto outputs = TRY(network.run(built_in_input(stored->side)));
    const auto& names = network.output_names();
    for (const auto& wanted : stored->outputs) {
        const auto at = std::find(names.begin(), names.end(), wanted.name);
        if (at == names.end() && stored->outputs.size() > 1)
            return Error{Errc::unsupported, "self-test: it has no output of this name"};
        const auto index = stored->outputs.size() > 1 ? std::size_t(at - names.begin()) : 0;
        if (index >= outputs.size() || outputs[index].type() != CV_32F ||
            outputs[index].total() == 0)
            return Error{Errc::unsupported, "self-test: it does not answer"};
        const auto marks = marks_of(outputs[index]);
        for (std::size_t i = 0; i < marks.size(); ++i)
            if (!is_near(marks[i], wanted.marks[i]))
                return Error{Errc::unsupported, "self-test: it answers otherwise than it should"};
    }
    return {};
}

Result<Network> ModelStore::load(ModelId id) const {
    const auto files = TRY(read_model(folder_, model(id)));
    auto network = TRY(files.size() == 2 ? Network::from_ir(files[0], files[1])
                                         : Network::from_onnx(files[0]));
    // SFace was never seen by us, so that no answer of it is stored.
    if (id != ModelId::sface_2021dec) TRY(self_test(network, id));
    return network;
}

Models ModelStore::load(ModelUse use) const {
    Models models;
    for (const auto& row : known_models()) {
        if (row.use == ModelUse::evaluation_only && use != ModelUse::evaluation_only) continue;
        const bool is_needed = row.role == ModelRole::detector ||
                               (row.role == ModelRole::embedder && !models.embedder) ||
                               row.role == ModelRole::liveness_veto;
        if (!is_needed) continue;
        auto network = load(row.id);
        if (!network) {
            if (network.error().code != Errc::not_found)
                models.refused.push_back(std::string(row.name) + ": " + network.error().context);
            continue;
        }
        switch (row.id) {
        case ModelId::yunet_2022mar:
            models.detector.emplace(std::move(*network), YuNet::march_2022);
            models.detector_id = row.id;
            break;
        case ModelId::yunet_2023mar:
            if (models.detector) {
                models.second_detector.emplace(std::move(*network), YuNet::march_2023);
                break;
            }
            models.detector.emplace(std::move(*network), YuNet::march_2023);
            models.detector_id = row.id;
            break;
        case ModelId::reid_0095:
            models.embedder.emplace(std::move(*network), reid_0095_input());
            models.embedder_id = row.id;
            break;
        case ModelId::sface_2021dec:
            models.embedder.emplace(std::move(*network), sface_input());
            models.embedder_id = row.id;
            break;
        case ModelId::minifasnet_v2: models.minifasnet_v2 = std::move(*network); break;
        case ModelId::minifasnet_v1se: models.minifasnet_v1se = std::move(*network); break;
        }
    }
    return models;
}

} // namespace face
