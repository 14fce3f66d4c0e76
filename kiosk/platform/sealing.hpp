// Sealing: what makes the queue unreadable for the kiosk itself (DESIGN D9).
//
// Clear text -> CMS AuthEnvelopedData (RFC 5083: AES-256-GCM, fresh content key, ECDH P-256 to the
// platform's certificates) -> CMS SignedData by the device. All by OpenSSL; `openssl cms -verify`
// and then `-decrypt` opens it with no code of ours. Another suite (SM2, SM4) would be another
// implementation of these few functions (spec reliability E4).
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/digest.hpp"
#include "kiosk/base/secret.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace platform {

// An X.509 certificate. Cheap to copy.
class Certificate {
public:
    // Errors: not_found, corrupt, too_large.
    static base::Result<Certificate> load(const std::string& pem_file);
    static base::Result<Certificate> parse(std::string_view pem);

    base::Sha256 fingerprint() const; // SHA-256 over the DER form
    bool is_valid_at(base::WallTime time) const;
    struct Validity {
        base::WallTime from;
        base::WallTime until;
    };
    Validity validity() const;

    struct Native; // OpenSSL's, for the .cpp files of this room
    const Native& native() const { return *native_; }

private:
    explicit Certificate(std::shared_ptr<const Native> native) : native_(std::move(native)) {}
    std::shared_ptr<const Native> native_;
};

// A P-256 private key with its certificate. The key is wiped by OpenSSL when the last copy goes.
class KeyPair {
public:
    // Errors: not_found, corrupt (unreadable, not P-256, or key and certificate do not belong
    // together), unauthorised (the key file can be read by others than its owner).
    static base::Result<KeyPair> load(const std::string& certificate_file,
                                      const std::string& key_file);
    const Certificate& certificate() const { return certificate_; }

    struct Native;
    const Native& native() const { return *native_; }

private:
    KeyPair(Certificate certificate, std::shared_ptr<const Native> native)
        : certificate_(std::move(certificate)), native_(std::move(native)) {}
    Certificate certificate_;
    std::shared_ptr<const Native> native_;
};

// Seals to one or two platform certificates (roll-over, E2): either key opens it. DER.
// Errors: unauthorised (no certificate given, or none of them is valid now: alarm, do not accept),
// unsupported (not a P-256 certificate).
base::Result<base::Bytes> seal(base::ByteView clear, const std::vector<Certificate>& recipients,
                               const base::Clock& clock);

// Wraps sealed bytes in the device's signature, made at confirmation time. DER.
base::Result<base::Bytes> sign(base::ByteView sealed, const KeyPair& device);

// What a kiosk does before sending: verifies the signature with the certificate that comes with it
// and says whose that is, by fingerprint, for the caller to compare. Does not open the inside.
// Errors: corrupt (not one signature that holds).
base::Result<base::Sha256> signer_of(base::ByteView signed_bytes);

// A bare signature beside what it covers: ECDSA over P-256 with SHA-256, DER (RFC 3279, 2.2.3).
// For what is no submission, such as the head of the audit chain. `bytes` begin with a text that
// says what they are, so that a signature over one thing cannot be shown for another.
// Errors: io (OpenSSL).
base::Result<base::Bytes> sign_detached(base::ByteView bytes, const KeyPair& device);
// Errors: unauthorised (not this device's signature over these bytes), unsupported (not P-256).
base::Result<void> check_detached(base::ByteView bytes, base::ByteView signature,
                                  const Certificate& device);

// The platform's side. Verifies the signature and the signer's chain to `authority` at the clock's
// time; returns the sealed bytes inside and who signed.
// Errors: corrupt, unauthorised (unknown authority, expired).
struct Opened {
    base::Bytes sealed;
    base::Sha256 signer; // fingerprint of the device's certificate
};
base::Result<Opened> open_signed(base::ByteView signed_bytes, const Certificate& authority,
                                 const base::Clock& clock);
// Errors: corrupt (changed on the way), unauthorised (sealed for somebody else).
base::Result<base::SecretBytes> unseal(base::ByteView sealed, const KeyPair& platform);

} // namespace platform
