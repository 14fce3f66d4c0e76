// Segments of a kiosk's audit chain: in order, linked to what is there, each once.
#include "kiosk/platform/reference/state.hpp"

#include <algorithm>

namespace platform {
namespace {

constexpr std::size_t rows_most = 1000; // openapi.yaml, AuditSegment

struct Link {
    std::int64_t row = 0;
    std::string digest; // hex, of the line
};

// The next line behind `last`: the following number, written after that line. Nothing: it is not.
std::optional<Link> link_behind(const Link& last, const std::string& line) {
    const auto row = json::parse(line, nullptr, false);
    if (!row.is_object() || !row.contains("row") || row["row"] != last.row + 1) return std::nullopt;
    const bool is_first = last.row == 0;
    // The first row of a chain that began anew names the last one of the chain before it.
    if (!is_first && text_at(row, "before") != last.digest) return std::nullopt;
    return Link{last.row + 1, base::sha256_hex(base::as_bytes(line))};
}

std::optional<Link> link_all(Link last, const json& rows) {
    for (const auto& line : rows) {
        if (!line.is_string()) return std::nullopt;
        const auto next = link_behind(last, line.get<std::string>());
        if (!next) return std::nullopt;
        last = *next;
    }
    return last;
}

bool is_segment(const json& body) {
    return has_members(body, {"chain", "segment", "rows", "end"}) &&
           body["segment"].is_number_unsigned() && body["segment"] >= 1 &&
           body["rows"].is_array() && !body["rows"].empty() && body["rows"].size() <= rows_most;
}

} // namespace

Routed ReferencePlatform::State::audit_segment(const HttpRequest& request,
                                               const Certificate& device) {
    const auto body = parse_object(request.body);
    if (!is_segment(body)) return refuse(problems::malformed);
    const auto chain = text_at(body, "chain");
    const auto number = body["segment"].get<std::int64_t>();
    const auto owner = base::to_hex(device.fingerprint());
    const auto digest = base::sha256_hex(dump(body["rows"]));
    auto last = TRY(database->prepare("SELECT max(number), last_row, last_digest FROM "
                                      "audit_segments WHERE device=? AND chain=?"));
    last.bind(1, std::string_view(owner));
    last.bind(2, std::string_view(chain));
    TRY(last.step());
    const auto count = last.is_null(0) ? 0 : last.integer(0);
    const auto answer = [&](int status, std::int64_t next) {
        return json_answer(status, {{"segment", number}, {"next", next}});
    };
    if (number > count + 1) return answer(200, count + 1); // that one first
    if (number <= count) {
        auto known = TRY(database->prepare("SELECT digest FROM audit_segments WHERE device=? AND "
                                           "chain=? AND number=?"));
        known.bind(1, std::string_view(owner));
        known.bind(2, std::string_view(chain));
        known.bind(3, number);
        TRY(known.step());
        return known.text(0) == digest ? answer(200, count + 1) : refuse(problems::segment_differs);
    }
    const Link before = count == 0 ? Link{} : Link{last.integer(1), last.text(2)};
    const auto end = link_all(before, body["rows"]);
    const bool begins_chain =
        number > 1 || base::sha256_hex(base::as_bytes(body["rows"][0].get<std::string>())) == chain;
    if (!end || !begins_chain) return refuse(problems::segment_differs);
    const auto head = read_audit_head(body["end"]);
    const bool is_signed = head && head->row == std::uint64_t(end->row) &&
                           base::to_hex(head->digest) == end->digest &&
                           check_audit_head(*head, device);
    if (!is_signed) return refuse(problems::segment_differs);
    TRY(database->run("INSERT INTO audit_segments (device, chain, number, digest, rows, last_row, "
                      "last_digest) VALUES (?,?,?,?,?,?,?)",
                      std::string_view(owner), std::string_view(chain), number,
                      std::string_view(digest), base::as_text(dump(body["rows"])), end->row,
                      std::string_view(end->digest)));
    return answer(201, number + 1);
}

} // namespace platform
