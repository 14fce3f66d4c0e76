#include "kiosk/forms/submission.hpp"

#include <algorithm>

namespace forms {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using base::SecretBytes;

// Writes JSON straight into secret memory: a JSON library would leave copies in freed blocks
// (spec reliability M2).
class Writer {
public:
    explicit Writer(SecretBytes& out) : out_(out) {}

    void open(char bracket) {
        comma();
        raw({&bracket, 1});
        first_ = true;
    }
    void close(char bracket) {
        raw({&bracket, 1});
        first_ = false;
    }
    void key(std::string_view name) {
        comma();
        quoted(name);
        raw(":");
        first_ = true;
    }
    void text(std::string_view value) {
        comma();
        quoted(value);
    }
    void number(std::int64_t value) {
        comma();
        raw(std::to_string(value));
    }
    void boolean(bool value) {
        comma();
        raw(value ? "true" : "false");
    }
    void pair(std::string_view name, std::string_view value) {
        key(name);
        text(value);
    }

private:
    void comma() {
        if (!first_) raw(",");
        first_ = false;
    }
    void raw(std::string_view text) { out_.insert(out_.end(), text.begin(), text.end()); }
    void quoted(std::string_view text) {
        constexpr std::string_view hex = "0123456789abcdef";
        raw("\"");
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') raw("\\");
            if (byte < 0x20) {
                const char escape[] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
                raw({escape, sizeof escape});
            } else {
                raw({&c, 1});
            }
        }
        raw("\"");
    }

    SecretBytes& out_;
    bool first_ = true;
};

constexpr std::string_view name_term = "person.name";
constexpr std::string_view number_term = "person.idNumber";

// The fields that stand in "applicant" and therefore not again in "answers".
bool is_applicant_part(const Field& field) {
    return field.term == name_term || field.term == number_term;
}

class Submission {
public:
    Submission(const Form& form, const Answers& answers, Today today, const SubmissionFacts& facts)
        : form_(form), answers_(answers), facts_(facts) {
        for (const auto& step : form.steps)
            for (const auto& field : step.fields)
                if (answers.find(field.id) && is_visible(form, answers, today, field.id))
                    fields_.push_back(&field);
    }

    Result<SecretBytes> write() {
        TRY(check_pages());
        out_.open('{');
        out_.pair("schema", "kiosk-submission/1");
        out_.pair("id", facts_.id);
        out_.pair("matter", form_.matter);
        write_form();
        out_.pair("confirmedAt", base::to_rfc3339(facts_.confirmed_at));
        write_clock();
        write_applicant();
        write_assistance();
        write_consents();
        write_answers();
        write_attachments();
        out_.pair("receiptNo", facts_.receipt_no);
        out_.close('}');
        return std::move(bytes_);
    }

    Result<SecretBytes> write_supplement(const SupplementFacts& supplement) {
        TRY(check_pages());
        if (facts_.attachments.empty()) return Error{Errc::invalid_input, "nothing was brought"};
        out_.open('{');
        out_.pair("schema", "kiosk-supplement/1");
        out_.pair("id", facts_.id);
        out_.pair("submissionId", supplement.request);
        out_.pair("confirmedAt", base::to_rfc3339(facts_.confirmed_at));
        write_clock();
        if (!supplement.id_number.empty()) write_bearer(supplement.id_number);
        write_assistance();
        write_attachments();
        out_.close('}');
        return std::move(bytes_);
    }

private:
    static std::vector<std::uint32_t> pages_of(const Answer& answer) {
        if (const auto* pages = std::get_if<Attachments>(&answer.value)) return pages->pages;
        if (const auto* signature = std::get_if<Signature>(&answer.value))
            if (signature->picture) return {*signature->picture};
        return {};
    }

    const AttachmentFacts* facts_of(std::uint32_t page) const {
        const auto found =
            std::find_if(facts_.attachments.begin(), facts_.attachments.end(),
                         [&](const AttachmentFacts& a) { return a.page_ref == page; });
        return found == facts_.attachments.end() ? nullptr : &*found;
    }

    // Every page of the path is sealed, and nothing else is sent along.
    Result<void> check_pages() const {
        std::size_t used = 0;
        for (const auto* field : fields_)
            if (!count_parts(pages_of(*answers_.find(field->id)), used))
                return Error{Errc::invalid_input, "a page was not sealed"};
        if (used != facts_.attachments.size())
            return Error{Errc::invalid_input, "a page that no field holds"};
        return {};
    }

    // What was sealed covers the field's pages one after the other. False: not all, or more.
    bool count_parts(const std::vector<std::uint32_t>& pages, std::size_t& used) const {
        for (std::size_t at = 0; at < pages.size(); ++used) {
            const auto* part = facts_of(pages[at]);
            if (part == nullptr || part->pages < 1) return false;
            at += std::size_t(part->pages);
            if (at > pages.size()) return false;
        }
        return true;
    }

    void write_form() {
        out_.key("form");
        out_.open('{');
        out_.pair("id", form_.id);
        out_.key("version");
        out_.number(form_.version);
        out_.pair("packageDigest", facts_.package_digest);
        out_.close('}');
    }

    void write_clock() {
        out_.key("clock");
        out_.open('{');
        out_.key("synced");
        out_.boolean(facts_.clock_synchronised);
        out_.key("monotonicSinceBootMs");
        out_.number(facts_.monotonic_since_boot_ms);
        out_.close('}');
    }

    void write_applicant() {
        if (form_.identity == IdentityLevel::l0) return;
        out_.key("applicant");
        out_.open('{');
        std::vector<std::string_view> contested;
        for (const auto* field : fields_) {
            if (!is_applicant_part(*field)) continue;
            const auto& answer = *answers_.find(field->id);
            const auto name = field->term == name_term ? "name" : "idNumber";
            if (const auto* text = std::get_if<base::SecretText>(&answer.value))
                out_.pair(name, text->view());
            if (answer.contested) contested.push_back(name);
        }
        if (!contested.empty()) {
            out_.key("contested");
            out_.open('[');
            for (const auto name : contested) out_.text(name);
            out_.close(']');
        }
        out_.key("identity");
        out_.open('{');
        out_.pair("level", to_string(form_.identity));
        out_.pair("method", method());
        out_.close('}');
        out_.close('}');
    }

    // G8: the card was shown, nobody looked whose it is.
    void write_bearer(const base::SecretText& id_number) {
        out_.key("applicant");
        out_.open('{');
        out_.pair("idNumber", id_number.view());
        out_.key("identity");
        out_.open('{');
        out_.pair("level", to_string(IdentityLevel::l1));
        out_.pair("method", "possession-only");
        out_.close('}');
        out_.close('}');
    }

    // G8 and V14: a card in the hand proves possession and no more. Without one, or with one that
    // contradicts itself, somebody of the office has looked or will (G18).
    std::string_view method() const {
        for (const auto* field : fields_)
            if (const auto* done = std::get_if<IdentityConfirmed>(&answers_.find(field->id)->value))
                return done->method;
        for (const auto* field : fields_) {
            if (field->type != FieldType::card || field->who != Holder::applicant) continue;
            const auto& value = answers_.find(field->id)->value;
            if (const auto* missing = std::get_if<CardMissing>(&value))
                return missing->document_seen ? "staff-witness" : "counter-code";
            const auto* card = std::get_if<CardRead>(&value);
            if (card && card->needs_look) return "counter-code";
        }
        return "possession-only";
    }

    void write_assistance() {
        if (facts_.assisted_by.empty()) return;
        out_.key("assistedBy");
        out_.open('{');
        out_.pair("staffId", facts_.assisted_by);
        out_.close('}');
    }

    void write_consent(std::string_view id, base::WallTime at) {
        out_.open('{');
        out_.pair("id", id);
        out_.pair("textSetDigest", facts_.text_set_digest);
        out_.key("textSetVersion");
        out_.number(facts_.text_set_version);
        out_.pair("at", base::to_rfc3339(at));
        out_.close('}');
    }

    void write_consents() {
        out_.key("consents");
        out_.open('[');
        for (const auto& consent : facts_.consents) write_consent(consent.id, consent.at);
        for (const auto* field : fields_)
            if (const auto* done = std::get_if<IdentityConfirmed>(&answers_.find(field->id)->value))
                if (done->consent) write_consent(face_consent_id, *done->consent);
        for (const auto* field : fields_)
            if (const auto* given = std::get_if<ConsentGiven>(&answers_.find(field->id)->value))
                write_consent(field->id, given->at);
        out_.close(']');
    }

    void write_answers() {
        out_.key("answers");
        out_.open('[');
        for (const auto* field : fields_) {
            const auto& answer = *answers_.find(field->id);
            if (is_applicant_part(*field) || !field->repeats.empty()) continue;
            if (!has_value(answer.value)) continue;
            out_.open('{');
            out_.pair("field", field->id);
            out_.key("value");
            write_value(*field, answer.value);
            out_.pair("source", to_string(answer.source));
            write_flag("confirmed", answer.confirmed);
            write_flag("contested", answer.contested);
            out_.close('}');
        }
        out_.close(']');
    }

    void write_flag(std::string_view name, bool set) {
        if (!set) return;
        out_.key(name);
        out_.boolean(true);
    }

    // Pages stand in "attachments", consents and identity in places of their own.
    static bool has_value(const Value& value) {
        return std::holds_alternative<base::SecretText>(value) ||
               std::holds_alternative<Codes>(value) ||
               std::holds_alternative<std::int64_t>(value) ||
               std::holds_alternative<Signature>(value);
    }

    void write_value(const Field& field, const Value& value) {
        if (const auto* text = std::get_if<base::SecretText>(&value)) out_.text(text->view());
        if (const auto* number = std::get_if<std::int64_t>(&value)) out_.number(*number);
        if (const auto* codes = std::get_if<Codes>(&value)) write_codes(field, *codes);
        if (const auto* signature = std::get_if<Signature>(&value)) {
            out_.open('{');
            out_.key("strokes");
            out_.number(signature->strokes);
            out_.key("atCounter");
            out_.boolean(!signature->picture);
            out_.close('}');
        }
    }

    void write_codes(const Field& field, const Codes& codes) {
        if (field.type == FieldType::multi_choice) {
            out_.open('[');
            for (const auto& code : codes) out_.text(code);
            out_.close(']');
        } else if (field.type == FieldType::place) {
            out_.open('{');
            out_.pair("code", codes.front());
            out_.close('}');
        } else {
            out_.text(codes.front());
        }
    }

    void write_attachments() {
        out_.key("attachments");
        out_.open('[');
        for (const auto* field : fields_) {
            const auto pages = pages_of(*answers_.find(field->id));
            for (std::size_t at = 0; at < pages.size();) {
                const auto& part = *facts_of(pages[at]);
                write_attachment(*field, int(at) + 1, part);
                at += std::size_t(part.pages);
            }
        }
        out_.close(']');
    }

    void write_attachment(const Field& field, int number, const AttachmentFacts& page) {
        out_.open('{');
        out_.pair("sealedSha256", page.sealed_sha256);
        out_.pair("field", field.id);
        out_.key("page");
        out_.number(number);
        if (page.media_type == "application/pdf") {
            out_.key("pages");
            out_.number(page.pages);
        }
        out_.pair("sha256", page.sha256);
        out_.pair("mediaType", page.media_type);
        out_.key("size");
        out_.number(static_cast<std::int64_t>(page.size));
        out_.pair("trust", std::string_view(&page.trust, 1));
        write_flaws(page);
        out_.close('}');
    }

    void write_flaws(const AttachmentFacts& part) {
        if (part.flaws.empty()) return;
        out_.key("flaws");
        out_.open('[');
        for (const auto& flaw : part.flaws) {
            out_.open('{');
            out_.key("page");
            out_.number(flaw.page);
            out_.pair("reason", flaw.reason);
            out_.close('}');
        }
        out_.close(']');
    }

    const Form& form_;
    const Answers& answers_;
    const SubmissionFacts& facts_;
    std::vector<const Field*> fields_; // visible and answered, in the form's order
    SecretBytes bytes_;
    Writer out_{bytes_};
};

// The ids of everything answered, minus what the form declares, must be nothing.
Result<void> only_declared(const Form& form, const Answers& answers) {
    for (const auto& id : answers.ids())
        if (!form.find(id))
            return Error{Errc::invalid_input, "an answer the form does not declare"};
    return {};
}

Result<void> is_complete(const Form& form, const Answers& answers, Today today) {
    TRY(only_declared(form, answers));
    for (const auto part : {Part::questions, Part::closing})
        if (const auto left = faults(form, answers, today, part); !left.empty())
            return Error{Errc::invalid_input,
                         "not complete: " + left.front().field + " " + left.front().key};
    return {};
}

} // namespace

Result<SecretBytes> clear_submission(const Form& form, const Answers& answers, Today today,
                                     const SubmissionFacts& facts) {
    TRY(is_complete(form, answers, today));
    return Submission(form, answers, today, facts).write();
}

Result<SecretBytes> clear_supplement(const Form& form, const Answers& answers, Today today,
                                     const SubmissionFacts& facts,
                                     const SupplementFacts& supplement) {
    TRY(is_complete(form, answers, today));
    if (!asks_papers_alone(form))
        return Error{Errc::invalid_input, "a supplement carries papers alone"};
    return Submission(form, answers, today, facts).write_supplement(supplement);
}

bool asks_papers_alone(const Form& form) {
    for (const auto& step : form.steps)
        for (const auto& field : step.fields)
            if (field.type != FieldType::scan) return false;
    return true;
}

} // namespace forms
