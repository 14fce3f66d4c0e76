#include "kiosk/content/manifest.hpp"

#include "kiosk/base/digest.hpp"
#include "kiosk/forms/strict_json.hpp"

#include <algorithm>
#include <filesystem>

namespace content {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using forms::bad;
using forms::Json;
using forms::Object;

constexpr std::string_view manifest_name = "manifest.json";

// C3: [a-z0-9._-]{1,80}; not "." and "..", which a folder has by itself.
bool is_file_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= 80 && std::all_of(name.begin(), name.end(), fits) &&
           name != "." && name != "..";
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

Result<std::string> date_under(Object& object, std::string_view key) {
    auto text = TRY(object.text(key, 10));
    base::Date date;
    if (!base::parse_date(text, date)) return bad(object.at(key), "YYYY-MM-DD is wanted");
    return text;
}

Result<ManifestFile> read_entry(const Json& json, const std::string& place) {
    auto object = TRY(Object::of(json, place));
    ManifestFile file;
    file.name = TRY(object.text("name", 80));
    if (!is_file_name(file.name) || file.name == manifest_name)
        return bad(object.at("name"), "small letters, digits, . _ - only");
    file.length = static_cast<std::uint64_t>(
        TRY(object.integer("length", 0, static_cast<std::int64_t>(max_file_bytes))));
    file.sha256 = TRY(object.text("sha256", 64));
    if (!is_sha256(file.sha256)) return bad(object.at("sha256"), "64 small hex digits are wanted");
    TRY(object.finish());
    return file;
}

Result<std::vector<ManifestFile>> read_files(Object& object) {
    std::vector<ManifestFile> files;
    std::uint64_t total = 0;
    const auto* list = TRY(object.array("files", 1, max_files));
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto place = object.at("files") + "/" + std::to_string(i);
        files.push_back(TRY(read_entry((*list)[i], place)));
        total += files.back().length;
        if (total > max_set_bytes) return Error{Errc::too_large, "the set is over 512 MB"};
        if (i > 0 && files[i - 1].name >= files[i].name)
            return bad(place, "files stand in the order of their names, each once");
    }
    return files;
}

} // namespace

Result<Manifest> read_manifest(base::ByteView bytes) {
    const auto json = TRY(forms::parse_strictly(bytes, max_manifest_bytes));
    auto object = TRY(Object::of(json, ""));
    if (TRY(object.integer("format", 0, 1000)) != 1)
        return Error{Errc::unsupported, "/format: only format 1 is known"};
    Manifest manifest;
    manifest.version = TRY(object.integer("version", 1, INT64_MAX));
    manifest.created = TRY(date_under(object, "created"));
    if (object.take("expires")) manifest.expires = TRY(date_under(object, "expires"));
    manifest.minimum_app = TRY(object.text("minimumApp", 20));
    manifest.files = TRY(read_files(object));
    TRY(object.finish());
    return manifest;
}

std::string to_json(const Manifest& manifest) {
    nlohmann::ordered_json json;
    json["format"] = 1;
    json["version"] = manifest.version;
    json["created"] = manifest.created;
    if (!manifest.expires.empty()) json["expires"] = manifest.expires;
    json["minimumApp"] = manifest.minimum_app;
    json["files"] = nlohmann::ordered_json::array();
    for (const auto& file : manifest.files)
        json["files"].push_back(
            {{"name", file.name}, {"length", file.length}, {"sha256", file.sha256}});
    return json.dump(2) + "\n";
}

Result<Manifest> make_manifest(const std::string& folder) {
    const auto path = folder + "/" + std::string(manifest_name);
    const auto before = TRY(base::read_file(path, max_manifest_bytes));
    auto manifest = TRY(read_manifest(before));
    manifest.files.clear();
    std::error_code fault;
    for (const auto& entry : std::filesystem::directory_iterator(folder, fault)) {
        const auto name = entry.path().filename().string();
        // Only content: the page that explains the folder is none.
        const bool is_clip = name.starts_with("voice.") && name.ends_with(".opus");
        if (name == manifest_name || (!name.ends_with(".json") && !is_clip)) continue;
        if (!is_file_name(name))
            return Error{Errc::invalid_input, "a file name with other characters: " + name};
        const auto bytes = TRY(base::read_file(entry.path().string(), max_file_bytes));
        manifest.files.push_back({name, bytes.size(), base::sha256_hex(bytes)});
    }
    if (fault) return Error{Errc::io, "listing the content folder"};
    std::sort(manifest.files.begin(), manifest.files.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return manifest;
}

Result<void> write_manifest(const std::string& folder) {
    const auto json = to_json(TRY(make_manifest(folder)));
    return base::write_file_durably(folder + "/" + std::string(manifest_name),
                                    base::as_bytes(json));
}

} // namespace content
