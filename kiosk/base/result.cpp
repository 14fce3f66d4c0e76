#include "kiosk/base/result.hpp"

#include "kiosk/base/own_words.hpp"

#include <cstdlib>

namespace base {

std::string_view to_string(Errc code) {
    switch (code) {
    case Errc::no_card: return "no_card";
    case Errc::card_removed: return "card_removed";
    case Errc::card_unreadable: return "card_unreadable";
    case Errc::card_inconsistent: return "card_inconsistent";
    case Errc::invalid_input: return "invalid_input";
    case Errc::timed_out: return "timed_out";
    case Errc::unreachable: return "unreachable";
    case Errc::busy: return "busy";
    case Errc::locked: return "locked";
    case Errc::unplugged: return "unplugged";
    case Errc::device: return "device";
    case Errc::bad_frame: return "bad_frame";
    case Errc::paper_out: return "paper_out";
    case Errc::cover_open: return "cover_open";
    case Errc::disk_full: return "disk_full";
    case Errc::io: return "io";
    case Errc::uncertain: return "uncertain";
    case Errc::refused: return "refused";
    case Errc::unauthorised: return "unauthorised";
    case Errc::conflict: return "conflict";
    case Errc::not_found: return "not_found";
    case Errc::corrupt: return "corrupt";
    case Errc::too_large: return "too_large";
    case Errc::unsupported: return "unsupported";
    case Errc::cancelled: return "cancelled";
    }
    return "unknown";
}

std::string Error::text() const {
    return std::string(to_string(code)) + ": " + context;
}

void check_failed(const char* condition, const char* file, int line) {
    say(std::string("CHECK failed: ") + condition + " (" + file + ":" + std::to_string(line) + ")");
    std::abort();
}

} // namespace base
