// A board with a queue on a real file, and a clock that a test moves.
#pragma once

#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/outbox/outbox.hpp"
#include "tests/support/sample_submission.hpp"

#include <memory>
#include <string>

namespace support {

inline constexpr base::WallTime board_start{base::Milliseconds(1'795'000'000'000)};

struct OutboxBoard {
    TemporaryFolder folder;
    base::ManualClock clock{board_start};
    base::SeededRandom random{7};
    std::string path = folder.file("outbox.db");
    std::uint64_t free_space = 100ull << 30;

    std::unique_ptr<outbox::Outbox> open(std::uint64_t quota = 2000ull << 20) {
        outbox::Options options;
        options.free_space = [this](const std::string&) { return base::Result(free_space); };
        options.quota_bytes = quota;
        return outbox::Outbox::open(path, clock, options).value();
    }
};

} // namespace support
