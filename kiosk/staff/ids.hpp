// The forms of the ids that stand in lists, in the desk's file and in the audit chain. One place,
// so that what one of them takes never is what another takes for a bug.
#pragma once

#include <algorithm>
#include <string_view>

namespace staff {

// [A-Z0-9-]{1,16}: "S-1182".
inline bool is_staff_id(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !text.empty() && text.size() <= 16 && std::all_of(text.begin(), text.end(), fits);
}

// [a-z0-9._-]{1,40}: a word of ours, the id of a fixed notice.
inline bool is_word(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), fits);
}

} // namespace staff
