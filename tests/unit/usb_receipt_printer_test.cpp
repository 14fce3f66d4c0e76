// Which USB device the configuration means by the receipt printer, and what a technician reads.
#include "kiosk/app/usb_receipt_printer.hpp"

#include "kiosk/base/bytes.hpp"

#include <catch2/catch.hpp>

using drivers::UsbId;
using drivers::UsbPrinterLook;
using drivers::UsbState;
using State = app::UsbFinding::State;

namespace {

bool holds(const std::string& text, const std::string& piece) {
    return text.find(piece) != std::string::npos;
}

app::UsbFinding words_for(const UsbPrinterLook& look) {
    return app::find_words({UsbState::connected, "f055:0080 in socket 1-1, two pipes"}, look);
}

const drivers::PrinterId id{"Simulated", "Receipt 80"};

} // namespace

TEST_CASE("without a word in the configuration the receipt printer is what has the printer class",
          "[unit][usb]") {
    const auto usual = app::wanted_receipt_printer({}).value();
    REQUIRE((usual.ids.empty() && usual.port.empty() && usual.serial.empty()));
    REQUIRE(usual.class_code == 7);
    const auto& manners = usual.manners;
    REQUIRE_FALSE(
        (manners.answers_requests || manners.ends_messages || manners.is_reset_when_stuck));
    const auto named = app::wanted_receipt_printer({{"04B8:0e28"}, "3-1.4", "A7"}).value();
    REQUIRE(named.ids == std::vector<UsbId>{{0x04b8, 0x0e28}});
    REQUIRE((named.port == "3-1.4" && named.serial == "A7" && named.class_code == 7));
}

TEST_CASE("a receipt printer written wrong in the configuration is refused by its key",
          "[unit][usb]") {
    const auto id_refused = app::wanted_receipt_printer({{"printer"}, "", ""});
    REQUIRE(id_refused.error().code == base::Errc::invalid_input);
    REQUIRE(holds(id_refused.error().context, "key \"receiptPrinter.usbIds\" expects"));
    REQUIRE(holds(id_refused.error().context, "not \"printer\""));
    const auto port_refused = app::wanted_receipt_printer({{}, "lp0", ""});
    REQUIRE(port_refused.error().code == base::Errc::invalid_input);
    REQUIRE(port_refused.error().context ==
            "key \"receiptPrinter.port\" expects a socket as kiosk doctor names it, for instance "
            "\"1-1.4\", not \"lp0\"");
}

TEST_CASE("doctor says of a printer that is there who it is, how its port is and what to do",
          "[unit][usb]") {
    const auto good = words_for({id, 0x18});
    REQUIRE(good.state == State::ok);
    REQUIRE(good.text == "f055:0080 in socket 1-1, two pipes; Simulated Receipt 80; ready");
    const auto empty = words_for({id, 0x38});
    REQUIRE((empty.state == State::attention && holds(empty.text, "no paper: put in a roll")));
    for (const std::uint8_t port : {0x10, 0x08, 0x00}) {
        const auto faulty = words_for({id, port});
        REQUIRE((faulty.state == State::attention && holds(faulty.text, "close its cover")));
    }
    const auto odd = words_for({id, 0xff});
    REQUIRE((odd.state == State::ok && holds(odd.text, "makes no sense")));
    const auto silent = words_for({std::nullopt, std::nullopt});
    REQUIRE((silent.state == State::ok && holds(silent.text, "without a name; it has no port")));
    const auto one_way = words_for({id, 0x18, false});
    REQUIRE((one_way.state == State::fault && holds(one_way.text, "one-way")));
}

TEST_CASE("doctor says of a printer that cannot be used why, and what to do", "[unit][usb]") {
    const base::Result<UsbPrinterLook> none = base::Error{base::Errc::unplugged, "gone"};
    drivers::UsbReport usb{UsbState::connected, "f055:0080 in socket 1-1, two pipes"};
    REQUIRE(app::find_words(usb, none).state == State::fault);
    usb.advice = "do this";
    for (const auto state : {UsbState::not_looked_for, UsbState::absent, UsbState::held_elsewhere,
                             UsbState::waiting_for_permission, UsbState::several, UsbState::denied,
                             UsbState::unknown_form, UsbState::failing, UsbState::out_of_service}) {
        usb.state = state;
        const auto found = app::find_words(usb, none);
        const bool can_wait = state == UsbState::not_looked_for || state == UsbState::absent ||
                              state == UsbState::held_elsewhere ||
                              state == UsbState::waiting_for_permission;
        REQUIRE(found.state == (can_wait ? State::attention : State::fault));
        REQUIRE((holds(found.text, std::string(to_string(state))) && holds(found.text, "do this")));
    }
}

// Whether the rule does what it says is tried with a real udevd in a guest machine (tests/vm).
TEST_CASE("field failure 6: the udev rules give the kiosk every device of the printer class",
          "[unit][usb]") {
    const auto rules =
        std::string(base::as_text(base::read_file("drivers/packaging/70-kiosk-usb.rules").value()));
    const auto from = rules.find("ENV{ID_USB_INTERFACES}==\"*:0701??:*\"");
    REQUIRE(from != std::string::npos);
    const auto rule = rules.substr(from, rules.find('\n', from) - from);
    for (const char* part :
         {"GROUP=\"kiosk\"", "MODE=\"0660\"", "TAG+=\"uaccess\"", "ATTR{power/control}=\"on\""})
        REQUIRE(holds(rule, part));
}
