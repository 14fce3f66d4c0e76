#include "face/models.hpp"

#include "kiosk/base/digest.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace face {
namespace {

// Digests: those of the publishers. For the two YuNets and SFace the SHA-256 of the pointers in
// opencv/opencv_zoo; for face-reidentification-retail-0095 the files whose SHA-384 stand in
// open_model_zoo's model.yml; for the MiniFASNets the files of the conversion that is named
// (spec face §1). SFace was not obtainable: its row is unverified.
constexpr std::array rows{
    Model{ModelId::yunet_2022mar,
          ModelRole::detector,
          ModelUse::kiosk,
          "yunet-2022mar",
          {{{"face_detection_yunet_2022mar.onnx", 345'478,
             "50ef07f702a31741ca46a4c0d947773b64143b9362780237bf0d427d6c79bab7"}}},
          "MIT",
          "opencv_zoo, face_detection_yunet (March 2022)"},
    Model{ModelId::yunet_2023mar,
          ModelRole::detector,
          ModelUse::kiosk,
          "yunet-2023mar",
          {{{"face_detection_yunet_2023mar.onnx", 232'589,
             "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"}}},
          "MIT",
          "opencv_zoo, face_detection_yunet (March 2023)"},
    Model{ModelId::reid_0095,
          ModelRole::embedder,
          ModelUse::kiosk,
          "reid-0095",
          {{{"face-reidentification-retail-0095.xml", 350'427,
             "ce53d2c9c08c0bd1c1660fb8a5b6d0e3e4ec19eb92f1036d2d83a85e83082dce"},
            {"face-reidentification-retail-0095.bin", 2'213'628,
             "241229ca3d206321868d46ce74a3c0b06c49cea58db7dc70b2e842ff287545d1"}}},
          "Apache-2.0",
          "Open Model Zoo, face-reidentification-retail-0095, FP16"},
    Model{ModelId::minifasnet_v2,
          ModelRole::liveness_veto,
          ModelUse::kiosk,
          "minifasnet-v2",
          {{{"MiniFASNetV2.onnx", 1'743'561,
             "4eed38f0bde33c9b805942a5f25e42ce1161e2bda545254be622be957727794e"}}},
          "Apache-2.0",
          "yakhyo/face-anti-spoofing, weights (from minivision-ai/Silent-Face-Anti-Spoofing)"},
    Model{ModelId::minifasnet_v1se,
          ModelRole::liveness_veto,
          ModelUse::kiosk,
          "minifasnet-v1se",
          {{{"MiniFASNetV1SE.onnx", 1'742'315,
             "d819a69bac6b9ade2a0f4d9b60b618e1260f7bf3ba1fddff6c5d82131cb1083f"}}},
          "Apache-2.0",
          "yakhyo/face-anti-spoofing, weights (from minivision-ai/Silent-Face-Anti-Spoofing)"},
    Model{ModelId::sface_2021dec,
          ModelRole::embedder,
          ModelUse::evaluation_only,
          "sface-2021dec",
          {{{"face_recognition_sface_2021dec.onnx", 38'696'353,
             "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79"}}},
          "Apache-2.0",
          "opencv_zoo, face_recognition_sface (December 2021)"},
};

// Chosen: the largest known file is below 40 MB.
constexpr std::size_t file_limit = 64u << 20;

} // namespace

std::span<const ModelFile> Model::files() const {
    return {parts.data(), parts[1].name.empty() ? 1u : 2u};
}

std::span<const Model> known_models() {
    return rows;
}

const Model& model(ModelId id) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.id == id; });
    CHECK(found != rows.end());
    return *found;
}

std::string_view to_string(ModelRole role) {
    switch (role) {
    case ModelRole::detector: return "detector";
    case ModelRole::embedder: return "embedder";
    case ModelRole::liveness_veto: return "liveness_veto";
    }
    CHECK(false);
}

std::optional<KnownFile> known_file(base::ByteView bytes) {
    const auto digest = base::sha256_hex(bytes);
    for (const auto& row : rows)
        for (const auto& file : row.files())
            if (file.sha256 == digest) return KnownFile{&row, &file};
    return std::nullopt;
}

base::Result<std::vector<base::Bytes>> read_model(const std::string& folder, const Model& model) {
    std::vector<base::Bytes> contents;
    for (const auto& file : model.files()) {
        const auto name = std::string(file.name);
        auto bytes = base::read_file(folder + "/" + name, file_limit);
        if (!bytes) return base::Error{bytes.error().code, name + " cannot be read"};
        const auto known = known_file(*bytes);
        if (!known)
            return base::Error{base::Errc::corrupt,
                               name + ": not the file that its publisher offers (" +
                                   std::to_string(bytes->size()) + " bytes, expected " +
                                   std::to_string(file.bytes) + ")"};
        if (known->file != &file)
            return base::Error{base::Errc::corrupt,
                               name + ": this is " + std::string(known->file->name)};
        contents.push_back(std::move(*bytes));
    }
    return contents;
}

base::Result<void> install_file(const std::string& name, base::ByteView bytes,
                                const std::string& folder, Installed& installed) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return base::Error{base::Errc::io, "the folder for models cannot be made"};
    const auto known = known_file(bytes);
    if (!known) {
        installed.refused.push_back(name + ": not a file this program knows");
    } else if (known->model->use == ModelUse::evaluation_only) {
        installed.refused.push_back(name +
                                    ": has no calibration yet, only for kiosk-face-evaluation");
    } else {
        TRY(base::write_file_durably(folder + "/" + std::string(known->file->name), bytes));
        installed.taken.emplace_back(known->file->name);
    }
    return {};
}

base::Result<Installed> install_models(const std::string& from, const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code failed;
    std::vector<fs::path> paths;
    for (fs::directory_iterator at(from, failed), end; !failed && at != end; at.increment(failed))
        if (at->is_regular_file(failed)) paths.push_back(at->path());
    if (failed) return base::Error{base::Errc::not_found, "no folder " + from};
    std::sort(paths.begin(), paths.end());
    Installed result;
    for (const auto& path : paths) {
        const auto name = path.filename().string();
        const auto bytes = base::read_file(path.string(), file_limit);
        if (!bytes) {
            result.refused.push_back(name + ": cannot be read, or larger than any known file");
            continue;
        }
        TRY(install_file(name, *bytes, folder, result));
    }
    return result;
}

} // namespace face
