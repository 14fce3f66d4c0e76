// The ways to confirm who somebody is, with and without a readable card, all of one rank (DESIGN §4
// refusal 2).
#include "kiosk/present/scene.hpp"

#include <algorithm>

namespace present {
namespace {

std::string_view icon_of(std::string_view method) {
    if (method == session::way_face) return "face";
    if (method == session::way_counter) return "counter";
    return "person"; // staff-witness, staff-document
}

// The first thing that stands against a way that needs staff. Empty: nothing.
std::string_view against_staff(const Facts& facts) {
    if (!takes_staff_cards(facts)) return ".no-reader";
    return facts.staff_on_duty ? "" : ".unavailable";
}

// Why not, in words that say nothing about the person to whoever looks on.
std::string_view against_face(const Scene& scene) {
    switch (session::face_offer(scene.session, scene.facts.world)) {
    case session::FaceOffer::no_photo: return ".no-photo";
    case session::FaceOffer::card_again: return ".card-again";
    case session::FaceOffer::other_card:
    case session::FaceOffer::too_young: return ".not-for-everybody";
    case session::FaceOffer::no_tries: return ".no-tries";
    case session::FaceOffer::possible:
    case session::FaceOffer::not_here: break;
    }
    return ".unavailable";
}

screens::Way way(const Scene& scene, std::string_view prefix, std::string_view method) {
    const auto key = std::string(prefix) + std::string(method);
    screens::Way way;
    way.id = method;
    way.icon = icon_of(method);
    way.title = scene.say(key + ".title");
    way.explanation = scene.say(key);
    way.available = is_way_available(scene, method);
    if (way.available) return way;
    const auto reason =
        method == session::way_face ? against_face(scene) : against_staff(scene.facts);
    // A kiosk that takes no staff cards says so in the same words wherever they would be needed.
    way.reason =
        scene.say((reason == ".no-reader" ? "identity.staff-witness" : key) + std::string(reason),
                  office_values(scene));
    return way;
}

// All ways are of one rank (DESIGN §4 refusal 2), so they keep the form's order; but those that
// work now come before those that do not, or the largest text would show nothing but reasons on the
// first part of the list.
template <class Methods>
std::vector<screens::Way> ways_of(const Scene& scene, std::string_view prefix,
                                  const Methods& methods) {
    std::vector<screens::Way> ways;
    for (const auto& method : methods) ways.push_back(way(scene, prefix, method));
    std::stable_partition(ways.begin(), ways.end(),
                          [](const screens::Way& way) { return way.available; });
    return ways;
}

std::string_view face_end_key(session::FaceEnd end) {
    switch (end) {
    case session::FaceEnd::not_certain:
    case session::FaceEnd::not_finished: return "identity.face.ended";
    case session::FaceEnd::no_photo: return "identity.face.ended.no-photo";
    case session::FaceEnd::device: return "identity.face.ended.device";
    }
    return "identity.face.ended";
}

} // namespace

bool takes_staff_cards(const Facts& facts) {
    return facts.staff_reader_ok && facts.roster_ok;
}

bool is_way_available(const Scene& scene, std::string_view method) {
    if (method == session::way_counter) return true;
    if (method == session::way_face)
        return session::face_offer(scene.session, scene.facts.world) ==
               session::FaceOffer::possible;
    return against_staff(scene.facts).empty();
}

screens::ScreenModel identity(const Scene& scene) {
    screens::OtherwayModel model;
    model.frame = frame(scene);
    model.title = scene.say("identity.title");
    model.sub = scene.say("identity.sub");
    // After a check that ended without a pass: one calm sentence in the place of the usual one.
    if (const auto end = scene.visit().face_end) model.sub = scene.say(face_end_key(*end));
    model.ways = ways_of(scene, "identity.", scene.field().methods);
    model.back = scene.say("common.back");
    model.first = scene.view.first;
    return model;
}

screens::ScreenModel no_card(const Scene& scene) {
    screens::OtherwayModel model;
    model.frame = frame(scene);
    const bool is_there = scene.visit().no_card == session::NoCard::inconsistent;
    const std::string why = is_there ? "no-card.inconsistent" : "no-card";
    model.title = scene.say(why + ".title");
    model.sub = scene.say(why + ".sub");
    model.ways = ways_of(scene, "no-card.", session::ways_without_card(scene.visit()));
    model.back = scene.say("common.back");
    model.first = scene.view.first;
    return model;
}

} // namespace present
