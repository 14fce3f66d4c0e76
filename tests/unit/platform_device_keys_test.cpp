// The device's own key: made once, asked for, certified, renewed, destroyed.
#include "kiosk/platform/device_keys.hpp"

#include "kiosk/base/manual_clock.hpp"
#include "kiosk/platform/native.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <openssl/pem.h>
#include <sys/stat.h>

using namespace platform;
using base::Errc;
using namespace std::chrono_literals;

namespace {

using RequestOwner = std::unique_ptr<X509_REQ, Release<X509_REQ_free>>;

RequestOwner parse_request(const std::string& pem) {
    const BioOwner in(BIO_new_mem_buf(pem.data(), int(pem.size())));
    return RequestOwner(PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr));
}

// What the district does with a request: its own key below a certificate for the asked one.
std::string certify(X509_REQ* request, base::WallTime from, std::chrono::days life) {
    const KeyOwner district(EVP_EC_gen("P-256"));
    const X509Owner made(X509_new());
    const auto begin = std::chrono::floor<std::chrono::seconds>(from).time_since_epoch().count();
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 7);
    ASN1_TIME_set(X509_getm_notBefore(made.get()), begin);
    ASN1_TIME_set(X509_getm_notAfter(made.get()),
                  begin + std::chrono::duration_cast<std::chrono::seconds>(life).count());
    X509_set_subject_name(made.get(), X509_REQ_get_subject_name(request));
    X509_set_issuer_name(made.get(), X509_REQ_get_subject_name(request));
    const KeyOwner asked(X509_REQ_get_pubkey(request));
    X509_set_pubkey(made.get(), asked.get());
    REQUIRE(X509_sign(made.get(), district.get(), EVP_sha256()) > 0);
    const BioOwner out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), made.get());
    char* at = nullptr;
    const long size = BIO_get_mem_data(out.get(), &at);
    return {at, std::size_t(size)};
}

struct Board {
    support::TemporaryFolder folder;
    base::ManualClock clock{base::SystemClock().wall()};
    std::string key = folder.file("device.key");
    std::string certificate = folder.file("device.pem");

    Board() { REQUIRE(make_device_key(key)); }
    std::string certified(std::chrono::days life = std::chrono::days{365}) {
        const auto request = parse_request(certificate_request(key, "K7").value());
        REQUIRE(request);
        return certify(request.get(), clock.wall() - 1h, life);
    }
};

} // namespace

TEST_CASE("a device key is its owner's alone, is never replaced, and asks in the kiosk's name",
          "[unit][platform]") {
    Board board;
    struct stat status {};
    REQUIRE(::stat(board.key.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    const auto before = base::read_file(board.key).value();
    CHECK(make_device_key(board.key).error().code == Errc::conflict);
    CHECK(base::read_file(board.key).value() == before);

    const auto pem = certificate_request(board.key, "K7").value();
    const auto request = parse_request(pem);
    REQUIRE(request);
    CHECK(pem.find("PRIVATE") == std::string::npos);
    const KeyOwner asked(X509_REQ_get_pubkey(request.get()));
    CHECK(X509_REQ_verify(request.get(), asked.get()) == 1); // whoever asks has the key
    char name[64] = {};
    X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, name,
                              sizeof name);
    CHECK(std::string(name) == "kiosk K7");
}

TEST_CASE("a certificate is put in place only if it is for this key and of today",
          "[unit][platform]") {
    Board board;
    const auto pem = board.certified();
    REQUIRE(install_certificate(pem, board.key, board.certificate, board.clock));
    const auto pair = KeyPair::load(board.certificate, board.key);
    REQUIRE(pair);
    CHECK(check_detached(base::as_bytes("statement"),
                         sign_detached(base::as_bytes("statement"), *pair).value(),
                         pair->certificate()));

    const auto in_place = base::read_file(board.certificate).value();
    Board other;
    CHECK(install_certificate(other.certified(), board.key, board.certificate, board.clock)
              .error()
              .code == Errc::corrupt);
    CHECK(install_certificate("no certificate", board.key, board.certificate, board.clock)
              .error()
              .code == Errc::corrupt);
    CHECK(install_certificate(pem, board.folder.file("none.key"), board.certificate, board.clock)
              .error()
              .code == Errc::not_found);
    board.clock.advance(24h * 400);
    CHECK(install_certificate(pem, board.key, board.certificate, board.clock).error().code ==
          Errc::unauthorised);
    board.clock.set_synchronised(false); // G17: nobody set this clock
    CHECK(install_certificate(pem, board.key, board.certificate, board.clock));
    CHECK(base::read_file(board.certificate).value() == in_place);
}

TEST_CASE("a certificate is renewed from day 270, over the same key", "[unit][platform]") {
    Board board;
    const auto first =
        install_certificate(board.certified(), board.key, board.certificate, board.clock).value();
    CHECK_FALSE(is_renewal_due(first, board.clock.wall()));
    CHECK_FALSE(is_renewal_due(first, board.clock.wall() + 24h * 269));
    CHECK(is_renewal_due(first, board.clock.wall() + 24h * 270));
    CHECK(is_renewal_due(first, board.clock.wall() + 24h * 500));

    const auto brief = install_certificate(board.certified(std::chrono::days{30}), board.key,
                                           board.certificate, board.clock)
                           .value();
    CHECK_FALSE(is_renewal_due(brief, board.clock.wall()));
    CHECK(is_renewal_due(brief, board.clock.wall() + 24h * 30)); // over is over
    CHECK(KeyPair::load(board.certificate, board.key)->certificate().fingerprint() ==
          brief.fingerprint());
}

TEST_CASE("a key that was destroyed leaves no byte under its name nor in its file",
          "[unit][platform]") {
    Board board;
    // Another name of the same file shows what was written over it.
    const auto witness = board.folder.file("witness");
    std::filesystem::create_hard_link(board.key, witness);
    const auto size = std::filesystem::file_size(board.key);
    REQUIRE(destroy_file(board.key));
    CHECK_FALSE(std::filesystem::exists(board.key));
    CHECK(base::read_file(witness).value() == base::Bytes(size));
    CHECK(destroy_file(board.key)); // nothing there: nothing to do
}
