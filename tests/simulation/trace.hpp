// What happened in one simulated visit, line by line: a digest always, the lines when wanted.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace simulation {

class Trace {
public:
    explicit Trace(bool prints) : prints_(prints) {}

    void line(std::string_view text) {
        // FNV-1a, 64 bit: two runs of one seed are compared, nothing is protected by it.
        for (const char c : text) digest_ = (digest_ ^ std::uint8_t(c)) * 0x100000001b3u;
        digest_ = (digest_ ^ '\n') * 0x100000001b3u;
        if (prints_) std::printf("%.*s\n", int(text.size()), text.data());
    }
    std::uint64_t digest() const { return digest_; }

private:
    bool prints_;
    std::uint64_t digest_ = 0xcbf29ce484222325u;
};

} // namespace simulation
