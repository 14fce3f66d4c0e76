// The card reader over our own USB code and the real libusb, with the kernel's answers mocked
// (label usbmock). Each field failure of spec usb-emulation §6 that names this level is a test
// here. These tests run by the real clock, with limits much shorter than the product's; they assert
// no time.
#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/usb/libusb_bus.hpp"
#include "drivers/usb/simulated_usb_sam.hpp"
#include "drivers/usb/usb_connection.hpp"
#include "tests/support/umockdev_sockets.hpp"

#include <catch2/catch.hpp>

using namespace drivers;
using namespace std::chrono_literals;
using base::Errc;
using test_support::UmockdevSockets;

namespace {

const base::SystemClock real_clock;

SamLimits short_limits() {
    SamLimits limits;
    limits.short_reply = 200ms;
    limits.read_reply = 200ms;
    limits.presence_reply = 200ms;
    limits.quiet = 20ms;
    limits.drain = 400ms;
    limits.write = 200ms;
    limits.start_up = 300ms;
    limits.poll = 10ms;
    return limits;
}

UsbWanted reader_wanted() {
    UsbWanted wanted;
    wanted.ids = {{0x0400, 0xc35a}};
    return wanted;
}

struct Desk {
    explicit Desk(PipeForm form = PipeForm::four_pipes, UsbWanted wanted = reader_wanted(),
                  UsbConnectionLimits limits = {})
        : device(module, form), connection(bus, std::move(wanted), real_clock, limits) {}

    UmockdevSockets sockets;
    SimulatedSam module{real_clock, real_wait()};
    SimulatedUsbSam device;
    LibusbBus bus;
    UsbConnection connection;
    SamReader reader{"USB", [this] { return connection.connect(); }, real_clock, real_wait(),
                     short_limits()};

    void lay(std::string_view id) { module.lay_card(find_demo_person(id)->card); }
    std::string outcome() {
        const auto card = reader.read(0ms, {});
        return std::string(card ? card->number.view() : base::to_string(card.error().code));
    }
};

constexpr auto pensioner_number = "65999919500101001X";

} // namespace

TEST_CASE("a card is read through libusb, in both forms of the reader", "[device][usb]") {
    const auto form = GENERATE(PipeForm::two_pipes, PipeForm::four_pipes);
    Desk desk(form);
    desk.sockets.plug("1-1", desk.device);
    desk.lay("pensioner");
    REQUIRE(desk.outcome() == pensioner_number);
    REQUIRE(desk.connection.report().form == form);
    REQUIRE(desk.reader.describe().bad_frames == 0);
}
