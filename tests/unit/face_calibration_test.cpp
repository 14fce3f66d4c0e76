#include "face/calibration.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace std::chrono_literals;

base::Bytes private_key(std::uint8_t number) {
    return base::Bytes(32, number);
}

face::Calibration a_calibration() {
    face::Calibration c;
    c.district = "Test district";
    c.population = "simulated people";
    c.model = "reid-0095";
    c.pipeline = 1;
    c.pass_level = 0.42f;
    c.band_level = 0.34f;
    c.genuine = 1'000;
    c.impostor = 1'000'000;
    c.attacks_tried = true;
    c.made = 2026y / 11 / 1;
    c.expires = 2028y / 11 / 1;
    return c;
}

face::CalibrationFiles signed_by(const std::string& text,
                                 std::initializer_list<std::uint8_t> signers) {
    std::string lines;
    for (const auto signer : signers)
        lines += face::sign_calibration(base::as_bytes(text), private_key(signer)).value();
    return {base::to_bytes(text), base::to_bytes(lines)};
}

const std::vector<base::Ed25519Key>& trusted() {
    static const std::vector<base::Ed25519Key> keys{base::public_key_of(private_key(1)).value(),
                                                    base::public_key_of(private_key(2)).value(),
                                                    base::public_key_of(private_key(3)).value()};
    return keys;
}

base::Result<face::Calibration> open(const face::CalibrationFiles& files,
                                     base::Date today = 2027y / 1 / 1) {
    return face::open_calibration(files, {trusted(), 2, "reid-0095", 1, &today});
}

} // namespace

TEST_CASE("a calibration signed by two keys of the district is taken", "[unit][face]") {
    const auto opened = open(signed_by(to_text(a_calibration()), {1, 3}));
    REQUIRE(opened.has_value());
    CHECK(*opened == a_calibration());
}

TEST_CASE("a calibration that is missing, foreign, expired or from the future is refused",
          "[unit][face][refusal][G15]") {
    const auto text = to_text(a_calibration());
    CHECK_FALSE(open({}).has_value());
    CHECK_FALSE(open({base::to_bytes(text), {}}).has_value());
    CHECK(open(signed_by(text, {1})).error().code == base::Errc::unauthorised);
    CHECK(open(signed_by(text, {1, 1})).error().code == base::Errc::unauthorised);
    CHECK(open(signed_by(text, {1, 9})).error().code == base::Errc::unauthorised);
    CHECK(open(signed_by(text, {8, 9})).error().code == base::Errc::unauthorised);
    const auto files = signed_by(text, {1, 2});
    CHECK(open(files, 2028y / 11 / 1).has_value());
    CHECK(open(files, 2028y / 11 / 2).error().code == base::Errc::refused);
    CHECK(open(files, 2026y / 10 / 31).error().code == base::Errc::refused);
    // While the clock is not synchronised no date refuses (G17).
    CHECK(face::open_calibration(files, {trusted(), 2, "reid-0095", 1, nullptr}).has_value());
    const base::Date today = 2027y / 1 / 1;
    CHECK_FALSE(face::open_calibration(files, {trusted(), 2, "sface-2021dec", 1, &today}));
    CHECK_FALSE(face::open_calibration(files, {trusted(), 2, "reid-0095", 2, &today}));
    CHECK_FALSE(face::open_calibration(files, {{}, 2, "reid-0095", 1, &today}));
    CHECK_FALSE(face::open_calibration(files, {trusted(), 0, "reid-0095", 1, &today}));
}

TEST_CASE("a calibration altered in any byte is refused", "[unit][face][refusal][G15]") {
    const auto files = signed_by(to_text(a_calibration()), {1, 2});
    for (std::size_t at = 0; at < files.text.size(); ++at) {
        auto altered = files;
        altered.text[at] ^= 1;
        CHECK_FALSE(open(altered).has_value());
        altered = files;
        altered.text.resize(at);
        CHECK_FALSE(open(altered).has_value());
    }
    for (std::size_t at = 0; at < files.signatures.size(); ++at) {
        auto altered = files;
        altered.signatures[at] = altered.signatures[at] == '0' ? '1' : '0';
        // Line ends after a whole signature may change; everything else may not.
        if (files.signatures[at] != '\n') CHECK_FALSE(open(altered).has_value());
    }
}

TEST_CASE("a signed calibration that makes no sense is refused", "[unit][face][refusal][G16]") {
    const auto refused = [](auto change) {
        auto calibration = a_calibration();
        change(calibration);
        return open(signed_by(to_text(calibration), {1, 2})).error().code ==
               base::Errc::invalid_input;
    };
    CHECK(refused([](auto& c) { c.pass_level = 0.3f; })); // below its band
    CHECK(refused([](auto& c) { c.band_level = 0; }));
    CHECK(refused([](auto& c) { c.band_level = -0.1f; }));
    CHECK(refused([](auto& c) { c.pass_level = 1; }));
    CHECK(refused([](auto& c) { c.attacks_tried = false; }));
    CHECK(refused([](auto& c) { c.impostor = 1'000; }));
    CHECK(refused([](auto& c) { c.genuine = 10; }));
    CHECK(refused([](auto& c) { c.expires = 2026y / 1 / 1; }));
    CHECK(refused([](auto& c) { c.district = ""; }));
}

TEST_CASE("a signed file that is no calibration is refused", "[unit][face][refusal][G15]") {
    for (const std::string text :
         {"", "{}", "[]", "null", "{\"format\":\"kiosk-face-calibration/1\"}", "\xff\xfe",
          "{\"a\":"}) {
        INFO(text);
        CHECK_FALSE(open(signed_by(text, {1, 2})).has_value());
    }
    auto long_text = to_text(a_calibration());
    long_text.append(face::Calibration::longest_file, ' ');
    CHECK(open(signed_by(long_text, {1, 2})).error().code == base::Errc::too_large);
    // One member more than the format has.
    auto more = to_text(a_calibration());
    more.insert(more.find('{') + 1, "\"pass_levels\":[0.1],");
    CHECK_FALSE(open(signed_by(more, {1, 2})).has_value());
}
