// Goal: keys do what fingers do, and nothing is ever pressed that was not meant. Method: every
// script is played again with five keys and with two switches, and what the platform received and
// which screens were shown are compared; the glass is given fingers frame by frame, and the
// window's own events as SDL makes them.
#include "kiosk/app/development/headless.hpp"
#include "kiosk/app/hands.hpp"
#include "screens/narration.hpp"
#include "tests/support/demo_kiosk.hpp"

#include <SDL_events.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using app::Hand;
using drivers::Key;
using nlohmann::json;
using support::DemoKiosk;

// What is said while a script is played: by the frames, as the voice hears them.
class Listener {
public:
    void follow(app::Glass& glass, const session::Session& session) {
        // What was said may be about the person: it goes with the visit.
        if (glass.frame().items == nullptr) return narrator_.wipe();
        const auto page = page_of(glass, session);
        screens::Moment moment{glass.frame(), page};
        moment.language = session.language;
        moment.focus = glass.focus();
        moment.has_headphones = true;
        if (const auto outcome = glass.take_key_outcome())
            if (outcome->what == screens::FocusMove::What::end_of_page)
                moment.event = screens::Moment::Event::end_of_page;
        if (glass.take_read_page()) moment.event = screens::Moment::Event::listen;
        said_ += narrator_.follow(moment).phrases.size();
        // From here time alone may end the visit, between two frames.
        if (session.overlay == session::Overlay::idle) narrator_.wipe();
    }
    // How many phrases since the last time.
    std::size_t take() { return std::exchange(said_, 0); }

private:
    static std::string page_of(const app::Glass& glass, const session::Session& session) {
        std::string page(glass.screen_name());
        if (session.visit) page += '/' + session.visit->field;
        return page;
    }
    screens::Narrator narrator_;
    std::size_t said_ = 0;
};

struct Played {
    std::vector<std::string> silent;      // screens that nothing is said about
    std::vector<std::string> silent_keys; // screens where a key to another item was not heard
    std::string error;                    // empty: it ended as it says
    std::vector<std::string> screens;
    std::vector<json> requests; // without key, time, number and signature
    std::vector<std::string> ends;
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

Played play(const fs::path& script, Hand hand) {
    const auto out = fs::temp_directory_path() / ("kiosk-keys-" + std::to_string(::getpid()));
    fs::remove_all(out);
    Played played;
    app::HeadlessSettings settings;
    settings.config.assets_folder = "assets";
    settings.config.content_folder = "assets/content";
    settings.config.pinyin_folder = PINYIN_FOLDER;
    settings.config.handwriting_model = HAND_MODEL;
    settings.script_file = script.string();
    settings.out_folder = out.string();
    settings.hand = hand;
    settings.pictures = false;
    Listener listener;
    std::string focus;
    bool is_new = false; // the screen: what was heard was about it
    settings.on_frame = [&](app::Glass& glass, const session::Session& session) {
        listener.follow(glass, session);
    };
    settings.on_screen = [&](const std::string& screen, const app::Glass& glass) {
        played.screens.push_back(screen);
        if (listener.take() == 0 && is_spoken(screen)) played.silent.push_back(screen);
        focus = glass.focus();
        is_new = true;
    };
    settings.on_key = [&](Key, const app::Glass& glass) {
        ++played.keys;
        const auto said = listener.take();
        const std::string screen(glass.screen_name());
        if (!std::exchange(is_new, false) && said == 0 && glass.focus() != focus &&
            is_spoken(screen))
            played.silent_keys.push_back(screen + " " + glass.focus());
        focus = glass.focus();
    };
    settings.on_end = [&](const app::DemoWorld& world) {
        for (const auto& received : world.platform->submissions())
            played.requests.push_back(without_what_differs(json::parse(received.clear_json)));
    };
    const auto done = app::run_headless(std::move(settings));
    if (!done)
        played.error = done.error().text();
    else
        played.ends = reasons_of_ends(out / "events.jsonl");
    fs::remove_all(out);
    return played;
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

TEST_CASE("every script ends the same by five keys and by two switches as by touch",
          "[flow][keys]") {
    std::size_t keys = 0;
    for (const auto& script : touch_scripts()) {
        CAPTURE(script.filename().string());
        const auto touch = play(script, Hand::finger);
        REQUIRE(touch.error == "");
        for (const auto hand : {Hand::five_keys, Hand::two_switches}) {
            CAPTURE(int(hand));
            const auto twin = play(script, hand);
            CHECK(twin.error == "");
            CHECK(twin.screens == touch.screens);
            CHECK(twin.requests == touch.requests);
            CHECK(twin.ends == touch.ends);
            CHECK(twin.keys > 0);
            CHECK(twin.silent == std::vector<std::string>{});
            CHECK(twin.silent_keys == std::vector<std::string>{});
            keys += hand == Hand::five_keys ? twin.keys : 0;
        }
    }
    WARN("five keys were pressed " << keys << " times");
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
    REQUIRE(kiosk.kiosk().session().step == session::Step::prefilled);
    if (by_key) {
        kiosk.glass().key(Key::select); // of somebody who still sees the card page
        kiosk.settle();
    } else {
        kiosk.draw({back, true, {}, {}});
        REQUIRE(kiosk.find("actions/back")->rect.contains(back));
        kiosk.draw({back, false, {}, {}});
        kiosk.settle();
    }
    CHECK(kiosk.screen() == "prefilled");
    // Meant for this page, it works.
    kiosk.tap("actions/back");
    CHECK(kiosk.screen() != "prefilled");
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
