// The bytes to and from a card in a reader of the system's service, with a limit on every call.
//
// The service itself has none: SCardTransmit() comes back when the reader's driver gives the card
// up (libccid: after 3 s of silence, but a card may ask for more time again and again), and when
// the service hangs, never. So all calls are made by a thread of this channel, and the caller waits
// for it only so long. A call that does not come back keeps that thread; until it does, every
// operation ends with timed_out after the limit, and nothing else of the kiosk is held up.
#pragma once

#include "drivers/staff_card/staff_card.hpp"

#include <memory>
#include <string>
#include <thread>

namespace drivers {

class PcscChannel final : public CardChannel {
public:
    // `clock` must outlive the channel; a thread left behind does not use it.
    PcscChannel(const base::Clock& clock, StaffCardLimits limits);
    // Waits one answer limit for a call that has not come back, then leaves its thread behind.
    ~PcscChannel() override;

    // Powers up the card in this reader and keeps other programs off it until close().
    // Errors: as transmit().
    base::Result<void> open(const std::string& reader);
    base::Result<base::SecretBytes> transmit(base::ByteView command) override;
    // Lets other programs have the card. Does not wait.
    void close();

private:
    struct Desk;
    const base::Clock& clock_;
    StaffCardLimits limits_;
    std::shared_ptr<Desk> desk_;
    std::thread thread_;
};

} // namespace drivers
