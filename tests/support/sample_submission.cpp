// Samples and the folder they live in.
#include "tests/support/sample_submission.hpp"

#include "kiosk/outbox/receipt_number.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <stdlib.h>

namespace support {

TemporaryFolder::TemporaryFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "kiosk-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored; // a folder left over harms nobody
    std::filesystem::remove_all(path_, ignored);
}

const platform::KeyFiles& demo_keys() {
    static const TemporaryFolder folder;
    static const platform::KeyFiles keys = [] {
        return platform::make_demo_keys(folder.path(), base::SystemClock()).value();
    }();
    return keys;
}

platform::KeyPair demo_device() {
    return platform::KeyPair::load(demo_keys().device_certificate, demo_keys().device_key).value();
}

std::string sample_json(const std::string& key, const std::string& receipt_no,
                        const std::vector<base::Bytes>& pages,
                        const std::vector<base::Bytes>& sealed_pages) {
    using nlohmann::json;
    json attachments = json::array();
    for (std::size_t i = 0; i < pages.size(); ++i) {
        attachments.push_back({{"sealedSha256", base::sha256_hex(sealed_pages[i])},
                               {"field", "doc.household"},
                               {"page", i + 1},
                               {"sha256", base::sha256_hex(pages[i])},
                               {"mediaType", "image/jpeg"},
                               {"size", pages[i].size()},
                               {"trust", "C"}});
    }
    const std::string digest = "sha256:" + std::string(64, '0');
    return json{
        {"schema", "kiosk-submission/1"},
        {"id", key},
        {"matter", "elderly-allowance"},
        {"form", {{"id", "elderly-allowance"}, {"version", 1}, {"packageDigest", digest}}},
        {"confirmedAt", "2026-11-22T10:31:07+08:00"},
        {"clock", {{"synced", true}, {"monotonicSinceBootMs", 8112345}}},
        // Synthetic: county code 659999 does not exist (spec matters §9).
        {"applicant",
         {{"name", "测试人"},
          {"idNumber", "659999194003150046"},
          {"identity", {{"level", "L2"}, {"method", "staff-witness"}}}}},
        {"consents", json::array({{{"id", "declare.true"},
                                   {"textSetDigest", digest},
                                   {"textSetVersion", 3},
                                   {"at", "2026-11-22T10:30:55+08:00"}}})},
        {"answers",
         json::array({{{"field", "livingPlace"}, {"value", "district"}, {"source", "typed"}}})},
        {"attachments", attachments},
        {"receiptNo", outbox::group_receipt_number(receipt_no)}}
        .dump();
}

Sample sample_submission(base::RandomSource& random, const base::Clock& clock,
                         std::size_t page_count, std::size_t page_bytes) {
    const std::vector recipients{
        platform::Certificate::load(demo_keys().sealing_certificate).value()};
    Sample sample;
    auto& submission = sample.submission;
    submission.key = random.uuid();
    submission.receipt_no = outbox::mint_receipt_number("K7", random);
    submission.matter = "elderly-allowance";
    submission.form_version = 1;
    submission.confirmed_at = clock.wall();
    std::vector<base::Bytes> sealed_pages;
    for (std::size_t i = 0; i < page_count; ++i) {
        base::Bytes page(page_bytes);
        random.fill(page);
        sealed_pages.push_back(platform::seal(page, recipients, clock).value());
        submission.attachments.push_back({base::sha256(sealed_pages.back()), sealed_pages.back()});
        sample.pages.push_back(std::move(page));
    }
    sample.clear_json =
        sample_json(submission.key, submission.receipt_no, sample.pages, sealed_pages);
    const auto sealed =
        platform::seal(base::as_bytes(sample.clear_json), recipients, clock).value();
    submission.body = platform::sign(sealed, demo_device()).value();
    return sample;
}

Sample sample_supplement(base::RandomSource& random, const base::Clock& clock,
                         const std::string& request, const std::string& id_number) {
    using nlohmann::json;
    auto sample = sample_submission(random, clock, 1);
    auto& submission = sample.submission;
    submission.supplements = request;
    submission.matter = "add-papers";
    const auto whole = json::parse(sample.clear_json);
    sample.clear_json = json{{"schema", "kiosk-supplement/1"},
                             {"id", submission.key},
                             {"submissionId", request},
                             {"confirmedAt", whole["confirmedAt"]},
                             {"clock", whole["clock"]},
                             {"applicant",
                              {{"idNumber", id_number},
                               {"identity", {{"level", "L1"}, {"method", "possession-only"}}}}},
                             {"attachments", whole["attachments"]}}
                            .dump();
    const std::vector recipients{
        platform::Certificate::load(demo_keys().sealing_certificate).value()};
    const auto sealed =
        platform::seal(base::as_bytes(sample.clear_json), recipients, clock).value();
    submission.body = platform::sign(sealed, demo_device()).value();
    return sample;
}

outbox::NewSubmission opaque_submission(base::RandomSource& random, const base::Clock& clock,
                                        std::size_t page_count, std::size_t page_bytes) {
    outbox::NewSubmission submission;
    submission.key = random.uuid();
    submission.receipt_no = outbox::mint_receipt_number("K7", random);
    submission.matter = "problem-report";
    submission.form_version = 1;
    submission.confirmed_at = clock.wall();
    submission.body.resize(1200);
    random.fill(submission.body);
    for (std::size_t i = 0; i < page_count; ++i) {
        base::Bytes sealed(page_bytes);
        random.fill(sealed);
        submission.attachments.push_back({base::sha256(sealed), sealed});
    }
    return submission;
}

} // namespace support
