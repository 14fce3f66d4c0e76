// Questions of somebody who stands at the kiosk: the state of a request, taking it back, what is
// due.
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/platform/reference/state.hpp"

#include <algorithm>

namespace platform {
namespace {

// platform-api §6: five wrong proofs for a receipt, then a pause.
constexpr int wrong_proofs_allowed = 5;
constexpr base::Milliseconds proof_pause = std::chrono::minutes(15);
// platform-api §6: 120 pre-fills an hour.
constexpr std::size_t prefills_allowed = 120;
constexpr base::Milliseconds prefill_window = std::chrono::hours(1);
constexpr std::size_t terms_allowed = 50; // chosen: no form has more fields

bool is_prefill_question(const json& body) {
    return has_members(body, {"matter", "formVersion", "person", "consent", "terms"}) &&
           has_members(body["person"], {"name", "idNumber"}) &&
           !text_at(body["person"], "name").empty() &&
           !text_at(body["person"], "idNumber").empty() &&
           has_members(body["consent"], {"id", "textSetDigest", "textSetVersion", "at"}) &&
           body["formVersion"].is_number_integer() && body["terms"].is_array() &&
           !body["terms"].empty() && body["terms"].size() <= terms_allowed &&
           std::all_of(body["terms"].begin(), body["terms"].end(),
                       [](const json& term) { return term.is_string(); });
}

// The telephone numbers that were given with a request, whichever field asked for them.
bool has_phone_tail(const json& clear, const std::string& tail) {
    for (const auto& answer : clear.value("answers", json::array())) {
        const auto field = text_at(answer, "field");
        const auto value = text_at(answer, "value");
        if (field.find("hone") != std::string::npos && tail.size() == 4 && value.ends_with(tail))
            return true;
    }
    return false;
}

bool has_person(const json& clear) {
    return clear.contains("applicant");
}

} // namespace

// With `none` only what knows nobody is told.
bool is_proof(const json& clear, const json& proof) {
    if (!proof.is_object() || proof.size() != 1) return false;
    if (proof.contains("idNumber"))
        return has_person(clear) &&
               text_at(clear["applicant"], "idNumber") == text_at(proof, "idNumber");
    if (proof.contains("phoneTail")) return has_phone_tail(clear, text_at(proof, "phoneTail"));
    return proof.contains("none") && !has_person(clear);
}

base::Result<json> ReferencePlatform::State::history_of(std::int64_t seq, std::string& reason) {
    auto rows =
        TRY(database->prepare("SELECT state, at, reason FROM stages WHERE seq=? ORDER BY rowid"));
    rows.bind(1, seq);
    json history = json::array();
    while (TRY(rows.step())) {
        const auto at = base::WallTime(base::Milliseconds(rows.integer(1)));
        history.push_back({{"state", rows.text(0)}, {"on", base::to_text(base::local_date(at))}});
        reason = rows.text(2);
    }
    return history;
}

// Nothing: it fits. A receipt whose proofs were wrong too often is told nobody for a while, not
// even whoever has the right one now: the pause would be worth nothing otherwise.
base::Result<std::optional<Problem>>
ReferencePlatform::State::check_proof(const std::string& receipt_no, const json& clear,
                                      const json& proof) {
    auto& wrong = wrong_proofs[receipt_no];
    if (clock.now() < wrong.paused_until) return std::optional(problems::too_many_proofs);
    if (is_proof(clear, proof)) return std::optional<Problem>();
    if (++wrong.count < wrong_proofs_allowed) return std::optional(problems::proof_wrong);
    wrong = {0, clock.now() + proof_pause};
    return std::optional(problems::too_many_proofs);
}

Routed ReferencePlatform::State::status(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    if (!has_members(body, {"receiptNo", "proof"})) return refuse(problems::malformed);
    const auto number = outbox::normalise_receipt_number(text_at(body, "receiptNo"));
    auto row =
        TRY(database->prepare("SELECT seq, state, case_code, matter, accepted_at, key, clear "
                              "FROM submissions WHERE receipt_no=?"));
    row.bind(1, std::string_view(number));
    if (!TRY(row.step())) return refuse(problems::not_found);
    const auto clear = parse_object(row.blob(6));
    if (const auto problem = TRY(check_proof(number, clear, body["proof"])))
        return refuse(*problem);
    const auto accepted = base::WallTime(base::Milliseconds(row.integer(4)));
    std::string reason;
    const auto history = TRY(history_of(row.integer(0), reason));
    json answer{{"state", row.text(1)},
                {"caseCode", row.text(2)},
                {"matter", row.text(3)},
                {"history", history},
                // Chosen for the demonstration: everything is answered within twenty days.
                {"dueBy", base::to_text(base::local_date(accepted + std::chrono::days(20)))}};
    if (!reason.empty()) answer["reason"] = reason;
    const bool is_today = base::local_date(accepted) == base::local_date(clock.wall());
    if (row.text(1) == "accepted" && is_today && body["proof"].contains("idNumber"))
        answer["withdrawal"] = row.text(5);
    // A paper is brought by the person with the card, or by anybody where nobody is known.
    if (row.text(1) == "needs-papers" && !body["proof"].contains("phoneTail"))
        answer["supplement"] = row.text(5);
    return json_answer(200, answer);
}

// By the person whose card lies there, on the same day, before anybody looked at it. Once more is
// the same.
Routed ReferencePlatform::State::withdraw(const HttpRequest& request, const std::string& key) {
    const auto body = parse_object(request.body);
    if (!has_members(body, {"proof"}) || !has_members(body["proof"], {"idNumber"}))
        return refuse(problems::malformed);
    const auto& proof = body["proof"];
    auto row = TRY(database->prepare(
        "SELECT seq, state, receipt_no, accepted_at, clear FROM submissions WHERE key=?"));
    row.bind(1, std::string_view(key));
    if (!TRY(row.step())) return refuse(problems::not_found);
    const auto clear = parse_object(row.blob(4));
    if (const auto problem = TRY(check_proof(row.text(2), clear, proof))) return refuse(*problem);
    const auto state = row.text(1);
    if (state == "withdrawn") return json_answer(200, {{"state", "withdrawn"}});
    const auto accepted = base::WallTime(base::Milliseconds(row.integer(3)));
    const bool is_today = base::local_date(accepted) == base::local_date(clock.wall());
    if (state != "accepted" || !is_today) return refuse(problems::too_late);
    TRY(add_stage(row.integer(0), "withdrawn", ""));
    return json_answer(200, {{"state", "withdrawn"}});
}

Routed ReferencePlatform::State::todos_of(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    if (!has_members(body, {"proof"}) || !has_members(body["proof"], {"idNumber"}))
        return refuse(problems::malformed);
    const auto& proof = body["proof"];
    json list = json::array();
    if (const auto found = todos.find(text_at(proof, "idNumber")); found != todos.end())
        for (const auto& todo : found->second) {
            list.push_back({{"matter", todo.matter}, {"due", todo.due}});
            if (!todo.note.empty()) {
                list.back()["note"] = todo.note;
                planted = "todo-note";
            }
        }
    return json_answer(200, {{"todos", list}});
}

// Only what was asked for, only what the form declares, only of whoever's name and number these
// are. Whether a number is known is not told: an unknown one, and one with another name, have no
// values.
Routed ReferencePlatform::State::prefill(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    if (!is_prefill_question(body)) return refuse(problems::malformed);
    while (!prefilled_at.empty() && clock.now() - prefilled_at.front() >= prefill_window)
        prefilled_at.pop_front();
    if (prefilled_at.size() >= prefills_allowed)
        return refuse_until(problems::rate_limited, prefilled_at.front() + prefill_window);
    const auto form = forms.find({text_at(body, "matter"), body["formVersion"].get<int>()});
    if (form == forms.end()) return refuse(problems::form_version_gone);
    std::vector<ShapeFault> faults;
    for (std::size_t i = 0; i < body["terms"].size(); ++i) {
        const auto& declared = form->second;
        const auto& term = body["terms"][i].get_ref<const std::string&>();
        if (std::find(declared.begin(), declared.end(), term) == declared.end())
            faults.push_back({"/terms/" + std::to_string(i), "undeclared"});
    }
    if (!faults.empty()) return refuse(problems::terms_undeclared, faults);
    prefilled_at.push_back(clock.now());
    ++prefills;
    json values = json::array();
    const auto record = records.find(text_at(body["person"], "idNumber"));
    if (record == records.end() || record->second.name != text_at(body["person"], "name"))
        return json_answer(200, {{"values", values}});
    for (const auto& each : record->second.terms) {
        const auto& asked = body["terms"];
        if (std::find(asked.begin(), asked.end(), each.term) == asked.end()) continue;
        values.push_back({{"term", each.term},
                          {"value", json::parse(each.value)},
                          {"source", each.source},
                          {"asOf", each.as_of},
                          {"trust", each.trust}});
    }
    return json_answer(200, {{"values", values}});
}

} // namespace platform
