#include "kiosk/outbox/transfer.hpp"

#include "kiosk/outbox/receipt_number.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>

namespace outbox {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view format = "kiosk-outbox-export/1";
// A request with all its parts named needs about 8 KB.
constexpr std::size_t line_limit_bytes = 16u << 10;
constexpr std::size_t key_length = 36; // a UUID as text
constexpr std::size_t matter_limit = 60;
constexpr std::size_t request_name_limit = 60; // openapi.yaml, supplements/{id}
// A part is read in steps, so that a length that is a lie costs no memory.
constexpr std::size_t step_bytes = 256u << 10;

Error damaged(const char* what) {
    return {Errc::corrupt, std::string("export: ") + what};
}

// One line: the SHA-256 of a JSON object in hex, a space, the object. Reads no further than the
// limit.
Result<json> read_line(std::istream& in) {
    constexpr std::size_t digest_length = 64;
    std::string line;
    for (int c = in.get(); c != '\n'; c = in.get()) {
        if (c == std::istream::traits_type::eof()) return damaged("the file ends early");
        if (line.size() == line_limit_bytes) return damaged("a line is too long");
        line += char(c);
    }
    if (line.size() <= digest_length || line[digest_length] != ' ')
        return damaged("a line is none");
    const auto text = std::string_view(line).substr(digest_length + 1);
    if (base::sha256_hex(base::as_bytes(text)) != std::string_view(line).substr(0, digest_length))
        return damaged("a line does not match its digest");
    auto object = json::parse(text, nullptr, false);
    if (!object.is_object()) return damaged("a line cannot be read");
    return object;
}

std::string text_at(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Nothing where it is no whole number within the limits.
std::optional<std::int64_t> number_at(const json& object, const char* name, std::int64_t least,
                                      std::int64_t most) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_integer()) return std::nullopt;
    if (found->is_number_unsigned() && found->get<std::uint64_t>() > std::uint64_t(most))
        return std::nullopt;
    const auto value = found->get<std::int64_t>();
    if (value < least || value > most) return std::nullopt;
    return value;
}

std::optional<base::Sha256> digest_at(const json& object, const char* name) {
    const auto bytes = base::from_hex(text_at(object, name));
    base::Sha256 digest{};
    if (!bytes || bytes->size() != digest.size()) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

bool is_plain(std::string_view text, std::size_t most) {
    return !text.empty() && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isalnum(c) || c == '-' || c == '.' || c == '_';
           });
}

// What is known about the paper when the kiosk that printed it is gone (R10).
ReceiptState handed_over(ReceiptState state) {
    switch (state) {
    case ReceiptState::queued:
    case ReceiptState::printing:
    case ReceiptState::unfinished: return ReceiptState::unfinished;
    case ReceiptState::printed: return ReceiptState::printed;
    case ReceiptState::not_printed: return ReceiptState::not_printed;
    }
    CHECK(false && "an enumerator without a name");
}
std::optional<ReceiptState> receipt_from(std::string_view text) {
    for (const auto state :
         {ReceiptState::printed, ReceiptState::not_printed, ReceiptState::unfinished})
        if (to_string(state) == text) return state;
    return std::nullopt;
}

ordered_json part_line(const base::Sha256& digest, std::size_t size) {
    return {{"sha256", base::to_hex(digest)}, {"size", size}};
}

void write_line(std::ostream& out, const ordered_json& object) {
    const auto text = object.dump();
    out << base::sha256_hex(base::as_bytes(text)) << ' ' << text << '\n';
}

void write_bytes(std::ostream& out, const base::Bytes& bytes) {
    out.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
}

// read_export() would take it.
bool is_within_limits(const Entry& entry, const PendingSubmission& submission) {
    const auto is_part = [](const base::Bytes& bytes) { return bytes.size() <= part_limit_bytes; };
    return entry.sealed_bytes <= request_limit_bytes && is_part(submission.body) &&
           submission.attachments.size() < parts_limit &&
           std::all_of(submission.attachments.begin(), submission.attachments.end(),
                       [&](const auto& attachment) { return is_part(attachment.sealed); });
}

Result<void> write_request(const Entry& entry, const PendingSubmission& submission,
                           std::ostream& out) {
    ordered_json parts = ordered_json::array();
    parts.push_back(part_line(submission.body_sha256, submission.body.size()));
    for (const auto& attachment : submission.attachments)
        parts.push_back(part_line(attachment.sha256, attachment.sealed.size()));
    ordered_json line{{"key", entry.key},
                      {"receiptNo", entry.receipt_no},
                      {"matter", entry.matter},
                      {"formVersion", entry.form_version},
                      {"confirmedAt", entry.confirmed_at.time_since_epoch().count()},
                      {"receipt", to_string(handed_over(entry.receipt))}};
    if (submission.signer) line["signer"] = base::to_hex(*submission.signer);
    if (!submission.supplements.empty()) line["supplements"] = submission.supplements;
    line["parts"] = std::move(parts);
    write_line(out, line);
    write_bytes(out, submission.body);
    for (const auto& attachment : submission.attachments) write_bytes(out, attachment.sealed);
    if (!out) return Error{Errc::io, "export: the file cannot be written"};
    return {};
}

Result<base::Bytes> read_part(std::istream& in, const json& part) {
    if (!part.is_object()) return damaged("a part is not described");
    const auto size = number_at(part, "size", 1, std::int64_t(part_limit_bytes));
    const auto digest = digest_at(part, "sha256");
    if (!size || !digest) return damaged("a part is not described");
    base::Bytes bytes;
    while (bytes.size() < std::size_t(*size)) {
        const auto at = bytes.size();
        const auto step = std::min(step_bytes, std::size_t(*size) - at);
        bytes.resize(at + step);
        if (!in.read(reinterpret_cast<char*>(bytes.data() + at), std::streamsize(step)))
            return damaged("the file ends early");
    }
    if (base::sha256(bytes) != *digest) return damaged("a part does not match its digest");
    return bytes;
}

Result<NewSubmission> read_request(const json& line, std::istream& in) {
    NewSubmission submission;
    submission.key = text_at(line, "key");
    submission.receipt_no = text_at(line, "receiptNo");
    submission.matter = text_at(line, "matter");
    const auto version = number_at(line, "formVersion", 1, 1'000'000);
    // Until the year 9999.
    const auto confirmed = number_at(line, "confirmedAt", 0, 253'402'300'799'000);
    const auto receipt = receipt_from(text_at(line, "receipt"));
    const auto parts = line.find("parts");
    const bool is_described =
        is_plain(submission.key, key_length) && is_valid_receipt_number(submission.receipt_no) &&
        is_plain(submission.matter, matter_limit) && version && confirmed && receipt &&
        parts != line.end() && parts->is_array() && !parts->empty() && parts->size() <= parts_limit;
    if (!is_described) return damaged("a request is not described");
    if (line.contains("signer")) {
        submission.signer = digest_at(line, "signer");
        if (!submission.signer) return damaged("a request is not described");
    }
    if (line.contains("supplements")) {
        submission.supplements = text_at(line, "supplements");
        if (!is_plain(submission.supplements, request_name_limit))
            return damaged("a request is not described");
    }
    submission.form_version = int(*version);
    submission.confirmed_at = base::WallTime(base::Milliseconds(*confirmed));
    submission.receipt = *receipt;
    std::size_t total = 0;
    for (const auto& part : *parts) {
        auto bytes = TRY(read_part(in, part));
        total += bytes.size();
        if (total > request_limit_bytes) return damaged("a request is too large");
        if (submission.body.empty())
            submission.body = std::move(bytes);
        else {
            const auto digest = base::sha256(bytes);
            submission.attachments.push_back({digest, std::move(bytes)});
        }
    }
    return submission;
}

} // namespace

Result<ExportReport> write_export(const Outbox& outbox, std::string_view kiosk_id,
                                  base::WallTime now, std::ostream& out) {
    ExportReport report;
    const auto entries = TRY(outbox.list());
    write_line(out, {{"format", format}, {"kiosk", kiosk_id}, {"at", base::to_rfc3339(now)}});
    for (const auto& entry : entries) {
        if (entry.state == State::delivered) continue;
        const auto submission = outbox.load(entry.key);
        // Delivered between the list and now.
        if (!submission && submission.error().code == Errc::not_found) continue;
        if (!submission && submission.error().code == Errc::corrupt) {
            report.damaged.push_back(entry.receipt_no);
            continue;
        }
        if (!submission) return submission.error();
        if (!is_within_limits(entry, *submission)) {
            report.over_limit.push_back(entry.receipt_no);
            continue;
        }
        TRY(write_request(entry, *submission, out));
        report.exported.push_back(entry.receipt_no);
    }
    write_line(out, {{"end", report.exported.size()}});
    out.flush();
    if (!out) return Error{Errc::io, "export: the file cannot be written"};
    return report;
}

Result<int> read_export(std::istream& in,
                        const std::function<void(NewSubmission submission)>& take) {
    const auto first = read_line(in);
    if (!first || text_at(*first, "format") != format)
        return Error{Errc::unsupported, "export: not a file of `kiosk outbox export`"};
    int count = 0;
    for (;;) {
        const auto line = TRY(read_line(in));
        if (line.contains("end")) {
            if (number_at(line, "end", 0, 1'000'000) != count)
                return damaged("requests are missing");
            if (in.peek() != std::istream::traits_type::eof())
                return damaged("something follows the end");
            return count;
        }
        take(TRY(read_request(line, in)));
        ++count;
    }
}

} // namespace outbox
