// One line per exchange.
#include "kiosk/platform/reference/recording.hpp"

#include "kiosk/base/digest.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace platform {
namespace {

// JSON as it is, anything else as size and digest.
nlohmann::json record_body(const std::vector<HttpHeader>& headers, const base::Bytes& body) {
    if (body.empty()) return nullptr;
    const auto type = find_header(headers, "Content-Type").value_or("");
    auto parsed = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    if (type.find("json") != std::string::npos && !parsed.is_discarded())
        return {{"json", std::move(parsed)}};
    return {{"size", body.size()}, {"sha256", base::sha256_hex(body)}};
}

nlohmann::json record_headers(const std::vector<HttpHeader>& headers) {
    auto all = nlohmann::json::object();
    for (const auto& header : headers) all[header.name] = header.value;
    return all;
}

} // namespace

base::Result<std::unique_ptr<Recording>> Recording::open_if_wanted() {
    const char* folder = std::getenv("KIOSK_RECORD_EXCHANGES");
    if (!folder || !*folder) return std::unique_ptr<Recording>();
    std::error_code ignored; // open() below says it
    std::filesystem::create_directories(folder, ignored);
    const auto path = std::string(folder) + "/" + std::to_string(::getpid()) + ".jsonl";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return base::Error{base::Errc::io, "cannot record exchanges in " + path};
    return std::unique_ptr<Recording>(new Recording(file));
}

Recording::~Recording() {
    ::close(file_);
}

void Recording::note(MadeBy made_by, const HttpRequest& request,
                     const std::optional<HttpResponse>& answer, std::string_view fault,
                     const nlohmann::json& opened) {
    nlohmann::json line{{"madeBy", made_by == MadeBy::wire ? "wire" : "hand"},
                        {"fault", fault},
                        {"method", request.method},
                        {"path", request.path},
                        {"headers", record_headers(request.headers)},
                        {"body", record_body(request.headers, request.body)},
                        {"answer", nullptr}};
    if (answer)
        line["answer"] = {{"status", answer->status},
                          {"headers", record_headers(answer->headers)},
                          {"body", record_body(answer->headers, answer->body)}};
    if (!opened.is_null()) line["opened"] = opened;
    const auto text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    CHECK(::write(file_, text.data(), text.size()) == ssize_t(text.size()));
}

} // namespace platform
