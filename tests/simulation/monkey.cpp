#include "tests/simulation/monkey.hpp"

#include "kiosk/app/development/demo_staff.hpp"
#include "kiosk/base/bytes.hpp"
#include "kiosk/outbox/receipt_number.hpp"

#include <algorithm>
#include <deque>
#include <fstream>

namespace simulation {
namespace {

using namespace std::chrono_literals;
using drivers::Key;

// The panel of the design at half its pixels: everything has its size in millimetres.
void make_small(config::Config& config) {
    config::fit(config.panel, {540, 960});
    config.pinyin_folder = PINYIN_FOLDER;
    config.handwriting_model = HAND_MODEL;
    config.dark_after_minutes = 7;
}

// Longer than any limit by which somebody who walked away is noticed: 180 s and 45 s, twice over an
// answer that is still awaited; five minutes of the staff area (DESIGN §5, G9).
constexpr base::Milliseconds away = 6min;

constexpr std::size_t remembered_events = 60;

class Monkey {
public:
    Monkey(const MonkeyOptions& options, std::uint64_t seed, MonkeyReport& report)
        : options_(options), report_(report), random_(seed),
          kiosk_("monkey", make_small, seed, support::DemoKiosk::Voice::recorder) {
        kiosk_.world->set_roster(app::DemoRoster::fresh);
        kiosk_.wait(2s);
    }

    void run(std::uint64_t events, const std::function<void(const MonkeyReport&)>& on_progress) {
        for (std::uint64_t i = 0; i < events && report_.violations.empty(); ++i) {
            act();
            ++report_.events;
            ++report_.screens[kiosk_.screen()];
            if (const auto way = way_of_answering(); !way.empty())
                ++report_.screens[kiosk_.screen() + ": " + way];
            remember_number();
            watch();
            if (report_.events % 1000 == 0 && on_progress) on_progress(report_);
        }
        if (report_.violations.empty()) walk_away();
        read_events();
    }

private:
    std::uint64_t below(std::uint64_t limit) { return random_.below(limit); }
    template <class Range> const auto& one_of(const Range& range) {
        return range[below(std::size(range))];
    }
    void note(std::string what) {
        past_.push_back(kiosk_.screen() + ": " + std::move(what));
        if (past_.size() > remembered_events) past_.pop_front();
    }
    void violation(const std::string& what) {
        std::string text = "event " + std::to_string(report_.events) + ": " + what + "; before it:";
        for (const auto& each : past_) text += "\n    " + each;
        report_.violations.push_back(std::move(text));
    }

    void act();
    void tap_item();
    void answer();
    void type_number();
    void draw_ink(const screens::Rect& box);
    void remember_number();
    std::string way_of_answering();
    bool begins_with_item(std::string_view start);
    void tap_anywhere();
    void drag();
    void press_key();
    void press_switch();
    void change_device();
    void insert_staff_card();
    void change_surroundings();
    void let_time_pass();
    void walk_away();
    void watch();
    void read_events();
    screens::Point anywhere() { return {float(below(545)) - 2, float(below(965)) - 2}; }

    const MonkeyOptions& options_;
    MonkeyReport& report_;
    base::SeededRandom random_;
    support::DemoKiosk kiosk_;
    std::deque<std::string> past_;
    std::size_t events_read_ = 0; // bytes of events.jsonl
    std::string number_;          // of the last request that was received here
    int times_spoken_ = 0;
};

// ---- what it does ----

// Of a thousand events, up to which number each is meant.
struct Shares {
    std::uint64_t items, answers, anywhere, drags, keys, switches;
};
Shares shares_of(MonkeyMix mix) {
    switch (mix) {
    case MonkeyMix::everything: return {420, 520, 600, 640, 830, 880};
    case MonkeyMix::fingers: return {520, 680, 800, 880, 880, 880};
    case MonkeyMix::keys: return {120, 220, 240, 250, 730, 880};
    }
    return {};
}

void Monkey::act() {
    const auto shares = shares_of(options_.mix);
    const auto dice = below(1000);
    if (dice < shares.items) return tap_item();
    if (dice < shares.answers) return answer();
    if (dice < shares.anywhere) return tap_anywhere();
    if (dice < shares.drags) return drag();
    if (dice < shares.keys) return press_key();
    if (dice < shares.switches) return press_switch();
    if (dice < 940) return change_device();
    if (dice < 955) return change_surroundings();
    if (dice < 958) return insert_staff_card();
    if (dice < 999) return let_time_pass();
    walk_away();
}

// Half of the time what leads on, else anything: a monkey that only plays with the rail sees
// nothing of the house.
void Monkey::tap_item() {
    const auto& items = kiosk_.items();
    if (items.empty()) return tap_anywhere();
    const auto leads_on = [](const screens::Item& item) {
        return item.id == "actions/go" || item.id == "actions/use" || item.id == "consent/agree" ||
               item.id == "signature/counter" || item.id == "scan/other_way" ||
               item.id == "actions/another";
    };
    std::vector<const screens::Item*> wanted;
    if (below(2) == 0)
        for (const auto& item : items)
            if (leads_on(item)) wanted.push_back(&item);
    if (wanted.empty())
        for (const auto& item : items)
            if (!item.id.starts_with("rail/") || below(8) == 0) wanted.push_back(&item);
    if (wanted.empty()) return tap_anywhere();
    const auto& item = *one_of(wanted);
    note("tap " + item.id);
    kiosk_.tap({item.rect.x + float(below(std::uint64_t(item.rect.w) + 1)),
                item.rect.y + float(below(std::uint64_t(item.rect.h) + 1))});
}

// As somebody who means it: an option, a number or a word, and on. Whatever is refused is part of
// it.
void Monkey::answer() {
    static const std::array<std::string, 6> numbers{
        "13800000000", "659999194003150046", "9999990000000000121", "19400315", "0000", "42"};
    std::vector<std::string> options;
    std::vector<std::string> letters;
    for (const auto& item : kiosk_.items()) {
        if (item.kind == screens::ItemKind::choice || item.kind == screens::ItemKind::row ||
            item.kind == screens::ItemKind::tile)
            options.push_back(item.id);
        if (item.id.starts_with("board/key/")) letters.push_back(item.id);
    }
    note("answer");
    const auto* box = kiosk_.find("board/box");
    if (kiosk_.screen() == "number" && !number_.empty()) {
        type_number();
    } else if (box != nullptr) {
        draw_ink(box->rect);
    } else if (kiosk_.find("pad/1") != nullptr) {
        while (kiosk_.find("pad/clear") != nullptr && below(2) == 0) kiosk_.tap("pad/clear");
        for (const char digit : one_of(numbers))
            if (const auto id = std::string("pad/") + digit; kiosk_.find(id) != nullptr)
                kiosk_.tap(id);
    } else if (!letters.empty()) {
        for (int i = 0; i < 5; ++i)
            if (const auto& id = one_of(letters); kiosk_.find(id) != nullptr) kiosk_.tap(id);
        if (below(2) == 0)
            for (const auto& item : kiosk_.items())
                if (item.id.starts_with("board/candidate/")) {
                    kiosk_.tap(item.rect.center());
                    break;
                }
    } else if (!options.empty()) {
        kiosk_.tap(one_of(options));
    }
    if (kiosk_.find("actions/go") != nullptr) kiosk_.tap("actions/go");
}

// Mostly the number that was on the glass last, else with a slip in it.
void Monkey::type_number() {
    for (const char c : number_) {
        const auto id = "number/key/" + std::string(1, below(60) == 0 ? '7' : c);
        if (kiosk_.find(id) != nullptr) kiosk_.tap(id);
    }
}

// A few strokes that are mostly no character at all.
void Monkey::draw_ink(const screens::Rect& box) {
    const auto somewhere = [&] {
        return screens::Point{box.x + float(below(std::uint64_t(box.w))),
                              box.y + float(below(std::uint64_t(box.h)))};
    };
    for (auto strokes = 1 + below(6); strokes > 0; --strokes) {
        auto at = somewhere();
        for (auto points = 2 + below(4); points > 0; --points) {
            kiosk_.draw({at, true, {}, {}});
            at = somewhere();
        }
        kiosk_.draw({at, false, {}, {}});
    }
    kiosk_.settle();
}

void Monkey::remember_number() {
    if (const auto& visit = kiosk_.kiosk().session().visit; visit && !visit->receipt.empty())
        number_ = outbox::normalise_receipt_number(visit->receipt);
    report_.announcements += std::uint64_t(kiosk_.world->voice.times() - times_spoken_);
    times_spoken_ = kiosk_.world->voice.times();
}

bool Monkey::begins_with_item(std::string_view start) {
    const auto& items = kiosk_.items();
    return std::any_of(items.begin(), items.end(),
                       [&](const screens::Item& item) { return item.id.starts_with(start); });
}

std::string Monkey::way_of_answering() {
    if (kiosk_.screen() != "question") return {};
    if (kiosk_.find("board/box") != nullptr) return "handwriting";
    if (kiosk_.find("board/split") != nullptr) return "pinyin board";
    if (kiosk_.find("board/key/\u0686") != nullptr) return "uyghur board";
    if (kiosk_.find("board/key/q") != nullptr) return "latin board";
    if (begins_with_item("date/")) return "date wheels";
    if (kiosk_.find("pad/1") != nullptr) return "pad";
    return "choice";
}

void Monkey::tap_anywhere() {
    const auto at = anywhere();
    note("tap " + std::to_string(int(at.x)) + " " + std::to_string(int(at.y)));
    kiosk_.tap(at);
}

void Monkey::drag() {
    auto at = anywhere();
    note("drag from " + std::to_string(int(at.x)) + " " + std::to_string(int(at.y)));
    kiosk_.draw({at, true, {}, {}});
    for (auto steps = below(6); steps > 0; --steps) {
        at = anywhere();
        kiosk_.draw({at, true, {}, {}});
        if (below(20) == 0) kiosk_.clock.advance(50ms);
    }
    // Some fingers only leave the glass much later, some picture comes in between.
    kiosk_.draw({at, false, {}, {}});
    kiosk_.settle();
}

void Monkey::press_key() {
    static constexpr std::array keys{Key::up,    Key::down,   Key::left,   Key::right, Key::down,
                                     Key::right, Key::select, Key::select, Key::select};
    const auto key = below(30) == 0 ? Key(below(drivers::key_count)) : one_of(keys);
    note("key " + std::string(to_string(key)));
    kiosk_.key(key);
}

void Monkey::press_switch() {
    const auto key = below(3) == 0 ? Key::switch_select : Key::switch_move;
    note(std::string(to_string(key)));
    kiosk_.key(key);
}

void Monkey::change_device() {
    auto& world = *kiosk_.world;
    switch (const auto what = below(13); what) {
    case 0:
    case 1:
    case 2: {
        const auto& person = drivers::demo_people()[below(drivers::demo_people().size())];
        note("lay card");
        (void)world.lay_card(person.id).has_value();
        break;
    }
    case 3:
        note("lift card");
        world.sam.lift_card();
        break;
    case 4:
        note("tear card");
        world.sam.tear_away_mid_read(below(4000));
        break;
    case 5:
        note("put page");
        world.put_page(below(4));
        break;
    case 6:
        note("take page away");
        world.camera.take_page_away();
        break;
    case 7:
        note("paper out or in");
        below(2) == 0 ? world.paper_printer.take_paper_out() : world.paper_printer.load_paper();
        break;
    case 8:
        note("camera cable");
        below(2) == 0 ? world.camera.pull_cable() : world.camera.plug_cable();
        break;
    case 9:
        note("card reader cable");
        below(2) == 0 ? world.sam.pull_cable() : world.sam.plug_cable();
        break;
    case 10:
        note("printer cable");
        below(2) == 0 ? world.paper_printer.pull_cable() : world.paper_printer.plug_cable();
        break;
    case 11:
        note("keypad");
        below(2) == 0 ? world.keypad.unplug() : world.keypad.plug_in();
        break;
    case 12:
        note("headphones");
        below(2) == 0 ? world.voice.plug_headphones() : world.voice.pull_headphones();
        break;
    }
    kiosk_.wait(base::Milliseconds(100 * (1 + below(12))));
    if (below(3) == 0) { // mended, so that not everything is broken all the time
        world.sam.plug_cable();
        world.camera.plug_cable();
        world.paper_printer.plug_cable();
        world.paper_printer.load_paper();
        world.keypad.plug_in();
    }
}

void Monkey::insert_staff_card() {
    const auto& card = one_of(app::demo_staff_cards());
    note("staff card " + std::string(card.name));
    if (below(3) == 0) kiosk_.world->staff_reader.pull_card();
    (void)kiosk_.world->insert_staff_card(card.name).has_value();
    kiosk_.wait(1s);
    for (const char digit : card.pin) {
        const auto id = std::string("pad/") + digit;
        if (below(40) == 0 || kiosk_.find(id) == nullptr) break;
        kiosk_.tap(id);
    }
    if (kiosk_.find("actions/go") != nullptr) kiosk_.tap("actions/go");
    if (below(2) == 0) kiosk_.world->staff_reader.pull_card();
    kiosk_.wait(1s);
}

void Monkey::change_surroundings() {
    switch (below(5)) {
    case 4: {
        static constexpr std::array<std::string_view, 4> states{"in-review", "done", "refused",
                                                                "needs-papers"};
        note("the office moves the last request on");
        (void)kiosk_.world->platform->move_request("", std::string(one_of(states)), "");
        break;
    }
    case 0: {
        const bool up = below(3) != 0;
        note(up ? "network up" : "network down");
        kiosk_.world->set_network(up);
        break;
    }
    case 1: {
        const auto& faults = platform::all_platform_faults();
        note("platform fault");
        kiosk_.world->platform->fail_next(faults[below(faults.size())]);
        break;
    }
    case 2: {
        const auto hours = std::int64_t(below(49)) - 24;
        note("wall clock " + std::to_string(hours) + " h");
        kiosk_.clock.jump_wall(std::chrono::hours(hours));
        break;
    }
    case 3:
        note("clock synchronised or not");
        kiosk_.clock.set_synchronised(below(4) != 0);
        break;
    }
    kiosk_.settle();
}

void Monkey::let_time_pass() {
    static constexpr std::array spans{200ms, 200ms, 1000ms, 3000ms, 10'000ms};
    auto span = base::Milliseconds(one_of(spans));
    if (below(25) == 0) span = below(2) == 0 ? 121s : 181s; // to the idle question
    if (below(40) == 0) span = 8min;                        // into the dark
    note("wait " + std::to_string(span.count()) + " ms");
    kiosk_.wait(span);
}

// Its card and papers go with it; what lies about on the glass is the kiosk's.
void Monkey::walk_away() {
    note("walk away");
    kiosk_.world->staff_reader.pull_card();
    ++report_.walks_away;
    if (options_.defect != MonkeyDefect::time_stands_still) kiosk_.wait(away);
    const auto& session = kiosk_.kiosk().session();
    const auto* staff = kiosk_.kiosk().staff();
    if (session.step != session::Step::attract || session.overlay != session::Overlay::none ||
        (staff != nullptr && staff->is_open()))
        return violation("nobody is here for six minutes, and the kiosk shows " + kiosk_.screen());
    if (session.visit || session.card)
        violation("nobody is here, and the kiosk still has a visit or a card");
    auto& voice = kiosk_.world->voice;
    if (options_.defect == MonkeyDefect::voice_remembers)
        voice.say({{base::SecretText("of the visit"), base::Language::en}}, {});
    if (!voice.heard().empty())
        violation("nobody is here, and the voice still holds what it said in a visit");
    voice.wipe();
    read_events();
}

// ---- what must hold ----

void Monkey::watch() {
    const auto screen = kiosk_.screen();
    // Dark, and while staff wipe the glass (kiosk/staff/README.md), nothing may be there to press.
    if (screen == "dark" || screen == "staff_clean") {
        if (!kiosk_.items().empty()) violation("something can be pressed on " + screen);
        return;
    }
    const auto& items = kiosk_.items();
    if (items.empty() || options_.defect == MonkeyDefect::nothing_on_glass)
        return violation("nothing can be pressed on " + screen);
    const auto& faults = *kiosk_.glass().frame().faults;
    // One of the demonstration's people has a name with a character that no face can have; it is
    // shown as its code point.
    const bool lacks_glyphs =
        std::any_of(faults.missing_glyphs.begin(), faults.missing_glyphs.end(),
                    [](char32_t c) { return c < 0xE000 || c > 0xF8FF; });
    if (!faults.duplicate_ids.empty() || !faults.outside.empty() || !faults.unknown_icons.empty() ||
        lacks_glyphs)
        violation("on " + screen + ": " + faults.text());
    // A way back and a way to a human being on every screen (spec ui-text §10).
    for (const auto* id : {"rail/leave", "rail/staff"})
        if (kiosk_.find(id) == nullptr) violation("no " + std::string(id) + " on " + screen);
    const auto& focus = kiosk_.glass().focus();
    if (!focus.empty() && kiosk_.find(focus) == nullptr)
        violation("the focus is on " + focus + ", which is not on " + screen);
}

// Every session that ended was wiped.
void Monkey::read_events() {
    std::ifstream file(kiosk_.folder / "events.jsonl");
    file.seekg(std::streamoff(events_read_));
    for (std::string line; std::getline(file, line);) {
        events_read_ += line.size() + 1;
        if (line.find("\"accepted\"") != std::string::npos) ++report_.accepted;
        if (line.find("\"session_end\"") == std::string::npos) continue;
        ++report_.visits;
        if (line.find("\"wiped\":true") == std::string::npos)
            violation("a session ended and was not wiped: " + line);
    }
}

} // namespace

MonkeyReport run_monkey(const MonkeyOptions& options,
                        const std::function<void(const MonkeyReport&)>& on_progress) {
    MonkeyReport report;
    for (std::uint64_t part = 0; report.events < options.events && report.violations.empty();
         ++part) {
        Monkey monkey(options, options.seed * 1'000'003 + part, report);
        monkey.run(std::min(options.events - report.events, options.events_per_kiosk), on_progress);
    }
    return report;
}

} // namespace simulation
