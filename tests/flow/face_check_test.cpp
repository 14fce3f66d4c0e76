// A face check on the kiosk's glass: what is seen and said, and when the camera is open.
#include "kiosk/app/face_record.hpp"
#include "tests/support/demo_kiosk.hpp"
#include "tests/support/scripted_face.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace {

using namespace std::chrono_literals;
using session::FaceEnd;
using session::Input;
using session::Signal;
using session::Step;

app::FaceLook sees(std::string said, bool is_asked = false) {
    base::Picture wall{64, 80, 3, {}};
    wall.pixels.assign(std::size_t(64) * 80 * 3, 0x60);
    app::FaceLook look;
    look.shown = {std::make_shared<const base::Picture>(std::move(wall)), std::move(said),
                  is_asked};
    return look;
}

app::FaceLook ends(Input input) {
    app::FaceLook look;
    look.ended.emplace(std::move(input));
    return look;
}

struct Visit {
    support::ScriptedFace face;
    support::DemoKiosk kiosk;

    explicit Visit(const std::string& name)
        : kiosk("face-" + name, {}, 1, support::DemoKiosk::Voice::none, std::nullopt, &face) {
        face.next = sees("come_closer");
    }

    Step step() { return kiosk.kiosk().session().step; }

    void come_to_identity() {
        kiosk.kiosk().tell({Signal::language_chosen, base::Language::en});
        kiosk.kiosk().tell({Signal::matter_chosen, session::ChoiceInput{"pension-eligibility"}});
        kiosk.kiosk().tell(Signal::go_on);
        REQUIRE(kiosk.world->lay_card("pensioner"));
        for (int i = 0; i < 50 && step() == Step::card; ++i) kiosk.wait(200ms);
        REQUIRE(step() == Step::prefill_offer);
        kiosk.kiosk().tell(Signal::declined);
        REQUIRE(step() == Step::prefilled);
        kiosk.kiosk().tell(Signal::go_on);
        REQUIRE(step() == Step::question);
        kiosk.settle();
        kiosk.tap("question/option/self");
        kiosk.tap("actions/go");
        kiosk.settle();
        REQUIRE(step() == Step::identity);
    }
    void come_to_check() {
        come_to_identity();
        kiosk.tap("otherway/face");
        kiosk.settle();
        REQUIRE(step() == Step::face_consent);
        CHECK(face.begun == 0);
        kiosk.tap("consent/agree");
        kiosk.settle();
        REQUIRE(step() == Step::face_check);
        kiosk.wait(200ms);
    }
    screens::FaceModel shown() {
        return std::get<screens::FaceModel>(
            present::model(kiosk.kiosk().session(), present::View{}, kiosk.kiosk().facts()));
    }
};

} // namespace

TEST_CASE("a person who agrees sees themselves and what to change, and passes", "[flow][face]") {
    Visit visit("pass");
    visit.come_to_check();
    CHECK(visit.face.begun == 1);
    CHECK(visit.face.is_open);
    CHECK(visit.face.age.value_or(0) > 60);
    CHECK(visit.shown().live != nullptr);
    CHECK(visit.shown().now.title == "A little closer, please");
    visit.face.next = sees("turn_left", true);
    visit.kiosk.wait(200ms);
    CHECK(visit.shown().now.title == "Please turn your head slowly to your left");
    visit.face.next = ends(Signal::face_passed);
    visit.kiosk.wait(200ms);
    CHECK(visit.step() == Step::question);
    CHECK_FALSE(visit.face.is_open);
    CHECK(visit.kiosk.kiosk().facts().face == present::FaceFacts{});
}

TEST_CASE("every end of a check leads to the other ways, with the camera closed", "[flow][face]") {
    for (const auto why :
         {FaceEnd::not_certain, FaceEnd::not_finished, FaceEnd::no_photo, FaceEnd::device}) {
        INFO(to_string(why));
        Visit visit("end");
        visit.come_to_check();
        visit.face.next = ends({Signal::face_ended, why});
        visit.kiosk.wait(200ms);
        CHECK(visit.step() == Step::identity);
        CHECK_FALSE(visit.face.is_open);
        const auto model = std::get<screens::OtherwayModel>(present::model(
            visit.kiosk.kiosk().session(), present::View{}, visit.kiosk.kiosk().facts()));
        CHECK(model.sub != "Each way leads to the same result.");
        CHECK(model.ways.size() == 3);
    }
}

TEST_CASE("no frame is taken before the yes, under a question, or after the end",
          "[flow][refusal][G6][G7][P2][P4][face]") {
    for (const auto* way_out : {"actions/stop", "actions/other_way", "leave"}) {
        INFO(way_out);
        Visit visit("frames");
        visit.come_to_identity();
        visit.kiosk.wait(1s);
        CHECK(visit.face.looks == 0);
        visit.kiosk.tap("otherway/face");
        visit.kiosk.settle();
        visit.kiosk.wait(5s); // the question stands there as long as it likes
        CHECK(visit.face.looks == 0);
        CHECK(visit.face.begun == 0);
        visit.kiosk.tap("consent/agree");
        visit.kiosk.wait(300ms);
        CHECK(visit.face.looks > 0);
        // Something lies over it: nobody looks at the mirror.
        visit.kiosk.kiosk().tell(Signal::call_staff);
        visit.kiosk.settle();
        const int under = visit.face.looks;
        visit.kiosk.wait(2s);
        CHECK(visit.face.looks == under);
        visit.kiosk.kiosk().tell(Signal::help_closed);
        visit.kiosk.wait(300ms);
        CHECK(visit.face.looks > under);
        if (std::string(way_out) == "leave") {
            visit.kiosk.kiosk().tell(Signal::leave);
            visit.kiosk.kiosk().tell(Signal::leave_confirmed);
        } else {
            visit.kiosk.tap(way_out);
        }
        visit.kiosk.settle();
        const int ended = visit.face.looks;
        CHECK_FALSE(visit.face.is_open);
        visit.kiosk.wait(3s);
        CHECK(visit.face.looks == ended);
    }
}

TEST_CASE("a camera that does not open says so, and the matter goes on", "[flow][face]") {
    Visit visit("unplugged");
    visit.face.fault = base::Errc::unplugged;
    visit.come_to_identity();
    visit.kiosk.tap("otherway/face");
    visit.kiosk.settle();
    visit.kiosk.tap("consent/agree");
    visit.kiosk.wait(300ms);
    CHECK(visit.step() == Step::identity);
    CHECK(visit.kiosk.kiosk().session().visit->face_end == FaceEnd::device);
    CHECK(visit.face.looks == 0);
}

TEST_CASE("a card laid down while a face is compared closes the camera, and nobody is confirmed",
          "[flow][refusal][P1][face]") {
    for (const std::string whose : {"applicant-86", "pensioner"}) {
        INFO(whose);
        Visit visit("card-" + whose);
        visit.come_to_check();
        visit.kiosk.wait(2s); // it lies there still
        visit.kiosk.world->sam.lift_card();
        visit.kiosk.wait(2s);
        CHECK(visit.step() == Step::face_check); // lifting ends nothing (G21)
        CHECK(visit.face.is_open);
        REQUIRE(visit.kiosk.world->lay_card(whose));
        for (int i = 0; i < 50 && visit.step() == Step::face_check; ++i) visit.kiosk.wait(40ms);
        CHECK_FALSE(visit.face.is_open);
        const int looks = visit.face.looks;
        visit.face.next = ends(Signal::face_passed);
        visit.kiosk.wait(5s);
        CHECK(visit.face.looks == looks);
        CHECK(visit.face.begun == 1);
        const auto& session = visit.kiosk.kiosk().session();
        CHECK(session.visit->answers.find("identity.proof") == nullptr);
        const bool is_same = whose == "pensioner";
        CHECK((session.visit->chip_photo != nullptr) == is_same);
        CHECK((session.overlay == session::Overlay::other_person) == !is_same);
        CHECK((visit.step() == Step::card) == !is_same);
    }
}

TEST_CASE("a card that is torn away while it is read has closed the camera all the same",
          "[flow][refusal][P1][face]") {
    Visit visit("torn");
    visit.come_to_check();
    visit.kiosk.world->sam.lift_card();
    visit.kiosk.wait(2s);
    REQUIRE(visit.face.is_open);
    visit.kiosk.world->sam.tear_away_mid_read(400);
    REQUIRE(visit.kiosk.world->lay_card("applicant-86"));
    visit.kiosk.wait(2s);
    CHECK(visit.step() == Step::card);
    CHECK_FALSE(visit.face.is_open);
    CHECK(visit.kiosk.kiosk().session().visit->chip_photo == nullptr);
}

TEST_CASE("a consent that is taken back leaves no photo, and the way says what to do",
          "[flow][refusal][P1][P4][face]") {
    Visit visit("withdrawn");
    visit.come_to_check();
    visit.kiosk.tap("actions/other_way");
    visit.kiosk.settle();
    CHECK(visit.step() == Step::identity);
    CHECK(visit.kiosk.kiosk().session().visit->chip_photo == nullptr);
    const auto model = std::get<screens::OtherwayModel>(present::model(
        visit.kiosk.kiosk().session(), present::View{}, visit.kiosk.kiosk().facts()));
    const auto face = std::find_if(model.ways.begin(), model.ways.end(),
                                   [](const screens::Way& way) { return way.id == "face"; });
    REQUIRE(face != model.ways.end());
    CHECK_FALSE(face->available);
    CHECK(face->reason == "First go back and lay your card down once more.");
}

TEST_CASE("three tries, and then the way says so", "[flow][refusal][G14][face]") {
    Visit visit("tries");
    visit.come_to_identity();
    for (int i = 0; i < 3; ++i) {
        visit.kiosk.tap("otherway/face");
        visit.kiosk.settle();
        visit.kiosk.tap("consent/agree");
        visit.face.next = ends({Signal::face_ended, FaceEnd::not_finished});
        visit.kiosk.wait(200ms);
        REQUIRE(visit.step() == Step::identity);
    }
    visit.kiosk.tap("otherway/face");
    visit.kiosk.settle();
    CHECK(visit.step() == Step::identity);
    CHECK(visit.face.begun == 3);
}

TEST_CASE("a check that failed or was declined is in no log, and a number of the day alone",
          "[flow][refusal][G3][P7][face]") {
    Visit visit("counts");
    visit.come_to_identity();
    visit.kiosk.tap("otherway/face");
    visit.kiosk.settle();
    visit.kiosk.tap("consent/decline");
    visit.kiosk.settle();
    const auto file = app::face_record_file(visit.kiosk.folder.string());
    REQUIRE(app::FaceRecord(file).days()->size() == 1);
    CHECK(app::FaceRecord(file).days()->front().tally == app::FaceTally{1, 0, 0});

    visit.kiosk.tap("otherway/face");
    visit.kiosk.settle();
    visit.kiosk.tap("consent/agree");
    visit.kiosk.wait(200ms);
    visit.face.next = ends({Signal::face_ended, FaceEnd::not_certain});
    visit.kiosk.wait(200ms);
    REQUIRE(visit.step() == Step::identity);
    const auto days = app::FaceRecord(file).days();
    REQUIRE(days->size() == 1);
    CHECK(days->front().tally == app::FaceTally{2, 1, visit.face.looks});
    CHECK(days->front().conditions.model == "scripted");

    std::string text;
    for (const auto& entry :
         std::filesystem::directory_iterator(visit.kiosk.engine->config().log_folder()))
        text += std::string(base::as_text(*base::read_file(entry.path().string())));
    CHECK(text.find("identity") != std::string::npos);
    CHECK(text.find("face") == std::string::npos);
    CHECK(visit.kiosk.events().find("face") == std::string::npos);
}

TEST_CASE("ten checks that fail within an hour tell staff, of nobody in particular",
          "[flow][refusal][G16][face]") {
    Visit visit("ten");
    visit.face.tries = 100;
    visit.come_to_identity();
    const auto fail = [&] {
        visit.kiosk.tap("otherway/face");
        visit.kiosk.settle();
        visit.kiosk.tap("consent/agree");
        visit.face.next = ends({Signal::face_ended, FaceEnd::not_certain});
        visit.kiosk.wait(200ms);
        REQUIRE(visit.step() == Step::identity);
    };
    const auto calls = [&] { return visit.kiosk.world->platform->assistance_calls(); };
    const auto is_told = [&] { return visit.kiosk.kiosk().facts().many_checks_failed; };
    for (int i = 0; i < 9; ++i) fail();
    CHECK_FALSE(is_told());
    // An hour later those nine count no more.
    visit.kiosk.clock.advance(1h);
    visit.kiosk.settle();
    visit.kiosk.tap("idle/stay");
    for (int i = 0; i < 9; ++i) fail();
    CHECK_FALSE(is_told());
    CHECK(calls() == 0);
    fail();
    CHECK(is_told());
    CHECK(calls() == 1);
    CHECK(visit.step() == Step::identity); // the person who happened to be the tenth sees nothing
    visit.kiosk.clock.advance(1h);
    CHECK_FALSE(is_told());
}
