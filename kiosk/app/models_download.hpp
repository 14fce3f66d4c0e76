// Model files from a folder of a web server, for `kiosk models install URL`. What arrives is known
// by its digest or refused, so the server need not be trusted.
#pragma once

#include "face/models.hpp"
#include "kiosk/platform/http.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace app {

// "https://host[:port]/folder" in two: the origin, and the folder without a slash at its end.
struct ModelsUrl {
    std::string origin;
    std::string folder; // "" or "/..."
};
// Errors: invalid_input (not https://, no host, a query or a fragment).
base::Result<ModelsUrl> read_models_url(std::string_view url);

// Asks for every file that a kiosk can use, and puts those that are what they should be into
// `folder`. A file that the server does not have (404) is no fault. `on_file` hears what is
// fetched. Errors: those of the transport at the first file that does not come; io, disk_full. What
// came before stays.
base::Result<face::Installed>
download_models(platform::HttpTransport& server, const std::string& from, const std::string& folder,
                const std::function<void(const face::ModelFile&)>& on_file);

} // namespace app
