// Content sets as a district would make them: copies of the shipped one with another version, words
// and signatures; gone with the test. Keys are 32 times the same byte, of nobody.
#pragma once

#include "kiosk/content/store.hpp"

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unistd.h>

namespace support {

class ContentMaker {
public:
    explicit ContentMaker(
        const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
        static int number = 0;
        path_ =
            parent / ("kiosk-sets-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
        std::filesystem::create_directories(path_);
    }
    ~ContentMaker() { std::filesystem::remove_all(path_); }
    ContentMaker(const ContentMaker&) = delete;
    ContentMaker& operator=(const ContentMaker&) = delete;

    std::string path(const std::string& name) const { return (path_ / name).string(); }

    static base::Bytes private_key(std::uint8_t number) { return base::Bytes(32, number); }
    static std::vector<base::Ed25519Key> district_keys() {
        return {base::public_key_of(private_key(1)).value(),
                base::public_key_of(private_key(2)).value(),
                base::public_key_of(private_key(3)).value()};
    }

    // A set of that version whose home screen greets with `greeting`.
    std::string make(std::int64_t version, const std::string& greeting,
                     std::initializer_list<std::uint8_t> signers,
                     const std::string& expires = "") const {
        const auto folder = path("made-" + std::to_string(++made_));
        std::filesystem::copy("assets/content", folder);
        change(folder, "screens.json", [&](auto& screens) {
            screens["texts"][std::string(greeting_key)]["en"] = greeting;
        });
        change(folder, "manifest.json", [&](auto& manifest) {
            manifest["version"] = version;
            if (!expires.empty()) manifest["expires"] = expires;
        });
        must(content::write_manifest(folder).has_value());
        sign(folder, signers);
        return folder;
    }
    template <class Change>
    static void change(const std::string& folder, const std::string& file, Change change) {
        const auto name = folder + "/" + file;
        nlohmann::ordered_json json;
        std::ifstream(name) >> json;
        change(json);
        std::ofstream(name) << json.dump(1);
    }
    static void sign(const std::string& folder, std::initializer_list<std::uint8_t> signers) {
        for (const auto signer : signers)
            must(content::sign_set(folder, private_key(signer)).has_value());
    }

    content::StoreTerms terms() const {
        return {path("store"), district_keys(), 2, KIOSK_VERSION, "assets/content"};
    }
    static constexpr std::string_view greeting_key = "attract.greeting";

private:
    static void must(bool is_done) {
        if (!is_done) throw std::runtime_error("a content set could not be made");
    }

    std::filesystem::path path_;
    mutable int made_ = 0;
};

} // namespace support
