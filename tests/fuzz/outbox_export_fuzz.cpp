// Hostile files of an exported queue. Whatever is handed over keeps the limits and says of itself
// what is true; a file that is called whole holds as many requests as it says.
#include "kiosk/base/check.hpp"
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/outbox/transfer.hpp"

#include <sstream>

namespace {

// A fuzzer does not find a SHA-256: where a line begins with 64 stars, its own is put there.
std::string with_digests(std::string file) {
    constexpr std::size_t length = 64;
    const std::string stars(length, '*');
    for (auto at = file.find(stars); at != std::string::npos; at = file.find(stars, at + length)) {
        const auto begin = at + length + 1;
        const auto end = std::min(file.find('\n', at), file.size());
        if (begin >= end) break;
        const auto line = std::string_view(file).substr(begin, end - begin);
        file.replace(at, length, base::sha256_hex(base::as_bytes(line)));
    }
    return file;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::istringstream in(with_digests({reinterpret_cast<const char*>(data), size}));
    int taken = 0;
    const auto whole = outbox::read_export(in, [&](const outbox::NewSubmission& one) {
        ++taken;
        CHECK(outbox::is_valid_receipt_number(one.receipt_no));
        CHECK(!one.key.empty() && !one.matter.empty() && !one.body.empty());
        CHECK(one.attachments.size() < outbox::parts_limit);
        for (const auto& each : one.attachments) CHECK(base::sha256(each.sealed) == each.sha256);
    });
    CHECK(!whole || *whole == taken);
    return 0;
}
