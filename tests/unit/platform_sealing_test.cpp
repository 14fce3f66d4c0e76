// Sealing: who can open what, and that any CMS tool can. The persons are synthetic.
#include "kiosk/platform/primitives.hpp"
#include "kiosk/platform/sealing.hpp"

#include "kiosk/base/manual_clock.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>

using namespace platform;
using namespace std::chrono_literals;
using base::Errc;
using support::demo_keys;

namespace {

const std::string clear_text = "{\"name\":\"synthetic 合成\"}";

std::vector<Certificate> recipients() {
    return {Certificate::load(demo_keys().sealing_certificate).value()};
}
KeyPair platform_keys() {
    return KeyPair::load(demo_keys().sealing_certificate, demo_keys().sealing_key).value();
}
Certificate authority() {
    return Certificate::load(demo_keys().ca).value();
}
std::string text_of(const base::SecretBytes& bytes) {
    return {bytes.begin(), bytes.end()};
}
bool contains(base::ByteView bytes, std::string_view text) {
    return std::search(bytes.begin(), bytes.end(), text.begin(), text.end()) != bytes.end();
}

} // namespace

TEST_CASE("what is sealed and signed is opened by the platform and by nobody else",
          "[unit][sealing]") {
    const base::SystemClock clock;
    const auto sealed = seal(base::as_bytes(clear_text), recipients(), clock).value();
    CHECK_FALSE(contains(sealed, "synthetic"));
    const auto signed_bytes = sign(sealed, support::demo_device()).value();

    const auto opened = open_signed(signed_bytes, authority(), clock).value();
    CHECK(opened.sealed == sealed);
    CHECK(opened.signer == support::demo_device().certificate().fingerprint());
    CHECK(text_of(unseal(opened.sealed, platform_keys()).value()) == clear_text);

    // The kiosk's own key does not open it.
    CHECK(unseal(sealed, support::demo_device()).error().code == Errc::unauthorised);
    WARN("sealing adds " << sealed.size() - clear_text.size() << " bytes, signing "
                         << signed_bytes.size() - sealed.size());
}

TEST_CASE("either of two platform keys opens during a roll-over", "[unit][sealing]") {
    const base::SystemClock clock;
    const support::TemporaryFolder folder;
    const auto other = make_demo_keys(folder.path(), clock).value();
    auto both = recipients();
    both.push_back(Certificate::load(other.sealing_certificate).value());
    const auto sealed = seal(base::as_bytes(clear_text), both, clock).value();
    const auto second = KeyPair::load(other.sealing_certificate, other.sealing_key).value();
    CHECK(text_of(unseal(sealed, platform_keys()).value()) == clear_text);
    CHECK(text_of(unseal(sealed, second).value()) == clear_text);

    const auto for_other = seal(base::as_bytes(clear_text), {both[1]}, clock).value();
    CHECK(unseal(for_other, platform_keys()).error().code == Errc::unauthorised);
}

TEST_CASE("every changed byte of a signed submission is noticed", "[unit][sealing]") {
    const base::SystemClock clock;
    const auto sealed = seal(base::as_bytes(clear_text), recipients(), clock).value();
    const auto signed_bytes = sign(sealed, support::demo_device()).value();
    const auto device = support::demo_device().certificate();
    const auto keys = platform_keys();
    const auto ca = authority();
    for (std::size_t at = 0; at < signed_bytes.size(); at += 7) {
        auto changed = signed_bytes;
        changed[at] ^= 0x04;
        const auto opened = open_signed(changed, ca, clock);
        // A few bytes are in nobody's interest, such as an unsigned certificate's own text; but
        // what comes out is then the same sealed bytes, by the same signer.
        if (opened && (opened->sealed != sealed || opened->signer != device.fingerprint())) {
            FAIL("byte " << at);
        }
    }
    auto changed = sealed;
    changed[changed.size() / 2] ^= 1;
    CHECK_FALSE(unseal(changed, keys));
    for (std::size_t size = 0; size < signed_bytes.size(); size += 13) {
        const auto part = base::ByteView(signed_bytes).first(size);
        CHECK_FALSE(open_signed(part, ca, clock));
        CHECK_FALSE(signer_of(part));
    }
    auto longer = signed_bytes;
    longer.push_back(0);
    CHECK_FALSE(open_signed(longer, ca, clock));
    CHECK_FALSE(signer_of(longer));
}

TEST_CASE("a device of another authority, or one whose time is over, is refused",
          "[unit][sealing]") {
    const base::SystemClock clock;
    const support::TemporaryFolder folder;
    const auto stranger_files = make_demo_keys(folder.path(), clock).value();
    const auto stranger =
        KeyPair::load(stranger_files.device_certificate, stranger_files.device_key).value();
    const auto sealed = seal(base::as_bytes(clear_text), recipients(), clock).value();
    const auto foreign = sign(sealed, stranger).value();
    CHECK(open_signed(foreign, authority(), clock).error().code == Errc::unauthorised);
    CHECK(signer_of(foreign).value() == stranger.certificate().fingerprint());

    const auto ours = sign(sealed, support::demo_device()).value();
    CHECK(signer_of(ours).value() == support::demo_device().certificate().fingerprint());
    base::ManualClock later(clock.wall() + 24h * 400);
    CHECK(open_signed(ours, authority(), later).error().code == Errc::unauthorised);
}

TEST_CASE("nothing is sealed to a certificate whose time is over", "[unit][sealing]") {
    const base::SystemClock now;
    base::ManualClock later(now.wall() + 24h * 400);
    CHECK(seal(base::as_bytes(clear_text), recipients(), later).error().code == Errc::unauthorised);
    CHECK(seal(base::as_bytes(clear_text), {}, now).error().code == Errc::unauthorised);
    // G17: a clock that nobody has set refuses nobody.
    later.set_synchronised(false);
    CHECK(seal(base::as_bytes(clear_text), recipients(), later));
}

TEST_CASE("keys that are wrong or open to others are refused", "[unit][sealing]") {
    const support::TemporaryFolder folder;
    const auto keys = make_demo_keys(folder.path(), base::SystemClock()).value();
    CHECK(KeyPair::load(keys.device_certificate, keys.sealing_key).error().code == Errc::corrupt);
    CHECK(KeyPair::load(keys.device_certificate, keys.device_certificate).error().code ==
          Errc::corrupt);
    CHECK(KeyPair::load(keys.device_certificate, folder.file("absent")).error().code ==
          Errc::not_found);
    REQUIRE(::chmod(keys.device_key.c_str(), 0640) == 0);
    CHECK(KeyPair::load(keys.device_certificate, keys.device_key).error().code ==
          Errc::unauthorised);
}

TEST_CASE("demonstration keys are private, kept while they last, and made anew after",
          "[unit][sealing]") {
    const support::TemporaryFolder folder;
    base::ManualClock clock(base::SystemClock().wall());
    const auto keys = make_demo_keys(folder.file("keys"), clock).value();
    for (const auto& file : {keys.device_key, keys.sealing_key, keys.server_key}) {
        struct stat status {};
        REQUIRE(::stat(file.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
    }
    const auto before = base::read_file(keys.device_key).value();
    REQUIRE(make_demo_keys(folder.file("keys"), clock));
    CHECK(base::read_file(keys.device_key).value() == before);
    clock.advance(24h * 365);
    REQUIRE(make_demo_keys(folder.file("keys"), clock));
    CHECK(base::read_file(keys.device_key).value() != before);
    std::filesystem::remove(keys.ca);
    REQUIRE(make_demo_keys(folder.file("keys"), clock));
    CHECK(std::filesystem::exists(keys.ca));
}

TEST_CASE("the openssl command opens a submission with no code of ours", "[unit][sealing]") {
    if (std::system("command -v openssl >/dev/null 2>&1") != 0) {
        WARN("skipped: no openssl command");
        return;
    }
    const base::SystemClock clock;
    const support::TemporaryFolder folder;
    const auto sealed = seal(base::as_bytes(clear_text), recipients(), clock).value();
    const auto signed_bytes = sign(sealed, support::demo_device()).value();
    REQUIRE(base::write_file_durably(folder.file("signed.cms"), signed_bytes));
    const auto verify = "openssl cms -verify -binary -inform DER -in " + folder.file("signed.cms") +
                        " -CAfile " + demo_keys().ca + " -purpose any -out " +
                        folder.file("sealed.cms") + " 2>/dev/null";
    const auto decrypt = "openssl cms -decrypt -inform DER -in " + folder.file("sealed.cms") +
                         " -inkey " + demo_keys().sealing_key + " -recip " +
                         demo_keys().sealing_certificate + " -out " + folder.file("clear.json") +
                         " 2>/dev/null";
    const auto print = "openssl cms -cmsout -print -inform DER -in " + folder.file("sealed.cms") +
                       " > " + folder.file("print.txt") + " 2>/dev/null";
    REQUIRE(std::system(verify.c_str()) == 0);
    REQUIRE(std::system(decrypt.c_str()) == 0);
    CHECK(base::as_text(base::read_file(folder.file("clear.json")).value()) == clear_text);
    REQUIRE(std::system(print.c_str()) == 0);
    const auto structure = base::read_file(folder.file("print.txt")).value();
    CHECK(contains(structure, "authEnvelopedData"));
    CHECK(contains(structure, "aes-256-gcm"));
    CHECK(contains(structure, "dhSinglePass-stdDH-sha256kdf-scheme"));
}

TEST_CASE("every primitive is held against its published answer at start, and each wrong one found",
          "[unit][sealing][E4]") {
    CHECK(check_primitives());
    std::size_t number = 0;
    for (;; ++number) {
        const auto found = check_primitives_against_wrong_answer(number);
        REQUIRE_FALSE(found);
        if (found.error().code == Errc::not_found) break;
        CHECK(found.error().code == Errc::corrupt);
    }
    CHECK(number == 6);
}
