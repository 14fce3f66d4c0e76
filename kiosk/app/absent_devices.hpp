// What stands in for a device that this build cannot drive: it answers that it is not there, so
// that the kiosk goes on without it and says so.
//
// not handled: USB transport, V4L2, USB printer class (see drivers/README).
#pragma once

#include "drivers/camera/camera.hpp"
#include "drivers/card_reader/card_reader.hpp"
#include "drivers/receipt_printer/receipt_printer.hpp"

namespace app {

class AbsentCardReader final : public drivers::CardReader {
public:
    base::Result<drivers::Card> read(base::Milliseconds, std::stop_token) override {
        return base::Error{base::Errc::unplugged, "no driver for a card reader in this build"};
    }
    base::Result<bool> is_card_present() override { return false; }
    void forget() override {}
    drivers::CardReaderDescription describe() override { return {}; }
};

class AbsentCamera final : public drivers::Camera {
public:
    base::Result<void> open() override {
        return base::Error{base::Errc::unplugged, "no driver for a camera in this build"};
    }
    base::Result<base::Picture> next_frame(base::Milliseconds) override {
        return base::Error{base::Errc::unplugged, "no driver for a camera in this build"};
    }
    void close() override {}
    bool is_open() const override { return false; }
    std::uint64_t frames_taken() const override { return 0; }
    std::string describe() const override { return "none"; }
};

class AbsentPrinter final : public drivers::ReceiptPrinter {
public:
    base::Result<drivers::StatusAnswers> status() override {
        return base::Error{base::Errc::unplugged, "no driver for a printer in this build"};
    }
    base::Result<drivers::PrintReport> print(base::ByteView, std::stop_token) override {
        return base::Error{base::Errc::unplugged, "no driver for a printer in this build"};
    }
    base::Result<void> clear() override { return {}; }
};

} // namespace app
