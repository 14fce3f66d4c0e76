// Whoever stands before the demonstration's mirror: how each manner ends, and what the
// demonstration's calibration is worth elsewhere.
#include "kiosk/app/development/simulated_face.hpp"

#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"

#include <catch2/catch.hpp>
#include <set>

namespace {

using namespace std::chrono_literals;
using app::FaceManner;
using session::FaceEnd;
using session::Signal;

const base::Bytes photo(1024, 0x2a);
const base::Bytes other_photo(1024, 0x2b);

struct Mirror {
    base::ManualClock clock{base::WallTime(std::chrono::sys_days{2026y / 11 / 22})};
    base::SeededRandom random;
    app::SimulatedFace face;
    session::Ticket ticket = 7;
    std::set<std::string> said;

    explicit Mirror(std::uint64_t seed = 1) : random(seed), face(clock, random) {
        face.stand_there(photo);
    }
    // What a check ends with; nothing within 45 seconds.
    std::optional<session::Input> check(base::ByteView on_card = photo, int age = 70) {
        const auto chip = std::make_shared<base::SecretBytes>();
        chip->assign(on_card.begin(), on_card.end());
        REQUIRE(face.begin({ticket, chip, age}, {}));
        for (int frame = 0; frame < 45 * 25; ++frame) {
            clock.advance(40ms);
            auto look = face.look();
            if (look.ended) {
                face.end();
                return std::move(*look.ended);
            }
            REQUIRE(look.shown.live != nullptr);
            said.insert(look.shown.said);
        }
        face.end();
        return std::nullopt;
    }
};

bool is_pass(const std::optional<session::Input>& ended) {
    return ended && ended->signal == Signal::face_passed;
}

bool is_not_certain(const std::optional<session::Input>& ended) {
    return ended && ended->signal == Signal::face_ended &&
           std::get<FaceEnd>(ended->payload) == FaceEnd::not_certain;
}

} // namespace

TEST_CASE("whoever does what is asked passes, whatever is asked", "[flow][face]") {
    std::set<std::string> said;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        Mirror mirror(seed);
        CHECK(is_pass(mirror.check()));
        said.merge(mirror.said);
    }
    CHECK(said == std::set<std::string>{"straight", "turn_left", "turn_right", "come_closer"});
}

TEST_CASE("nobody else passes before the demonstration's mirror", "[flow][face]") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        for (const auto manner : {FaceManner::still, FaceManner::wrong_way, FaceManner::sheet,
                                  FaceManner::somebody_else}) {
            INFO(int(manner));
            Mirror mirror(seed);
            mirror.face.behave(manner);
            CHECK(is_not_certain(mirror.check()));
        }
        Mirror mirror(seed);
        CHECK(is_not_certain(mirror.check(other_photo))); // somebody's card
        CHECK(is_not_certain(mirror.check(photo, 13)));
    }
}

TEST_CASE("who is not there, or far away, is told so and waited for", "[flow][face]") {
    Mirror mirror;
    mirror.face.behave(FaceManner::away);
    CHECK_FALSE(mirror.check());
    CHECK(mirror.said == std::set<std::string>{"nobody"});
    mirror.said.clear();
    mirror.face.behave(FaceManner::far);
    CHECK_FALSE(mirror.check());
    CHECK(mirror.said == std::set<std::string>{"come_closer"});
}

TEST_CASE("the demonstration has three tries as well, and no camera when it is unplugged",
          "[flow][refusal][G14][face]") {
    Mirror mirror;
    mirror.face.behave(FaceManner::somebody_else);
    for (int i = 0; i < 3; ++i) {
        CHECK(mirror.face.has_tries(mirror.ticket));
        CHECK(is_not_certain(mirror.check()));
    }
    CHECK_FALSE(mirror.face.has_tries(mirror.ticket));
    mirror.face.behave(FaceManner::follows);
    CHECK(is_not_certain(mirror.check()));
    mirror.ticket = 8;
    CHECK(is_pass(mirror.check()));
    mirror.face.pull_cable();
    CHECK_FALSE(mirror.face.is_ready());
    CHECK_FALSE(mirror.face.begin({9, std::make_shared<base::SecretBytes>(), 70}, {}));
}

TEST_CASE("the demonstration's calibration is for its simulated people alone",
          "[flow][refusal][G15][face]") {
    Mirror mirror;
    const auto& files = mirror.face.calibration_files();
    face::CalibrationTerms terms;
    terms.pipeline = face::pipeline_version;
    // A kiosk that was told of no district, or of another one, does not take it.
    terms.model = "simulated";
    CHECK(face::open_calibration(files, terms).error().code == base::Errc::unauthorised);
    const Mirror elsewhere(2);
    terms.trusted = elsewhere.face.demo_keys();
    CHECK(face::open_calibration(files, terms).error().code == base::Errc::unauthorised);
    // Nor does one whose administrator trusts the demonstration's keys: no network has that name.
    terms.trusted = mirror.face.demo_keys();
    CHECK(face::open_calibration(files, terms));
    terms.model = "face-reidentification-retail-0095";
    CHECK(face::open_calibration(files, terms).error().code == base::Errc::refused);
    // A year later the demonstration, too, has to be measured again.
    mirror.clock.jump_wall(std::chrono::hours(24 * 400));
    CHECK_FALSE(mirror.face.begin({9, std::make_shared<base::SecretBytes>(), 70}, {}));
}
