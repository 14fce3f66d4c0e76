#include "tests/simulation/place.hpp"

#include "drivers/camera/test_page.hpp"
#include "drivers/manual_wait.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "tests/simulation/repeatable.hpp"
#include "tests/simulation/seen_frames.hpp"

#include <filesystem>
#include <stdlib.h>

namespace simulation {
namespace {

using base::Errc;
using base::Error;

// Sunday 22 November 2026, 10:31 local time.
constexpr base::WallTime start{std::chrono::seconds(1795314660)};

// Small, since a camera's own size would be most of a seed's time; a page must have 400 pixels.
constexpr int paper_width = 450;
constexpr int paper_height = 600;

base::Picture small(const base::Picture& picture) {
    return base::shrink_to_fit(picture, paper_width, paper_height);
}

base::Result<std::string> make_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "kiosk-simulation-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return Error{Errc::io, "temporary folder"};
    return pattern;
}

} // namespace

base::Result<std::unique_ptr<const Supplies>> Supplies::open() {
    repeat_openssl(0); // the same keys in every run
    forget_seen_frames();
    const base::ManualClock clock(start);
    const auto folder = TRY(make_folder());
    const auto keys = TRY(platform::make_demo_keys(folder, clock));
    base::SeededRandom district_random(20261122);
    staff::RosterMaker district(district_random);
    for (const auto& one : simulated_staff()) {
        const auto card = drivers::SimulatedStaffCard::of(one.card);
        district.add(one.id, {staff::Role::office_worker},
                     {card.signs(), card.agrees(), base::SecretText(one.pin), false});
    }
    return std::unique_ptr<const Supplies>(new Supplies{
        folder,
        TRY(content::ContentSet::open("assets/content")),
        keys,
        TRY(platform::KeyPair::load(keys.device_certificate, keys.device_key)),
        TRY(platform::Certificate::load(keys.sealing_certificate)),
        TRY(app::Printing::open_setting("/usr/share/fonts", "generic-80")),
        {small(drivers::make_empty_desk()), small(drivers::make_test_page(1)),
         small(drivers::make_test_page(2)), small(drivers::make_test_page(3))},
        district.district_key(),
        district.signed_roster({1, start - std::chrono::hours(1)}),
    });
}

Supplies::~Supplies() {
    std::error_code ignored; // a folder left over harms nobody
    std::filesystem::remove_all(folder, ignored);
}

const std::array<SimulatedStaff, 2>& simulated_staff() {
    static constexpr std::array staff{SimulatedStaff{"S-1001", "first", "135790"},
                                      SimulatedStaff{"S-1002", "second", "24680246"}};
    return staff;
}

Place::Place(const Supplies& given, std::uint64_t seed, Defect planted)
    : supplies(given), defect(planted), fate(seed), minting(seed + 1'000'000'007),
      platform_fate(seed + 2'000'000'011), clock(start), true_clock(clock), disk("simulation"),
      sam(clock, drivers::manual_wait(clock)), staff_reader(clock, drivers::manual_wait(clock)) {
    repeat_openssl(seed);
    has_staff = planted == Defect::witness_without_card || chance(60);
    auto opened = platform::ReferencePlatform::open(
        {":memory:", given.keys, {.forgets_keys = planted == Defect::platform_forgets}}, true_clock,
        platform_fate);
    CHECK(opened.has_value());
    platform = std::move(opened).value();
    platform->set_roster(given.roster);
    camera.put_page(given.papers.front());
}

Place::~Place() {
    std::error_code ignored;
    std::filesystem::remove_all(supplies.staff_folder(), ignored);
}

void Place::lay_card(const drivers::SimulatedCard& card) {
    card_on_reader = &card;
    sam.swap_card(card);
}

void Place::lift_card() {
    card_on_reader = nullptr;
    sam.lift_card();
}

void Place::stop(support::After how) {
    how_ = how;
    is_stopped_ = true;
    disk.fail(0, support::DiskFault::cut);
}

void Place::cut_power_at_disk_call(std::uint64_t call) {
    if (is_dead()) return;
    how_ = support::After::power_cut;
    disk.fail(call, support::DiskFault::cut);
}

void Place::break_disk(std::uint64_t call, support::DiskFault fault, support::Lasting lasting) {
    if (is_dead()) return;
    how_.reset();
    disk.fail(call, fault, lasting);
}

void Place::kill_at_exchange(int exchange, bool after) {
    exchanges_left_ = exchange;
    dies_after_exchange_ = after;
}

void Place::store_begins() {
    if (auto strike = std::exchange(at_store_, nullptr)) strike();
}

bool Place::is_dead() const {
    return is_stopped_ || (how_ && disk.has_struck());
}

void Place::restart() {
    camera.close(); // a dead program holds no device
    disk.restart(how_.value_or(support::After::kill), fate);
    how_.reset();
    is_stopped_ = false;
    exchanges_left_ = -1;
}

void Place::mend() {
    at_store_ = nullptr;
    disk.heal();
    if (!is_dead()) how_.reset();
    exchanges_left_ = -1;
    network_is_up = true;
    platform->misbehave(0, false);
    sam.plug_cable();
    sam.recover();
    staff_reader.pull_card();
    staff_reader.plug_in();
    camera.plug_cable();
    camera.go_black(false);
    camera.stall(false);
    paper.plug_cable();
    paper.close_cover();
    paper.load_paper();
    clock.jump_wall(true_clock.wall() - clock.wall());
    clock.set_synchronised(true);
}

base::Result<platform::HttpResponse> Place::Line::send(const platform::HttpRequest& request,
                                                       base::Milliseconds limit) {
    const bool is_last = place_.exchanges_left_ == 0;
    if (place_.exchanges_left_ >= 0) --place_.exchanges_left_;
    if (is_last && !place_.dies_after_exchange_) place_.kill();
    if (place_.is_dead() || !place_.network_is_up)
        return Error{Errc::unreachable, "the line is down"};
    auto answer = wire_.send(request, limit);
    if (!is_last) return answer;
    place_.kill();
    return Error{Errc::unreachable, "nobody is there to hear the answer"};
}

} // namespace simulation
