// The shape of kiosk-submission/1 as rows.
#include "kiosk/platform/reference/submission_rules.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace platform {
namespace {

using nlohmann::json;

enum class Kind { text, word, staff_id, number, boolean, object, list, texts, anything };
using Words = std::vector<std::string_view>; // all that a word may be
enum class Need { must, may };

struct Member {
    const char* name;
    Kind kind;
    Need need;
    const std::vector<Member>* inside = nullptr; // of the object, or of each object in the list
    const Words* words = nullptr;
};
using Members = std::vector<Member>;

const Words levels{"L1", "L2"};
// The way that succeeded, and no other way of this list or any (spec safeguards G3).
const Words methods{"possession-only", "face", "staff-witness", "counter-code"};
const Words sources{"typed", "card", "session", "platform", "derived", "staff"};
const Words trusts{"A", "B", "C", "D"};

const Members form{{"id", Kind::text, Need::must},
                   {"version", Kind::number, Need::must},
                   {"packageDigest", Kind::text, Need::must}};
const Members clock_members{{"synced", Kind::boolean, Need::must},
                            {"uncertaintyMs", Kind::number, Need::may},
                            {"monotonicSinceBootMs", Kind::number, Need::must}};
const Members identity{{"level", Kind::word, Need::must, nullptr, &levels},
                       {"method", Kind::word, Need::must, nullptr, &methods}};
const Members applicant{{"name", Kind::text, Need::may},
                        {"idNumber", Kind::text, Need::may},
                        {"contested", Kind::texts, Need::may},
                        {"identity", Kind::object, Need::must, &identity}};
const Members assisted_by{{"staffId", Kind::staff_id, Need::must}};
const Members consent{{"id", Kind::text, Need::must},
                      {"textSetDigest", Kind::text, Need::must},
                      {"textSetVersion", Kind::number, Need::must},
                      {"at", Kind::text, Need::must}};
const Members answer{{"field", Kind::text, Need::must},
                     {"value", Kind::anything, Need::must},
                     {"source", Kind::word, Need::must, nullptr, &sources},
                     {"confirmed", Kind::boolean, Need::may},
                     {"contested", Kind::boolean, Need::may}};
// What the kiosk's gate says of a page (drivers/scanner/gate.hpp).
const Words flaw_reasons{"blur", "glare", "small", "upside_down", "wrong_paper"};
const Members flaw{{"page", Kind::number, Need::must},
                   {"reason", Kind::word, Need::must, nullptr, &flaw_reasons}};
const Members attachment{
    {"sealedSha256", Kind::text, Need::must}, {"field", Kind::text, Need::must},
    {"page", Kind::number, Need::must},       {"pages", Kind::number, Need::may},
    {"sha256", Kind::text, Need::must},       {"mediaType", Kind::text, Need::must},
    {"size", Kind::number, Need::must},       {"trust", Kind::word, Need::must, nullptr, &trusts},
    {"flaws", Kind::list, Need::may, &flaw}};
const Members submission_members{{"schema", Kind::text, Need::must},
                                 {"id", Kind::text, Need::must},
                                 {"matter", Kind::text, Need::must},
                                 {"form", Kind::object, Need::must, &form},
                                 {"confirmedAt", Kind::text, Need::must},
                                 {"clock", Kind::object, Need::must, &clock_members},
                                 {"applicant", Kind::object, Need::may, &applicant},
                                 {"assistedBy", Kind::object, Need::may, &assisted_by},
                                 {"consents", Kind::list, Need::must, &consent},
                                 {"answers", Kind::list, Need::must, &answer},
                                 {"attachments", Kind::list, Need::must, &attachment},
                                 {"receiptNo", Kind::text, Need::must}};

const Members bearer{{"idNumber", Kind::text, Need::must},
                     {"identity", Kind::object, Need::must, &identity}};
const Members supplement_members{{"schema", Kind::text, Need::must},
                                 {"id", Kind::text, Need::must},
                                 {"submissionId", Kind::text, Need::must},
                                 {"confirmedAt", Kind::text, Need::must},
                                 {"clock", Kind::object, Need::must, &clock_members},
                                 {"applicant", Kind::object, Need::may, &bearer},
                                 {"assistedBy", Kind::object, Need::may, &assisted_by},
                                 {"attachments", Kind::list, Need::must, &attachment}};

bool is_kind(const json& value, Kind kind) {
    switch (kind) {
    case Kind::text:
    case Kind::word:
    case Kind::staff_id: return value.is_string();
    case Kind::number: return value.is_number_integer();
    case Kind::boolean: return value.is_boolean();
    case Kind::object: return value.is_object();
    case Kind::list: return value.is_array();
    case Kind::texts:
        return value.is_array() && std::all_of(value.begin(), value.end(),
                                               [](const json& one) { return one.is_string(); });
    case Kind::anything: return true;
    }
    return false;
}

// "S-1182": a name of a person has no place in it.
bool is_staff_id(std::string_view text) {
    return !text.empty() && text.size() <= 16 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool is_one_of_its_words(const json& value, const Member& member) {
    if (member.kind == Kind::staff_id) return is_staff_id(value.get_ref<const std::string&>());
    if (member.words == nullptr) return true;
    const std::string_view word = value.get_ref<const std::string&>();
    return std::find(member.words->begin(), member.words->end(), word) != member.words->end();
}

// A card in the hand is enough for L1 and never for L2; a face counts for L2 alone (spec matters
// §4).
bool fits_level(const json& claim) {
    const bool is_l2 = claim["level"] == "L2";
    if (claim["method"] == "possession-only") return !is_l2;
    return claim["method"] != "face" || is_l2;
}

void check_object(const json& object, const Members& members, const std::string& pointer,
                  std::vector<ShapeFault>& faults);

void check_member(const json& value, const Member& member, const std::string& pointer,
                  std::vector<ShapeFault>& faults) {
    if (!is_kind(value, member.kind)) {
        faults.push_back({pointer, "type"});
        return;
    }
    if (!is_one_of_its_words(value, member)) faults.push_back({pointer, "value"});
    if (member.kind == Kind::object) check_object(value, *member.inside, pointer, faults);
    if (member.kind != Kind::list) return;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const auto place = pointer + "/" + std::to_string(i);
        if (value[i].is_object()) {
            check_object(value[i], *member.inside, place, faults);
        } else {
            faults.push_back({place, "type"});
        }
    }
}

// Recursion is as deep as the rows above, not as the input.
void check_object(const json& object, const Members& members, const std::string& pointer,
                  std::vector<ShapeFault>& faults) {
    for (const auto& item : object.items()) {
        const auto known = std::any_of(members.begin(), members.end(),
                                       [&](const Member& m) { return item.key() == m.name; });
        // The name of an unknown member is not repeated: it could hold anything.
        if (!known) faults.push_back({pointer, "unknown"});
    }
    for (const auto& member : members) {
        const auto place = pointer + "/" + member.name;
        const auto found = object.find(member.name);
        if (found != object.end()) {
            check_member(*found, member, place, faults);
        } else if (member.need == Need::must) {
            faults.push_back({place, "missing"});
        }
    }
}

} // namespace

std::vector<ShapeFault> check_submission_shape(const json& submission) {
    std::vector<ShapeFault> faults;
    if (!submission.is_object()) return {{"", "type"}};
    check_object(submission, submission_members, "", faults);
    // G12: a neighbourhood report may not be joined with an identity.
    if (faults.empty() && submission["matter"] == "problem-report" &&
        submission.contains("applicant")) {
        faults.push_back({"/applicant", "identity-forbidden"});
    }
    if (faults.empty() && submission.contains("applicant") &&
        !fits_level(submission["applicant"]["identity"]))
        faults.push_back({"/applicant/identity/method", "value"});
    return faults;
}

std::vector<ShapeFault> check_supplement_shape(const json& supplement) {
    std::vector<ShapeFault> faults;
    if (!supplement.is_object()) return {{"", "type"}};
    check_object(supplement, supplement_members, "", faults);
    if (!faults.empty()) return faults;
    if (supplement["schema"] != "kiosk-supplement/1") faults.push_back({"/schema", "unknown"});
    if (supplement["attachments"].empty()) faults.push_back({"/attachments", "missing"});
    if (supplement.contains("applicant") && !fits_level(supplement["applicant"]["identity"]))
        faults.push_back({"/applicant/identity/method", "value"});
    return faults;
}

} // namespace platform
