#include "kiosk/app/device_keys_commands.hpp"

#include "kiosk/outbox/transfer.hpp"
#include "kiosk/platform/device_keys.hpp"
#include "kiosk/staff/audit_files.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::ordered_json;

// Chosen: a month in which somebody can still act.
constexpr std::chrono::days soon{30};

Result<config::Config> with_key_files(const CommonOptions& common) {
    auto config = TRY(configuration(common));
    const auto& platform = config.platform;
    if (platform.device_key.empty() || platform.device_certificate.empty())
        return Error{Errc::not_found,
                     "the configuration names no \"platform.deviceKey\" and "
                     "\"platform.deviceCertificate\"; say there where the two files shall lie"};
    return config;
}

std::string folder_of(const std::string& file) {
    const auto folder = std::filesystem::path(file).parent_path();
    return folder.empty() ? "." : folder.string();
}

// Never over a file that is there: it could be the request of another board.
Result<void> write_new_file(const std::string& file, const std::string& text) {
    std::error_code failed;
    if (std::filesystem::exists(file, failed))
        return Error{Errc::conflict, file + " is there already; name a new file"};
    return base::write_file_durably(file, base::as_bytes(text));
}

// Requests of the queue that are neither delivered nor whole in the file.
Result<std::vector<std::string>> would_be_lost(const config::Config& config,
                                               const std::string& export_file,
                                               const base::Clock& clock) {
    const auto outbox = outbox::Outbox::inspect(config.outbox_file(), clock);
    if (!outbox && outbox.error().code == Errc::not_found) return std::vector<std::string>();
    if (!outbox) return outbox.error();
    std::map<std::string, base::Sha256> saved; // key, digest of the body
    if (!export_file.empty()) {
        std::ifstream in(export_file, std::ios::binary);
        if (!in) return Error{Errc::not_found, "no file " + export_file + " that can be read"};
        const auto whole = outbox::read_export(
            in, [&](const outbox::NewSubmission& one) { saved[one.key] = base::sha256(one.body); });
        if (!whole) return Error{whole.error().code, export_file + ": " + whole.error().context};
    }
    std::vector<std::string> lost;
    for (const auto& entry : TRY((*outbox)->list())) {
        if (entry.state == outbox::State::delivered) continue;
        const auto found = saved.find(entry.key);
        const auto here = (*outbox)->load(entry.key);
        // Damaged here: there is nothing left to save.
        if (!here && here.error().code == Errc::corrupt) continue;
        if (!here) return here.error();
        if (found == saved.end() || found->second != here->body_sha256) lost.push_back(entry.key);
    }
    return lost;
}

struct CertificateLine {
    std::string what;
    std::string state; // valid, renew, over, missing
    std::string advice;
    std::optional<platform::Certificate::Validity> validity;
};

CertificateLine look_at(std::string what, const std::string& file, base::WallTime now,
                        const std::string& advice) {
    CertificateLine line{std::move(what), "missing", advice, {}};
    const auto certificate = platform::Certificate::load(file);
    if (!certificate) return line;
    line.validity = certificate->validity();
    line.state = !certificate->is_valid_at(now)      ? "over"
                 : line.validity->until - now < soon ? "soon over"
                                                     : "valid";
    if (line.state == "valid") line.advice.clear();
    return line;
}

} // namespace

int enrol_keys(const CommonOptions& common, const std::string& request_file) {
    const auto done = [&]() -> Result<bool> {
        const auto config = TRY(with_key_files(common));
        const auto& key = config.platform.device_key;
        TRY(config::require_owner(folder_of(key), "keys enrol --csr " + request_file));
        const auto made = platform::make_device_key(key);
        if (!made && made.error().code != Errc::conflict) return made.error();
        const auto request = TRY(platform::certificate_request(key, config.kiosk_id));
        TRY(write_new_file(request_file, request));
        return made.has_value();
    }();
    if (!done) return complain(done.error());
    std::printf("%s; the district signs %s and gives a certificate back: kiosk keys install\n",
                *done ? "a key was made on this device" : "the key that is here was kept",
                request_file.c_str());
    return exit_ok;
}

int install_keys(const CommonOptions& common, const std::string& certificate_file) {
    const base::SystemClock clock;
    const auto done = [&]() -> Result<platform::Certificate> {
        const auto config = TRY(with_key_files(common));
        const auto& where = config.platform;
        TRY(config::require_owner(folder_of(where.device_certificate),
                                  "keys install " + certificate_file));
        constexpr std::size_t limit = 64u << 10; // chosen: a chain has a few KB
        const auto pem = base::read_file(certificate_file, limit);
        if (!pem) return Error{pem.error().code, certificate_file + " cannot be read"};
        return platform::install_certificate(base::as_text(*pem), where.device_key,
                                             where.device_certificate, clock);
    }();
    if (!done) return complain(done.error());
    std::printf("in place, valid until %s; the kiosk takes it at its next start\n",
                base::to_local_minutes(done->validity().until).c_str());
    return exit_ok;
}

int show_keys(const CommonOptions& common) {
    const base::SystemClock clock;
    const auto config = with_key_files(common);
    if (!config) return complain(config.error());
    const auto& where = config->platform;
    const auto now = clock.wall();
    std::vector<CertificateLine> lines{
        look_at("device", where.device_certificate, now, "kiosk keys enrol, or ask the district"),
        look_at("sealing", where.sealing_certificate, now,
                "ask the district for the platform's new one")};
    if (!where.next_sealing_certificate.empty())
        lines.push_back(look_at("sealing (next)", where.next_sealing_certificate, now,
                                "ask the district for the platform's new one"));
    const auto pair = platform::KeyPair::load(where.device_certificate, where.device_key);
    const std::string kept = config::is_credential(where.device_key)
                                 ? "a systemd credential, for the service alone"
                                 : "a file of mode 0600 (a systemd credential would be safer)";
    bool is_well = pair.has_value();
    for (const auto& line : lines) is_well = is_well && line.state == "valid";
    if (common.json) {
        ordered_json out{{"key", pair ? kept : "unusable: " + pair.error().context}};
        for (const auto& line : lines) {
            ordered_json row{{"state", line.state}};
            if (line.validity) row["until"] = base::to_rfc3339(line.validity->until);
            out[line.what] = std::move(row);
        }
        std::cout << out.dump(2) << '\n';
    } else {
        std::printf("%-15s %s\n", "key",
                    pair ? kept.c_str() : ("unusable: " + pair.error().context).c_str());
        for (const auto& line : lines) {
            const auto until =
                line.validity ? ", until " + base::to_local_minutes(line.validity->until) : "";
            const auto advice = line.advice.empty() ? "" : "; " + line.advice;
            std::printf("%-15s %s%s%s\n", line.what.c_str(), line.state.c_str(), until.c_str(),
                        advice.c_str());
        }
    }
    return is_well ? exit_ok : exit_not_ok;
}

int destroy_keys(const CommonOptions& common, const std::string& export_file) {
    const base::SystemClock clock;
    const auto done = [&]() -> Result<void> {
        const auto config = TRY(with_key_files(common));
        const auto& where = config.platform;
        if (config::is_credential(where.device_key))
            return Error{Errc::unsupported,
                         "the key is a systemd credential; remove it where the unit has it from"};
        TRY(config::require_owner(folder_of(where.device_key), "keys destroy"));
        const auto stopped = staff::open_audit_folder(config.audit_folder());
        if (!stopped && stopped.error().code == Errc::locked)
            return Error{Errc::locked, "the kiosk is running; stop it first (systemctl stop "
                                       "kiosk)"};
        if (!stopped) return stopped.error();
        const auto lost = TRY(would_be_lost(config, export_file, clock));
        if (!lost.empty())
            return Error{Errc::conflict,
                         std::to_string(lost.size()) +
                             " requests are neither delivered nor in an exported file; first kiosk "
                             "outbox send, or kiosk outbox export FILE and then kiosk keys destroy "
                             "--exported FILE"};
        TRY(platform::destroy_file(where.device_key));
        return platform::destroy_file(where.device_certificate);
    }();
    if (!done) return complain(done.error());
    std::puts("key and certificate are destroyed; have the district revoke the certificate, and "
              "run this data folder no more");
    return exit_ok;
}

} // namespace app
