#include "kiosk/app/frame_record.hpp"

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

constexpr std::string_view frames_format = "kiosk-frames/1";
// Three years of rows of about 50 bytes, ten times over.
constexpr std::size_t frames_file_limit = 1u << 19;
constexpr std::chrono::years frames_kept_for{3}; // as the record of face checks
constexpr std::int64_t most_frames =
    1'000'000'000'000; // chosen: more than a camera takes in 1,000 years

Error corrupt_frames() {
    return {Errc::corrupt, "not a record of camera frames"};
}

Result<FrameDay> read_frame_day(const json& row) {
    FrameDay day;
    if (!row.is_object() || row.size() != 2) return corrupt_frames();
    const auto date = row.find("day");
    const auto frames = row.find("frames");
    if (date == row.end() || !date->is_string() ||
        !base::parse_date(date->get<std::string>(), day.day) || frames == row.end() ||
        !frames->is_number_unsigned() || frames->get<std::uint64_t>() > std::uint64_t(most_frames))
        return corrupt_frames();
    day.frames = frames->get<std::int64_t>();
    return day;
}

} // namespace

std::string frame_record_file(const std::string& data_folder) {
    return data_folder + "/camera/frames.json";
}

Result<std::vector<FrameDay>> FrameRecord::days() const {
    const auto bytes = base::read_file(file_, frames_file_limit);
    if (!bytes) {
        if (bytes.error().code == Errc::not_found) return std::vector<FrameDay>{};
        if (bytes.error().code == Errc::too_large) return corrupt_frames();
        return bytes.error();
    }
    const auto whole = json::parse(bytes->begin(), bytes->end(), nullptr, false);
    if (!whole.is_object() || whole.value("format", json()) != json(frames_format))
        return corrupt_frames();
    const auto rows = whole.find("days");
    if (rows == whole.end() || !rows->is_array()) return corrupt_frames();
    std::vector<FrameDay> days;
    for (const auto& row : *rows) days.push_back(TRY(read_frame_day(row)));
    return days;
}

Result<void> FrameRecord::add(std::int64_t frames, base::Date today, bool is_date_sure) {
    auto read = days();
    if (!read && read.error().code != Errc::corrupt) return read.error();
    std::error_code failed;
    fs::create_directories(fs::path(file_).parent_path(), failed);
    if (!read) fs::rename(file_, file_ + ".damaged", failed); // somebody may still make sense of it
    auto days = read ? std::move(read).value() : std::vector<FrameDay>{};
    if (is_date_sure)
        std::erase_if(days, [&](const FrameDay& row) {
            return base::Date{row.day.year() + frames_kept_for, row.day.month(), row.day.day()} <
                   today;
        });
    auto row = std::find_if(days.begin(), days.end(),
                            [&](const FrameDay& each) { return each.day == today; });
    if (row == days.end()) row = days.insert(days.end(), {today, 0});
    row->frames = std::clamp<std::int64_t>(row->frames + frames, 0, most_frames);

    json rows = json::array();
    for (const auto& day : days)
        rows.push_back({{"day", base::to_text(day.day)}, {"frames", std::uint64_t(day.frames)}});
    const auto text = json{{"format", frames_format}, {"days", std::move(rows)}}.dump(1) + "\n";
    return base::write_file_durably(file_, base::as_bytes(text));
}

} // namespace app
