// Reads the project's own files, without what builds and tools leave behind.
#pragma once

#include "tests/house/rules.hpp"

namespace house {

// Every text file under `root` up to 1 MiB, ordered by path.
Files read_tree(const std::string& root);

// The names at the top of `root`, ordered; without build folders and what belongs to git.
std::vector<std::string> top_level(const std::string& root);

bool is_executable(const std::string& path);

} // namespace house
