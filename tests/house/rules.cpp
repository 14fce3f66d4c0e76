#include "tests/house/rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string_view>

namespace house {
namespace {

// ---- reading C++ without a parser ----

enum class Blank { comments, comments_and_strings };

// Overwrites [from, to) with spaces; line breaks stay, so positions and line numbers do too.
void blank_out(std::string& text, std::size_t from, std::size_t to) {
    for (auto i = from; i < to && i < text.size(); ++i)
        if (text[i] != '\n') text[i] = ' ';
}

// The position after the literal that begins at `at` with `quote`.
std::size_t end_of_literal(const std::string& text, std::size_t at, char quote) {
    for (auto i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == quote || text[i] == '\n')
            return i + 1;
    }
    return text.size();
}

std::size_t end_of_raw_literal(const std::string& text, std::size_t quote) {
    const auto open = text.find('(', quote);
    if (open == std::string::npos) return text.size();
    const auto close = ")" + text.substr(quote + 1, open - quote - 1) + "\"";
    const auto at = text.find(close, open);
    return at == std::string::npos ? text.size() : at + close.size();
}

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

// A quote that separates digits (10'000) opens no character literal.
bool opens_literal(const std::string& text, std::size_t at) {
    return text[at] == '"' || (text[at] == '\'' && (at == 0 || !is_word(text[at - 1])));
}

std::string blanked(const std::string& text, Blank what) {
    std::string out = text;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        bool blank = false;
        if (text.compare(i, 2, "//") == 0) {
            end = std::min(text.find('\n', i), text.size());
            blank = true;
        } else if (text.compare(i, 2, "/*") == 0) {
            const auto close = text.find("*/", i + 2);
            end = close == std::string::npos ? text.size() : close + 2;
            blank = true;
        } else if (opens_literal(text, i)) {
            const bool raw = text[i] == '"' && i > 0 && text[i - 1] == 'R';
            end = raw ? end_of_raw_literal(text, i) : end_of_literal(text, i, text[i]);
            // The quotes stay: a call with a literal still looks like one.
            if (what == Blank::comments_and_strings) blank_out(out, i + 1, end - 1);
        }
        if (blank) blank_out(out, i, end);
        i = end;
    }
    return out;
}

std::size_t line_of(const std::string& text, std::size_t position) {
    return 1 + std::size_t(std::count(text.begin(), text.begin() + std::ptrdiff_t(position), '\n'));
}

std::string fault(const File& file, std::size_t position, const std::string& what) {
    return file.path + ":" + std::to_string(line_of(file.text, position)) + ": " + what;
}

bool ends_with_any(const std::string& path, std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [&](auto end) { return path.ends_with(end); });
}

bool is_cpp(const File& file) {
    return ends_with_any(file.path, {".cpp", ".hpp"});
}

bool is_in(const File& file, std::string_view folder) {
    return file.path.starts_with(folder);
}

bool is_product(const File& file) {
    static constexpr std::array<std::string_view, 5> rooms{"kiosk/", "drivers/", "face/",
                                                           "printer/", "screens/"};
    return is_cpp(file) &&
           std::any_of(rooms.begin(), rooms.end(), [&](auto room) { return is_in(file, room); });
}

// One fault per match of `pattern` in what is left of the file.
void find_all(Faults& faults, const File& file, Blank blank, const std::regex& pattern,
              const std::string& what) {
    const auto code = blanked(file.text, blank);
    for (auto at = std::sregex_iterator(code.begin(), code.end(), pattern);
         at != std::sregex_iterator(); ++at)
        faults.push_back(fault(file, std::size_t(at->position()), at->str() + ": " + what));
}

template <class Applies>
Faults find_in(const Files& files, Applies applies, Blank blank, const std::string& pattern,
               const std::string& what) {
    const std::regex expression(pattern);
    Faults faults;
    for (const auto& file : files)
        if (applies(file)) find_all(faults, file, blank, expression, what);
    return faults;
}

// ---- rooms ----

// The room a path lies in: the rest of kiosk/ is one room here (STYLE §1).
std::string room_of(const std::string& path) {
    if (path == "kiosk/main.cpp") return "main";
    for (const auto* room : {"kiosk/base/", "kiosk/text/"})
        if (path.starts_with(room))
            return std::string(room).substr(0, std::string(room).size() - 1);
    const auto slash = path.find('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

// What each room may include besides itself (STYLE §1).
const std::map<std::string, std::set<std::string>>& arrows() {
    static const std::set<std::string> any{"kiosk/base", "kiosk/text", "face", "printer",
                                           "drivers",    "screens",    "kiosk"};
    static const std::map<std::string, std::set<std::string>> table{
        {"kiosk/base", {}},
        {"kiosk/text", {"kiosk/base"}},
        {"face", {"kiosk/base"}},
        {"printer", {"kiosk/base", "kiosk/text"}},
        {"drivers", {"kiosk/base", "kiosk/text"}},
        {"screens", {"kiosk/base", "kiosk/text"}},
        {"kiosk", any},
        {"main", any},
    };
    return table;
}

std::optional<std::string> fault_of_include(const std::string& from, const std::string& included) {
    const auto to = room_of(included);
    if (to != "tests" && !arrows().contains(to))
        return "includes \"" + included + "\", which is not a path from the project root";
    if (from == "tests" || from == to) return std::nullopt;
    if (arrows().at(from).contains(to)) return std::nullopt;
    return from + " may not include " + to + " (\"" + included + "\")";
}

// ---- tests and their tags ----

struct Test {
    const File* file;
    std::size_t position;
    std::string name;
    std::string tags;

    bool has(const std::string& tag) const { return tags.find(tag) != std::string::npos; }
    // Not run by ctest, or allowed to fail.
    bool is_hidden() const { return has("[.") || has("[!"); }
};

// The string literals from `at` to the next comma at this level or closing parenthesis, joined.
std::string literal_argument(const std::string& text, std::size_t& at) {
    std::string joined;
    while (at < text.size() && text[at] != ',' && text[at] != ')') {
        if (text[at] == '"') {
            const auto end = end_of_literal(text, at, '"');
            joined += text.substr(at + 1, end - at - 2);
            at = end;
        } else {
            ++at;
        }
    }
    ++at;
    return joined;
}

std::vector<Test> tests_in(const Files& files) {
    static const std::regex macro(R"(\b(TEMPLATE_)?TEST_CASE\s*\()");
    std::vector<Test> tests;
    for (const auto& file : files) {
        if (!is_in(file, "tests/") || !is_cpp(file)) continue;
        // Searched without strings: a planted TEST_CASE in a literal is not a test.
        const auto code = blanked(file.text, Blank::comments_and_strings);
        for (auto it = std::sregex_iterator(code.begin(), code.end(), macro);
             it != std::sregex_iterator(); ++it) {
            auto at = std::size_t(it->position() + it->length());
            Test test{&file, std::size_t(it->position()), "", ""};
            test.name = literal_argument(file.text, at);
            test.tags = literal_argument(file.text, at);
            tests.push_back(test);
        }
    }
    return tests;
}

// ---- the table of what is not yet tested ----

constexpr std::string_view table_path = "tests/house/not_yet.txt";

enum class Share { whole, part };
struct Row {
    std::string name;
    Share share;
    std::size_t line;
};

std::string trimmed(const std::string& text) {
    const auto from = text.find_first_not_of(" \t");
    if (from == std::string::npos) return "";
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

// A row reads: NAME | whole or part | not yet: what brings it.
std::vector<Row> read_table(const Files& files, Faults& faults) {
    static const std::regex row(R"(([A-Z0-9.]+)\s*\|\s*(whole|part)\s*\|\s*not yet: \S.*)");
    std::vector<Row> rows;
    for (const auto& file : files) {
        if (file.path != table_path) continue;
        std::size_t number = 0;
        std::size_t from = 0;
        while (from < file.text.size()) {
            const auto end = std::min(file.text.find('\n', from), file.text.size());
            const auto line = trimmed(file.text.substr(from, end - from));
            from = end + 1;
            ++number;
            if (line.empty() || line[0] == '#') continue;
            std::smatch parts;
            if (std::regex_match(line, parts, row))
                rows.push_back(
                    {parts[1], parts[2] == "whole" ? Share::whole : Share::part, number});
            else
                faults.push_back(file.path + ":" + std::to_string(number) +
                                 ": not of the form NAME | whole or part | not yet: topic");
        }
    }
    return rows;
}

std::set<std::string> refusal_names() {
    std::set<std::string> names;
    for (int i = 1; i <= 8; ++i) names.insert("D4." + std::to_string(i)); // DESIGN §4
    for (int i = 1; i <= 24; ++i) names.insert("G" + std::to_string(i));  // spec safeguards
    for (int i = 1; i <= 13; ++i) names.insert("P" + std::to_string(i));  // spec reliability §6
    return names;
}

// The names that tests carry. Faults: an unknown name, a name without the tag [refusal].
std::set<std::string> tested_names(const Files& files, const std::set<std::string>& known,
                                   Faults& faults) {
    static const std::regex name_tag(R"(\[(D4\.[0-9]+|[GP][0-9]+)\])");
    std::set<std::string> tested;
    for (const auto& test : tests_in(files)) {
        for (auto it = std::sregex_iterator(test.tags.begin(), test.tags.end(), name_tag);
             it != std::sregex_iterator(); ++it) {
            const std::string name = (*it)[1];
            if (!known.contains(name))
                faults.push_back(fault(*test.file, test.position, name + " names no refusal"));
            else if (!test.has("[refusal]"))
                faults.push_back(fault(*test.file, test.position, name + " needs [refusal] too"));
            else if (!test.is_hidden())
                tested.insert(name);
        }
    }
    return tested;
}

bool has_row(const std::vector<Row>& rows, const std::string& name) {
    return std::any_of(rows.begin(), rows.end(), [&](const Row& r) { return r.name == name; });
}

// The tokens of a CMakeLists.txt, without comments.
std::set<std::string> cmake_tokens(const std::string& text) {
    static const std::regex comment("#[^\n]*");
    static const std::regex token("[^\\s()\"]+");
    const auto code = std::regex_replace(text, comment, "");
    std::set<std::string> tokens;
    for (auto it = std::sregex_iterator(code.begin(), code.end(), token);
         it != std::sregex_iterator(); ++it)
        tokens.insert(it->str());
    return tokens;
}

struct CMakeList {
    std::string folder; // with '/' at its end, or empty at the root
    std::set<std::string> tokens;

    bool names(const std::string& source) const {
        if (tokens.contains("${CMAKE_SOURCE_DIR}/" + source)) return true;
        if (!source.starts_with(folder)) return false;
        const auto rest = source.substr(folder.size());
        if (tokens.contains(rest) || tokens.contains("${CMAKE_CURRENT_SOURCE_DIR}/" + rest))
            return true;
        // kiosk_fuzz(NAME) builds NAME.cpp.
        return folder == "tests/fuzz/" && tokens.contains(rest.substr(0, rest.size() - 4));
    }
};

} // namespace

Faults backward_includes(const Files& files) {
    static const std::regex include(R"(^[ \t]*#[ \t]*include[ \t]*"([^"\n]*)\")",
                                    std::regex::ECMAScript | std::regex::multiline);
    Faults faults;
    for (const auto& file : files) {
        if (!is_product(file) && !(is_cpp(file) && is_in(file, "tests/"))) continue;
        const auto code = blanked(file.text, Blank::comments);
        for (auto at = std::sregex_iterator(code.begin(), code.end(), include);
             at != std::sregex_iterator(); ++at) {
            if (const auto what = fault_of_include(room_of(file.path), (*at)[1]))
                faults.push_back(fault(file, std::size_t(at->position()), *what));
        }
    }
    return faults;
}

Faults wrong_top_level(const std::vector<std::string>& names,
                       const std::vector<std::string>& absent_yet) {
    // DESIGN §2.
    static const std::set<std::string> wanted{
        ".ci",     ".clang-format", ".clang-tidy",       ".gitignore", "CMakeLists.txt",
        "LICENSE", "README.md",     "CMakePresets.json", "assets",     "drivers",
        "face",    "kiosk",         "printer",           "screens",    "tests"};
    const std::set<std::string> present(names.begin(), names.end());
    const std::set<std::string> excused(absent_yet.begin(), absent_yet.end());
    Faults faults;
    for (const auto& name : present) {
        if (!wanted.contains(name)) faults.push_back(name + ": does not belong at the top level");
        if (excused.contains(name)) faults.push_back(name + ": is there, but named as absent yet");
    }
    for (const auto& name : wanted)
        if (!present.contains(name) && !excused.contains(name))
            faults.push_back(name + ": missing at the top level");
    return faults;
}

Faults headers_without_guard(const Files& files) {
    Faults faults;
    for (const auto& file : files) {
        const bool ours = is_product(file) || is_in(file, "tests/");
        if (!ours || !file.path.ends_with(".hpp")) continue;
        if (file.text.find("\n#pragma once\n") == std::string::npos)
            faults.push_back(file.path + ":1: no #pragma once");
    }
    return faults;
}

Faults imgui_text(const Files& files) {
    return find_in(
        files, [](const File& f) { return is_product(f); }, Blank::comments_and_strings,
        R"(\b(ImGui::(Text\w*|InputText\w*|Button|SmallButton|LabelText|BulletText|MenuItem|)"
        R"(Selectable|Checkbox|RadioButton|CalcTextSize)|AddText)\s*\()",
        "text goes through kiosk/text");
}

Faults words_in_screens(const Files& files) {
    const auto is_screen = [](const File& f) {
        return is_cpp(f) && is_in(f, "screens/") && f.path.find("board") == std::string::npos;
    };
    Faults faults;
    for (const auto& file : files) {
        if (!is_screen(file)) continue;
        const auto code = blanked(file.text, Blank::comments);
        const auto at = std::find_if(code.begin(), code.end(),
                                     [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
        if (at != code.end())
            faults.push_back(fault(file, std::size_t(at - code.begin()),
                                   "a letter beyond ASCII: words come from the content set"));
    }
    return faults;
}

Faults forbidden_includes(const Files& files) {
    return find_in(
        files, [](const File& f) { return is_product(f); }, Blank::comments,
        R"(#\s*include\s*[<"]opencv2/(imgcodecs|videoio|highgui|opencv\.hpp)[^>"]*[>"])",
        "never in this program (DESIGN D4)");
}

Faults shell_calls(const Files& files) {
    return find_in(
        files, [](const File& f) { return is_product(f); }, Blank::comments_and_strings,
        R"(\b(system|popen)\s*\()", "no text reaches a shell");
}

Faults own_clock_or_chance(const Files& files) {
    return find_in(
        files, [](const File& f) { return is_product(f) && !is_in(f, "kiosk/base/"); },
        Blank::comments_and_strings,
        R"(\b((system|steady|high_resolution)_clock::now|std::time|random_device|s?rand)\s*[({])",
        "time and randomness are passed in");
}

Faults sleeps_in_tests(const Files& files) {
    return find_in(
        files,
        // A bench that watches another program's glass is no test, and cannot be told when to look.
        [](const File& f) { return is_cpp(f) && is_in(f, "tests/") && !is_in(f, "tests/bench/"); },
        Blank::comments_and_strings,
        R"(\b(sleep_for|sleep_until|usleep|nanosleep|sleep|SDL_Delay)\s*\()",
        "tests move a clock, they never wait");
}

Faults machine_paths(const Files& files) {
    // The last letter stands in brackets so that this line does not find itself.
    static const std::regex anywhere(
        R"((^|[\s"'`=(:])/(hom[e]|roo[t]|usr/loca[l]|wor[k]|far[m]|Users)/[\w.])",
        std::regex::ECMAScript | std::regex::multiline);
    static const std::regex system_folder(R"("/(usr|etc|var|tmp|opt|srv|mnt|media|run)/[^"\n]*\")");
    Faults faults;
    for (const auto& file : files) {
        for (auto at = std::sregex_iterator(file.text.begin(), file.text.end(), anywhere);
             at != std::sregex_iterator(); ++at)
            faults.push_back(fault(file, std::size_t(at->position() + at->length(1)),
                                   "a folder of one machine"));
        // The fence around a vendor's code lets it read what the system's loader reads, and that
        // stands nowhere else.
        const bool is_fence = file.path == "drivers/photo_decoder/helper_main.cpp";
        if (is_product(file) && !is_in(file, "kiosk/config/") && !is_fence)
            find_all(faults, file, Blank::comments, system_folder,
                     "folders come from the configuration");
    }
    return faults;
}

Faults unlisted_sources(const Files& files) {
    static const std::regex glob(R"(GLOB[A-Z_]*\s[^)]*\.cpp)");
    std::vector<CMakeList> lists;
    Faults faults;
    for (const auto& file : files) {
        if (file.path != "CMakeLists.txt" && !file.path.ends_with("/CMakeLists.txt")) continue;
        const auto folder = file.path.substr(0, file.path.size() - 14);
        lists.push_back({folder, cmake_tokens(file.text)});
        if (std::regex_search(file.text, glob))
            faults.push_back(file.path + ": sources are listed, not globbed");
    }
    for (const auto& file : files) {
        if (!file.path.ends_with(".cpp")) continue;
        const bool listed = std::any_of(lists.begin(), lists.end(),
                                        [&](const CMakeList& l) { return l.names(file.path); });
        if (!listed) faults.push_back(file.path + ": no CMakeLists.txt lists it");
    }
    return faults;
}

Faults tests_without_kind(const Files& files) {
    Faults faults;
    for (const auto& test : tests_in(files)) {
        const auto kinds = {"[unit]", "[device]", "[flow]", "[house]", "[simulation]", "[.", "[!"};
        if (std::none_of(kinds.begin(), kinds.end(), [&](auto kind) { return test.has(kind); }))
            faults.push_back(fault(*test.file, test.position,
                                   "\"" + test.name + "\" says no kind: [unit], ..."));
    }
    return faults;
}

Faults free_text_in_log(const Files& files) {
    // The declaration names the type of its parameter.
    return find_in(
        files, [](const File& f) { return is_product(f); }, Blank::comments_and_strings,
        R"(\bof_enumerator\s*\((?!\s*((\w+::)*to_string\s*\(|std::string_view\s)))",
        "a log word is a literal or an enumerator's to_string()");
}

Faults loose_words(const Files& files) {
    const auto is_command = [](const File& file) {
        static const std::regex commands(
            R"((^|/)(main|\w+_main|\w*commands?|doctor|platform_check|make_gb18030|hand_train)\.cpp$)"
            R"(|^kiosk/app/development/|^face/evaluation/|^kiosk/base/own_words.cpp$)");
        return std::regex_search(file.path, commands);
    };
    return find_in(
        files, [&](const File& f) { return is_product(f) && !is_command(f); },
        Blank::comments_and_strings,
        R"(\bstd::(cout|cerr|clog)\b|\b(stdout|stderr)\b|\bv?printf\s*\(|\bputs\s*\(|\bperror\s*\()"
        R"(|[.>]what\s*\(\))",
        "only commands print; the kiosk logs events and says its own words by base::say()");
}

Faults audio_capture(const Files& files) {
    // SDL_OpenAudioDevice's second argument is iscapture; only a literal 0 is let through.
    return find_in(
        files, [](const File& f) { return is_product(f); }, Blank::comments_and_strings,
        R"(\bSDL_OpenAudioDevice\s*\([^,]*,(?!\s*0\s*,)|\bSDL_GetNumAudioDevices\s*\((?!\s*0\s*\)))"
        R"(|\bSND_PCM_STREAM_CAPTURE\b|\bPA_STREAM_RECORD\b|\bpa_stream_connect_record\b)"
        R"(|\bpw_stream_connect\b|\bma_device_type_capture\b)",
        "the kiosk has no microphone (G7)");
}

Faults unnamed_refusals(const Files& files) {
    Faults faults;
    const auto known = refusal_names();
    const auto tested = tested_names(files, known, faults);
    const auto rows = read_table(files, faults);
    for (const auto& row : rows) {
        const auto where =
            std::string(table_path) + ":" + std::to_string(row.line) + ": " + row.name;
        if (!known.contains(row.name))
            faults.push_back(where + " names no refusal");
        else if (row.share == Share::whole && tested.contains(row.name))
            faults.push_back(where + " is tested: take the row out, or say which part is missing");
        else if (row.share == Share::part && !tested.contains(row.name))
            faults.push_back(where + " has no test at all: say whole");
    }
    for (const auto& name : known)
        if (!tested.contains(name) && !has_row(rows, name))
            faults.push_back(name + ": no test that runs carries it, and no row says not yet");
    return faults;
}

} // namespace house
