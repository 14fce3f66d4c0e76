// A small certificate authority by OpenSSL, for one machine and one year.
#include "kiosk/platform/reference/demo_keys.hpp"

#include "kiosk/base/bytes.hpp"
#include "kiosk/platform/native.hpp"

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

constexpr std::chrono::days lifetime{365};
constexpr std::chrono::hours back_dated{24}; // a kiosk's clock may be behind the maker's

struct Issued {
    X509Owner certificate;
    KeyOwner key;
};

struct Extension {
    int nid;
    const char* value;
};

const std::initializer_list<Extension> authority_extensions{
    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"}};
const std::initializer_list<Extension> server_extensions{
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1"}};
const std::initializer_list<Extension> sealing_extensions{
    {NID_basic_constraints, "critical,CA:FALSE"}, {NID_key_usage, "critical,keyAgreement"}};
const std::initializer_list<Extension> device_extensions{
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "clientAuth"}};

bool set_validity(X509* x509, base::WallTime now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    const auto from = std::time_t((seconds - back_dated).time_since_epoch().count());
    const auto until = std::time_t((seconds + lifetime).time_since_epoch().count());
    return ASN1_TIME_set(X509_getm_notBefore(x509), from) &&
           ASN1_TIME_set(X509_getm_notAfter(x509), until);
}

bool set_subject(X509* x509, const char* common_name) {
    auto* name = X509_get_subject_name(x509);
    const auto* text = reinterpret_cast<const unsigned char*>(common_name);
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1;
}

bool set_serial(X509* x509) {
    std::uint64_t serial = 0;
    if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1) == 1;
}

bool add_extensions(X509* x509, X509* issuer, std::initializer_list<Extension> extensions) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
    for (const auto& one : extensions) {
        auto* extension = X509V3_EXT_conf_nid(nullptr, &context, one.nid, one.value);
        const bool added = extension && X509_add_ext(x509, extension, -1) == 1;
        X509_EXTENSION_free(extension);
        if (!added) return false;
    }
    return true;
}

// `issuer` null: signs itself.
base::Result<Issued> issue(const char* common_name, const Issued* issuer, base::WallTime now,
                           std::initializer_list<Extension> extensions) {
    Issued made{X509Owner(X509_new()), KeyOwner(EVP_EC_gen("P-256"))};
    const Issued& signer = issuer ? *issuer : made;
    auto* x509 = made.certificate.get();
    const bool ok = x509 && made.key && X509_set_version(x509, X509_VERSION_3) == 1 &&
                    set_serial(x509) && set_validity(x509, now) && set_subject(x509, common_name) &&
                    X509_set_issuer_name(x509, X509_get_subject_name(signer.certificate.get())) &&
                    X509_set_pubkey(x509, made.key.get()) == 1 &&
                    add_extensions(x509, signer.certificate.get(), extensions) &&
                    X509_sign(x509, signer.key.get(), EVP_sha256()) > 0;
    if (!ok) return base::Error{base::Errc::io, "demo keys: OpenSSL"};
    return made;
}

// Owner only from its first byte on. Not brought to the disk at once: keys a power cut takes are
// made again (is_complete), and the demonstration does not wait for seven of them.
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
    const BioOwner bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_X509(bio.get(), issued.certificate.get()) != 1) {
        return base::Error{base::Errc::io, "demo keys: PEM"};
    }
    char* at = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &at);
    return write_private(path, base::as_bytes({at, std::size_t(size)}));
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
            in_folder("device.key")};
}

bool is_complete(const KeyFiles& files, base::WallTime now) {
    const auto authority = Certificate::load(files.ca);
    const auto server = KeyPair::load(files.server_certificate, files.server_key);
    const auto sealing = KeyPair::load(files.sealing_certificate, files.sealing_key);
    const auto device = KeyPair::load(files.device_certificate, files.device_key);
    if (!authority || !server || !sealing || !device) return false;
    const auto tomorrow = now + std::chrono::days{1};
    return authority->is_valid_at(tomorrow) && device->certificate().is_valid_at(now) &&
           device->certificate().is_valid_at(tomorrow);
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
    const auto ca = TRY(issue(ca_name.c_str(), nullptr, now, authority_extensions));
    const auto server = TRY(issue("localhost", &ca, now, server_extensions));
    const auto sealing = TRY(issue("Demonstration platform", &ca, now, sealing_extensions));
    const auto device = TRY(issue("Demonstration kiosk", &ca, now, device_extensions));
    // The authority's key is not written: nobody can issue more of these later.
    TRY(write_key(files.server_key, server));
    TRY(write_certificate(files.server_certificate, server));
    TRY(write_key(files.sealing_key, sealing));
    TRY(write_certificate(files.sealing_certificate, sealing));
    TRY(write_key(files.device_key, device));
    TRY(write_certificate(files.device_certificate, device));
    TRY(write_certificate(files.ca, ca));
    return files;
}

} // namespace platform
