// Lists of pairs as CSV: path_a,path_b,same. a is the reference, b the live picture.
#pragma once

#include "kiosk/base/result.hpp"

#include <string>
#include <vector>

namespace evaluation {

struct Pair {
    std::string path_a, path_b; // as written
    std::string file_a,
        file_b; // where they were found: beside the list, else from the working folder
    bool is_same = false;
    std::string line; // the row as it stood, without its line end
};

struct PairList {
    std::string header;
    std::vector<Pair> pairs;
};

// Fields may stand in quotes; columns are found by name; line ends of any kind. A file that is
// nowhere keeps its path, so that its row ends without score. Errors: not_found, invalid_input (a
// column or a field is missing, or `same` is neither 0 nor 1; the context names the line).
base::Result<PairList> read_pairs(const std::string& path);

} // namespace evaluation
