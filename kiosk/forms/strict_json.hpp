// Reading JSON that others wrote: size and depth before parsing, no duplicate keys, no unknown
// keys, and every complaint names the place ("/steps/0/fields/2/showIf: ...").
//
// Used by the readers of forms and of content sets; include it in .cpp files only.
#pragma once

#include "kiosk/forms/form.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace forms {

using Json = nlohmann::json;

// Chosen: a form nests 7 deep plus conditions of 5 levels, two each.
inline constexpr int max_json_depth = 32;

// Errors: too_large; corrupt (not JSON, too deep, a key twice).
base::Result<Json> parse_strictly(base::ByteView bytes, std::size_t limit);

inline base::Error bad(const std::string& place, std::string_view reason) {
    return {base::Errc::invalid_input, (place.empty() ? "/" : place) + ": " + std::string(reason)};
}

// The same where it is a rule of spec matters §7.2 or a safeguard that is broken: its name stands
// behind the reason, "... [V9]", and rule_in() finds it again.
inline base::Error broken(std::string_view rule, const std::string& place,
                          std::string_view reason) {
    return bad(place, std::string(reason) + " [" + std::string(rule) + "]");
}

// One JSON object being read. Ask for every key it may have, then finish() refuses the rest.
class Object {
public:
    static base::Result<Object> of(const Json& value, std::string place);

    std::string at(std::string_view key) const { return place_ + "/" + std::string(key); }
    const std::string& place() const { return place_; }
    // The value, or null when the key is absent. Marks the key as known.
    const Json* take(std::string_view key);
    base::Result<const Json*> need(std::string_view key);

    base::Result<std::string> text(std::string_view key, std::size_t max);
    base::Result<std::string> text_or(std::string_view key, std::string_view otherwise,
                                      std::size_t max);
    base::Result<std::int64_t> integer(std::string_view key, std::int64_t min, std::int64_t max);
    base::Result<std::int64_t> integer_or(std::string_view key, std::int64_t otherwise,
                                          std::int64_t min, std::int64_t max);
    base::Result<bool> boolean_or(std::string_view key, bool otherwise);
    base::Result<LocalText> local(std::string_view key, std::size_t max);
    base::Result<LocalText> local_or_empty(std::string_view key, std::size_t max);
    base::Result<std::vector<std::string>> texts_or_empty(std::string_view key,
                                                          std::size_t max_count);
    // The array under a key, or an error.
    base::Result<const Json*> array(std::string_view key, std::size_t min, std::size_t max);

    base::Result<void> finish() const;

private:
    Object(const Json& value, std::string place) : value_(&value), place_(std::move(place)) {}
    const Json* value_;
    std::string place_;
    std::set<std::string, std::less<>> known_;
};

// {"zh": ..., "ug": ..., "en": ...}: all three, none empty, none longer than `max` characters, none
// a copy of another, the same {placeholders}, only letters the language has (V6, spec ui §2.9).
base::Result<LocalText> read_local_text(const Json& value, const std::string& place,
                                        std::size_t max);
base::Result<std::string> read_text(const Json& value, const std::string& place, std::size_t max);

// [a-z0-9] first, then also A-Z . _ -, at most 60 characters.
bool is_identifier(std::string_view text);

} // namespace forms
