// What a running kiosk lets out beside its log: lines of its own, and nothing that a library says
// (spec reliability P11): an error text may quote what was typed, a path or an address.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace base {

// One line to standard error, in the kiosk's own words: never a value that somebody gave.
void say(std::string_view line);

// From now on standard output and error are say()'s alone, and what libraries write there goes
// nowhere. Before the first thread. False, and nothing changes, where standard error is a terminal,
// so that somebody sits in front of it, and with sanitizers, which report there.
bool keep_libraries_quiet();

// What may be said of an exception that nobody expected: what it is; what it says of itself only
// while libraries may speak.
std::string last_words(const std::exception& exception);

} // namespace base
