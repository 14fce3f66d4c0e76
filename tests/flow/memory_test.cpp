// Goal: when a visit has ended, nothing about the person is left in this program's memory (spec
// reliability M1, M2, F12). Method: a whole elderly allowance on the real engine with the wiping
// heap, card frames, real glass, real HTTPS to a platform in another process; then every writable
// page of this process is searched. The person is synthetic (county code 659999 does not exist).
#include "drivers/camera/simulated_camera.hpp"
#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/card_reader/simulated_sam.hpp"
#include "drivers/manual_wait.hpp"
#include "drivers/receipt_printer/escpos_printer.hpp"
#include "drivers/receipt_printer/simulated_printer.hpp"
#include "kiosk/app/development/demo_staff.hpp"
#include "kiosk/app/engine.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/platform/reference/server.hpp"
#include "tests/support/memory_search.hpp"
#include "tests/support/scripted_face.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" void __libc_free(void* at); // NOLINT(bugprone-reserved-identifier): glibc's own

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using memory_search::Found;
using memory_search::Search;
using memory_search::veil;
using memory_search::Veiled;

constexpr Veiled person_name("name", "帕孜来提·试验图尔荪·样品");
constexpr Veiled id_number("ID number", "659999194003150134");
constexpr Veiled card_address("address on the card", "样品省试验市样品区试验巷977号9栋933室");
constexpr Veiled typed_address("address typed", "yangpin xiang 977-933");
constexpr Veiled phone("phone", "13800009137");
constexpr Veiled fetched_phone("phone that the platform gave", "13900009146");
constexpr Veiled bank_card("bank card", "9999990000004137028");
constexpr Veiled letters("letters composed", "bqxzhkjvwgt"); // no Pinyin: found nowhere else
constexpr Veiled staff_pin("PIN of staff", "97531864");      // demo_staff.cpp, office-2
constexpr Veiled seen_name("name typed after a document", "yangpin guli jianyan");
constexpr Veiled seen_number("number typed after a document", "659999195203040970");
// What is on the chip and must never leave the codec (DESIGN §4.3, safeguards G6). The ethnic code
// is two characters that stand in no text, alone and between its neighbours on the chip.
constexpr Veiled ethnic_code("ethnic code", "\uE3A7\uE9B5");
constexpr Veiled ethnic_in_place("ethnic code in its place", "1\uE3A7\uE9B51940");
constexpr Veiled chip_photo("photo", "photo-canary-0417-of-nobodys-face");
constexpr Veiled fingerprint("fingerprint", "fingerprint-canary-5530-of-nobody");
constexpr Veiled card_serial("card serial", "s3r!a1#7");
constexpr Veiled management_number("management number", "management-canary-0008813");
constexpr Veiled new_address("new address", "新样品省金丝雀路八八一七号");
constexpr std::array forbidden{&ethnic_code, &ethnic_in_place,   &chip_photo, &fingerprint,
                               &card_serial, &management_number, &new_address};
constexpr Veiled face_frame("frame of the face camera", "frame-canary-2219-of-nobodys-face");
constexpr Veiled planted("planted", "nobody-ever-typed-this-97531");
constexpr std::array personal{&person_name,   &id_number, &card_address,
                              &typed_address, &phone,     &bank_card};

// ---- where the visit takes place
// ------------------------------------------------------------------

struct Folder {
    fs::path path;
    explicit Folder(const std::string& name)
        : path(fs::temp_directory_path() /
               ("kiosk-memory-" + name + "-" + std::to_string(::getpid()))) {
        fs::create_directories(path);
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

// A platform in a process of its own: what it opens is its business, not this memory's.
class PlatformProcess {
public:
    explicit PlatformProcess(const platform::KeyFiles& keys, const std::string& database) {
        int ready[2];
        int end[2];
        REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
        REQUIRE(::pipe2(end, O_CLOEXEC) == 0);
        child_ = ::fork();
        REQUIRE(child_ >= 0);
        if (child_ == 0) {
            ::close(end[1]);
            ::_exit(serve(keys, database, ready[1], end[0]));
        }
        ::close(ready[1]);
        ::close(end[0]);
        end_ = end[1];
        char url[128] = {};
        REQUIRE(::read(ready[0], url, sizeof url - 1) > 0);
        ::close(ready[0]);
        url_ = url;
    }
    ~PlatformProcess() {
        ::close(end_);
        ::waitpid(child_, nullptr, 0);
    }
    const std::string& url() const { return url_; }

private:
    static int serve(const platform::KeyFiles& keys, const std::string& database, int ready,
                     int end) {
        const base::SystemClock clock;
        base::SystemRandom random;
        auto platform = platform::ReferencePlatform::open({database, keys, {}}, clock, random);
        if (!platform) return 1;
        // The staff list is made here: this test's own process never has a PIN but the one typed.
        (*platform)->set_roster(app::demo_roster({1, clock.wall()}));
        (*platform)->declare_form("elderly-allowance", 1, {"person.phone"});
        (*platform)->set_resident_record(id_number.clear(),
                                         {person_name.clear(),
                                          {{"person.phone", '"' + fetched_phone.clear() + '"',
                                            "social-insurance", "2025-03-01", "B"}}});
        auto server = platform::ReferenceServer::start(**platform, keys);
        if (!server) return 1;
        const auto url = (*server)->url();
        if (::write(ready, url.data(), url.size()) < 0) return 1;
        char nothing;
        (void)!::read(end, &nothing, 1); // until the test has ended
        return 0;
    }

    pid_t child_ = -1;
    int end_ = -1;
    std::string url_;
};

// One for all tests: it must begin before this process has touched its locked memory, which no
// child inherits.
struct District {
    Folder folder{"district"};
    platform::KeyFiles keys =
        platform::make_demo_keys((folder.path / "keys").string(), base::SystemClock()).value();
    PlatformProcess platform{keys, (folder.path / "platform.db").string()};
};
const District& district() {
    static const District one;
    return one;
}

// Somebody in front of the real glass: presses what stands there, by its name.
class Visitor {
public:
    Visitor(app::Engine& engine, base::ManualClock& clock) : engine_(engine), clock_(clock) {}

    void draw(const screens::Input& input) {
        engine_.kiosk().turn();
        engine_.glass().draw(input);
        engine_.kiosk().turn();
    }
    void settle() {
        for (int i = 0; i < 3; ++i) draw({});
    }
    void press(const std::string& id) {
        for (int i = 0; i < 20 && !find(id) && find("list/more"); ++i) tap(*find("list/more"));
        const auto at = find(id);
        INFO("pressing " << id << " on " << engine_.glass().screen_name());
        REQUIRE(at.has_value());
        tap(*at);
    }
    // Letter by letter; one that the board does not show arrives as from an input method.
    void press_each(const std::string& prefix, const Veiled& text) {
        auto clear = text.clear();
        for (const char c : clear) {
            const auto key = c == ' ' ? std::string("board/space") : prefix + std::string(1, c);
            if (find(key))
                press(key);
            else
                enter(c);
        }
        base::wipe(clear);
    }
    void wait(base::Milliseconds time) {
        for (base::Milliseconds step = 100ms; time > 0ms; time -= step) {
            clock_.advance(step);
            engine_.kiosk().turn();
        }
        engine_.sender().step();
        settle();
    }
    void sign() {
        const auto* items = engine_.glass().frame().items;
        REQUIRE(items != nullptr);
        screens::Rect board;
        for (const auto& item : *items)
            if (item.id == "signature/board") board = item.rect;
        for (const float line : {0.3f, 0.5f}) {
            for (const float x : {0.2f, 0.35f, 0.5f, 0.65f})
                draw({{board.x + x * board.w, board.y + (line + x / 9) * board.h}, true, {}, {}});
            draw({{board.x + 0.65f * board.w, board.y + line * board.h}, false, {}, {}});
        }
        settle();
    }
    void expect(std::string_view screen) { REQUIRE(engine_.glass().screen_name() == screen); }

private:
    std::optional<screens::Point> find(const std::string& id) const {
        const auto* items = engine_.glass().frame().items;
        if (items == nullptr) return std::nullopt;
        for (const auto& item : *items)
            if (item.id == id) return item.rect.center();
        return std::nullopt;
    }
    void tap(screens::Point at) {
        draw({at, false, {}, {}});
        draw({at, true, {}, {}});
        draw({at, false, {}, {}});
        settle();
    }

    void enter(char c) {
        const auto& visit = *engine_.kiosk().session().visit;
        const auto* answer = visit.answers.find(visit.field);
        base::SecretText text;
        if (answer != nullptr) text = std::get<base::SecretText>(answer->value);
        text.append({&c, 1});
        engine_.kiosk().tell(
            {session::Signal::answered, session::AnswerInput{forms::Value{std::move(text)}}});
        settle();
    }

    app::Engine& engine_;
    base::ManualClock& clock_;
};

// The kiosk with its devices, as a visit needs them.
struct Kiosk {
    support::ScriptedFace face; // where a photo is kept
    explicit Kiosk(const fs::path& folder, const platform::KeyFiles& keys, const std::string& url,
                   bool keeps_chip_photo = false)
        : clock(base::SystemClock().wall()), sam(clock, drivers::manual_wait(clock)),
          reader(
              "simulated", [this] { return sam.connect(); }, clock, drivers::manual_wait(clock)),
          printer(paper), staff_reader(clock, drivers::manual_wait(clock)) {
        app::EngineSettings settings;
        settings.threads = app::EngineSettings::Threads::caller;
        if (keeps_chip_photo) settings.face = &face;
        auto& config = settings.config;
        config.data_folder = (folder / "data").string();
        config.content_folder = "assets/content";
        config.assets_folder = "assets";
        config.pinyin_folder = PINYIN_FOLDER;
        config.handwriting_model = HAND_MODEL;
        config.platform = {
            url, keys.ca, keys.device_certificate, keys.device_key, keys.sealing_certificate, ""};
        const auto roster_key = (folder / "staff-lists.pem").string();
        REQUIRE(app::write_demo_roster_key(roster_key).has_value());
        config.staff.roster_keys = {roster_key};
        auto opened = app::Engine::open(std::move(settings),
                                        {reader, camera, printer, &staff_reader}, clock, random);
        INFO((opened ? "" : opened.error().text()));
        REQUIRE(opened.has_value());
        engine = std::move(opened).value();
        engine->start();
    }

    // By itself: what is short stands in its frame, which the caller wipes.
    [[gnu::noinline]] void lay_card() {
        drivers::SimulatedCard card;
        card.name = person_name.clear();
        card.number = id_number.clear();
        card.address = card_address.clear();
        card.birth = "19400315";
        card.issuer = "试验市公安局";
        card.valid_to = "长期";
        card.ethnic_code = ethnic_code.clear();
        card.photo_marks = chip_photo.clear();
        card.fingerprint = fingerprint.clear();
        card.serial = card_serial.clear();
        card.management_number = management_number.clear();
        card.new_address = new_address.clear();
        sam.lay_card(std::move(card));
    }

    base::ManualClock clock;
    base::SystemRandom random;
    drivers::SimulatedSam sam;
    drivers::SamReader reader;
    drivers::SimulatedCamera camera;
    drivers::SimulatedPrinter paper;
    drivers::EscposPrinter printer;
    drivers::SimulatedStaffCardReader staff_reader;
    std::unique_ptr<app::Engine> engine;
};

void enter_everything(Kiosk& kiosk, Visitor& visitor) {
    visitor.settle();
    for (const auto* id : {"attract/zh", "home/matter/elderly-allowance", "actions/go"})
        visitor.press(id);
    kiosk.lay_card();
    visitor.wait(1s);
    visitor.expect("prefill_offer");
    kiosk.sam.lift_card();
    // What the platform holds is fetched, and called wrong: both are gone at the end.
    visitor.press("consent/agree");
    visitor.settle();
    visitor.expect("prefilled");
    CHECK(!Search({&fetched_phone}).run()->empty());
    visitor.press("prefilled/person.phone");
    for (const auto* id : {"actions/go", "question/option/self", "actions/go", "question/option/no",
                           "actions/go", "question/option/650104019", "actions/go"})
        visitor.press(id);
    // What is only composed is as private: a part of it stays under way until the visit ends.
    visitor.press_each("board/key/", letters);
    CHECK(!Search({&letters}).run()->empty());
    visitor.press("board/to/latin");
    CHECK(!Search({&letters}).run()->empty());
    for (std::size_t i = 0; i < letters.clear().size(); ++i) visitor.press("board/backspace");
    visitor.press_each("board/key/", typed_address);
    visitor.press("actions/go");
    visitor.press_each("pad/", phone);
    for (const auto* id :
         {"actions/go", "question/option/no", "actions/go", "question/option/icbc", "actions/go"})
        visitor.press(id);
    for (int twice = 0; twice < 2; ++twice) {
        visitor.press_each("pad/", bank_card);
        visitor.press("actions/go");
    }
    visitor.expect("scan");
    kiosk.camera.put_page(drivers::make_test_page(1));
    visitor.wait(100ms);
    for (const auto* id : {"actions/go", "actions/use", "actions/go", "scan/other_way"})
        visitor.press(id);
    visitor.expect("review");
}

void finish(Kiosk& kiosk, Visitor& visitor) {
    visitor.press("actions/go");
    visitor.press("consent/agree");
    visitor.sign();
    visitor.press("actions/go");
    visitor.wait(4s);
    visitor.expect("result");
    visitor.press("actions/done");
    kiosk.camera.take_page_away();
    visitor.wait(1s);
    visitor.press("actions/done");
    visitor.expect("attract");
    kiosk.paper.tear();
}

enum class Ending { finished, left, walked_away };

// By itself, so that its stack is below the test's and has ended when the search begins.
[[gnu::noinline]] void whole_visit(Kiosk& kiosk, Ending ending) {
    Visitor visitor(*kiosk.engine, kiosk.clock);
    enter_everything(kiosk, visitor);
    // The search is able: during the visit it finds every value.
    for (const auto* each : personal) {
        INFO(each->name());
        const auto found = Search({each}).run();
        REQUIRE(found.has_value());
        CHECK(!found->empty());
    }
    switch (ending) {
    case Ending::finished: return finish(kiosk, visitor);
    case Ending::left:
        kiosk.engine->kiosk().tell(session::Signal::leave);
        kiosk.engine->kiosk().tell(session::Signal::leave_confirmed);
        visitor.settle();
        visitor.expect("goodbye");
        kiosk.camera.take_page_away();
        visitor.wait(1s);
        visitor.press("actions/done");
        return visitor.expect("attract");
    case Ending::walked_away:
        visitor.wait(session::idle_limit + session::idle_answer_limit + 1s);
        return visitor.expect("attract");
    }
}

// ---- staff ----

void insert_staff_card(Kiosk& kiosk, Visitor& visitor) {
    kiosk.staff_reader.insert_card(app::demo_staff_card("office-2").value());
    visitor.wait(1s);
}

// The search is able: while the PIN is typed it is there.
void type_pin(Visitor& visitor) {
    visitor.press_each("pad/", staff_pin);
    CHECK(!Search({&staff_pin}).run()->empty());
    visitor.press("actions/go");
    visitor.wait(1s);
}

[[gnu::noinline]] void log_in_and_out(Kiosk& kiosk) {
    Visitor visitor(*kiosk.engine, kiosk.clock);
    visitor.settle();
    insert_staff_card(kiosk, visitor);
    visitor.expect("staff_log_in");
    type_pin(visitor);
    visitor.expect("staff_overview");
    kiosk.staff_reader.pull_card();
    visitor.wait(1s);
    visitor.expect("attract");
}

void end_pension(Kiosk& kiosk, Visitor& visitor) {
    for (const auto* id :
         {"question/option/employee", "actions/go", "question/option/district", "actions/go",
          "question/option/650104015", "actions/go", "board/to/latin"})
        visitor.press(id);
    visitor.press_each("board/key/", typed_address);
    visitor.press("actions/go");
    visitor.press_each("pad/", phone);
    for (const auto* id : {"actions/go", "actions/go", "actions/go", "consent/agree"})
        visitor.press(id);
    visitor.wait(4s);
    visitor.expect("result");
    visitor.press("actions/done");
    visitor.press("actions/done");
    visitor.expect("attract");
    kiosk.paper.tear();
}

void come_to_identity(Kiosk& kiosk, Visitor& visitor) {
    visitor.settle();
    for (const auto* id : {"attract/zh", "home/matter/pension-eligibility", "actions/go"})
        visitor.press(id);
    kiosk.lay_card();
    visitor.wait(1s);
    kiosk.sam.lift_card();
    for (const auto* id : {"consent/decline", "actions/go", "question/option/self", "actions/go"})
        visitor.press(id);
    visitor.expect("identity");
}

[[gnu::noinline]] void witnessed_visit(Kiosk& kiosk) {
    Visitor visitor(*kiosk.engine, kiosk.clock);
    come_to_identity(kiosk, visitor);
    insert_staff_card(kiosk, visitor);
    visitor.expect("witness");
    kiosk.lay_card();
    visitor.wait(1s);
    type_pin(visitor);
    visitor.expect("question");
    kiosk.staff_reader.pull_card();
    kiosk.sam.lift_card();
    visitor.wait(1s);
    end_pension(kiosk, visitor);
}

// A picture of nobody with the canary in each of its rows.
app::FaceLook look_with_canary() {
    base::Picture picture{64, 80, 3, {}};
    picture.pixels.assign(std::size_t(64) * 80 * 3, 0x60);
    auto canary = face_frame.clear();
    for (int y = 0; y < picture.height; ++y)
        std::copy(canary.begin(), canary.end(), picture.row(y) + 60);
    base::wipe(canary);
    app::FaceLook look;
    look.shown = {std::make_shared<const base::Picture>(std::move(picture)), "come_closer", false};
    return look;
}

enum class FaceEnding { passed, not_certain, stopped };

[[gnu::noinline]] void visit_with_face_check(Kiosk& kiosk, FaceEnding ending) {
    Visitor visitor(*kiosk.engine, kiosk.clock);
    come_to_identity(kiosk, visitor);
    visitor.press("otherway/face");
    visitor.expect("face_consent");
    kiosk.face.next = look_with_canary();
    visitor.press("consent/agree");
    visitor.wait(1s);
    visitor.expect("face_check");
    CHECK(!Search({&face_frame}).run()->empty());
    CHECK(!Search({&chip_photo}).run()->empty());
    kiosk.face.next = {};
    if (ending == FaceEnding::stopped)
        visitor.press("actions/stop");
    else if (ending == FaceEnding::passed)
        kiosk.face.next.ended.emplace(session::Signal::face_passed);
    else
        kiosk.face.next.ended.emplace(session::Signal::face_ended, session::FaceEnd::not_certain);
    visitor.wait(1s);
    if (ending == FaceEnding::passed) {
        visitor.expect("question");
        return end_pension(kiosk, visitor);
    }
    visitor.expect("identity");
    kiosk.engine->kiosk().tell(session::Signal::leave);
    kiosk.engine->kiosk().tell(session::Signal::leave_confirmed);
    visitor.settle();
    visitor.wait(31s); // longer than a goodbye
    visitor.expect("attract");
}

[[gnu::noinline]] void visit_with_document(Kiosk& kiosk) {
    Visitor visitor(*kiosk.engine, kiosk.clock);
    visitor.settle();
    for (const auto* id :
         {"attract/zh", "home/matter/pension-eligibility", "actions/go", "actions/other_way"})
        visitor.press(id);
    visitor.expect("no_card");
    insert_staff_card(kiosk, visitor);
    visitor.expect("witness");
    type_pin(visitor);
    visitor.expect("question");
    kiosk.staff_reader.pull_card();
    visitor.wait(1s);
    visitor.press("board/to/latin");
    visitor.press_each("board/key/", seen_name);
    visitor.press("actions/go");
    visitor.press_each("pad/", seen_number);
    CHECK(!Search({&seen_name}).run()->empty());
    CHECK(!Search({&seen_number}).run()->empty());
    for (const auto* id : {"actions/go", "question/option/self", "actions/go"}) visitor.press(id);
    end_pension(kiosk, visitor);
}

void report(const std::vector<Found>& found) {
    for (const auto& each : found) FAIL_CHECK(each.what << " left in " << each.where);
}

// Without it the compiler leaves out what is written into a block that is freed next.
void look_at(void* memory) {
    asm volatile("" : : "r"(memory) : "memory");
}

bool may_search() {
    if (Search({&planted}).run().has_value()) return true;
    WARN("skipped: this process may not read /proc/self/mem");
    return false;
}

} // namespace

TEST_CASE("a planted copy is found wherever it lies", "[flow][memory][F12]") {
    if (!may_search()) return;
    CHECK(Search({&planted}).run()->empty());
    SECTION("on the heap") {
        auto copy = std::make_unique<std::string>(planted.clear());
        CHECK(Search({&planted}).run()->size() == 1);
        base::wipe(*copy);
    }
    SECTION("in a block that was freed without being wiped") {
        auto* copy = static_cast<char*>(std::malloc(400));
        auto clear = planted.clear();
        std::memcpy(copy + 200, clear.data(), clear.size());
        base::wipe(clear);
        look_at(copy);
        __libc_free(copy);
        CHECK(Search({&planted}).run()->size() == 1);
        // The same block again, so that the next section begins without it.
        auto* again = static_cast<char*>(std::malloc(400));
        CHECK(again == copy);
        base::wipe(again, 400);
        std::free(again);
    }
    SECTION("not in a block that our own free() took") {
        auto* copy = static_cast<char*>(std::malloc(400));
        auto clear = planted.clear();
        std::memcpy(copy + 200, clear.data(), clear.size());
        base::wipe(clear);
        look_at(copy);
        std::free(copy);
        CHECK(Search({&planted}).run()->empty());
    }
    SECTION("on the stack, as UTF-16") {
        auto wide = planted.utf16();
        std::array<unsigned char, 80> copy{};
        for (std::size_t i = 0; i < wide.size(); ++i) copy[i] = wide[i] ^ veil;
        CHECK(Search({&planted}).run()->size() == 1);
        base::wipe(copy.data(), copy.size());
    }
}

using Wanted = std::vector<const Veiled*>;

TEST_CASE("nothing about the person is left in memory when the visit has ended",
          "[flow][memory][refusal][M1][M2][F12]") {
    if (!may_search()) return;
    const auto ending = GENERATE(Ending::finished, Ending::left, Ending::walked_away);
    INFO("ending " << int(ending));
    const auto& [ignored, keys, platform] = district();
    const Folder folder("kiosk");
    Kiosk kiosk(folder.path, keys, platform.url());
    const Search before(Wanted{personal.begin(), personal.end()});
    CHECK(Search(before).run()->empty());
    whole_visit(kiosk, ending);
    kiosk.engine->glass().wipe(); // the welcome screen that stands there now has texts to say
    CHECK(base::SessionArena::instance().in_use() == 0);
    report(*Search(Wanted{personal.begin(), personal.end()}).run());
    report(*Search(Wanted{&letters}).run());
    report(*Search(Wanted{&fetched_phone}).run());
}

TEST_CASE("no PIN of staff and nothing that staff saw is left in memory",
          "[flow][memory][staff][refusal][M1][M2][G9]") {
    if (!may_search()) return;
    const auto& [ignored, keys, platform] = district();
    const Folder folder("kiosk");
    Kiosk kiosk(folder.path, keys, platform.url());
    const Search all({&person_name, &id_number, &card_address, &typed_address, &phone, &staff_pin,
                      &seen_name, &seen_number});
    CHECK(Search(all).run()->empty());
    SECTION("after a log-out") {
        log_in_and_out(kiosk);
    }
    SECTION("after a visit with a witness") {
        witnessed_visit(kiosk);
    }
    SECTION("after a visit with another document") {
        visit_with_document(kiosk);
    }
    kiosk.engine->glass().wipe(); // the welcome screen that stands there now has texts to say
    CHECK(base::SessionArena::instance().in_use() == 0);
    report(*Search(all).run());
}

namespace {

std::vector<const Veiled*> all_forbidden() {
    return {forbidden.begin(), forbidden.end()};
}

[[gnu::noinline]] void come_to_card(Kiosk& kiosk, Visitor& visitor, const char* matter) {
    visitor.settle();
    for (const auto* id : {"attract/zh", matter, "actions/go"}) visitor.press(id);
    visitor.expect("card");
    kiosk.lay_card();
    base::wipe_stack_below();
    // The search is able: while the card lies there, the module has all of it.
    for (const auto* each : forbidden) {
        if (each == &ethnic_in_place) continue; // only while it is being sent
        INFO(each->name());
        CHECK(!Search({each}).run()->empty());
    }
}

// The card is read, asked for again, and lifted.
void read_and_lift(Kiosk& kiosk, Visitor& visitor, const char* matter) {
    come_to_card(kiosk, visitor, matter);
    visitor.wait(1s);
    visitor.expect("prefill_offer");
    CHECK(kiosk.reader.is_card_present().value()); // the answer carries the new address
    kiosk.sam.lift_card();
    base::wipe_stack_below();
}

[[gnu::noinline]] void leave(Visitor& visitor, app::Kiosk& kiosk) {
    kiosk.tell(session::Signal::leave);
    kiosk.tell(session::Signal::leave_confirmed);
    visitor.settle();
    visitor.wait(31s); // longer than a goodbye
    visitor.expect("attract");
}

} // namespace

TEST_CASE(
    "what nobody may know of a card is nowhere in memory once it is lifted, nor after the visit",
    "[flow][memory][refusal][D4.3][G6][F12]") {
    if (!may_search()) return;
    const auto& [ignored, keys, platform] = district();
    const Folder folder("kiosk");
    CHECK(Search(all_forbidden()).run()->empty());
    SECTION("in a matter whose photo nobody needs") {
        Kiosk kiosk(folder.path, keys, platform.url(), true);
        Visitor visitor(*kiosk.engine, kiosk.clock);
        read_and_lift(kiosk, visitor, "home/matter/elderly-allowance");
        report(*Search(all_forbidden()).run());
        leave(visitor, kiosk.engine->kiosk());
        report(*Search(all_forbidden()).run());
    }
    SECTION("from a module that sends fingerprints nobody asked for") {
        Kiosk kiosk(folder.path, keys, platform.url(), true);
        kiosk.sam.use_three_length_form(1024);
        Visitor visitor(*kiosk.engine, kiosk.clock);
        come_to_card(kiosk, visitor, "home/matter/pension-eligibility");
        visitor.wait(2s);
        visitor.expect("card"); // out of service, not read
        kiosk.sam.lift_card();
        base::wipe_stack_below();
        report(*Search(all_forbidden()).run());
        leave(visitor, kiosk.engine->kiosk());
        report(*Search(all_forbidden()).run());
    }
    SECTION("a photo that is kept for a face check goes with the visit, and alone is kept") {
        Kiosk kiosk(folder.path, keys, platform.url(), true);
        Visitor visitor(*kiosk.engine, kiosk.clock);
        read_and_lift(kiosk, visitor, "home/matter/pension-eligibility");
        const auto found = *Search(all_forbidden()).run();
        for (const auto& each : found) CHECK(each.what.starts_with("photo in"));
        CHECK(!Search({&chip_photo}).run()->empty());
        CHECK(kiosk.engine->kiosk().session().visit->chip_photo != nullptr);
        leave(visitor, kiosk.engine->kiosk());
        report(*Search(all_forbidden()).run());
    }
    SECTION("without a decoder no photo is kept, whatever the matter") {
        Kiosk kiosk(folder.path, keys, platform.url(), false);
        Visitor visitor(*kiosk.engine, kiosk.clock);
        read_and_lift(kiosk, visitor, "home/matter/pension-eligibility");
        report(*Search(all_forbidden()).run());
    }
}

TEST_CASE("a face check leaves neither photo nor frame, in memory or in any file",
          "[flow][memory][refusal][D4.4][P6][F12]") {
    if (!may_search()) return;
    const auto& [ignored, keys, platform] = district();
    const auto ending = GENERATE(FaceEnding::passed, FaceEnding::not_certain, FaceEnding::stopped);
    INFO(int(ending));
    const Folder folder("face");
    const std::vector<const Veiled*> traces{&chip_photo, &face_frame};
    CHECK(Search(traces).run()->empty());
    Kiosk kiosk(folder.path, keys, platform.url(), true);
    visit_with_face_check(kiosk, ending);
    report(*Search(traces).run());
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path)) {
        if (!entry.is_regular_file()) continue;
        const auto bytes = base::read_file(entry.path().string());
        REQUIRE(bytes);
        ++files;
        for (const auto* each : traces) {
            INFO(each->name() << " in " << entry.path());
            CHECK(base::as_text(*bytes).find(each->clear()) == std::string_view::npos);
        }
    }
    CHECK(files > 5); // outbox, log, events, journals
}
