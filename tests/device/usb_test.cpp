// The card reader on a simulated USB: which pipes, blocked pipes, cables and hubs, permissions,
// silence. All cards are invented (spec matters §9). The clock moves only when somebody waits.
#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/manual_wait.hpp"
#include "drivers/usb/simulated_usb_bus.hpp"
#include "drivers/usb/simulated_usb_sam.hpp"
#include "drivers/usb/usb_connection.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "tests/support/card_on_desk.hpp"

#include <catch2/catch.hpp>
#include <numeric>

using namespace drivers;
using namespace std::chrono_literals;
using base::Errc;

namespace {

using test_support::pensioner_number;
using test_support::reader_wanted;

struct Desk {
    explicit Desk(PipeForm form = PipeForm::four_pipes, UsbWanted wanted = reader_wanted())
        : device(module, form), connection(bus, std::move(wanted), clock) {}

    base::ManualClock clock{std::chrono::sys_days{2026y / 11 / 22} + 4h};
    SimulatedUsbBus bus{clock, manual_wait(clock)};
    SimulatedSam module{clock, manual_wait(clock)};
    SimulatedUsbSam device;
    UsbConnection connection;
    SamReader reader{"USB", [this] { return connection.connect(); }, clock, manual_wait(clock)};

    void lay(std::string_view id) { test_support::lay_card(module, id); }
    std::string outcome() { return test_support::outcome(reader); }
    int tries_until_read(int at_most) {
        return test_support::tries_until_read(module, reader, at_most);
    }
};

const auto both_forms = {PipeForm::two_pipes, PipeForm::four_pipes};

UsbInterface interface(std::uint8_t number, std::uint8_t class_code,
                       std::vector<std::uint8_t> addresses,
                       UsbEndpointKind kind = UsbEndpointKind::bulk) {
    UsbInterface made{number, class_code, {}};
    for (const auto address : addresses) made.endpoints.push_back({address, kind, 64});
    return made;
}

UsbDevice with(std::vector<UsbInterface> interfaces) {
    return {{0x0400, 0xc35a}, 0x0100, "1-1", 2, std::move(interfaces)};
}

} // namespace

TEST_CASE("a card is read in both forms of the reader, in transfers of every size",
          "[device][usb]") {
    for (const auto form : both_forms)
        for (const std::size_t most : {0, 1, 3, 7, 8, 63, 64, 65, 512}) {
            Desk desk(form);
            desk.bus.plug("1-1", desk.device);
            desk.device.give_at_most(most);
            desk.lay("pensioner");
            CAPTURE(to_string(form), most);
            REQUIRE(desk.outcome() == pensioner_number);
            REQUIRE(desk.reader.is_card_present().value());
            const auto told = desk.reader.describe();
            REQUIRE((told.is_ready && told.bad_frames == 0 && told.resyncs == 0));
            REQUIRE(told.transport == "USB 0400:c35a");
            REQUIRE(told.pipes == (form == PipeForm::four_pipes ? 4 : 2));
            REQUIRE(desk.connection.report().form == form);
        }
}

TEST_CASE("four pipes carry the first seven bytes of a request apart from the rest",
          "[device][usb]") {
    Desk desk;
    desk.bus.plug("1-1", desk.device);
    REQUIRE(desk.outcome() == "no_card");
    REQUIRE(desk.device.out_sizes() == std::vector<std::size_t>{7, 3, 7, 3});
}

TEST_CASE("pipes are chosen from the descriptors, whatever their numbers", "[device][usb]") {
    const auto plain = choose_pipes(with({interface(0, 0xff, {0x85, 0x06, 0x81, 0x02})}));
    REQUIRE(plain->form == PipeForm::four_pipes);
    REQUIRE((plain->out.address == 0x02 && plain->out_rest.address == 0x06));
    REQUIRE((plain->in.address == 0x81 && plain->in_rest.address == 0x85));

    const auto other_numbers = choose_pipes(with({interface(3, 0xff, {0x8e, 0x0d})}));
    REQUIRE(other_numbers->form == PipeForm::two_pipes);
    REQUIRE((other_numbers->interface_number == 3 && other_numbers->in.address == 0x8e));

    const auto interrupt =
        choose_pipes(with({interface(0, 0xff, {0x01, 0x82}, UsbEndpointKind::interrupt)}));
    REQUIRE(interrupt->out.kind == UsbEndpointKind::interrupt);

    // An extra interface of a keyboard, and one of a storage, before the reader's own.
    const auto extra =
        choose_pipes(with({interface(0, 3, {0x81, 0x01}), interface(1, 8, {0x82, 0x02}),
                           interface(2, 0xff, {0x83, 0x03})}));
    REQUIRE(extra->interface_number == 2);

    // Two bulk pipes beside an interrupt pipe for events are a stream.
    auto mixed = interface(0, 0xff, {0x81, 0x02});
    mixed.endpoints.push_back({0x83, UsbEndpointKind::interrupt, 8});
    REQUIRE(choose_pipes(with({mixed}))->form == PipeForm::two_pipes);

    // A printer is asked for by its class.
    REQUIRE_FALSE(choose_pipes(with({interface(0, 0xff, {0x81, 0x01})}), 7));
    REQUIRE(choose_pipes(with({interface(0, 0xff, {0x81, 0x01}), interface(1, 7, {0x82, 0x02})}), 7)
                ->interface_number == 1);

    // One direction only, no endpoints, a keyboard, nothing at all.
    for (const auto& useless :
         {with({interface(0, 0xff, {0x81, 0x82})}), with({interface(0, 0xff, {})}),
          with({interface(0, 3, {0x81, 0x01})}), with({})})
        REQUIRE_FALSE(choose_pipes(useless));
}

TEST_CASE(
    "a reader with a keyboard beside it is read; one that is only a keyboard is refused in words",
    "[device][usb]") {
    Desk desk;
    auto looks = SimulatedUsbSam::usual_looks(PipeForm::two_pipes, "");
    looks.interfaces.insert(looks.interfaces.begin(),
                            interface(1, 3, {0x83}, UsbEndpointKind::interrupt));
    SimulatedUsbSam with_keyboard(desk.module, PipeForm::two_pipes, looks);
    desk.bus.plug("1-1", with_keyboard);
    REQUIRE(desk.tries_until_read(1) == 1);
    desk.bus.unplug("1-1");

    struct Keyboard final : SimulatedUsbDevice {
        Keyboard()
            : SimulatedUsbDevice({{0x0400, 0xc35a}, 1, "", "", "", {interface(0, 3, {0x81, 1})}}) {}
        UsbAnswer take(std::uint8_t, base::ByteView, std::size_t&) override {
            return UsbAnswer::ok;
        }
        UsbAnswer give(std::uint8_t, std::size_t, base::Bytes&) override { return UsbAnswer::nak; }
    } keyboard;
    desk.bus.plug("1-1", keyboard);
    REQUIRE(desk.outcome() == "unplugged"); // the wire of before
    REQUIRE(desk.outcome() == "device");
    REQUIRE(desk.connection.report().state == UsbState::unknown_form);
}

TEST_CASE("a stalled pipe is set free and the next lay-down reads the card, wherever it stalls",
          "[device][usb]") {
    for (const auto form : both_forms)
        for (const bool is_out : {true, false})
            for (unsigned transfers = 0; transfers < 8; ++transfers) {
                Desk desk(form);
                desk.bus.plug("1-1", desk.device);
                REQUIRE(desk.outcome() == "no_card");
                desk.lay("pensioner");
                // The n-th look from now meets the stall.
                for (unsigned i = 0; i < transfers; ++i) {
                    desk.module.lift_card();
                    desk.outcome();
                }
                is_out ? desk.device.stall_next_out() : desk.device.stall_next_in();
                CAPTURE(to_string(form), is_out, transfers);
                REQUIRE(desk.tries_until_read(2) <= 2);
                REQUIRE(desk.device.halts_cleared() == 1);
                REQUIRE(desk.device.resets() == 0);
            }
}

TEST_CASE("a device that stalls again and again is reset once, then out of service",
          "[device][usb]") {
    Desk desk;
    desk.bus.plug("1-1", desk.device);
    desk.lay("pensioner");
    desk.device.stall_next_in(1000);
    for (int i = 0; i < 20; ++i) desk.outcome();
    REQUIRE(desk.outcome() == "device");
    REQUIRE(desk.connection.report().state == UsbState::out_of_service);
    REQUIRE(desk.device.resets() == 1);
    const auto cleared = desk.device.halts_cleared();
    for (int i = 0; i < 20; ++i) REQUIRE(desk.outcome() == "device"); // nothing is sent any more
    REQUIRE(desk.device.halts_cleared() == cleared);
    REQUIRE(desk.bus.open_handles() == 0);
}

TEST_CASE("a mute reader is reset once, then out of service with advice, and comes back by itself",
          "[device][usb]") {
    for (const auto form : both_forms) {
        Desk desk(form);
        desk.bus.plug("1-1", desk.device);
        desk.lay("pensioner");
        desk.device.mute(true);
        const auto from = desk.clock.now();
        int looks = 0;
        while (desk.outcome() != "device") REQUIRE(++looks < 10);
        REQUIRE(desk.clock.now() - from < 30s);
        REQUIRE(desk.device.resets() == 1);
        REQUIRE_FALSE(desk.connection.report().advice.empty());
        const auto requests = desk.device.out_sizes().size();
        REQUIRE(desk.outcome() == "device");
        REQUIRE(desk.device.out_sizes().size() == requests); // it is left alone
        desk.device.mute(false);
        desk.clock.advance(60s);
        REQUIRE(desk.tries_until_read(3) <= 3);
    }
}

TEST_CASE("a mute reader that was replugged is tried at once", "[device][usb]") {
    Desk desk;
    desk.bus.plug("1-1", desk.device);
    desk.device.mute(true);
    while (desk.outcome() != "device") continue;
    desk.clock.advance(6s);
    desk.bus.unplug("1-1");
    desk.device.mute(false);
    desk.bus.plug("1-1", desk.device);
    REQUIRE(desk.tries_until_read(1) == 1);
}

TEST_CASE("a reader that comes back as another device after each reset is not tried for ever",
          "[device][usb]") {
    Desk desk;
    desk.bus.plug("1-1", desk.device);
    desk.device.mute(true);
    desk.device.reset_answers(UsbOutcome::not_found); // SimulatedUsbBus gives it another address
    int looks = 0;
    while (desk.outcome() != "device") REQUIRE(++looks < 10);
    REQUIRE(desk.device.resets() == 1);
}

TEST_CASE(
    "the cable is pulled at any byte and plugged in again: the reader is back without a restart",
    "[device][usb]") {
    for (const auto form : both_forms)
        for (std::size_t bytes = 0; bytes < 1500; bytes += bytes < 120 ? 1 : 41) {
            Desk desk(form);
            desk.bus.plug("1-1", desk.device);
            desk.lay("pensioner");
            desk.module.pull_cable_after(bytes);
            CAPTURE(to_string(form), bytes);
            const auto first = desk.outcome();
            REQUIRE((first == "unplugged" || first == pensioner_number));
            desk.bus.unplug("1-1");
            desk.outcome(); // finds the wire dead
            REQUIRE(desk.outcome() == "unplugged");
            REQUIRE(desk.connection.report().state == UsbState::absent);
            desk.device.reset(); // it had no power
            desk.module.plug_cable();
            desk.bus.plug("1-1", desk.device);
            const auto from = desk.clock.now();
            REQUIRE(desk.tries_until_read(1) == 1);
            REQUIRE(desk.clock.now() - from <= 3s);
            REQUIRE(desk.bus.open_handles() == 1);
        }
}

TEST_CASE("input/output errors of a bad cable end in out of service, not in an endless loop",
          "[device][usb]") {
    Desk desk;
    desk.bus.plug("1-1", desk.device);
    desk.module.pull_cable(); // the module has no power, its plug is still there
    int looks = 0;
    while (desk.outcome() != "device") REQUIRE(++looks < 20);
    REQUIRE(desk.connection.report().state == UsbState::out_of_service);
    desk.module.plug_cable();
    desk.clock.advance(60s);
    REQUIRE(desk.tries_until_read(2) <= 2);
}

TEST_CASE("a hub that glitches gives the reader another address: it is found by its socket",
          "[device][usb]") {
    for (const bool loses_events : {false, true}) {
        Desk desk;
        SimulatedSam other_module{desk.clock, manual_wait(desk.clock)};
        SimulatedUsbSam other(other_module, PipeForm::four_pipes);
        desk.bus.plug("1-1.2", desk.device);
        REQUIRE(desk.tries_until_read(1) == 1);
        desk.bus.plug("1-1.1", other);
        desk.bus.lose_events(loses_events);
        desk.clock.advance(5s);
        desk.bus.glitch();
        desk.lay("pensioner");
        REQUIRE(desk.outcome() == "unplugged");
        const auto from = desk.clock.now();
        while (desk.outcome() != pensioner_number) {
            desk.clock.advance(1s); // as often as the kiosk looks
            REQUIRE(desk.clock.now() - from <= 3s);
        }
        REQUIRE(other_module.requests().empty());
    }
}

TEST_CASE("an arrival whose event was lost is found within three seconds", "[device][usb]") {
    Desk desk;
    REQUIRE(desk.outcome() == "unplugged");
    desk.bus.lose_events(true);
    desk.bus.plug("1-1", desk.device);
    desk.lay("pensioner");
    const auto from = desk.clock.now();
    while (desk.outcome() != pensioner_number) desk.clock.advance(500ms);
    REQUIRE(desk.clock.now() - from <= 3s);
}

TEST_CASE("while there is no reader, all sockets are looked at only every two seconds",
          "[device][usb]") {
    Desk desk;
    for (int i = 0; i < 100; ++i) {
        REQUIRE(desk.outcome() == "unplugged");
        desk.clock.advance(100ms);
    }
    REQUIRE(desk.bus.fresh_looks() == 5);
}

TEST_CASE("two identical readers are told apart by the socket in the configuration",
          "[device][usb]") {
    for (const std::string port : {"1-1.1", "1-1.2"}) {
        auto wanted = reader_wanted();
        wanted.port = port;
        Desk desk(PipeForm::two_pipes, wanted);
        SimulatedSam other_module{desk.clock, manual_wait(desk.clock)};
        SimulatedUsbSam other(other_module, PipeForm::two_pipes);
        desk.bus.plug(port, desk.device);
        desk.bus.plug(port == "1-1.1" ? "1-1.2" : "1-1.1", other);
        REQUIRE(desk.tries_until_read(1) == 1);
        REQUIRE(other_module.requests().empty());
    }
}

TEST_CASE("two identical readers are told apart by the serial number in the configuration",
          "[device][usb]") {
    auto wanted = reader_wanted();
    wanted.serial = "B";
    Desk desk(PipeForm::two_pipes, wanted);
    SimulatedSam other_module{desk.clock, manual_wait(desk.clock)};
    SimulatedUsbSam a(other_module, PipeForm::two_pipes, "A");
    SimulatedUsbSam b(desk.module, PipeForm::two_pipes, "B");
    desk.bus.plug("1-1", a);
    REQUIRE(desk.outcome() == "unplugged");
    desk.bus.plug("1-2", b);
    REQUIRE(desk.tries_until_read(1) == 1);
    desk.bus.unplug("1-2");
    desk.bus.unplug("1-1");
    REQUIRE(desk.outcome() == "unplugged");
    desk.bus.plug("1-1", b); // the other way round
    desk.bus.plug("1-2", a);
    REQUIRE(desk.tries_until_read(1) == 1);
    REQUIRE(other_module.requests().empty());
}

TEST_CASE(
    "with two readers and no word in the configuration the kiosk reads from neither and says so",
    "[device][usb]") {
    Desk desk;
    SimulatedUsbSam other(desk.module, PipeForm::four_pipes);
    desk.bus.plug("1-1", desk.device);
    desk.bus.plug("2-4", other);
    REQUIRE(desk.outcome() == "device");
    const auto told = desk.connection.report();
    REQUIRE(told.state == UsbState::several);
    REQUIRE(told.device == "0400:c35a in socket 1-1, 0400:c35a in socket 2-4");
    REQUIRE(desk.module.requests().empty());
    desk.bus.unplug("2-4");
    REQUIRE(desk.tries_until_read(1) == 1);
    desk.bus.plug("2-4", other); // a second one later changes nothing
    REQUIRE(desk.tries_until_read(1) == 1);
}

TEST_CASE("no permission right after the arrival is waited for, later it is a matter for staff",
          "[device][usb]") {
    Desk desk;
    desk.bus.deny(true);
    desk.bus.plug("1-1", desk.device);
    for (int second = 0; second < 5; ++second) {
        REQUIRE(desk.outcome() == "unplugged");
        REQUIRE(desk.connection.report().state == UsbState::waiting_for_permission);
        desk.clock.advance(1s);
    }
    REQUIRE(desk.outcome() == "locked");
    REQUIRE(desk.connection.report().state == UsbState::denied);
    desk.bus.deny(false); // staff installed the rule
    REQUIRE(desk.tries_until_read(1) == 1);
}

TEST_CASE("a reader that another program holds is told as such, and used when it is free",
          "[device][usb]") {
    Desk desk;
    desk.bus.plug("1-1", desk.device);
    desk.bus.hold(true);
    for (int i = 0; i < 20; ++i)
        REQUIRE(desk.outcome() == "locked"); // never out of service for that
    REQUIRE(desk.connection.report().state == UsbState::held_elsewhere);
    desk.bus.hold(false);
    REQUIRE(desk.tries_until_read(1) == 1);
}

TEST_CASE("half a reply left by a program that died is drained before the first request",
          "[device][usb]") {
    for (const auto form : both_forms)
        for (const std::size_t read_before : {0, 3, 7, 8, 100, 700, 1290}) {
            Desk desk(form);
            desk.bus.plug("1-1", desk.device);
            desk.lay("pensioner");
            { // the program that dies: it asks for the card and reads a part of the answer
                auto wire = desk.connection.connect();
                REQUIRE(wire);
                for (const auto request : {Request::find, Request::select, Request::read}) {
                    REQUIRE((*wire)->write(encode(request), 1s));
                    base::SecretBytes rest(request == Request::read ? read_before : 512);
                    std::size_t size = 0;
                    while (size < rest.size()) {
                        const auto more = (*wire)->read(std::span(rest).subspan(size), 20ms);
                        REQUIRE(more);
                        if (*more == 0) break;
                        size += *more;
                    }
                }
            }
            CAPTURE(to_string(form), read_before);
            REQUIRE(desk.tries_until_read(1) == 1);
            REQUIRE(desk.reader.describe().bad_frames == 0);
        }
}

TEST_CASE("an answer that comes too late is not taken for the next one, in both forms",
          "[device][usb]") {
    for (const auto form : both_forms)
        for (const auto late : {900ms, 1100ms, 1250ms, 1500ms, 2100ms}) {
            Desk desk(form);
            desk.bus.plug("1-1", desk.device);
            REQUIRE(desk.outcome() == "no_card");
            desk.lay("pensioner");
            desk.module.answer_late(late);
            CAPTURE(to_string(form), late.count());
            const auto first = desk.outcome();
            REQUIRE((first == pensioner_number || first == "card_removed" || first == "timed_out"));
            if (first != pensioner_number) REQUIRE(desk.tries_until_read(2) <= 2);
        }
}

TEST_CASE("a card torn away at any byte of its reply: the next lay-down is read, in both forms",
          "[device][usb]") {
    for (const auto form : both_forms)
        for (std::size_t bytes = 0; bytes < 1295; bytes += bytes < 20 ? 1 : 61) {
            Desk desk(form);
            desk.bus.plug("1-1", desk.device);
            desk.lay("pensioner");
            desk.module.tear_away_mid_read(bytes);
            CAPTURE(to_string(form), bytes);
            REQUIRE(desk.outcome() != pensioner_number);
            REQUIRE(desk.tries_until_read(2) <= 2);
            REQUIRE(desk.device.resets() == 0);
        }
}

TEST_CASE("noise before an answer is passed over, in both forms", "[device][usb]") {
    for (const auto form : both_forms)
        for (std::size_t noise = 1; noise < 30; ++noise) {
            Desk desk(form);
            desk.bus.plug("1-1", desk.device);
            REQUIRE(desk.outcome() == "no_card");
            desk.module.babble(noise);
            CAPTURE(to_string(form), noise);
            REQUIRE(desk.tries_until_read(3) <= 3);
        }
}

namespace {

// A device that keeps what it is sent and gives back what the test put there.
class Loop final : public SimulatedUsbDevice {
public:
    explicit Loop(std::uint16_t packet_size)
        : SimulatedUsbDevice({{0x1234, 0x5678},
                              0x0100,
                              "Simulated",
                              "Loop",
                              "",
                              {{0,
                                7,
                                {{0x01, UsbEndpointKind::bulk, packet_size},
                                 {0x82, UsbEndpointKind::bulk, packet_size}}}}}) {}
    base::Bytes taken;
    base::Bytes to_give;

private:
    UsbAnswer take(std::uint8_t, base::ByteView bytes, std::size_t&) override {
        taken.insert(taken.end(), bytes.begin(), bytes.end());
        return UsbAnswer::ok;
    }
    UsbAnswer give(std::uint8_t, std::size_t capacity, base::Bytes& bytes) override {
        if (to_give.empty()) return UsbAnswer::nak;
        const auto size = std::ptrdiff_t(std::min(capacity, to_give.size()));
        bytes.assign(to_give.begin(), to_give.begin() + size);
        to_give.erase(to_give.begin(), to_give.begin() + size);
        return UsbAnswer::ok;
    }
    UsbAnswer answer_class_request(const UsbRequest& request, base::ByteView out,
                                   base::Bytes& in) override {
        if (request.setup.request == 0) in = {0, 7, 'M', 'F', 'G', ':', ';'}; // IEEE 1284 device id
        if (request.setup.request == 2) taken.clear();                        // soft reset
        if (request.setup.request == 9) taken.assign(out.begin(), out.end());
        return request.setup.request <= 9 ? UsbAnswer::ok : UsbAnswer::stall;
    }
};

struct Wire {
    explicit Wire(UsbManners manners, std::uint16_t packet_size = 64) : loop(packet_size) {
        UsbWanted wanted;
        wanted.class_code = 7;
        wanted.manners = manners;
        connection.emplace(bus, wanted, clock);
        bus.plug("1-3", loop);
        auto opened = connection->open();
        REQUIRE(opened);
        transport = std::move(opened).value();
    }
    base::ManualClock clock{std::chrono::sys_days{2026y / 11 / 22}};
    SimulatedUsbBus bus{clock, manual_wait(clock)};
    Loop loop;
    std::optional<UsbConnection> connection;
    std::unique_ptr<UsbTransport> transport;
};

base::Bytes counting(std::size_t size) {
    base::Bytes bytes(size);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
    return bytes;
}

} // namespace

TEST_CASE(
    "a message that fills its last packet is ended by an empty one where the device wants that",
    "[device][usb]") {
    for (const std::size_t size : {1, 63, 64, 65, 128, 512}) {
        Wire messages({.answers_requests = true, .ends_messages = true});
        REQUIRE(messages.transport->write(counting(size), 1s).value() == size);
        auto expected = std::vector<std::size_t>{size};
        if (size % 64 == 0) expected.push_back(0);
        REQUIRE(messages.loop.out_sizes() == expected);
        Wire stream({.answers_requests = false, .ends_messages = false});
        REQUIRE(stream.transport->write(counting(size), 1s).value() == size);
        REQUIRE(stream.loop.out_sizes() == std::vector<std::size_t>{size});
    }
}

TEST_CASE("an empty packet from the device is no answer and no silence", "[device][usb]") {
    Wire wire({});
    wire.loop.end_with_empty_packets(true);
    wire.loop.to_give = counting(128);
    base::Bytes into(64);
    REQUIRE(wire.transport->read(into, 1s).value() == 64);
    REQUIRE(into == base::Bytes(counting(64)));
    REQUIRE(wire.transport->read(into, 1s).value() == 64);
    wire.loop.to_give = counting(5);
    REQUIRE(wire.transport->read(into, 1s).value() == 5); // past the empty packet
    REQUIRE(wire.transport->read(into, 1s).value() == 0);
}

TEST_CASE("a transfer that took only a part goes on with the rest", "[device][usb]") {
    Wire wire({.answers_requests = false, .ends_messages = false});
    wire.loop.take_at_most(10);
    REQUIRE(wire.transport->write(counting(95), 1s).value() == 95);
    REQUIRE(wire.loop.taken == counting(95));
}

TEST_CASE("bytes are handed out in whatever pieces the driver asks for, none lost",
          "[device][usb]") {
    for (const std::uint16_t packet_size : {8, 64, 512})
        for (const std::size_t piece : {1, 7, 64, 1000}) {
            Wire wire({}, packet_size);
            const auto sent = counting(1295);
            wire.loop.to_give = sent;
            base::Bytes got;
            base::Bytes into(piece);
            while (true) {
                const auto size = wire.transport->read(into, 50ms).value();
                if (size == 0) break;
                got.insert(got.end(), into.begin(), into.begin() + std::ptrdiff_t(size));
            }
            REQUIRE(got == sent);
        }
}

TEST_CASE("a printer that says nothing is not taken for mute", "[device][usb]") {
    Wire wire({.answers_requests = false, .ends_messages = false});
    for (int i = 0; i < 100; ++i) REQUIRE(wire.transport->write(counting(10), 1s).value() == 10);
    REQUIRE(wire.loop.resets() == 0);
}

TEST_CASE("requests to endpoint 0 go both ways, and one that the device does not know is refused",
          "[device][usb]") {
    Wire wire({});
    base::Bytes id(64);
    REQUIRE(wire.transport->control({0xa1, 0, 0, 0}, id, 1s).value() == 7);
    REQUIRE(id[2] == 'M');
    auto out = counting(4);
    REQUIRE(wire.transport->control({0x21, 9, 0, 0}, out, 1s).value() == 4);
    REQUIRE(wire.loop.taken == counting(4));
    REQUIRE(wire.transport->control({0x21, 2, 0, 0}, {}, 1s));
    REQUIRE(wire.loop.taken.empty());
    REQUIRE(wire.transport->control({0xa1, 77, 0, 0}, id, 1s).error().code == Errc::refused);
    wire.loop.stall_control(true); // some printers do so for their id
    REQUIRE(wire.transport->control({0xa1, 0, 0, 0}, id, 1s).error().code == Errc::refused);
    REQUIRE(wire.transport->write(counting(10), 1s).value() == 10); // and work all the same
    wire.loop.stall_control(false);
    wire.loop.mute(true);
    REQUIRE(wire.transport->control({0xa1, 0, 0, 0}, id, 1s).error().code == Errc::timed_out);
    wire.bus.unplug("1-3");
    REQUIRE(wire.transport->control({0xa1, 0, 0, 0}, id, 1s).error().code == Errc::unplugged);
}

TEST_CASE("numbers and sockets of USB devices are read as lsusb and the kernel write them",
          "[device][usb]") {
    REQUIRE(read_usb_id("0400:C35A").value() == UsbId{0x0400, 0xc35a});
    REQUIRE(to_string(UsbId{0x0400, 0xc35a}) == "0400:c35a");
    for (const auto* wrong : {"", "0400", "0400c35a", "400:c35a", "0400:c35", "0400:c35ax",
                              "04g0:c35a", "0x400:c35a", "-400:c35a", " 400:c35a"})
        REQUIRE_FALSE(read_usb_id(wrong));
    for (const auto* right : {"1-1", "3-1.4", "10-2.3.4.1"}) REQUIRE(is_usb_port_path(right));
    for (const auto* wrong : {"", "1", "1-", "-1", "1-1.", "1-.1", "a-1", "1-1 ", "1-1:1.0"})
        REQUIRE_FALSE(is_usb_port_path(wrong));
}

TEST_CASE("every state and outcome of USB has its words", "[device][usb]") {
    for (const auto state :
         {UsbState::not_looked_for, UsbState::absent, UsbState::several, UsbState::unknown_form,
          UsbState::waiting_for_permission, UsbState::denied, UsbState::held_elsewhere,
          UsbState::connected, UsbState::failing, UsbState::out_of_service})
        REQUIRE_FALSE(to_string(state).empty());
    for (const auto outcome :
         {UsbOutcome::ok, UsbOutcome::timed_out, UsbOutcome::stalled, UsbOutcome::gone,
          UsbOutcome::denied, UsbOutcome::busy, UsbOutcome::not_found, UsbOutcome::failed})
        REQUIRE_FALSE(to_string(outcome).empty());
}
