// The channel for content sets (openapi.yaml, content): one set is offered, its files by their
// SHA-256.
#include "kiosk/platform/reference/state.hpp"

#include "kiosk/base/digest.hpp"

#include <filesystem>
#include <utility>

namespace platform {
namespace {

constexpr std::size_t package_limit = 4u << 20; // openapi.yaml, contentPackage

std::vector<std::string> lines_of(base::ByteView text) {
    std::vector<std::string> lines;
    for (std::string_view rest = base::as_text(text); !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (!line.empty()) lines.emplace_back(line);
    }
    return lines;
}

} // namespace

base::Result<void> ReferencePlatform::offer_content(const std::string& folder, int percent,
                                                    std::optional<base::Date> not_before) {
    std::map<std::string, base::Bytes> packages;
    const auto take = [&](const std::string& name) -> base::Result<std::string> {
        auto bytes = TRY(base::read_file(folder + "/" + name, package_limit));
        auto digest = base::sha256_hex(bytes);
        packages[digest] = std::move(bytes);
        return digest;
    };
    const auto digest = TRY(take("manifest.json"));
    const auto manifest = parse_object(packages.at(digest));
    const auto version = manifest.is_object() ? manifest.value("version", json()) : json();
    if (!version.is_number_integer())
        return base::Error{base::Errc::corrupt, folder + "/manifest.json"};
    const auto size = packages.at(digest).size();
    for (const auto& file : manifest.value("files", json::array()))
        TRY(take(std::filesystem::path(text_at(file, "name")).filename().string()));
    const auto signatures = TRY(base::read_file(folder + "/manifest.sig", package_limit));
    json offer{{"channel", "stable"},
               {"version", version},
               {"manifest", {{"sha256", digest}, {"size", size}}},
               {"signatures", lines_of(signatures)},
               {"percent", percent}};
    if (not_before) offer["notBefore"] = base::to_text(*not_before);
    const std::lock_guard lock(state_->mutex);
    state_->offered_content = std::move(offer);
    state_->content_packages = std::move(packages);
    return {};
}

Routed ReferencePlatform::State::content_manifest(const HttpRequest& request) {
    if (!request.path.ends_with("?channel=stable") || !offered_content)
        return refuse(problems::not_found);
    return json_answer(200, *offered_content);
}

Routed ReferencePlatform::State::content_package(const std::string& sha256) {
    const auto package = content_packages.find(sha256);
    if (package == content_packages.end()) return refuse(problems::not_found);
    return HttpResponse{200, {{"Content-Type", "application/octet-stream"}}, package->second};
}

} // namespace platform
