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
// - lay_card PERSON, lift_card true
// - tear_card BYTES: the next card laid is torn away while it is read
// - put_page SEED or FILE, take_page_away true
// - network "down" or "up", paper "out" or "in", cable {"device": "pulled" or "plugged"}
// - platform FAULT: the next request meets this fault
// - wait SECONDS: the clock moves on
// - expect {...}: screen NAME, item ID, no_item ID, pending N, delivered N, assistance N,
//   session_end REASON
// - capture NAME: one more picture
#pragma once

#include "kiosk/base/result.hpp"
#include "kiosk/config/config.hpp"

#include <cstdint>
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
    std::optional<int> pending;
    std::optional<int> delivered;
    std::optional<int> assistance;
};

struct ScriptStep {
    enum class Verb {
        press,
        type,
        digits,
        sign,
        lay_card,
        lift_card,
        tear_card,
        put_page,
        take_page_away,
        network,
        paper,
        cable,
        platform,
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
};

inline constexpr std::size_t script_bytes_limit = 1u << 20;
inline constexpr std::size_t script_steps_limit = 2000;

// Errors: not_found, too_large, invalid_input: one line that names the step and what is wrong.
base::Result<Script> read_script(const std::string& file);
base::Result<Script> parse_script(std::string_view json);

} // namespace app
