// The ways to confirm who somebody is, with and without a readable card, all of one rank (DESIGN §4
// refusal 2).
//
// not handled: the face check; it stays in the list and says why not.
#include "kiosk/present/scene.hpp"

#include <algorithm>

namespace present {
namespace {

std::string_view icon_of(std::string_view method) {
    if (method == "face") return "face";
    if (method == session::way_counter) return "counter";
    return "person"; // staff-witness, staff-document
}

// The first thing that stands against a way that needs staff. Empty: nothing.
std::string_view against_staff(const Facts& facts) {
    if (!takes_staff_cards(facts)) return ".no-reader";
    return facts.staff_on_duty ? "" : ".unavailable";
}

screens::Way way(const Scene& scene, std::string_view prefix, std::string_view method) {
    const auto key = std::string(prefix) + std::string(method);
    screens::Way way;
    way.id = method;
    way.icon = icon_of(method);
    way.title = scene.say(key + ".title");
    way.explanation = scene.say(key);
    way.available = is_way_available(scene.facts, method);
    if (way.available) return way;
    const auto reason = method == "face" ? ".unavailable" : against_staff(scene.facts);
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

} // namespace

bool takes_staff_cards(const Facts& facts) {
    return facts.staff_reader_ok && facts.roster_ok;
}

bool is_way_available(const Facts& facts, std::string_view method) {
    if (method == session::way_counter) return true;
    return method != "face" && against_staff(facts).empty();
}

screens::ScreenModel identity(const Scene& scene) {
    screens::OtherwayModel model;
    model.frame = frame(scene);
    model.title = scene.say("identity.title");
    model.sub = scene.say("identity.sub");
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
