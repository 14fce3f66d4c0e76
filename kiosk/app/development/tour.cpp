#include "kiosk/app/development/tour.hpp"

#include "drivers/camera/simulated_camera.hpp"
#include "drivers/card_reader/simulated_card.hpp"
#include "kiosk/forms/field_types.hpp"
#include "screens/stage.hpp"

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

// Two states that look alike for a crawler: what was typed does not matter, only whether it is
// there and what is said about it.
std::string signature(const session::Session& session, const present::View& view) {
    std::string text(to_string(session.step));
    text += '/';
    text += to_string(session.overlay);
    text += '/' + std::to_string(view.first);
    // What lies over a step looks the same whatever the step was about.
    if (session.overlay != session::Overlay::none)
        return text + '/' + std::to_string(int(session.assistance));
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
        return facts;
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

Tour Guide::walk() {
    Tour tour;
    // Half the size and half the density: the same layout for a quarter of the drawing.
    const screens::Panel panel{540, 960, 2.015f};
    auto& stage = state_->stage(panel);
    const auto facts = state_->facts();
    std::set<std::string> seen;
    std::set<std::string> alive;
    std::set<std::string> met;
    std::deque<Stop> queue;
    const auto visit = [&](session::Session session, present::View view, const std::string& route) {
        view = present::follow(std::move(view), session);
        if (tour.stops.size() + queue.size() >= stop_limit) return;
        if (!seen.insert(signature(session, view)).second) return;
        auto name = name_of(session);
        queue.push_back({std::move(session), std::move(view), std::move(name), route});
    };
    visit({}, {}, "");
    while (!queue.empty()) {
        Stop stop = std::move(queue.front());
        queue.pop_front();
        for (auto& input : answers_from_outside(stop.session)) {
            const auto how = stop.route + " <" + std::string(to_string(input.signal)) + ">";
            auto outcome = session::apply(stop.session, std::move(input), facts.world);
            if (!outcome.refused) visit(std::move(outcome.session), stop.view, how);
        }
        const auto settings = present::settings(stop.session);
        const auto model = present::model(stop.session, stop.view, facts);
        screens::draw(model, stage.begin({}, settings));
        const auto items = *stage.end().items;
        for (const auto& item : items) {
            // A disabled item says on the screen why it cannot act now; a board is drawn on.
            if (item.state.disabled || item.kind == screens::ItemKind::area) continue;
            if (!is_worth_pressing(item.id)) continue;
            const auto label = stop.name + " " + item.id;
            met.insert(label);
            screens::Input press;
            press.activate = item.id;
            const auto intent = screens::draw(model, stage.begin(press, settings));
            stage.end();
            ++tour.presses;
            if (!intent) continue;
            alive.insert(label);
            auto reaction = present::react(stop.session, stop.view, *intent, facts);
            auto session = stop.session;
            for (auto& input : reaction.inputs)
                session = session::apply(std::move(session), std::move(input), facts.world).session;
            visit(std::move(session), std::move(reaction.view), stop.route + " " + item.id);
        }
        tour.stops.push_back(std::move(stop));
    }
    for (const auto& label : met)
        if (!alive.contains(label)) tour.dead_items.push_back(label);
    return tour;
}

Guide::Look Guide::look(const Stop& stop, const screens::Panel& panel,
                        const screens::DisplaySettings& settings, bool with_picture) {
    auto& stage = state_->stage(panel);
    auto session = stop.session;
    session.language = settings.language;
    session.display.text_size = int(settings.text_size);
    session.display.theme = session::Display::Theme(int(settings.theme));
    session.display.low_reach = settings.low_reach;
    const auto model = present::model(session, stop.view, state_->facts());
    screens::draw(model, stage.begin({}, present::settings(session)));
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
