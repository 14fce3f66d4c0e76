#include "kiosk/content/store.hpp"

#include "kiosk/base/descriptor.hpp"
#include "kiosk/base/digest.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/file.h>

namespace content {
namespace {

namespace fs = std::filesystem;
using base::Errc;
using base::Error;
using base::Result;

constexpr std::string_view set_manifest = "manifest.json";
constexpr std::size_t state_limit = 4096;
constexpr std::size_t name_digits = 12; // of the digest: chosen, for people to compare

Result<base::Descriptor> lock_folder(const std::string& folder) {
    std::error_code fault;
    fs::create_directories(folder + "/sets", fault);
    if (fault) return Error{Errc::io, "making " + folder + "/sets"};
    base::Descriptor file{::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!file.is_open()) return Error{Errc::io, "opening " + folder + "/lock"};
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        return Error{Errc::locked, "content: another command changes it; try again in a moment"};
    return file;
}

Result<StoreState> parse_state(base::ByteView bytes) {
    const auto json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
    StoreState state;
    try {
        json.at("active").get_to(state.active);
        json.at("previous").get_to(state.previous);
        json.at("givenBack").get_to(state.given_back);
        json.at("highest").get_to(state.highest);
        json.at("highestDigest").get_to(state.highest_digest);
        json.at("starts").get_to(state.starts);
        json.at("proven").get_to(state.is_proven);
    } catch (const nlohmann::json::exception&) {
        return Error{Errc::corrupt, "content: state.json is damaged; the set that came with the "
                                    "program is used until \"kiosk content activate\" names one"};
    }
    return state;
}

std::string text_of(const StoreState& state) {
    return nlohmann::ordered_json{{"active", state.active},
                                  {"previous", state.previous},
                                  {"givenBack", state.given_back},
                                  {"highest", state.highest},
                                  {"highestDigest", state.highest_digest},
                                  {"starts", state.starts},
                                  {"proven", state.is_proven}}
               .dump(2) +
           "\n";
}

// [0-9]+-[0-9a-f]{12}: a name never leads out of the folder.
bool is_set_name(std::string_view name) {
    const auto dash = name.find('-');
    if (dash == 0 || dash == std::string_view::npos) return false;
    const auto digits = name.substr(0, dash), digest = name.substr(dash + 1);
    return digits.find_first_not_of("0123456789") == std::string_view::npos &&
           digits.size() <= 19 && digest.size() == name_digits &&
           digest.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::int64_t version_of(const std::string& name) {
    return std::int64_t(std::strtoll(name.c_str(), nullptr, 10));
}

// Version of the set in a folder; 0: none that can be read.
std::int64_t version_in(const std::string& folder) {
    const auto bytes =
        base::read_file(folder + "/" + std::string(set_manifest), max_manifest_bytes);
    const auto manifest =
        bytes ? read_manifest(*bytes) : Result<Manifest>(Errc::not_found, std::string());
    return manifest ? manifest->version : 0;
}

// The version of each form in a folder, and what tells whether it was changed. What cannot be read
// is refused elsewhere.
struct FormVersion {
    std::string sha256;
    std::int64_t version = 0;
};
std::map<std::string, FormVersion> forms_of(const std::string& folder) {
    std::map<std::string, FormVersion> forms;
    const auto bytes =
        base::read_file(folder + "/" + std::string(set_manifest), max_manifest_bytes);
    const auto manifest =
        bytes ? read_manifest(*bytes) : Result<Manifest>(Errc::not_found, std::string());
    if (!manifest) return forms;
    for (const auto& file : manifest->files) {
        if (!file.name.starts_with("form-")) continue;
        const auto text = base::read_file(folder + "/" + file.name, max_file_bytes);
        if (!text) continue;
        const auto json = nlohmann::json::parse(text->begin(), text->end(), nullptr, false);
        if (!json.is_object() || !json.contains("version")) continue;
        const auto& version = json.at("version");
        if (version.is_number_integer())
            forms[file.name] = {base::sha256_hex(*text), version.get<std::int64_t>()};
    }
    return forms;
}

bool is_as_named(const std::string& path, const ManifestFile& file) {
    const auto bytes = base::read_file(path, max_file_bytes);
    return bytes && bytes->size() == file.length && base::sha256_hex(*bytes) == file.sha256;
}

// Of another set, when that has the very file. A recorded text of 4 MB does not come twice.
std::optional<base::Bytes> same_file_in(const std::string& folder, const ManifestFile& file) {
    const auto path = folder + "/" + file.name;
    std::error_code fault;
    if (fs::file_size(path, fault) != file.length || fault) return {};
    auto bytes = base::read_file(path, max_file_bytes);
    if (!bytes || base::sha256_hex(*bytes) != file.sha256) return {};
    return std::move(bytes).value();
}

} // namespace

std::string Store::path(std::string_view name) const {
    return terms_.folder + "/" + std::string(name);
}

std::string Store::folder_of(std::string_view name) const {
    return path("sets/" + std::string(name));
}

Result<StoreState> Store::state() const {
    const auto bytes = base::read_file(path("state.json"), state_limit);
    if (!bytes && bytes.error().code == Errc::not_found) return StoreState{};
    if (!bytes) return bytes.error();
    auto state = TRY(parse_state(*bytes));
    for (const auto* name : {&state.active, &state.previous})
        if (!name->empty() && !is_set_name(*name))
            return Error{Errc::corrupt, "content: state.json names no set"};
    return state;
}

Result<void> Store::write(const StoreState& state) const {
    return base::write_file_durably(path("state.json"), base::as_bytes(text_of(state)));
}

std::vector<std::string> Store::names() const {
    std::vector<std::string> names;
    std::error_code fault;
    for (const auto& entry : fs::directory_iterator(path("sets"), fault)) {
        auto name = entry.path().filename().string();
        if (is_set_name(name)) names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) {
        return std::pair(version_of(a), a) < std::pair(version_of(b), b);
    });
    return names;
}

Result<Store::Incoming> Store::begin(base::ByteView manifest, base::ByteView signatures,
                                     const std::optional<base::Date>& today) const {
    if (manifest.size() > max_manifest_bytes || signatures.size() > max_signature_bytes)
        return Error{Errc::too_large, "content: the manifest or its signatures"};
    if (terms_.needed < 1 ||
        base::count_signers(set_purpose, manifest, signatures, terms_.keys) < terms_.needed)
        return Error{Errc::unauthorised, "content: not signed by " + std::to_string(terms_.needed) +
                                             " of the district's keys (\"district.contentKeys\")"};
    auto wanted = TRY(read_manifest(manifest));
    base::Date expires;
    if (today && base::parse_date(wanted.expires, expires) && expires < *today)
        return Error{Errc::refused, "content: this set expired on " + wanted.expires};
    const auto digest = base::sha256_hex(manifest);
    const auto lock = TRY(lock_folder(terms_.folder));
    const auto now = state();
    const auto known = now ? *now : StoreState{};
    // What is kept counts as well: a state that was lost must not let an older set in.
    const auto kept = names();
    const auto newest = kept.empty() ? 0 : version_of(kept.back());
    const auto least = std::max({known.highest, newest, version_in(terms_.own_folder)});
    auto name = std::to_string(wanted.version) + "-" + digest.substr(0, name_digits);
    const bool is_known =
        digest == known.highest_digest || std::find(kept.begin(), kept.end(), name) != kept.end();
    if (wanted.version < least || (wanted.version == least && !is_known))
        return Error{Errc::conflict,
                     "content: version " + std::to_string(wanted.version) +
                         " is not newer than version " + std::to_string(least) +
                         ", which this kiosk has; give the set a higher version and sign it again"};
    Incoming incoming(*this, std::move(wanted), digest, std::move(name));
    const auto folder = path("incoming");
    const auto before =
        base::read_file(folder + "/" + std::string(set_manifest), max_manifest_bytes);
    std::error_code fault;
    if (!before || !std::ranges::equal(*before, manifest)) fs::remove_all(folder, fault);
    fs::create_directories(folder, fault);
    if (fault) return Error{Errc::io, "making " + folder};
    TRY(base::write_file_durably(folder + "/" + std::string(signatures_name), signatures));
    TRY(base::write_file_durably(folder + "/" + std::string(set_manifest), manifest));
    return incoming;
}

Result<std::string> Store::install(const std::string& folder,
                                   const std::optional<base::Date>& today) const {
    const auto manifest =
        TRY(base::read_file(folder + "/" + std::string(set_manifest), max_manifest_bytes));
    const auto signatures =
        base::read_file(folder + "/" + std::string(signatures_name), max_signature_bytes);
    if (!signatures && signatures.error().code == Errc::not_found)
        return Error{Errc::unauthorised, "content: there is no " + std::string(signatures_name) +
                                             " in " + folder +
                                             "; sign the set with kiosk content "
                                             "sign"};
    if (!signatures) return signatures.error();
    auto incoming = TRY(begin(manifest, *signatures, today));
    while (const auto file = incoming.wanted()) {
        const auto bytes = TRY(base::read_file(folder + "/" + file->name, max_file_bytes));
        TRY(incoming.put(*file, bytes));
    }
    return incoming.finish();
}

std::optional<ManifestFile> Store::Incoming::wanted() const {
    const auto folder = store_->path("incoming");
    auto known = store_->names();
    for (const auto& file : manifest_.files) {
        const auto path = folder + "/" + file.name;
        if (is_as_named(path, file)) continue;
        auto found = same_file_in(store_->terms_.own_folder, file);
        for (auto name = known.rbegin(); !found && name != known.rend(); ++name)
            found = same_file_in(store_->folder_of(*name), file);
        if (!found || !base::write_file_durably(path, *found)) return file;
    }
    return {};
}

Result<void> Store::Incoming::put(const ManifestFile& file, base::ByteView bytes) const {
    if (bytes.size() != file.length || base::sha256_hex(bytes) != file.sha256)
        return Error{Errc::corrupt, "content: " + file.name + " is not what the manifest says"};
    const auto path = store_->path("incoming") + "/" + file.name;
    TRY(base::write_file_durably(path, bytes));
    // Or it would be wanted for ever.
    if (!is_as_named(path, file))
        return Error{Errc::io, "content: the disk reads back other bytes"};
    return {};
}

// V12: whoever changes a form raises its version, so that a request tells which questions were
// asked. Sets of a lower version are the ones before; a set that was given back counts as well,
// because requests of it are on their way.
std::vector<Finding> Store::broken_versions(const std::string& folder) const {
    std::vector<Finding> broken;
    const auto version = version_in(folder);
    struct Before {
        std::int64_t version;
        std::map<std::string, FormVersion> forms;
    };
    std::vector<Before> before;
    const auto add = [&](const std::string& other) {
        const auto number = version_in(other);
        if (number < version) before.push_back({number, forms_of(other)});
    };
    add(terms_.own_folder);
    for (const auto& name : names()) add(folder_of(name));
    for (const auto& [file, form] : forms_of(folder)) {
        for (const auto& set : before) {
            const auto earlier = set.forms.find(file);
            if (earlier == set.forms.end() || earlier->second.sha256 == form.sha256) continue;
            if (form.version > earlier->second.version) continue;
            broken.push_back({Errc::invalid_input, "V12", file, "/version", "",
                              "the form was changed since set " + std::to_string(set.version) +
                                  ", where it had version " +
                                  std::to_string(earlier->second.version) +
                                  "; give it a higher one"});
            break;
        }
    }
    return broken;
}

// Whoever is told so here need not wait for install to refuse it.
std::vector<Finding> Store::version_not_raised(const std::string& folder) const {
    const auto made = make_manifest(folder), own = make_manifest(terms_.own_folder);
    if (!made || !own || made->version > own->version) return {};
    const auto is_same = [](const ManifestFile& a, const ManifestFile& b) {
        return a.name == b.name && a.sha256 == b.sha256;
    };
    if (std::ranges::equal(made->files, own->files, is_same)) return {};
    return {{Errc::conflict, "set", "manifest.json", "/version", "",
             "kiosks have version " + std::to_string(own->version) +
                 " with other files; give this set a higher one"}};
}

// What the kiosk would meet when it starts with this set (C5).
std::vector<Finding> Store::findings(const std::string& folder, ContentSet::Files files) const {
    auto [set, found] = ContentSet::examine(folder, terms_.app_version, files);
    for (auto& each : broken_versions(folder)) found.push_back(std::move(each));
    if (files == ContentSet::Files::as_they_lie)
        for (auto& each : version_not_raised(folder)) found.push_back(std::move(each));
    if (!set) return found;
    if (set->broken_clips() > 0)
        found.push_back({Errc::corrupt, "set", "", "", "",
                         "content: recorded speech is not what the manifest says"});
    const auto own = ContentSet::open(terms_.own_folder, terms_.app_version);
    // Nothing to compare with: a kiosk without its own set takes a good one.
    for (const auto& key : own ? (*own)->text_keys() : std::vector<std::string>())
        if (!set->has_text(key))
            found.push_back(
                {Errc::invalid_input, "set", "", "", "",
                 "content: the words of \"" + key + "\" are missing, which this program shows"});
    if (terms_.without_room)
        for (auto& each : terms_.without_room(set)) found.push_back(std::move(each));
    return found;
}

Result<void> Store::look_at(const std::string& folder) const {
    const auto found = findings(folder);
    if (!found.empty()) return found.front().error();
    return {};
}

std::vector<Finding> Store::findings_at_start(const std::string& folder) const {
    auto found = ContentSet::examine(folder, terms_.app_version).findings;
    for (auto& each : broken_versions(folder)) found.push_back(std::move(each));
    return found;
}

Result<std::string> Store::Incoming::finish() {
    const auto folder = store_->path("incoming");
    if (const auto missing = wanted())
        return Error{Errc::not_found, "content: " + missing->name + " is missing"};
    const auto lock = TRY(lock_folder(store_->terms_.folder));
    std::error_code fault;
    if (const auto good = store_->look_at(folder); !good) {
        fs::remove_all(folder, fault);
        return good.error();
    }
    // What does not stand in the manifest does not come along.
    std::set<std::string> named{std::string(set_manifest), std::string(signatures_name)};
    for (const auto& file : manifest_.files) named.insert(file.name);
    for (const auto& entry : fs::directory_iterator(folder, fault))
        if (!named.contains(entry.path().filename().string())) fs::remove_all(entry.path(), fault);
    const auto target = store_->folder_of(name_);
    // The same set again: the one that lies there may be in use, and a power cut finds it whole.
    if (store_->look_at(target)) {
        fs::remove_all(folder, fault);
    } else {
        fs::remove_all(target, fault);
        TRY(base::rename_file_durably(folder, target));
    }
    auto state = store_->state().value_or(StoreState{});
    state.highest = manifest_.version;
    state.highest_digest = digest_;
    TRY(store_->write(state));
    for (const auto& name : store_->names())
        if (name != name_ && name != state.active && name != state.previous)
            fs::remove_all(store_->folder_of(name), fault);
    return name_;
}

Result<void> Store::activate(const std::string& name) const {
    if (!is_set_name(name))
        return Error{Errc::not_found, "content: \"" + name + "\" is no name of a set"};
    std::error_code fault;
    if (!fs::is_directory(folder_of(name), fault))
        return Error{Errc::not_found, "content: no set " + name +
                                          " here; kiosk content status names those there are"};
    TRY(look_at(folder_of(name)));
    // It would stand there as active, and every start would pass it over (would_use).
    const auto own = version_in(terms_.own_folder);
    if (version_in(folder_of(name)) <= own)
        return Error{Errc::conflict, "content: " + name + " is not newer than version " +
                                         std::to_string(own) +
                                         ", which came with the program and stays in use; give the "
                                         "set a higher version, sign it and install it"};
    const auto lock = TRY(lock_folder(terms_.folder));
    auto next = state().value_or(StoreState{});
    if (next.active == name) return {};
    next.previous = std::exchange(next.active, name);
    next.starts = 0;
    next.is_proven = false;
    return write(next);
}

Result<StoreState> Store::roll_back() const {
    const auto lock = TRY(lock_folder(terms_.folder));
    auto next = TRY(state());
    if (next.active.empty())
        return Error{Errc::conflict,
                     "content: the set that came with the program is in use; there is none before"};
    next.given_back = std::exchange(next.active, std::exchange(next.previous, ""));
    next.starts = 0;
    next.is_proven = true; // it was in use before
    TRY(write(next));
    return next;
}

Store::Start Store::begin_start() const {
    const auto known = state();
    Start start;
    if (!known || known->active.empty()) return start;
    auto next = *known;
    const auto use = [&](bool was_rolled_back) {
        start = {next.active.empty() ? "" : folder_of(next.active), next.active, was_rolled_back};
    };
    use(false);
    const bool has_failed = !next.is_proven && next.starts >= starts_limit;
    if (has_failed || !findings_at_start(start.folder).empty()) {
        if (auto back = roll_back())
            next = std::move(back).value();
        else
            next.active = next.previous;
        use(true);
        if (!start.folder.empty() && !findings_at_start(start.folder).empty())
            start.folder.clear(), start.name.clear();
        return start;
    }
    if (would_use(next).empty()) return {};
    if (!next.is_proven) {
        const auto lock = lock_folder(terms_.folder);
        ++next.starts;
        if (lock) (void)write(next).has_value(); // not counted where the disk does not write
    }
    return start;
}

// A program that brings a newer set along has come since the active one.
std::string Store::would_use(const StoreState& state) const {
    if (state.active.empty()) return {};
    const bool is_newer = version_in(folder_of(state.active)) > version_in(terms_.own_folder);
    return is_newer ? state.active : std::string();
}

Result<void> Store::prove_start(const std::string& name) const {
    if (name.empty()) return {};
    const auto lock = TRY(lock_folder(terms_.folder));
    auto next = TRY(state());
    if (next.active != name || next.is_proven) return {};
    next.is_proven = true;
    next.starts = 0;
    return write(next);
}

Result<void> sign_set(const std::string& folder, base::ByteView private_key) {
    const auto manifest =
        TRY(base::read_file(folder + "/" + std::string(set_manifest), max_manifest_bytes));
    const auto line = TRY(base::signature_line(set_purpose, manifest, private_key));
    const auto path = folder + "/" + std::string(signatures_name);
    std::string lines;
    if (const auto before = base::read_file(path, max_signature_bytes))
        lines = base::as_text(*before);
    // Signatures of an earlier manifest, and one of this key, make room.
    std::string kept;
    const auto own_key = line.substr(0, line.find(' '));
    for (std::string_view rest = lines; !rest.empty();) {
        const auto each = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), each.size() + 1));
        const auto key = base::from_hex(each.substr(0, each.find(' ')));
        base::Ed25519Key raw{};
        if (!key || key->size() != raw.size() || each.starts_with(own_key)) continue;
        std::copy(key->begin(), key->end(), raw.begin());
        if (base::count_signers(set_purpose, manifest, base::as_bytes(each), std::span(&raw, 1)) ==
            1)
            kept += std::string(each) + "\n";
    }
    return base::write_file_durably(path, base::as_bytes(kept + line));
}

} // namespace content
