// Certificates by OpenSSL, for one machine and one year.
#include "kiosk/platform/reference/issuing.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace platform {
namespace {

constexpr std::chrono::hours back_dated{24};    // a kiosk's clock may be behind the maker's
constexpr std::size_t request_limit = 8 * 1024; // chosen: a request has half a kilobyte
constexpr int name_limit = 64;                  // X.520: ub-common-name

struct RequestRelease {
    void operator()(X509_REQ* at) const { X509_REQ_free(at); }
};
using RequestOwner = std::unique_ptr<X509_REQ, RequestRelease>;

bool set_validity(X509* x509, base::WallTime now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    const auto from = std::time_t((seconds - back_dated).time_since_epoch().count());
    const auto until = std::time_t((seconds + certificate_life).time_since_epoch().count());
    return ASN1_TIME_set(X509_getm_notBefore(x509), from) &&
           ASN1_TIME_set(X509_getm_notAfter(x509), until);
}

bool set_subject(X509* x509, const std::string& common_name) {
    auto* name = X509_get_subject_name(x509);
    const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, int(common_name.size()), -1,
                                      0) == 1;
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

// Everything but the key, and the signature over all of it.
base::Result<X509Owner> certify(EVP_PKEY* key, const std::string& common_name, const Issuer* issuer,
                                EVP_PKEY* signing_key, base::WallTime now,
                                std::initializer_list<Extension> extensions) {
    X509Owner x509(X509_new());
    X509* signer = issuer ? issuer->certificate : x509.get();
    const bool ok = x509 && key && X509_set_version(x509.get(), X509_VERSION_3) == 1 &&
                    set_serial(x509.get()) && set_validity(x509.get(), now) &&
                    set_subject(x509.get(), common_name) &&
                    X509_set_issuer_name(x509.get(), X509_get_subject_name(signer)) == 1 &&
                    X509_set_pubkey(x509.get(), key) == 1 &&
                    add_extensions(x509.get(), signer, extensions) &&
                    X509_sign(x509.get(), signing_key, EVP_sha256()) > 0;
    if (!ok) return base::Error{base::Errc::io, "certificate: OpenSSL"};
    return x509;
}

std::string common_name_in(X509_NAME* name) {
    const int at = name ? X509_NAME_get_index_by_NID(name, NID_commonName, -1) : -1;
    if (at < 0) return {};
    unsigned char* text = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    std::string copy = size > 0 ? std::string(text, text + size) : std::string();
    OPENSSL_free(text);
    return copy;
}

bool is_on_p256(const EVP_PKEY* key) {
    char group[32]{};
    std::size_t size = 0;
    return key && EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
           std::string_view(group, size) == "prime256v1";
}

base::Sha256 digest_of(EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    CHECK(size > 0);
    const auto digest = base::sha256({der, std::size_t(size)});
    OPENSSL_free(der);
    return digest;
}

} // namespace

const std::initializer_list<Extension> authority_extensions{
    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"}};
const std::initializer_list<Extension> device_extensions{
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "clientAuth"}};

base::Result<Issued> issue(const std::string& common_name, const Issuer* issuer, base::WallTime now,
                           std::initializer_list<Extension> extensions) {
    KeyOwner key(EVP_EC_gen("P-256"));
    EVP_PKEY* signing_key = issuer ? issuer->key : key.get();
    auto certificate = TRY(certify(key.get(), common_name, issuer, signing_key, now, extensions));
    return Issued{std::move(certificate), std::move(key)};
}

base::Result<std::string> to_pem(X509* certificate) {
    const BioOwner bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1)
        return base::Error{base::Errc::io, "certificate: PEM"};
    char* at = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &at);
    return std::string(at, std::size_t(size));
}

base::Result<CertificateRequest> read_certificate_request(std::string_view pem) {
    if (pem.size() > request_limit) return base::Error{base::Errc::corrupt, "request: too long"};
    const BioOwner bio(BIO_new_mem_buf(pem.data(), int(pem.size())));
    const RequestOwner native(bio ? PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr)
                                  : nullptr);
    if (!native) return base::Error{base::Errc::corrupt, "request: not a PEM request"};
    CertificateRequest request;
    request.key.reset(X509_REQ_get_pubkey(native.get()));
    if (!is_on_p256(request.key.get()))
        return base::Error{base::Errc::unsupported, "request: not P-256"};
    if (X509_REQ_verify(native.get(), request.key.get()) != 1)
        return base::Error{base::Errc::corrupt, "request: not signed with its own key"};
    request.common_name = common_name_in(X509_REQ_get_subject_name(native.get()));
    if (request.common_name.size() > name_limit)
        return base::Error{base::Errc::unsupported, "request: name too long"};
    request.key_digest = digest_of(request.key.get());
    return request;
}

base::Result<std::string> issue_to(const CertificateRequest& request,
                                   const std::string& common_name, const Issuer& issuer,
                                   base::WallTime now) {
    const auto certificate =
        TRY(certify(request.key.get(), common_name, &issuer, issuer.key, now, device_extensions));
    return to_pem(certificate.get());
}

std::string common_name_of(const Certificate& certificate) {
    return common_name_in(X509_get_subject_name(certificate.native().x509.get()));
}

} // namespace platform
