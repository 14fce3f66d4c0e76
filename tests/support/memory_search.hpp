// Looks for values that are wiped through all writable memory of this process.
//
// What is searched for is kept veiled from the compiler on, so that the search does not find its
// own question. Works in programs that wipe their heap (kiosk/base/wiping_heap.cpp); with
// sanitizers it would find what they keep on purpose.
#pragma once

#include "kiosk/base/bytes.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memory_search {

inline constexpr unsigned char veil = 0xa5;

// A value kept veiled, from the compiler on, so that the search does not find its own question.
class Veiled {
public:
    template <std::size_t N>
    consteval Veiled(std::string_view name, const char (&clear)[N]) : name_(name), size_(N - 1) {
        static_assert(N - 1 <= 80);
        for (std::size_t i = 0; i < size_; ++i) bytes_[i] = (unsigned char)(clear[i]) ^ veil;
    }
    // For the program under test; whoever gets it wipes it.
    std::string clear() const {
        std::string text(size_, ' ');
        for (std::size_t i = 0; i < size_; ++i) text[i] = char(bytes_[i] ^ veil);
        return text;
    }
    base::Bytes utf8() const { return {bytes_.begin(), bytes_.begin() + std::ptrdiff_t(size_)}; }
    base::Bytes utf16() const;
    std::string_view name() const { return name_; }

private:
    std::string_view name_;
    std::size_t size_;
    std::array<unsigned char, 80> bytes_{};
};

struct Found {
    std::string what;
    std::string where;
};

class Search {
public:
    explicit Search(const std::vector<const Veiled*>& wanted);
    // Bytes that only a run brings to light. Each is `veil`ed already.
    struct Bytes {
        std::string name;
        base::Bytes veiled;
    };
    explicit Search(const std::vector<Bytes>& wanted);
    // Nothing when this process may not read its own memory.
    std::optional<std::vector<Found>> run();

private:
    struct Needle {
        std::string name;
        base::Bytes veiled;
    };
    struct Region;
    static std::vector<Region> writable_regions();
    void look_into(int memory, const Region& region);
    void look_for(const Needle& needle, std::uintptr_t at, std::size_t size, const Region& region);

    std::vector<Needle> needles_;
    std::vector<Found> found_;
};

} // namespace memory_search
