// A number in groups and a pad: telephone, citizen number, bank card, amounts.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct QuestionDigitsModel {
    enum class CornerKey { clear, letter_x, point }; // the key beside 0

    FrameModel frame;
    std::string title;
    std::string why;
    base::SecretText digits;  // as typed, without spaces
    bool has_letters = false; // a receipt number: cells as wide as the widest letter
    std::vector<int> groups;  // {3, 4, 4}: places that are awaited; empty: no grouping, no places
    std::string unit;         // shown after the number ("years"); may be empty
    std::string hint;         // "2 more digits"; may be empty
    std::optional<NoteModel> problem;
    int marked_from = -1; // first digit that is to be compared once more; -1: none
    CornerKey corner = CornerKey::clear;
    std::string clear;       // label of the clear key
    std::string alternative; // "no mobile telephone?"; may be empty
    std::string alternative_icon = "help";
    ActionsModel actions;
};

enum class QuestionDigitsPress { alternative };
using QuestionDigitsIntent = std::variant<FrameIntent, Action, Typed, EditKey, QuestionDigitsPress>;

std::optional<QuestionDigitsIntent> draw(const QuestionDigitsModel& model, Canvas& canvas);

} // namespace screens
