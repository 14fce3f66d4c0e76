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
    case Errc::no_card: return "card.problem.no-card";
    case Errc::card_removed: return "card.problem.removed";
    case Errc::card_unreadable:
    case Errc::unsupported: return "card.problem.unreadable";
    case Errc::card_inconsistent:
    case Errc::invalid_input:
    case Errc::corrupt: return "card.problem.inconsistent";
    // The person's own card where another person's is wanted.
    case Errc::conflict: return "card.problem.same-card";
    case Errc::timed_out:
    case Errc::unreachable:
    case Errc::busy:
    case Errc::locked:
    case Errc::unplugged:
    case Errc::device:
    case Errc::bad_frame:
    case Errc::paper_out:
    case Errc::cover_open:
    case Errc::disk_full:
    case Errc::io:
    case Errc::refused:
    case Errc::unauthorised:
    case Errc::not_found:
    case Errc::too_large:
    case Errc::cancelled: return "card.problem.reader";
    }
    return "card.problem.reader";
}

std::string_view camera_problem_key(Errc code) {
    switch (code) {
    // The picture came, but nobody could read it.
    case Errc::invalid_input:
    case Errc::too_large:
    case Errc::corrupt:
    case Errc::bad_frame: return "scan.problem.again";
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
    case Errc::refused:
    case Errc::unauthorised:
    case Errc::conflict:
    case Errc::not_found:
    case Errc::unsupported:
    case Errc::cancelled: return "scan.problem.camera";
    }
    return "scan.problem.camera";
}

} // namespace present
