#include "kiosk/app/enquiries.hpp"

namespace app {
namespace {

using base::Errc;
using session::Input;
using session::Signal;

platform::StatusProof proof_of(const session::Session& session) {
    using Kind = platform::StatusProof::Kind;
    const auto& enquiry = *session.enquiry;
    switch (enquiry.proof) {
    case session::Proof::none: return {};
    case session::Proof::phone_tail: return {Kind::phone_tail, enquiry.phone_tail};
    case session::Proof::card:
        CHECK(session.card.has_value());
        return {Kind::id_number, session.card->id_number};
    }
    return {};
}

// Nothing where the platform names a state that this program does not know.
std::optional<session::RequestStatus> status_from(platform::StatusAnswer answer) {
    session::RequestStatus status;
    status.matter = std::move(answer.matter);
    for (const auto& stage : answer.stages) {
        const auto state = session::request_state_from(stage.state);
        if (!state) return std::nullopt;
        status.stages.push_back({*state, stage.on});
    }
    status.due = answer.due;
    status.reason = std::move(answer.reason);
    status.request = std::move(answer.withdrawal);
    status.papers = std::move(answer.supplement);
    return status;
}

// In the words of the platform's reasons. What is damaged or a defect: the counter knows why.
std::string_view reason_code(outbox::QuarantineReason reason) {
    switch (reason) {
    case outbox::QuarantineReason::answers_invalid: return "answers";
    case outbox::QuarantineReason::matter_closed: return "closed";
    case outbox::QuarantineReason::not_wanted:
    case outbox::QuarantineReason::key_reuse:
    case outbox::QuarantineReason::receipt_conflict:
    case outbox::QuarantineReason::damaged: return "other";
    }
    CHECK(false && "a reason without a code");
}

// What this kiosk's own queue tells of a number: it waits, or it was refused after it was received
// (G20). Nothing: it is not in there.
std::optional<session::RequestStatus> status_here(const Question& question, Submitter& submitter) {
    const auto queue = submitter.another_connection();
    if (!queue) return std::nullopt;
    const auto told = [&](session::RequestState state) {
        session::RequestStatus status;
        status.stages = {{state, base::local_date(submitter.now())}};
        return status;
    };
    if (const auto waits = (*queue)->is_waiting(question.number); waits && *waits)
        return told(session::RequestState::waiting);
    const auto why = (*queue)->set_aside(question.number);
    if (!why || !*why) return std::nullopt;
    auto status = told(session::RequestState::refused);
    status.reason = reason_code(**why);
    return status;
}

Input failed(const Question& question, Errc code) {
    return {Signal::ask_failed, session::AskFailedInput{question.serial, code}};
}

// Nothing: the platform does not say.
std::optional<session::RequestStatus> status_of(const Question& question, platform::Client& client,
                                                const std::stop_token& stop) {
    auto answer = client.status(question.number, question.proof, stop);
    return answer ? status_from(std::move(answer).value()) : std::nullopt;
}

Input status_answer(const Question& question, platform::Client& client, Submitter& submitter,
                    const std::stop_token& stop) {
    auto answer = client.status(question.number, question.proof, stop);
    if (answer) {
        if (auto status = status_from(std::move(answer).value()))
            return {Signal::status_answered,
                    session::StatusInput{question.serial, std::move(*status)}};
        return failed(question, Errc::bad_frame);
    }
    const auto code = answer.error().code;
    const bool is_about_proof = code == Errc::unauthorised || code == Errc::locked;
    if (is_about_proof || stop.stop_requested()) return failed(question, code);
    auto here = status_here(question, submitter);
    if (!here) return failed(question, code);
    return {Signal::status_answered, session::StatusInput{question.serial, std::move(*here)}};
}

// The platform said that it is withdrawn. What it does not say now as well, of the state behind it,
// changes nothing about that, and is nobody's wrong proof: the state is shown as it is known here.
Input withdrawal_answer(const Question& question, platform::Client& client,
                        const Submitter& submitter, const std::stop_token& stop) {
    const auto withdrawn = client.withdraw(question.withdrawal, question.proof.value, stop);
    if (!withdrawn) return failed(question, withdrawn.error().code);
    auto status = status_of(question, client, stop);
    if (!status) {
        status = question.status;
        status->stages.push_back(
            {session::RequestState::withdrawn, base::local_date(submitter.now())});
        status->due.reset();
        status->request.clear();
    }
    return {Signal::status_answered, session::StatusInput{question.serial, std::move(*status)}};
}

Input todos_answer(const Question& question, platform::Client& client,
                   const std::stop_token& stop) {
    auto answer = client.todos(question.proof.value, stop);
    if (!answer) return failed(question, answer.error().code);
    session::TodosInput input{question.serial, {}};
    for (auto& todo : *answer) input.todos.push_back({std::move(todo.matter), todo.due});
    return {Signal::todos_answered, std::move(input)};
}

} // namespace

Question question_of(const session::Session& session) {
    CHECK(session.enquiry.has_value());
    const auto& enquiry = *session.enquiry;
    Question question;
    question.serial = enquiry.serial;
    question.number = enquiry.number.view();
    question.proof = proof_of(session);
    using About = session::Enquiry::About;
    if (enquiry.about == About::todos) question.kind = Question::Kind::todos;
    if (enquiry.withdraws) {
        question.kind = Question::Kind::withdrawal;
        question.withdrawal = enquiry.status->request;
        question.status = enquiry.status;
    }
    return question;
}

Input answer_to(const Question& question, platform::Client& client, Submitter& submitter,
                const std::stop_token& stop) {
    switch (question.kind) {
    case Question::Kind::status: return status_answer(question, client, submitter, stop);
    case Question::Kind::todos: return todos_answer(question, client, stop);
    case Question::Kind::withdrawal: break;
    }
    return withdrawal_answer(question, client, submitter, stop);
}

PrefillAsked prefill_asked(const session::Session& session, const session::World& world) {
    CHECK(session.visit.has_value() && session.card.has_value());
    const auto& visit = *session.visit;
    PrefillAsked asked;
    asked.serial = visit.prefill_serial;
    asked.question.matter = visit.matter->id;
    asked.question.form_version = visit.form->version;
    asked.question.name = session.card->name;
    asked.question.id_number = session.card->id_number;
    asked.question.consent = session::prefill_consent;
    asked.question.text_set_digest = session.content->consent_set_digest();
    asked.question.text_set_version = session.content->consent_set_version();
    asked.question.agreed_at = visit.prefill_agreed;
    asked.question.terms = session::prefill_terms(session, world);
    return asked;
}

Input answer_to(const PrefillAsked& asked, platform::Client& client, const std::stop_token& stop) {
    auto answer = client.prefill(asked.question, stop);
    if (!answer)
        return {Signal::ask_failed, session::AskFailedInput{asked.serial, answer.error().code}};
    session::PrefillInput input{asked.serial, {}};
    for (auto& value : *answer)
        input.values.push_back(
            {std::move(value.term), std::move(value.text), {std::move(value.source), value.as_of}});
    return {Signal::prefill_answered, std::move(input)};
}

} // namespace app
