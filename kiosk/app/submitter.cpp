#include "kiosk/app/submitter.hpp"

#include "drivers/scanner/page_pdf.hpp"
#include "kiosk/forms/submission.hpp"
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/staff/day_counts.hpp"

#include <algorithm>
#include <filesystem>

namespace app {
namespace {

// Chosen: two numbers of one kiosk meet once in 1.8 * 10^12; three meetings in a row are a defect.
constexpr int mint_tries = 3;

// Spec reliability E3: what stays of a delivered request goes after 30 days.
constexpr std::chrono::days kept_after_delivery{30};

// One thing to be sealed: the pages of a paper as one PDF, or a picture as it is.
struct Part {
    std::uint32_t first = 0;
    int pages = 1;
    std::string media_type;
    base::SecretBytes clear;
    std::vector<forms::AttachmentFacts::FlawedPage> flaws;
};

bool is_paper(const Draft& draft, const std::vector<std::uint32_t>& numbers) {
    return !numbers.empty() && std::all_of(numbers.begin(), numbers.end(), [&](auto number) {
        const auto page = draft.pages.find(number);
        return page != draft.pages.end() && page->second.dpi > 0;
    });
}

bool is_card(const Draft& draft, std::string_view field) {
    const auto* asked = draft.form->find(field);
    return asked != nullptr && session::is_card_paper(*asked);
}

// The sides of a card stand on one page, in their true size.
base::Result<Part> paper_of(const Draft& draft, const std::vector<std::uint32_t>& numbers,
                            bool is_card) {
    Part part{numbers.front(), int(numbers.size()), "application/pdf", {}, {}};
    drivers::PagePdf pdf;
    int place = 0;
    for (const auto number : numbers) {
        const auto& page = draft.pages.at(number);
        ++place;
        TRY(is_card ? pdf.add_card_side(*page.bytes, page.dpi) : pdf.add(*page.bytes, page.dpi));
        for (const auto flaw : page.flaws)
            part.flaws.push_back({place, std::string(to_string(flaw))});
    }
    auto bytes = TRY(pdf.finish());
    part.clear.assign(bytes.begin(), bytes.end());
    base::wipe(bytes.data(), bytes.size());
    return part;
}

base::Result<std::vector<Part>> parts_of(const Draft& draft) {
    std::vector<Part> parts;
    auto left = draft.pages; // pointers to the pages, not the pages
    for (const auto& id : draft.answers.ids()) {
        const auto* paper = std::get_if<forms::Attachments>(&draft.answers.find(id)->value);
        if (paper == nullptr || !is_paper(draft, paper->pages)) continue;
        parts.push_back(TRY(paper_of(draft, paper->pages, is_card(draft, id))));
        for (const auto number : paper->pages) left.erase(number);
    }
    for (const auto& [number, page] : left)
        parts.push_back({number, 1, page.media_type, *page.bytes, {}});
    return parts;
}

} // namespace

Draft draft_of(const session::Session& session, const session::World& world) {
    CHECK(session.visit.has_value());
    const auto& visit = *session.visit;
    return {session.content, visit.form,    visit.answers,
            visit.pages,     world.today(), session::staff_part(visit),
            visit.supplement};
}

Submitter::Submitter(SubmitterSettings settings, const base::Clock& clock,
                     base::RandomSource& random, base::Log& log, base::EventStream& events)
    : settings_(std::move(settings)), clock_(clock), random_(random), log_(log), events_(events) {
    CHECK(outbox::is_receipt_prefix(settings_.kiosk_prefix));
    probe();
}

void Submitter::set_accepting(bool accepting, base::Errc why) {
    if (accepting && has_refused_) log_.write(base::LogEvent::storage_ready);
    if (!accepting && (accepting_ || !has_refused_)) {
        log_.write(base::LogEvent::storage_fault, {why});
        events_.refusing(base::Word::of_enumerator(base::to_string(why)));
    }
    has_refused_ = !accepting;
    accepting_ = accepting;
}

void Submitter::set_staff(staff::AuditWriter& audit, staff::DeskState& state) {
    settings_.audit = &audit;
    settings_.staff_state = &state;
}

void Submitter::probe() {
    if (outbox_ == nullptr) {
        auto opened = outbox::Outbox::open(settings_.outbox_file, clock_, settings_.outbox_options);
        if (!opened) return set_accepting(false, opened.error().code);
        const std::lock_guard lock(outbox_mutex_);
        outbox_ = std::move(opened).value();
    }
    if (const auto healthy = outbox_->probe_storage(); !healthy)
        return set_accepting(false, healthy.error().code);
    const auto room = outbox_->room();
    if (!room) return set_accepting(false, room.error().code);
    set_accepting(*room != outbox::Room::full, base::Errc::disk_full);
}

void Submitter::tidy_up() {
    probe();
    if (!accepting_) return;
    // Busy means that the uploader reads: the next time will do.
    if (const auto done = outbox_->checkpoint_when_idle();
        !done && done.error().code != base::Errc::busy)
        return set_accepting(false, done.error().code);
    if (const auto removed = outbox_->purge(clock_.wall() - kept_after_delivery); !removed)
        set_accepting(false, removed.error().code);
    outbox_->forget_pages();
}

base::Result<outbox::Counts> Submitter::counts() {
    if (outbox_ == nullptr) return base::Error{base::Errc::io, "the outbox is not open"};
    return outbox_->counts();
}

std::uint64_t Submitter::free_bytes() const {
    std::error_code failed;
    const auto space =
        std::filesystem::space(std::filesystem::path(settings_.outbox_file).parent_path(), failed);
    return failed ? 0 : space.available;
}

base::Result<std::unique_ptr<outbox::Outbox>> Submitter::another_connection() {
    const std::lock_guard lock(outbox_mutex_);
    if (outbox_ == nullptr) return base::Error{base::Errc::io, "the outbox is not open"};
    return outbox_->another_connection();
}

base::Result<outbox::NewSubmission> Submitter::seal(const Draft& draft, const std::string& key,
                                                    const std::string& receipt, base::WallTime at) {
    outbox::NewSubmission submission;
    submission.key = key;
    submission.receipt_no = receipt;
    submission.matter = draft.form->matter;
    submission.form_version = draft.form->version;
    submission.confirmed_at = at;
    submission.signer = settings_.device.certificate().fingerprint();
    if (draft.supplement) submission.supplements = draft.supplement->request;

    forms::SubmissionFacts facts;
    facts.id = key;
    facts.receipt_no = outbox::group_receipt_number(receipt);
    facts.confirmed_at = at;
    facts.assisted_by = draft.staff.assisted_by;
    facts.clock_synchronised = draft.today.synchronised;
    facts.monotonic_since_boot_ms = clock_.now().time_since_epoch().count();
    facts.package_digest = draft.content->digest();
    facts.text_set_digest = draft.content->consent_set_digest();
    facts.text_set_version = draft.content->consent_set_version();
    for (auto& part : TRY(parts_of(draft))) {
        const base::ByteView clear = part.clear;
        auto sealed = TRY(platform::seal(clear, settings_.sealing_certificates, clock_));
        const auto digest = base::sha256(sealed);
        facts.attachments.push_back({part.first, base::sha256_hex(clear), base::to_hex(digest),
                                     part.media_type, clear.size(), 'C', part.pages,
                                     std::move(part.flaws)});
        submission.attachments.push_back({digest, std::move(sealed)});
    }
    const auto clear =
        draft.supplement
            ? TRY(forms::clear_supplement(*draft.form, draft.answers, draft.today, facts,
                                          {draft.supplement->request, draft.supplement->id_number}))
            : TRY(forms::clear_submission(*draft.form, draft.answers, draft.today, facts));
    const auto sealed = TRY(platform::seal(clear, settings_.sealing_certificates, clock_));
    submission.body = TRY(platform::sign(sealed, settings_.device));
    return submission;
}

// The row first: a request that is durable and of which the chain knows nothing must never be. The
// other way round is no harm: the chain names a key that never came to anything.
base::Result<void> Submitter::record_staff(const Draft& draft, const std::string& key) {
    const auto& staff = draft.staff;
    if (staff.witnessed_by.empty() && staff.assisted_by.empty() && staff.document_by.empty())
        return {};
    if (settings_.audit == nullptr || settings_.staff_state == nullptr)
        return base::Error{base::Errc::io, "the audit chain is not open"};
    return staff::record_request(*settings_.audit, key, staff.witnessed_by, staff.assisted_by,
                                 staff.document_by);
}

// Behind the durable request, once for each: a count that cannot be kept is told to the log and
// takes nobody's request away. The rows of the chain say the same.
void Submitter::count_staff(const Draft& draft) {
    const auto& staff = draft.staff;
    const auto day = base::local_date(clock_.wall());
    for (const auto& [id, deed] : {std::pair(&staff.witnessed_by, staff::Deed::witnessed),
                                   {&staff.assisted_by, staff::Deed::assisted},
                                   {&staff.document_by, staff::Deed::document_seen}})
        if (!id->empty())
            if (const auto counted = staff::count(*settings_.staff_state, day, *id, deed); !counted)
                log_.write(base::LogEvent::storage_fault, {counted.error().code});
}

session::StoreAnswer Submitter::submit(const Draft& draft) {
    if (outbox_ == nullptr) return session::NotStoredInput{base::Errc::io};
    const std::string key = random_.uuid(); // before anything is written (R1)
    const auto at = clock_.wall();
    bool is_recorded = false;
    for (int tries = 0; tries < mint_tries; ++tries) {
        const auto receipt = outbox::mint_receipt_number(settings_.kiosk_prefix, random_);
        const auto submission = seal(draft, key, receipt, at);
        if (!submission) return session::NotStoredInput{submission.error().code};
        if (!is_recorded)
            if (const auto recorded = record_staff(draft, key); !recorded)
                return session::NotStoredInput{recorded.error().code};
        is_recorded = true;
        const auto stored = outbox_->enqueue(*submission);
        if (!stored && stored.error().code == base::Errc::conflict) continue;
        const auto told = draft.supplement ? std::string(draft.supplement->number.view()) : receipt;
        if (!stored) {
            const auto code = stored.error().code;
            set_accepting(false, code);
            return session::NotStoredInput{code, code == base::Errc::uncertain ? told : ""};
        }
        count_staff(draft);
        events_.accepted(key);
        log_.write(base::LogEvent::submission_stored,
                   {{base::LogField::bytes, std::int64_t(submission->body.size())},
                    {base::LogField::count, std::int64_t(submission->attachments.size())}});
        return session::StoredInput{key, told, at};
    }
    return session::NotStoredInput{base::Errc::conflict}; // no free receipt number
}

} // namespace app
