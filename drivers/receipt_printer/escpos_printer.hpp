// An ESC/POS receipt printer behind a wire: hands streams over in parts, asks, clears.
//
// Knows the few bytes that are a conversation (status, "are you done?", "forget it"); what is
// printed comes ready-made. Owns nothing but its knowledge of whether the printer may still be in
// the middle of a picture.
// Source: spec receipt-printer §§4-6. Unverified on hardware.
// not handled: process ids, Automatic Status Back, GET_PORT_STATUS for a unit whose wire is
// stalled, presenters.
#pragma once

#include "drivers/receipt_printer/receipt_printer.hpp"
#include "drivers/transport.hpp"

namespace drivers {

class EscposPrinter final : public ReceiptPrinter {
public:
    // The wire must outlive the printer.
    explicit EscposPrinter(Transport& wire) : wire_(wire) {}

    base::Result<StatusAnswers> status() override;
    base::Result<PrintReport> print(base::ByteView stream, std::stop_token stop) override;
    base::Result<void> clear() override;

private:
    base::Result<void> drop_late_answers();
    base::Result<std::size_t> hand_over(base::ByteView bytes, std::stop_token stop,
                                        bool& is_cut_off);
    base::Result<void> leave_half_read_picture(std::stop_token stop);
    base::Result<bool> is_worked_off(std::stop_token stop);
    base::Result<std::uint8_t> next_answer(std::uint8_t mask, std::uint8_t fixed,
                                           base::Milliseconds limit);

    Transport& wire_;
    // True from the start: whoever used the printer before may have died in mid-picture.
    bool may_be_inside_picture_ = true;
};

} // namespace drivers
