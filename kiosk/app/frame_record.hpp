// How many frames the document camera gave on each day, in whatever step or test (spec safeguards
// G7): who looks at a kiosk can see from it that the camera was not open behind somebody's back.
// Those of the face camera stand in the record of face checks (face_record.hpp).
//
// File: DATA/camera/frames.json, {"format": "kiosk-frames/1", "days": [{"day", "frames"}]}.
#pragma once

#include "kiosk/app/day_record.hpp"

#include <string>
#include <vector>

namespace app {

struct FrameDay {
    base::Date day{};
    std::int64_t frames = 0;

    bool operator==(const FrameDay&) const = default;
};

std::string frame_record_file(const std::string& data_folder);

// One caller at a time: the storage worker.
class FrameRecord {
public:
    explicit FrameRecord(std::string file);

    // Adds to today's row, as DayRecord does.
    base::Result<void> add(std::int64_t frames, base::Date today, bool is_date_sure);

    // In the order in which they began; empty where there is no file. Errors: io, corrupt.
    base::Result<std::vector<FrameDay>> days() const;

private:
    DayRecord record_;
};

} // namespace app
