// Reading aloud: the words around what is said, and the screen where it is made louder or slower.
#include "kiosk/present/scene.hpp"

namespace present {
namespace {

std::string_view contrast_key(session::Display::Theme theme) {
    switch (theme) {
    case session::Display::Theme::light: return "said.contrast-off";
    case session::Display::Theme::contrast_light: return "said.contrast-light";
    case session::Display::Theme::contrast_dark: return "said.contrast-dark";
    }
    return "";
}

} // namespace

screens::SpokenWords spoken_words(const Scene& scene) {
    screens::SpokenWords words;
    words.chosen = scene.say("said.chosen");
    words.not_chosen = scene.say("said.not-chosen");
    words.unavailable = scene.say("said.unavailable");
    words.not_yet = scene.say("said.not-yet");
    words.position = scene.say("said.position");
    words.end_of_page = scene.say("said.end");
    words.headphones = scene.say("said.headphones");
    words.backspace = scene.say("digits.backspace");
    const auto& display = scene.session.display;
    words.text_size = scene.say("said.text-size", {{"step", std::to_string(display.text_size + 1)},
                                                   {"of", std::to_string(session::text_sizes)}});
    words.contrast = scene.say(contrast_key(display.theme));
    words.reach = scene.say(display.low_reach ? "said.low-reach" : "said.full-height");
    return words;
}

screens::ScreenModel voice(const Scene& scene) {
    const auto& display = scene.session.display;
    const auto level = [&](std::string_view key, int value) {
        return scene.say(key, {{"step", std::to_string(value + 1)},
                               {"of", std::to_string(session::voice_steps)}});
    };
    screens::VoiceModel model;
    model.frame = frame(scene);
    model.title = scene.say("voice.title");
    if (scene.session.visit) model.sub = scene.say("common.kept");
    model.volume = level("voice.volume", display.volume);
    model.softer = scene.say("voice.softer");
    model.louder = scene.say("voice.louder");
    model.rate = level("voice.rate", display.rate);
    model.slower = scene.say("voice.slower");
    model.faster = scene.say("voice.faster");
    model.again = scene.say("voice.again");
    model.stop = scene.say("voice.stop");
    model.back =
        scene.say(scene.session.step == session::Step::attract ? "common.back" : "help.back");
    return model;
}

} // namespace present
