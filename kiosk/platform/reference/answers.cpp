// Reading requests, writing answers.
#include "kiosk/platform/reference/answers.hpp"

#include <charconv>

namespace platform {

base::Bytes dump(const json& value) {
    return base::to_bytes(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

HttpResponse json_answer(int status, const json& body) {
    return {status, {{"Content-Type", "application/json"}}, dump(body)};
}

json parse_object(const base::Bytes& body) {
    auto parsed = json::parse(body.begin(), body.end(), nullptr, false);
    return parsed.is_object() ? parsed : json(json::value_t::discarded);
}

std::string text_at(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool has_members(const json& object, std::initializer_list<const char*> must,
                 std::initializer_list<const char*> may) {
    if (!object.is_object()) return false;
    std::size_t known = 0;
    for (const char* name : must) {
        if (!object.contains(name)) return false;
        ++known;
    }
    for (const char* name : may) known += object.contains(name) ? 1 : 0;
    return known == object.size();
}

std::optional<std::size_t> number_in(const std::optional<std::string>& header) {
    std::size_t value = 0;
    if (!header) return std::nullopt;
    const auto* last = header->data() + header->size();
    const auto [end, code] = std::from_chars(header->data(), last, value);
    if (code != std::errc() || end != last) return std::nullopt;
    return value;
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_hyphen_place = i == 8 || i == 13 || i == 18 || i == 23;
        const bool is_hex =
            (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (is_hyphen_place ? text[i] != '-' : !is_hex) return false;
    }
    return true;
}

std::optional<std::string> idempotency_key(const HttpRequest& request) {
    const auto header = find_header(request.headers, "Idempotency-Key").value_or("");
    if (header.size() != 38 || header.front() != '"' || header.back() != '"') return std::nullopt;
    auto key = header.substr(1, 36);
    if (!is_uuid(key)) return std::nullopt;
    return key;
}

std::optional<std::vector<std::string>> attachment_digests(const HttpRequest& request) {
    std::vector<std::string> digests;
    std::string rest = find_header(request.headers, "Attachments").value_or("");
    while (!rest.empty()) {
        const auto comma = rest.find(", ");
        const auto item = rest.substr(0, comma);
        rest = comma == std::string::npos ? "" : rest.substr(comma + 2);
        if (!item.starts_with("sha-256=:") || !item.ends_with(":") || item.size() < 11) {
            return std::nullopt;
        }
        const auto bytes = base::from_base64(std::string_view(item).substr(9, item.size() - 10));
        if (!bytes || bytes->size() != 32) return std::nullopt;
        digests.push_back(base::to_hex(*bytes));
    }
    return digests;
}

std::optional<std::string> posted_to(const HttpRequest& request, std::string_view before,
                                     std::string_view behind) {
    const std::string_view path = request.path;
    if (request.method != "POST" || !path.starts_with(before) || !path.ends_with(behind) ||
        path.size() <= before.size() + behind.size())
        return std::nullopt;
    return std::string(path.substr(before.size(), path.size() - before.size() - behind.size()));
}

} // namespace platform
