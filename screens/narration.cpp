#include "screens/narration.hpp"

#include "kiosk/text/unicode.hpp"

#include <algorithm>

namespace screens {
namespace {

// What changes so soon after a press is the answer to it.
constexpr base::Milliseconds answer_window{1000};
// The frame of the press itself and the two that follow it (drawn until the picture stands still).
constexpr int frames_for_an_answer = 3;

bool begins_with(std::string_view text, std::string_view beginning) {
    return text.substr(0, beginning.size()) == beginning;
}

bool is_of_frame(const Item& item) {
    return begins_with(item.id, "rail/") || item.id == "title/listen";
}

// Beyond the letters of a board: what the page is about.
bool is_content(const Item& item) {
    return !is_of_frame(item) && item.kind != ItemKind::key && item.kind != ItemKind::area;
}

const Item* find(const Frame& frame, std::string_view id) {
    if (id.empty()) return nullptr;
    const auto found = std::find_if(frame.items->begin(), frame.items->end(),
                                    [&](const Item& item) { return item.id == id; });
    return found == frame.items->end() ? nullptr : &*found;
}

const Item* first_of_content(const Frame& frame) {
    const auto found = std::find_if(frame.items->begin(), frame.items->end(), is_content);
    return found == frame.items->end() ? nullptr : &*found;
}

std::string_view group_of(const Item& item) {
    const std::string_view id = item.id;
    const auto slash = id.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : id.substr(0, slash);
}

void replace(std::string& text, std::string_view mark, std::size_t number) {
    const auto at = text.find(mark);
    if (at != std::string::npos) text.replace(at, mark.size(), std::to_string(number));
}

// What a person answers to a question is theirs, as the value on the review page is (safeguard
// G23); what may be answered is not.
bool is_own_answer(const Item& item) {
    return begins_with(item.id, "question/option/");
}

// "2 of 4" among the items of its group; nothing where it stands alone, or is a letter of a board.
std::string position_of(const Frame& frame, const Item& item) {
    if (item.kind == ItemKind::key || group_of(item).empty()) return {};
    std::size_t number = 0, count = 0;
    for (const auto& each : *frame.items) {
        if (group_of(each) != group_of(item) || each.kind == ItemKind::key) continue;
        ++count;
        if (each.id == item.id) number = count;
    }
    if (count < 2) return {};
    std::string text = frame.words->position;
    replace(text, "{n}", number);
    replace(text, "{of}", count);
    return text;
}

void add(std::vector<Phrase>& phrases, std::string_view text, base::Language language,
         bool is_private = false, Said::Sound sound = Said::Sound::none) {
    if (text.empty()) return;
    phrases.push_back({base::SecretText(text), language, is_private, sound});
}

void add_state(std::vector<Phrase>& phrases, const Frame& frame, const Item& item,
               base::Language language) {
    if (item.state.chosen)
        add(phrases, frame.words->chosen, language, item.is_private || is_own_answer(item));
    if (item.state.disabled) add(phrases, frame.words->unavailable, language, item.is_private);
    if (item.state.waiting) add(phrases, frame.words->not_yet, language, item.is_private);
}

// Label, details and state.
void add_item(std::vector<Phrase>& phrases, const Frame& frame, const Item& item,
              base::Language language) {
    const auto add_label = [&] {
        add(phrases, item.label, item.language.value_or(language), item.is_private);
    };
    if (!item.details_first) add_label();
    for (const auto& detail : item.spoken)
        add(phrases, detail.text.view(), detail.language.value_or(language), detail.is_private);
    if (item.details_first) add_label();
    add_state(phrases, frame, item, language);
}

void add(std::vector<Phrase>& phrases, const Said& said) {
    const bool is_there = std::any_of(phrases.begin(), phrases.end(), [&](const Phrase& phrase) {
        return phrase.text.view() == said.text.view();
    });
    if (!is_there) add(phrases, said.text.view(), said.language, said.is_private, said.sound);
}

// A page may say two things under one id: they are told apart by their order.
std::string key_of(const std::vector<Said>& all, std::size_t at) {
    const auto before = std::count_if(all.begin(), all.begin() + std::ptrdiff_t(at),
                                      [&](const Said& said) { return said.id == all[at].id; });
    return all[at].id + (before > 0 ? "#" + std::to_string(before) : "");
}

// An answer was taken: without headphones a sound says so, and what can be done now; not which.
void say_next(const Moment& moment, const Item& answer, Narration& narration) {
    const auto* go = find(moment.frame, "actions/go");
    if (moment.has_headphones || !is_own_answer(answer) || go == nullptr) return;
    add(narration.phrases, go->label, go->language.value_or(moment.language), go->is_private,
        Said::Sound::success);
}

} // namespace

std::vector<Phrase> whole_page(const Frame& frame, base::Language language) {
    std::vector<Phrase> phrases;
    const auto& items = *frame.items;
    const auto& said = *frame.said;
    for (const auto& each : said) // the title comes first, wherever it is drawn
        if (begins_with(each.id, "title")) add(phrases, each);
    std::size_t next = 0;
    for (const auto& each : said) {
        for (; next < each.items_before && next < items.size(); ++next)
            if (is_content(items[next])) add_item(phrases, frame, items[next], language);
        if (!begins_with(each.id, "rail/")) add(phrases, each);
    }
    for (; next < items.size(); ++next)
        if (is_content(items[next])) add_item(phrases, frame, items[next], language);
    return phrases;
}

std::vector<Phrase> spoken_item(const Frame& frame, const Item& item, base::Language language) {
    std::vector<Phrase> phrases;
    add_item(phrases, frame, item, language);
    add(phrases, position_of(frame, item), language, item.is_private); // how many there are
    return phrases;
}

bool Narrator::has_entered(const Moment& moment) const {
    return !entered_ || page_ != moment.page || language_ != moment.language;
}

void Narrator::enter(const Moment& moment, Narration& narration) {
    const auto& frame = moment.frame;
    narration.is_answer = true;
    if (frame.tells_whole || moment.event == Moment::Event::listen) {
        narration.phrases = whole_page(frame, moment.language);
    } else {
        for (const auto& said : *frame.said) {
            const auto last =
                std::find_if(spoken_.begin(), spoken_.end(),
                             [&](const Spoken& spoken) { return spoken.id == said.id; });
            const bool stays = begins_with(said.id, "header/") && last != spoken_.end() &&
                               last->text.view() == said.text.view();
            if (said.when == Said::When::page && !stays) add(narration.phrases, said);
        }
        const auto* item = find(frame, moment.focus);
        if (item == nullptr) item = first_of_content(frame);
        if (item != nullptr)
            for (auto& phrase : spoken_item(frame, *item, moment.language))
                narration.phrases.push_back(std::move(phrase));
    }
    page_ = moment.page;
    language_ = moment.language;
    entered_ = true;
    asked_for_headphones_ = false;
    pressed_.clear();
    has_pressed_ = false;
    frames_to_answer_ = 0;
    note_said(moment);
}

// Everything the page says now has been said.
void Narrator::note_said(const Moment& moment) {
    std::vector<Spoken> now;
    const auto& said = *moment.frame.said;
    for (std::size_t i = 0; i < said.size(); ++i)
        if (said[i].when == Said::When::page)
            now.push_back({key_of(said, i), said[i].text, moment.now});
    spoken_ = std::move(now);
    due_.reset();
}

void Narrator::changes(const Moment& moment, Narration& narration) {
    due_.reset();
    const bool answers = has_pressed_ && moment.now - pressed_at_ <= answer_window;
    const auto& said = *moment.frame.said;
    std::vector<std::string> there;
    for (std::size_t i = 0; i < said.size(); ++i) {
        if (said[i].when != Said::When::page) continue;
        const auto& key = there.emplace_back(key_of(said, i));
        auto last = std::find_if(spoken_.begin(), spoken_.end(),
                                 [&](const Spoken& spoken) { return spoken.id == key; });
        if (last != spoken_.end() && last->text.view() == said[i].text.view()) continue;
        if (!answers && last != spoken_.end() && moment.now - last->at < message_interval) {
            const auto at = last->at + message_interval;
            due_ = due_ ? std::min(*due_, at) : at;
            continue;
        }
        if (last == spoken_.end()) last = spoken_.insert(spoken_.end(), {key, {}, {}});
        last->text = said[i].text;
        last->at = moment.now;
        add(narration.phrases, said[i]);
        narration.is_answer = narration.is_answer || answers;
    }
    // What went away and comes back is news again, in its time.
    for (auto& spoken : spoken_)
        if (std::find(there.begin(), there.end(), spoken.id) == there.end()) spoken.text.clear();
}

// What a press changed on the item itself, or why it changed nothing.
bool Narrator::answers_press(const Moment& moment, Narration& narration) {
    const auto& frame = moment.frame;
    if (const auto* item = find(frame, frame.pressed)) {
        pressed_ = item->id;
        pressed_state_ = item->state;
        pressed_at_ = moment.now;
        has_pressed_ = true;
        // What is typed is heard by who types it.
        if (item->kind == ItemKind::key)
            add(narration.phrases, item->label, item->language.value_or(moment.language), true);
        else if (item->state.disabled || item->state.waiting)
            add_item(narration.phrases, frame, *item, moment.language);
        else
            frames_to_answer_ = frames_for_an_answer;
        return !narration.phrases.empty();
    }
    const auto* item = find(frame, pressed_);
    if (item != nullptr && item->state.chosen != pressed_state_.chosen) {
        pressed_state_ = item->state;
        const bool is_private = item->is_private || is_own_answer(*item);
        add(narration.phrases, item->label, item->language.value_or(moment.language), is_private);
        add(narration.phrases, item->state.chosen ? frame.words->chosen : frame.words->not_chosen,
            moment.language, is_private);
        say_next(moment, *item, narration);
        return true;
    }
    // The list shows another part.
    const auto* first = first_of_content(frame);
    if (first == nullptr || first->id == first_ || !begins_with(pressed_, "list/")) return false;
    pressed_.clear();
    narration.phrases = spoken_item(frame, *first, moment.language);
    return true;
}

void Narrator::again(const Moment& moment, Narration& narration) {
    narration.is_answer = true;
    const auto& frame = moment.frame;
    if (const auto* item = find(frame, moment.focus)) {
        narration.phrases = spoken_item(frame, *item, moment.language);
        return;
    }
    for (const auto& said : *frame.said)
        if (begins_with(said.id, "title")) return add(narration.phrases, said);
}

// Text size, contrast, reach: what the eye sees at once.
void Narrator::look_changes(const Moment& moment, Narration& narration) {
    const auto& words = *moment.frame.words;
    for (const auto part : {&SpokenWords::text_size, &SpokenWords::contrast, &SpokenWords::reach}) {
        const bool is_known = !(look_.*part).empty() && language_ == moment.language;
        if (is_known && entered_ && look_.*part != words.*part) {
            add(narration.phrases, words.*part, moment.language);
            narration.is_answer = true;
        }
        look_.*part = words.*part;
    }
}

// Nothing that is pressed stays without an answer: where no other one came, the item is said again.
void Narrator::answer_at_last(const Moment& moment, Narration& narration) {
    if (!narration.phrases.empty()) {
        frames_to_answer_ = 0;
        return;
    }
    if (frames_to_answer_ == 0 || --frames_to_answer_ > 0) return;
    const auto* item = find(moment.frame, pressed_);
    if (item == nullptr || item->kind == ItemKind::key || item->kind == ItemKind::area) return;
    narration = {spoken_item(moment.frame, *item, moment.language), true};
    if (!is_own_answer(*item)) return;
    for (auto& phrase : narration.phrases) phrase.is_private = true;
    say_next(moment, *item, narration);
}

// Once per page: why less is said than is shown. Again where nothing at all would be heard, except
// for what is typed: a sentence at each letter helps nobody.
void Narrator::ask_for_headphones(const Moment& moment, Narration& narration) {
    if (moment.has_headphones) return;
    const auto left_out = std::count_if(narration.phrases.begin(), narration.phrases.end(),
                                        [](const Phrase& phrase) { return phrase.is_private; });
    const auto* pressed = find(moment.frame, moment.frame.pressed);
    const bool is_typed = pressed != nullptr && pressed->kind == ItemKind::key;
    const bool is_silent =
        narration.is_answer && !is_typed && left_out == std::ptrdiff_t(narration.phrases.size());
    if (left_out == 0 || (asked_for_headphones_ && !is_silent)) return;
    asked_for_headphones_ = true;
    add(narration.phrases, moment.frame.words->headphones, moment.language);
}

Narration Narrator::follow(const Moment& moment) {
    CHECK(moment.frame.items != nullptr && moment.frame.said != nullptr &&
          moment.frame.words != nullptr);
    Narration narration;
    look_changes(moment, narration);
    const bool is_focus_new = moment.focus != focus_ && !moment.focus.empty();
    if (has_entered(moment)) {
        enter(moment, narration);
    } else if (moment.event == Moment::Event::listen) {
        narration = {whole_page(moment.frame, moment.language), true};
        note_said(moment);
    } else if (moment.event == Moment::Event::again) {
        again(moment, narration);
    } else if (moment.event == Moment::Event::end_of_page) {
        add(narration.phrases, moment.frame.words->end_of_page, moment.language);
        narration.is_answer = true;
    } else {
        const auto* focused = is_focus_new ? find(moment.frame, moment.focus) : nullptr;
        if (focused != nullptr) {
            for (auto& phrase : spoken_item(moment.frame, *focused, moment.language))
                narration.phrases.push_back(std::move(phrase));
            narration.is_answer = true;
        } else if (answers_press(moment, narration)) {
            narration.is_answer = true;
        }
        changes(moment, narration);
    }
    answer_at_last(moment, narration);
    focus_ = moment.focus;
    const auto* first = first_of_content(moment.frame);
    first_ = first == nullptr ? std::string{} : first->id;
    ask_for_headphones(moment, narration);
    return narration;
}

void Narrator::forget_page() {
    entered_ = false;
}

void Narrator::wipe() {
    for (auto* text : {&page_, &focus_, &first_, &pressed_}) base::wipe(*text);
    *this = Narrator{};
}

bool is_latin_letter(char32_t c) {
    constexpr char32_t times = 0xD7, divided_by = 0xF7; // stand among the letters
    const bool is_accented = c >= 0xC0 && c <= 0x24F && c != times && c != divided_by;
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || is_accented;
}

namespace {

enum class Script : std::uint8_t { other, han, arabic, latin };

Script script_of(char32_t c) {
    if (text::is_arabic(c)) return Script::arabic;
    if (is_latin_letter(c)) return Script::latin;
    // Unified ideographs, with the compatibility block and the planes 2 and 3.
    if ((c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
        (c >= 0x20000 && c < 0x40000))
        return Script::han;
    return Script::other;
}

Script script_of(base::Language language) {
    switch (language) {
    case base::Language::zh: return Script::han;
    case base::Language::ug: return Script::arabic;
    case base::Language::en: return Script::latin;
    }
    return Script::other;
}

// No letters at all are right in every language: numbers, dates.
bool is_in_script(std::string_view utf8, base::Language language) {
    bool has_letters = false;
    for (const char32_t c : text::decode_utf8(utf8)) {
        const auto script = script_of(c);
        if (script == script_of(language)) return true;
        has_letters = has_letters || script != Script::other;
    }
    return !has_letters;
}

bool says_something(std::string_view utf8) {
    const auto letters = text::decode_utf8(utf8);
    return std::any_of(letters.begin(), letters.end(), [](char32_t c) {
        return script_of(c) != Script::other || (c >= U'0' && c <= U'9');
    });
}

} // namespace

std::vector<std::string> spoken_faults(const Frame& frame, base::Language language) {
    std::vector<std::string> faults;
    for (const auto& item : *frame.items) {
        // A letter, a sign of a board: any script; how it sounds is the voice's matter.
        if (item.kind == ItemKind::key) {
            if (item.label.empty()) faults.push_back(item.id + ": no label");
            continue;
        }
        const auto own = item.language.value_or(language);
        if (!says_something(item.label))
            faults.push_back(item.id + ": its label says nothing");
        else if (!item.is_private && !is_in_script(item.label, own))
            faults.push_back(item.id + ": its label is in another script");
        for (const auto& detail : item.spoken)
            if (!detail.is_private &&
                !is_in_script(detail.text.view(), detail.language.value_or(language)))
                faults.push_back(item.id + ": a detail is in another script");
    }
    for (const auto& said : *frame.said)
        if (!said.is_private && !is_in_script(said.text.view(), said.language))
            faults.push_back(said.id + ": said in another script");
    if (frame.items->size() > 0 && frame.words->position.empty())
        faults.push_back("no words around what is said");
    return faults;
}

} // namespace screens
