#include "kiosk/app/outbox_commands.hpp"

#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/outbox/transfer.hpp"
#include "kiosk/platform/curl_transport.hpp"
#include "kiosk/platform/uploader.hpp"
#include "kiosk/staff/audit.hpp"
#include "kiosk/staff/audit_files.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::ordered_json;

std::string grouped(const std::string& receipt_no) {
    return outbox::group_receipt_number(receipt_no);
}

Result<std::unique_ptr<outbox::Outbox>> inspect_outbox(const config::Config& config,
                                                       const base::Clock& clock) {
    auto outbox = outbox::Outbox::inspect(config.outbox_file(), clock);
    if (!outbox && outbox.error().code == Errc::not_found)
        return Error{Errc::not_found, "no outbox at " + config.outbox_file() +
                                          "; name the kiosk's data folder with --data DIR"};
    return outbox;
}

Result<std::unique_ptr<outbox::Outbox>> inspect_outbox(const CommonOptions& common,
                                                       const base::Clock& clock) {
    return inspect_outbox(TRY(configuration(common)), clock);
}

// Reads what was written back from the disk, for as long as the board that wrote it is still there.
Result<int> count_whole(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return outbox::read_export(in, [](const outbox::NewSubmission&) {});
}

Error cannot_write(const std::string& file, int code) {
    if (code == EEXIST) return {Errc::conflict, file + " is there already; name a new file"};
    return {code == ENOSPC ? Errc::disk_full : Errc::io,
            file + " cannot be written: " + std::generic_category().message(code)};
}

// What a cable pulled out now must not take: the bytes and the name.
Result<void> make_durable(const std::string& file) {
    const auto folder = std::filesystem::path(file).parent_path();
    for (const auto& path : {file, folder.empty() ? std::string(".") : folder.string()}) {
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        const bool done = fd >= 0 && ::fsync(fd) == 0;
        const int code = errno;
        if (fd >= 0) ::close(fd);
        // A file system without such a call on folders (FAT) answers EINVAL; the file is synced.
        if (!done && !(path != file && code == EINVAL)) return cannot_write(path, code);
    }
    return {};
}

Result<outbox::ExportReport> write_file(const outbox::Outbox& outbox, const std::string& kiosk_id,
                                        const base::Clock& clock, const std::string& file) {
    // Sealed, but nobody's business.
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return cannot_write(file, errno);
    ::close(fd);
    auto report = [&]() -> Result<outbox::ExportReport> {
        std::ofstream out(file, std::ios::binary);
        auto written = TRY(outbox::write_export(outbox, kiosk_id, clock.wall(), out));
        out.close();
        if (!out) return Error{Errc::io, file + " cannot be written to its end"};
        TRY(make_durable(file));
        const auto whole = count_whole(file);
        if (!whole || *whole != int(written.exported.size()))
            return Error{Errc::io, file + " does not read as it was written; take another stick"};
        return written;
    }();
    // A file that is not whole must not be taken for one.
    std::error_code ignored;
    if (!report) std::filesystem::remove(file, ignored);
    return report;
}

// The kiosk is not running as long as this is held.
Result<std::unique_ptr<staff::AuditFiles>> hold_stopped(const config::Config& config,
                                                        const std::string& why) {
    auto files = staff::open_audit_folder(config.audit_folder());
    if (!files && files.error().code == Errc::locked)
        return Error{Errc::locked,
                     "the kiosk is running: " + why + "; or stop it first (systemctl stop kiosk)"};
    return files;
}

struct TakenOver {
    std::vector<std::string> taken;   // receipt numbers, grouped
    std::vector<std::string> refused; // and why
    bool is_full = false;
};

void take_over(outbox::Outbox& box, const outbox::NewSubmission& submission, TakenOver& so_far) {
    const auto number = grouped(submission.receipt_no);
    const auto refuse = [&](const std::string& why) {
        so_far.refused.push_back(number + ": " + why);
    };
    if (so_far.is_full) return refuse("no room");
    // Who signed it is noted; whether that was a kiosk of the district the platform decides.
    const auto signer = platform::signer_of(submission.body);
    if (!signer || (submission.signer && *submission.signer != *signer))
        return refuse("its signature does not hold");
    const auto room = box.room();
    so_far.is_full = !room || *room == outbox::Room::full;
    if (so_far.is_full) return refuse("no room");
    auto signed_one = submission;
    signed_one.signer = *signer;
    const auto stored = box.enqueue(signed_one);
    if (stored) return so_far.taken.push_back(number);
    refuse(stored.error().code == Errc::conflict
               ? "this kiosk has another request with that number or key"
               : stored.error().text());
}

void print_taken(const CommonOptions& common, const TakenOver& taken) {
    if (common.json) {
        std::cout << ordered_json{{"taken", taken.taken}, {"refused", taken.refused}}.dump(2)
                  << '\n';
        return;
    }
    for (const auto& number : taken.taken) std::printf("%s  taken over\n", number.c_str());
    for (const auto& line : taken.refused) std::printf("%s\n", line.c_str());
    std::printf("%zu taken over, %zu refused\n", taken.taken.size(), taken.refused.size());
}

// Sends until nothing is left that can be sent now. Chosen: a second try shows whether the first
// was bad luck; somebody waits at a terminal, so longer waits are left to the kiosk.
constexpr int tries_in_vain = 2;
constexpr base::Milliseconds patience = std::chrono::seconds(5);

struct SendCount {
    int delivered = 0;
    int set_aside = 0;
    std::optional<std::string> stopped;
};

// Between two tries as long as the uploader asks, so that a platform that is busy is not pressed.
void wait_until(const base::Clock& clock, base::MonotonicTime until) {
    const auto span = until - clock.now();
    if (span <= base::Milliseconds(0)) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
    const std::chrono::nanoseconds rest = span - seconds;
    struct timespec time {
        seconds.count(), rest.count()
    };
    while (::nanosleep(&time, &time) != 0 && errno == EINTR) {
    }
}

SendCount send_all(platform::Uploader& uploader, const base::Clock& clock) {
    SendCount count;
    int in_vain = 0; // in a row
    uploader.send_now();
    for (;;) {
        const auto step = uploader.run_once();
        const auto number = grouped(step.receipt_no);
        switch (step.did) {
        case platform::UploaderStep::Did::delivered:
            ++count.delivered;
            in_vain = 0;
            std::printf("%s  delivered as %s\n", number.c_str(), step.case_code.c_str());
            break;
        case platform::UploaderStep::Did::quarantined:
            ++count.set_aside;
            in_vain = 0;
            std::printf("%s  set aside: %s\n", number.c_str(),
                        std::string(to_string(*step.quarantine_reason)).c_str());
            break;
        case platform::UploaderStep::Did::postponed:
            std::printf("%s  not now; it stays in the queue\n", number.c_str());
            ++in_vain;
            break;
        case platform::UploaderStep::Did::stopped:
            count.stopped = to_string(*step.stop_reason);
            return count;
        case platform::UploaderStep::Did::storage_fault:
            count.stopped = "the outbox cannot be written";
            return count;
        case platform::UploaderStep::Did::nothing: break;
        }
        const bool is_idle = step.did == platform::UploaderStep::Did::nothing;
        const bool is_too_long = step.wake_at - clock.now() > patience;
        if (is_idle || is_too_long || in_vain == tries_in_vain) return count;
        wait_until(clock, step.wake_at);
    }
}

} // namespace

int list_outbox(const CommonOptions& common) {
    const base::SystemClock clock;
    const auto outbox = inspect_outbox(common, clock);
    if (!outbox) return complain(outbox.error());
    const auto entries = (*outbox)->list();
    if (!entries) return complain(entries.error());
    auto rows = ordered_json::array();
    for (const auto& entry : *entries) {
        ordered_json row;
        row["key"] = entry.key;
        row["number"] = grouped(entry.receipt_no);
        row["matter"] = entry.matter;
        row["state"] = outbox::to_string(entry.state);
        row["confirmedAt"] = base::to_rfc3339(entry.confirmed_at);
        row["attempts"] = entry.attempts;
        row["sealedBytes"] = entry.sealed_bytes;
        if (entry.reason) row["reason"] = outbox::to_string(*entry.reason);
        // Nobody is told a supplement's own number: the district knows its request by this name.
        if (!entry.supplements.empty()) row["supplements"] = entry.supplements;
        rows.push_back(std::move(row));
    }
    if (common.json) {
        std::cout << rows.dump(2) << '\n';
        return exit_ok;
    }
    if (rows.empty()) std::puts("nothing in the outbox");
    for (const auto& row : rows) {
        std::printf(
            "%s  %-11s  %s  %-22s  %2d tries  %8zu bytes", row["number"].get<std::string>().c_str(),
            row["state"].get<std::string>().c_str(), row["confirmedAt"].get<std::string>().c_str(),
            row["matter"].get<std::string>().c_str(), row["attempts"].get<int>(),
            row["sealedBytes"].get<std::size_t>());
        if (row.contains("reason")) std::printf("  %s", row["reason"].get<std::string>().c_str());
        if (row.contains("supplements"))
            std::printf("  papers for request %s", row["supplements"].get<std::string>().c_str());
        std::putchar('\n');
    }
    return exit_ok;
}

int verify_outbox(const CommonOptions& common) {
    const base::SystemClock clock;
    const auto outbox = inspect_outbox(common, clock);
    if (!outbox) return complain(outbox.error());
    const auto verified = (*outbox)->verify();
    if (!verified) return complain(verified.error());
    if (common.json)
        std::cout << ordered_json{{"databaseOk", verified->database_ok},
                                  {"checked", verified->checked},
                                  {"damaged", verified->damaged}}
                         .dump(2)
                  << '\n';
    else
        std::printf("database %s; %d payloads checked, %zu damaged\n",
                    verified->database_ok ? "ok" : "DAMAGED", verified->checked,
                    verified->damaged.size());
    return verified->ok() ? exit_ok : exit_not_ok;
}

int export_outbox(const CommonOptions& common, const std::string& file) {
    const base::SystemClock clock;
    const auto report = [&]() -> Result<outbox::ExportReport> {
        const auto config = TRY(configuration(common));
        const auto outbox = TRY(inspect_outbox(config, clock));
        return write_file(*outbox, config.kiosk_id, clock, file);
    }();
    if (!report) return complain(report.error());
    if (common.json) {
        std::cout << ordered_json{{"file", file},
                                  {"exported", report->exported.size()},
                                  {"damaged", report->damaged},
                                  {"overLimit", report->over_limit}}
                         .dump(2)
                  << '\n';
    } else {
        for (const auto& number : report->damaged)
            std::printf("%s  DAMAGED, not in the file\n", grouped(number).c_str());
        for (const auto& number : report->over_limit)
            std::printf("%s  TOO LARGE, not in the file\n", grouped(number).c_str());
        std::printf("%zu requests in %s, read again and whole; they stay in this queue too. On the "
                    "other kiosk: kiosk outbox import\n",
                    report->exported.size(), file.c_str());
    }
    return report->damaged.empty() && report->over_limit.empty() ? exit_ok : exit_not_ok;
}

int import_outbox(const CommonOptions& common, const std::string& file) {
    const base::SystemClock clock;
    TakenOver taken;
    const auto whole = [&]() -> Result<int> {
        const auto config = TRY(configuration(common));
        TRY(config::require_owner(config.data_folder, "outbox import " + file));
        std::ifstream in(file, std::ios::binary);
        if (!in) return Error{Errc::not_found, "no file " + file + " that can be read"};
        // Held while writing, so that no kiosk starts and repairs in the middle.
        const auto stopped = staff::open_audit_folder(config.audit_folder());
        if (!stopped && stopped.error().code != Errc::locked) return stopped.error();
        const auto box = TRY(stopped ? outbox::Outbox::open(config.outbox_file(), clock)
                                     : outbox::Outbox::join(config.outbox_file(), clock));
        return outbox::read_export(in, [&](const outbox::NewSubmission& submission) {
            take_over(*box, submission, taken);
        });
    }();
    if (whole || !taken.taken.empty() || !taken.refused.empty()) print_taken(common, taken);
    if (!whole) return complain({whole.error().code, file + ": " + whole.error().context});
    return taken.refused.empty() ? exit_ok : exit_not_ok;
}

int send_outbox(const CommonOptions& common) {
    const base::SystemClock clock;
    base::SystemRandom random;
    const auto sent = [&]() -> Result<SendCount> {
        const auto config = TRY(configuration(common));
        TRY(config::require_owner(config.data_folder, "outbox send"));
        const auto stopped = TRY(hold_stopped(
            config, "it sends by itself; staff can press \"send now\" on its overview"));
        const auto& where = config.platform;
        TRY(config::require_files(where));
        const auto device = TRY(platform::Certificate::load(where.device_certificate));
        const auto wire = TRY(platform::CurlTransport::open(
            {where.url, where.ca_file, where.device_certificate, where.device_key,
             std::string("kiosk/") + KIOSK_VERSION}));
        platform::Client client(*wire, clock, device);
        const auto box = TRY(outbox::Outbox::open(config.outbox_file(), clock));
        const auto log = TRY(base::open_file_log(config.log_folder(), clock));
        platform::Uploader uploader(*box, client, clock, random, *log);
        auto count = send_all(uploader, clock);
        const auto left = TRY(box->counts());
        std::printf("%d delivered, %d set aside, %d still waiting\n", count.delivered,
                    count.set_aside, left.pending);
        if (count.stopped)
            return Error{Errc::refused, "sending stopped: " + *count.stopped +
                                            "; kiosk doctor says what can be done"};
        if (left.pending > 0)
            return Error{Errc::busy, "the platform does not take them now; try again later, or "
                                     "start the kiosk, which goes on by itself"};
        return count;
    }();
    if (!sent) return complain(sent.error());
    return sent->set_aside == 0 ? exit_ok : exit_not_ok;
}

namespace {

// What a technician decides about a request that was set aside (R6).
struct Decision {
    std::string_view command;
    staff::AuditEvent row;
    Result<void> (outbox::Outbox::*carry_out)(std::string_view key);
    const char* done; // behind its number
};

int decide(const CommonOptions& common, const std::string& receipt_no, const Decision& decision) {
    const base::SystemClock clock;
    const auto number = outbox::normalise_receipt_number(receipt_no);
    if (!outbox::is_valid_receipt_number(number))
        return complain({Errc::invalid_input, receipt_no + " is no receipt number: twelve "
                                                           "characters, as on the receipt"},
                        exit_usage);
    const auto decided = [&]() -> Result<void> {
        const auto config = TRY(configuration(common));
        TRY(config::require_owner(config.data_folder,
                                  "outbox " + std::string(decision.command) + " " + receipt_no));
        auto files = TRY(hold_stopped(config, "its audit chain is in use"));
        const auto box = TRY(outbox::Outbox::open(config.outbox_file(), clock));
        const auto entry = box->find(number);
        if (!entry && entry.error().code == Errc::not_found)
            return Error{Errc::not_found, "this kiosk has no request " + grouped(number)};
        if (!entry) return entry.error();
        if (entry->state != outbox::State::quarantined)
            return Error{Errc::conflict, grouped(number) + " is not set aside: it is " +
                                             std::string(to_string(entry->state))};
        // R6: the decision stands in the chain before it takes effect.
        const auto& where = config.platform;
        auto device = TRY(platform::KeyPair::load(where.device_certificate, where.device_key));
        const auto audit = TRY(staff::AuditChain::open(std::move(files), clock, std::move(device)));
        TRY(audit->append(decision.row,
                          {{staff::AuditField::key, staff::AuditValue::key(entry->key)}}));
        return ((*box).*decision.carry_out)(entry->key);
    }();
    if (!decided) return complain(decided.error());
    std::printf("%s %s\n", grouped(number).c_str(), decision.done);
    return exit_ok;
}

} // namespace

int release_outbox(const CommonOptions& common, const std::string& receipt_no) {
    return decide(common, receipt_no,
                  {"release", staff::AuditEvent::request_released, &outbox::Outbox::release,
                   "goes out again with the next try"});
}

int close_outbox(const CommonOptions& common, const std::string& receipt_no) {
    return decide(common, receipt_no,
                  {"close", staff::AuditEvent::request_closed, &outbox::Outbox::close,
                   "is out of the queue, with what was sealed in it"});
}

} // namespace app
