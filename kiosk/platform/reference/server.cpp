// cpp-httplib around ReferencePlatform::handle().
#include "kiosk/platform/reference/server.hpp"

#include <httplib.h>

#include <atomic>
#include <thread>

namespace platform {
namespace {

constexpr std::size_t request_limit_bytes = 4 << 20; // chosen: chunks are 512 KiB, bodies some KB
constexpr const char* loopback = "127.0.0.1";

HttpRequest from_httplib(const httplib::Request& request) {
    HttpRequest ours{request.method, request.path, {}, base::to_bytes(request.body)};
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

} // namespace

struct ReferenceServer::State {
    State(ReferencePlatform& p, const KeyFiles& keys)
        : platform(p),
          secure(keys.server_certificate.c_str(), keys.server_key.c_str(), keys.ca.c_str()) {}

    ReferencePlatform& platform;
    httplib::SSLServer secure; // a client CA makes httplib demand a client certificate
    httplib::Server page;
    std::atomic<bool> is_connected = true;
    int port = 0;
    int page_port = 0;
    std::thread secure_thread;
    std::thread page_thread;

    void answer(const httplib::Request& request, httplib::Response& response) {
        if (!is_connected) return cut(response);
        const auto answer = platform.handle(from_httplib(request));
        if (!answer) return cut(response);
        to_httplib(*answer, response);
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
    }
};

ReferenceServer::ReferenceServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

ReferenceServer::~ReferenceServer() {
    state_->secure.stop();
    state_->page.stop();
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
    for (httplib::Server* server : {static_cast<httplib::Server*>(&state->secure), &state->page}) {
        server->set_payload_max_length(request_limit_bytes);
        server->set_socket_options(exclusive_port);
        server->set_tcp_nodelay(true);
        // The library looks a hundred times a second whether an open connection has another
        // request: the demonstration, whose platform is in the kiosk's own process, would not be
        // idle.
        server->set_keep_alive_max_count(1);
        server->set_keep_alive_timeout(1); // seconds that stopping may have to wait
    }
    state->set_routes();
    state->port = TRY(bind(state->secure, port));
    state->page_port = TRY(bind(state->page, page_port));
    auto* raw = state.get();
    state->secure_thread = std::thread([raw] { raw->secure.listen_after_bind(); });
    state->page_thread = std::thread([raw] { raw->page.listen_after_bind(); });
    // stop() has no effect on a server that does not run yet: both must, before anybody may stop.
    while (!raw->secure.is_running() || !raw->page.is_running()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return std::unique_ptr<ReferenceServer>(new ReferenceServer(std::move(state)));
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

} // namespace platform
