#include "kiosk/base/digest.hpp"

#include <openssl/evp.h>

namespace base {

Sha256 sha256(ByteView bytes) {
    Sha256 digest{};
    unsigned int size = 0;
    CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
    CHECK(size == digest.size());
    return digest;
}

std::string sha256_hex(ByteView bytes) {
    return to_hex(sha256(bytes));
}

} // namespace base
