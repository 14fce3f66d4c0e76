// CHECK: what cannot be false unless we wrote a bug. Always on; the process stops, the supervisor
// starts it again, and the start wipes what the dead session left (spec reliability M4).
#pragma once

namespace base {

// Writes one line (condition, file, line; no values) to standard error and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

} // namespace base

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) ::base::check_failed(#condition, __FILE__, __LINE__);                    \
    } while (false)
