#include "kiosk/base/ed25519.hpp"

#include <algorithm>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <set>

namespace base {
namespace {

constexpr std::size_t signature_size = 64; // RFC 8032, 5.1.6
// Chosen: a key is some 120 bytes, the rest comments.
constexpr std::size_t pem_limit = 16u << 10;

struct FreeNative {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
template <class T> using Native = std::unique_ptr<T, FreeNative>;

Native<EVP_PKEY> private_native(ByteView raw) {
    return Native<EVP_PKEY>(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()));
}

Bytes signed_bytes(std::string_view purpose, ByteView bytes) {
    Bytes all = to_bytes(purpose);
    all.insert(all.end(), bytes.begin(), bytes.end());
    return all;
}

Error not_a_private_key() {
    return {Errc::invalid_input, "not a private Ed25519 key"};
}

using ReadKey = EVP_PKEY* (*)(BIO*, EVP_PKEY**, pem_password_cb*, void*);

// Nobody is asked for a password.
int no_password(char*, int, int, void*) {
    return -1;
}

Result<Native<EVP_PKEY>> read_pem(const std::string& file, ReadKey read, const char* wanted) {
    auto pem = TRY(read_file(file, pem_limit));
    const Native<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Native<EVP_PKEY> key(bio ? read(bio.get(), nullptr, no_password, nullptr) : nullptr);
    OPENSSL_cleanse(pem.data(), pem.size());
    if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
        return Error{Errc::corrupt, file + " is no Ed25519 " + wanted + " key (PEM)"};
    return key;
}

} // namespace

bool is_signed_by(ByteView message, ByteView signature, const Ed25519Key& key) {
    if (signature.size() != signature_size) return false;
    const Native<EVP_PKEY> native(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    const Native<EVP_MD_CTX> context(EVP_MD_CTX_new());
    return native && context &&
           EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, native.get()) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                            message.size()) == 1;
}

int count_signers(std::string_view purpose, ByteView bytes, ByteView lines,
                  std::span<const Ed25519Key> trusted) {
    std::set<Ed25519Key> seen;
    const auto message = signed_bytes(purpose, bytes);
    std::string_view rest = as_text(lines);
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const auto gap = line.find(' ');
        if (gap == std::string_view::npos) continue;
        const auto key = from_hex(line.substr(0, gap));
        const auto signature = from_hex(line.substr(gap + 1));
        if (!key || !signature) continue;
        for (const auto& known : trusted)
            if (std::ranges::equal(*key, known) && is_signed_by(message, *signature, known))
                seen.insert(known);
    }
    return int(seen.size());
}

Result<std::string> signature_line(std::string_view purpose, ByteView bytes, ByteView private_key) {
    const auto key = TRY(public_key_of(private_key));
    const auto native = private_native(private_key);
    const Native<EVP_MD_CTX> context(EVP_MD_CTX_new());
    const auto message = signed_bytes(purpose, bytes);
    Bytes signature(signature_size);
    std::size_t size = signature.size();
    if (!context ||
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, native.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1)
        return Error{Errc::invalid_input, "the key does not sign"};
    return to_hex(key) + " " + to_hex(signature) + "\n";
}

Result<Ed25519Key> public_key_of(ByteView private_key) {
    const auto native = private_native(private_key);
    Ed25519Key key{};
    std::size_t size = key.size();
    if (!native || EVP_PKEY_get_raw_public_key(native.get(), key.data(), &size) != 1)
        return not_a_private_key();
    return key;
}

Result<std::vector<Ed25519Key>> load_public_keys(const std::vector<std::string>& pem_files) {
    std::vector<Ed25519Key> keys;
    for (const auto& file : pem_files) {
        const auto native = TRY(read_pem(file, PEM_read_bio_PUBKEY, "public"));
        Ed25519Key raw{};
        std::size_t size = raw.size();
        if (EVP_PKEY_get_raw_public_key(native.get(), raw.data(), &size) != 1)
            return Error{Errc::corrupt, file + " is no Ed25519 public key (PEM)"};
        keys.push_back(raw);
    }
    return keys;
}

Result<Bytes> load_private_key(const std::string& pem_file) {
    const auto native = TRY(read_pem(pem_file, PEM_read_bio_PrivateKey, "private"));
    Bytes raw(32);
    std::size_t size = raw.size();
    if (EVP_PKEY_get_raw_private_key(native.get(), raw.data(), &size) != 1)
        return Error{Errc::corrupt, pem_file + " is no Ed25519 private key (PEM)"};
    return raw;
}

} // namespace base
