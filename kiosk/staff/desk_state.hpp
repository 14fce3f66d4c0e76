// What staff have set at this kiosk and must survive a restart: out of service, the notice, who is
// on duty, failed PINs and locks, the newest roster seen. One small file, written whole and
// durably.
//
// Safe from any thread; whoever reads never waits for the disk. Nothing in it is about a resident.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace staff {

// What one id did today; becomes a day_counts row when the day is over (spec safeguards G9).
struct DayCounts {
    int witnessed = 0;
    int assisted = 0;
    int documents = 0;
    int logins = 0;
    int failures = 0;
};

struct Kept {
    bool is_closed = false; // out of service by staff
    std::string notice;     // id of a fixed template; empty: none
    std::string notice_day; // "2026-11-22": a notice goes at the end of its day
    std::string duty_day;   // the day on which staff are here; another day: nobody
    // The newest roster ever accepted; outlives the roster file.
    std::uint64_t least_roster_version = 0;
    std::string roster_sha256; // hex, of its bytes
    bool had_roster = false;
    // The latest reading of a synchronised clock: it is not earlier than this (authenticator.cpp).
    base::WallTime last_sure_time{};
    // Failed PINs in a row by staff id; "ENROLMENT" for the enrolment code. Locks are counted anew
    // from the start of the program, so that switching the kiosk off and on never shortens one.
    std::map<std::string, int> failures;
    int failures_of_others = 0; // of every id that does not stand in `failures`
    std::string counts_day;
    std::map<std::string, DayCounts> counts;
    // The last audit row when these counts began: what stands behind it of them is not written
    // again (day_counts.hpp).
    std::uint64_t counts_after_row = 0;
};

class DeskState {
public:
    // A file that is missing starts afresh; a damaged one too, with every lock set and the
    // enrolment code dead, because it is not known who was locked and what was accepted. What was
    // damaged is kept beside as FILE.damaged. Errors: io, disk_full.
    static base::Result<std::unique_ptr<DeskState>> open(const std::string& file);

    // Reads a file that another program may be using, and changes nothing. Errors: not_found, io,
    // corrupt.
    static base::Result<Kept> inspect(const std::string& file);

    Kept read() const;
    // Changes what is kept; durable when it returns. One at a time. Errors: io, disk_full: read()
    // says what it said before, and the next change begins from that. The file holds the old state,
    // or, where only its folder could not be flushed, the new one: it then counts after a restart.
    base::Result<void> change(const std::function<void(Kept&)>& edit);
    bool was_damaged() const { return was_damaged_; }

private:
    explicit DeskState(std::string file) : file_(std::move(file)) {}
    std::string file_;
    std::mutex writing_;       // held as long as a change takes, disk and all
    mutable std::mutex mutex_; // of kept_; held for a copy or a swap
    Kept kept_;
    bool was_damaged_ = false;
};

} // namespace staff
