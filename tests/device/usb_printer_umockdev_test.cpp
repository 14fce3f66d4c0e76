// The receipt printer over our own USB code and the real libusb, with the kernel's answers mocked
// (label usbmock). The real clock runs; no time is asserted. What needs many places or long limits
// stands in usb_printer_test.
#include "drivers/usb/libusb_bus.hpp"
#include "drivers/usb/simulated_usb_printer.hpp"
#include "tests/support/printer_on_desk.hpp"
#include "tests/support/umockdev_sockets.hpp"

#include <catch2/catch.hpp>

using namespace drivers;
using namespace std::chrono_literals;
using namespace test_support;
using base::Errc;

namespace {

const base::SystemClock real_clock;

struct Desk {
    explicit Desk(SimulatedPrinterTraits traits = {},
                  SimulatedUsbDevice::Looks looks = SimulatedUsbPrinter::two_way(),
                  UsbWanted wanted = printer_wanted())
        : unit(traits), device(unit, std::move(looks)),
          connection(bus, std::move(wanted), real_clock) {
        printer.emplace([this] { return connection.open(); });
    }
    explicit Desk(UsbWanted wanted) : Desk({}, SimulatedUsbPrinter::two_way(), std::move(wanted)) {}

    UmockdevSockets sockets;
    SimulatedPrinter unit;
    SimulatedUsbPrinter device;
    LibusbBus bus;
    UsbConnection connection;
    std::optional<UsbPrinter> printer;

    PrintReport print(base::ByteView receipt) {
        const auto report = printer->print(receipt, {});
        REQUIRE(report);
        return *report;
    }
    void require_printed(unsigned mark) {
        REQUIRE(print(raster_receipt(mark)).delivery == Delivery::printed);
        REQUIRE(last_receipt_on(unit.slips().back()) == picture_of(raster_receipt(mark)));
        REQUIRE(unit.rubbish() == 0);
    }
};

// Gives up soon, since nobody wants to wait for what does not come, and remembers what the port
// said.
struct Patience final : PrintWatch {
    std::vector<std::uint8_t> ports;
    void heard(base::ByteView) override {}
    void port(std::uint8_t status) override { ports.push_back(status); }
    Verdict look(const Progress& progress) override {
        return progress.stalled >= 200ms ? Verdict::give_up : Verdict::go_on;
    }
};

// The printer's interface behind one of something else.
SimulatedUsbDevice::Looks second_interface() {
    auto looks = SimulatedUsbPrinter::two_way();
    looks.interfaces[0].number = 1;
    looks.interfaces.insert(looks.interfaces.begin(),
                            {0, 3, {{0x8d, UsbEndpointKind::interrupt, 8}}});
    return looks;
}

} // namespace

TEST_CASE("a printer says through endpoint 0 who it is and how it is", "[device][usb]") {
    const bool is_second = GENERATE(false, true);
    Desk desk({}, is_second ? second_interface() : SimulatedUsbPrinter::two_way());
    desk.sockets.plug("1-1", desk.device);
    const auto healthy = desk.printer->look().value();
    REQUIRE(healthy.id == PrinterId{"Simulated", "Receipt 80"});
    REQUIRE((healthy.port == 0x18 && healthy.answers));
    desk.unit.take_paper_out();
    REQUIRE(desk.printer->look()->port == 0x38);
    desk.unit.load_paper();
    desk.unit.open_cover();
    REQUIRE(desk.printer->look()->port == 0x10);
    desk.unit.close_cover();
    REQUIRE(desk.printer->look()->port == 0x18);
    REQUIRE(desk.device.out_sizes().empty()); // nothing that could be printed
    REQUIRE(desk.connection.report().device == "f055:0080 in socket 1-1, two pipes");
}

TEST_CASE("a receipt comes out dot by dot, also of a printer that is slower than the wire",
          "[device][usb]") {
    const bool is_slow = GENERATE(false, true);
    Desk desk({.buffer_bytes = is_slow ? 4096u : 65'536u, .dots_per_ms = is_slow ? 2 : 0});
    desk.sockets.plug("1-1", desk.device);
    const auto receipt = raster_receipt(1);
    REQUIRE(desk.print(receipt).delivery == Delivery::printed);
    REQUIRE(desk.unit.slips() == slips_of({receipt}));
    REQUIRE(desk.unit.rubbish() == 0);
}

TEST_CASE(
    "a printer that takes nothing more: the count to the byte, its port is heard, a soft reset "
    "frees it when it is to forget",
    "[device][usb]") {
    const std::size_t bytes = GENERATE(1u, 4096u, 30'001u);
    Desk desk;
    desk.sockets.plug("1-1", desk.device);
    constexpr std::size_t question = 3; // "are you idle?"
    desk.unit.after_bytes(before_a_receipt + question + bytes, [&] { desk.unit.stop_taking(); });
    Patience patience;
    const auto report = desk.printer->carry(raster_receipt(1), {}, patience);
    REQUIRE((report && !report->is_confirmed && !report->is_unplugged));
    REQUIRE(report->bytes_taken == bytes);
    REQUIRE_FALSE(patience.ports.empty());
    REQUIRE(patience.ports.back() == 0x18);
    REQUIRE(desk.printer->status().error().code == Errc::timed_out);
    REQUIRE((desk.device.soft_resets() == 0 && desk.device.resets() == 0));
    REQUIRE(desk.printer->clear());
    REQUIRE(desk.device.soft_resets() == 1);
    desk.require_printed(2);
}

TEST_CASE("unplugged in the middle of a receipt, the printer prints the next one after replugging",
          "[device][usb]") {
    const std::size_t bytes = GENERATE(1u, 100u, 4096u, 50'001u);
    const bool loses_power = GENERATE(false, true);
    Desk desk;
    desk.sockets.plug("1-1", desk.device);
    desk.unit.pull_cable_after(before_a_receipt + bytes);
    const auto report = desk.print(raster_receipt(1));
    REQUIRE((report.delivery == Delivery::unfinished && report.bytes_taken == bytes));
    desk.sockets.unplug("1-1");
    REQUIRE(desk.printer->status().error().code == Errc::unplugged);
    REQUIRE(desk.connection.report().state == UsbState::absent);
    if (loses_power) desk.unit.switch_off_and_on();
    desk.unit.plug_cable();
    desk.sockets.plug("1-1", desk.device);
    desk.require_printed(2);
}

TEST_CASE(
    "unplugged and plugged in again while nobody printed, the printer prints the next receipt",
    "[device][usb]") {
    Desk desk;
    desk.sockets.plug("1-1", desk.device);
    desk.require_printed(1);
    desk.sockets.unplug("1-1");
    desk.sockets.plug("1-1", desk.device);
    desk.require_printed(2);
}

TEST_CASE("field failure 5: usblp is taken off before the claim and given its printer back",
          "[device][usb]") {
    Desk desk;
    desk.sockets.plug("1-1", desk.device);
    desk.sockets.bind_driver("1-1", "usblp");
    desk.require_printed(1);
    REQUIRE((desk.sockets.driver("1-1").empty() && desk.sockets.claims("1-1") == 1));
    desk.printer.reset();
    REQUIRE((desk.sockets.driver("1-1") == "usblp" && desk.sockets.claims("1-1") == 0));
}

TEST_CASE(
    "field failure 5: a printer held by another process is told as such and used when it is free",
    "[device][usb]") {
    Desk desk;
    desk.sockets.plug("1-1", desk.device);
    desk.sockets.hold("1-1", true);
    REQUIRE(desk.printer->print(raster_receipt(1), {}).error().code == Errc::unplugged);
    REQUIRE(desk.connection.report().state == UsbState::held_elsewhere);
    desk.sockets.hold("1-1", false);
    desk.require_printed(1);
}

TEST_CASE("field failure 4: of two printers none is used until the configuration says which",
          "[device][usb]") {
    Desk desk;
    SimulatedPrinter other_unit;
    SimulatedUsbPrinter other(other_unit);
    desk.sockets.plug("1-1", other);
    desk.sockets.plug("1-2", desk.device);
    const auto refused = desk.printer->print(raster_receipt(1), {});
    REQUIRE(refused.error().code == Errc::unplugged);
    for (const char* words :
         {"f055:0080 in socket 1-1", "f055:0080 in socket 1-2", "more than one"})
        REQUIRE(refused.error().context.find(words) != std::string::npos);
    REQUIRE(desk.connection.report().state == UsbState::several);
    REQUIRE((desk.device.out_sizes().empty() && other.out_sizes().empty()));
}

TEST_CASE("field failure 4: two printers are told apart by socket and by serial number",
          "[device][usb]") {
    const bool by_socket = GENERATE(true, false);
    Desk desk({}, SimulatedUsbPrinter::two_way("B"),
              by_socket ? printer_wanted("1-2") : printer_wanted({}, "B"));
    SimulatedPrinter other_unit;
    SimulatedUsbPrinter other(other_unit, SimulatedUsbPrinter::two_way("A"));
    desk.sockets.plug("1-1", other);
    desk.sockets.plug("1-2", desk.device);
    desk.require_printed(1);
    REQUIRE(other.out_sizes().empty());
}

TEST_CASE("field failure 1: stalled pipes and requests keep no receipt from coming out",
          "[device][usb]") {
    const bool is_out = GENERATE(false, true);
    Desk desk;
    desk.sockets.plug("1-1", desk.device);
    desk.device.stall_control(true); // some printers do so for their id
    const auto look = desk.printer->look().value();
    REQUIRE((!look.id && !look.port));
    desk.unit.after_bytes(before_a_receipt + 20'000, [&] {
        is_out ? desk.device.stall_next_out() : desk.device.stall_next_in();
    });
    desk.require_printed(1);
    REQUIRE((desk.device.halts_cleared() == 1 && desk.device.resets() == 0));
}

TEST_CASE("a one-way printer takes a receipt and is told as what it is", "[device][usb]") {
    Desk desk({.answers = false}, SimulatedUsbPrinter::one_way());
    desk.sockets.plug("1-1", desk.device);
    const auto look = desk.printer->look().value();
    REQUIRE((!look.answers && look.port == 0x18));
    REQUIRE(desk.connection.report().device == "f055:0080 in socket 1-1, one pipe");
    REQUIRE(desk.printer->status().error().code == Errc::timed_out);
    REQUIRE(desk.print(raster_receipt(1)).delivery == Delivery::sent);
    REQUIRE(desk.unit.slips() == slips_of({raster_receipt(1)}));
}
