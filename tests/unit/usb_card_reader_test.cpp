// Which USB device the configuration means, and what a technician reads when it is written wrong.
#include "kiosk/app/usb_card_reader.hpp"

#include "kiosk/base/bytes.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using drivers::UsbId;

namespace {

std::string text_of(const char* file) {
    return std::string(base::as_text(base::read_file(file).value()));
}

// The lines that are neither empty nor remarks.
std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        if (!line.empty() && line.front() != '#') lines.push_back(line);
    return lines;
}

bool holds(const std::string& text, const std::string& piece) {
    return text.find(piece) != std::string::npos;
}

} // namespace

TEST_CASE("the configuration says which USB device is the card reader", "[unit][usb]") {
    const auto usual = app::wanted_card_reader({}).value();
    REQUIRE(usual.ids == std::vector<UsbId>{{0x0400, 0xc35a}});
    REQUIRE((usual.port.empty() && usual.serial.empty()));
    REQUIRE((usual.manners.answers_requests && usual.manners.ends_messages));
    const auto named = app::wanted_card_reader({{"10C4:8A1B", "2015:0008"}, "3-1.4", "A7"}).value();
    REQUIRE(named.ids == std::vector<UsbId>{{0x10c4, 0x8a1b}, {0x2015, 0x0008}});
    REQUIRE((named.port == "3-1.4" && named.serial == "A7"));
}

TEST_CASE("a USB device written wrong in the configuration is refused by its key", "[unit][usb]") {
    const auto id = app::wanted_card_reader({{"0400:c35a", "0400c35a"}, "", ""});
    REQUIRE(id.error().code == base::Errc::invalid_input);
    REQUIRE(id.error().context ==
            "key \"cardReader.usbIds\" expects VENDOR:PRODUCT in four hexadecimal digits each, as "
            "lsusb shows them, for instance \"0400:c35a\", not \"0400c35a\"");
    const auto port = app::wanted_card_reader({{"0400:c35a"}, "bus 1", ""});
    REQUIRE(port.error().code == base::Errc::invalid_input);
    REQUIRE(port.error().context ==
            "key \"cardReader.port\" expects a socket as kiosk doctor names it, for instance "
            "\"1-1.4\", not \"bus 1\"");
}

TEST_CASE("doctor says of the card reader what is there, or what is wrong and what to do",
          "[unit][usb]") {
    using State = app::UsbFinding::State;
    using drivers::UsbState;
    drivers::UsbReport usb{UsbState::connected, "0400:c35a in socket 1-1, four pipes"};
    drivers::CardReaderDescription module;
    module.is_ready = true;
    module.module_id = "05.01-20230526-0000012345-0000000001";
    const auto good = app::find_words(usb, module);
    REQUIRE(good.state == State::ok);
    REQUIRE(good.text == "0400:c35a in socket 1-1, four pipes; module "
                         "05.01-20230526-0000012345-0000000001");
    module.is_ready = false;
    REQUIRE(app::find_words(usb, module).state == State::fault);
    REQUIRE(app::find_words(usb, module).text.find("does not answer") != std::string::npos);
    usb.advice = "do this";
    for (const auto state : {UsbState::not_looked_for, UsbState::absent, UsbState::held_elsewhere,
                             UsbState::waiting_for_permission, UsbState::several, UsbState::denied,
                             UsbState::unknown_form, UsbState::failing, UsbState::out_of_service}) {
        usb.state = state;
        const auto found = app::find_words(usb, module);
        REQUIRE(found.state != State::ok);
        REQUIRE(found.text.find(to_string(state)) != std::string::npos);
        REQUIRE(found.text.find("do this") != std::string::npos);
    }
}

// Whether the rule does what it says is tried with a real udevd in a guest machine (tests/vm).
TEST_CASE(
    "field failure 8 and 6: the udev rules let the kiosk use each default reader and keep it awake",
    "[unit][usb]") {
    // Before 73-seat-late.rules, which acts on uaccess.
    const auto rules = lines_of(text_of("drivers/packaging/70-kiosk-usb.rules"));
    const auto wanted = app::wanted_card_reader({}).value();
    for (const auto id : wanted.ids) {
        const auto text = drivers::to_string(id);
        bool is_there = false;
        for (const auto& rule : rules)
            is_there =
                is_there ||
                (holds(rule, "ATTR{idVendor}==\"" + text.substr(0, 4) + "\"") &&
                 holds(rule, "ATTR{idProduct}==\"" + text.substr(5) + "\"") &&
                 holds(rule, "GROUP=\"kiosk\"") && holds(rule, "MODE=\"0660\"") &&
                 holds(rule, "TAG+=\"uaccess\"") && holds(rule, "ATTR{power/control}=\"on\""));
        CAPTURE(text);
        REQUIRE(is_there);
    }
    for (const auto& rule : rules) REQUIRE_FALSE(holds(rule, "0666")); // nobody else
}

TEST_CASE("the kiosk's unit lets its user and group reach USB and hear udev", "[unit][usb]") {
    const auto unit = lines_of(text_of("kiosk/packaging/kiosk.service"));
    const auto has = [&unit](const std::string& key, const std::string& word) {
        for (const auto& line : unit)
            if (line.starts_with(key) && holds(line, word)) return true;
        return false;
    };
    REQUIRE(has("Group=", "kiosk"));
    REQUIRE(has("DeviceAllow=", "char-usb_device rw"));
    REQUIRE(has("RestrictAddressFamilies=", "AF_NETLINK"));
}
