#include "kiosk/present/words.hpp"

namespace present {

using base::Errc;

Words::Words(std::shared_ptr<const content::ContentSet> content, base::Language language)
    : content_(std::move(content)), language_(language) {
    CHECK(content_ != nullptr);
}

std::string_view card_problem_key(Errc code) {
    switch (code) {
    // Nobody laid a card down in time: no fault of anybody.
    case Errc::no_card: return "card.nothing";
    case Errc::card_removed: return "card.removed";
    // The one that was read already; no module reads it twice before it is lifted.
    case Errc::busy: return "card.lift";
    case Errc::card_unreadable:
    case Errc::unsupported: return "card.unreadable";
    case Errc::card_inconsistent:
    case Errc::invalid_input:
    case Errc::corrupt: return "card.inconsistent";
    // The person's own card where another person's is wanted.
    case Errc::conflict: return "card.same";
    case Errc::timed_out:
    case Errc::unreachable:
    case Errc::locked:
    case Errc::unplugged:
    case Errc::device:
    case Errc::bad_frame:
    case Errc::paper_out:
    case Errc::cover_open:
    case Errc::disk_full:
    case Errc::io:
    case Errc::uncertain:
    case Errc::refused:
    case Errc::unauthorised:
    case Errc::not_found:
    case Errc::too_large:
    case Errc::cancelled: return "card.unplugged";
    }
    return "card.unplugged";
}

std::string_view camera_problem_key(Errc code) {
    switch (code) {
    // The picture came, but nobody could read it.
    case Errc::invalid_input:
    case Errc::too_large:
    case Errc::corrupt:
    case Errc::bad_frame: return "scan.failed";
    case Errc::no_card:
    case Errc::card_removed:
    case Errc::card_unreadable:
    case Errc::card_inconsistent:
    case Errc::timed_out:
    case Errc::unreachable:
    case Errc::busy:
    case Errc::locked:
    case Errc::unplugged:
    case Errc::device:
    case Errc::paper_out:
    case Errc::cover_open:
    case Errc::disk_full:
    case Errc::io:
    case Errc::uncertain:
    case Errc::refused:
    case Errc::unauthorised:
    case Errc::conflict:
    case Errc::not_found:
    case Errc::unsupported:
    case Errc::cancelled: return "scan.unplugged";
    }
    return "scan.unplugged";
}

std::string_view flaw_key(drivers::ScanReason reason) {
    switch (reason) {
    case drivers::ScanReason::nopage: return "scan.flaw.nopage";
    case drivers::ScanReason::cut: return "scan.flaw.cut";
    case drivers::ScanReason::finger: return "scan.flaw.finger";
    case drivers::ScanReason::dark: return "scan.flaw.dark";
    case drivers::ScanReason::blur: return "scan.flaw.blur";
    case drivers::ScanReason::glare: return "scan.flaw.glare";
    case drivers::ScanReason::small: return "scan.flaw.small";
    case drivers::ScanReason::upside_down: return "scan.flaw.upside-down";
    case drivers::ScanReason::wrong_paper: return "scan.flaw.wrong-paper";
    case drivers::ScanReason::two_pages: return "scan.flaw.two-pages";
    // Of files alone: no camera gives them.
    case drivers::ScanReason::unreadable_file:
    case drivers::ScanReason::too_large: return "scan.failed";
    }
    return "scan.failed";
}

std::string_view place_key(drivers::Place place) {
    switch (place) {
    case drivers::Place::upper_left: return "scan.place.upper-left";
    case drivers::Place::top: return "scan.place.top";
    case drivers::Place::upper_right: return "scan.place.upper-right";
    case drivers::Place::left: return "scan.place.left";
    case drivers::Place::middle: return "scan.place.middle";
    case drivers::Place::right: return "scan.place.right";
    case drivers::Place::lower_left: return "scan.place.lower-left";
    case drivers::Place::bottom: return "scan.place.bottom";
    case drivers::Place::lower_right: return "scan.place.lower-right";
    }
    return "scan.place.middle";
}

std::string Words::counted(std::string_view key, std::string_view name, std::int64_t count) const {
    const auto one = std::string(key) + ".one";
    const bool is_one = count == 1 && content_->has_text(one);
    return (*this)(is_one ? std::string_view(one) : key,
                   {{std::string(name), std::to_string(count)}});
}

} // namespace present
