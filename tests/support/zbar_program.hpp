// What a scanner reads in a picture, by the zbarimg program: software that is not ours.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/picture.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace test {

inline bool has_zbarimg() {
    return std::system("command -v zbarimg >/dev/null 2>&1") == 0;
}

// Empty when nothing was read, or zbarimg is not installed.
inline std::string read_by_zbarimg(const base::Picture& picture) {
    if (!has_zbarimg()) return {};
    const auto path = (std::filesystem::temp_directory_path() /
                       ("kiosk-code-" + std::to_string(::getpid()) + ".png"))
                          .string();
    REQUIRE(base::write_file_durably(path, base::encode_png(picture).value()));
    FILE* pipe = popen(("zbarimg -q --raw " + path + " 2>/dev/null").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string text;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += char(c);
    pclose(pipe);
    std::filesystem::remove(path);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

} // namespace test
