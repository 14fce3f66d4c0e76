// What the files of this room share: one session with everything needed to speak about it, and the
// pieces that many screens are made of. Not for other rooms.
#pragma once

#include "kiosk/present/present.hpp"
#include "kiosk/present/words.hpp"
#include "kiosk/staff/area.hpp"

namespace present {

struct Scene {
    Scene(const session::Session& session, const View& view, const Facts& facts);

    const session::Session& session;
    const View& view;
    const Facts& facts;
    const Words say;

    // CHECK that there is one.
    const session::Visit& visit() const;
    const forms::Field& field() const;

    forms::Today today() const { return facts.world.today(); }
    base::Language language() const { return session.language; }
};

// Frame and notes. A note's text stands under `key`, its title under `key`.title.
screens::FrameModel frame(const Scene& scene);
screens::SpokenWords spoken_words(const Scene& scene);
screens::ThreeTexts in_all_languages(const content::ContentSet& content, std::string_view key);
screens::NoteModel note(const Scene& scene, screens::NoteModel::Kind kind, std::string_view key);
// What the screen of this field asks.
std::string asked(const Scene& scene);
// What is wrong with the present answer, in words. Nothing where nothing is wrong.
std::optional<screens::NoteModel> fault_note(const Scene& scene);
// "22 November".
std::string day_words(const Scene& scene, base::Date day); // browse.cpp
// A day that may be years ago: "22 November 2024".
std::string past_day_words(const Scene& scene, base::Date day);
// Telephone, hours and name of the office, as placeholders of a message.
content::ContentSet::Values office_values(const Scene& scene);

// What a form asks for, for the notice screen and for what it says about devices.
bool asks_for_card(const forms::Form& form);
bool needs_pages(const forms::Form& form);

// True for values that run from left to right in every language.
bool is_left_to_right(forms::FieldType type);
// The value of an answer as the person sees it after entry: masked, codes as labels, pages counted.
base::SecretText shown_value(const Scene& scene, const forms::Field& field,
                             const forms::Answer& answer);

// "from the card", and its icon; of what the platform gave also which register and from when.
std::string source_words(const Scene& scene, const forms::Field& field,
                         const forms::Answer& answer);
std::string_view source_icon(forms::Source source);

// The number or text that the person has typed so far.
base::SecretText typed_text(const Scene& scene);

// What the two buttons of a request that was not received do.
struct WaysOn {
    session::Signal primary;
    std::optional<session::Signal> secondary;
};
WaysOn ways_on(const session::Refusal& refusal);

// What this visit left for the counter: signature, values called wrong (receipt.cpp). The same on
// glass and paper. Identity is a line of its own on paper; on glass the result's first sentence.
std::vector<std::string> left_open(const Scene& scene);

// Two strokes at least (spec matters §6, declare.sign).
bool is_signed(const session::Strokes& strokes);

// identity.cpp: can this kiosk and this office do it now?
bool is_way_available(const Scene& scene, std::string_view method);
// A reader for staff cards and a list that is good.
bool takes_staff_cards(const Facts& facts);

// check.cpp: card and PIN of a member of staff, in the staff area and in a visit.
struct Check {
    staff::Purpose purpose;
    const staff::Standing& standing;
    std::size_t typed = 0;                  // digits of the PIN
    std::optional<bool> person_card_lies;   // where the resident's card is needed
    std::optional<base::Errc> card_problem; // what the reader said about that card
};
screens::StaffCheckModel staff_check(const Scene& scene, const Check& check);
// Card, PIN and, where it is needed, the resident's card are there: it may be confirmed.
bool is_check_complete(const Check& check);
// Nobody's staff card is in the reader: the primary button calls somebody.
bool calls_staff(const Check& check);
// Nothing that anybody does here helps: the primary button leads back to the other ways.
bool leads_elsewhere(const Check& check);
// When five wrong PINs or codes are forgotten, as a clock shows it: rounded up, so that it is not
// too early.
std::string unlock_time(const Scene& scene, base::MonotonicTime at);
// The words of staff.problem.X.
screens::NoteModel staff_problem(const Scene& scene, staff::Problem problem);
// A PIN or code after one key; nothing where the key changes nothing.
std::optional<base::SecretText> pin_after(std::string_view pin, const screens::Typed& typed,
                                          std::size_t most);
std::optional<base::SecretText> pin_after(std::string_view pin, screens::EditKey key);
// The same for a receipt number, or for the tail of a telephone number.
std::optional<base::SecretText> entry_after(std::string_view entry, const screens::Typed& typed,
                                            bool is_number);
// witness.cpp: what staff are asked at the step `witness` and under the overlay `assist`.
Check check_in_visit(const Scene& scene);
// Under `assist`: help can be put on record, and is not yet.
bool asks_for_help(const Scene& scene);

// overlays.cpp: the help screen offers the staff area's enrolment page.
inline constexpr std::string_view enrol_way = "enrol";
bool leads_to_enrolment(const Scene& scene);
// The help screen explains the present step.
inline constexpr std::string_view how_way = "how";

// Somebody listens: the kiosk says when the card may be lifted.
bool is_heard(const Scene& scene);

// entry.cpp
screens::Tint tint_from(std::string_view name);
screens::MatterTile matter_tile(const Scene& scene, const content::Matter& matter);
// browse.cpp: "Open now until 19:00."
std::string hours_now(const Scene& scene);
// card.cpp: what the reader says, in words.
void set_card_state(const Scene& scene, const std::optional<base::Errc>& problem,
                    screens::CardModel& model);
// closing.cpp: the text of a consent, with its two ways.
screens::ConsentModel consent_model(const Scene& scene, const content::ConsentText& text);
// enquiry.cpp: may the person go on with what is typed?
bool is_entry_ready(const Scene& scene);
// The ways on where there is no answer.
struct EnquiryWays {
    session::Signal primary;
    session::Signal secondary;
};
EnquiryWays ways_from(const session::Enquiry& enquiry);

// The model of each step and overlay, by file.
screens::ScreenModel attract(const Scene& scene); // entry.cpp
screens::ScreenModel home(const Scene& scene);
screens::ScreenModel groups(const Scene& scene); // browse.cpp
screens::ScreenModel group(const Scene& scene);
screens::ScreenModel notices(const Scene& scene);
screens::ScreenModel opening_hours(const Scene& scene);
screens::ScreenModel number(const Scene& scene); // enquiry.cpp
screens::ScreenModel show_receipt(const Scene& scene);
screens::ScreenModel proof(const Scene& scene);
screens::ScreenModel phone_tail(const Scene& scene);
screens::ScreenModel show_card(const Scene& scene);
screens::ScreenModel asking(const Scene& scene);
screens::ScreenModel status(const Scene& scene);
screens::ScreenModel withdraw(const Scene& scene);
screens::ScreenModel unanswered(const Scene& scene);
screens::ScreenModel todos(const Scene& scene);
screens::ScreenModel notice(const Scene& scene); // entry.cpp
screens::ScreenModel card(const Scene& scene);   // card.cpp
screens::ScreenModel prefill_offer(const Scene& scene);
screens::ScreenModel fetching(const Scene& scene);
screens::ScreenModel prefilled(const Scene& scene);
screens::ScreenModel question(const Scene& scene);     // question.cpp
screens::ScreenModel identity(const Scene& scene);     // identity.cpp
screens::ScreenModel face_consent(const Scene& scene); // face.cpp
screens::ScreenModel face_check(const Scene& scene);
screens::ScreenModel no_card(const Scene& scene);
screens::ScreenModel witness(const Scene& scene); // witness.cpp
screens::ScreenModel scan(const Scene& scene);    // paper.cpp
screens::ScreenModel page_check(const Scene& scene);
screens::ScreenModel pages(const Scene& scene);
screens::ScreenModel review(const Scene& scene); // closing.cpp
screens::ScreenModel declare(const Scene& scene);
screens::ScreenModel signature(const Scene& scene);
screens::ScreenModel submitting(const Scene& scene);
screens::ScreenModel result(const Scene& scene); // ending.cpp
screens::ScreenModel refused(const Scene& scene);
screens::ScreenModel goodbye(const Scene& scene);
screens::ScreenModel wiping(const Scene& scene);
screens::ScreenModel idle(const Scene& scene); // overlays.cpp
screens::ScreenModel other_person(const Scene& scene);
screens::ScreenModel leave(const Scene& scene);
screens::ScreenModel help(const Scene& scene);
screens::ScreenModel assist(const Scene& scene); // witness.cpp
screens::ScreenModel language(const Scene& scene);
screens::ScreenModel voice(const Scene& scene);

} // namespace present
