// What can be looked at without a matter and without a card: all matters by group, what the office
// makes known, when it is open.
#include "kiosk/present/scene.hpp"

#include <array>

namespace present {
namespace {

using screens::NoteModel;

constexpr std::array weekday_keys{"day.mon", "day.tue", "day.wed", "day.thu",
                                  "day.fri", "day.sat", "day.sun"};

std::string spans_text(const Scene& scene, const std::vector<content::OpenSpan>& spans) {
    std::string text;
    for (const auto& span : spans) text += (text.empty() ? "" : "  ") + content::to_text(span);
    return text.empty() ? scene.say("hours.day-closed") : text;
}

std::string weekday_text(const Scene& scene, base::Date day) {
    return scene.say(weekday_keys[content::weekday_of(day)]);
}

// A day of the coming week by its name, a later one by its date.
std::string opening_day(const Scene& scene, base::Date day) {
    const auto ahead = std::chrono::sys_days(day) - std::chrono::sys_days(scene.today().date);
    return ahead < std::chrono::days(7) ? weekday_text(scene, day) : day_words(scene, day);
}

screens::ReadingCard holiday_row(const Scene& scene, const content::Holiday& holiday) {
    screens::ReadingCard row;
    row.title = scene.say.of(holiday.name);
    row.text = holiday.from == holiday.to
                   ? day_words(scene, holiday.from)
                   : scene.say("date.span", {{"from", day_words(scene, holiday.from)},
                                             {"to", day_words(scene, holiday.to)}});
    row.end = spans_text(scene, holiday.open);
    return row;
}

} // namespace

std::string day_words(const Scene& scene, base::Date day) {
    return scene.say("date.day",
                     {{"month", scene.say("month." + std::to_string(unsigned(day.month())))},
                      {"day", std::to_string(unsigned(day.day()))}});
}

std::string past_day_words(const Scene& scene, base::Date day) {
    return scene.say("date.past-day",
                     {{"month", scene.say("month." + std::to_string(unsigned(day.month())))},
                      {"day", std::to_string(unsigned(day.day()))},
                      {"year", std::to_string(int(day.year()))}});
}

std::string hours_now(const Scene& scene) {
    const auto now = scene.say.content().office().opening.at(scene.facts.world.wall);
    if (now.open_until)
        return scene.say("hours.open", {{"time", content::to_clock(*now.open_until)}});
    if (!now.opens) return scene.say("hours.closed");
    const auto time = content::to_clock(now.opens->at);
    if (now.opens->day == scene.today().date)
        return scene.say("hours.opens-today", {{"time", time}});
    return scene.say("hours.opens-day",
                     {{"day", opening_day(scene, now.opens->day)}, {"time", time}});
}

screens::ScreenModel groups(const Scene& scene) {
    const auto& content = scene.say.content();
    screens::HomeModel model;
    model.frame = frame(scene);
    model.title = scene.say("groups.title");
    model.sub = scene.say("groups.sub");
    model.list = "group";
    for (const auto& group : content.groups())
        model.matters.push_back(
            {group.id, group.icon, tint_from(group.tint), scene.say.of(group.title),
             scene.say.counted("groups.count", "count",
                               std::int64_t(content.matters_in(group.id).size()))});
    model.back = scene.say("common.back");
    model.ask = scene.say("groups.ask");
    model.first = scene.view.first;
    return model;
}

screens::ScreenModel group(const Scene& scene) {
    const auto& content = scene.say.content();
    const auto* group = content.group(scene.session.group);
    CHECK(group != nullptr);
    screens::HomeModel model;
    model.frame = frame(scene);
    model.title = scene.say.of(group->title);
    model.sub = scene.say("home.sub");
    for (const auto* matter : content.matters_in(group->id))
        model.matters.push_back(matter_tile(scene, *matter));
    model.back = scene.say("common.back");
    model.ask = scene.say("groups.ask");
    model.first = scene.view.first;
    return model;
}

screens::ScreenModel notices(const Scene& scene) {
    screens::ReadingModel model;
    model.frame = frame(scene);
    model.title = scene.say("notices.title");
    model.sub = scene.say("notices.sub");
    for (const auto* notice : scene.say.content().notices_on(scene.today().date))
        model.cards.push_back(
            {"megaphone", scene.say.of(notice->title), scene.say.of(notice->text), "", false});
    if (model.cards.empty()) model.note = note(scene, NoteModel::Kind::info, "notices.none");
    model.back = scene.say("common.back");
    model.first = scene.view.first;
    return model;
}

screens::ScreenModel opening_hours(const Scene& scene) {
    const auto& opening = scene.say.content().office().opening;
    const auto today = scene.today().date;
    screens::ReadingModel model;
    model.frame = frame(scene);
    model.title = scene.say("hours.title");
    model.sub = scene.say("hours.sub");
    const bool is_open = opening.at(scene.facts.world.wall).open_until.has_value();
    const auto kind = is_open ? NoteModel::Kind::success : NoteModel::Kind::info;
    model.note = NoteModel{kind, is_open ? "" : "clock", "", hours_now(scene)};
    model.is_table = true;
    for (std::size_t i = 0; i < opening.week.size(); ++i)
        model.cards.push_back({"", scene.say(weekday_keys[i]), "",
                               spans_text(scene, opening.week[i]),
                               content::weekday_of(today) == i});
    for (const auto& holiday : opening.holidays)
        if (today <= holiday.to) model.cards.push_back(holiday_row(scene, holiday));
    model.foot = scene.say("hours.foot", office_values(scene));
    model.back = scene.say("common.back");
    model.first = scene.view.first;
    return model;
}

} // namespace present
