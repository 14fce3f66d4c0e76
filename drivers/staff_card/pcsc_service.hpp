// The system's smart card service (pcscd) as both halves of the reader see it: one connection to
// it, which readers there are, and what stands in them.
//
// Source: PC/SC workgroup specification part 5; the manual of pcsc-lite 1.9.9 (what Debian 12 has).
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <winscard.h>

#include <string>
#include <vector>

namespace drivers {

// What the service knows of one reader.
struct PcscSlot {
    std::string reader;
    // As SCardGetStatusChange() returned it: flags below, a counter of insertions and removals in
    // the upper half. Zero: never asked (SCARD_STATE_UNAWARE).
    DWORD state = SCARD_STATE_UNAWARE;
    bool has_card() const { return (state & SCARD_STATE_PRESENT) != 0; }
    bool operator==(const PcscSlot&) const = default;
};

// One thread. Nothing here can be called off: SCardCancel() would have to be called from another
// thread and waits for the service like any other call. Whoever uses it waits in short pieces.
class PcscService {
public:
    PcscService() = default;
    ~PcscService() { drop(); }
    PcscService(const PcscService&) = delete;
    PcscService& operator=(const PcscService&) = delete;

    // Connects when there is no connection. Errors: unplugged (the service is not running).
    base::Result<void> connect();
    // After any answer that says the service or the connection is gone; connect() begins anew.
    void drop();

    // Brings `slots` up to date: readers that came and went, cards that came and went. Waits at
    // most `patience` for something to differ. Errors: unplugged; then the connection is dropped.
    base::Result<void> update(std::vector<PcscSlot>& slots, base::Milliseconds patience);

    SCARDCONTEXT context() const { return context_; }

private:
    base::Result<void> list(std::vector<PcscSlot>& slots);
    base::Error lost(LONG code);

    SCARDCONTEXT context_ = 0;
    bool is_connected_ = false;
};

// The service's answer as an error of StaffCardReader.
base::Error pcsc_error(LONG code, const char* doing);

} // namespace drivers
