#include "kiosk/base/bytes.hpp"

#include "kiosk/base/descriptor.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace base {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Error file_error(const std::string& what, const std::string& path) {
    const int code = errno;
    const std::string context = what + " " + path + ": " + std::strerror(code);
    if (code == ENOENT) return {Errc::not_found, context};
    if (code == ENOSPC || code == EDQUOT) return {Errc::disk_full, context};
    return {Errc::io, context};
}

Result<void> write_all(int fd, ByteView bytes, const std::string& path) {
    while (!bytes.empty()) {
        const auto n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error("writing", path);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

// A new name lasts once its folder is flushed.
Result<void> flush_folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path().string();
    const Descriptor parent{
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!parent.is_open() || ::fsync(parent.get()) != 0)
        return file_error("flushing folder", folder);
    return {};
}

} // namespace

std::string to_hex(ByteView bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += hex_digits[byte >> 4];
        text += hex_digits[byte & 15];
    }
    return text;
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return Error{Errc::invalid_input, "hex text of odd length"};
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    const auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]);
        const int low = digit(text[i + 1]);
        if (high < 0 || low < 0) return Error{Errc::invalid_input, "not a hex digit"};
        bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return bytes;
}

std::string to_base64(ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < have ? bytes[i + k] : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            text += k <= have ? base64_digits[group >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

Result<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return Error{Errc::invalid_input, "base64 text of wrong length"};
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_padding = i >= text.size() - padding;
        const auto value = is_padding ? 0 : base64_digits.find(text[i]);
        if (value == std::string_view::npos) return Error{Errc::invalid_input, "not base64"};
        group = group << 6 | static_cast<std::uint32_t>(value);
        if (i % 4 != 3) continue;
        for (int shift = 16; shift >= 0; shift -= 8)
            bytes.push_back(static_cast<std::uint8_t>(group >> shift));
        group = 0;
    }
    bytes.resize(bytes.size() - padding);
    return bytes;
}

Result<Bytes> read_file(const std::string& path, std::size_t limit) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.is_open()) return file_error("opening", path);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return file_error("reading", path);
    if (!S_ISREG(status.st_mode)) return Error{Errc::invalid_input, "not a regular file: " + path};
    if (static_cast<std::uint64_t>(status.st_size) > limit)
        return Error{Errc::too_large, path + " is over " + std::to_string(limit) + " bytes"};
    Bytes bytes(static_cast<std::size_t>(status.st_size));
    std::size_t have = 0;
    while (have < bytes.size()) {
        const auto n = ::read(file.get(), bytes.data() + have, bytes.size() - have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error("reading", path);
        if (n == 0) break;
        have += static_cast<std::size_t>(n);
    }
    bytes.resize(have);
    return bytes;
}

Result<void> write_file_durably(const std::string& path, ByteView bytes) {
    // What is renamed over a device or a pipe takes its place.
    struct stat present {};
    if (::stat(path.c_str(), &present) == 0 && !S_ISREG(present.st_mode))
        return Error{Errc::conflict, path + " is there and is no ordinary file; name another one"};
    const std::string neighbour = path + ".new";
    {
        const Descriptor file{
            ::open(neighbour.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
        if (!file.is_open()) return file_error("creating", neighbour);
        TRY(write_all(file.get(), bytes, neighbour));
        if (::fsync(file.get()) != 0) return file_error("flushing", neighbour);
    }
    return rename_file_durably(neighbour, path);
}

Result<void> append_file_durably(const std::string& path, ByteView bytes) {
    constexpr int flags = O_WRONLY | O_APPEND | O_CLOEXEC;
    Descriptor file{::open(path.c_str(), flags)};
    const bool is_new = !file.is_open() && errno == ENOENT;
    if (is_new) file = Descriptor(::open(path.c_str(), flags | O_CREAT, 0600));
    if (!file.is_open()) return file_error("opening", path);
    TRY(write_all(file.get(), bytes, path));
    if (::fsync(file.get()) != 0) return file_error("flushing", path);
    if (is_new) return flush_folder_of(path);
    return {};
}

Result<void> cut_file_durably(const std::string& path, std::size_t size) {
    const Descriptor file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    if (!file.is_open()) return file_error("opening", path);
    if (::ftruncate(file.get(), off_t(size)) != 0) return file_error("shortening", path);
    if (::fsync(file.get()) != 0) return file_error("flushing", path);
    return {};
}

Result<void> rename_file_durably(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return file_error("renaming", from);
    return flush_folder_of(to);
}

} // namespace base
