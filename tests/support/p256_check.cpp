#include "tests/support/p256_check.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <memory>

namespace tests {
namespace {

template <auto release> struct Release {
    template <class T> void operator()(T* at) const { release(at); }
};

} // namespace

bool is_signature(const drivers::P256Point& point, const base::Sha256& digest,
                  const drivers::P256Signature& signature) {
    char curve[] = "prime256v1";
    auto octets = point;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
        OSSL_PARAM_construct_end()};
    using Context = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
    const Context importing(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* raw = nullptr;
    if (EVP_PKEY_fromdata_init(importing.get()) != 1 ||
        EVP_PKEY_fromdata(importing.get(), &raw, EVP_PKEY_PUBLIC_KEY, params) != 1)
        return false;
    const std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>> key(raw);

    const std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>> pair(ECDSA_SIG_new());
    ECDSA_SIG_set0(pair.get(), BN_bin2bn(signature.data(), 32, nullptr),
                   BN_bin2bn(signature.data() + 32, 32, nullptr));
    unsigned char der[80];
    unsigned char* end = der;
    const int size = i2d_ECDSA_SIG(pair.get(), &end);
    const Context verifying(EVP_PKEY_CTX_new(key.get(), nullptr));
    return size > 0 && EVP_PKEY_verify_init(verifying.get()) == 1 &&
           EVP_PKEY_verify(verifying.get(), der, std::size_t(size), digest.data(), digest.size()) ==
               1;
}

} // namespace tests
