// A day or a month: year, month and day side by side, each with a key for one more and one for one
// less, the whole date in words under them (design, screen "date").
//
// Items "date/<part>/more", "date/<part>/less", "date/year/ten-more", "date/year/ten-less",
// "date/quick/<id>", "date/digits". Figures stand in one order in all languages.
#pragma once

#include "screens/model.hpp"

namespace screens {

enum class DatePart { year, month, day };

struct DateColumn {
    DatePart part = DatePart::year;
    std::string value; // "2026", "12"; empty text stands for a part that was not chosen yet
    std::string unit;  // "year": beside the value
    std::string more;  // what the keys are called when they are spoken
    std::string less;
    bool can_more = true; // false: the form's limits or the calendar end here
    bool can_less = true;
};

struct QuestionDateModel {
    FrameModel frame;
    std::string title;
    std::string why;
    std::vector<DateColumn> columns; // year, month, and day unless only the month is asked for
    std::string ten_more;            // year in steps of ten, for dates far away; empty: not offered
    std::string ten_less;
    bool can_ten_more = true;
    bool can_ten_less = true;
    base::SecretText in_words; // the date with its weekday, or that none is chosen yet
    bool is_chosen = false;
    struct Quick {
        std::string id;
        std::string label;
    };
    std::vector<Quick> quick; // "today", "the first of next month"
    std::string digits;       // leads to the pad
    std::string hint;         // may be empty
    std::optional<NoteModel> problem;
    ActionsModel actions;
};

struct DateStep {
    DatePart part = DatePart::year;
    int by = 0; // 1, -1, 10, -10
    bool operator==(const DateStep&) const = default;
};
enum class QuestionDatePress { digits };

// Chosen: a quick choice.
using QuestionDateIntent = std::variant<FrameIntent, Action, DateStep, Chosen, QuestionDatePress>;

std::optional<QuestionDateIntent> draw(const QuestionDateModel& model, Canvas& canvas);

} // namespace screens
