#include "kiosk/present/present.hpp"

#include "kiosk/present/scene.hpp"

namespace present {
namespace {

using session::Overlay;
using session::Step;

screens::ScreenModel of_step(const Scene& scene) {
    switch (scene.session.step) {
    case Step::attract: return attract(scene);
    case Step::home: return home(scene);
    case Step::groups: return groups(scene);
    case Step::group: return group(scene);
    case Step::notices: return notices(scene);
    case Step::hours: return opening_hours(scene);
    case Step::notice: return notice(scene);
    case Step::card: return card(scene);
    case Step::no_card: return no_card(scene);
    case Step::prefill_offer: return prefill_offer(scene);
    case Step::fetching: return fetching(scene);
    case Step::prefilled: return prefilled(scene);
    case Step::question: return question(scene);
    case Step::scan: return scan(scene);
    case Step::page_check: return page_check(scene);
    case Step::pages: return pages(scene);
    case Step::identity: return identity(scene);
    case Step::face_consent: return face_consent(scene);
    case Step::face_check: return face_check(scene);
    case Step::witness: return witness(scene);
    case Step::review: return review(scene);
    case Step::declare: return declare(scene);
    case Step::signature: return signature(scene);
    case Step::submitting:
    case Step::sending: return submitting(scene);
    case Step::result: return result(scene);
    case Step::refused: return refused(scene);
    case Step::number: return number(scene);
    case Step::show_receipt: return show_receipt(scene);
    case Step::proof: return proof(scene);
    case Step::phone_tail: return phone_tail(scene);
    case Step::show_card: return show_card(scene);
    case Step::asking: return asking(scene);
    case Step::status: return status(scene);
    case Step::withdraw: return withdraw(scene);
    case Step::unanswered: return unanswered(scene);
    case Step::todos: return todos(scene);
    case Step::goodbye: return goodbye(scene);
    case Step::wipe: return wiping(scene);
    case Step::forward:
    case Step::backward:
    case Step::stay: break;
    }
    CHECK(!"a session is in a step");
    return wiping(scene);
}

screens::ThemeName theme(session::Display::Theme theme) {
    switch (theme) {
    case session::Display::Theme::light: return screens::ThemeName::light;
    case session::Display::Theme::contrast_light: return screens::ThemeName::contrast_light;
    case session::Display::Theme::contrast_dark: return screens::ThemeName::contrast_dark;
    }
    return screens::ThemeName::light;
}

} // namespace

screens::ScreenModel model(const session::Session& session, const View& view, const Facts& facts) {
    const Scene scene(session, view, facts);
    switch (session.overlay) {
    case Overlay::none: return of_step(scene);
    case Overlay::idle: return idle(scene);
    case Overlay::leave: return leave(scene);
    case Overlay::help: return help(scene);
    case Overlay::language: return language(scene);
    case Overlay::assist: return assist(scene);
    case Overlay::voice: return voice(scene);
    case Overlay::other_person: return other_person(scene);
    }
    return of_step(scene);
}

screens::DisplaySettings settings(const session::Session& session) {
    CHECK(session.display.text_size >= 0 && session.display.text_size < session::text_sizes);
    screens::DisplaySettings settings;
    settings.language = session.language;
    settings.text_size = screens::TextSize(session.display.text_size);
    settings.theme = theme(session.display.theme);
    settings.low_reach = session.display.low_reach;
    return settings;
}

} // namespace present
