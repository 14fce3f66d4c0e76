#include "kiosk/app/models_download.hpp"

namespace app {
namespace {

using base::Errc;
using base::Error;

// Chosen: the largest file, 4.4 MB, over a line of 30 kB/s.
constexpr base::Milliseconds file_limit{std::chrono::minutes(3)};

constexpr int http_ok = 200;
constexpr int http_not_found = 404; // RFC 9110 §15.5.5

base::Result<void> download(platform::HttpTransport& server, const std::string& from,
                            const face::ModelFile& file, const std::string& folder,
                            face::Installed& installed) {
    platform::HttpRequest request;
    request.method = "GET";
    request.path = from + "/" + std::string(file.name);
    request.answer_limit = file.bytes;
    const auto answer = server.send(request, file_limit);
    const auto refuse = [&](const std::string& why) {
        installed.refused.push_back(std::string(file.name) + ": " + why);
    };
    if (!answer && answer.error().code != Errc::too_large) return answer.error();
    if (!answer)
        refuse("longer than the file of that name is");
    else if (answer->status == http_ok)
        return face::install_file(std::string(file.name), answer->body, folder, installed);
    else if (answer->status != http_not_found)
        refuse("the server answers " + std::to_string(answer->status));
    return {};
}

} // namespace

base::Result<ModelsUrl> read_models_url(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    const Error bad{Errc::invalid_input, "expects https://HOST/FOLDER, got " + std::string(url)};
    if (!url.starts_with(scheme) || url.find_first_of("?# \\@") != std::string_view::npos)
        return bad;
    const auto slash = url.find('/', scheme.size());
    ModelsUrl read{std::string(url.substr(0, slash)), ""};
    if (read.origin.size() == scheme.size()) return bad;
    if (slash != std::string_view::npos) read.folder = url.substr(slash);
    while (read.folder.ends_with('/')) read.folder.pop_back();
    return read;
}

base::Result<face::Installed>
download_models(platform::HttpTransport& server, const std::string& from, const std::string& folder,
                const std::function<void(const face::ModelFile&)>& on_file) {
    face::Installed installed;
    for (const auto& model : face::known_models()) {
        if (model.use == face::ModelUse::evaluation_only) continue;
        for (const auto& file : model.files()) {
            on_file(file);
            TRY(download(server, from, file, folder, installed));
        }
    }
    return installed;
}

} // namespace app
