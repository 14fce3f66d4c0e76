// CHECK: what cannot be false unless we wrote a bug. Always on; the process stops, the supervisor
// starts it again, and the start wipes what the dead session left (spec reliability M4).
#pragma once

namespace base {

// Writes one line (condition, file, line; no values) to standard error and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

} // namespace base

// An expression rather than a loop around an if: after CHECK(false) a compiler sees the end of the
// function also without optimisation, with sanitizers and with something to destroy on the way out.
#define CHECK(condition)                                                                           \
    ((condition) ? static_cast<void>(0) : ::base::check_failed(#condition, __FILE__, __LINE__))
