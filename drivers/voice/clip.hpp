// Recorded speech: Opus files for texts of the catalogue, found by the exact text.
#pragma once

#include "drivers/voice/synthesis.hpp"

#include <map>
#include <string>

namespace drivers {

// Which file says which text. Filled by who knows the catalogue; holds nothing about a person.
class ClipBook {
public:
    void add(base::Language language, std::string text, std::string file);
    // Empty: there is none.
    std::string_view find(base::Language language, std::string_view text) const;
    bool empty() const { return files_.empty(); }

private:
    std::map<std::pair<base::Language, std::string>, std::string> files_;
};

// Errors: not_found, corrupt (no Opus).
base::Result<std::unique_ptr<Synthesis>> open_clip(const std::string& file);

} // namespace drivers
