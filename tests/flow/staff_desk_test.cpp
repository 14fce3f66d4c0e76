// Goal: whatever staff, their cards and the cables do, the kiosk knows at every moment whose card
// is in the slot, nobody gets in without card and PIN, every action stands in the audit chain
// before it is done, and nobody is locked in. Method: the whole kiosk on a simulated reader and a
// platform with a staff list, clock moved by hand; each mishap at every command that a card is
// sent. The threads' own test lets a card hang. All staff are invented.
#include "drivers/manual_wait.hpp"
#include "kiosk/app/development/demo_staff.hpp"
#include "kiosk/app/development/demo_world.hpp"
#include "kiosk/app/face_record.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/staff/audit_check.hpp"
#include "kiosk/staff/audit_files.hpp"
#include "kiosk/staff/enrolment.hpp"
#include "tests/support/session_visitor.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using staff::AreaSignal;
using staff::Page;
using staff::Problem;
using State = staff::Standing::State;

struct Folder {
    fs::path path = fs::temp_directory_path() / ("kiosk-staff-desk-" + std::to_string(::getpid()));
    Folder() {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

// A worker whose box is full while the test says so.
class FullWorker final : public app::Worker {
public:
    FullWorker(std::unique_ptr<app::Worker> inner, const bool& is_full)
        : inner_(std::move(inner)), is_full_(is_full) {}
    bool post(app::Job job) override { return !is_full_ && inner_->post(std::move(job)); }
    void cancel() override { inner_->cancel(); }

private:
    std::unique_ptr<app::Worker> inner_;
    const bool& is_full_;
};

struct Place {
    Folder folder;
    bool workers_are_full = false;
    base::ManualClock clock{base::WallTime(std::chrono::sys_days{2026y / 11 / 22} + 3h)};
    base::SystemRandom random;
    std::unique_ptr<app::DemoWorld> world;
    std::unique_ptr<app::Engine> engine;

    explicit Place(app::DemoRoster roster = app::DemoRoster::fresh) { start_anew(roster); }
    ~Place() { engine.reset(); }

    // Kiosk and demonstration begin again over whatever data there is.
    void start_anew(app::DemoRoster roster) {
        engine.reset();
        world.reset();
        app::EngineSettings settings = this->settings();
        auto made =
            app::DemoWorld::open(settings.config, clock, drivers::manual_wait(clock), random);
        REQUIRE(made.has_value());
        world = std::move(made).value();
        world->set_roster(roster);
        config_ = settings.config;
        start();
    }

    void start() {
        engine.reset();
        auto given = settings();
        given.config = config_;
        given.wrap_transport = world->cable();
        given.face = &world->face;
        given.face_mirror = &world->face.mirror();
        given.face_parts = [face = &world->face] { return face->parts(); };
        given.wrap_worker = [this](std::unique_ptr<app::Worker> worker) {
            return std::make_unique<FullWorker>(std::move(worker), workers_are_full);
        };
        auto opened = app::Engine::open(std::move(given), world->devices(), clock, random);
        INFO((opened ? "" : opened.error().text()));
        REQUIRE(opened.has_value());
        engine = std::move(opened).value();
        engine->start();
        pass(1s);
    }

    // As the window's loop does: asleep until the kiosk wants to be called again.
    void pass(base::Milliseconds time) {
        const auto until = clock.now() + time;
        do {
            engine->kiosk().turn();
            const auto wake =
                std::clamp(engine->kiosk().next_wake(), clock.now() + 1ms, until + 1ms);
            clock.advance(std::min(wake, until) - clock.now());
            engine->kiosk().turn();
        } while (clock.now() < until);
    }

    // More rows in the chain, as if staff had been at work; the kiosk starts again over them.
    void write_rows(int count) {
        engine.reset();
        {
            auto device = platform::KeyPair::load(config_.platform.device_certificate,
                                                  config_.platform.device_key);
            REQUIRE(device);
            auto chain =
                staff::AuditChain::open(config_.audit_folder(), clock, std::move(device).value());
            REQUIRE(chain);
            const auto who = staff::AuditValue::staff_id("S-1001");
            for (int i = 0; i < count; ++i)
                REQUIRE((*chain)->append(staff::AuditEvent::paper_replaced,
                                         {{staff::AuditField::staff, who}}));
        }
        start();
    }

    app::StaffDesk& desk() { return *engine->staff(); }
    const staff::Area& area() { return desk().area(); }
    const staff::Standing& standing() { return desk().standing(); }
    const session::Session& session() { return engine->kiosk().session(); }
    present::Facts facts() { return engine->kiosk().facts(); }
    void tell(staff::AreaInput input) {
        desk().tell(std::move(input));
        pass(0ms);
    }
    void insert(std::string_view card) {
        REQUIRE(world->insert_staff_card(card).has_value());
        pass(100ms);
    }
    void pull() {
        world->staff_reader.pull_card();
        pass(100ms);
    }
    void enter(std::string_view pin) {
        desk().tell({AreaSignal::pin, base::SecretText(pin)});
        tell(AreaSignal::enter);
    }
    void log_in(std::string_view card, std::string_view pin) {
        insert(card);
        enter(pin);
    }
    std::map<std::string, int> rows() const {
        const auto file = config_.audit_folder() + "/" + staff::chain_file;
        const auto bytes = base::read_file(file);
        REQUIRE(bytes.has_value());
        std::map<std::string, int> count;
        std::istringstream lines{std::string(base::as_text(*bytes))};
        for (std::string line; std::getline(lines, line);)
            ++count[nlohmann::json::parse(line)["event"].get<std::string>()];
        return count;
    }
    // What is on disk, as the next start will find it.
    staff::Kept kept() const {
        return staff::DeskState::inspect(staff::desk_file_in(config_.staff_folder())).value();
    }
    bool chain_is_whole() const {
        const auto report = staff::verify_audit(config_.audit_folder(), std::nullopt);
        return report.has_value() && !report->fault;
    }
    fs::path audit_folder() const { return config_.audit_folder(); }
    const std::string& device_certificate() const { return config_.platform.device_certificate; }

private:
    app::EngineSettings settings() const {
        app::EngineSettings settings;
        settings.config.assets_folder = "assets";
        settings.config.content_folder = "assets/content";
        settings.config.data_folder = folder.path.string();
        settings.threads = app::EngineSettings::Threads::caller;
        return settings;
    }
    config::Config config_;
};

} // namespace

TEST_CASE("a staff card at the welcome screen opens the log-in, and the right PIN the area",
          "[flow][staff]") {
    Place place;
    REQUIRE(place.standing().state == State::empty);
    place.insert("office");
    REQUIRE(place.area().page == Page::log_in);
    REQUIRE(place.standing().staff == "S-1001");
    place.enter("246810");
    REQUIRE(place.area().page == Page::overview);
    REQUIRE(place.rows()["confirmed"] == 1);
    REQUIRE(place.rows()["logged_in"] == 1);
    REQUIRE(place.facts().staff_on_duty); // an office worker who logs in is here
    place.pull();
    REQUIRE(place.area().page == Page::closed);
    REQUIRE(place.rows()["logged_out"] == 1);
    REQUIRE(place.facts().staff_on_duty);
    REQUIRE(place.chain_is_whole());
}

TEST_CASE("a technician who logs in is no member of staff who could be a witness",
          "[flow][staff][refusal][G19]") {
    Place place;
    place.log_in("technician", "13572468");
    REQUIRE(place.area().page == Page::overview);
    REQUIRE_FALSE(place.facts().staff_on_duty);
}

TEST_CASE("five minutes without a touch log out, and the card left in opens nothing by itself",
          "[flow][staff][refusal][G9]") {
    Place place;
    place.log_in("office", "246810");
    place.pass(5min - 1s);
    REQUIRE(place.area().page == Page::overview);
    place.pass(2s);
    REQUIRE(place.area().page == Page::closed);
    REQUIRE(place.rows()["logged_out"] == 1);
    place.pass(10min);
    REQUIRE(place.area().page == Page::closed);
}

TEST_CASE("five wrong PINs lock this id for five minutes, whichever of its cards is inserted",
          "[flow][staff][refusal][G9]") {
    Place place;
    place.insert("administrator");
    for (int tries = 1; tries < 5; ++tries) {
        place.enter("000000");
        REQUIRE(place.standing().problem == Problem::wrong_pin);
        REQUIRE(place.standing().tries_left == 5 - tries);
    }
    place.enter("000000");
    REQUIRE(place.standing().problem == Problem::locked);
    REQUIRE(place.rows()["pin_failed"] == 5);
    REQUIRE(place.rows()["locked"] == 1);
    place.pull();
    place.insert("administrator-spare");
    REQUIRE(place.standing().problem == Problem::locked);
    place.pull();
    place.insert("office"); // somebody else is not locked
    REQUIRE(place.standing().state == State::ask_pin);
    place.pull();
    place.insert("administrator");
    place.pass(5min + 1s); // the card stays in: the time is over and the PIN is asked for
    REQUIRE(place.standing().state == State::ask_pin);
    REQUIRE(place.area().page == Page::closed); // the log-in screen did not wait so long
    place.pull();
    place.log_in("administrator", "1122334");
    REQUIRE(place.area().page == Page::overview);
}

TEST_CASE("a card pulled, exchanged or unplugged at any command logs nobody in and costs no try",
          "[flow][staff][refusal][G9]") {
    enum class Mishap { pull, swap, unplug };
    const auto mishap = GENERATE(Mishap::pull, Mishap::swap, Mishap::unplug);
    const bool while_checking = GENERATE(false, true);
    Place place;
    auto& reader = place.world->staff_reader;
    const auto strike = [&](std::size_t after) {
        switch (mishap) {
        case Mishap::pull: reader.pull_after(after); break;
        case Mishap::swap:
            reader.swap_after(after, app::demo_staff_card("office-2").value());
            break;
        case Mishap::unplug: reader.unplug_after(after); break;
        }
    };
    int struck = 0;
    for (bool is_over = false; !is_over; ++struck) {
        INFO("after " << struck << " commands");
        if (while_checking) place.insert("office");
        strike(std::size_t(struck));
        while_checking ? place.enter("246810") : place.insert("office");
        place.pass(1s);
        // Came too late to matter: whoever was asked for has answered.
        is_over = while_checking ? place.area().page == Page::overview
                                 : place.standing().staff == "S-1001";
        if (is_over) break;
        REQUIRE(place.area().page != Page::overview);
        if (mishap == Mishap::unplug) reader.plug_in();
        place.pull();
        REQUIRE(place.area().page == Page::closed);
        REQUIRE(place.standing().state == State::empty);
        // Nothing of it stands in the way of the next card.
        place.log_in("office-2", "97531864");
        REQUIRE(place.area().page == Page::overview);
        place.pull();
    }
    CHECK(struck > 1);
    REQUIRE(place.rows()["pin_failed"] == 0);
    REQUIRE(place.chain_is_whole());
}

TEST_CASE(
    "a card that is none of ours is told apart in words and in the chain, and keeps nobody out",
    "[flow][staff][refusal][G9]") {
    Place place;
    for (const auto& [card, problem] :
         {std::pair("bank", Problem::foreign_card), std::pair("unlisted", Problem::unknown_card),
          std::pair("mute", Problem::card_silent)}) {
        INFO(card);
        const auto refused = place.rows()["card_refused"];
        place.insert(card);
        REQUIRE(place.standing().state == State::problem);
        REQUIRE(place.standing().problem == problem);
        place.enter("246810");
        REQUIRE(place.area().page == Page::log_in);
        REQUIRE(place.rows()["card_refused"] == refused + 1);
        place.pull();
        REQUIRE(place.area().page == Page::closed);
    }
    place.insert("office");
    REQUIRE(place.world->insert_second_staff_card("office-2").has_value());
    place.pass(100ms);
    REQUIRE(place.standing().problem == Problem::several_cards);
    REQUIRE(place.rows()["card_refused"] == 4);
    place.world->staff_reader.pull_second_card();
    place.pass(100ms);
    REQUIRE(place.standing().staff == "S-1001");
    place.pull();
    place.log_in("office", "246810");
    REQUIRE(place.area().page == Page::overview);
}

TEST_CASE("a staff list that is missing, old, altered or expired lets nobody in, and says so",
          "[flow][staff][refusal][G9]") {
    const auto roster =
        GENERATE(app::DemoRoster::none, app::DemoRoster::altered, app::DemoRoster::expired);
    Place place(roster);
    place.insert("office");
    REQUIRE(place.standing().problem == Problem::no_roster);
    REQUIRE_FALSE(place.facts().roster_ok);
    // While there is none the kiosk asks every few minutes, and the card in the slot is asked
    // again.
    place.world->set_roster(app::DemoRoster::fresh);
    place.pass(7min);
    REQUIRE(place.facts().roster_ok);
    REQUIRE(place.standing().state == State::ask_pin);
}

TEST_CASE("a staff list is good for seven days without a network, and then for nobody",
          "[flow][staff][refusal][G9]") {
    Place place;
    place.world->set_network(false);
    place.log_in("office", "246810");
    REQUIRE(place.facts().staff_on_duty);
    place.pull();
    place.clock.jump_wall(24h * 7 - 10min);
    place.pass(1s);
    place.log_in("office", "246810");
    REQUIRE(place.area().page == Page::overview);
    place.pull();
    place.clock.jump_wall(10min);
    place.pass(1s);
    place.insert("office");
    REQUIRE(place.standing().problem == Problem::roster_expired);
    REQUIRE_FALSE(place.facts().staff_on_duty); // nobody who could prove it is there
    place.pull();
    place.start(); // the same after a restart, from what lies on disk
    place.insert("office");
    REQUIRE(place.standing().problem == Problem::roster_expired);
}

TEST_CASE("what staff set survives a restart, each with its row", "[flow][staff]") {
    Place place;
    place.log_in("office", "246810");
    place.tell(AreaSignal::stop_service);
    REQUIRE(place.rows()["service_stopped"] == 1);
    REQUIRE(place.facts().closed_by_staff);
    place.start();
    REQUIRE(place.facts().closed_by_staff);
    REQUIRE(place.facts().staff_on_duty);
    place.pull();
    place.log_in("office", "246810");
    place.tell(AreaSignal::resume_service);
    place.tell(AreaSignal::duty_off);
    REQUIRE_FALSE(place.facts().closed_by_staff);
    REQUIRE_FALSE(place.facts().staff_on_duty);
    place.tell(AreaSignal::duty_on);
    REQUIRE(place.facts().staff_on_duty);
    place.clock.jump_wall(24h);
    place.pass(1s);
    REQUIRE_FALSE(place.facts().staff_on_duty); // another day: nobody has said so
}

TEST_CASE("the end of a day counts it, takes the notice away and ends the duty, each with its row",
          "[flow][staff][refusal][G9]") {
    Place place;
    place.insert("office");
    place.enter("000000");
    place.enter("246810");
    place.tell({AreaSignal::page, Page::notice});
    const auto notices = place.engine->content().local_notices();
    REQUIRE_FALSE(notices.empty());
    place.tell({AreaSignal::choose_notice, notices.front()});
    REQUIRE(place.facts().local_notice == notices.front());
    place.pull();
    place.clock.jump_wall(24h);
    place.pass(2min);
    auto rows = place.rows();
    REQUIRE(rows["day_counts"] == 1);
    REQUIRE(rows["notice_shown"] == 1);
    REQUIRE(rows["notice_removed"] == 1);
    REQUIRE(rows["duty_begun"] == 1);
    REQUIRE(rows["duty_ended"] == 1);
    REQUIRE(place.facts().local_notice.empty());
    place.pass(10min);
    REQUIRE(place.rows() == rows); // once
}

TEST_CASE("what cannot be recorded is not done", "[flow][staff][refusal][G9]") {
    Place place;
    place.log_in("office", "246810");
    const auto folder = place.audit_folder();
    fs::rename(folder, folder.string() + ".away");
    for (const auto signal : {AreaSignal::stop_service, AreaSignal::duty_off}) {
        place.tell(signal);
        REQUIRE(place.area().problem == Problem::not_recorded);
        REQUIRE_FALSE(place.facts().closed_by_staff);
        REQUIRE(place.facts().staff_on_duty);
        const auto kept = place.kept(); // and neither after the next start
        REQUIRE_FALSE(kept.is_closed);
        REQUIRE_FALSE(kept.duty_day.empty());
    }
    place.pull(); // out again all the same
    REQUIRE(place.area().page == Page::closed);
    place.log_in("office", "246810");
    REQUIRE(place.area().page == Page::log_in);
    REQUIRE(place.standing().problem == Problem::not_recorded);
    fs::rename(folder.string() + ".away", folder);
    place.enter("246810"); // the next try writes again
    REQUIRE(place.area().page == Page::overview);
    place.tell(AreaSignal::stop_service);
    REQUIRE(place.facts().closed_by_staff);
    REQUIRE(place.chain_is_whole());
}

TEST_CASE("a visit closes the staff area, and a staff card in a visit does not open it",
          "[flow][staff]") {
    Place place;
    place.log_in("office", "246810");
    place.engine->kiosk().tell({session::Signal::language_chosen, base::Language::en});
    place.pass(0ms);
    REQUIRE(place.area().page == Page::closed);
    REQUIRE(place.rows()["logged_out"] == 1);
    place.pull();
    place.insert("office");
    REQUIRE(place.area().page == Page::closed);
    REQUIRE(place.session().staff.staff == "S-1001");
}

TEST_CASE("a PIN that a visit no longer waits for confirms nobody", "[flow][staff][refusal][G9]") {
    const bool is_dropped = GENERATE(false, true);
    Place place;
    place.engine->kiosk().tell({session::Signal::language_chosen, base::Language::en});
    place.insert("office");
    int confirmed = 0;
    place.desk().on_confirmed = [&](session::Ticket, const staff::Confirmed&) { ++confirmed; };
    place.desk().check_pin(staff::Purpose::witness, base::SecretText("246810"),
                           place.session().ticket);
    if (is_dropped) place.desk().drop_check(); // the card's answer is there, and comes too late
    place.pass(1s);
    REQUIRE(confirmed == (is_dropped ? 0 : 1));
    REQUIRE(place.standing().state == State::ask_pin);
}

TEST_CASE("what a visit drops does not end a log-in", "[flow][staff]") {
    Place place;
    place.insert("office");
    place.desk().tell({AreaSignal::pin, base::SecretText("246810")});
    place.desk().tell(AreaSignal::enter);
    place.desk().drop_check();
    place.pass(0ms);
    REQUIRE(place.area().page == Page::overview);
}

TEST_CASE("the demonstration's staff lists are numbered as a district's, upwards over its data",
          "[flow][staff]") {
    Place place;
    const auto version = [&] { return place.desk().overview(place.facts()).roster_version; };
    REQUIRE(version() == 12);
    place.world->set_roster(app::DemoRoster::fresh);
    place.desk().errands().fetch_roster();
    place.pass(1s);
    REQUIRE(version() == 13);
    place.start_anew(app::DemoRoster::fresh);
    REQUIRE(version() == 14);
}

TEST_CASE("workers that take nothing for a while end no errand for good", "[flow][staff]") {
    Place place(app::DemoRoster::none);
    place.workers_are_full = true;
    place.pass(20min);
    const auto beats = place.world->platform->heartbeats();
    place.workers_are_full = false;
    place.world->set_roster(app::DemoRoster::fresh);
    place.pass(8min);
    REQUIRE(place.world->platform->heartbeats() > beats);
    REQUIRE(place.facts().roster_ok);
    REQUIRE(place.engine->staff()->errands().counts().has_value());
}

TEST_CASE("a staff worker that takes nothing is said, holds no PIN, and is asked again",
          "[flow][staff]") {
    Place place;
    place.insert("office");
    const auto before = base::SessionArena::instance().in_use();
    place.workers_are_full = true;
    place.enter("246810");
    REQUIRE(place.standing().problem == Problem::card_silent);
    REQUIRE_FALSE(place.area().is_entered);
    REQUIRE(base::SessionArena::instance().in_use() == before);
    place.pass(5s);
    REQUIRE(place.standing().problem == Problem::card_silent);
    place.workers_are_full = false;
    place.pass(2s);
    REQUIRE(place.standing().state == State::ask_pin);
    place.enter("246810");
    REQUIRE(place.area().page == Page::overview);
}

TEST_CASE("a PIN that comes while another check is under way is answered, and asked for again",
          "[flow][staff]") {
    Place place;
    place.insert("office");
    const auto ticket = place.session().ticket;
    place.desk().check_pin(staff::Purpose::witness, base::SecretText("246810"), ticket);
    place.desk().check_pin(staff::Purpose::witness, base::SecretText("246810"), ticket);
    REQUIRE(place.standing().problem == Problem::card_silent);
    place.pass(2s);
    REQUIRE(place.standing().state == State::ask_pin);
}

TEST_CASE("a log-in that nobody waits for any more is logged out in the chain",
          "[flow][staff][refusal][G9]") {
    enum class Left { page, card, visit };
    const auto left = GENERATE(Left::page, Left::card, Left::visit);
    Place place;
    place.insert("office");
    place.desk().tell({AreaSignal::pin, base::SecretText("246810")});
    place.desk().tell(AreaSignal::enter); // the card has answered, and nobody has heard it yet
    switch (left) {
    case Left::page: place.desk().tell(AreaSignal::leave); break;
    case Left::card: place.world->staff_reader.pull_card(); break;
    case Left::visit:
        place.engine->kiosk().tell({session::Signal::language_chosen, base::Language::en});
        break;
    }
    place.pass(1s);
    REQUIRE(place.area().page == Page::closed);
    REQUIRE(place.rows()["logged_in"] == 1);
    REQUIRE(place.rows()["logged_out"] == 1);
    REQUIRE(place.chain_is_whole());
}

TEST_CASE("a kiosk that staff closed stays closed while their files fail, and lets them in again",
          "[flow][staff][refusal][G9]") {
    Place place;
    place.log_in("office", "246810");
    place.tell(AreaSignal::stop_service);
    place.pull();
    place.engine.reset();
    const auto folder = place.audit_folder();
    fs::rename(folder, folder.string() + ".away");
    REQUIRE(base::write_file_durably(folder.string(), base::as_bytes("in the way")).has_value());
    place.start();
    REQUIRE(place.engine->staff() == nullptr);
    REQUIRE(place.facts().closed_by_staff);
    place.insert("office"); // nobody looks
    place.pass(1min);
    REQUIRE(place.engine->staff() == nullptr);
    REQUIRE(place.facts().closed_by_staff);

    fs::remove(folder);
    fs::rename(folder.string() + ".away", folder);
    place.pass(6s);
    REQUIRE(place.engine->staff() != nullptr);
    REQUIRE(place.facts().closed_by_staff);
    place.pull();
    place.log_in("office", "246810");
    REQUIRE(place.area().page == Page::overview);
    place.tell(AreaSignal::resume_service);
    REQUIRE_FALSE(place.facts().closed_by_staff);
    REQUIRE(place.chain_is_whole());
}

TEST_CASE("a day's count that cannot be kept takes nobody's request away", "[flow][staff]") {
    Place place;
    test::Visitor visitor;
    visitor.begin("pension-eligibility");
    test::fill_in(visitor, test::card_born("1940-03-07"), {}, test::By::staff);
    const auto draft = app::draft_of(visitor.session, visitor.world);
    REQUIRE(draft.staff.witnessed_by == test::witness_id);
    const auto desk_file = staff::desk_file_in(place.engine->config().staff_folder());
    const auto folder = fs::path(desk_file).parent_path();
    fs::rename(folder, folder.string() + ".away");
    REQUIRE(std::holds_alternative<session::StoredInput>(place.engine->submitter().submit(draft)));
    REQUIRE(place.rows()["request_signed"] == 1);
    fs::rename(folder.string() + ".away", folder);
    REQUIRE(std::holds_alternative<session::StoredInput>(place.engine->submitter().submit(draft)));
    const auto kept = staff::DeskState::inspect(desk_file).value();
    REQUIRE(kept.counts.at(test::witness_id).witnessed == 1);
}

TEST_CASE("a first installation: the enrolment code until the staff list is there, then cards",
          "[flow][staff]") {
    Place place(app::DemoRoster::none);
    REQUIRE_FALSE(place.facts().takes_enrolment_code);
    const auto code =
        staff::make_enrolment_code(place.engine->config().staff_folder(), place.random).value();
    place.pass(0ms); // made while the kiosk runs: seen at the next look at the reader
    REQUIRE(place.facts().takes_enrolment_code);
    place.tell(AreaSignal::enrol);
    REQUIRE(place.area().page == Page::enrolment);
    place.enter("000000000000");
    REQUIRE(place.area().problem == Problem::wrong_pin);
    place.enter(code.view());
    REQUIRE(place.area().page == Page::overview);
    REQUIRE(place.rows()["enrolled"] == 1);
    REQUIRE_FALSE(place.facts().staff_on_duty);
    place.world->set_roster(app::DemoRoster::fresh);
    place.tell(AreaSignal::fetch_roster);
    REQUIRE(place.area().fetch == staff::Fetch::done);
    REQUIRE_FALSE(place.facts().takes_enrolment_code); // never again
    place.tell(AreaSignal::leave);
    REQUIRE(place.area().page == Page::closed);
    REQUIRE(place.rows()["logged_out"] == 1);
    place.log_in("technician", "13572468");
    REQUIRE(place.area().page == Page::overview);
}

TEST_CASE("the heartbeat tells queue, devices, the list's version and the chain's head",
          "[flow][staff][refusal][P12]") {
    Place place;
    place.log_in("office", "246810");
    place.pull();
    place.pass(8min);
    REQUIRE(place.world->platform->heartbeats() >= 1);
    REQUIRE(place.world->platform->audit_alarms().empty());
    const auto head = place.world->platform->audit_head();
    REQUIRE(head.has_value());
    int rows = 0;
    for (const auto& [event, count] : place.rows()) rows += count;
    REQUIRE(head->row == std::uint64_t(rows));
    const auto beat = nlohmann::json::parse(place.world->platform->last_heartbeat());
    REQUIRE(beat["devices"]["staff_reader"] == "ok");
}

TEST_CASE("the district closes a kiosk and has a test slip printed from afar, on record; nothing "
          "else it asks for happens",
          "[flow][staff][refusal][G14][D4.7]") {
    Place place;
    place.world->platform->queue_command("start-capture");
    place.world->platform->queue_command("reprint-self-test");
    place.pass(8min);
    REQUIRE(place.rows()["remote_command"] == 1);
    REQUIRE(place.world->camera.frames_taken() == 0);
    REQUIRE_FALSE(place.facts().closed_by_staff);
    place.world->platform->queue_command("go-out-of-service");
    place.world->platform->queue_command("go-out-of-service");
    place.pass(8min);
    REQUIRE(place.rows()["remote_command"] == 2);
    REQUIRE(place.facts().closed_by_staff);
    // Staff open it again, as if they had closed it.
    place.log_in("office", "246810");
    place.tell(AreaSignal::resume_service);
    REQUIRE_FALSE(place.facts().closed_by_staff);
    REQUIRE(place.rows()["service_resumed"] == 1);
}

// ---- the face camera ----

namespace {

// At the face camera's page, which has opened nothing yet.
void go_to_face_camera(Place& place) {
    place.log_in("technician", "13572468");
    place.tell({AreaSignal::page, Page::camera});
    place.tell({AreaSignal::page, Page::face_camera});
    REQUIRE(place.area().page == Page::face_camera);
    place.pass(1s);
    REQUIRE_FALSE(place.world->face.is_mirror_open());
}

std::set<std::string> files_in(const fs::path& folder) {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) files.insert(fs::relative(entry.path(), folder).string());
    return files;
}

} // namespace

TEST_CASE("a technician sees their own picture for a minute, on record, and nothing of it stays",
          "[flow][staff][refusal][D4.1][D4.4][G7]") {
    Place place;
    auto& face = place.world->face;
    go_to_face_camera(place);
    const auto before = files_in(place.folder.path);
    REQUIRE(face.frames_taken() == 0);
    REQUIRE(place.desk().overview(place.facts()).face_parts.size() == 4);
    place.tell(AreaSignal::show_face);
    place.pass(2s);
    REQUIRE(place.rows()["face_camera_tested"] == 1);
    REQUIRE(face.is_mirror_open());
    const auto shown = place.facts().mirror;
    REQUIRE(shown.live != nullptr);
    REQUIRE(shown.width == 640);
    REQUIRE(shown.frames_per_second == Approx(25).margin(0.5));
    REQUIRE(shown.measures.size() == 4);
    for (const auto& measure : shown.measures) {
        INFO(measure.reason << " " << measure.value);
        REQUIRE(measure.is_good);
    }
    REQUIRE(place.facts().face == present::FaceFacts{}); // no check is going on
    place.pass(1min);
    REQUIRE_FALSE(face.is_mirror_open());
    REQUIRE(place.area().page == Page::face_camera);
    REQUIRE(place.facts().mirror == present::MirrorFacts{});
    const auto taken = face.frames_taken();
    REQUIRE(taken > 1400); // a minute of 25 a second
    REQUIRE(taken < 1510);
    place.pull();
    place.pass(1min);
    REQUIRE(face.frames_taken() == taken);
    // Frames are counted for the day, and nothing else was written.
    auto after = files_in(place.folder.path);
    REQUIRE(after.erase("face/record.json") == 1);
    for (const auto& file : before) after.erase(file);
    for (const auto& file : after) {
        INFO(file);
        REQUIRE(file.starts_with("audit"));
    }
    const auto days =
        app::FaceRecord(app::face_record_file(place.folder.path.string())).days().value();
    REQUIRE(days.size() == 1);
    REQUIRE(days[0].tally == app::FaceTally{0, 0, std::int64_t(taken)});
}

TEST_CASE("however the face camera's page is left, its camera is closed",
          "[flow][staff][refusal][D4.1][G7]") {
    const std::vector<std::function<void(Place&)>> ways_out{
        [](Place& place) { place.tell(AreaSignal::hide_face); },
        [](Place& place) { place.tell(AreaSignal::back); },
        [](Place& place) { place.tell(AreaSignal::leave); },
        [](Place& place) { place.pull(); },
        [](Place& place) {
            place.engine->kiosk().tell({session::Signal::language_chosen, base::Language::zh});
        },
        [](Place& place) { place.world->face.pull_cable(); }};
    for (std::size_t i = 0; i < ways_out.size(); ++i) {
        INFO(i);
        Place place;
        go_to_face_camera(place);
        place.tell(AreaSignal::show_face);
        place.pass(200ms);
        REQUIRE(place.world->face.is_mirror_open());
        ways_out[i](place);
        place.pass(200ms);
        REQUIRE_FALSE(place.world->face.is_mirror_open());
        REQUIRE(place.facts().mirror == present::MirrorFacts{});
        const auto taken = place.world->face.frames_taken();
        place.pass(2min);
        REQUIRE(place.world->face.frames_taken() == taken);
    }
}

TEST_CASE("nobody but staff who are logged in opens the face camera, and nobody off the record",
          "[flow][staff][refusal][D4.1][G7]") {
    Place place;
    auto& face = place.world->face;
    place.tell(AreaSignal::show_face); // the welcome screen
    place.insert("technician");
    place.tell(AreaSignal::show_face); // the log-in
    place.pull();
    place.log_in("office", "246810");
    place.tell({AreaSignal::page, Page::camera});
    place.tell({AreaSignal::page, Page::face_camera});
    place.tell(AreaSignal::show_face); // not their task
    place.pull();
    place.engine->kiosk().tell({session::Signal::language_chosen, base::Language::zh});
    place.tell({AreaSignal::page, Page::face_camera});
    place.tell(AreaSignal::show_face); // a resident is here
    place.pass(1s);
    REQUIRE(face.frames_taken() == 0);
    place.engine->kiosk().tell(session::Signal::leave);
    place.engine->kiosk().tell(session::Signal::leave_confirmed);
    place.pass(1min);
    go_to_face_camera(place);
    place.workers_are_full = true; // what cannot be recorded is not done
    place.tell(AreaSignal::show_face);
    place.workers_are_full = false;
    place.pass(1s);
    REQUIRE(place.area().face == staff::Fetch::failed);
    REQUIRE(place.area().problem == Problem::not_recorded);
    REQUIRE(face.frames_taken() == 0);
    REQUIRE(place.rows()["face_camera_tested"] == 0);
}

TEST_CASE("a certificate is renewed by itself when it is due, and once",
          "[flow][staff][platform]") {
    Place place;
    const auto certificate = [&] {
        return platform::Certificate::load(place.device_certificate()).value().fingerprint();
    };
    const auto first = certificate();
    place.pass(10min);
    CHECK(certificate() == first);
    place.clock.advance(24h * 271);
    place.start();
    place.pass(10min);
    const auto second = certificate();
    CHECK(second != first);
    place.pass(25h);
    CHECK(certificate() == second);
}

// ---- what goes out by itself ----

TEST_CASE("closed segments of the audit chain reach the platform while nobody is here, each once",
          "[flow][staff][audit]") {
    Place place;
    const auto received = [&] { return place.world->platform->audit_rows(); };
    constexpr auto rows = staff::audit_segment_rows;
    place.write_rows(3 * int(rows));
    // Somebody is here for most of an hour.
    auto& kiosk = place.engine->kiosk();
    kiosk.tell({session::Signal::language_chosen, base::Language::zh});
    for (int minute = 0; minute < 40; ++minute) {
        kiosk.tell(session::Signal::touched);
        place.pass(1min);
    }
    CHECK(received().empty());
    kiosk.tell(session::Signal::leave);
    kiosk.tell(session::Signal::leave_confirmed);
    place.pass(1h);
    CHECK(received().size() == 3 * rows);
    place.pass(5h);
    CHECK(received().size() == 3 * rows); // nothing closed since
    // Without a network it waits; after a start nothing goes out twice.
    place.world->set_network(false);
    place.write_rows(int(rows));
    place.pass(3h);
    CHECK(received().size() == 3 * rows);
    place.start();
    place.world->set_network(true);
    place.pass(3h);
    CHECK(received().size() == 4 * rows);
    const auto lines = received();
    CHECK(std::set(lines.begin(), lines.end()).size() == lines.size());
}

TEST_CASE("staff are told when the platform serves newer programs only, and told when it is mended",
          "[flow][staff]") {
    Place place;
    const auto is_outdated = [&] { return place.desk().overview(place.facts()).program_outdated; };
    place.pass(5min);
    CHECK_FALSE(is_outdated());
    place.world->platform->set_least_client_version("99.0.0");
    place.pass(24h);
    CHECK(is_outdated());
    CHECK(place.facts().accepting); // requests are taken as before
    place.world->platform->set_least_client_version("0.0.1");
    place.pass(24h);
    CHECK_FALSE(is_outdated());
}
