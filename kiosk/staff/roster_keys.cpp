#include "kiosk/staff/roster_keys.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

namespace staff {
namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

} // namespace

base::Result<std::vector<RosterKey>> load_roster_keys(const std::vector<std::string>& pem_files) {
    constexpr std::size_t file_limit = 16u << 10; // chosen: a key is 113 bytes, the rest comments
    std::vector<RosterKey> keys;
    for (const auto& file : pem_files) {
        const auto pem = TRY(base::read_file(file, file_limit));
        const std::unique_ptr<BIO, Free> bio(
            BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
        const std::unique_ptr<EVP_PKEY, Free> key(
            bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
        RosterKey raw{};
        std::size_t size = raw.size();
        if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519 ||
            EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &size) != 1)
            return base::Error{base::Errc::corrupt,
                               file + " is no Ed25519 public key (PEM): ask the district for the "
                                      "key that signs its staff lists"};
        keys.push_back(raw);
    }
    return keys;
}

} // namespace staff
