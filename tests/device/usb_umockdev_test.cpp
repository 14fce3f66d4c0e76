// The card reader over our own USB code and the real libusb, with the kernel's answers mocked
// (label usbmock). Each field failure of spec usb-emulation §6 that names this level is a test
// here. These tests run by the real clock, with limits much shorter than the product's; they assert
// no time.
#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/usb/libusb_bus.hpp"
#include "drivers/usb/simulated_usb_sam.hpp"
#include "drivers/usb/usb_connection.hpp"
#include "tests/support/card_on_desk.hpp"
#include "tests/support/umockdev_sockets.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace drivers;
using namespace std::chrono_literals;
using base::Errc;
using test_support::UmockdevSockets;

namespace {

const base::SystemClock real_clock;

using test_support::pensioner_number;
using test_support::reader_wanted;

// Where an answer comes: a busy machine may take its time.
SamLimits patient() {
    SamLimits limits;
    limits.short_reply = 20s;
    limits.read_reply = 20s;
    limits.presence_reply = 20s;
    limits.quiet = 60ms;
    limits.write = 20s;
    limits.poll = 10ms;
    return limits;
}

// Where an answer does not come, and nobody wants to wait for it.
SamLimits hasty() {
    SamLimits limits;
    limits.short_reply = 300ms;
    limits.read_reply = 300ms;
    limits.presence_reply = 300ms;
    limits.quiet = 60ms;
    limits.write = 300ms;
    limits.start_up = 300ms;
    limits.poll = 10ms;
    return limits;
}

struct Desk {
    explicit Desk(PipeForm form = PipeForm::four_pipes, UsbWanted wanted = reader_wanted(),
                  UsbConnectionLimits limits = {}, SamLimits sam_limits = patient())
        : device(module, form), connection(bus, std::move(wanted), real_clock, limits),
          reader(
              "USB", [this] { return connection.connect(); }, real_clock, real_wait(), sam_limits) {
    }
    Desk(PipeForm form, SamLimits sam_limits) : Desk(form, reader_wanted(), {}, sam_limits) {}

    UmockdevSockets sockets;
    SimulatedSam module{real_clock, real_wait()};
    SimulatedUsbSam device;
    LibusbBus bus;
    UsbConnection connection;
    SamReader reader;

    void lay(std::string_view id) { test_support::lay_card(module, id); }
    std::string outcome() { return test_support::outcome(reader); }
    int tries_until_read(int at_most) {
        return test_support::tries_until_read(module, reader, at_most);
    }
};

// udev's thread tells libusb about it soon; the test's time limit ends this when it does not.
void wait_for_event(UsbBus& bus, UsbEvent::Kind kind) {
    for (;;)
        for (const auto& event : bus.take_events())
            if (event.kind == kind) {
                REQUIRE(event.id == UsbId{0x0400, 0xc35a});
                REQUIRE(event.port == "1-1");
                return;
            }
}

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

// From here on: the field failures of spec usb-emulation §6, by their numbers, on this level.

TEST_CASE("field failure 1: a stalled pipe is set free and the dialogue goes on", "[device][usb]") {
    const auto form = GENERATE(PipeForm::two_pipes, PipeForm::four_pipes);
    const bool is_out = GENERATE(false, true);
    Desk desk(form);
    desk.sockets.plug("1-1", desk.device);
    REQUIRE(desk.outcome() == "no_card");
    is_out ? desk.device.stall_next_out() : desk.device.stall_next_in();
    REQUIRE(desk.tries_until_read(2) <= 2);
    REQUIRE(desk.device.halts_cleared() == 1);
    REQUIRE(desk.device.resets() == 0);
}

TEST_CASE("field failure 1: a device that goes on stalling is reset, then given up",
          "[device][usb]") {
    Desk desk(PipeForm::four_pipes, hasty());
    desk.sockets.plug("1-1", desk.device);
    desk.device.stall_next_in(1000);
    int looks = 0;
    while (desk.outcome() != "device") REQUIRE(++looks < 10);
    REQUIRE(desk.device.resets() == 1);
    REQUIRE(desk.connection.report().state == UsbState::out_of_service);
}

TEST_CASE("field failure 2: what came before a time-out counts, and a late rest is not taken for "
          "the next "
          "answer",
          "[device][usb]") {
    const auto form = GENERATE(PipeForm::two_pipes, PipeForm::four_pipes);
    Desk desk(form, hasty());
    desk.sockets.plug("1-1", desk.device);
    desk.lay("pensioner");
    desk.module.tear_away_mid_read(100); // the rest of the answer never comes
    REQUIRE(desk.outcome() != pensioner_number);
    REQUIRE(desk.tries_until_read(10) <= 10);
    desk.lay("pensioner");
    desk.module.answer_late(400ms); // longer than the limit of a request
    desk.outcome();
    REQUIRE(desk.tries_until_read(10) <= 10);
}

TEST_CASE(
    "field failure 3: unplugged in the middle of a transfer, the reader is back after replugging",
    "[device][usb]") {
    const auto form = GENERATE(PipeForm::two_pipes, PipeForm::four_pipes);
    const std::size_t bytes = GENERATE(1u, 10u, 40u, 100u, 500u, 1000u);
    Desk desk(form);
    desk.sockets.plug("1-1", desk.device);
    REQUIRE(desk.outcome() == "no_card");
    desk.lay("pensioner");
    desk.sockets.unplug_after("1-1", bytes);
    REQUIRE(desk.outcome() == "unplugged");
    desk.sockets.unplug("1-1");
    REQUIRE(desk.outcome() == "unplugged");
    REQUIRE(desk.connection.report().state == UsbState::absent);
    desk.device.reset(); // it had no power
    desk.sockets.plug("1-1", desk.device);
    REQUIRE(desk.tries_until_read(1) == 1);
}

TEST_CASE(
    "field failure 4: after a glitch of the hub the reader has another address and is found by its "
    "socket",
    "[device][usb]") {
    Desk desk;
    SimulatedSam other_module{real_clock, real_wait()};
    SimulatedUsbSam other(other_module, PipeForm::four_pipes);
    desk.sockets.plug("1-1", desk.device);
    REQUIRE(desk.tries_until_read(1) == 1);
    desk.sockets.unplug("1-1");
    desk.sockets.plug("1-2", other); // comes up first
    desk.sockets.plug("1-1", desk.device);
    REQUIRE(desk.outcome() == "unplugged");
    REQUIRE(desk.tries_until_read(1) == 1);
    REQUIRE(other_module.requests().empty());
}

TEST_CASE(
    "field failure 4: two identical readers are told apart by the socket in the configuration",
    "[device][usb]") {
    auto wanted = reader_wanted();
    wanted.port = "1-2";
    Desk desk(PipeForm::two_pipes, wanted);
    SimulatedSam other_module{real_clock, real_wait()};
    SimulatedUsbSam other(other_module, PipeForm::two_pipes);
    desk.sockets.plug("1-1", other);
    desk.sockets.plug("1-2", desk.device);
    REQUIRE(desk.tries_until_read(1) == 1);
    REQUIRE(other_module.requests().empty());
}

TEST_CASE("field failure 4: two identical readers are told apart by their serial numbers",
          "[device][usb]") {
    auto wanted = reader_wanted();
    wanted.serial = "B";
    Desk desk(PipeForm::two_pipes, wanted);
    SimulatedSam other_module{real_clock, real_wait()};
    SimulatedUsbSam a(other_module, PipeForm::two_pipes, "A");
    SimulatedUsbSam b(desk.module, PipeForm::two_pipes, "B");
    desk.sockets.plug("1-1", a);
    desk.sockets.plug("1-2", b);
    REQUIRE(desk.tries_until_read(1) == 1);
    REQUIRE(other_module.requests().empty());
}

TEST_CASE("field failure 5: a driver of the kernel that is bound is taken off before the claim",
          "[device][usb]") {
    Desk desk;
    desk.sockets.plug("1-1", desk.device);
    desk.sockets.bind_driver("1-1", "usblp");
    REQUIRE(desk.tries_until_read(1) == 1);
    REQUIRE(desk.sockets.driver("1-1").empty());
    REQUIRE(desk.sockets.claims("1-1") == 1);
}

TEST_CASE(
    "field failure 5: a reader held by another process is told as such and used when it is free",
    "[device][usb]") {
    Desk desk;
    desk.sockets.plug("1-1", desk.device);
    desk.sockets.hold("1-1", true);
    REQUIRE(desk.outcome() == "locked");
    REQUIRE(desk.connection.report().state == UsbState::held_elsewhere);
    desk.sockets.hold("1-1", false);
    REQUIRE(desk.tries_until_read(1) == 1);
}

TEST_CASE("field failure 6: no permission right after the arrival is waited for, then it is told "
          "to staff",
          "[device][usb]") {
    UsbConnectionLimits limits;
    limits.permission_grace = base::Milliseconds(GENERATE(0, 60'000));
    Desk desk(PipeForm::four_pipes, reader_wanted(), limits);
    desk.sockets.plug("1-1", desk.device);
    desk.sockets.deny("1-1", true);
    if (limits.permission_grace > 0ms) {
        REQUIRE(desk.outcome() == "unplugged");
        REQUIRE(desk.connection.report().state == UsbState::waiting_for_permission);
    } else {
        REQUIRE(desk.outcome() == "locked");
        REQUIRE(desk.connection.report().state == UsbState::denied);
    }
    desk.sockets.deny("1-1", false);
    REQUIRE(desk.tries_until_read(1) == 1);
}

TEST_CASE(
    "field failure 7: arrivals and departures are queued, and nothing is sent inside a callback",
    "[device][usb]") {
    Desk desk;
    REQUIRE(desk.bus.devices(UsbBus::Look::known).value().empty());
    REQUIRE(desk.bus.take_events().empty());
    desk.sockets.plug("1-1", desk.device);
    wait_for_event(desk.bus, UsbEvent::Kind::arrived);
    REQUIRE(desk.device.out_sizes().empty());
    REQUIRE(desk.tries_until_read(1) == 1);
    desk.sockets.unplug("1-1");
    wait_for_event(desk.bus, UsbEvent::Kind::left);
    REQUIRE(desk.bus.devices(UsbBus::Look::known).value().empty());
}

TEST_CASE("field failure 7: an arrival whose event was lost is found by looking at the sockets",
          "[device][usb]") {
    UsbConnectionLimits limits;
    limits.fresh_look = 0ms;
    Desk desk(PipeForm::four_pipes, reader_wanted(), limits);
    REQUIRE(desk.outcome() == "unplugged");
    desk.sockets.plug("1-1", desk.device, UmockdevSockets::Event::lost);
    REQUIRE(desk.tries_until_read(1) == 1);
    desk.sockets.unplug("1-1", UmockdevSockets::Event::lost);
    REQUIRE(desk.outcome() == "unplugged");
    REQUIRE(desk.outcome() == "unplugged");
    desk.sockets.plug("1-1", desk.device, UmockdevSockets::Event::lost);
    REQUIRE(desk.tries_until_read(2) <= 2);
}

TEST_CASE("field failure 9: a mute reader is reset once and then put out of service, never tried "
          "for ever",
          "[device][usb]") {
    const auto reset_answers = GENERATE(UsbOutcome::ok, UsbOutcome::not_found);
    Desk desk(PipeForm::four_pipes, hasty());
    desk.sockets.plug("1-1", desk.device);
    desk.device.mute(true);
    desk.device.reset_answers(reset_answers);
    int looks = 0;
    while (desk.outcome() != "device") REQUIRE(++looks < 15);
    REQUIRE(desk.device.resets() == 1);
    REQUIRE(desk.connection.report().state == UsbState::out_of_service);
    REQUIRE_FALSE(desk.connection.report().advice.empty());
    const auto sent = desk.device.out_sizes().size();
    REQUIRE(desk.outcome() == "device");
    REQUIRE(desk.device.out_sizes().size() == sent);
}

TEST_CASE("field failure 10: other endpoint numbers, another revision and extra interfaces make no "
          "difference",
          "[device][usb]") {
    Desk desk;
    const auto form = GENERATE(PipeForm::two_pipes, PipeForm::four_pipes);
    auto looks = SimulatedUsbSam::usual_looks(form, "");
    looks.release = 0x0237;
    auto& endpoints = looks.interfaces[0].endpoints;
    const auto kind = GENERATE(UsbEndpointKind::bulk, UsbEndpointKind::interrupt);
    for (auto& endpoint : endpoints) {
        endpoint.address = std::uint8_t(endpoint.address + 3);
        endpoint.kind = kind;
    }
    looks.interfaces[0].number = 1;
    looks.interfaces.insert(looks.interfaces.begin(),
                            {0, 3, {{0x8d, UsbEndpointKind::interrupt, 8}}});
    SimulatedUsbSam odd(desk.module, form, looks);
    desk.sockets.plug("1-1", odd);
    REQUIRE(desk.tries_until_read(1) == 1);
}

TEST_CASE("field failure 11: short transfers both ways, and empty packets at full ones",
          "[device][usb]") {
    const auto form = GENERATE(PipeForm::two_pipes, PipeForm::four_pipes);
    Desk desk(form);
    desk.sockets.plug("1-1", desk.device);
    desk.device.give_at_most(64);
    desk.device.end_with_empty_packets(true); // after each full packet comes an empty one
    REQUIRE(desk.tries_until_read(1) == 1);
    desk.device.give_at_most(50); // each transfer takes long here
    REQUIRE(desk.tries_until_read(1) == 1);
}

TEST_CASE("field failure 11: a request that is taken only in part counts as far as it went, and "
          "the dialogue "
          "gets back into step",
          "[device][usb]") {
    const auto form = GENERATE(PipeForm::two_pipes, PipeForm::four_pipes);
    Desk desk(form, hasty());
    desk.sockets.plug("1-1", desk.device);
    desk.device.take_at_most(2);
    {
        auto wire = desk.connection.open();
        REQUIRE(wire);
        REQUIRE((*wire)->write(base::Bytes(6), 100ms).value() == 2);
    }
    REQUIRE(desk.outcome() != "no_card");
    desk.device.take_at_most(0);
    REQUIRE(desk.tries_until_read(10) <= 10);
}

TEST_CASE("field failure 11: an empty packet ends a message that fills its last packet",
          "[device][usb]") {
    Desk desk(PipeForm::two_pipes);
    desk.sockets.plug("1-1", desk.device);
    auto wire = desk.connection.open();
    REQUIRE(wire);
    REQUIRE((*wire)->write(base::Bytes(128), 200ms).value() == 128);
    REQUIRE(desk.sockets.zero_length_transfers("1-1") == 1);
    REQUIRE((*wire)->write(base::Bytes(127), 200ms).value() == 127);
    REQUIRE(desk.sockets.zero_length_transfers("1-1") == 1);
}

TEST_CASE(
    "field failure 12: half a reply that a dead program left is drained before the first request",
    "[device][usb]") {
    const auto form = GENERATE(PipeForm::two_pipes, PipeForm::four_pipes);
    Desk desk(form);
    desk.sockets.plug("1-1", desk.device);
    desk.lay("pensioner");
    {
        auto wire = desk.connection.connect();
        REQUIRE(wire);
        for (const auto request : {Request::find, Request::select, Request::read}) {
            REQUIRE((*wire)->write(encode(request), 200ms));
            base::SecretBytes some(request == Request::read ? 5 : 64);
            for (std::size_t size = 1; size > 0 && request != Request::read;)
                size = (*wire)->read(some, 30ms).value();
            if (request == Request::read) REQUIRE((*wire)->read(some, 200ms));
        }
    }
    REQUIRE(desk.sockets.claims("1-1") == 0);
    REQUIRE(desk.tries_until_read(1) == 1);
    REQUIRE(desk.reader.describe().bad_frames == 0);
}

namespace {

std::size_t entries_of(const char* folder) {
    return std::size_t(std::distance(std::filesystem::directory_iterator(folder), {}));
}

// Waits until it is so, at most for some seconds.
template <class Condition> bool becomes_true(Condition is_so) {
    for (int i = 0; i < 500; ++i) {
        if (is_so()) return true;
        real_wait()(10ms, {});
    }
    return false;
}

// Plugs, reads, pulls (at the end or in the middle of the read), and again; nothing may be left
// over.
void require_plug_cycles(int count) {
    Desk desk;
    const auto cycle = [&desk](int round) {
        desk.device.reset();
        desk.sockets.plug("1-1", desk.device);
        desk.lay("pensioner");
        // Each third cycle the cable comes out while the card is read, elsewhere each time.
        if (round % 3 == 2) desk.sockets.unplug_after("1-1", std::size_t(round * 37 % 1300));
        const auto told = desk.outcome();
        CAPTURE(round, told);
        const bool is_read = told == pensioner_number;
        REQUIRE((is_read || (round % 3 == 2 && told == "unplugged")));
        desk.sockets.unplug("1-1");
        REQUIRE(desk.outcome() != pensioner_number);
    };
    // What the libraries keep for good is there after a few rounds.
    int round = 0;
    for (; round < 6; ++round) cycle(round);
    const auto descriptors = entries_of("/proc/self/fd");
    const auto threads = entries_of("/proc/self/task");
    for (; round < count; ++round) cycle(round);
    CAPTURE(count, entries_of("/proc/self/fd"), descriptors, entries_of("/proc/self/task"),
            threads);
    // umockdev's own thread closes its ends a moment later.
    REQUIRE(becomes_true([&] { return entries_of("/proc/self/fd") <= descriptors; }));
    REQUIRE(becomes_true([&] { return entries_of("/proc/self/task") <= threads; }));
}

} // namespace

TEST_CASE("200 times plugged and pulled, the reader is there each time and nothing leaks",
          "[device][usb]") {
    require_plug_cycles(200);
}

TEST_CASE("10,000 times plugged and pulled, the reader is there each time and nothing leaks",
          "[device][usb][.slow]") {
    require_plug_cycles(10'000);
}
