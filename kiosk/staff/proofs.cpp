#include "kiosk/staff/proofs.hpp"

#include "kiosk/base/ed25519.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>

namespace staff {
namespace {

using base::Errc;
using base::Error;
using base::Result;

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeKeyContext {
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
struct FreeSignature {
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext>;

constexpr std::uint8_t uncompressed = 0x04; // SEC 1, 2.3.3

// Empty when the point is none of the curve: OpenSSL solves the curve's equation for it. The first
// byte is looked at here because OpenSSL also takes the hybrid forms 0x06 and 0x07.
Key public_key(const drivers::P256Point& point) {
    if (point[0] != uncompressed) return nullptr;
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    char group[] = "prime256v1";
    auto octets = point;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) <= 0)
        return nullptr;
    return Key(key);
}

// OpenSSL wants r and s as DER (RFC 3279, 2.2.3). Empty when there is no memory.
base::Bytes der_of(const drivers::P256Signature& signature) {
    const std::unique_ptr<ECDSA_SIG, FreeSignature> pair(ECDSA_SIG_new());
    BIGNUM* r = BN_bin2bn(signature.data(), 32, nullptr);
    BIGNUM* s = BN_bin2bn(signature.data() + 32, 32, nullptr);
    if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
    if (size <= 0) return {};
    base::Bytes der(static_cast<std::size_t>(size));
    auto* at = der.data();
    i2d_ECDSA_SIG(pair.get(), &at);
    return der;
}

bool scrypt(base::ByteView secret, base::ByteView salt, std::uint64_t n, std::uint64_t r,
            std::uint64_t p, std::span<std::uint8_t> out) {
    // OpenSSL refuses above a limit of its own (32 MiB) that scrypt's tables alone fill.
    constexpr std::uint64_t memory_limit = 64u << 20;
    return EVP_PBE_scrypt(reinterpret_cast<const char*>(secret.data()), secret.size(), salt.data(),
                          salt.size(), n, r, p, memory_limit, out.data(), out.size()) == 1;
}

template <std::size_t size> std::array<std::uint8_t, size> array_of(std::string_view hex) {
    const auto bytes = base::from_hex(hex);
    CHECK(bytes.has_value() && bytes->size() == size);
    std::array<std::uint8_t, size> out{};
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

// RFC 6979, A.2.5: P-256, SHA-256, message "sample".
bool p256_is_right() {
    const auto point =
        array_of<65>("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                     "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
    auto signature =
        array_of<64>("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                     "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    const auto digest = base::sha256(base::as_bytes("sample"));
    if (!has_signed(point, digest, signature)) return false;
    signature[63] ^= 1;
    return !has_signed(point, digest, signature);
}

// RFC 8032, 7.1, test 2.
bool ed25519_is_right() {
    const auto key =
        array_of<32>("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    auto signature =
        array_of<64>("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    const std::array<std::uint8_t, 1> message{0x72};
    if (!base::is_signed_by(message, signature, key)) return false;
    signature[0] ^= 1;
    return !base::is_signed_by(message, signature, key);
}

// RFC 7914, 12, the first row: the only one that needs next to no memory.
bool scrypt_is_right() {
    std::array<std::uint8_t, 64> out{};
    if (!scrypt(base::as_bytes(""), base::as_bytes(""), 16, 1, 1, out)) return false;
    return base::to_hex(out) == "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                                "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906";
}

// FIPS 180-4's example "abc" (NIST, SHA256.pdf).
bool sha256_is_right() {
    return base::sha256_hex(base::as_bytes("abc")) ==
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
}

} // namespace

bool is_on_curve(const drivers::P256Point& point) {
    return public_key(point) != nullptr;
}

bool has_signed(const drivers::P256Point& point, const base::Sha256& digest,
                const drivers::P256Signature& signature) {
    const auto key = public_key(point);
    if (!key) return false;
    const auto der = der_of(signature);
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    return !der.empty() && context && EVP_PKEY_verify_init(context.get()) == 1 &&
           EVP_PKEY_verify(context.get(), der.data(), der.size(), digest.data(), digest.size()) ==
               1;
}

bool are_equal(base::ByteView one, base::ByteView other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

Result<Stretched> stretch(base::ByteView secret, const Salt& salt) {
    Stretched out;
    if (!scrypt(secret, salt, stretch_n, stretch_r, stretch_p, out.expose()))
        return Error{Errc::io, "no memory for scrypt"};
    return out;
}

Result<Stretched> pin_digest(std::string_view pin, const drivers::P256Secret& secret,
                             const Salt& salt) {
    constexpr std::string_view domain = "kiosk-pin/1";
    base::SecretBytes input(domain.begin(), domain.end());
    input.push_back(0);
    input.insert(input.end(), secret.expose().begin(), secret.expose().end());
    input.insert(input.end(), pin.begin(), pin.end());
    return stretch(input, salt);
}

Result<void> check_known_answers() {
    struct Row {
        const char* name;
        bool (*is_right)();
    };
    for (const auto& row : {Row{"SHA-256", sha256_is_right}, Row{"ECDSA P-256", p256_is_right},
                            Row{"Ed25519", ed25519_is_right}, Row{"scrypt", scrypt_is_right}})
        if (!row.is_right())
            return Error{Errc::device, std::string(row.name) +
                                           " gives a wrong answer here; repair this machine or "
                                           "its OpenSSL"};
    return {};
}

} // namespace staff
