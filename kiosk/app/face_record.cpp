#include "kiosk/app/face_record.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace app {
namespace {

constexpr std::array face_fields{
    DayField{"model", DayFieldKind::text},      DayField{"content", DayFieldKind::integer},
    DayField{"assessment", DayFieldKind::text}, DayField{"offered", DayFieldKind::count},
    DayField{"done", DayFieldKind::count},      DayField{"frames", DayFieldKind::count}};
// Three years of rows (P7) of about 150 bytes, with room for a new content set every week.
constexpr DayRecordShape face_shape{"kiosk-face-record/1", face_fields, 1u << 20};

std::int64_t number(const nlohmann::json& row, const char* name) {
    return row.at(name).get<std::int64_t>();
}

} // namespace

std::string face_record_file(const std::string& data_folder) {
    return data_folder + "/face/record.json";
}

FaceRecord::FaceRecord(std::string file) : record_(std::move(file), face_shape) {}

base::Result<std::vector<FaceDay>> FaceRecord::days() const {
    const auto rows = TRY(record_.rows());
    std::vector<FaceDay> days;
    for (const auto& row : rows)
        days.push_back({day_of(row),
                        {row.at("model").get<std::string>(), number(row, "content"),
                         row.at("assessment").get<std::string>()},
                        {number(row, "offered"), number(row, "done"), number(row, "frames")}});
    return days;
}

base::Result<void> FaceRecord::add(const FaceTally& tally, const FaceConditions& conditions,
                                   base::Date today, bool is_date_sure) {
    return record_.add({{"model", conditions.model},
                        {"content", conditions.content},
                        {"assessment", conditions.assessment},
                        {"offered", tally.offered},
                        {"done", tally.done},
                        {"frames", tally.frames}},
                       today, is_date_sure);
}

} // namespace app
