#include "kiosk/text/typesetter.hpp"

#include "kiosk/base/secret.hpp"
#include "kiosk/text/unicode.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fribidi.h>
#include <hb.h>
#include <span>

namespace text {

namespace {

// How a character is dressed: the pieces that differ are shaped apart.
struct Dress {
    FaceId face = FaceId::cjk;
    hb_script_t script = HB_SCRIPT_COMMON;
    FriBidiLevel level = 0;
    bool operator==(const Dress&) const = default;
};

struct Run {
    std::size_t begin;
    std::size_t end;
    Dress dress;
};

struct Paragraph {
    std::u32string characters;
    std::vector<std::size_t> offsets; // of each character in the text, and of the paragraph's end
    std::vector<Dress> dresses;
    std::vector<bool> letters; // letter_starts()
    bool rtl = false;
};

struct Buffer {
    hb_buffer_t* hb = hb_buffer_create();
    Buffer() = default;
    Buffer(const Buffer&) = delete;
    ~Buffer() { hb_buffer_destroy(hb); }
};

FaceId weighted(FaceId regular, bool bold) {
    if (!bold || regular >= FaceId::rare_a) return regular; // HanaMin has one weight
    return FaceId(std::uint8_t(regular) + 1);
}

bool is_latin_digit_or_letter(char32_t c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= 0xC0 && c <= 0x24F);
}

using Chain = std::array<FaceId, 6>;

// Which faces are asked, in this order (spec ui-text §2.2). Chinese sentences take their Latin
// letters and digits from the Chinese face, whose figures are drawn for it; the others from Noto
// Sans.
const Chain& chain_for(char32_t c, base::Language language) {
    using enum FaceId;
    static constexpr Chain arabic_first{uyghur, arabic, latin, cjk, rare_a, rare_b};
    static constexpr Chain chinese_first{cjk, latin, rare_a, rare_b, uyghur, arabic};
    static constexpr Chain latin_first{latin, cjk, rare_a, rare_b, uyghur, arabic};
    if (is_arabic(c) && !is_invisible(c)) return arabic_first;
    if (is_wide(c)) return chinese_first;
    switch (language) {
    case base::Language::zh: return chinese_first;
    case base::Language::en: return latin_first;
    case base::Language::ug: return is_latin_digit_or_letter(c) ? latin_first : arabic_first;
    }
    return chinese_first;
}

// Does the face show the mark on this letter: by itself, or as one glyph with the letter?
bool has_mark(FontSet& fonts, FaceId face, char32_t letter, char32_t mark) {
    if (is_invisible(mark) || fonts.has_glyph(face, mark)) return true;
    hb_codepoint_t composed = 0;
    return hb_unicode_compose(hb_unicode_funcs_get_default(), letter, mark, &composed) &&
           fonts.has_glyph(face, composed);
}

// How many characters at the beginning of the letter the face has; all of them is best.
std::size_t coverage(FontSet& fonts, FaceId face, std::u32string_view letter) {
    if (!is_invisible(letter[0]) && !fonts.has_glyph(face, letter[0])) return 0;
    std::size_t covered = 1;
    while (covered < letter.size() && has_mark(fonts, face, letter[covered - 1], letter[covered]))
        ++covered;
    return covered;
}

// The first face of the chain that has the most of the letter; what it lacks is another call.
FaceId choose_face(FontSet& fonts, std::u32string_view letter, const Style& style,
                   std::size_t& covered) {
    FaceId best = FaceId::missing;
    covered = 0;
    for (const FaceId regular : chain_for(letter[0], style.language)) {
        const FaceId face = weighted(regular, style.bold);
        const auto has = coverage(fonts, face, letter);
        if (has > covered) {
            best = face;
            covered = has;
        }
        if (covered == letter.size()) break;
    }
    covered = std::max<std::size_t>(covered, 1);
    return best;
}

// Neutral characters (spaces, hyphens, brackets) stay with the word before them as long as its face
// has them, and so do invisible ones: a phone number is set in one face.
bool stays_with_previous(FontSet& fonts, std::u32string_view letter, hb_script_t script,
                         FaceId previous) {
    const char32_t c = letter[0];
    if (previous == FaceId::missing) return false;
    if (is_invisible(c)) return coverage(fonts, previous, letter) == letter.size();
    if (is_wide(c) || is_arabic(c) || is_latin_digit_or_letter(c)) return false;
    const bool neutral = script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED;
    return neutral && coverage(fonts, previous, letter) == letter.size();
}

// A letter with its marks is set in one face, if any face has them all.
void choose_faces(FontSet& fonts, const Style& style, Paragraph& paragraph) {
    const auto functions = hb_unicode_funcs_get_default();
    const std::u32string_view text = paragraph.characters;
    FaceId previous = FaceId::missing;
    for (std::size_t begin = 0, end; begin < text.size(); begin = end) {
        end = begin + 1;
        while (end < text.size() && !paragraph.letters[end]) ++end;
        for (std::size_t at = begin, covered; at < end; at += covered) {
            const auto letter = text.substr(at, end - at);
            const auto script = hb_unicode_script(functions, letter[0]);
            covered = letter.size();
            if (!stays_with_previous(fonts, letter, script, previous))
                previous = choose_face(fonts, letter, style, covered);
            for (std::size_t i = at; i < at + covered; ++i) paragraph.dresses[i].face = previous;
        }
    }
}

// Characters of no script of their own are shaped as the word before them is.
void choose_scripts(Paragraph& paragraph) {
    const auto functions = hb_unicode_funcs_get_default();
    hb_script_t last = HB_SCRIPT_COMMON;
    for (std::size_t i = 0; i < paragraph.characters.size(); ++i) {
        const auto script = hb_unicode_script(functions, paragraph.characters[i]);
        if (script != HB_SCRIPT_COMMON && script != HB_SCRIPT_INHERITED) last = script;
        paragraph.dresses[i].script = last;
    }
}

// Unicode Bidirectional Algorithm with isolates and paired brackets. FriBidi fails only without
// memory; then everything keeps level 0.
void resolve_levels(bool rtl, Paragraph& paragraph) {
    const auto count = FriBidiStrIndex(paragraph.characters.size());
    if (count == 0) return;
    const auto size = paragraph.characters.size();
    std::vector<FriBidiChar> characters(paragraph.characters.begin(), paragraph.characters.end());
    std::vector<FriBidiCharType> types(size);
    std::vector<FriBidiBracketType> brackets(size);
    std::vector<FriBidiLevel> levels(size);
    fribidi_get_bidi_types(characters.data(), count, types.data());
    fribidi_get_bracket_types(characters.data(), count, types.data(), brackets.data());
    FriBidiParType direction = rtl ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR;
    if (fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), count, &direction,
                                            levels.data()) == 0)
        return;
    for (std::size_t i = 0; i < size; ++i) paragraph.dresses[i].level = levels[i];
}

std::vector<Run> runs_between(const Paragraph& paragraph, std::size_t begin, std::size_t end) {
    std::vector<Run> runs;
    for (std::size_t i = begin; i < end; ++i) {
        const Dress& dress = paragraph.dresses[i];
        // Each missing character is a run of its own: it becomes one framed code point.
        const bool continues =
            !runs.empty() && runs.back().dress == dress && dress.face != FaceId::missing;
        if (continues)
            runs.back().end = i + 1;
        else
            runs.push_back({i, i + 1, dress});
    }
    return runs;
}

// Rule L2 of the Bidirectional Algorithm: from the highest level down to the lowest odd one,
// reverse what is at that level or above.
void put_in_visual_order(std::vector<Run>& runs) {
    int highest = 0;
    for (const auto& run : runs) highest = std::max(highest, int(run.dress.level));
    for (int level = highest; level > 0; --level)
        for (auto from = runs.begin(); from != runs.end();) {
            from = std::find_if(from, runs.end(),
                                [&](const Run& run) { return run.dress.level >= level; });
            const auto to = std::find_if(from, runs.end(),
                                         [&](const Run& run) { return run.dress.level < level; });
            std::reverse(from, to);
            from = to;
        }
}

hb_language_t language_of(hb_script_t script) {
    static const hb_language_t uyghur = hb_language_from_string("ug", -1);
    static const hb_language_t chinese = hb_language_from_string("zh-hans", -1);
    static const hb_language_t english = hb_language_from_string("en", -1);
    if (script == HB_SCRIPT_ARABIC) return uyghur;
    if (script == HB_SCRIPT_HAN) return chinese;
    return english;
}

// Stands for what is drawn as nothing, until it is left out. HarfBuzz could leave it out by itself,
// but gives the width of its neighbours to other characters then.
constexpr hb_codepoint_t nothing_drawn = 0xFFFFFFFE;

void shape(FontSet& fonts, const Paragraph& paragraph, const Run& run, float px, Buffer& buffer) {
    hb_buffer_clear_contents(buffer.hb);
    hb_buffer_set_flags(buffer.hb, HB_BUFFER_FLAG_DEFAULT);
    hb_buffer_set_invisible_glyph(buffer.hb, nothing_drawn);
    hb_font_t* font = fonts.shaper(run.dress.face, px);
    if (!font) return;
    // The whole paragraph goes along as context: letters join across the ends of a run.
    hb_buffer_add_utf32(
        buffer.hb, reinterpret_cast<const std::uint32_t*>(paragraph.characters.data()),
        int(paragraph.characters.size()), unsigned(run.begin), int(run.end - run.begin));
    hb_buffer_set_direction(buffer.hb, run.dress.level & 1 ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer.hb, run.dress.script);
    hb_buffer_set_language(buffer.hb, language_of(run.dress.script));
    hb_shape(font, buffer.hb, nullptr, 0);
}

template <class Visit> void for_each_shaped_glyph(const Buffer& buffer, Visit visit) {
    unsigned count = 0;
    const auto* infos = hb_buffer_get_glyph_infos(buffer.hb, &count);
    const auto* positions = hb_buffer_get_glyph_positions(buffer.hb, &count);
    for (unsigned i = 0; i < count; ++i) visit(infos[i], positions[i]);
}

float missing_advance(float px) {
    return std::max(8.0f, std::round(px)); // see FontSet: a frame of one em
}

// What each character adds to its line's width; a ligature counts with its first character.
std::vector<float> advances(FontSet& fonts, const Paragraph& paragraph, float px, Buffer& buffer) {
    std::vector<float> widths(paragraph.characters.size(), 0);
    for (const Run& run : runs_between(paragraph, 0, paragraph.characters.size())) {
        if (run.dress.face == FaceId::missing) {
            widths[run.begin] = missing_advance(px);
            continue;
        }
        shape(fonts, paragraph, run, px, buffer);
        for_each_shaped_glyph(
            buffer, [&](const hb_glyph_info_t& info, const hb_glyph_position_t& position) {
                widths[info.cluster] += float(position.x_advance) / 64;
            });
    }
    return widths;
}

// Characters that were shaped into the same glyphs, from `begin` on.
struct Piece {
    std::size_t begin;
    float left;
    float right;
};

// Places the glyphs of a run at the end of the line, and tells its pieces in visual order.
std::vector<Piece> set_run(FontSet& fonts, const Paragraph& paragraph, const Run& run, Layout& out,
                           Line& line, Buffer& buffer) {
    if (run.dress.face == FaceId::missing) {
        const char32_t c = paragraph.characters[run.begin];
        const float left = line.width;
        out.missing.push_back(c);
        line.glyphs.push_back({FaceId::missing, std::uint32_t(c), left, 0});
        line.width += missing_advance(out.px);
        return {{run.begin, left, line.width}};
    }
    std::vector<Piece> pieces;
    shape(fonts, paragraph, run, out.px, buffer);
    for_each_shaped_glyph(buffer,
                          [&](const hb_glyph_info_t& info, const hb_glyph_position_t& position) {
                              if (info.codepoint != nothing_drawn)
                                  line.glyphs.push_back({run.dress.face, info.codepoint,
                                                         line.width + float(position.x_offset) / 64,
                                                         -float(position.y_offset) / 64});
                              if (pieces.empty() || pieces.back().begin != info.cluster)
                                  pieces.push_back({info.cluster, line.width, line.width});
                              line.width += float(position.x_advance) / 64;
                              pieces.back().right = line.width;
                          });
    if (pieces.empty()) pieces.push_back({run.begin, line.width, line.width}); // nothing visible
    return pieces;
}

// Gives each letter of a piece an equal share of it: carets inside lam-alef stand in its middle,
// whatever the face says (not handled: the caret places of ligatures that a face may list).
void share(const Paragraph& paragraph, const Piece& piece, std::size_t end, bool rtl,
           std::vector<Cluster>& clusters) {
    const auto& text = paragraph.characters;
    int shares = 0;
    for (std::size_t i = piece.begin; i < end; ++i)
        if (i == piece.begin || paragraph.letters[i]) shares += is_invisible(text[i]) ? 0 : 1;
    const float each = (piece.right - piece.left) / float(std::max(1, shares));
    int before = 0;
    for (std::size_t i = piece.begin; i < end; ++i) {
        if (i > piece.begin && !paragraph.letters[i]) continue;
        const int after = before + (is_invisible(text[i]) && shares > 0 ? 0 : 1);
        const float from = each * float(before), to = each * float(after);
        clusters.push_back({i, i, rtl ? piece.right - to : piece.left + from,
                            rtl ? piece.right - from : piece.left + to, rtl});
        before = after;
    }
}

// Puts the letters into the order of the text and counts them in bytes. Until then `begin` counts
// characters. What is no beginning of a letter belongs to the letter before it.
void put_in_text_order(const Paragraph& paragraph, std::size_t end,
                       std::vector<Cluster>& clusters) {
    std::sort(clusters.begin(), clusters.end(),
              [](const Cluster& a, const Cluster& b) { return a.begin < b.begin; });
    std::vector<Cluster> merged;
    for (const Cluster& part : clusters) {
        if (merged.empty() || paragraph.letters[part.begin]) {
            merged.push_back(part);
            continue;
        }
        merged.back().left = std::min(merged.back().left, part.left);
        merged.back().right = std::max(merged.back().right, part.right);
    }
    for (std::size_t i = 0; i < merged.size(); ++i) {
        merged[i].end = paragraph.offsets[i + 1 < merged.size() ? merged[i + 1].begin : end];
        merged[i].begin = paragraph.offsets[merged[i].begin];
    }
    clusters = std::move(merged);
}

// Where a line lies in its paragraph, in characters.
struct Extent {
    std::size_t begin;
    std::size_t end;  // without the spaces and marks of isolation that end the line
    std::size_t next; // where the next line begins
};

Line set_line(FontSet& fonts, const Paragraph& paragraph, const Extent& extent,
              const std::vector<float>& widths, Layout& out, Buffer& buffer) {
    Line line;
    line.rtl = paragraph.rtl;
    line.begin = paragraph.offsets[extent.begin];
    line.end = paragraph.offsets[extent.next];
    auto runs = runs_between(paragraph, extent.begin, extent.end);
    put_in_visual_order(runs);
    for (const Run& run : runs) {
        auto pieces = set_run(fonts, paragraph, run, out, line, buffer);
        const bool rtl = run.dress.level & 1;
        if (rtl) std::reverse(pieces.begin(), pieces.end());
        pieces.front().begin = run.begin;
        for (std::size_t i = 0; i < pieces.size(); ++i)
            share(paragraph, pieces[i], i + 1 < pieces.size() ? pieces[i + 1].begin : run.end, rtl,
                  line.clusters);
    }
    // Spaces that end a line run as the paragraph does (rule L1 of the Bidirectional Algorithm).
    float edge = line.rtl ? 0 : line.width;
    for (std::size_t i = extent.end; i < extent.next; ++i) {
        const float from = edge;
        edge += line.rtl ? -widths[i] : widths[i];
        line.clusters.push_back({i, i, std::min(from, edge), std::max(from, edge), line.rtl});
    }
    put_in_text_order(paragraph, extent.next, line.clusters);
    return line;
}

// Greedy: a line takes what fits, to the last place where the next one may start.
std::vector<Extent> break_lines(const Paragraph& paragraph, const std::vector<float>& widths,
                                float limit) {
    const auto& text = paragraph.characters;
    const auto starts = line_starts(text);
    std::vector<Extent> lines;
    const auto finish = [&](std::size_t begin, std::size_t next) {
        std::size_t end = next;
        while (end > begin) {
            std::size_t letter = end - 1;
            while (letter > begin && !paragraph.letters[letter]) --letter;
            if (!is_space(text[letter]) && !is_invisible(text[letter])) break;
            end = letter;
        }
        lines.push_back({begin, end, next});
    };
    std::size_t begin = 0, last_start = 0;
    float width = 0, width_at_start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (starts[i]) {
            last_start = i;
            width_at_start = width;
        }
        width += widths[i];
        // Half a pixel of tolerance: widths were rounded to 1/64 when a box was measured from them.
        if (width > limit + 0.5f && !is_space(text[i]) && last_start > begin) {
            finish(begin, last_start);
            begin = last_start;
            width -= width_at_start;
            width_at_start = 0;
        }
    }
    finish(begin, text.size());
    return lines;
}

void set_paragraph(FontSet& fonts, const Style& style, Paragraph& paragraph, float max_width,
                   Layout& out, Buffer& buffer) {
    paragraph.rtl = base::is_right_to_left(style.language) && !style.left_to_right;
    paragraph.dresses.resize(paragraph.characters.size());
    paragraph.letters = letter_starts(paragraph.characters);
    resolve_levels(paragraph.rtl, paragraph);
    choose_faces(fonts, style, paragraph);
    choose_scripts(paragraph);
    const auto widths = advances(fonts, paragraph, style.px, buffer);
    for (const Extent& extent : break_lines(paragraph, widths, max_width)) {
        out.lines.push_back(set_line(fonts, paragraph, extent, widths, out, buffer));
        out.width = std::max(out.width, out.lines.back().width);
        out.overflow = out.overflow || out.lines.back().width > max_width + 0.5f;
    }
}

bool is_paragraph_end(char32_t c) {
    return c == '\n' || c == 0x2028 || c == 0x2029;
}

// From `at` to the end of the paragraph, which it leaves in `at`, and no further than `room`
// characters. Control characters are dropped; a tab is a space.
Paragraph read_paragraph(std::string_view utf8, std::size_t& at, std::size_t& room) {
    Paragraph paragraph;
    for (; at < utf8.size() && room > 0; --room) {
        const auto [c, size] = decode_first(utf8.substr(at));
        if (is_paragraph_end(c)) break;
        if (c >= ' ' || c == '\t') {
            paragraph.characters.push_back(c == '\t' ? U' ' : c);
            paragraph.offsets.push_back(at);
        }
        at += size;
    }
    paragraph.offsets.push_back(at);
    return paragraph;
}

FaceId main_face(const Style& style) {
    switch (style.language) {
    case base::Language::zh: return weighted(FaceId::cjk, style.bold);
    case base::Language::ug: return weighted(FaceId::uyghur, style.bold);
    case base::Language::en: return weighted(FaceId::latin, style.bold);
    }
    return FaceId::cjk;
}

Layout set_text(FontSet& fonts, std::string_view utf8, const Style& style, float max_width) {
    Layout out;
    const float em = style.px * size_factor(main_face(style));
    out.px = style.px;
    out.line_height =
        em * (style.line_height > 0 ? style.line_height : default_line_height(style.language));
    // The middle of the capitals, which is the middle of a Chinese character too, lies in the
    // middle of the line: words sit in the middle of a button without further thought.
    out.ascent = out.line_height / 2 + style.px * reference_capital_ratio / 2;
    Buffer buffer;
    std::size_t at = 0, room = character_limit;
    while (true) {
        auto paragraph = read_paragraph(utf8, at, room);
        set_paragraph(fonts, style, paragraph, max_width, out, buffer);
        base::wipe(paragraph.characters.data(), paragraph.characters.size() * sizeof(char32_t));
        if (at == utf8.size() || room == 0) break;
        at += decode_first(utf8.substr(at)).size; // what ended the paragraph
        --room;
    }
    out.overflow = out.overflow || at < utf8.size();
    return out;
}

std::string key_of(std::string_view utf8, const Style& style, float max_width) {
    struct {
        float px, line_height, max_width;
        std::uint32_t flags;
    } const tail{style.px, style.line_height, max_width,
                 unsigned(style.language) | unsigned(style.bold) << 8 |
                     unsigned(style.left_to_right) << 9};
    std::string key;
    key.reserve(utf8.size() + sizeof tail);
    key.append(utf8);
    key.append(reinterpret_cast<const char*>(&tail), sizeof tail);
    return key;
}

void overwrite(Layout& layout) {
    for (auto& line : layout.lines) {
        base::wipe(line.glyphs.data(), line.glyphs.size() * sizeof(PlacedGlyph));
        base::wipe(line.clusters.data(), line.clusters.size() * sizeof(Cluster));
    }
    base::wipe(layout.missing.data(), layout.missing.size() * sizeof(char32_t));
}

} // namespace

float default_line_height(base::Language language) {
    switch (language) {
    case base::Language::zh: return 1.5f;
    case base::Language::ug: return 1.6f;
    case base::Language::en: return 1.4f;
    }
    return 1.5f;
}

const Layout& Typesetter::layout(std::string_view utf8, const Style& style, float max_width) {
    auto key = key_of(utf8, style, max_width);
    auto found = kept_.find(key);
    if (found == kept_.end())
        found = kept_.emplace(key, Kept{set_text(*fonts_, utf8, style, max_width), round_}).first;
    found->second.used_in = round_;
    base::wipe(key);
    return found->second.layout;
}

void Typesetter::trim() {
    constexpr std::size_t few_screens = 400; // chosen: the busiest screen has about 60 texts
    ++round_;
    if (kept_.size() <= few_screens) return;
    for (auto it = kept_.begin(); it != kept_.end();) {
        if (round_ - it->second.used_in <= 1) {
            ++it;
            continue;
        }
        overwrite(it->second.layout);
        base::wipe(const_cast<char*>(it->first.data()), it->first.size());
        it = kept_.erase(it);
    }
}

void Typesetter::wipe() {
    for (auto& [key, kept] : kept_) overwrite(kept.layout);
    while (!kept_.empty()) {
        auto node = kept_.extract(kept_.begin());
        base::wipe(node.key());
    }
}

float line_offset(const Line& line, float box_width, Align align) {
    const float rest = box_width - line.width;
    switch (align) {
    case Align::start: return line.rtl ? rest : 0;
    case Align::center: return rest / 2;
    case Align::end: return line.rtl ? 0 : rest;
    case Align::left: return 0;
    }
    return 0;
}

namespace {

void draw_glyph(const GlyphBitmap& glyph, base::Picture& grey, int left, int top) {
    const int x0 = std::max(0, -left), x1 = std::min(glyph.width, grey.width - left);
    const int y0 = std::max(0, -top), y1 = std::min(glyph.height, grey.height - top);
    for (int y = y0; y < y1; ++y)
        for (int x = x0; x < x1; ++x) {
            const unsigned ink =
                glyph.coverage[std::size_t(y) * std::size_t(glyph.width) + std::size_t(x)];
            auto& to = grey.row(top + y)[left + x];
            to = std::uint8_t((to * (255 - ink) + 127) / 255);
        }
}

} // namespace

void draw_grey(const Layout& layout, FontSet& fonts, base::Picture& grey, int x, int y,
               float box_width, Align align) {
    CHECK(grey.channels == 1);
    float base_line = float(y) + layout.ascent;
    for (const Line& line : layout.lines) {
        const float start = float(x) + line_offset(line, box_width, align);
        for (const PlacedGlyph& placed : line.glyphs) {
            const float quarter = std::floor((start + placed.x) * subpixel_phases + 0.5f);
            const float pen = std::floor(quarter / subpixel_phases);
            const int phase = int(quarter - pen * subpixel_phases);
            const auto glyph = fonts.glyph_bitmap(placed.face, placed.glyph, layout.px, phase);
            draw_glyph(glyph, grey, int(pen) + glyph.left,
                       int(std::lround(base_line + placed.y)) - glyph.top);
        }
        base_line += layout.line_height;
    }
}

} // namespace text
