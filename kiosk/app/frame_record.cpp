#include "kiosk/app/frame_record.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace app {
namespace {

constexpr std::array frame_fields{DayField{"frames", DayFieldKind::count}};
// Three years of rows of about 50 bytes, ten times over.
constexpr DayRecordShape frame_shape{"kiosk-frames/1", frame_fields, 1u << 19};

} // namespace

std::string frame_record_file(const std::string& data_folder) {
    return data_folder + "/camera/frames.json";
}

FrameRecord::FrameRecord(std::string file) : record_(std::move(file), frame_shape) {}

base::Result<std::vector<FrameDay>> FrameRecord::days() const {
    const auto rows = TRY(record_.rows());
    std::vector<FrameDay> days;
    for (const auto& row : rows)
        days.push_back({day_of(row), row.at("frames").get<std::int64_t>()});
    return days;
}

base::Result<void> FrameRecord::add(std::int64_t frames, base::Date today, bool is_date_sure) {
    return record_.add({{"frames", frames}}, today, is_date_sure);
}

} // namespace app
