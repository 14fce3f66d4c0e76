// Certificates for devices: renewed by the device itself, or the first one against a code.
#include "kiosk/platform/reference/issuing.hpp"
#include "kiosk/platform/reference/state.hpp"

namespace platform {
namespace {

// Chosen: as for proofs of a receipt (platform-api §6).
constexpr int wrong_codes_allowed = 5;
constexpr base::Milliseconds code_pause = std::chrono::minutes(15);

} // namespace

std::optional<Certificate> ReferencePlatform::State::device_of(const base::Sha256& fingerprint) {
    if (fingerprint == device_certificate.fingerprint()) return device_certificate;
    auto row = database->prepare("SELECT certificate FROM devices WHERE fingerprint=?");
    if (!row) return std::nullopt;
    const auto hex = base::to_hex(fingerprint);
    row->bind(1, std::string_view(hex));
    if (!row->step().value_or(false)) return std::nullopt;
    const auto certificate = Certificate::parse(row->text(0));
    return certificate ? std::optional(*certificate) : std::nullopt;
}

// The name stays what it was, whatever the request says: a device cannot become another one.
Routed ReferencePlatform::State::renew(const HttpRequest& request, const Certificate& device) {
    const auto body = parse_object(request.body);
    if (!has_members(body, {"csr"})) return refuse(problems::malformed);
    return certify(text_at(body, "csr"), common_name_of(device));
}

// Without a certificate: who has the code is believed once. The same key with the same code once
// more is the same answer, because the first one may have been lost.
Routed ReferencePlatform::State::enrol(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    if (!has_members(body, {"code", "csr"})) return refuse(problems::malformed);
    if (clock.now() < wrong_codes.paused_until)
        return refuse_until(problems::rate_limited, wrong_codes.paused_until);
    const auto csr = read_certificate_request(text_at(body, "csr"));
    if (!csr || csr->common_name.empty()) return refuse(problems::csr_invalid);
    const auto key_digest = base::to_hex(csr->key_digest);
    const auto code = base::sha256_hex(base::as_bytes(text_at(body, "code")));
    auto row = TRY(database->prepare("SELECT used_by FROM enrolment_codes WHERE code_sha256=?"));
    row.bind(1, std::string_view(code));
    const bool fits = TRY(row.step()) && (row.text(0).empty() || row.text(0) == key_digest);
    if (!fits) {
        if (++wrong_codes.count >= wrong_codes_allowed) wrong_codes = {0, clock.now() + code_pause};
        return refuse(problems::code_wrong);
    }
    wrong_codes = {};
    auto transaction = TRY(outbox::Transaction::begin(*database));
    TRY(database->run("UPDATE enrolment_codes SET used_by=? WHERE code_sha256=?",
                      std::string_view(key_digest), std::string_view(code)));
    auto answer = TRY(certify(text_at(body, "csr"), csr->common_name));
    TRY(transaction.commit());
    return answer;
}

// The same key once more is the same certificate, as long as it lasts.
Routed ReferencePlatform::State::certify(const std::string& csr, const std::string& common_name) {
    const auto asked = read_certificate_request(csr);
    if (!asked) return refuse(problems::csr_invalid);
    const auto key_digest = base::to_hex(asked->key_digest);
    auto known = TRY(database->prepare(
        "SELECT certificate FROM devices WHERE key_digest=? ORDER BY rowid DESC LIMIT 1"));
    known.bind(1, std::string_view(key_digest));
    if (TRY(known.step())) {
        const auto certificate = Certificate::parse(known.text(0));
        if (certificate && certificate->is_valid_at(clock.wall()))
            return json_answer(200, {{"certificate", known.text(0)}});
    }
    const Issuer issuer{authority.certificate().native().x509.get(), authority.native().key.get()};
    const auto pem = TRY(issue_to(*asked, common_name, issuer, clock.wall()));
    const auto fingerprint = base::to_hex(TRY(Certificate::parse(pem)).fingerprint());
    TRY(database->run("INSERT INTO devices (fingerprint, key_digest, certificate) VALUES (?,?,?)",
                      std::string_view(fingerprint), std::string_view(key_digest),
                      std::string_view(pem)));
    return json_answer(200, {{"certificate", pem}});
}

void ReferencePlatform::add_enrolment_code(const std::string& code) {
    const std::lock_guard lock(state_->mutex);
    const auto digest = base::sha256_hex(base::as_bytes(code));
    const auto added = state_->database->run(
        "INSERT OR IGNORE INTO enrolment_codes (code_sha256) VALUES (?)", std::string_view(digest));
    CHECK(added.has_value());
}

} // namespace platform
