#include "kiosk/platform/primitives.hpp"

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/digest.hpp"
#include "kiosk/platform/native.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include <array>
#include <optional>

namespace platform {
namespace {

using base::Bytes;
using CipherOwner = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;
using ContextOwner = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using BuilderOwner = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using ParamsOwner = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using NumberOwner = std::unique_ptr<BIGNUM, Release<BN_free>>;
using SignatureOwner = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

Bytes hex(std::string_view text) {
    auto bytes = base::from_hex(text);
    CHECK(bytes.has_value());
    return std::move(bytes).value();
}

// An empty answer, here and below: OpenSSL refused.
Bytes sha256_of_abc() {
    const auto digest = base::sha256(base::as_bytes("abc"));
    return {digest.begin(), digest.end()};
}

// Sixteen zero bytes under a key and a nonce of zeros: the ciphertext, then the tag.
Bytes aes_gcm_of_zeros() {
    const Bytes key(32), nonce(12), clear(16);
    Bytes out(32);
    int size = 0;
    const CipherOwner cipher(EVP_CIPHER_CTX_new());
    const bool ok =
        cipher &&
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data()) ==
            1 &&
        EVP_EncryptUpdate(cipher.get(), out.data(), &size, clear.data(), 16) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), out.data() + size, &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, 16, out.data() + 16) == 1;
    return ok ? out : Bytes();
}

// A point of P-256, with its private key where one is given.
KeyOwner p256(const Bytes& point, const Bytes& secret = {}) {
    const BuilderOwner builder(OSSL_PARAM_BLD_new());
    const NumberOwner number(
        secret.empty() ? nullptr : BN_bin2bn(secret.data(), int(secret.size()), nullptr));
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) !=
            1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1 ||
        (number &&
         OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get()) != 1))
        return nullptr;
    const ParamsOwner params(OSSL_PARAM_BLD_to_param(builder.get()));
    const ContextOwner context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* key = nullptr;
    const int selection = number ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1)
        return nullptr;
    return KeyOwner(key);
}

// One byte, 1: the published signature over "sample" holds. It is checked, not made: ECDSA draws a
// number of its own for each signature.
Bytes ecdsa_holds(const Bytes& r, const Bytes& s) {
    const auto key = p256(hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                              "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"));
    const SignatureOwner pair(ECDSA_SIG_new());
    if (!key || !pair) return {};
    ECDSA_SIG_set0(pair.get(), BN_bin2bn(r.data(), int(r.size()), nullptr),
                   BN_bin2bn(s.data(), int(s.size()), nullptr));
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &der);
    if (size <= 0) return {};
    const DigestOwner context(EVP_MD_CTX_new());
    const bool holds =
        context &&
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
        EVP_DigestVerify(context.get(), der, std::size_t(size),
                         reinterpret_cast<const unsigned char*>("sample"), 6) == 1;
    OPENSSL_free(der);
    return {std::uint8_t(holds)};
}

Bytes ecdh_shared() {
    const auto own = p256(
        hex("04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252"
            "d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3"),
        hex("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"));
    const auto other = p256(
        hex("04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e"
            "8157854c13c58d6aac23f046ada30f8353e74f33039872ab"));
    if (!own || !other) return {};
    const ContextOwner context(EVP_PKEY_CTX_new(own.get(), nullptr));
    Bytes shared(32);
    std::size_t size = shared.size();
    const bool ok = context && EVP_PKEY_derive_init(context.get()) == 1 &&
                    EVP_PKEY_derive_set_peer(context.get(), other.get()) == 1 &&
                    EVP_PKEY_derive(context.get(), shared.data(), &size) == 1 && size == 32;
    return ok ? shared : Bytes();
}

// Over nothing at all, by the published secret key.
Bytes ed25519_signature() {
    const auto secret = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    const KeyOwner key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()));
    const DigestOwner context(EVP_MD_CTX_new());
    Bytes signature(64);
    std::size_t size = signature.size();
    const unsigned char nothing = 0;
    const bool ok = key && context &&
                    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                    EVP_DigestSign(context.get(), signature.data(), &size, &nothing, 0) == 1;
    return ok ? signature : Bytes();
}

struct Known {
    const char* name;
    Bytes (*compute)();
    const char* answer;
};

const std::array known{
    Known{"SHA-256", sha256_of_abc,
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    Known{"AES-256-GCM", aes_gcm_of_zeros,
          "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    Known{"ECDSA P-256",
          [] {
              return ecdsa_holds(
                  hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"),
                  hex("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"));
          },
          "01"},
    Known{"ECDSA P-256, a wrong signature",
          [] {
              return ecdsa_holds(
                  hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"),
                  hex("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda9"));
          },
          "00"},
    Known{"ECDH P-256", ecdh_shared,
          "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
    Known{
        "Ed25519", ed25519_signature,
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b"},
};

base::Result<void> check_all(std::optional<std::size_t> wrong) {
    for (std::size_t i = 0; i < known.size(); ++i) {
        auto answer = hex(known[i].answer);
        if (wrong == i) answer.front() ^= 1;
        const bool is_right = known[i].compute() == answer;
        ERR_clear_error();
        if (!is_right)
            return base::Error{base::Errc::corrupt, std::string(known[i].name) +
                                                        " does not compute what its standard "
                                                        "says: the cryptographic library of "
                                                        "this machine is not to be trusted"};
    }
    return {};
}

} // namespace

base::Result<void> check_primitives() {
    return check_all(std::nullopt);
}

base::Result<void> check_primitives_against_wrong_answer(std::size_t number) {
    if (number >= known.size()) return base::Error{base::Errc::not_found, "no such primitive"};
    return check_all(number);
}

} // namespace platform
