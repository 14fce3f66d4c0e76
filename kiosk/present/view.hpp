// What only the glass knows: which rows of a list are shown, where the caret stands, which board
// lies under the text, which page is picked, what is being composed. Nothing of it is an answer.
//
// A View belongs to one step, overlay and field of one session; follow() replaces it by a fresh one
// as soon as the session has moved, and keeps of it what a person would miss. Keep one per kiosk
// and pass it through model() and react().
#pragma once

#include "kiosk/session/session.hpp"
#include "screens/model.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace present {

// What is being composed in a field and is not part of its answer yet: Pinyin letters, the ink of a
// character, what may be chosen for them. Personal: all of it lies in the locked arena.
struct Composition {
    struct Candidate {
        base::SecretText text;
        std::size_t used = 0; // letters it stands for
        bool operator==(const Candidate&) const = default;
    };

    base::SecretText letters; // a to z and ', as typed
    base::SecretText shown;   // the same, cut into syllables
    input::Ink ink;
    std::vector<Candidate> candidates; // those on the screen, from `first` on
    std::size_t first = 0;
    std::vector<std::size_t> firsts_before; // of the pages that lead here
    bool has_more = false;
    int clears = 0; // of the box, one after the other
    // A number as it stands on the pad, where the answer cannot hold it ("12." of an amount).
    base::SecretText number;

    bool operator==(const Composition&) const = default;
};

struct View {
    // What it belongs to.
    session::Ticket ticket = 0;
    session::Step step = session::Step::attract;
    session::Overlay overlay = session::Overlay::none;
    std::string field;

    std::size_t first = 0; // first row shown of a list
    // Byte offset of the caret in the typed text; nothing: behind the last character.
    std::optional<std::size_t> caret;
    std::optional<screens::Board> board; // nothing: the board of the session's language
    bool shift = false;
    std::optional<bool> date_on_pad; // nothing: as suits the dates that the form takes
    Composition composing;           // in `field`
    // What was under way in other fields of this session when they were left: Back, the idle
    // question and a change of language lose nothing.
    std::map<std::string, Composition> set_aside;
    bool explains = false;   // help: how the present step is done is shown, not the list
    std::string chosen_page; // pages: the number of the page that is picked

    bool operator==(const View&) const = default;
};

// The view itself where the session is still where the view belongs, else a fresh one.
View follow(View view, const session::Session& session);

} // namespace present
