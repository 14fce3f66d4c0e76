// How people found their visits: three numbers a day and nothing else (spec safeguards G4). No
// visit, matter, hour or language goes with them; what leaves the kiosk is the last day that is
// over, with small numbers masked by platform::Client.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"
#include "kiosk/platform/client.hpp"
#include "kiosk/session/session.hpp"

#include <optional>
#include <string>

namespace app {

// One caller at a time: the storage worker.
class Ratings {
public:
    explicit Ratings(std::string file) : file_(std::move(file)) {}

    // One more today, durable when it returns. A file that cannot be read begins anew: a number
    // that is lost harms nobody. Errors: io, disk_full.
    base::Result<void> count(session::Rating rating, base::Date today);
    // The last day before `today` on which anybody said anything.
    std::optional<platform::DayRatings> last_day(base::Date today) const;

private:
    std::string file_;
};

} // namespace app
