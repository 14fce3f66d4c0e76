// What a frame has to say, for people who hear it: beside what can be pressed (canvas.hpp) the
// texts of the page, and the words around it all. screens/narration.hpp makes sentences of it.
#pragma once

#include "kiosk/base/language.hpp"
#include "kiosk/base/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace screens {

// Something that is said about an item after its label: detail, value, reason.
struct SpokenDetail {
    base::SecretText text;
    bool is_private = false;                  // about the person: with headphones alone
    std::optional<base::Language> language{}; // when it is not the screen's
};

// Something that is said without being focused.
struct Said {
    // page: on entering the page in this order, later when its text has changed. whole: only when
    // the whole page is asked for ("Listen").
    enum class When : std::uint8_t { page, whole };
    // Said before the text, never alone: design README §3.
    enum class Sound : std::uint8_t { none, success, error };
    std::string id;
    base::SecretText text;
    base::Language language = base::Language::zh;
    bool is_private = false;
    When when = When::page;
    Sound sound = Sound::none;
    std::size_t items_before = 0; // how many items were registered before it: its place on the page
};

// Words of the screen's language around what is said; from FrameModel.
struct SpokenWords {
    std::string chosen;
    std::string not_chosen;  // after it was taken back
    std::string unavailable; // "not possible now"
    std::string not_yet;     // "not yet"
    std::string position;    // holds {n} and {of}
    std::string end_of_page;
    std::string headphones; // said once per page where something private was left out
    std::string backspace;  // keys that show a picture alone
    // How the page looks, each said when it has changed: "text size 3 of 4".
    std::string text_size, contrast, reach;
};

} // namespace screens
