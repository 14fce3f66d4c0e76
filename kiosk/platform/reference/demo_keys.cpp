// Keys of a demonstration, written where they are private.
#include "kiosk/platform/reference/demo_keys.hpp"

#include "kiosk/base/bytes.hpp"
#include "kiosk/platform/reference/issuing.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <initializer_list>
#include <sys/stat.h>
#include <unistd.h>

namespace platform {
namespace {

const std::initializer_list<Extension> server_extensions{
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1"}};
const std::initializer_list<Extension> sealing_extensions{
    {NID_basic_constraints, "critical,CA:FALSE"}, {NID_key_usage, "critical,keyAgreement"}};

const std::initializer_list<Extension> elsewhere_extensions{
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_alt_name, "DNS:elsewhere.example"}};

// Owner only from its first byte on. Not brought to the disk at once: keys a power cut takes are
// made again (is_complete), and the demonstration does not wait for eight of them.
base::Result<void> write_private(const std::string& path, base::ByteView bytes) {
    const auto partial = path + ".new";
    const int fd = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return base::Error{base::Errc::io, "cannot write the demonstration's keys to " + path +
                                               ": " + std::strerror(errno)};
    const bool ok = ::write(fd, bytes.data(), bytes.size()) == ssize_t(bytes.size());
    ::close(fd);
    if (!ok || ::rename(partial.c_str(), path.c_str()) != 0) {
        return base::Error{base::Errc::disk_full, "cannot write the demonstration's keys to " +
                                                      path + "; is the disk full?"};
    }
    return {};
}

base::Result<void> write_certificate(const std::string& path, const Issued& issued) {
    const auto pem = TRY(to_pem(issued.certificate.get()));
    return write_private(path, base::as_bytes(pem));
}

base::Result<void> write_key(const std::string& path, const Issued& issued) {
    const BioOwner bio(BIO_new(BIO_s_secmem()));
    if (!bio || PEM_write_bio_PrivateKey(bio.get(), issued.key.get(), nullptr, nullptr, 0, nullptr,
                                         nullptr) != 1) {
        return base::Error{base::Errc::io, "demo keys: PEM"};
    }
    char* at = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &at);
    return write_private(path, base::as_bytes({at, std::size_t(size)}));
}

KeyFiles names_in(const std::string& folder) {
    const auto in_folder = [&](const char* name) { return folder + "/" + name; };
    return {in_folder("ca.pem"),
            in_folder("platform-server.pem"),
            in_folder("platform-server.key"),
            in_folder("platform-sealing.pem"),
            in_folder("platform-sealing.key"),
            in_folder("device.pem"),
            in_folder("device.key"),
            in_folder("ca.key")};
}

bool is_complete(const KeyFiles& files, base::WallTime now) {
    const auto authority = KeyPair::load(files.ca, files.ca_key);
    const auto server = KeyPair::load(files.server_certificate, files.server_key);
    const auto sealing = KeyPair::load(files.sealing_certificate, files.sealing_key);
    const auto device = KeyPair::load(files.device_certificate, files.device_key);
    if (!authority || !server || !sealing || !device) return false;
    const auto tomorrow = now + std::chrono::days{1};
    return authority->certificate().is_valid_at(tomorrow) &&
           device->certificate().is_valid_at(now) && device->certificate().is_valid_at(tomorrow);
}

} // namespace

base::Result<KeyFiles> make_demo_keys(const std::string& folder, const base::Clock& clock) {
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, code);
    if (code)
        return base::Error{base::Errc::io, "cannot make the folder " + folder +
                                               " for the demonstration's keys: " + code.message()};

    const auto files = names_in(folder);
    const auto now = clock.wall();
    if (is_complete(files, now)) return files;

    // A name of its own: two authorities of one name make verifiers report odd errors.
    std::array<std::uint8_t, 4> tag{};
    if (RAND_bytes(tag.data(), int(tag.size())) != 1) return base::Error{base::Errc::io, "random"};
    const auto ca_name = "Demonstration CA " + base::to_hex(tag) + " (test data only)";
    const auto ca = TRY(issue(ca_name, nullptr, now, authority_extensions));
    const Issuer issuer{ca.certificate.get(), ca.key.get()};
    const auto server = TRY(issue("localhost", &issuer, now, server_extensions));
    const auto sealing = TRY(issue("Demonstration platform", &issuer, now, sealing_extensions));
    const auto device = TRY(issue("Demonstration kiosk", &issuer, now, device_extensions));
    TRY(write_key(files.server_key, server));
    TRY(write_certificate(files.server_certificate, server));
    TRY(write_key(files.sealing_key, sealing));
    TRY(write_certificate(files.sealing_certificate, sealing));
    TRY(write_key(files.device_key, device));
    TRY(write_certificate(files.device_certificate, device));
    TRY(write_key(files.ca_key, ca));
    TRY(write_certificate(files.ca, ca));
    return files;
}

base::Result<KeyFiles> make_wrong_server(const KeyFiles& keys, WrongServer wrong,
                                         const std::string& folder, const base::Clock& clock) {
    const auto ca = TRY(KeyPair::load(keys.ca, keys.ca_key));
    const auto stranger =
        TRY(issue("Another CA (test data only)", nullptr, clock.wall(), authority_extensions));
    Issuer issuer{ca.certificate().native().x509.get(), ca.native().key.get()};
    auto now = clock.wall();
    const auto* extensions = &server_extensions;
    switch (wrong) {
    case WrongServer::expired: now -= 2 * certificate_life; break;
    case WrongServer::not_yet: now += certificate_life; break;
    case WrongServer::other_host: extensions = &elsewhere_extensions; break;
    case WrongServer::other_authority:
        issuer = {stranger.certificate.get(), stranger.key.get()};
        break;
    }
    const auto server = TRY(issue("localhost", &issuer, now, *extensions));
    auto files = keys;
    files.server_certificate = folder + "/wrong-server.pem";
    files.server_key = folder + "/wrong-server.key";
    TRY(write_key(files.server_key, server));
    TRY(write_certificate(files.server_certificate, server));
    return files;
}

} // namespace platform
