#include "face/calibration.hpp"
#include "kiosk/app/face_readiness.hpp"
#include "kiosk/base/manual_clock.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <openssl/evp.h>

namespace fs = std::filesystem;

namespace {

using namespace std::chrono_literals;

// A kiosk with a data folder of its own, and a district with two keys.
struct Place {
    fs::path folder;
    config::Config config;
    base::ManualClock clock{std::chrono::sys_days(2027y / 3 / 1)};

    Place() {
        std::string name = (fs::temp_directory_path() / "kiosk-ready-XXXXXX").string();
        CHECK(::mkdtemp(name.data()) != nullptr);
        folder = name;
        config.data_folder = (folder / "data").string();
        for (const std::uint8_t number : {1, 2})
            config.district.calibration_keys.push_back(
                write("key" + std::to_string(number) + ".pem", pem_of(number)));
    }
    ~Place() { fs::remove_all(folder); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    std::string write(const fs::path& name, const std::string& text) const {
        const auto path = folder / name;
        fs::create_directories(path.parent_path());
        REQUIRE(base::write_file_durably(path.string(), base::as_bytes(text)));
        return path.string();
    }
    app::FaceReadiness look() const { return app::face_readiness(config, clock); }
    base::Errc refusal() const {
        const auto calibration = look().calibration;
        REQUIRE_FALSE(calibration.has_value());
        return calibration.error().code;
    }

    static base::Bytes private_key(std::uint8_t number) { return base::Bytes(32, number); }
    // RFC 8410: 12 bytes say what it is, 32 are the key.
    static std::string pem_of(std::uint8_t number) {
        base::Bytes der{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
        const auto key = base::public_key_of(private_key(number)).value();
        der.insert(der.end(), key.begin(), key.end());
        std::string text(64, '\0');
        text.resize(std::size_t(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                                der.data(), int(der.size()))));
        return "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n";
    }
};

face::Calibration good_one() {
    face::Calibration c;
    c.district = "Test district";
    c.population = "simulated people";
    c.model = "reid-0095";
    c.pipeline = face::pipeline_version;
    c.pass_level = 0.42f;
    c.band_level = 0.34f;
    c.genuine = 1'000;
    c.impostor = 1'000'000;
    c.attacks_tried = true;
    c.made = 2026y / 11 / 1;
    c.expires = 2028y / 11 / 1;
    return c;
}

void lay(const Place& place, const face::Calibration& calibration,
         std::initializer_list<std::uint8_t> signers) {
    const auto text = face::to_text(calibration);
    std::string lines;
    for (const auto signer : signers)
        lines += face::sign_calibration(base::as_bytes(text), Place::private_key(signer)).value();
    place.write("data/face/calibration.json", text);
    place.write("data/face/calibration.sig", lines);
}

} // namespace

TEST_CASE("a fresh kiosk has no models and no calibration, and that is no fault", "[unit][face]") {
    Place place;
    const auto found = place.look();
    CHECK(found.models.empty());
    CHECK_FALSE(found.can_compare);
    CHECK(found.refused.empty());
    CHECK(found.calibration.error().code == base::Errc::not_found);
    place.config.district.calibration_keys.clear();
    CHECK(place.refusal() == base::Errc::not_found);
}

TEST_CASE("a file in the models folder that is another one is named", "[unit][face]") {
    const Place place;
    place.write("data/models/face_detection_yunet_2023mar.onnx", "not a network");
    const auto found = place.look();
    REQUIRE(found.refused.size() == 1);
    CHECK(found.refused[0].find("yunet-2023mar: ") == 0);
    CHECK_FALSE(found.can_compare);
}

TEST_CASE("a calibration counts where the kiosk has its network and trusts both signers",
          "[unit][face][refusal][G15]") {
    // Without the network's files there is nothing that it could be for.
    Place place;
    lay(place, good_one(), {1, 2});
    CHECK(place.refusal() == base::Errc::refused);
    lay(place, good_one(), {1});
    CHECK(place.refusal() == base::Errc::unauthorised);
    lay(place, good_one(), {1, 3});
    CHECK(place.refusal() == base::Errc::unauthorised);
    fs::remove(place.folder / "data/face/calibration.sig");
    CHECK(place.refusal() == base::Errc::not_found);
    place.config.district.calibration_keys = {place.write("bad.pem", "no key")};
    CHECK(place.refusal() == base::Errc::corrupt);
}

TEST_CASE("with the district's files everything is there until the calibration expires",
          "[unit][face][refusal][G15]") {
    std::string models;
    for (const std::string beside :
         {"../shared/testdata/face/models", "../../shared/testdata/face/models"})
        if (fs::is_directory(beside)) models = beside;
    if (models.empty()) {
        WARN("skipped: no shared test data");
        return;
    }
    Place place;
    fs::create_directories(place.config.data_folder);
    fs::create_directory_symlink(fs::absolute(models), app::models_folder(place.config));
    lay(place, good_one(), {2, 1});
    const auto found = place.look();
    CHECK(found.can_compare);
    CHECK(found.models.size() == 5);
    CHECK(found.refused.empty());
    REQUIRE(found.calibration.has_value());
    CHECK(*found.calibration == good_one());
    place.clock.jump_wall(std::chrono::hours(24 * 365 * 2));
    CHECK(place.refusal() == base::Errc::refused);
    // Nobody knows what day it is: no date refuses (safeguard G17).
    place.clock.set_synchronised(false);
    CHECK(place.look().calibration.has_value());
}
