#include "kiosk/text/message.hpp"

namespace text {

namespace {

constexpr std::string_view first_strong_isolate = "\u2068";
constexpr std::string_view pop_isolate = "\u2069";

const Insertion* find(std::span<const Insertion> values, std::string_view name) {
    for (const auto& value : values)
        if (value.name == name) return &value;
    return nullptr;
}

} // namespace

// U+2066 to U+2069 are E2 81 A6 to E2 81 A9.
std::string strip_isolates(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        if (utf8.substr(i, 2) == "\xE2\x81" && i + 2 < utf8.size() && utf8[i + 2] >= '\xA6' &&
            utf8[i + 2] <= '\xA9') {
            i += 2;
            continue;
        }
        out.push_back(utf8[i]);
    }
    return out;
}

std::string isolate(std::string_view value) {
    return std::string(first_strong_isolate) + strip_isolates(value) + std::string(pop_isolate);
}

std::string format_message(std::string_view pattern, std::span<const Insertion> values) {
    std::string out;
    while (!pattern.empty()) {
        const auto brace = pattern.find_first_of("{}");
        out += pattern.substr(0, brace);
        if (brace == pattern.npos) break;
        pattern.remove_prefix(brace);
        if (pattern.size() > 1 && pattern[1] == pattern[0]) {
            out += pattern[0];
            pattern.remove_prefix(2);
            continue;
        }
        const auto end = pattern[0] == '{' ? pattern.find('}') : pattern.npos;
        const auto* value =
            end == pattern.npos ? nullptr : find(values, pattern.substr(1, end - 1));
        if (value) {
            out += isolate(value->value);
            pattern.remove_prefix(end + 1);
        } else {
            out += pattern[0];
            pattern.remove_prefix(1);
        }
    }
    return out;
}

std::string format_message(std::string_view pattern, std::initializer_list<Insertion> values) {
    return format_message(pattern, std::span(values.begin(), values.size()));
}

} // namespace text
