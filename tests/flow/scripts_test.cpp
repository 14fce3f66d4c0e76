// Goal: whole visits end as they should, in every language, on real input: card frames, HTTPS,
// receipt bytes, pictures. Method: each script of tests/fixtures/scripts is played on the whole
// kiosk without a window; what the platform received is opened and compared.
#include "kiosk/app/development/headless.hpp"
#include "kiosk/app/face_record.hpp"
#include "kiosk/app/frame_record.hpp"
#include "kiosk/base/bytes.hpp"
#include "kiosk/content/manifest.hpp"
#include "kiosk/staff/audit_check.hpp"
#include "kiosk/staff/audit_files.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path scripts = "tests/fixtures/scripts";

struct Folder {
    fs::path path = fs::temp_directory_path() / ("kiosk-scripts-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

config::Config test_config() {
    config::Config config;
    config.assets_folder = "assets";
    config.content_folder = "assets/content";
    config.pinyin_folder = PINYIN_FOLDER;
    config.handwriting_model = HAND_MODEL;
    return config;
}

// Both cameras, looked at after each frame of the glass: what they gave since the last look belongs
// to the step that is shown now, or was shown then.
class CameraWatch {
public:
    void begin(app::DemoWorld& world) { world_ = &world; }
    void look(const app::Glass& glass, const session::Session& session) {
        const std::string name(glass.screen_name());
        const auto step = session.step;
        see(desk_, world_->camera.frames_taken(), world_->camera.is_open(),
            step == session::Step::scan || step == session::Step::show_receipt ||
                session::watches_desk(session) || name == "staff_camera",
            name);
        see(face_, world_->face.frames_taken(), world_->face.is_mirror_open(),
            step == session::Step::face_check || name == "staff_face_camera", name);
    }
    const std::string& faults() const { return faults_; }
    std::uint64_t desk_frames() const { return desk_.frames; }
    // Some scripts end in the middle of a step: what it gave there is not written down yet.
    bool is_desk_open() const { return desk_.is_open; }
    std::uint64_t face_frames() const { return face_.frames; }

private:
    struct Camera {
        std::uint64_t frames = 0;
        bool was_allowed = false;
        bool is_open = false;
    };
    void see(Camera& camera, std::uint64_t frames, bool is_open, bool is_allowed,
             const std::string& name) {
        const bool has_grown = frames != camera.frames;
        if (is_open && !is_allowed) faults_ += " open at " + name;
        if (has_grown && !is_allowed && !camera.was_allowed) faults_ += " frames at " + name;
        camera = {frames, is_allowed, is_open};
    }
    app::DemoWorld* world_ = nullptr;
    Camera desk_, face_;
    std::string faults_;
};

std::map<std::string, CameraWatch> camera_watches; // by script

base::Result<void> play(const fs::path& script, const fs::path& out) {
    auto& watch = camera_watches[script.stem().string()];
    app::HeadlessSettings settings;
    settings.config = test_config();
    settings.script_file = script.string();
    settings.out_folder = out.string();
    settings.on_start = [&watch](app::DemoWorld& world) { watch.begin(world); };
    settings.on_frame = [&watch](app::Glass& glass, const session::Session& session) {
        watch.look(glass, session);
    };
    return app::run_headless(std::move(settings));
}

// Where a script's results are; it is played once for all tests.
fs::path results_of(const std::string& name) {
    static const Folder folder;
    static std::map<std::string, std::string> errors; // empty: it ended as it says
    const auto out = folder.path / name;
    if (!errors.contains(name)) {
        const auto played = play(scripts / (name + ".json"), out);
        errors[name] = played ? "" : played.error().text();
    }
    INFO(name << ": " << errors[name]);
    REQUIRE(errors[name].empty());
    return out;
}

std::vector<fs::path> files_with(const fs::path& folder, const std::string& extension) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == extension) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

json read_json(const fs::path& file) {
    const auto bytes = base::read_file(file.string());
    REQUIRE(bytes.has_value());
    return json::parse(bytes->begin(), bytes->end());
}

// Key, time and number are different each time, and with them what was sealed.
json without_what_differs(json request) {
    for (const auto* key : {"id", "receiptNo", "confirmedAt", "clock"}) request.erase(key);
    for (auto& consent : request["consents"]) consent.erase("at");
    for (auto& answer : request["answers"])
        if (answer["value"].is_object()) answer["value"].erase("at");
    if (request.contains("applicant") && request["applicant"].contains("identity"))
        request["applicant"]["identity"].erase("at");
    for (auto& attachment : request["attachments"]) attachment.erase("sealedSha256");
    return request;
}

bool has_tool(const std::string& name) {
    for (const auto* folder : {"/usr/bin/", "/bin/"})
        if (fs::exists(folder + name)) return true;
    return false;
}

std::string last_line_with(const fs::path& file, const std::string& word) {
    const auto bytes = base::read_file(file.string());
    REQUIRE(bytes.has_value());
    std::string found;
    std::string line;
    for (const char c : base::as_text(*bytes)) {
        if (c != '\n') {
            line += c;
            continue;
        }
        if (line.find(word) != std::string::npos) found = line;
        line.clear();
    }
    return found;
}

} // namespace

TEST_CASE("every script ends as it says", "[flow][script]") {
    int played = 0;
    for (const auto& entry : fs::directory_iterator(scripts)) {
        const auto name = entry.path().stem().string();
        // The platform holds at most one request of a matter, under the number on the receipt.
        const auto most = name == "another-matter" ? 3u : name.starts_with("add-papers") ? 2u : 1u;
        CHECK(files_with(results_of(name), ".cms").size() <= most);
        ++played;
    }
    REQUIRE(played >= 64);
}

TEST_CASE("in no script a camera is open or gives a frame outside its steps, and each is counted",
          "[flow][script][refusal][G7]") {
    std::uint64_t desk = 0, face = 0;
    for (const auto& entry : fs::directory_iterator(scripts)) {
        const auto name = entry.path().stem().string();
        const auto data = (results_of(name) / "data").string();
        const auto& watch = camera_watches.at(name);
        INFO(name << watch.faults());
        CHECK(watch.faults().empty());
        std::int64_t recorded = 0;
        const auto frames = app::FrameRecord(app::frame_record_file(data)).days();
        REQUIRE(frames);
        for (const auto& day : *frames) recorded += day.frames;
        if (watch.is_desk_open())
            CHECK(recorded < std::int64_t(watch.desk_frames()));
        else
            CHECK(recorded == std::int64_t(watch.desk_frames()));
        std::int64_t faces = 0;
        const auto checks = app::FaceRecord(app::face_record_file(data)).days();
        REQUIRE(checks);
        for (const auto& day : *checks) faces += day.tally.frames;
        CHECK(faces == std::int64_t(watch.face_frames()));
        desk += watch.desk_frames();
        face += watch.face_frames();
    }
    CHECK(desk > 1000);
    CHECK(face > 500);
}

TEST_CASE("a request is the same in every language apart from key, time and number",
          "[flow][script][refusal][G2]") {
    for (const std::string matter :
         {"problem-report", "elderly-allowance", "pension-eligibility"}) {
        std::map<std::string, json> requests;
        for (const std::string language : {"zh", "ug", "en"}) {
            const auto opened = files_with(results_of(matter + "-" + language), ".json");
            REQUIRE(opened.size() == 1);
            requests[language] = without_what_differs(read_json(opened.front()));
        }
        REQUIRE(requests["zh"] == requests["ug"]);
        REQUIRE(requests["zh"] == requests["en"]);
        REQUIRE(requests["zh"]["matter"] == matter);
    }
}

TEST_CASE("papers brought later name the request, the card that was shown, and nobody else",
          "[flow][script][supplement][refusal][G2][G8]") {
    for (const std::string script :
         {"add-papers-zh", "add-papers-en", "add-papers-ug", "add-papers-answer-lost"}) {
        INFO(script);
        const auto opened = files_with(results_of(script), ".json");
        REQUIRE(opened.size() == 2);
        const auto papers = read_json(opened[0]); // NUMBER-supplement-1 stands before NUMBER
        const auto request = read_json(opened[1]);
        CHECK(papers["schema"] == "kiosk-supplement/1");
        CHECK(papers["submissionId"] == request["id"]);
        CHECK(papers["id"] != request["id"]);
        REQUIRE(papers["attachments"].size() == 1);
        CHECK(papers["attachments"][0]["field"] == "doc.added");
        CHECK(papers["attachments"][0]["pages"] == (script == "add-papers-zh" ? 2 : 1));
        CHECK_FALSE(papers.contains("language"));
        CHECK(papers.contains("applicant") == request.contains("applicant"));
        if (!request.contains("applicant")) continue;
        CHECK(papers["applicant"]["idNumber"] == request["applicant"]["idNumber"]);
        CHECK(papers["applicant"]["identity"] ==
              json{{"level", "L1"}, {"method", "possession-only"}});
        CHECK_FALSE(papers["applicant"].contains("name"));
    }
    CHECK(files_with(results_of("add-papers-not-wanted"), ".json").size() == 1);
}

TEST_CASE("the platform receives exactly what was entered", "[flow][script]") {
    const auto out = results_of("elderly-allowance-zh");
    const auto request = read_json(files_with(out, ".json").front());
    std::map<std::string, json> answers;
    for (const auto& answer : request["answers"]) answers[answer["field"]] = answer["value"];
    REQUIRE(answers["person.phone"] == "13800000000");
    REQUIRE(answers["bank.card"] == "9999990000000000121");
    REQUIRE(answers["person.address.current"] == "lantian 2-301");
    REQUIRE(answers["forWhom"] == "family");
    REQUIRE_FALSE(answers.contains("bank.cardAgain")); // asked twice, sent once
    REQUIRE(request["applicant"]["idNumber"] == "659999194003150046");
    REQUIRE(answers["agent.idNumber"] == "659999198802290027");
    // Each paper once, as it lay there, and the signature.
    std::map<std::string, int> pages;
    for (const auto& attachment : request["attachments"]) ++pages[attachment["field"]];
    REQUIRE(pages == std::map<std::string, int>{
                         {"doc.household", 1}, {"doc.mandate", 1}, {"declare.sign", 1}});
    for (std::size_t i = 0; i < request["attachments"].size(); ++i) {
        bool found = false;
        for (const auto& entry : fs::directory_iterator(out)) {
            if (entry.path().filename().string().find("-attachment-") == std::string::npos)
                continue;
            const auto bytes = base::read_file(entry.path().string()).value();
            found = found || base::sha256_hex(bytes) == request["attachments"][i]["sha256"];
        }
        REQUIRE(found);
    }
}

TEST_CASE("a paper is sent as one PDF with its pages, a flaw with its page",
          "[flow][script][scanner]") {
    const auto household_of = [](const std::string& name) {
        const auto out = results_of(name);
        const auto request = read_json(files_with(out, ".json").front());
        json found;
        int count = 0;
        for (const auto& attachment : request["attachments"]) {
            if (attachment["field"] != "doc.household") continue;
            found = attachment;
            ++count;
        }
        REQUIRE(count == 1);
        bool is_there = false;
        for (const auto& file : files_with(out, ".pdf")) {
            const auto bytes = base::read_file(file.string()).value();
            if (base::sha256_hex(bytes) != found["sha256"]) continue;
            is_there = true;
            CHECK(base::as_text(bytes).substr(0, 5) == "%PDF-");
            // What the gate lets through, not the whole frame: 200 kB a page at most.
            CHECK(bytes.size() <= std::size_t(found["pages"].get<int>()) * 200'000);
        }
        CHECK(is_there);
        CHECK(found["mediaType"] == "application/pdf");
        return found;
    };
    for (const std::string language : {"zh", "ug", "en"}) {
        const auto two = household_of("scan-by-itself-" + language);
        CHECK(two["page"] == 1);
        CHECK(two["pages"] == 2);
        CHECK_FALSE(two.contains("flaws"));
    }
    const auto flawed = household_of("scan-used-anyway");
    CHECK(flawed["pages"] == 1);
    CHECK(flawed["flaws"] == json::array({json{{"page", 1}, {"reason", "glare"}}}));
}

TEST_CASE("confirmed by staff or at the counter, a matter takes the same screens, one more or less",
          "[flow][script][refusal][D4.2]") {
    const auto screens = [](const std::string& name) {
        // The staff's own screens before the visit are not the resident's.
        int count = 0;
        for (const auto& picture : files_with(results_of(name), ".png"))
            count += int(picture.filename().string().find("staff_") == std::string::npos &&
                         picture.filename().string().find("receipt") == std::string::npos);
        return count;
    };
    // The welcome screen comes once more where somebody of the staff logged in before.
    const int by_counter = screens("pension-eligibility-en") + 1;
    const int by_witness = screens("witness");
    REQUIRE(std::abs(by_witness - by_counter) <= 1);
}

TEST_CASE("a request that staff had a part in says so, and nothing more than that",
          "[flow][script][refusal][G3][G10]") {
    const auto request_of = [](const std::string& name) {
        const auto opened = files_with(results_of(name), ".json");
        REQUIRE(opened.size() == 1);
        return read_json(opened.front());
    };
    const auto witnessed = request_of("witness");
    REQUIRE(witnessed["applicant"]["identity"]["method"] == "staff-witness");
    REQUIRE_FALSE(witnessed.contains("assistedBy"));
    const auto assisted = request_of("assisted");
    REQUIRE(assisted["assistedBy"] == json{{"staffId", "S-1001"}});
    REQUIRE(assisted["applicant"]["identity"]["method"] == "counter-code");
    const auto document = request_of("no-card-document");
    REQUIRE(document["applicant"]["identity"]["method"] == "staff-witness");
    const auto counter = request_of("no-card-counter");
    REQUIRE(counter["applicant"]["identity"]["method"] == "counter-code");
    // Nobody of the staff is named as a witness in what is sent: that stands in the chain.
    for (const auto* each : {&witnessed, &document, &counter})
        REQUIRE(each->dump().find("S-1") == std::string::npos);
    // What went wrong on the way is nobody's business: five wrong PINs leave nothing.
    const auto locked = request_of("wrong-pin-witness");
    auto plain = request_of("pension-eligibility-en");
    REQUIRE(without_what_differs(locked) == without_what_differs(plain));
}

TEST_CASE("what goes wrong with staff cards leaves a whole chain without a word about a resident",
          "[flow][script][refusal][P12]") {
    for (const std::string name :
         {"witness", "assisted", "no-card-document", "wrong-pin", "staff-list-expired",
          "staff-card-pulled-witness", "staff-clock-wrong", "first-installation"}) {
        const auto out = results_of(name);
        const auto audit = (out / "data" / "audit").string();
        const auto device =
            platform::Certificate::load((out / "data" / "demo-keys" / "device.pem").string());
        REQUIRE(device.has_value());
        const auto report = staff::verify_audit(audit, *device);
        INFO(name);
        REQUIRE(report.has_value());
        CHECK_FALSE(report->fault.has_value());
        CHECK(report->signature_checked);
        const auto bytes = base::read_file(audit + "/" + staff::chain_file).value();
        for (const std::string personal : {"65999919500101001X", "阿卜杜热合曼", "古丽",
                                           "13800000000", "zhengyang", "246810", "97531864"})
            CHECK(base::as_text(bytes).find(personal) == std::string_view::npos);
    }
}

TEST_CASE("what the district held is sent as it came and as confirmed, or as it was typed instead",
          "[flow][script][prefill]") {
    const auto phone_in = [](const std::string& name) {
        const auto opened = files_with(results_of(name), ".json");
        REQUIRE(opened.size() == 1);
        const auto request = read_json(opened.front());
        for (const auto& answer : request["answers"])
            if (answer["field"] == "person.phone") return answer;
        return json();
    };
    CHECK(phone_in("prefill-zh") == json{{"field", "person.phone"},
                                         {"value", "13900000017"},
                                         {"source", "platform"},
                                         {"confirmed", true}});
    CHECK(phone_in("prefill-wrong") ==
          json{{"field", "person.phone"}, {"value", "13800000000"}, {"source", "typed"}});
}

TEST_CASE("the code on the paper is the receipt's number", "[flow][script][receipt]") {
    if (!has_tool("zbarimg")) {
        WARN("skipped: zbarimg is not installed");
        return;
    }
    for (const std::string language : {"zh", "ug", "en"}) {
        const auto out = results_of("problem-report-" + language);
        const auto number = files_with(out, ".cms").front().stem().string();
        const auto read = out / "code.txt";
        const auto command = "zbarimg -q --raw '" + (out / "receipt-1.png").string() +
                             "' 2>/dev/null >'" + read.string() + "'";
        REQUIRE(std::system(command.c_str()) == 0); // a test may call a tool
        REQUIRE(last_line_with(read, "").substr(0, number.size()) == number);
    }
}

TEST_CASE("a report about a place sends no command to the card reader", "[flow][refusal][G12]") {
    const auto text = base::read_file((scripts / "problem-report-zh.json").string()).value();
    REQUIRE(base::as_text(text).find("lay_card") == std::string_view::npos);
    // The same visit with a card lying there from the start.
    auto script = json::parse(text.begin(), text.end());
    auto steps = json::array({json{{"lay_card", "pensioner"}}});
    for (const auto& step : script["steps"]) steps.push_back(step);
    script["steps"] = steps;
    const Folder folder;
    const auto file = folder.path / "with-card.json";
    REQUIRE(base::write_file_durably(file.string(), base::as_bytes(script.dump())).has_value());
    app::HeadlessSettings settings;
    settings.config = test_config();
    settings.script_file = file.string();
    settings.out_folder = (folder.path / "out").string();
    settings.on_end = [](const app::DemoWorld& world) { REQUIRE(world.sam.requests().empty()); };
    REQUIRE(app::run_headless(std::move(settings)).has_value());
    const auto request = read_json(files_with(folder.path / "out", ".json").front());
    REQUIRE_FALSE(request.contains("applicant"));
}

TEST_CASE("a character that no face has is told once in the log, without its text", "[flow][app]") {
    // Goal: content with unsupported characters is shown, and staff can find out which they are.
    // Method: a set whose words on every page have two of them, of the newest characters of
    // Unicode, is played, and the log is read.
    const Folder folder;
    const auto content = folder.path / "content-with-unknown-characters";
    fs::copy("assets/content", content);
    auto screens = read_json(content / "screens.json");
    screens["texts"]["rail.leave"]["zh"] = "结束\U000323A0 办\U000323A1 ";
    std::ofstream(content / "screens.json") << screens.dump();
    REQUIRE(content::write_manifest(content.string()));
    app::HeadlessSettings settings;
    settings.config = test_config();
    settings.config.content_folder = content.string();
    settings.script_file = (scripts / "todos-zh.json").string();
    settings.out_folder = (folder.path / "unknown-characters").string();
    const auto played = app::run_headless(std::move(settings));
    INFO((played ? "" : played.error().text()));
    REQUIRE(played);

    const auto bytes =
        base::read_file((folder.path / "unknown-characters/data/log/kiosk.log").string(), 1u << 20);
    REQUIRE(bytes);
    const std::string log(base::as_text(*bytes));
    for (const int code_point : {0x323A0, 0x323A1}) {
        const auto row = "\"code_point\":" + std::to_string(code_point);
        INFO(log);
        const auto first = log.find(row);
        REQUIRE(first != std::string::npos);
        CHECK(log.find(row, first + 1) == std::string::npos);
    }
    CHECK(log.find("结束") == std::string::npos);
}

TEST_CASE("a malformed script is refused in one line that names the step", "[flow][script]") {
    const auto refusal = [](const std::string& text) {
        return app::parse_script(text).error().context;
    };
    REQUIRE(refusal("{\n") == "not valid JSON, line 2");
    REQUIRE(refusal("{}") == "no \"steps\"");
    REQUIRE(refusal(R"({"steps":[{"press":"a"},{"jump":1}]})")
                .find("steps[1]: unknown verb \"jump\"") == 0);
    REQUIRE(refusal(R"({"steps":[{"press":1}]})").find("\"press\" expects text") !=
            std::string::npos);
    REQUIRE(refusal(R"({"steps":[{"wait":-1}]})").find("whole number") != std::string::npos);
    REQUIRE(refusal(R"({"steps":[],"panel":"big"})").find("WIDTHxHEIGHT") != std::string::npos);
    REQUIRE(refusal(R"({"stepz":[]})").find("unknown key \"stepz\"") != std::string::npos);
}
