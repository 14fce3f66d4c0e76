// Goal: what people ask of the platform without a form keeps its promises: the state of a request
// for whoever can show that it is theirs, a withdrawal after one question, to-dos only when asked;
// and Back loses nothing anywhere. Method: the pure session and the shipped content; the platform
// answers what each test says. All people are synthetic.
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/outbox/receipt_number.hpp"
#include "tests/support/session_visitor.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using session::ChoiceInput;
using session::EffectKind;
using session::Enquiry;
using session::Proof;
using session::RequestState;
using session::Signal;
using session::Step;
using session::Trouble;

namespace {

using namespace test;
using namespace std::chrono_literals;

constexpr auto number = "K7M492XHT3QK"; // its check character fits
constexpr auto request_key = "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01";
const base::Date today{std::chrono::year{2026} / 11 / 22};

session::RequestStatus status_in(RequestState state, std::string withdrawal = "") {
    session::RequestStatus status;
    status.matter = "elderly-allowance";
    status.stages = {{RequestState::accepted, today}};
    if (state != RequestState::accepted) status.stages.push_back({state, today});
    status.request = std::move(withdrawal);
    return status;
}

// Every answer of a visit, as it stands there.
std::vector<std::pair<std::string, forms::Value>> answers_of(const Visitor& visitor) {
    std::vector<std::pair<std::string, forms::Value>> answers;
    for (const auto& id : visitor.visit().answers.ids())
        answers.emplace_back(id, visitor.visit().answers.find(id)->value);
    return answers;
}

// A person who asks, and a platform that says what the test wants.
struct Asker : Visitor {
    Asker() { REQUIRE(send({Signal::language_chosen, base::Language::zh})); }
    Enquiry& enquiry() { return *session.enquiry; }
    bool type(std::string_view text) {
        return send({Signal::entry_changed, session::EntryInput{base::SecretText(text)}});
    }
    bool choose(std::string_view way) {
        return send({Signal::way_chosen, ChoiceInput{std::string(way)}});
    }
    bool answer(session::RequestStatus status) {
        return send(
            {Signal::status_answered, session::StatusInput{enquiry().serial, std::move(status)}});
    }
    bool fail(base::Errc code) {
        return send({Signal::ask_failed, session::AskFailedInput{enquiry().serial, code}});
    }
    bool list(std::vector<session::Todo> todos) {
        return send(
            {Signal::todos_answered, session::TodosInput{enquiry().serial, std::move(todos)}});
    }
    void to_proof() {
        REQUIRE(send(Signal::ask_progress));
        REQUIRE(type(number));
        REQUIRE(send(Signal::go_on));
        REQUIRE(session.step == Step::proof);
    }
    void ask_by_phone(std::string_view tail = "0000") {
        REQUIRE(choose(session::proof_phone));
        REQUIRE(type(tail));
        REQUIRE(send(Signal::go_on));
    }
    void ask_by_card() {
        REQUIRE(choose(session::proof_card));
        REQUIRE(session.step == Step::show_card);
        REQUIRE(lay_card(card_born("1940-03-07")));
    }
};

} // namespace

TEST_CASE("a number is tested as it is typed, and only a whole one goes on", "[flow][enquiry]") {
    Asker asker;
    REQUIRE(asker.send(Signal::ask_progress));
    for (std::size_t typed = 0; typed < session::number_length; ++typed) {
        INFO(typed);
        REQUIRE(asker.type(std::string_view(number).substr(0, typed)));
        CHECK_FALSE(asker.send(Signal::go_on));
    }
    // Any other last character: the check character does not fit.
    for (const char last : outbox::receipt_alphabet) {
        if (last == number[11]) continue;
        REQUIRE(asker.type(std::string(number, 11) + last));
        CHECK_FALSE(asker.send(Signal::go_on));
    }
    for (const auto* text : {"K7M492XHT3QKK", "k7m4", "O0I1", "K7M4-92XH", " "})
        CHECK_FALSE(asker.type(text));
    REQUIRE(asker.type(number));
    CHECK(asker.send(Signal::go_on));
    CHECK(asker.session.step == Step::proof);
    CHECK_FALSE(asker.asked_for(EffectKind::ask_platform));
}

TEST_CASE("the platform is asked after a proof, whichever the person chooses", "[flow][enquiry]") {
    SECTION("card") {
        Asker asker;
        asker.to_proof();
        CHECK_FALSE(asker.asked_for(EffectKind::start_card));
        asker.ask_by_card();
        CHECK(asker.session.step == Step::asking);
        CHECK(asker.enquiry().proof == Proof::card);
        CHECK(asker.count(EffectKind::start_card) == 1);
        CHECK(asker.count(EffectKind::stop_card) == 1);
    }
    SECTION("telephone") {
        Asker asker;
        asker.to_proof();
        REQUIRE(asker.choose(session::proof_phone));
        for (const auto* wrong : {"12345", "12a4", "X"}) CHECK_FALSE(asker.type(wrong));
        REQUIRE(asker.type("000"));
        CHECK_FALSE(asker.send(Signal::go_on));
        REQUIRE(asker.type("0000"));
        REQUIRE(asker.send(Signal::go_on));
        CHECK(asker.session.step == Step::asking);
        CHECK_FALSE(asker.asked_for(EffectKind::start_card));
    }
    SECTION("an anonymous report") {
        Asker asker;
        asker.to_proof();
        REQUIRE(asker.choose(session::proof_none));
        CHECK(asker.session.step == Step::asking);
        CHECK_FALSE(asker.asked_for(EffectKind::start_card));
    }
}

TEST_CASE("every answer and every silence of the platform leads on and back",
          "[flow][enquiry][refusal][G20]") {
    struct Row {
        base::Errc code;
        Trouble trouble;
        Step back;
    };
    for (const auto& row : {Row{base::Errc::not_found, Trouble::unknown_number, Step::number},
                            Row{base::Errc::unauthorised, Trouble::wrong_proof, Step::proof},
                            Row{base::Errc::locked, Trouble::too_many, Step::number},
                            Row{base::Errc::unreachable, Trouble::unreachable, Step::number},
                            Row{base::Errc::busy, Trouble::unreachable, Step::number},
                            Row{base::Errc::refused, Trouble::unreachable, Step::number},
                            Row{base::Errc::bad_frame, Trouble::unreachable, Step::number}}) {
        INFO(base::to_string(row.code));
        Asker asker;
        asker.to_proof();
        asker.ask_by_phone();
        REQUIRE(asker.fail(row.code));
        REQUIRE(asker.session.step == Step::unanswered);
        CHECK(asker.enquiry().trouble == row.trouble);
        CHECK(asker.send(Signal::go_on) == session::can_ask_again(row.trouble));
        if (asker.session.step == Step::asking) REQUIRE(asker.fail(row.code));
        REQUIRE(asker.send(Signal::back));
        CHECK(asker.session.step == row.back);
        CHECK(asker.enquiry().number.view() == number); // nothing is typed twice
    }
    // A request that was refused later is found by its number, with the reason.
    Asker asker;
    asker.to_proof();
    asker.ask_by_phone();
    auto refused = status_in(RequestState::refused);
    refused.reason = "conditions";
    REQUIRE(asker.answer(refused));
    CHECK(asker.session.step == Step::status);
    CHECK(asker.enquiry().status->reason == "conditions");
}

TEST_CASE("after three seconds without an answer the person is told, and a late answer is none",
          "[flow][enquiry]") {
    Asker asker;
    asker.to_proof();
    asker.ask_by_phone();
    const auto deadline = session::next_deadline(asker.session);
    REQUIRE(deadline);
    CHECK(deadline->signal == Signal::answer_due);
    CHECK(deadline->at == asker.session.entered + 3s);
    const auto late = asker.enquiry().serial;
    REQUIRE(asker.send(Signal::answer_due));
    CHECK(asker.enquiry().trouble == Trouble::slow);
    REQUIRE(asker.send(Signal::go_on)); // once more
    REQUIRE(asker.session.step == Step::asking);
    CHECK_FALSE(asker.send(
        {Signal::status_answered, session::StatusInput{late, status_in(RequestState::done)}}));
    CHECK_FALSE(
        asker.send({Signal::ask_failed, session::AskFailedInput{late, base::Errc::not_found}}));
    CHECK(asker.session.step == Step::asking);
}

TEST_CASE("after three proofs that do not fit staff help, also after going home and back",
          "[flow][enquiry][refusal][G8]") {
    Asker asker;
    for (int tries = 1; tries <= session::wrong_proof_limit; ++tries) {
        asker.to_proof();
        asker.ask_by_phone();
        REQUIRE(asker.session.step == Step::asking);
        REQUIRE(asker.fail(base::Errc::unauthorised));
        const bool is_last = tries == session::wrong_proof_limit;
        CHECK(asker.enquiry().trouble == (is_last ? Trouble::too_many : Trouble::wrong_proof));
        CHECK(asker.enquiry().phone_tail.empty()); // a wrong one is not offered again
        REQUIRE(asker.send(Signal::back));
        while (asker.session.step != Step::home) REQUIRE(asker.send(Signal::back));
    }
    asker.effects.clear();
    for (const auto way : {session::proof_none, session::proof_card}) {
        asker.to_proof();
        REQUIRE(asker.choose(way));
        if (asker.session.step == Step::show_card) REQUIRE(asker.lay_card(card_born("1940-03-07")));
        CHECK(asker.session.step == Step::unanswered);
        CHECK(asker.enquiry().trouble == Trouble::too_many);
        while (asker.session.step != Step::home) REQUIRE(asker.send(Signal::back));
    }
    CHECK_FALSE(asker.asked_for(EffectKind::ask_platform));
}

TEST_CASE("a request is taken back with its card, after one question, and twice is once",
          "[flow][enquiry]") {
    Asker asker;
    asker.to_proof();
    asker.ask_by_card();
    REQUIRE(asker.answer(status_in(RequestState::accepted, request_key)));
    REQUIRE(asker.send(Signal::withdraw));
    CHECK(asker.session.step == Step::withdraw);
    CHECK(asker.count(EffectKind::ask_platform) == 1); // nothing has been asked of it yet
    REQUIRE(asker.send(Signal::back));                 // no, leave it
    CHECK(asker.session.step == Step::status);
    REQUIRE(asker.send(Signal::withdraw));
    REQUIRE(asker.send(Signal::withdraw_confirmed));
    CHECK(asker.session.step == Step::asking);
    CHECK(asker.enquiry().withdraws);
    // Two exchanges: it is carried out, and the state behind it is asked.
    CHECK(session::next_deadline(asker.session)->at ==
          asker.session.entered + session::withdrawal_limit);
    CHECK_FALSE(asker.send(Signal::back)); // it may have been carried out already

    SECTION("it is withdrawn") {
        REQUIRE(asker.answer(status_in(RequestState::withdrawn)));
        CHECK(asker.session.step == Step::status);
        CHECK_FALSE(asker.enquiry().withdraws);
        CHECK_FALSE(asker.send(Signal::withdraw));
    }
    SECTION("no answer: asked again, or looked up anew, never shown as it was before") {
        REQUIRE(asker.fail(base::Errc::unreachable));
        REQUIRE(asker.send(Signal::go_on));
        CHECK(asker.enquiry().withdraws);
        REQUIRE(asker.send(Signal::answer_due));
        REQUIRE(asker.send(Signal::back));
        CHECK(asker.session.step == Step::proof);
        CHECK_FALSE(asker.enquiry().withdraws);
    }
    SECTION("too late") {
        REQUIRE(asker.fail(base::Errc::conflict));
        CHECK(asker.enquiry().trouble == Trouble::too_late);
        CHECK_FALSE(asker.send(Signal::go_on));
        CHECK(asker.send(Signal::back));
    }
}

TEST_CASE("without the card, or without the platform's leave, nothing can be taken back",
          "[flow][enquiry][refusal][G8]") {
    Asker by_phone;
    by_phone.to_proof();
    by_phone.ask_by_phone();
    REQUIRE(by_phone.answer(status_in(RequestState::accepted, request_key)));
    CHECK_FALSE(by_phone.send(Signal::withdraw));

    for (const auto state : {RequestState::accepted, RequestState::in_review, RequestState::done}) {
        Asker by_card;
        by_card.to_proof();
        by_card.ask_by_card();
        REQUIRE(by_card.answer(status_in(state)));
        CHECK_FALSE(by_card.send(Signal::withdraw));
        CHECK_FALSE(by_card.send(Signal::withdraw_confirmed));
    }
}

TEST_CASE("a card that was shown in this visit is not asked for again, unless it did not fit",
          "[flow][enquiry]") {
    Asker asker;
    asker.to_proof();
    asker.ask_by_card();
    REQUIRE(asker.answer(status_in(RequestState::accepted)));
    REQUIRE(asker.send(Signal::back));
    REQUIRE(asker.send(Signal::go_on));
    REQUIRE(asker.choose(session::proof_card));
    CHECK(asker.session.step == Step::asking);
    REQUIRE(asker.fail(base::Errc::unauthorised));
    REQUIRE(asker.send(Signal::back));
    REQUIRE(asker.choose(session::proof_card)); // somebody else's: lay down the right one
    CHECK(asker.session.step == Step::show_card);
    REQUIRE(asker.send(Signal::back));
    REQUIRE(asker.send(Signal::back));
    REQUIRE(asker.session.step == Step::number);
    REQUIRE(asker.type("K7M4"));
    REQUIRE(asker.type(number)); // another number: it may be that person's
    REQUIRE(asker.send(Signal::go_on));
    REQUIRE(asker.choose(session::proof_card));
    CHECK(asker.session.step == Step::asking);
    REQUIRE(asker.answer(status_in(RequestState::accepted)));
    REQUIRE(asker.send(Signal::back));
    REQUIRE(asker.send(Signal::back));
    REQUIRE(asker.session.step == Step::home);
    REQUIRE(asker.send(Signal::ask_todos));
    CHECK(asker.session.step == Step::asking);
    REQUIRE(asker.list({}));
    CHECK(asker.session.step == Step::todos);
    CHECK(asker.count(EffectKind::start_card) == 2);

    Asker another; // nothing of it is left in the next visit
    REQUIRE(another.send(Signal::ask_todos));
    CHECK(another.session.step == Step::show_card);
}

TEST_CASE("to-dos are shown only when asked, only of the active set, and are never printed",
          "[flow][enquiry][refusal][G11]") {
    Asker asker;
    REQUIRE(asker.send(Signal::ask_todos));
    CHECK(asker.session.step == Step::show_card);
    REQUIRE(asker.lay_card(card_born("1940-03-07")));
    REQUIRE(asker.session.step == Step::asking);
    // A status is no answer to this question, and a to-do none to the other.
    CHECK_FALSE(asker.answer(status_in(RequestState::accepted)));
    const base::Date later{std::chrono::year{2026} / 12 / 31};
    REQUIRE(asker.list({{"pension-eligibility", later},
                        {"come to the counter, room 5", today},
                        {"elderly-allowance", today},
                        {"", today}}));
    REQUIRE(asker.session.step == Step::todos);
    const std::vector<session::Todo> wanted{{"elderly-allowance", today},
                                            {"pension-eligibility", later}};
    CHECK(asker.enquiry().todos == wanted); // the next one first
    for (const auto signal : {Signal::print_copy, Signal::withdraw, Signal::go_on})
        CHECK_FALSE(asker.send(signal));
    CHECK_FALSE(asker.asked_for(EffectKind::print_copy));
    CHECK_FALSE(asker.asked_for(EffectKind::print_receipt));

    // A matter begins from there, with the card that was shown; back leads to the list.
    REQUIRE(asker.send({Signal::matter_chosen, ChoiceInput{"elderly-allowance"}}));
    REQUIRE(asker.send(Signal::back));
    CHECK(asker.session.step == Step::todos);
    CHECK(asker.enquiry().todos == wanted);
    REQUIRE(asker.send({Signal::matter_chosen, ChoiceInput{"elderly-allowance"}}));
    REQUIRE(asker.send(Signal::go_on));
    fill_in(asker, card_born("1940-03-07"));
    CHECK(asker.session.step == Step::submitting);
    CHECK_FALSE(asker.steps.contains(Step::card));

    // Whoever asks for the state of a request is shown no to-do, and nobody asks for any.
    Asker other;
    other.to_proof();
    other.ask_by_card();
    CHECK_FALSE(other.list({{"elderly-allowance", today}}));
    REQUIRE(other.answer(status_in(RequestState::accepted)));
    CHECK(other.enquiry().todos.empty());
}

TEST_CASE("a copy is printed once for each look, of the request and of nothing else",
          "[flow][enquiry]") {
    Asker asker;
    asker.to_proof();
    asker.ask_by_phone();
    REQUIRE(asker.answer(status_in(RequestState::accepted)));
    REQUIRE(asker.send(Signal::print_copy));
    CHECK_FALSE(asker.send(Signal::print_copy));
    CHECK(asker.count(EffectKind::print_copy) == 1);
    REQUIRE(asker.send(Signal::receipt_printed));
    CHECK(asker.session.taken.receipt); // goodbye reminds of it
    CHECK_FALSE(asker.asked_for(EffectKind::print_receipt));
}

TEST_CASE("home, leaving and idleness wipe what was asked and what was answered",
          "[flow][enquiry][refusal][P9]") {
    for (const auto end : {Signal::leave_confirmed, Signal::idle_expired}) {
        for (int actions = 0; actions < 6; ++actions) {
            INFO(actions << " " << to_string(end));
            Asker asker;
            const auto act_once = [&](int which) {
                if (which == 0) REQUIRE(asker.send(Signal::ask_progress));
                if (which == 1) REQUIRE(asker.type(number));
                if (which == 2) REQUIRE(asker.send(Signal::go_on));
                if (which == 3) asker.ask_by_card();
                if (which == 4) REQUIRE(asker.answer(status_in(RequestState::accepted)));
            };
            for (int i = 0; i < actions; ++i) act_once(i);
            REQUIRE(asker.send(end == Signal::idle_expired ? Signal::idle : Signal::leave));
            REQUIRE(asker.send(end));
            CHECK_FALSE(asker.session.enquiry.has_value());
            CHECK_FALSE(asker.session.card.has_value());
            if (asker.session.step == Step::goodbye) REQUIRE(asker.send(Signal::done));
            REQUIRE(asker.session.step == Step::wipe);
            REQUIRE(asker.send(Signal::wiped));
            CHECK(asker.session.wrong_proofs == 0);
        }
    }
    Asker asker;
    asker.to_proof();
    while (asker.session.step != Step::home) REQUIRE(asker.send(Signal::back));
    CHECK_FALSE(asker.session.enquiry.has_value());
}

TEST_CASE("groups, notices and hours lead back home, and a matter of a group to its group",
          "[flow][session]") {
    Asker asker;
    for (const auto signal : {Signal::show_groups, Signal::show_notices, Signal::show_hours}) {
        REQUIRE(asker.send(signal));
        REQUIRE(asker.send(Signal::back));
        CHECK(asker.session.step == Step::home);
    }
    for (const auto& group : shipped()->groups()) {
        INFO(group.id);
        REQUIRE(asker.send(Signal::show_groups));
        CHECK_FALSE(asker.send({Signal::group_chosen, ChoiceInput{"no such group"}}));
        REQUIRE(asker.send({Signal::group_chosen, ChoiceInput{group.id}}));
        const auto inside = shipped()->matters_in(group.id);
        REQUIRE_FALSE(inside.empty());
        REQUIRE(asker.send({Signal::matter_chosen, ChoiceInput{inside.front()->id}}));
        REQUIRE(asker.session.step == Step::notice);
        REQUIRE(asker.send(Signal::back));
        CHECK(asker.session.step == Step::group);
        CHECK(asker.session.group == group.id);
        REQUIRE(asker.send(Signal::back));
        REQUIRE(asker.send(Signal::back));
        CHECK(asker.session.step == Step::home);
    }
}

TEST_CASE("Back to the beginning and forward again keeps every answer", "[flow][session][back]") {
    for (const auto& matter : matters) {
        Visitor visitor;
        visitor.begin(matter);
        go_to(visitor, Step::review, card_born("1940-03-07"));
        const auto before = answers_of(visitor);
        const auto pages = visitor.visit().pages.size();
        int back = 0;
        while (visitor.session.step != Step::notice) {
            INFO(matter << " at " << to_string(visitor.session.step) << " "
                        << visitor.visit().field);
            // From "is this you?" Back leads to the reader: another card may be laid down.
            REQUIRE(visitor.send(Signal::back));
            REQUIRE(++back < 60);
        }
        CHECK(back > 3);
        // Forward without a word typed: what was answered still stands there.
        const auto forward_once = [&] {
            const auto step = visitor.session.step;
            if (step == Step::card) return visitor.lay_card(card_born("1940-03-07"));
            if (step == Step::scan) return visitor.send(Signal::another_way);
            if (step == Step::pages) return visitor.send(Signal::pages_done);
            if (step == Step::identity)
                return visitor.send(
                    {Signal::way_chosen, ChoiceInput{std::string(session::way_counter)}});
            return visitor.send(Signal::go_on);
        };
        for (int i = 0; i < 60 && visitor.session.step != Step::review; ++i) {
            INFO(matter << " at " << to_string(visitor.session.step) << " "
                        << visitor.visit().field);
            REQUIRE(forward_once());
        }
        REQUIRE(visitor.session.step == Step::review);
        CHECK(answers_of(visitor) == before);
        CHECK(visitor.visit().pages.size() == pages);
    }
}

TEST_CASE("how it was is asked at the goodbye, once, and belongs to nobody's visit",
          "[flow][session][refusal][G4]") {
    Visitor visitor;
    visitor.begin("elderly-allowance");
    fill_in(visitor, card_born("1940-03-07"));
    REQUIRE(visitor.session.step == Step::submitting);
    const auto rate = [&](const char* rating) {
        return visitor.send({Signal::rated, ChoiceInput{rating}});
    };
    CHECK_FALSE(rate("good"));
    REQUIRE(visitor.send({Signal::stored, session::StoredInput{"key", "K7M4", {}}}));
    REQUIRE(visitor.send(Signal::answer_due));
    CHECK_FALSE(rate("good"));
    const int screens = visitor.screens;
    REQUIRE(visitor.send(Signal::done));
    REQUIRE(visitor.session.step == Step::goodbye);
    CHECK(visitor.screens == screens + 1); // no page of its own
    CHECK_FALSE(visitor.session.visit.has_value());
    CHECK_FALSE(rate("splendid"));
    CHECK_FALSE(rate("none"));
    REQUIRE(rate("fair"));
    CHECK(visitor.count(EffectKind::count_rating) == 1);
    CHECK_FALSE(rate("good")); // once
    CHECK(visitor.session.step == Step::goodbye);

    Asker nobody; // nothing was received: nothing is asked
    nobody.to_proof();
    nobody.ask_by_card();
    REQUIRE(nobody.answer(status_in(RequestState::accepted)));
    REQUIRE(nobody.send(Signal::done));
    REQUIRE(nobody.session.step == Step::goodbye);
    CHECK_FALSE(session::asks_for_rating(nobody.session));
    CHECK_FALSE(nobody.send({Signal::rated, ChoiceInput{"good"}}));
}

TEST_CASE("whatever is pressed, an enquiry prints no to-do, stores nothing and ends",
          "[flow][enquiry][refusal][G11]") {
    constexpr auto last_signal = std::uint64_t(Signal::low_reach);
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        INFO("seed " << seed);
        base::SeededRandom random(seed);
        Asker asker;
        REQUIRE(asker.send(seed % 2 == 0 ? Signal::ask_progress : Signal::ask_todos));
        for (int presses = 0; presses < 120; ++presses) {
            const auto signal = Signal(random.below(last_signal + 1));
            const auto serial = asker.session.enquiry ? asker.enquiry().serial : 0;
            session::Payload payload;
            if (signal == Signal::entry_changed)
                payload = session::EntryInput{
                    base::SecretText(asker.session.step == Step::number ? number : "0000")};
            if (signal == Signal::way_chosen)
                payload = ChoiceInput{
                    std::string(random.below(2) ? session::proof_card : session::proof_none)};
            if (signal == Signal::card_read) payload = session::CardInput{card_born("1940-03-07")};
            if (signal == Signal::status_answered)
                payload =
                    session::StatusInput{serial, status_in(RequestState::accepted, request_key)};
            if (signal == Signal::todos_answered)
                payload = session::TodosInput{serial, {{"elderly-allowance", today}}};
            if (signal == Signal::ask_failed)
                payload = session::AskFailedInput{serial, base::Errc::unreachable};
            asker.send({signal, std::move(payload)});
            if (asker.session.step == Step::todos)
                CHECK_FALSE(asker.session.enquiry->status.has_value());
            if (asker.session.step == Step::home) CHECK_FALSE(asker.session.enquiry.has_value());
        }
        CHECK_FALSE(asker.asked_for(EffectKind::store));
        CHECK_FALSE(asker.asked_for(EffectKind::print_receipt));
    }
}

// ---- papers that were missing ----

namespace {

session::RequestStatus wants_papers() {
    auto status = status_in(RequestState::needs_papers);
    status.papers = request_key;
    return status;
}

void lay_a_page(Asker& asker) {
    REQUIRE(asker.session.step == Step::scan);
    REQUIRE(asker.send(Signal::take_page));
    REQUIRE(asker.send({Signal::page_captured, session::CapturedPage{page()}}));
    REQUIRE(asker.send(Signal::use_page));
}

} // namespace

TEST_CASE("a missing paper is added to the request that was found, scanned, looked at, stored",
          "[flow][enquiry][supplement]") {
    const bool has_card = GENERATE(true, false);
    Asker asker;
    asker.to_proof();
    if (has_card)
        asker.ask_by_card();
    else
        REQUIRE(asker.choose(session::proof_none));
    REQUIRE(asker.answer(wants_papers()));
    REQUIRE(session::can_add_papers(asker.session));
    asker.effects.clear();
    REQUIRE(asker.send(Signal::add_papers));
    REQUIRE(asker.visit().supplement);
    CHECK(asker.visit().supplement->request == request_key);
    CHECK(asker.visit().supplement->number.view() == number);
    CHECK(asker.visit().supplement->id_number.view() ==
          (has_card ? number_born("1940-03-07") : ""));
    CHECK(asker.asked_for(EffectKind::open_camera));
    lay_a_page(asker);
    REQUIRE(asker.send(Signal::pages_done));
    CHECK(asker.session.step == Step::review);
    CHECK_FALSE(asker.asked_for(EffectKind::store));
    REQUIRE(asker.send(Signal::go_on));
    CHECK(asker.session.step == Step::submitting);
    CHECK(asker.count(EffectKind::store) == 1);
    REQUIRE(asker.send(
        {Signal::stored, session::StoredInput{"the-key", std::string(number), asker.world.wall}}));
    REQUIRE(asker.send({Signal::delivered, session::DeliveredInput{"the-key"}}));
    CHECK(asker.session.step == Step::result);
    CHECK(asker.visit().receipt == number);
    CHECK(asker.asked_for(EffectKind::print_receipt));
    // Where no card was shown the reader is not even asked whether one lies there (G12).
    CHECK(asker.asked_for(EffectKind::watch_card) == has_card);
    REQUIRE(asker.send(Signal::another_matter));
    CHECK_FALSE(asker.session.enquiry);
    CHECK_FALSE(asker.session.visit);
}

TEST_CASE("papers are added only where the platform asks for them and the person is known to fit",
          "[flow][enquiry][supplement][refusal][G8]") {
    const auto can_add = [](Asker& asker, session::RequestStatus status) {
        REQUIRE(asker.answer(std::move(status)));
        const bool can = session::can_add_papers(asker.session);
        CHECK(asker.send(Signal::add_papers) == can);
        return can;
    };
    Asker by_phone;
    by_phone.to_proof();
    by_phone.ask_by_phone();
    CHECK_FALSE(can_add(by_phone, wants_papers()));
    for (const auto state : {RequestState::waiting, RequestState::accepted, RequestState::in_review,
                             RequestState::done, RequestState::refused, RequestState::withdrawn,
                             RequestState::expired}) {
        INFO(to_string(state));
        auto status = status_in(state);
        status.papers = request_key;
        Asker by_card;
        by_card.to_proof();
        by_card.ask_by_card();
        CHECK_FALSE(can_add(by_card, status));
    }
    Asker unnamed; // it waits for papers, but not from this kiosk
    unnamed.to_proof();
    unnamed.ask_by_card();
    CHECK_FALSE(can_add(unnamed, status_in(RequestState::needs_papers)));
    Asker well;
    well.to_proof();
    well.ask_by_card();
    CHECK(can_add(well, wants_papers()));
}

TEST_CASE("the matter of missing papers begins with the number and keeps nothing of itself",
          "[flow][enquiry][supplement]") {
    Asker asker;
    REQUIRE(asker.send({Signal::matter_chosen, ChoiceInput{std::string(content::papers_matter)}}));
    CHECK(asker.session.step == Step::notice);
    REQUIRE(asker.send(Signal::go_on));
    CHECK(asker.session.step == Step::number);
    CHECK_FALSE(asker.session.visit);
    CHECK(asker.enquiry().brings_papers);
    REQUIRE(asker.type(number));
    REQUIRE(asker.send(Signal::go_on));
    REQUIRE(asker.choose(session::proof_none));
    REQUIRE(asker.answer(wants_papers()));
    REQUIRE(asker.send(Signal::add_papers));
    lay_a_page(asker);
    // Back to the request: the page goes with the visit, and it can be begun anew.
    REQUIRE(asker.send(Signal::back));
    CHECK(asker.session.step == Step::status);
    CHECK_FALSE(asker.session.visit);
    REQUIRE(asker.send(Signal::add_papers));
    CHECK(asker.visit().pages.empty());
    CHECK(asker.session.step == Step::scan);
    // Not with them today.
    REQUIRE(asker.send(Signal::another_way));
    CHECK(asker.session.step == Step::refused);
    CHECK(asker.visit().refusal->reason == session::Refusal::Reason::no_papers);
    REQUIRE(asker.send(Signal::back));
    CHECK(asker.session.step == Step::scan);
}

TEST_CASE("papers that could not be kept are not called received, and are wiped",
          "[flow][enquiry][supplement]") {
    Asker asker;
    asker.to_proof();
    asker.ask_by_card();
    REQUIRE(asker.answer(wants_papers()));
    REQUIRE(asker.send(Signal::add_papers));
    lay_a_page(asker);
    REQUIRE(asker.send(Signal::pages_done));
    REQUIRE(asker.send(Signal::go_on));
    REQUIRE(asker.send({Signal::store_refused, session::NotStoredInput{base::Errc::disk_full}}));
    CHECK(asker.session.step == Step::refused);
    CHECK(asker.visit().pages.empty());
    CHECK_FALSE(asker.visit().supplement);
    CHECK_FALSE(asker.session.has_received);
}
