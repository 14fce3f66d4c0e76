// Is that platform fit? Asks any district platform what openapi.yaml promises, one line per
// promise, for those who build it. `kiosk platform check URL` prints it (DESIGN §6).
//
// Sends one real request of its own, in the matter `platform-check`, whose person and number were
// never issued and say so, and takes it back at the end; whatever else the platform took in by
// mistake, too. Never retries: an answer is judged as it comes.
#pragma once

#include "kiosk/base/random.hpp"
#include "kiosk/platform/http.hpp"
#include "kiosk/platform/sealing.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace platform {

inline constexpr std::string_view check_matter = "platform-check";

enum class CheckOutcome {
    ok,
    not_ok,
    left_out, // what it stands on was not ok
};
std::string_view to_string(CheckOutcome outcome);

struct CheckLine {
    std::string_view name;
    CheckOutcome outcome = CheckOutcome::ok;
    std::string found;      // what came instead; empty where it is ok
    std::string_view to_do; // for whoever builds the platform; empty where it is ok
};

struct CheckSubject {
    KeyPair device;                      // what it is let in with, and signs with
    std::vector<Certificate> recipients; // what it seals to
};

// All lines in order. At most a minute for each exchange that nobody answers, and the first without
// any answer ends it. `clock` should be synchronised: the platform's is compared with it.
std::vector<CheckLine> check_platform(HttpTransport& transport, const CheckSubject& subject,
                                      const base::Clock& clock, base::RandomSource& random);

// Every line is ok.
bool is_fit(const std::vector<CheckLine>& lines);

} // namespace platform
