// A4 pages of text drawn from a seed, upright, with what stands on them: the words of the shipped
// content in one language, as letters, lists and tables.
#pragma once

#include "kiosk/base/language.hpp"
#include "kiosk/base/picture.hpp"
#include "kiosk/text/typesetter.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace test {

enum class PageKind {
    letter, // heading, paragraphs over the whole width, place and date below
    list,   // heading, one sentence a line
    table,  // heading, two columns with rules
    rare,   // few words only: a heading and one or two lines
};
inline constexpr std::array all_page_kinds{PageKind::letter, PageKind::list, PageKind::table,
                                           PageKind::rare};

struct TextPage {
    base::Picture picture; // grey
    std::string text;      // line after line as they stand on the page
};

class TextPages {
public:
    // `content` is the folder of the shipped content set.
    explicit TextPages(const std::string& content = "assets/content");
    // Equal for equal arguments. Black on white; letters of 10 to 14 points.
    TextPage draw(PageKind kind, base::Language language, std::uint64_t seed, int dpi = 300);

private:
    text::FontSet fonts_;
    text::Typesetter typesetter_{fonts_};
    std::vector<std::vector<std::string>> sentences_; // by language
};

} // namespace test
