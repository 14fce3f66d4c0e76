// A table of promises, each a function over what was learned so far.
#include "kiosk/platform/check.hpp"

#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/platform/client.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <set>

namespace platform {
namespace {

using Json = nlohmann::json;

constexpr base::Milliseconds one_exchange = std::chrono::minutes(1); // as the kiosk's own limit
// Chosen: receipts print minutes, and clock-skew of a real kiosk is smaller.
constexpr base::Milliseconds clock_tolerance = std::chrono::minutes(1);
constexpr std::size_t page_size = 3000; // chosen: two chunks, quickly sent

// Synthetic: county code 659999 does not exist (spec matters §9).
constexpr const char* nobody_number = "659999194003150046";
constexpr const char* nobody_name = "测试 请勿办理 TEST ONLY";
constexpr const char* zero_set_digest =
    "sha256:0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view check_prefix = "XX"; // chosen: no kiosk may be given it
constexpr std::string_view submissions_path = "/kiosk/v1/submissions";

// Nothing: kept. Else what came instead.
using Broken = std::optional<std::string>;

struct Page {
    base::Bytes clear;
    base::Bytes sealed;
    std::string place; // where the platform wants it
};

struct Parcel {
    std::string key;
    std::string receipt_no; // ungrouped
    base::Bytes body;
    std::vector<Page> pages;
};

Json object_in(const HttpResponse& answer) {
    auto parsed = Json::parse(answer.body.begin(), answer.body.end(), nullptr, false);
    return parsed.is_object() ? parsed : Json::object();
}

std::string word_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string type_of(const HttpResponse& answer) {
    const auto type = word_of(object_in(answer), "type");
    return type.substr(type.find_last_of("/:#") + 1);
}

// "409 offset-mismatch"; never more of an answer than its status and type.
std::string seen(const base::Result<HttpResponse>& answer) {
    if (!answer) return "no answer (" + std::string(to_string(answer.error().code)) + ")";
    const auto type = answer->status >= 400 ? type_of(*answer) : "";
    return std::to_string(answer->status) + (type.empty() ? "" : " " + type);
}

Broken expect_status(const base::Result<HttpResponse>& answer, int status) {
    if (answer && answer->status == status) return std::nullopt;
    return seen(answer) + " instead of " + std::to_string(status);
}

Broken expect_problem(const base::Result<HttpResponse>& answer, int status, std::string_view type) {
    if (answer && answer->status == status && type_of(*answer) == type) return std::nullopt;
    return seen(answer) + " instead of " + std::to_string(status) + " " + std::string(type);
}

std::optional<std::size_t> offset_in(const base::Result<HttpResponse>& answer) {
    const auto header = answer ? find_header(answer->headers, "Upload-Offset") : std::nullopt;
    std::size_t offset = 0;
    if (!header) return std::nullopt;
    const auto* last = header->data() + header->size();
    const auto [end, code] = std::from_chars(header->data(), last, offset);
    return code == std::errc() && end == last ? std::optional(offset) : std::nullopt;
}

// RFC 9110 10.2.3, and S5: between a second and an hour.
bool is_usable_wait(const std::string& text, base::WallTime now) {
    long seconds = 0;
    const auto* last = text.data() + text.size();
    const auto [end, code] = std::from_chars(text.data(), last, seconds);
    if (code != std::errc() || end != last) {
        std::tm calendar{};
        const char* stop = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &calendar);
        if (!stop || *stop != '\0') return false;
        const auto then = base::WallTime(std::chrono::seconds(::timegm(&calendar)));
        seconds = long(std::chrono::floor<std::chrono::seconds>(then - now).count());
    }
    return seconds >= 1 && seconds <= 3600;
}

// RFC 9457, with the status of the answer itself.
bool is_problem_document(const HttpResponse& answer) {
    const auto body = object_in(answer);
    const auto type = find_header(answer.headers, "Content-Type").value_or("");
    const auto status = body.find("status");
    return type.starts_with("application/problem+json") && !word_of(body, "type").empty() &&
           !word_of(body, "title").empty() && status != body.end() && *status == answer.status;
}

// What is known so far, and how things are sent.
class Inspection {
public:
    Inspection(HttpTransport& t, const CheckSubject& s, const base::Clock& c, base::RandomSource& r)
        : transport(t), subject(s), clock(c), random(r) {}

    base::Result<HttpResponse> send(HttpRequest request) {
        auto answer = transport.send(request, one_exchange);
        if (!answer) return answer;
        heard_anything = true;
        if (answer->status >= 400 && request.method != "HEAD" && !is_problem_document(*answer))
            odd_problem = request.method + " " + request.path + " " + seen(answer);
        const auto wait = find_header(answer->headers, "Retry-After");
        if (wait && !is_usable_wait(*wait, clock.wall())) odd_wait = *wait;
        const bool must_say = answer->status == 429 || answer->status == 503;
        if (must_say && !wait) odd_wait = std::to_string(answer->status) + " without Retry-After";
        return answer;
    }
    base::Result<HttpResponse> post(std::string_view path, const Json& body) {
        return send({"POST",
                     std::string(path),
                     {{"Content-Type", "application/json"}},
                     base::to_bytes(body.dump())});
    }

    // Sealed and signed like a kiosk does it. `extra`: a member that no contract knows.
    base::Result<Parcel> pack(std::size_t page_count, const std::string& receipt_no,
                              bool extra = false) {
        Parcel parcel{random.uuid(), receipt_no, {}, {}};
        TRY(add_pages(parcel, page_count));
        return sign_into(std::move(parcel), extra);
    }
    base::Result<void> add_pages(Parcel& parcel, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            Page page{base::Bytes(page_size), {}, ""};
            random.fill(page.clear);
            page.sealed = TRY(seal(page.clear, subject.recipients, clock));
            parcel.pages.push_back(std::move(page));
        }
        return {};
    }
    base::Result<Parcel> sign_into(Parcel parcel, bool extra = false) {
        auto clear = clear_request(parcel);
        if (extra) clear["language"] = "none";
        const auto sealed = TRY(seal(base::as_bytes(clear.dump()), subject.recipients, clock));
        parcel.body = TRY(sign(sealed, subject.device));
        return parcel;
    }
    HttpRequest submission(const Parcel& parcel) {
        HttpRequest request{"POST",
                            std::string(submissions_path),
                            {{"Content-Type", "application/cms"},
                             {"Idempotency-Key", "\"" + parcel.key + "\""},
                             {"Content-Digest", content_digest(base::sha256(parcel.body))}},
                            parcel.body};
        std::string digests;
        for (const auto& page : parcel.pages)
            digests += (digests.empty() ? "" : ", ") + content_digest(base::sha256(page.sealed));
        if (!digests.empty()) request.headers.push_back({"Attachments", digests});
        return request;
    }
    // What was taken in, or may have been, is taken back at the end.
    base::Result<HttpResponse> submit(const HttpRequest& request, const Parcel& parcel) {
        auto answer = send(request);
        if (!answer || answer->status < 300 || answer->status >= 500)
            taken_in.insert(parcel.receipt_no);
        return answer;
    }
    base::Result<HttpResponse> ask_state(const std::string& receipt_no, const Json& proof) {
        return post("/kiosk/v1/status-queries",
                    {{"receiptNo", outbox::group_receipt_number(receipt_no)}, {"proof", proof}});
    }
    base::Result<HttpResponse> announce(const Parcel& parcel, std::size_t number) {
        const auto& page = parcel.pages[number];
        return post("/kiosk/v1/uploads", {{"sha256", base::sha256_hex(page.sealed)},
                                          {"size", page.sealed.size()},
                                          {"mediaType", "application/cms"},
                                          {"submissionId", parcel.key},
                                          {"page", number + 1}});
    }
    base::Result<HttpResponse> append(const Page& page, std::size_t offset, std::size_t size,
                                      bool right_sum = true) {
        const auto chunk = base::ByteView(page.sealed).subspan(offset, size);
        const auto sum = base::to_base64(base::sha256(right_sum ? chunk : base::ByteView()));
        return send({"PATCH",
                     page.place,
                     {{"Content-Type", "application/offset+octet-stream"},
                      {"Upload-Offset", std::to_string(offset)},
                      {"Upload-Checksum", "sha-256 " + sum}},
                     {chunk.begin(), chunk.end()}});
    }
    base::Result<HttpResponse> how_far(const Page& page) {
        return send({"HEAD", page.place, {}, {}});
    }

    HttpTransport& transport;
    const CheckSubject& subject;
    const base::Clock& clock;
    base::RandomSource& random;

    Parcel own;               // the one request that is meant to be taken in
    Json device;              // what the platform says about us
    base::Bytes first_answer; // to the parcel
    std::set<std::string> taken_in;
    bool heard_anything = false;
    Broken odd_problem; // the last refusal that was no problem document
    Broken odd_wait;    // the last Retry-After that nobody can obey

private:
    Json clear_request(const Parcel& of) {
        Json attachments = Json::array();
        for (std::size_t i = 0; i < of.pages.size(); ++i)
            attachments.push_back({{"sealedSha256", base::sha256_hex(of.pages[i].sealed)},
                                   {"field", "doc.check"},
                                   {"page", i + 1},
                                   {"sha256", base::sha256_hex(of.pages[i].clear)},
                                   {"mediaType", "image/jpeg"},
                                   {"size", of.pages[i].clear.size()},
                                   {"trust", "C"}});
        const auto now = base::to_rfc3339(clock.wall());
        return {
            {"schema", "kiosk-submission/1"},
            {"id", of.key},
            {"matter", check_matter},
            {"form", {{"id", check_matter}, {"version", 1}, {"packageDigest", zero_set_digest}}},
            {"confirmedAt", now},
            {"clock",
             {{"synced", clock.is_synchronised()},
              {"monotonicSinceBootMs", clock.now().time_since_epoch().count()}}},
            {"applicant",
             {{"name", nobody_name},
              {"idNumber", nobody_number},
              {"identity", {{"level", "L1"}, {"method", "possession-only"}}}}},
            {"consents", Json::array()},
            {"answers", Json::array()},
            {"attachments", attachments},
            {"receiptNo", outbox::group_receipt_number(of.receipt_no)}};
    }
};

// ---- promises, in order ----

Broken device_is_known(Inspection& at) {
    const auto answer = at.send({"GET", "/kiosk/v1/device", {}, {}});
    if (const auto broken = expect_status(answer, 200)) return broken;
    at.device = object_in(*answer);
    const auto versions = at.device.find("apiVersions");
    if (versions == at.device.end() || !versions->is_array()) return "no apiVersions";
    const bool has_ours = std::any_of(versions->begin(), versions->end(), [](const Json& one) {
        return one.is_string() && one.get<std::string>().starts_with("1.");
    });
    if (!has_ours) return "no version 1.x in apiVersions";
    return word_of(at.device, "office").empty() ? Broken("no office") : std::nullopt;
}

// Seconds and offset of RFC 3339; the fraction does not matter here.
std::optional<base::WallTime> parse_time(const std::string& text) {
    std::tm calendar{};
    const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &calendar);
    if (!rest) return std::nullopt;
    while (*rest == '.' || (*rest >= '0' && *rest <= '9')) ++rest;
    int hours = 0;
    int minutes = 0;
    char sign = '+';
    if (std::string_view(rest) != "Z" &&
        std::sscanf(rest, "%c%2d:%2d", &sign, &hours, &minutes) != 3)
        return std::nullopt;
    const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    return base::WallTime(std::chrono::seconds(::timegm(&calendar))) -
           (sign == '-' ? -offset : offset);
}

Broken clocks_agree(Inspection& at) {
    const auto theirs = parse_time(word_of(at.device, "serverTime"));
    if (!theirs) return "serverTime is no RFC 3339 time";
    const auto apart =
        *theirs > at.clock.wall() ? *theirs - at.clock.wall() : at.clock.wall() - *theirs;
    if (apart <= clock_tolerance) return std::nullopt;
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(apart).count()) +
           " s apart";
}

Broken key_is_demanded(Inspection& at) {
    auto request = at.submission(at.own);
    std::erase_if(request.headers, [](const auto& h) { return h.name == "Idempotency-Key"; });
    return expect_problem(at.submit(request, at.own), 400, "key-missing");
}

Broken digest_is_compared(Inspection& at) {
    auto request = at.submission(at.own);
    for (auto& header : request.headers)
        if (header.name == "Content-Digest") header.value = content_digest(base::Sha256{});
    const auto answer = at.submit(request, at.own);
    return expect_problem(answer, 400, "digest-mismatch");
}

Broken missing_pages_are_listed(Inspection& at) {
    const auto answer = at.submit(at.submission(at.own), at.own);
    if (const auto broken = expect_problem(answer, 409, "attachment-missing")) return broken;
    const auto faults = object_in(*answer).value("faults", Json::array());
    if (faults.is_array() && faults.size() == at.own.pages.size()) return std::nullopt;
    return std::to_string(faults.size()) + " of " + std::to_string(at.own.pages.size()) +
           " missing pages listed";
}

Broken upload_starts_once(Inspection& at) {
    for (std::size_t i = 0; i < at.own.pages.size(); ++i) {
        const auto first = at.announce(at.own, i);
        if (const auto broken = expect_status(first, 201)) return broken;
        const auto place = find_header(first->headers, "Location").value_or("");
        if (!place.starts_with("/kiosk/v1/uploads/")) return "201 without a usable Location";
        at.own.pages[i].place = place;
        if (offset_in(first) != 0) return "201 without Upload-Offset: 0";
        const auto again = at.announce(at.own, i);
        if (const auto broken = expect_status(again, 200)) return "asked again: " + *broken;
        if (find_header(again->headers, "Location") != place)
            return "asked again: another Location";
    }
    return std::nullopt;
}

Broken announcement_is_strict(Inspection& at) {
    const auto answer = at.post("/kiosk/v1/uploads", {{"sha256", std::string(64, '0')},
                                                      {"size", 1},
                                                      {"mediaType", "application/cms"},
                                                      {"submissionId", at.own.key},
                                                      {"page", 1},
                                                      {"language", "none"}});
    if (answer && answer->status >= 400 && answer->status < 500) return std::nullopt;
    return seen(answer) + " for a member that no contract knows";
}

Broken checksum_is_compared(Inspection& at) {
    const auto& page = at.own.pages[0];
    const auto answer = at.append(page, 0, page.sealed.size(), false);
    if (const auto broken = expect_problem(answer, 422, "checksum-mismatch")) return broken;
    if (offset_in(at.how_far(page)) != 0) return "the damaged chunk was kept";
    return std::nullopt;
}

Broken offset_is_compared(Inspection& at) {
    const auto& page = at.own.pages[0];
    return expect_problem(at.append(page, 7, page.sealed.size() - 7), 409, "offset-mismatch");
}

// As after a cut: half, asked, announced anew, the rest.
Broken upload_goes_on(Inspection& at) {
    for (std::size_t i = 0; i < at.own.pages.size(); ++i) {
        const auto& page = at.own.pages[i];
        const auto half = page.sealed.size() / 2;
        const auto first = at.append(page, 0, half);
        if (const auto broken = expect_status(first, 204)) return broken;
        if (offset_in(first) != half) return "204 with another Upload-Offset than was sent";
        const auto asked = at.how_far(page);
        if (const auto broken = expect_status(asked, 200)) return "HEAD: " + *broken;
        if (offset_in(asked) != half) return "HEAD: another offset than was told";
        if (offset_in(at.announce(at.own, i)) != half) return "announced anew: another offset";
        const auto rest = at.append(page, half, page.sealed.size() - half);
        if (const auto broken = expect_status(rest, 204)) return "the rest: " + *broken;
    }
    return std::nullopt;
}

Broken request_is_taken_in(Inspection& at) {
    const auto answer = at.submit(at.submission(at.own), at.own);
    if (const auto broken = expect_status(answer, 201)) return broken;
    at.first_answer = answer->body;
    return std::nullopt;
}

Broken answer_proves_it(Inspection& at) {
    auto answer = Json::parse(at.first_answer.begin(), at.first_answer.end(), nullptr, false);
    if (!answer.is_object()) return "no JSON object";
    if (word_of(answer, "id") != at.own.key) return "id is not the key";
    if (word_of(answer, "digest") != content_digest(base::sha256(at.own.body)))
        return "digest is not that of the body";
    if (word_of(answer, "receiptNo") != outbox::group_receipt_number(at.own.receipt_no))
        return "receiptNo is not the kiosk's";
    const auto code = word_of(answer, "caseCode");
    const bool is_code =
        !code.empty() && code.size() <= 64 &&
        std::all_of(code.begin(), code.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!is_code) return "no caseCode of 1 to 64 visible ASCII characters";
    if (word_of(answer, "state") != "accepted") return "state is not accepted";
    const auto when = parse_time(word_of(answer, "acceptedAt"));
    if (!when) return "acceptedAt is no RFC 3339 time";
    const bool is_now =
        *when > at.clock.wall() - clock_tolerance && *when < at.clock.wall() + clock_tolerance;
    return is_now ? std::nullopt : Broken("acceptedAt is not now");
}

Broken same_again_is_replayed(Inspection& at) {
    const auto answer = at.submit(at.submission(at.own), at.own);
    if (const auto broken = expect_status(answer, 200)) return broken;
    if (find_header(answer->headers, "Idempotent-Replay") != "true")
        return "200 without Idempotent-Replay: true";
    if (answer->body != at.first_answer) return "another answer than the first";
    return std::nullopt;
}

// The same key around other bytes: the content sealed anew.
Broken other_bytes_are_refused(Inspection& at) {
    const auto other = at.sign_into(at.own);
    if (!other) return other.error().text();
    return expect_problem(at.submit(at.submission(*other), *other), 422, "key-reuse");
}

Broken unknown_member_is_refused(Inspection& at) {
    const auto odd = at.pack(0, outbox::mint_receipt_number(check_prefix, at.random), true);
    if (!odd) return odd.error().text();
    return expect_problem(at.submit(at.submission(*odd), *odd), 422, "answers-invalid");
}

Broken number_is_taken_once(Inspection& at) {
    const auto second = at.pack(0, at.own.receipt_no);
    if (!second) return second.error().text();
    return expect_problem(at.submit(at.submission(*second), *second), 409, "receipt-conflict");
}

Broken state_is_told(Inspection& at) {
    const auto answer = at.ask_state(at.own.receipt_no, {{"idNumber", nobody_number}});
    if (const auto broken = expect_status(answer, 200)) return broken;
    const auto status = object_in(*answer);
    if (word_of(status, "state") != "accepted") return "state is not accepted";
    const auto history = status.value("history", Json());
    if (!history.is_array() || history.empty() || !history.back().is_object() ||
        word_of(history.back(), "state") != "accepted")
        return "history does not end with the state";
    if (word_of(status, "withdrawal").empty()) return "no withdrawal, though it is of today";
    return std::nullopt;
}

Broken stranger_is_told_nothing(Inspection& at) {
    return expect_problem(at.ask_state(at.own.receipt_no, {{"none", true}}), 403, "proof-wrong");
}

Broken unknown_number_is_said(Inspection& at) {
    const auto number = outbox::mint_receipt_number(check_prefix, at.random);
    return expect_problem(at.ask_state(number, {{"none", true}}), 404, "not-found");
}

Broken heartbeat_is_noted(Inspection& at) {
    Json beat{{"appVersion", KIOSK_VERSION}, {"contentVersion", 0},       {"queuePending", 0},
              {"queueQuarantined", 0},       {"oldestPendingSeconds", 0}, {"freeBytes", 0},
              {"rosterVersion", 0},          {"devices", Json::object()}};
    const auto answer = at.post("/kiosk/v1/device/heartbeat", beat);
    if (const auto broken = expect_status(answer, 200)) return broken;
    const std::set<std::string> known{"sync-content", "send-log", "go-out-of-service",
                                      "reprint-self-test"};
    for (const auto& word : object_in(*answer).value("commands", Json::array()))
        if (!word.is_string() || !known.contains(word.get<std::string>()))
            return "a command that no kiosk carries out";
    beat["language"] = "none";
    const auto odd = at.post("/kiosk/v1/device/heartbeat", beat);
    if (odd && odd->status >= 400 && odd->status < 500) return std::nullopt;
    return seen(odd) + " for a member that no contract knows";
}

// A chain of its own, of one row that names nobody: no segment of the kiosk's real chain.
Broken segments_are_linked(Inspection& at) {
    const auto segment = [&](std::uint64_t number, const std::string& row) -> base::Result<Json> {
        const auto digest = base::sha256(base::as_bytes(row));
        const auto end = TRY(sign_audit_head(1, digest, at.subject.device));
        return Json{{"chain", base::to_hex(digest)},
                    {"segment", number},
                    {"rows", Json::array({row})},
                    {"end",
                     {{"row", 1},
                      {"digest", base::to_hex(digest)},
                      {"signature", base::to_base64(end.signature)}}}};
    };
    const auto row = Json{{"row", 1},
                          {"event", "platform_check"},
                          {"nonce", at.random.uuid()},
                          {"before", std::string(64, '0')}};
    const auto first = segment(1, row.dump());
    if (!first) return "this machine cannot sign: " + first.error().text();
    const auto path = "/kiosk/v1/audit/segments";
    if (const auto broken = expect_status(at.post(path, *first), 201)) return broken;
    if (const auto broken = expect_status(at.post(path, *first), 200)) return broken;
    auto gap = *first;
    gap["segment"] = 5;
    const auto wanted = at.post(path, gap);
    if (const auto broken = expect_status(wanted, 200)) return broken;
    if (object_in(*wanted).value("next", 0) != 2) return "a gap was not told by next";
    auto other = *first;
    const Json changed{{"row", 1}, {"event", "other"}, {"before", std::string(64, '0')}};
    other["rows"] = Json::array({changed.dump()});
    return expect_problem(at.post(path, other), 409, "segment-differs");
}

// A request that nobody made cannot wait for papers. The whole way of papers needs somebody at the
// district who asks for them; the guide says how to try it by hand.
Broken papers_need_a_request(Inspection& at) {
    const auto parcel = at.pack(0, outbox::mint_receipt_number(check_prefix, at.random));
    if (!parcel) return parcel.error().text();
    auto request = at.submission(*parcel);
    request.path = std::string(submissions_path) + "/" + at.random.uuid() + "/supplements";
    return expect_problem(at.send(std::move(request)), 404, "not-found");
}

// A district may offer no set; one that it offers can be fetched by its digest.
Broken content_is_there(Inspection& at) {
    const auto offer = at.send({"GET", "/kiosk/v1/content/manifest?channel=stable", {}, {}});
    if (!offer || offer->status != 200) return expect_problem(offer, 404, "not-found");
    const auto object = object_in(*offer);
    const auto manifest = object.find("manifest");
    const auto digest = manifest == object.end() ? "" : word_of(*manifest, "sha256");
    if (digest.size() != 64 || !object.contains("signatures") || !object.contains("percent"))
        return "an offer without manifest, signatures or percent";
    const std::string packages = "/kiosk/v1/content/packages/";
    constexpr std::size_t manifest_limit = 1u << 20; // openapi.yaml, ContentOffer
    const auto file = at.send({"GET", packages + digest, {}, {}, manifest_limit});
    if (const auto broken = expect_status(file, 200)) return broken;
    if (base::sha256_hex(file->body) != digest)
        return "a manifest that is not what its digest says";
    return expect_problem(at.send({"GET", packages + std::string(64, '0'), {}, {}}), 404,
                          "not-found");
}

Broken refusals_are_documents(Inspection& at) {
    return at.odd_problem;
}

Broken waits_can_be_obeyed(Inspection& at) {
    return at.odd_wait;
}

// Everything that may have been taken in; twice, and then looked at.
Broken check_is_taken_back(Inspection& at) {
    Broken left;
    const Json proof{{"idNumber", nobody_number}};
    for (const auto& number : at.taken_in) {
        const auto status = at.ask_state(number, proof);
        if (status && status->status == 404) continue; // never was there
        const auto id = status ? word_of(object_in(*status), "withdrawal") : "";
        const auto path = std::string(submissions_path) + "/" + id + "/withdrawal";
        for (int time = 0; time < 2 && !left; ++time)
            if (const auto broken = expect_status(at.post(path, {{"proof", proof}}), 200))
                left = *broken;
        const auto after = at.ask_state(number, proof);
        const bool is_gone = after && word_of(object_in(*after), "state") == "withdrawn";
        if (!left && !is_gone) left = "withdrawn, but its state does not say so";
        if (left) *left += "; take back request " + outbox::group_receipt_number(number);
    }
    return left;
}

struct Promise {
    std::string_view name;
    Broken (*is_broken)(Inspection&);
    std::string_view needs; // the line it stands on; empty: none
    std::string_view to_do;
};

// openapi.yaml, in an order that leaves nothing behind.
constexpr Promise promises[] = {
    {"device", device_is_known, "",
     "let this certificate in and answer GET /device with office, apiVersions, serverTime"},
    {"server-time", clocks_agree, "device", "set the platform's clock by NTP, and this machine's"},
    {"key-missing", key_is_demanded, "device",
     "refuse a submission without a quoted UUID as Idempotency-Key: 400 key-missing"},
    {"digest-mismatch", digest_is_compared, "device",
     "compare Content-Digest with the body's SHA-256: 400 digest-mismatch"},
    {"attachment-missing", missing_pages_are_listed, "device",
     "before opening, look for every digest of Attachments; list all that are missing in faults"},
    {"upload-start", upload_starts_once, "device",
     "one upload for one submissionId and sha256: 201 first, then 200 with the same Location"},
    {"upload-unknown-field", announcement_is_strict, "device",
     "refuse members that the contract does not name: 400 malformed"},
    {"upload-checksum", checksum_is_compared, "upload-start",
     "compare Upload-Checksum before appending: 422 checksum-mismatch, nothing kept"},
    {"upload-offset", offset_is_compared, "upload-start",
     "append only where Upload-Offset is the end of what there is: 409 offset-mismatch"},
    {"upload-resume", upload_goes_on, "upload-start",
     "keep what arrived; tell how far it got to HEAD and to a second announcement"},
    {"submit", request_is_taken_in, "upload-resume",
     "verify, open and store it in one transaction, then answer 201; allow matter platform-check"},
    {"answer", answer_proves_it, "submit",
     "repeat id, digest and receiptNo; give a caseCode, state accepted, acceptedAt"},
    {"replay", same_again_is_replayed, "submit",
     "keep key, digest and answer for 90 days under a unique key; give the same answer again"},
    {"key-reuse", other_bytes_are_refused, "submit",
     "compare the digest kept with the key: 422 key-reuse"},
    {"unknown-field", unknown_member_is_refused, "submit",
     "refuse members that ClearSubmission does not name: 422 answers-invalid"},
    {"receipt-conflict", number_is_taken_once, "submit",
     "a second unique key over receiptNo: 409 receipt-conflict"},
    {"status", state_is_told, "submit",
     "answer state, history and, on the same day with idNumber, withdrawal"},
    {"status-proof", stranger_is_told_nothing, "submit",
     "tell nothing of a person's request without a proof: 403 proof-wrong"},
    {"status-unknown", unknown_number_is_said, "device", "404 not-found for an unknown number"},
    {"heartbeat", heartbeat_is_noted, "device",
     "note it, answer commands of the closed list only, refuse unknown members"},
    {"audit-segment", segments_are_linked, "device",
     "keep each segment once, in order and linked; answer next; 409 segment-differs for other "
     "rows"},
    {"supplement-unknown", papers_need_a_request, "device",
     "papers for a request that is not there: 404 not-found, before anything is opened"},
    {"content", content_is_there, "device",
     "answer the channel with an offer whose manifest can be fetched by its SHA-256, or 404 "
     "not-found; a file that is not of the set: 404 not-found"},
    {"withdrawal", check_is_taken_back, "device",
     "take a request back when its person asks on the same day; once more is the same answer"},
    {"problems", refusals_are_documents, "device",
     "every refusal is application/problem+json with type, title and the answer's own status"},
    {"retry-after", waits_can_be_obeyed, "device",
     "429 and 503 carry Retry-After: seconds or an HTTP date, between 1 s and 1 h, spread"},
};

CheckOutcome outcome_of(const std::vector<CheckLine>& lines, std::string_view name) {
    for (const auto& line : lines)
        if (line.name == name) return line.outcome;
    return CheckOutcome::ok;
}

} // namespace

std::string_view to_string(CheckOutcome outcome) {
    switch (outcome) {
    case CheckOutcome::ok: return "ok";
    case CheckOutcome::not_ok: return "not ok";
    case CheckOutcome::left_out: return "left out";
    }
    CHECK(false && "an enumerator without a name");
}

std::vector<CheckLine> check_platform(HttpTransport& transport, const CheckSubject& subject,
                                      const base::Clock& clock, base::RandomSource& random) {
    Inspection at(transport, subject, clock, random);
    std::vector<CheckLine> lines;
    auto parcel = at.pack(2, outbox::mint_receipt_number(check_prefix, random));
    if (!parcel) {
        lines.push_back({"sealing", CheckOutcome::not_ok, parcel.error().text(),
                         "configure the platform's sealing certificate and the device's key"});
        return lines;
    }
    at.own = std::move(*parcel);
    for (const auto& promise : promises) {
        if (outcome_of(lines, promise.needs) != CheckOutcome::ok) {
            lines.push_back({promise.name, CheckOutcome::left_out,
                             "stands on " + std::string(promise.needs), ""});
            continue;
        }
        const auto broken = promise.is_broken(at);
        lines.push_back(broken
                            ? CheckLine{promise.name, CheckOutcome::not_ok, *broken, promise.to_do}
                            : CheckLine{promise.name, CheckOutcome::ok, "", ""});
    }
    return lines;
}

bool is_fit(const std::vector<CheckLine>& lines) {
    return std::all_of(lines.begin(), lines.end(),
                       [](const CheckLine& line) { return line.outcome == CheckOutcome::ok; });
}

} // namespace platform
