// A visit as a file: what people and the world do, step by step, and what must then be seen.
//
// {
//   "about": "one line",
//   "start": "2026-11-22T10:31",          optional: the kiosk's clock; default is now
//   "panel": "1080x1920",                  optional
//   "steps": [ {"press": "attract/zh"}, ... ]
// }
//
// A step is an object with exactly one verb (README lists them):
//
// - press ID: touch and let go the item of this id
// - type TEXT: presses the board's keys; what no key has is committed as an input method would
// - digits TEXT: presses the pad's keys
// - sign [[[x,y],...]]: strokes on the signature board, 0 to 1
// - ink [[[x,y],...]]: strokes of one character in the handwriting box, 0 to 1 of its shorter side
// - lay_card PERSON, lift_card true
// - tear_card BYTES: the next card laid is torn away while it is read
// - swap_card PERSON: one card is lifted and another laid down between two looks
// - babble BYTES: the card reader sends noise before its next answer
// - stall true, recover true: the card reader answers nothing from now on, and answers again
// - put_page SEED, FILE, "last receipt", "foreign code" (a QR code of somebody else), "two pages"
//   side by side, or what staff check the camera with: "marks", "blank sheet", "card";
//   take_page_away true; slide_page SEED: a page, pushed in from the side
// - desk "hand", "no hand", "lamp off", "lamp on", "glare", "no glare", "flicker",
//   "no flicker" or "focus hunts": over the page under the camera
// - face "follows", "still", "wrong way", "sheet", "somebody else", "away" or "far": what the
// person
//   before the mirror does
// - network "down" or "up", paper "out" or "in", cable {"device": "pulled" or "plugged"}
// - insert_staff_card NAME, pull_staff_card true: the slot for staff cards
// - second_staff_card NAME, pull_second_staff_card true: a second reader beside it
// - pull_staff_card_after COMMANDS: the card is pulled while it answers
// - roster "fresh", "none", "old", "altered" or "expired": the platform's staff list. As the first
//   step it holds from the start; a script that has any step about staff starts with a fresh one
// - enrolment_code true: a code is made at a terminal; digits "enrolment code" types it
// - clock "synchronised", "unsynchronised", or "+DAYS" and "-DAYS": what the kiosk's clock says
// - platform FAULT: the next request meets this fault
// - key NAME: a key of the keypad (drivers/keypad: up, down, left, right, select, language, ...)
// - switch "move" or "select": one of two switches
// - focus ID: walks there by five keys, and says so where they do not lead there
// - number "last" or TEXT: types a receipt number, that of the last request made here
// - move_request "STATE" or "STATE REASON": the district moves the request that came last
// - listen true: presses "Listen"; headphones "plugged" or "pulled"
// - wait SECONDS: the clock moves on
// - expect {...}: screen NAME, focus ID ("": none is shown), item ID, no_item ID, pending N,
// delivered N, assistance N, said TEXT, not_said TEXT: heard since the step before, or not,
//   session_end REASON, duty true or false, audit {EVENT: N, ...}: so many rows in the chain
// - capture NAME: one more picture
#pragma once

#include "kiosk/base/result.hpp"
#include "kiosk/config/config.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace app {

struct ScriptPoint {
    double x = 0;
    double y = 0;
};

struct Expectation {
    std::string screen;
    std::string item;
    std::string no_item;
    std::string session_end;
    std::optional<std::string> focus;
    std::string said;
    std::string not_said;
    std::optional<int> pending;
    std::optional<int> delivered;
    std::optional<int> assistance;
    std::optional<bool> duty;
    std::map<std::string, int> audit;
};

struct ScriptStep {
    enum class Verb {
        press,
        type,
        digits,
        sign,
        ink,
        lay_card,
        lift_card,
        tear_card,
        swap_card,
        babble,
        stall,
        recover,
        put_page,
        slide_page,
        desk,
        face,
        take_page_away,
        network,
        paper,
        cable,
        platform,
        number,
        move_request,
        insert_staff_card,
        pull_staff_card,
        second_staff_card,
        pull_second_staff_card,
        pull_staff_card_after,
        roster,
        enrolment_code,
        clock,
        key,
        two_switches,
        focus,
        listen,
        headphones,
        wait,
        expect,
        capture,
    };
    Verb verb{};
    std::string text;   // id, text, person, file, device, fault, name
    std::string detail; // cable: "pulled" or "plugged"
    std::int64_t number = 0;
    std::vector<std::vector<ScriptPoint>> strokes;
    Expectation expectation;
};

struct Script {
    std::string about;
    std::string start; // "2026-11-22T10:31", local time; empty: now
    config::PanelSize panel{1080, 1920};
    std::vector<ScriptStep> steps;

    // Somebody of the staff is in it, so that there has to be a staff list.
    bool has_staff() const;
};

inline constexpr std::size_t script_bytes_limit = 1u << 20;
inline constexpr std::size_t script_steps_limit = 2000;

// Errors: not_found, too_large, invalid_input: one line that names the step and what is wrong.
base::Result<Script> read_script(const std::string& file);
base::Result<Script> parse_script(std::string_view json);

} // namespace app
