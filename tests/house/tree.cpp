#include "tests/house/tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace house {
namespace {

namespace fs = std::filesystem;

// What .gitignore keeps out, and git's own folder (a file in a linked worktree).
bool is_foreign(const std::string& name) {
    return name == ".git" || name == "build" || name.starts_with("build-") ||
           name == "node_modules" || name == ".cache";
}

} // namespace

Files read_tree(const std::string& root) {
    Files files;
    for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator();
         ++at) {
        if (is_foreign(at->path().filename().string())) {
            at.disable_recursion_pending();
            continue;
        }
        if (!at->is_regular_file() || at->file_size() > (1u << 20)) continue;
        std::ostringstream text;
        text << std::ifstream(at->path(), std::ios::binary).rdbuf();
        if (text.str().find('\0') != std::string::npos) continue; // a picture or a recording
        files.push_back({fs::relative(at->path(), root).generic_string(), text.str()});
    }
    std::sort(files.begin(), files.end(),
              [](const File& a, const File& b) { return a.path < b.path; });
    return files;
}

std::vector<std::string> top_level(const std::string& root) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(root)) {
        const auto name = entry.path().filename().string();
        if (!is_foreign(name)) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool is_executable(const std::string& path) {
    std::error_code error;
    const auto status = fs::status(path, error);
    return !error && (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
}

} // namespace house
