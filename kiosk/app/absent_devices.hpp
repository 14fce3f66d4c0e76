// What stands in for a device that nobody gave the engine: it answers that it is not there, so
// that the kiosk goes on without it and says so.
#pragma once

#include "drivers/staff_card/staff_card_reader.hpp"

#include <condition_variable>
#include <mutex>

namespace app {

class AbsentStaffCardReader final : public drivers::StaffCardReader {
public:
    // Nothing will ever change, and whoever asks in a loop must not turn it faster for that.
    drivers::StaffCardPlace look(const drivers::StaffCardPlace&, base::Milliseconds patience,
                                 std::stop_token stop) override {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any never;
        never.wait_for(lock, stop, patience, [] { return false; });
        return {};
    }
    base::Result<drivers::P256Signature> sign(const base::Sha256&) override {
        return base::Error{base::Errc::unplugged, "there is no reader for staff cards"};
    }
    base::Result<drivers::P256Secret> agree(const drivers::P256Point&) override {
        return base::Error{base::Errc::unplugged, "there is no reader for staff cards"};
    }
};

} // namespace app
