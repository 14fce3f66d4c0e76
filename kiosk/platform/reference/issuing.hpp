// A small certificate authority by OpenSSL: for the demonstration's keys, and for devices that ask
// the reference platform for a certificate.
#pragma once

#include "kiosk/base/digest.hpp"
#include "kiosk/platform/native.hpp"

#include <initializer_list>
#include <string>

namespace platform {

// Of certificates and their authority.
inline constexpr std::chrono::days certificate_life{365}; // platform-api §6

struct Extension {
    int nid; // OpenSSL's number
    const char* value;
};
extern const std::initializer_list<Extension> authority_extensions;
extern const std::initializer_list<Extension> device_extensions;

struct Issued {
    X509Owner certificate;
    KeyOwner key; // null where somebody else holds it
};

// Who signs. Both outlive the call.
struct Issuer {
    X509* certificate;
    EVP_PKEY* key;
};

// A new P-256 key with its certificate; valid for a year from a day before `now` on, because a
// kiosk's clock may be behind. `issuer` null: signs itself. Errors: io (OpenSSL).
base::Result<Issued> issue(const std::string& common_name, const Issuer* issuer, base::WallTime now,
                           std::initializer_list<Extension> extensions);

// PEM. Errors: io.
base::Result<std::string> to_pem(X509* certificate);

// What somebody asks a certificate for (PKCS #10).
struct CertificateRequest {
    KeyOwner key; // the public half
    std::string common_name;
    base::Sha256 key_digest{}; // of the public key's DER form (SubjectPublicKeyInfo)
};
// Errors: corrupt (no such PEM, or not signed with the key it names), unsupported (not P-256, or a
// name of more than 64 characters).
base::Result<CertificateRequest> read_certificate_request(std::string_view pem);

// A device's certificate for a key that somebody else holds. Errors: io.
base::Result<std::string> issue_to(const CertificateRequest& request,
                                   const std::string& common_name, const Issuer& issuer,
                                   base::WallTime now);

// CN of the subject; empty where there is none.
std::string common_name_of(const Certificate& certificate);

} // namespace platform
