// Bytes and the two ways we write them as text.
#pragma once

#include "kiosk/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

std::string to_hex(ByteView bytes); // lower case, no separators
Result<Bytes> from_hex(std::string_view text);
std::string to_base64(ByteView bytes); // RFC 4648 with padding
Result<Bytes> from_base64(std::string_view text);

// Whole files, at most `limit` bytes (default 64 MiB). Errors: not_found, too_large, io.
Result<Bytes> read_file(const std::string& path, std::size_t limit = 64u << 20);
// Writes to a neighbour, fsyncs, renames over `path`, fsyncs the folder. Errors: disk_full, io;
// conflict (a folder, a device or a pipe is there, and stays).
Result<void> write_file_durably(const std::string& path, ByteView bytes);
// Writes behind the end of the file, which is made when it is not there, and fsyncs. After an error
// a part of `bytes` may stand there. Errors: disk_full, io.
Result<void> append_file_durably(const std::string& path, ByteView bytes);
// Shortens the file to `size` bytes and fsyncs. Errors: not_found, io.
Result<void> cut_file_durably(const std::string& path, std::size_t size);
// Another name in the same folder, over whatever has that name. Errors: not_found, io.
Result<void> rename_file_durably(const std::string& from, const std::string& to);

} // namespace base
