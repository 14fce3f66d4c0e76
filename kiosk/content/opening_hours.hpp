// When the office is open: hours of each weekday, and days that have others. Pure; the day and the
// hour come in (spec reliability V5).
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/forms/form.hpp"

#include <array>
#include <optional>
#include <vector>

namespace content {

// Minutes since midnight, from < to, at most 24:00.
struct OpenSpan {
    std::chrono::minutes from{};
    std::chrono::minutes to{};
    bool operator==(const OpenSpan&) const = default;
};
std::string to_text(const OpenSpan& span); // "10:00–14:00"
std::string to_clock(std::chrono::minutes since_midnight);

// "10:00-14:00"; nothing for anything else.
std::optional<OpenSpan> parse_open_span(std::string_view text);

// Days with hours of their own: none at all, most often.
struct Holiday {
    base::Date from{};
    base::Date to{}; // included
    forms::LocalText name;
    std::vector<OpenSpan> open;
};

struct OpeningHours {
    std::array<std::vector<OpenSpan>, 7> week; // Monday first; spans in order, not touching
    std::vector<Holiday> holidays;             // in order
    bool is_known = false;                     // the set says nothing about hours

    const Holiday* holiday(base::Date day) const;
    const std::vector<OpenSpan>& on(base::Date day) const;

    struct Now {
        std::optional<std::chrono::minutes> open_until; // nothing: closed
        // Closed: when it opens next, within four weeks.
        struct Opening {
            base::Date day{};
            std::chrono::minutes at{};
            bool operator==(const Opening&) const = default;
        };
        std::optional<Opening> opens;
    };
    Now at(base::WallTime time) const;
};

// 0 Monday to 6 Sunday.
std::size_t weekday_of(base::Date day);

} // namespace content
