#include "printer/gb18030.hpp"

#include <algorithm>
#include <vector>

namespace printer {
namespace {

#include "printer/gb18030_table.inc" // made by tables/make_gb18030.cpp

constexpr int trails = 190;                 // 40 to 7E, 80 to FE
constexpr int bmp_pointers = 39'420;        // four-byte codes of the BMP
constexpr int beyond_bmp_pointer = 189'000; // 90 30 81 30 is U+10000

// These characters changed places with private-use ones between the editions of 2000 and 2022, so
// that the place of the first is now the second's and the other way round. The four-byte part is
// numbered as it was in 2000. Source: GB 18030-2005 (the first row) and -2022.
struct Swapped {
    char32_t now_two_byte;
    char32_t before;
};
constexpr std::array swapped{
    Swapped{0x1E3F, 0xE7C7}, Swapped{0xFE10, 0xE78D}, Swapped{0xFE12, 0xE78E},
    Swapped{0xFE11, 0xE78F}, Swapped{0xFE13, 0xE790}, Swapped{0xFE14, 0xE791},
    Swapped{0xFE15, 0xE792}, Swapped{0xFE16, 0xE793}, Swapped{0xFE17, 0xE794},
    Swapped{0xFE18, 0xE795}, Swapped{0xFE19, 0xE796}, Swapped{0x9FB4, 0xE81E},
    Swapped{0x9FB5, 0xE826}, Swapped{0x9FB6, 0xE82B}, Swapped{0x9FB7, 0xE82C},
    Swapped{0x9FB8, 0xE832}, Swapped{0x9FB9, 0xE843}, Swapped{0x9FBA, 0xE854},
    Swapped{0x9FBB, 0xE864}};

constexpr bool is_surrogate(char32_t c) {
    return c >= 0xD800 && c <= 0xDFFF;
}

// Both directions of the BMP. A pointer counts codes: two-byte ones from 0, four-byte ones behind
// them.
struct Bmp {
    std::vector<std::uint16_t> pointer_of = std::vector<std::uint16_t>(0x10000);
    std::vector<std::uint16_t> four_byte = std::vector<std::uint16_t>(bmp_pointers);

    Bmp() {
        std::vector<bool> is_two_byte(0x10000);
        for (std::size_t i = 0; i < two_byte_characters.size(); ++i) {
            is_two_byte[two_byte_characters[i]] = true;
            pointer_of[two_byte_characters[i]] = std::uint16_t(i);
        }
        for (const auto& [now, before] : swapped) { // as it was in 2000
            CHECK(is_two_byte[now] && !is_two_byte[before]);
            is_two_byte[now] = false;
            is_two_byte[before] = true;
        }
        std::size_t next = 0;
        for (char32_t c = 0x80; c <= 0xFFFF; ++c) {
            if (is_surrogate(c) || is_two_byte[c]) continue;
            CHECK(next < four_byte.size());
            four_byte[next++] = std::uint16_t(c);
        }
        CHECK(next == four_byte.size());
        for (auto& c : four_byte) {
            const auto* row = std::find_if(swapped.begin(), swapped.end(), [c](const Swapped& one) {
                return one.now_two_byte == c;
            });
            if (row != swapped.end()) c = std::uint16_t(row->before);
        }
        for (std::size_t i = 0; i < four_byte.size(); ++i) {
            pointer_of[four_byte[i]] = std::uint16_t(two_byte_characters.size() + i);
        }
    }
};

const Bmp& bmp() {
    static const Bmp tables;
    return tables;
}

GbCode four_bytes(int pointer) {
    return {{std::uint8_t(0x81 + pointer / 12600), std::uint8_t(0x30 + pointer / 1260 % 10),
             std::uint8_t(0x81 + pointer / 10 % 126), std::uint8_t(0x30 + pointer % 10)},
            4};
}

bool is_within(std::uint8_t byte, int low, int high) {
    return byte >= low && byte <= high;
}

std::optional<GbCharacter> from_four_bytes(base::ByteView bytes) {
    if (bytes.size() < 4 || !is_within(bytes[2], 0x81, 0xFE) || !is_within(bytes[3], 0x30, 0x39)) {
        return std::nullopt;
    }
    const int pointer = ((bytes[0] - 0x81) * 10 + bytes[1] - 0x30) * 1260 + (bytes[2] - 0x81) * 10 +
                        bytes[3] - 0x30;
    if (pointer < bmp_pointers) return GbCharacter{bmp().four_byte[std::size_t(pointer)], 4};
    const int beyond = pointer - beyond_bmp_pointer;
    if (beyond < 0 || beyond > 0xFFFFF) return std::nullopt;
    return GbCharacter{char32_t(0x10000 + beyond), 4};
}

} // namespace

GbCode to_gb18030(char32_t c) {
    CHECK(c <= 0x10FFFF && !is_surrogate(c));
    if (c < 0x80) return {{std::uint8_t(c)}, 1};
    if (c > 0xFFFF) return four_bytes(beyond_bmp_pointer + int(c) - 0x10000);
    const int pointer = bmp().pointer_of[c];
    const int four_byte_pointer = pointer - int(two_byte_characters.size());
    if (four_byte_pointer >= 0) return four_bytes(four_byte_pointer);
    const int trail = pointer % trails;
    return {{std::uint8_t(0x81 + pointer / trails),
             std::uint8_t(trail < 0x3F ? 0x40 + trail : 0x41 + trail)},
            2};
}

std::optional<GbCharacter> from_gb18030(base::ByteView bytes) {
    if (bytes.empty()) return std::nullopt;
    if (bytes[0] < 0x80) return GbCharacter{bytes[0], 1};
    if (bytes.size() < 2 || !is_within(bytes[0], 0x81, 0xFE)) return std::nullopt;
    if (is_within(bytes[1], 0x30, 0x39)) return from_four_bytes(bytes);
    if (!is_within(bytes[1], 0x40, 0xFE) || bytes[1] == 0x7F) return std::nullopt;
    const int trail = bytes[1] - (bytes[1] < 0x7F ? 0x40 : 0x41);
    return GbCharacter{two_byte_characters[std::size_t((bytes[0] - 0x81) * trails + trail)], 2};
}

bool has_glyph(Charset charset, char32_t c) {
    if (charset == Charset::none || c < 0x80 || is_surrogate(c)) return false;
    const bool has_four = charset == Charset::gb18030_four;
    if (c > 0xFFFF) {
        return has_four && std::binary_search(general_table_beyond_bmp.begin(),
                                              general_table_beyond_bmp.end(), c);
    }
    const std::size_t pointer = bmp().pointer_of[c];
    if (pointer >= two_byte_characters.size()) {
        return has_four && ((c >= 0x3400 && c <= 0x4DB5) || (c >= 0x9FA6 && c <= 0x9FEF));
    }
    const int largest_set = charset == Charset::gb2312 ? 0 : charset == Charset::gbk ? 1 : 2;
    return two_byte_sets[pointer] <= largest_set;
}

} // namespace printer
