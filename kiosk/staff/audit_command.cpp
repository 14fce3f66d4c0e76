#include "kiosk/staff/audit_command.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

namespace staff {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::ordered_json;

constexpr std::size_t known_head_limit = 64u << 10; // a heartbeat has about 1 KiB

Result<KnownHead> known_head(std::uint64_t row, const std::string& digest) {
    const auto bytes = base::from_hex(digest);
    KnownHead head;
    if (row == 0 || !bytes || bytes->size() != head.digest.size())
        return Error{Errc::invalid_input, "a head is a row from 1 on and 64 hexadecimal digits"};
    head.row = row;
    std::copy(bytes->begin(), bytes->end(), head.digest.begin());
    return head;
}

Result<KnownHead> known_head_in(const std::string& file) {
    const auto bytes = TRY(base::read_file(file, known_head_limit));
    auto json = ordered_json::parse(bytes.begin(), bytes.end(), nullptr, false);
    if (json.is_object() && json.contains("audit")) json = ordered_json(json["audit"]);
    const bool has_both = json.is_object() && json.contains("row") && json.contains("digest") &&
                          json["row"].is_number_unsigned() && json["digest"].is_string();
    if (!has_both) return Error{Errc::invalid_input, file + " holds no \"row\" and \"digest\""};
    return known_head(json["row"].get<std::uint64_t>(), json["digest"].get<std::string>());
}

// Nothing: none is configured.
Result<std::optional<platform::Certificate>> device_certificate(const config::Config& config,
                                                                const std::string& named) {
    const auto& file = named.empty() ? config.platform.device_certificate : named;
    if (file.empty()) return std::optional<platform::Certificate>();
    auto certificate = platform::Certificate::load(file);
    if (!certificate)
        return Error{certificate.error().code,
                     "the device's certificate " + file + ": " + certificate.error().context};
    return std::optional(std::move(*certificate));
}

// Only what is signed is proven.
bool is_proven(const AuditReport& report) {
    return !report.fault && report.signature_checked;
}

constexpr const char* not_checked =
    "whose the rows are was not checked; name the device's certificate with --certificate FILE, or "
    "in the configuration";

void print_json(const AuditReport& report) {
    ordered_json json{{"whole", is_proven(report)},
                      {"rows", report.rows},
                      {"signatureChecked", report.signature_checked},
                      {"begunAnew", report.is_restarted},
                      {"damagedFilesBeside", report.damaged_beside}};
    if (report.fault) {
        json["firstBadRow"] = report.fault->row; // 0: no row, the head
        json["why"] = report.fault->what;
    } else if (!report.signature_checked) {
        json["why"] = not_checked;
    }
    std::cout << json.dump(2) << '\n';
}

void print_words(const AuditReport& report) {
    const auto rows = static_cast<unsigned long long>(report.rows);
    if (report.fault && report.fault->row == 0)
        std::printf("NOT WHOLE (%llu rows): %s\n", rows, report.fault->what.c_str());
    else if (report.fault)
        std::printf("NOT WHOLE (%llu rows), first bad row %llu: %s\n", rows,
                    static_cast<unsigned long long>(report.fault->row), report.fault->what.c_str());
    else if (!report.signature_checked)
        std::printf("NOT PROVEN: %llu rows agree with one another, but %s\n", rows, not_checked);
    else
        std::printf("whole: %llu rows, the last one signed by this kiosk\n", rows);
    if (report.is_restarted)
        std::printf("this chain began anew after an earlier one was found damaged\n");
    if (report.damaged_beside > 0)
        std::printf("damaged chains kept beside it: %d (chain.damaged-N.jsonl)\n",
                    report.damaged_beside);
}

} // namespace

Result<KnownHead> read_known_head(const std::string& text) {
    const auto colon = text.find(':');
    std::uint64_t row = 0;
    const auto* end = text.data() + std::min(colon, text.size());
    const auto [at, code] = std::from_chars(text.data(), end, row);
    if (colon == std::string::npos || code != std::errc() || at != end) return known_head_in(text);
    return known_head(row, text.substr(colon + 1));
}

int verify_audit_chain(const app::CommonOptions& common, const VerifyOptions& options) {
    const auto config = app::configuration(common);
    if (!config) return app::complain(config.error());
    std::optional<KnownHead> known;
    if (!options.known_head.empty()) {
        const auto head = read_known_head(options.known_head);
        if (!head)
            return app::complain({head.error().code, "--head " + options.known_head + ": " +
                                                         head.error().context +
                                                         "; give ROW:DIGEST or a file"},
                                 app::exit_usage);
        known = *head;
    }
    const auto device = device_certificate(*config, options.certificate);
    if (!device) return app::complain(device.error());
    const auto report = verify_audit(config->audit_folder(), *device, known);
    if (!report && report.error().code == Errc::not_found)
        return app::complain({Errc::not_found, report.error().context +
                                                   "; name the kiosk's data folder with --data "
                                                   "DIR"});
    if (!report) return app::complain(report.error());
    common.json ? print_json(*report) : print_words(*report);
    return is_proven(*report) ? app::exit_ok : app::exit_not_ok;
}

} // namespace staff
