// Words for people: by key and language from the content set, and for each error code that a
// person may meet. There is no literal word for people anywhere else in the code.
#pragma once

#include "drivers/scanner/gate.hpp"
#include "kiosk/content/content_set.hpp"

#include <memory>

namespace present {

class Words {
public:
    using Values = content::ContentSet::Values;

    Words(std::shared_ptr<const content::ContentSet> content, base::Language language);

    std::string operator()(std::string_view key) const { return content_->text(key, language_); }
    std::string operator()(std::string_view key, const Values& values) const {
        return content_->text(key, language_, values);
    }
    // A sentence with a number of things; `key`.one where there is one and the catalogue has it.
    std::string counted(std::string_view key, std::string_view name, std::int64_t count) const;
    std::string of(const forms::LocalText& text) const { return std::string(text.in(language_)); }
    const content::ContentSet& content() const { return *content_; }

private:
    std::shared_ptr<const content::ContentSet> content_;
    base::Language language_;
};

// The message key for what a device said; with ".title" behind it, the key of the title. Several
// codes share words where the person can do the same about them.
std::string_view card_problem_key(base::Errc code);
std::string_view camera_problem_key(base::Errc code);
// What is wrong with a page, and what to do: KEY.title and KEY.
std::string_view flaw_key(drivers::ScanReason reason);
// Where on the sheet: the end or the beginning of a sentence, as the language has it.
std::string_view place_key(drivers::Place place);

} // namespace present
