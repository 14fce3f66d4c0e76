// The clear request that is sealed for the platform (spec platform-api §3, kiosk-submission/1).
//
// Built from the form: only visible, declared fields can appear. There is no place for a language,
// a face result other than the method that succeeded, or a term the form does not declare.
#pragma once

#include "kiosk/forms/answers.hpp"

namespace forms {

// One sealed page, as the session's page store and the sealing know it.
struct AttachmentFacts {
    std::uint32_t page_ref{0}; // the number in Attachments::pages or Signature::picture: the first
    std::string sha256;        // of the clear bytes, lower-case hex
    std::string sealed_sha256; // of the sealed bytes
    std::string media_type;    // "image/jpeg", "image/png" or "application/pdf"
    std::uint64_t size{0};     // of the clear bytes
    char trust{'C'};           // A-D (spec platform-api §3)
    int pages{1};              // of a PDF: so many of the field's pages, in order, from the first
    // Pages the person used although something was wrong with them: the page, and what.
    struct FlawedPage {
        int page{1}; // as the field counts them
        std::string reason;
    };
    std::vector<FlawedPage> flaws = {};
};

struct ConsentFacts {
    std::string id;
    base::WallTime at;
};

struct SubmissionFacts {
    std::string id;         // the idempotency key, UUID version 4
    std::string receipt_no; // "K7M4-92XH-T3QC"
    base::WallTime confirmed_at{};
    bool clock_synchronised{false};
    std::int64_t monotonic_since_boot_ms{0};
    std::string package_digest;  // "sha256:...", of the content set's manifest
    std::string text_set_digest; // "sha256:...", of the consent texts in all languages (G2)
    std::int64_t text_set_version{0};
    std::vector<AttachmentFacts> attachments;
    std::vector<ConsentFacts> consents; // given outside the form's own consent fields
    std::string assisted_by;            // staff id; empty: nobody
};

// The id under which the consent to a face check that succeeded is sent, and its text's name.
inline constexpr std::string_view face_consent_id = "face.compare";

// Papers that were missing, for a request that was sent earlier (platform-api §2, supplements).
struct SupplementFacts {
    std::string request;        // what the platform calls it (openapi.yaml, Status.supplement)
    base::SecretText id_number; // on the card that was shown; empty: the request knows nobody
};

// JSON with a fixed order of keys; equal input gives equal bytes.
// Errors: invalid_input (an answer the form does not declare, a page without facts, a fault left).
base::Result<base::SecretBytes> clear_submission(const Form& form, const Answers& answers,
                                                 Today today, const SubmissionFacts& facts);

// The same for papers brought later (kiosk-supplement/1): the pages of a form of papers alone, and
// whose card was shown. Errors: as clear_submission; invalid_input also without a page, and for an
// answer that is no paper.
base::Result<base::SecretBytes> clear_supplement(const Form& form, const Answers& answers,
                                                 Today today, const SubmissionFacts& facts,
                                                 const SupplementFacts& supplement);
// Papers and nothing else are asked for: what is brought later can carry no more.
bool asks_papers_alone(const Form& form);

} // namespace forms
