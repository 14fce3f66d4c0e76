#include "kiosk/app/models_commands.hpp"

#include "face/models.hpp"
#include "kiosk/app/face_readiness.hpp"

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

namespace app {
namespace {

// "installed", "not installed", or what is wrong with the files.
std::string state_of(const std::string& folder, const face::Model& model) {
    const auto files = face::read_model(folder, model);
    if (files) return "installed";
    return files.error().code == base::Errc::not_found ? "not installed" : files.error().context;
}

} // namespace

int list_models(const CommonOptions& common) {
    const auto config = configuration(common);
    if (!config) return complain(config.error());
    auto rows = nlohmann::ordered_json::array();
    for (const auto& model : face::known_models()) {
        if (model.use == face::ModelUse::evaluation_only) continue;
        const auto state = state_of(models_folder(*config), model);
        if (common.json)
            rows.push_back({{"name", model.name},
                            {"role", face::to_string(model.role)},
                            {"state", state},
                            {"licence", model.licence},
                            {"source", model.source}});
        else
            std::printf("%-16s %-14s %s (%s; %s)\n", std::string(model.name).c_str(),
                        std::string(face::to_string(model.role)).c_str(), state.c_str(),
                        std::string(model.source).c_str(), std::string(model.licence).c_str());
    }
    if (common.json) std::cout << rows.dump(2) << "\n";
    return exit_ok;
}

int install_models(const CommonOptions& common, const std::string& from) {
    const auto config = configuration(common);
    if (!config) return complain(config.error());
    if (from.find("://") != std::string::npos)
        return complain(
            {base::Errc::unsupported,
             "not handled: a URL; download the files of face/README.md into a folder and "
             "name that"});
    const auto installed = face::install_models(from, models_folder(*config));
    if (!installed) return complain(installed.error());
    for (const auto& name : installed->taken) std::printf("installed %s\n", name.c_str());
    for (const auto& why : installed->refused)
        std::fprintf(stderr, "kiosk: refused %s\n", why.c_str());
    if (installed->taken.empty())
        return complain(
            {base::Errc::not_found, "no model file that this program knows in " + from});
    return exit_ok;
}

} // namespace app
