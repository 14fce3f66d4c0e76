// It is done: accepted by the platform, or stored safely here; the number in groups, what happens
// next, and the receipt. Without paper the number and its QR code stay until somebody says that it
// is noted.
#pragma once

#include "screens/model.hpp"

namespace screens {

// A QR code as the caller's library made it; this room draws squares.
struct QrModules {
    int size = 0;           // modules per side, quiet zone not counted
    std::vector<bool> dark; // size * size, rows from the top
};

struct NextStep {
    std::string icon;
    std::string title;
    std::string detail; // may be empty
};

struct ResultModel {
    enum class Kind { accepted, stored }; // green tick, petrol lock: never red or yellow

    FrameModel frame;
    Kind kind = Kind::accepted;
    std::string title;
    std::string sub;
    std::string number_label; // "your number"
    std::string number;       // "7K4M 92HX 3PRD"
    std::string time;         // "2026-11-22 10:38"
    QrModules qr;             // size 0: not shown
    std::string qr_label;     // "the code holds this number, nothing about you"
    std::string next_title;
    std::vector<NextStep> next;
    std::string receipt;            // "please take your receipt below"; empty: nothing was printed
    std::optional<NoteModel> paper; // no paper: note the number
    std::optional<NoteModel> card;  // "do not forget your card"
    std::string foot;
    std::string staff;     // "ask staff for paper"
    std::string another;   // "another matter"
    std::string done;      // "I am done", without paper "I have noted it"
    std::size_t first = 0; // first next step shown when they do not all fit
};

enum class ResultPress { done, another, staff };
using ResultIntent = std::variant<FrameIntent, ResultPress, ShowFrom>;

std::optional<ResultIntent> draw(const ResultModel& model, Canvas& canvas);

} // namespace screens
