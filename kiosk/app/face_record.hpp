// The processing record of the face check that the law asks for: how often a day it was offered and
// done, with which network, content and assessment, and how many frames the camera took (spec
// reliability P7, safeguards G3). No visit, hour, matter, language or outcome goes in.
//
// File: DATA/face/record.json, {"format": "kiosk-face-record/1", "days": [{"day", "model",
// "content", "assessment", "offered", "done", "frames"}]}.
#pragma once

#include "kiosk/app/day_record.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace app {

// What a day's counts belong to; another one of these is another row of the same day.
struct FaceConditions {
    std::string model;        // what compares, as face::Model names it
    std::int64_t content = 0; // version of the content set
    std::string assessment;   // number of the district's assessment report; empty: none was named

    bool operator==(const FaceConditions&) const = default;
};

struct FaceTally {
    std::int64_t offered = 0; // the question was shown
    std::int64_t done = 0;    // a check came to a verdict, whichever
    std::int64_t frames = 0;  // the face camera took

    bool operator==(const FaceTally&) const = default;
};

struct FaceDay {
    base::Date day{};
    FaceConditions conditions;
    FaceTally tally;

    bool operator==(const FaceDay&) const = default;
};

std::string face_record_file(const std::string& data_folder);

// One caller at a time: the storage worker.
class FaceRecord {
public:
    explicit FaceRecord(std::string file);

    // Adds to today's row under these conditions, as DayRecord does.
    base::Result<void> add(const FaceTally& tally, const FaceConditions& conditions,
                           base::Date today, bool is_date_sure);

    // In the order in which they began; empty where there is no file. Errors: io, corrupt.
    base::Result<std::vector<FaceDay>> days() const;

private:
    DayRecord record_;
};

} // namespace app
