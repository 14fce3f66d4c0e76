// The page for people: what came, and one request by its full number. Development only.
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/platform/reference/state.hpp"

#include <array>

namespace platform {
namespace {

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '&': out += "&amp;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string page_head(std::string_view title) {
    return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>" + escape_html(title) +
           "</title><style>body{font-family:sans-serif;margin:2em}"
           "td,th{padding:.3em 1em;text-align:left}</style>"
           "<h1>Demonstration platform</h1><p><strong>A demonstration: test data only.</strong>";
}

// "K7M4-····-T3QC": enough to find one's own in a list, not enough to open it.
std::string masked_number(const std::string& number) {
    auto grouped = outbox::group_receipt_number(number);
    constexpr std::size_t middle = 5; // behind the first group and its hyphen
    return grouped.replace(middle, 4, "\u00b7\u00b7\u00b7\u00b7");
}

std::string table_row(std::initializer_list<std::string> cells) {
    std::string text = "<tr>";
    for (const auto& cell : cells) text += "<td>" + escape_html(cell);
    return text + "</tr>\n";
}

} // namespace

std::string ReferencePlatform::html_page() const {
    auto page = page_head("Demonstration platform");
    page += "<form method=\"post\" action=\"/request\"><label>A request opens by its whole number: "
            "<input name=\"number\" autocomplete=\"off\"></label> <button>Open</button></form>"
            "<table><tr><th>Number<th>Matter<th>Received<th>State</tr>\n";
    for (const auto& one : submissions())
        page += table_row({masked_number(one.receipt_no), one.matter,
                           base::to_local_minutes(one.accepted_at), one.state});
    return page + "</table></html>\n";
}

std::optional<std::string> ReferencePlatform::html_request(std::string_view typed) const {
    const auto number = outbox::normalise_receipt_number(typed);
    if (!outbox::is_valid_receipt_number(number)) return std::nullopt;
    for (const auto& one : submissions()) {
        if (one.receipt_no != number) continue;
        const auto clear = json::parse(one.clear_json, nullptr, false);
        auto page = page_head(outbox::group_receipt_number(number));
        page += "<table>\n";
        page += table_row({"Number", outbox::group_receipt_number(number)});
        page += table_row({"Case", one.case_code});
        page += table_row({"Matter", one.matter});
        page += table_row({"Received", base::to_local_minutes(one.accepted_at)});
        page += table_row({"State", one.state});
        page += table_row({"Pages", std::to_string(one.attachments.size())});
        page += "</table><pre>" +
                escape_html(clear.dump(1, ' ', false, json::error_handler_t::replace)) + "</pre>";
        return page + "<p><a href=\"/\">All requests</a></html>\n";
    }
    return std::nullopt;
}

} // namespace platform
