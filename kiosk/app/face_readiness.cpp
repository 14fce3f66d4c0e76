#include "kiosk/app/face_readiness.hpp"

#include "face/models.hpp"
#include "kiosk/base/ed25519.hpp"

namespace app {
namespace {

base::Result<face::Calibration>
calibration_of(const config::Config& config, const base::Clock& clock, std::string_view embedder) {
    const auto trusted = TRY(base::load_public_keys(config.district.calibration_keys));
    if (trusted.empty())
        return base::Error{base::Errc::not_found, "no district key is named for calibrations"};
    const auto file = calibration_file(config);
    const auto signatures = file.substr(0, file.size() - std::string_view("json").size()) + "sig";
    face::CalibrationFiles files;
    files.text = TRY(base::read_file(file, face::Calibration::longest_file));
    files.signatures = TRY(base::read_file(signatures, face::Calibration::longest_file));
    face::CalibrationTerms terms;
    terms.trusted = trusted;
    terms.model = embedder;
    terms.pipeline = face::pipeline_version;
    const auto today = base::local_date(clock.wall());
    if (clock.is_synchronised()) terms.today = &today;
    return face::open_calibration(files, terms);
}

} // namespace

std::string models_folder(const config::Config& config) {
    return config.data_folder + "/models";
}

std::string calibration_file(const config::Config& config) {
    return config.data_folder + "/face/calibration.json";
}

FaceReadiness face_readiness(const config::Config& config, const base::Clock& clock) {
    std::vector<std::string> whole, refused;
    bool has_detector = false;
    std::string_view embedder;
    for (const auto& model : face::known_models()) {
        if (model.use == face::ModelUse::evaluation_only) continue;
        const auto files = face::read_model(models_folder(config), model);
        if (files) {
            whole.emplace_back(model.name);
            has_detector = has_detector || model.role == face::ModelRole::detector;
            if (model.role == face::ModelRole::embedder && embedder.empty()) embedder = model.name;
        } else if (files.error().code != base::Errc::not_found) {
            refused.push_back(std::string(model.name) + ": " + files.error().context);
        }
    }
    return {std::move(whole), has_detector && !embedder.empty(), std::move(refused),
            calibration_of(config, clock, embedder)};
}

} // namespace app
