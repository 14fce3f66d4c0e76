// From an intent of the screen to what the session hears.
#include "kiosk/forms/field_types.hpp"
#include "kiosk/present/composing.hpp"
#include "kiosk/present/dates.hpp"
#include "kiosk/present/ink.hpp"
#include "kiosk/present/present.hpp"
#include "kiosk/present/scene.hpp"
#include "kiosk/present/typing.hpp"
#include "kiosk/text/unicode.hpp"

namespace present {
namespace {

using screens::Action;
using session::AnswerInput;
using session::ChoiceInput;
using session::Input;
using session::Overlay;
using session::Signal;
using session::Step;

bool is_typed(const forms::Field& field) {
    const auto widget = forms::row_of(field.type).widget;
    return widget == forms::Widget::text || widget == forms::Widget::digits ||
           widget == forms::Widget::date;
}

bool is_choice(const forms::Field& field) {
    const auto widget = forms::row_of(field.type).widget;
    return widget == forms::Widget::choice || widget == forms::Widget::multi_choice;
}

// One function per kind of intent. What a screen cannot have sent falls through without effect.
class Reactor {
public:
    Reactor(const session::Session& session, View view, const Facts& facts)
        : view_(std::move(view)), scene_(session, view_, facts) {}

    void operator()(screens::FrameIntent intent);
    void operator()(Action action);
    void operator()(const screens::Chosen& chosen);
    void operator()(const screens::ShowFrom& from) { view_.first = from.first; }
    void operator()(const screens::Typed& typed);
    void operator()(screens::EditKey key);
    void operator()(const screens::SwitchBoard& board);
    void operator()(const screens::PickCandidate& pick);
    void operator()(const screens::MoreCandidates& more);
    void operator()(const screens::InkDrawn& drawn);
    void operator()(screens::InkKey key);
    void operator()(const screens::MoveCaret& move);
    void operator()(const screens::Ink& ink);
    void operator()(base::Language language);
    void operator()(screens::ConsentAnswer answer);
    void operator()(screens::CardPress press);
    void operator()(const screens::DateStep& step);
    void operator()(screens::QuestionDatePress press);
    // not handled: another way to be reached than by the number asked for.
    void operator()(screens::QuestionDigitsPress press);
    void operator()(screens::ScanPress press);
    void operator()(screens::FacePress press);
    void operator()(screens::PageCheckPress press);
    void operator()(screens::PagesPress press);
    void operator()(screens::SignaturePress press);
    void operator()(screens::ResultPress press);
    void operator()(screens::GoodbyePress press);
    void operator()(screens::IdlePress press);
    void operator()(screens::LeavePress press);
    void operator()(screens::OutOfServicePress press);
    void operator()(screens::NoticeMessagePress press);
    void operator()(screens::VoicePress press);
    void operator()(screens::HomePress press);
    void operator()(screens::ProgressPress press);
    void operator()(screens::ReceiptNumberPress press);
    // The staff area's alone (staff.cpp).
    void operator()(screens::StaffCheckPress) {}

    Reaction finish() && {
        return {std::move(inputs_), std::move(view_), not_yet_, read_page_, opens_enrolment_};
    }

private:
    const session::Session& session() const { return scene_.session; }
    bool is_at(Step step) const {
        return session().overlay == Overlay::none && session().step == step;
    }
    void say(Signal signal) { inputs_.emplace_back(signal); }
    void say(Signal signal, session::Payload payload) {
        inputs_.emplace_back(signal, std::move(payload));
    }
    void go();
    void back();
    void listen();
    void go_from_question();
    void go_from_signature();
    // A PIN is awaited: for a witness, a document, or help.
    bool is_staff_check() const {
        return is_at(Step::witness) ||
               (session().overlay == Overlay::assist && asks_for_help(scene_));
    }
    void go_from_staff_check();
    void keep_pin(std::optional<base::SecretText> pin);
    bool is_entry() const { return is_at(Step::number) || is_at(Step::phone_tail); }
    void keep_entry(std::optional<base::SecretText> entry);
    const base::SecretText& entry() const;
    void keep_typed(const Line& line);
    void settle_typed();
    void choose_option(const std::string& code);
    bool choose_quick_date(std::string_view id);
    bool writes_text() const;
    void write(std::string_view key);
    bool write_pinyin(std::string_view key);
    bool put(Line before, std::string_view text);
    std::optional<Line> all_chosen() const;
    bool settle_letters(screens::Board next);
    void forget_followers();
    Line line() const;
    Composer composer(const Line& line) const;

    View view_;
    Scene scene_; // looks at view_
    std::vector<Input> inputs_;
    bool not_yet_ = false;
    bool read_page_ = false;
    bool opens_enrolment_ = false;
};

// ---- the frame ----

void Reactor::operator()(screens::FrameIntent intent) {
    const bool asks_still_there = session().overlay == Overlay::idle;
    switch (intent) {
    case screens::FrameIntent::leave:
        // Whoever presses is here; leaving is asked once, on its own screen.
        if (asks_still_there) say(Signal::stay_here);
        return say(Signal::leave);
    case screens::FrameIntent::language:
        return say(session().overlay == Overlay::language ? Signal::stay_here
                                                          : Signal::choose_language);
    case screens::FrameIntent::text_size: return say(Signal::text_size);
    case screens::FrameIntent::contrast: return say(Signal::contrast);
    case screens::FrameIntent::low_reach: return say(Signal::low_reach);
    case screens::FrameIntent::staff: return say(Signal::call_staff);
    case screens::FrameIntent::listen: return listen();
    }
}

// Once: the page is read aloud, and every page after it. Once more: how it is read.
void Reactor::listen() {
    const bool is_on = session().display.voice == session::Display::Voice::on;
    if (session().overlay == Overlay::idle) say(Signal::stay_here);
    if (is_on && session().overlay != Overlay::voice && session().overlay != Overlay::idle)
        return say(Signal::choose_voice);
    say(Signal::listen);
    read_page_ = true;
}

void Reactor::operator()(Action action) {
    switch (action) {
    case Action::go: return go();
    case Action::back: return back();
    case Action::not_yet: not_yet_ = true; return;
    }
}

void Reactor::back() {
    switch (session().overlay) {
    case Overlay::language:
    case Overlay::voice: return say(Signal::stay_here);
    case Overlay::help:
        if (std::exchange(view_.explains, false)) return; // back to the list
        return say(Signal::help_closed);
    case Overlay::assist: return say(Signal::stay_here);
    case Overlay::none: break;
    case Overlay::idle:
    case Overlay::leave:
    case Overlay::other_person: return;
    }
    if (is_at(Step::question) && is_typed(scene_.field())) settle_typed();
    say(Signal::back);
}

void Reactor::go() {
    if (session().overlay == Overlay::help) return say(Signal::help_closed);
    if (is_staff_check()) return go_from_staff_check();
    if (session().overlay == Overlay::assist || session().overlay == Overlay::voice)
        return say(Signal::stay_here);
    if (session().overlay != Overlay::none) return;
    switch (session().step) {
    case Step::notice:
        if (scene_.facts.accepting) return say(Signal::go_on);
        not_yet_ = true;
        return;
    case Step::prefilled:
    case Step::review: return say(Signal::go_on);
    case Step::question: return go_from_question();
    case Step::scan: return say(Signal::take_page);
    case Step::pages: return say(Signal::pages_done);
    case Step::signature: return go_from_signature();
    case Step::number:
    case Step::phone_tail:
        if (is_entry_ready(scene_)) return say(Signal::go_on);
        not_yet_ = true;
        return;
    case Step::groups:
    case Step::group:
    case Step::notices:
    case Step::hours:
    case Step::show_receipt:
    case Step::proof:
    case Step::show_card:
    case Step::asking:
    case Step::status:
    case Step::withdraw:
    case Step::unanswered:
    case Step::todos:
    case Step::prefill_offer:
    case Step::fetching:
    case Step::attract:
    case Step::home:
    case Step::card:
    case Step::no_card:
    case Step::witness:
    case Step::page_check:
    case Step::identity:
    case Step::face_consent:
    case Step::face_check:
    case Step::declare:
    case Step::submitting:
    case Step::sending:
    case Step::result:
    case Step::refused:
    case Step::goodbye:
    case Step::wipe:
    case Step::forward:
    case Step::backward:
    case Step::stay: return;
    }
}

// ---- answers ----

void Reactor::go_from_question() {
    const auto& field = scene_.field();
    if (!readiness(scene_).is_ready) {
        not_yet_ = true;
        return;
    }
    if (is_typed(field)) settle_typed();
    const auto* answer = scene_.visit().answers.find(field.id);
    // The choice made beforehand becomes an answer when the person goes on with it.
    if (is_choice(field) && answer == nullptr)
        if (auto codes = chosen_codes(field, nullptr); !codes.empty())
            say(Signal::answered, AnswerInput{forms::Value{std::move(codes)}});
    say(Signal::go_on);
}

// Spaces and groups are tidied up when the person leaves the field, not under their fingers. A
// value that they called wrong and did not replace goes away.
void Reactor::settle_typed() {
    const auto& field = scene_.field();
    const auto* answer = scene_.visit().answers.find(field.id);
    const auto typed = typed_text(scene_);
    if (!typed.empty())
        say(Signal::answered, AnswerInput{when_typed(field, typed)});
    else if (answer != nullptr && answer->contested)
        say(Signal::answered, AnswerInput{forms::Value{}});
}

void Reactor::keep_typed(const Line& line) {
    const auto& field = scene_.field();
    if (field.type == forms::FieldType::money || field.type == forms::FieldType::number)
        view_.composing.number = line.text;
    view_.caret = line.caret;
    say(Signal::answered, AnswerInput{while_typing(field, line.text)});
}

void Reactor::operator()(const screens::Typed& typed) {
    if (is_staff_check()) return keep_pin(pin_after(session().pin, typed, staff::pin_most));
    if (is_entry()) return keep_entry(entry_after(entry(), typed, is_at(Step::number)));
    if (!is_at(Step::question) || !is_typed(scene_.field())) return;
    if (writes_text()) return write(typed.text);
    if (!put(line(), typed.text)) not_yet_ = true; // takes no more, or not this
}

// True when the field took it.
bool Reactor::put(Line before, std::string_view text) {
    const auto length = before.text.size();
    auto after = typed_into(std::move(before), scene_.field(), text);
    if (after.text.size() == length) return false;
    view_.shift = false; // for one letter
    keep_typed(after);
    return true;
}

// A key of the board that lies there.
void Reactor::write(std::string_view key) {
    const auto board = board_of(scene_);
    if (board == screens::Board::pinyin && write_pinyin(key)) return;
    // A character is never taken without being chosen (spec handwriting §4).
    if (!view_.composing.ink.empty()) {
        not_yet_ = true;
        return;
    }
    auto before = line();
    const auto written = board == screens::Board::uyghur
                             ? with_hamza(before.text.view().substr(0, before.caret), key)
                             : std::string(key);
    not_yet_ = !put(std::move(before), written);
    forget_followers();
}

// True when the key is done with: a letter under way, or the space that chooses.
bool Reactor::write_pinyin(std::string_view key) {
    auto& composing = view_.composing;
    const bool is_letter = key.size() == 1 && key[0] >= 'a' && key[0] <= 'z';
    if (is_letter) {
        not_yet_ = !composer(line()).add_letter(composing, key[0]);
        return true;
    }
    if (key == "'") {
        const auto letters = composing.letters.view();
        if (!letters.empty() && letters.back() != '\'')
            (void)composer(line()).add_letter(composing, '\'');
        return true;
    }
    if (composing.letters.empty()) return false;
    // The space, or a mark behind the word: the first candidate is meant.
    if (key == " ") {
        if (composing.candidates.empty())
            not_yet_ = true;
        else
            (*this)(screens::PickCandidate{0});
        return true;
    }
    auto chosen = all_chosen();
    if (chosen && put(std::move(*chosen), key))
        composer(line()).set_letters(composing, "");
    else
        not_yet_ = true;
    return true;
}

// The line with the first candidate for all letters under way, as long as there is one and the
// field takes it. Changes nothing.
std::optional<Line> Reactor::all_chosen() const {
    auto trial = view_.composing;
    auto written = line();
    while (!trial.letters.empty()) {
        const auto rest = trial.letters.size();
        if (trial.candidates.empty()) return std::nullopt;
        const auto length = written.text.size();
        written = typed_into(std::move(written), scene_.field(), trial.candidates[0].text);
        if (written.text.size() == length) return std::nullopt;
        composer(written).drop_letters(trial, trial.candidates[0].used);
        if (trial.letters.size() >= rest) return std::nullopt;
    }
    return written;
}

// What often follows is said of one place in the text.
void Reactor::forget_followers() {
    auto& composing = view_.composing;
    if (is_composing(composing)) return;
    composing.candidates.clear();
    composing.firsts_before.clear();
    composing.first = 0;
    composing.has_more = false;
}

void Reactor::operator()(screens::EditKey key) {
    if (is_staff_check()) return keep_pin(pin_after(session().pin, key));
    if (is_entry()) return keep_entry(pin_after(entry(), key));
    if (key == screens::EditKey::shift) {
        view_.shift = !view_.shift;
        return;
    }
    if (!is_at(Step::question) || !is_typed(scene_.field())) return;
    if (writes_text() && !view_.composing.letters.empty())
        return composer(line()).drop_letter(view_.composing);
    if (!view_.composing.ink.empty()) return composer(line()).undo_stroke(view_.composing);
    auto written = line();
    if (written.text.empty()) return;
    forget_followers();
    keep_typed(key == screens::EditKey::clear ? Line() : erased_before(std::move(written)));
}

void Reactor::operator()(const screens::SwitchBoard& board) {
    if (is_at(Step::question) && writes_text() && !settle_letters(board.board)) {
        not_yet_ = true;
        return;
    }
    view_.board = board.board;
    view_.shift = false;
}

// Letters under way do not follow to another board: for the Latin one they are what they are, for
// any other the first candidates were meant. False where neither can be.
bool Reactor::settle_letters(screens::Board next) {
    auto& composing = view_.composing;
    if (next == board_of(scene_)) return true;
    composing.ink.clear(); // the box goes with its board
    composing.clears = 0;
    if (composing.letters.empty()) {
        forget_followers();
        return true;
    }
    const auto letters = composing.letters;
    auto as_letters = typed_into(line(), scene_.field(), letters);
    const bool takes_letters = as_letters.text.size() != line().text.size();
    std::optional<Line> written;
    if (next != screens::Board::latin) written = all_chosen();
    if (!written && takes_letters) written = std::move(as_letters);
    if (!written) return false;
    keep_typed(*written);
    composing.letters.clear();
    composing.shown.clear();
    forget_followers();
    return true;
}

// ---- Pinyin, handwriting, the caret ----

bool Reactor::writes_text() const {
    return is_at(Step::question) &&
           forms::row_of(scene_.field().type).widget == forms::Widget::text;
}

Line Reactor::line() const {
    auto text = typed_text(scene_);
    const auto caret = std::min(view_.caret.value_or(text.size()), text.size());
    return {std::move(text), caret};
}

Composer Reactor::composer(const Line& line) const {
    return {scene_.facts.pinyin, scene_.facts.handwriting,
            hand_context(scene_.field(), line.text.view().substr(0, line.caret))};
}

void Reactor::operator()(const screens::PickCandidate& pick) {
    if (!writes_text() || pick.index >= view_.composing.candidates.size()) return;
    const auto chosen = view_.composing.candidates[pick.index];
    auto written = typed_into(line(), scene_.field(), chosen.text);
    if (written.text.size() == line().text.size()) {
        not_yet_ = true; // the field takes no more: the counter says so
        return;
    }
    keep_typed(written);
    if (view_.composing.letters.empty())
        composer(written).accept_ink(view_.composing);
    else
        composer(written).drop_letters(view_.composing, chosen.used);
}

void Reactor::operator()(const screens::MoreCandidates& more) {
    if (writes_text()) composer(line()).show_more(view_.composing, more);
}

void Reactor::operator()(const screens::InkDrawn& drawn) {
    const bool by_hand = writes_text() && board_of(scene_) == screens::Board::handwriting;
    if (!by_hand || drawn.stroke.empty()) return;
    if (!composer(line()).add_stroke(view_.composing, drawn.stroke)) not_yet_ = true;
}

void Reactor::operator()(screens::InkKey key) {
    if (!writes_text()) return;
    switch (key) {
    case screens::InkKey::undo_stroke: return composer(line()).undo_stroke(view_.composing);
    case screens::InkKey::clear: return composer(line()).clear_ink(view_.composing);
    }
}

void Reactor::operator()(const screens::MoveCaret& move) {
    if (!is_at(Step::question) || !is_typed(scene_.field())) return;
    const auto text = typed_text(scene_);
    const auto offset = std::min(move.offset, text.size());
    // A border between characters, whatever was asked for.
    view_.caret = text::previous_boundary(text, text::next_boundary(text, offset));
    if (offset == text.size()) view_.caret.reset();
    forget_followers();
}

// ---- dates ----

void Reactor::operator()(const screens::DateStep& step) {
    if (!is_at(Step::question) || scene_.field().type != forms::FieldType::date) return;
    const auto& field = scene_.field();
    const auto range = range_of(field, scene_.today());
    const auto from = chosen_date(scene_).value_or(first_shown(field, scene_.today()));
    const auto to = stepped(from, step.part, step.by, range);
    say(Signal::answered, AnswerInput{forms::Value{written(field, to)}});
}

void Reactor::operator()(screens::QuestionDatePress) {
    view_.date_on_pad = true;
    view_.caret.reset();
}

void Reactor::operator()(screens::QuestionDigitsPress) {
    if (!is_at(Step::question) || scene_.field().type != forms::FieldType::date) return;
    view_.date_on_pad = false;
    // A whole date stays chosen.
    const auto typed = typed_text(scene_);
    if (typed.size() == date_digits(scene_.field())) settle_typed();
}

bool Reactor::choose_quick_date(std::string_view id) {
    const auto& field = scene_.field();
    if (field.type != forms::FieldType::date) return false;
    if (const auto date = quick_date(field, scene_.today(), id))
        say(Signal::answered, AnswerInput{forms::Value{written(field, *date)}});
    return true;
}

void Reactor::choose_option(const std::string& code) {
    const auto& field = scene_.field();
    if (!is_choice(field)) return;
    const auto* answer = scene_.visit().answers.find(field.id);
    auto codes = pressed(field, chosen_codes(field, answer), code);
    if (!codes) {
        not_yet_ = true; // as many as can be chosen are chosen
        return;
    }
    say(Signal::answered,
        AnswerInput{codes->empty() ? forms::Value{} : forms::Value{std::move(*codes)}});
}

void Reactor::operator()(const screens::Chosen& chosen) {
    if (session().overlay == Overlay::help && chosen.id == "call") return say(Signal::call_staff);
    if (session().overlay == Overlay::help && chosen.id == how_way) {
        view_.explains = true;
        view_.first = 0;
        return;
    }
    if (session().overlay == Overlay::help && chosen.id == enrol_way &&
        leads_to_enrolment(scene_)) {
        opens_enrolment_ = true;
        return say(Signal::help_closed);
    }
    if (session().overlay != Overlay::none) return;
    if (is_at(Step::home) || is_at(Step::group) || is_at(Step::todos))
        return say(Signal::matter_chosen, ChoiceInput{chosen.id});
    if (is_at(Step::groups)) return say(Signal::group_chosen, ChoiceInput{chosen.id});
    if (is_at(Step::proof)) return say(Signal::way_chosen, ChoiceInput{chosen.id});
    if (is_at(Step::prefilled)) return say(Signal::contested, ChoiceInput{chosen.id});
    if (is_at(Step::question) && choose_quick_date(chosen.id)) return;
    if (is_at(Step::question)) return choose_option(chosen.id);
    if (is_at(Step::review)) return say(Signal::change, ChoiceInput{chosen.id});
    if (is_at(Step::pages)) view_.chosen_page = chosen.id;
    const bool asks_for_way = is_at(Step::identity) || is_at(Step::no_card);
    if (asks_for_way && is_way_available(scene_, chosen.id))
        say(Signal::way_chosen, ChoiceInput{chosen.id});
}

void Reactor::operator()(base::Language language) {
    // Choosing the language over the attract screen begins the visit as its own buttons do.
    if (session().overlay == Overlay::language && session().step == Step::attract &&
        can_begin(scene_.facts))
        say(Signal::stay_here);
    say(Signal::language_chosen, language);
}

void Reactor::operator()(screens::ConsentAnswer answer) {
    if (!is_at(Step::declare) && !is_at(Step::face_consent) && !is_at(Step::prefill_offer)) return;
    say(answer == screens::ConsentAnswer::agree ? Signal::agreed : Signal::declined);
}

// ---- staff ----

void Reactor::keep_pin(std::optional<base::SecretText> pin) {
    if (pin)
        say(Signal::pin_changed, session::PinInput{std::move(*pin)});
    else
        not_yet_ = true; // no more digits are taken, or there is none to take away
}

void Reactor::go_from_staff_check() {
    const auto check = check_in_visit(scene_);
    if (leads_elsewhere(check)) return back();
    if (calls_staff(check)) return say(Signal::call_staff);
    if (is_check_complete(check)) return say(Signal::pin_entered);
    not_yet_ = true;
}

// ---- enquiries ----

const base::SecretText& Reactor::entry() const {
    const auto& enquiry = *session().enquiry;
    return is_at(Step::number) ? enquiry.number : enquiry.phone_tail;
}

void Reactor::keep_entry(std::optional<base::SecretText> entry) {
    if (entry)
        say(Signal::entry_changed, session::EntryInput{std::move(*entry)});
    else
        not_yet_ = true; // no more characters are taken, or there is none to take away
}

void Reactor::operator()(screens::HomePress press) {
    if (press == screens::HomePress::staff) return say(Signal::call_staff);
    if (!is_at(Step::home)) return;
    switch (press) {
    case screens::HomePress::groups: return say(Signal::show_groups);
    case screens::HomePress::progress: return say(Signal::ask_progress);
    case screens::HomePress::todos: return say(Signal::ask_todos);
    case screens::HomePress::notices: return say(Signal::show_notices);
    case screens::HomePress::hours: return say(Signal::show_hours);
    case screens::HomePress::staff: return;
    }
}

void Reactor::operator()(screens::ProgressPress press) {
    if (!is_at(Step::status)) return;
    switch (press) {
    case screens::ProgressPress::print: return say(Signal::print_copy);
    case screens::ProgressPress::withdraw: return say(Signal::withdraw);
    case screens::ProgressPress::papers: return say(Signal::add_papers);
    }
}

void Reactor::operator()(screens::ReceiptNumberPress) {
    if (is_at(Step::number)) say(Signal::show_receipt);
}

// ---- card and papers ----

void Reactor::operator()(screens::CardPress) {
    if (is_at(Step::card)) say(Signal::another_way);
}

void Reactor::operator()(screens::FacePress) {
    if (is_at(Step::face_check)) say(Signal::another_way);
}

void Reactor::operator()(screens::ScanPress) {
    if (is_at(Step::scan)) say(Signal::another_way);
    if (is_at(Step::show_receipt)) say(Signal::back); // the number is typed instead
}

void Reactor::operator()(screens::PageCheckPress press) {
    if (!is_at(Step::page_check)) return;
    say(press == screens::PageCheckPress::use ? Signal::use_page : Signal::retake_page);
}

void Reactor::operator()(screens::PagesPress press) {
    if (!is_at(Step::pages)) return;
    switch (press) {
    case screens::PagesPress::add: return say(Signal::add_page);
    case screens::PagesPress::retake:
        if (!view_.chosen_page.empty()) say(Signal::retake_page, ChoiceInput{view_.chosen_page});
        return;
    case screens::PagesPress::earlier:
        if (!view_.chosen_page.empty()) say(Signal::move_page, ChoiceInput{view_.chosen_page});
        return;
    case screens::PagesPress::remove:
        if (!view_.chosen_page.empty()) say(Signal::delete_page, ChoiceInput{view_.chosen_page});
        view_.chosen_page.clear();
        return;
    }
}

// ---- signature ----

void Reactor::operator()(const screens::Ink& ink) {
    if (!is_at(Step::signature) || ink.stroke.empty()) return;
    auto strokes = scene_.visit().strokes;
    auto& stroke = strokes.emplace_back();
    for (const auto& point : ink.stroke) stroke.push_back({point.x, point.y});
    say(Signal::drawn, std::move(strokes));
}

void Reactor::operator()(screens::SignaturePress press) {
    if (!is_at(Step::signature)) return;
    switch (press) {
    case screens::SignaturePress::clear: return say(Signal::drawn, session::Strokes{});
    case screens::SignaturePress::at_counter: return say(Signal::sign_at_counter);
    }
}

void Reactor::go_from_signature() {
    if (!is_signed(scene_.visit().strokes)) {
        not_yet_ = true;
        return;
    }
    auto picture = draw_ink(scene_.visit().strokes);
    CHECK(picture); // strokes are there, and the picture has a fixed size
    say(Signal::signed_on_glass, std::move(*picture));
}

// ---- endings and overlays ----

void Reactor::operator()(screens::ResultPress press) {
    if (!is_at(Step::result)) return;
    switch (press) {
    case screens::ResultPress::done: return say(Signal::done);
    case screens::ResultPress::another: return say(Signal::another_matter);
    case screens::ResultPress::staff: return say(Signal::call_staff);
    }
}

void Reactor::operator()(screens::GoodbyePress press) {
    if (!is_at(Step::goodbye)) return;
    const auto rate = [&](session::Rating rating) {
        say(Signal::rated, ChoiceInput{std::string(to_string(rating))});
    };
    switch (press) {
    case screens::GoodbyePress::done: return say(Signal::done);
    case screens::GoodbyePress::good: return rate(session::Rating::good);
    case screens::GoodbyePress::fair: return rate(session::Rating::fair);
    case screens::GoodbyePress::poor: return rate(session::Rating::poor);
    }
}

void Reactor::operator()(screens::IdlePress press) {
    if (session().overlay != Overlay::idle && session().overlay != Overlay::other_person) return;
    say(press == screens::IdlePress::stay ? Signal::stay_here : Signal::leave_confirmed);
}

void Reactor::operator()(screens::LeavePress press) {
    if (session().overlay != Overlay::leave) return;
    say(press == screens::LeavePress::stay ? Signal::stay_here : Signal::leave_confirmed);
}

void Reactor::operator()(screens::OutOfServicePress) {
    say(Signal::call_staff);
}

void Reactor::operator()(screens::NoticeMessagePress press) {
    const bool is_primary = press == screens::NoticeMessagePress::primary;
    if (is_at(Step::question)) return say(is_primary ? Signal::go_on : Signal::back);
    if (is_at(Step::withdraw)) return say(is_primary ? Signal::back : Signal::withdraw_confirmed);
    if (is_at(Step::unanswered)) {
        const auto both = ways_from(*session().enquiry);
        return say(is_primary ? both.primary : both.secondary);
    }
    if (!is_at(Step::refused)) return;
    const auto ways = ways_on(*scene_.visit().refusal);
    if (is_primary) return say(ways.primary);
    if (ways.secondary) say(*ways.secondary);
}

void Reactor::operator()(screens::VoicePress press) {
    if (session().overlay != Overlay::voice) return;
    switch (press) {
    case screens::VoicePress::softer: return say(Signal::softer);
    case screens::VoicePress::louder: return say(Signal::louder);
    case screens::VoicePress::slower: return say(Signal::slower);
    case screens::VoicePress::faster: return say(Signal::faster);
    case screens::VoicePress::again:
        say(Signal::stay_here);
        say(Signal::listen);
        read_page_ = true;
        return;
    case screens::VoicePress::stop: say(Signal::stay_here); return say(Signal::hush);
    }
}

} // namespace

Reaction react(const session::Session& session, View view, const screens::ScreenIntent& intent,
               const Facts& facts) {
    Reactor reactor(session, std::move(view), facts);
    std::visit(reactor, intent);
    return std::move(reactor).finish();
}

} // namespace present
