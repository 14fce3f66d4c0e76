// Hostile audit files. Two bytes say how long the head is, then head and chain follow. Whatever
// they hold: the check ends, names a row that can be, and calls nothing whole that has another
// text; and a kiosk that finds them opens a chain, keeps what it found, and is whole afterwards.
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/platform/reference/demo_keys.hpp"
#include "kiosk/staff/audit_check.hpp"
#include "kiosk/staff/audit_rows.hpp"
#include "tests/support/audit_disk.hpp"

#include <algorithm>
#include <filesystem>
#include <stdlib.h>

namespace {

using namespace std::chrono_literals;

const platform::KeyPair& device() {
    static const platform::KeyPair pair = [] {
        auto folder = (std::filesystem::temp_directory_path() / "audit-fuzz-XXXXXX").string();
        CHECK(::mkdtemp(folder.data()) != nullptr);
        const auto keys = platform::make_demo_keys(folder, base::SystemClock()).value();
        auto loaded = platform::KeyPair::load(keys.device_certificate, keys.device_key).value();
        std::filesystem::remove_all(folder);
        return loaded;
    }();
    return pair;
}

void check_texts(std::string_view chain, std::string_view head) {
    if (const auto file = staff::read_head(head)) CHECK(staff::write_head(*file) == head);
    std::size_t at = 0;
    while (at < chain.size()) {
        const auto end = std::min(chain.find('\n', at), chain.size());
        const auto line = chain.substr(at, end - at);
        if (const auto row = staff::read_row(line)) CHECK(staff::write_row(*row) == line);
        at = end + 1;
    }
}

void check_opening(base::ByteView chain, base::ByteView head) {
    static const base::ManualClock clock(std::chrono::sys_days{base::Date{2026y / 11 / 22}});
    support::AuditDisk disk;
    disk.put(staff::chain_file, {chain.begin(), chain.end()});
    disk.put(staff::head_file, {head.begin(), head.end()});
    const auto opened = staff::AuditChain::open(disk.mount(), clock, device());
    CHECK(opened.has_value());
    CHECK((*opened)->append(staff::AuditEvent::duty_ended).has_value());
    const auto now = disk.everything();
    const auto& certificate = device().certificate();
    CHECK(!staff::check_audit(now.at(staff::chain_file), now.at(staff::head_file), &certificate)
               .fault);
    if (!(*opened)->was_damaged()) return;
    CHECK(std::ranges::equal(now.at("chain.damaged-1.jsonl"), chain));
    CHECK(std::ranges::equal(now.at("head.damaged-1.json"), head));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const base::ByteView rest(data + 2, size - 2);
    const auto head_size = std::min<std::size_t>(data[0] << 8 | data[1], rest.size());
    const auto head = rest.first(head_size);
    const auto chain = rest.subspan(head_size);
    check_texts(base::as_text(chain), base::as_text(head));
    // Without a certificate: the fuzzer cannot sign, but it can count and chain.
    const auto report = staff::check_audit(chain, head, nullptr);
    if (report.fault) CHECK(report.fault->row <= report.rows + 1 && !report.fault->what.empty());
    check_opening(chain, head);
    return 0;
}
