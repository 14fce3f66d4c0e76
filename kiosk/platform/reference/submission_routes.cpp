// Submissions: verified, opened, compared, stored once.
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/platform/client.hpp"
#include "kiosk/platform/reference/state.hpp"

#include <algorithm>

namespace platform {

using Refusal = std::optional<HttpResponse>;

// platform-api §§3, 4. Everything that can refuse comes before the one transaction that accepts.
Routed ReferencePlatform::State::submit(const HttpRequest& request) {
    Acceptance acceptance;
    json content;
    if (const auto answer = TRY(begin(acceptance, request))) return *answer;
    if (const auto refusal = TRY(open_into(acceptance, request, content))) return *refusal;
    if (const auto refusal = TRY(check_submission(acceptance, content))) return *refusal;
    if (const auto refusal = TRY(fetch_attachments(acceptance, request, content))) return *refusal;
    return store(acceptance, request.body);
}

// What can be said without opening it: the key, the digest, an answer that was given before, and
// whether everything it refers to is here.
base::Result<Refusal> ReferencePlatform::State::begin(Acceptance& acceptance,
                                                      const HttpRequest& request) {
    const auto key = idempotency_key(request);
    if (!key) return Refusal(refuse(problems::key_missing));
    acceptance.key = *key;
    acceptance.target = request.path;
    acceptance.digest = content_digest(base::sha256(request.body));
    if (find_header(request.headers, "Content-Digest") != acceptance.digest)
        return Refusal(refuse(problems::digest_mismatch));
    if (!settings.defects.forgets_keys)
        if (auto answer = TRY(replay(acceptance))) return answer;
    return find_missing(acceptance.key, request);
}

// Nothing: the key is new. A key belongs to the bytes and to the address it came with.
base::Result<Refusal> ReferencePlatform::State::replay(const Acceptance& acceptance) {
    auto row = TRY(database->prepare(
        "SELECT digest, answer, '/kiosk/v1/submissions' FROM submissions WHERE key=?1 "
        "UNION ALL SELECT digest, answer, target FROM supplements WHERE key=?1"));
    row.bind(1, std::string_view(acceptance.key));
    if (!TRY(row.step())) return Refusal();
    if (row.text(0) != acceptance.digest || row.text(2) != acceptance.target)
        return Refusal(refuse(problems::key_reuse));
    ++replays;
    return Refusal(
        HttpResponse{200,
                     {{"Content-Type", "application/json"}, {"Idempotent-Replay", "true"}},
                     base::to_bytes(row.text(1))});
}

// The list of all that is missing, by their places in the header.
base::Result<Refusal> ReferencePlatform::State::find_missing(const std::string& key,
                                                             const HttpRequest& request) {
    const auto announced = attachment_digests(request);
    if (!announced) return Refusal(refuse(problems::answers_invalid, {{"/attachments", "form"}}));
    std::vector<ShapeFault> missing;
    for (std::size_t i = 0; i < announced->size(); ++i) {
        const auto sealed = TRY(uploaded(key, (*announced)[i]));
        if (sealed.empty()) missing.push_back({"/attachments/" + std::to_string(i), "missing"});
    }
    if (missing.empty()) return Refusal();
    return Refusal(refuse(problems::attachment_missing, missing));
}

// All bytes of an upload; none when there is no such upload, or it is not complete or not intact.
base::Result<base::Bytes> ReferencePlatform::State::uploaded(const std::string& key,
                                                             const std::string& sha256) {
    auto row = TRY(database->prepare("SELECT bytes FROM uploads WHERE key=? AND sha256=?"));
    row.bind(1, std::string_view(key));
    row.bind(2, std::string_view(sha256));
    auto bytes = TRY(row.step()) ? row.blob(0) : base::Bytes();
    return base::sha256_hex(bytes) == sha256 ? std::move(bytes) : base::Bytes();
}

// Verifies and opens. `content` is what stands inside; discarded when it is no JSON.
base::Result<Refusal> ReferencePlatform::State::open_into(Acceptance& acceptance,
                                                          const HttpRequest& request,
                                                          json& content) {
    const auto verified = open_signed(request.body, authority.certificate(), clock);
    if (!verified && verified.error().code == base::Errc::unauthorised)
        return Refusal(refuse(problems::device_unknown));
    if (!verified) return Refusal(refuse(problems::answers_invalid, {{"", "signature"}}));
    auto clear = unseal(verified->sealed, sealing);
    if (!clear) return Refusal(refuse(problems::answers_invalid, {{"", "sealed"}}));
    content = json::parse(clear->begin(), clear->end(), nullptr, false);
    if (recording && !content.is_discarded()) opened = content;
    acceptance.clear = std::move(*clear);
    return Refusal();
}

// E1: what stands inside counts, and must be what stands outside.
base::Result<Refusal> ReferencePlatform::State::check_submission(Acceptance& acceptance,
                                                                 const json& content) {
    const auto faults = check_submission_shape(content);
    if (!faults.empty()) return Refusal(refuse(problems::answers_invalid, faults));
    if (content["schema"] != "kiosk-submission/1")
        return Refusal(refuse(problems::answers_invalid, {{"/schema", "unknown"}}));
    if (content["id"] != acceptance.key)
        return Refusal(refuse(problems::answers_invalid, {{"/id", "other"}}));
    acceptance.receipt_no =
        outbox::normalise_receipt_number(content["receiptNo"].get<std::string>());
    if (!outbox::is_valid_receipt_number(acceptance.receipt_no))
        return Refusal(refuse(problems::answers_invalid, {{"/receiptNo", "check"}}));
    const bool is_taken = TRY(count("SELECT count(*) FROM submissions WHERE receipt_no=?",
                                    acceptance.receipt_no)) > 0;
    if (is_taken && !settings.defects.forgets_keys)
        return Refusal(refuse(problems::receipt_conflict));
    acceptance.matter = content["matter"].get<std::string>();
    return Refusal();
}

base::Result<Refusal> ReferencePlatform::State::fetch_attachments(Acceptance& acceptance,
                                                                  const HttpRequest& request,
                                                                  const json& clear) {
    const auto announced = attachment_digests(request);
    const auto& listed = clear["attachments"];
    if (!announced || announced->size() != listed.size()) {
        return Refusal(refuse(problems::answers_invalid, {{"/attachments", "count"}}));
    }
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto pointer = "/attachments/" + std::to_string(i);
        const auto digest = listed[i]["sealedSha256"].get<std::string>();
        if (std::find(announced->begin(), announced->end(), digest) == announced->end()) {
            return Refusal(refuse(problems::answers_invalid, {{pointer, "not-announced"}}));
        }
        const auto sealed = TRY(uploaded(acceptance.key, digest));
        auto page = unseal(sealed, sealing);
        if (!page) return Refusal(refuse(problems::answers_invalid, {{pointer, "sealed"}}));
        const bool is_listed = base::sha256_hex(*page) == text_at(listed[i], "sha256") &&
                               listed[i]["size"] == page->size();
        if (!is_listed) return Refusal(refuse(problems::answers_invalid, {{pointer, "digest"}}));
        acceptance.attachments.emplace_back(digest, std::move(*page));
    }
    return Refusal();
}

base::Result<HttpResponse> ReferencePlatform::State::store(const Acceptance& acceptance,
                                                           const base::Bytes& cms) {
    auto transaction = TRY(outbox::Transaction::begin(*database));
    const auto now = clock.wall();
    const auto number = TRY(database->integer("SELECT count(*) FROM submissions")) + 1;
    const auto case_code =
        "DEMO-" + base::to_text(base::local_date(now)) + "-" + std::to_string(number);
    const auto answer =
        json_answer(201, {{"id", acceptance.key},
                          {"digest", acceptance.digest},
                          {"receiptNo", outbox::group_receipt_number(acceptance.receipt_no)},
                          {"caseCode", case_code},
                          {"state", "accepted"},
                          {"acceptedAt", base::to_rfc3339(now)},
                          {"next", "none"},
                          {"office", {{"phone", "0991-0000000"}}}});
    TRY(database->run(
        "INSERT INTO submissions (key, digest, receipt_no, matter, case_code, state, accepted_at, "
        "answer, clear, cms) VALUES (?,?,?,?,?,'accepted',?,?,?,?)",
        std::string_view(acceptance.key), std::string_view(acceptance.digest),
        std::string_view(acceptance.receipt_no), std::string_view(acceptance.matter),
        std::string_view(case_code), std::int64_t(now.time_since_epoch().count()),
        base::as_text(answer.body), base::ByteView(acceptance.clear), base::ByteView(cms)));
    const auto seq = TRY(database->integer("SELECT max(seq) FROM submissions"));
    TRY(add_stage(seq, "accepted", ""));
    std::int64_t page = 0;
    for (const auto& [digest, clear] : acceptance.attachments) {
        TRY(database->run("INSERT INTO attachments (seq, number, sealed_sha256, clear) "
                          "VALUES ((SELECT max(seq) FROM submissions),?,?,?)",
                          ++page, std::string_view(digest), base::ByteView(clear)));
    }
    TRY(transaction.commit());
    return answer;
}

base::Result<void> ReferencePlatform::State::add_stage(std::int64_t seq, std::string_view state,
                                                       std::string_view reason) {
    TRY(database->run("INSERT INTO stages (seq, state, at, reason) VALUES (?,?,?,?)", seq, state,
                      std::int64_t(clock.wall().time_since_epoch().count()), reason));
    TRY(database->run("UPDATE submissions SET state=? WHERE seq=?", state, seq));
    return {};
}

} // namespace platform
