// Sealed submissions for tests, and the keys they are sealed with. Everything personal in them is
// synthetic (spec matters §9: numbers that were never issued) and says so.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/outbox/outbox.hpp"
#include "kiosk/platform/reference/demo_keys.hpp"
#include "kiosk/platform/sealing.hpp"

#include <string>
#include <vector>

namespace support {

// Removed with everything in it when it goes.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string file(const std::string& name) const { return path_ + "/" + name; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

// Made once per test program, with the system's clock: TLS asks that one.
const platform::KeyFiles& demo_keys();
platform::KeyPair demo_device();

struct Sample {
    outbox::NewSubmission submission;
    std::string clear_json;
    std::vector<base::Bytes> pages; // clear
};

// What the clear request looks like (platform-api §3).
std::string sample_json(const std::string& key, const std::string& receipt_no,
                        const std::vector<base::Bytes>& pages,
                        const std::vector<base::Bytes>& sealed_pages);

// Signed and sealed like the kiosk does it.
Sample sample_submission(base::RandomSource& random, const base::Clock& clock,
                         std::size_t page_count = 1, std::size_t page_bytes = 3000);

// The same for a paper that was missing: `request` as the platform calls it, and whose card it was.
Sample sample_supplement(base::RandomSource& random, const base::Clock& clock,
                         const std::string& request, const std::string& id_number);

// For the outbox alone, which never looks inside: bytes from `random`, no cryptography.
outbox::NewSubmission opaque_submission(base::RandomSource& random, const base::Clock& clock,
                                        std::size_t page_count = 1, std::size_t page_bytes = 3000);

} // namespace support
