// Development program: brings FOLDER/manifest.json up to date after content was edited.
#include "kiosk/content/content_set.hpp"
#include "kiosk/content/manifest.hpp"

#include <cstdio>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: write_manifest FOLDER\n");
        return 2;
    }
    if (const auto written = content::write_manifest(argv[1]); !written) {
        std::fprintf(stderr, "%s\n", written.error().text().c_str());
        return 1;
    }
    const auto set = content::ContentSet::open(argv[1]);
    if (!set) {
        std::fprintf(stderr, "written, but the set does not open: %s\n",
                     set.error().text().c_str());
        return 1;
    }
    std::printf("version %lld, %zu matters, %zu texts\n", static_cast<long long>((*set)->version()),
                (*set)->matters().size(), (*set)->text_keys().size());
    return 0;
}
