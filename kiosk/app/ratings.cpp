#include "kiosk/app/ratings.hpp"

#include "kiosk/base/bytes.hpp"

#include <nlohmann/json.hpp>

namespace app {
namespace {

using nlohmann::json;
using platform::DayRatings;

constexpr std::size_t file_limit = 4096;
constexpr std::uint64_t most_visits = 100'000; // chosen: more than one a second; the file is broken

std::optional<DayRatings> read_day(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_object()) return std::nullopt;
    DayRatings day;
    if (!base::parse_date(found->value("day", json()).is_string()
                              ? found->value("day", std::string())
                              : std::string(),
                          day.day))
        return std::nullopt;
    for (const auto& [key, number] : {std::pair("good", &day.good), std::pair("fair", &day.fair),
                                      std::pair("poor", &day.poor)}) {
        const auto count = found->find(key);
        if (count == found->end() || !count->is_number_unsigned()) return std::nullopt;
        if (count->get<std::uint64_t>() > most_visits) return std::nullopt;
        *number = count->get<int>();
    }
    return day;
}

json to_json(const DayRatings& day) {
    return {{"day", base::to_text(day.day)},
            {"good", unsigned(day.good)},
            {"fair", unsigned(day.fair)},
            {"poor", unsigned(day.poor)}};
}

// The day that counts are made for, and the one before it that had any.
struct Kept {
    std::optional<DayRatings> now;
    std::optional<DayRatings> last;
};

Kept read_kept(const std::string& file) {
    const auto bytes = base::read_file(file, file_limit);
    if (!bytes) return {};
    const auto object = json::parse(bytes->begin(), bytes->end(), nullptr, false);
    if (!object.is_object()) return {};
    return {read_day(object, "now"), read_day(object, "last")};
}

} // namespace

base::Result<void> Ratings::count(session::Rating rating, base::Date today) {
    auto kept = read_kept(file_);
    if (kept.now && kept.now->day != today) kept.last = std::exchange(kept.now, std::nullopt);
    if (!kept.now) kept.now = DayRatings{today, 0, 0, 0};
    switch (rating) {
    case session::Rating::none: return {};
    case session::Rating::good: ++kept.now->good; break;
    case session::Rating::fair: ++kept.now->fair; break;
    case session::Rating::poor: ++kept.now->poor; break;
    }
    json object{{"now", to_json(*kept.now)}};
    if (kept.last) object["last"] = to_json(*kept.last);
    return base::write_file_durably(file_, base::as_bytes(object.dump()));
}

std::optional<DayRatings> Ratings::last_day(base::Date today) const {
    const auto kept = read_kept(file_);
    if (kept.now && kept.now->day < today) return kept.now;
    return kept.last && kept.last->day < today ? kept.last : std::nullopt;
}

} // namespace app
