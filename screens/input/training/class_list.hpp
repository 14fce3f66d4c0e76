// Which characters can be written by hand: the general standard list, GB 2312, and the characters
// of names in this district.
#pragma once

#include "kiosk/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace input::training {

// `mappings`: Unihan_OtherMappings.txt (kTGH, kGB0). `names`: lines of text, each with the
// characters it adds; # begins a comment. Ascending, each once.
// Errors: invalid_input (a line that is not understood, or lists that are not whole).
base::Result<std::vector<char32_t>> make_class_list(std::string_view mappings,
                                                    std::string_view names);

} // namespace input::training
