// Goal: whatever a kiosk is given at its start, it ends with one line that says what is wrong and
// what to do, and with the right exit code; never with a trace, a code alone, or nothing. Method:
// the program as it was built is run with each thing broken in turn.
#include "drivers/card_reader/simulated_card.hpp"
#include "kiosk/base/bytes.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

const std::string program = KIOSK_PROGRAM;
const std::string sound_script = "tests/fixtures/scripts/problem-report-en.json";

struct Folder {
    fs::path path = fs::temp_directory_path() / ("kiosk-bad-input-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    std::string at(const std::string& name) const { return (path / name).string(); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path / name) << text;
        return at(name);
    }
    std::string read(const std::string& name) const {
        const auto bytes = base::read_file(at(name));
        return bytes ? std::string(base::as_text(*bytes)) : "";
    }
};

// Starts a program without a display. What it says goes to NAME.err of the folder, what it prints
// to NAME, or into `pipe`.
pid_t start(const Folder& folder, Words words, const std::string& name, int pipe = -1) {
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    const auto redirect = [&files](int fd, const std::string& file) {
        ::posix_spawn_file_actions_addopen(&files, fd, file.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                           0600);
    };
    ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (pipe < 0)
        redirect(1, folder.at(name));
    else
        ::posix_spawn_file_actions_adddup2(&files, pipe, 1);
    redirect(2, folder.at(name + ".err"));
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    char* environment[] = {path.data(), nullptr};
    pid_t child = -1;
    REQUIRE(::posix_spawnp(&child, arguments[0], &files, nullptr, arguments.data(), environment) ==
            0);
    ::posix_spawn_file_actions_destroy(&files);
    return child;
}

// The exit code; 128 and the signal's number when one ended it.
int end_of(pid_t child) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct Ending {
    int code = -1;
    std::string said; // on standard error
    std::string printed;
};

Ending run(const Folder& folder, Words words) {
    const int code = end_of(start(folder, std::move(words), "out"));
    return {code, folder.read("out.err"), folder.read("out")};
}

Ending kiosk(const Folder& folder, Words words) {
    words.insert(words.begin(), program);
    return run(folder, std::move(words));
}

Ending play(const Folder& folder, const std::string& script, Words more = {}) {
    Words words{"run", "--headless", "--script", script, "--out", folder.at("results")};
    words.insert(words.end(), more.begin(), more.end());
    return kiosk(folder, std::move(words));
}

// One line of the kiosk's own, with these words in it.
void require_refusal(const Ending& ending, int code, const Words& wanted) {
    INFO("said: " << ending.said);
    CHECK(ending.code == code);
    CHECK(ending.said.starts_with("kiosk: "));
    CHECK(std::count(ending.said.begin(), ending.said.end(), '\n') == 1);
    CHECK(ending.said.size() < 500);
    for (const auto& words : wanted) {
        INFO("wanted: " << words);
        CHECK(ending.said.find(words) != std::string::npos);
    }
    for (const std::string word : {"terminate", "what()", "Aborted", "CHECK failed", "exception"})
        CHECK(ending.said.find(word) == std::string::npos);
}

} // namespace

TEST_CASE("a command line that is not understood says where to look", "[flow][bad_input]") {
    const Folder folder;
    require_refusal(kiosk(folder, {}), 2, {"a command is missing", "kiosk --help"});
    require_refusal(kiosk(folder, {"dance"}), 2, {"dance", "kiosk --help"});
    require_refusal(kiosk(folder, {"run", "--dance"}), 2, {"--dance", "kiosk run --help"});
    require_refusal(kiosk(folder, {"content"}), 2,
                    {"a command is missing", "kiosk content --help"});
    require_refusal(kiosk(folder, {"content", "sign", "there"}), 2, {"KEY"});
    require_refusal(kiosk(folder, {"content", "activate"}), 2, {"SET"});
    require_refusal(kiosk(folder, {"content", "status", "--data", folder.at("absent")}), 1,
                    {"absent", "start the kiosk once"});
    require_refusal(kiosk(folder, {"card", "decode"}), 2, {"FILE"});
    require_refusal(kiosk(folder, {"run", "--windowed", "big"}), 2, {"WIDTHxHEIGHT", "1080x1920"});
    require_refusal(kiosk(folder, {"run", "--headless"}), 2, {"--script FILE", "--out DIR"});
    require_refusal(kiosk(folder, {"run", "--script", sound_script}), 2, {"--headless"});
    require_refusal(kiosk(folder, {"staff"}), 2, {"a command is missing", "kiosk staff --help"});
    require_refusal(kiosk(folder, {"staff", "roster"}), 2, {"FILE"});
    require_refusal(kiosk(folder, {"audit"}), 2, {"a command is missing", "kiosk audit --help"});
    require_refusal(kiosk(folder, {"platform", "serve"}), 2, {"--data DIR"});
    require_refusal(kiosk(folder, {"platform", "serve", "--port", "many"}), 2, {"--port", "many"});
}

TEST_CASE("a recorded card is decoded in every form, and says what is wrong where it is not whole",
          "[flow][bad_input][card_reader]") {
    const Folder folder;
    const auto file = [&](const base::Bytes& bytes) {
        return folder.write("reply", std::string(base::as_text(bytes)));
    };
    const auto decode = [&](const base::Bytes& bytes, Words more = {}) {
        Words words{"card", "decode", file(bytes)};
        words.insert(words.end(), more.begin(), more.end());
        return kiosk(folder, words);
    };
    for (const auto* id :
         {"pensioner", "rare-name", "permit", "foreigner-2017", "foreigner-2023"}) {
        const auto& card = drivers::find_demo_person(id)->card;
        const auto whole = drivers::read_reply(card);
        for (const auto& bytes : {whole, drivers::read_reply(card, 0),
                                  base::to_bytes("0x" + base::to_hex(whole) + "\n")}) {
            for (const auto& more : {Words{}, Words{"--json"}}) {
                const auto ending = decode(bytes, more);
                INFO(id << ": " << ending.said);
                CHECK(ending.code == 0);
                CHECK(ending.said.empty());
                CHECK(ending.printed.find(card.number) != std::string::npos);
                CHECK((ending.printed.front() == '{') == !more.empty());
            }
        }
    }
    const auto whole = drivers::read_reply(drivers::find_demo_person("pensioner")->card);
    require_refusal(decode(base::Bytes(whole.begin(), whole.begin() + 700)), 1,
                    {"ends after 700 of 1295 bytes", "reply:"});
    auto flipped = whole;
    flipped[400] ^= 1;
    require_refusal(decode(flipped), 1, {"damaged", "checksum"});
    require_refusal(decode(base::to_bytes("AAA")), 1, {"odd number"});
    require_refusal(decode(base::to_bytes("a letter")), 1, {"AA AA AA 96 69"});
    require_refusal(decode({}), 1, {"AA AA AA 96 69"});
    require_refusal(decode(drivers::reply_frame(0x41)), 1, {"answered 41"});
    require_refusal(decode(drivers::read_reply(drivers::find_demo_person("pensioner")->card, 1024)),
                    1, {"fingerprint"});
    require_refusal(decode(drivers::read_reply(drivers::find_demo_person("unknown-kind")->card)), 1,
                    {"card type"});
    const auto damaged = decode(flipped, {"--json"});
    CHECK(damaged.code == 1);
    CHECK(damaged.printed.find("\"error\": \"corrupt\"") != std::string::npos);
    const auto contradiction =
        decode(drivers::read_reply(drivers::find_demo_person("inconsistent")->card));
    require_refusal(contradiction, 1, {"contradict", "number_sex"});
    CHECK(contradiction.printed.find("659999199003070022") != std::string::npos);
    require_refusal(kiosk(folder, {"card", "decode", folder.at("nothing")}), 1, {"nothing"});
}

TEST_CASE("every command explains itself", "[flow][bad_input]") {
    const Folder folder;
    const std::vector<Words> commands{{},
                                      {"run"},
                                      {"doctor"},
                                      {"card"},
                                      {"card", "decode"},
                                      {"scan"},
                                      {"receipt"},
                                      {"receipt", "render"},
                                      {"outbox"},
                                      {"outbox", "list"},
                                      {"outbox", "verify"},
                                      {"content"},
                                      {"content", "verify"},
                                      {"content", "validate"},
                                      {"content", "manifest"},
                                      {"content", "sign"},
                                      {"content", "install"},
                                      {"content", "activate"},
                                      {"content", "rollback"},
                                      {"content", "status"},
                                      {"models"},
                                      {"models", "list"},
                                      {"models", "install"},
                                      {"screens"},
                                      {"screens", "capture"},
                                      {"screens", "crawl"},
                                      {"handwriting"},
                                      {"platform"},
                                      {"platform", "serve"},
                                      {"staff"},
                                      {"staff", "code"},
                                      {"staff", "roster"},
                                      {"staff", "status"},
                                      {"audit"},
                                      {"audit", "verify"}};
    for (auto words : commands) {
        words.push_back("--help");
        const auto ending = kiosk(folder, words);
        INFO(words.front());
        CHECK(ending.code == 0);
        CHECK(ending.said.empty());
        CHECK(ending.printed.find("Usage: kiosk") != std::string::npos);
    }
    CHECK(kiosk(folder, {"--version"}).printed == KIOSK_VERSION "\n");
}

TEST_CASE("a line of ink that is none is named, and the other lines are read",
          "[flow][bad_input][handwriting]") {
    const Folder folder;
    const std::string sound = R"({"strokes":[[[5,30],[55,29]]],"label":"1"})";
    const auto good = kiosk(folder, {"handwriting", folder.write("ink", sound + "\n\n" + sound)});
    INFO(good.said);
    CHECK(good.code == 0);
    CHECK(good.said.empty());
    CHECK(good.printed.starts_with(R"({"line":1,"candidates":["一",)"));
    CHECK(good.printed.find("\n"
                            R"({"line":3,"candidates":["一",)") != std::string::npos);

    std::string many = "[0,0]";
    for (int i = 0; i < 4096; ++i) many += ",[1,1]";
    std::string strokes = "[[0,0]]";
    for (int i = 0; i < 64; ++i) strokes += ",[[1,1]]";
    const struct {
        std::string line;
        Words wanted;
    } rows[] = {
        {"{", {"not valid JSON"}},
        {R"([[[1,2]]])", {"\"strokes\""}},
        {R"({"ink":[]})", {"\"strokes\""}},
        {R"({"strokes":7})", {"list of strokes"}},
        {R"({"strokes":[7]})", {"list of points"}},
        {R"({"strokes":[[[1]]]})", {"[x,y]"}},
        {R"({"strokes":[[["1","2"]]]})", {"[x,y]"}},
        {R"({"strokes":[[[1e300,2]]]})", {"too large"}},
        {R"({"strokes":[]})", {"no ink"}},
        {R"({"strokes":[[],[]]})", {"no ink"}},
        {R"({"strokes":[[)" + many + "]]}", {"4096 points"}},
        {R"({"strokes":[)" + strokes + "]}", {"64 strokes"}},
        {R"({"strokes":[[[1,2]]],"field":"date"})", {"\"field\""}},
        {R"({"strokes":[[[1,2]]],"previous":"乌鲁"})", {"\"previous\"", "one character"}},
        {R"({"strokes":[[[1,2]]],"count":0})", {"\"count\"", "1 to 100"}},
    };
    for (const auto& row : rows) {
        const auto file = folder.write("ink", sound + "\n" + row.line + "\n" + sound + "\n");
        const auto ending = kiosk(folder, {"handwriting", file});
        auto wanted = row.wanted;
        wanted.push_back("line 2");
        require_refusal(ending, 1, wanted);
        CHECK(std::count(ending.printed.begin(), ending.printed.end(), '\n') == 2);
    }
    require_refusal(kiosk(folder, {"handwriting", folder.at("absent")}), 1, {"absent"});
    const auto config = folder.write("kiosk.json", R"({"handwriting":"none.model"})");
    require_refusal(kiosk(folder, {"handwriting", folder.at("ink"), "--config", config}), 1,
                    {"handwriting model", "none.model"});
}

TEST_CASE("a configuration that cannot be used says which key and what is expected",
          "[flow][bad_input]") {
    const Folder folder;
    const struct {
        std::string text;
        Words wanted;
    } rows[] = {
        {R"({"kiosc":"K7"})", {"unknown key \"kiosc\"", "known here:", "kiosk,"}},
        {R"({"staff":{"rosterKeys":"a.pem"}})", {"\"staff.rosterKeys\"", "list of paths"}},
        {R"({"staff":{"pinTries":9}})", {"unknown key \"staff.pinTries\"", "rosterKeys"}},
        {R"({"platform":{"adress":"x"}})", {"unknown key \"platform.adress\"", "url"}},
        {"{\n\"kiosk\":", {"not valid JSON, line 2"}},
        {R"({"kiosk":7})", {"\"kiosk\"", "two characters"}},
        {R"({"panel":{"width":9}})", {"\"panel.width\"", "640"}},
        {"[]", {"expects an object"}},
        {R"({"fonts":"none"})", {"none", "install fonts-"}},
        {R"({"assets":"none"})", {"none/theme/tokens.json", "install the kiosk's assets again"}},
        {R"({"district":{"contentKeys":["a.pem"]}})", {"district.contentKeys", "a.pem"}},
        {R"({"district":{"contentSignatures":0}})", {"\"district.contentSignatures\"", "1"}},
        {R"({"content":"none"})", {"none", "put a whole content set there"}},
        {R"({"printer":"none"})", {"printer profile \"none\"", "generic-80"}},
        {R"({"kiosk":"01"})", {"\"kiosk\"", "two characters of"}},
    };
    for (const auto& row : rows) {
        INFO(row.text);
        const auto file = folder.write("kiosk.json", row.text);
        require_refusal(play(folder, sound_script, {"--config", file}), 1, row.wanted);
    }
    require_refusal(kiosk(folder, {"doctor", "--config", folder.at("absent.json")}), 1,
                    {"absent.json", "--config FILE"});
    require_refusal(kiosk(folder, {"doctor", "--config", folder.at("")}), 1, {"regular file"});
}

TEST_CASE("content that is not what its manifest says is refused, each file in turn",
          "[flow][bad_input]") {
    const Folder folder;
    const auto content = folder.at("content");
    const auto config = folder.write("kiosk.json", R"({"content":"content"})");
    int refused = 0;
    for (const auto& entry : fs::directory_iterator("assets/content")) {
        if (entry.path().extension() != ".json") continue;
        for (const bool gone : {false, true}) {
            INFO(entry.path().filename() << (gone ? " gone" : " changed"));
            fs::remove_all(content);
            fs::copy("assets/content", content, fs::copy_options::recursive);
            const auto file = fs::path(content) / entry.path().filename();
            if (gone)
                fs::remove(file);
            else
                fs::resize_file(file, fs::file_size(file) / 2);
            require_refusal(kiosk(folder, {"content", "verify", content}), 1,
                            {entry.path().filename().string(), "whole content set"});
            ++refused;
        }
    }
    CHECK(refused >= 16);
    // The last broken set, met by the application itself.
    require_refusal(play(folder, sound_script, {"--config", config}), 1,
                    {"content", "put a whole content set there"});
}

TEST_CASE("whoever writes content is told what to correct, and the kiosk refuses the same by name",
          "[flow][bad_input][refusal][G1][D4.8]") {
    const Folder folder;
    const auto content = folder.at("content");
    const auto validate = [&](const Words& more = {}) {
        Words words{"content", "validate", content};
        words.insert(words.end(), more.begin(), more.end());
        return kiosk(folder, words);
    };
    const auto report = content + "/form-problem-report.json";
    const auto text_of = [](const std::string& file) {
        const auto bytes = base::read_file(file);
        REQUIRE(bytes.has_value());
        return std::string(base::as_text(*bytes));
    };
    const auto replace = [&](const std::string& file, const std::string& from,
                             const std::string& to) {
        auto text = text_of(file);
        REQUIRE(text.find(from) != text.npos);
        std::ofstream(file) << text.replace(text.find(from), from.size(), to);
    };
    fs::copy("assets/content", content, fs::copy_options::recursive);
    CHECK(kiosk(folder, {"content", "validate"}).code == 0); // the set that came with the program
    auto ending = validate();
    CHECK(ending.code == 0);
    CHECK(ending.printed.find("nothing is wrong") != std::string::npos);
    CHECK(nlohmann::json::parse(validate({"--json"}).printed)["findings"].empty());

    // Changed as an operator does: version and manifest first, then the rest in turn.
    replace(report, "Street lamp", "Your ethnicity");
    replace(report, "\"version\": 1", "\"version\": 2");
    ending = validate();
    CHECK(ending.code == 1);
    CHECK(ending.said.empty());
    for (const auto* words :
         {"V9", "form-problem-report.json, field report.kind", "ethnic",
          "/steps/0/fields/0/options/2/label", "take it out", "kiosk content manifest", "/version",
          "give this set a higher one", "3 to correct"}) {
        INFO(words << " in:\n" << ending.printed);
        CHECK(ending.printed.find(words) != std::string::npos);
    }
    const auto rows = nlohmann::json::parse(validate({"--json"}).printed)["findings"];
    REQUIRE(rows.size() == 3);
    CHECK(rows[0]["rule"] == "V9");
    CHECK(rows[0]["file"] == "form-problem-report.json");
    CHECK(rows[0]["field"] == "report.kind");
    CHECK(rows[0]["place"] == "/steps/0/fields/0/options/2/label");
    CHECK_FALSE(rows[0]["words"].get<std::string>().empty());

    replace(content + "/manifest.json", "\"version\": 1", "\"version\": 2");
    CHECK(kiosk(folder, {"content", "manifest", content}).code == 0);
    // The same set in the kiosk's own place: it does not start with it.
    const auto config = folder.write("kiosk.json", R"({"content":"content"})");
    require_refusal(play(folder, sound_script, {"--config", config}), 1,
                    {"form-problem-report.json", "V9"});
    require_refusal(kiosk(folder, {"content", "sign", content, folder.at("no.key")}), 1,
                    {"no.key"});

    replace(report, "Your ethnicity", "Street lamp");
    CHECK(kiosk(folder, {"content", "manifest", content}).code == 0);
    ending = validate();
    INFO(ending.printed);
    CHECK(ending.code == 0);
    require_refusal(kiosk(folder, {"content", "validate", folder.at("nowhere")}), 1, {"nowhere"});
    require_refusal(kiosk(folder, {"content", "manifest", folder.at("nowhere")}), 1, {"nowhere"});
}

TEST_CASE("files that are no known model are refused by name, and doctor says what is missing",
          "[flow][bad_input][face]") {
    const Folder folder;
    const auto config = folder.write("kiosk.json", R"({"data":"state"})");
    const auto models = [&](const Words& words) {
        Words all{"models", "--config", config};
        all.insert(all.end(), words.begin(), words.end());
        return kiosk(folder, all);
    };
    fs::create_directories(folder.path / "empty");
    require_refusal(models({"install", folder.at("empty")}), 1, {"no model file", "empty"});
    require_refusal(models({"install", folder.at("nowhere")}), 1, {"nowhere"});
    require_refusal(models({"install", "http://models.example/"}), 1, {"expects https://"});
    require_refusal(models({"install", "https://127.0.0.1:9/faces"}), 1,
                    {"https://127.0.0.1:9/faces", "roots"});
    require_refusal(models({"install"}), 2, {"DIR"});
    fs::create_directories(folder.path / "download");
    folder.write("download/face_detection_yunet_2023mar.onnx", "<html>not found</html>");
    const auto refused = models({"install", folder.at("download")});
    CHECK(refused.code == 1);
    CHECK(refused.said.find("refused face_detection_yunet_2023mar.onnx") != std::string::npos);
    CHECK_FALSE(fs::exists(folder.path / "state/models/face_detection_yunet_2023mar.onnx"));
    const auto listed = models({"list"});
    CHECK(listed.code == 0);
    CHECK(listed.printed.find("reid-0095") != std::string::npos);
    CHECK(listed.printed.find("not installed") != std::string::npos);
    CHECK(listed.printed.find("sface") == std::string::npos); // the evaluation program's only
    const auto doctor = kiosk(folder, {"doctor", "--config", config});
    for (const std::string line : {"face models", "face calibration", "face check"}) {
        INFO(line);
        CHECK(doctor.printed.find(line) != std::string::npos);
    }
    CHECK(doctor.printed.find("staff compare faces") != std::string::npos);
}

TEST_CASE("a script that cannot be played names the step and what is known there",
          "[flow][bad_input]") {
    const Folder folder;
    const struct {
        std::string text;
        Words wanted;
    } rows[] = {
        {"{", {"not valid JSON, line 1"}},
        {"[]", {"an object with \"steps\""}},
        {"{}", {"no \"steps\""}},
        {R"({"steps":[],"speed":2})", {"unknown key \"speed\"", "known:"}},
        {R"({"steps":[],"panel":"big"})", {"\"panel\"", "1080x1920"}},
        {R"({"steps":[],"start":"noon"})", {"\"start\"", "2026-11-22T10:31"}},
        {R"({"steps":[{"press":1}]})", {"steps[0]", "\"press\" expects text"}},
        {R"({"steps":[{"wait":0},{"dance":"x"}]})", {"steps[1]", "\"dance\"", "known: press"}},
        {R"({"steps":[{"press":"nothing"}]})", {"steps[0]", "\"nothing\"", "attract/zh"}},
        {R"({"steps":[{"lay_card":"nobody"}]})", {"no such person: nobody", "pensioner"}},
        {R"({"steps":[{"cable":{"toaster":"pulled"}}]})", {"no device \"toaster\"", "camera"}},
        {R"({"steps":[{"put_page":"absent.jpg"}]})", {"absent.jpg"}},
        {R"({"steps":[{"insert_staff_card":"boss"}]})", {"staff card: boss", "known: office"}},
        {R"({"steps":[{"second_staff_card":"boss"}]})", {"staff card: boss", "known: office"}},
        {R"({"steps":[{"roster":"stale"}]})", {"\"roster\"", "\"expired\""}},
        {R"({"steps":[{"wait":0},{"roster":"stale"}]})", {"steps[1]", "\"expired\""}},
        {R"({"steps":[{"clock":"noon"}]})", {"\"clock\"", "\"+DAYS\""}},
        {R"({"steps":[{"clock":"+99999"}]})", {"\"clock\"", "\"+DAYS\""}},
        {R"({"steps":[{"enrolment_code":false}]})", {"\"enrolment_code\" expects true"}},
        {R"({"steps":[{"expect":{"audit":{"slept":1}}}]})", {"no event \"slept\""}},
        {R"({"steps":[{"expect":{"audit":{"confirmed":1}}}]})", {"1 rows \"confirmed\"", "are 0"}},
        {R"({"steps":[{"expect":{"duty":true}}]})", {"steps[0]", "expected staff to be here"}},
        {R"({"steps":[{"platform":"explode"}]})", {"\"explode\"", "known:"}},
        {R"({"steps":[{"expect":{"screen":"home"}}]})", {"expected screen \"home\"", "attract"}},
        {R"({"steps":[{"expect":{"smell":"good"}}]})", {"\"smell\"", "known:"}},
    };
    for (const auto& row : rows) {
        INFO(row.text);
        auto wanted = row.wanted;
        wanted.push_back("script.json");
        require_refusal(play(folder, folder.write("script.json", row.text)), 1, wanted);
    }
    require_refusal(play(folder, folder.at("absent.json")), 1, {"absent.json"});
}

TEST_CASE("files of the kiosk that are damaged, and what staff are told to do",
          "[flow][bad_input]") {
    const Folder folder;
    const auto data = folder.at("data");
    std::filesystem::create_directory(data);
    const auto healthy = kiosk(folder, {"doctor", "--data", data});
    CHECK(healthy.printed.find("print journal    not made yet") != std::string::npos);
    for (const auto* file : {"/outbox.db", "/printing.db"})
        std::ofstream(data + file) << "no database at all\n";
    const auto doctor = kiosk(folder, {"doctor", "--data", data});
    for (const auto* words :
         {"the outbox ", "do not delete it", "the print journal ", "nothing is printed"}) {
        INFO(words << "\n" << doctor.printed);
        CHECK(doctor.printed.find(words) != std::string::npos);
    }
    require_refusal(kiosk(folder, {"outbox", "list", "--data", data}), 1,
                    {"outbox.db is damaged", "do not delete it", "-wal", "start the kiosk again"});
    require_refusal(kiosk(folder, {"outbox", "send", "--data", data}), 1,
                    {"platform.ca", "in the configuration"});
    require_refusal(kiosk(folder, {"platform", "check", "https://localhost:1"}), 2,
                    {"platform.ca", "in the configuration"});
}

TEST_CASE("no data folder, one that cannot be made, and no platform", "[flow][bad_input]") {
    const Folder folder;
    const auto file = folder.write("a-file", "");
    require_refusal(kiosk(folder, {"run"}), 1, {"no data folder", "--data DIR"});
    // Below a file no folder can be made, whoever runs the test.
    require_refusal(kiosk(folder, {"run", "--data", file + "/data"}), 1, {"data folder", file});
    require_refusal(kiosk(folder, {"run", "--demo", "--data", file + "/data"}), 1, {file});
    require_refusal(kiosk(folder, {"platform", "serve", "--data", file + "/data"}), 1, {file});
    require_refusal(kiosk(folder, {"outbox", "list", "--data", folder.at("empty")}), 1,
                    {"no outbox", "empty", "--data DIR"});
    require_refusal(kiosk(folder, {"audit", "verify", "--data", folder.at("empty")}), 1,
                    {"no audit chain", "empty", "--data DIR"});
    require_refusal(kiosk(folder, {"staff", "code", "--data", folder.at("empty")}), 1,
                    {"no data folder", "empty", "--data DIR"});
    require_refusal(kiosk(folder, {"staff", "status", "--data", folder.at("empty")}), 1,
                    {"no district key", "rosterKeys"});
    require_refusal(kiosk(folder, {"run", "--data", folder.at("data")}), 1,
                    {"platform.ca", "configuration"});
    if (::geteuid() == 0) return; // root may write everywhere
    fs::create_directory(folder.at("locked"));
    fs::permissions(folder.at("locked"), fs::perms::owner_read | fs::perms::owner_exec);
    require_refusal(kiosk(folder, {"run", "--data", folder.at("locked/data")}), 1, {"locked"});
}

TEST_CASE("without a display the kiosk says so and ends", "[flow][bad_input]") {
    const Folder folder;
    require_refusal(kiosk(folder, {"run", "--demo", "--data", folder.at("data")}), 1,
                    {"cannot open a window", "DISPLAY"});
}

TEST_CASE("a port that is in use is named; a signal ends the platform that holds it",
          "[flow][bad_input]") {
    const Folder folder;
    const int signal = GENERATE(SIGTERM, SIGINT);
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const auto first = start(folder, {program, "platform", "serve", "--data", folder.at("data")},
                             "first", ends[1]);
    ::close(ends[1]);
    // Waits until the platform has said where it listens, or has ended.
    std::string line;
    for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
    const auto port = line.substr(line.rfind(':') + 1);
    INFO("said: " << line << folder.read("first.err"));
    CHECK(line.starts_with("https://127.0.0.1:"));
    require_refusal(
        kiosk(folder, {"platform", "serve", "--data", folder.at("other"), "--port", port}), 1,
        {"port " + port + " is in use", "choose another"});
    ::kill(first, signal);
    CHECK(end_of(first) == 0);
    ::close(ends[0]);
}

TEST_CASE("a full disk is named", "[flow][bad_input]") {
    const Folder folder;
    const auto disk = folder.at("disk");
    fs::create_directory(disk);
    // A small disk in memory, in a namespace of its own; some containers allow neither.
    const auto on_small_disk = [&](const std::string& size, const std::string& command) {
        return run(folder, {"unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                            "mount -t tmpfs -o size=" + size + " tmpfs '" + disk +
                                "' || exit 99; exec '" + program + "' " + command});
    };
    if (on_small_disk("1m", "--version").code != 0) {
        WARN("skipped: no namespaces of one's own here");
        return;
    }
    const auto script = "run --headless --script " + sound_script + " --out ";
    const auto data = " --data '" + disk + "'";
    const auto results = "'" + folder.at("results") + "'";
    require_refusal(on_small_disk("4k", script + results + data), 1, {"disk", "full"});
    require_refusal(on_small_disk("64k", script + results + data), 1, {disk, "full"});
    // Enough to start: the kiosk itself refuses, politely and on its screen.
    require_refusal(on_small_disk("2m", script + results + data), 1, {"out_of_service"});
    require_refusal(on_small_disk("64k", script + "'" + disk + "'"), 1, {disk});
    require_refusal(on_small_disk("64k", "screens capture --quick --out '" + disk + "'"), 1,
                    {"cannot write " + disk});
}
