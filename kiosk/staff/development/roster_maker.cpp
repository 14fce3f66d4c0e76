#include "kiosk/staff/development/roster_maker.hpp"

#include "kiosk/staff/proofs.hpp"

#include <nlohmann/json.hpp>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include <algorithm>
#include <memory>

namespace staff {
namespace {

struct Free {
    void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
    void operator()(EC_POINT* point) const { EC_POINT_clear_free(point); }
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
template <class T> using Owned = std::unique_ptr<T, Free>;

// A private key of the curve: 256 random bits below its order are taken, others drawn again.
Owned<BIGNUM> draw_scalar(const EC_GROUP* group, base::RandomSource& random) {
    for (;;) {
        base::Secret<std::array<std::uint8_t, 32>> bytes;
        random.fill(bytes.expose());
        Owned<BIGNUM> scalar(BN_bin2bn(bytes.expose().data(), 32, nullptr));
        CHECK(scalar != nullptr);
        if (!BN_is_zero(scalar.get()) && BN_cmp(scalar.get(), EC_GROUP_get0_order(group)) < 0)
            return scalar;
    }
}

nlohmann::ordered_json to_json(const Card& card) {
    nlohmann::ordered_json json;
    json["signs"] = base::to_base64(card.signs);
    json["agrees"] = base::to_base64(card.agrees);
    if (card.is_spare) json["spare"] = true;
    json["pin"] = {{"salt", base::to_base64(card.pin.salt)},
                   {"point", base::to_base64(card.pin.point)},
                   {"digest", base::to_base64(card.pin.digest)}};
    return json;
}

nlohmann::ordered_json to_json(const Member& member) {
    nlohmann::ordered_json json;
    json["id"] = member.id;
    json["roles"] = nlohmann::ordered_json::array();
    for (const auto role : {Role::office_worker, Role::technician, Role::administrator})
        if (member.roles.has(role)) json["roles"].push_back(to_string(role));
    json["cards"] = nlohmann::ordered_json::array();
    for (const auto& card : member.cards) json["cards"].push_back(to_json(card));
    return json;
}

} // namespace

std::string to_json(const Roster& roster) {
    nlohmann::ordered_json json;
    json["schema"] = "kiosk-roster/1";
    json["version"] = roster.version;
    json["issuedAt"] = base::to_rfc3339(roster.issued_at);
    json["expiresAt"] = base::to_rfc3339(roster.expires_at);
    json["members"] = nlohmann::ordered_json::array();
    for (const auto& member : roster.members) json["members"].push_back(to_json(member));
    return json.dump(1) + "\n";
}

PinVerifier make_verifier(std::string_view pin, const drivers::P256Point& agrees,
                          base::RandomSource& random) {
    const Owned<EC_GROUP> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    CHECK(group != nullptr);
    const auto scalar = draw_scalar(group.get(), random);
    const Owned<EC_POINT> ours(EC_POINT_new(group.get()));
    const Owned<EC_POINT> theirs(EC_POINT_new(group.get()));
    const Owned<EC_POINT> shared(EC_POINT_new(group.get()));
    const Owned<BIGNUM> x(BN_new());
    CHECK(ours && theirs && shared && x);

    PinVerifier verifier;
    random.fill(verifier.salt);
    drivers::P256Secret secret;
    CHECK(EC_POINT_oct2point(group.get(), theirs.get(), agrees.data(), agrees.size(), nullptr));
    CHECK(EC_POINT_mul(group.get(), ours.get(), scalar.get(), nullptr, nullptr, nullptr));
    CHECK(EC_POINT_mul(group.get(), shared.get(), nullptr, theirs.get(), scalar.get(), nullptr));
    CHECK(EC_POINT_point2oct(group.get(), ours.get(), POINT_CONVERSION_UNCOMPRESSED,
                             verifier.point.data(), verifier.point.size(),
                             nullptr) == verifier.point.size());
    CHECK(EC_POINT_get_affine_coordinates(group.get(), shared.get(), x.get(), nullptr, nullptr));
    CHECK(BN_bn2binpad(x.get(), secret.expose().data(), 32) == 32);
    const auto digest = pin_digest(pin, secret, verifier.salt);
    CHECK(digest.has_value());
    verifier.digest = digest->expose();
    return verifier;
}

RosterMaker::RosterMaker(base::RandomSource& random) : random_(random) {
    random_.fill(private_key_);
    const Owned<EVP_PKEY> key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, private_key_.data(), 32));
    std::size_t size = public_key_.size();
    CHECK(key && EVP_PKEY_get_raw_public_key(key.get(), public_key_.data(), &size) == 1);
}

std::string RosterMaker::district_key_pem() const {
    // RFC 8410, 4: these twelve bytes of DER say "an Ed25519 public key of 32 bytes follows".
    auto der = *base::from_hex("302a300506032b6570032100");
    der.insert(der.end(), public_key_.begin(), public_key_.end());
    return "-----BEGIN PUBLIC KEY-----\n" + base::to_base64(der) + "\n-----END PUBLIC KEY-----\n";
}

void RosterMaker::add(std::string_view id, std::initializer_list<Role> roles, const NewCard& card) {
    auto member = std::find_if(members_.begin(), members_.end(),
                               [&](const Member& known) { return known.id == id; });
    if (member == members_.end()) {
        members_.push_back({std::string(id), {}, {}});
        member = members_.end() - 1;
        for (const auto role : roles) member->roles.add(role);
    }
    member->cards.push_back({card.signs, card.agrees,
                             make_verifier(card.pin.view(), card.agrees, random_), card.is_spare});
}

void RosterMaker::remove(std::string_view id) {
    std::erase_if(members_, [&](const Member& member) { return member.id == id; });
}

Roster RosterMaker::roster(const RosterTerms& terms) const {
    return {terms.version, terms.issued_at, terms.issued_at + terms.life, members_};
}

std::string RosterMaker::json(const RosterTerms& terms) const {
    return to_json(roster(terms));
}

base::Bytes RosterMaker::signed_roster(const RosterTerms& terms) const {
    return sign(json(terms));
}

base::Bytes RosterMaker::sign(std::string_view json) const {
    const auto message = "kiosk-roster/1\n" + std::string(json);
    const Owned<EVP_PKEY> key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, private_key_.data(), 32));
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    std::array<std::uint8_t, 64> signature{};
    std::size_t size = signature.size();
    CHECK(key && context &&
          EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
          EVP_DigestSign(context.get(), signature.data(), &size, base::as_bytes(message).data(),
                         message.size()) == 1);
    return base::to_bytes("kiosk-roster/1 ed25519 " + base::to_base64(signature) + "\n" +
                          std::string(json));
}

} // namespace staff
