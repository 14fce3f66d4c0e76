// From Pinyin letters or ink to characters in a field: what a key, a stroke or a chosen candidate
// makes of what is being composed. Pure: nothing is learned, nothing is kept but the Composition.
// Not for other rooms.
#pragma once

#include "kiosk/forms/form.hpp"
#include "kiosk/present/facts.hpp"
#include "kiosk/present/view.hpp"

namespace present {

// chosen: a row holds six to eight words of two characters; the screen shows those that fit.
inline constexpr std::size_t pinyin_candidates = 12;
// Spec handwriting §4: ten candidates in two rows.
inline constexpr std::size_t hand_candidates = 10;
// Spec handwriting §4: after so many clears in a row another way is offered.
inline constexpr int clears_before_advice = 2;

// Something is under way that would be lost if the field's text were taken as the answer now.
bool is_composing(const Composition& composition);

// What the input methods are asked with.
struct Composer {
    input::PinyinLookup* pinyin = nullptr;
    const input::HandwritingLookup* handwriting = nullptr;
    input::HandContext context; // of the character that is written next

    // `letters` from now on, with their first candidates.
    void set_letters(Composition& composition, std::string_view letters) const;
    // False where no more letters are taken.
    bool add_letter(Composition& composition, char letter) const;
    void drop_letter(Composition& composition) const;
    // The rest stays to be chosen for.
    void drop_letters(Composition& composition, std::size_t used) const;

    // False where no more ink is taken.
    bool add_stroke(Composition& composition, const input::InkStroke& stroke) const;
    void undo_stroke(Composition& composition) const;
    void clear_ink(Composition& composition) const;
    // The character was accepted: an empty box, and what often follows it.
    void accept_ink(Composition& composition) const;

    // The next page of candidates, behind the `shown` ones, or the page before.
    void show_more(Composition& composition, const screens::MoreCandidates& more) const;

private:
    void find_candidates(Composition& composition) const;
    void restart(Composition& composition) const;
};

// What is written before the caret and what the field asks for, as the recogniser wants to know it.
input::HandContext hand_context(const forms::Field& field, std::string_view before_caret);

} // namespace present
