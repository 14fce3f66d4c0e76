#include "kiosk/app/development/script.hpp"

#include "kiosk/base/bytes.hpp"
#include "kiosk/config/json_text.hpp"
#include "kiosk/staff/audit.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace app {
namespace {

using base::Errc;
using base::Error;
using nlohmann::json;
using Verb = ScriptStep::Verb;

struct VerbRow {
    Verb verb;
    std::string_view name;
    enum class Takes { text, number, truth, strokes, cable, expectation, page } takes;
};

constexpr std::array verbs{
    VerbRow{Verb::press, "press", VerbRow::Takes::text},
    VerbRow{Verb::type, "type", VerbRow::Takes::text},
    VerbRow{Verb::digits, "digits", VerbRow::Takes::text},
    VerbRow{Verb::sign, "sign", VerbRow::Takes::strokes},
    VerbRow{Verb::ink, "ink", VerbRow::Takes::strokes},
    VerbRow{Verb::lay_card, "lay_card", VerbRow::Takes::text},
    VerbRow{Verb::lift_card, "lift_card", VerbRow::Takes::truth},
    VerbRow{Verb::tear_card, "tear_card", VerbRow::Takes::number},
    VerbRow{Verb::swap_card, "swap_card", VerbRow::Takes::text},
    VerbRow{Verb::babble, "babble", VerbRow::Takes::number},
    VerbRow{Verb::stall, "stall", VerbRow::Takes::truth},
    VerbRow{Verb::recover, "recover", VerbRow::Takes::truth},
    VerbRow{Verb::put_page, "put_page", VerbRow::Takes::page},
    VerbRow{Verb::slide_page, "slide_page", VerbRow::Takes::number},
    VerbRow{Verb::desk, "desk", VerbRow::Takes::text},
    VerbRow{Verb::face, "face", VerbRow::Takes::text},
    VerbRow{Verb::take_page_away, "take_page_away", VerbRow::Takes::truth},
    VerbRow{Verb::network, "network", VerbRow::Takes::text},
    VerbRow{Verb::paper, "paper", VerbRow::Takes::text},
    VerbRow{Verb::cable, "cable", VerbRow::Takes::cable},
    VerbRow{Verb::platform, "platform", VerbRow::Takes::text},
    VerbRow{Verb::number, "number", VerbRow::Takes::text},
    VerbRow{Verb::move_request, "move_request", VerbRow::Takes::text},
    VerbRow{Verb::insert_staff_card, "insert_staff_card", VerbRow::Takes::text},
    VerbRow{Verb::pull_staff_card, "pull_staff_card", VerbRow::Takes::truth},
    VerbRow{Verb::second_staff_card, "second_staff_card", VerbRow::Takes::text},
    VerbRow{Verb::pull_second_staff_card, "pull_second_staff_card", VerbRow::Takes::truth},
    VerbRow{Verb::pull_staff_card_after, "pull_staff_card_after", VerbRow::Takes::number},
    VerbRow{Verb::roster, "roster", VerbRow::Takes::text},
    VerbRow{Verb::enrolment_code, "enrolment_code", VerbRow::Takes::truth},
    VerbRow{Verb::clock, "clock", VerbRow::Takes::text},
    VerbRow{Verb::key, "key", VerbRow::Takes::text},
    VerbRow{Verb::two_switches, "switch", VerbRow::Takes::text},
    VerbRow{Verb::focus, "focus", VerbRow::Takes::text},
    VerbRow{Verb::listen, "listen", VerbRow::Takes::truth},
    VerbRow{Verb::headphones, "headphones", VerbRow::Takes::text},
    VerbRow{Verb::wait, "wait", VerbRow::Takes::number},
    VerbRow{Verb::expect, "expect", VerbRow::Takes::expectation},
    VerbRow{Verb::capture, "capture", VerbRow::Takes::text},
};

std::string known_verbs() {
    std::string names;
    for (const auto& row : verbs) names += (names.empty() ? "" : ", ") + std::string(row.name);
    return names;
}

base::Result<void> read_strokes(const json& value, ScriptStep& step) {
    if (!value.is_array()) return Error{Errc::invalid_input, "expects strokes [[[x,y],...],...]"};
    for (const auto& stroke : value) {
        std::vector<ScriptPoint> points;
        if (!stroke.is_array() || stroke.empty())
            return Error{Errc::invalid_input, "expects strokes [[[x,y],...],...]"};
        for (const auto& point : stroke) {
            if (!point.is_array() || point.size() != 2 || !point[0].is_number() ||
                !point[1].is_number())
                return Error{Errc::invalid_input, "a point is [x,y], each 0 to 1"};
            points.push_back({point[0].get<double>(), point[1].get<double>()});
        }
        step.strokes.push_back(std::move(points));
    }
    return {};
}

base::Result<void> read_audit(const json& value, Expectation& expectation) {
    for (const auto& [event, count] : value.items()) {
        if (!count.is_number_integer())
            return Error{Errc::invalid_input, "\"audit\" expects {\"EVENT\": how many rows}"};
        bool is_known = false;
        for (std::size_t i = 0; i < staff::audit_event_count; ++i)
            is_known = is_known || to_string(staff::AuditEvent(i)) == event;
        if (!is_known)
            return Error{Errc::invalid_input, "the audit chain has no event \"" + event + "\""};
        expectation.audit[event] = count.get<int>();
    }
    return {};
}

base::Result<void> read_expectation(const json& value, Expectation& expectation) {
    if (!value.is_object() || value.empty())
        return Error{Errc::invalid_input, "expects an object, for instance {\"screen\":\"home\"}"};
    for (const auto& [key, wanted] : value.items()) {
        if (key == "screen" && wanted.is_string())
            expectation.screen = wanted;
        else if (key == "item" && wanted.is_string())
            expectation.item = wanted;
        else if (key == "no_item" && wanted.is_string())
            expectation.no_item = wanted;
        else if (key == "session_end" && wanted.is_string())
            expectation.session_end = wanted;
        else if (key == "focus" && wanted.is_string())
            expectation.focus = wanted.get<std::string>();
        else if (key == "said" && wanted.is_string())
            expectation.said = wanted;
        else if (key == "not_said" && wanted.is_string())
            expectation.not_said = wanted;
        else if (key == "pending" && wanted.is_number_integer())
            expectation.pending = wanted.get<int>();
        else if (key == "delivered" && wanted.is_number_integer())
            expectation.delivered = wanted.get<int>();
        else if (key == "assistance" && wanted.is_number_integer())
            expectation.assistance = wanted.get<int>();
        else if (key == "duty" && wanted.is_boolean())
            expectation.duty = wanted.get<bool>();
        else if (key == "audit" && wanted.is_object())
            TRY(read_audit(wanted, expectation));
        else
            return Error{Errc::invalid_input,
                         "unknown expectation \"" + key +
                             "\" or wrong kind of value; known: screen, item, no_item, "
                             "session_end, focus, said, not_said (text), pending, delivered, "
                             "assistance (numbers), "
                             "duty (true or false), audit (an object of numbers)"};
    }
    return {};
}

base::Result<void> read_value(const VerbRow& row, const json& value, ScriptStep& step) {
    switch (row.takes) {
    case VerbRow::Takes::text:
        if (!value.is_string()) return Error{Errc::invalid_input, "expects text"};
        step.text = value.get<std::string>();
        return {};
    case VerbRow::Takes::number:
        if (!value.is_number_integer() || value.get<std::int64_t>() < 0)
            return Error{Errc::invalid_input, "expects a whole number"};
        step.number = value.get<std::int64_t>();
        return {};
    case VerbRow::Takes::truth:
        if (value != true) return Error{Errc::invalid_input, "expects true"};
        return {};
    case VerbRow::Takes::strokes: return read_strokes(value, step);
    case VerbRow::Takes::cable:
        if (!value.is_object() || value.size() != 1 || !value.begin()->is_string() ||
            (value.begin().value() != "pulled" && value.begin().value() != "plugged"))
            return Error{Errc::invalid_input, "expects {\"DEVICE\": \"pulled\" or \"plugged\"}"};
        step.text = value.begin().key();
        step.detail = value.begin().value().get<std::string>();
        return {};
    case VerbRow::Takes::expectation: return read_expectation(value, step.expectation);
    case VerbRow::Takes::page:
        if (value.is_string())
            step.text = value.get<std::string>();
        else if (value.is_number_unsigned())
            step.number = value.get<std::int64_t>();
        else
            return Error{Errc::invalid_input, "expects a file name or a seed"};
        return {};
    }
    return {};
}

base::Result<ScriptStep> read_step(const json& object) {
    if (!object.is_object() || object.size() != 1)
        return Error{Errc::invalid_input, "expects an object with exactly one verb"};
    const auto& name = object.begin().key();
    for (const auto& row : verbs) {
        if (row.name != name) continue;
        ScriptStep step;
        step.verb = row.verb;
        const auto read = read_value(row, object.begin().value(), step);
        if (!read) return Error{Errc::invalid_input, "\"" + name + "\" " + read.error().context};
        return step;
    }
    return Error{Errc::invalid_input, "unknown verb \"" + name + "\"; known: " + known_verbs()};
}

base::Result<void> read_panel(const json& value, Script& script) {
    const auto size = config::read_panel_size(value.is_string() ? value.get<std::string>() : "");
    if (!size) return Error{Errc::invalid_input, "\"panel\" " + size.error().context};
    script.panel = *size;
    return {};
}

} // namespace

bool Script::has_staff() const {
    return std::any_of(steps.begin(), steps.end(), [](const ScriptStep& step) {
        return step.verb == Verb::insert_staff_card || step.verb == Verb::second_staff_card ||
               step.verb == Verb::roster;
    });
}

base::Result<Script> parse_script(std::string_view text) {
    const json root = TRY(config::parse_json(text));
    if (!root.is_object()) return Error{Errc::invalid_input, "expects an object with \"steps\""};
    Script script;
    bool has_steps = false;
    for (const auto& [key, value] : root.items()) {
        if (key == "about" && value.is_string())
            script.about = value.get<std::string>();
        else if (key == "start" && value.is_string())
            script.start = value.get<std::string>();
        else if (key == "panel")
            TRY(read_panel(value, script));
        else if (key == "steps" && value.is_array()) {
            has_steps = true;
            if (value.size() > script_steps_limit)
                return Error{Errc::too_large, "more than 2000 steps"};
            for (std::size_t i = 0; i < value.size(); ++i) {
                auto step = read_step(value[i]);
                if (!step)
                    return Error{Errc::invalid_input,
                                 "steps[" + std::to_string(i) + "]: " + step.error().context};
                script.steps.push_back(std::move(step).value());
            }
        } else
            return Error{Errc::invalid_input, "unknown key \"" + key +
                                                  "\" or wrong kind of value; known: about, "
                                                  "start, panel, steps"};
    }
    if (!has_steps) return Error{Errc::invalid_input, "no \"steps\""};
    return script;
}

base::Result<Script> read_script(const std::string& file) {
    const auto bytes = TRY(base::read_file(file, script_bytes_limit));
    auto script = parse_script(base::as_text(bytes));
    if (!script) return Error{script.error().code, file + ": " + script.error().context};
    return script;
}

} // namespace app
