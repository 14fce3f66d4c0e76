// A day or a month while it is chosen with "one more" and "one less". Pure calendar; not for other
// rooms.
#pragma once

#include "kiosk/forms/form.hpp"
#include "kiosk/present/scene.hpp"

namespace present {

// The days that may be chosen, both included.
struct DateRange {
    base::Date first;
    base::Date last;
};
// From the form's limits. A limit counted from today means nothing while the clock is not
// synchronised (spec safeguards G17); where there is none, 1900 to 2100, and nobody was born
// tomorrow.
DateRange range_of(const forms::Field& field, forms::Today today);

// The day that is `by` years, months or days from `from`. A day that its month does not have (30
// February) becomes the month's last; never outside the range.
base::Date stepped(base::Date from, screens::DatePart part, int by, const DateRange& range);

// Where the wheels stand before anything was chosen.
base::Date first_shown(const forms::Field& field, forms::Today today);
// Days lie so far from today that digits are quicker than steps.
bool is_far(const DateRange& range, forms::Today today);

// Digits of a whole date on the pad.
std::size_t date_digits(const forms::Field& field);
// As an answer holds it.
base::SecretText written(const forms::Field& field, base::Date date);

// The field asks for digits now, by the person's choice or because the days lie far away.
bool is_date_on_pad(const Scene& scene);
// The date that was entered here, when it is a real one.
std::optional<base::Date> chosen_date(const Scene& scene);

// "today" and "next-month": what a quick choice means.
std::optional<base::Date> quick_date(const forms::Field& field, forms::Today today,
                                     std::string_view id);
// Columns, quick choices and the date in words; frame, title and actions are the caller's.
screens::QuestionDateModel date_wheels(const Scene& scene);

} // namespace present
