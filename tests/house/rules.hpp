// The rules of the tree that a compiler cannot check (STYLE §1, §2, §12, DESIGN §2, §4).
//
// Each rule is a pure function from files to faults, one line of text per fault: "path:line: what
// is wrong". No fault means the rule holds. house_test.cpp shows for each that it finds a planted
// fault, then applies it to the real tree.
#pragma once

#include <string>
#include <vector>

namespace house {

struct File {
    std::string path; // from the project root, with '/'
    std::string text;
};
using Files = std::vector<File>;
using Faults = std::vector<std::string>;

// An include that runs against the arrows between rooms, or is not written from the project root.
Faults backward_includes(const Files& files);

// `names`: what stands at the top of the tree. Only what DESIGN §2 draws may stand there, and all
// of it must; `absent_yet` names what may still be missing, and may not name what is there.
Faults wrong_top_level(const std::vector<std::string>& names,
                       const std::vector<std::string>& absent_yet);

// A header without #pragma once. (That each compiles alone is the target headers_alone.)
Faults headers_without_guard(const Files& files);

// ImGui's own text functions: they can neither shape nor order Uyghur (DESIGN D2).
Faults imgui_text(const Files& files);

// Words for people inside screens/: a literal with letters beyond ASCII, except the key tops of
// boards (STYLE §7).
Faults words_in_screens(const Files& files);

// OpenCV modules that bring parsers for dozens of formats (DESIGN D4, spec reliability H2).
Faults forbidden_includes(const Files& files);

// system() and popen() in product code: no text ever reaches a shell.
Faults shell_calls(const Files& files);

// Clocks and randomness taken instead of passed in, outside kiosk/base (DESIGN D5).
Faults own_clock_or_chance(const Files& files);

// Anything that waits by the clock in tests (STYLE §12).
Faults sleeps_in_tests(const Files& files);

// Folders of one machine, anywhere; fixed system folders in product code outside kiosk/config.
Faults machine_paths(const Files& files);

// A .cpp that no CMakeLists.txt names, or sources that are globbed (STYLE §14).
Faults unlisted_sources(const Files& files);

// A test without one of the kind tags of STYLE §12.
Faults tests_without_kind(const Files& files);

// A log word made from something else than the name of an enumerator: base::Word::of_enumerator
// takes to_string(...) and nothing else (spec reliability P11).
Faults free_text_in_log(const Files& files);

// Printing, or passing on what an exception says of itself, outside the commands that somebody
// types and reads: the running kiosk has its log and base::say() (spec reliability P11).
Faults loose_words(const Files& files);

// Opening audio capture by any of the ways our libraries have (safeguard G7).
Faults audio_capture(const Files& files);

// Every refusal of DESIGN §4 (D4.1 to D4.8), safeguard (G1 to G24) and privacy rule of spec
// reliability §6 (P1 to P13) is carried as a tag by a test that runs, or stands in
// tests/house/not_yet.txt; never both as a whole. A hidden test does not count.
Faults unnamed_refusals(const Files& files);

} // namespace house
