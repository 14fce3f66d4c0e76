// `kiosk handwriting FILE`: one JSON object for each line in and out (DESIGN §6).
//
// In:  {"strokes":[[[x,y],...],...]}, in any unit, y downwards. Also understood: "field" ("text",
//      "address" or "name"; a name field, as if left out, reads shapes alone), "previous" (the
//      character before), "count" (of candidates, 1 to 100, else 10). Other keys are somebody's
//      notes. What follows x and y in a point (time, pressure) is not looked at.
// Out: {"line":1,"candidates":["...",...],"millis":0.4}, for each line that is ink.
//
// A development command: the ink is a test's, not a person's, and is not kept secret here.
#include "kiosk/app/development/commands.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/text/unicode.hpp"
#include "screens/input/hand_model.hpp"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace app {
namespace {

using base::Errc;
using base::Error;
using nlohmann::json;

constexpr std::size_t most_candidates = 100;

struct Question {
    input::Ink ink;
    input::HandContext context{0, input::HandContext::Field::name, 0};
    std::size_t count = 10;
};

Error wrong(std::string what) {
    return {Errc::invalid_input, std::move(what)};
}

base::Result<input::InkPointMm> read_point(const json& point) {
    const bool is_pair =
        point.is_array() && point.size() >= 2 && point[0].is_number() && point[1].is_number();
    if (!is_pair) return wrong("a point is [x,y], two numbers");
    const input::InkPointMm read{point[0].get<float>(), point[1].get<float>()};
    if (!std::isfinite(read.x) || !std::isfinite(read.y))
        return wrong("a coordinate is too large to be a place");
    return read;
}

base::Result<input::Ink> read_ink(const json& strokes) {
    if (!strokes.is_array()) return wrong("\"strokes\" is a list of strokes");
    if (strokes.size() > input::ink_stroke_limit)
        return wrong("a character has at most " + std::to_string(input::ink_stroke_limit) +
                     " strokes");
    input::Ink ink;
    std::size_t points = 0;
    for (const auto& stroke : strokes) {
        if (!stroke.is_array()) return wrong("a stroke is a list of points");
        points += stroke.size();
        if (points > input::ink_point_limit)
            return wrong("a character has at most " + std::to_string(input::ink_point_limit) +
                         " points");
        auto& drawn = ink.emplace_back();
        for (const auto& point : stroke) drawn.push_back(TRY(read_point(point)));
    }
    if (points == 0) return wrong("there is no ink");
    return ink;
}

base::Result<input::HandContext::Field> read_field(const json& value) {
    using Field = input::HandContext::Field;
    if (value == "text") return Field::text;
    if (value == "address") return Field::address;
    if (value == "name") return Field::name;
    return wrong("\"field\" is \"text\", \"address\" or \"name\"");
}

base::Result<Question> read_question(const std::string& line) {
    const auto parsed = json::parse(line, nullptr, false);
    if (parsed.is_discarded()) return wrong("not valid JSON");
    if (!parsed.is_object() || !parsed.contains("strokes"))
        return wrong("expected {\"strokes\":[[[x,y],...],...]}");
    Question question;
    question.ink = TRY(read_ink(parsed["strokes"]));
    if (parsed.contains("field")) question.context.field = TRY(read_field(parsed["field"]));
    if (parsed.contains("previous")) {
        const auto& previous = parsed["previous"];
        const auto characters =
            previous.is_string() ? text::decode_utf8(previous.get<std::string>()) : U"";
        if (characters.size() != 1) return wrong("\"previous\" is one character");
        question.context.previous = characters.front();
    }
    if (parsed.contains("count")) {
        const auto& count = parsed["count"];
        if (!count.is_number_unsigned() || count == 0u || count > most_candidates)
            return wrong("\"count\" is a whole number from 1 to " +
                         std::to_string(most_candidates));
        question.count = count.get<std::size_t>();
    }
    return question;
}

void answer(const input::HandwritingModel& model, const Question& question, std::size_t number) {
    const base::Stopwatch watch;
    const auto found = model.recognise(question.ink, question.context, 0, question.count);
    const double millis = watch.millis();
    auto candidates = nlohmann::ordered_json::array();
    for (const auto& each : found) candidates.push_back(text::encode_utf8({&each.character, 1}));
    const nlohmann::ordered_json row{
        {"line", number}, {"candidates", candidates}, {"millis", std::round(millis * 1000) / 1000}};
    std::cout << row.dump() << '\n';
}

} // namespace

int read_handwriting(const CommonOptions& common, const std::string& file) {
    const auto config = configuration(common);
    if (!config) return complain(config.error());
    const auto model = input::HandwritingModel::open(config->handwriting_model);
    if (!model)
        return complain({model.error().code, "the handwriting model: " + model.error().context});
    std::ifstream in(file);
    if (!in) return complain({Errc::not_found, file + " cannot be read"});
    int code = exit_ok;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (line.find_first_not_of(" \t\r") == line.npos) continue;
        const auto question = read_question(line);
        if (question)
            answer(**model, *question, number);
        else
            code = complain({question.error().code, file + ", line " + std::to_string(number) +
                                                        ": " + question.error().context});
    }
    if (in.bad()) return complain({Errc::io, file + " cannot be read to its end"});
    return code;
}

} // namespace app
