// Real smart card service, virtual reader: pcscd as a child of the test, with the driver of
// vsmartcard-vpcd, whose readers take cards over TCP; and the cards that are put into them.
//
// Nothing of the machine's own service is touched: the child gets its socket handed over as systemd
// would (sd_listen_fds(3)), its own /run in a mount namespace, its own reader list and port.
#pragma once

#include "drivers/staff_card/simulated_staff_card.hpp"
#include "kiosk/base/result.hpp"

#include <functional>
#include <string>
#include <thread>

namespace tests {

// pcscd from start() to stop() or destruction; killed with the test, however that ends.
class PrivatePcscd {
public:
    PrivatePcscd();
    ~PrivatePcscd();
    PrivatePcscd(const PrivatePcscd&) = delete;
    PrivatePcscd& operator=(const PrivatePcscd&) = delete;

    // Sets PCSCLITE_CSOCK_NAME of this process. Errors: unsupported (not installed, or this user
    // may not start it): the context says which.
    base::Result<void> start();
    // Killed, its socket gone: as a service that crashed, or a reader that was unplugged.
    void stop();
    bool is_running();
    // It neither answers nor dies, until it goes on.
    void hang();
    void go_on();
    std::string log() const; // what it said last
    // For cards in the first (0) and second (1) reader.
    std::uint16_t port(int slot) const { return std::uint16_t(port_ + slot); }

private:
    std::string folder_;
    int child_ = -1;
    std::uint16_t port_ = 0;
};

// A card in a virtual reader, from construction to destruction. Answers on a thread of its own.
// Wire: 2 bytes of length, most significant first, then the message; one byte is a control code
// (0 power off, 1 power on, 2 reset, 4 answer to reset), more is a command. Source: manual of
// vsmartcard 3.3, "vpcd".
class VirtualCard {
public:
    // Called on the card's thread when command number n (from 0) has come, before it is answered.
    // True: the card is pulled in that moment.
    using Fate = std::function<bool(std::size_t command)>;

    VirtualCard(drivers::SimulatedStaffCard card, std::uint16_t port, Fate fate);
    ~VirtualCard();
    VirtualCard(const VirtualCard&) = delete;
    VirtualCard& operator=(const VirtualCard&) = delete;

private:
    void serve();

    drivers::SimulatedStaffCard card_;
    Fate fate_;
    int socket_ = -1;
    std::thread thread_;
};

} // namespace tests
