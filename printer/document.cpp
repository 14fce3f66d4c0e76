#include "printer/document.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace printer {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

// One object of the file together with its place, for error lines.
struct Node {
    const json& value;
    std::string place;

    base::Error wrong(const std::string& what) const {
        return {Errc::invalid_input, "receipt: " + place + ": " + what};
    }
    Node member(const char* key) const {
        return {value.at(key), place.empty() ? key : place + "." + key};
    }
};

struct Key {
    const char* name;
    bool is_required;
};

// Keys are not personal, but they come from a file: show only what is safe on one line.
std::string shown_key(const std::string& key) {
    std::string shown;
    for (const char c : key.substr(0, 40)) shown += c > ' ' && c < 0x7F ? c : '?';
    return "\"" + shown + "\"";
}

Result<void> check_keys(const Node& node, std::span<const Key> keys) {
    if (!node.value.is_object()) return node.wrong("must be an object");
    for (const Key& key : keys) {
        if (key.is_required && !node.value.contains(key.name)) {
            return node.wrong("key \"" + std::string(key.name) + "\" is missing");
        }
    }
    for (const auto& [name, value] : node.value.items()) {
        // Captured by a name of its own: clang 14, which builds the fuzzers, cannot capture a
        // binding.
        const bool known = std::any_of(keys.begin(), keys.end(),
                                       [&name = name](const Key& key) { return key.name == name; });
        if (!known) return node.wrong("unknown key " + shown_key(name));
    }
    return {};
}

Result<base::SecretText> read_text(const Node& node) {
    if (!node.value.is_string()) return node.wrong("must be a text");
    const auto& text = node.value.get_ref<const std::string&>();
    if (text.empty()) return node.wrong("must not be empty");
    if (text.size() > text_bytes_limit) return node.wrong("is longer than 2000 bytes");
    return base::SecretText(text);
}

template <class T> struct Word {
    std::string_view word;
    T value;
};

template <class T, std::size_t n>
Result<T> read_word(const Node& node, const std::array<Word<T>, n>& words) {
    std::string choices;
    for (const auto& [word, value] : words) {
        if (node.value.is_string() && node.value.get_ref<const std::string&>() == word)
            return value;
        choices += (choices.empty() ? "" : ", ") + std::string(word);
    }
    return node.wrong("must be one of: " + choices);
}

constexpr std::array languages{Word<base::Language>{"zh", base::Language::zh},
                               Word<base::Language>{"ug", base::Language::ug},
                               Word<base::Language>{"en", base::Language::en}};
constexpr std::array sizes{Word<Size>{"normal", Size::normal}, Word<Size>{"large", Size::large},
                           Word<Size>{"huge", Size::huge}};
constexpr std::array aligns{Word<Align>{"start", Align::start},
                            Word<Align>{"centre", Align::centre}, Word<Align>{"end", Align::end}};
constexpr std::array rule_styles{Word<RuleStyle>{"solid", RuleStyle::solid},
                                 Word<RuleStyle>{"dashed", RuleStyle::dashed}};

Result<Block> read_paragraph(const Node& node) {
    constexpr std::array keys{Key{"kind", true},  Key{"text", true},  Key{"language", true},
                              Key{"size", false}, Key{"bold", false}, Key{"align", false}};
    TRY(check_keys(node, keys));
    Paragraph paragraph;
    paragraph.content.text = TRY(read_text(node.member("text")));
    paragraph.content.language = TRY(read_word(node.member("language"), languages));
    if (node.value.contains("size")) paragraph.size = TRY(read_word(node.member("size"), sizes));
    if (node.value.contains("align"))
        paragraph.align = TRY(read_word(node.member("align"), aligns));
    if (node.value.contains("bold")) {
        const Node bold = node.member("bold");
        if (!bold.value.is_boolean()) return bold.wrong("must be true or false");
        paragraph.is_bold = bold.value.get<bool>();
    }
    return Block{std::move(paragraph)};
}

Result<Block> read_pair(const Node& node) {
    constexpr std::array keys{Key{"kind", true}, Key{"label", true}, Key{"value", true},
                              Key{"language", true}};
    TRY(check_keys(node, keys));
    Pair pair;
    pair.label = TRY(read_text(node.member("label")));
    pair.value = TRY(read_text(node.member("value")));
    pair.language = TRY(read_word(node.member("language"), languages));
    return Block{std::move(pair)};
}

Result<Block> read_banner(const Node& node) {
    constexpr std::array keys{Key{"kind", true}, Key{"texts", true}};
    TRY(check_keys(node, keys));
    const Node texts = node.member("texts");
    if (!texts.value.is_array() || texts.value.empty() || texts.value.size() > 3) {
        return texts.wrong("must be a list of 1 to 3 texts");
    }
    Banner banner;
    for (std::size_t i = 0; i < texts.value.size(); ++i) {
        const Node text{texts.value[i], texts.place + "[" + std::to_string(i) + "]"};
        constexpr std::array text_keys{Key{"text", true}, Key{"language", true}};
        TRY(check_keys(text, text_keys));
        banner.texts.push_back({TRY(read_text(text.member("text"))),
                                TRY(read_word(text.member("language"), languages))});
    }
    return Block{std::move(banner)};
}

Result<Block> read_rule(const Node& node) {
    constexpr std::array keys{Key{"kind", true}, Key{"style", false}};
    TRY(check_keys(node, keys));
    Rule rule;
    if (node.value.contains("style"))
        rule.style = TRY(read_word(node.member("style"), rule_styles));
    return Block{rule};
}

Result<Block> read_space(const Node& node) {
    constexpr std::array keys{Key{"kind", true}, Key{"millimetres", true}};
    TRY(check_keys(node, keys));
    const Node size = node.member("millimetres");
    if (!size.value.is_number_unsigned() || size.value.get<std::uint64_t>() < 1 ||
        size.value.get<std::uint64_t>() > 50) {
        return size.wrong("must be a whole number from 1 to 50");
    }
    return Block{Space{size.value.get<int>()}};
}

Result<Block> read_qr(const Node& node) {
    constexpr std::array keys{Key{"kind", true}, Key{"payload", true}};
    TRY(check_keys(node, keys));
    const Node payload = node.member("payload");
    Qr qr{TRY(read_text(payload))};
    const auto text = qr.payload.view();
    if (text.size() > qr_bytes_limit ||
        !std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; })) {
        return payload.wrong("must be 1 to 120 printable ASCII characters");
    }
    return Block{std::move(qr)};
}

Result<Block> read_code(const Node& node) {
    constexpr std::array keys{Key{"kind", true}, Key{"payload", true}};
    TRY(check_keys(node, keys));
    const Node payload = node.member("payload");
    Code code{TRY(read_text(payload))};
    const auto text = code.payload.view();
    if (text.size() > code_bytes_limit ||
        !std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; })) {
        return payload.wrong("must be 1 to 30 printable ASCII characters");
    }
    return Block{std::move(code)};
}

Result<int> read_number(const Node& node, int low, int high) {
    if (!node.value.is_number_unsigned() || node.value.get<std::uint64_t>() < unsigned(low) ||
        node.value.get<std::uint64_t>() > unsigned(high)) {
        return node.wrong("must be a whole number from " + std::to_string(low) + " to " +
                          std::to_string(high));
    }
    return node.value.get<int>();
}

Node element(const Node& list, std::size_t i) {
    return {list.value[i], list.place + "[" + std::to_string(i) + "]"};
}

Result<std::vector<base::SecretText>> read_row(const Node& row, std::size_t columns) {
    if (!row.value.is_array() || row.value.size() != columns) {
        return row.wrong("must be a list with one text for each column");
    }
    std::vector<base::SecretText> cells;
    for (std::size_t i = 0; i < columns; ++i) {
        const Node cell = element(row, i);
        const bool is_empty =
            cell.value.is_string() && cell.value.get_ref<const std::string&>().empty();
        cells.push_back(is_empty ? base::SecretText() : TRY(read_text(cell)));
    }
    return cells;
}

Result<Block> read_table(const Node& node) {
    constexpr std::array keys{Key{"kind", true},     Key{"columns", true}, Key{"rows", true},
                              Key{"language", true}, Key{"aligns", false}, Key{"header", false}};
    TRY(check_keys(node, keys));
    Table table;
    const Node columns = node.member("columns");
    if (!columns.value.is_array() || columns.value.empty() || columns.value.size() > 4) {
        return columns.wrong("must be a list of 1 to 4 widths");
    }
    const std::size_t count = columns.value.size();
    for (std::size_t i = 0; i < count; ++i) {
        table.columns.push_back(TRY(read_number(element(columns, i), 1, 20)));
    }
    table.aligns.assign(count, Align::start);
    if (node.value.contains("aligns")) {
        const Node given = node.member("aligns");
        if (!given.value.is_array() || given.value.size() != count) {
            return given.wrong("must be a list with one word for each column");
        }
        for (std::size_t i = 0; i < count; ++i) {
            table.aligns[i] = TRY(read_word(element(given, i), aligns));
        }
    }
    if (node.value.contains("header")) {
        const Node header = node.member("header");
        if (!header.value.is_boolean()) return header.wrong("must be true or false");
        table.has_header = header.value.get<bool>();
    }
    table.language = TRY(read_word(node.member("language"), languages));
    const Node rows = node.member("rows");
    if (!rows.value.is_array() || rows.value.empty() || rows.value.size() > table_rows_limit) {
        return rows.wrong("must be a list of 1 to 50 rows");
    }
    for (std::size_t i = 0; i < rows.value.size(); ++i) {
        table.rows.push_back(TRY(read_row(element(rows, i), count)));
    }
    return Block{std::move(table)};
}

Result<Block> read_logo(const Node& node) {
    constexpr std::array keys{Key{"kind", true}, Key{"width", true}, Key{"rows", true}};
    TRY(check_keys(node, keys));
    Logo logo;
    logo.width = TRY(read_number(node.member("width"), 8, logo_width_limit));
    if (logo.width % 4 != 0) return node.member("width").wrong("must be a multiple of 4");
    const Node rows = node.member("rows");
    if (!rows.value.is_array() || rows.value.empty() ||
        rows.value.size() > std::size_t(logo_height_limit)) {
        return rows.wrong("must be a list of 1 to 400 rows");
    }
    const std::size_t row_bytes = std::size_t(logo.width + 7) / 8;
    for (std::size_t i = 0; i < rows.value.size(); ++i) {
        const Node row = element(rows, i);
        if (!row.value.is_string()) return row.wrong("must be a text");
        const auto bytes = base::from_hex(row.value.get_ref<const std::string&>());
        if (!bytes || bytes->size() != row_bytes) {
            return row.wrong("must be " + std::to_string(row_bytes * 2) + " hexadecimal digits");
        }
        logo.rows.insert(logo.rows.end(), bytes->begin(), bytes->end());
    }
    logo.height = int(rows.value.size());
    return Block{std::move(logo)};
}

Result<Block> read_cut(const Node& node) {
    constexpr std::array keys{Key{"kind", true}};
    TRY(check_keys(node, keys));
    return Block{Cut{}};
}

struct Reader {
    Result<Block> (*read)(const Node&);
};

constexpr std::array kinds{
    Word<Reader>{"paragraph", {read_paragraph}}, Word<Reader>{"pair", {read_pair}},
    Word<Reader>{"banner", {read_banner}},       Word<Reader>{"rule", {read_rule}},
    Word<Reader>{"space", {read_space}},         Word<Reader>{"qr", {read_qr}},
    Word<Reader>{"code", {read_code}},           Word<Reader>{"table", {read_table}},
    Word<Reader>{"logo", {read_logo}},           Word<Reader>{"cut", {read_cut}}};

Result<Block> read_block(const Node& node) {
    if (!node.value.is_object()) return node.wrong("must be an object");
    if (!node.value.contains("kind")) return node.wrong("key \"kind\" is missing");
    const Reader reader = TRY(read_word(node.member("kind"), kinds));
    return reader.read(node);
}

// nlohmann keeps the last of two equal keys and says nothing; a person who wrote both is told.
// The deepest form we know has five levels.
Result<json> parse(base::ByteView bytes) {
    std::vector<std::set<std::string>> keys_of_level;
    bool has_doubled_key = false;
    bool is_too_deep = false;
    const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::object_start) keys_of_level.emplace_back();
        if (event == json::parse_event_t::object_end) keys_of_level.pop_back();
        if (event == json::parse_event_t::key) {
            has_doubled_key |= !keys_of_level.back().insert(parsed.get<std::string>()).second;
        }
        is_too_deep |= depth > 8;
        return true;
    };
    const auto text = base::as_text(bytes);
    json file = json::parse(text.begin(), text.end(), watch, /* allow_exceptions */ false);
    if (file.is_discarded()) return Error{Errc::invalid_input, "receipt: not JSON in UTF-8"};
    if (is_too_deep) return Error{Errc::invalid_input, "receipt: nested too deeply"};
    if (has_doubled_key) return Error{Errc::invalid_input, "receipt: a key occurs twice"};
    return file;
}

} // namespace

Result<Document> read_document(base::ByteView bytes) {
    if (bytes.size() > document_bytes_limit) {
        return Error{Errc::too_large, "receipt: file is larger than 256 KiB"};
    }
    const json file = TRY(parse(bytes));
    const Node root{file, "document"};
    constexpr std::array keys{Key{"schema", true}, Key{"blocks", true}};
    TRY(check_keys(root, keys));
    if (file["schema"] != "receipt/1") return root.wrong("schema must be \"receipt/1\"");
    const json& blocks = file["blocks"];
    if (!blocks.is_array() || blocks.empty()) return root.wrong("blocks must be a list, not empty");
    if (blocks.size() > block_limit) {
        return Error{Errc::too_large, "receipt: more than 200 blocks"};
    }
    Document document;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Node node{blocks[i], "blocks[" + std::to_string(i) + "]"};
        document.blocks.push_back(TRY(read_block(node)));
    }
    return document;
}

base::SecretText in_groups_of_four(std::string_view number) {
    base::SecretText grouped;
    for (std::size_t at = 0; at < number.size(); at += 4) {
        if (at > 0) grouped.append(" ");
        grouped.append(number.substr(at, 4));
    }
    return grouped;
}

} // namespace printer
