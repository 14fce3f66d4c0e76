// CMS by OpenSSL 3.0. When sealing, clear text goes from the caller's memory straight into the
// cipher: CMS_final() would lead it through a heap buffer that OpenSSL does not wipe
// (SMIME_crlf_copy).
#include "kiosk/platform/sealing.hpp"

#include "kiosk/platform/native.hpp"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>

#include <sys/stat.h>

namespace platform {
namespace {

constexpr std::size_t pem_limit_bytes = 64 * 1024; // chosen: a certificate has about 1 KB
// A submission with its attachments' digests is some KB, a page at most 4 MiB (base/secret.hpp).
constexpr int cms_limit_bytes = 64 << 20;

// OpenSSL's own error numbers hold no data of ours; its texts stay out of the log all the same.
base::Error failed(base::Errc code, const char* doing) {
    ERR_clear_error();
    return {code, std::string("sealing: ") + doing};
}

BioOwner read_from(base::ByteView bytes) {
    if (bytes.size() > std::size_t(cms_limit_bytes)) return nullptr;
    return BioOwner(BIO_new_mem_buf(bytes.data(), int(bytes.size())));
}

base::Bytes contents(BIO* memory) {
    char* at = nullptr;
    const long size = BIO_get_mem_data(memory, &at);
    return {at, at + size};
}

bool is_p256(EVP_PKEY* key) {
    char group[32] = {};
    std::size_t length = 0;
    return EVP_PKEY_get_group_name(key, group, sizeof group, &length) == 1 &&
           std::string_view(group, length) == "prime256v1";
}

base::Result<base::Bytes> to_der(CMS_ContentInfo* cms) {
    unsigned char* der = nullptr;
    const int size = i2d_CMS_ContentInfo(cms, &der);
    if (size < 0) return failed(base::Errc::io, "DER");
    base::Bytes bytes(der, der + size);
    OPENSSL_free(der);
    return bytes;
}

// The whole input must be one structure: bytes behind it would be sent but not covered.
CmsOwner from_der(base::ByteView bytes) {
    if (bytes.size() > std::size_t(cms_limit_bytes)) return nullptr;
    const auto* at = bytes.data();
    CmsOwner cms(d2i_CMS_ContentInfo(nullptr, &at, long(bytes.size())));
    if (cms && at != bytes.data() + bytes.size()) return nullptr;
    return cms;
}

// ECDH with X9.63 and SHA-256 instead of OpenSSL's default SHA-1, and AES-256 to wrap the key.
bool add_recipient(CMS_ContentInfo* cms, X509* certificate) {
    auto* recipient = CMS_add1_recipient_cert(cms, certificate, CMS_BINARY | CMS_KEY_PARAM);
    if (!recipient) return false;
    auto* context = CMS_RecipientInfo_get0_pkey_ctx(recipient);
    return context && EVP_PKEY_CTX_set_ecdh_kdf_md(context, EVP_sha256()) > 0;
}

bool encrypt_into(CMS_ContentInfo* cms, base::ByteView clear) {
    const BioOwner cipher(CMS_dataInit(cms, nullptr));
    return cipher &&
           BIO_write(cipher.get(), clear.data(), int(clear.size())) == int(clear.size()) &&
           BIO_flush(cipher.get()) == 1 && CMS_dataFinal(cms, cipher.get()) == 1;
}

StoreOwner trust_in(const Certificate& authority, const base::Clock& clock) {
    StoreOwner store(X509_STORE_new());
    if (!store || X509_STORE_add_cert(store.get(), authority.native().x509.get()) != 1) {
        return nullptr;
    }
    const auto seconds = std::chrono::floor<std::chrono::seconds>(clock.wall());
    auto* parameters = X509_STORE_get0_param(store.get());
    X509_VERIFY_PARAM_set_time(parameters, seconds.time_since_epoch().count());
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
    return store;
}

// A field of a certificate -> ours. One that OpenSSL parsed can be read (RFC 5280, 4.1.2.5); one
// that cannot counts as long ago.
base::WallTime wall_time(const ASN1_TIME* time) {
    std::tm calendar{};
    if (ASN1_TIME_to_tm(time, &calendar) != 1) return {};
    return base::WallTime(std::chrono::seconds(::timegm(&calendar)));
}

// The fingerprint of the only signer.
base::Result<base::Sha256> only_signer(CMS_ContentInfo* cms) {
    STACK_OF(X509)* signers = CMS_get0_signers(cms);
    const int count = sk_X509_num(signers);
    base::Sha256 digest{};
    unsigned int size = 0;
    const bool ok = count == 1 &&
                    X509_digest(sk_X509_value(signers, 0), EVP_sha256(), digest.data(), &size) == 1;
    sk_X509_free(signers);
    if (!ok) return failed(base::Errc::unauthorised, "not exactly one signer");
    return digest;
}

} // namespace

base::Result<Certificate> Certificate::load(const std::string& pem_file) {
    const auto bytes = TRY(base::read_file(pem_file, pem_limit_bytes));
    return parse(base::as_text(bytes));
}

base::Result<Certificate> Certificate::parse(std::string_view pem) {
    const auto bio = read_from(base::as_bytes(pem));
    X509Owner x509(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!x509) return failed(base::Errc::corrupt, "not a PEM certificate");
    return Certificate(std::make_shared<const Native>(Native{std::move(x509)}));
}

base::Sha256 Certificate::fingerprint() const {
    base::Sha256 digest{};
    unsigned int size = 0;
    CHECK(X509_digest(native_->x509.get(), EVP_sha256(), digest.data(), &size) == 1);
    return digest;
}

bool Certificate::is_valid_at(base::WallTime time) const {
    auto seconds =
        std::time_t(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
    const X509* x509 = native_->x509.get();
    // X509_cmp_time: negative when the given field is earlier than or equal to `seconds`.
    return X509_cmp_time(X509_get0_notBefore(x509), &seconds) < 0 &&
           X509_cmp_time(X509_get0_notAfter(x509), &seconds) > 0;
}

Certificate::Validity Certificate::validity() const {
    const X509* x509 = native_->x509.get();
    return {wall_time(X509_get0_notBefore(x509)), wall_time(X509_get0_notAfter(x509))};
}

base::Result<std::shared_ptr<const KeyPair::Native>> load_device_key(const std::string& key_file) {
    struct stat status {};
    if (::stat(key_file.c_str(), &status) != 0) return failed(base::Errc::not_found, "key file");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return failed(base::Errc::unauthorised, "key file is open to others: chmod 600");
    }
    BioOwner bio(BIO_new_file(key_file.c_str(), "r"));
    // A password callback that gives none: without it OpenSSL would ask on the terminal.
    const auto no_password = [](char*, int, int, void*) noexcept { return 0; };
    KeyOwner key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr);
    if (!key) return failed(base::Errc::corrupt, "not a PEM private key");
    if (!is_p256(key.get())) return failed(base::Errc::corrupt, "not a P-256 key");
    return std::make_shared<const KeyPair::Native>(KeyPair::Native{std::move(key)});
}

base::Result<KeyPair> KeyPair::load(const std::string& certificate_file,
                                    const std::string& key_file) {
    auto certificate = TRY(Certificate::load(certificate_file));
    auto key = TRY(load_device_key(key_file));
    if (X509_check_private_key(certificate.native().x509.get(), key->key.get()) != 1) {
        return failed(base::Errc::corrupt, "key and certificate do not belong together");
    }
    return KeyPair(std::move(certificate), std::move(key));
}

base::Result<base::Bytes> seal(base::ByteView clear, const std::vector<Certificate>& recipients,
                               const base::Clock& clock) {
    CmsOwner cms(CMS_encrypt(nullptr, nullptr, EVP_aes_256_gcm(), CMS_BINARY | CMS_PARTIAL));
    if (!cms) return failed(base::Errc::io, "start");
    int valid = 0;
    for (const auto& recipient : recipients) {
        // During a roll-over one of the two may have ended; the other is enough. G17: while the
        // clock is not synchronised its date refuses nobody.
        if (clock.is_synchronised() && !recipient.is_valid_at(clock.wall())) continue;
        auto* x509 = recipient.native().x509.get();
        if (!is_p256(X509_get0_pubkey(x509))) return failed(base::Errc::unsupported, "not P-256");
        if (!add_recipient(cms.get(), x509)) return failed(base::Errc::io, "recipient");
        ++valid;
    }
    if (valid == 0) return failed(base::Errc::unauthorised, "no valid platform certificate");
    if (clear.size() > std::size_t(cms_limit_bytes)) return failed(base::Errc::too_large, "clear");
    const bool encrypted = encrypt_into(cms.get(), clear);
    base::wipe_stack_below();
    if (!encrypted) return failed(base::Errc::io, "encrypt");
    return to_der(cms.get());
}

base::Result<base::Bytes> sign(base::ByteView sealed, const KeyPair& device) {
    const auto input = read_from(sealed);
    if (!input) return failed(base::Errc::too_large, "sealed bytes");
    CmsOwner cms(CMS_sign(device.certificate().native().x509.get(), device.native().key.get(),
                          nullptr, input.get(), CMS_BINARY | CMS_NOSMIMECAP));
    if (!cms) return failed(base::Errc::io, "sign");
    return to_der(cms.get());
}

base::Result<base::Sha256> signer_of(base::ByteView signed_bytes) {
    const auto cms = from_der(signed_bytes);
    if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) {
        return failed(base::Errc::corrupt, "not SignedData");
    }
    // The signer is compared by fingerprint instead of by chain: the caller knows who it must be.
    if (CMS_verify(cms.get(), nullptr, nullptr, nullptr, nullptr,
                   CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1) {
        return failed(base::Errc::corrupt, "signature");
    }
    const auto signer = only_signer(cms.get());
    if (!signer) return base::Error{base::Errc::corrupt, signer.error().context};
    return signer;
}

base::Result<base::Bytes> sign_detached(base::ByteView bytes, const KeyPair& device) {
    const DigestOwner context(EVP_MD_CTX_new());
    auto* key = device.native().key.get();
    base::Bytes signature(std::size_t(EVP_PKEY_get_size(key)));
    std::size_t size = signature.size();
    const bool ok =
        context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
        EVP_DigestSign(context.get(), signature.data(), &size, bytes.data(), bytes.size()) == 1;
    if (!ok) return failed(base::Errc::io, "detached signature");
    signature.resize(size);
    return signature;
}

base::Result<void> check_detached(base::ByteView bytes, base::ByteView signature,
                                  const Certificate& device) {
    auto* key = X509_get0_pubkey(device.native().x509.get());
    if (!key || !is_p256(key)) return failed(base::Errc::unsupported, "not P-256");
    const DigestOwner context(EVP_MD_CTX_new());
    const bool ok = context &&
                    EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                    EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                     bytes.data(), bytes.size()) == 1;
    if (!ok) return failed(base::Errc::unauthorised, "detached signature");
    return {};
}

base::Result<Opened> open_signed(base::ByteView signed_bytes, const Certificate& authority,
                                 const base::Clock& clock) {
    const auto cms = from_der(signed_bytes);
    if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) {
        return failed(base::Errc::corrupt, "not SignedData");
    }
    const auto store = trust_in(authority, clock);
    const BioOwner output(BIO_new(BIO_s_mem()));
    if (!store || !output) return failed(base::Errc::io, "verify");
    if (CMS_verify(cms.get(), nullptr, store.get(), nullptr, output.get(), CMS_BINARY) != 1) {
        const int reason = ERR_GET_REASON(ERR_peek_last_error());
        const bool is_signer = reason == CMS_R_CERTIFICATE_VERIFY_ERROR;
        return failed(is_signer ? base::Errc::unauthorised : base::Errc::corrupt, "verify");
    }
    return Opened{contents(output.get()), TRY(only_signer(cms.get()))};
}

base::Result<base::SecretBytes> unseal(base::ByteView sealed, const KeyPair& platform) {
    const auto cms = from_der(sealed);
    if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_id_smime_ct_authEnvelopedData) {
        return failed(base::Errc::corrupt, "not AuthEnvelopedData");
    }
    auto* key = platform.native().key.get();
    auto* x509 = platform.certificate().native().x509.get();
    if (CMS_decrypt_set1_pkey(cms.get(), key, x509) != 1) {
        return failed(base::Errc::unauthorised, "sealed for somebody else");
    }
    // OpenSSL's secure memory BIO cleanses what it held.
    const BioOwner output(BIO_new(BIO_s_secmem()));
    if (!output || CMS_decrypt(cms.get(), nullptr, nullptr, nullptr, output.get(), 0) != 1) {
        return failed(base::Errc::corrupt, "decrypt");
    }
    char* at = nullptr;
    const long size = BIO_get_mem_data(output.get(), &at);
    return base::SecretBytes(at, at + size);
}

} // namespace platform
