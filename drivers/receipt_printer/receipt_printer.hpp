// A receipt printer: takes a finished stream of bytes, says how far it got and how it feels.
//
// The stream is made by the room `printer`; this room only moves it. Status answers are handed on
// as bytes, because what a bit means depends on the printer's profile, which belongs to `printer`
// (printer/status.hpp reads them). One call at a time, from one thread. The stream and what is left
// of it belong to the caller.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/clock.hpp"

#include <array>
#include <stop_token>

namespace drivers {

// What one can know about a stream that was handed over. Nothing can tell "printed, then the cable
// was pulled before the answer" from "not printed" (spec receipt-printer §5), so the caller prints
// a second copy only with a mark.
enum class Delivery {
    printed,    // all taken and worked off: the printer answered the question put behind the stream
    sent,       // all taken, no answer: probably on paper, not confirmed
    unfinished, // taken in part: the rest was never handed over
};

std::string_view to_string(Delivery delivery);

struct PrintReport {
    Delivery delivery = Delivery::unfinished;
    std::size_t bytes_taken = 0; // of the stream, counted from its start
};

// The answers to DLE EOT 1, 2, 3, 4 in this order (spec receipt-printer §4.1).
using StatusAnswers = std::array<std::uint8_t, 4>;

// What whoever prints decides while a stream is carried.
enum class Verdict {
    go_on,
    press_on, // tell a unit whose cutter was freed to go on from where it failed (DLE ENQ 1)
    give_up,
    confirmed, // it is on paper and cut
};

struct Progress {
    std::size_t bytes_taken = 0;
    base::Milliseconds stalled{0}; // since the last byte was taken
    bool is_all_taken = false;     // then `stalled` counts since the end of the stream
};

// Hears what the printer says while a stream is carried; the bytes' meaning is not this room's.
class PrintWatch {
public:
    virtual ~PrintWatch() = default;
    virtual void heard(base::ByteView bytes) = 0;
    // GET_PORT_STATUS, asked while nothing is taken, where the wire has it.
    virtual void port(std::uint8_t status) = 0;
    // After each part, and every 50 ms while nothing moves.
    virtual Verdict look(const Progress& progress) = 0;
};

struct CarryReport {
    std::size_t bytes_taken = 0; // of the stream, counted from its start
    bool is_confirmed = false;
    bool is_unplugged = false;
};

class ReceiptPrinter {
public:
    virtual ~ReceiptPrinter() = default;

    // Asks the four real-time questions; answered also with the cover open or without paper. Not
    // during print(): inside a picture the questions would be printed; what was left half sent is
    // ended first.
    // Takes at most 3 s. Errors: unplugged, timed_out (it does not answer: off, or one-way only).
    virtual base::Result<StatusAnswers> status() = 0;

    // Hands `stream` over and waits until the printer says that it has worked it off. Gives up when
    // the printer takes nothing for 5 s, when the cable is pulled, or when asked to: that is a
    // report, not an error, since a part may be on paper; status() then says why. Takes at most 30
    // s longer than the printer needs for taking it. Errors: unplugged (before the first byte was
    // taken; nothing is on paper).
    virtual base::Result<PrintReport> print(base::ByteView stream, std::stop_token stop) = 0;

    // Hands `stream` over while `watch` listens and decides; asks "is everything before this done?"
    // behind it. Ends when confirmed, given up, unplugged or asked to stop. Errors: unplugged,
    // timed_out (before the first byte of the stream was taken; nothing is on paper).
    virtual base::Result<CarryReport> carry(base::ByteView stream, std::stop_token stop,
                                            PrintWatch& watch) = 0;

    // Throws away what the printer has taken and not printed, so that nothing of this session comes
    // out in the next one (spec safeguards G22). Errors: unsupported (this unit did not confirm:
    // the caller tells staff that an earlier receipt comes out first), unplugged. What the printer
    // still says before it confirms goes to `watch`: a job may have ended in between.
    virtual base::Result<void> clear(PrintWatch* watch = nullptr) = 0;

    // Units with a presenter (printer::Profile::presenter), not during print() and carry(). Does a
    // slip wait at the mouth? And: takes it back inside, where only staff get at it (spec
    // safeguards G22). Errors: unsupported (no presenter that this driver knows), unplugged,
    // timed_out (no answer), device (it is still there).
    virtual base::Result<bool> is_slip_at_mouth() { return no_presenter(); }
    virtual base::Result<void> take_slip_back() { return no_presenter(); }

private:
    static base::Error no_presenter() { return {base::Errc::unsupported, "printer: no presenter"}; }
};

} // namespace drivers
