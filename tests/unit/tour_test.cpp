// The graph of the tour: states from which nobody comes home, or to anybody who helps, are found.
#include "kiosk/app/development/tour.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

namespace {

using app::Tour;
using session::Overlay;
using session::Step;

app::Stop stop(Step step, Overlay overlay = Overlay::none) {
    app::Stop made;
    made.session.step = step;
    made.session.overlay = overlay;
    return made;
}

// Welcome, home, a question, help; every one leads back and to help.
Tour good_tour() {
    Tour tour;
    tour.stops.push_back(stop(Step::attract));
    tour.stops.push_back(stop(Step::home));
    tour.stops.push_back(stop(Step::question));
    tour.stops.push_back(stop(Step::home, Overlay::help));
    tour.ways = {{0, 1, "attract/zh"}, {1, 2, "home/matter/x"}, {2, 1, "actions/back"},
                 {1, 0, "rail/leave"}, {0, 3, "rail/staff"},    {1, 3, "rail/staff"},
                 {2, 3, "rail/staff"}, {3, 1, "actions/go"}};
    return tour;
}

void take_away(Tour& tour, std::size_t from, std::string_view id) {
    std::erase_if(tour.ways, [&](const app::Way& way) { return way.from == from && way.id == id; });
}

std::vector<std::string> complaints(const Tour& tour) {
    std::vector<std::string> all;
    for (const auto& found : app::traps(tour))
        all.push_back(std::to_string(found.stop) + " " + found.what);
    return all;
}

std::unique_ptr<app::Guide> shipped() {
    config::Config config;
    config.assets_folder = "assets";
    config.content_folder = "assets/content";
    config.fonts_folder = "/usr/share/fonts";
    config.pinyin_folder = PINYIN_FOLDER;
    config.handwriting_model = HAND_MODEL;
    auto guide = app::Guide::open(config);
    REQUIRE(guide.has_value());
    return std::move(guide).value();
}

// Of a board that is under the text without having been chosen the name says nothing, and which one
// that is depends on the language.
std::string screen_of(const app::Stop& stop) {
    const auto& name = stop.name;
    const auto end =
        std::min({name.find("-pinyin"), name.find("-handwriting"), name.find("-latin"),
                  name.find("-uyghur"), name.find("-digits"), name.find("-candidates")});
    return name.substr(0, end);
}

} // namespace

TEST_CASE("a tour whose every state leads home and to help has no traps", "[unit][tour]") {
    CHECK(complaints(good_tour()).empty());
}

TEST_CASE("a state that no press leaves for the welcome screen is a trap", "[unit][tour]") {
    auto tour = good_tour();
    take_away(tour, 1, "rail/leave");
    CHECK(complaints(tour) == std::vector<std::string>{"1 no way back to the welcome",
                                                       "2 no way back to the welcome",
                                                       "3 no way back to the welcome"});
}

TEST_CASE("a state from which nobody can be asked for help is found", "[unit][tour]") {
    auto tour = good_tour();
    take_away(tour, 0, "rail/staff");
    take_away(tour, 1, "rail/staff");
    take_away(tour, 2, "rail/staff");
    CHECK(complaints(tour).size() == 3);
}

TEST_CASE("what happens by itself is no way out, unless the kiosk is at work", "[unit][tour]") {
    auto tour = good_tour();
    take_away(tour, 1, "rail/leave");
    tour.ways.push_back({1, 0, "<idle>"});
    CHECK(complaints(tour).size() == 3);
    tour.stops[1].session.step = Step::submitting;
    CHECK(complaints(tour).empty());
}

TEST_CASE("the shipped screens have no traps, no dead items, and a few hundred states at least",
          "[unit][tour]") {
    const auto guide = shipped();
    const auto& tongue = app::tongues.front();
    app::Viewer viewer(*guide, screens::Drawing::layout);
    const auto tour = viewer.walk(tongue);
    CHECK(tour.complete);
    CHECK(tour.stops.size() > 500);
    CHECK(tour.presses > tour.stops.size() * 6); // the rail alone has six items
    for (const auto& dead : tour.dead_items) FAIL_CHECK("never does anything: " << dead);
    for (const auto& trap : app::traps(tour)) {
        std::string ways;
        for (const auto& way : tour.ways)
            if (way.from == trap.stop) ways += " " + way.id + "->" + tour.stops[way.to].name;
        FAIL_CHECK(tour.stops[trap.stop].name << ": " << trap.what << ":" << ways);
    }
    for (const auto& lost : viewer.go_home_from_everywhere(tour, tongue))
        FAIL_CHECK(tour.stops[lost.stop].route << ": " << lost.what);
}

TEST_CASE("the tours in all five languages reach the same screens", "[unit][tour]") {
    const auto guide = shipped();
    std::map<std::string_view, std::set<std::string>> screens;
    for (const auto& tongue : app::tongues)
        for (const auto& stop : app::Viewer(*guide, screens::Drawing::layout).walk(tongue).stops)
            screens[tongue.name].insert(screen_of(stop));
    const auto& expected = screens["zh"];
    for (const auto* name : {"groups", "group", "notices", "hours", "todos", "goodbye"})
        CHECK(expected.contains(name));
    for (const auto& [tongue, found] : screens) {
        INFO(tongue);
        CHECK(found == expected);
    }
}

TEST_CASE("the tour writes Chinese by Pinyin and by hand, and is offered characters for both",
          "[unit][tour]") {
    const auto guide = shipped();
    const auto tour = app::Viewer(*guide, screens::Drawing::layout).walk(app::tongues.front());
    std::set<std::string> ways;
    for (const auto& stop : tour.stops) {
        const auto& composing = stop.view.composing;
        if (composing.candidates.empty()) continue;
        if (!composing.letters.empty()) ways.insert("pinyin");
        if (!composing.ink.empty()) ways.insert("ink");
        if (composing.first > 0) ways.insert("further ones");
    }
    CHECK(ways == std::set<std::string>{"further ones", "ink", "pinyin"});
}
