// Card and PIN of a member of staff: for logging in, and for what they confirm in a visit.
//
// What is typed never reaches this model: it knows how many digits there are. Before a staff card
// is in the reader there is no pad, and the screen speaks to whoever stands in front of it.
#pragma once

#include "screens/model.hpp"

namespace screens {

// What must lie where: the resident's card, the staff card.
struct StaffCheckRow {
    std::string icon;
    std::string name;
    std::string state;
    bool is_missing = false; // beside a pad in large text the others make room first
};

struct PinField {
    std::size_t typed = 0; // digits so far, shown as dots
    std::size_t least = 6; // places that are awaited
    std::size_t most = 8;
};

struct StaffCheckModel {
    FrameModel frame;
    std::string title;
    std::string sub; // what is confirmed, in one sentence
    // Before a staff card is in: what is to be done now, as a picture.
    enum class Picture { none, lay_card, insert_card };
    Picture picture = Picture::none;
    std::vector<StaffCheckRow> rows;
    std::optional<NoteModel> note; // how the card stands
    std::optional<PinField> pin;   // nothing: no pad
    std::string hint;              // under the dots; may be empty
    std::string clear;             // label of the clear key
    std::string other;             // one more way on ("call staff"); may be empty
    std::string other_icon;
    ActionsModel actions;
};

enum class StaffCheckPress { other };
using StaffCheckIntent = std::variant<FrameIntent, Action, Typed, EditKey, StaffCheckPress>;

std::optional<StaffCheckIntent> draw(const StaffCheckModel& model, Canvas& canvas);

} // namespace screens
