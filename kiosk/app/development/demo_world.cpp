#include "kiosk/app/development/demo_world.hpp"

#include "kiosk/app/development/demo_staff.hpp"
#include "kiosk/staff/desk_state.hpp"
#include "kiosk/staff/enrolment.hpp"
#include "printer/profile.hpp"

#include <algorithm>
#include <array>

namespace app {
namespace {

// The platform behind a cable that can be pulled.
class CabledTransport final : public platform::HttpTransport {
public:
    CabledTransport(std::unique_ptr<platform::HttpTransport> inner, const NetworkCable& cable)
        : inner_(std::move(inner)), cable_(cable) {}
    base::Result<platform::HttpResponse> send(const platform::HttpRequest& request,
                                              base::Milliseconds limit) override {
        if (!cable_.is_plugged)
            return base::Error{base::Errc::unreachable, "the network cable is pulled"};
        return inner_->send(request, limit);
    }

private:
    std::unique_ptr<platform::HttpTransport> inner_;
    const NetworkCable& cable_;
};

// What is due for the people of the demonstration; synthetic, like they are. The note and the
// matter that no content set has are what a kiosk does not show (spec safeguards G11).
void add_demo_todos(platform::ReferencePlatform& platform, const base::Clock& clock) {
    const auto in_days = [&](int days) {
        return base::to_text(base::local_date(clock.wall() + std::chrono::hours(24 * days)));
    };
    const auto number_of = [](std::string_view person) {
        const auto* found = drivers::find_demo_person(person);
        CHECK(found != nullptr);
        return found->card.number;
    };
    platform.set_todos(number_of("pensioner"),
                       {{"pension-eligibility", in_days(39), "come to room 5"},
                        {"not-of-this-kiosk", in_days(3), ""}});
    platform.set_todos(number_of("applicant-86"), {{"elderly-allowance", in_days(20), ""},
                                                   {"pension-eligibility", in_days(39), ""}});
}

// What the district's registers hold of them, for pre-fill. The rest of the people are unknown.
void add_demo_registers(platform::ReferencePlatform& platform) {
    const std::vector<std::string> terms{"person.phone"};
    platform.declare_form("pension-eligibility", 1, terms);
    platform.declare_form("elderly-allowance", 1, terms);
    const auto record = [&](std::string_view person, std::vector<platform::RecordedTerm> known) {
        const auto* found = drivers::find_demo_person(person);
        CHECK(found != nullptr);
        platform.set_resident_record(found->card.number, {found->card.name, std::move(known)});
    };
    record("pensioner",
           {{"person.phone", R"("13900000017")", "social-insurance", "2025-03-01", "B"}});
    record("applicant-86",
           {{"person.phone", R"("13900000086")", "civil-affairs", "2024-11-20", "B"},
            {"bank.card", R"("9999990000000000121")", "bank", "2024-11-20", "A"}});
}

base::Result<drivers::SimulatedCard> card_of(std::string_view person) {
    if (const auto* found = drivers::find_demo_person(person)) return found->card;
    std::string known;
    for (const auto& each : drivers::demo_people())
        known += (known.empty() ? "" : ", ") + std::string(each.id);
    return base::Error{base::Errc::not_found,
                       "no such person: " + std::string(person) + "; known: " + known};
}

} // namespace

DemoWorld::DemoWorld(const base::Clock& clock, drivers::Wait wait, base::RandomSource& random,
                     const printer::Profile& profile)
    : sam(clock, wait), reader(
                            "simulated", [this] { return sam.connect(); }, clock, wait),
      face(clock, random), paper_printer(drivers::SimulatedPrinterTraits{
                               .width_dots = profile.width_dots,
                               .has_presenter = profile.presenter == printer::Presenter::custom}),
      printer(paper_printer), staff_reader(clock, wait), voice(clock), clock_(clock) {
    camera.take_page_away();
}

base::Result<std::unique_ptr<DemoWorld>> DemoWorld::open(config::Config& config,
                                                         const base::Clock& clock,
                                                         drivers::Wait wait,
                                                         base::RandomSource& random, int port) {
    const auto profile = TRY(printer::find_profile(config.printer_profile));
    std::unique_ptr<DemoWorld> world(new DemoWorld(clock, std::move(wait), random, profile));
    const auto keys = TRY(platform::make_demo_keys(config.data_folder + "/demo-keys", clock));
    auto platform = platform::ReferencePlatform::open(
        {config.data_folder + "/platform.db", keys, {}}, clock, random);
    if (!platform)
        return base::Error{platform.error().code, "the reference platform in " +
                                                      config.data_folder + ": " +
                                                      platform.error().context};
    world->platform = std::move(platform).value();
    world->server = TRY(platform::ReferenceServer::start(*world->platform, keys, port));
    add_demo_todos(*world->platform, clock);
    add_demo_registers(*world->platform);
    config.platform = {world->server->url(),     keys.ca, keys.device_certificate, keys.device_key,
                       keys.sealing_certificate, ""};
    const auto roster_key = config.data_folder + "/demo-keys/staff-lists.pem";
    TRY(write_demo_roster_key(roster_key));
    config.staff.roster_keys = {roster_key};
    // Upwards, also over what a kiosk with this data has seen before.
    const auto kept = staff::DeskState::inspect(staff::desk_file_in(config.staff_folder()));
    if (kept) world->roster_version_ = std::max(world->roster_version_, kept->least_roster_version);
    return world;
}

std::function<std::unique_ptr<platform::HttpTransport>(std::unique_ptr<platform::HttpTransport>)>
DemoWorld::cable() {
    return [this](std::unique_ptr<platform::HttpTransport> inner) {
        return std::make_unique<CabledTransport>(std::move(inner), network);
    };
}

base::Result<void> DemoWorld::lay_card(std::string_view person) {
    auto card = TRY(card_of(person));
    face.stand_there(drivers::card_photo(card));
    sam.lay_card(std::move(card));
    return {};
}

base::Result<void> DemoWorld::swap_card(std::string_view person) {
    auto card = TRY(card_of(person));
    face.stand_there(drivers::card_photo(card));
    sam.swap_card(std::move(card));
    return {};
}

void DemoWorld::put_page(std::uint64_t seed) {
    camera.put_page(drivers::make_test_page(seed));
}

void DemoWorld::slide_page(std::uint64_t seed) {
    constexpr int frames = 8; // chosen: a third of a second
    camera.slide_in(drivers::make_test_page(seed), frames);
}

base::Result<void> DemoWorld::set_desk(std::string_view what) {
    if (what == "hand" || what == "no hand")
        camera.lay_hand(what == "hand");
    else if (what == "lamp off" || what == "lamp on")
        camera.go_black(what == "lamp off");
    else if (what == "glare" || what == "no glare")
        camera.reflect(what == "glare");
    else if (what == "flicker" || what == "no flicker")
        camera.flicker(what == "flicker");
    else if (what == "focus hunts")
        camera.hunt_focus(20);
    else
        return base::Error{base::Errc::not_found,
                           "\"desk\" expects \"hand\", \"lamp off\", \"glare\", \"flicker\", each "
                           "with its end (\"no hand\", \"lamp on\", ...), or \"focus hunts\""};
    return {};
}

base::Result<void> DemoWorld::set_face(std::string_view manner) {
    std::string known;
    for (const auto& row : face_manners()) {
        if (row.word == manner) {
            face.behave(row.manner);
            return {};
        }
        known += (known.empty() ? "\"" : ", \"") + std::string(row.word) + "\"";
    }
    return base::Error{base::Errc::not_found, "\"face\" expects one of " + known};
}

base::Result<void> DemoWorld::insert_staff_card(std::string_view name) {
    staff_reader.insert_card(TRY(demo_staff_card(name)));
    return {};
}

base::Result<void> DemoWorld::insert_second_staff_card(std::string_view name) {
    staff_reader.insert_second_card(TRY(demo_staff_card(name)));
    return {};
}

std::optional<DemoRoster> demo_roster_named(std::string_view name) {
    constexpr std::array names{
        std::pair{DemoRoster::fresh, "fresh"}, std::pair{DemoRoster::none, "none"},
        std::pair{DemoRoster::old, "old"}, std::pair{DemoRoster::altered, "altered"},
        std::pair{DemoRoster::expired, "expired"}};
    for (const auto& [roster, word] : names)
        if (word == name) return roster;
    return std::nullopt;
}

void DemoWorld::set_roster(DemoRoster roster) {
    using platform::RosterFault;
    const auto now = clock_.wall();
    const auto issue = [&](base::WallTime issued_at) {
        platform->set_roster([terms = staff::RosterTerms{++roster_version_, issued_at}] {
            return demo_roster(terms);
        });
    };
    platform->set_roster_fault(RosterFault::none);
    switch (roster) {
    case DemoRoster::fresh: issue(now); break;
    case DemoRoster::none: platform->set_roster_fault(RosterFault::missing); break;
    case DemoRoster::old: platform->set_roster_fault(RosterFault::old); break;
    case DemoRoster::altered:
        issue(now);
        platform->set_roster_fault(RosterFault::altered);
        break;
    case DemoRoster::expired: issue(now - staff::roster_life - std::chrono::hours(24)); break;
    }
}

void DemoWorld::set_network(bool plugged) {
    network.is_plugged = plugged;
}

} // namespace app
