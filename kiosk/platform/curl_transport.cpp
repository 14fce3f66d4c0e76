// One libcurl handle, whose connection is kept between exchanges, driven through the multi
// interface: the easy one looks up only once a second, and a visit that ends wipes within a second
// (spec reliability M1).
#include "kiosk/platform/curl_transport.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>

namespace platform {
namespace {

// Chosen: a kiosk's line is fixed; a server that has not answered the handshake by then will not.
constexpr long connect_limit_millis = 10'000;

struct HeaderList {
    curl_slist* first = nullptr;
    HeaderList() = default;
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    ~HeaderList() { curl_slist_free_all(first); }
    bool add(const std::string& line) {
        auto* longer = curl_slist_append(first, line.c_str());
        if (!longer) return false;
        first = longer;
        return true;
    }
};

// What arrives of one answer. `is_too_long` once the body or the headers pass the limit.
struct Arriving {
    HttpResponse response;
    std::size_t limit = answer_limit_bytes; // of the body
    std::size_t header_bytes = 0;
    bool is_too_long = false;
};

std::size_t on_body(char* at, std::size_t, std::size_t size, void* user) noexcept {
    auto& arriving = *static_cast<Arriving*>(user);
    auto& body = arriving.response.body;
    if (body.size() + size > arriving.limit) {
        arriving.is_too_long = true;
        return 0; // ends the transfer
    }
    body.insert(body.end(), at, at + size);
    return size;
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::size_t on_header(char* at, std::size_t, std::size_t size, void* user) noexcept {
    auto& arriving = *static_cast<Arriving*>(user);
    arriving.header_bytes += size;
    if (arriving.header_bytes > answer_limit_bytes) {
        arriving.is_too_long = true;
        return 0;
    }
    const std::string_view line(at, size);
    auto& headers = arriving.response.headers;
    // A status line begins a new set: an interim 100 answer came before the final one.
    if (line.starts_with("HTTP/")) headers.clear();
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) {
        headers.push_back(
            {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
    }
    return size;
}

// libcurl asks about once a second, and whenever something moves.
struct Turning {
    std::atomic<bool> is_cancelled = false;
    std::function<void()> on_turn;
};

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    const auto& turning = *static_cast<const Turning*>(user);
    if (turning.on_turn) turning.on_turn();
    return turning.is_cancelled ? 1 : 0; // 1 ends the transfer
}

base::Error transport_error(CURLcode code) {
    const auto context = "https: curl " + std::to_string(int(code));
    // Only the groups that a caller treats differently; everything else is "no answer".
    if (code == CURLE_OPERATION_TIMEDOUT) return {base::Errc::timed_out, context};
    const bool is_trust = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM ||
                          code == CURLE_SSL_CACERT_BADFILE;
    return {is_trust ? base::Errc::unauthorised : base::Errc::unreachable, context};
}

bool is_plain_https_origin(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return false;
    const auto host = url.substr(scheme.size());
    return !host.empty() && host.find_first_of("/?#@ \\") == std::string_view::npos;
}

void initialise_curl_once() {
    static std::once_flag once;
    std::call_once(once, [] { CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

} // namespace

struct CurlTransport::Handle {
    CurlSettings settings;
    CURL* curl = nullptr;
    CURLM* multi = nullptr; // holds the connection
    Turning turning;
    ~Handle() {
        curl_easy_cleanup(curl);
        curl_multi_cleanup(multi);
    }

    bool is_cancelled(const HttpRequest& request) const {
        return turning.is_cancelled || request.stop.stop_requested();
    }
    // Until there is an answer, none comes, or nobody wants one any more.
    CURLcode perform(const HttpRequest& request) {
        if (curl_multi_add_handle(multi, curl) != CURLM_OK) return CURLE_FAILED_INIT;
        const std::stop_callback wake(request.stop, [this] { curl_multi_wakeup(multi); });
        const auto code = turn_until_done(request);
        curl_multi_remove_handle(multi, curl); // closes the connection of an exchange cut short
        return code;
    }
    CURLcode turn_until_done(const HttpRequest& request) {
        constexpr int look_millis = 1000; // chosen: for on_turn; everything else wakes it
        while (!is_cancelled(request)) {
            int running = 0;
            if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_RECV_ERROR;
            if (running == 0) {
                int waiting = 0;
                const auto* message = curl_multi_info_read(multi, &waiting);
                return message != nullptr ? message->data.result : CURLE_RECV_ERROR;
            }
            if (curl_multi_poll(multi, nullptr, 0, look_millis, nullptr) != CURLM_OK)
                return CURLE_RECV_ERROR;
        }
        return CURLE_ABORTED_BY_CALLBACK;
    }

    // Every option that protects is set for every exchange; a refused one ends it.
    bool protect() {
        const auto set = [this](CURLoption option, auto value) {
            return curl_easy_setopt(curl, option, value) == CURLE_OK;
        };
        bool ok = set(CURLOPT_PROTOCOLS_STR, "https") && set(CURLOPT_SSL_VERIFYPEER, 1L) &&
                  set(CURLOPT_SSL_VERIFYHOST, 2L) &&
                  set(CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2)) &&
                  set(CURLOPT_CAINFO, settings.ca_file.c_str()) &&
                  set(CURLOPT_CAPATH, static_cast<char*>(nullptr)) &&
                  set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_PROXY, "") &&
                  set(CURLOPT_NETRC, long(CURL_NETRC_IGNORED)) && set(CURLOPT_NOSIGNAL, 1L) &&
                  // An exchange that ends does not wait for the name of the host to be found.
                  set(CURLOPT_QUICK_EXIT, 1L);
        if (ok && !settings.client_certificate_file.empty()) {
            ok = set(CURLOPT_SSLCERT, settings.client_certificate_file.c_str()) &&
                 set(CURLOPT_SSLKEY, settings.client_key_file.c_str());
        }
        return ok;
    }
};

std::string system_roots() {
    const auto* known = curl_version_info(CURLVERSION_NOW);
    return known->cainfo != nullptr ? known->cainfo : "";
}

CurlTransport::CurlTransport(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
CurlTransport::~CurlTransport() = default;

base::Result<std::unique_ptr<CurlTransport>> CurlTransport::open(CurlSettings settings) {
    initialise_curl_once();
    if (!is_plain_https_origin(settings.base_url)) {
        return base::Error{base::Errc::invalid_input,
                           "platform address: https://host[:port] and nothing behind it"};
    }
    for (const auto* file :
         {&settings.ca_file, &settings.client_certificate_file, &settings.client_key_file}) {
        const bool may_be_absent = file != &settings.ca_file && file->empty();
        if (!may_be_absent && !std::filesystem::exists(*file)) {
            return base::Error{base::Errc::not_found, "platform: certificate or key file"};
        }
    }
    auto handle = std::make_unique<Handle>();
    handle->turning.on_turn = std::move(settings.on_turn);
    handle->settings = std::move(settings);
    handle->curl = curl_easy_init();
    handle->multi = curl_multi_init();
    if (!handle->curl || !handle->multi) return base::Error{base::Errc::io, "https: no handle"};
    return std::unique_ptr<CurlTransport>(new CurlTransport(std::move(handle)));
}

void CurlTransport::cancel() {
    handle_->turning.is_cancelled = true;
    curl_multi_wakeup(handle_->multi);
}

base::Result<HttpResponse> CurlTransport::send(const HttpRequest& request,
                                               base::Milliseconds limit) {
    CURL* curl = handle_->curl;
    curl_easy_reset(curl); // keeps the connection
    if (!handle_->protect()) return base::Error{base::Errc::unauthorised, "https: TLS options"};

    HeaderList headers;
    // Without this curl waits up to a second for a "100 Continue" before larger bodies.
    bool ok = headers.add("Expect:");
    for (const auto& header : request.headers)
        ok = ok && headers.add(header.name + ": " + header.value);
    if (!ok) return base::Error{base::Errc::io, "https: headers"};

    Arriving arriving;
    arriving.limit = request.answer_limit;
    const auto url = handle_->settings.base_url + request.path;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_USERAGENT, handle_->settings.user_agent.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.first);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, long(limit.count()));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     std::min(connect_limit_millis, long(limit.count())));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &arriving);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &arriving);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &handle_->turning);
    if (request.method == "HEAD") {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET") {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                         request.body.empty() ? ""
                                              : reinterpret_cast<const char*>(request.body.data()));
    }
    const CURLcode code = handle_->perform(request);
    if (arriving.is_too_long)
        return base::Error{base::Errc::too_large, "https: the answer is too long"};
    if (code == CURLE_ABORTED_BY_CALLBACK) return base::Error{base::Errc::cancelled, "https"};
    if (code != CURLE_OK) return transport_error(code);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    arriving.response.status = int(status);
    return std::move(arriving.response);
}

} // namespace platform
