// Content sets that come after the program was installed (DESIGN D10, spec reliability C1 to C6):
// signed by the district, kept in a folder of their own, one of them active, the one before kept.
//
//   FOLDER/state.json       which set is active, which was before, the newest ever taken over
//   FOLDER/sets/7-0123456789ab/   manifest.json, manifest.sig and the files, all flushed before it
//                           got this name: version, and the beginning of the manifest's SHA-256
//   FOLDER/incoming/        a set that is still coming; goes on where it was after a restart
//
// The set that the program brought along lies elsewhere and is always the last resort. Activation
// is one rename of state.json; the running kiosk takes it up between sessions by starting anew.
// Every change is made under a file lock, so that the operator's commands and the kiosk meet
// safely.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/ed25519.hpp"
#include "kiosk/content/content_set.hpp"
#include "kiosk/content/manifest.hpp"

#include <functional>
#include <optional>

namespace content {

// What a signature of a set is over: these words, then the bytes of manifest.json.
inline constexpr std::string_view set_purpose = "kiosk-content/1\n";
inline constexpr std::string_view signatures_name = "manifest.sig";
// Chosen: a hundred signature lines.
inline constexpr std::size_t max_signature_bytes = 100 * 194;
inline constexpr int starts_limit = 3;                   // C5
inline constexpr base::Milliseconds start_proof{60'000}; // C5: so long is a start that worked

struct StoreTerms {
    std::string folder;
    std::vector<base::Ed25519Key> keys; // of the district; none: no set is taken
    int needed = 2;                     // signatures of different keys (C2)
    std::string app_version = KIOSK_VERSION;
    // The set that the program brought along: what comes must be newer, and have its words.
    std::string own_folder;
    // Texts that have no room on the screens (V6) of a set that can be read; empty: they are not
    // measured. Called where findings() is.
    std::function<std::vector<Finding>(const std::shared_ptr<const ContentSet>&)> without_room;
};

struct StoreState {
    std::string active;         // name below sets/; empty: the program's own set
    std::string previous;       // the same
    std::string given_back;     // the last set that a roll-back took out of use; empty: none
    std::int64_t highest = 0;   // version of the newest set ever taken over
    std::string highest_digest; // of its manifest
    int starts = 0;             // with this set since it became active, until one was proven
    bool is_proven = true;
};

class Store {
public:
    explicit Store(StoreTerms terms) : terms_(std::move(terms)) {}

    // Nothing was ever taken over: the empty state. Errors: io, corrupt (the kiosk then uses the
    // program's own set, and staff put a set in place anew).
    base::Result<StoreState> state() const;
    std::vector<std::string> names() const; // of the sets that are kept, in order of version
    std::string folder_of(std::string_view name) const;

    // Begins to take over the set of this manifest. `signatures` is the text of manifest.sig.
    // `today` is nothing while the clock is not synchronised: then no date refuses (C4, G17).
    // Errors, in this order: too_large, unauthorised (fewer than `needed` keys signed), corrupt,
    // invalid_input, refused (expired), conflict (not newer, or this version with other content),
    // unsupported (for a newer program), disk_full, io, locked (another process takes one over).
    class Incoming;
    base::Result<Incoming> begin(base::ByteView manifest, base::ByteView signatures,
                                 const std::optional<base::Date>& today) const;
    // The same with a folder that holds all of it, whole. Returns the set's name; it is kept, not
    // yet active. Errors: as begin() and Incoming.
    base::Result<std::string> install(const std::string& folder,
                                      const std::optional<base::Date>& today) const;
    // Everything because of which this set would not be taken over, except signatures and dates:
    // ContentSet::examine(), V12 against every set here with a lower version and the program's
    // own, broken recordings, words that this program shows, and texts without room. install() and
    // activate() refuse with the first of it.
    std::vector<Finding> findings(const std::string& folder,
                                  ContentSet::Files files = ContentSet::Files::as_signed) const;
    // Those because of which a start goes back to the set before: words that a newer program shows
    // may be missing then, and texts were measured before the set was used.
    std::vector<Finding> findings_at_start(const std::string& folder) const;
    // The set that a start uses from now on. Errors: not_found, conflict (not newer than the
    // program's own set, which every start would use instead: nothing is changed), io, disk_full,
    // locked, and those of findings() (the set is read whole before).
    base::Result<void> activate(const std::string& name) const;
    // Back to the set before. Errors: conflict (there is none), io, disk_full.
    base::Result<StoreState> roll_back() const;

    // For a start of the program: the folder of the set to use; empty: the program's own. Counts
    // the start, and after starts_limit of them that did not live for start_proof goes back to the
    // set before. Never fails: what cannot be read or written leads to the program's own set.
    struct Start {
        std::string folder;
        std::string name;
        bool was_rolled_back = false;
    };
    Start begin_start() const;
    // The name of the set that a start would use with this state; empty: the program's own. Looks
    // at versions alone.
    std::string would_use(const StoreState& state) const;
    // This start has lived for start_proof, or was ended in good order. Errors: locked (a command
    // changes the store now: try again), io, corrupt, disk_full.
    base::Result<void> prove_start(const std::string& name) const;

private:
    base::Result<void> write(const StoreState& state) const;
    base::Result<void> look_at(const std::string& folder) const;
    std::vector<Finding> broken_versions(const std::string& folder) const;
    std::vector<Finding> version_not_raised(const std::string& folder) const;
    std::string path(std::string_view name) const;

    StoreTerms terms_;
};

// A set on its way: asks for what is missing, looks at what comes, and is taken over whole or not
// at all.
class Store::Incoming {
public:
    const Manifest& manifest() const { return manifest_; }
    const std::string& name() const { return name_; }
    // The next file that is missing; nothing: all are here. Takes files that another set of the
    // store, or the program's own, has already.
    std::optional<ManifestFile> wanted() const;
    // Errors: corrupt (not the length or hash that the manifest says), disk_full, io.
    base::Result<void> put(const ManifestFile& file, base::ByteView bytes) const;
    // All files are here: reads the set as the kiosk would, and keeps it. Returns its name. What
    // breaks a rule is thrown away. Errors: invalid_input (a rule; or words are missing that this
    // program shows), those of ContentSet::open, disk_full, io.
    base::Result<std::string> finish();

private:
    friend class Store;
    Incoming(const Store& store, Manifest manifest, std::string digest, std::string name)
        : store_(&store), manifest_(std::move(manifest)), digest_(std::move(digest)),
          name_(std::move(name)) {}
    const Store* store_;
    Manifest manifest_;
    std::string digest_;
    std::string name_;
};

// Appends a signature to FOLDER/manifest.sig. `private_key`: 32 bytes. Signing twice with one key
// is one signature. Errors: not_found, io, too_large, invalid_input, disk_full.
base::Result<void> sign_set(const std::string& folder, base::ByteView private_key);

} // namespace content
