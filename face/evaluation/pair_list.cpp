#include "face/evaluation/pair_list.hpp"

#include "kiosk/base/bytes.hpp"

#include <algorithm>
#include <filesystem>

namespace evaluation {
namespace {

namespace fs = std::filesystem;

// RFC 4180, without fields of several lines.
std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields(1);
    bool is_quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (is_quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            fields.back() += '"';
            ++i;
        } else if (c == '"') {
            is_quoted = !is_quoted;
        } else if (c == ',' && !is_quoted) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

std::vector<std::string> lines_of(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3); // a mark that some tables begin with
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string found(const fs::path& folder, const std::string& path) {
    std::error_code failed;
    const auto beside = folder / path; // an absolute path stays what it is
    return fs::exists(beside, failed) ? beside.string() : path;
}

} // namespace

base::Result<PairList> read_pairs(const std::string& path) {
    const auto bytes = TRY(base::read_file(path));
    const auto lines = lines_of(base::as_text(bytes));
    const auto invalid = [&](std::size_t line, const std::string& what) {
        return base::Error{base::Errc::invalid_input,
                           path + ":" + std::to_string(line + 1) + ": " + what};
    };
    if (lines.empty()) return invalid(0, "expected path_a,path_b,same");
    const auto header = fields_of(lines[0]);
    const auto column = [&](std::string_view name) {
        return std::size_t(std::find(header.begin(), header.end(), name) - header.begin());
    };
    const auto a = column("path_a"), b = column("path_b"), same = column("same");
    if (a == header.size() || b == header.size()) return invalid(0, "expected path_a,path_b,same");
    PairList list{lines[0], {}};
    const auto folder = fs::path(path).parent_path();
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (lines[i].empty()) continue;
        const auto fields = fields_of(lines[i]);
        if (fields.size() != header.size())
            return invalid(i, "another number of fields than the header");
        // Anything else would quietly count as two people, and falsify every rate.
        if (same < header.size() && fields[same] != "0" && fields[same] != "1")
            return invalid(i, "same is 1 (one person) or 0 (two), not \"" + fields[same] + "\"");
        list.pairs.push_back({fields[a], fields[b], found(folder, fields[a]),
                              found(folder, fields[b]), same < header.size() && fields[same] == "1",
                              lines[i]});
    }
    return list;
}

} // namespace evaluation
