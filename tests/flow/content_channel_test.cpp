// Goal: what operators sign reaches the kiosk by itself, between visits, whole; nothing else does;
// and whatever fails on the way leaves a kiosk that serves with a set that was whole before (spec
// reliability C1 to C6, DESIGN D10).
// Method: a whole kiosk with the reference platform, its clock moved by hand; and `kiosk content`
// as it was built, killed or refused by the disk at every call that changes a file.
#include "kiosk/app/content_channel.hpp"
#include "kiosk/base/descriptor.hpp"
#include "tests/support/content_maker.hpp"
#include "tests/support/demo_kiosk.hpp"
#include "tests/support/program_ending.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/file.h>

#include <memory>

namespace {

namespace fs = std::filesystem;
using support::ContentMaker;
using namespace std::chrono_literals;

std::string write_public_key(const std::string& path, std::uint8_t number) {
    const auto raw = ContentMaker::private_key(number);
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()),
        EVP_PKEY_free);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"),
                                                               std::fclose);
    REQUIRE(PEM_write_PUBKEY(file.get(), key.get()) == 1);
    return path;
}

struct Place {
    ContentMaker maker;
    support::DemoKiosk kiosk{"content-channel", [this](config::Config& made) {
                                 for (std::uint8_t number = 1; number <= 3; ++number)
                                     made.district.content_keys.push_back(write_public_key(
                                         maker.path(std::to_string(number) + ".pem"), number));
                             }};

    void offer(const std::string& folder, int percent = 100,
               std::optional<base::Date> not_before = {}) {
        const auto done = kiosk.world->platform->offer_content(folder, percent, not_before);
        INFO((done ? std::string() : done.error().text()));
        REQUIRE(done.has_value());
    }
    // What the next start greets with.
    std::string greeting() {
        kiosk.engine.reset();
        auto settings = app::EngineSettings();
        settings.config = config;
        settings.threads = app::EngineSettings::Threads::caller;
        settings.wrap_transport = kiosk.world->cable();
        auto opened = app::Engine::open(std::move(settings), kiosk.world->devices(), kiosk.clock,
                                        kiosk.random);
        REQUIRE(opened.has_value());
        kiosk.engine = std::move(opened).value();
        kiosk.engine->start();
        kiosk.settle();
        return kiosk.engine->content().text(ContentMaker::greeting_key, base::Language::en);
    }
    bool wants_new_start() { return kiosk.engine->wants_new_start(); }
    // A heartbeat's answer asks for a look at what the district offers; six minutes at most.
    void wait_for_look() {
        kiosk.world->platform->queue_command("sync-content");
        kiosk.wait(7min);
    }

    config::Config config = kiosk.engine->config();
    std::string shipped =
        kiosk.engine->content().text(ContentMaker::greeting_key, base::Language::en);
};

} // namespace

TEST_CASE("a set that the district offers is fetched, and used by the next start",
          "[flow][C5][C6]") {
    Place place;
    place.offer(place.maker.make(2, "Two", {1, 2}));
    CHECK_FALSE(place.wants_new_start());
    place.kiosk.wait(4min);
    INFO(place.kiosk.events());
    CHECK(place.wants_new_start());
    // This program goes on with the set that it began with (C6).
    CHECK(place.kiosk.engine->content().version() == 1);
    CHECK(place.greeting() == "Two");
    place.kiosk.wait(1min);
    CHECK_FALSE(place.wants_new_start());
    place.kiosk.wait(7min);
    CHECK(place.kiosk.world->platform->last_heartbeat().find("\"contentVersion\":2") !=
          std::string::npos);
}

TEST_CASE("nobody's visit is ended for another set", "[flow][C5][C6]") {
    Place place;
    place.offer(place.maker.make(2, "Two", {1, 2}));
    place.kiosk.wait(2min); // not yet looked
    place.kiosk.tap("attract/zh");
    REQUIRE(place.kiosk.screen() != "attract");
    for (int minute = 0; minute < 4; ++minute) {
        place.kiosk.wait(1min);
        place.kiosk.tap("rail/text_size"); // somebody is there
        CHECK_FALSE(place.wants_new_start());
    }
    place.kiosk.wait(6min); // and went away
    REQUIRE(place.kiosk.screen() == "attract");
    CHECK(place.wants_new_start());
}

TEST_CASE("the district's word brings a set at once, and stands in the audit chain",
          "[flow][refusal][D4.7]") {
    Place place;
    place.kiosk.wait(10min); // the first look is over
    place.offer(place.maker.make(2, "Two", {2, 3}));
    place.kiosk.world->platform->queue_command("sync-content");
    place.kiosk.wait(7min);
    CHECK(place.wants_new_start());
    REQUIRE(place.kiosk.engine->audit() != nullptr);
    const auto rows = base::read_file(place.config.audit_folder() + "/chain.jsonl");
    REQUIRE(rows.has_value());
    CHECK(base::as_text(*rows).find("sync_content") != std::string_view::npos);
}

TEST_CASE("a set that is not signed by enough, altered, older, or for others does not come",
          "[flow][C2][C3][refusal][D4.7]") {
    Place place;
    const auto nothing_comes = [&] {
        place.wait_for_look();
        CHECK_FALSE(place.wants_new_start());
        CHECK(place.greeting() == place.shipped);
    };
    place.offer(place.maker.make(2, "One signature", {1}));
    nothing_comes();
    CHECK(place.kiosk.events().find("\"content\"") != std::string::npos);
    const auto altered = place.maker.make(2, "Altered", {1, 2});
    std::ofstream(altered + "/screens.json", std::ios::app) << " ";
    place.offer(altered);
    nothing_comes();
    place.offer(place.maker.make(1, "Not newer", {1, 2}));
    nothing_comes();
    place.offer(place.maker.make(2, "For none of the kiosks", {1, 2}), 0);
    nothing_comes();
    const auto tomorrow = base::Date(
        std::chrono::sys_days(base::local_date(place.kiosk.clock.wall())) + std::chrono::days(2));
    place.offer(place.maker.make(2, "Later", {1, 2}), 100, tomorrow);
    nothing_comes();
    place.kiosk.wait(48h);
    CHECK(place.greeting() == "Later");
}

TEST_CASE("without a line the kiosk serves on, and fetches later", "[flow][C4]") {
    Place place;
    place.offer(place.maker.make(2, "Two", {1, 2}));
    place.kiosk.world->set_network(false);
    place.kiosk.wait(10min);
    CHECK_FALSE(place.wants_new_start());
    CHECK(place.kiosk.screen() == "attract"); // it serves all the same
    place.kiosk.world->set_network(true);
    place.wait_for_look();
    CHECK(place.greeting() == "Two");
}

TEST_CASE("starts that end before their time give a set back; one that lives keeps it",
          "[flow][C5]") {
    Place place;
    place.offer(place.maker.make(2, "Two", {1, 2}));
    place.kiosk.wait(4min);
    SECTION("none of them lives for a minute") {
        for (int start = 0; start < content::starts_limit; ++start)
            CHECK(place.greeting() == "Two");
        CHECK(place.greeting() == place.shipped);
        CHECK(place.kiosk.events().find("\"content\"") != std::string::npos);
        // It is offered still, and does not come back by itself.
        place.wait_for_look();
        CHECK_FALSE(place.wants_new_start());
    }
    SECTION("one lives") {
        CHECK(place.greeting() == "Two");
        place.kiosk.wait(2min);
        CHECK_FALSE(place.wants_new_start()); // and is noted on the way
        for (int start = 0; start < 2 * content::starts_limit; ++start)
            CHECK(place.greeting() == "Two");
    }
    SECTION("one lives, while a command holds the lock or the disk takes nothing") {
        CHECK(place.greeting() == "Two");
        auto terms = app::content_terms(place.config).value();
        const content::Store store(terms);
        const auto sees_proof = [&] {
            CHECK_FALSE(place.wants_new_start());
            return store.state()->is_proven;
        };
        {
            const base::Descriptor lock{
                ::open((terms.folder + "/lock").c_str(), O_RDWR | O_CLOEXEC)};
            REQUIRE(::flock(lock.get(), LOCK_EX | LOCK_NB) == 0);
            place.kiosk.wait(2min);
            CHECK_FALSE(sees_proof());
            place.kiosk.wait(1min);
            CHECK_FALSE(sees_proof());
        }
        // A note that cannot be read is a fault of the disk, and is told as one.
        const auto state = terms.folder + "/state.json";
        fs::rename(state, state + ".away");
        fs::create_directory(state);
        place.kiosk.wait(20s);
        CHECK_FALSE(place.wants_new_start());
        fs::remove(state);
        fs::rename(state + ".away", state);
        place.kiosk.wait(20s);
        CHECK(sees_proof());
    }
    SECTION("each is ended by people") {
        for (int start = 0; start < 2 * content::starts_limit; ++start) {
            CHECK(place.greeting() == "Two");
            place.kiosk.engine->end_in_good_order();
        }
    }
}

TEST_CASE("kiosks in a trial are about as many as are asked for, and the same ones",
          "[flow][platform]") {
    platform::ContentOffer offer;
    offer.version = 7;
    offer.percent = 20;
    int in = 0;
    for (int kiosk = 0; kiosk < 1000; ++kiosk) {
        const auto device = base::sha256(base::as_bytes(std::to_string(kiosk)));
        const bool takes_part = platform::is_in_trial(offer, device);
        in += int(takes_part);
        auto wider = offer;
        wider.percent = 50;
        CHECK((!takes_part || platform::is_in_trial(wider, device)));
    }
    CHECK(in > 150);
    CHECK(in < 250);
    offer.percent = 100;
    CHECK(platform::is_in_trial(offer, {}));
    offer.percent = 0;
    CHECK_FALSE(platform::is_in_trial(offer, {}));
}

// ---- the commands ----

namespace {

struct Desk {
    ContentMaker maker;
    std::string data = maker.path("data");
    std::string old_set = maker.make(2, "Two", {1, 2});
    std::string new_set = maker.make(3, "Three", {2, 3});

    Desk() {
        fs::create_directories(data);
        nlohmann::json keys;
        for (std::uint8_t number = 1; number <= 3; ++number)
            keys.push_back(write_public_key(maker.path(std::to_string(number) + ".pem"), number));
        std::ofstream(maker.path("kiosk.json"))
            << nlohmann::json{{"content", fs::absolute("assets/content").string()},
                              {"district", {{"contentKeys", keys}}}};
    }
    support::ProgramEnding run(const std::string& words, const std::string& before = "") const {
        return support::run_program(before + " " + KIOSK_PROGRAM + " content " + words +
                                    " --config " + maker.path("kiosk.json") + " --data " + data);
    }
    content::Store store() const {
        auto terms = maker.terms();
        terms.folder = data + "/content";
        return content::Store(terms);
    }
    std::string greeting() const {
        const auto start = store().begin_start();
        const auto set =
            content::ContentSet::open(start.folder.empty() ? "assets/content" : start.folder);
        return set ? (*set)->text(ContentMaker::greeting_key, base::Language::en) : "nothing";
    }
};

} // namespace

TEST_CASE("operators sign, install, activate, look and go back by the command line",
          "[flow][content]") {
    const Desk desk;
    const auto key = desk.maker.path("new.key");
    REQUIRE(support::run_program("openssl genpkey -algorithm ed25519 -out " + key).code == 0);
    const auto set = desk.maker.make(5, "Five", {1});
    CHECK(desk.run("install " + set).says("not signed by 2"));
    const auto foreign = desk.run("sign " + set + " " + key);
    CHECK(foreign.code == 0);
    CHECK(desk.run("verify " + set).says("signed by 1 of the district's 3 keys, 2 are needed"));
    CHECK(desk.run("install " + set).code == 1); // a key that nobody trusts helps nobody
    ContentMaker::sign(set, {3});
    CHECK(desk.run("verify " + set).code == 0);

    const auto installed = desk.run("install " + set);
    INFO(installed.text);
    REQUIRE(installed.code == 0);
    CHECK(desk.greeting() != "Five");
    const auto name = desk.store().names().front();
    CHECK(installed.says("kiosk content activate " + name));
    CHECK(desk.run("activate " + name).code == 0);
    CHECK(desk.greeting() == "Five");
    const auto status = desk.run("status");
    CHECK(status.code == 0);
    CHECK(status.says(name));
    CHECK(status.says("active"));
    CHECK(nlohmann::json::parse(desk.run("status --json").text)["sets"][1]["use"] == "active");
    CHECK(desk.run("activate nothing").says("is no name of a set"));
    CHECK(desk.run("rollback").says("the set that came with the program"));
    CHECK(desk.greeting() != "Five");
    const auto again = desk.run("rollback");
    CHECK(again.code == 1);
    CHECK(again.says("there is none before"));
    CHECK(desk.run("sign " + set + " " + desk.maker.path("absent.key")).code == 1);
    CHECK(desk.run("install " + desk.maker.path("absent")).code == 1);
}

TEST_CASE("a set that the kiosk would never take up is not made active, and is not said to be",
          "[flow][content][C1]") {
    const Desk desk;
    REQUIRE(desk.run("install --activate " + desk.old_set).code == 0);
    const auto name = desk.store().state()->active;
    // A program came that brings a newer set along.
    const auto use_own = [&](const std::string& folder) {
        nlohmann::json config;
        std::ifstream(desk.maker.path("kiosk.json")) >> config;
        config["content"] = fs::absolute(folder).string();
        std::ofstream(desk.maker.path("kiosk.json")) << config;
    };
    use_own(desk.maker.make(3, "Of the program", {}));
    const auto told = desk.run("activate " + name);
    INFO(told.text);
    CHECK(told.code == 1);
    CHECK(told.says(name + " is not newer than version 3, which came with the program"));
    CHECK_FALSE(told.says("takes it up"));
    const auto status = nlohmann::json::parse(desk.run("status --json").text);
    CHECK(status["sets"][0]["use"] == "active");
    CHECK(status["sets"][1]["use"] == "kept");
    CHECK(desk.run("status").says(name + " was active and is not newer"));
    // Back to a set that is passed over too is back to the program's own.
    use_own("assets/content");
    REQUIRE(desk.run("install --activate " + desk.maker.make(5, "Five", {1, 2})).code == 0);
    use_own(desk.maker.make(4, "Of the program", {}));
    CHECK(desk.run("rollback").says("back to the set that came with the program"));
}

#ifdef FILE_FAULTS_LIBRARY
TEST_CASE("whatever file call of taking a set over fails or is the last: one whole set is used",
          "[flow][content][C5]") {
    const Desk desk;
    REQUIRE(desk.run("install --activate " + desk.old_set).code == 0);
    REQUIRE(desk.store().prove_start(desk.store().state()->active).has_value());
    const auto with_old = desk.maker.path("with-old");
    fs::copy(desk.data, with_old, fs::copy_options::recursive);
    const auto put_back = [&] {
        fs::remove_all(desk.data);
        fs::copy(with_old, desk.data, fs::copy_options::recursive);
    };
    int old = 0, fresh = 0, runs = 0;
    for (const auto* kind : {"KILL", "EIO", "ENOSPC"})
        for (const auto* lasting : {"once", "on"}) {
            const bool is_kill = std::string(kind) == "KILL";
            if (is_kill && std::string(lasting) == "on") continue;
            // All places for a kill, other ones for each kind of fault.
            const long step = is_kill ? 1 : 5;
            for (long at = is_kill ? 0 : runs % step;; at += step) {
                put_back();
                const auto count = desk.maker.path("count");
                const auto faults =
                    "LD_PRELOAD=" FILE_FAULTS_LIBRARY " FILE_FAULTS_FOLDER=" + desk.data +
                    "/ FILE_FAULTS_KIND=" + kind + " FILE_FAULTS_LASTING=" + lasting +
                    " FILE_FAULTS_AT=" + std::to_string(at) + " FILE_FAULTS_COUNT=" + count;
                const auto ended = desk.run("install --activate " + desk.new_set, faults);
                INFO(kind << " " << lasting << " at " << at << ": " << ended.text);
                const auto after = desk.greeting();
                CHECK((after == "Two" || after == "Three"));
                CHECK((ended.code != 0 || after == "Three")); // said to be done: done
                (after == "Two" ? old : fresh)++;
                ++runs;
                // And the next try, on a disk that works, brings it.
                if (runs % 4 == 0) CHECK(desk.run("install --activate " + desk.new_set).code == 0);
                if (runs % 4 == 0) CHECK(desk.greeting() == "Three");
                long calls = 0;
                std::ifstream(count) >> calls;
                if (ended.code == 0 && calls <= at) break; // nothing was left to strike
                REQUIRE(at < 1000);
            }
        }
    std::printf("content: %d runs, the set before in %d, the new one in %d\n", runs, old, fresh);
    CHECK(old > 0);
    CHECK(fresh > 0);
}
#endif
