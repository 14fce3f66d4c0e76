// The dialogue with a staff card, whatever carries the bytes: choose the application, then one
// command with one of the two keys. Holds nothing between two operations.
//
// Every operation begins with choosing the application, so that a card that was reset, exchanged or
// used by another program in between makes no difference.
// Sources: as apdu.hpp. Not yet verified on hardware.
#pragma once

#include "drivers/staff_card/staff_card_reader.hpp"
#include "kiosk/base/bytes.hpp"

namespace drivers {

namespace apdu {
struct Status;
}

// One card in one reader: a command in, the answer out.
class CardChannel {
public:
    virtual ~CardChannel() = default;
    // The answer may hold a secret: the memory is locked and wiped. Takes at most
    // StaffCardLimits::answer, whatever the card does.
    // Errors: no_card, card_removed, timed_out, bad_frame, unsupported (no answer to reset),
    // unplugged.
    virtual base::Result<base::SecretBytes> transmit(base::ByteView command) = 0;
};

struct StaffCardLimits {
    // One command. Chosen: the three seconds after which Debian's driver for USB readers (libccid)
    // gives a card up, and a little; a P-256 operation of a card takes a tenth of it.
    base::Milliseconds answer{4000};
    // One operation, all commands together: no command is begun after it.
    base::Milliseconds total{8000};
    // Answers are at most 256 bytes (application properties) or 76 (a signature): one is enough,
    // and a card that always has more to say is none of ours.
    int get_response_rounds = 4;
};

class StaffCard {
public:
    // Both outlive the card.
    StaffCard(CardChannel& channel, const base::Clock& clock, StaffCardLimits limits = {});

    // Errors: as StaffCardReader::sign() and agree().
    base::Result<P256Signature> sign(const base::Sha256& digest);
    base::Result<P256Secret> agree(const P256Point& point);

private:
    base::Result<base::SecretBytes> ask_chosen(base::ByteView command);
    base::Result<base::SecretBytes> ask(base::ByteView command);
    base::Result<apdu::Status> ask_once(base::ByteView command, base::SecretBytes& data);
    base::Result<base::SecretBytes> transmit(base::ByteView command);

    CardChannel& channel_;
    const base::Clock& clock_;
    StaffCardLimits limits_;
    base::MonotonicTime deadline_{};
};

} // namespace drivers
