// The configuration file: what is taken, and what is refused with which words.
#include "kiosk/base/bytes.hpp"
#include "kiosk/config/config.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <unistd.h>

namespace {

// A folder of its own for each test, gone afterwards.
struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("kiosk-config-" + std::to_string(::getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string write(const std::string& text) const {
        const auto file = (path / "kiosk.json").string();
        REQUIRE(base::write_file_durably(file, base::as_bytes(text)).has_value());
        return file;
    }
};

std::string refusal(const std::string& text) {
    const Folder folder;
    return config::load(folder.write(text), {}).error().context;
}

} // namespace

TEST_CASE("a configuration file sets what it names and keeps the rest", "[unit][config]") {
    const Folder folder;
    const auto file = folder.write(
        R"({"data":"state","panel":{"width":1920,"height":1080},"platform":{"url":"https://h:1"}})");
    const auto config = config::load(file, {}).value();
    REQUIRE(config.data_folder == (folder.path / "state").string());
    REQUIRE(config.panel.width_px == 1920);
    REQUIRE(config.panel.pixels_per_mm == Approx(4.03));
    REQUIRE(config.platform.url == "https://h:1");
    REQUIRE(config.printer_profile == "generic-80");
    REQUIRE(config.staff.roster_keys.empty());
}

TEST_CASE("keys of staff lists are named as a list of files beside the configuration",
          "[unit][config]") {
    const Folder folder;
    const auto file = folder.write(R"({"staff":{"rosterKeys":["a.pem","/b.pem"]}})");
    REQUIRE(config::load(file, {}).value().staff.roster_keys ==
            std::vector<std::string>{(folder.path / "a.pem").string(), "/b.pem"});
    for (const std::string wrong : {R"("a.pem")", "[1]", R"([""])", "{}"})
        REQUIRE(refusal("{\"staff\":{\"rosterKeys\":" + wrong + "}}")
                    .find("\"staff.rosterKeys\" expects a list of paths") != std::string::npos);
    REQUIRE(refusal(R"({"staff":{"pinTries":9}})").find("unknown key \"staff.pinTries\"") !=
            std::string::npos);
}

TEST_CASE("keys of calibrations are named, and nothing of the face check can be set",
          "[unit][config][refusal][G14]") {
    const Folder folder;
    const auto file = folder.write(R"({"district":{"calibrationKeys":["a.pem"]}})");
    REQUIRE(config::load(file, {}).value().district.calibration_keys ==
            std::vector<std::string>{(folder.path / "a.pem").string()});
    for (const std::string wanted :
         {"passLevel", "threshold", "level", "tries", "liveness", "calibration", "models"})
        REQUIRE(refusal("{\"district\":{\"" + wanted + "\":1}}")
                    .find("unknown key \"district." + wanted + "\"") != std::string::npos);
}

TEST_CASE("cameras are named, asked for a size, and told what they do not do by themselves",
          "[unit][config]") {
    const config::Config usual;
    REQUIRE_FALSE((usual.camera.is_named() || usual.face_camera.is_named()));
    REQUIRE((usual.camera.width_px == 3264 && usual.camera.height_px == 2448));
    REQUIRE((usual.camera.power_line_hz == 50 && !usual.camera.exposure));
    const Folder folder;
    const auto file = folder.write(
        R"({"camera":{"device":"/dev/v4l/by-id/a","name":"Desk","width":1920,"height":1080,
            "framesPerSecond":10,"exposure":300,"gain":0,"focus":20,"whiteBalance":5000,
            "powerLineHz":60},"faceCamera":{"name":"Face"}})");
    const auto config = config::load(file, {}).value();
    const auto& camera = config.camera;
    REQUIRE((camera.device == "/dev/v4l/by-id/a" && camera.name == "Desk"));
    REQUIRE((camera.width_px == 1920 && camera.height_px == 1080));
    REQUIRE((camera.frames_per_second == 10 && camera.power_line_hz == 60));
    REQUIRE((camera.exposure == 300 && camera.gain == 0 && camera.focus == 20));
    REQUIRE(camera.white_balance_kelvin == 5000);
    REQUIRE((config.face_camera.name == "Face" && config.face_camera.width_px == 1280));
    for (const std::string key : {"camera", "faceCamera"}) {
        const auto refused = [&key](const std::string& rest) {
            return refusal("{\"" + key + "\":{" + rest + "}}");
        };
        const auto holds = [](const std::string& text, const std::string& piece) {
            return text.find(piece) != std::string::npos;
        };
        REQUIRE(holds(refused(R"("threshold":1)"), "unknown key \"" + key + ".threshold\""));
        REQUIRE(holds(refused(R"("width":100)"), ".width\" expects a whole number from 160"));
        REQUIRE(holds(refused(R"("focus":"near")"), ".focus\" expects a whole number from 0"));
        REQUIRE(holds(refused(R"("exposure":0)"), ".exposure\" expects a whole number from 1"));
        REQUIRE(holds(refused(R"("whiteBalance":5)"), "whole number from 1000 to 20000"));
        for (const std::string hertz : {"55", "\"50\"", "null", "50.5"})
            REQUIRE(holds(refused("\"powerLineHz\":" + hertz), "expects 50 or 60"));
        REQUIRE(holds(refused(R"("device":7)"), ".device\" expects a path"));
    }
}

TEST_CASE("the card reader is named by USB numbers, socket and serial number", "[unit][config]") {
    REQUIRE(config::Config().card_reader.usb_ids == std::vector<std::string>{"0400:c35a"});
    const Folder folder;
    const auto file = folder.write(
        R"({"cardReader":{"usbIds":["10c4:8a1b","0400:c35a"],"port":"1-1.4","serial":"A7"}})");
    const auto reader = config::load(file, {}).value().card_reader;
    REQUIRE(reader.usb_ids == std::vector<std::string>{"10c4:8a1b", "0400:c35a"});
    REQUIRE((reader.port == "1-1.4" && reader.serial == "A7"));
    for (const std::string wrong : {R"("0400:c35a")", "[1]", "[]", R"([""])"})
        REQUIRE(refusal("{\"cardReader\":{\"usbIds\":" + wrong + "}}")
                    .find("\"cardReader.usbIds\" expects a list of texts") != std::string::npos);
    REQUIRE(
        refusal(R"({"cardReader":{"endpoint":2}})").find("unknown key \"cardReader.endpoint\"") !=
        std::string::npos);
}

TEST_CASE("the receipt printer is named by USB numbers, socket and serial number, or not at all",
          "[unit][config]") {
    REQUIRE(config::Config().receipt_printer.usb_ids.empty());
    const Folder folder;
    const auto file =
        folder.write(R"({"receiptPrinter":{"usbIds":["04b8:0e28"],"port":"1-1.4","serial":"A7"}})");
    const auto printer = config::load(file, {}).value().receipt_printer;
    REQUIRE(printer.usb_ids == std::vector<std::string>{"04b8:0e28"});
    REQUIRE((printer.port == "1-1.4" && printer.serial == "A7"));
    for (const std::string wrong : {R"("04b8:0e28")", "[1]", "[]", R"([""])"})
        REQUIRE(refusal("{\"receiptPrinter\":{\"usbIds\":" + wrong + "}}")
                    .find("\"receiptPrinter.usbIds\" expects a list of texts") !=
                std::string::npos);
    REQUIRE(refusal(R"({"receiptPrinter":{"profile":"x"}})")
                .find("unknown key \"receiptPrinter.profile\"") != std::string::npos);
    REQUIRE(refusal(R"({"receiptPrinter":"x"})").find("receiptPrinter. expects an object") !=
            std::string::npos);
}

TEST_CASE("a wrong configuration is refused in one line that names the key", "[unit][config]") {
    REQUIRE(refusal(R"({"fonst":"x"})").find("unknown key \"fonst\"; known here:") !=
            std::string::npos);
    REQUIRE(refusal(R"({"panel":{"hight":1}})").find("unknown key \"panel.hight\"") !=
            std::string::npos);
    REQUIRE(refusal(R"({"panel":{"width":"wide"}})").find("key \"panel.width\" expects a whole") !=
            std::string::npos);
    REQUIRE(refusal(R"({"kiosk":"K"})").find("two characters") != std::string::npos);
    REQUIRE(refusal("{").find("not valid JSON") != std::string::npos);
    REQUIRE(config::load("/nonexistent.json", {}).error().code == base::Errc::not_found);
}

TEST_CASE("a keypad and the dark are configured, and mistakes in them are named",
          "[unit][config][keypad]") {
    REQUIRE(refusal(R"({"keypad":{"nmae":"x"}})").find("unknown key \"keypad.nmae\"") !=
            std::string::npos);
    REQUIRE(refusal(R"({"keypad":{"keys":["KEY_UP"]}})").find("key \"keypad.keys\" expects") !=
            std::string::npos);
    REQUIRE(refusal(R"({"keypad":{"keys":{"KEY_UP":1}}})").find("key \"keypad.keys\" expects") !=
            std::string::npos);
    REQUIRE(refusal(R"({"darkAfterMinutes":-1})").find("from 0 to 1440") != std::string::npos);
    REQUIRE(config::Config{}.dark_after_minutes == 0);
}

TEST_CASE("no configuration key changes a face threshold or a retry count",
          "[unit][refusal][G14]") {
    for (const std::string key : {"faceThreshold", "threshold", "retries", "calibration", "face"})
        REQUIRE(refusal("{\"" + key + "\":0.1}").find("unknown key") != std::string::npos);
}

TEST_CASE("a panel's size is two numbers in range", "[unit][config]") {
    REQUIRE(config::read_panel_size("1080x1920").value().height_px == 1920);
    for (const auto text : {"", "big", "1080", "1080x", "x1920", "1080x1920x", "10x10",
                            "-1080x1920", "1080x99999", "1080 x 1920"})
        REQUIRE_FALSE(config::read_panel_size(text).has_value());
    config::Panel panel;
    config::fit(panel, {540, 960});
    REQUIRE(panel.pixels_per_mm == Approx(4.03 / 2));
}

TEST_CASE("the device's key may be a credential that systemd hands to the service alone",
          "[unit][config]") {
    const Folder folder;
    const auto file =
        folder.write(R"({"platform":{"deviceKey":"credential:device.key","ca":"ca.pem"}})");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    CHECK(config::load(file, {})->platform.device_key ==
          "/run/credentials/kiosk.service/device.key");
    ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/other.service", 1);
    CHECK(config::load(file, {})->platform.device_key ==
          "/run/credentials/other.service/device.key");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    CHECK(config::load(file, {})->platform.ca_file == (folder.path / "ca.pem").string());
    for (const std::string wrong : {"credential:", "credential:../key", "credential:.hidden"})
        CHECK(refusal("{\"platform\":{\"deviceKey\":\"" + wrong + "\"}}")
                  .find("expects a path or credential:NAME") != std::string::npos);
}
