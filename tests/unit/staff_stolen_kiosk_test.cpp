// A stolen kiosk: what its files tell about the PINs of staff to somebody without their cards.
//
// The reasoning stands in kiosk/staff/roster.md; here is what of it can be tested. The digest of a
// PIN is scrypt over the PIN and 32 bytes that only the holder of one of two private keys computes:
// the card's, which never leaves it, and the district's ephemeral one, which was thrown away.
#include "kiosk/staff/proofs.hpp"
#include "tests/support/sample_desk.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

using namespace staff;
using support::new_card;
using support::sample_office;
using support::SampleDesk;

namespace {

drivers::P256Secret secret_of(const drivers::SimulatedStaffCard& card,
                              const drivers::P256Point& point) {
    base::ManualClock clock(support::sample_roster_time());
    drivers::SimulatedStaffCardReader reader(clock, [](base::Milliseconds, std::stop_token) {});
    reader.insert_card(card);
    return reader.agree(point).value();
}

base::Bytes digest_of(std::string_view pin, const drivers::P256Secret& secret, const Salt& salt) {
    const auto digest = pin_digest(pin, secret, salt).value();
    return {digest.expose().begin(), digest.expose().end()};
}

bool contains(const base::Bytes& all, base::ByteView part) {
    return std::search(all.begin(), all.end(), part.begin(), part.end()) != all.end();
}

// Everything that a thief finds in the staff folder, in one piece, as bytes and with every base64
// and hex word of it decoded.
base::Bytes everything_in(const std::string& folder) {
    base::Bytes all;
    const auto take = [&](base::ByteView bytes) {
        all.insert(all.end(), bytes.begin(), bytes.end());
    };
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file()) continue;
        const auto bytes = base::read_file(file.path().string()).value();
        take(bytes);
        std::string word;
        for (const auto byte : bytes) {
            const char c = char(byte);
            if (std::isalnum(byte) || c == '+' || c == '/' || c == '=') {
                word += c;
                continue;
            }
            if (const auto decoded = base::from_base64(word)) take(*decoded);
            if (const auto decoded = base::from_hex(word)) take(*decoded);
            word.clear();
        }
    }
    return all;
}

} // namespace

// Goal: with every file of the kiosk and a PIN space small enough to try whole, the right PIN
// cannot be told from the others. Method: for each PIN of the space, every digest that a thief can
// compute (without a secret, with a zero one, with what is public in its place, with another
// card's) is looked for in the files; the same search with the right card's secret finds exactly
// the right PIN, so the search itself works.
TEST_CASE("a stolen kiosk's files do not tell the right PIN from a wrong one without its card",
          "[unit][staff][refusal][G9]") {
    const std::vector<std::string> space{"204058", "204059", "204060", "204061", "204062"};
    SampleDesk at; // files: list, desk state with failures, damaged copies
    REQUIRE(at.try_card(sample_office().worker, "204061") == "wrong-pin 4");
    REQUIRE(at.try_card(sample_office().worker, "204060") == "confirmed S-1182");
    const auto files = everything_in(at.folder);
    const auto roster = read_roster(base::read_file(roster_file_in(at.folder)).value(),
                                    {sample_office().district.district_key()})
                            .value();
    const auto& card = roster.members[0].cards[0];
    REQUIRE(contains(files, card.pin.digest)); // the search sees what stands there

    const auto x_of = [](const drivers::P256Point& point) {
        std::array<std::uint8_t, 32> x{};
        std::copy(point.begin() + 1, point.begin() + 33, x.begin());
        return drivers::P256Secret(x);
    };
    const std::vector<std::pair<const char*, drivers::P256Secret>> thiefs{
        {"a secret of zeros", drivers::P256Secret()},
        {"the card's public key for a secret", x_of(card.agrees)},
        {"the list's point for a secret", x_of(card.pin.point)},
        {"another member's card", secret_of(sample_office().both, card.pin.point)},
        {"the member's own other card", secret_of(sample_office().worker_spare, card.pin.point)},
    };
    for (const auto& [what, secret] : thiefs)
        for (const auto& pin : space) {
            INFO(what << ", " << pin);
            CHECK_FALSE(contains(files, digest_of(pin, secret, card.pin.salt)));
        }
    std::vector<std::string> found;
    const auto secret = secret_of(sample_office().worker, card.pin.point);
    for (const auto& pin : space) {
        // A PIN alone, stretched with the same salt.
        CHECK_FALSE(contains(files, stretch(base::as_bytes(pin), card.pin.salt).value().expose()));
        if (contains(files, digest_of(pin, secret, card.pin.salt))) found.push_back(pin);
    }
    CHECK(found == std::vector<std::string>{"204060"});
    // Nor does the secret itself, or a PIN as it was typed, lie anywhere.
    CHECK_FALSE(contains(files, secret.expose()));
    CHECK_FALSE(contains(files, base::as_bytes("204060")));
    CHECK_FALSE(contains(files, base::as_bytes("204061")));
}

TEST_CASE("equal PINs look like different ones, of two members and of one in two lists",
          "[unit][staff][refusal][G9]") {
    const auto roster = sample_office().district.roster({});
    const auto& one = roster.members[0].cards[0].pin;   // 204060
    const auto& other = roster.members[3].cards[0].pin; // 204060
    base::SeededRandom random(99);
    const auto again = make_verifier("204060", sample_office().worker.agrees(), random);
    const std::vector<PinVerifier> verifiers{one, other, again};
    std::set<std::string> parts;
    for (const auto& verifier : verifiers) {
        parts.insert(base::to_hex(verifier.salt));
        parts.insert(base::to_hex(verifier.point));
        parts.insert(base::to_hex(verifier.digest));
    }
    CHECK(parts.size() == 9);
    // The card reaches the same secret as whoever made the list did, with nothing kept but a point.
    const auto secret = secret_of(sample_office().worker, again.point);
    CHECK(digest_of("204060", secret, again.salt) ==
          base::Bytes(again.digest.begin(), again.digest.end()));
}

TEST_CASE("guesses at the kiosk itself end after five, whatever is done to its power",
          "[unit][staff][refusal][G9]") {
    SampleDesk at;
    for (int i = 0; i < 60; ++i) {
        at.try_card(sample_office().worker, "111111");
        at.restart();
        at.clock.advance(std::chrono::seconds(299)); // not quite as long as the lock
    }
    CHECK(at.audit.count(AuditEvent::pin_failed) == pin_tries);
    CHECK(at.failures("S-1182") == pin_tries);
}
