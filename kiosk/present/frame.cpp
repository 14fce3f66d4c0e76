// What surrounds every screen, and the pieces that many screens are made of.
#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/terms.hpp"
#include "kiosk/present/scene.hpp"
#include "kiosk/present/typing.hpp"

#include <algorithm>
#include <cstdlib>

namespace present {
namespace {

using forms::FieldType;

screens::RailModel rail(const Scene& scene) {
    const auto& display = scene.session.display;
    screens::RailModel rail;
    rail.leave = scene.say("rail.leave");
    rail.languages = in_all_languages(scene.say.content(), "language.name");
    rail.short_languages = in_all_languages(scene.say.content(), "language.short");
    rail.text_size = scene.say("rail.text-size");
    rail.contrast = scene.say("rail.contrast");
    rail.low_reach = scene.say("rail.low-reach");
    rail.staff = scene.say("rail.staff");
    rail.contrast_on = display.theme != session::Display::Theme::light;
    rail.low_reach_on = display.low_reach;
    rail.staff_on = scene.session.assistance == session::Assistance::calling ||
                    scene.session.assistance == session::Assistance::coming;
    return rail;
}

std::shared_ptr<const content::ContentSet> content_of(const session::Session& session,
                                                      const Facts& facts) {
    return session.content ? session.content : facts.world.content;
}

} // namespace

Scene::Scene(const session::Session& s, const View& v, const Facts& f)
    : session(s), view(v), facts(f), say(content_of(s, f), s.language) {}

const session::Visit& Scene::visit() const {
    CHECK(session.visit.has_value());
    return *session.visit;
}

const forms::Field& Scene::field() const {
    return session::current_field(visit());
}

screens::ThreeTexts in_all_languages(const content::ContentSet& content, std::string_view key) {
    screens::ThreeTexts texts;
    for (std::size_t i = 0; i < base::all_languages.size(); ++i)
        texts[i] = content.text(key, base::all_languages[i]);
    return texts;
}

screens::FrameModel frame(const Scene& scene) {
    screens::FrameModel frame;
    const auto& session = scene.session;
    const auto* matter = session.visit ? session.visit->matter : nullptr;
    frame.place = scene.say.of(matter ? matter->title : scene.say.content().office().name);
    const auto progress = session::progress(session, scene.facts.world);
    if (progress.of > 0) {
        frame.step = scene.say("frame.step", {{"step", std::to_string(progress.step)},
                                              {"of", std::to_string(progress.of)}});
        frame.step_now = progress.step;
        frame.step_count = progress.of;
    }
    // Until the request is safe; the number needs the room then.
    const bool is_open = session.visit && session.visit->delivery == session::Delivery::none;
    if (is_open && !session.visit->assisted_by.empty())
        frame.helper = scene.say("frame.helper", {{"staff", session.visit->assisted_by}});
    frame.clock = base::to_local_clock(scene.facts.world.wall);
    frame.rail = rail(scene);
    frame.spoken = spoken_words(scene);
    if (scene.facts.reads_aloud) frame.listen = scene.say("common.listen");
    frame.more = scene.say("common.more");
    frame.earlier = scene.say("common.earlier");
    return frame;
}

screens::NoteModel note(const Scene& scene, screens::NoteModel::Kind kind, std::string_view key) {
    return {kind, "", scene.say(std::string(key) + ".title"), scene.say(key, office_values(scene))};
}

std::string asked(const Scene& scene) {
    const auto& field = scene.field();
    return scene.say.of(field.question.empty() ? field.label : field.question);
}

std::optional<screens::NoteModel> fault_note(const Scene& scene) {
    const auto& fault = scene.visit().fault;
    if (!fault) return std::nullopt;
    auto values = fault->values;
    const auto* field = scene.visit().form ? scene.visit().form->find(fault->field) : nullptr;
    // People know yuan; forms count in fen.
    if (field != nullptr && field->type == FieldType::money)
        for (auto& [name, value] : values) value = in_yuan(std::atoll(value.c_str()));
    return screens::NoteModel{screens::NoteModel::Kind::warning, "", "",
                              scene.say(fault->key, values)};
}

content::ContentSet::Values office_values(const Scene& scene) {
    const auto& office = scene.say.content().office();
    return {{"phone", office.phone},
            {"hours", scene.say.of(office.hours)},
            {"office", scene.say.of(office.name)}};
}

namespace {

template <class Predicate> bool any_field(const forms::Form& form, Predicate predicate) {
    return std::any_of(form.steps.begin(), form.steps.end(), [&](const forms::Step& step) {
        return std::any_of(step.fields.begin(), step.fields.end(), predicate);
    });
}

} // namespace

bool asks_for_card(const forms::Form& form) {
    return any_field(form, [](const forms::Field& field) { return field.type == FieldType::card; });
}

bool needs_pages(const forms::Form& form) {
    return any_field(form, [](const forms::Field& field) {
        return field.type == FieldType::scan && field.required;
    });
}

namespace {

// Which register, and from when: of what the platform gave. A register that the content set has no
// name for is another office.
std::string platform_words(const Scene& scene, const forms::Origin& origin) {
    const auto key = "register." + origin.register_name;
    const auto name = scene.say(scene.say.content().has_text(key) ? key : "register.other");
    return scene.say("source.platform.from",
                     {{"register", name}, {"date", past_day_words(scene, origin.as_of)}});
}

} // namespace

std::string source_words(const Scene& scene, const forms::Field& field,
                         const forms::Answer& answer) {
    const auto source = answer.source;
    const auto key = "source." + std::string(forms::to_string(source));
    if (answer.origin) return platform_words(scene, *answer.origin);
    if (source != forms::Source::card) return scene.say(key);
    const auto* term = forms::find_term(field.term);
    const bool is_agents = term != nullptr && term->holder == forms::Holder::agent;
    const bool is_masked = field.sensitivity >= forms::Sensitivity::s2;
    return scene.say(key + (is_agents ? ".agent" : "") + (is_masked ? ".masked" : ""));
}

std::string_view source_icon(forms::Source source) {
    switch (source) {
    case forms::Source::typed: return "pen";
    case forms::Source::card: return "card";
    case forms::Source::session: return "clock";
    case forms::Source::platform: return "temple";
    case forms::Source::derived: return "card";
    case forms::Source::staff: return "person";
    }
    return "";
}

bool is_left_to_right(FieldType type) {
    return forms::row_of(type).keyboard == forms::Keyboard::digits ||
           forms::row_of(type).keyboard == forms::Keyboard::digits_x;
}

base::SecretText shown_value(const Scene& scene, const forms::Field& field,
                             const forms::Answer& answer) {
    if (const auto* pages = std::get_if<forms::Attachments>(&answer.value))
        return base::SecretText(
            scene.say.counted("common.pages", "count", std::int64_t(pages->pages.size())));
    if (const auto* way = std::get_if<forms::IdentityConfirmed>(&answer.value))
        return base::SecretText(
            scene.say(way->method == "counter-code"    ? "review.identity.counter-code"
                      : way->method == "staff-witness" ? "review.identity.staff-witness"
                      : way->method == "face"          ? "review.identity.face"
                                                       : "review.identity.done"));
    if (std::holds_alternative<forms::ConsentGiven>(answer.value))
        return base::SecretText(scene.say("common.yes"));
    return forms::shown(field, answer, scene.language());
}

} // namespace present
