#include "kiosk/app/content_channel.hpp"

#include "kiosk/app/text_room.hpp"

namespace app {

using base::Errc;
using base::Error;
using base::Result;

content::StoreTerms terms_of_writers(const config::Config& config) {
    content::StoreTerms terms;
    terms.folder = config.content_store_folder();
    terms.own_folder = config.content_folder;
    terms.without_room = [config](const auto& set) { return texts_without_room(config, set); };
    return terms;
}

Result<content::StoreTerms> content_terms(const config::Config& config) {
    auto terms = terms_of_writers(config);
    terms.keys = TRY(base::load_public_keys(config.district.content_keys));
    terms.needed = config.district.content_signatures;
    return terms;
}

ContentChannel::ContentChannel(content::StoreTerms terms, const base::Sha256& device,
                               const base::Clock& clock)
    : terms_(terms), store_(std::move(terms)), device_(device), clock_(clock) {}

Result<std::shared_ptr<const content::ContentSet>> ContentChannel::open() {
    start_ = store_.begin_start();
    if (!start_.folder.empty())
        if (auto set = content::ContentSet::open(start_.folder)) return set;
    start_.name.clear();
    return content::ContentSet::open(terms_.own_folder);
}

Result<void> ContentChannel::prove() const {
    return store_.prove_start(start_.name);
}

bool ContentChannel::has_another() const {
    const auto state = store_.state();
    // What this start could not use the next one cannot either.
    if (!state || start_.was_rolled_back || state->active == start_.name) return false;
    // A set that is no newer than the program's own is passed over by every start.
    return store_.would_use(*state) != start_.name;
}

std::optional<base::Date> ContentChannel::today() const {
    if (!clock_.is_synchronised()) return {};
    return base::local_date(clock_.wall());
}

Result<std::optional<std::int64_t>> ContentChannel::sync(platform::Client& line,
                                                         std::stop_token stop) const {
    const std::optional<std::int64_t> nothing;
    const auto offer = line.content_offer();
    if (!offer && offer.error().code == Errc::not_found) return nothing;
    if (!offer) return offer.error();
    const auto known = store_.state().value_or(content::StoreState{});
    if (offer->version <= known.highest || !platform::is_in_trial(*offer, device_)) return nothing;
    // Without a clock that can be believed the day has not come.
    if (offer->not_before && (!today() || *today() < *offer->not_before)) return nothing;
    if (offer->manifest_size > content::max_manifest_bytes)
        return Error{Errc::too_large, "content: the manifest"};
    const auto manifest =
        TRY(line.content_package(offer->manifest_sha256, content::max_manifest_bytes));
    std::string lines;
    for (const auto& signature : offer->signatures) lines += signature + "\n";
    auto incoming = TRY(store_.begin(manifest, base::as_bytes(lines), today()));
    while (const auto file = incoming.wanted()) {
        if (stop.stop_requested()) return Error{Errc::cancelled, "content"};
        const auto bytes = TRY(line.content_package(file->sha256, content::max_file_bytes));
        TRY(incoming.put(*file, bytes));
    }
    const auto name = TRY(incoming.finish());
    TRY(store_.activate(name));
    return std::optional(incoming.manifest().version);
}

} // namespace app
