// What becomes of a receipt between the core and the printer: both journals, marks, void notes, a
// disk that fails, and what a run that ended left behind.
#include "kiosk/outbox/print_journal.hpp"
#include "kiosk/present/receipt.hpp"
#include "tests/support/demo_kiosk.hpp"
#include "tests/support/memory_print_journal.hpp"

#include <catch2/catch.hpp>

namespace {

using base::Errc;
using outbox::JobState;
using namespace std::chrono_literals;

constexpr const char* number = "K7M492XHT3QC";

printer::Document slip() {
    printer::Document document;
    for (int i = 0; i < 12; ++i)
        document.add(printer::Paragraph{{base::SecretText("阿依古丽的回执 تالون"), {}},
                                        printer::Size::large});
    return document;
}

struct Desk {
    explicit Desk(const std::function<void(config::Config&)>& change = {})
        : demo("printing_test", change), unit(demo.world->paper_printer),
          printing(demo.engine->printing()) {}

    base::Result<void> print() { return printing.print("no-such-key", number, slip(), {}); }
    base::Result<void> print_copy() {
        return printing.print_copy(number,
                                   [this](int copy) {
                                       copies.push_back(copy);
                                       return slip();
                                   },
                                   {});
    }
    app::PrinterReport report() {
        auto report = printing.report(10);
        REQUIRE(report);
        return std::move(*report);
    }
    std::size_t slips_torn_off() { return unit.tear().size(); }

    support::DemoKiosk demo;
    drivers::SimulatedPrinter& unit;
    app::Printing& printing;
    std::vector<int> copies;
};

} // namespace

TEST_CASE("a receipt that came out is told, counted and not printed twice",
          "[flow][receipt][refusal][G22]") {
    Desk desk;
    REQUIRE(desk.print());
    const auto report = desk.report();
    REQUIRE(report.jobs.size() == 1);
    CHECK(report.jobs[0].state == JobState::printed);
    CHECK(report.jobs[0].receipt_no == number);
    CHECK(report.paper.cuts == 1);
    CHECK(report.paper.dots > 12 * 24);
    CHECK(report.paper.roll_dots == report.paper.dots);
    CHECK(desk.slips_torn_off() == 1);
    CHECK(desk.print().error().code == Errc::conflict); // never a second one without a mark
    CHECK(desk.slips_torn_off() == 0);
    REQUIRE(desk.print_copy());
    REQUIRE(desk.print_copy());
    CHECK(desk.copies == std::vector{1, 2});
    CHECK(desk.slips_torn_off() == 2);
}

TEST_CASE("the slip of papers that were brought later comes out beside the request's own",
          "[flow][receipt][supplement]") {
    Desk desk;
    const auto print_papers = [&](const char* key) {
        return desk.printing.print(key, number, slip(), {}, app::Printing::Slip::supplement);
    };
    REQUIRE(print_papers("brought")); // the request was made at another kiosk
    CHECK(desk.print().error().code == Errc::conflict);
    REQUIRE(print_papers("brought-once-more"));
    CHECK(desk.slips_torn_off() == 2);
    REQUIRE(desk.print_copy());
    CHECK(desk.copies == std::vector{2}); // a number that no slip of this request has
    CHECK(desk.report().jobs.size() == 3);
}

TEST_CASE("where the paper ended, a void note comes before anything else",
          "[flow][receipt][refusal][G22]") {
    Desk desk;
    desk.unit.paper_runs_out_after(150);
    CHECK(desk.print().error().code == Errc::paper_out);
    CHECK(desk.report().state == printer::State::paper_out);
    REQUIRE(desk.report().jobs.size() == 1);
    CHECK(desk.report().jobs[0].owes_void_note);
    desk.printing.end_visit();
    // The next visit's receipt does not come out behind it while nobody has looked.
    desk.unit.load_paper();
    CHECK(desk.printing.print("other", "K7P3C4TT9ZEB", slip(), {}).error().code == Errc::device);
    desk.demo.wait(15s);
    CHECK_FALSE(desk.demo.kiosk().facts().printer_ok); // and staff are told
    REQUIRE(desk.printing.roll_replaced({}));
    CHECK_FALSE(desk.report().may_come_out_later);
    for (const auto& job : desk.report().jobs) CHECK_FALSE(job.owes_void_note);
    CHECK(desk.report().paper.roll_dots < desk.report().paper.dots);
    desk.demo.wait(15s);
    CHECK(desk.demo.kiosk().facts().printer_ok);
    REQUIRE(desk.print_copy());
    CHECK(desk.copies == std::vector{1}); // something of the first may be in a hand
}

TEST_CASE("however a visit ends, nothing of it comes out in the next one",
          "[flow][receipt][refusal][G22]") {
    const bool walks_away = GENERATE(false, true);
    INFO("walks away " << walks_away);
    Desk desk;
    desk.demo.tap("attract/zh");
    REQUIRE(desk.demo.screen() == "home");
    desk.unit.paper_runs_out_after(150);
    REQUIRE(desk.print().error().code == Errc::paper_out);
    if (walks_away) {
        desk.demo.wait(10min);
    } else {
        desk.demo.tap("rail/leave");
        if (desk.demo.find("leave/end") != nullptr) desk.demo.tap("leave/end");
        desk.demo.wait(2s);
    }
    REQUIRE(desk.demo.screen() == "attract");
    CHECK(desk.report().may_come_out_later);
    desk.unit.load_paper();
    desk.demo.tap("attract/zh");
    CHECK(desk.printing.print("other", "K7P3C4TT9ZEB", slip(), {}).error().code == Errc::device);
    REQUIRE(desk.printing.roll_replaced({})); // staff has looked
    CHECK(desk.printing.print("other", "K7P3C4TT9ZEB", slip(), {}));
}

TEST_CASE("a kiosk that cannot note what it prints prints nothing, until it can",
          "[flow][receipt]") {
    std::filesystem::path journal;
    Desk desk([&](config::Config& config) {
        journal = config.print_journal_file();
        std::filesystem::create_directories(journal); // where the file should be
    });
    CHECK_FALSE(desk.print());
    CHECK(desk.slips_torn_off() == 0);
    CHECK_FALSE(desk.printing.report(10));
    CHECK_FALSE(desk.demo.kiosk().facts().printer_ok);
    std::filesystem::remove(journal);
    CHECK(desk.print());
    CHECK(desk.slips_torn_off() == 1);
}

TEST_CASE("what a run left half printed is voided on paper at the next start",
          "[flow][receipt][refusal][G22]") {
    const base::SystemClock clock;
    Desk desk([&](config::Config& config) {
        std::filesystem::create_directories(config.data_folder);
        auto journal = outbox::SqlitePrintJournal::open(config.print_journal_file(), clock).value();
        const auto id = journal->queue("key", number, 0).value();
        REQUIRE(journal->note_sending(id, 0));
    });
    desk.demo.wait(1s);
    const auto report = desk.report();
    REQUIRE(report.jobs.size() == 1);
    CHECK(report.jobs[0].state == JobState::unknown);
    CHECK_FALSE(report.jobs[0].owes_void_note);
    CHECK(desk.slips_torn_off() == 1); // the note
    CHECK(desk.print().error().code == Errc::conflict);
}

TEST_CASE("between visits the printer is asked, and what is wrong is known and forgotten again",
          "[flow][receipt]") {
    Desk desk;
    desk.demo.wait(1s);
    CHECK(desk.demo.kiosk().facts().printer_ok);
    desk.unit.open_cover();
    desk.demo.wait(15s);
    CHECK_FALSE(desk.demo.kiosk().facts().printer_ok);
    CHECK(desk.demo.kiosk().facts().printer == printer::State::cover_open);
    desk.unit.close_cover();
    desk.demo.wait(15s);
    CHECK(desk.demo.kiosk().facts().printer_ok);
    CHECK(desk.demo.kiosk().facts().printer == printer::State::ready);
}

TEST_CASE("a test slip is no receipt", "[flow][receipt]") {
    Desk desk;
    const auto document = present::test_slip(desk.demo.engine->content(), desk.demo.clock.wall());
    REQUIRE(desk.printing.print_test(document, {}));
    CHECK(desk.slips_torn_off() == 1);
    CHECK(desk.report().jobs.empty());
    CHECK(desk.report().paper.cuts == 1);
    desk.unit.paper_runs_out_after(150);
    CHECK(desk.printing.print_test(document, {}).error().code == Errc::paper_out);
    // Its rest would come out in front of somebody's receipt.
    desk.unit.load_paper();
    CHECK(desk.print().error().code == Errc::device);
    REQUIRE(desk.printing.print_test(document, {}));
    CHECK(desk.print_copy());
}

TEST_CASE("a presenter's slip is taken, or goes back inside when the visit ends",
          "[flow][receipt][refusal][G22]") {
    Desk desk([](config::Config& config) { config.printer_profile = "kiosk-presenter-80"; });
    REQUIRE(desk.print());
    CHECK(desk.unit.is_at_mouth());
    const bool is_taken = GENERATE(true, false);
    if (is_taken) CHECK(desk.unit.take_from_mouth().size() == 1);
    desk.printing.end_visit();
    CHECK_FALSE(desk.unit.is_at_mouth());
    CHECK(desk.unit.taken_back() == (is_taken ? 0 : 1));
    const auto report = desk.report();
    REQUIRE(report.jobs.size() == 1);
    CHECK(report.jobs[0].state == (is_taken ? JobState::taken : JobState::retracted));
    CHECK(desk.unit.rubbish() == 0);
    // Whoever comes later and asks for it gets a marked one.
    REQUIRE(desk.print_copy());
    CHECK(desk.copies == std::vector{1});
}

TEST_CASE("a slip that a run left at the mouth goes back inside at the start",
          "[flow][receipt][refusal][G22]") {
    Desk desk([](config::Config& config) { config.printer_profile = "kiosk-presenter-80"; });
    REQUIRE(desk.print());
    REQUIRE(desk.unit.is_at_mouth());
    // As a program that begins anew would find it.
    drivers::EscposPrinter driver(desk.unit);
    const auto profile = printer::find_profile("kiosk-presenter-80").value();
    test::MemoryPrintJournal journal;
    app::PrintJobs jobs(driver, profile, journal,
                        [](const std::string&, std::uint32_t) -> base::Result<app::JobStream> {
                            return base::Error{Errc::unsupported, "no note is owed"};
                        });
    REQUIRE(jobs.take_over_after_start());
    CHECK_FALSE(desk.unit.is_at_mouth());
    CHECK(desk.unit.taken_back() == 1);
}
