#include "kiosk/app/day_record.hpp"

#include "kiosk/base/bytes.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace app {
namespace {

namespace fs = std::filesystem;
using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr std::chrono::years kept_for{3}; // spec reliability P7
constexpr std::int64_t most_counted =
    1'000'000'000'000; // chosen: more than a camera takes in 1,000 years

Error no_day_record() {
    return {Errc::corrupt, "not a record of days"};
}

bool is_of_kind(const json& value, DayFieldKind kind) {
    switch (kind) {
    case DayFieldKind::text: return value.is_string();
    case DayFieldKind::integer: return value.is_number_integer();
    case DayFieldKind::count:
        return value.is_number_unsigned() &&
               value.get<std::uint64_t>() <= std::uint64_t(most_counted);
    }
    return false;
}

bool is_row(const json& row, std::span<const DayField> fields) {
    if (!row.is_object() || row.size() != 1 + fields.size()) return false;
    const auto day = row.find("day");
    base::Date date;
    if (day == row.end() || !day->is_string() || !base::parse_date(day->get<std::string>(), date))
        return false;
    return std::all_of(fields.begin(), fields.end(), [&](const DayField& field) {
        const auto value = row.find(field.name);
        return value != row.end() && is_of_kind(*value, field.kind);
    });
}

bool is_too_old(const json& row, base::Date today) {
    const auto day = day_of(row);
    return base::Date{day.year() + kept_for, day.month(), day.day()} < today;
}

// Days, and what their counts belong to, are the same.
bool belongs_to(const json& row, const json& other, std::span<const DayField> fields) {
    return row.at("day") == other.at("day") &&
           std::all_of(fields.begin(), fields.end(), [&](const DayField& field) {
               return field.kind == DayFieldKind::count ||
                      row.at(field.name) == other.at(field.name);
           });
}

json sum(const json& before, const json& more) {
    const auto total = before.get<std::int64_t>() + more.get<std::int64_t>();
    return std::uint64_t(std::clamp<std::int64_t>(total, 0, most_counted));
}

} // namespace

base::Date day_of(const json& row) {
    base::Date day;
    CHECK(base::parse_date(row.at("day").get<std::string>(), day));
    return day;
}

Result<json> DayRecord::rows() const {
    const auto bytes = base::read_file(file_, shape_.file_limit);
    if (!bytes) {
        if (bytes.error().code == Errc::not_found) return json::array();
        if (bytes.error().code == Errc::too_large) return no_day_record();
        return bytes.error();
    }
    auto whole = json::parse(bytes->begin(), bytes->end(), nullptr, false);
    if (!whole.is_object() || whole.value("format", json()) != json(shape_.format))
        return no_day_record();
    const auto rows = whole.find("days");
    if (rows == whole.end() || !rows->is_array()) return no_day_record();
    for (const auto& row : *rows)
        if (!is_row(row, shape_.fields)) return no_day_record();
    return std::move(*rows);
}

Result<void> DayRecord::add(json row, base::Date today, bool is_date_sure) {
    auto read = rows();
    if (!read && read.error().code != Errc::corrupt) return read.error();
    std::error_code failed;
    fs::create_directories(fs::path(file_).parent_path(), failed);
    if (!read) fs::rename(file_, file_ + ".damaged", failed); // somebody may still make sense of it
    auto days = read ? std::move(read).value() : json::array();
    if (is_date_sure)
        days.erase(std::remove_if(days.begin(), days.end(),
                                  [&](const json& day) { return is_too_old(day, today); }),
                   days.end());
    row["day"] = base::to_text(today);
    auto into = std::find_if(days.begin(), days.end(),
                             [&](const json& day) { return belongs_to(day, row, shape_.fields); });
    for (const auto& field : shape_.fields)
        if (field.kind == DayFieldKind::count) {
            auto& count = row.at(field.name);
            count = sum(into == days.end() ? json(0) : into->at(field.name), count);
        }
    if (into == days.end())
        days.push_back(std::move(row));
    else
        *into = std::move(row);
    const auto text = json{{"format", shape_.format}, {"days", std::move(days)}}.dump(1) + "\n";
    return base::write_file_durably(file_, base::as_bytes(text));
}

} // namespace app
