// The receipt printer on a simulated USB: back-pressure, cables, stalls, its requests to endpoint
// 0. The clock moves only when somebody waits.
#include "drivers/manual_wait.hpp"
#include "drivers/usb/simulated_usb_bus.hpp"
#include "drivers/usb/simulated_usb_printer.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "tests/support/printer_on_desk.hpp"

#include <catch2/catch.hpp>

using namespace drivers;
using namespace std::chrono_literals;
using base::Errc;
using namespace test_support;

namespace {

struct Desk {
    explicit Desk(SimulatedPrinterTraits traits = {},
                  SimulatedUsbDevice::Looks looks = SimulatedUsbPrinter::two_way())
        : unit(traits), device(unit, std::move(looks)) {
        bus.plug("1-1", device);
    }
    base::ManualClock clock{std::chrono::sys_days{2026y / 11 / 30}};
    SimulatedUsbBus bus{clock, manual_wait(clock)};
    SimulatedPrinter unit;
    SimulatedUsbPrinter device;
    UsbConnection connection{bus, printer_wanted(), clock};
    UsbPrinter printer{[this] { return connection.open(); }};

    PrintReport print(base::ByteView receipt) {
        const auto report = printer.print(receipt, {});
        REQUIRE(report);
        return *report;
    }
    void replug() {
        bus.unplug("1-1");
        unit.plug_cable();
        bus.plug("1-1", device);
    }
};

UsbInterface printer_interface(std::uint8_t number, std::uint8_t protocol,
                               std::vector<std::uint8_t> addresses) {
    UsbInterface made{number, 7, {}, 1, protocol};
    for (const auto address : addresses)
        made.endpoints.push_back({address, UsbEndpointKind::bulk, 64});
    return made;
}

std::optional<Pipes> pipes_among(std::vector<UsbInterface> interfaces) {
    return choose_pipes({{0xf055, 0x0080}, 0x0100, "1-1", 2, std::move(interfaces)}, 7);
}

PrinterId id_in(std::string text, int length_error = 0) {
    const auto length = int(text.size()) + 2 + length_error;
    base::Bytes answer{std::uint8_t(length >> 8), std::uint8_t(length & 0xff)};
    answer.insert(answer.end(), text.begin(), text.end());
    return read_printer_id(answer);
}

} // namespace

TEST_CASE(
    "of a printer's interfaces the two-way one is taken, a one-way one at need, a wrapped one "
    "never",
    "[device][usb][receipt_printer]") {
    const auto one_way = printer_interface(0, 1, {0x01});
    const auto two_way = printer_interface(1, 2, {0x02, 0x82});
    const auto untold = printer_interface(2, 0, {0x03, 0x83});
    REQUIRE(pipes_among({one_way, untold, two_way})->interface_number == 1);
    REQUIRE(pipes_among({one_way, untold})->interface_number == 2);
    const auto alone = pipes_among({one_way});
    REQUIRE((alone->form == PipeForm::one_pipe && alone->out.address == 0x01));
    REQUIRE_FALSE(pipes_among({printer_interface(0, 3, {0x01, 0x81})}));
    REQUIRE_FALSE(pipes_among({printer_interface(0, 4, {0x01, 0x81})}));
    REQUIRE_FALSE(pipes_among({printer_interface(0, 2, {0x81})}));
    // More pipes than a printer needs are no frames of a card reader.
    REQUIRE(pipes_among({printer_interface(0, 2, {1, 2, 0x81, 0x82})})->form ==
            PipeForm::two_pipes);
    REQUIRE(to_string(PipeForm::one_pipe) == "one pipe");
}

TEST_CASE("a device id is read whatever its maker made of it", "[device][usb][receipt_printer]") {
    const PrinterId both{"Simulated", "Receipt 80"};
    REQUIRE(id_in("MFG:Simulated;CMD:ESC/POS;MDL:Receipt 80;CLS:PRINTER;") == both);
    REQUIRE(id_in(" MANUFACTURER: Simulated ;MODEL:Receipt 80") == both);
    for (const int wrong : {-60, 300, 20'000}) // shorter than itself, longer, bytes swapped
        REQUIRE(id_in("MFG:Simulated;MDL:Receipt 80;", wrong) == both);
    REQUIRE(id_in("MDL:80;", 0) == PrinterId{"", "80"});
    REQUIRE(id_in("MFG:a\x1b[2Jb;MDL:\xe4;") == PrinterId{"a?[2Jb", "?"});
    for (const char* empty : {"", ";", ";;;", ":", "MFG", "MFG:", "x:y;", "MFG: ;"})
        REQUIRE(id_in(empty) == PrinterId{});
    for (const std::size_t size : {0, 1, 2})
        REQUIRE(read_printer_id(base::Bytes(size)) == PrinterId{});
    REQUIRE(to_string(both) == "Simulated Receipt 80");
    REQUIRE(to_string(PrinterId{"", "80"}) == "80");
}

TEST_CASE("a printer slower than the wire holds it back, and the receipt comes out dot by dot",
          "[device][usb][receipt_printer]") {
    const auto receipt = raster_receipt(1);
    for (const std::size_t buffer : {256, 4096, 65'536})
        for (const int speed : {0, 1, 2}) {
            Desk desk({.buffer_bytes = buffer, .dots_per_ms = speed});
            CAPTURE(buffer, speed);
            REQUIRE(desk.print(receipt).delivery == Delivery::printed);
            REQUIRE(desk.unit.slips() == slips_of({receipt}));
            REQUIRE(desk.unit.rubbish() == 0);
        }
}

TEST_CASE(
    "a printer that takes nothing more is given up within its limit, with the count to the byte",
    "[device][usb][receipt_printer]") {
    const auto receipt = raster_receipt(1);
    for (const std::size_t bytes : {1u, 63u, 64u, 4095u, 4096u, 4097u, 50'000u, 86'000u}) {
        Desk desk;
        desk.unit.after_bytes(before_a_receipt + bytes, [&desk] { desk.unit.stop_taking(); });
        const auto report = desk.print(receipt);
        CAPTURE(bytes);
        REQUIRE((report.delivery == Delivery::unfinished && report.bytes_taken == bytes));
        REQUIRE(desk.printer.status().error().code == Errc::timed_out);
        const auto look = desk.printer.look().value(); // its port answers all the while
        REQUIRE((look.port == 0x18 && look.id));
        REQUIRE(desk.connection.report().state == UsbState::connected);
        REQUIRE((desk.device.soft_resets() == 0 && desk.device.resets() == 0));
    }
}

TEST_CASE("a cable pulled at any byte: what was taken is told, and the next receipt is whole",
          "[device][usb][receipt_printer]") {
    const auto torn = raster_receipt(1);
    const auto whole = raster_receipt(2);
    const auto picture = picture_of(whole);
    for (const bool loses_power : {true, false})
        for (std::size_t bytes = 1; bytes < torn.size(); bytes += bytes < 80 ? 1 : 3331) {
            Desk desk;
            desk.unit.pull_cable_after(before_a_receipt + bytes);
            const auto report = desk.print(torn);
            CAPTURE(loses_power, bytes);
            REQUIRE((report.delivery == Delivery::unfinished && report.bytes_taken == bytes));
            if (loses_power) desk.unit.switch_off_and_on();
            desk.replug();
            REQUIRE(desk.print(whole).delivery == Delivery::printed);
            REQUIRE(last_receipt_on(desk.unit.slips().back()) == picture);
            REQUIRE(desk.unit.rubbish() == 0);
        }
}

TEST_CASE("a cable pulled before the first byte of a receipt leaves nothing on paper",
          "[device][usb][receipt_printer]") {
    Desk desk;
    desk.unit.pull_cable_after(before_a_receipt - 10);
    REQUIRE(desk.printer.print(raster_receipt(1), {}).error().code == Errc::unplugged);
    desk.bus.unplug("1-1");
    REQUIRE(desk.printer.print(raster_receipt(1), {}).error().code == Errc::unplugged);
    REQUIRE(desk.connection.report().state == UsbState::absent);
    REQUIRE(desk.unit.slips().empty());
    REQUIRE(desk.bus.open_handles() == 0);
}

TEST_CASE("a printer that was plugged in again between two jobs prints the next one",
          "[device][usb][receipt_printer]") {
    Desk desk;
    REQUIRE(desk.print(raster_receipt(1)).delivery == Delivery::printed);
    for (unsigned mark = 2; mark < 5; ++mark) {
        mark == 3 ? desk.bus.glitch() : desk.replug();
        REQUIRE(desk.printer.status().value() == StatusAnswers{0x16, 0x12, 0x12, 0x12});
        REQUIRE(desk.print(raster_receipt(mark)).delivery == Delivery::printed);
        REQUIRE(last_receipt_on(desk.unit.slips().back()) == picture_of(raster_receipt(mark)));
    }
    REQUIRE(desk.connection.report().connections == 4);
    REQUIRE(desk.bus.open_handles() == 1);
}

TEST_CASE("a pipe that stalls is set free in the middle of a receipt, without a reset of the unit",
          "[device][usb][receipt_printer]") {
    const auto receipt = raster_receipt(1);
    for (const unsigned times : {1u, 3u, 5u}) {
        Desk desk;
        REQUIRE(desk.printer.look());
        desk.unit.after_bytes(before_a_receipt + 20'000,
                              [&] { desk.device.stall_next_out(times); });
        REQUIRE(desk.print(receipt).delivery == Delivery::printed);
        REQUIRE(desk.unit.slips() == slips_of({receipt}));
        REQUIRE((desk.device.halts_cleared() == times && desk.device.resets() == 0));
    }
    Desk desk;
    desk.unit.after_bytes(before_a_receipt + 20'000, [&] { desk.device.stall_next_out(1000); });
    REQUIRE(desk.print(receipt).delivery == Delivery::unfinished);
    REQUIRE(desk.printer.status().error().code == Errc::unplugged);
    REQUIRE(desk.printer.status().error().code == Errc::unplugged);
    REQUIRE(desk.connection.report().state == UsbState::out_of_service);
    REQUIRE((desk.device.resets() == 0 && desk.device.soft_resets() == 0));
}

TEST_CASE(
    "a soft reset is the last step of clearing a unit that does not confirm, and of nothing else",
    "[device][usb][receipt_printer]") {
    const auto torn = raster_receipt(1);
    const auto whole = raster_receipt(2);
    for (const auto known : {SoftReset::to_interface, SoftReset::to_other, SoftReset::unknown}) {
        Desk desk;
        desk.device.set_soft_reset(known);
        desk.unit.after_bytes(before_a_receipt + 20'000, [&] { desk.unit.stop_taking(); });
        REQUIRE(desk.print(torn).delivery == Delivery::unfinished);
        REQUIRE(desk.printer.status().error().code == Errc::timed_out);
        REQUIRE(desk.device.soft_resets() == 0);
        const auto cleared = desk.printer.clear();
        if (known == SoftReset::unknown) {
            REQUIRE(cleared.error().code == Errc::unsupported);
            continue;
        }
        REQUIRE(cleared);
        REQUIRE(desk.device.soft_resets() == 1);
        REQUIRE(desk.unit.waiting_bytes() == 0);
        REQUIRE(desk.print(whole).delivery == Delivery::printed);
        REQUIRE(last_receipt_on(desk.unit.slips().back()) == picture_of(whole));
        REQUIRE(desk.unit.rubbish() == 0);
    }
    Desk confirms;
    REQUIRE(confirms.printer.clear());
    REQUIRE(confirms.device.soft_resets() == 0);
    Desk never_confirms({.can_clear = false});
    REQUIRE(never_confirms.printer.clear().error().code == Errc::unsupported);
    REQUIRE(never_confirms.device.soft_resets() == 1);
}

TEST_CASE("a unit that knows no request of its class prints all the same",
          "[device][usb][receipt_printer]") {
    Desk desk;
    desk.device.stall_control(true);
    const auto look = desk.printer.look().value();
    REQUIRE((!look.id && !look.port && look.answers));
    REQUIRE(desk.print(raster_receipt(1)).delivery == Delivery::printed);
    REQUIRE(desk.unit.slips() == slips_of({raster_receipt(1)}));
}

namespace {

// Gives up after a while of nothing, and remembers what the port said.
struct Patience final : PrintWatch {
    std::vector<std::uint8_t> ports;
    void heard(base::ByteView) override {}
    void port(std::uint8_t status) override { ports.push_back(status); }
    Verdict look(const Progress& progress) override {
        return progress.stalled >= 1s ? Verdict::give_up : Verdict::go_on;
    }
};

} // namespace

TEST_CASE("while a receipt does not move, whoever carries it hears from the port that paper is out",
          "[device][usb][receipt_printer]") {
    Desk desk({.buffer_bytes = 1024});
    desk.unit.paper_runs_out_after(300);
    Patience patience;
    const auto report = desk.printer.carry(raster_receipt(1), {}, patience);
    REQUIRE((report && !report->is_confirmed && !report->is_unplugged));
    REQUIRE(report->bytes_taken < 300 * receipt_row_bytes + 2048);
    REQUIRE(patience.ports == std::vector<std::uint8_t>(20, 0x38)); // one each 50 ms of a second
}

TEST_CASE("a port that lets one question time out is not asked again while a receipt waits",
          "[device][usb][receipt_printer]") {
    Desk desk;
    auto opened = desk.connection.open();
    REQUIRE(opened);
    UsbPrinterPort port(**opened);
    desk.device.mute(true);
    REQUIRE(port.status().error().code == Errc::timed_out);
    REQUIRE(port.is_there());
    desk.device.mute(false);
    REQUIRE(port.status().error().code == Errc::unsupported);
    REQUIRE(port.id().value() == PrinterId{"Simulated", "Receipt 80"});
}

TEST_CASE("a one-way unit takes a receipt and says nothing", "[device][usb][receipt_printer]") {
    Desk desk({.answers = false}, SimulatedUsbPrinter::one_way());
    const auto look = desk.printer.look().value();
    REQUIRE((!look.answers && look.port == 0x18));
    REQUIRE(desk.connection.report().form == PipeForm::one_pipe);
    REQUIRE(desk.printer.status().error().code == Errc::timed_out);
    REQUIRE(desk.print(raster_receipt(1)).delivery == Delivery::sent);
    REQUIRE(desk.unit.slips() == slips_of({raster_receipt(1)}));
    Patience patience;
    REQUIRE(desk.printer.carry(raster_receipt(1), {}, patience).error().code == Errc::timed_out);
}
