// The face check: the question before it, and the person before the camera.
#include "kiosk/forms/submission.hpp"
#include "kiosk/present/scene.hpp"

namespace present {
namespace {

// How often the person can look away and back before they hear the same sentence again is the
// voice's matter: it says what has changed.
std::string key_of(const FaceFacts& face) {
    return "face.say." + (face.said.empty() ? std::string("nobody") : face.said);
}

} // namespace

screens::ScreenModel face_consent(const Scene& scene) {
    const auto* text = scene.say.content().consent(forms::face_consent_id);
    CHECK(text != nullptr); // session::face_offer
    screens::ConsentModel model;
    model.frame = frame(scene);
    model.title = scene.say.of(text->title);
    model.picture = screens::ConsentModel::Picture::two_photos;
    for (const auto& statement : text->statements)
        model.statements.push_back({"ok", std::string(scene.say.of(statement)), false});
    model.statements.back().strong = true; // a "no" changes nothing
    model.choose = scene.say("consent.choose");
    model.agree = {"face", scene.say.of(text->agree), ""};
    model.decline = {"counter", scene.say.of(text->decline), ""};
    model.back = scene.say("common.back");
    model.first = scene.view.first;
    return model;
}

screens::ScreenModel face_check(const Scene& scene) {
    const auto& face = scene.facts.face;
    screens::FaceModel model;
    model.frame = frame(scene);
    model.title = scene.say("face.title");
    model.live = face.live;
    model.waiting = scene.say("face.waiting");
    const bool is_looking = face.live == nullptr || face.is_asked;
    model.now.kind =
        is_looking ? screens::NoteModel::Kind::info : screens::NoteModel::Kind::warning;
    model.now.icon = "person";
    model.now.title = face.live ? scene.say(key_of(face)) : model.waiting;
    model.kept = scene.say("face.kept");
    model.stop = scene.say("face.stop");
    model.other_way = scene.say("face.other-way");
    return model;
}

} // namespace present
