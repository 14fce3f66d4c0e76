// Content sets from the district's platform: looks what is offered, fetches what is missing, has it
// verified and kept by content::Store, and makes it the set of the next start (spec reliability
// §5). Which set this start uses is decided here too.
#pragma once

#include "kiosk/config/config.hpp"
#include "kiosk/content/store.hpp"
#include "kiosk/platform/client.hpp"

#include <stop_token>

namespace app {

// Where sets are kept, what is asked of them and whose signatures count. Errors: of
// base::load_public_keys.
base::Result<content::StoreTerms> content_terms(const config::Config& config);
// The same without keys, for whoever only writes a set.
content::StoreTerms terms_of_writers(const config::Config& config);

class ContentChannel {
public:
    // `device`: SHA-256 of the kiosk's certificate, for trials on some kiosks. The clock outlives
    // it.
    ContentChannel(content::StoreTerms terms, const base::Sha256& device, const base::Clock& clock);

    // The set of this start: the active one, the one before when that does not work, else the
    // program's own. Errors: of ContentSet::open for the program's own set.
    base::Result<std::shared_ptr<const content::ContentSet>> open();
    // A set that was active did not work, or did not live: open() went back to the one before.
    bool was_given_back() const { return start_.was_rolled_back; }
    // This start has lived long enough, or ends in good order. Errors: of Store::prove_start; the
    // caller tries again.
    base::Result<void> prove() const;
    // Another set than this start's is active: time for a new start, when nobody is here.
    bool has_another() const;

    // Over this line, on its worker: at most some minutes. The version that the next start uses;
    // nothing: there is nothing new for this kiosk, or not yet. What came stays where it ends
    // early. Errors: as Client::content_offer (but not_found), Client::content_package and Store;
    // cancelled.
    base::Result<std::optional<std::int64_t>> sync(platform::Client& line,
                                                   std::stop_token stop) const;

private:
    std::optional<base::Date> today() const;

    content::StoreTerms terms_;
    content::Store store_;
    base::Sha256 device_;
    const base::Clock& clock_;
    content::Store::Start start_;
};

} // namespace app
