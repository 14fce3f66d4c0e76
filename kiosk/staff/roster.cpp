#include "kiosk/staff/roster.hpp"

#include "kiosk/forms/strict_json.hpp"
#include "kiosk/staff/ids.hpp"
#include "kiosk/staff/proofs.hpp"

#include <algorithm>
#include <set>

namespace staff {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using forms::bad;
using forms::Json;
using forms::Object;

constexpr std::string_view signature_line_begin = "kiosk-roster/1 ed25519 ";
constexpr std::size_t signature_characters = 88; // 64 bytes as base64
// One day: how far the district's clock and the kiosk's may differ before a list counts as one of
// the future. Chosen: a wrong time zone on either side still works.
constexpr base::Milliseconds clocks_may_differ{std::chrono::hours(24)};

Error corrupt(const Error& fault) {
    return {Errc::corrupt, "not a staff list: " + fault.context};
}

// Exactly one way to write a value: other base64 of the same bytes (spare bits in the last
// character) is refused.
template <std::size_t size>
Result<std::array<std::uint8_t, size>> bytes_under(Object& object, std::string_view key) {
    const auto text = TRY(object.text(key, (size + 2) / 3 * 4));
    const auto bytes = base::from_base64(text);
    if (!bytes || bytes->size() != size || base::to_base64(*bytes) != text)
        return bad(object.at(key), std::to_string(size) + " bytes as base64 are wanted");
    std::array<std::uint8_t, size> out{};
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

// A point that nothing else in the list uses: a key that stands twice is a key of two people, or
// does two jobs.
Result<drivers::P256Point> point_under(Object& object, std::string_view key,
                                       std::set<drivers::P256Point>& used) {
    const auto point = TRY(bytes_under<65>(object, key));
    if (!is_on_curve(point)) return bad(object.at(key), "not a point of the curve P-256");
    if (!used.insert(point).second) return bad(object.at(key), "this key stands in the list twice");
    return point;
}

// "2026-11-22T10:31:07+08:00" and no other way to write it.
Result<base::WallTime> time_under(Object& object, std::string_view key) {
    const auto text = TRY(object.text(key, 25));
    const auto fault = bad(object.at(key), "a time like 2026-11-22T10:31:07+08:00 is wanted");
    base::Date date;
    if (text.size() != 25 || !base::parse_date(std::string_view(text).substr(0, 10), date))
        return fault;
    const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
    const auto local = std::chrono::sys_days(date) + std::chrono::hours(two(11)) +
                       std::chrono::minutes(two(14)) + std::chrono::seconds(two(17));
    const base::WallTime time = local - base::local_offset;
    // Whatever was no digit, no colon or over 59 is written differently.
    if (base::to_rfc3339(time) != text) return fault;
    return time;
}

Result<Roles> read_roles(Object& object) {
    Roles roles;
    const auto words = TRY(object.texts_or_empty("roles", role_count));
    for (const auto& word : words) {
        std::optional<Role> known;
        for (const auto role : {Role::office_worker, Role::technician, Role::administrator})
            if (to_string(role) == word) known = role;
        if (!known) return bad(object.at("roles"), "a role that is not known here");
        if (roles.has(*known)) return bad(object.at("roles"), "a role stands twice");
        roles.add(*known);
    }
    if (roles.empty()) return bad(object.at("roles"), "at least one role is wanted");
    return roles;
}

Result<PinVerifier> read_verifier(const Json& json, const std::string& place,
                                  std::set<drivers::P256Point>& used) {
    auto object = TRY(Object::of(json, place));
    PinVerifier pin;
    pin.salt = TRY(bytes_under<16>(object, "salt"));
    pin.point = TRY(point_under(object, "point", used));
    pin.digest = TRY(bytes_under<32>(object, "digest"));
    TRY(object.finish());
    return pin;
}

Result<Card> read_card(const Json& json, const std::string& place,
                       std::set<drivers::P256Point>& used) {
    auto object = TRY(Object::of(json, place));
    Card card;
    card.signs = TRY(point_under(object, "signs", used));
    card.agrees = TRY(point_under(object, "agrees", used));
    card.is_spare = TRY(object.boolean_or("spare", false));
    const auto* pin = TRY(object.need("pin"));
    card.pin = TRY(read_verifier(*pin, object.at("pin"), used));
    TRY(object.finish());
    return card;
}

Result<Member> read_member(const Json& json, const std::string& place,
                           std::set<drivers::P256Point>& used) {
    auto object = TRY(Object::of(json, place));
    Member member;
    member.id = TRY(object.text("id", 16));
    if (!is_staff_id(member.id)) return bad(object.at("id"), "capital letters, digits, - only");
    if (member.id == enrolment_id) return bad(object.at("id"), "this id is the kiosk's own");
    member.roles = TRY(read_roles(object));
    const auto* cards = TRY(object.array("cards", 1, cards_limit));
    for (std::size_t i = 0; i < cards->size(); ++i)
        member.cards.push_back(
            TRY(read_card((*cards)[i], object.at("cards") + "/" + std::to_string(i), used)));
    TRY(object.finish());
    return member;
}

Result<std::vector<Member>> read_members(Object& object) {
    std::vector<Member> members;
    std::set<std::string> ids;
    std::set<drivers::P256Point> used;
    const auto* list = TRY(object.array("members", 1, staff_limit));
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto place = object.at("members") + "/" + std::to_string(i);
        members.push_back(TRY(read_member((*list)[i], place, used)));
        if (!ids.insert(members.back().id).second)
            return bad(place + "/id", "this id stands in the list twice");
    }
    return members;
}

Result<Roster> read_all(const Json& json) {
    auto object = TRY(Object::of(json, ""));
    if (TRY(object.text("schema", 40)) != "kiosk-roster/1")
        return bad("/schema", "only kiosk-roster/1 is known");
    Roster roster;
    roster.version = static_cast<std::uint64_t>(TRY(object.integer("version", 1, INT64_MAX)));
    roster.issued_at = TRY(time_under(object, "issuedAt"));
    roster.expires_at = TRY(time_under(object, "expiresAt"));
    if (roster.expires_at <= roster.issued_at) return bad("/expiresAt", "not after issuedAt");
    if (roster.expires_at > roster.issued_at + roster_life)
        return bad("/expiresAt", "more than 7 days after issuedAt");
    roster.members = TRY(read_members(object));
    TRY(object.finish());
    return roster;
}

// What is signed: the format's name and a line break, then the JSON. So a signature that the same
// key made over another kind of file is none over a roster.
base::Bytes signed_bytes(base::ByteView json) {
    auto bytes = base::to_bytes("kiosk-roster/1\n");
    bytes.insert(bytes.end(), json.begin(), json.end());
    return bytes;
}

} // namespace

Result<Roster> read_roster(base::ByteView signed_roster, const std::vector<RosterKey>& keys) {
    constexpr auto line_size = signature_line_begin.size() + signature_characters + 1;
    static_assert(signed_roster_limit == line_size + roster_bytes_limit);
    if (signed_roster.size() > signed_roster_limit)
        return Error{Errc::too_large, "a staff list over 512 KiB"};
    const Error unsigned_file{Errc::unauthorised,
                              "this staff list is not signed by the district: it was altered on "
                              "the way, is another kind of file, or comes from somewhere else"};
    const auto text = base::as_text(signed_roster);
    if (text.size() <= line_size || !text.starts_with(signature_line_begin) ||
        text[line_size - 1] != '\n')
        return unsigned_file;
    const auto written = text.substr(signature_line_begin.size(), signature_characters);
    const auto signature = base::from_base64(written);
    // One way to write a signature, so that one list is one sequence of bytes.
    if (!signature || base::to_base64(*signature) != written) return unsigned_file;
    const auto json = signed_roster.subspan(line_size);
    const auto message = signed_bytes(json);
    const bool is_known = std::any_of(keys.begin(), keys.end(), [&](const RosterKey& key) {
        return base::is_signed_by(message, *signature, key);
    });
    if (!is_known) return unsigned_file;
    return parse_roster(json);
}

Result<Roster> parse_roster(base::ByteView bytes) {
    const auto json = forms::parse_strictly(bytes, roster_bytes_limit);
    if (!json && json.error().code == Errc::too_large) return json.error();
    if (!json) return corrupt(json.error());
    auto roster = read_all(*json);
    if (!roster) return corrupt(roster.error());
    return roster;
}

Result<void> check_roster(const Roster& roster, std::uint64_t least_version, KnownTime time) {
    if (roster.version < least_version)
        return Error{Errc::conflict, "older than the staff list this kiosk had before (version " +
                                         std::to_string(roster.version) + " after version " +
                                         std::to_string(least_version) + ")"};
    if (time.now >= roster.expires_at)
        return Error{Errc::timed_out, "the staff list was good until " +
                                          base::to_local_minutes(roster.expires_at) +
                                          "; fetch a new one"};
    if (time.is_sure && roster.issued_at > time.now + clocks_may_differ)
        return Error{Errc::timed_out, "the staff list is of the future, issued " +
                                          base::to_local_minutes(roster.issued_at) +
                                          "; is the clock right?"};
    return {};
}

} // namespace staff
