// Sentences with inserted values. Each value is wrapped in a first-strong isolate, so that a number
// or a name inside a Uyghur sentence keeps its own order: without it 0991-12345 after an Arabic
// letter is drawn 12345-0991 (spec ui-text §2.5). Translators need not know.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace text {

struct Insertion {
    std::string_view name;
    std::string_view value;
};

// U+2068 value U+2069. Marks of isolation inside the value are dropped: they could close ours.
std::string isolate(std::string_view value);

// Removes U+2066 to U+2069, for anything that leaves the screen or the printer.
std::string strip_isolates(std::string_view utf8);

// Replaces each {name} by its isolated value. `{{` and `}}` are braces. A name that is not given
// stays as it is written, so that a forgotten value is seen, not hidden.
std::string format_message(std::string_view pattern, std::span<const Insertion> values);
std::string format_message(std::string_view pattern, std::initializer_list<Insertion> values);

} // namespace text
