// HTTPS by libcurl: TLS 1.2 or later, host and chain verified against the one configured CA file,
// client certificate, no redirects, no proxy, no cookies, answers cut at 64 KB (spec reliability
// S1). Nothing here can switch the verification off, in no build: tests bring a CA of their own.
#pragma once

#include "kiosk/platform/http.hpp"

#include <functional>
#include <memory>

namespace platform {

struct CurlSettings {
    std::string base_url;                // "https://host[:port]", nothing behind it
    std::string ca_file;                 // PEM
    std::string client_certificate_file; // PEM; empty when the district asks for none
    std::string client_key_file;         // PEM, mode 0600
    std::string user_agent;              // "kiosk/0.1.0 content/3"
    // Called about once a second while an exchange goes on, on the thread of send(). May be empty.
    std::function<void()> on_turn;
};

// The file of roots that this system's libcurl uses by itself (Debian: of ca-certificates); for
// servers other than the platform's. Empty: it knows of none.
std::string system_roots();

class CurlTransport final : public HttpTransport {
public:
    // Errors: invalid_input (not https://, or something behind the host), not_found (a file).
    static base::Result<std::unique_ptr<CurlTransport>> open(CurlSettings settings);
    ~CurlTransport() override;

    // One call at a time, from one thread. Errors: also cancelled (cancel() or the request's stop).
    base::Result<HttpResponse> send(const HttpRequest& request, base::Milliseconds limit) override;

    // From any thread, when the program ends: the exchange under way and all later ones end at
    // once.
    void cancel();

private:
    struct Handle;
    explicit CurlTransport(std::unique_ptr<Handle> handle);
    std::unique_ptr<Handle> handle_;
};

} // namespace platform
