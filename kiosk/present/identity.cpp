// The ways to confirm who somebody is, all of one rank (DESIGN §4 refusal 2).
//
// not handled: the face check and the staff witness; both stay in their place and say why not.
#include "kiosk/present/scene.hpp"

namespace present {
namespace {

std::string_view icon_of(std::string_view method) {
    if (method == "face") return "face";
    if (method == "staff-witness") return "person";
    return "counter";
}

} // namespace

bool is_way_available(std::string_view method) {
    return method == "counter-code";
}

screens::ScreenModel identity(const Scene& scene) {
    screens::OtherwayModel model;
    model.frame = frame(scene);
    model.title = scene.say("identity.title");
    model.sub = scene.say("identity.sub");
    for (const auto& method : scene.field().methods) {
        const auto key = "identity." + method;
        screens::Way way;
        way.id = method;
        way.icon = icon_of(method);
        way.title = scene.say(key + ".title");
        way.explanation = scene.say(key);
        way.available = is_way_available(method);
        if (!way.available) {
            // Staff may be there, but this kiosk does not yet take their word.
            const bool is_later = method == "staff-witness" && scene.facts.staff_on_duty;
            way.reason =
                scene.say(key + (is_later ? ".later" : ".unavailable"), office_values(scene));
        }
        model.ways.push_back(std::move(way));
    }
    model.back = scene.say("common.back");
    model.first = scene.view.first;
    return model;
}

} // namespace present
