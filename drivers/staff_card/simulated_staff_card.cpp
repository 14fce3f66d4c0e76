#include "drivers/staff_card/simulated_staff_card.hpp"

#include "kiosk/base/digest.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include <algorithm>

namespace drivers {
namespace {

using base::Bytes;
using base::ByteView;
using base::Errc;
using base::Error;
using base::Result;
using base::SecretBytes;

template <auto release> struct Release {
    template <class T> void operator()(T* at) const { release(at); }
};
using KeyOwner = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using ContextOwner = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using NumberOwner = std::unique_ptr<BIGNUM, Release<BN_free>>;
using GroupOwner = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using PointOwner = std::unique_ptr<EC_POINT, Release<EC_POINT_free>>;
using BuilderOwner = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using ParamsOwner = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;

constexpr const char* curve = "prime256v1";

P256Point point_of(EVP_PKEY* key) {
    P256Point point{};
    std::size_t size = 0;
    CHECK(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                          &size) == 1);
    CHECK(size == point.size() && point[0] == 0x04);
    return point;
}

KeyOwner key_with(const OSSL_PARAM* params, int selection) {
    const ContextOwner context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, const_cast<OSSL_PARAM*>(params)) != 1)
        return nullptr;
    return KeyOwner(key);
}

KeyOwner key_of_scalar(const base::Sha256& scalar) {
    const GroupOwner group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    const NumberOwner number(BN_bin2bn(scalar.data(), int(scalar.size()), nullptr));
    const PointOwner point(EC_POINT_new(group.get()));
    P256Point bytes{};
    CHECK(EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, nullptr) == 1);
    CHECK(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes.data(),
                             bytes.size(), nullptr) == bytes.size());
    const BuilderOwner builder(OSSL_PARAM_BLD_new());
    CHECK(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, 0));
    CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get()));
    CHECK(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, bytes.data(),
                                           bytes.size()));
    const ParamsOwner params(OSSL_PARAM_BLD_to_param(builder.get()));
    auto key = key_with(params.get(), EVP_PKEY_KEYPAIR);
    CHECK(key);
    return key;
}

// A hash is a valid scalar but for one in 2^32; those are hashed again.
KeyOwner key_of_word(const std::string& text) {
    auto scalar = base::sha256(base::as_bytes(text));
    while (scalar[0] == 0xFF) scalar = base::sha256(scalar);
    return key_of_scalar(scalar);
}

KeyOwner public_key(ByteView point) {
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(curve), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                          const_cast<std::uint8_t*>(point.data()), point.size()),
        OSSL_PARAM_construct_end()};
    return key_with(params, EVP_PKEY_PUBLIC_KEY);
}

SecretBytes signature_of(EVP_PKEY* key, ByteView digest) {
    const ContextOwner context(EVP_PKEY_CTX_new(key, nullptr));
    SecretBytes der(80);
    std::size_t size = der.size();
    CHECK(EVP_PKEY_sign_init(context.get()) == 1);
    CHECK(EVP_PKEY_sign(context.get(), der.data(), &size, digest.data(), digest.size()) == 1);
    der.resize(size);
    return der;
}

// Nothing: `point` does not lie on the curve.
std::optional<SecretBytes> secret_of(EVP_PKEY* key, ByteView point) {
    const auto other = public_key(point);
    const ContextOwner context(EVP_PKEY_CTX_new(key, nullptr));
    SecretBytes secret(32);
    std::size_t size = secret.size();
    if (!other || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), other.get()) != 1 ||
        EVP_PKEY_derive(context.get(), secret.data(), &size) != 1 || size != secret.size())
        return std::nullopt;
    return secret;
}

SecretBytes status(std::uint16_t word) {
    return {std::uint8_t(word >> 8), std::uint8_t(word & 0xFF)};
}
SecretBytes with_status(SecretBytes data, std::uint16_t word) {
    data.push_back(std::uint8_t(word >> 8));
    data.push_back(std::uint8_t(word & 0xFF));
    return data;
}
// tag, length of one byte, value: everything here is short.
SecretBytes wrapped(std::uint8_t tag, const SecretBytes& value) {
    CHECK(value.size() < 0x80);
    SecretBytes bytes = {tag, std::uint8_t(value.size())};
    bytes.insert(bytes.end(), value.begin(), value.end());
    return bytes;
}

constexpr std::uint8_t piv_name[] = {0xA0, 0x00, 0x00, 0x03, 0x08, 0x00,
                                     0x00, 0x10, 0x00, 0x01, 0x00};
// Application property template as SP 800-73-4 part 2, table 3 has it.
constexpr std::uint8_t piv_properties[] = {0x61, 0x11, 0x4F, 0x06, 0x00, 0x00, 0x10,
                                           0x00, 0x01, 0x00, 0x79, 0x07, 0x4F, 0x05,
                                           0xA0, 0x00, 0x00, 0x03, 0x08};
// Answer to reset: direct convention, T=1 only, no historical bytes (ISO 7816-3, 8.2).
constexpr std::uint8_t atr[] = {0x3B, 0x80, 0x80, 0x01, 0x01};

// A short command taken apart. The model's own reading, on purpose not apdu.cpp's.
struct Taken {
    std::uint8_t cla, ins, p1, p2;
    ByteView data;
    std::optional<std::size_t> le;
};
std::optional<Taken> take_apart(ByteView bytes) {
    if (bytes.size() < 4) return std::nullopt;
    Taken taken{bytes[0], bytes[1], bytes[2], bytes[3], {}, {}};
    auto rest = bytes.subspan(4);
    if (rest.size() > 1) {
        const std::size_t size = rest[0];
        if (size == 0 || rest.size() < 1 + size) return std::nullopt;
        taken.data = rest.subspan(1, size);
        rest = rest.subspan(1 + size);
    }
    if (rest.size() > 1) return std::nullopt;
    if (rest.size() == 1) taken.le = rest[0] == 0 ? 256 : rest[0];
    return taken;
}

} // namespace

struct SimulatedStaffCard::Keys {
    KeyOwner signs;
    KeyOwner agrees;
};

SimulatedStaffCard::SimulatedStaffCard(Kind kind, std::shared_ptr<const Keys> keys)
    : kind_(kind), keys_(std::move(keys)) {}

SimulatedStaffCard SimulatedStaffCard::generate() {
    Keys keys{KeyOwner(EVP_EC_gen(curve)), KeyOwner(EVP_EC_gen(curve))};
    CHECK(keys.signs && keys.agrees);
    return {Kind::ours, std::make_shared<const Keys>(std::move(keys))};
}
SimulatedStaffCard SimulatedStaffCard::of(std::string_view word) {
    const std::string text(word);
    Keys keys{key_of_word("staff card, signs: " + text),
              key_of_word("staff card, agrees: " + text)};
    return {Kind::ours, std::make_shared<const Keys>(std::move(keys))};
}
SimulatedStaffCard SimulatedStaffCard::foreign() {
    return {Kind::foreign, nullptr};
}
SimulatedStaffCard SimulatedStaffCard::upside_down() {
    return {Kind::upside_down, nullptr};
}
SimulatedStaffCard SimulatedStaffCard::without_keys() {
    return {Kind::without_keys, nullptr};
}

SimulatedStaffCard& SimulatedStaffCard::wants_own_pin() {
    wants_own_pin_ = true;
    return *this;
}
SimulatedStaffCard& SimulatedStaffCard::goes_mute() {
    is_mute_ = true;
    return *this;
}
SimulatedStaffCard& SimulatedStaffCard::answers_in_pieces(std::size_t bytes) {
    CHECK(bytes > 0 && bytes <= 256);
    piece_ = bytes;
    return *this;
}
SimulatedStaffCard& SimulatedStaffCard::wants_exact_le() {
    wants_exact_le_ = true;
    return *this;
}
SimulatedStaffCard& SimulatedStaffCard::garbles(std::size_t byte) {
    garbled_byte_ = byte;
    return *this;
}
SimulatedStaffCard& SimulatedStaffCard::cuts(std::size_t bytes) {
    cut_ = bytes;
    return *this;
}

P256Point SimulatedStaffCard::signs() const {
    CHECK(keys_);
    return point_of(keys_->signs.get());
}
P256Point SimulatedStaffCard::agrees() const {
    CHECK(keys_);
    return point_of(keys_->agrees.get());
}

Bytes SimulatedStaffCard::answer_to_reset() const {
    if (kind_ == Kind::upside_down) return {};
    return {std::begin(atr), std::end(atr)};
}
void SimulatedStaffCard::power_up() {
    is_chosen_ = false;
    waiting_.clear();
}

std::optional<SecretBytes> SimulatedStaffCard::answer(ByteView command) {
    if (is_mute_ || kind_ == Kind::upside_down) return std::nullopt;
    auto bytes = full_answer(command);
    if (garbled_byte_ && *garbled_byte_ < bytes.size()) bytes[*garbled_byte_] ^= 0x01;
    if (cut_ && *cut_ < bytes.size()) bytes.resize(*cut_);
    return bytes;
}

SecretBytes SimulatedStaffCard::full_answer(ByteView command) {
    const auto taken = take_apart(command);
    if (!taken) return status(0x6700);
    if (taken->cla != 0x00) return status(0x6E00);
    if (taken->ins == 0xC0) {
        if (waiting_.empty()) return status(0x6985);
        return in_pieces(std::move(waiting_), taken->le.value_or(0));
    }
    waiting_.clear();
    if (taken->ins == 0xA4) {
        const bool is_piv =
            taken->p1 == 0x04 && !taken->data.empty() && std::ranges::equal(taken->data, piv_name);
        if (kind_ == Kind::foreign || !is_piv) return status(0x6A82);
        is_chosen_ = true;
        return in_pieces({std::begin(piv_properties), std::end(piv_properties)},
                         taken->le.value_or(0));
    }
    if (taken->ins == 0x87 && is_chosen_) return authenticate(command);
    return status(0x6D00);
}

// Only the two forms that the kiosk sends, byte for byte: 7C { 82 empty, 81 digest } and
// 7C { 82 empty, 85 point }.
SecretBytes SimulatedStaffCard::authenticate(ByteView command) {
    const auto taken = *take_apart(command);
    const bool signs = taken.p2 == 0x9E;
    const std::size_t size = signs ? 32 : 65;
    if (taken.p1 != 0x11 || (!signs && taken.p2 != 0x9D)) return status(0x6A86);
    if (kind_ == Kind::without_keys) return status(0x6A88);
    if (wants_own_pin_) return status(0x6982);
    const Bytes head = {0x7C,
                        std::uint8_t(size + 4),
                        0x82,
                        0x00,
                        std::uint8_t(signs ? 0x81 : 0x85),
                        std::uint8_t(size)};
    if (taken.data.size() != head.size() + size ||
        !std::ranges::equal(taken.data.first(head.size()), head))
        return status(0x6A80);
    const auto value = taken.data.subspan(head.size());
    const auto inner =
        signs ? signature_of(keys_->signs.get(), value) : secret_of(keys_->agrees.get(), value);
    if (!inner) return status(0x6A80);
    return in_pieces(wrapped(0x7C, wrapped(0x82, *inner)), taken.le.value_or(0));
}

// `le` 0: none was given, so everything waits for GET RESPONSE (as over T=0).
SecretBytes SimulatedStaffCard::in_pieces(SecretBytes data, std::size_t le) {
    if (wants_exact_le_ && le == 256 && data.size() < 256) {
        waiting_ = std::move(data); // only for GET RESPONSE; any other command makes it anew
        return status(std::uint16_t(0x6C00 | waiting_.size()));
    }
    const std::size_t given = std::min({le, piece_.value_or(256), data.size()});
    if (given == data.size()) return with_status(std::move(data), 0x9000);
    waiting_.assign(data.begin() + std::ptrdiff_t(given), data.end());
    data.resize(given);
    const std::size_t next = std::min(waiting_.size(), piece_.value_or(256));
    return with_status(std::move(data), std::uint16_t(0x6100 | (next & 0xFF)));
}

// ---- the reader ----

class SimulatedStaffCardReader::Slot final : public CardChannel {
public:
    Slot(SimulatedStaffCardReader& reader, std::uint64_t change)
        : reader_(reader), change_(change) {}
    Result<SecretBytes> transmit(ByteView command) override {
        return reader_.transmit(command, change_);
    }

private:
    SimulatedStaffCardReader& reader_;
    std::uint64_t change_; // the card that was in when the operation began
};

SimulatedStaffCardReader::SimulatedStaffCardReader(const base::Clock& clock, Wait wait,
                                                   StaffCardLimits limits)
    : clock_(clock), wait_(std::move(wait)), limits_(limits) {}

StaffCardPlace SimulatedStaffCardReader::look(const StaffCardPlace& last,
                                              base::Milliseconds patience, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    if (patience > base::Milliseconds{0})
        changed_.wait_for(lock, stop, patience, [&] { return place() != last; });
    return place();
}

StaffCardPlace SimulatedStaffCardReader::place() const {
    using State = StaffCardPlace::State;
    if (!is_plugged_) return {State::no_reader, change_};
    if (first_ && second_) return {State::several_cards, change_};
    return {first_ || second_ ? State::one_card : State::empty, change_};
}

Result<P256Signature> SimulatedStaffCardReader::sign(const base::Sha256& digest) {
    Slot slot(*this, look({}, base::Milliseconds{0}, {}).change);
    return StaffCard(slot, clock_, limits_).sign(digest);
}
Result<P256Secret> SimulatedStaffCardReader::agree(const P256Point& point) {
    Slot slot(*this, look({}, base::Milliseconds{0}, {}).change);
    return StaffCard(slot, clock_, limits_).agree(point);
}

Result<SecretBytes> SimulatedStaffCardReader::transmit(ByteView command, std::uint64_t change) {
    std::unique_lock lock(mutex_);
    if (!trouble(change)) have_mishap();
    if (auto error = trouble(change)) return *error;
    ++commands_;
    if (auto answer = (first_ ? first_ : second_)->answer(command)) return std::move(*answer);
    silence_ = std::stop_source();
    const auto silence = silence_.get_token();
    lock.unlock();
    wait_(limits_.answer, silence);
    lock.lock();
    return trouble(change).value_or(Error{Errc::timed_out, "staff card: no answer"});
}

// Why no command can reach the card that was in at `change`.
std::optional<Error> SimulatedStaffCardReader::trouble(std::uint64_t change) const {
    if (!is_plugged_) return Error{Errc::unplugged, "staff card reader"};
    if (change != change_) return Error{Errc::card_removed, "staff card"};
    if (first_ && second_) return Error{Errc::no_card, "staff card: several cards"};
    const auto& card = first_ ? first_ : second_;
    if (!card) return Error{Errc::no_card, "staff card"};
    if (card->answer_to_reset().empty())
        return Error{Errc::unsupported, "staff card: no answer to reset"};
    return std::nullopt;
}

void SimulatedStaffCardReader::have_mishap() {
    if (mishap_ == Mishap::none || mishap_in_-- > 0) return;
    auto& slot = first_ ? first_ : second_;
    switch (std::exchange(mishap_, Mishap::none)) {
    case Mishap::none: break;
    case Mishap::pull: put(slot, std::nullopt); break;
    case Mishap::swap: put(slot, std::exchange(next_card_, std::nullopt)); break;
    case Mishap::unplug:
        is_plugged_ = false;
        has_changed();
        break;
    }
}

void SimulatedStaffCardReader::has_changed() {
    ++change_;
    silence_.request_stop();
    changed_.notify_all();
}

void SimulatedStaffCardReader::put(std::optional<SimulatedStaffCard>& slot,
                                   std::optional<SimulatedStaffCard> card) {
    if (!slot && !card) return;
    if (slot && card) ++change_; // one number for the removal, one for the insertion
    slot = std::move(card);
    if (slot) slot->power_up();
    has_changed();
}

void SimulatedStaffCardReader::insert_card(SimulatedStaffCard card) {
    const std::lock_guard lock(mutex_);
    put(first_, std::move(card));
}
void SimulatedStaffCardReader::pull_card() {
    const std::lock_guard lock(mutex_);
    put(first_, std::nullopt);
}
void SimulatedStaffCardReader::insert_second_card(SimulatedStaffCard card) {
    const std::lock_guard lock(mutex_);
    put(second_, std::move(card));
}
void SimulatedStaffCardReader::pull_second_card() {
    const std::lock_guard lock(mutex_);
    put(second_, std::nullopt);
}
void SimulatedStaffCardReader::pull_after(std::size_t commands) {
    const std::lock_guard lock(mutex_);
    mishap_ = Mishap::pull;
    mishap_in_ = commands;
}
void SimulatedStaffCardReader::swap_after(std::size_t commands, SimulatedStaffCard card) {
    const std::lock_guard lock(mutex_);
    mishap_ = Mishap::swap;
    mishap_in_ = commands;
    next_card_ = std::move(card);
}
void SimulatedStaffCardReader::unplug_after(std::size_t commands) {
    const std::lock_guard lock(mutex_);
    mishap_ = Mishap::unplug;
    mishap_in_ = commands;
}
void SimulatedStaffCardReader::unplug() {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(is_plugged_, false)) return;
    has_changed();
}
void SimulatedStaffCardReader::plug_in() {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_plugged_, true)) return;
    for (auto* card : {&first_, &second_})
        if (*card) (*card)->power_up();
    has_changed();
}
bool SimulatedStaffCardReader::has_card() const {
    const std::lock_guard lock(mutex_);
    return first_ || second_;
}
std::size_t SimulatedStaffCardReader::commands() const {
    const std::lock_guard lock(mutex_);
    return commands_;
}

} // namespace drivers
