#include "tests/support/sample_words.hpp"

#include "kiosk/base/bytes.hpp"

#include <cstdio>

namespace samples {
namespace {

Json read(const std::string& path) {
    const auto bytes = base::read_file(path);
    CHECK(bytes.has_value());
    return Json::parse(bytes->begin(), bytes->end());
}

} // namespace

Words::Words(base::Language language, const std::string& folder)
    : key_(to_string(language)), texts_(read(folder + "/screens.json").at("texts")),
      matters_(read(folder + "/matters.json").at("matters")),
      groups_(read(folder + "/matters.json").at("groups")),
      notices_(read(folder + "/notices.json").at("notices")),
      consents_(read(folder + "/consents.json").at("consents")) {}

std::string Words::operator()(const std::string& key,
                              std::initializer_list<text::Insertion> values) const {
    return text::format_message(of(entry(key)), values);
}

screens::ThreeTexts Words::three(const std::string& key) const {
    const auto& texts = entry(key);
    return {texts.at("zh").get<std::string>(), texts.at("ug").get<std::string>(),
            texts.at("en").get<std::string>()};
}

std::vector<std::string> Words::ids(const std::string& prefix) const {
    std::vector<std::string> ids;
    for (const auto& [key, texts] : texts_.items())
        if (key.starts_with(prefix)) ids.push_back(key.substr(prefix.size()));
    return ids;
}

const Json& Words::entry(const std::string& key) const {
    if (!texts_.contains(key)) std::fprintf(stderr, "no text %s in screens.json\n", key.c_str());
    CHECK(texts_.contains(key));
    return texts_.at(key);
}

screens::FrameModel frame(const Words& w, int step) {
    screens::FrameModel frame;
    frame.place = step > 0 ? w.of(w.matters().at(1).at("title"))
                           : w.pick("长春中路社区办事点", "چاڭچۈن ئوتتۇرا يول مەھەللىسى",
                                    "Changchun Middle Road Community Office");
    frame.clock = "10:32";
    if (step > 0) {
        frame.step_now = step;
        frame.step_count = 9;
        frame.step = w("frame.step", {{"step", std::to_string(step)}, {"of", "9"}});
    }
    frame.rail.leave = w("rail.leave");
    frame.rail.languages = w.three("language.name");
    frame.rail.short_languages = w.three("language.short");
    frame.rail.text_size = w("rail.text-size");
    frame.rail.contrast = w("rail.contrast");
    frame.rail.low_reach = w("rail.low-reach");
    frame.rail.staff = w("rail.staff");
    frame.spoken = {w("said.chosen"),     w("said.not-chosen"), w("said.unavailable"),
                    w("said.not-yet"),    w("said.position"),   w("said.end"),
                    w("said.headphones"), w("digits.backspace")};
    frame.more = w("common.more");
    frame.earlier = w("common.earlier");
    return frame;
}

} // namespace samples
