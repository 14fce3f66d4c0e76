#include "kiosk/app/development/tour.hpp"

#include "drivers/camera/simulated_camera.hpp"
#include "drivers/card_reader/simulated_card.hpp"
#include "kiosk/forms/field_types.hpp"
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

// Chosen: the three forms of the default content have well under a thousand states.
constexpr std::size_t stop_limit = 4000;

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
    overview.is_on_duty = !is_troubled;
    overview.printer_ok = !is_troubled;
    overview.clock_is_sure = !is_troubled;
    if (is_troubled) {
        overview.notice = "long-wait";
        overview.pending = 4;
        overview.quarantined = 1;
        overview.oldest_pending = std::chrono::minutes(12);
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
    text += std::to_string(int(area.fetch));
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
    case staff::Page::paper:
    case staff::Page::notice:
    case staff::Page::clean: break;
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

// How much is typed, not what.
std::string signature(const std::optional<session::Enquiry>& enquiry) {
    if (!enquiry) return "";
    std::string text = "/" + std::to_string(int(enquiry->about)) +
                       std::to_string(enquiry->number.size()) +
                       (session::is_whole_number(*enquiry) ? "+" : "") +
                       std::to_string(enquiry->phone_tail.size()) +
                       std::to_string(int(enquiry->proof)) + std::to_string(int(enquiry->copy)) +
                       std::to_string(enquiry->todos.size()) + (enquiry->withdraws ? "w" : "");
    if (enquiry->trouble) text += to_string(*enquiry->trouble);
    if (enquiry->device_problem) text += base::to_string(*enquiry->device_problem);
    if (enquiry->status) text += to_string(enquiry->status->now().state);
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
    text +=
        signature(session.enquiry) + '/' + session.group + std::string(to_string(session.rating));
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
    text += visit.fault ? visit.fault->key : "";
    text += visit.device_problem ? base::to_string(*visit.device_problem) : "";
    text += visit.changing ? "c" : "";
    text += view.chosen_page.empty() ? "" : "p";
    text += visit.refusal ? std::to_string(int(visit.refusal->reason)) : "";
    text += std::to_string(int(visit.delivery)) + std::to_string(int(visit.receipt_state));
    text += visit.strokes.empty() ? "" : "s";
    text += view.board ? std::to_string(int(*view.board)) : "";
    return text;
}

std::string name_of(const session::Session& session) {
    std::string name(session.overlay == session::Overlay::none ? to_string(session.step)
                                                               : to_string(session.overlay));
    if (session.visit && session.visit->matter != nullptr &&
        session.overlay == session::Overlay::none) {
        name += '-' + session.visit->matter->id;
        if (!session.visit->field.empty()) name += '-' + session.visit->field;
    }
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
    auto accepted = sample_status({RequestState::accepted});
    accepted.due = base::Date{std::chrono::year{2026} / 11 / 30};
    accepted.request = "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01";
    inputs.emplace_back(Signal::status_answered, session::StatusInput{serial, std::move(accepted)});
}

// What devices, the platform and time can answer in this step.
std::vector<Input> answers_from_outside(const session::Session& session) {
    std::vector<Input> inputs;
    const auto problem = [&](Signal signal, base::Errc code) { inputs.emplace_back(signal, code); };
    switch (session.step) {
    case Step::card: {
        const auto who = session::current_field(*session.visit).who;
        inputs.emplace_back(Signal::card_read,
                            session::CardInput{sample_card(
                                who == forms::Holder::applicant ? "applicant-86" : "agent")});
        for (const auto code : {base::Errc::card_removed, base::Errc::card_unreadable,
                                base::Errc::unplugged, base::Errc::conflict})
            problem(Signal::card_problem, code);
        break;
    }
    case Step::scan:
        inputs.emplace_back(Signal::page_captured, session::CapturedPage{sample_page()});
        problem(Signal::camera_problem, base::Errc::invalid_input);
        problem(Signal::camera_problem, base::Errc::unplugged);
        break;
    case Step::submitting:
        inputs.emplace_back(Signal::stored,
                            session::StoredInput{"6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01",
                                                 "K7M492XHT3QC", base::WallTime{}});
        problem(Signal::store_refused, base::Errc::disk_full);
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
    case Step::phone_tail:
        inputs.emplace_back(Signal::entry_changed, session::EntryInput{base::SecretText("0000")});
        break;
    case Step::show_card:
        inputs.emplace_back(Signal::card_read, session::CardInput{sample_card("applicant-86")});
        for (const auto code : {base::Errc::card_unreadable, base::Errc::unplugged})
            problem(Signal::card_problem, code);
        break;
    case Step::asking: add_answers(session, inputs); break;
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
    case Step::prefilled:
    case Step::page_check:
    case Step::pages:
    case Step::identity:
    case Step::review:
    case Step::declare:
    case Step::refused:
    case Step::goodbye:
    case Step::forward:
    case Step::backward:
    case Step::stay: break;
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

// Keys of a board all do the same: a few stand for all.
bool is_worth_pressing(std::string_view id) {
    const auto is_key = id.starts_with("board/key/") || id.starts_with("pad/");
    if (!is_key) return true;
    return id.ends_with("/1") || id.ends_with("/a") || id.ends_with("/ا") ||
           id.ends_with("backspace") || id.ends_with("clear");
}

} // namespace

struct Guide::State {
    std::shared_ptr<const content::ContentSet> content;
    std::unique_ptr<text::FontSet> fonts;
    config::Config config;
    std::map<std::pair<int, int>, std::unique_ptr<screens::Stage>> stages;

    session::World world() const {
        // Any day on which the invented people may apply.
        const base::Date day{std::chrono::year{2026} / 11 / 22};
        return {base::MonotonicTime{}, base::WallTime{std::chrono::sys_days{day} + 3h}, true,
                content};
    }
    present::Facts facts() const {
        present::Facts facts;
        facts.world = world();
        facts.live = sample_page().preview;
        facts.staff_on_duty = facts.staff_reader_ok = facts.roster_ok = true;
        facts.takes_enrolment_code = true;
        facts.local_notice = "long-wait";
        return facts;
    }
    // As a person would see it who has chosen these settings.
    screens::ScreenModel model(const Stop& stop, const screens::DisplaySettings& settings) const {
        session::Display display;
        display.text_size = int(settings.text_size);
        display.theme = session::Display::Theme(int(settings.theme));
        display.low_reach = settings.low_reach;
        if (stop.staff) {
            auto view = stop.staff->view;
            view.language = settings.language;
            view.display = display;
            return present::staff_model(stop.staff->area, view, facts(), stop.staff->overview);
        }
        auto session = stop.session;
        session.language = settings.language;
        session.display = display;
        return present::model(session, stop.view, facts());
    }
    screens::Stage& stage(const screens::Panel& panel) {
        auto& stage = stages[{panel.width_px, panel.height_px}];
        if (stage == nullptr) {
            auto theme = screens::Theme::open(config.assets_folder + "/theme/tokens.json");
            auto icons = screens::IconSet::open(config.assets_folder + "/icons");
            CHECK(theme.has_value() && icons.has_value());
            stage = std::make_unique<screens::Stage>(panel, *fonts, std::move(theme).value(),
                                                     std::move(icons).value());
        }
        return *stage;
    }
};

Guide::Guide(std::unique_ptr<State> state) : state_(std::move(state)) {}
Guide::~Guide() = default;

base::Result<std::unique_ptr<Guide>> Guide::open(const config::Config& config) {
    auto state = std::make_unique<State>();
    state->config = config;
    state->content = TRY(content::ContentSet::open(config.content_folder));
    state->fonts = std::make_unique<text::FontSet>(TRY(text::FontSet::open(config.fonts_folder)));
    TRY(screens::Theme::open(config.assets_folder + "/theme/tokens.json"));
    TRY(screens::IconSet::open(config.assets_folder + "/icons"));
    return std::unique_ptr<Guide>(new Guide(std::move(state)));
}

namespace {

// Presses an item of a model; what it meant.
std::optional<screens::ScreenIntent> press(const screens::ScreenModel& model, screens::Stage& stage,
                                           const screens::DisplaySettings& settings,
                                           const std::string& id) {
    screens::Input input;
    input.activate = id;
    const auto intent = screens::draw(model, stage.begin(input, settings));
    stage.end();
    return intent;
}

// What can be pressed on it, but for boards that are drawn on and items that say why they cannot
// act now.
std::vector<std::string> items_of(const screens::ScreenModel& model, screens::Stage& stage,
                                  const screens::DisplaySettings& settings) {
    std::vector<std::string> ids;
    screens::draw(model, stage.begin({}, settings));
    for (const auto& item : *stage.end().items)
        if (!item.state.disabled && item.kind != screens::ItemKind::area &&
            is_worth_pressing(item.id))
            ids.push_back(item.id);
    return ids;
}

// Breadth first over one kind of stop.
class Walk {
public:
    Walk(Tour& tour, screens::Stage& stage, const present::Facts& facts)
        : tour_(tour), stage_(stage), facts_(facts) {}

    void sessions();
    void staff_area(const staff::Overview& overview);
    void note_dead_items() {
        for (const auto& label : met_)
            if (!alive_.contains(label)) tour_.dead_items.push_back(label);
    }

private:
    template <class Step> void walk(Step step) {
        while (!queue_.empty()) {
            Stop stop = std::move(queue_.front());
            queue_.pop_front();
            step(stop);
            tour_.stops.push_back(std::move(stop));
        }
    }
    void visit(session::Session session, present::View view, const std::string& route);
    void visit(StaffStop stop, const std::string& route);
    void add(const std::string& signature, Stop stop) {
        if (tour_.stops.size() + queue_.size() >= stop_limit) return;
        if (seen_.insert(signature).second) queue_.push_back(std::move(stop));
    }
    // Presses everything on it; `means` does what an intent means.
    template <class Means>
    void press_all(const Stop& stop, const screens::ScreenModel& model,
                   const screens::DisplaySettings& settings, Means means) {
        for (const auto& id : items_of(model, stage_, settings)) {
            const auto label = stop.name + " " + id;
            met_.insert(label);
            ++tour_.presses;
            const auto intent = press(model, stage_, settings, id);
            if (!intent) continue;
            alive_.insert(label);
            means(*intent, stop.route + " " + id);
        }
    }
    void step_session(const Stop& stop);
    void step_staff(const Stop& stop);
    staff::AreaWorld area_world() const { return {facts_.world.now, true, true}; }

    Tour& tour_;
    screens::Stage& stage_;
    const present::Facts& facts_;
    std::deque<Stop> queue_;
    std::set<std::string> seen_, met_, alive_;
};

void Walk::visit(session::Session session, present::View view, const std::string& route) {
    view = present::follow(std::move(view), session);
    auto name = name_of(session);
    const auto key = signature(session, view);
    add(key, {std::move(session), std::move(view), std::nullopt, std::move(name), route});
}

void Walk::visit(StaffStop stop, const std::string& route) {
    stop.view = present::follow(std::move(stop.view), stop.area, session::Session());
    if (stop.area.page == staff::Page::closed) return;
    auto name = name_of(stop);
    const auto key = signature(stop);
    add(key, {{}, {}, std::move(stop), std::move(name), route});
}

void Walk::step_session(const Stop& stop) {
    for (auto& input : answers_from_outside(stop.session)) {
        const auto how = stop.route + " <" + std::string(to_string(input.signal)) + ">";
        auto outcome = session::apply(stop.session, std::move(input), facts_.world);
        if (!outcome.refused) visit(std::move(outcome.session), stop.view, how);
    }
    press_all(
        stop, present::model(stop.session, stop.view, facts_), present::settings(stop.session),
        [&](const auto& intent, const std::string& how) {
            auto reaction = present::react(stop.session, stop.view, intent, facts_);
            auto session = stop.session;
            for (auto& input : reaction.inputs)
                session =
                    session::apply(std::move(session), std::move(input), facts_.world).session;
            visit(std::move(session), std::move(reaction.view), how);
        });
}

void Walk::step_staff(const Stop& stop) {
    const auto& here = *stop.staff;
    for (auto& input : answers_from_outside(here.area)) {
        const auto how = stop.route + " <" + std::string(to_string(input.signal)) + ">";
        auto outcome = staff::apply(here.area, std::move(input), area_world());
        if (!outcome.refused) visit({std::move(outcome.area), here.view, here.overview}, how);
    }
    if (here.area.page == staff::Page::closed) return;
    press_all(stop, present::staff_model(here.area, here.view, facts_, here.overview),
              present::settings(here.view), [&](const auto& intent, const std::string& how) {
                  auto reaction =
                      present::react_staff(here.area, here.view, intent, facts_, here.overview);
                  auto area = here.area;
                  for (auto& input : reaction.inputs)
                      area = staff::apply(std::move(area), std::move(input), area_world()).area;
                  visit({std::move(area), std::move(reaction.view), here.overview}, how);
              });
}

void Walk::sessions() {
    visit({}, {}, "");
    walk([this](const Stop& stop) { step_session(stop); });
}

void Walk::staff_area(const staff::Overview& overview) {
    Stop closed;
    closed.staff = StaffStop{{}, {}, overview};
    step_staff(closed);
    walk([this](const Stop& stop) { step_staff(stop); });
}

} // namespace

Tour Guide::walk() {
    Tour tour;
    // Half the size and half the density: the same layout for a quarter of the drawing.
    const screens::Panel panel{540, 960, 2.015f};
    const auto facts = state_->facts();
    Walk walk(tour, state_->stage(panel), facts);
    walk.sessions();
    for (const bool is_troubled : {false, true}) walk.staff_area(overview(is_troubled));
    walk.note_dead_items();
    return tour;
}

Guide::Look Guide::look(const Stop& stop, const screens::Panel& panel,
                        const screens::DisplaySettings& settings, bool with_picture) {
    auto& stage = state_->stage(panel);
    screens::draw(state_->model(stop, settings), stage.begin({}, settings));
    const auto frame = stage.end();
    Look look;
    look.faults = *frame.faults;
    if (with_picture) look.picture = stage.to_picture();
    return look;
}

std::vector<screens::Panel> tour_panels() {
    // DESIGN §5: 21.5 inch portrait and landscape, 32 inch portrait.
    return {{1080, 1920, 4.03f}, {1920, 1080, 4.03f}, {2160, 3840, 5.42f}};
}

} // namespace app
