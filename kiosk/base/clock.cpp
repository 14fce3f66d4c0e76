#include "kiosk/base/clock.hpp"

#include <cstdio>
#include <sys/timex.h>

namespace base {
namespace {

struct LocalTime {
    Date date;
    std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

LocalTime local(WallTime time) {
    const auto shifted = std::chrono::floor<std::chrono::seconds>(time) + local_offset;
    const auto day = std::chrono::floor<std::chrono::days>(shifted);
    return {Date{day}, std::chrono::hh_mm_ss{shifted - day}};
}

} // namespace

MonotonicTime SystemClock::now() const {
    return MonotonicTime{std::chrono::duration_cast<Milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch())};
}

WallTime SystemClock::wall() const {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

bool SystemClock::is_synchronised() const {
    timex state{};
    // A hardened unit refuses the call: what cannot be asked counts as not synchronised (G17).
    const int answer = adjtimex(&state);
    return answer >= 0 && answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

Date local_date(WallTime time) {
    return local(time).date;
}

std::string to_rfc3339(WallTime time) {
    const auto parts = local(time);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d+08:00", int(parts.date.year()),
                  unsigned(parts.date.month()), unsigned(parts.date.day()),
                  int(parts.time.hours().count()), int(parts.time.minutes().count()),
                  int(parts.time.seconds().count()));
    return text;
}

std::string to_local_minutes(WallTime time) {
    auto text = to_rfc3339(time).substr(0, 16);
    text[10] = ' ';
    return text;
}

std::string to_local_clock(WallTime time) {
    return to_rfc3339(time).substr(11, 5);
}

std::string to_text(Date date) {
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()));
    return text;
}

int full_years(Date born, Date on) {
    const int years = static_cast<int>(on.year()) - static_cast<int>(born.year());
    const bool before_birthday =
        on.month() < born.month() || (on.month() == born.month() && on.day() < born.day());
    return before_birthday ? years - 1 : years;
}

bool parse_date(std::string_view text, Date& out) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const auto number = [&](std::size_t from, std::size_t count) {
        int value = 0;
        for (std::size_t i = from; i < from + count; ++i) {
            if (text[i] < '0' || text[i] > '9') return -1;
            value = value * 10 + (text[i] - '0');
        }
        return value;
    };
    const int year = number(0, 4);
    const int month = number(5, 2);
    const int day = number(8, 2);
    if (year < 0 || month < 0 || day < 0) return false;
    const Date date{std::chrono::year{year}, std::chrono::month{unsigned(month)},
                    std::chrono::day{unsigned(day)}};
    if (!date.ok()) return false;
    out = date;
    return true;
}

} // namespace base
