// From an intent on a page of the staff area to what the area hears.
#include "kiosk/present/staff_page.hpp"

namespace present {
namespace {

using screens::Action;
using staff::AreaSignal;
using staff::Overview;
using staff::Page;

class StaffReactor {
public:
    StaffReactor(const staff::Area& area, StaffView view, const Facts& facts,
                 const Overview& overview)
        : view_(std::move(view)), desk_(area, view_, facts, overview) {}

    void operator()(screens::FrameIntent intent);
    void operator()(Action action);
    void operator()(const screens::Chosen& chosen);
    void operator()(const screens::ShowFrom& from) { view_.first = from.first; }
    void operator()(const screens::Typed& typed);
    void operator()(screens::EditKey key);
    void operator()(base::Language language);
    void operator()(screens::StaffCheckPress) { say(AreaSignal::enrol); }
    // No page of the area has such a thing.
    template <class Intent> void operator()(const Intent&) {}

    StaffReaction finish() && {
        if (inputs_.empty()) say(AreaSignal::touched);
        return {std::move(inputs_), std::move(view_), not_yet_};
    }

private:
    const staff::Area& area() const { return desk_.area; }
    bool is_at(Page page) const { return area().page == page && !view_.is_choosing_language; }
    void say(AreaSignal signal) { inputs_.emplace_back(signal); }
    void say(AreaSignal signal, staff::AreaPayload payload) {
        inputs_.emplace_back(signal, std::move(payload));
    }
    void look(session::Signal signal);
    void go();
    void back();
    void perform(std::string_view task);
    void keep(std::optional<base::SecretText> pin);

    StaffView view_;
    Desk desk_; // looks at view_
    std::vector<staff::AreaInput> inputs_;
    bool not_yet_ = false;
};

// The session knows how a display changes; what it was asked on is nobody's session.
void StaffReactor::look(session::Signal signal) {
    auto outcome = session::apply(nobody(view_), session::Input(signal), desk_.scene.facts.world);
    view_.display = outcome.session.display;
}

void StaffReactor::operator()(screens::FrameIntent intent) {
    switch (intent) {
    case screens::FrameIntent::leave: return say(AreaSignal::leave);
    case screens::FrameIntent::language:
        view_.is_choosing_language = !view_.is_choosing_language;
        view_.first = 0;
        return;
    case screens::FrameIntent::text_size: return look(session::Signal::text_size);
    case screens::FrameIntent::contrast: return look(session::Signal::contrast);
    case screens::FrameIntent::low_reach: return look(session::Signal::low_reach);
    case screens::FrameIntent::staff: return say(AreaSignal::call_staff);
    // not handled: reading aloud; staff screens are not spoken (design README §4).
    case screens::FrameIntent::listen: return;
    }
}

void StaffReactor::operator()(Action action) {
    switch (action) {
    case Action::go: return go();
    case Action::back: return back();
    case Action::not_yet: not_yet_ = true; return;
    }
}

void StaffReactor::back() {
    if (view_.is_choosing_language) {
        view_.is_choosing_language = false;
        return;
    }
    say(AreaSignal::back);
}

void StaffReactor::go() {
    if (is_at(Page::overview)) return perform(first_task(desk_));
    if (is_at(Page::paper)) return say(AreaSignal::paper_done);
    if (is_at(Page::face_camera))
        return say(desk_.offers(AreaSignal::hide_face) ? AreaSignal::hide_face
                                                       : AreaSignal::show_face);
    if (is_at(Page::notice)) return say(AreaSignal::choose_notice, chosen_notice(desk_));
    if (is_at(Page::reprint) && desk_.offers(AreaSignal::reprint))
        return say(AreaSignal::reprint, view_.language);
    const bool is_ready = is_at(Page::log_in) ? is_check_complete(log_in_check(area()))
                                              : is_at(Page::enrolment) &&
                                                    area().pin.size() == staff::enrolment_digits;
    if (is_ready) return say(AreaSignal::enter);
    not_yet_ = true;
}

void StaffReactor::perform(std::string_view id) {
    const auto* task = offered_task(desk_, id);
    if (task == nullptr) return;
    if (const auto* page = std::get_if<Page>(&task->means)) return say(AreaSignal::page, *page);
    say(std::get<AreaSignal>(task->means));
}

void StaffReactor::operator()(const screens::Chosen& chosen) {
    if (is_at(Page::overview) || is_at(Page::printer) || is_at(Page::camera))
        return perform(chosen.id);
    if (is_at(Page::reprint)) say(AreaSignal::reprint_number, chosen.id);
    if (is_at(Page::notice)) view_.notice = chosen.id == no_notice ? std::string() : chosen.id;
}

void StaffReactor::keep(std::optional<base::SecretText> pin) {
    if (pin)
        say(AreaSignal::pin, std::move(*pin));
    else
        not_yet_ = true; // no more digits are taken, or there is none to take away
}

void StaffReactor::operator()(const screens::Typed& typed) {
    if (is_at(Page::log_in)) keep(pin_after(area().pin, typed, staff::pin_most));
    if (is_at(Page::enrolment)) keep(pin_after(area().pin, typed, staff::enrolment_digits));
}

void StaffReactor::operator()(screens::EditKey key) {
    if (is_at(Page::log_in) || is_at(Page::enrolment)) keep(pin_after(area().pin, key));
}

void StaffReactor::operator()(base::Language language) {
    if (!view_.is_choosing_language) return;
    view_.language = language;
    view_.is_choosing_language = false;
}

} // namespace

StaffReaction react_staff(const staff::Area& area, StaffView view,
                          const screens::ScreenIntent& intent, const Facts& facts,
                          const Overview& overview) {
    StaffReactor reactor(area, std::move(view), facts, overview);
    std::visit(reactor, intent);
    return std::move(reactor).finish();
}

} // namespace present
