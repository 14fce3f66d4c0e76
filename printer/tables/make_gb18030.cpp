// Writes the two-byte part of GB 18030-2022 as C++ text, when the project is built.
//
// The bytes come from the C library's converter and are then corrected where it follows the edition
// of 2005: the edition of 2022 has six positions (FE51 and others) in the private use area, as the
// edition of 2000 had. Converters disagree (spec receipt-printer §2), so the table is frozen by a
// digest: a C library that answers differently stops the build instead of changing receipts.
//
// Usage: make_gb18030 GENERAL_TABLE > gb18030_table.inc, where GENERAL_TABLE holds the lines of
// Unihan's kTGH (the table of general standard characters, GB 18030-2022 level 2).
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iconv.h>
#include <string>
#include <vector>

namespace {

constexpr std::uint64_t frozen_digest = 0x919D23CA0CD4367B;

// FNV-1a: to notice a change, not an attack.
class Digest {
public:
    void add(std::uint32_t value) {
        for (int shift = 0; shift < 32; shift += 8) {
            value_ ^= (value >> shift) & 0xFF;
            value_ *= 0x100000001B3u;
        }
    }
    std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0xCBF29CE484222325u;
};

[[noreturn]] void stop(const char* why) {
    std::fprintf(stderr, "make_gb18030: %s\n", why);
    std::exit(1);
}

// One character from one code, 0 when the converter has none.
class Converter {
public:
    explicit Converter(const char* charset) : native_(iconv_open("UCS-4LE", charset)) {
        if (native_ == iconv_t(-1)) stop("the C library lacks a Chinese converter");
    }
    ~Converter() { iconv_close(native_); }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    std::uint32_t convert(std::uint8_t lead, std::uint8_t trail) {
        std::array<char, 2> in{char(lead), char(trail)};
        std::array<std::uint8_t, 16> out{};
        char* from = in.data();
        char* to = reinterpret_cast<char*>(out.data());
        std::size_t from_left = in.size();
        std::size_t to_left = out.size();
        iconv(native_, nullptr, nullptr, nullptr, nullptr);
        const std::size_t result = iconv(native_, &from, &from_left, &to, &to_left);
        if (result != 0 || from_left != 0 || to_left != out.size() - 4) return 0;
        return out[0] | (out[1] << 8) | (out[2] << 16) | (std::uint32_t(out[3]) << 24);
    }

private:
    iconv_t native_;
};

struct Correction {
    int code;
    std::uint32_t character;
};
// GB 18030-2022 leaves these to the private use area; their ideographs have four bytes.
constexpr std::array<Correction, 6> private_use{{{0xFE51, 0xE816},
                                                 {0xFE52, 0xE817},
                                                 {0xFE53, 0xE818},
                                                 {0xFE6C, 0xE831},
                                                 {0xFE76, 0xE83B},
                                                 {0xFE91, 0xE855}}};

std::uint32_t corrected(int code, std::uint32_t character) {
    for (const auto& row : private_use) {
        if (row.code == code) return row.character;
    }
    return character;
}

std::vector<std::uint32_t> read_general_table(const char* path) {
    std::ifstream file(path);
    std::vector<std::uint32_t> beyond_bmp;
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("U+", 0) != 0) continue;
        const auto character = std::uint32_t(std::strtoul(line.c_str() + 2, nullptr, 16));
        if (character > 0xFFFF) beyond_bmp.push_back(character);
    }
    return beyond_bmp;
}

} // namespace

int main(int count, char** words) {
    if (count != 2) stop("usage: make_gb18030 GENERAL_TABLE");
    Converter gb18030("GB18030");
    Converter gb2312("EUC-CN");
    Converter gbk("GBK");
    Digest digest;
    std::string characters;
    std::string sets;
    int column = 0;
    for (int lead = 0x81; lead <= 0xFE; ++lead) {
        for (int trail = 0x40; trail <= 0xFE; ++trail) {
            if (trail == 0x7F) continue;
            const auto first = std::uint8_t(lead);
            const auto second = std::uint8_t(trail);
            const auto character = corrected(lead << 8 | trail, gb18030.convert(first, second));
            if (character == 0 || character > 0xFFFF) stop("a two-byte code without a character");
            const bool is_private = character >= 0xE000 && character <= 0xF8FF;
            const int set = is_private                      ? 3
                            : gb2312.convert(first, second) ? 0
                            : gbk.convert(first, second)    ? 1
                                                            : 2;
            digest.add(character);
            digest.add(std::uint32_t(set));
            characters += "0x" + [&] {
                std::array<char, 8> hex{};
                std::snprintf(hex.data(), hex.size(), "%X", character);
                return std::string(hex.data());
            }() + ",";
            sets += std::to_string(set) + ",";
            if (++column % 16 == 0) {
                characters += '\n';
                sets += '\n';
            }
        }
    }
    const auto beyond_bmp = read_general_table(words[1]);
    if (beyond_bmp.size() != 196)
        stop("the general table should have 196 characters beyond the BMP");
    std::string general;
    for (const auto character : beyond_bmp) {
        digest.add(character);
        general += std::to_string(character) + ",\n";
    }
    if (digest.value() != frozen_digest) {
        std::fprintf(stderr, "make_gb18030: digest %llx\n",
                     static_cast<unsigned long long>(digest.value()));
        stop("the converters of this system give another table than the frozen one");
    }
    std::printf("constexpr std::array<std::uint16_t, 23940> two_byte_characters{\n%s};\n"
                "constexpr std::array<std::uint8_t, 23940> two_byte_sets{\n%s};\n"
                "constexpr std::array<char32_t, 196> general_table_beyond_bmp{\n%s};\n",
                characters.c_str(), sets.c_str(), general.c_str());
    return 0;
}
