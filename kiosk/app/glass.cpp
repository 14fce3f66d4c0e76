#include "kiosk/app/glass.hpp"

#include <algorithm>

namespace app {

namespace {

std::string_view name_of(staff::Page page) {
    switch (page) {
    case staff::Page::closed: return "";
    case staff::Page::log_in: return "staff_log_in";
    case staff::Page::enrolment: return "staff_enrolment";
    case staff::Page::overview: return "staff_overview";
    case staff::Page::paper: return "staff_paper";
    case staff::Page::notice: return "staff_notice";
    case staff::Page::printer: return "staff_printer";
    case staff::Page::reprint: return "staff_reprint";
    case staff::Page::camera: return "staff_camera";
    case staff::Page::face_camera: return "staff_face_camera";
    case staff::Page::clean: return "staff_clean";
    }
    return "";
}

} // namespace

// Nobody is here and nobody can begin: say so before anybody tries.
bool Glass::is_out_of_service() const {
    const auto& session = kiosk_.session();
    return session.step == session::Step::attract && session.overlay == session::Overlay::none &&
           !present::can_begin(kiosk_.facts());
}

bool Glass::is_staff_open() const {
    const auto* staff = kiosk_.staff();
    return staff != nullptr && staff->is_open();
}

// "Are you still there?" covers the glass.
bool Glass::is_asking() const {
    return !is_staff_open() && kiosk_.session().overlay == session::Overlay::idle;
}

bool Glass::draw(const screens::Input& given) {
    if (given.down && !was_down_) {
        press_place_ = place();
        if (reading_) reading_->interrupt();
        kiosk_.note_hand(); // a dark glass is awake from here on
        if (!is_asking()) tell_touched();
    }
    if (given.down) {
        uses_keys_ = false;
        focus_.clear();
        activate_.clear();
    }
    const auto place = this->place();
    const bool lies_over = kiosk_.session().overlay != session::Overlay::none;
    screens::Input input{given.pointer, given.down, focus_, {}};
    // The page changed between press and release, or between the picture and the key: what stands
    // there now was not meant, even where it has the same name.
    if ((given.down || was_down_) && press_place_ != place) input.pointer = {-1, -1};
    if (place == page_) {
        input.activate = activate_;
        input.nudge = nudge_;
    }
    activate_.clear();
    nudge_ = 0;
    was_down_ = given.down;
    bool more = false;
    if (is_staff_open()) {
        more = draw_staff(*kiosk_.staff(), input);
    } else {
        staff_view_ = {};
        more = kiosk_.is_dark() ? draw_dark() : draw_visit(input);
    }
    more = follow_page(place, lies_over) || more;
    read_aloud(place);
    return more;
}

// What the frame says, where somebody wants to hear it. Staff see what they do (design README §4).
void Glass::read_aloud(const std::string& place) {
    if (!reading_ || frame_.items == nullptr) return;
    const auto moved = take_key_outcome();
    if (take_read_page()) reading_->read_page();
    if (is_staff_open() || kiosk_.is_dark()) return reading_->rest();
    // The page that was pressed away is not told any more: the next frame shows another.
    if (place != this->place()) return reading_->turn_page();
    reading_->follow(frame_, place, focus_, moved, kiosk_.facts().world.now);
}

// Black, and nothing on it. not handled: the panel's own light stays on.
bool Glass::draw_dark() {
    auto& canvas = stage_.begin({}, {.theme = screens::ThemeName::contrast_dark});
    canvas.fill(canvas.page(), screens::Role::background);
    frame_ = stage_.end();
    return false;
}

// Where somebody is: another one is another page, with a focus of its own.
std::string Glass::place() const {
    const auto& session = kiosk_.session();
    std::string place(screen_name());
    if (session.visit) place += '/' + session.visit->field;
    return place;
}

// Puts the focus where the frame that was just drawn has it. True when it was drawn elsewhere.
bool Glass::follow_page(const std::string& place, bool lies_over) {
    if (frame_.items == nullptr) return false; // what was pressed ended the session: all is wiped
    const auto before = focus_;
    // A screen that lies over a page gives back the page's focus when it goes.
    if (place != page_) {
        if (lies_over && page_below_.empty()) {
            page_below_ = page_;
            focus_below_ = focus_;
        }
        focus_ = !lies_over && place == page_below_ ? focus_below_ : "";
        if (!lies_over) {
            page_below_.clear();
            focus_below_.clear();
        }
        page_ = place;
        ids_.clear();
    }
    if (!uses_keys_) {
        focus_.clear();
        return focus_ != before;
    }
    const auto& items = *frame_.items;
    focus_ = screens::keep_focus(ids_, focus_, items, frame_.start_focus);
    ids_.clear();
    for (const auto& item : items) ids_.push_back(item.id);
    return focus_ != before;
}

void Glass::tell_touched() {
    if (is_staff_open())
        kiosk_.staff()->tell(staff::AreaSignal::touched);
    else
        kiosk_.tell(session::Input(session::Signal::touched));
}

void Glass::key(drivers::Key key) {
    using drivers::Key;
    using screens::FocusKey;
    using session::Signal;
    const bool was_dark = kiosk_.is_dark();
    kiosk_.note_hand();
    if (was_dark || frame_.items == nullptr) return;
    uses_keys_ = true;
    if (reading_ && !is_staff_open()) {
        reading_->interrupt();
        reading_->note_key();
    }
    if (is_asking()) {
        kiosk_.tell(session::Input(session::Signal::stay_here));
        return;
    }
    tell_touched();
    switch (key) {
    case Key::up: return move(FocusKey::up);
    case Key::down: return move(FocusKey::down);
    case Key::left: return move(FocusKey::left);
    case Key::right: return move(FocusKey::right);
    case Key::select: return move(FocusKey::select);
    case Key::switch_move: return move(FocusKey::switch_move);
    case Key::switch_select: return move(FocusKey::switch_select);
    case Key::language: {
        const bool is_open = kiosk_.session().overlay == session::Overlay::language;
        return tell(is_open ? Signal::stay_here : Signal::choose_language);
    }
    case Key::repeat: read_page_ = !is_staff_open(); return tell(Signal::listen);
    case Key::louder: return tell(Signal::louder);
    case Key::softer: return tell(Signal::softer);
    case Key::faster: return tell(Signal::faster);
    case Key::slower: return tell(Signal::slower);
    }
}

// The staff area has neither languages nor a voice (design README §4).
void Glass::tell(session::Signal signal) {
    if (!is_staff_open()) kiosk_.tell(session::Input(signal));
}

void Glass::move(screens::FocusKey key) {
    outcome_ = screens::move_focus(*frame_.items, focus_, key, frame_.start_focus);
    focus_ = outcome_->id;
    if (outcome_->what == screens::FocusMove::What::press) activate_ = focus_;
    const bool stays = outcome_->what == screens::FocusMove::What::stays;
    const bool has_caret =
        std::any_of(frame_.items->begin(), frame_.items->end(), [this](const screens::Item& item) {
            return item.id == focus_ && item.kind == screens::ItemKind::field;
        });
    // Nothing lies beside a field: left and right move its caret.
    if (stays && has_caret && key == screens::FocusKey::left) nudge_ = -1;
    if (stays && has_caret && key == screens::FocusKey::right) nudge_ = 1;
}

void Glass::end_frame() {
    frame_ = stage_.end();
    missing_glyphs_.note(frame_.faults->missing_glyphs);
}

bool Glass::draw_staff(StaffDesk& staff, const screens::Input& input) {
    const auto facts = kiosk_.facts();
    const auto overview = staff.overview(facts);
    staff_view_ = present::follow(std::move(staff_view_), staff.area(), kiosk_.session());
    auto& canvas = stage_.begin(input, present::settings(staff_view_));
    std::optional<screens::ScreenIntent> intent;
    {
        const auto model = present::staff_model(staff.area(), staff_view_, facts, overview);
        intent = screens::draw(model, canvas);
    }
    end_frame();
    if (!intent) return false;
    auto reaction =
        present::react_staff(staff.area(), std::move(staff_view_), *intent, facts, overview);
    staff_view_ = std::move(reaction.view);
    for (auto& each : reaction.inputs) staff.tell(std::move(each));
    return true;
}

bool Glass::draw_visit(const screens::Input& input) {
    const auto& session = kiosk_.session();
    const auto facts = kiosk_.facts();
    view_ = present::follow(std::move(view_), session);
    auto& canvas = stage_.begin(input, present::settings(session));
    std::optional<screens::ScreenIntent> intent;
    {
        // The model lives as long as the frame: it holds values about the person.
        const auto model = is_out_of_service() ? present::out_of_service(session, facts)
                                               : present::model(session, view_, facts);
        intent = screens::draw(model, canvas);
    }
    end_frame();
    if (!intent) return false;
    auto reaction = present::react(session, view_, *intent, facts);
    view_ = std::move(reaction.view);
    read_page_ = read_page_ || reaction.read_page;
    if (reaction.inputs.empty()) kiosk_.tell(session::Input(session::Signal::touched));
    for (auto& each : reaction.inputs) kiosk_.tell(std::move(each));
    if (reaction.opens_enrolment && kiosk_.staff() != nullptr)
        kiosk_.staff()->tell(staff::AreaSignal::enrol);
    return true;
}

std::string_view Glass::screen_name() const {
    if (const auto* staff = kiosk_.staff(); staff != nullptr && staff->is_open())
        return name_of(staff->area().page);
    const auto& session = kiosk_.session();
    if (kiosk_.is_dark()) return "dark";
    if (is_out_of_service()) return "out_of_service";
    // Other words stand there than on "not received": whoever reads names must not mix them up.
    if (session.step == session::Step::refused && session.visit && session.visit->refusal &&
        session.visit->refusal->reason == session::Refusal::Reason::unsure)
        return "unsure";
    return session.overlay == session::Overlay::none ? to_string(session.step)
                                                     : to_string(session.overlay);
}

void Glass::wipe() {
    view_ = {};
    staff_view_ = {};
    frame_ = {};
    uses_keys_ = false;
    press_place_.clear(); // a finger that still lies there pressed on no page that will come
    read_page_ = false;
    focus_.clear();
    activate_.clear();
    page_.clear();
    page_below_.clear();
    focus_below_.clear();
    ids_.clear();
    outcome_.reset();
    if (reading_) reading_->wipe();
    stage_.wipe();
}

} // namespace app
