// Time is passed in. Intervals use the monotonic clock only; the wall clock serves display, records
// and expiry (spec reliability V5).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace base {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;

// Since an arbitrary start; never jumps.
struct MonotonicTag {
    using duration = Milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicTag, duration>;
    static constexpr bool is_steady = true;
};
using MonotonicTime = MonotonicTag::time_point;
using WallTime = std::chrono::sys_time<Milliseconds>;
using Date = std::chrono::year_month_day;

class Clock {
public:
    virtual ~Clock() = default;
    virtual MonotonicTime now() const = 0;
    virtual WallTime wall() const = 0;
    // False until the system says its clock is synchronised; then no rule refuses anybody by date
    // (spec safeguards G17).
    virtual bool is_synchronised() const = 0;
};

class SystemClock final : public Clock {
public:
    MonotonicTime now() const override;
    WallTime wall() const override;
    bool is_synchronised() const override; // adjtimex(2)
};

// How long own work took, finer than a Clock tells: for what measures itself (development tools,
// benches). Nothing is decided by it.
class Stopwatch {
public:
    double millis() const { // since it was made
        const auto gone = std::chrono::steady_clock::now() - start_;
        return std::chrono::duration<double, std::milli>(gone).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// The whole country keeps one time, UTC+8, without daylight saving: no time zone database is
// needed.
inline constexpr std::chrono::hours local_offset{8};

Date local_date(WallTime time);
std::string to_rfc3339(WallTime time);             // "2026-11-22T10:31:07+08:00"
std::string to_local_minutes(WallTime time);       // "2026-11-22 10:31", for screens and receipts
std::string to_local_clock(WallTime time);         // "10:31"
std::string to_text(Date date);                    // "2026-11-22"
bool parse_date(std::string_view text, Date& out); // "2026-11-22", real calendar days only
int full_years(Date born, Date on);                // somebody's age

} // namespace base
