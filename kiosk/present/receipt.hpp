// What the paper says (spec matters §8, DESIGN §5): composed here, set in type and printed
// elsewhere.
//
// A receipt carries office, matter, state, number, time, a name masked to its first character, the
// count of papers, what happens next, how to ask, and the version of the form. There is no path
// from an ID number, telephone, address, bank card or identity check to it.
#pragma once

#include "kiosk/base/picture.hpp"
#include "kiosk/present/facts.hpp"
#include "printer/document.hpp"

#include <functional>

namespace present {

// CHECKs that the request was stored: there is a number to print.
printer::Document receipt(const session::Session& session, const Facts& facts);

// What the journal knows of a request after its visit (spec safeguards G5).
struct JournalEntry {
    std::string number; // 12 characters, with or without hyphens
    std::string matter; // id
    base::WallTime at{};
    session::Delivery delivery = session::Delivery::received;
    int form_version = 0; // 0: not known, the line is left out
    // As the platform said just now, instead of what the journal knows.
    std::optional<session::RequestState> state = std::nullopt;
};

// A copy after the visit: marked with its number, without a name line, in the language of who asks
// for it. A matter that the content set no longer has is left out; the number finds it at the
// counter.
printer::Document receipt_copy(const JournalEntry& entry, const content::ContentSet& content,
                               base::Language language, int copy);

// What `status` shows, on paper: a copy with the state as the platform told it, once its number is
// known. CHECKs that there is a status. There is no path from a to-do or a card to it (spec
// safeguards G11).
std::function<printer::Document(int copy)> enquiry_copy(const session::Session& session);

// What comes out after a receipt that may not be whole (spec receipt-printer §5): for whoever finds
// it, in three languages.
printer::Document void_note(std::string_view receipt_number, const content::ContentSet& content);

// About nobody: three scripts, shades and fine lines, a code, and the time.
printer::Document test_slip(const content::ContentSet& content, base::WallTime now);

// Five slips with a mark of the document camera's test each; `mark` has 1 channel.
printer::Document camera_marks(const base::Picture& mark);

// Twelve characters without separators: what the QR code on glass and paper holds.
std::string plain_number(std::string_view receipt_number);

} // namespace present
