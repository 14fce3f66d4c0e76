// Turns a folder of model files into networks that were seen to work on this machine.
//
// A file is read once, its bytes are compared with the compiled-in digest, and those same bytes are
// parsed. Then each network runs once on a picture made here; outputs that differ from the stored
// ones (a network decoded as another kind, a processor that computes wrongly) refuse it.
#pragma once

#include "face/detector.hpp"
#include "face/embedder.hpp"
#include "face/models.hpp"

#include <optional>

namespace face {

// What the kiosk has. Without detector or embedder every verdict is `staff`.
struct Models {
    std::optional<Detector> detector;
    // The later network beside the earlier one: it tells an upright face from one that lies.
    std::optional<Detector> second_detector;
    std::optional<Embedder> embedder;
    std::optional<ModelId> detector_id;
    std::optional<ModelId> embedder_id;
    std::optional<Network> minifasnet_v2;
    std::optional<Network> minifasnet_v1se;
    std::vector<std::string>
        refused; // "NAME: why", for doctor and log; files that are absent do not count

    bool can_compare() const { return detector && embedder; }
};

class ModelStore {
public:
    explicit ModelStore(std::string folder) : folder_(std::move(folder)) {}

    // Loads the best detector and the embedder that are there and work. `use`: what is allowed.
    Models load(ModelUse use) const;
    // One model, for tests and for `kiosk models list`. Errors: not_found, corrupt (another file),
    // unsupported (it did not pass its self-test).
    Result<Network> load(ModelId id) const;

private:
    std::string folder_;
};

// The self-test alone: the network that these bytes make must answer as `id` does. Errors:
// unsupported.
Result<void> self_test(Network& network, ModelId id);

} // namespace face
