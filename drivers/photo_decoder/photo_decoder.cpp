#include "drivers/photo_decoder/photo_decoder.hpp"

#include "drivers/photo_decoder/helper_process.hpp"
#include "drivers/photo_decoder/helper_protocol.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using photo_helper::Answer;
using photo_helper::Greeting;
using photo_helper::Outcome;
namespace fs = std::filesystem;

static_assert(chip_photo_bytes == KIOSK_PHOTO_CHIP_BYTES);
static_assert(CardPhoto::width == KIOSK_PHOTO_WIDTH && CardPhoto::height == KIOSK_PHOTO_HEIGHT);
static_assert(CardPhoto::width * CardPhoto::height * 3 == KIOSK_PHOTO_PIXEL_BYTES);

constexpr std::size_t row_bytes = std::size_t(CardPhoto::width) * 3;

// What the helper wrote, in parts; `rest` stays in locked memory.
struct Told {
    Greeting greeting;
    Answer answer;
    base::ByteView rest;
};

Result<Told> read_told(const base::SecretBytes& bytes) {
    Told told;
    if (bytes.size() < sizeof told.greeting) return Error{Errc::io, "photo's helper: no greeting"};
    std::memcpy(&told.greeting, bytes.data(), sizeof told.greeting);
    if (told.greeting.mark != Greeting::greeting_mark)
        return Error{Errc::io, "photo's helper: is of another build"};
    const auto rest = base::ByteView(bytes).subspan(sizeof told.greeting);
    if (rest.empty()) return Error{Errc::device, "photo decoder: ended its process, exit code 0"};
    if (rest.size() < sizeof told.answer)
        return Error{Errc::corrupt, "photo decoder: says too little"};
    std::memcpy(&told.answer, rest.data(), sizeof told.answer);
    told.rest = rest.subspan(sizeof told.answer);
    return told;
}

// A loader's reason names files and symbols; anything else in it is not for a log.
std::string printable(base::ByteView text) {
    std::string reason;
    for (const auto byte : text.first(std::min(text.size(), photo_helper::reason_limit)))
        reason += byte >= 0x20 && byte < 0x7f ? char(byte) : '?';
    return reason;
}

// The error of an answer that is not the wanted one.
Error not_wanted(const Told& told) {
    const auto code = std::to_string(told.answer.code);
    switch (Outcome(told.answer.outcome)) {
    case Outcome::not_loaded:
        return {Errc::not_found, "photo decoder cannot be loaded: " + printable(told.rest)};
    case Outcome::wrong_version:
        return {Errc::unsupported, "photo decoder is made for version " + code +
                                       " of the interface, not " +
                                       std::to_string(KIOSK_PHOTO_DECODER_VERSION)};
    case Outcome::no_picture:
        return {Errc::device, "photo decoder says that there is no picture, code " + code};
    case Outcome::picture:
    case Outcome::fits: break;
    }
    return {Errc::corrupt, "photo decoder: not an answer to what was asked"};
}

// As CardPhoto has them.
Result<CardPhoto> turn_to_rgb(const Told& told) {
    if (told.rest.size() != KIOSK_PHOTO_PIXEL_BYTES)
        return Error{Errc::corrupt, told.rest.size() < KIOSK_PHOTO_PIXEL_BYTES
                                        ? "photo decoder: says too little"
                                        : "photo decoder: says too much"};
    if (told.answer.order > KIOSK_PHOTO_BGR || told.answer.rows > KIOSK_PHOTO_FROM_BOTTOM)
        return Error{Errc::corrupt, "photo decoder: unknown order of pixels"};
    CardPhoto photo;
    photo.pixels.assign(told.rest.begin(), told.rest.end());
    auto& pixels = photo.pixels;
    if (told.answer.order == KIOSK_PHOTO_BGR)
        for (std::size_t i = 0; i < pixels.size(); i += 3) std::swap(pixels[i], pixels[i + 2]);
    if (told.answer.rows == KIOSK_PHOTO_FROM_BOTTOM)
        for (std::size_t y = 0; y < std::size_t(CardPhoto::height) / 2; ++y)
            std::swap_ranges(pixels.begin() + std::ptrdiff_t(y * row_bytes),
                             pixels.begin() + std::ptrdiff_t((y + 1) * row_bytes),
                             pixels.end() - std::ptrdiff_t((y + 1) * row_bytes));
    return photo;
}

int light(const CardPhoto& photo, int x, int y) {
    const auto* pixel = photo.pixels.data() + std::size_t(y) * row_bytes + std::size_t(x) * 3;
    return (pixel[0] * 3 + pixel[1] * 6 + pixel[2]) / 10; // near enough to Rec. 601
}

// Mean distance from the mean, in grey levels, of the rows [top, bottom).
double spread(const CardPhoto& photo, int top, int bottom) {
    const double count = double(CardPhoto::width) * (bottom - top);
    double sum = 0, distance = 0;
    for (int y = top; y < bottom; ++y)
        for (int x = 0; x < CardPhoto::width; ++x) sum += light(photo, x, y);
    for (int y = top; y < bottom; ++y)
        for (int x = 0; x < CardPhoto::width; ++x)
            distance += std::abs(light(photo, x, y) - sum / count);
    return distance / count;
}

// Mean difference between a pixel and the next one in a direction.
double step(const CardPhoto& photo, int dx, int dy) {
    double sum = 0, count = 0;
    for (int y = 0; y + dy < CardPhoto::height; ++y)
        for (int x = 0; x + dx < CardPhoto::width; ++x, ++count)
            sum += std::abs(light(photo, x + dx, y + dy) - light(photo, x, y));
    return sum / count;
}

Result<void> check_owner(const std::string& path, bool is_file) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return Error{Errc::not_found, "no file " + path};
    if (is_file && !S_ISREG(found.st_mode)) return Error{Errc::not_found, path + " is no file"};
    if (found.st_uid != 0 && found.st_uid != ::geteuid())
        return Error{Errc::unauthorised, path + " belongs to another user"};
    // In a folder with the sticky bit nobody can exchange what belongs to root or to us.
    const bool is_kept = !is_file && (found.st_mode & S_ISVTX) != 0;
    const mode_t others = is_file ? S_IWGRP | S_IWOTH : S_IWOTH;
    if ((found.st_mode & others) != 0 && !is_kept)
        return Error{Errc::unauthorised, path + " can be changed by others"};
    return {};
}

Result<std::string> resolve(const std::string& path) {
    std::error_code failed;
    const auto real = fs::canonical(path, failed);
    if (failed) return Error{Errc::not_found, "no file " + path};
    return real.string();
}

// Errors: unsupported where none is configured; those of check_plug_in. The value is the path to
// load: without links, so that what was checked is what is loaded.
Result<std::string> plug_in_of(const PhotoDecoderSettings& settings) {
    if (settings.plug_in.empty()) return Error{Errc::unsupported, "no photo decoder"};
    TRY(check_plug_in(settings.plug_in));
    return resolve(settings.plug_in);
}

} // namespace

Result<void> check_plug_in(const std::string& path) {
    fs::path at = TRY(resolve(path));
    TRY(check_owner(at.string(), true));
    while (at != at.parent_path()) {
        at = at.parent_path();
        TRY(check_owner(at.string(), false));
    }
    return {};
}

Result<void> check_is_picture(const CardPhoto& photo) {
    if (photo.pixels.size() != KIOSK_PHOTO_PIXEL_BYTES)
        return Error{Errc::corrupt, "photo: wrong length"};
    // Chosen: a face before a plain ground spreads by 30 and more; a decoder that gave up half way
    // leaves one colour. Unverified on hardware.
    constexpr double least_spread = 3;
    constexpr int middle = CardPhoto::height / 2;
    for (const auto& [top, bottom] : {std::pair(0, middle), {middle, int(CardPhoto::height)}})
        if (spread(photo, top, bottom) < least_spread)
            return Error{Errc::corrupt, "photo: one colour"};
    // Independent pixels differ from their neighbours by 1.3 times their spread (uniform noise: 85
    // to 64 grey levels); a photograph by a tenth to a third. Chosen: between.
    constexpr double most_step = 0.75;
    const double whole = spread(photo, 0, CardPhoto::height);
    if (step(photo, 1, 0) > most_step * whole || step(photo, 0, 1) > most_step * whole)
        return Error{Errc::corrupt, "photo: noise"};
    return {};
}

Result<CardPhoto> PhotoDecoder::decode(base::ByteView chip_bytes, std::stop_token stop) const {
    const auto plug_in = TRY(plug_in_of(settings_));
    if (chip_bytes.size() != chip_photo_bytes)
        return Error{Errc::invalid_input, "photo: not 1,024 bytes"};
    const auto bytes =
        TRY(run_photo_helper(settings_, plug_in, "decode", chip_bytes, clock_, std::move(stop)));
    const auto told = TRY(read_told(bytes));
    if (told.answer.outcome != std::uint32_t(Outcome::picture)) return not_wanted(told);
    auto photo = TRY(turn_to_rgb(told));
    TRY(check_is_picture(photo));
    return photo;
}

Result<PhotoDecoderDescription> PhotoDecoder::look() const {
    const auto plug_in = TRY(plug_in_of(settings_));
    const auto bytes = TRY(run_photo_helper(settings_, plug_in, "look", {}, clock_, {}));
    const auto told = TRY(read_told(bytes));
    if (told.answer.outcome != std::uint32_t(Outcome::fits) || !told.rest.empty())
        return not_wanted(told);
    return PhotoDecoderDescription{told.greeting.has_no_network != 0,
                                   told.greeting.has_file_fence != 0,
                                   told.greeting.has_locked_memory != 0};
}

} // namespace drivers
