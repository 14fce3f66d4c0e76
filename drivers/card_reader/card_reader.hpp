// The interface of every identity card reader.
#pragma once

#include "drivers/card_reader/card.hpp"
#include "kiosk/base/result.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace drivers {

// What a technician wants to know. Nothing about any card.
struct CardReaderDescription {
    std::string transport;    // "USB 0400:c35a", "simulated"
    int pipes = 0;            // TransportDescription::pipes, the driver's form; 0: not asked yet
    std::string module_id;    // "05.01-20230526-0000012345-0000000001"; empty until asked once
    bool is_ready = false;    // the module answered its status request with "ready"
    unsigned bad_frames = 0;  // since start: checksum or length wrong
    unsigned resyncs = 0;     // since start: pipe drained and dialogue begun again
    unsigned odd_headers = 0; // since start: SW1 SW2 other than 00 00
    // What went wrong with the reader last, since start: unplugged, locked, timed_out, bad_frame or
    // device. Never what went wrong with a card: that is between the person and the screen.
    std::optional<base::Errc> last_trouble;
};

// One look for a card.
struct CardLook {
    base::Milliseconds patience{0}; // how long to wait for a card; zero: looks once
    Photo photo = Photo::drop;
    // Called on the reading thread when a card has been found and is about to be read, so that the
    // screen can say "please leave it there". May be empty.
    std::function<void()> on_found = {};
};

// One call at a time, from one thread.
class CardReader {
public:
    virtual ~CardReader() = default;

    // Waits until a card that was not read before lies on the reader, and reads it. Waits at most
    // `look.patience` for a card; a read that has begun takes at most 20 s more.
    // Errors and what to do about them:
    //   no_card            nothing within patience: ask for the card
    //   busy               the card already read still lies there, and no module reads it twice:
    //                      ask to lift it, and to lay it down anew
    //   card_removed       lifted too early or badly placed: ask to lay it down again
    //   card_inconsistent  fields contradict each other: ask to lay it down again; the second
    //                      time the same card comes back as a Card with staff_should_confirm
    //   card_unreadable    this card cannot be read here: another way, never the person's fault
    //   unsupported        a kind of card we do not know: another way
    //   bad_frame, timed_out  garbled or no answers in spite of a retry: call staff
    //   device             the module says that it is broken: take it out of service, call staff
    //   locked             another program holds it, or this one may not open it: call staff
    //   unplugged          gone; the next call looks for it again
    //   cancelled          `stop` was requested
    virtual base::Result<CardReading> read(const CardLook& look, std::stop_token stop) = 0;

    // Is the card that was read last still lying there? False when none was read since it was
    // lifted, and after a plugging in, which makes a module forget. Sends nothing before a card was
    // read. For "please take your card"; lifting never ends a visit (spec safeguards G21).
    // Errors: timed_out, bad_frame, device, locked, unplugged.
    virtual base::Result<bool> is_card_present() = 0;

    // At the end of a session: forgets what read() remembers of an inconsistent card.
    virtual void forget() = 0;

    // Asks the module for its state and number, and nothing about any card. Takes at most 8 s,
    // where it is mute.
    virtual CardReaderDescription describe() = 0;
};

} // namespace drivers
