// Goal: nothing that outlives a visit tells in which language it was: counters, audit rows, log,
// events, heartbeat (spec safeguards G2). Method: one script with staff, a witness, a receipt and a
// word at the goodbye, until the next day's heartbeat, played in each language from the same
// moment; what stands on the disk is compared once what random bytes give is taken out by its
// shape. All people in it are synthetic.
#include "kiosk/app/development/headless.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sqlite3.h>
#include <sstream>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Folder {
    fs::path path = fs::temp_directory_path() / ("kiosk-traces-" + std::to_string(::getpid()));
    Folder() {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

// The witness script with another language, a verdict, and the time until the next day.
fs::path script_in(const fs::path& folder, const std::string& language) {
    json script;
    std::ifstream("tests/fixtures/scripts/witness.json") >> script;
    script["start"] = "2026-11-23T11:00";
    json steps = json::array();
    for (auto& step : script["steps"]) {
        if (step.contains("press") && step["press"] == "attract/en") {
            step["press"] = "attract/" + language;
            // Staff pages are in the language that was chosen last: chosen before them, too.
            steps.insert(steps.begin(),
                         {json{{"press", "attract/" + language}}, json{{"press", "rail/leave"}},
                          json{{"press", "leave/end"}}, json{{"wait", 60}}});
        }
        const bool is_goodbye = step.contains("expect") && step["expect"].contains("screen") &&
                                step["expect"]["screen"] == "goodbye";
        steps.push_back(step);
        if (is_goodbye) steps.push_back({{"press", "goodbye/good"}});
    }
    steps.push_back({{"wait", 14 * 60 * 60}});
    script["steps"] = steps;
    const auto file = folder / (language + ".json");
    std::ofstream(file) << script;
    return file;
}

// Keys, digests, nonces, signatures and numbers are random; so is the last byte or two of a
// signature's length, and with it the length of the sealed request, which is signed. The heartbeat
// goes out at random moments and wakes the kiosk: two visits in one language are not the same to
// the second, nor is the outbox probed as often until the next day.
std::string without_what_is_random(std::string text) {
    static const std::pair<std::regex, const char*> shapes[]{
        {std::regex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "KEY"},
        {std::regex("[0-9a-f]{64,}"), "DIGEST"},
        {std::regex("[A-Za-z0-9+/]{60,}={0,2}"), "SIGNATURE"},
        {std::regex("K7[0-9A-HJ-NP-Z]{10}"), "NUMBER"},
        {std::regex("(submission_stored[^\n]*\"bytes\":)[0-9]+"), "$1"},
        {std::regex("T[0-9:.]{8,12}"), "T"},
        {std::regex("at=[0-9]{13}"), "at="},
        {std::regex("(probe: id=1 count=)[0-9]+"), "$1"},
        {std::regex("\"freeBytes\":[0-9]+"), "\"freeBytes\":0"}};
    for (const auto& [shape, name] : shapes) text = std::regex_replace(text, shape, name);
    return text;
}

// Every table of a database but the sealed requests, and how much paper was used altogether: a sum
// over the visits of a roll.
std::string rows_of(const fs::path& file) {
    static const std::set<std::string_view> is_sealed{"body_sha256", "sealed_bytes", "signer"};
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    const auto ask = [&](const std::string& query) {
        std::string rows;
        const auto add = [](void* text, int count, char** values, char** names) {
            auto& into = *static_cast<std::string*>(text);
            for (int i = 0; i < count; ++i)
                if (!is_sealed.contains(names[i]))
                    into += std::string(names[i]) + "=" + (values[i] ? values[i] : "") + " ";
            into += "\n";
            return 0;
        };
        REQUIRE(sqlite3_exec(database, query.c_str(), add, &rows, nullptr) == SQLITE_OK);
        return rows;
    };
    std::string all;
    std::istringstream tables(ask("SELECT name AS '' FROM sqlite_master WHERE type='table' AND "
                                  "name NOT IN ('payloads','paper')"));
    for (std::string line; std::getline(tables, line);) {
        const auto name = line.substr(1, line.find(' ', 1) - 1);
        all += name + ": " + ask("SELECT * FROM " + name);
    }
    sqlite3_close(database);
    return without_what_is_random(all);
}

// By file: what is kept in words and numbers. Keys and the platform are nobody's here.
std::map<std::string, std::string> traces_in(const fs::path& data) {
    std::map<std::string, std::string> traces;
    for (const auto& entry : fs::recursive_directory_iterator(data)) {
        const auto name = fs::relative(entry.path(), data).string();
        const auto kind = entry.path().extension();
        const bool is_words =
            kind == ".json" || kind == ".jsonl" || kind == ".log" || name == "staff/desk";
        if (entry.is_regular_file() && kind == ".db" && name.find("platform") == std::string::npos)
            traces[name] = rows_of(entry.path());
        if (!entry.is_regular_file() || !is_words) continue;
        traces[name] = without_what_is_random(
            std::string(base::as_text(base::read_file(entry.path().string()).value())));
    }
    return traces;
}

std::map<std::string, std::string> traces_of_a_day(const fs::path& folder,
                                                   const std::string& language) {
    app::HeadlessSettings settings;
    settings.config.assets_folder = "assets";
    settings.config.content_folder = "assets/content";
    settings.config.pinyin_folder = PINYIN_FOLDER;
    settings.config.handwriting_model = HAND_MODEL;
    settings.script_file = script_in(folder, language).string();
    settings.out_folder = (folder / language).string();
    settings.pictures = false;
    std::string heartbeat;
    settings.on_end = [&](const app::DemoWorld& world) {
        heartbeat = world.platform->last_heartbeat();
    };
    const auto played = app::run_headless(settings);
    INFO(language << ": " << (played ? std::string() : played.error().text()));
    REQUIRE(played.has_value());
    auto traces = traces_in(folder / language / "data");
    traces["heartbeat"] = without_what_is_random(heartbeat);
    return traces;
}

} // namespace

TEST_CASE("no counter, audit row, log line, event or heartbeat tells the language of a visit",
          "[flow][script][refusal][G2]") {
    const Folder folder;
    const auto zh = traces_of_a_day(folder.path, "zh");
    // What is compared is there: else two empty days would be equal.
    for (const auto* name : {"events.jsonl", "audit/chain.jsonl", "log/kiosk.log", "staff/desk",
                             "ratings.json", "heartbeat", "outbox.db", "printing.db"}) {
        INFO(name);
        CHECK((zh.contains(name) && !zh.at(name).empty()));
    }
    CHECK(zh.at("audit/chain.jsonl").find("request_signed") != std::string::npos);
    CHECK(zh.at("heartbeat").find("\"<5\"") != std::string::npos);
    for (const std::string language : {"ug", "en"}) {
        const auto other = traces_of_a_day(folder.path, language);
        CHECK(other.size() == zh.size());
        for (const auto& [name, text] : zh) {
            INFO(language << " " << name);
            REQUIRE(other.contains(name));
            CHECK(other.at(name) == text);
        }
    }
}
