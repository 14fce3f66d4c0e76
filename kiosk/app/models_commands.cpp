#include "kiosk/app/models_commands.hpp"

#include "face/models.hpp"
#include "kiosk/app/face_readiness.hpp"
#include "kiosk/app/models_download.hpp"
#include "kiosk/platform/curl_transport.hpp"

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

// The roots that the district trusts, or else those of the system.
std::string roots(const config::Config& config) {
    return config.platform.ca_file.empty() ? platform::system_roots() : config.platform.ca_file;
}

base::Result<face::Installed> fetch_models(const config::Config& config, const std::string& from) {
    const auto url = TRY(read_models_url(from));
    platform::CurlSettings settings;
    settings.base_url = url.origin;
    settings.ca_file = roots(config);
    settings.user_agent = "kiosk/" KIOSK_VERSION;
    const auto server = TRY(platform::CurlTransport::open(std::move(settings)));
    auto installed =
        download_models(*server, url.folder, models_folder(config), [](const auto& file) {
            std::printf("asking for %s\n", std::string(file.name).c_str());
            std::fflush(stdout);
        });
    if (!installed)
        return base::Error{installed.error().code, from + ": " + installed.error().text() +
                                                       "; the server must be trusted "
                                                       "by the roots in " +
                                                       roots(config)};
    return installed;
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
    const bool is_url = from.find("://") != std::string::npos;
    const auto installed =
        is_url ? fetch_models(*config, from) : face::install_models(from, models_folder(*config));
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
