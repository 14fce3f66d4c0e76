// Take your card and papers; and, for whoever likes, how it was.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct GoodbyeModel {
    FrameModel frame;
    std::string title;
    std::string sub;
    bool card_on_reader = true; // the picture shows a card to be lifted
    bool has_picture = true;    // false: only papers of one's own are to be taken
    std::string foot;           // "what you told us is gone from this kiosk"
    std::string done;
    // "How was it?", and a word for each face; empty: not asked.
    std::string rate;
    std::string good, fair, poor;
    std::optional<NoteModel> thanks; // it was said
    std::size_t first = 0;
};

enum class GoodbyePress { done, good, fair, poor };
using GoodbyeIntent = std::variant<FrameIntent, ShowFrom, GoodbyePress>;

std::optional<GoodbyeIntent> draw(const GoodbyeModel& model, Canvas& canvas);

} // namespace screens
