// One HTTP exchange as values, and who can make one: libcurl on a kiosk (curl_transport.hpp), the
// reference platform in the same process in a simulation.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace platform {

struct HttpHeader {
    std::string name;
    std::string value;
};

// The first header of that name, in any case.
std::optional<std::string> find_header(const std::vector<HttpHeader>& headers,
                                       std::string_view name);

// Answers longer than this are cut and count as a fault (spec reliability S4).
inline constexpr std::size_t answer_limit_bytes = 64 * 1024;

struct HttpRequest {
    std::string method; // "POST"
    std::string path;   // "/kiosk/v1/submissions"
    std::vector<HttpHeader> headers;
    base::Bytes body;
    std::size_t answer_limit = answer_limit_bytes; // another only where the contract has another
    std::stop_token stop; // nobody waits for the answer any more: the exchange ends at once
};

struct HttpResponse {
    int status = 0;
    std::vector<HttpHeader> headers;
    base::Bytes body;
};

class HttpTransport {
public:
    virtual ~HttpTransport() = default;
    // One request, one answer, nothing retried, no redirect followed.
    // Errors: unreachable (no name, no connection, cut before the answer was complete), timed_out,
    // unauthorised (TLS: their certificate or ours does not verify), too_large (answer over
    // the request's limit), cancelled (the request's `stop`).
    virtual base::Result<HttpResponse> send(const HttpRequest& request,
                                            base::Milliseconds limit) = 0;
};

} // namespace platform
