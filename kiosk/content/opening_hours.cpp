#include "kiosk/content/opening_hours.hpp"

#include <algorithm>
#include <cstdio>

namespace content {

using std::chrono::minutes;

namespace {

// "10:00"; nothing for anything else. 24:00 is the end of a day.
std::optional<minutes> parse_clock(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const auto at : {0u, 1u, 3u, 4u})
        if (!is_digit(text[at])) return std::nullopt;
    const int hour = (text[0] - '0') * 10 + text[1] - '0';
    const int minute = (text[3] - '0') * 10 + text[4] - '0';
    if (minute > 59 || hour * 60 + minute > 24 * 60) return std::nullopt;
    return minutes(hour * 60 + minute);
}

} // namespace

std::string to_clock(minutes since_midnight) {
    char text[16];
    std::snprintf(text, sizeof text, "%02d:%02d", int(since_midnight.count() / 60),
                  int(since_midnight.count() % 60));
    return text;
}

std::string to_text(const OpenSpan& span) {
    return to_clock(span.from) + "–" + to_clock(span.to);
}

std::optional<OpenSpan> parse_open_span(std::string_view text) {
    if (text.size() != 11 || text[5] != '-') return std::nullopt;
    const auto from = parse_clock(text.substr(0, 5));
    const auto to = parse_clock(text.substr(6));
    if (!from || !to || *from >= *to) return std::nullopt;
    return OpenSpan{*from, *to};
}

std::size_t weekday_of(base::Date day) {
    return std::chrono::weekday(std::chrono::sys_days(day)).iso_encoding() - 1;
}

const Holiday* OpeningHours::holiday(base::Date day) const {
    const auto found = std::find_if(holidays.begin(), holidays.end(), [&](const Holiday& each) {
        return each.from <= day && day <= each.to;
    });
    return found == holidays.end() ? nullptr : &*found;
}

const std::vector<OpenSpan>& OpeningHours::on(base::Date day) const {
    const auto* other = holiday(day);
    return other != nullptr ? other->open : week[weekday_of(day)];
}

OpeningHours::Now OpeningHours::at(base::WallTime time) const {
    const auto local = std::chrono::floor<minutes>(time) + base::local_offset;
    const auto today = std::chrono::floor<std::chrono::days>(local);
    const auto clock = std::chrono::duration_cast<minutes>(local - today);
    Now now;
    for (const auto& span : on(base::Date{today}))
        if (span.from <= clock && clock < span.to) now.open_until = span.to;
    if (now.open_until) return now;
    // Chosen: no holiday lasts four weeks; an office that opens in none of them says nothing.
    for (int days = 0; days < 28 && !now.opens; ++days) {
        const base::Date day{today + std::chrono::days(days)};
        for (const auto& span : on(day)) {
            if (days == 0 && span.from <= clock) continue;
            now.opens = Now::Opening{day, span.from};
            break;
        }
    }
    return now;
}

} // namespace content
