// How many frames the document camera gave on each day, in whatever step or test (spec safeguards
// G7): who looks at a kiosk can see from it that the camera was not open behind somebody's back.
// Those of the face camera stand in the record of face checks (face_record.hpp).
//
// File: DATA/camera/frames.json, {"format": "kiosk-frames/1", "days": [{"day", "frames"}]}. A day
// is the finest there is.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

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
    explicit FrameRecord(std::string file) : file_(std::move(file)) {}

    // Adds to today's row, durable when it returns. `is_date_sure`: nobody's clock is wrong, so
    // that rows older than three years may go. A file that cannot be understood is put aside as
    // frames.json.damaged and a new one begun. Errors: io, disk_full.
    base::Result<void> add(std::int64_t frames, base::Date today, bool is_date_sure);

    // In the order in which they began; empty where there is no file. Errors: io, corrupt.
    base::Result<std::vector<FrameDay>> days() const;

private:
    std::string file_;
};

} // namespace app
