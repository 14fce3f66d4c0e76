#include "kiosk/forms/strict_json.hpp"

#include "kiosk/forms/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace forms {
namespace {

using base::Errc;
using base::Error;
using base::Language;
using base::Result;

// Depth is found before parsing, so that no parser has to survive it.
bool is_too_deep(std::string_view text) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > max_json_depth) return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

std::vector<std::string> placeholders(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
        const auto close = text.find('}', open);
        if (close == text.npos) break;
        names.emplace_back(text.substr(open + 1, close - open - 1));
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string name_of(char32_t c) {
    char name[16];
    std::snprintf(name, sizeof name, "U+%04X", unsigned(c));
    return name;
}

// Signs beside letters that texts have: chosen from those of the shipped set and of common print.
// Everything else is refused, because letters that only look like ours (Cyrillic, mathematical,
// radicals of Chinese characters) would hide a forbidden word from us and not from people.
bool is_common_sign(char32_t c) {
    constexpr std::array<char32_t, 19> signs{0xA5,   0xAB,   0xB0,   0xB1,   0xB7,   0xBB,   0xD7,
                                             0x2022, 0x2026, 0x20AC, 0x2103, 0x2116, 0x2190, 0x2191,
                                             0x2192, 0x2193, 0x2212, 0x2264, 0x2265};
    const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
    return c == '\n' || within(0x20, 0x7E) || within(0x2010, 0x201D) || within(0xFF01, 0xFF5E) ||
           std::find(signs.begin(), signs.end(), c) != signs.end();
}

bool is_sign_of(char32_t c, Language language) {
    if (is_common_sign(c)) return true;
    switch (language) {
    case Language::zh:
        // Not the compatibility ideographs, which look like others.
        return (is_han(c) && !(c >= 0xF900 && c <= 0xFAFF)) || (c >= 0x3000 && c <= 0x3015);
    case Language::ug: return is_uyghur_letter(c) || c == 0x060C || c == 0x061B || c == 0x061F;
    case Language::en: return plain_latin(c) != c; // Ürümchi
    }
    return false;
}

// What is wrong with one text as a text of `language`; empty when nothing is.
std::string letter_fault(std::string_view text, Language language) {
    for (std::size_t at = 0; at < text.size();) {
        const auto c = next_code_point(text, at);
        if (is_invisible_control(c) && c != '\n')
            return "a control or invisible character: " + name_of(c);
        if (language == Language::ug && is_foreign_arabic(c))
            return "a letter that is not of the Uyghur standard: " + name_of(c);
        if (language != Language::ug && (is_uyghur_letter(c) || is_foreign_arabic(c)))
            return "Arabic letters in a text of another language";
        if (language == Language::en && is_han(c)) return "Chinese characters in an English text";
        if (!is_sign_of(c, language))
            return "a sign that texts of this language do not have: " + name_of(c);
    }
    return {};
}

// Words differ between the languages; "123", "A4" and "EN" need not.
bool has_words(std::string_view text) {
    int latin = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = next_code_point(text, at);
        if (is_han(c) || is_uyghur_letter(c)) return true;
        latin = is_latin_letter(c) ? latin + 1 : 0;
        if (latin > 2) return true;
    }
    return false;
}

std::size_t length_of(std::string_view text) {
    std::size_t n = 0;
    for (std::size_t at = 0; at < text.size(); ++n) next_code_point(text, at);
    return n;
}

} // namespace

namespace {

// Only an exception of the library says where.
std::string line_of_fault(std::string_view text) {
    try {
        (void)Json::parse(text.begin(), text.end()).size();
    } catch (const Json::parse_error& fault) {
        const auto line =
            1 + std::count(text.begin(), text.begin() + std::min(fault.byte, text.size()), '\n');
        return ": at line " + std::to_string(line) +
               " or just before it a comma, a quotation mark or a bracket is missing or too many";
    }
    return {};
}

} // namespace

Result<Json> parse_strictly(base::ByteView bytes, std::size_t limit) {
    if (bytes.size() > limit)
        return Error{Errc::too_large, "more than " + std::to_string(limit) + " bytes"};
    const auto text = base::as_text(bytes);
    // The JSON library takes a NUL for the end of its input and never looks behind it.
    if (text.find('\0') != text.npos) return Error{Errc::corrupt, "not JSON"};
    if (is_too_deep(text)) return Error{Errc::corrupt, "JSON nested too deeply"};

    std::vector<std::set<std::string>> keys;
    std::string twice;
    const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        if (event == Json::parse_event_t::object_end) keys.pop_back();
        if (event == Json::parse_event_t::key) {
            const auto& key = parsed.get_ref<const std::string&>();
            if (!keys.back().insert(key).second) twice = key;
        }
        return true;
    };
    auto value = Json::parse(text.begin(), text.end(), watch, false);
    if (value.is_discarded()) return Error{Errc::corrupt, "not JSON" + line_of_fault(text)};
    if (!twice.empty()) return Error{Errc::corrupt, "a key stands twice: " + twice.substr(0, 60)};
    return value;
}

Result<Object> Object::of(const Json& value, std::string place) {
    if (!value.is_object()) return bad(place, "an object is wanted");
    return Object(value, std::move(place));
}

const Json* Object::take(std::string_view key) {
    known_.emplace(key);
    const auto found = value_->find(std::string(key));
    return found == value_->end() ? nullptr : &*found;
}

Result<const Json*> Object::need(std::string_view key) {
    const auto* value = take(key);
    if (!value) return bad(at(key), "is missing");
    return value;
}

Result<std::string> read_text(const Json& value, const std::string& place, std::size_t max) {
    if (!value.is_string()) return bad(place, "a text is wanted");
    const auto& text = value.get_ref<const std::string&>();
    if (text.empty()) return bad(place, "is empty");
    if (length_of(text) > max)
        return bad(place, "longer than " + std::to_string(max) + " characters");
    return text;
}

Result<std::string> Object::text(std::string_view key, std::size_t max) {
    const auto* value = TRY(need(key));
    return read_text(*value, at(key), max);
}

Result<std::string> Object::text_or(std::string_view key, std::string_view otherwise,
                                    std::size_t max) {
    const auto* value = take(key);
    if (!value) return std::string(otherwise);
    return read_text(*value, at(key), max);
}

Result<std::int64_t> Object::integer(std::string_view key, std::int64_t min, std::int64_t max) {
    const auto* value = TRY(need(key));
    // A number above the signed range would wrap around when read as one.
    const bool wraps = value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX;
    if (!value->is_number_integer() || wraps) return bad(at(key), "a whole number is wanted");
    const auto number = value->get<std::int64_t>();
    if (number < min || number > max)
        return bad(at(key), "not between " + std::to_string(min) + " and " + std::to_string(max));
    return number;
}

Result<std::int64_t> Object::integer_or(std::string_view key, std::int64_t otherwise,
                                        std::int64_t min, std::int64_t max) {
    if (!take(key)) return otherwise;
    return integer(key, min, max);
}

Result<bool> Object::boolean_or(std::string_view key, bool otherwise) {
    const auto* value = take(key);
    if (!value) return otherwise;
    if (!value->is_boolean()) return bad(at(key), "true or false is wanted");
    return value->get<bool>();
}

Result<LocalText> Object::local(std::string_view key, std::size_t max) {
    const auto* value = TRY(need(key));
    return read_local_text(*value, at(key), max);
}

Result<LocalText> Object::local_or_empty(std::string_view key, std::size_t max) {
    const auto* value = take(key);
    if (!value) return LocalText{};
    return read_local_text(*value, at(key), max);
}

Result<const Json*> Object::array(std::string_view key, std::size_t min, std::size_t max) {
    const auto* value = TRY(need(key));
    if (!value->is_array()) return bad(at(key), "a list is wanted");
    if (value->size() < min || value->size() > max)
        return bad(at(key), "the list needs " + std::to_string(min) + " to " + std::to_string(max) +
                                " entries");
    return value;
}

Result<std::vector<std::string>> Object::texts_or_empty(std::string_view key,
                                                        std::size_t max_count) {
    std::vector<std::string> texts;
    if (!take(key)) return texts;
    const auto* list = TRY(array(key, 0, max_count));
    for (std::size_t i = 0; i < list->size(); ++i)
        texts.push_back(TRY(read_text((*list)[i], at(key) + "/" + std::to_string(i), 80)));
    return texts;
}

Result<void> Object::finish() const {
    for (const auto& [key, value] : value_->items())
        if (!known_.contains(key))
            return bad(at(key.substr(0, 60)),
                       "this key is not known here; look at its letters, or take it out");
    return {};
}

namespace {

Result<LocalText> read_texts(const Json& value, const std::string& place, std::size_t max) {
    auto object = TRY(Object::of(value, place));
    LocalText texts;
    for (const auto language : base::all_languages) {
        const auto key = base::to_string(language);
        if (!object.take(key))
            return bad(object.at(key), "is missing: every text stands there in zh, ug and en");
        auto text = TRY(object.text(key, max));
        if (const auto fault = letter_fault(text, language); !fault.empty())
            return bad(object.at(key), fault);
        texts.set(language, std::move(text));
    }
    TRY(object.finish());
    const auto zh = texts.in(Language::zh);
    const auto ug = texts.in(Language::ug);
    const auto en = texts.in(Language::en);
    if ((has_words(zh) && (zh == ug || zh == en)) || (has_words(ug) && ug == en))
        return bad(place, "two languages have the same text; translate it");
    if (placeholders(zh) != placeholders(ug) || placeholders(zh) != placeholders(en))
        return bad(place,
                   "the languages have different {placeholders}; write the same ones in each");
    return texts;
}

} // namespace

Result<LocalText> read_local_text(const Json& value, const std::string& place, std::size_t max) {
    auto texts = read_texts(value, place, max);
    if (texts) return texts;
    return Error{texts.error().code, texts.error().context + " [V6]"};
}

bool is_identifier(std::string_view text) {
    if (text.empty() || text.size() > 60) return false;
    const auto lower = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    if (!lower(text.front())) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return lower(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
    });
}

} // namespace forms
