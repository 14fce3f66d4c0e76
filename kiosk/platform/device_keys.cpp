#include "kiosk/platform/device_keys.hpp"

#include "kiosk/platform/native.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace platform {
namespace {

using base::Errc;
using base::Error;
using base::Result;

// Owns a descriptor that must be seen to be written to its end.
struct OpenFile {
    int fd;
    ~OpenFile() { ::close(fd); }
};

Error write_failed(const std::string& file) {
    return {errno == ENOSPC ? Errc::disk_full : Errc::io, file + " cannot be written"};
}

Result<void> sync_folder_of(const std::string& file) {
    const auto folder = std::filesystem::path(file).parent_path();
    const OpenFile opened{
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (opened.fd < 0 || ::fsync(opened.fd) != 0) return write_failed(file);
    return {};
}

Result<void> write_all(int fd, base::ByteView bytes, const std::string& file) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return write_failed(file);
        bytes = bytes.subspan(std::size_t(written));
    }
    if (::fsync(fd) != 0) return write_failed(file);
    return {};
}

std::string text_of(BIO* memory) {
    char* at = nullptr;
    const long size = BIO_get_mem_data(memory, &at);
    return {at, std::size_t(size)};
}

} // namespace

Result<void> make_device_key(const std::string& key_file) {
    const KeyOwner key(EVP_EC_gen("P-256"));
    // Secure memory: OpenSSL cleanses it when it goes.
    const BioOwner pem(BIO_new(BIO_s_secmem()));
    if (!key || !pem ||
        PEM_write_bio_PKCS8PrivateKey(pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) != 1) {
        ERR_clear_error();
        return Error{Errc::io, "a key could not be made"};
    }
    const OpenFile file{
        ::open(key_file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (file.fd < 0 && errno == EEXIST)
        return Error{Errc::conflict, key_file + " is there already; a key is never replaced"};
    if (file.fd < 0) return write_failed(key_file);
    char* at = nullptr;
    const long size = BIO_get_mem_data(pem.get(), &at);
    const auto written = write_all(
        file.fd, {reinterpret_cast<const std::uint8_t*>(at), std::size_t(size)}, key_file);
    if (!written) ::unlink(key_file.c_str()); // half a key is none
    TRY(written);
    return sync_folder_of(key_file);
}

Result<std::string> certificate_request(const std::string& key_file, std::string_view kiosk_id) {
    const auto key = TRY(load_device_key(key_file));
    const std::string name = "kiosk " + std::string(kiosk_id);
    const std::unique_ptr<X509_REQ, Release<X509_REQ_free>> request(X509_REQ_new());
    const BioOwner pem(BIO_new(BIO_s_mem()));
    auto* subject = request ? X509_REQ_get_subject_name(request.get()) : nullptr;
    const bool made =
        pem && subject && X509_REQ_set_version(request.get(), 0) == 1 &&
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(name.data()),
                                   int(name.size()), -1, 0) == 1 &&
        X509_REQ_set_pubkey(request.get(), key->key.get()) == 1 &&
        X509_REQ_sign(request.get(), key->key.get(), EVP_sha256()) > 0 &&
        PEM_write_bio_X509_REQ(pem.get(), request.get()) == 1;
    if (!made) {
        ERR_clear_error();
        return Error{Errc::io, "a request for a certificate could not be made"};
    }
    return text_of(pem.get());
}

Result<Certificate> install_certificate(std::string_view pem, const std::string& key_file,
                                        const std::string& certificate_file,
                                        const base::Clock& clock) {
    auto certificate = TRY(Certificate::parse(pem));
    const auto key = TRY(load_device_key(key_file));
    if (X509_check_private_key(certificate.native().x509.get(), key->key.get()) != 1) {
        ERR_clear_error();
        return Error{Errc::corrupt, "this certificate is for another key than " + key_file};
    }
    if (clock.is_synchronised() && !certificate.is_valid_at(clock.wall()))
        return Error{Errc::unauthorised, "this certificate is not valid today"};
    // Only the certificate is kept of what may stand around it in the file.
    const BioOwner clean(BIO_new(BIO_s_mem()));
    if (!clean || PEM_write_bio_X509(clean.get(), certificate.native().x509.get()) != 1)
        return Error{Errc::io, "the certificate could not be written"};
    TRY(base::write_file_durably(certificate_file, base::as_bytes(text_of(clean.get()))));
    return certificate;
}

bool is_renewal_due(const Certificate& certificate, base::WallTime now) {
    const auto validity = certificate.validity();
    return now >= validity.from + renewal_age || now >= validity.until;
}

Result<void> destroy_file(const std::string& file) {
    const OpenFile opened{::open(file.c_str(), O_WRONLY | O_CLOEXEC)};
    if (opened.fd < 0 && errno == ENOENT) return {};
    struct stat status {};
    if (opened.fd < 0 || ::fstat(opened.fd, &status) != 0) return write_failed(file);
    TRY(write_all(opened.fd, base::Bytes(std::size_t(status.st_size)), file));
    if (::unlink(file.c_str()) != 0) return write_failed(file);
    return sync_folder_of(file);
}

} // namespace platform
