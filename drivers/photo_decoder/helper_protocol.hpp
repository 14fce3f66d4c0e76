// What the kiosk and its helper process for photos say to each other. Both come from the same
// build.
//
// Kiosk to helper: argv (program, plug-in's path, "decode" or "look") and, on standard input, the
// 1,024 chip bytes. Helper to kiosk, on `answer_descriptor`: one Greeting before any foreign code
// has run, then one Answer, then end of file and exit code 0. Everything after the greeting may be
// forged by the plug-in: the kiosk reads it as untrusted bytes of bounded length.
#pragma once

#include "drivers/photo_decoder/kiosk_photo_decoder.h"

#include <cstddef>
#include <cstdint>

namespace drivers::photo_helper {

inline constexpr int answer_descriptor = 3;

// Which fences stand beside the filter of system calls, without which the helper refuses to work.
struct Greeting {
    std::uint32_t mark = greeting_mark;
    std::uint8_t has_no_network = 0; // a network namespace of its own
    std::uint8_t has_file_fence = 0; // Landlock
    std::uint8_t has_locked_memory = 0;
    std::uint8_t reserved = 0;

    static constexpr std::uint32_t greeting_mark = 0x3148504b; // "KPH1"
};

enum class Outcome : std::uint32_t {
    picture = 1, // followed by KIOSK_PHOTO_PIXEL_BYTES
    fits,        // "look": the plug-in can be loaded and has the right version
    not_loaded,  // followed by up to reason_limit bytes of the loader's reason
    wrong_version,
    no_picture, // the plug-in said so; `code` is what it returned
};

struct Answer {
    std::uint32_t outcome = 0;
    std::int32_t code = 0; // wrong_version: the plug-in's; no_picture: what it returned
    std::uint32_t order = 0;
    std::uint32_t rows = 0;
};

inline constexpr std::size_t reason_limit = 200;
inline constexpr std::size_t longest_answer =
    sizeof(Greeting) + sizeof(Answer) + KIOSK_PHOTO_PIXEL_BYTES;

// How the helper ends when it cannot even begin. Above what vendors' libraries usually exit with.
inline constexpr int exit_usage = 120;
inline constexpr int exit_no_fence = 121; // a limit or the filter was refused by the system
inline constexpr int exit_no_input = 122;
inline constexpr int exit_no_memory = 123;

} // namespace drivers::photo_helper
