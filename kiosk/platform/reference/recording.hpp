// What came and what was answered, as JSON lines, to be held against openapi.yaml by programs that
// are not ours (tests/contract). Development only; everybody in it is synthetic.
#pragma once

#include "kiosk/platform/http.hpp"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string_view>

namespace platform {

// Who made a request: a kiosk or another client over a connection, or a test by hand, which may
// send anything.
enum class MadeBy { wire, hand };

class Recording {
public:
    // A file of its own for this process in the folder that KIOSK_RECORD_EXCHANGES names; nothing
    // when that is not set. Errors: io.
    static base::Result<std::unique_ptr<Recording>> open_if_wanted();
    ~Recording();
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

    // `fault`: "none", or what is wrong with the answer on purpose. `opened`: what was sealed in
    // the request, where the platform could open it. One line, written in one call.
    void note(MadeBy made_by, const HttpRequest& request, const std::optional<HttpResponse>& answer,
              std::string_view fault, const nlohmann::json& opened);

private:
    explicit Recording(int file) : file_(file) {}
    int file_;
};

} // namespace platform
