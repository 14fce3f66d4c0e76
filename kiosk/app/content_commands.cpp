#include "kiosk/app/content_commands.hpp"

#include "kiosk/app/content_channel.hpp"

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>

namespace app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::ordered_json;

struct Place {
    config::Config config;
    content::Store store;
};

// `command`: as it is typed, of one that writes; empty: it only looks.
Result<Place> place_of(const CommonOptions& common, const std::string& command = "") {
    auto config = TRY(configuration(common));
    auto terms = TRY(content_terms(config));
    std::error_code fault;
    if (!std::filesystem::is_directory(config.data_folder, fault))
        return Error{Errc::not_found, "no data folder at " + config.data_folder +
                                          "; start the kiosk once, or name another with --data"};
    if (!command.empty()) TRY(config::require_owner(config.data_folder, command));
    return Place{std::move(config), content::Store(std::move(terms))};
}

std::optional<base::Date> day_now() {
    const base::SystemClock clock;
    if (!clock.is_synchronised()) return {};
    return base::local_date(clock.wall());
}

constexpr const char* taken_up = "the kiosk takes it up by itself when nobody is there";

ordered_json row_of(const std::string& place, const std::string& folder, const std::string& name,
                    const std::string& in_use, const std::string& previous) {
    ordered_json row{{"set", name.empty() ? place : name}};
    const auto set = content::ContentSet::open(folder);
    const auto bytes = base::read_file(folder + "/manifest.json", content::max_manifest_bytes);
    const auto manifest =
        bytes ? content::read_manifest(*bytes) : Result<content::Manifest>(bytes.error());
    row["version"] = manifest ? manifest->version : 0;
    row["created"] = manifest ? manifest->created : "";
    row["expires"] = manifest ? manifest->expires : "";
    row["use"] = name == in_use ? "active" : name == previous ? "before" : "kept";
    row["whole"] = set.has_value();
    if (!set) row["fault"] = set.error().context;
    return row;
}

} // namespace

int verify_content(const CommonOptions& common, const std::string& folder) {
    const auto config = configuration(common);
    if (!config) return complain(config.error());
    const auto& where = folder.empty() ? config->content_folder : folder;
    const auto set = content::ContentSet::open(where);
    if (!set)
        return complain(
            {set.error().code,
             set.error().context +
                 "; put a whole content set there, or make its manifest again after a change"});
    std::printf("content version %lld: %zu matters, every file as its hash says, every form read\n",
                static_cast<long long>((*set)->version()), (*set)->matters().size());
    const auto lines = base::read_file(where + "/" + std::string(content::signatures_name),
                                       content::max_signature_bytes);
    if (!lines) {
        std::printf("no signatures beside it\n");
        return exit_ok;
    }
    const auto terms = content_terms(*config);
    if (!terms) return complain(terms.error());
    const auto manifest = base::read_file(where + "/manifest.json", content::max_manifest_bytes);
    if (!manifest) return complain(manifest.error());
    const int signers = base::count_signers(content::set_purpose, *manifest, *lines, terms->keys);
    std::printf("signed by %d of the district's %zu keys, %d are needed\n", signers,
                terms->keys.size(), terms->needed);
    return signers >= terms->needed ? exit_ok : exit_not_ok;
}

int validate_content(const CommonOptions& common, const std::string& folder) {
    const auto config = configuration(common);
    if (!config) return complain(config.error());
    const auto& where = folder.empty() ? config->content_folder : folder;
    std::error_code fault;
    if (!std::filesystem::exists(where + "/manifest.json", fault))
        return complain(
            {Errc::not_found, "no content set in " + where +
                                  " (there is no manifest.json); begin with a copy of " +
                                  config->content_folder});
    const auto found = content::Store(terms_of_writers(*config))
                           .findings(where, content::ContentSet::Files::as_they_lie);
    if (common.json) {
        auto rows = ordered_json::array();
        for (const auto& each : found)
            rows.push_back({{"rule", each.rule},
                            {"file", each.file},
                            {"place", each.place},
                            {"field", each.field},
                            {"words", each.words}});
        std::cout << ordered_json{{"findings", rows}}.dump(2) << '\n';
        return found.empty() ? exit_ok : exit_not_ok;
    }
    for (const auto& each : found) {
        std::printf("%-8s %s", each.rule.c_str(), each.file.c_str());
        if (!each.field.empty()) std::printf(", field %s", each.field.c_str());
        if (!each.place.empty()) std::printf(" (%s)", each.place.c_str());
        std::printf("%s\n         %s\n", each.file.empty() ? "the whole set" : "",
                    each.words.c_str());
    }
    if (found.empty())
        std::printf("nothing is wrong: a kiosk takes this set when it is signed\n");
    else
        std::printf("%zu to correct; no kiosk takes this set until then, whoever signs it. One "
                    "fault may hide another: look again afterwards\n",
                    found.size());
    return found.empty() ? exit_ok : exit_not_ok;
}

int make_content_manifest(const std::string& folder) {
    if (const auto done = content::write_manifest(folder); !done)
        return complain({done.error().code,
                         folder + ": " + done.error().context +
                             "; a folder has a manifest.json with version and dates already"});
    std::printf("made; what was signed before has to be signed again\n");
    return exit_ok;
}

int sign_content(const std::string& folder, const std::string& key_file) {
    auto key = base::load_private_key(key_file);
    if (!key) return complain(key.error());
    const auto set = content::ContentSet::open(folder);
    const auto done = set ? content::sign_set(folder, *key) : base::Result<void>(set.error());
    OPENSSL_cleanse(key->data(), key->size());
    if (!done) return complain({done.error().code, done.error().context + "; nothing was signed"});
    std::printf("signed: version %lld, its manifest and through it every file\n",
                static_cast<long long>((*set)->version()));
    return exit_ok;
}

int install_content(const CommonOptions& common, const std::string& folder, bool activate) {
    const auto place = place_of(common, "kiosk content install");
    if (!place) return complain(place.error());
    const auto name = place->store.install(folder, day_now());
    if (!name) return complain(name.error());
    if (!activate) {
        std::printf("%s is kept; kiosk content activate %s makes it the kiosk's\n", name->c_str(),
                    name->c_str());
        return exit_ok;
    }
    return activate_content(common, *name);
}

int activate_content(const CommonOptions& common, const std::string& name) {
    const auto place = place_of(common, "kiosk content activate");
    if (!place) return complain(place.error());
    if (const auto done = place->store.activate(name); !done) return complain(done.error());
    std::printf("%s is active; %s\n", name.c_str(), taken_up);
    return exit_ok;
}

int roll_back_content(const CommonOptions& common) {
    const auto place = place_of(common, "kiosk content rollback");
    if (!place) return complain(place.error());
    const auto state = place->store.roll_back();
    if (!state) return complain(state.error());
    // The one before may be passed over too: a program with a newer set has come since.
    const auto next = place->store.would_use(*state);
    std::printf("back to %s; %s\n",
                next.empty() ? "the set that came with the program" : next.c_str(), taken_up);
    return exit_ok;
}

int content_status(const CommonOptions& common) {
    const auto place = place_of(common);
    if (!place) return complain(place.error());
    const auto state = place->store.state();
    if (!state) return complain(state.error());
    auto rows = ordered_json::array();
    // What a start uses, not what stands in the file: a newer program passes an older set over.
    const auto in_use = place->store.would_use(*state);
    const auto add = [&](const std::string& label, const std::string& folder,
                         const std::string& name) {
        rows.push_back(row_of(label, folder, name, in_use, state->previous));
    };
    add("program", place->config.content_folder, "");
    for (const auto& name : place->store.names()) add("", place->store.folder_of(name), name);
    bool is_good = true;
    for (const auto& row : rows)
        is_good = is_good && (row["whole"] == true || row["use"] == "kept");
    if (common.json) {
        std::cout << ordered_json{{"sets", rows}, {"givenBack", state->given_back}}.dump(2) << '\n';
        return is_good ? exit_ok : exit_not_ok;
    }
    std::printf("%-24s %8s  %-10s  %-10s  %s\n", "set", "version", "made", "good until", "use");
    for (const auto& row : rows) {
        const auto expires = row["expires"].get<std::string>();
        std::printf("%-24s %8lld  %-10s  %-10s  %s%s\n", row["set"].get<std::string>().c_str(),
                    static_cast<long long>(row["version"].get<std::int64_t>()),
                    row["created"].get<std::string>().c_str(),
                    expires.empty() ? "-" : expires.c_str(), row["use"].get<std::string>().c_str(),
                    row["whole"] == true ? "" : ", damaged");
    }
    if (in_use != state->active)
        std::printf("%s was active and is not newer than the set that came with the program, which "
                    "is used\n",
                    state->active.c_str());
    if (!state->given_back.empty())
        std::printf("%s was taken out of use; the district's next version replaces it\n",
                    state->given_back.c_str());
    return is_good ? exit_ok : exit_not_ok;
}

} // namespace app
