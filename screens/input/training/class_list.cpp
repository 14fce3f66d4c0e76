#include "screens/input/training/class_list.hpp"

#include "kiosk/text/unicode.hpp"

#include <charconv>
#include <set>

namespace input::training {
namespace {

using base::Errc;
using base::Error;

// The table of general standard characters of 2013, and GB 2312 of 1980: their known sizes show
// that the packaged data is whole.
constexpr std::size_t standard_size = 8105;
constexpr std::size_t gb_2312_size = 6763;

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    return line;
}

// "U+4E00<tab>kTGH<tab>2013:1" -> the character, where the property is `name`. 0: another line.
char32_t character_with(std::string_view line, std::string_view name) {
    const auto tab = line.find('\t');
    if (!line.starts_with("U+") || tab == line.npos) return 0;
    if (!line.substr(tab + 1).starts_with(name) || line[tab + 1 + name.size()] != '\t') return 0;
    std::uint32_t code = 0;
    const auto read = std::from_chars(line.data() + 2, line.data() + tab, code, 16);
    return read.ptr == line.data() + tab ? code : 0;
}

} // namespace

base::Result<std::vector<char32_t>> make_class_list(std::string_view mappings,
                                                    std::string_view names) {
    std::set<char32_t> standard, gb_2312;
    while (!mappings.empty()) {
        const auto line = take_line(mappings);
        if (const auto c = character_with(line, "kTGH")) standard.insert(c);
        if (const auto c = character_with(line, "kGB0")) gb_2312.insert(c);
    }
    if (standard.size() != standard_size || gb_2312.size() != gb_2312_size)
        return Error{Errc::invalid_input,
                     "the Unihan mappings name " + std::to_string(standard.size()) +
                         " standard characters and " + std::to_string(gb_2312.size()) +
                         " of GB 2312; expected 8105 and 6763"};
    auto& all = standard;
    all.insert(gb_2312.begin(), gb_2312.end());
    while (!names.empty()) {
        const auto line = take_line(names);
        for (const char32_t c : text::decode_utf8(line.substr(0, line.find('#')))) {
            if (c == U' ' || c == U'\t' || c == U'\r') continue;
            if (c < 0x3400)
                return Error{Errc::invalid_input, "the list of name characters holds \"" +
                                                      text::encode_utf8({&c, 1}) +
                                                      "\", which is no Chinese character"};
            all.insert(c);
        }
    }
    return std::vector<char32_t>(all.begin(), all.end());
}

} // namespace input::training
