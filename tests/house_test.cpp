// The rules of the tree (STYLE, DESIGN §§2-4), each first shown to find a planted fault, then
// applied to the files as they are. Runs from the source folder.
#include "tests/house/rules.hpp"
#include "tests/house/tree.hpp"

#include <catch2/catch.hpp>
#include <regex>
#include <set>

using house::Faults;
using house::Files;

namespace {

const Files& tree() {
    static const Files files = house::read_tree(".");
    return files;
}

// One line of the report per fault, so that a failure names them all.
std::string report(const Faults& faults) {
    std::string lines;
    for (const auto& fault : faults) lines += "\n  " + fault;
    return lines;
}

void require_none(const Faults& faults) {
    INFO("faults:" << report(faults));
    REQUIRE(faults.empty());
}

// The rule finds exactly one fault in each text of `bad`, and none in any of `good`.
void require_found(Faults (*rule)(const Files&), const std::string& path,
                   const std::vector<std::string>& bad, const std::vector<std::string>& good) {
    for (const auto& text : bad) {
        INFO("planted in " << path << ": " << text);
        const auto faults = rule({{path, text}});
        INFO("faults:" << report(faults));
        REQUIRE(faults.size() == 1);
        CHECK(faults.front().starts_with(path));
    }
    for (const auto& text : good) {
        INFO("sound in " << path << ": " << text);
        require_none(rule({{path, text}}));
    }
}

// A file with one test of these tags.
house::File test_file(const std::string& tags) {
    return {"tests/unit/a_test.cpp", "TEST_CASE(\"a thing\", \"" + tags + "\") {\n}\n"};
}

house::File table(const std::string& rows) {
    return {"tests/house/not_yet.txt", rows};
}

// Rows for every name but `left_out`.
std::string rows_except(const std::string& left_out) {
    std::string rows;
    const auto add = [&](const std::string& name) {
        if (name != left_out) rows += name + " | whole | not yet: planted\n";
    };
    for (int i = 1; i <= 8; ++i) add("D4." + std::to_string(i));
    for (int i = 1; i <= 24; ++i) add("G" + std::to_string(i));
    for (int i = 1; i <= 13; ++i) add("P" + std::to_string(i));
    return rows;
}

} // namespace

// ---- each rule finds a planted fault ----

TEST_CASE("an include against the arrows is found", "[house][planted]") {
    const auto rule = house::backward_includes;
    const std::string from_base = "#include \"kiosk/base/result.hpp\"\n";
    require_found(rule, "kiosk/base/a.hpp", {"#include \"kiosk/text/font.hpp\"\n"}, {from_base});
    require_found(rule, "kiosk/text/a.cpp", {"#include \"screens/theme.hpp\"\n"}, {from_base});
    require_found(rule, "drivers/camera/camera.hpp",
                  {"  #  include \"kiosk/session/move.hpp\"\n", "#include \"camera.hpp\"\n"},
                  {from_base, "#include \"kiosk/text/font.hpp\"\n",
                   "#include \"drivers/transport.hpp\"\n", "#include <kiosk/x.hpp>\n",
                   "// #include \"kiosk/session/move.hpp\"\n"});
    require_found(rule, "screens/a.cpp", {"#include \"drivers/transport.hpp\"\n"},
                  {from_base, "#include \"kiosk/text/font.hpp\"\n"});
    require_found(rule, "printer/a.cpp", {"#include \"screens/theme.hpp\"\n"}, {from_base});
    require_found(rule, "face/a.cpp", {"#include \"kiosk/forms/form.hpp\"\n"}, {from_base});
    require_found(rule, "kiosk/session/a.cpp", {"#include \"tests/support/x.hpp\"\n"},
                  {from_base, "#include \"drivers/transport.hpp\"\n"});
    require_found(rule, "tests/unit/a_test.cpp", {"#include \"a.hpp\"\n"},
                  {"#include \"tests/support/x.hpp\"\n", "#include \"printer/layout.hpp\"\n"});
}

TEST_CASE("a stranger or a gap at the top level is found", "[house][planted]") {
    const std::vector<std::string> whole{
        ".ci",     ".clang-format", ".clang-tidy",       ".gitignore", "CMakeLists.txt",
        "LICENSE", "README.md",     "CMakePresets.json", "assets",     "drivers",
        "face",    "kiosk",         "printer",           "screens",    "tests"};
    CHECK(house::wrong_top_level(whole, {}).empty());

    auto more = whole;
    more.push_back("docs");
    CHECK(house::wrong_top_level(more, {}).size() == 1);

    auto less = whole;
    less.pop_back();
    CHECK(house::wrong_top_level(less, {}).size() == 1);
    CHECK(house::wrong_top_level(less, {"tests"}).empty());
    CHECK(house::wrong_top_level(whole, {"tests"}).size() == 1);
}

TEST_CASE("a header without a guard is found", "[house][planted]") {
    require_found(house::headers_without_guard, "printer/a.hpp", {"// Owns a thing.\nint a();\n"},
                  {"// Owns a thing.\n#pragma once\nint a();\n"});
}

TEST_CASE("ImGui's own text is found", "[house][planted]") {
    require_found(house::imgui_text, "screens/a.cpp",
                  {"ImGui::Text(\"%s\", s);", "ImGui::TextUnformatted(s);",
                   "if (ImGui::Button (s)) x();", "ImGui::InputText(s, b, n);",
                   "list->AddText(p, c, s);"},
                  {"ImGui::GetIO();", "// ImGui::Text(\"\")\n", "f(\"ImGui::Text(\");",
                   "ImGui::InvisibleButton(id, size);"});
}

TEST_CASE("words for people inside a screen are found", "[house][planted]") {
    require_found(house::words_in_screens, "screens/home_screen.cpp", {"draw(\"办理\");"},
                  {"draw(\"home/title\");", "// 办理\n"});
    require_found(house::words_in_screens, "screens/uyghur_board.cpp", {}, {"key(\"ئا\");"});
}

TEST_CASE("libraries that must stay away are found", "[house][planted]") {
    require_found(house::forbidden_includes, "face/a.cpp",
                  {"#include <opencv2/imgcodecs.hpp>\n", "#include <opencv2/videoio/videoio.hpp>\n",
                   "#include \"opencv2/highgui.hpp\"\n", "#include <opencv2/opencv.hpp>\n"},
                  {"#include <opencv2/core/mat.hpp>\n"});
}

TEST_CASE("a shell is found", "[house][planted]") {
    require_found(house::shell_calls, "kiosk/app/a.cpp",
                  {"std::system(\"ls\");", "popen (command, \"r\");"},
                  {"file_system(x);", "\"system(\";", "// system()\n", "system_clock x;"});
}

TEST_CASE("time and randomness that are taken instead of passed in are found", "[house][planted]") {
    require_found(house::own_clock_or_chance, "kiosk/session/a.cpp",
                  {"auto t = std::chrono::system_clock::now();", "steady_clock::now() + 1s;",
                   "std::random_device{}();", "int x = rand();", "std::time(nullptr);"},
                  {"clock.now();", "operand(x);", "session.time(3);"});
    require_found(house::own_clock_or_chance, "kiosk/base/clock.cpp", {},
                  {"std::chrono::system_clock::now();"});
}

TEST_CASE("a test that waits is found", "[house][planted]") {
    require_found(house::sleeps_in_tests, "tests/unit/a_test.cpp",
                  {"std::this_thread::sleep_for(1s);", "usleep(10);", "sleep(1);"},
                  {"clock.advance(1s);", "asleep(1);", "// sleep(1)\n"});
}

TEST_CASE("a folder of one machine is found", "[house][planted]") {
    // Written in two pieces, so that the rule does not find them here.
    require_found(house::machine_paths, "kiosk/app/a.cpp",
                  {"open(\"/"
                   "home/me/x\");",
                   "open(\"/"
                   "tmp/x\");",
                   "open(\"/"
                   "var/lib/x\");"},
                  {"open(\"/proc/self/status\");", "path = folder + \"/home\";"});
    require_found(house::machine_paths, "tests/README.md",
                  {"run /"
                   "root/x",
                   "see `/"
                   "work/wt`",
                   "in /"
                   "usr/local/bin/x"},
                  {"run ./tests/run", "drivers/home/x", "https://example.org/home/x"});
    require_found(house::machine_paths, "kiosk/config/a.cpp", {},
                  {"folder = \"/"
                   "usr/share/fonts\";"});
}

TEST_CASE("a source that no list names is found", "[house][planted]") {
    const auto rule = house::unlisted_sources;
    const house::File source{"printer/escpos/encode.cpp", ""};
    const auto with_list = [&](const std::string& path, const std::string& text) {
        return rule({{path, text}, source}).size();
    };
    CHECK(rule({source}).size() == 1);
    CHECK(with_list("printer/CMakeLists.txt", "kiosk_room(printer SOURCES layout.cpp)") == 1);
    CHECK(with_list("printer/CMakeLists.txt", "# escpos/encode.cpp") == 1);
    CHECK(with_list("printer/CMakeLists.txt", "kiosk_room(printer SOURCES escpos/encode.cpp)") ==
          0);
    CHECK(with_list("printer/escpos/CMakeLists.txt",
                    "target_sources(printer PRIVATE encode.cpp)") == 0);
    CHECK(with_list("drivers/CMakeLists.txt", "X(${CMAKE_SOURCE_DIR}/printer/escpos/encode.cpp)") ==
          0);
    CHECK(with_list("drivers/CMakeLists.txt", "X(escpos/encode.cpp)") == 1);
    CHECK(rule({{"printer/CMakeLists.txt", "file(GLOB all *.cpp)"}}).size() == 1);
    CHECK(rule({{"tests/fuzz/CMakeLists.txt", "kiosk_fuzz(form_fuzz LIBS x)"},
                {"tests/fuzz/form_fuzz.cpp", ""}})
              .empty());
}

TEST_CASE("a test without a kind is found", "[house][planted]") {
    CHECK(house::tests_without_kind({test_file("[receipt]")}).size() == 1);
    CHECK(house::tests_without_kind({test_file("")}).size() == 1);
    CHECK(house::tests_without_kind({test_file("[unit][receipt]")}).empty());
    CHECK(house::tests_without_kind({test_file("[.bench]")}).empty());
}

TEST_CASE("free text on its way into the log is found", "[house][planted]") {
    require_found(house::free_text_in_log, "kiosk/app/a.cpp",
                  {"log.write(e, {{f, base::Word::of_enumerator(name)}});",
                   "Word::of_enumerator( card.name.view() );"},
                  {"Word::of_enumerator(to_string(step));",
                   "base::Word::of_enumerator(base::to_string(error.code))",
                   "static Word of_enumerator(std::string_view name) { return Word(name); }"});
}

TEST_CASE("words that get out beside the log are found", "[house][planted]") {
    require_found(house::loose_words, "kiosk/session/a.cpp",
                  {"std::fprintf(stderr, \"%s\", name);", "std::printf(\"%s\", name);",
                   "std::cerr << name;", "std::cout << name;", "::perror(path);",
                   "text = error.what();", "text = error->what();"},
                  {"std::snprintf(text, sizeof text, \"%d\", 7);", "base::say(line);", "what();",
                   "// std::cerr", "const int stdout_of_child = 1;"});
    CHECK(house::loose_words({{"kiosk/app/outbox_commands.cpp", "std::printf(text);"}}).empty());
}

TEST_CASE("a microphone is found", "[house][planted]") {
    require_found(house::audio_capture, "kiosk/app/sound.cpp",
                  {"SDL_OpenAudioDevice(name, 1, &want, &have, 0);",
                   "SDL_OpenAudioDevice(nullptr, SDL_TRUE, &want, &have, 0);",
                   "SDL_OpenAudioDevice(nullptr, kind, &want, &have, 0);",
                   "snd_pcm_open(&pcm, n, SND_PCM_STREAM_CAPTURE, 0);",
                   "pa_simple_new(0, n, PA_STREAM_RECORD, 0, n, &s, 0, 0, 0);"},
                  {"SDL_OpenAudioDevice(nullptr, 0, &want, &have, 0);",
                   "snd_pcm_open(&pcm, n, SND_PCM_STREAM_PLAYBACK, 0);"});
}

TEST_CASE("a refusal that nothing names is found", "[house][planted]") {
    const auto faults_of = [](const std::string& tags, const std::string& rows) {
        return house::unnamed_refusals({table(rows), test_file(tags)}).size();
    };
    const auto without_g7 = rows_except("G7");
    const auto part_row = without_g7 + "G7 | part | not yet: the rest\n";
    const auto whole_row = without_g7 + "G7 | whole | not yet: all of it\n";

    CHECK(faults_of("[unit]", whole_row) == 0);
    CHECK(faults_of("[unit][refusal][G7]", without_g7) == 0);
    CHECK(faults_of("[unit][refusal][G7]", part_row) == 0);

    SECTION("neither tested nor in the table") {
        CHECK(faults_of("[unit]", without_g7) == 1);
    }
    SECTION("both tested and in the table") {
        CHECK(faults_of("[unit][refusal][G7]", whole_row) == 1);
    }
    SECTION("said to miss a part, but nothing is tested") {
        CHECK(faults_of("[unit]", part_row) == 1);
    }
    SECTION("a hidden test does not count, nor one that may fail") {
        CHECK(faults_of("[.slow][refusal][G7]", without_g7) == 1);
        CHECK(faults_of("[unit][!mayfail][refusal][G7]", without_g7) == 1);
    }
    SECTION("a name without the word refusal, and a name that does not exist") {
        CHECK(faults_of("[unit][G7]", whole_row) == 1);
        CHECK(faults_of("[unit][refusal][G25]", whole_row) == 1);
    }
    SECTION("a row that does not say not yet, or names nothing") {
        CHECK(faults_of("[unit]", whole_row + "G8 | whole | later\n") == 1);
        CHECK(faults_of("[unit]", whole_row + "G77 | whole | not yet: x\n") == 1);
    }
    SECTION("a test that stands only in a comment or in a literal") {
        const Files files{
            table(without_g7),
            {"tests/unit/a_test.cpp", "// TEST_CASE(\"a\", \"[unit][refusal][G7]\")\n"},
            {"tests/unit/b_test.cpp", "x(R\"(TEST_CASE(\"a\", \"[unit][refusal][G7]\"))\");\n"}};
        CHECK(house::unnamed_refusals(files).size() == 1);
    }
}

// ---- the tree as it is ----

TEST_CASE("rooms include only along the arrows", "[house]") {
    REQUIRE(tree().size() > 30); // the right folder
    require_none(house::backward_includes(tree()));
}

TEST_CASE("the top level holds what the design draws and nothing else", "[house]") {
    require_none(house::wrong_top_level(house::top_level("."), {}));
}

TEST_CASE("headers have a guard", "[house]") {
    require_none(house::headers_without_guard(tree()));
}

TEST_CASE("all text goes through the text room", "[house]") {
    require_none(house::imgui_text(tree()));
}

TEST_CASE("screens hold no words for people", "[house]") {
    require_none(house::words_in_screens(tree()));
}

TEST_CASE("no parser for dozens of formats is included", "[house]") {
    require_none(house::forbidden_includes(tree()));
}

TEST_CASE("no text reaches a shell", "[house]") {
    require_none(house::shell_calls(tree()));
}

TEST_CASE("time and randomness are passed in", "[house]") {
    require_none(house::own_clock_or_chance(tree()));
}

TEST_CASE("no test waits by the clock", "[house]") {
    require_none(house::sleeps_in_tests(tree()));
}

TEST_CASE("no folder of one machine is written anywhere", "[house]") {
    require_none(house::machine_paths(tree()));
}

TEST_CASE("every source is listed in a CMakeLists.txt", "[house]") {
    require_none(house::unlisted_sources(tree()));
}

TEST_CASE("every test says its kind", "[house]") {
    require_none(house::tests_without_kind(tree()));
}

TEST_CASE("log words are literals or names of enumerators", "[house][refusal][P11]") {
    require_none(house::free_text_in_log(tree()));
}

TEST_CASE("the running kiosk prints nothing but its own words", "[house][refusal][P11]") {
    require_none(house::loose_words(tree()));
    for (const auto& file : tree()) {
        if (file.path != "kiosk/app/commands.cpp") continue;
        const auto begins = file.text.find("int run_kiosk(");
        const auto quiet = file.text.find("base::keep_libraries_quiet();", begins);
        const auto threads = file.text.find("std::async(", begins);
        REQUIRE(begins != std::string::npos);
        CHECK(quiet < threads);
    }
}

TEST_CASE("the program opens no audio capture", "[house][refusal][G7]") {
    require_none(house::audio_capture(tree()));
}

// DESIGN §4.1: the exception from "no frame outside the consented step" has no detector.
TEST_CASE("the technician's mirror of the face camera can reach no network, photo or comparison",
          "[house][refusal][D4.1]") {
    const std::set<std::string> allowed{
        "drivers/camera/camera.hpp",     "face/quality.hpp",
        "kiosk/app/face_mirror.hpp",     "kiosk/app/face_picture.hpp",
        "kiosk/app/own_face_mirror.hpp", "kiosk/base/picture.hpp",
        "kiosk/base/secret.hpp",         "kiosk/present/facts.hpp"};
    int seen = 0;
    for (const auto& file : tree()) {
        const bool is_mirror = file.path.starts_with("kiosk/app/own_face_mirror.") ||
                               file.path.starts_with("kiosk/app/face_mirror.") ||
                               file.path.starts_with("kiosk/app/face_picture.");
        if (!is_mirror) continue;
        ++seen;
        static const std::regex include(R"x(#include "([^"]+)")x");
        for (auto it = std::sregex_iterator(file.text.begin(), file.text.end(), include);
             it != std::sregex_iterator(); ++it) {
            INFO(file.path << " includes " << (*it)[1]);
            CHECK(allowed.contains((*it)[1]));
        }
    }
    CHECK(seen == 5);
}

TEST_CASE("every refusal and safeguard is named by a test or said to be missing", "[house]") {
    require_none(house::unnamed_refusals(tree()));
}

TEST_CASE("the commands of the README can be run", "[house]") {
    for (const auto* script : {"kiosk/demo", "tests/run", "tests/long", ".ci/run", "tests/fuzz/run",
                               "tests/system/release_binary", "kiosk/packaging/install-packages"}) {
        INFO(script);
        CHECK(house::is_executable(script));
    }
}
