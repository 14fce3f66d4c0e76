// What a person could not read, tell apart or hear in one frame of a stage that lays out only.
// Beside Faults, for tests and the tour of all screens; not for a visit.
//
// Contrast is judged by roles, not by pixels: each text, icon and edge against the grounds that lie
// under it in the order of drawing, in all three themes at once. So a text that stands on two
// grounds must be readable on both. Words over a picture are not judged: there are none without a
// ground of their own.
#pragma once

#include "screens/stage.hpp"

namespace screens {

struct Findings {
    std::vector<std::string> faint_texts;  // "id: muted on sunken": below text_floor
    std::vector<std::string> faint_edges;  // "id: lip on surface": below graphic_floor
    std::vector<std::string> faint_icons;  // "muted on sunken"
    std::vector<std::string> colliding;    // "a | b": texts that run into each other
    std::vector<std::string> crossing;     // texts that run across a border
    std::vector<std::string> covered;      // texts with something drawn over them
    std::vector<std::string> off_panel;    // texts not wholly on the panel
    std::vector<std::string> under_focus;  // "item | text": the rings of a focus would cover it
    std::vector<std::string> silent;       // items without a name to be said
    std::vector<std::string> wrong_script; // "id: words": said in letters of another language
    bool empty() const;
    std::string text() const; // one line
};

// Spec ui-text §7. The lowest pair of the tokens is 7.00 before rounding (design contrast.md).
inline constexpr float text_floor = 6.995f;
inline constexpr float graphic_floor = 3;

// The lowest contrast of two roles over the three themes.
class Contrasts {
public:
    explicit Contrasts(const Theme& theme);
    float lowest(Role a, Role b) const { return lowest_[std::size_t(a)][std::size_t(b)]; }

private:
    std::array<std::array<float, role_count>, role_count> lowest_{};
};

// `frame` comes from a stage of Drawing::layout, which is not needed any more.
Findings survey(const Frame& frame, const Panel& panel, const Theme& theme,
                const Contrasts& contrasts, base::Language language);

// Does what is said in this language have letters of it, and none of another one? Values that were
// put in between isolates, names between quotation marks, numbers and short codes ("A4", "S-1182")
// are not judged.
bool is_said_in(std::string_view words, base::Language language);

} // namespace screens
