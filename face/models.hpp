// Which network files this program knows: name, size, SHA-256, role. Compiled in, so that no file
// and no configuration can bring another network (DESIGN D12, safeguard G14). No OpenCV here.
#pragma once

#include "kiosk/base/bytes.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace face {

enum class ModelId {
    yunet_2023mar,
    yunet_2022mar,
    reid_0095,
    minifasnet_v2,
    minifasnet_v1se,
    sface_2021dec, // the evaluation program only, until it has a calibration
};
enum class ModelRole {
    detector,      // finds faces and five points
    embedder,      // one vector from one aligned face
    liveness_veto, // may only say "staff"
};
enum class ModelUse {
    kiosk,           // and the evaluation program
    evaluation_only, // never loaded by the kiosk
};

struct ModelFile {
    std::string_view name; // in the models folder
    std::size_t bytes = 0;
    std::string_view sha256;
};

struct Model {
    ModelId id;
    ModelRole role;
    ModelUse use;
    std::string_view name;          // what a result, a calibration and a heartbeat call it
    std::array<ModelFile, 2> parts; // the second has no name where one file is the whole
    std::string_view licence;
    std::string_view source; // where the publisher offers it

    std::span<const ModelFile> files() const;
};

// All rows; within a role the better one first.
std::span<const Model> known_models();
const Model& model(ModelId id);
std::string_view to_string(ModelRole role);

// The file whose bytes these are; none: nobody knows them.
struct KnownFile {
    const Model* model;
    const ModelFile* file;
};
std::optional<KnownFile> known_file(base::ByteView bytes);

// A model's files read once, each compared with its row; who parses them parses these bytes.
// Errors: not_found (a file is missing), too_large or corrupt (it is another file: the context says
// which one it is, if anybody knows it).
base::Result<std::vector<base::Bytes>> read_model(const std::string& folder, const Model& model);

// Copies what is known of `from` into `folder`, and refuses the rest by name.
struct Installed {
    std::vector<std::string> taken;   // file names
    std::vector<std::string> refused; // "NAME: why"
};
// The same for one file that is in memory. By content, not by `name`: a file under another name is
// put where it belongs. Errors: io, disk_full.
base::Result<void> install_file(const std::string& name, base::ByteView bytes,
                                const std::string& folder, Installed& installed);
base::Result<Installed> install_models(const std::string& from, const std::string& folder);

} // namespace face
