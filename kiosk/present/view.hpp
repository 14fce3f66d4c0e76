// What only the glass knows: which rows of a list are shown, where the caret stands, which board
// lies under the text, which page is picked. Nothing of it is an answer, so losing it loses
// nothing.
//
// A View belongs to one step, overlay and field of one session; follow() replaces it by a fresh one
// as soon as the session has moved. Keep one per kiosk and pass it through model() and react().
#pragma once

#include "kiosk/session/session.hpp"
#include "screens/model.hpp"

#include <optional>
#include <string>

namespace present {

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
    std::string chosen_page; // pages: the number of the page that is picked

    bool operator==(const View&) const = default;
};

// The view itself where the session is still where the view belongs, else a fresh one.
View follow(View view, const session::Session& session);

} // namespace present
