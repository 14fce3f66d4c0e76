// Writes the golden pictures anew: called by tests/golden/update, by nothing else.
//
//   golden_update OUT    OUT gets before, after and difference of every picture that changes
#include "tests/support/golden.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace {

base::Result<int> update(const std::string& out) {
    golden::Painter painter;
    int changed = 0;
    for (const auto& one : TRY(golden::read_list())) {
        const auto before = TRY(golden::kept(one));
        const auto after = TRY(painter.paint(one));
        if (before == after) continue;
        ++changed;
        std::printf("%s %s\n", before.empty() ? "new:    " : "changed:", one.name().c_str());
        TRY(golden::write_three(out, one, before, after));
        TRY(golden::write_png(golden::file_of(one), after));
    }
    for (const auto& file : golden::unlisted()) {
        std::printf("gone:     %s\n", file.c_str());
        std::filesystem::remove(file);
    }
    std::ofstream(std::string(golden::folder) + "/glyph_makers.txt") << golden::glyph_makers();
    return changed;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: golden_update OUT\n");
        return 2;
    }
    const auto changed = update(argv[1]);
    if (!changed) {
        std::fprintf(stderr, "%s\n", changed.error().text().c_str());
        return 1;
    }
    if (*changed > 0)
        std::printf("%d pictures: look at what changed in %s before you commit them\n", *changed,
                    argv[1]);
    else
        std::printf("nothing changed\n");
    return 0;
}
