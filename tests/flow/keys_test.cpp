// Goal: keys do what fingers do, and nothing is ever pressed that was not meant. Method: every
// script is played again with five keys and with two switches, and what the platform received and
// which screens were shown are compared, and what the voice is told to say is judged; the glass is
// given fingers frame by frame, and the window's own events as SDL makes them.
#include "drivers/voice/spoken_text.hpp"
#include "kiosk/app/development/headless.hpp"
#include "kiosk/app/hands.hpp"
#include "kiosk/text/message.hpp"
#include "kiosk/text/unicode.hpp"
#include "tests/support/demo_kiosk.hpp"

#include <SDL_events.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using app::Hand;
using drivers::Key;
using nlohmann::json;
using support::DemoKiosk;

// What the voice is told to say, in the words of the test.
struct Line {
    std::string text;
    base::Language language = base::Language::zh;
    bool is_private = false;
};

// One thing that happened and had to be heard: a page that came, or a key.
struct Heard {
    std::string what;
    base::Language language = base::Language::zh; // of the session, or of what has the focus
    std::vector<Line> lines;
};

// What is left when a script has ended: what a person would see, and what anybody was sent.
struct EndState {
    std::string glass; // screen, field and every item
    std::string session;
    int assistance = 0;
    bool operator==(const EndState&) const = default;
};

struct Played {
    std::string error; // empty: it ended as it says
    std::vector<std::string> screens;
    std::vector<json> requests; // without key, time, number and signature
    std::vector<std::string> ends;
    EndState end;
    std::vector<Heard> heard;             // with the voice on, beside the staff's pages
    std::vector<std::string> unheard;     // pages of a visit while the voice was off
    std::vector<std::string> unreachable; // items to which no keys lead
    std::size_t keys = 0;
};

// Key, time and number are different each time. What was signed on the glass is left to the
// counter by keys.
json without_what_differs(json request) {
    for (const auto* key : {"id", "receiptNo", "confirmedAt", "clock"}) request.erase(key);
    for (auto& consent : request["consents"]) consent.erase("at");
    auto& answers = request["answers"];
    std::erase_if(answers.get_ref<json::array_t&>(),
                  [](const json& answer) { return answer["field"] == "declare.sign"; });
    for (auto& answer : answers)
        if (answer["value"].is_object()) answer["value"].erase("at");
    if (request.contains("applicant") && request["applicant"].contains("identity"))
        request["applicant"]["identity"].erase("at");
    auto& attachments = request["attachments"];
    std::erase_if(attachments.get_ref<json::array_t&>(),
                  [](const json& page) { return page["field"] == "declare.sign"; });
    for (auto& page : attachments) page.erase("sealedSha256");
    return request;
}

std::vector<std::string> reasons_of_ends(const fs::path& events) {
    std::vector<std::string> reasons;
    const auto bytes = base::read_file(events.string());
    REQUIRE(bytes.has_value());
    std::istringstream lines{std::string(base::as_text(*bytes))};
    for (std::string line; std::getline(lines, line);) {
        const auto event = json::parse(line, nullptr, false);
        if (event.value("event", "") == "session_end") reasons.push_back(event.dump());
    }
    for (auto& reason : reasons) {
        auto event = json::parse(reason);
        reason = event.value("reason", "") + (event.value("wiped", false) ? "" : " not wiped");
    }
    return reasons;
}

// Of the staff's pages nothing is said (design README §4).
bool is_spoken(const std::string& screen) {
    return !screen.starts_with("staff_") && screen != "wipe";
}

// At the welcome screen nobody has asked for the voice yet.
bool is_spoken_in_a_visit(const std::string& screen) {
    return is_spoken(screen) && screen != "attract" && screen != "out_of_service";
}

// Items of the page on which the keys of this hand never put the focus.
std::vector<std::string> unreachable_items(const app::Glass& glass, Hand hand) {
    using screens::FocusKey;
    const auto& frame = glass.frame();
    if (frame.items == nullptr || frame.items->empty()) return {};
    std::vector<FocusKey> keys{FocusKey::switch_move};
    if (hand == Hand::five_keys)
        keys = {FocusKey::up, FocusKey::down, FocusKey::left, FocusKey::right};
    const auto start = screens::first_focus(*frame.items, frame.start_focus);
    std::set<std::string> reached{start};
    for (std::vector<std::string> due{start}; !due.empty();) {
        const auto at = due.back();
        due.pop_back();
        for (const auto key : keys) {
            const auto next = screens::move_focus(*frame.items, at, key, frame.start_focus).id;
            if (reached.insert(next).second) due.push_back(next);
        }
    }
    std::vector<std::string> missing;
    for (const auto& item : *frame.items)
        if (!reached.contains(item.id) && item.kind != screens::ItemKind::area)
            missing.push_back(std::string(glass.screen_name()) + " " + item.id);
    return missing;
}

std::string described(const app::Glass& glass) {
    std::string text(glass.screen_name());
    if (const auto* items = glass.frame().items)
        for (const auto& item : *items) {
            text += " " + item.id;
            // How it is read aloud differs: keys switch the voice on.
            if (item.id != "title/listen" && item.state.chosen) text += "*";
            if (item.state.disabled) text += "-";
        }
    return text;
}

std::string described(const session::Session& session) {
    std::string text(session::to_string(session.step));
    text += " ";
    text += session::to_string(session.overlay);
    text += " " + std::string(base::to_string(session.language));
    text += " size " + std::to_string(session.display.text_size);
    text += session.visit ? " visit " + session.visit->field : "";
    return text + (session.card ? " card" : "");
}

// Plays a script with one hand and notes what somebody who cannot see would notice.
class Audience {
public:
    Audience(Played& played, Hand hand) : played_(played), hand_(hand) {}

    void listen_to(drivers::RecorderVoice& voice) {
        voice.on_say = [this](const std::vector<drivers::Utterance>& utterances) {
            for (const auto& each : utterances)
                lines_.push_back(
                    {text::strip_isolates(each.text.view()), each.language, each.is_private});
        };
    }
    void see(app::Glass& glass, const session::Session& session) {
        language_ = session.language;
        voice_ = session.display.voice;
        if (glass.frame().items == nullptr) return;
        played_.end.glass = described(glass);
        played_.end.session = described(session);
    }
    void enter(const std::string& screen, const app::Glass& glass) {
        played_.screens.push_back(screen);
        const auto missing = unreachable_items(glass, hand_);
        played_.unreachable.insert(played_.unreachable.end(), missing.begin(), missing.end());
        auto lines = std::exchange(lines_, {});
        is_new_ = true;
        if (!is_spoken(screen)) return;
        if (is_voice_on())
            played_.heard.push_back({"page " + screen, language_, std::move(lines)});
        else if (is_spoken_in_a_visit(screen) && voice_ != session::Display::Voice::unwanted)
            played_.unheard.push_back(screen);
    }
    // A page that came with the key has been noted as a page.
    void press(Key key, const app::Glass& glass) {
        ++played_.keys;
        auto lines = std::exchange(lines_, {});
        const std::string screen(glass.screen_name());
        if (std::exchange(is_new_, false) || !is_spoken(screen) || !is_voice_on()) return;
        auto language = language_;
        if (const auto* items = glass.frame().items)
            for (const auto& item : *items)
                if (item.id == glass.focus()) language = item.language.value_or(language_);
        played_.heard.push_back(
            {screen + ": " + std::string(to_string(key)) + " to " + glass.focus(), language,
             std::move(lines)});
    }

private:
    bool is_voice_on() const { return voice_ == session::Display::Voice::on; }
    Played& played_;
    Hand hand_;
    std::vector<Line> lines_;
    base::Language language_ = base::Language::zh;
    session::Display::Voice voice_ = session::Display::Voice::off;
    bool is_new_ = false; // the screen
};

// Whoever never plugs headphones in is played with headphones: nothing is left out then.
bool plays_with_headphones(const fs::path& script) {
    const auto bytes = base::read_file(script.string());
    REQUIRE(bytes.has_value());
    return base::as_text(*bytes).find("\"headphones\"") == std::string_view::npos;
}

Played play(const fs::path& script, Hand hand) {
    const auto out = fs::temp_directory_path() / ("kiosk-keys-" + std::to_string(::getpid()));
    fs::remove_all(out);
    Played played;
    Audience audience(played, hand);
    app::HeadlessSettings settings;
    settings.config.assets_folder = "assets";
    settings.config.content_folder = "assets/content";
    settings.config.pinyin_folder = PINYIN_FOLDER;
    settings.config.handwriting_model = HAND_MODEL;
    settings.script_file = script.string();
    settings.out_folder = out.string();
    settings.hand = hand;
    settings.pictures = false;
    settings.on_start = [&](app::DemoWorld& world) {
        if (hand == Hand::finger) return; // fingers are not compared by ear
        if (plays_with_headphones(script)) world.voice.plug_headphones();
        audience.listen_to(world.voice);
    };
    settings.on_frame = [&](app::Glass& glass, const session::Session& session) {
        audience.see(glass, session);
    };
    settings.on_screen = [&](const std::string& screen, const app::Glass& glass) {
        audience.enter(screen, glass);
    };
    settings.on_key = [&](Key key, const app::Glass& glass) { audience.press(key, glass); };
    settings.on_end = [&](const app::DemoWorld& world) {
        for (const auto& received : world.platform->submissions())
            played.requests.push_back(without_what_differs(json::parse(received.clear_json)));
        played.end.assistance = int(world.platform->assistance_calls());
    };
    const auto done = app::run_headless(std::move(settings));
    if (!done)
        played.error = done.error().text();
    else
        played.ends = reasons_of_ends(out / "events.jsonl");
    fs::remove_all(out);
    return played;
}

// ---- what is wrong with what was played ----

bool is_letter_of(char32_t c, base::Language language) {
    switch (language) {
    case base::Language::zh: return c >= 0x3400 && c <= 0x9FFF;
    case base::Language::ug: return c >= 0x0620 && c <= 0x06FF;
    case base::Language::en: return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
    }
    return false;
}

bool has_letters_of(std::string_view text, base::Language language) {
    const auto letters = text::decode_utf8(text);
    return std::any_of(letters.begin(), letters.end(),
                       [&](char32_t c) { return is_letter_of(c, language); });
}

bool has_any_letters(std::string_view text) {
    return has_letters_of(text, base::Language::zh) || has_letters_of(text, base::Language::ug) ||
           has_letters_of(text, base::Language::en);
}

// The dictionary of the kiosk: what it cannot read would be silence.
const drivers::Readings& readings() {
    static const auto opened = drivers::Readings::open(VOICE_READINGS);
    REQUIRE(opened.has_value());
    return **opened;
}

// A letter, a sign or the short name of a board stands on a key as it is in every language.
bool is_of_a_key(std::string_view text) {
    const auto letters = text::decode_utf8(text);
    return letters.size() == 1 || text == "EN";
}

// In other letters than those of its voice, or without a sound.
std::string fault_of(const Line& line) {
    if (!line.is_private && !is_of_a_key(line.text) && has_any_letters(line.text) &&
        !has_letters_of(line.text, line.language))
        return "in another script: " + line.text;
    const auto spoken = drivers::spoken_text(line.text, line.language, &readings());
    if (spoken.parts.empty()) return "without a sound: \"" + line.text + "\"";
    if (spoken.unknown > 0 && !line.is_private) return "letters nobody can read: " + line.text;
    return {};
}

// Everything that happened was announced, and in the language of the session.
std::vector<std::string> faults_of(const std::vector<Heard>& all) {
    std::vector<std::string> faults;
    for (const auto& heard : all) {
        if (heard.lines.empty()) faults.push_back(heard.what + ": nothing was said");
        for (const auto& line : heard.lines)
            if (const auto fault = fault_of(line); !fault.empty())
                faults.push_back(heard.what + ": " + fault);
        const bool is_in_language =
            std::any_of(heard.lines.begin(), heard.lines.end(),
                        [&](const Line& line) { return line.language == heard.language; });
        if (!heard.lines.empty() && !is_in_language)
            faults.push_back(heard.what + ": not in the language of the session");
    }
    return faults;
}

std::vector<fs::path> touch_scripts() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator("tests/fixtures/scripts"))
        // Nobody writes by hand with keys: the box says that Pinyin is the way (design README §4).
        if (const auto name = entry.path().filename().string();
            !name.starts_with("keys-") && name != "handwriting-name.json")
            found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    REQUIRE(found.size() >= 43);
    return found;
}

SDL_Event button(Uint32 type, screens::Point at, Uint32 which,
                 Uint8 which_button = SDL_BUTTON_LEFT) {
    SDL_Event event{};
    event.type = type;
    event.button.type = type;
    event.button.which = which;
    event.button.button = which_button;
    event.button.x = Sint32(at.x);
    event.button.y = Sint32(at.y);
    return event;
}

SDL_Event motion(screens::Point at, Uint32 which) {
    SDL_Event event{};
    event.type = SDL_MOUSEMOTION;
    event.motion.which = which;
    event.motion.x = Sint32(at.x);
    event.motion.y = Sint32(at.y);
    return event;
}

// The window's path from SDL's event to the glass, without a display.
struct Window {
    DemoKiosk& kiosk;
    app::Hands hands{};
    void take(const SDL_Event& event) {
        for (const auto& input : hands.take(event)) kiosk.draw(input);
        kiosk.settle_with(hands.now());
    }
};

} // namespace

TEST_CASE("every script ends the same by five keys and by two switches as by touch, and all of it "
          "is announced",
          "[flow][keys]") {
    using Faults = std::vector<std::string>;
    std::size_t keys = 0, heard = 0;
    for (const auto& script : touch_scripts()) {
        CAPTURE(script.filename().string());
        const auto touch = play(script, Hand::finger);
        CHECK(touch.error == "");
        for (const auto hand : {Hand::five_keys, Hand::two_switches}) {
            CAPTURE(int(hand));
            const auto twin = play(script, hand);
            CHECK(twin.error == "");
            CHECK(twin.screens == touch.screens);
            CHECK(twin.requests == touch.requests);
            CHECK(twin.ends == touch.ends);
            CHECK(twin.end == touch.end);
            CHECK(twin.keys > 0);
            CHECK(twin.unreachable == Faults{});
            CHECK(faults_of(twin.heard) == Faults{});
            CHECK(twin.unheard == Faults{});
            CHECK(twin.heard.empty() ==
                  std::none_of(twin.screens.begin(), twin.screens.end(), is_spoken_in_a_visit));
            keys += hand == Hand::five_keys ? twin.keys : 0;
            heard += twin.heard.size();
        }
    }
    WARN("five keys were pressed " << keys << " times; " << heard << " announcements");
}

TEST_CASE("the judge of what is heard finds silence, other scripts, other languages and signs "
          "without a sound",
          "[flow][keys]") {
    const auto faults = [](std::vector<Line> lines) {
        return faults_of({{"page home", base::Language::zh, std::move(lines)}});
    };
    CHECK(faults({{"您要办什么事？", base::Language::zh, false}}).empty());
    CHECK(faults({{"K", base::Language::zh, false}}).empty()); // a key of a board
    CHECK(faults({{"，", base::Language::zh, false}}).empty());
    CHECK(faults({}).size() == 1);                                 // a page that says nothing
    CHECK(faults({{"", base::Language::zh, false}}).size() == 1);  // an empty label
    CHECK(faults({{"→", base::Language::zh, false}}).size() == 1); // a picture of a word
    CHECK(faults({{"pad/1 key", base::Language::zh, false}}).size() == 1); // an id
    CHECK(faults({{"What do you need?", base::Language::en, false}}).size() == 1);
}

TEST_CASE("a drag from one target to another presses neither", "[flow][keys][touch]") {
    DemoKiosk kiosk("drag");
    Window window{kiosk};
    const auto from = kiosk.find("attract/zh")->rect.center();
    const auto to = kiosk.find("attract/en")->rect.center();
    window.take(button(SDL_MOUSEBUTTONDOWN, from, SDL_TOUCH_MOUSEID));
    for (int i = 1; i <= 8; ++i)
        window.take(motion(
            {from.x + (to.x - from.x) * float(i) / 8, from.y + (to.y - from.y) * float(i) / 8},
            SDL_TOUCH_MOUSEID));
    window.take(button(SDL_MOUSEBUTTONUP, to, SDL_TOUCH_MOUSEID));
    CHECK(kiosk.screen() == "attract");
    // Into it from nowhere, and out of it to nowhere.
    for (const auto& [down, up] : {std::pair{screens::Point{3, 3}, to}, {to, {3, 3}}}) {
        window.take(button(SDL_MOUSEBUTTONDOWN, down, SDL_TOUCH_MOUSEID));
        window.take(motion(up, SDL_TOUCH_MOUSEID));
        window.take(button(SDL_MOUSEBUTTONUP, up, SDL_TOUCH_MOUSEID));
        CHECK(kiosk.screen() == "attract");
    }
    // Out and back in again is a press.
    window.take(button(SDL_MOUSEBUTTONDOWN, to, SDL_TOUCH_MOUSEID));
    window.take(motion({3, 3}, SDL_TOUCH_MOUSEID));
    window.take(motion(to, SDL_TOUCH_MOUSEID));
    window.take(button(SDL_MOUSEBUTTONUP, to, SDL_TOUCH_MOUSEID));
    CHECK(kiosk.screen() == "home");
}

TEST_CASE("a second finger, another mouse and other buttons do nothing", "[flow][keys][touch]") {
    DemoKiosk kiosk("second-finger");
    Window window{kiosk};
    const auto zh = kiosk.find("attract/zh")->rect.center();
    const auto en = kiosk.find("attract/en")->rect.center();
    window.take(button(SDL_MOUSEBUTTONDOWN, {3, 3}, SDL_TOUCH_MOUSEID));
    SDL_Event finger{};
    finger.type = SDL_FINGERDOWN; // SDL tells further fingers like this only
    finger.tfinger.x = 0.5f;
    finger.tfinger.y = 0.7f;
    window.take(finger);
    finger.type = SDL_FINGERUP;
    window.take(finger);
    window.take(button(SDL_MOUSEBUTTONDOWN, zh, 7)); // a mouse beside the finger
    window.take(button(SDL_MOUSEBUTTONUP, zh, 7));
    window.take(motion(zh, 7));
    window.take(button(SDL_MOUSEBUTTONUP, {3, 3}, SDL_TOUCH_MOUSEID));
    CHECK(kiosk.screen() == "attract");
    window.take(button(SDL_MOUSEBUTTONDOWN, zh, 7, SDL_BUTTON_RIGHT));
    window.take(button(SDL_MOUSEBUTTONUP, zh, 7, SDL_BUTTON_RIGHT));
    CHECK(kiosk.screen() == "attract");
    // The finger that is down keeps its target whatever else happens.
    window.take(button(SDL_MOUSEBUTTONDOWN, en, SDL_TOUCH_MOUSEID));
    window.take(button(SDL_MOUSEBUTTONDOWN, zh, 7));
    window.take(motion(zh, 7));
    window.take(button(SDL_MOUSEBUTTONUP, zh, 7));
    CHECK(kiosk.screen() == "attract");
    window.take(button(SDL_MOUSEBUTTONUP, en, SDL_TOUCH_MOUSEID));
    CHECK(kiosk.screen() == "home");
    CHECK(kiosk.kiosk().session().language == base::Language::en);
}

TEST_CASE("keys of a keyboard lead nowhere, except in a demonstration's window",
          "[flow][keys][refusal][H6]") {
    DemoKiosk kiosk("keyboard");
    Window window{kiosk};
    for (const auto key : {SDLK_RETURN, SDLK_ESCAPE, SDLK_F4, SDLK_DOWN, SDLK_TAB, SDLK_q}) {
        SDL_Event event{};
        event.type = SDL_KEYDOWN;
        event.key.keysym.sym = key;
        CHECK(window.hands.take(event).empty());
        window.take(event);
        CHECK(kiosk.screen() == "attract");
        CHECK(kiosk.glass().focus().empty());
        event.key.repeat = 1;
        CHECK_FALSE(app::window_key(event).has_value());
        event.key.repeat = 0;
        event.type = SDL_KEYUP;
        CHECK_FALSE(app::window_key(event).has_value());
    }
    SDL_Event down{};
    down.type = SDL_KEYDOWN;
    down.key.keysym.sym = SDLK_DOWN;
    CHECK(app::window_key(down) == Key::down);
    down.key.keysym.sym = SDLK_ESCAPE;
    CHECK_FALSE(app::window_key(down).has_value());
}

TEST_CASE("what is pressed on one page is not pressed on the page that came meanwhile",
          "[flow][keys][touch]") {
    DemoKiosk kiosk("page-change");
    kiosk.tap("attract/en");
    kiosk.tap("home/matter/pension-eligibility");
    kiosk.tap("actions/go");
    REQUIRE(kiosk.screen() == "card");
    // Both pages have a "back" of the same name and at the same place.
    const auto back = kiosk.find("actions/back")->rect.center();
    const bool by_key = GENERATE(false, true);
    if (by_key) {
        kiosk.key(Key::down);
        kiosk.key(Key::down);
        REQUIRE(kiosk.glass().focus() == "actions/back");
    } else {
        kiosk.draw({back, false, {}, {}});
        kiosk.draw({back, true, {}, {}});
    }
    REQUIRE(kiosk.world->lay_card("pensioner").has_value());
    for (int i = 0; i < 100 && kiosk.kiosk().session().step == session::Step::card; ++i) {
        kiosk.clock.advance(100ms);
        kiosk.kiosk().turn();
    }
    REQUIRE(kiosk.kiosk().session().step == session::Step::prefill_offer);
    if (by_key) {
        kiosk.glass().key(Key::select); // of somebody who still sees the card page
        kiosk.settle();
    } else {
        kiosk.draw({back, true, {}, {}});
        REQUIRE(kiosk.find("actions/back")->rect.contains(back));
        kiosk.draw({back, false, {}, {}});
        kiosk.settle();
    }
    CHECK(kiosk.screen() == "prefill_offer");
    // Meant for this page, it works.
    kiosk.tap("actions/back");
    CHECK(kiosk.screen() != "prefill_offer");
}

TEST_CASE("a finger that lies on the glass when a visit ends presses nothing after it",
          "[flow][keys][touch]") {
    DemoKiosk kiosk("resting-finger");
    const auto at = kiosk.find("attract/en")->rect.center();
    kiosk.tap("attract/zh");
    kiosk.wait(121s);
    REQUIRE(kiosk.screen() == "idle");
    kiosk.draw({at, true, {}, {}});
    for (int i = 0; i < 60 && kiosk.kiosk().session().step != session::Step::attract; ++i) {
        kiosk.clock.advance(1s);
        kiosk.draw({at, true, {}, {}});
    }
    REQUIRE(kiosk.screen() == "attract");
    kiosk.draw({at, true, {}, {}});
    kiosk.draw({at, false, {}, {}});
    kiosk.settle();
    CHECK(kiosk.screen() == "attract");
    kiosk.tap(at);
    CHECK(kiosk.screen() == "home");
}

TEST_CASE("the keys of the voice are heard on every page", "[flow][keys]") {
    DemoKiosk kiosk("voice-keys");
    kiosk.tap("attract/en");
    const auto& display = kiosk.kiosk().session().display;
    const auto before = display;
    kiosk.key(Key::repeat);
    CHECK(display.voice == session::Display::Voice::on);
    CHECK(kiosk.glass().take_read_page());
    CHECK_FALSE(kiosk.glass().take_read_page());
    kiosk.key(Key::louder);
    CHECK(display.volume > before.volume);
    kiosk.key(Key::slower);
    CHECK(display.rate < before.rate);
    CHECK(kiosk.screen() == "home");
}

TEST_CASE("the focus shows with the first key, a touch hides it, and it begins anew elsewhere",
          "[flow][keys]") {
    DemoKiosk kiosk("focus");
    CHECK(kiosk.glass().focus().empty());
    kiosk.key(Key::select); // shows, and presses nothing
    CHECK(kiosk.screen() == "attract");
    CHECK(kiosk.glass().focus() == "attract/zh");
    kiosk.key(Key::down);
    CHECK(kiosk.glass().focus() == "attract/ug");
    kiosk.key(Key::down);
    kiosk.key(Key::select);
    CHECK(kiosk.screen() == "home");
    CHECK(kiosk.kiosk().session().language == base::Language::en);
    CHECK(kiosk.glass().focus() == kiosk.items().front().id);
    kiosk.tap({3, 3});
    CHECK(kiosk.glass().focus().empty());
    kiosk.tap("home/matter/problem-report");
    CHECK(kiosk.glass().focus().empty());
    kiosk.key(Key::up);
    CHECK(kiosk.glass().focus() == "actions/go"); // the notice begins on "begin"
}

TEST_CASE("what lies over a page gives back the focus the page had", "[flow][keys]") {
    DemoKiosk kiosk("below");
    kiosk.tap("attract/en");
    kiosk.key(Key::down);
    kiosk.key(Key::right);
    const auto focus = kiosk.glass().focus();
    REQUIRE_FALSE(focus.empty());
    kiosk.key(Key::language);
    CHECK(kiosk.screen() == "language");
    CHECK(kiosk.glass().focus() == "language/zh");
    kiosk.key(Key::language);
    CHECK(kiosk.screen() == "home");
    CHECK(kiosk.glass().focus() == focus);
}

TEST_CASE("while the kiosk asks whether somebody is there, any key says yes",
          "[flow][keys][refusal][G24]") {
    for (const auto key : {Key::up, Key::left, Key::select, Key::switch_move, Key::louder}) {
        DemoKiosk kiosk("idle");
        kiosk.tap("attract/en");
        kiosk.key(Key::down);
        const auto focus = kiosk.glass().focus();
        kiosk.wait(121s);
        REQUIRE(kiosk.screen() == "idle");
        kiosk.key(key);
        CHECK(kiosk.screen() == "home");
        CHECK(kiosk.glass().focus() == focus);
    }
}

TEST_CASE("a key and a touch anywhere count as somebody being here", "[flow][keys][refusal][G24]") {
    const bool by_key = GENERATE(false, true);
    DemoKiosk kiosk("activity");
    kiosk.tap("attract/en");
    for (int i = 0; i < 4; ++i) {
        kiosk.wait(100s);
        CHECK(kiosk.screen() == "home");
        by_key ? kiosk.key(Key::down) : kiosk.tap({3, 3});
    }
    CHECK(kiosk.screen() == "home");
    kiosk.wait(121s);
    CHECK(kiosk.screen() == "idle");
}

TEST_CASE("after nobody was here the glass is black, and what wakes it presses nothing",
          "[flow][keys][dark]") {
    DemoKiosk kiosk("dark", [](config::Config& config) { config.dark_after_minutes = 10; });
    const auto button = kiosk.find("attract/en")->rect.center();
    const auto is_black = [&] {
        const auto pixels = kiosk.glass().frame().pixels;
        return std::all_of(pixels.begin(), pixels.end(),
                           [](std::uint32_t pixel) { return pixel == 0xFF000000u; });
    };
    kiosk.wait(590s);
    CHECK(kiosk.screen() == "attract");
    CHECK_FALSE(is_black());
    kiosk.wait(11s);
    REQUIRE(kiosk.screen() == "dark");
    CHECK(is_black());
    CHECK(kiosk.items().empty());

    SECTION("a touch wakes it, the next one presses") {
        kiosk.tap(button);
        CHECK(kiosk.screen() == "attract");
        CHECK_FALSE(is_black());
        kiosk.tap(button);
        CHECK(kiosk.screen() == "home");
        kiosk.wait(100s); // no dark while somebody is here, however long
        CHECK(kiosk.screen() == "home");
    }
    SECTION("a key wakes it, the next one shows the focus") {
        kiosk.key(Key::select);
        CHECK(kiosk.screen() == "attract");
        CHECK(kiosk.glass().focus().empty());
        kiosk.key(Key::select);
        CHECK(kiosk.screen() == "attract");
        CHECK(kiosk.glass().focus() == "attract/zh");
    }
    SECTION("a finger that stays down, moves and lets go presses nothing") {
        kiosk.draw({{3, 3}, true, {}, {}});
        for (int i = 0; i < 5; ++i) kiosk.draw({button, true, {}, {}});
        kiosk.draw({button, false, {}, {}});
        kiosk.settle();
        CHECK(kiosk.screen() == "attract");
    }
    SECTION("staff are not left in the dark, and the dark comes back after them") {
        kiosk.tap(button);
        kiosk.wait(599s);
        CHECK(kiosk.screen() == "attract");
        kiosk.wait(2s);
        CHECK(kiosk.screen() == "dark");
    }
}

TEST_CASE("a kiosk that is not told to does not go dark", "[flow][keys][dark]") {
    DemoKiosk kiosk("never-dark");
    kiosk.wait(3600s);
    CHECK(kiosk.screen() == "attract");
}

TEST_CASE("a keypad that is pulled out and plugged in is told once each", "[flow][keys][keypad]") {
    DemoKiosk kiosk("keypad");
    const auto faults = [&] {
        const auto text = kiosk.events();
        int count = 0;
        for (auto at = text.find("\"keypad\""); at != std::string::npos;
             at = text.find("\"keypad\"", at + 1))
            ++count;
        return count;
    };
    kiosk.key(Key::down);
    CHECK(faults() == 0);
    kiosk.world->keypad.unplug();
    for (int i = 0; i < 5; ++i) kiosk.engine->keys().look();
    CHECK(faults() == 1);
    kiosk.world->keypad.plug_in();
    kiosk.key(Key::down);
    CHECK(kiosk.glass().focus() == "attract/ug");
    CHECK(faults() == 1);
}

TEST_CASE("keys that nobody takes are dropped, not kept for the next person", "[flow][keys]") {
    DemoKiosk kiosk("flood");
    for (int i = 0; i < 1000; ++i) kiosk.world->keypad.press(Key::down);
    kiosk.engine->keys().look();
    int taken = 0;
    while (kiosk.engine->keys().take()) ++taken;
    CHECK(taken == 64);
}
