// Staff cards in the readers of the system's smart card service (pcscd), all of which count.
//
// The service may be missing, restarted or killed, readers may be unplugged and come back: look()
// says no_reader meanwhile and finds them again by itself. One caller at a time; look() may wait on
// one thread while sign() or agree() works on another.
// Sources: pcsc_service.hpp. Proved with the real service and a virtual reader
// (tests/device/staff_card_pcsc_test.cpp); not yet verified on hardware.
#pragma once

#include "drivers/staff_card/staff_card.hpp"

#include <memory>

namespace drivers {

class PcscReader final : public StaffCardReader {
public:
    // `clock` must outlive the reader. Connects to nothing yet.
    explicit PcscReader(const base::Clock& clock, StaffCardLimits limits = {});
    ~PcscReader() override;

    StaffCardPlace look(const StaffCardPlace& last, base::Milliseconds patience,
                        std::stop_token stop) override;
    base::Result<P256Signature> sign(const base::Sha256& digest) override;
    base::Result<P256Secret> agree(const P256Point& point) override;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace drivers
