// Which cameras the configuration means, and what a technician reads.
#include "kiosk/app/video_camera.hpp"

#include "kiosk/base/bytes.hpp"

#include <catch2/catch.hpp>

using State = app::UsbFinding::State;
using base::Errc;
using base::Error;

namespace {

bool holds(const std::string& text, const std::string& piece) {
    return text.find(piece) != std::string::npos;
}

std::string text_of(const char* path) {
    return std::string(base::as_text(base::read_file(path).value()));
}

} // namespace

TEST_CASE("an unnamed document camera is the only one, unless a camera for faces is named",
          "[unit][camera][refusal][G7]") {
    config::Config config;
    const auto alone = app::wanted_camera(config).value();
    REQUIRE((alone.is_found_by_itself && alone.device.empty() && alone.name.empty()));
    REQUIRE((alone.width == 3264 && alone.height == 2448 && alone.frames_per_second == 15));
    REQUIRE((alone.controls.power_line_hz == 50 && !alone.controls.focus));
    REQUIRE_FALSE(app::wanted_face_camera(config).value().is_found_by_itself);
    config.face_camera.name = "Face";
    REQUIRE_FALSE(app::wanted_camera(config).value().is_found_by_itself);
    REQUIRE_FALSE(app::wanted_face_camera(config).value().is_found_by_itself);
    config.face_camera = {};
    config.face_camera.device = "/dev/v4l/by-id/face";
    REQUIRE_FALSE(app::wanted_camera(config).value().is_found_by_itself);
}

TEST_CASE("every key of a camera reaches its driver", "[unit][camera]") {
    config::Config config;
    config.camera = {"/dev/video3", "Desk", 640, 480, 5, 100, 2, 30, 4000, 60};
    const auto wanted = app::wanted_camera(config).value();
    REQUIRE((wanted.device == "/dev/video3" && wanted.name == "Desk"));
    REQUIRE((wanted.width == 640 && wanted.height == 480 && wanted.frames_per_second == 5));
    const auto& controls = wanted.controls;
    REQUIRE((controls.exposure == 100 && controls.gain == 2 && controls.focus == 30));
    REQUIRE((controls.white_balance == 4000 && controls.power_line_hz == 60));
}

TEST_CASE("one camera for papers and faces is refused", "[unit][camera][refusal][G7]") {
    const auto is_refused = [](config::Camera desk, config::Camera face) {
        config::Config config;
        config.camera = std::move(desk);
        config.face_camera = std::move(face);
        const auto wanted = app::wanted_camera(config);
        const base::SystemClock clock;
        REQUIRE(wanted.has_value() == app::make_face_camera(config, clock).has_value());
        if (!wanted) REQUIRE(wanted.error().code == Errc::invalid_input);
        return !wanted;
    };
    REQUIRE(is_refused({"/dev/video0", ""}, {"/dev/video0", ""}));
    REQUIRE(is_refused({"/dev/video0", "A"}, {"/dev/video0", "B"}));
    REQUIRE(is_refused({"", "A"}, {"", "A"}));
    REQUIRE_FALSE(is_refused({"", ""}, {"", ""}));
    REQUIRE_FALSE(is_refused({"/dev/video0", "A"}, {"/dev/video2", "A"}));
    REQUIRE_FALSE(is_refused({"", "A"}, {"", "B"}));
}

TEST_CASE("a face camera that is not named is unplugged, whatever is plugged in",
          "[unit][camera][refusal][G7]") {
    const base::SystemClock clock;
    const auto camera = app::make_face_camera({}, clock).value();
    const auto opened = camera->camera.open();
    REQUIRE(opened.error().code == Errc::unplugged);
    REQUIRE(holds(opened.error().context, "none is named"));
}

TEST_CASE("doctor says of a camera what it can, or what to do", "[unit][camera]") {
    const drivers::CameraLook look{
        "/dev/video0", "Desk", "usb-1", "MJPEG 640 x 480", {"focus: missing"}};
    const auto good = app::find_words(look, "camera", "papers wait");
    REQUIRE(good.state == State::ok);
    REQUIRE(good.text == "\"Desk\" at /dev/video0 (usb-1); MJPEG 640 x 480; focus: missing");
    auto odd = look;
    odd.formats.clear();
    const auto useless = app::find_words(odd, "camera", "papers wait");
    REQUIRE((useless.state == State::fault && holds(useless.text, "take another camera")));
    const auto none = app::find_words(Error{Errc::unplugged, "none"}, "camera", "papers wait");
    REQUIRE(none.state == State::attention);
    REQUIRE(none.text ==
            "none; plug it in, or name it under \"camera\" in the configuration; until "
            "then papers wait");
    const auto denied = app::find_words(Error{Errc::device, "denied"}, "camera", "papers wait");
    REQUIRE((denied.state == State::fault && holds(denied.text, "denied; until then")));
}

// Whether the rule does what it says is tried with a real udevd in a guest machine (tests/vm).
TEST_CASE("the udev rule and the unit give cameras to the kiosk and to nobody else",
          "[unit][camera]") {
    const auto rules = text_of("drivers/packaging/70-kiosk-camera.rules");
    REQUIRE(holds(rules, "KERNEL==\"video[0-9]*\", GROUP=\"kiosk\", MODE=\"0660\""));
    REQUIRE_FALSE(holds(rules, "0666"));
    REQUIRE(holds(text_of("kiosk/packaging/kiosk.service"), "DeviceAllow=char-video4linux rw"));
}
