#include "kiosk/app/development/tour.hpp"

#include "drivers/camera/simulated_camera.hpp"
#include "drivers/card_reader/simulated_card.hpp"
#include "kiosk/app/text_room.hpp"
#include "kiosk/content/development/pseudo_languages.hpp"
#include "kiosk/forms/field_types.hpp"
#include "kiosk/present/composing.hpp"
#include "screens/stage.hpp"

#include <algorithm>
#include <deque>
#include <set>

namespace app {

using namespace std::chrono_literals;
namespace {

using forms::FieldType;
using session::Input;
using session::Signal;
using session::Step;

// Invented values that every check accepts (spec matters §9: numbers that were never issued).
forms::Value sample_value(const forms::Field& field) {
    switch (field.type) {
    case FieldType::phone: return base::SecretText("13800000000");
    case FieldType::id_number: return base::SecretText("659999198802290027");
    case FieldType::bank_card: return base::SecretText("9999990000000000121");
    case FieldType::date: return base::SecretText("2026-12-01");
    case FieldType::number:
    case FieldType::money: return std::max<std::int64_t>(field.min, 1);
    case FieldType::choice:
    case FieldType::multi_choice:
    case FieldType::region:
    case FieldType::place:
        if (field.options.empty()) return {};
        return forms::Codes{field.options.front().code};
    case FieldType::text: return base::SecretText("蓝天小区二号楼");
    case FieldType::photo:
    case FieldType::scan:
    case FieldType::signature:
    case FieldType::consent:
    case FieldType::identity:
    case FieldType::card:
    case FieldType::info: return {};
    }
    return {};
}

forms::CardValues sample_card(std::string_view person) {
    const auto* found = drivers::find_demo_person(person);
    CHECK(found != nullptr);
    forms::CardValues values;
    values.name = base::SecretText(found->card.name);
    values.id_number = base::SecretText(found->card.number);
    const auto& birth = found->card.birth;
    values.birth_date =
        base::SecretText(birth.substr(0, 4) + "-" + birth.substr(4, 2) + "-" + birth.substr(6, 2));
    values.sex = base::SecretText(found->card.sex == "2" ? "female" : "male");
    values.address = base::SecretText(found->card.address);
    values.valid_to = base::SecretText("long-term");
    return values;
}

// One line across, as of the character for one.
input::InkStroke sample_stroke() {
    input::InkStroke stroke;
    for (int i = 0; i < 30; ++i) stroke.push_back({20.0f + float(i), 40.0f});
    return stroke;
}

session::StoredPage sample_page() {
    static const auto preview = std::make_shared<const base::Picture>(
        base::shrink_to_fit(drivers::make_test_page(3), 600, 800));
    static const auto bytes = std::make_shared<const base::SecretBytes>(base::SecretBytes(100));
    return {"image/jpeg", bytes, preview};
}

// ---- staff ----

using staff::AreaSignal;
using State = staff::Standing::State;

staff::Standing standing(State state, std::optional<staff::Problem> problem = std::nullopt) {
    staff::Standing card;
    card.state = state;
    card.problem = problem;
    if (state == State::ask_pin || state == State::checking) card.staff = "S-1182";
    for (const auto role :
         {staff::Role::office_worker, staff::Role::technician, staff::Role::administrator})
        card.roles.add(role);
    card.tries_left = 3;
    return card;
}

// A card in every state, and what may be wrong with it.
std::vector<staff::Standing> standings() {
    std::vector<staff::Standing> all;
    for (const auto state : {State::no_reader, State::empty, State::reading, State::ask_pin})
        all.push_back(standing(state));
    all.push_back(standing(State::ask_pin, staff::Problem::wrong_pin));
    for (const auto problem :
         {staff::Problem::foreign_card, staff::Problem::locked, staff::Problem::no_roster})
        all.push_back(standing(State::problem, problem));
    all.push_back(standing(State::checking));
    return all;
}

staff::Confirmed confirmed(staff::Purpose purpose) {
    return {purpose, "S-1182", standing(State::ask_pin).roles, false};
}

std::string signature(const staff::Standing& card, const base::SecretText& pin) {
    std::string text = std::to_string(int(card.state));
    if (card.problem) text += staff::to_string(*card.problem);
    return text + (pin.empty() ? "" : pin.size() < staff::pin_least ? "-" : "+");
}

// A troubled kiosk shows every state of a tile that a quiet one does not.
staff::Overview overview(bool is_troubled) {
    staff::Overview overview;
    overview.roster_exists = true;
    overview.roster_version = 12;
    overview.audit_rows = 418;
    overview.content_version = 3;
    overview.card_reader_wire = "USB 0400:c35a";
    overview.card_reader_pipes = is_troubled ? 0 : 4;
    overview.card_reader_id = "05.01-20230526-0000012345-0000000001";
    if (is_troubled) overview.card_reader_trouble = base::Errc::locked;
    overview.card_reader_ok = !is_troubled;
    overview.is_on_duty = !is_troubled;
    overview.printer_ok = !is_troubled;
    overview.printer_state =
        printer::state_key(is_troubled ? printer::State::paper_out : printer::State::ready);
    overview.printer_advice =
        printer::staff_key(is_troubled ? printer::State::paper_out : printer::State::ready);
    overview.paper_mm = 123'456;
    overview.roll_mm = 12'345;
    overview.cuts = 512;
    overview.prints = {{"K7M492XHT3QC", 0, "staff.print.printed", std::chrono::minutes(3)},
                       {"K7N8W2RV5XDA", 1, "staff.print.unknown", std::chrono::hours(2)},
                       {"K7N8W2RV5XDA", 0, "staff.print.voided", std::chrono::hours(3)},
                       {"K7P3C4TT9ZEB", 0, "staff.print.open", std::chrono::hours(30)}};
    overview.prints_earlier_first = is_troubled;
    overview.clock_is_sure = !is_troubled;
    using staff::FacePart;
    using staff::PartState;
    const auto part = [&](PartState troubled) { return is_troubled ? troubled : PartState::there; };
    overview.face_parts = {{FacePart::camera, PartState::there},
                           {FacePart::models, part(PartState::faulty)},
                           {FacePart::calibration, part(PartState::missing)},
                           {FacePart::decoder, part(PartState::missing)}};
    if (is_troubled) {
        overview.notice = "long-wait";
        overview.pending = 4;
        overview.quarantined = 4;
        overview.refused = 2;
        overview.refused_papers = 1;
        overview.oldest_pending = std::chrono::minutes(12);
        using drivers::CameraCheck;
        using drivers::CameraTrouble;
        overview.camera_findings = {
            {CameraCheck::sharpness, CameraTrouble::blurred, drivers::Place::upper_right, 0.52},
            {CameraCheck::geometry, CameraTrouble::stretched, {}, 190},
            {CameraCheck::light, CameraTrouble::uneven, drivers::Place::lower_left, 0.41},
            {CameraCheck::glare, CameraTrouble::none, {}, 0},
            {CameraCheck::sheet, CameraTrouble::wrong_shape, {}, 1.52}};
    } else {
        overview.since_contact = std::chrono::minutes(1);
    }
    return overview;
}

std::string signature(const StaffStop& stop) {
    const auto& area = stop.area;
    std::string text = "staff/" + std::string(to_string(area.page));
    text += area.page == staff::Page::log_in ? signature(area.standing, area.pin) : "";
    text += area.page == staff::Page::enrolment ? std::to_string(area.pin.size() / 6) : "";
    text += area.problem ? staff::to_string(*area.problem) : "";
    text += area.is_entered ? "e" : "";
    // Only where it is shown: all of it times all of it elsewhere would be the same pages.
    const bool is_at_printer =
        area.page == staff::Page::printer || area.page == staff::Page::reprint;
    text += area.page == staff::Page::overview ? std::to_string(int(area.fetch)) : "";
    const bool is_at_camera = area.page == staff::Page::camera;
    text += is_at_printer || is_at_camera ? std::to_string(int(area.print)) : "";
    text += is_at_camera ? std::to_string(int(area.look)) : "";
    text += area.page == staff::Page::face_camera ? std::to_string(int(area.face)) : "";
    text += area.page == staff::Page::reprint && !area.reprint_number.empty() ? "r" : "";
    text += stop.view.is_choosing_language ? "l" : "";
    text += stop.view.notice ? "n" + *stop.view.notice : "";
    text += stop.overview.printer_ok ? "" : "t";
    return text + '/' + std::to_string(stop.view.first);
}

std::string name_of(const StaffStop& stop) {
    if (stop.view.is_choosing_language) return "staff-language";
    std::string name = "staff-" + std::string(to_string(stop.area.page));
    if (stop.area.page == staff::Page::log_in) {
        name += "-" + std::to_string(int(stop.area.standing.state));
        if (stop.area.standing.problem)
            name += "-" + std::string(staff::to_string(*stop.area.standing.problem));
    }
    if (stop.area.page == staff::Page::overview && !stop.overview.printer_ok) name += "-troubled";
    return name;
}

// What the card, the desk and time can answer on this page.
std::vector<staff::AreaInput> answers_from_outside(const staff::Area& area) {
    std::vector<staff::AreaInput> inputs;
    switch (area.page) {
    case staff::Page::closed: inputs.emplace_back(AreaSignal::enrol); [[fallthrough]];
    case staff::Page::log_in:
        for (auto& card : standings()) inputs.emplace_back(AreaSignal::standing, std::move(card));
        if (area.standing.state == State::ask_pin)
            inputs.emplace_back(AreaSignal::pin, base::SecretText("135790"));
        inputs.emplace_back(AreaSignal::confirmed, confirmed(staff::Purpose::log_in));
        break;
    case staff::Page::enrolment:
        inputs.emplace_back(AreaSignal::pin, base::SecretText("135790135790"));
        inputs.emplace_back(AreaSignal::refused, staff::Problem::wrong_pin);
        inputs.emplace_back(AreaSignal::refused, staff::Problem::locked);
        break;
    case staff::Page::overview:
        inputs.emplace_back(AreaSignal::failed, staff::Problem::not_recorded);
        inputs.emplace_back(AreaSignal::roster_fetched);
        inputs.emplace_back(AreaSignal::roster_not_fetched);
        break;
    case staff::Page::printer:
        inputs.emplace_back(AreaSignal::failed, staff::Problem::not_recorded);
        inputs.emplace_back(AreaSignal::printed);
        inputs.emplace_back(AreaSignal::not_printed);
        break;
    case staff::Page::camera:
        inputs.emplace_back(AreaSignal::failed, staff::Problem::not_recorded);
        inputs.emplace_back(AreaSignal::printed);
        inputs.emplace_back(AreaSignal::not_printed);
        inputs.emplace_back(AreaSignal::looked);
        inputs.emplace_back(AreaSignal::not_looked);
        break;
    case staff::Page::face_camera:
        inputs.emplace_back(AreaSignal::failed, staff::Problem::not_recorded);
        inputs.emplace_back(AreaSignal::face_not_shown);
        break;
    case staff::Page::paper:
    case staff::Page::notice:
    case staff::Page::reprint:
    case staff::Page::clean: break; // time ends it, see Walk::step_staff
    }
    return inputs;
}

// What a check by staff is about, and what is said about the resident's card.
std::string staff_part_of(const session::Session& session) {
    std::string text(session::to_string(session::assist_offer(session)));
    if (!session.visit) return text;
    const auto& visit = *session.visit;
    text += staff::to_string(visit.staff_purpose);
    text += visit.person_card_lies ? "/lies" : "";
    text += visit.device_problem ? base::to_string(*visit.device_problem) : "";
    text += visit.assisted_by.empty() ? "" : "/helped";
    return text;
}

// Nothing, something or as much as there must be: how much is typed, not what.
char filled(const base::SecretText& typed, std::size_t whole) {
    return typed.empty() ? '-' : typed.size() < whole ? '~' : '+';
}

// Of an enquiry only what its step shows: what was typed before does not change the way on.
std::string signature(const std::optional<session::Enquiry>& enquiry, Step step) {
    if (!enquiry) return "";
    std::string text = "/" + std::to_string(int(enquiry->about));
    if (enquiry->trouble) text += to_string(*enquiry->trouble);
    if (step == Step::number) {
        text += filled(enquiry->number, 12);
        text += session::is_whole_number(*enquiry) ? "!" : "";
    }
    if (step == Step::number || step == Step::show_receipt)
        text += std::to_string(int(enquiry->shown));
    if (step == Step::phone_tail) text += filled(enquiry->phone_tail, 4);
    if (step == Step::show_card && enquiry->device_problem)
        text += base::to_string(*enquiry->device_problem);
    if (step == Step::asking) text += enquiry->withdraws ? "w" : "";
    if (step == Step::status && enquiry->status) {
        text += to_string(enquiry->status->now().state);
        text += std::to_string(int(enquiry->copy));
        text += session::can_withdraw(*enquiry) ? "w" : "";
    }
    if (step == Step::todos) text += std::to_string(enquiry->todos.size());
    return text;
}

// What is composed: which characters it may become does not matter, but whether there are any.
std::string signature(const present::Composition& composing) {
    std::string text;
    text += composing.letters.empty() ? "" : "l";
    text += composing.ink.empty() ? "" : "i";
    text += composing.candidates.empty() ? "" : "c";
    text += composing.first == 0 ? "" : "<";
    text += composing.has_more ? ">" : "";
    text += composing.clears < present::clears_before_advice ? "" : "?";
    return text;
}

// Two states that look alike for a crawler: what was typed does not matter, only whether it is
// there and what is said about it.
std::string signature(const session::Session& session, const present::View& view) {
    std::string text(to_string(session.step));
    text += '/';
    text += to_string(session.overlay);
    text += '/' + std::to_string(view.first);
    if (session.overlay == session::Overlay::assist)
        return text + signature(session.staff, session.pin) + staff_part_of(session);
    // What lies over a step looks the same whatever the step was about.
    if (session.overlay != session::Overlay::none)
        return text + '/' + std::to_string(int(session.assistance));
    // A check by staff looks the same whichever way led to it.
    if (session.step == Step::witness)
        return text + signature(session.staff, session.pin) + staff_part_of(session);
    text += signature(session.enquiry, session.step) + '/' + session.group +
            std::string(to_string(session.rating)) + std::to_string(int(session.desk));
    if (!session.visit) return text;
    const auto& visit = *session.visit;
    text += '/' + visit.matter->id + '/' + visit.field;
    if (!visit.field.empty()) {
        const auto* answer = visit.answers.find(visit.field);
        text += answer == nullptr ? "/-" : "/+";
        text += std::to_string(session::pages_of(visit, visit.field).size());
    }
    if (const auto* for_whom = visit.answers.find("forWhom"))
        if (const auto* codes = std::get_if<forms::Codes>(&for_whom->value))
            for (const auto& code : *codes) text += code;
    if (session.step == Step::prefilled) text += std::to_string(int(visit.prefill));
    if (session.step == Step::identity) {
        text += visit.chip_photo ? "" : visit.photo_went ? "again" : "-";
        text += visit.face_end ? to_string(*visit.face_end) : "";
    }
    text += visit.fault ? visit.fault->key : "";
    text += visit.device_problem ? base::to_string(*visit.device_problem) : "";
    text += visit.changing ? "c" : "";
    text += view.chosen_page.empty() ? "" : "p";
    text += visit.refusal ? std::to_string(int(visit.refusal->reason)) : "";
    text += std::to_string(int(visit.delivery)) + std::to_string(int(visit.receipt_state));
    text += visit.strokes.empty() ? "" : "s";
    text += view.board ? std::to_string(int(*view.board)) : "";
    return text + signature(view.composing);
}

std::string board_name(screens::Board board) {
    switch (board) {
    case screens::Board::latin: return "-latin";
    case screens::Board::uyghur: return "-uyghur";
    case screens::Board::digits: return "-digits";
    case screens::Board::pinyin: return "-pinyin";
    case screens::Board::handwriting: return "-handwriting";
    }
    CHECK(false);
}

std::string name_of(const session::Session& session, const present::View& view) {
    std::string name(session.overlay == session::Overlay::none ? to_string(session.step)
                                                               : to_string(session.overlay));
    if (session.visit && session.visit->matter != nullptr &&
        session.overlay == session::Overlay::none) {
        name += '-' + session.visit->matter->id;
        if (!session.visit->field.empty()) name += '-' + session.visit->field;
    }
    if (view.board) name += board_name(*view.board);
    if (!view.composing.candidates.empty()) name += "-candidates";
    return name;
}

// What a staff card, its PIN and the resident's card can bring where staff are asked.
void add_staff_answers(const session::Session& session, std::vector<Input>& inputs) {
    const bool is_assisted = session.overlay == session::Overlay::assist;
    const bool is_witnessed =
        session.step == Step::witness && session.overlay == session::Overlay::none;
    if (!is_assisted && !is_witnessed) {
        // Chosen: help is offered over a few steps only, or every state would be there twice.
        const bool is_offered = session.step == Step::identity || session.step == Step::no_card ||
                                session.step == Step::review || session.step == Step::notice;
        if (is_offered) inputs.emplace_back(Signal::staff_changed, standing(State::reading));
        return;
    }
    for (auto& card : standings()) inputs.emplace_back(Signal::staff_changed, std::move(card));
    if (!session.visit) return;
    if (session.staff.state == State::ask_pin)
        inputs.emplace_back(Signal::pin_changed, session::PinInput{base::SecretText("135790")});
    inputs.emplace_back(Signal::staff_confirmed, confirmed(session.visit->staff_purpose));
    if (session.card) inputs.emplace_back(Signal::card_read, session::CardInput{*session.card});
    inputs.emplace_back(Signal::card_lifted);
    inputs.emplace_back(Signal::card_problem, base::Errc::card_unreadable);
}

// A number whose check character fits, of no kiosk.
constexpr auto sample_receipt = "K7M492XHT3QK";
constexpr auto second_receipt = "K7C2D4F8H9JJ";

session::RequestStatus sample_status(std::vector<session::RequestState> states) {
    session::RequestStatus status;
    status.matter = "elderly-allowance";
    base::Date day{std::chrono::year{2026} / 11 / 3};
    for (const auto state : states) {
        status.stages.push_back({state, day});
        day = base::Date{std::chrono::sys_days(day) + std::chrono::days(6)};
    }
    return status;
}

// Every state a request can be in, every reason why there is no answer, and what is due.
void add_answers(const session::Session& session, std::vector<Input>& inputs) {
    using session::RequestState;
    const auto serial = session.enquiry->serial;
    for (const auto code : {base::Errc::not_found, base::Errc::unauthorised, base::Errc::locked,
                            base::Errc::conflict, base::Errc::unreachable})
        inputs.emplace_back(Signal::ask_failed, session::AskFailedInput{serial, code});
    inputs.emplace_back(Signal::answer_due);
    if (session.enquiry->about == session::Enquiry::About::todos) {
        const base::Date due{std::chrono::year{2026} / 12 / 31};
        std::vector<session::Todo> todos;
        for (const auto& matter : session.content->matters()) todos.push_back({matter.id, due});
        inputs.emplace_back(Signal::todos_answered, session::TodosInput{serial, {}});
        inputs.emplace_back(Signal::todos_answered, session::TodosInput{serial, std::move(todos)});
        return;
    }
    for (const auto last : {RequestState::waiting, RequestState::in_review,
                            RequestState::needs_papers, RequestState::done, RequestState::refused,
                            RequestState::withdrawn, RequestState::expired}) {
        auto status = last == RequestState::waiting ? sample_status({last})
                                                    : sample_status({RequestState::accepted, last});
        if (last == RequestState::refused) status.reason = "conditions";
        inputs.emplace_back(Signal::status_answered,
                            session::StatusInput{serial, std::move(status)});
    }
    auto wanting = sample_status({RequestState::accepted, RequestState::needs_papers});
    wanting.papers = "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01";
    inputs.emplace_back(Signal::status_answered, session::StatusInput{serial, std::move(wanting)});
    auto accepted = sample_status({RequestState::accepted});
    accepted.due = base::Date{std::chrono::year{2026} / 11 / 30};
    accepted.request = "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01";
    inputs.emplace_back(Signal::status_answered, session::StatusInput{serial, std::move(accepted)});
}

// A value, none, and nobody who answers.
void add_prefill(const session::Session& session, std::vector<Input>& inputs) {
    const auto serial = session.visit->prefill_serial;
    const base::Date day{std::chrono::year{2025} / 3 / 1};
    session::PrefillInput known{serial, {}};
    known.values.push_back(
        {"person.phone", base::SecretText("13800000000"), {"social-insurance", day}});
    inputs.emplace_back(Signal::prefill_answered, std::move(known));
    inputs.emplace_back(Signal::prefill_answered, session::PrefillInput{serial, {}});
    inputs.emplace_back(Signal::answer_due);
}

// How the paper can lie: each is told in words of its own.
void add_sights(const session::Session& session, std::vector<Input>& inputs) {
    using Lies = session::PageSight::State;
    using drivers::ScanReason;
    for (const auto state : {Lies::nothing, Lies::moving, Lies::still, Lies::taken, Lies::again})
        inputs.emplace_back(Signal::page_seen, session::PageSight{state, {}});
    for (const auto reason :
         {ScanReason::cut, ScanReason::finger, ScanReason::dark, ScanReason::blur,
          ScanReason::small, ScanReason::wrong_paper, ScanReason::two_pages})
        inputs.emplace_back(Signal::page_seen,
                            session::PageSight{Lies::flawed, drivers::Flaw{reason, {}}});
    inputs.emplace_back(
        Signal::page_seen,
        session::PageSight{Lies::flawed,
                           drivers::Flaw{ScanReason::glare, drivers::Place::upper_right}});
    inputs.emplace_back(Signal::page_refused, session::RefusedPage{{ScanReason::nopage, {}}});
    // Used anyway: only after a press.
    if (session.visit->taking == session::Visit::Taking::by_person) {
        auto flawed = sample_page();
        flawed.flaws = {ScanReason::glare};
        inputs.emplace_back(Signal::page_captured, session::CapturedPage{flawed});
    }
}

// What devices, the platform and time can answer in this step.
std::vector<Input> answers_from_outside(const session::Session& session) {
    std::vector<Input> inputs;
    const auto problem = [&](Signal signal, base::Errc code) { inputs.emplace_back(signal, code); };
    switch (session.step) {
    case Step::card: {
        const auto who = session::current_field(*session.visit).who;
        inputs.emplace_back(
            Signal::card_read,
            session::CardInput{
                sample_card(who == forms::Holder::applicant ? "applicant-86" : "agent"),
                std::make_shared<const base::SecretBytes>(1024)});
        // Somebody else's, where the person's own was read before.
        if (session.card && who == forms::Holder::applicant)
            inputs.emplace_back(Signal::card_read, session::CardInput{sample_card("agent")});
        for (const auto code :
             {base::Errc::card_removed, base::Errc::card_unreadable, base::Errc::unplugged,
              base::Errc::conflict, base::Errc::busy, base::Errc::refused})
            problem(Signal::card_problem, code);
        break;
    }
    case Step::face_check:
        inputs.emplace_back(Signal::face_passed);
        inputs.emplace_back(Signal::card_found);
        for (const auto why :
             {session::FaceEnd::not_certain, session::FaceEnd::no_photo, session::FaceEnd::device})
            inputs.emplace_back(Signal::face_ended, why);
        break;
    case Step::scan:
        inputs.emplace_back(Signal::page_captured, session::CapturedPage{sample_page()});
        if (session::current_field(*session.visit).type == forms::FieldType::scan)
            add_sights(session, inputs);
        problem(Signal::camera_problem, base::Errc::invalid_input);
        problem(Signal::camera_problem, base::Errc::unplugged);
        break;
    case Step::submitting:
        inputs.emplace_back(Signal::stored,
                            session::StoredInput{"6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01",
                                                 "K7M492XHT3QC", base::WallTime{}});
        inputs.emplace_back(Signal::store_refused, session::NotStoredInput{base::Errc::disk_full});
        inputs.emplace_back(Signal::store_refused,
                            session::NotStoredInput{base::Errc::uncertain, "K7M492XHT3QC"});
        break;
    case Step::sending:
        inputs.emplace_back(Signal::delivered, session::DeliveredInput{session.visit->key});
        inputs.emplace_back(Signal::answer_due);
        break;
    case Step::result:
        inputs.emplace_back(Signal::receipt_printed);
        problem(Signal::receipt_problem, base::Errc::paper_out);
        break;
    case Step::question:
        inputs.emplace_back(Signal::answered, session::AnswerInput{sample_value(
                                                  session::current_field(*session.visit))});
        break;
    case Step::signature:
        if (session.visit->strokes.empty()) {
            session::Strokes strokes(2);
            for (auto& stroke : strokes)
                for (int i = 0; i < 20; ++i)
                    stroke.push_back({0.2f + 0.03f * float(i), i % 2 == 0 ? 0.4f : 0.6f});
            inputs.emplace_back(Signal::drawn, std::move(strokes));
        }
        break;
    case Step::wipe: inputs.emplace_back(Signal::wiped); break;
    case Step::number:
        for (const auto* number : {"K7M492XHT3Q", "K7M492XHT3QC", sample_receipt})
            inputs.emplace_back(Signal::entry_changed,
                                session::EntryInput{base::SecretText(number)});
        break;
    case Step::show_receipt: {
        // In order: another code, two receipts, one receipt; none at all; the camera gone.
        const auto see = [&](std::initializer_list<const char*> said) {
            session::CodesInput codes;
            for (const auto* payload : said) codes.payloads.emplace_back(payload);
            inputs.emplace_back(Signal::codes_seen, std::move(codes));
        };
        see({"https://example.org/"});
        see({sample_receipt, second_receipt});
        see({sample_receipt});
        inputs.emplace_back(Signal::look_due);
        problem(Signal::camera_problem, base::Errc::unplugged);
        break;
    }
    case Step::phone_tail:
        inputs.emplace_back(Signal::entry_changed, session::EntryInput{base::SecretText("0000")});
        break;
    case Step::show_card:
        inputs.emplace_back(Signal::card_read, session::CardInput{sample_card("applicant-86")});
        for (const auto code : {base::Errc::card_unreadable, base::Errc::unplugged})
            problem(Signal::card_problem, code);
        break;
    case Step::asking: add_answers(session, inputs); break;
    case Step::fetching: add_prefill(session, inputs); break;
    case Step::status:
        if (session.enquiry->copy == session::ReceiptState::printing) {
            inputs.emplace_back(Signal::receipt_printed);
            problem(Signal::receipt_problem, base::Errc::paper_out);
        }
        break;
    case Step::groups:
    case Step::group:
    case Step::notices:
    case Step::hours:
    case Step::proof:
    case Step::withdraw:
    case Step::unanswered:
    case Step::todos:
    case Step::attract:
    case Step::home:
    case Step::notice:
    case Step::no_card:
    case Step::witness:
    case Step::prefill_offer:
    case Step::prefilled:
    case Step::page_check:
    case Step::pages:
    case Step::identity:
    case Step::face_consent:
    case Step::review:
    case Step::declare:
    case Step::refused:
    case Step::forward:
    case Step::backward:
    case Step::stay: break;
    case Step::goodbye:
        if (session::watches_desk(session))
            inputs.emplace_back(Signal::desk_seen, session::DeskSight::occupied);
        break;
    }
    add_staff_answers(session, inputs);
    if (session.overlay == session::Overlay::help) {
        inputs.emplace_back(Signal::staff_coming);
        inputs.emplace_back(Signal::staff_unreachable);
    }
    if (session.overlay == session::Overlay::none && session.step == Step::home)
        inputs.emplace_back(Signal::idle);
    return inputs;
}

// Keys of a board lead to the same screen: all are pressed, a few are followed.
bool is_worth_following(std::string_view id) {
    const auto is_key =
        id.starts_with("board/key/") || id.starts_with("pad/") || id.starts_with("number/key/");
    if (!is_key) return true;
    return id.ends_with("/1") || id.ends_with("/a") || id.ends_with("/ا") ||
           id.ends_with("backspace") || id.ends_with("clear");
}

} // namespace

present::Facts Guide::facts(const Tongue& tongue) const {
    // Any day on which the invented people may apply.
    const base::Date day{std::chrono::year{2026} / 11 / 22};
    present::Facts facts;
    facts.world = {base::MonotonicTime{}, base::WallTime{std::chrono::sys_days{day} + 3h}, true,
                   tongue.pseudo ? pseudo_ : content_};
    facts.world.can_check_face = true;
    facts.face = {sample_page().preview, "light_from_side", false};
    facts.mirror = {sample_page().preview,
                    1920,
                    1080,
                    24.8,
                    {{"too_dark", 38, 45, 1e9, false},
                     {"too_bright", 0.21, 0, 1, true},
                     {"light_from_side", 0.12, 0, 0.45, true},
                     {"blurred", 0.008, 0.012, 1e9, false}}};
    facts.live = sample_page().preview;
    facts.paper = {{{0.18f, 0.05f}, {0.86f, 0.03f}, {0.88f, 0.95f}, {0.15f, 0.97f}}, 0.6};
    facts.staff_on_duty = facts.staff_reader_ok = facts.roster_ok = true;
    facts.takes_enrolment_code = true;
    facts.local_notice = "long-wait";
    facts.pinyin = methods_->pinyin();
    facts.handwriting = methods_->handwriting();
    facts.reads_aloud = true;
    return facts;
}

screens::ScreenModel Guide::model(const Stop& stop, const present::Facts& facts,
                                  const screens::DisplaySettings& settings) const {
    session::Display display;
    display.text_size = int(settings.text_size);
    display.theme = session::Display::Theme(int(settings.theme));
    display.low_reach = settings.low_reach;
    if (stop.staff) {
        auto view = stop.staff->view;
        view.language = settings.language;
        view.display = display;
        return present::staff_model(stop.staff->area, view, facts, stop.staff->overview);
    }
    auto session = stop.session;
    session.language = settings.language;
    session.display = display;
    // A receipt that did not come out has a reason: the one with the most words.
    const bool is_missing =
        session.visit && session.visit->receipt_state == session::ReceiptState::not_printed;
    if (!is_missing) return present::model(session, stop.view, facts);
    auto hot = facts;
    hot.printer = printer::State::hot;
    return present::model(session, stop.view, hot);
}

base::Result<std::unique_ptr<Guide>> Guide::open(const config::Config& config) {
    std::unique_ptr<Guide> guide(new Guide);
    guide->config_ = config;
    guide->content_ = TRY(content::ContentSet::open(config.content_folder));
    guide->pseudo_ = content::with_pseudo_languages(*guide->content_);
    guide->methods_ = TRY(SharedMethods::open(config.pinyin_folder, config.handwriting_model));
    // What each viewer opens for itself is there.
    TRY(text::FontSet::open(config.fonts_folder));
    TRY(screens::Theme::open(config.assets_folder + "/theme/tokens.json"));
    TRY(screens::IconSet::open(config.assets_folder + "/icons"));
    return guide;
}

// One look: begins a frame on a stage that lays out only, and says what is wrong with it.
namespace {

class Glance {
public:
    Glance(text::FontSet& fonts, const screens::Theme& theme, const screens::IconSet& icons,
           const screens::Panel& panel, screens::Drawing drawing)
        : panel_(panel), contrasts_(theme), stage_(panel, fonts, theme, icons, drawing) {}

    struct Seen {
        std::optional<screens::ScreenIntent> intent;
        screens::Frame frame;
    };
    Seen show(const screens::ScreenModel& model, const screens::DisplaySettings& settings,
              const screens::Input& input = {}) {
        auto intent = screens::draw(model, stage_.begin(input, settings));
        return {std::move(intent), stage_.end()};
    }
    std::string complaint(const screens::Frame& frame, const Tongue& tongue) const {
        const auto faults = frame.faults->text();
        const auto findings =
            screens::survey(frame, panel_, stage_.theme(), contrasts_, tongue.language).text();
        return faults + (faults.empty() || findings.empty() ? "" : "; ") + findings;
    }
    screens::Stage& stage() { return stage_; }

private:
    screens::Panel panel_;
    screens::Contrasts contrasts_;
    screens::Stage stage_;
};

// A way is taken back only where the kiosk is at work and nothing can be pressed.
bool is_at_work(const Stop& stop) {
    if (stop.staff) return stop.staff->area.page == staff::Page::clean;
    return stop.session.step == Step::submitting || stop.session.step == Step::sending ||
           stop.session.step == Step::wipe;
}

bool happened_by_itself(const Way& way) {
    return way.id.starts_with('<');
}

// Breadth first over one kind of stop.
class Walk {
public:
    Walk(Tour& tour, Glance& glance, const Tongue& tongue, const present::Facts& facts)
        : tour_(tour), glance_(glance), tongue_(tongue), facts_(facts) {}

    void sessions();
    void staff_area(const staff::Overview& overview);
    void note_dead_items() {
        for (const auto& label : met_)
            if (!alive_.contains(label)) tour_.dead_items.push_back(label);
    }

    // Where a press, or what happens by itself, leads a session. Nothing: it leads nowhere.
    std::optional<Stop> follow_way(const Stop& from, const std::string& id) const;
    std::string signature_of(const Stop& stop) const {
        return stop.staff ? signature(*stop.staff) : signature(stop.session, stop.view);
    }

private:
    template <class Step> void walk(Step step);
    Stop stop_at(session::Session session, present::View view) const;
    void reach(std::size_t from, const std::string& id, Stop stop);
    void reach(std::size_t from, const std::string& id, StaffStop stop);
    std::size_t number_of(const std::string& signature, Stop stop, const std::string& route);
    template <class Means>
    void press_all(std::size_t from, const screens::ScreenModel& model,
                   const screens::DisplaySettings& settings, Means means);
    void step_session(std::size_t from);
    void step_staff(std::size_t from, const StaffStop& here);
    Stop after_press(const Stop& from, const screens::ScreenIntent& intent) const;
    // While the screen is cleaned time is what happens next.
    staff::AreaWorld area_world(const staff::Area& area) const {
        const bool waits = area.page == staff::Page::clean;
        return {facts_.world.now + (waits ? staff::clean_time : 0s), true, true};
    }

    Tour& tour_;
    Glance& glance_;
    const Tongue& tongue_;
    const present::Facts& facts_;
    std::size_t next_ = 0; // stop to press everything on
    std::map<std::string, std::size_t, std::less<>> known_;
    std::set<std::string> met_, alive_;
};

template <class Step> void Walk::walk(Step step) {
    for (; next_ < tour_.stops.size(); ++next_) step(next_);
}

std::size_t Walk::number_of(const std::string& signature, Stop stop, const std::string& route) {
    if (const auto found = known_.find(signature); found != known_.end()) return found->second;
    if (tour_.stops.size() >= stop_limit) {
        tour_.complete = false;
        return welcome;
    }
    stop.route = route;
    known_.emplace(signature, tour_.stops.size());
    tour_.stops.push_back(std::move(stop));
    return tour_.stops.size() - 1;
}

// Everybody the tour meets reads its language.
Stop Walk::stop_at(session::Session session, present::View view) const {
    session.language = tongue_.language;
    view = present::follow(std::move(view), session);
    auto name = name_of(session, view);
    return {std::move(session), std::move(view), std::nullopt, std::move(name), ""};
}

void Walk::reach(std::size_t from, const std::string& id, Stop stop) {
    const auto key = signature(stop.session, stop.view);
    const auto route = tour_.stops.empty() ? "" : tour_.stops[from].route + " " + id;
    const auto to = number_of(key, std::move(stop), route);
    tour_.ways.push_back({from, to, id});
}

void Walk::reach(std::size_t from, const std::string& id, StaffStop stop) {
    stop.view = present::follow(std::move(stop.view), stop.area, session::Session());
    stop.view.language = tongue_.language;
    std::size_t to = welcome;
    if (stop.area.page != staff::Page::closed) {
        auto name = name_of(stop);
        const auto key = signature(stop);
        to = number_of(key, {{}, {}, std::move(stop), std::move(name), ""},
                       tour_.stops[from].route + " " + id);
    }
    tour_.ways.push_back({from, to, id});
}

// Presses everything that can be pressed, but for boards that are drawn on and items that say why
// they cannot act now; `means` does what an intent means. Each press is a look too: at an item that
// has the focus and a finger on it.
template <class Means>
void Walk::press_all(std::size_t from, const screens::ScreenModel& model,
                     const screens::DisplaySettings& settings, Means means) {
    std::vector<std::pair<std::string, bool>> pressables; // and: is it a field with a caret?
    for (const auto& item : *glance_.show(model, settings).frame.items)
        if (!item.state.disabled && item.kind != screens::ItemKind::area)
            pressables.emplace_back(item.id, item.kind == screens::ItemKind::field);
    for (const auto& [id, has_caret] : pressables) {
        screens::Input held;
        held.down = true;
        held.focus = held.activate = id;
        held.nudge = has_caret ? -1 : 0; // what keys do to a field
        ++tour_.presses;
        const auto seen = glance_.show(model, settings, held);
        if (auto what = glance_.complaint(seen.frame, tongue_); !what.empty())
            tour_.complaints.push_back({from, "while " + id + " is held: " + what});
        const auto label = tour_.stops[from].name + " " + id;
        met_.insert(label);
        if (!seen.intent) continue;
        alive_.insert(label);
        if (is_worth_following(id)) means(*seen.intent, id);
    }
}

Stop Walk::after_press(const Stop& from, const screens::ScreenIntent& intent) const {
    auto reaction = present::react(from.session, from.view, intent, facts_);
    auto session = from.session;
    for (auto& input : reaction.inputs)
        session = session::apply(std::move(session), std::move(input), facts_.world).session;
    return stop_at(std::move(session), std::move(reaction.view));
}

void Walk::step_session(std::size_t from) {
    const Stop stop = tour_.stops[from]; // the list grows below
    for (auto& input : answers_from_outside(stop.session)) {
        const auto how = "<" + std::string(to_string(input.signal)) + ">";
        auto outcome = session::apply(stop.session, std::move(input), facts_.world);
        if (!outcome.refused) reach(from, how, stop_at(std::move(outcome.session), stop.view));
    }
    press_all(from, present::model(stop.session, stop.view, facts_),
              present::settings(stop.session), [&](const auto& intent, const std::string& id) {
                  reach(from, id, after_press(stop, intent));
              });
    if (!stop.session.visit || stop.session.overlay != session::Overlay::none) return;
    if (const auto written = after_press(stop, screens::InkDrawn{sample_stroke()});
        !written.view.composing.ink.empty())
        reach(from, "<ink>", written);
}

void Walk::step_staff(std::size_t from, const StaffStop& here) {
    for (auto& input : answers_from_outside(here.area)) {
        const auto how = "<" + std::string(to_string(input.signal)) + ">";
        auto outcome = staff::apply(here.area, std::move(input), area_world(here.area));
        if (!outcome.refused)
            reach(from, how, StaffStop{std::move(outcome.area), here.view, here.overview});
    }
    if (here.area.page == staff::Page::clean) {
        auto outcome = staff::apply(here.area, AreaSignal::time, area_world(here.area));
        reach(from, "<time>", StaffStop{std::move(outcome.area), here.view, here.overview});
    }
    if (here.area.page == staff::Page::closed) return;
    press_all(
        from, present::staff_model(here.area, here.view, facts_, here.overview),
        present::settings(here.view), [&](const auto& intent, const std::string& id) {
            auto reaction =
                present::react_staff(here.area, here.view, intent, facts_, here.overview);
            auto area = here.area;
            for (auto& input : reaction.inputs)
                area = staff::apply(std::move(area), std::move(input), area_world(here.area)).area;
            reach(from, id, StaffStop{std::move(area), std::move(reaction.view), here.overview});
        });
}

void Walk::sessions() {
    auto start = stop_at({}, {});
    const auto key = signature(start.session, start.view);
    number_of(key, std::move(start), "");
    walk([this](std::size_t from) { step_session(from); });
}

void Walk::staff_area(const staff::Overview& overview) {
    StaffStop closed{{}, {}, overview};
    closed.view.language = tongue_.language;
    step_staff(welcome, closed);
    walk([this](std::size_t from) {
        const auto here = *tour_.stops[from].staff; // the list grows
        step_staff(from, here);
    });
}

std::optional<Stop> Walk::follow_way(const Stop& from, const std::string& id) const {
    if (id.starts_with('<')) {
        for (auto& input : answers_from_outside(from.session)) {
            if (id != "<" + std::string(to_string(input.signal)) + ">") continue;
            auto outcome = session::apply(from.session, std::move(input), facts_.world);
            if (!outcome.refused) return stop_at(std::move(outcome.session), from.view);
        }
        return std::nullopt;
    }
    screens::Input press;
    press.activate = id;
    const auto seen = glance_.show(present::model(from.session, from.view, facts_),
                                   present::settings(from.session), press);
    if (!seen.intent) return std::nullopt;
    return after_press(from, *seen.intent);
}

// For each stop the way that leads nearest to one of the goals; empty: none does.
std::vector<const Way*> ways_towards(const Tour& tour, const std::vector<bool>& is_goal) {
    std::vector<std::vector<const Way*>> arriving(tour.stops.size());
    for (const auto& way : tour.ways)
        if (!happened_by_itself(way) || is_at_work(tour.stops[way.from]))
            arriving[way.to].push_back(&way);
    std::vector<const Way*> towards(tour.stops.size());
    std::deque<std::size_t> queue;
    for (std::size_t i = 0; i < is_goal.size(); ++i)
        if (is_goal[i]) queue.push_back(i);
    for (; !queue.empty(); queue.pop_front())
        for (const Way* way : arriving[queue.front()]) {
            if (is_goal[way->from] || towards[way->from] != nullptr) continue;
            towards[way->from] = way;
            queue.push_back(way->from);
        }
    return towards;
}

std::vector<const Way*> ways_home(const Tour& tour) {
    std::vector<bool> is_home(tour.stops.size(), false);
    is_home[welcome] = true;
    return ways_towards(tour, is_home);
}

// Stops where somebody is called or helps already.
std::vector<bool> where_help_is(const Tour& tour) {
    std::vector<bool> is_help;
    for (const auto& stop : tour.stops)
        is_help.push_back(
            stop.staff || stop.session.overlay == session::Overlay::help ||
            stop.session.overlay == session::Overlay::assist ||
            (stop.session.overlay == session::Overlay::none && stop.session.step == Step::wipe));
    return is_help;
}

} // namespace

std::vector<Complaint> traps(const Tour& tour) {
    std::vector<Complaint> found;
    const auto home = ways_home(tour);
    const auto is_help = where_help_is(tour);
    const auto help = ways_towards(tour, is_help);
    for (std::size_t i = 0; i < tour.stops.size(); ++i) {
        if (i != welcome && home[i] == nullptr) found.push_back({i, "no way back to the welcome"});
        if (!is_help[i] && help[i] == nullptr) found.push_back({i, "no way to somebody who helps"});
    }
    return found;
}

struct Viewer::State {
    const Guide& guide;
    screens::Drawing drawing;
    text::FontSet fonts;
    screens::Theme theme;
    screens::IconSet icons;
    std::map<std::pair<int, int>, Glance> glances;
    std::size_t set_smaller = 0;

    Glance& glance(const screens::Panel& panel) {
        const std::pair key{panel.width_px, panel.height_px};
        const auto found = glances.find(key);
        if (found != glances.end()) return found->second;
        return glances
            .emplace(std::piecewise_construct, std::tuple(key),
                     std::tuple<text::FontSet&, const screens::Theme&, const screens::IconSet&,
                                const screens::Panel&, screens::Drawing>(fonts, theme, icons, panel,
                                                                         drawing))
            .first->second;
    }
};

// Guide::open() has seen that all of it is there.
Viewer::Viewer(const Guide& guide, screens::Drawing drawing) {
    const auto& config = guide.config();
    auto fonts = text::FontSet::open(config.fonts_folder);
    auto theme = screens::Theme::open(config.assets_folder + "/theme/tokens.json");
    auto icons = screens::IconSet::open(config.assets_folder + "/icons");
    CHECK(fonts.has_value() && theme.has_value() && icons.has_value());
    state_.reset(new State{guide,
                           drawing,
                           std::move(fonts).value(),
                           std::move(theme).value(),
                           std::move(icons).value(),
                           {},
                           0});
}

Viewer::~Viewer() = default;

Tour Viewer::walk(const Tongue& tongue) {
    Tour tour;
    const auto facts = state_->guide.facts(tongue);
    Walk walk(tour, state_->glance(product_panels().front()), tongue, facts);
    walk.sessions();
    for (const bool is_troubled : {false, true}) walk.staff_area(overview(is_troubled));
    walk.note_dead_items();
    return tour;
}

std::vector<Complaint> Viewer::go_home_from_everywhere(const Tour& tour, const Tongue& tongue) {
    std::vector<Complaint> lost;
    const auto facts = state_->guide.facts(tongue);
    Tour none;
    const Walk walk(none, state_->glance(product_panels().front()), tongue, facts);
    const auto towards = ways_home(tour);
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < tour.stops.size(); ++i)
        known.emplace(walk.signature_of(tour.stops[i]), i);
    for (std::size_t i = 0; i < tour.stops.size(); ++i) {
        if (tour.stops[i].staff) continue; // staff leave by their own header
        Stop here = tour.stops[i];
        constexpr int many = 40; // presses: several times the longest way out
        int presses = 0;
        for (std::size_t at = i; at != welcome && presses < many; ++presses) {
            auto next = towards[at] ? walk.follow_way(here, towards[at]->id) : std::nullopt;
            const auto found = next ? known.find(walk.signature_of(*next)) : known.end();
            if (found == known.end()) presses = many;
            if (found == known.end()) break;
            here = std::move(*next);
            at = found->second;
        }
        if (presses >= many) lost.push_back({i, "pressing on does not lead to the welcome"});
    }
    return lost;
}

std::vector<std::string> Viewer::look(const Stop& stop, const Tongue& tongue,
                                      const std::vector<screens::Panel>& panels,
                                      const screens::DisplaySettings& settings) {
    const auto facts = state_->guide.facts(tongue);
    std::vector<std::string> complaints;
    for (const auto& panel : panels) {
        auto& glance = state_->glance(panel);
        // The walk turned to the parts that one panel and size have; here they may be others.
        Stop part = stop;
        auto& first = part.staff ? part.staff->view.first : part.view.first;
        const bool is_whole = first == 0;
        std::string complaint;
        for (std::optional<std::size_t> next = first; next && complaint.empty();) {
            first = *next;
            const auto model = state_->guide.model(part, facts, settings);
            const auto frame = glance.show(model, settings).frame;
            state_->set_smaller += frame.is_set_smaller;
            complaint = glance.complaint(frame, tongue);
            next = is_whole ? next_part(glance.stage(), frame, model, settings) : std::nullopt;
        }
        complaints.push_back(std::move(complaint));
    }
    return complaints;
}

base::Picture Viewer::picture(const Stop& stop, const Tongue& tongue, const screens::Panel& panel,
                              const screens::DisplaySettings& settings) {
    auto& glance = state_->glance(panel);
    const auto facts = state_->guide.facts(tongue);
    glance.show(state_->guide.model(stop, facts, settings), settings);
    return glance.stage().to_picture();
}

void Viewer::rest() {
    state_->glances.clear();
    state_->set_smaller = 0;
}

std::size_t Viewer::set_smaller() const {
    return state_->set_smaller;
}

} // namespace app
