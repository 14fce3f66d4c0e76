// Before any question: nobody is here, which matter, what the matter needs.
#include "kiosk/present/scene.hpp"

namespace present {
namespace {

using screens::NoteModel;

// Who confirms the person at the end: somebody here, the counter, or nobody before it opens.
std::string_view staff_notice(const Facts& facts) {
    if (!facts.staff_on_duty) return "notice.no-staff";
    return takes_staff_cards(facts) ? "notice.witness" : "notice.counter";
}

std::string local_notice_key(const Scene& scene) {
    const auto key = std::string(content::local_notice_prefix) + scene.facts.local_notice;
    // A template that the content set no longer has is not shown.
    const bool is_shown = !scene.facts.local_notice.empty() && scene.say.content().has_text(key);
    return is_shown ? key : std::string();
}

// What of this kiosk or office does not work for this matter today, said before anybody shows a
// card (spec safeguards G19).
std::vector<NoteModel> notice_notes(const Scene& scene, const forms::Form& form) {
    std::vector<NoteModel> notes;
    const auto& facts = scene.facts;
    if (!facts.accepting)
        notes.push_back(note(scene, NoteModel::Kind::warning, "notice.not-accepting"));
    if (form.identity == forms::IdentityLevel::l2)
        notes.push_back(note(scene, NoteModel::Kind::info, staff_notice(facts)));
    if (asks_for_card(form) && !facts.card_reader_ok)
        notes.push_back(note(scene, NoteModel::Kind::warning, "notice.no-card-reader"));
    if (needs_pages(form) && !facts.camera_ok)
        notes.push_back(note(scene, NoteModel::Kind::warning, "scan.unplugged"));
    if (!facts.printer_ok) notes.push_back(note(scene, NoteModel::Kind::info, "notice.no-printer"));
    return notes;
}

// The design's home: eight matters; whatever there is besides stands among all matters.
constexpr std::size_t home_matters = 8;

std::vector<screens::HomeWay> home_ways(const Scene& scene) {
    using screens::HomePress;
    std::vector<screens::HomeWay> ways;
    if (scene.say.content().groups().size() > 1)
        ways.push_back({HomePress::groups, "list", scene.say("home.all"), ""});
    ways.push_back({HomePress::progress, "clock", scene.say("home.progress"), ""});
    ways.push_back({HomePress::todos, "person", scene.say("home.todos"), ""});
    return ways;
}

std::string hours_detail(const Scene& scene) {
    const auto now = scene.say.content().office().opening.at(scene.facts.world.wall);
    if (!now.open_until) return scene.say("home.hours.closed");
    return scene.say("home.hours.open", {{"time", content::to_clock(*now.open_until)}});
}

// Each only where there is something to read.
std::vector<screens::HomeWay> home_today(const Scene& scene) {
    using screens::HomePress;
    const auto& content = scene.say.content();
    std::vector<screens::HomeWay> today;
    if (content.office().opening.is_known)
        today.push_back(
            {HomePress::hours, "calendar", scene.say("home.hours"), hours_detail(scene)});
    if (!content.notices_on(scene.today().date).empty())
        today.push_back({HomePress::notices, "megaphone", scene.say("home.notices"), ""});
    return today;
}

} // namespace

// Names of tokens.json's category tints, as matters.json spells them.
screens::Tint tint_from(std::string_view name) {
    if (name == "catGreen") return screens::Tint::green;
    if (name == "catClay") return screens::Tint::clay;
    if (name == "catPlum") return screens::Tint::plum;
    if (name == "catSand") return screens::Tint::sand;
    return screens::Tint::blue;
}

screens::MatterTile matter_tile(const Scene& scene, const content::Matter& matter) {
    return {matter.id, matter.icon, tint_from(matter.tint), scene.say.of(matter.title),
            scene.say.of(matter.line)};
}

screens::ScreenModel attract(const Scene& scene) {
    const auto& content = scene.say.content();
    screens::AttractModel model;
    model.frame = frame(scene);
    model.greeting = in_all_languages(content, "attract.greeting");
    model.pictures = {in_all_languages(content, "attract.picture.card"),
                      in_all_languages(content, "attract.picture.answer"),
                      in_all_languages(content, "attract.picture.receipt")};
    model.touch = in_all_languages(content, "attract.touch");
    model.note = in_all_languages(content, "attract.note");
    if (const auto key = local_notice_key(scene); !key.empty())
        model.notice = in_all_languages(content, key);
    // Before what the office has to say: somebody may still be within call (spec reliability P9).
    if (scene.facts.card_left) {
        model.notice = in_all_languages(content, "attract.card-left");
        model.notice_icon = "card";
    }
    return model;
}

screens::ScreenModel home(const Scene& scene) {
    screens::HomeModel model;
    model.frame = frame(scene);
    model.title = scene.say("home.title");
    model.sub = scene.say("home.sub");
    const auto& matters = scene.say.content().matters();
    const bool has_groups = !scene.say.content().groups().empty();
    for (const auto& matter : matters)
        if (!has_groups || model.matters.size() < home_matters)
            model.matters.push_back(matter_tile(scene, matter));
    model.ways = home_ways(scene);
    model.today = home_today(scene);
    model.empty = note(scene, NoteModel::Kind::info, "home.empty");
    if (const auto key = local_notice_key(scene); !key.empty())
        model.notice = NoteModel{NoteModel::Kind::info, "megaphone", "", scene.say(key)};
    model.first = scene.view.first;
    return model;
}

screens::ScreenModel notice(const Scene& scene) {
    const auto& matter = *scene.visit().matter;
    const auto& say = scene.say;
    screens::NoticeModel model;
    model.frame = frame(scene);
    model.title = say.of(matter.title);
    model.sub = say.of(matter.line);
    model.facts = {{"clock", say("notice.time"), say.of(matter.time)},
                   {"calendar", say("notice.result"), say.of(matter.result)},
                   {"bank-card", say("notice.cost"), say.of(matter.cost)}};
    model.who_title = say("notice.who");
    model.who = say.of(matter.who);
    model.papers_title = say("notice.bring");
    for (const auto& paper : matter.bring)
        model.papers.push_back({paper.icon, say.of(paper.name), say.of(paper.note)});
    if (model.papers.empty()) model.papers.push_back({"ok", say("notice.bring.nothing"), ""});
    model.foot = say("notice.foot");
    model.notes = notice_notes(scene, *scene.visit().form);
    model.actions.back = say("common.back");
    model.actions.go_ready = scene.facts.accepting;
    model.actions.go = say(scene.facts.accepting ? "notice.begin" : "notice.cannot-begin");
    model.first = scene.view.first;
    return model;
}

bool can_begin(const Facts& facts) {
    return facts.accepting && !facts.closed_by_staff;
}

screens::ScreenModel out_of_service(const session::Session& session, const Facts& facts) {
    CHECK(facts.world.content != nullptr);
    const View view;
    const Scene scene(session, view, facts);
    const auto& content = scene.say.content();
    screens::OutOfServiceModel model;
    model.frame = frame(scene);
    // Closed by staff is no fault: other words, with the hours of the counter.
    const std::string out = facts.closed_by_staff ? "out.closed" : "out";
    model.title = in_all_languages(content, out + ".title");
    for (std::size_t i = 0; i < base::all_languages.size(); ++i) {
        const auto language = base::all_languages[i];
        model.text[i] = content.text(out + ".text", language,
                                     {{"phone", content.office().phone},
                                      {"hours", std::string(content.office().hours.in(language))}});
    }
    if (!content.office().others.empty()) {
        const auto& other = content.office().others.front();
        for (std::size_t i = 0; i < base::all_languages.size(); ++i) {
            const auto language = base::all_languages[i];
            model.other_short[i] = content.text("out.other.short", language,
                                                {{"name", std::string(other.name.in(language))}});
            model.other[i] = content.text("out.other", language,
                                          {{"name", std::string(other.name.in(language))},
                                           {"address", std::string(other.address.in(language))},
                                           {"way", std::string(other.way.in(language))},
                                           {"hours", std::string(other.hours.in(language))}});
        }
    }
    model.kept = in_all_languages(content, "out.kept");
    model.staff = scene.say("out.staff");
    return model;
}

} // namespace present
