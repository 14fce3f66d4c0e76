#include "screens/survey.hpp"

#include "screens/narration.hpp"

#include "kiosk/text/unicode.hpp"

#include <algorithm>

namespace screens {
namespace {

bool overlap(const Rect& a, const Rect& b) {
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

bool holds(const Rect& outer, const Rect& inner) {
    return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right() &&
           inner.bottom() <= outer.bottom();
}

std::string pair_of(Role a, Role b) {
    return std::string(to_string(a)) + " on " + std::string(to_string(b));
}

// The same complaint about each line of a paragraph is one complaint.
void note(std::vector<std::string>& list, std::string what) {
    if (std::find(list.begin(), list.end(), what) == list.end()) list.push_back(std::move(what));
}

// Glyphs stand out of the box around their capitals by less than this; a border closer than that
// is not crossed yet.
constexpr float slack = 1; // pixel: edges are snapped

class Surveyor {
public:
    Surveyor(const Frame& frame, const Panel& panel, const Theme& theme, const Contrasts& contrasts)
        : marks_(*frame.marks), texts_(*frame.texts), items_(*frame.items), panel_(panel),
          theme_(theme), contrasts_(contrasts) {}

    void look_at_marks(Findings& findings) const {
        for (std::size_t i = 0; i < marks_.size(); ++i) {
            const Mark& mark = marks_[i];
            if (mark.kind == Mark::Kind::text) look_at_text(i, findings);
            if (mark.kind == Mark::Kind::icon) look_at_icon(i, findings);
        }
    }

    void look_at_texts(Findings& findings) const {
        for (std::size_t i = 0; i < texts_.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (overlap(texts_[i].ink, texts_[j].ink))
                    note(findings.colliding, texts_[j].id + " | " + texts_[i].id);
    }

    void look_at_items(Findings& findings) const {
        for (const Item& item : items_) {
            look_at_edge(item, findings);
            look_at_focus(item, findings);
        }
    }

private:
    // Calls `each` with the role of every ground under `area`, from the top down to one that holds
    // it all. False when a picture lies there: then nothing is known.
    template <class Each>
    bool grounds_under(const Rect& area, std::size_t before, Each each) const {
        for (std::size_t i = before; i-- > 0;) {
            const Mark& mark = marks_[i];
            if (mark.kind == Mark::Kind::text || mark.kind == Mark::Kind::icon) continue;
            if (mark.kind == Mark::Kind::edge || !overlap(mark.glass, area)) continue;
            if (mark.kind == Mark::Kind::picture) return false;
            each(mark.role);
            if (holds(mark.glass, area)) return true;
        }
        each(Role::background);
        return true;
    }

    void look_at_text(std::size_t at, Findings& findings) const {
        const Mark& mark = marks_[at];
        const auto& id = texts_[mark.text].id;
        const Rect ink = mark.glass.inset(slack);
        grounds_under(ink, at, [&](Role ground) {
            if (contrasts_.lowest(mark.role, ground) < text_floor)
                note(findings.faint_texts, id + ": " + pair_of(mark.role, ground));
        });
        const Rect panel{0, 0, float(panel_.width_px), float(panel_.height_px)};
        if (!holds(panel, ink)) note(findings.off_panel, id);
        if (crosses_a_border(ink, at)) note(findings.crossing, id);
        if (is_covered(ink, at)) note(findings.covered, id);
    }

    // A border drawn earlier, and not drawn over since, runs through the words.
    bool crosses_a_border(const Rect& ink, std::size_t before) const {
        for (std::size_t i = before; i-- > 0;) {
            const Mark& mark = marks_[i];
            if (mark.kind == Mark::Kind::text || mark.kind == Mark::Kind::icon) continue;
            if (!overlap(mark.glass, ink)) continue;
            const bool is_edge = mark.kind == Mark::Kind::edge;
            if (!holds(is_edge ? mark.glass.inset(mark.width) : mark.glass, ink)) return true;
            if (mark.kind == Mark::Kind::ground) return false;
        }
        return false;
    }

    // Carets and underlines are narrower than this and may touch a word.
    bool is_covered(const Rect& ink, std::size_t from) const {
        const float narrow = 1.6f * panel_.px_per_mm;
        return std::any_of(marks_.begin() + std::ptrdiff_t(from), marks_.end(),
                           [&](const Mark& mark) {
                               const bool is_shape = mark.kind == Mark::Kind::ground ||
                                                     mark.kind == Mark::Kind::picture;
                               return is_shape && std::min(mark.glass.w, mark.glass.h) > narrow &&
                                      overlap(mark.glass, ink);
                           });
    }

    void look_at_icon(std::size_t at, Findings& findings) const {
        const Mark& mark = marks_[at];
        // Icons stand inside their square: its corners may reach over a round plate.
        grounds_under(mark.glass.inset(mark.glass.w / 6), at, [&](Role ground) {
            if (contrasts_.lowest(mark.role, ground) < graphic_floor)
                note(findings.faint_icons, pair_of(mark.role, ground));
        });
    }

    // What marks an item off from what it lies on: its edge, else its ground. An item without
    // either is known by its words and icon, which are judged as such.
    void look_at_edge(const Item& item, Findings& findings) const {
        const float near = theme_.measures().raised_lip * panel_.px_per_mm + 2 * slack;
        std::optional<std::size_t> border;
        for (std::size_t i = 0; i < marks_.size(); ++i) {
            const Mark& mark = marks_[i];
            if (mark.kind != Mark::Kind::edge && mark.kind != Mark::Kind::ground) continue;
            const bool is_its = std::abs(mark.glass.x - item.rect.x) <= slack &&
                                std::abs(mark.glass.right() - item.rect.right()) <= slack &&
                                std::abs(mark.glass.y - item.rect.y) <= near &&
                                std::abs(mark.glass.h - item.rect.h) <= slack;
            if (is_its) border = i; // an edge is noted behind its ground
        }
        if (!border) return;
        const Rect around = marks_[*border].glass.inset(-2 * slack);
        std::size_t first = *border; // of the marks that belong to the item
        while (first > 0 && holds(around.inset(-near), marks_[first - 1].glass) &&
               holds(marks_[first - 1].glass.inset(-near), item.rect))
            --first;
        grounds_under(around, first, [&](Role ground) {
            if (contrasts_.lowest(marks_[*border].role, ground) < graphic_floor)
                note(findings.faint_edges, item.id + ": " + pair_of(marks_[*border].role, ground));
        });
    }

    // The three rings around a focused item (Canvas::draw_focus_rings) hide no word of another one.
    void look_at_focus(const Item& item, Findings& findings) const {
        const auto& stroke = theme_.measures().stroke;
        const float reach =
            (stroke.focus_gap + 2 * stroke.focus_outer + stroke.focus_inner) * panel_.px_per_mm;
        const Rect outer = item.rect.inset(-reach);
        for (const auto& text : texts_) {
            const Rect ink = text.ink.inset(slack);
            if (overlap(outer, ink) && !overlap(item.rect, ink))
                note(findings.under_focus, item.id + " | " + text.id);
        }
    }

    const std::vector<Mark>& marks_;
    const std::vector<DrawnText>& texts_;
    const std::vector<Item>& items_;
    const Panel& panel_;
    const Theme& theme_;
    const Contrasts& contrasts_;
};

// Letters of each language in a text, without what stands between isolates.
struct Letters {
    int own[3] = {}; // in the order of base::all_languages
};

bool is_han_letter(char32_t c) {
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

bool is_uyghur_letter(char32_t c) {
    // Spec ui-text §2.9.
    static constexpr std::u32string_view letters = U"\u0627\u06D5\u0628\u067E\u062A\u062C\u0686"
                                                   U"\u062E\u062F\u0631\u0632\u0698\u0633\u0634"
                                                   U"\u063A\u0641\u0642\u0643\u06AF\u06AD\u0644"
                                                   U"\u0645\u0646\u06BE\u0648\u06C7\u06C6\u06C8"
                                                   U"\u06CB\u06D0\u0649\u064A\u0626";
    return letters.find(c) != letters.npos;
}

// Short codes are written in Latin capitals and digits in every language.
bool is_code(std::u32string_view word) {
    return std::all_of(word.begin(), word.end(),
                       [](char32_t c) { return (c >= 'A' && c <= 'Z') || !is_latin_letter(c); });
}

Letters letters_of(std::string_view utf8) {
    Letters letters;
    std::u32string word;
    const auto end_word = [&] {
        for (const char32_t c : word) letters.own[2] += !is_code(word) && is_latin_letter(c);
        word.clear();
    };
    int depth = 0; // of isolates, and of quotation marks
    for (const char32_t c : text::decode_utf8(utf8)) {
        const bool opens = (c >= 0x2066 && c <= 0x2068) || c == 0x201C || c == 0xAB;
        const bool closes = c == 0x2069 || c == 0x201D || c == 0xBB;
        if (opens) ++depth;
        if (closes && depth > 0) --depth;
        if (depth > 0) continue;
        letters.own[0] += is_han_letter(c);
        letters.own[1] += is_uyghur_letter(c);
        if (is_latin_letter(c) || (c >= '0' && c <= '9') || c == '-')
            word += c;
        else
            end_word();
    }
    end_word();
    return letters;
}

// Keys say the letter that they write; those that choose a board name its letters.
bool speaks_for_itself(const Item& item) {
    const auto begins = [&](std::string_view with) { return item.id.starts_with(with); };
    return begins("board/key/") || begins("board/to/") || begins("board/candidate/") ||
           begins("pad/");
}

// Languages name themselves.
base::Language language_of(const Item& item, base::Language screen) {
    for (const auto language : base::all_languages)
        for (const std::string_view place : {"attract/", "language/"})
            if (item.id == std::string(place) + std::string(to_string(language))) return language;
    return screen;
}

// Every page says what it is about: a page without a word leaves who cannot see it alone.
void listen(const Frame& frame, base::Language language, Findings& findings) {
    if (frame.said->empty()) note(findings.silent, "the page");
    for (const Item& item : *frame.items) {
        if (item.label.empty()) note(findings.silent, item.id);
        if (speaks_for_itself(item) || item.id == "rail/language") continue;
        const auto own = item.language.value_or(language_of(item, language));
        if (!item.is_private && !is_said_in(item.label, own))
            note(findings.wrong_script, item.id + ": " + item.label);
        for (const auto& detail : item.spoken)
            if (!detail.is_private &&
                !is_said_in(detail.text.view(), detail.language.value_or(own)))
                note(findings.wrong_script, item.id + ": " + std::string(detail.text.view()));
    }
    for (const Said& said : *frame.said)
        if (!said.is_private && !is_said_in(said.text.view(), said.language))
            note(findings.wrong_script, said.id + ": " + std::string(said.text.view()));
}

} // namespace

bool is_said_in(std::string_view words, base::Language language) {
    const auto letters = letters_of(words);
    const int own = letters.own[std::size_t(language)];
    const int all = letters.own[0] + letters.own[1] + letters.own[2];
    return own == all;
}

Contrasts::Contrasts(const Theme& theme) {
    for (std::size_t a = 0; a < role_count; ++a)
        for (std::size_t b = 0; b < role_count; ++b) {
            float lowest = 21;
            for (const auto name : all_themes)
                lowest = std::min(
                    lowest, contrast(theme.colour(name, Role(a)), theme.colour(name, Role(b))));
            lowest_[a][b] = lowest;
        }
}

bool Findings::empty() const {
    return text().empty();
}

std::string Findings::text() const {
    std::string out;
    const auto list = [&](const char* what, const std::vector<std::string>& ids) {
        if (ids.empty()) return;
        out += std::string(out.empty() ? "" : "; ") + what + ":";
        for (const auto& id : ids) out += " [" + id + "]";
    };
    list("hard to read", faint_texts);
    list("edge hard to see", faint_edges);
    list("icon hard to see", faint_icons);
    list("texts collide", colliding);
    list("text across a border", crossing);
    list("text covered", covered);
    list("text off the panel", off_panel);
    list("hidden by a focus", under_focus);
    list("nothing to say", silent);
    list("said in another script", wrong_script);
    return out;
}

Findings survey(const Frame& frame, const Panel& panel, const Theme& theme,
                const Contrasts& contrasts, base::Language language) {
    CHECK(frame.marks != nullptr);
    Findings findings;
    const Surveyor surveyor(frame, panel, theme, contrasts);
    surveyor.look_at_marks(findings);
    surveyor.look_at_texts(findings);
    surveyor.look_at_items(findings);
    listen(frame, language, findings);
    return findings;
}

} // namespace screens
