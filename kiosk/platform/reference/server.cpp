// cpp-httplib around ReferencePlatform::handle().
#include "kiosk/platform/reference/server.hpp"

#include <httplib.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace platform {
namespace {

constexpr std::size_t request_limit_bytes = 4 << 20; // chosen: chunks are 512 KiB, bodies some KB
constexpr const char* loopback = "127.0.0.1";

HttpRequest from_httplib(const httplib::Request& request) {
    HttpRequest ours{request.method, request.target, {}, base::to_bytes(request.body)};
    for (const auto& [name, value] : request.headers) ours.headers.push_back({name, value});
    return ours;
}

// httplib cannot hang up before a status line. An answer that promises bytes and sends none is the
// same to a client: a connection cut before the answer was complete.
void cut(httplib::Response& response) {
    response.status = 200;
    response.set_content_provider(
        1, "application/json", [](std::size_t, std::size_t, httplib::DataSink&) { return false; });
}

void to_httplib(const HttpResponse& ours, httplib::Response& response) {
    response.status = ours.status;
    std::string type = "application/octet-stream";
    for (const auto& header : ours.headers) {
        if (header.name == "Content-Type") {
            type = header.value;
        } else {
            response.set_header(header.name, header.value);
        }
    }
    if (!ours.body.empty()) {
        response.set_content(std::string(base::as_text(ours.body)), type);
    }
}

// TLS has verified it; zeros when the connection showed none.
base::Sha256 shown_certificate(const httplib::Request& request) {
    base::Sha256 fingerprint{};
    X509* shown = request.ssl ? SSL_get1_peer_certificate(request.ssl) : nullptr;
    unsigned int size = 0;
    if (shown) CHECK(X509_digest(shown, EVP_sha256(), fingerprint.data(), &size) == 1);
    X509_free(shown);
    return fingerprint;
}

base::Result<int> bind(httplib::Server& server, int port) {
    const int bound = port == 0 ? server.bind_to_any_port(loopback)
                                : (server.bind_to_port(loopback, port) ? port : -1);
    if (bound > 0) return bound;
    return base::Error{base::Errc::conflict, "port " + std::to_string(port) +
                                                 " is in use: choose another or end the program"
                                                 " that holds it"};
}

// httplib's default also sets SO_REUSEPORT, with which two programs would share one port.
void exclusive_port(socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

void configure(httplib::Server& server) {
    server.set_payload_max_length(request_limit_bytes);
    server.set_socket_options(exclusive_port);
    server.set_tcp_nodelay(true);
    // The library looks a hundred times a second whether an open connection has another request:
    // the demonstration, whose platform is in the kiosk's own process, would not be idle.
    server.set_keep_alive_max_count(1);
    server.set_keep_alive_timeout(1); // seconds that stopping may have to wait
}

// stop() has no effect on a server that does not run yet: it must, before anybody may stop it.
void wait_until_running(const httplib::Server& server) {
    while (!server.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

} // namespace

struct ReferenceServer::State {
    State(ReferencePlatform& p, const KeyFiles& k)
        : platform(p), secure(k.server_certificate.c_str(), k.server_key.c_str(), k.ca.c_str()),
          keys(k) {}

    ReferencePlatform& platform;
    httplib::SSLServer secure; // a client CA makes httplib demand a client certificate
    httplib::Server page;
    std::atomic<bool> is_connected = true;
    std::atomic<int> bytes_per_second = 0; // 0: as fast as it goes
    std::mutex slow_mutex;
    std::condition_variable slow_wake;
    bool is_stopping = false; // guarded by slow_mutex
    int port = 0;
    int page_port = 0;
    std::unique_ptr<httplib::SSLServer> enrolment; // only where it is opened
    int enrolment_port = 0;
    KeyFiles keys;
    std::thread enrolment_thread;
    std::thread secure_thread;
    std::thread page_thread;

    void answer(const httplib::Request& request, httplib::Response& response) {
        if (!is_connected) return cut(response);
        give(platform.handle(from_httplib(request), shown_certificate(request)), response);
    }
    // Nobody who comes here has a certificate yet: only the first one can be asked for.
    void answer_enrolment(const httplib::Request& request, httplib::Response& response) {
        if (!is_connected) return cut(response);
        give(platform.handle(from_httplib(request), base::Sha256{}), response);
    }
    void give(const std::optional<HttpResponse>& answer, httplib::Response& response) {
        if (!answer) return cut(response);
        to_httplib(*answer, response);
        if (bytes_per_second > 0 && !answer->body.empty()) slow_down(*answer, response);
    }
    // A byte at a time, as a bad line would bring it.
    void slow_down(const HttpResponse& answer, httplib::Response& response) {
        const auto type = find_header(answer.headers, "Content-Type").value_or("");
        response.body.clear();
        response.headers.erase("Content-Type");
        response.set_content_provider(
            answer.body.size(), type,
            [this, body = answer.body](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                const int pace = bytes_per_second; // another thread may lift it at any moment
                const std::chrono::microseconds pause(pace > 0 ? 1'000'000 / pace : 0);
                std::unique_lock lock(slow_mutex);
                slow_wake.wait_for(lock, pause, [this] { return is_stopping; });
                return !is_stopping && sink.write(reinterpret_cast<const char*>(&body[offset]), 1);
            });
    }

    void set_routes() {
        const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
            answer(request, response);
        };
        secure.Get(".*", handler); // httplib answers HEAD with the handler of GET
        secure.Post(".*", handler);
        secure.Patch(".*", handler);
        secure.Delete(".*", handler);
        page.Get("/", [this](const httplib::Request&, httplib::Response& response) {
            response.set_content(platform.html_page(), "text/html; charset=utf-8");
        });
        page.Post("/request", [this](const httplib::Request& request, httplib::Response& response) {
            const auto opened = platform.html_request(request.get_param_value("number"));
            if (!opened) response.status = 404;
            response.set_content(
                opened.value_or("<p>No request has this number. <a href=\"/\">Back</a>"),
                "text/html; charset=utf-8");
        });
    }
};

ReferenceServer::ReferenceServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

ReferenceServer::~ReferenceServer() {
    {
        const std::lock_guard lock(state_->slow_mutex);
        state_->is_stopping = true;
    }
    state_->slow_wake.notify_all();
    state_->secure.stop();
    state_->page.stop();
    if (state_->enrolment) state_->enrolment->stop();
    if (state_->enrolment_thread.joinable()) state_->enrolment_thread.join();
    if (state_->secure_thread.joinable()) state_->secure_thread.join();
    if (state_->page_thread.joinable()) state_->page_thread.join();
}

base::Result<std::unique_ptr<ReferenceServer>>
ReferenceServer::start(ReferencePlatform& platform, const KeyFiles& keys, int port, int page_port) {
    auto state = std::make_unique<State>(platform, keys);
    if (!state->secure.is_valid()) {
        return base::Error{base::Errc::corrupt, "reference platform: keys cannot be used"};
    }
    SSL_CTX* tls = state->secure.ssl_context();
    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
    // Without a context of its own OpenSSL refuses to resume a session that had a client
    // certificate: every sixth connection failed (httplib closes after five requests).
    constexpr unsigned char context[] = "kiosk reference platform";
    SSL_CTX_set_session_id_context(tls, context, sizeof context - 1);
    configure(state->secure);
    configure(state->page);
    state->set_routes();
    state->port = TRY(bind(state->secure, port));
    state->page_port = TRY(bind(state->page, page_port));
    auto* raw = state.get();
    state->secure_thread = std::thread([raw] { raw->secure.listen_after_bind(); });
    state->page_thread = std::thread([raw] { raw->page.listen_after_bind(); });
    wait_until_running(raw->secure);
    wait_until_running(raw->page);
    return std::unique_ptr<ReferenceServer>(new ReferenceServer(std::move(state)));
}

base::Result<void> ReferenceServer::open_enrolment(int port) {
    CHECK(!state_->enrolment);
    auto server = std::make_unique<httplib::SSLServer>(state_->keys.server_certificate.c_str(),
                                                       state_->keys.server_key.c_str());
    if (!server->is_valid())
        return base::Error{base::Errc::corrupt, "reference platform: keys cannot be used"};
    SSL_CTX_set_min_proto_version(server->ssl_context(), TLS1_2_VERSION);
    configure(*server);
    auto* raw = state_.get();
    server->Post("/kiosk/v1/enrolment",
                 [raw](const httplib::Request& request, httplib::Response& response) {
                     raw->answer_enrolment(request, response);
                 });
    state_->enrolment_port = TRY(bind(*server, port));
    state_->enrolment = std::move(server);
    state_->enrolment_thread = std::thread([raw] { raw->enrolment->listen_after_bind(); });
    wait_until_running(*state_->enrolment);
    return {};
}

std::string ReferenceServer::enrolment_url() const {
    return std::string("https://") + loopback + ":" + std::to_string(state_->enrolment_port);
}

int ReferenceServer::port() const {
    return state_->port;
}
int ReferenceServer::page_port() const {
    return state_->page_port;
}
std::string ReferenceServer::url() const {
    return std::string("https://") + loopback + ":" + std::to_string(state_->port);
}
std::string ReferenceServer::page_url() const {
    return std::string("http://") + loopback + ":" + std::to_string(state_->page_port) + "/";
}
void ReferenceServer::set_connected(bool yes) {
    state_->is_connected = yes;
}
void ReferenceServer::set_pace(int bytes_per_second) {
    CHECK(bytes_per_second >= 0 && bytes_per_second <= 1'000'000);
    state_->bytes_per_second = bytes_per_second;
}

} // namespace platform
