// Uploads: sealed pages, announced, appended chunk by chunk, found again after a cut.
#include "kiosk/platform/reference/state.hpp"

namespace platform {
namespace {

// platform-api §2: PATCH at most 512 KiB. Whole uploads: chosen, four times the largest page.
constexpr std::size_t chunk_limit_bytes = 512 * 1024;
constexpr std::int64_t upload_limit_bytes = 16 << 20;

} // namespace

// Asking again for the same bytes of the same submission finds the upload that is there.
Routed ReferencePlatform::State::create_upload(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    const auto key = text_at(body, "submissionId");
    const auto digest = text_at(body, "sha256");
    const auto size = body.is_object() ? body.value("size", json()) : json();
    if (!has_members(body, {"sha256", "size", "mediaType", "submissionId", "page"}) ||
        text_at(body, "mediaType") != "application/cms" || !is_uuid(key) || digest.size() != 64 ||
        !base::from_hex(digest) || !size.is_number_integer() || size < 1 ||
        size > upload_limit_bytes) {
        return refuse(problems::malformed);
    }
    auto known =
        TRY(database->prepare("SELECT id, length(bytes) FROM uploads WHERE key=? AND sha256=?"));
    known.bind(1, std::string_view(key));
    known.bind(2, std::string_view(digest));
    if (TRY(known.step())) {
        return HttpResponse{200,
                            {{"Location", "/kiosk/v1/uploads/" + known.text(0)},
                             {"Upload-Offset", std::to_string(known.integer(1))}},
                            {}};
    }
    const auto id = random.uuid();
    TRY(database->run("INSERT INTO uploads (id, key, sha256, size, bytes) "
                      "VALUES (?,?,?,?,zeroblob(0))",
                      std::string_view(id), std::string_view(key), std::string_view(digest),
                      size.get<std::int64_t>()));
    return HttpResponse{201, {{"Location", "/kiosk/v1/uploads/" + id}, {"Upload-Offset", "0"}}, {}};
}

Routed ReferencePlatform::State::one_upload(const HttpRequest& request, const std::string& id) {
    base::Bytes so_far;
    std::int64_t size = 0;
    {
        auto row = TRY(database->prepare("SELECT bytes, size FROM uploads WHERE id=?"));
        row.bind(1, std::string_view(id));
        if (!TRY(row.step())) return refuse(problems::not_found);
        so_far = row.blob(0);
        size = row.integer(1);
    }
    if (request.method == "HEAD") {
        return HttpResponse{200,
                            {{"Upload-Offset", std::to_string(so_far.size())},
                             {"Upload-Length", std::to_string(size)},
                             {"Cache-Control", "no-store"}},
                            {}};
    }
    if (request.method == "PATCH") return append_upload(request, id, so_far, size);
    if (request.method == "DELETE") {
        TRY(database->run("DELETE FROM uploads WHERE id=?", std::string_view(id)));
        return HttpResponse{204, {}, {}};
    }
    return refuse(problems::not_found);
}

Routed ReferencePlatform::State::append_upload(const HttpRequest& request, const std::string& id,
                                               const base::Bytes& so_far, std::int64_t size) {
    const auto offset = number_in(find_header(request.headers, "Upload-Offset"));
    const auto total = so_far.size() + request.body.size();
    if (offset != so_far.size()) return refuse(problems::offset_mismatch);
    if (request.body.empty() || request.body.size() > chunk_limit_bytes ||
        std::int64_t(total) > size) {
        return refuse(problems::malformed);
    }
    const auto checksum = "sha-256 " + base::to_base64(base::sha256(request.body));
    if (find_header(request.headers, "Upload-Checksum") != checksum) {
        return refuse(problems::checksum_mismatch);
    }
    auto joined = so_far;
    joined.insert(joined.end(), request.body.begin(), request.body.end());
    TRY(database->run("UPDATE uploads SET bytes=? WHERE id=?", base::ByteView(joined),
                      std::string_view(id)));
    return HttpResponse{204, {{"Upload-Offset", std::to_string(total)}}, {}};
}

} // namespace platform
