// The card reader and the receipt printer over a real kernel: usbfs, udev, libusb, and simulated
// devices at the far end of vhci's cables. Runs in a guest machine only (tests/vm/run usb), as
// root. Emulation is slow and varies with the load of the host, so nothing here asserts a time;
// where something has to come, it is waited for.
#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/usb/libusb_bus.hpp"
#include "drivers/usb/simulated_usb_printer.hpp"
#include "drivers/usb/simulated_usb_sam.hpp"
#include "drivers/usb/usb_connection.hpp"
#include "tests/support/card_on_desk.hpp"
#include "tests/support/printer_on_desk.hpp"
#include "tests/support/vhci_sockets.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace drivers;
using namespace std::chrono_literals;
using test_support::VhciSockets;

namespace {

const base::SystemClock real_clock;
using test_support::pensioner_number;
using test_support::reader_wanted;
const auto both_forms = {PipeForm::two_pipes, PipeForm::four_pipes};

struct Host {
    explicit Host(UsbWanted wanted = reader_wanted(), UsbConnectionLimits limits = {})
        : connection(bus, std::move(wanted), real_clock, limits) {}
    LibusbBus bus;
    UsbConnection connection;
    SamReader reader{"USB", [this] { return connection.connect(); }, real_clock, real_wait()};

    std::string outcome() { return test_support::outcome(reader); }
};

struct Desk {
    explicit Desk(PipeForm form = PipeForm::four_pipes, std::string serial = "")
        : device(module, form, std::move(serial)) {}
    SimulatedSam module{real_clock, real_wait()};
    SimulatedUsbSam device;
    void lay() { test_support::lay_card(module, "pensioner"); }

    // What a person does who is asked again: at most so often.
    bool is_read_by(Host& host, int at_most) {
        for (int tries = 0; tries < at_most; ++tries) {
            lay();
            if (host.outcome() == pensioner_number) return true;
        }
        return false;
    }
};

// Waits until it is so; gives up after half a minute of the guest's time.
template <class Condition> bool becomes_true(Condition is_so) {
    for (int i = 0; i < 600; ++i) {
        if (is_so()) return true;
        real_wait()(50ms, {});
    }
    return false;
}

// This program again, for one hidden case, as another process and perhaps another user.
class OtherProcess {
public:
    explicit OtherProcess(const char* hidden_case, const char* user = "root") {
        const auto* person = ::getpwnam(user);
        REQUIRE(person != nullptr);
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ > 0) return;
        // As setuidgid: nothing of root is left.
        const bool is_changed = ::setgroups(0, nullptr) == 0 && ::setgid(person->pw_gid) == 0 &&
                                ::setuid(person->pw_uid) == 0;
        if (is_changed) ::execl("/proc/self/exe", "usb_guest_test", hidden_case, nullptr);
        ::_exit(1);
    }
    ~OtherProcess() {
        if (pid_ > 0) kill_and_wait();
    }
    OtherProcess(const OtherProcess&) = delete;
    OtherProcess& operator=(const OtherProcess&) = delete;

    bool ends_well() {
        int status = 0;
        ::waitpid(std::exchange(pid_, 0), &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    void kill_and_wait() {
        ::kill(pid_, SIGKILL);
        ::waitpid(std::exchange(pid_, 0), nullptr, 0);
    }

private:
    pid_t pid_ = 0;
};

std::size_t entries_of(const char* folder) {
    return std::size_t(std::distance(std::filesystem::directory_iterator(folder), {}));
}

// A device node that the group kiosk may use, and nobody else.
bool is_some_device_the_kiosks() {
    for (const auto& bus : std::filesystem::directory_iterator("/dev/bus/usb"))
        for (const auto& node : std::filesystem::directory_iterator(bus)) {
            struct stat about {};
            const auto* group = ::getgrnam("kiosk");
            if (::stat(node.path().c_str(), &about) == 0 && group != nullptr &&
                about.st_gid == group->gr_gid)
                return (about.st_mode & 0777) == 0660;
        }
    return false;
}

// Whether udev's rule keeps the device awake.
bool is_kept_awake(const std::string& port) {
    std::ifstream control("/sys/bus/usb/devices/" + port + "/power/control");
    std::string word;
    return bool(control >> word) && word == "on";
}

std::string driver_of(const std::string& port) {
    std::error_code none;
    const auto link =
        std::filesystem::read_symlink("/sys/bus/usb/devices/" + port + ":1.0/driver", none);
    return none ? "" : link.filename().string();
}

} // namespace

TEST_CASE("a card is read through the kernel in both forms of the reader", "[device][vm]") {
    for (const auto form : both_forms) {
        VhciSockets sockets;
        Desk desk(form);
        sockets.plug(desk.device);
        Host host;
        REQUIRE(desk.is_read_by(host, 1));
        REQUIRE(host.connection.report().form == form);
    }
}

TEST_CASE("arrivals and departures are reported by udev", "[device][vm]") {
    VhciSockets sockets;
    Desk desk;
    LibusbBus bus;
    REQUIRE(bus.devices(UsbBus::Look::known));
    const auto is_told = [&bus](UsbEvent::Kind kind) {
        return becomes_true([&] {
            for (const auto& event : bus.take_events())
                if (event.kind == kind && event.id == UsbId{0x0400, 0xc35a}) return true;
            return false;
        });
    };
    const auto port = sockets.plug(desk.device);
    REQUIRE(is_told(UsbEvent::Kind::arrived));
    sockets.unplug(port);
    REQUIRE(is_told(UsbEvent::Kind::left));
}

TEST_CASE("field failure 3: unplugged while a card is read, back after replugging",
          "[device][vm]") {
    for (const std::size_t bytes : {0, 20, 100, 700}) {
        VhciSockets sockets;
        Desk desk;
        const auto port = sockets.plug(desk.device);
        Host host;
        REQUIRE(becomes_true([&] { return host.outcome() == "no_card"; }));
        desk.lay();
        sockets.unplug_after(port, bytes);
        CAPTURE(bytes);
        REQUIRE(host.outcome() == "unplugged");
        sockets.unplug(port);
        desk.device.reset(); // it had no power
        sockets.plug(desk.device);
        REQUIRE(becomes_true([&] { return desk.is_read_by(host, 1); }));
    }
}

TEST_CASE("field failure 4: two identical readers are told apart by their sockets",
          "[device][vm]") {
    VhciSockets sockets;
    Desk first, second;
    const auto first_port = sockets.plug(first.device);
    const auto second_port = sockets.plug(second.device);
    REQUIRE(first_port != second_port);
    {
        Host undecided;
        REQUIRE(undecided.outcome() == "device");
        REQUIRE(undecided.connection.report().state == UsbState::several);
    }
    for (auto* wanted : {&first, &second}) {
        Host host(reader_wanted(wanted == &first ? first_port : second_port));
        auto& other = wanted == &first ? second : first;
        const auto asked = other.module.requests().size();
        REQUIRE(wanted->is_read_by(host, 1));
        REQUIRE(other.module.requests().size() == asked);
    }
}

TEST_CASE("field failure 4: two identical readers are told apart by their serial numbers",
          "[device][vm]") {
    VhciSockets sockets;
    Desk a(PipeForm::four_pipes, "A"), b(PipeForm::four_pipes, "B");
    sockets.plug(a.device);
    sockets.plug(b.device);
    auto wanted = reader_wanted();
    wanted.serial = "B";
    Host host(wanted);
    REQUIRE(b.is_read_by(host, 1));
    REQUIRE(a.module.requests().empty());
}

TEST_CASE("field failure 4: a reader that comes back with another address is found",
          "[device][vm]") {
    VhciSockets sockets;
    Desk desk;
    Host host;
    auto port = sockets.plug(desk.device);
    REQUIRE(becomes_true([&] { return desk.is_read_by(host, 1); }));
    sockets.unplug(port);
    desk.device.reset();
    REQUIRE(sockets.plug(desk.device) == port); // the same socket, a new address
    REQUIRE(becomes_true([&] { return desk.is_read_by(host, 1); }));
}

namespace {

struct Printer {
    SimulatedPrinter unit;
    SimulatedUsbPrinter device{unit};
};

struct PrintingHost {
    LibusbBus bus;
    UsbConnection connection{bus, test_support::printer_wanted(), real_clock};
    UsbPrinter printer{[this] { return connection.open(); }};

    bool is_there() { return bool(printer.look()); }
};

} // namespace

TEST_CASE("field failure 5: usblp is taken off before the claim and given its device back",
          "[device][vm]") {
    VhciSockets sockets;
    Printer printer;
    const auto port = sockets.plug(printer.device);
    REQUIRE(becomes_true([&] { return driver_of(port) == "usblp"; }));
    {
        PrintingHost host;
        const auto look = host.printer.look();
        REQUIRE(look);
        REQUIRE(driver_of(port) == "usbfs");
        REQUIRE((look->id == PrinterId{"Simulated", "Receipt 80"} && look->port == 0x18));
    }
    REQUIRE(becomes_true([&] { return driver_of(port) == "usblp"; }));
}

TEST_CASE(
    "receipts are printed dot by dot with usblp bound, before the printer is unplugged in the "
    "middle of one and after it is plugged in again; usblp has it back then",
    "[device][vm]") {
    using test_support::last_receipt_on, test_support::picture_of, test_support::raster_receipt;
    VhciSockets sockets;
    Printer printer;
    auto port = sockets.plug(printer.device);
    REQUIRE(becomes_true([&] { return driver_of(port) == "usblp"; }));
    {
        PrintingHost host;
        REQUIRE(host.printer.print(raster_receipt(1), {})->delivery == Delivery::printed);
        REQUIRE(printer.unit.slips() == test_support::slips_of({raster_receipt(1)}));

        printer.unit.pull_cable_after(20'001); // no zeros go before the second one
        const auto torn = host.printer.print(raster_receipt(2), {});
        REQUIRE((torn && torn->delivery == Delivery::unfinished && torn->bytes_taken == 20'001));
        sockets.unplug(port);
        REQUIRE(becomes_true([&] { return !host.is_there(); }));

        printer.unit.switch_off_and_on();
        printer.unit.plug_cable();
        port = sockets.plug(printer.device);
        REQUIRE(becomes_true([&] { return driver_of(port) == "usblp"; }));
        REQUIRE(becomes_true([&] { return host.is_there(); }));
        REQUIRE(host.printer.print(raster_receipt(3), {})->delivery == Delivery::printed);
        REQUIRE(last_receipt_on(printer.unit.slips().back()) == picture_of(raster_receipt(3)));
        REQUIRE(printer.unit.rubbish() == 0);
        REQUIRE(driver_of(port) == "usbfs");
    }
    REQUIRE(becomes_true([&] { return driver_of(port) == "usblp"; }));
}

TEST_CASE(
    "a printer that is slower than the wire holds it back, and a receipt comes out dot by dot",
    "[device][vm]") {
    VhciSockets sockets;
    SimulatedPrinter unit({.buffer_bytes = 3000, .dots_per_ms = 20});
    SimulatedUsbPrinter device(unit);
    sockets.plug(device);
    PrintingHost host;
    const auto receipt = test_support::raster_receipt(1);
    REQUIRE(host.printer.print(receipt, {})->delivery == Delivery::printed);
    REQUIRE(unit.slips() == test_support::slips_of({receipt}));
}

// Run as another process by the cases below.
TEST_CASE("child: reads a card and is never done", "[device][.holder]") {
    Host host;
    auto wire = host.connection.connect();
    REQUIRE(wire);
    for (const auto request : {Request::find, Request::select, Request::read}) {
        REQUIRE((*wire)->write(encode(request), 2s));
        base::SecretBytes some(request == Request::read ? 5 : 64);
        REQUIRE((*wire)->read(some, 2s).value() > 0);
        if (request != Request::read)
            while ((*wire)->read(some, 300ms).value() > 0) continue;
    }
    std::ofstream("/tmp/holder-holds") << "yes\n";
    real_wait()(10min, {});
}

TEST_CASE("child: reads a card", "[device][.reader]") {
    Host host;
    REQUIRE(host.outcome() == pensioner_number);
}

TEST_CASE("child: may not open the reader", "[device][.refused]") {
    UsbConnectionLimits limits;
    limits.permission_grace = 0ms;
    Host host(reader_wanted(), limits);
    REQUIRE(host.outcome() == "locked");
    REQUIRE(host.connection.report().state == UsbState::denied);
}

TEST_CASE(
    "field failures 5 and 12: another process holds the reader and is killed in mid-reply; it is "
    "opened, drained and read",
    "[device][vm]") {
    for (const auto form : both_forms) {
        VhciSockets sockets;
        Desk desk(form);
        sockets.plug(desk.device);
        desk.lay();
        std::filesystem::remove("/tmp/holder-holds");
        Host host;
        {
            OtherProcess holder("[.holder]");
            REQUIRE(becomes_true([] { return std::filesystem::exists("/tmp/holder-holds"); }));
            REQUIRE(host.outcome() == "locked");
            REQUIRE(host.connection.report().state == UsbState::held_elsewhere);
            holder.kill_and_wait();
        }
        REQUIRE(becomes_true([&] { return desk.is_read_by(host, 1); }));
        REQUIRE(host.reader.describe().bad_frames == 0);
    }
}

TEST_CASE("field failure 6: who is not in the kiosk's group is refused, the kiosk's user is let in "
          "by the "
          "udev rule",
          "[device][vm]") {
    VhciSockets sockets;
    Desk desk;
    sockets.plug(desk.device);
    desk.lay();
    REQUIRE(becomes_true(is_some_device_the_kiosks));
    REQUIRE(OtherProcess("[.refused]", "nobody").ends_well());
    REQUIRE(OtherProcess("[.reader]", "kiosk").ends_well());
}

TEST_CASE("field failure 8: the udev rule keeps the reader awake", "[device][vm]") {
    VhciSockets sockets;
    Desk desk;
    const auto port = sockets.plug(desk.device);
    REQUIRE(becomes_true([&port] { return is_kept_awake(port); }));
}

TEST_CASE("child: prints a receipt", "[device][.printing]") {
    PrintingHost host;
    const auto receipt = test_support::raster_receipt(1);
    REQUIRE(host.printer.print(receipt, {}).value().delivery == Delivery::printed);
}

TEST_CASE("field failures 6 and 8: the udev rule lets the kiosk's user print on whatever is of the "
          "printer class, and keeps it awake",
          "[device][vm]") {
    VhciSockets sockets;
    Printer printer;
    const auto port = sockets.plug(printer.device);
    REQUIRE(becomes_true(is_some_device_the_kiosks));
    REQUIRE(becomes_true([&port] { return is_kept_awake(port); }));
    REQUIRE(OtherProcess("[.printing]", "kiosk").ends_well());
    REQUIRE(printer.unit.slips() == test_support::slips_of({test_support::raster_receipt(1)}));
}

TEST_CASE("field failure 10: other endpoint numbers and extra interfaces make no difference",
          "[device][vm]") {
    for (const auto form : both_forms) {
        VhciSockets sockets;
        SimulatedSam module{real_clock, real_wait()};
        auto looks = SimulatedUsbSam::usual_looks(form, "");
        looks.release = 0x0237;
        for (auto& endpoint : looks.interfaces[0].endpoints) endpoint.address += 3;
        looks.interfaces[0].number = 1;
        looks.interfaces.insert(looks.interfaces.begin(),
                                {0, 0xfe, {{0x8d, UsbEndpointKind::interrupt, 8}}});
        SimulatedUsbSam odd(module, form, looks);
        sockets.plug(odd);
        Host host;
        module.lay_card(find_demo_person("pensioner")->card);
        REQUIRE(host.outcome() == pensioner_number);
    }
}

TEST_CASE("50 times plugged and pulled, the reader is there each time and nothing leaks",
          "[device][vm]") {
    VhciSockets sockets;
    Desk desk;
    Host host;
    std::size_t descriptors = 0, threads = 0;
    for (int round = 0; round < 50; ++round) {
        desk.device.reset();
        const auto port = sockets.plug(desk.device);
        CAPTURE(round);
        REQUIRE(becomes_true([&] { return desk.is_read_by(host, 1); }));
        sockets.unplug(port);
        REQUIRE(becomes_true([&] { return host.outcome() == "unplugged"; }));
        if (round == 5) descriptors = entries_of("/proc/self/fd");
        if (round == 5) threads = entries_of("/proc/self/task");
    }
    REQUIRE(entries_of("/proc/self/fd") == descriptors);
    REQUIRE(entries_of("/proc/self/task") == threads);
}
