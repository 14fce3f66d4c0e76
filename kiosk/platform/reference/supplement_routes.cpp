// A missing paper that is brought later: sealed and sent like a submission, for one that waits for
// it.
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/platform/reference/state.hpp"

namespace platform {

// By the person whose request it is; without any person where the request knows none.
Routed ReferencePlatform::State::supplement(const HttpRequest& request, const std::string& id) {
    Acceptance acceptance;
    json content;
    if (const auto answer = TRY(begin(acceptance, request))) return *answer;
    auto row = TRY(database->prepare(
        "SELECT seq, state, receipt_no, case_code, clear FROM submissions WHERE key=?"));
    row.bind(1, std::string_view(id));
    if (!TRY(row.step())) return refuse(problems::not_found);
    acceptance.receipt_no = row.text(2);
    if (const auto refusal = TRY(open_into(acceptance, request, content))) return *refusal;
    if (const auto refusal = TRY(check_supplement(acceptance, content, id, row.blob(4))))
        return *refusal;
    if (row.text(1) != "needs-papers") return refuse(problems::too_late);
    if (const auto refusal = TRY(fetch_attachments(acceptance, request, content))) return *refusal;
    return store_supplement(acceptance, row.integer(0), row.text(3), request.body);
}

base::Result<std::optional<HttpResponse>>
ReferencePlatform::State::check_supplement(const Acceptance& acceptance, const json& content,
                                           const std::string& id,
                                           const base::Bytes& request_clear) {
    using Refused = std::optional<HttpResponse>;
    const auto faults = check_supplement_shape(content);
    if (!faults.empty()) return Refused(refuse(problems::answers_invalid, faults));
    if (content["id"] != acceptance.key)
        return Refused(refuse(problems::answers_invalid, {{"/id", "other"}}));
    if (content["submissionId"] != id)
        return Refused(refuse(problems::answers_invalid, {{"/submissionId", "other"}}));
    const auto applicant = content.find("applicant");
    const auto proof = applicant == content.end()
                           ? json{{"none", true}}
                           : json{{"idNumber", text_at(*applicant, "idNumber")}};
    if (!is_proof(parse_object(request_clear), proof))
        return Refused(refuse(problems::proof_wrong));
    return Refused();
}

// One transaction: what was brought, and that the request is looked at again.
base::Result<HttpResponse> ReferencePlatform::State::store_supplement(const Acceptance& acceptance,
                                                                      std::int64_t seq,
                                                                      const std::string& case_code,
                                                                      const base::Bytes& cms) {
    auto transaction = TRY(outbox::Transaction::begin(*database));
    const auto now = clock.wall();
    const auto answer =
        json_answer(201, {{"id", acceptance.key},
                          {"digest", acceptance.digest},
                          {"receiptNo", outbox::group_receipt_number(acceptance.receipt_no)},
                          {"caseCode", case_code},
                          {"state", "in-review"},
                          {"acceptedAt", base::to_rfc3339(now)}});
    TRY(database->run("INSERT INTO supplements (seq, key, target, digest, accepted_at, answer, "
                      "clear, cms) VALUES (?,?,?,?,?,?,?,?)",
                      seq, std::string_view(acceptance.key), std::string_view(acceptance.target),
                      std::string_view(acceptance.digest),
                      std::int64_t(now.time_since_epoch().count()), base::as_text(answer.body),
                      base::ByteView(acceptance.clear), base::ByteView(cms)));
    std::int64_t page = 0;
    for (const auto& [digest, clear] : acceptance.attachments)
        TRY(database->run("INSERT INTO supplement_pages (key, number, sealed_sha256, clear) "
                          "VALUES (?,?,?,?)",
                          std::string_view(acceptance.key), ++page, std::string_view(digest),
                          base::ByteView(clear)));
    TRY(add_stage(seq, "in-review", ""));
    TRY(transaction.commit());
    return answer;
}

} // namespace platform
