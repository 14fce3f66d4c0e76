// What the tests of the text room share: the faces of this machine and a folder to work in.
#pragma once

#include "kiosk/text/typesetter.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace text_support {

inline constexpr const char* fonts_folder = "/usr/share/fonts";

inline text::FontSet open_fonts() {
    auto fonts = text::FontSet::open(fonts_folder);
    if (!fonts) FAIL(fonts.error().text());
    return std::move(fonts).value();
}

struct Fixture {
    text::FontSet fonts = open_fonts();
    text::Typesetter typesetter{fonts};
};

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("text_test_" + std::to_string(getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

} // namespace text_support
