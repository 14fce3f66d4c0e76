#include "tests/simulation/watch.hpp"

#include "drivers/scanner/page_pdf.hpp"
#include "kiosk/base/digest.hpp"
#include "kiosk/staff/audit_check.hpp"
#include "kiosk/staff/audit_files.hpp"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>

namespace simulation {
namespace {

using nlohmann::json;
using session::Step;
using namespace std::chrono_literals;

std::string short_key(const std::string& key) {
    return key.substr(0, 8);
}

// The longest a session may outlive its last touch: a long step, the idle question, a farewell,
// the platform's moment (DESIGN §5), and the wipe.
constexpr auto longest_stay = session::long_idle_limit + session::idle_answer_limit +
                              session::papers_limit + session::withdrawal_limit + 1s;

base::Bytes utf16(std::string_view text) {
    base::Bytes out;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        const int tail = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        std::uint32_t c = tail == 0 ? lead : lead & (0x3fu >> tail);
        for (int n = 0; n < tail && i < text.size(); ++n)
            c = c << 6 | (static_cast<unsigned char>(text[i++]) & 0x3fu);
        const auto put = [&](std::uint32_t unit) {
            out.push_back(std::uint8_t(unit));
            out.push_back(std::uint8_t(unit >> 8));
        };
        if (c < 0x10000) {
            put(c);
        } else {
            put(0xd800 + ((c - 0x10000) >> 10));
            put(0xdc00 + ((c - 0x10000) & 0x3ff));
        }
    }
    return out;
}

bool holds(const base::Bytes& hay, base::ByteView needle) {
    return ::memmem(hay.data(), hay.size(), needle.data(), needle.size()) != nullptr;
}

} // namespace

Watch::Watch(Place& place, Trace& trace)
    : place_(place), trace_(trace),
      events_fd_(::open(place.supplies.events_file().c_str(),
                        O_RDONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
    CHECK(events_fd_ >= 0);
}

namespace {

// What the pages of one field become: papers that were found are one PDF, in their order; pictures
// go as they are.
void add_paper(const session::Visit& visit, const forms::Field& field,
               std::vector<std::string>& parts) {
    drivers::PagePdf pdf;
    for (const auto number : session::pages_of(visit, field.id)) {
        const auto& page = visit.pages.at(number);
        if (page.dpi == 0)
            parts.push_back(base::sha256_hex(*page.bytes));
        else if (session::is_card_paper(field))
            CHECK(pdf.add_card_side(*page.bytes, page.dpi));
        else
            CHECK(pdf.add(*page.bytes, page.dpi));
    }
    if (pdf.pages() > 0) parts.push_back(base::sha256_hex(pdf.finish().value()));
}

} // namespace

Watch::~Watch() {
    ::close(events_fd_);
}

void Watch::violate(const std::string& what) {
    trace_.line("VIOLATION " + what);
    violations_.push_back(what);
}

void Watch::note_store(const session::Session& session, const forms::Today& today,
                       const Entered& entered) {
    if (!session.visit) return violate("stores without a visit");
    const auto& visit = *session.visit;
    Request request;
    request.matter = visit.form->matter;
    for (const auto& step : visit.form->steps)
        for (const auto& field : step.fields) {
            const auto* answer = visit.answers.find(field.id);
            const bool is_shown = forms::is_visible(*visit.form, visit.answers, today, field.id);
            if (answer == nullptr) {
                if (is_shown && entered.typed().contains(field.id))
                    violate("lost before storing: " + field.id);
                continue;
            }
            if (!is_shown) continue;
            if (std::holds_alternative<forms::ConsentGiven>(answer->value))
                request.consents.insert(field.id);
            add_paper(visit, field, request.parts);
            if (const auto* signature = std::get_if<forms::Signature>(&answer->value))
                if (signature->picture)
                    request.parts.push_back(
                        base::sha256_hex(*visit.pages.at(*signature->picture).bytes));
            if (as_request_value(field, answer->value).is_null() || !field.repeats.empty())
                continue;
            auto expected = entered.expected(field, answer->source);
            if (expected.is_null()) violate("an answer that nobody gave: " + field.id);
            if (field.term == "person.name")
                request.name = std::move(expected);
            else if (field.term == "person.idNumber")
                request.id_number = std::move(expected);
            else
                request.answers[field.id] = std::move(expected);
        }
    storing_ = std::move(request);
}

void Watch::note_print(const std::string& key) {
    read_events();
    trace_.line("  prints " + short_key(key));
    if (!told_.contains(key)) violate("a receipt of what nobody was told");
    if (++prints_[key] > 1) violate("a second receipt without a mark");
}

void Watch::note_death() {
    read_events();
    if (storing_) unknown_.push_back(*std::exchange(storing_, {}));
    // A COMMIT failed, its frames may be in the file all the same, and the program died before the
    // disk took one more write (kiosk/outbox/README.md). The person was told that it is not
    // certain.
    if (refused_) unknown_.push_back(*std::exchange(refused_, {}));
    wipe_began_.reset();
    card_was_asked_for_ = false;
    card_requests_ = place_.sam.requests().size();
    was_accepted_shown_ = false;
    note_activity();
}

// ---- events
// ---------------------------------------------------------------------------------------

void Watch::read_events() {
    std::string text;
    char some[4096];
    while (true) {
        const auto got = ::pread(events_fd_, some, sizeof some, off_t(events_read_ + text.size()));
        if (got <= 0) break;
        text.append(some, std::size_t(got));
    }
    events_read_ += text.size();
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        const auto event = json::parse(text.substr(at, end - at), nullptr, false);
        at = end + 1;
        if (event.is_object())
            take_event(event);
        else
            violate("an event that is no JSON line");
    }
}

void Watch::take_event(const json& event) {
    trace_.line("  event " + event.dump());
    const auto name = event.value("event", "");
    const auto key = event.value("key", "");
    if (name == "accepted") {
        if (!storing_) return violate("accepted, and nothing was being stored");
        if (!told_.emplace(key, *std::exchange(storing_, {})).second)
            violate("one key for two requests");
    } else if (name == "delivered" && !told_.contains(key) && unknown_.empty()) {
        violate("delivered what nobody was told");
    } else if (name == "session_end") {
        ++sessions_;
        if (!event.value("wiped", false)) violate("a session ended and left data in memory");
    }
}

// ---- after every turn
// -----------------------------------------------------------------------------

void Watch::after_turn(const app::Kiosk& kiosk) {
    read_events();
    if (place_.is_dead()) return; // nobody sees what it still does
    const auto& session = kiosk.session();
    check_session(session);
    check_card_silence(session);
    if (storing_ && session.step == Step::refused && session.visit && session.visit->refusal) {
        using Reason = session::Refusal::Reason;
        // Whoever was told "not received" has none; of the other nobody knows yet.
        if (session.visit->refusal->reason == Reason::unsure)
            refused_ = std::exchange(storing_, {});
        if (session.visit->refusal->reason == Reason::storage) storing_.reset();
    }
    if (refused_ && kiosk.facts().accepting) refused_.reset(); // a write worked: it is buried
    if (session.step == Step::attract) check_nobody(session);
    if (session.step != Step::attract && place_.clock.now() - last_activity_ > longest_stay)
        violate("a session stays behind its person, in " +
                std::string(session::to_string(session.step)));
    const bool may_look = session.step == Step::scan || session.step == Step::show_receipt ||
                          session::watches_desk(session);
    if (place_.camera.is_open() && !may_look) violate("the camera is open outside a scan");
}

void Watch::check_session(const session::Session& session) {
    if (session.step == Step::wipe) {
        if (!wipe_began_) wipe_began_ = place_.clock.now();
        if (place_.clock.now() - *wipe_began_ > 1s) violate("a wipe of more than a second");
    } else {
        wipe_began_.reset();
    }
    if (!session.visit) {
        was_accepted_shown_ = false;
        return;
    }
    const auto& visit = *session.visit;
    const bool says_received = session.step == Step::sending || session.step == Step::result ||
                               visit.delivery != session::Delivery::none || !visit.receipt.empty();
    if (!says_received) return;
    const auto told = told_.find(visit.key);
    if (told == told_.end()) return violate("shown as received without being accepted");
    if (told->second.receipt_no.empty()) told->second.receipt_no = visit.receipt;
    if (told->second.receipt_no != visit.receipt) violate("a receipt number that changes");
    if (visit.delivery != session::Delivery::accepted || was_accepted_shown_) return;
    was_accepted_shown_ = true;
    const auto received = place_.platform->submissions();
    if (std::none_of(received.begin(), received.end(),
                     [&](const auto& one) { return one.key == visit.key; }))
        violate("shown as accepted, and the platform knows nothing");
}

void Watch::check_nobody(const session::Session& session) {
    if (session.visit || session.card || !session.remembered.empty())
        violate("somebody's data behind the end of the session");
    if (base::SessionArena::instance().in_use() != 0) violate("the arena is not empty");
    if (place_.camera.is_open()) violate("the camera is open and nobody is here");
}

// G12: not one command while the matter at hand needs no card, and none about a card in a session
// that never came to a card step. A reader that did not work is asked how it is; and while nobody
// is here, whether the card of a visit that ended lies there still (P9).
void Watch::check_card_silence(const session::Session& session) {
    constexpr std::uint16_t status = 0x11ff;
    constexpr std::uint16_t module_number = 0x12ff;
    constexpr std::uint16_t still_lies = 0x3003;
    const bool may_lie = card_may_lie_ && session.step == Step::attract;
    const auto requests = place_.sam.requests();
    const bool spoke = requests.size() != card_requests_;
    const bool about_a_card =
        std::any_of(requests.begin() + std::ptrdiff_t(std::min(card_requests_, requests.size())),
                    requests.end(), [&](std::uint16_t request) {
                        return request != status && request != module_number &&
                               !(may_lie && request == still_lies);
                    });
    card_requests_ = requests.size();
    const bool is_l0 = session.visit && session.visit->form != nullptr &&
                       session.visit->form->identity == forms::IdentityLevel::l0;
    if ((spoke && is_l0) || (about_a_card && !card_was_asked_for_))
        violate("the card reader was asked in a matter without a card, in " +
                std::string(session::to_string(session.step)));
    if (session.step != Step::attract) return;
    card_may_lie_ = card_may_lie_ || card_was_asked_for_;
    card_was_asked_for_ = false;
}

void Watch::search_disk(const Entered& entered) {
    if (entered.personal().empty()) return;
    for (const auto* file : {"outbox.db", "outbox.db-wal"}) {
        const auto bytes = place_.disk.contents(file);
        if (bytes.empty()) continue;
        for (const auto& text : entered.personal())
            if (holds(bytes, base::as_bytes(text)) || holds(bytes, utf16(text)))
                return violate("a value about a person stands readable in " + std::string(file));
    }
}

// ---- the end
// --------------------------------------------------------------------------------------

void Watch::at_the_end(const outbox::Outbox& outbox) {
    read_events();
    std::map<std::string, int> arrived;
    std::size_t nobody_told = 0;
    for (const auto& one : place_.platform->submissions()) {
        ++arrived[one.key];
        trace_.line("  platform has " + short_key(one.key));
        const auto told = told_.find(one.key);
        if (told != told_.end())
            compare(one, told->second);
        else
            ++nobody_told;
    }
    for (const auto& [key, request] : told_) {
        if (!arrived.contains(key)) violate("lost: told accepted, never arrived");
    }
    for (const auto& [key, times] : arrived)
        if (times > 1) violate("doubled: one request arrived " + std::to_string(times) + " times");
    // A death inside the commit, or before a failed one could be buried, leaves it open.
    if (nobody_told > unknown_.size())
        violate("arrived, although the person was told that it was not received");
    check_staff();
    const auto counts = outbox.counts();
    if (!counts || counts->pending != 0 || counts->quarantined != 0)
        violate("the outbox is not empty in the end");
    const auto verified = outbox.verify();
    if (!verified || !verified->ok()) violate("the outbox is damaged in the end");
}

// What the chain says of each request that arrived: who vouched had shown card and PIN before, and
// every request that names a witness stands there.
void Watch::check_staff() {
    if (!place_.has_staff) return;
    const auto folder = place_.supplies.staff_folder() + "/audit";
    const auto report = staff::verify_audit(folder, place_.supplies.device.certificate());
    if (!report || report->fault) return violate("the audit chain is not whole");
    const auto bytes = base::read_file(folder + "/" + staff::chain_file).value();
    std::map<std::string, int> confirmed; // by staff id, not yet used for a request
    std::set<std::string> witnessed;      // keys
    std::istringstream lines{std::string(base::as_text(bytes))};
    for (std::string line; std::getline(lines, line);) {
        const auto row = json::parse(line, nullptr, false);
        const auto event = row.value("event", "");
        if (event == "confirmed" && row["purpose"] == "witness")
            ++confirmed[row["staff"].get<std::string>()];
        if (event != "request_signed" || !row.contains("witness")) continue;
        witnessed.insert(row["key"].get<std::string>());
        if (confirmed[row["witness"].get<std::string>()]-- <= 0)
            violate("a witness in the chain who never showed card and PIN");
    }
    for (const auto& one : place_.platform->submissions()) {
        const auto opened = json::parse(one.clear_json, nullptr, false);
        const auto identity =
            opened.value("applicant", json::object()).value("identity", json::object());
        if (identity.value("method", "") != "staff-witness") continue;
        trace_.line("  by witness " + short_key(one.key));
        if (!witnessed.contains(one.key)) violate("a witness of whom the chain knows nothing");
    }
}

void Watch::compare(const platform::ReceivedSubmission& received, const Request& request) {
    const auto opened = json::parse(received.clear_json, nullptr, false);
    if (!opened.is_object()) return violate("arrived as something else than JSON");
    if (received.matter != request.matter) violate("arrived as another matter");
    if (!request.receipt_no.empty() && received.receipt_no != request.receipt_no)
        violate("arrived with another receipt number than shown");
    std::map<std::string, json> answers;
    for (const auto& answer : opened["answers"]) answers[answer["field"]] = answer["value"];
    if (answers != request.answers) {
        for (const auto& [field, value] : request.answers)
            if (!answers.contains(field) || answers[field] != value)
                violate("arrived with another value than entered: " + field);
        for (const auto& [field, value] : answers)
            if (!request.answers.contains(field))
                violate("arrived with more than entered: " + field);
    }
    const auto applicant = opened.value("applicant", json::object());
    if (applicant.value("name", json()) != request.name ||
        applicant.value("idNumber", json()) != request.id_number)
        violate("arrived for another person");
    std::set<std::string> consents;
    for (const auto& consent : opened["consents"]) consents.insert(consent["id"]);
    if (consents != request.consents) violate("arrived with other consents than given");
    std::vector<std::string> said;
    std::vector<std::string> pages;
    for (const auto& page : opened["attachments"]) said.push_back(page["sha256"]);
    for (const auto& page : received.attachments) pages.push_back(base::sha256_hex(page.clear));
    auto laid_down = request.parts;
    std::sort(laid_down.begin(), laid_down.end());
    std::sort(said.begin(), said.end());
    std::sort(pages.begin(), pages.end());
    if (said != laid_down) violate("arrived with other pages than laid down");
    if (said != pages) violate("the pages that arrived are not those the request names");
}

} // namespace simulation
