// A free choice: what is asked, every statement in full, and two ways of one size and one style.
// Used for the face check, for data from elsewhere and for declarations. No button is primary.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct ConsentStatement {
    std::string icon = "ok";
    std::string text;
    bool strong = false; // "if you say no, your matter goes on just the same"
};

struct ConsentWay {
    std::string icon;
    std::string label;
    std::string detail; // one line; may be empty for both
};

struct ConsentModel {
    enum class Picture { none, two_photos };

    FrameModel frame;
    std::string title;
    std::string sub;        // may be empty
    std::string said_first; // before the title, for those who hear it; may be empty
    Picture picture = Picture::none;
    std::vector<ConsentStatement> statements;
    std::string choose; // "please choose one"
    ConsentWay agree;
    ConsentWay decline;
    std::string back;
    std::size_t first = 0; // first statement shown when they do not all fit
};

enum class ConsentAnswer { agree, decline };
using ConsentIntent = std::variant<FrameIntent, Action, ConsentAnswer, ShowFrom>;

std::optional<ConsentIntent> draw(const ConsentModel& model, Canvas& canvas);

} // namespace screens
