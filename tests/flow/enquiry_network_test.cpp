// Goal: a platform that hangs holds nothing of a visit that ended, keeps nobody from calling for
// help, and never keeps anybody longer than the session waits. Method: the whole kiosk on its own
// threads with a line on which questions hang until they are cancelled; and the question alone with
// a line that takes its whole limit. Persons are synthetic (spec matters §9).
#include "kiosk/app/enquiries.hpp"
#include "tests/support/demo_kiosk.hpp"
#include "tests/support/sample_submission.hpp"

#include "drivers/manual_wait.hpp"

#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <semaphore>

namespace {

using namespace std::chrono_literals;
using base::Errc;
using platform::HttpRequest;
using platform::HttpResponse;
using session::Input;
using session::Signal;
using session::Step;

constexpr auto number = "K7M492XHT3QK"; // its check character fits
constexpr auto limit = 60s;             // only a test that fails waits so long

bool is_question(const HttpRequest& request) {
    return request.path.find("status-queries") != std::string::npos ||
           request.path.ends_with("/prefill");
}

// Wakes whoever waits for the kiosk.
struct Bell {
    std::mutex mutex;
    std::condition_variable rang;
    bool has_rung = false;
    void ring() {
        const std::lock_guard lock(mutex);
        has_rung = true;
        rang.notify_all();
    }
};

// What the lines of one kiosk saw.
struct Lines {
    Bell bell;
    std::counting_semaphore<> questions{0}; // that hang or hung
    std::atomic<int> calls = 0;             // for help
    std::atomic<int> given_up = 0;          // questions that somebody took back
};

// Questions hang until nobody wants an answer any more; the rest goes through.
class HangingLine final : public platform::HttpTransport {
public:
    HangingLine(std::unique_ptr<platform::HttpTransport> inner, Lines& lines)
        : inner_(std::move(inner)), lines_(lines) {}
    base::Result<HttpResponse> send(const HttpRequest& request, base::Milliseconds most) override {
        if (request.path.find("assistance") != std::string::npos) {
            ++lines_.calls;
            lines_.bell.ring();
        }
        if (!is_question(request)) return inner_->send(request, most);
        lines_.questions.release();
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any cancelled;
        cancelled.wait_for(lock, request.stop, limit, [] { return false; });
        if (request.stop.stop_requested()) ++lines_.given_up;
        return base::Error{Errc::cancelled, "a line that hangs"};
    }

private:
    std::unique_ptr<platform::HttpTransport> inner_;
    Lines& lines_;
};

// A kiosk as it runs on the counter.
struct Running {
    support::TemporaryFolder folder;
    base::SystemClock clock;
    base::SystemRandom random;
    Lines lines;
    std::unique_ptr<app::DemoWorld> world;
    std::unique_ptr<app::Engine> engine;

    Running() {
        app::EngineSettings settings;
        settings.config.assets_folder = "assets";
        settings.config.content_folder = "assets/content";
        settings.config.data_folder = folder.path();
        world = app::DemoWorld::open(settings.config, clock, drivers::real_wait(), random).value();
        settings.wrap_transport = [this](std::unique_ptr<platform::HttpTransport> inner) {
            return std::make_unique<HangingLine>(std::move(inner), lines);
        };
        engine = app::Engine::open(std::move(settings), world->devices(), clock, random).value();
        engine->on_arrival([this] { lines.bell.ring(); });
        engine->start();
    }
    ~Running() { engine.reset(); }

    app::Kiosk& kiosk() { return engine->kiosk(); }
    // As the window's loop: asleep until something arrives or the kiosk wants to be called again.
    template <typename Wanted> bool turn_until(Wanted wanted) {
        const auto until = clock.now() + limit;
        while (clock.now() < until) {
            kiosk().turn();
            engine->glass().draw({});
            if (wanted()) return true;
            const auto wake = std::min(kiosk().next_wake(), until);
            std::unique_lock lock(lines.bell.mutex);
            lines.bell.rang.wait_for(lock, wake - clock.now(), [&] { return lines.bell.has_rung; });
            lines.bell.has_rung = false;
        }
        return false;
    }
    void ask() {
        kiosk().tell({Signal::language_chosen, base::Language::zh});
        kiosk().tell(Signal::ask_progress);
        kiosk().tell({Signal::entry_changed, session::EntryInput{base::SecretText(number)}});
        kiosk().tell(Signal::go_on);
        kiosk().tell({Signal::way_chosen, session::ChoiceInput{std::string(session::proof_phone)}});
        kiosk().tell({Signal::entry_changed, session::EntryInput{base::SecretText("0000")}});
        kiosk().tell(Signal::go_on);
        REQUIRE(kiosk().session().step == Step::asking);
        kiosk().turn();
        REQUIRE(lines.questions.try_acquire_for(limit));
    }
    void fetch() {
        kiosk().tell({Signal::language_chosen, base::Language::zh});
        kiosk().tell({Signal::matter_chosen, session::ChoiceInput{"pension-eligibility"}});
        kiosk().tell(Signal::go_on);
        const auto* person = drivers::find_demo_person("pensioner");
        REQUIRE(person != nullptr);
        forms::CardValues card;
        card.name = base::SecretText(person->card.name);
        card.id_number = base::SecretText(person->card.number);
        kiosk().tell({Signal::card_read, session::CardInput{std::move(card)}});
        REQUIRE(kiosk().session().step == Step::prefill_offer);
        kiosk().turn();
        CHECK_FALSE(lines.questions.try_acquire()); // nobody has said yes
        kiosk().tell(Signal::agreed);
        REQUIRE(kiosk().session().step == Step::fetching);
        kiosk().turn();
        REQUIRE(lines.questions.try_acquire_for(limit));
    }
    std::string events() const {
        const auto bytes = base::read_file(folder.file("events.jsonl"));
        return bytes ? std::string(base::as_text(*bytes)) : "";
    }
};

// Answers what the test says, each after its whole limit.
class SlowLine final : public platform::HttpTransport {
public:
    SlowLine(base::ManualClock& clock, bool withdraws) : clock_(clock), withdraws_(withdraws) {}
    base::Result<HttpResponse> send(const HttpRequest& request, base::Milliseconds most) override {
        clock_.advance(most);
        if (request.path.ends_with("/withdrawal") && withdraws_)
            return HttpResponse{200, {}, base::to_bytes(R"({"state":"withdrawn"})")};
        if (is_question(request) && status_problem)
            return HttpResponse{status_problem->first, {}, base::to_bytes(status_problem->second)};
        return base::Error{Errc::timed_out, "a line that swallows everything"};
    }
    std::optional<std::pair<int, std::string>> status_problem;

private:
    base::ManualClock& clock_;
    bool withdraws_;
};

app::Question withdrawal() {
    app::Question question;
    question.kind = app::Question::Kind::withdrawal;
    question.serial = 7;
    question.number = number;
    question.proof = {platform::StatusProof::Kind::id_number,
                      base::SecretText("659999194003070013")};
    question.withdrawal = "6f1d0c9e";
    question.status.emplace();
    question.status->matter = "elderly-allowance";
    question.status->stages = {{session::RequestState::accepted, base::Date{2026y / 11 / 21}}};
    question.status->due = base::Date{2026y / 12 / 21};
    question.status->request = question.withdrawal;
    return question;
}

Errc code_of(const Input& answer) {
    REQUIRE(answer.signal == Signal::ask_failed);
    return std::get<session::AskFailedInput>(answer.payload).code;
}

} // namespace

TEST_CASE("a visit that ends while the platform hangs leaves nothing of its question behind",
          "[flow][enquiry][refusal][G5]") {
    Running running;
    running.ask();
    running.kiosk().tell(Signal::leave);
    running.kiosk().tell(Signal::leave_confirmed);
    REQUIRE(running.turn_until(
        [&] { return running.events().find("session_end") != std::string::npos; }));
    INFO(running.events());
    CHECK(running.events().find(R"("wiped":true)") != std::string::npos);
}

TEST_CASE("a visit that ends while pre-fill hangs takes its question back",
          "[flow][enquiry][prefill][refusal][G5]") {
    Running running;
    running.fetch();
    running.kiosk().tell(Signal::leave);
    running.kiosk().tell(Signal::leave_confirmed);
    // The goodbye asks the reader whether the card still lies there: not what is looked for here.
    REQUIRE(running.turn_until([&] { return !running.kiosk().facts().card_on_reader; }));
    running.kiosk().tell(Signal::done);
    REQUIRE(running.turn_until(
        [&] { return running.events().find("session_end") != std::string::npos; }));
    // Not "wiped" of the event: the platform of this test lives in the same process and may hold
    // something of its own at that moment. memory_test looks for the question's bytes.
    REQUIRE(running.turn_until([&] { return running.lines.given_up == 1; }));
}

TEST_CASE("a platform that swallows pre-fill lets people type within three seconds",
          "[flow][enquiry][prefill]") {
    support::DemoKiosk demo("prefill-network");
    SlowLine line(demo.clock, false);
    platform::Client client(line, demo.clock, std::nullopt);
    app::PrefillAsked asked;
    asked.serial = 7;
    asked.question.terms = {"person.phone"};
    const auto began = demo.clock.now();
    CHECK(code_of(app::answer_to(asked, client, {})) == Errc::timed_out);
    CHECK(demo.clock.now() - began < session::answer_limit);
}

TEST_CASE("a call for help never waits behind a question that hangs", "[flow][enquiry]") {
    Running running;
    running.ask();
    running.kiosk().tell(Signal::call_staff);
    CHECK(running.turn_until([&] { return running.lines.calls > 0; }));
}

TEST_CASE("a question asked again does not wait behind the one that nobody answered",
          "[flow][enquiry]") {
    Running running;
    running.ask();
    running.kiosk().tell(Signal::answer_due);
    REQUIRE(running.kiosk().session().step == Step::unanswered);
    running.kiosk().tell(Signal::go_on);
    REQUIRE(running.kiosk().session().step == Step::asking);
    running.kiosk().turn();
    CHECK(running.lines.questions.try_acquire_for(limit / 2));
}

TEST_CASE("what waits in this kiosk's own queue is told before the session gives up",
          "[flow][enquiry]") {
    support::DemoKiosk demo("enquiry-network");
    SlowLine line(demo.clock, false);
    platform::Client client(line, demo.clock, std::nullopt);
    auto& submitter = demo.engine->submitter();
    const auto waiting = support::opaque_submission(demo.random, demo.clock);
    REQUIRE((*submitter.another_connection())->enqueue(waiting).has_value());
    app::Question question;
    question.number = waiting.receipt_no;
    const auto began = demo.clock.now();
    const auto answer = app::answer_to(question, client, submitter, {});
    CHECK(demo.clock.now() - began < session::answer_limit);
    REQUIRE(answer.signal == Signal::status_answered);
    CHECK(std::get<session::StatusInput>(answer.payload).status.now().state ==
          session::RequestState::waiting);
    question.number = number; // nobody's
    CHECK(code_of(app::answer_to(question, client, submitter, {})) == Errc::timed_out);
}

TEST_CASE("a request refused after it was received is found by its number, with the reason, and "
          "counts on the staff page; papers refused later count there too",
          "[flow][enquiry][refusal][G20]") {
    // Goal: nobody learns of it by chance alone. Method: they are set aside as the uploader does
    // it; the numbers are asked at the kiosk, and staff look at their page.
    support::DemoKiosk demo("enquiry-refused");
    SlowLine line(demo.clock, false);
    platform::Client nobody(line, demo.clock, std::nullopt);
    auto& submitter = demo.engine->submitter();
    const auto box = submitter.another_connection().value();
    const auto answer_for = [&](const std::string& receipt_no) {
        app::Question question;
        question.number = receipt_no;
        return app::answer_to(question, nobody, submitter, {});
    };
    struct Row {
        outbox::QuarantineReason reason;
        const char* told;
    };
    int count = 0;
    for (const auto& row : {Row{outbox::QuarantineReason::answers_invalid, "answers"},
                            Row{outbox::QuarantineReason::matter_closed, "closed"},
                            Row{outbox::QuarantineReason::damaged, "other"}}) {
        const auto request = support::opaque_submission(demo.random, demo.clock);
        REQUIRE(box->enqueue(request));
        REQUIRE(box->quarantine(request.key, row.reason));
        ++count;
        const auto answer = answer_for(request.receipt_no);
        REQUIRE(answer.signal == Signal::status_answered);
        const auto& status = std::get<session::StatusInput>(answer.payload).status;
        CHECK(status.now().state == session::RequestState::refused);
        CHECK(status.reason == row.told);
        CHECK(demo.engine->content().has_text("reason." + status.reason));
        // The queue tells nothing but that, and takes nothing back.
        CHECK(status.matter.empty());
        CHECK(status.request.empty());
    }
    auto papers = support::opaque_submission(demo.random, demo.clock);
    papers.supplements = "a-request";
    REQUIRE(box->enqueue(papers));
    REQUIRE(box->quarantine(papers.key, outbox::QuarantineReason::not_wanted));
    CHECK(code_of(answer_for(papers.receipt_no)) == Errc::timed_out);
    // The heartbeat counts at least every six minutes; staff who log in, at once.
    demo.wait(10min);
    REQUIRE(demo.engine->staff() != nullptr);
    const auto overview = demo.engine->staff()->overview(demo.kiosk().facts());
    CHECK(overview.quarantined == count + 1);
    CHECK(overview.refused == 2);
    CHECK(overview.refused_papers == 1);
}

TEST_CASE("what was taken back is shown as taken back, whatever the question behind it brings",
          "[flow][enquiry]") {
    support::DemoKiosk demo("enquiry-network");
    SlowLine line(demo.clock, true);
    platform::Client client(line, demo.clock, std::nullopt);
    using Problem = std::pair<int, std::string>;
    for (const auto& problem : {std::optional<Problem>(),
                                {{403, R"({"type":"/problems/proof-wrong"})"}},
                                {{429, R"({"type":"/problems/too-many-proofs"})"}},
                                {{200, "{}"}}}) {
        line.status_problem = problem;
        const auto began = demo.clock.now();
        const auto answer = app::answer_to(withdrawal(), client, demo.engine->submitter(), {});
        CHECK(demo.clock.now() - began < session::withdrawal_limit);
        REQUIRE(answer.signal == Signal::status_answered);
        const auto& told = std::get<session::StatusInput>(answer.payload);
        CHECK(told.serial == 7);
        CHECK(told.status.now().state == session::RequestState::withdrawn);
        CHECK(told.status.stages.size() == 2);
        CHECK(told.status.request.empty());
        CHECK_FALSE(told.status.due);
    }
    // Nothing was said of the withdrawal itself: nobody knows.
    SlowLine silent(demo.clock, false);
    platform::Client nobody(silent, demo.clock, std::nullopt);
    CHECK(code_of(app::answer_to(withdrawal(), nobody, demo.engine->submitter(), {})) ==
          Errc::timed_out);
}
