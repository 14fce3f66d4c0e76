#include "kiosk/app/face_record.hpp"

#include "kiosk/base/bytes.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace app {
namespace {

namespace fs = std::filesystem;
using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr std::string_view format = "kiosk-face-record/1";
// Three years of rows (P7) of about 150 bytes, with room for a new content set every week.
constexpr std::size_t file_limit = 1u << 20;
constexpr std::chrono::years kept_for{3};        // spec reliability P7
constexpr std::int64_t most = 1'000'000'000'000; // chosen: more than a camera takes in 1,000 years
constexpr std::array counted{std::pair{"offered", &FaceTally::offered},
                             std::pair{"done", &FaceTally::done},
                             std::pair{"frames", &FaceTally::frames}};

Error corrupt() {
    return {Errc::corrupt, "not a record of face checks"};
}

Result<FaceDay> read_day(const json& row) {
    FaceDay day;
    if (!row.is_object() || row.size() != 4 + counted.size()) return corrupt();
    for (const auto& [name, text] : {std::pair("model", &day.conditions.model),
                                     std::pair("assessment", &day.conditions.assessment)}) {
        const auto found = row.find(name);
        if (found == row.end() || !found->is_string()) return corrupt();
        *text = found->get<std::string>();
    }
    const auto date = row.find("day");
    const auto content = row.find("content");
    if (date == row.end() || !date->is_string() ||
        !base::parse_date(date->get<std::string>(), day.day) || content == row.end() ||
        !content->is_number_integer())
        return corrupt();
    day.conditions.content = content->get<std::int64_t>();
    for (const auto& [name, count] : counted) {
        const auto found = row.find(name);
        if (found == row.end() || !found->is_number_unsigned() ||
            found->get<std::uint64_t>() > std::uint64_t(most))
            return corrupt();
        day.tally.*count = found->get<std::int64_t>();
    }
    return day;
}

json to_json(const FaceDay& day) {
    json row{{"day", base::to_text(day.day)},
             {"model", day.conditions.model},
             {"content", day.conditions.content},
             {"assessment", day.conditions.assessment}};
    for (const auto& [name, count] : counted) row[name] = std::uint64_t(day.tally.*count);
    return row;
}

bool is_too_old(const FaceDay& day, base::Date today) {
    return base::Date{day.day.year() + kept_for, day.day.month(), day.day.day()} < today;
}

} // namespace

std::string face_record_file(const std::string& data_folder) {
    return data_folder + "/face/record.json";
}

Result<std::vector<FaceDay>> FaceRecord::days() const {
    const auto bytes = base::read_file(file_, file_limit);
    if (!bytes) {
        if (bytes.error().code == Errc::not_found) return std::vector<FaceDay>{};
        if (bytes.error().code == Errc::too_large) return corrupt();
        return bytes.error();
    }
    const auto whole = json::parse(bytes->begin(), bytes->end(), nullptr, false);
    if (!whole.is_object() || whole.value("format", json()) != json(format)) return corrupt();
    const auto rows = whole.find("days");
    if (rows == whole.end() || !rows->is_array()) return corrupt();
    std::vector<FaceDay> days;
    for (const auto& row : *rows) days.push_back(TRY(read_day(row)));
    return days;
}

Result<void> FaceRecord::add(const FaceTally& tally, const FaceConditions& conditions,
                             base::Date today, bool is_date_sure) {
    auto read = days();
    if (!read && read.error().code != Errc::corrupt) return read.error();
    std::error_code failed;
    fs::create_directories(fs::path(file_).parent_path(), failed);
    if (!read) fs::rename(file_, file_ + ".damaged", failed); // somebody may still make sense of it
    auto days = read ? std::move(read).value() : std::vector<FaceDay>{};
    if (is_date_sure)
        std::erase_if(days, [&](const FaceDay& day) { return is_too_old(day, today); });
    auto row = std::find_if(days.begin(), days.end(), [&](const FaceDay& day) {
        return day.day == today && day.conditions == conditions;
    });
    if (row == days.end()) row = days.insert(days.end(), {today, conditions, {}});
    for (const auto& [name, count] : counted)
        row->tally.*count = std::clamp<std::int64_t>(row->tally.*count + tally.*count, 0, most);

    json rows = json::array();
    for (const auto& day : days) rows.push_back(to_json(day));
    const auto text = json{{"format", format}, {"days", std::move(rows)}}.dump(1) + "\n";
    return base::write_file_durably(file_, base::as_bytes(text));
}

} // namespace app
