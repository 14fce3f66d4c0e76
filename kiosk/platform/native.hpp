// Owners for OpenSSL's handles, shared by the .cpp files of this room.
#pragma once

#include "kiosk/platform/sealing.hpp"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

namespace platform {

template <auto release> struct Release {
    template <class T> void operator()(T* at) const { release(at); }
};
using BioOwner = std::unique_ptr<BIO, Release<BIO_free_all>>;
using CmsOwner = std::unique_ptr<CMS_ContentInfo, Release<CMS_ContentInfo_free>>;
using DigestOwner = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using KeyOwner = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using X509Owner = std::unique_ptr<X509, Release<X509_free>>;
using StoreOwner = std::unique_ptr<X509_STORE, Release<X509_STORE_free>>;

struct Certificate::Native {
    X509Owner x509;
};
struct KeyPair::Native {
    KeyOwner key;
};

// Errors: not_found, unauthorised (can be read by others than its owner), corrupt (unreadable, not
// P-256).
base::Result<std::shared_ptr<const KeyPair::Native>> load_device_key(const std::string& key_file);

} // namespace platform
