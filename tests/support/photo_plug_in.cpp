// Fake photo decoders: one shared object, which does what its file is called. `good` decodes; the
// others do what vendors' libraries were seen to do (spec id-card-reader §8), or what a hostile one
// would.
#include "tests/support/photo_drawing.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

std::string own_path() {
    Dl_info found{};
    ::dladdr(reinterpret_cast<void*>(&own_path), &found);
    return found.dli_fname == nullptr ? "" : found.dli_fname;
}

// What lies beside the plug-in: a vendor's licence or table.
std::string own_folder() {
    const auto path = own_path();
    return path.substr(0, path.rfind('/') + 1);
}

const std::string deed = [] {
    const auto path = own_path();
    const auto from = path.rfind('/') + 1;
    return path.substr(from, path.rfind('.') - from);
}();

constexpr int answer_descriptor = 3; // where the helper answers: a hostile plug-in knows it

[[noreturn]] void burn() {
    static std::atomic<unsigned> turns{0};
    for (;;) ++turns;
}

[[noreturn]] void hang() {
    static const std::atomic<int> never{0};
    for (;;) never.wait(0);
}

void say(const void* what, std::size_t size) {
    if (::write(answer_descriptor, what, size) < 0) std::abort();
}

bool can_read(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY);
    char byte = 0;
    const bool read = fd >= 0 && ::read(fd, &byte, 1) == 1;
    if (fd >= 0) ::close(fd);
    return read;
}

void* nothing(void*) {
    return nullptr;
}

// Whether it returns a picture in spite of what it did: it must not be believed.
void misbehave(std::uint8_t* chip, std::uint8_t* pixels) {
    static std::uint8_t* volatile nowhere = nullptr;
    if (deed == "crash") *nowhere = 1;
    if (deed == "abort") std::abort();
    if (deed == "write_too_far") std::memset(pixels, 1, 38862); // a whole BMP
    if (deed == "write_chip") chip[0] = 1;
    if (deed == "hang") hang();
    if (deed == "burn") burn();
    if (deed == "write_file") ::open("photo.bmp", O_WRONLY | O_CREAT, 0600);
    if (deed == "make_file_in_folder") ::mkdir("photo", 0700);
    if (deed == "socket") ::socket(AF_INET, SOCK_STREAM, 0);
    if (deed == "fork" && ::fork() == 0) hang();
    if (deed == "thread") {
        pthread_t thread{};
        ::pthread_create(&thread, nullptr, nothing, nullptr);
    }
    if (deed == "exec") ::execl("/bin/true", "true", nullptr);
    if (deed == "exit_0") std::exit(0);
    if (deed == "exit_7") std::exit(7);
    if (deed == "kill_parent") ::kill(::getppid(), SIGTERM);
    if (deed == "print") std::printf("a licence notice\n"), std::fflush(stdout);
    if (deed == "say_too_much") {
        static std::array<char, 60'000> much{};
        say(much.data(), much.size());
    }
    if (deed == "say_too_little") {
        say("KPH", 3);
        ::_exit(0);
    }
    if (deed == "forge_greeting") {
        say("KPH1KPH1KPH1KPH1", 16);
        ::_exit(0);
    }
    if (deed == "close_and_hang") {
        ::close(answer_descriptor);
        hang();
    }
    if (deed == "ignore_time") {
        std::signal(SIGTERM, SIG_IGN);
        std::signal(SIGXCPU, SIG_IGN);
        std::signal(SIGALRM, SIG_IGN);
        burn();
    }
    if (deed == "allocate")
        for (;;) {
            auto* block = static_cast<char*>(std::malloc(1 << 20));
            if (block == nullptr) std::abort();
            std::memset(block, 1, 1 << 20);
        }
}

void spoil(std::uint8_t* pixels) {
    constexpr auto size = std::size_t(KIOSK_PHOTO_PIXEL_BYTES);
    if (deed == "one_colour") std::memset(pixels, 200, size);
    if (deed == "untouched") std::memset(pixels, 0, size);
    if (deed == "half_blank") std::memset(pixels + size / 2, 128, size - size / 2);
    if (deed != "noise") return;
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < size; ++i) {
        state = state * 1664525u + 1013904223u;
        pixels[i] = std::uint8_t(state >> 24);
    }
}

// As a BMP has them.
void turn_round(std::uint8_t* pixels) {
    constexpr auto count = std::size_t(KIOSK_PHOTO_PIXEL_BYTES) / 3;
    constexpr std::size_t row = KIOSK_PHOTO_WIDTH * 3;
    for (std::size_t i = 0; i < count; ++i) std::swap(pixels[3 * i], pixels[3 * i + 2]);
    for (std::size_t y = 0; y < KIOSK_PHOTO_HEIGHT / 2; ++y)
        std::swap_ranges(pixels + y * row, pixels + (y + 1) * row,
                         pixels + (KIOSK_PHOTO_HEIGHT - 1 - y) * row);
}

// Runs while the object is being loaded.
const bool is_loaded = [] {
    if (deed == "hang_while_loading") hang();
    return true;
}();

} // namespace

extern "C" {

__attribute__((visibility("default"))) std::uint32_t kiosk_photo_decoder_version() {
    return deed == "wrong_version" ? 2 : KIOSK_PHOTO_DECODER_VERSION;
}

__attribute__((visibility("default"))) std::int32_t
kiosk_photo_decode(const std::uint8_t* chip, std::uint8_t* pixels, kiosk_photo_info* info) {
    if (!is_loaded || deed == "no_picture") return -5; // as WltRS says "not licensed"
    // What was written on the chip is drawn; a folder that it can read into is more than it should
    // have.
    if (deed == "read_file" && (!can_read(own_folder() + "licence") || can_read("/etc/passwd")))
        return 9;
    photo_drawing::draw(chip, pixels);
    misbehave(const_cast<std::uint8_t*>(chip), pixels);
    spoil(pixels);
    if (deed == "unknown_order") info->order = 2;
    if (deed != "bottom_up_bgr") return 0;
    turn_round(pixels);
    info->order = KIOSK_PHOTO_BGR;
    info->rows = KIOSK_PHOTO_FROM_BOTTOM;
    return 0;
}
}
