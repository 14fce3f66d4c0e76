#include "screens/input/training/style_samples.hpp"

#include "kiosk/text/unicode.hpp"

#include <nlohmann/json.hpp>

namespace input::training {
namespace {

StyleSample read_sample(const nlohmann::json& line) {
    StyleSample sample;
    const auto characters = text::decode_utf8(line.at("character").get<std::string>());
    if (characters.size() != 1) throw std::invalid_argument("one character");
    sample.character = characters.front();
    for (const auto& drawn : line.at("strokes")) {
        auto& stroke = sample.strokes.emplace_back();
        for (const auto& point : drawn)
            stroke.push_back({point.at(0).get<float>(), point.at(1).get<float>()});
    }
    return sample;
}

} // namespace

base::Result<std::vector<StyleSample>> read_style_samples(std::string_view lines) {
    std::vector<StyleSample> samples;
    for (std::size_t number = 1; !lines.empty(); ++number) {
        const auto end = lines.find('\n');
        const auto line = lines.substr(0, end);
        lines.remove_prefix(end == lines.npos ? lines.size() : end + 1);
        if (line.empty()) continue;
        try {
            samples.push_back(read_sample(nlohmann::json::parse(line)));
        } catch (const std::exception&) { // nlohmann's own, or the one above
            return base::Error{base::Errc::invalid_input,
                               "the style samples, line " + std::to_string(number) +
                                   ": expected {\"character\":\"...\",\"strokes\":[[[x,y],...]]}"};
        }
    }
    return samples;
}

} // namespace input::training
