// The names of steps, signals and effects, as logs and scripts spell them.
#include "kiosk/session/moves.hpp"

namespace session {

std::string_view to_string(Step step) {
    switch (step) {
    case Step::attract: return "attract";
    case Step::home: return "home";
    case Step::groups: return "groups";
    case Step::group: return "group";
    case Step::notices: return "notices";
    case Step::hours: return "hours";
    case Step::notice: return "notice";
    case Step::card: return "card";
    case Step::no_card: return "no_card";
    case Step::prefill_offer: return "prefill_offer";
    case Step::fetching: return "fetching";
    case Step::prefilled: return "prefilled";
    case Step::question: return "question";
    case Step::scan: return "scan";
    case Step::page_check: return "page_check";
    case Step::pages: return "pages";
    case Step::identity: return "identity";
    case Step::face_consent: return "face_consent";
    case Step::face_check: return "face_check";
    case Step::witness: return "witness";
    case Step::review: return "review";
    case Step::declare: return "declare";
    case Step::signature: return "signature";
    case Step::submitting: return "submitting";
    case Step::sending: return "sending";
    case Step::result: return "result";
    case Step::refused: return "refused";
    case Step::number: return "number";
    case Step::show_receipt: return "show_receipt";
    case Step::proof: return "proof";
    case Step::phone_tail: return "phone_tail";
    case Step::show_card: return "show_card";
    case Step::asking: return "asking";
    case Step::status: return "status";
    case Step::withdraw: return "withdraw";
    case Step::unanswered: return "unanswered";
    case Step::todos: return "todos";
    case Step::goodbye: return "goodbye";
    case Step::wipe: return "wipe";
    case Step::forward: return "forward";
    case Step::backward: return "backward";
    case Step::stay: return "stay";
    }
    return "unknown";
}

std::string_view to_string(Overlay overlay) {
    switch (overlay) {
    case Overlay::none: return "none";
    case Overlay::idle: return "idle";
    case Overlay::leave: return "leave";
    case Overlay::help: return "help";
    case Overlay::language: return "language";
    case Overlay::assist: return "assist";
    case Overlay::voice: return "voice";
    case Overlay::other_person: return "other_person";
    }
    return "unknown";
}

std::string_view to_string(Signal signal) {
    switch (signal) {
    case Signal::language_chosen: return "language_chosen";
    case Signal::matter_chosen: return "matter_chosen";
    case Signal::show_groups: return "show_groups";
    case Signal::group_chosen: return "group_chosen";
    case Signal::show_notices: return "show_notices";
    case Signal::show_hours: return "show_hours";
    case Signal::ask_progress: return "ask_progress";
    case Signal::ask_todos: return "ask_todos";
    case Signal::show_receipt: return "show_receipt";
    case Signal::entry_changed: return "entry_changed";
    case Signal::print_copy: return "print_copy";
    case Signal::withdraw: return "withdraw";
    case Signal::withdraw_confirmed: return "withdraw_confirmed";
    case Signal::add_papers: return "add_papers";
    case Signal::rated: return "rated";
    case Signal::go_on: return "go_on";
    case Signal::back: return "back";
    case Signal::answered: return "answered";
    case Signal::contested: return "contested";
    case Signal::change: return "change";
    case Signal::another_way: return "another_way";
    case Signal::way_chosen: return "way_chosen";
    case Signal::pin_changed: return "pin_changed";
    case Signal::pin_entered: return "pin_entered";
    case Signal::agreed: return "agreed";
    case Signal::declined: return "declined";
    case Signal::take_page: return "take_page";
    case Signal::use_page: return "use_page";
    case Signal::retake_page: return "retake_page";
    case Signal::add_page: return "add_page";
    case Signal::delete_page: return "delete_page";
    case Signal::move_page: return "move_page";
    case Signal::pages_done: return "pages_done";
    case Signal::drawn: return "drawn";
    case Signal::signed_on_glass: return "signed_on_glass";
    case Signal::sign_at_counter: return "sign_at_counter";
    case Signal::another_matter: return "another_matter";
    case Signal::done: return "done";
    case Signal::leave: return "leave";
    case Signal::leave_confirmed: return "leave_confirmed";
    case Signal::stay_here: return "stay_here";
    case Signal::call_staff: return "call_staff";
    case Signal::help_closed: return "help_closed";
    case Signal::choose_language: return "choose_language";
    case Signal::choose_voice: return "choose_voice";
    case Signal::card_found: return "card_found";
    case Signal::card_read: return "card_read";
    case Signal::card_problem: return "card_problem";
    case Signal::card_lifted: return "card_lifted";
    case Signal::page_seen: return "page_seen";
    case Signal::page_steady: return "page_steady";
    case Signal::page_captured: return "page_captured";
    case Signal::page_refused: return "page_refused";
    case Signal::camera_problem: return "camera_problem";
    case Signal::codes_seen: return "codes_seen";
    case Signal::desk_seen: return "desk_seen";
    case Signal::staff_changed: return "staff_changed";
    case Signal::staff_confirmed: return "staff_confirmed";
    case Signal::stored: return "stored";
    case Signal::store_refused: return "store_refused";
    case Signal::delivered: return "delivered";
    case Signal::status_answered: return "status_answered";
    case Signal::face_passed: return "face_passed";
    case Signal::face_ended: return "face_ended";
    case Signal::todos_answered: return "todos_answered";
    case Signal::prefill_answered: return "prefill_answered";
    case Signal::ask_failed: return "ask_failed";
    case Signal::receipt_printed: return "receipt_printed";
    case Signal::receipt_problem: return "receipt_problem";
    case Signal::staff_coming: return "staff_coming";
    case Signal::staff_unreachable: return "staff_unreachable";
    case Signal::wiped: return "wiped";
    case Signal::idle: return "idle";
    case Signal::idle_expired: return "idle_expired";
    case Signal::answer_due: return "answer_due";
    case Signal::look_due: return "look_due";
    case Signal::touched: return "touched";
    case Signal::text_size: return "text_size";
    case Signal::contrast: return "contrast";
    case Signal::low_reach: return "low_reach";
    case Signal::listen: return "listen";
    case Signal::hush: return "hush";
    case Signal::louder: return "louder";
    case Signal::softer: return "softer";
    case Signal::faster: return "faster";
    case Signal::slower: return "slower";
    case Signal::spoke: return "spoke";
    }
    return "unknown";
}

std::string_view to_string(EffectKind kind) {
    switch (kind) {
    case EffectKind::start_card: return "start_card";
    case EffectKind::stop_card: return "stop_card";
    case EffectKind::open_camera: return "open_camera";
    case EffectKind::capture_page: return "capture_page";
    case EffectKind::look_again: return "look_again";
    case EffectKind::look_at_desk: return "look_at_desk";
    case EffectKind::close_camera: return "close_camera";
    case EffectKind::store: return "store";
    case EffectKind::wake_uploader: return "wake_uploader";
    case EffectKind::print_receipt: return "print_receipt";
    case EffectKind::print_copy: return "print_copy";
    case EffectKind::ask_platform: return "ask_platform";
    case EffectKind::ask_prefill: return "ask_prefill";
    case EffectKind::count_rating: return "count_rating";
    case EffectKind::watch_card: return "watch_card";
    case EffectKind::check_pin: return "check_pin";
    case EffectKind::drop_pin_check: return "drop_pin_check";
    case EffectKind::begin_face_check: return "begin_face_check";
    case EffectKind::end_face_check: return "end_face_check";
    case EffectKind::chime: return "chime";
    case EffectKind::call_assistance: return "call_assistance";
    case EffectKind::wipe: return "wipe";
    }
    return "unknown";
}

} // namespace session
