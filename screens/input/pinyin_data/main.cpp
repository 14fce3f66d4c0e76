// pinyin-data RIME LISTS WORK OUT: compiles librime's data for the kiosk while it is built.
//
// RIME is the folder of Debian's rime-data packages, LISTS our word lists (assets/input/*.txt),
// WORK takes what librime reads, OUT gets what the kiosk opens: compiled dictionary, schema,
// digests.
#include "kiosk/base/bytes.hpp"
#include "kiosk/base/digest.hpp"
#include "screens/input/pinyin_data/phrases.hpp"
#include "screens/input/rime_pinyin.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <rime_api.h>

namespace {

namespace fs = std::filesystem;
using base::Errc;
using base::Error;

constexpr const char* dictionary_head = R"(---
name: kiosk
version: "1"
sort: by_weight
use_preset_vocabulary: true
import_tables:
  - luna_pinyin
...
)";

base::Result<void> write(const fs::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out) return Error{Errc::io, "cannot write " + file.string()};
    return {};
}

// Every surname before every given name: a contact's name then comes at once, not piece by piece.
base::Result<std::vector<input::Phrase>> whole_names(const std::string& folder,
                                                     const input::Readings& readings) {
    const auto surnames = TRY(input::read_phrases(folder + "/surnames.txt", readings));
    const auto given_names = TRY(input::read_phrases(folder + "/given-names.txt", readings));
    std::vector<input::Phrase> names;
    for (const auto& surname : surnames)
        for (const auto& given : given_names)
            names.push_back(
                {surname.text + given.text, surname.pinyin + " " + given.pinyin, given.weight});
    return names;
}

base::Result<void> write_sources(const std::string& rime, const std::string& lists,
                                 const fs::path& work) {
    const auto readings = TRY(input::read_readings(rime + "/luna_pinyin.dict.yaml"));
    std::string dictionary = dictionary_head;
    std::vector<fs::path> files;
    // Which characters can be written by hand is another tool's list, without readings.
    for (const auto& entry : fs::directory_iterator(lists))
        if (entry.path().extension() == ".txt" && entry.path().filename() != "name-characters.txt")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    const auto add = [&dictionary](const std::vector<input::Phrase>& phrases) {
        for (const auto& phrase : phrases)
            dictionary +=
                phrase.text + "\t" + phrase.pinyin + "\t" + std::to_string(phrase.weight) + "\n";
    };
    for (const auto& file : files) add(TRY(input::read_phrases(file.string(), readings)));
    add(TRY(whole_names(lists + "/whole-names", readings)));
    // librime writes the time of a schema into what it compiles: always the same, so that two
    // builds are equal.
    const fs::file_time_type always{};
    for (const auto& entry : fs::directory_iterator(lists + "/schema")) {
        const auto copy = work / entry.path().filename();
        fs::copy(entry.path(), copy);
        fs::last_write_time(copy, always);
    }
    return write(work / "kiosk.dict.yaml", dictionary);
}

base::Result<void> compile(const std::string& rime, const std::string& work,
                           const std::string& out) {
    RimeTraits traits{};
    RIME_STRUCT_INIT(RimeTraits, traits);
    traits.shared_data_dir = rime.c_str();
    traits.user_data_dir = work.c_str();
    traits.prebuilt_data_dir = out.c_str();
    traits.staging_dir = out.c_str();
    traits.distribution_name = traits.distribution_code_name = "kiosk";
    traits.distribution_version = KIOSK_VERSION;
    traits.app_name = "rime.pinyin-data";
    traits.min_log_level = 2;
    traits.log_dir = work.c_str();
    auto& api = *rime_get_api();
    api.setup(&traits);
    api.deployer_initialize(&traits);
    const auto schema = work + "/kiosk.schema.yaml";
    const bool done = api.deploy_config_file("default.yaml", "config_version") != 0 &&
                      api.deploy_schema(schema.c_str()) != 0;
    api.finalize();
    if (!done) return Error{Errc::corrupt, "librime could not compile what is in " + work};
    return {};
}

// librime also compiles characters back to Pinyin, which nothing here asks: it goes.
base::Result<void> write_digests(const fs::path& out) {
    std::string digests;
    for (const auto name : input::pinyin_files) {
        const auto bytes = TRY(base::read_file((out / name).string()));
        digests += base::sha256_hex(bytes) + "  " + std::string(name) + "\n";
    }
    const std::vector<fs::directory_entry> written(fs::directory_iterator(out), {});
    for (const auto& entry : written)
        if (std::find(input::pinyin_files.begin(), input::pinyin_files.end(),
                      entry.path().filename().string()) == input::pinyin_files.end())
            fs::remove_all(entry.path());
    return write(out / input::pinyin_digest_file, digests);
}

base::Result<void> make(const std::string& rime, const std::string& lists, const std::string& work,
                        const std::string& out) {
    for (const auto& folder : {work, out}) {
        fs::remove_all(folder); // librime would keep what it thinks unchanged
        fs::create_directories(folder);
    }
    TRY(write_sources(rime, lists, work));
    TRY(compile(rime, work, out));
    return write_digests(out);
}

} // namespace

int main(int count, char** words) {
    if (count != 5) {
        std::fprintf(stderr, "pinyin-data RIME LISTS WORK OUT\n");
        return 2;
    }
    try {
        const auto made = make(words[1], words[2], words[3], words[4]);
        if (made) return 0;
        std::fprintf(stderr, "pinyin-data: %s\n", made.error().context.c_str());
    } catch (const std::exception& failure) { // of the file system
        std::fprintf(stderr, "pinyin-data: %s\n", failure.what());
    }
    return 1;
}
