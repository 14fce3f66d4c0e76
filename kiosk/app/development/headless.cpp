#include "kiosk/app/development/headless.hpp"

#include "drivers/manual_wait.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/present/receipt.hpp"
#include "kiosk/staff/audit_files.hpp"
#include "kiosk/staff/enrolment.hpp"
#include "printer/items.hpp"
#include "printer/qr_code.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <unistd.h>

namespace app {

using namespace std::chrono_literals;
namespace {

using base::Errc;
using base::Error;
using Verb = ScriptStep::Verb;
namespace fs = std::filesystem;

// Local time "2026-11-22T10:31" as a moment.
base::Result<base::WallTime> parse_start(const std::string& text) {
    base::Date date{};
    const auto two_digits = [&](std::size_t at) {
        const auto digits = text.substr(at, 2);
        const bool are_digits =
            std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
        return are_digits ? (digits[0] - '0') * 10 + (digits[1] - '0') : 99;
    };
    if (text.size() != 16 || text[10] != 'T' || text[13] != ':' ||
        !base::parse_date(text.substr(0, 10), date) || two_digits(11) > 23 || two_digits(14) > 59)
        return Error{Errc::invalid_input, "\"start\" expects 2026-11-22T10:31"};
    return base::WallTime{std::chrono::sys_days{date} + std::chrono::hours(two_digits(11)) +
                          std::chrono::minutes(two_digits(14)) - base::local_offset};
}

base::Result<void> write(const fs::path& file, base::ByteView bytes) {
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
    out.flush();
    if (!out) return Error{Errc::io, "cannot write " + file.string()};
    return {};
}

// A slip of some other machine: nothing but a code.
base::Result<base::Picture> slip_with_code(const std::string& text) {
    constexpr int width = 576, module = 8;
    printer::Items items;
    items.emplace_back(printer::Gap{printer::quiet_modules * module});
    items.emplace_back(
        printer::NativeQr{base::SecretText(text), module, TRY(printer::qr_modules(text))});
    items.emplace_back(printer::Gap{printer::quiet_modules * module});
    return printer::preview(items, width);
}

base::Result<void> set_roster(DemoWorld& world, const std::string& name) {
    const auto roster = demo_roster_named(name);
    if (!roster)
        return Error{Errc::invalid_input,
                     "\"roster\" expects \"fresh\", \"none\", \"old\", \"altered\" or \"expired\""};
    world.set_roster(*roster);
    return {};
}

class Player {
public:
    Player(Engine& engine, DemoWorld& world, base::ManualClock& clock,
           const HeadlessSettings& settings)
        : engine_(engine), world_(world), clock_(clock), settings_(settings),
          out_(settings.out_folder), delivered_before_(world.platform->submission_count()) {
        engine_.printing().on_rendered = [this](const std::string&, const printer::Rendered& made) {
            receipts_.push_back(base::Bytes(made.escpos.begin(), made.escpos.end()));
        };
    }

    base::Result<void> play(const Script& script);
    base::Result<void> write_results();
    void wait(base::Milliseconds time);
    template <class Received>
    base::Result<void> write_received(const std::string& name, const Received& received);

private:
    void settle();
    void draw(const screens::Input& input);
    void tap(screens::Point at);
    void key(drivers::Key key);
    void capture(const std::string& name);
    const screens::Item* find(std::string_view id) const;
    std::string items() const;
    base::Result<void> perform(const ScriptStep& step);
    base::Result<void> press(const std::string& given);
    base::Result<void> press_shown(const std::string& id);
    base::Result<void> press_by_keys(std::string id);
    base::Result<void> press_key(const std::string& name);
    base::Result<void> press_switch(const std::string& name);
    base::Result<void> walk(const std::string& id);
    base::Result<void> walk_by_switch(const std::string& id);
    base::Result<void> type(const std::string& text);
    base::Result<void> digits(const std::string& text);
    base::Result<void> type_number(const std::string& text);
    base::Result<void> move_request(const std::string& text);
    base::Result<void> sign(const ScriptStep& step);
    base::Result<void> ink(const ScriptStep& step);
    base::Result<void> draw_strokes(const ScriptStep& step, const screens::Rect& area);
    base::Result<void> set_cable(const ScriptStep& step);
    base::Result<void> set_platform_fault(const std::string& name);
    base::Result<void> put_page(const ScriptStep& step);
    base::Result<void> set_clock(const std::string& what);
    base::Result<void> make_enrolment_code();
    base::Result<void> expect_staff(const Expectation& wanted);
    base::Result<void> set_headphones(const std::string& how);
    base::Result<void> expect_said(const Expectation& wanted) const;
    base::Result<void> expect(const Expectation& wanted);

    Engine& engine_;
    DemoWorld& world_;
    base::ManualClock& clock_;
    const HeadlessSettings& settings_;
    fs::path out_;
    std::size_t delivered_before_; // what the platform had when this round began
    std::vector<base::Bytes> receipts_;
    std::string shown_;
    int pictures_ = 0;
    int slips_ = 0;
    base::SecretText enrolment_code_;
    std::string last_number_; // of the last request made here
    base::Picture last_slip_; // as the printer gave it
};

// ---- drawing ----

void Player::draw(const screens::Input& input) {
    engine_.kiosk().turn();
    engine_.glass().draw(input);
    if (settings_.on_frame) settings_.on_frame(engine_.glass(), engine_.kiosk().session());
    engine_.kiosk().turn();
}

// Until the picture stands still: two or three frames after an input.
void Player::settle() {
    for (int i = 0; i < 3; ++i) draw({});
    std::string name(engine_.glass().screen_name());
    const auto& session = engine_.kiosk().session();
    if (session.visit && session.overlay == session::Overlay::none && !session.visit->field.empty())
        name += '-' + session.visit->field;
    if (name == shown_) return;
    shown_ = name;
    capture(name);
    if (settings_.on_screen) settings_.on_screen(name, engine_.glass());
}

void Player::capture(const std::string& name) {
    if (!settings_.pictures) return;
    char file[128];
    std::snprintf(file, sizeof file, "%03d-%s.png", ++pictures_, name.c_str());
    const auto png = base::encode_png(engine_.stage().to_picture());
    if (png) (void)write(out_ / file, *png).has_value();
}

void Player::tap(screens::Point at) {
    draw({at, false, {}, {}});
    draw({at, true, {}, {}});
    draw({at, false, {}, {}});
    settle();
}

const screens::Item* Player::find(std::string_view id) const {
    const auto* items = engine_.glass().frame().items;
    if (items == nullptr) return nullptr;
    for (const auto& item : *items)
        if (item.id == id) return &item;
    return nullptr;
}

std::string Player::items() const {
    std::string names;
    if (const auto* items = engine_.glass().frame().items)
        for (const auto& item : *items) names += (names.empty() ? "" : " ") + item.id;
    return names;
}

// ---- verbs ----

// "LAST" in an id stands for the number of the last request made here.
base::Result<void> Player::press(const std::string& given) {
    constexpr std::string_view mark = "LAST";
    auto id = given;
    if (const auto at = id.find(mark); at != id.npos)
        id.replace(at, mark.size(), present::plain_number(last_number_));
    // A list may hold it on a later page.
    for (int pages = 0; find(id) == nullptr && find("list/more") != nullptr && pages < 20; ++pages)
        TRY(press_shown("list/more"));
    return press_shown(id);
}

base::Result<void> Player::press_shown(const std::string& id) {
    const auto* item = find(id);
    if (item == nullptr)
        return Error{Errc::invalid_input, "no item \"" + id + "\" on screen " +
                                              std::string(engine_.glass().screen_name()) +
                                              "; there are: " + items()};
    if (settings_.hand != Hand::finger) return press_by_keys(id);
    tap(item->rect.center());
    return {};
}

// ---- keys ----

void Player::key(drivers::Key key) {
    world_.keypad.press(key);
    engine_.keys().look();
    while (const auto pressed = engine_.keys().take()) {
        engine_.glass().key(*pressed);
        draw({});
    }
    settle();
    if (settings_.on_key) settings_.on_key(key, engine_.glass());
}

base::Result<void> Player::press_by_keys(std::string id) {
    const auto screen = engine_.glass().screen_name();
    if (screen == "idle") {
        if (id != "idle/stay")
            return Error{Errc::invalid_input, "by keys the idle screen knows only \"idle/stay\""};
        key(settings_.hand == Hand::five_keys ? drivers::Key::down : drivers::Key::switch_move);
        return {};
    }
    // Nobody signs with keys: the paper is signed at the counter.
    if (screen == "signature" && id == "actions/go") id = "signature/counter";
    if (settings_.hand == Hand::two_switches) {
        TRY(walk_by_switch(id));
        key(drivers::Key::switch_select);
    } else {
        TRY(walk(id));
        key(drivers::Key::select);
    }
    return {};
}

// The fewest keys from one item to another, as somebody who knows the page presses them. Nothing:
// they do not lead there.
std::optional<std::vector<drivers::Key>> way_to(const std::vector<screens::Item>& items,
                                                const std::string& from, const std::string& to) {
    using screens::FocusKey;
    constexpr std::array steps{std::pair{drivers::Key::down, FocusKey::down},
                               std::pair{drivers::Key::up, FocusKey::up},
                               std::pair{drivers::Key::right, FocusKey::right},
                               std::pair{drivers::Key::left, FocusKey::left}};
    std::map<std::string, std::vector<drivers::Key>> ways{{from, {}}};
    std::deque<std::string> due{from};
    while (!due.empty() && !ways.contains(to)) {
        const auto at = due.front();
        due.pop_front();
        for (const auto& [key, step] : steps) {
            const auto next = screens::move_focus(items, at, step).id;
            if (ways.contains(next)) continue;
            ways[next] = ways[at];
            ways[next].push_back(key);
            due.push_back(next);
        }
    }
    const auto found = ways.find(to);
    if (found == ways.end()) return std::nullopt;
    return found->second;
}

base::Result<void> Player::walk(const std::string& id) {
    constexpr std::size_t most_keys = 60; // chosen: more than that nobody presses for one item
    if (engine_.glass().focus().empty()) key(drivers::Key::down); // shows where the focus is
    const auto way = way_to(*engine_.glass().frame().items, engine_.glass().focus(), id);
    if (!way || way->size() > most_keys)
        return Error{Errc::invalid_input,
                     "five keys do not lead from \"" + engine_.glass().focus() + "\" to \"" + id +
                         "\" in " + std::to_string(most_keys) + " presses; there are: " + items()};
    for (const auto each : *way) key(each);
    if (engine_.glass().focus() != id)
        return Error{Errc::invalid_input, "the focus should be on \"" + id + "\" and is on \"" +
                                              engine_.glass().focus() + "\""};
    return {};
}

base::Result<void> Player::walk_by_switch(const std::string& id) {
    const auto count = engine_.glass().frame().items->size();
    for (std::size_t i = 0; i <= count; ++i) {
        if (engine_.glass().focus() == id) return {};
        key(drivers::Key::switch_move);
    }
    return Error{Errc::invalid_input, "the switch does not come to \"" + id + "\""};
}

base::Result<void> Player::press_key(const std::string& name) {
    const auto named = drivers::key_named(name);
    if (!named)
        return Error{Errc::invalid_input,
                     "no key \"" + name + "\"; known: " + drivers::key_names()};
    key(*named);
    return {};
}

base::Result<void> Player::press_switch(const std::string& name) {
    if (name != "move" && name != "select")
        return Error{Errc::invalid_input, "\"switch\" expects \"move\" or \"select\""};
    key(name == "move" ? drivers::Key::switch_move : drivers::Key::switch_select);
    return {};
}

base::Result<void> Player::digits(const std::string& given) {
    const auto text = given == "enrolment code" ? std::string(enrolment_code_.view()) : given;
    for (const char c : text) TRY(press(std::string("pad/") + c));
    return {};
}

base::Result<void> Player::type_number(const std::string& text) {
    const auto number = text == "last" ? last_number_ : text;
    if (number.empty()) return Error{Errc::invalid_input, "no request was made before this"};
    for (const char c : outbox::normalise_receipt_number(number))
        TRY(press(std::string("number/key/") + c));
    return {};
}

base::Result<void> Player::move_request(const std::string& text) {
    const auto space = text.find(' ');
    const auto reason = space == std::string::npos ? std::string() : text.substr(space + 1);
    if (!session::request_state_from(text.substr(0, space)))
        return Error{Errc::invalid_input, "\"move_request\" expects a state of a request, and "
                                          "perhaps a reason: \"refused conditions\""};
    if (!world_.platform->move_request("", text.substr(0, space), reason))
        return Error{Errc::not_found, "the platform has no request yet"};
    return {};
}

base::Result<void> Player::sign(const ScriptStep& step) {
    const auto* board = find("signature/board");
    if (board == nullptr)
        return Error{Errc::invalid_input, "no signature board; there are: " + items()};
    if (settings_.hand != Hand::finger) return {}; // press_by_keys() leaves it to the counter
    return draw_strokes(step, board->rect);
}

base::Result<void> Player::ink(const ScriptStep& step) {
    const auto* box = find("board/box");
    if (box == nullptr)
        return Error{Errc::invalid_input, "no handwriting box; there are: " + items()};
    if (settings_.hand != Hand::finger)
        return Error{Errc::invalid_input, "nobody writes by hand with keys; use Pinyin"};
    // A character keeps its shape in a box that is no square.
    const float side = std::min(box->rect.w, box->rect.h);
    return draw_strokes(step, box->rect.centered(side, side));
}

base::Result<void> Player::draw_strokes(const ScriptStep& step, const screens::Rect& area) {
    for (const auto& stroke : step.strokes) {
        screens::Point at;
        for (const auto& point : stroke) {
            at = {area.x + float(point.x) * area.w, area.y + float(point.y) * area.h};
            draw({at, true, {}, {}});
        }
        draw({at, false, {}, {}});
    }
    settle();
    return {};
}

base::Result<void> Player::set_cable(const ScriptStep& step) {
    const bool plugged = step.detail == "plugged";
    if (step.text == "card_reader")
        plugged ? world_.sam.plug_cable() : world_.sam.pull_cable();
    else if (step.text == "camera")
        plugged ? world_.camera.plug_cable() : world_.camera.pull_cable();
    else if (step.text == "face_camera")
        plugged ? world_.face.plug_cable() : world_.face.pull_cable();
    else if (step.text == "receipt_printer")
        plugged ? world_.paper_printer.plug_cable() : world_.paper_printer.pull_cable();
    else if (step.text == "keypad") {
        plugged ? world_.keypad.plug_in() : world_.keypad.unplug();
        engine_.keys().look();
    } else if (step.text == "staff_reader") {
        plugged ? world_.staff_reader.plug_in() : world_.staff_reader.unplug();
        wait(1s);
    } else
        return Error{Errc::invalid_input,
                     "no device \"" + step.text +
                         "\"; known: card_reader, camera, face_camera, receipt_printer, "
                         "staff_reader, keypad"};
    return {};
}

base::Result<void> Player::set_clock(const std::string& what) {
    const auto digits = what.empty() ? "" : what.substr(1);
    const bool are_days =
        !digits.empty() && digits.size() <= 4 &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (what == "synchronised" || what == "unsynchronised")
        clock_.set_synchronised(what == "synchronised");
    else if (are_days && (what.front() == '+' || what.front() == '-'))
        clock_.jump_wall(std::chrono::hours(24) * std::stoi(what));
    else
        return Error{Errc::invalid_input,
                     "\"clock\" expects \"synchronised\", \"unsynchronised\", \"+DAYS\" or "
                     "\"-DAYS\""};
    wait(1s);
    return {};
}

// As `kiosk staff code` does, at a terminal beside the kiosk.
base::Result<void> Player::make_enrolment_code() {
    base::SystemRandom random;
    enrolment_code_ = TRY(staff::make_enrolment_code(engine_.config().staff_folder(), random));
    wait(1s);
    return {};
}

base::Result<void> Player::set_platform_fault(const std::string& name) {
    std::string known;
    for (const auto fault : platform::all_platform_faults()) {
        if (platform::to_string(fault) == name) {
            world_.platform->fail_next(fault);
            return {};
        }
        known += (known.empty() ? "" : ", ") + std::string(platform::to_string(fault));
    }
    return Error{Errc::invalid_input, "no platform fault \"" + name + "\"; known: " + known};
}

base::Result<void> Player::put_page(const ScriptStep& step) {
    if (step.text.empty())
        world_.put_page(std::uint64_t(step.number));
    else if (step.text == "last receipt" && !last_slip_.empty())
        world_.camera.put_page(drivers::lay_slip_on_desk(last_slip_, 4));
    else if (step.text == "foreign code")
        world_.camera.put_page(
            drivers::lay_slip_on_desk(TRY(slip_with_code("https://example.org/menu")), -3));
    else if (step.text == "two pages")
        world_.camera.put_page(drivers::lay_two_pages_on_desk());
    else if (step.text == "marks")
        world_.camera.put_page(drivers::lay_marks_on_desk());
    else if (step.text == "blank sheet")
        world_.camera.put_page(drivers::lay_blank_sheet_on_desk());
    else if (step.text == "card")
        world_.camera.put_page(drivers::lay_card_on_desk());
    else
        TRY(world_.camera.put_page_file(step.text));
    wait(100ms); // the camera sees it
    return {};
}

// The clock moves in small steps, so that every deadline strikes at its time.
void Player::wait(base::Milliseconds time) {
    while (time > 0ms) {
        auto wake = engine_.kiosk().next_wake();
        if (const auto voice = engine_.glass().next_wake()) wake = std::min(wake, *voice);
        const auto until_wake = wake - clock_.now();
        const auto step = std::clamp<base::Milliseconds>(until_wake, 20ms,
                                                         std::min(time, base::Milliseconds(1000)));
        clock_.advance(std::min(step, time));
        time -= std::min(step, time);
        engine_.kiosk().turn();
        engine_.sender().step();
        const auto voice_due = engine_.glass().next_wake();
        if (voice_due && *voice_due <= clock_.now()) draw({});
    }
    settle();
}

base::Result<void> Player::expect_staff(const Expectation& wanted) {
    const bool duty = engine_.kiosk().facts().staff_on_duty;
    if (wanted.duty && duty != *wanted.duty)
        return Error{Errc::invalid_input,
                     std::string("expected staff to be ") + (duty ? "away" : "here")};
    if (wanted.audit.empty()) return {};
    const auto bytes =
        TRY(base::read_file(engine_.config().audit_folder() + "/" + staff::chain_file));
    std::map<std::string, int> rows;
    std::istringstream lines{std::string(base::as_text(bytes))};
    for (std::string line; std::getline(lines, line);) {
        const auto row = nlohmann::json::parse(line, nullptr, false);
        if (row.is_object()) ++rows[row.value("event", "")];
    }
    for (const auto& [event, count] : wanted.audit)
        if (rows[event] != count)
            return Error{Errc::invalid_input, "expected " + std::to_string(count) + " rows \"" +
                                                  event + "\" in the audit chain, there are " +
                                                  std::to_string(rows[event])};
    return {};
}

base::Result<void> Player::set_headphones(const std::string& how) {
    if (how == "plugged")
        world_.voice.plug_headphones();
    else if (how == "pulled")
        world_.voice.pull_headphones();
    else
        return Error{Errc::invalid_input, "\"headphones\" expects \"plugged\" or \"pulled\""};
    settle();
    return {};
}

base::Result<void> Player::expect_said(const Expectation& wanted) const {
    const auto& voice = world_.voice;
    if (!wanted.said.empty() && !voice.has_heard(wanted.said))
        return Error{Errc::invalid_input,
                     "expected to hear \"" + wanted.said + "\"; last was said: " + voice.last()};
    if (!wanted.not_said.empty() && voice.has_heard(wanted.not_said))
        return Error{Errc::invalid_input, "\"" + wanted.not_said + "\" should not be said"};
    return {};
}

base::Result<void> Player::expect(const Expectation& wanted) {
    TRY(expect_staff(wanted));
    TRY(expect_said(wanted));
    const std::string screen(engine_.glass().screen_name());
    if (!wanted.screen.empty() && screen != wanted.screen)
        return Error{Errc::invalid_input, "expected screen \"" + wanted.screen + "\", there is \"" +
                                              screen + "\" with: " + items()};
    if (!wanted.item.empty() && find(wanted.item) == nullptr)
        return Error{Errc::invalid_input,
                     "expected item \"" + wanted.item + "\"; there are: " + items()};
    if (!wanted.no_item.empty() && find(wanted.no_item) != nullptr)
        return Error{Errc::invalid_input, "item \"" + wanted.no_item + "\" should not be there"};
    if (wanted.focus && engine_.glass().focus() != *wanted.focus)
        return Error{Errc::invalid_input, "expected the focus on \"" + *wanted.focus +
                                              "\", it is on \"" + engine_.glass().focus() + "\""};
    if (!wanted.session_end.empty()) {
        const auto events = base::read_file(engine_.config().events_file());
        const std::string text(events ? base::as_text(*events) : std::string_view{});
        const auto last = text.rfind("\"session_end\"");
        const auto line =
            last == std::string::npos ? "" : text.substr(last, text.find('\n', last) - last);
        if (line.find("\"reason\":\"" + wanted.session_end + "\",\"wiped\":true") ==
            std::string::npos)
            return Error{Errc::invalid_input, "expected a wiped session end for \"" +
                                                  wanted.session_end + "\"; last: " + line};
    }
    const auto delivered = int(world_.platform->submission_count() - delivered_before_);
    if (wanted.delivered && delivered != *wanted.delivered)
        return Error{Errc::invalid_input, "expected " + std::to_string(*wanted.delivered) +
                                              " at the platform, there are " +
                                              std::to_string(delivered)};
    if (wanted.pending) {
        const auto outbox = engine_.submitter().another_connection();
        const auto counts =
            outbox ? (*outbox)->counts() : base::Result<outbox::Counts>(outbox.error());
        if (!counts || counts->pending != *wanted.pending)
            return Error{Errc::invalid_input,
                         "expected " + std::to_string(*wanted.pending) + " pending, there are " +
                             (counts ? std::to_string(counts->pending) : counts.error().text())};
    }
    if (wanted.assistance && world_.platform->assistance_calls() != *wanted.assistance)
        return Error{Errc::invalid_input, "expected another number of calls for staff: " +
                                              std::to_string(world_.platform->assistance_calls())};
    return {};
}

base::Result<void> Player::perform(const ScriptStep& step) {
    if (step.verb != Verb::expect) world_.voice.forget();
    switch (step.verb) {
    case Verb::press: return press(step.text);
    case Verb::type: return type(step.text);
    case Verb::digits: return digits(step.text);
    case Verb::sign: return sign(step);
    case Verb::ink: return ink(step);
    case Verb::lay_card:
        TRY(world_.lay_card(step.text));
        wait(1s);
        return {};
    case Verb::lift_card:
        world_.sam.lift_card();
        wait(1s);
        return {};
    case Verb::tear_card: world_.sam.tear_away_mid_read(std::size_t(step.number)); return {};
    case Verb::swap_card:
        TRY(world_.swap_card(step.text));
        wait(1s);
        return {};
    case Verb::babble: world_.sam.babble(std::size_t(step.number)); return {};
    case Verb::stall: world_.sam.stall(); return {};
    case Verb::recover: world_.sam.recover(); return {};
    case Verb::put_page: return put_page(step);
    case Verb::slide_page:
        world_.slide_page(std::uint64_t(step.number));
        wait(100ms);
        return {};
    case Verb::face: TRY(world_.set_face(step.text)); break;
    case Verb::desk:
        TRY(world_.set_desk(step.text));
        wait(100ms);
        return {};
    case Verb::take_page_away:
        world_.camera.take_page_away();
        wait(100ms);
        return {};
    case Verb::network:
        if (step.text != "up" && step.text != "down")
            return Error{Errc::invalid_input, "\"network\" expects \"up\" or \"down\""};
        world_.set_network(step.text == "up");
        return {};
    case Verb::paper:
        if (step.text == "out")
            world_.paper_printer.take_paper_out();
        else if (step.text == "in")
            world_.paper_printer.load_paper();
        else
            return Error{Errc::invalid_input, "\"paper\" expects \"out\" or \"in\""};
        return {};
    case Verb::cable: return set_cable(step);
    case Verb::platform: return set_platform_fault(step.text);
    case Verb::number: return type_number(step.text);
    case Verb::move_request: return move_request(step.text);
    case Verb::insert_staff_card:
        TRY(world_.insert_staff_card(step.text));
        wait(1s);
        return {};
    case Verb::pull_staff_card:
        world_.staff_reader.pull_card();
        wait(1s);
        return {};
    case Verb::second_staff_card:
        TRY(world_.insert_second_staff_card(step.text));
        wait(1s);
        return {};
    case Verb::pull_second_staff_card:
        world_.staff_reader.pull_second_card();
        wait(1s);
        return {};
    case Verb::pull_staff_card_after:
        world_.staff_reader.pull_after(std::size_t(step.number));
        return {};
    case Verb::roster: return set_roster(world_, step.text);
    case Verb::enrolment_code: return make_enrolment_code();
    case Verb::clock: return set_clock(step.text);
    case Verb::key: return press_key(step.text);
    case Verb::two_switches: return press_switch(step.text);
    case Verb::focus: return walk(step.text);
    case Verb::listen:
        // A keypad has a key for it.
        if (settings_.hand == Hand::finger) return press("title/listen");
        key(drivers::Key::repeat);
        return {};
    case Verb::headphones: return set_headphones(step.text);
    case Verb::wait: wait(std::chrono::seconds(step.number)); return {};
    case Verb::expect: return expect(step.expectation);
    case Verb::capture:
        settle();
        capture(step.text);
        return {};
    }
    return {};
}

// By the board's keys where it has all of them; else the text arrives whole, as from an input
// method that this build does not have (not handled: Chinese entry).
base::Result<void> Player::type(const std::string& text) {
    if (find("board/backspace") == nullptr)
        return Error{Errc::invalid_input, "no board to type on; there are: " + items()};
    std::vector<std::string> keys;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t length = 1;
        while (at + length < text.size() && (text[at + length] & 0xC0) == 0x80) ++length;
        const auto letter = text.substr(at, length);
        keys.push_back(letter == " " ? "board/space" : "board/key/" + letter);
        at += length;
    }
    const bool has_all = std::all_of(keys.begin(), keys.end(),
                                     [this](const auto& key) { return find(key) != nullptr; });
    if (has_all) {
        for (const auto& key : keys) TRY(press(key));
    } else {
        engine_.kiosk().tell(session::Input(
            session::Signal::answered, session::AnswerInput{forms::Value{base::SecretText(text)}}));
    }
    settle();
    return {};
}

base::Result<void> Player::play(const Script& script) {
    settle();
    for (std::size_t i = 0; i < script.steps.size(); ++i) {
        if (const auto done = perform(script.steps[i]); !done)
            return Error{done.error().code,
                         "steps[" + std::to_string(i) + "]: " + done.error().context};
        if (const auto& visit = engine_.kiosk().session().visit; visit && !visit->receipt.empty())
            last_number_ = visit->receipt;
        for (const auto& slip : world_.paper_printer.tear()) {
            const auto png = TRY(base::encode_png(slip));
            TRY(write(out_ / ("receipt-" + std::to_string(++slips_) + ".png"), png));
            last_slip_ = slip;
        }
    }
    return {};
}

// A request, or papers that came later for one, as it came and as it was opened.
template <class Received>
base::Result<void> Player::write_received(const std::string& name, const Received& received) {
    TRY(write(out_ / (name + ".cms"), received.cms));
    const auto json = nlohmann::json::parse(received.clear_json, nullptr, false);
    TRY(write(out_ / (name + ".json"), base::as_bytes(json.dump(2) + "\n")));
    for (std::size_t i = 0; i < received.attachments.size(); ++i) {
        const auto& clear = received.attachments[i].clear;
        const bool is_png = clear.size() > 1 && clear[0] == 0x89;
        const bool is_pdf = clear.size() > 1 && clear[0] == '%';
        TRY(write(out_ / (name + "-attachment-" + std::to_string(i + 1) +
                          (is_pdf   ? ".pdf"
                           : is_png ? ".png"
                                    : ".jpg")),
                  clear));
    }
    return {};
}

base::Result<void> Player::write_results() {
    for (std::size_t i = 0; i < receipts_.size(); ++i)
        TRY(write(out_ / ("receipt-" + std::to_string(i + 1) + ".escpos"), receipts_[i]));
    for (const auto& received : world_.platform->submissions())
        TRY(write_received(received.receipt_no, received));
    int number = 0;
    for (const auto& received : world_.platform->supplements())
        TRY(write_received(received.receipt_no + "-supplement-" + std::to_string(++number),
                           received));
    return {};
}

// Effects of the session and of the staff area, counted together; ends the process at the one that
// is wanted.
class EffectCount {
public:
    EffectCount(Kiosk& kiosk, std::optional<int> kill_at, bool kill_after)
        : kill_at_(kill_at), kill_after_(kill_after) {
        kiosk.on_effect = [this](int, Kiosk::EffectMoment moment, session::EffectKind) {
            note(moment == Kiosk::EffectMoment::before);
        };
        if (kiosk.staff() != nullptr)
            kiosk.staff()->on_effect = [this](staff::AreaEffect, bool is_before) {
                note(is_before);
            };
    }
    int count() const { return count_; }

private:
    void note(bool is_before) {
        const int number = is_before ? count_++ : count_ - 1;
        if (number == kill_at_ && is_before != kill_after_) ::kill(::getpid(), SIGKILL);
    }
    std::optional<int> kill_at_;
    bool kill_after_;
    int count_ = 0;
};

} // namespace

std::optional<Hand> hand_named(std::string_view name) {
    if (name == "touch") return Hand::finger;
    if (name == "keys") return Hand::five_keys;
    if (name == "switches") return Hand::two_switches;
    return std::nullopt;
}

// Chosen: the glass is idle for so long between two people.
constexpr base::Milliseconds between_rounds{std::chrono::minutes(1)};

base::Result<void> run_headless(HeadlessSettings settings) {
    const auto script = TRY(read_script(settings.script_file));
    std::error_code failed;
    fs::create_directories(settings.out_folder, failed);
    if (failed)
        return Error{Errc::io, "cannot make " + settings.out_folder + ": " + failed.message()};
    base::SystemClock system;
    const auto start = script.start.empty() ? base::Result<base::WallTime>(system.wall())
                                            : parse_start(script.start);
    if (!start)
        return Error{Errc::invalid_input, settings.script_file + ": " + start.error().context};
    base::ManualClock clock(*start);
    base::SystemRandom random;
    auto& config = settings.config;
    config.panel.width_px = script.panel.width_px;
    config.panel.height_px = script.panel.height_px;
    if (config.data_folder.empty()) config.data_folder = settings.out_folder + "/data";
    auto world = TRY(DemoWorld::open(config, clock, drivers::manual_wait(clock), random));
    const bool begins_with_list =
        !script.steps.empty() && script.steps.front().verb == Verb::roster;
    if (begins_with_list) {
        const auto set = set_roster(*world, script.steps.front().text);
        if (!set)
            return Error{set.error().code,
                         settings.script_file + ": steps[0]: " + set.error().context};
    } else if (script.has_staff())
        world->set_roster(DemoRoster::fresh);

    EngineSettings made;
    made.config = config;
    made.threads = EngineSettings::Threads::caller;
    made.wrap_transport = world->cable();
    made.face = &world->face;
    made.face_mirror = &world->face.mirror();
    made.face_parts = [face = &world->face] { return face->parts(); };
    made.chime = [&world] { ++world->chimes; };
    auto devices = world->devices();
    devices.voice = &world->voice;
    // Keys are heard and fingers are not: their scripts are compared, and time would differ.
    if (settings.hand != Hand::finger) world->voice.speak_in_no_time();
    if (settings.on_start) settings.on_start(*world);
    auto engine = TRY(Engine::open(std::move(made), devices, clock, random));
    const EffectCount effects(engine->kiosk(), settings.kill_at, settings.kill_after);
    engine->start();
    std::optional<Player> player;
    base::Result<void> played;
    for (int round = 1; round <= settings.rounds && played; ++round) {
        player.emplace(*engine, *world, clock, settings);
        played = player->play(script);
        if (settings.rounds == 1) break;
        player->wait(between_rounds);
        if (settings.on_round) settings.on_round(round);
    }
    if (settings.deliver) {
        engine->sender().send_now();
        engine->sender().drain();
    }
    if (settings.on_end) settings.on_end(*world);
    if (settings.rounds == 1) TRY(player->write_results());
    fs::copy_file(config.events_file(), fs::path(settings.out_folder) / "events.jsonl",
                  fs::copy_options::overwrite_existing, failed);
    if (!played)
        return Error{played.error().code, settings.script_file + ": " + played.error().context};
    std::printf("%s: ended as the script says; %d effects; results in %s\n",
                settings.script_file.c_str(), effects.count(), settings.out_folder.c_str());
    return {};
}

} // namespace app
