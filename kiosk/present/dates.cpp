#include "kiosk/present/dates.hpp"

#include "kiosk/forms/field_types.hpp"

#include <algorithm>

namespace present {
namespace {

using namespace std::chrono;
using screens::DatePart;

// chosen: within this many years steps are no slower than digits.
constexpr years near{15};
// chosen: where the wheels of a far away date begin: the age of many who come.
constexpr years usual_age{70};

base::Date moved(base::Date day, const forms::DateLimit& limit) {
    return limit.fixed ? *limit.fixed : base::Date(sys_days(day) + days(limit.days));
}

// The last day of its month where the month is shorter.
base::Date in_its_month(year_month month, day wanted) {
    const auto last = year_month_day_last(month.year(), month_day_last(month.month())).day();
    return {month.year(), month.month(), std::min(wanted, last)};
}

bool asks_for_birth(const forms::Field& field) {
    return field.term.ends_with("birthDate");
}

} // namespace

DateRange range_of(const forms::Field& field, forms::Today today) {
    DateRange range{year(1900) / January / 1, year(2100) / December / 31};
    if (asks_for_birth(field) && today.synchronised) range.last = today.date;
    const auto counts = [&](const std::optional<forms::DateLimit>& limit) {
        return limit && (limit->fixed || today.synchronised);
    };
    if (counts(field.not_before)) range.first = moved(today.date, *field.not_before);
    if (counts(field.not_after)) range.last = moved(today.date, *field.not_after);
    if (field.month_only) range.first = range.first.year() / range.first.month() / 1;
    range.last = std::max(range.first, range.last);
    return range;
}

base::Date stepped(base::Date from, DatePart part, int by, const DateRange& range) {
    base::Date to = from;
    const year_month month(from.year(), from.month());
    switch (part) {
    case DatePart::year: to = in_its_month(month + years(by), from.day()); break;
    case DatePart::month: to = in_its_month(month + months(by), from.day()); break;
    case DatePart::day: to = base::Date(sys_days(from) + days(by)); break;
    }
    return std::clamp(to, range.first, range.last);
}

base::Date first_shown(const forms::Field& field, forms::Today today) {
    const auto range = range_of(field, today);
    const bool is_past = is_far(range, today) && range.first < today.date;
    auto shown = today.date;
    if (is_past && range.last <= today.date) shown = (today.date.year() - usual_age) / January / 1;
    if (field.month_only) shown = shown.year() / shown.month() / 1;
    return std::clamp(shown, range.first, range.last);
}

bool is_far(const DateRange& range, forms::Today today) {
    return range.first.year() + near < today.date.year() ||
           range.last.year() - near > today.date.year();
}

std::size_t date_digits(const forms::Field& field) {
    return field.month_only ? 6 : 8;
}

base::SecretText written(const forms::Field& field, base::Date date) {
    return base::SecretText(base::to_text(date).substr(0, field.month_only ? 7 : 10));
}

bool is_date_on_pad(const Scene& scene) {
    if (forms::row_of(scene.field().type).widget != forms::Widget::date) return false;
    return scene.view.date_on_pad.value_or(
        is_far(range_of(scene.field(), scene.today()), scene.today()));
}

std::optional<base::Date> chosen_date(const Scene& scene) {
    const auto& field = scene.field();
    const auto* answer = scene.visit().answers.find(field.id);
    if (answer == nullptr || !forms::is_entered_here(answer->source)) return std::nullopt;
    const auto* text = std::get_if<base::SecretText>(&answer->value);
    return text ? forms::read_date(field, *text) : std::nullopt;
}

namespace {

std::string padded(unsigned number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string in_words(const Scene& scene, base::Date date) {
    const auto month = std::to_string(unsigned(date.month()));
    content::ContentSet::Values values{{"year", std::to_string(int(date.year()))},
                                       {"month", scene.say("month." + month)}};
    if (scene.field().month_only) return scene.say("calendar.in-words.month", values);
    const auto day_of_week = weekday(sys_days(date)).c_encoding();
    values.emplace_back("day", std::to_string(unsigned(date.day())));
    values.emplace_back("weekday", scene.say("calendar.weekday." + std::to_string(day_of_week)));
    return scene.say("calendar.in-words", values);
}

screens::DateColumn column(const Scene& scene, DatePart part, base::Date date,
                           const DateRange& range) {
    screens::DateColumn column;
    column.part = part;
    std::string name;
    switch (part) {
    case DatePart::year:
        name = "calendar.year";
        column.value = std::to_string(int(date.year()));
        break;
    case DatePart::month:
        name = "calendar.month";
        column.value = padded(unsigned(date.month()));
        break;
    case DatePart::day:
        name = "calendar.day";
        column.value = padded(unsigned(date.day()));
        break;
    }
    column.unit = scene.say(name);
    column.more = scene.say(name + ".more");
    column.less = scene.say(name + ".less");
    column.can_more = stepped(date, part, 1, range) != date;
    column.can_less = stepped(date, part, -1, range) != date;
    return column;
}

// Today and the first of next month, where the form takes them.
void add_quick(const Scene& scene, const DateRange& range, screens::QuestionDateModel& model) {
    if (!scene.today().synchronised) return;
    for (const auto id : {"today", "next-month"}) {
        const auto date = quick_date(scene.field(), scene.today(), id);
        if (!date || *date < range.first || *date > range.last) continue;
        const auto key = std::string("calendar.") + id + (scene.field().month_only ? ".month" : "");
        model.quick.push_back({id, scene.say(key)});
    }
}

} // namespace

std::optional<base::Date> quick_date(const forms::Field& field, forms::Today today,
                                     std::string_view id) {
    const auto month = today.date.year() / today.date.month();
    if (id == "next-month") return (month + months(1)) / 1;
    if (id == "today") return field.month_only ? month / 1 : today.date;
    return std::nullopt;
}

screens::QuestionDateModel date_wheels(const Scene& scene) {
    const auto& field = scene.field();
    const auto range = range_of(field, scene.today());
    const auto chosen = chosen_date(scene);
    const auto date = chosen.value_or(first_shown(field, scene.today()));
    screens::QuestionDateModel model;
    model.is_chosen = chosen.has_value();
    model.columns.push_back(column(scene, DatePart::year, date, range));
    model.columns.push_back(column(scene, DatePart::month, date, range));
    if (!field.month_only) model.columns.push_back(column(scene, DatePart::day, date, range));
    if (is_far(range, scene.today())) {
        model.ten_more = scene.say("calendar.ten-more");
        model.ten_less = scene.say("calendar.ten-less");
        model.can_ten_more = stepped(date, DatePart::year, 10, range) != date;
        model.can_ten_less = stepped(date, DatePart::year, -10, range) != date;
    }
    model.in_words = base::SecretText(chosen ? in_words(scene, date) : scene.say("calendar.none"));
    add_quick(scene, range, model);
    model.digits = scene.say("calendar.digits");
    return model;
}

} // namespace present
