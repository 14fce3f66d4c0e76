// What the routes of the reference platform read from requests and answer with: refusals of the
// contract's table (openapi.yaml, `Problem`), JSON, headers.
#pragma once

#include "kiosk/platform/http.hpp"

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platform {

using nlohmann::json;

// One row of the table: the last segment of `type`, its status, and `retry` of the answer.
struct Problem {
    std::string_view type;
    int status;
    std::string_view retry; // never, later, after-fix
};

// platform-api §5, and what a strict platform needs besides.
namespace problems {
inline constexpr Problem answers_invalid{"answers-invalid", 422, "never"};
inline constexpr Problem attachment_missing{"attachment-missing", 409, "later"};
inline constexpr Problem digest_mismatch{"digest-mismatch", 400, "later"};
inline constexpr Problem key_missing{"key-missing", 400, "after-fix"};
inline constexpr Problem key_reuse{"key-reuse", 422, "never"};
inline constexpr Problem receipt_conflict{"receipt-conflict", 409, "never"};
inline constexpr Problem offset_mismatch{"offset-mismatch", 409, "later"};
inline constexpr Problem checksum_mismatch{"checksum-mismatch", 422, "later"};
inline constexpr Problem device_unknown{"device-unknown", 401, "after-fix"};
inline constexpr Problem malformed{"malformed", 400, "never"};
inline constexpr Problem not_found{"not-found", 404, "never"};
inline constexpr Problem proof_wrong{"proof-wrong", 403, "never"};
inline constexpr Problem too_many_proofs{"too-many-proofs", 429, "later"};
inline constexpr Problem terms_undeclared{"terms-undeclared", 422, "never"};
inline constexpr Problem form_version_gone{"form-version-gone", 422, "after-fix"};
inline constexpr Problem rate_limited{"rate-limited", 429, "later"};
inline constexpr Problem csr_invalid{"csr-invalid", 422, "after-fix"};
inline constexpr Problem code_wrong{"code-wrong", 403, "never"};
inline constexpr Problem segment_differs{"segment-differs", 409, "never"};
inline constexpr Problem too_late{"too-late", 409, "never"};
inline constexpr Problem storage{"busy", 503, "later"};
} // namespace problems

// A JSON text for the wire; bytes that are no UTF-8 are replaced rather than thrown at.
base::Bytes dump(const json& value);
HttpResponse json_answer(int status, const json& body);

// Never throws; anything else than one JSON object is `discarded`.
json parse_object(const base::Bytes& body);
// Empty where there is no such member or it is no text.
std::string text_at(const json& object, const char* name);

// The object has every one of `must`, and nothing that is in neither list.
bool has_members(const json& object, std::initializer_list<const char*> must,
                 std::initializer_list<const char*> may = {});

// Digits and nothing else.
std::optional<std::size_t> number_in(const std::optional<std::string>& header);
bool is_uuid(std::string_view text);
// `Idempotency-Key: "<uuid>"`, nothing for anything else.
std::optional<std::string> idempotency_key(const HttpRequest& request);
// `Attachments: sha-256=:…:, sha-256=:…:` -> digests in hex; nothing when malformed.
std::optional<std::vector<std::string>> attachment_digests(const HttpRequest& request);
// The part of the path between `before` and `behind` of a posted request; nothing for another.
std::optional<std::string> posted_to(const HttpRequest& request, std::string_view before,
                                     std::string_view behind);

} // namespace platform
