// Goal: whatever a vendor's decoder does, the kiosk gets a picture or an error, keeps nothing of it
// and lives on. Method: the real helper process with fake plug-ins, one for each deed.
#include "drivers/photo_decoder/photo_decoder.hpp"

#include "kiosk/base/random.hpp"
#include "tests/support/photo_drawing.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <dirent.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using base::Errc;
namespace fs = std::filesystem;

// Chip bytes that follow from a seed; nobody's.
base::SecretBytes chip_bytes(std::uint8_t seed) {
    base::SecretBytes bytes(drivers::chip_photo_bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = std::uint8_t(seed + 31 * i);
    return bytes;
}

base::SecretBytes drawn(const base::SecretBytes& chip) {
    base::SecretBytes pixels(KIOSK_PHOTO_PIXEL_BYTES);
    photo_drawing::draw(chip.data(), pixels.data());
    return pixels;
}

// This process's own; removed at its end.
const std::string& folder_of_test() {
    struct Folder {
        std::string path =
            (fs::temp_directory_path() / ("kiosk-photo-test-" + std::to_string(::getpid())))
                .string();
        Folder() { fs::create_directory(path); }
        ~Folder() {
            std::error_code ignored;
            fs::remove_all(path, ignored);
        }
    };
    static const Folder folder;
    return folder.path;
}

// Where helpers get their empty folders: nothing is left in it.
std::string scratch_folder() {
    const auto path = folder_of_test() + "/scratch";
    fs::create_directory(path);
    return path;
}

const std::string& folder_of_plug_ins() {
    static const auto folder = [] {
        auto path = folder_of_test() + "/plug_ins";
        fs::create_directory(path);
        return path;
    }();
    return folder;
}

// Does what its file is called.
std::string plug_in(const std::string& deed) {
    const auto path = folder_of_plug_ins() + "/" + deed + ".so";
    if (!fs::exists(path)) fs::copy_file(PHOTO_PLUG_IN, path);
    return path;
}

std::size_t things_in(const std::string& folder) {
    std::size_t count = 0;
    for (const auto& each : fs::directory_iterator(folder)) count += each.exists() ? 1 : 0;
    return count;
}

// What a helper could leave behind in this process: descriptors, children, folders, secret memory.
struct Standing {
    std::size_t descriptors = things_in("/proc/self/fd");
    std::size_t folders = things_in(scratch_folder());
    std::size_t secrets = base::SessionArena::instance().in_use();
    bool operator==(const Standing&) const = default;
};

struct Bench {
    base::SystemClock clock;
    std::stop_source stop;
    // Long for what ends by itself also on a busy machine; tests of hanging give a short one.
    base::Milliseconds limit{60'000};

    drivers::PhotoDecoder decoder(const std::string& deed) const {
        return decoder_at(plug_in(deed));
    }
    drivers::PhotoDecoder decoder_at(const std::string& path) const {
        return {{path, PHOTO_HELPER, scratch_folder(), limit}, clock};
    }
    base::Result<drivers::CardPhoto> decode(const std::string& deed) const {
        return decoder(deed).decode(chip_bytes(1), stop.get_token());
    }
};

bool has_children() {
    return ::waitpid(-1, nullptr, WNOHANG) >= 0;
}

} // namespace

TEST_CASE("a photo comes back as the plug-in drew it", "[device][photo]") {
    Bench bench;
    for (const auto* deed : {"good", "bottom_up_bgr", "print"})
        for (const std::uint8_t seed : {0, 7, 200}) {
            INFO(deed << " " << int(seed));
            const auto chip = chip_bytes(seed);
            const auto photo = bench.decoder(deed).decode(chip, {});
            INFO((photo ? "" : photo.error().text()));
            REQUIRE(photo);
            CHECK((photo->pixels == drawn(chip)));
        }
}

TEST_CASE("whatever a photo decoder does, there is an error with a code and the kiosk lives on",
          "[device][photo]") {
    struct Case {
        const char* deed;
        Errc code;
        const char* words;
    };
    const auto [deed, code, words] = GENERATE(values<Case>({
        {"crash", Errc::device, "signal 11"},
        {"abort", Errc::device, "signal 6"},
        {"write_too_far", Errc::device, "signal 11"},
        {"write_chip", Errc::device, "signal 11"},
        {"allocate", Errc::device, "signal 6"},
        {"exit_0", Errc::device, "exit code 0"},
        {"exit_7", Errc::device, "exit code 7"},
        {"no_picture", Errc::device, "code -5"},
        {"write_file", Errc::refused, "system call"},
        {"make_file_in_folder", Errc::refused, "system call"},
        {"socket", Errc::refused, "system call"},
        {"fork", Errc::refused, "system call"},
        {"thread", Errc::refused, "system call"},
        {"exec", Errc::refused, "system call"},
        {"kill_parent", Errc::refused, "system call"},
        {"say_too_much", Errc::corrupt, "too much"},
        {"say_too_little", Errc::corrupt, "too little"},
        {"forge_greeting", Errc::corrupt, "not an answer"},
        {"one_colour", Errc::corrupt, "one colour"},
        {"untouched", Errc::corrupt, "one colour"},
        {"half_blank", Errc::corrupt, "one colour"},
        {"noise", Errc::corrupt, "noise"},
        {"unknown_order", Errc::corrupt, "order"},
        {"wrong_version", Errc::unsupported, "version 2"},
    }));
    Bench bench;
    const Standing before;
    {
        const auto photo = bench.decode(deed);
        INFO(deed << ": " << (photo ? "a picture" : photo.error().text()));
        REQUIRE_FALSE(photo);
        CHECK(photo.error().code == code);
        CHECK(photo.error().context.find(words) != std::string::npos);
    }
    CHECK((Standing{} == before));
    CHECK_FALSE(has_children());
    REQUIRE(bench.decode("good")); // the next one works
}

TEST_CASE("a photo decoder that does not end is killed", "[device][photo]") {
    Bench bench;
    bench.limit = base::Milliseconds(300);
    for (const auto* deed :
         {"hang", "burn", "ignore_time", "hang_while_loading", "close_and_hang"}) {
        INFO(deed);
        const Standing before;
        const auto photo = bench.decode(deed);
        REQUIRE_FALSE(photo);
        CHECK(photo.error().code == Errc::timed_out);
        CHECK((Standing{} == before));
        CHECK_FALSE(has_children());
    }
}

TEST_CASE("a visit that ends takes its photo decoder with it", "[device][photo]") {
    Bench bench;
    bench.stop.request_stop();
    const auto photo = bench.decode("hang");
    REQUIRE_FALSE(photo);
    CHECK(photo.error().code == Errc::cancelled);
    CHECK_FALSE(has_children());
}

TEST_CASE("a kiosk without a photo decoder says so, and one whose decoder is missing too",
          "[device][photo]") {
    Bench bench;
    const auto code_of = [&](const std::string& path) {
        const auto photo = bench.decoder_at(path).decode(chip_bytes(1), {});
        REQUIRE_FALSE(photo);
        CHECK(bench.decoder_at(path).look().error() == photo.error());
        return photo.error().code;
    };
    CHECK(code_of("") == Errc::unsupported);
    CHECK(code_of("/no/decoder.so") == Errc::not_found);
    CHECK(code_of(folder_of_plug_ins()) == Errc::not_found);
    CHECK(code_of("tests/device/photo_decoder_test.cpp") == Errc::not_found); // cannot be loaded
    const drivers::PhotoDecoder without_helper(
        {plug_in("good"), "/no/helper", scratch_folder(), bench.limit}, bench.clock);
    CHECK(without_helper.decode(chip_bytes(1), {}).error().code == Errc::not_found);
    const drivers::PhotoDecoder other_program(
        {plug_in("good"), "/bin/true", scratch_folder(), bench.limit}, bench.clock);
    CHECK(other_program.decode(chip_bytes(1), {}).error().code == Errc::io);
    const drivers::PhotoDecoder without_folder(
        {plug_in("good"), PHOTO_HELPER, "/no/folder", bench.limit}, bench.clock);
    CHECK(without_folder.decode(chip_bytes(1), {}).error().code == Errc::io);
    for (const std::size_t size : {0u, 1023u, 1025u})
        CHECK(bench.decoder("good").decode(base::Bytes(size), {}).error().code ==
              Errc::invalid_input);
}

TEST_CASE("a photo decoder that somebody else could have changed is not loaded",
          "[device][photo]") {
    Bench bench;
    const fs::path folder = folder_of_test() + "/decoder";
    fs::create_directory(folder);
    const auto copy = folder / "good.so";
    fs::copy_file(plug_in("good"), copy, fs::copy_options::overwrite_existing);
    const auto code = [&](const fs::path& path) {
        const auto photo = bench.decoder_at(path).decode(chip_bytes(1), {});
        return photo ? std::optional<Errc>() : photo.error().code;
    };
    REQUIRE_FALSE(code(copy));
    for (const mode_t mode : {0757, 0775, 0646, 0664}) {
        REQUIRE(::chmod(copy.c_str(), mode) == 0);
        CHECK(code(copy) == Errc::unauthorised);
    }
    REQUIRE(::chmod(copy.c_str(), 0755) == 0);
    REQUIRE(::chmod(folder.c_str(), 0757) == 0);
    CHECK(code(copy) == Errc::unauthorised);
    const auto link = folder_of_test() + "/decoder.so"; // the link does not hide where it leads
    fs::create_symlink(copy, link);
    CHECK(code(link) == Errc::unauthorised);
    REQUIRE(::chmod(folder.c_str(), 0755) == 0);
    CHECK_FALSE(code(link));
    if (::chown(copy.c_str(), 12345, 0) == 0) // only root can give a file away
        CHECK(code(copy) == Errc::unauthorised);
    fs::remove(link);
    fs::remove_all(folder);
}

TEST_CASE("a photo decoder reads its own licence and nothing of anybody else", "[device][photo]") {
    Bench bench;
    const auto description = bench.decoder("good").look();
    REQUIRE(description);
    std::ofstream(folder_of_plug_ins() + "/licence") << "none";
    if (!description->has_file_fence) {
        WARN("skipped: this kernel has no Landlock");
        return;
    }
    const auto photo = bench.decode("read_file");
    INFO((photo ? "" : photo.error().text()));
    CHECK(photo);
}

TEST_CASE("looking at a photo decoder decodes nothing", "[device][photo][refusal][G6]") {
    Bench bench;
    CHECK(bench.decoder("good").look());
    CHECK(bench.decoder("crash").look()); // it crashes when it decodes
    CHECK(bench.decoder("wrong_version").look().error().code == Errc::unsupported);
    bench.limit = base::Milliseconds(300);
    CHECK(bench.decoder("hang_while_loading").look().error().code == Errc::timed_out);
}

TEST_CASE("a photo lies in locked memory only, and goes with its owner", "[device][photo]") {
    Bench bench;
    auto& arena = base::SessionArena::instance();
    const auto before = arena.in_use();
    {
        const auto photo = bench.decode("good");
        REQUIRE(photo);
        CHECK(arena.in_use() >= before + KIOSK_PHOTO_PIXEL_BYTES);
    }
    CHECK(arena.in_use() == before);
}
