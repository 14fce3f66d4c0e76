// What is to be said: frames, focus and presses in, phrases out (design README §3).
//
// A value and one function: no clock, no device, no words of its own. Owns what was said last on
// this page, which may be about a person: wipe() overwrites it with the session.
#pragma once

#include "kiosk/base/clock.hpp"
#include "screens/stage.hpp"

namespace screens {

// One thing to say, in the order of a list.
struct Phrase {
    base::SecretText text;
    base::Language language = base::Language::zh;
    bool is_private = false; // with headphones alone (safeguard G23)
    Said::Sound sound = Said::Sound::none;
};

// A frame that was drawn, and what led to it.
struct Moment {
    enum class Event : std::uint8_t {
        none,
        listen,      // the whole page is asked for
        again,       // once more what is focused, or the title: it sounds otherwise now
        end_of_page, // a key asked to move on where nothing follows
    };
    const Frame& frame;
    std::string_view page; // its name; another name is another page
    base::Language language = base::Language::zh;
    std::string_view focus{}; // empty: nobody uses keys
    Event event = Event::none;
    bool has_headphones = false;
    base::MonotonicTime now{};
};

struct Narration {
    // Replaces what is being said. Empty: nothing new.
    std::vector<Phrase> phrases;
    // A person asked for it, by entering, moving or pressing; otherwise a device has something to
    // say (safeguard G24 counts the first alone as activity).
    bool is_answer = false;
};

// A message that changes without anybody's doing is said not more often than this (design §3).
inline constexpr base::Milliseconds message_interval{3000};

class Narrator {
public:
    // Once per frame. Says nothing twice: not the page that was entered, nor the focus that stays.
    Narration follow(const Moment& moment);
    // A message waits until it may be said; nothing waits otherwise.
    std::optional<base::MonotonicTime> next_wake() const { return due_; }
    // The next frame counts as a page that is entered: the voice has been switched on.
    void forget_page();
    void wipe();

private:
    struct Spoken { // what was said last under an id
        std::string id;
        base::SecretText text;
        base::MonotonicTime at{};
    };

    bool has_entered(const Moment& moment) const;
    void enter(const Moment& moment, Narration& narration);
    void note_said(const Moment& moment);
    void changes(const Moment& moment, Narration& narration);
    void again(const Moment& moment, Narration& narration);
    bool answers_press(const Moment& moment, Narration& narration);
    void ask_for_headphones(const Moment& moment, Narration& narration);
    void look_changes(const Moment& moment, Narration& narration);
    void answer_at_last(const Moment& moment, Narration& narration);

    std::string page_;
    base::Language language_ = base::Language::zh;
    bool entered_ = false;
    std::string focus_;
    std::string first_;   // the first thing of the content: moves when a list shows its next part
    std::string pressed_; // the item pressed last, and how it looked then
    ItemState pressed_state_;
    base::MonotonicTime pressed_at_{};
    bool has_pressed_ = false;
    int frames_to_answer_ = 0; // 0: no press waits for an answer
    SpokenWords look_;         // how the page looked
    bool asked_for_headphones_ = false;
    std::vector<Spoken> spoken_;
    std::optional<base::MonotonicTime> due_;
};

// The whole page in reading order: its texts and what can be chosen, without keys and rail.
std::vector<Phrase> whole_page(const Frame& frame, base::Language language);
// Label, details, state, position among its neighbours.
std::vector<Phrase> spoken_item(const Frame& frame, const Item& item, base::Language language);

// With accents, without the signs for times and divided by.
bool is_latin_letter(char32_t c);

// "ID: what": items whose label says nothing, or in letters of another script than its language
// has. For tests and the crawl.
std::vector<std::string> spoken_faults(const Frame& frame, base::Language language);

} // namespace screens
