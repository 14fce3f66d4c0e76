// An ESC/POS receipt printer behind a wire: hands streams over in parts, asks, clears.
//
// Knows the few bytes that are a conversation (status, "are you done?", "forget it"); what is
// printed comes ready-made. Owns nothing but its knowledge of whether the printer may still be in
// the middle of a command.
// Source: spec receipt-printer §§4-6. Unverified on hardware.
// Presenters: Custom's orders only (spec receipt-printer §7).
#pragma once

#include "drivers/receipt_printer/receipt_printer.hpp"
#include "drivers/transport.hpp"

#include <functional>

namespace drivers {

// More than one band of the printer room's streams (4,000 bytes). As dots these are white, as
// parameters they end a command, between commands they mean nothing.
inline constexpr std::size_t zeros_that_end_a_command = 4096;

// GET_PORT_STATUS of the USB printer class, answered even when the wire takes nothing. A wire that
// has it is handed over beside itself. Errors: unplugged, unsupported, timed_out.
using AskPort = std::function<base::Result<std::uint8_t>()>;

class EscposPrinter final : public ReceiptPrinter {
public:
    // The wire must outlive the printer.
    explicit EscposPrinter(Transport& wire, AskPort ask_port = {})
        : wire_(wire), ask_port_(std::move(ask_port)) {}

    base::Result<StatusAnswers> status() override;
    base::Result<PrintReport> print(base::ByteView stream, std::stop_token stop) override;
    base::Result<CarryReport> carry(base::ByteView stream, std::stop_token stop,
                                    PrintWatch& watch) override;
    base::Result<void> clear(PrintWatch* watch = nullptr) override;
    base::Result<bool> is_slip_at_mouth() override;
    base::Result<void> take_slip_back() override;

private:
    base::Result<void> drop_late_answers();
    base::Result<std::size_t> hand_over(base::ByteView bytes, std::stop_token stop,
                                        bool& is_cut_off);
    base::Result<void> end_half_read_command();
    base::Result<void> leave_half_read_picture(std::stop_token stop);
    base::Result<bool> is_worked_off(std::stop_token stop);
    base::Result<std::uint8_t> next_answer(std::uint8_t mask, std::uint8_t fixed,
                                           base::Milliseconds limit);

    base::Result<void> listen(PrintWatch& watch, base::Milliseconds limit);
    base::Result<void> wait_until_idle(std::stop_token stop);

    Transport& wire_;
    AskPort ask_port_;
    // Zeros that the printer still has to take before anything else is said: it may be in the
    // middle of a command. So from the start: whoever used it before may have died in mid-picture.
    std::size_t zeros_left_ = zeros_that_end_a_command;
    // So are questions of an earlier stream that are still to be answered.
    bool may_have_open_questions_ = true;
};

} // namespace drivers
