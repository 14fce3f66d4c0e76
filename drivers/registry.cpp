#include "drivers/registry.hpp"

#include <array>

namespace drivers {
namespace {

// Adding a device: a folder, one row here, one udev line, its README (STYLE §8).
constexpr std::array rows{
    DeviceRow{"card_reader", "CardReader", "SamReader",
              "USB 0400:c35a, others by configuration (\"cardReader.usbIds\"); of two by socket or "
              "serial number",
              "resident identity cards; unverified on hardware"},
    DeviceRow{"staff_card", "StaffCardReader", "PcscReader",
              "every reader of the smart card service (pcscd)",
              "staff cards; when the kiosk shows no reader: is pcscd installed, is the reader "
              "plugged in?"},
    DeviceRow{"camera", "Camera", "V4l2Camera",
              "video device of the configured file or name (\"camera.device\", \"camera.name\"), "
              "else the only one there is",
              "pages of paper; without one papers are handed in at the counter; unverified on "
              "hardware"},
    DeviceRow{
        "receipt_printer", "ReceiptPrinter", "UsbPrinter",
        "USB printer class 7, or by configuration (\"receiptPrinter.usbIds\"); of two by socket "
        "or serial number",
        "receipts; without one the number stays on the screen until it is noted; unverified on "
        "hardware"},
    DeviceRow{"keypad", "Keypad", "EvdevKeypad",
              "input device of the configured name (\"keypad.name\"), else one with five keys or "
              "two switches and no letters",
              "five keys or two switches for who does not touch the glass; when it does nothing: "
              "is it plugged in, may the user kiosk read /dev/input (group input), does \"keypad\" "
              "in the configuration name it as evtest does?"},
};

} // namespace

std::span<const DeviceRow> device_rows() {
    return rows;
}

} // namespace drivers
