#include "tests/support/memory_search.hpp"

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace memory_search {
namespace {

// The only memory that is left out: what was read is veiled in place and compared there.
constexpr std::size_t block_size = 1 << 20;
constexpr std::size_t overlap = 256;
alignas(4096) std::array<unsigned char, block_size + overlap> block;

} // namespace

base::Bytes Veiled::utf16() const {
    base::Bytes out;
    for (std::size_t i = 0; i < size_;) {
        const unsigned lead = bytes_[i++] ^ veil;
        const int tail = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : 2; // nothing beyond 16 bits here
        unsigned c = tail == 0 ? lead : lead & (0x3fu >> tail);
        for (int n = 0; n < tail; ++n) c = c << 6 | ((bytes_[i++] ^ unsigned(veil)) & 0x3fu);
        out.push_back(std::uint8_t(c ^ veil));
        out.push_back(std::uint8_t(c >> 8 ^ veil));
    }
    return out;
}

struct Search::Region {
    std::uintptr_t from = 0;
    std::uintptr_t to = 0;
    std::string name;
};

std::vector<Search::Region> Search::writable_regions() {
    std::vector<Region> regions;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::istringstream words(line);
        std::string range, access, offset, device, inode, name;
        words >> range >> access >> offset >> device >> inode >> name;
        if (!access.starts_with("rw")) continue;
        const auto dash = range.find('-');
        regions.push_back({std::stoull(range.substr(0, dash), nullptr, 16),
                           std::stoull(range.substr(dash + 1), nullptr, 16),
                           name.empty() ? "anonymous" : name});
    }
    return regions;
}

Search::Search(const std::vector<const Veiled*>& wanted) {
    for (const auto* each : wanted) {
        needles_.push_back({std::string(each->name()) + " in UTF-8", each->utf8()});
        needles_.push_back({std::string(each->name()) + " in UTF-16", each->utf16()});
    }
}

Search::Search(const std::vector<Bytes>& wanted) {
    for (const auto& each : wanted) needles_.push_back({each.name, each.veiled});
}

std::optional<std::vector<Found>> Search::run() {
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (memory < 0) return std::nullopt;
    for (const auto& region : writable_regions()) look_into(memory, region);
    ::close(memory);
    return std::move(found_);
}

void Search::look_into(int memory, const Region& region) {
    for (auto at = region.from; at < region.to; at += block_size) {
        const auto size = std::min<std::size_t>(block.size(), region.to - at);
        const auto got = ::pread(memory, block.data(), size, off_t(at));
        if (got <= 0) continue;
        for (ssize_t i = 0; i < got; ++i) block[std::size_t(i)] ^= veil;
        for (const auto& needle : needles_) look_for(needle, at, std::size_t(got), region);
    }
}

void Search::look_for(const Needle& needle, std::uintptr_t at, std::size_t size,
                      const Region& region) {
    const auto* from = block.data();
    const auto* end = from + size;
    while (const void* hit = ::memmem(from, std::size_t(end - from), needle.veiled.data(),
                                      needle.veiled.size())) {
        const auto* place = static_cast<const unsigned char*>(hit);
        const auto address = at + std::uintptr_t(place - block.data());
        const auto own = reinterpret_cast<std::uintptr_t>(block.data());
        const bool is_own = address >= own && address < own + block.size();
        // The next block begins with the overlap again.
        if (!is_own && std::size_t(place - block.data()) < block_size) {
            char where[160];
            std::snprintf(where, sizeof where, "%s + %#lx (%#lx)", region.name.c_str(),
                          (unsigned long)(address - region.from), (unsigned long)address);
            found_.push_back({needle.name, where});
        }
        from = place + 1;
    }
}

} // namespace memory_search
