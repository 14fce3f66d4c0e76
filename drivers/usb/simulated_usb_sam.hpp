// The simulated SAM module behind a simulated USB plug, in either form (spec id-card-reader §4).
//
// People and cards are SimulatedSam's verbs; stalls, silence and short transfers are this one's.
// Development builds only (DESIGN D13).
#pragma once

#include "drivers/card_reader/simulated_sam.hpp"
#include "drivers/usb/pipes.hpp"
#include "drivers/usb/simulated_usb_device.hpp"

namespace drivers {

class SimulatedUsbSam final : public SimulatedUsbDevice {
public:
    // Endpoints 02/06 and 81/85 of 64 bytes in an interface of the vendor's class, unless `looks`
    // says otherwise: endpoints are used in the order of their addresses. `module` outlives the
    // device.
    SimulatedUsbSam(SimulatedSam& module, PipeForm form, Looks looks);
    SimulatedUsbSam(SimulatedSam& module, PipeForm form, std::string serial = "");

    static Looks usual_looks(PipeForm form, std::string serial);

private:
    UsbAnswer take(std::uint8_t endpoint, base::ByteView bytes, std::size_t& taken) override;
    UsbAnswer give(std::uint8_t endpoint, std::size_t capacity, base::Bytes& bytes) override;
    void start_anew() override;
    void fetch();

    SimulatedSam& module_;
    Pipes pipes_;
    std::unique_ptr<Transport> wire_; // to the module
    base::Bytes request_;             // as far as it has come
    base::Bytes first_, rest_;        // of replies, by pipe
    std::size_t header_left_ = 7, rest_left_ = 0;
    base::Bytes header_;
};

} // namespace drivers
