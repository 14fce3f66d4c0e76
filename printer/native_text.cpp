#include "printer/native_text.hpp"

#include "kiosk/text/unicode.hpp"
#include "printer/items.hpp"

#include <algorithm>

namespace printer {
namespace {

constexpr bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}
constexpr bool is_noncharacter(char32_t c) {
    return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}
// U+202A to U+202E reorder what follows; tags and byte order marks say nothing to a reader.
constexpr bool is_left_out(char32_t c) {
    return (c >= 0x202A && c <= 0x202E) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F) ||
           (c >= 0x206A && c <= 0x206F);
}
constexpr bool is_direction_mark(char32_t c) {
    return (c >= 0x2066 && c <= 0x2069) || c == 0x200E;
}

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = std::uint8_t(c);
        // Lead bytes of everything that is looked for; other Chinese begins with E3 to E9.
        return (byte >= 0x20 && byte != 0x7F && byte != 0xC2 && byte != 0xE2 && byte < 0xEF) ||
               byte == '\n';
    });
}

} // namespace

base::SecretText printable(std::string_view text) {
    if (is_plain(text)) return base::SecretText(text);
    base::SecretText clean;
    while (!text.empty()) {
        const auto [c, size] = text::decode_first(text);
        const auto bytes = text.substr(0, size);
        text.remove_prefix(size);
        if (is_left_out(c)) continue;
        if (c == '\t') {
            clean.append(" ");
        } else if ((is_control(c) && c != '\n') || is_noncharacter(c)) {
            clean.append("\uFFFD");
        } else {
            clean.append(bytes);
        }
    }
    return clean;
}

std::optional<std::u32string> native_characters(std::string_view text, base::Language language,
                                                const Profile& profile) {
    if (!is_known(profile.ascii) || base::is_right_to_left(language)) return std::nullopt;
    const Charset charset = profile.known_charset();
    std::u32string characters;
    characters.reserve(text.size());
    while (!text.empty()) {
        const auto [c, size] = text::decode_first(text);
        text.remove_prefix(size);
        if (is_direction_mark(c)) continue;
        const bool is_ascii = (c >= 0x20 && c < 0x7F) || c == '\n';
        if (!is_ascii && !has_glyph(charset, c)) return std::nullopt;
        characters.push_back(c);
    }
    return characters;
}

int native_width(std::u32string_view characters) {
    int width = 0;
    for (const char32_t c : characters) width += cell_dots(c);
    return width;
}

namespace {

// Lines of one paragraph. `breaks` tells where a line may begin.
void break_paragraph(std::u32string_view text, int width_dots, std::vector<std::u32string>& lines) {
    const auto breaks = text::line_starts(text);
    std::size_t begin = 0;
    while (begin < text.size()) {
        int width = 0;
        std::size_t end = begin;
        std::size_t last_break = begin;
        while (end < text.size()) {
            if (end > begin && breaks[end]) last_break = end;
            // A space that ends a line may hang beyond it.
            const int wider = width + cell_dots(text[end]);
            if (wider > width_dots && text[end] != ' ') break;
            width = wider;
            ++end;
        }
        if (end < text.size() && last_break > begin) end = last_break;
        if (end == begin) ++end; // a cell wider than the line
        auto line = text.substr(begin, end - begin);
        begin = end;
        while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
        lines.emplace_back(line);
    }
    if (text.empty()) lines.emplace_back();
}

} // namespace

std::vector<std::u32string> native_lines(std::u32string_view characters, int width_dots) {
    std::vector<std::u32string> lines;
    for (std::size_t begin = 0; begin <= characters.size();) {
        const std::size_t end = std::min(characters.find(U'\n', begin), characters.size());
        break_paragraph(characters.substr(begin, end - begin), width_dots, lines);
        begin = end + 1;
    }
    return lines;
}

} // namespace printer
