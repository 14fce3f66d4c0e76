// One content set: forms, matters, texts, consent texts, code lists and the office's card, read
// from a folder with a manifest (DESIGN D10, spec reliability C1, C3).
//
// A session keeps one set from beginning to end (C6), so sets are handed around as
// shared_ptr<const ContentSet>. Every file is compared with its hash before it is parsed.
// Whether its manifest is signed, and which set is active: store.hpp.
#pragma once

#include "kiosk/content/opening_hours.hpp"
#include "kiosk/forms/form.hpp"

#include <atomic>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace content {

using forms::LocalText;

// A row of "what to bring".
struct Bring {
    std::string icon;
    LocalText name;
    LocalText note; // may be empty
};

// The matter of papers that are brought later (spec matters, add-papers): begun with the number of
// the earlier request; its form asks for papers alone.
inline constexpr std::string_view papers_matter = "add-papers";

// What a matter says about itself before anybody shows a card.
struct Matter {
    std::string id;
    std::string icon;  // of assets/icons
    std::string tint;  // colour role of the tile, for instance "catClay"
    std::string group; // id; empty: only on the home screen
    LocalText title;
    LocalText line; // one everyday line under the title
    LocalText time; // to fill in
    LocalText result;
    LocalText cost;
    LocalText who;
    std::vector<Bring> bring;
    std::vector<LocalText> next; // lines of the receipt: what happens now
};

// Matters that belong together, for the page of all matters.
struct Group {
    std::string id;
    std::string icon;
    std::string tint;
    LocalText title;
};

// What the office makes known. Shown from the first to the last day, both included.
struct Notice {
    std::string id;
    LocalText title;
    LocalText text;
    base::Date from{};
    base::Date until{};
};

// Where to go when this kiosk is out of service.
struct OtherKiosk {
    LocalText name;
    LocalText address;
    LocalText way; // how far, in words
    LocalText hours;
};

struct Office {
    LocalText name;
    std::string phone;
    LocalText hours;
    LocalText address;
    OpeningHours opening;
    std::vector<OtherKiosk> others; // nearest first; may be empty
    std::string platform_place;     // the code POST /device/assistance sends
};

struct ConsentText {
    std::string id;
    LocalText title;
    std::vector<LocalText> statements;
    LocalText agree;
    LocalText decline; // empty where the only other way is back
};

// A recorded text: the file `voice.LANGUAGE.KEY.opus` of the set.
struct Clip {
    base::Language language;
    std::string key; // of a text for screens
    std::string file;
};

// Message keys of the fixed notices that staff may show to residents begin with this; the rest is
// the notice's id.
inline constexpr std::string_view local_notice_prefix = "local-notice.";

// One thing that is wrong with a set, for people who write content.
struct Finding {
    base::Errc code = base::Errc::invalid_input;
    std::string rule;  // "V3", "G12"; "kform/1": not written as the vocabulary says; "set": no set
    std::string file;  // "form-residence-proof.json"; empty: of the whole set
    std::string place; // JSON pointer in the file; may be empty
    std::string field; // id of the field there; may be empty
    std::string words; // what is wrong, and what to do
    // "FILE: PLACE: words [RULE]", as errors say it.
    base::Error error() const;
};

class ContentSet {
public:
    // Everything that is wrong with the set in `folder`, by the rules of spec matters §7.2 and the
    // safeguards (kiosk/content/README.md lists them), at least one thing of each file; or the set,
    // when nothing is. V12 needs the sets before: Store::findings().
    struct Examined {
        std::shared_ptr<const ContentSet> set;
        std::vector<Finding> findings;
    };
    // `as_they_lie`: somebody is writing; what does not fit the manifest is one finding more, and
    // each text and each field that is wrong is one. Never of a set that came from elsewhere: there
    // nothing is parsed before its hash fits.
    enum class Files { as_signed, as_they_lie };
    static Examined examine(const std::string& folder, std::string_view app_version = KIOSK_VERSION,
                            Files files = Files::as_signed);
    // The same rules: the error is the first finding.
    // `app_version`: "0.1.0"; a set made for a newer program is refused.
    // Errors: not_found, io, too_large, corrupt (hash, JSON), invalid_input (a rule, named with
    // file and place), unsupported (format or minimum app version).
    static base::Result<std::shared_ptr<const ContentSet>>
    open(const std::string& folder, std::string_view app_version = KIOSK_VERSION);

    std::int64_t version() const { return version_; }
    const std::string& digest() const { return digest_; } // "sha256:..." of the manifest's bytes

    const Office& office() const { return office_; }
    const std::vector<Matter>& matters() const {
        return matters_;
    } // in the order of the home screen
    const Matter* matter(std::string_view id) const;
    const std::vector<Group>& groups() const { return groups_; } // each holds a matter
    const Group* group(std::string_view id) const;
    std::vector<const Matter*> matters_in(std::string_view group) const;
    const std::vector<Notice>& notices() const { return notices_; }
    std::vector<const Notice*> notices_on(base::Date day) const; // the newest first
    const forms::Form* form(std::string_view matter) const;
    const ConsentText* consent(std::string_view id) const;
    const std::string& consent_set_digest() const { return consent_digest_; } // "sha256:..."
    std::int64_t consent_set_version() const { return consent_version_; }

    // The words of a message key. A missing key gives "⟦key⟧", so that nobody overlooks it, and is
    // counted.
    std::string text(std::string_view key, base::Language language) const;
    // With {placeholders} filled, see fill().
    using Values = std::vector<std::pair<std::string, std::string>>;
    std::string text(std::string_view key, base::Language language, const Values& values) const;
    bool has_text(std::string_view key) const;
    // Recorded speech. A clip that is missing, or not what the manifest says, is left out and
    // counted: its text is read by the synthesiser, and the kiosk serves all the same.
    const std::vector<Clip>& clips() const { return clips_; }
    std::size_t broken_clips() const { return broken_clips_; }
    std::size_t missing_texts() const { return missing_.load(); }
    // The same set with every text for people as `change` gives it back: for pseudo-languages,
    // which show what a layout does with words that nobody has written yet.
    using Change = std::function<forms::LocalText(const forms::LocalText&)>;
    std::shared_ptr<const ContentSet> with_texts(const Change& change) const;

    // Message keys in order, for tests that look at every one.
    std::vector<std::string> text_keys() const;
    // Ids of the fixed notices, in order: what follows local_notice_prefix. Ids are
    // [a-z0-9._-]{1,40}, as the audit chain takes them; another one is no notice.
    std::vector<std::string> local_notices() const;

private:
    ContentSet() = default;
    friend class Reader;

    std::int64_t version_{0};
    std::string digest_;
    Office office_;
    std::vector<Matter> matters_;
    std::vector<Group> groups_;
    std::vector<Notice> notices_;
    std::map<std::string, forms::Form, std::less<>> forms_;
    std::map<std::string, ConsentText, std::less<>> consents_;
    std::string consent_digest_;
    std::int64_t consent_version_{0};
    std::map<std::string, LocalText, std::less<>> texts_;
    std::vector<Clip> clips_;
    std::size_t broken_clips_ = 0;
    mutable std::atomic<std::size_t> missing_{0};
};

// Replaces {name} by its value, isolated in every language (text::isolate): without, a phone number
// in a Uyghur sentence is drawn with its halves swapped, and so is a Uyghur name in a Chinese one
// (spec ui §2.5). See text::format_message(). Exposed for texts of forms and matters.
std::string fill(std::string_view text, const ContentSet::Values& values);

} // namespace content
