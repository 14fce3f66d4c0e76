// A receipt printer on the USB as the tests of all levels use it: what to look for, what to print,
// what must be on paper then.
#pragma once

#include "drivers/receipt_printer/escpos_printer.hpp"
#include "drivers/receipt_printer/simulated_printer.hpp"
#include "drivers/receipt_printer/usb_printer.hpp"
#include "drivers/usb/usb_connection.hpp"

#include <string>
#include <vector>

namespace test_support {

inline drivers::UsbWanted printer_wanted(std::string port = {}, std::string serial = {}) {
    drivers::UsbWanted wanted;
    wanted.class_code = drivers::usb_printer_class;
    wanted.manners = drivers::usb_printer_manners;
    wanted.port = std::move(port);
    wanted.serial = std::move(serial);
    return wanted;
}

inline constexpr std::size_t receipt_row_bytes = 72; // 576 dots
inline constexpr int receipt_rows = 1200;            // 15 cm: 86 kB, more than most receipts

// A receipt that is one picture, in bands; `mark` tells one from another. No byte of it but the
// commands' own is below 20, so nothing in it is obeyed on arrival.
inline base::Bytes raster_receipt(unsigned mark) {
    constexpr int band = 24;
    base::Bytes stream{0x1B, 0x40};
    for (int top = 0; top < receipt_rows; top += band) {
        stream.insert(stream.end(), {0x1D, 0x76, 0x30, 0x00, receipt_row_bytes, 0, band, 0});
        for (unsigned i = 0; i < band * receipt_row_bytes; ++i)
            stream.push_back(std::uint8_t((i * 7 + unsigned(top) * 13 + mark * 101) % 251 | 0x20));
    }
    stream.insert(stream.end(), {0x1D, 0x56, 0x42, 0x00});
    return stream;
}

// The slips of a printer that was handed `receipts` without any USB in between.
inline std::vector<drivers::SimulatedPaper::Slip>
slips_of(const std::vector<base::Bytes>& receipts) {
    drivers::SimulatedPrinter unit;
    drivers::EscposPrinter printer(unit);
    for (const auto& receipt : receipts)
        CHECK(printer.print(receipt, {}).value().delivery == drivers::Delivery::printed);
    return unit.slips();
}

// The picture of a receipt at the end of a slip, which may begin with what came before it.
inline base::Bytes last_receipt_on(const drivers::SimulatedPaper::Slip& slip) {
    const auto size = std::ptrdiff_t(receipt_rows * receipt_row_bytes);
    CHECK(std::ptrdiff_t(slip.rows.size()) >= size);
    return {slip.rows.end() - size, slip.rows.end()};
}
inline base::Bytes picture_of(const base::Bytes& receipt) {
    return last_receipt_on(slips_of({receipt}).front());
}

// Bytes that a fresh UsbPrinter sends before a receipt.
inline constexpr std::size_t before_a_receipt = drivers::zeros_that_end_a_command;

} // namespace test_support
