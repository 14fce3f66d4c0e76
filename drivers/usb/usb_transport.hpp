// The wire to one open USB device: bytes through its pipes, and what to do when they are blocked.
//
// Two pipes carry a stream, one pipe a stream towards the device. Four pipes carry frames: the
// first seven bytes (preamble and length) go through one pipe, the rest through the other, the same
// way back (spec id-card-reader §4).
//
// The ladder when something is wrong: a stalled endpoint is set free and the caller told that
// nothing more came (its protocol gets back into step); after several stalls or unanswered requests
// the device is reset once; after as many more the wire is given up and says `unplugged`.
// UsbConnection decides whether there will be another.
#pragma once

#include "drivers/transport.hpp"
#include "drivers/usb/pipes.hpp"
#include "kiosk/base/secret.hpp"

#include <array>
#include <memory>

namespace drivers {

struct UsbLimits {
    // One transfer towards the host. A device that fills its last packet and sends no empty one
    // after it keeps the transfer waiting for this long; chosen: well below the limit of any
    // answer.
    base::Milliseconds slice{250};
    // Chosen: a module is asked three times in one attempt to get back into step (SamReader), so
    // four requests without a byte are more than bad luck, and it takes about five seconds to get
    // there.
    unsigned unanswered_before_reset = 4;
    unsigned unanswered_before_giving_up = 8;
    unsigned stalls_before_reset = 3;
    unsigned stalls_before_giving_up = 6;
};

// How a kind of device behaves.
struct UsbManners {
    bool answers_requests = true; // false: a printer, which may say nothing for a day
    // A message whose last packet is full is ended by an empty packet, so that a device that reads
    // until a short one sees the end (USB 2.0, 5.8.3). A stream has no messages.
    bool ends_messages = true;
    // Several stalls end in a reset of the device. False: it would lose the front of a stream and
    // take the rest for something else; then the wire is given up without it.
    bool is_reset_when_stuck = true;
};

// What is remembered of a device from one wire to the next, until it leaves. "Said": also taking
// something, where it answers no requests.
struct UsbHealth {
    unsigned answers = 0;    // since start: transfers in which it said something
    unsigned unanswered = 0; // requests since it last said anything
    unsigned stalls = 0;     // since it last said anything
    bool was_reset = false;  // since it last said anything
    base::MonotonicTime reset_at{};
    unsigned total_stalls = 0;
    unsigned total_resets = 0;

    void clear() { unanswered = 0, stalls = 0, was_reset = false; }
    bool is_given_up(const UsbLimits& limits) const {
        return unanswered >= limits.unanswered_before_giving_up ||
               stalls >= limits.stalls_before_giving_up;
    }
};

class UsbTransport final : public Transport {
public:
    // `health` and `clock` outlive the transport. `name`: what describe() calls it.
    UsbTransport(std::unique_ptr<UsbHandle> handle, Pipes pipes, const base::Clock& clock,
                 UsbHealth& health, UsbManners manners, UsbLimits limits, std::string name = {});

    TransportDescription describe() const override { return {name_, pipe_count()}; }
    const Pipes& pipes() const { return pipes_; }

    // With four pipes each call is one frame. What went before a time-out counts; in a stream also
    // what went before the device was unplugged: the next call says `unplugged`.
    base::Result<std::size_t> write(base::ByteView bytes, base::Milliseconds limit) override;
    // With one pipe: nothing, at once.
    base::Result<std::size_t> read(std::span<std::uint8_t> into, base::Milliseconds limit) override;

    // A request to endpoint 0: device id, port status, soft reset of a printer. Returns the count.
    // Errors: refused (the device stalls it: not known to it), timed_out, unplugged.
    base::Result<std::size_t> control(const UsbSetup& setup, std::span<std::uint8_t> data,
                                      base::Milliseconds limit);

    UsbHandle& handle() { return *handle_; }

private:
    // Four pipes: what comes next. unsure: after opening, noise or a reset; both are listened to.
    enum class Next { header, rest, unsure };

    int pipe_count() const;
    base::Result<std::size_t> send(const UsbEndpoint& endpoint, base::ByteView bytes,
                                   base::MonotonicTime deadline);
    base::Result<std::size_t> broken(std::size_t sent, base::Error error) const;
    base::Result<UsbTransfer> receive(const UsbEndpoint& endpoint, base::Milliseconds limit);
    base::Result<UsbTransfer> receive_frames(base::Milliseconds limit);
    base::Result<UsbTransfer> receive_unsure(base::Milliseconds limit);
    std::size_t hand_out(std::span<std::uint8_t> into);
    void follow_frame(base::ByteView header);
    base::Result<void> set_free(const UsbEndpoint& endpoint);
    base::Result<void> reset_once();
    base::Error gone(UsbOutcome outcome) const;

    static constexpr std::size_t header_size = 7; // spec id-card-reader §2: preamble and length

    std::unique_ptr<UsbHandle> handle_;
    Pipes pipes_;
    const base::Clock& clock_;
    UsbHealth& health_;
    UsbManners manners_;
    UsbLimits limits_;
    std::string name_;
    base::SecretBytes staged_; // whole packets from the wire: may hold card text
    std::size_t staged_from_ = 0, staged_to_ = 0;
    Next next_ = Next::unsure;
    std::array<std::uint8_t, header_size> header_{};
    std::size_t header_filled_ = 0;
    std::size_t rest_left_ = 0;
};

} // namespace drivers
