// Hostile manifests of content sets: refused, or a list whose names lead out of no folder and whose
// numbers keep the limits; and what was read survives being written and read again.
#include "kiosk/content/manifest.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto manifest = content::read_manifest({data, size});
    if (!manifest) return 0;
    CHECK(manifest->files.size() <= content::max_files);
    std::uint64_t sum = 0;
    for (const auto& file : manifest->files) {
        CHECK(!file.name.empty() && file.name.size() <= 80);
        CHECK(file.name.find('/') == std::string::npos);
        CHECK(file.length <= content::max_file_bytes);
        sum += file.length;
    }
    CHECK(sum <= content::max_set_bytes);
    const auto text = content::to_json(*manifest);
    const auto again = content::read_manifest(base::as_bytes(text));
    CHECK(again.has_value() && content::to_json(*again) == text);
    return 0;
}
