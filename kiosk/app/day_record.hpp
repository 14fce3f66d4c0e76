// A file of counts by day, kept for three years: what the record of face checks (face_record.hpp)
// and that of camera frames (frame_record.hpp) are made of. A day is the finest there is.
//
// File: {"format": ..., "days": [{"day": "2026-11-23", and the fields of the record}]}.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

namespace app {

// count: from 0, added up. The others say what a day's counts belong to: where one of them differs,
// it is another row of the same day.
enum class DayFieldKind { text, integer, count };

struct DayField {
    std::string_view name;
    DayFieldKind kind;
};

struct DayRecordShape {
    std::string_view format; // and its version
    std::span<const DayField> fields;
    std::size_t file_limit; // a longer one is no record
};

// One caller at a time. `shape` outlives it.
class DayRecord {
public:
    DayRecord(std::string file, const DayRecordShape& shape)
        : file_(std::move(file)), shape_(shape) {}

    // Adds `row`, an object of every field but the day, to today's; durable when it returns.
    // `is_date_sure`: nobody's clock is wrong, so that rows older than three years may go. A file
    // that cannot be understood is put aside as FILE.damaged and a new one begun.
    // Errors: io, disk_full.
    base::Result<void> add(nlohmann::json row, base::Date today, bool is_date_sure);

    // An array in the order in which they began, each row with exactly the day and the fields;
    // empty where there is no file. Errors: io, corrupt.
    base::Result<nlohmann::json> rows() const;

private:
    std::string file_;
    const DayRecordShape& shape_;
};

// Of a row that rows() gave.
base::Date day_of(const nlohmann::json& row);

} // namespace app
