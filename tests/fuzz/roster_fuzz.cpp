// Hostile staff lists. Behind the signature: refused, or a list that keeps its limits, in which no
// key and no id stands twice, and which survives being written and read again. With the signature:
// only what the district of the seeds signed, byte for byte.
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/staff/development/roster_maker.hpp"
#include "kiosk/staff/proofs.hpp"

#include <set>

namespace {

const staff::RosterMaker& district() {
    static base::SeededRandom random(
        1182); // as tests/support/sample_roster.cpp, whose list is a seed
    static const staff::RosterMaker maker(random);
    return maker;
}

void keeps_limits(const staff::Roster& roster) {
    CHECK(roster.version >= 1);
    CHECK(roster.expires_at > roster.issued_at);
    CHECK(roster.expires_at - roster.issued_at <= staff::roster_life);
    CHECK(!roster.members.empty() && roster.members.size() <= staff::staff_limit);
    std::set<std::string> ids;
    std::set<drivers::P256Point> keys;
    for (const auto& member : roster.members) {
        CHECK(!member.id.empty() && member.id.size() <= 16 && member.id != staff::enrolment_id);
        CHECK(ids.insert(member.id).second);
        CHECK(!member.roles.empty());
        CHECK(!member.cards.empty() && member.cards.size() <= staff::cards_limit);
        for (const auto& card : member.cards)
            for (const auto& point : {card.signs, card.agrees, card.pin.point}) {
                CHECK(staff::is_on_curve(point));
                CHECK(keys.insert(point).second);
            }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const base::ByteView bytes(data, size);
    if (const auto roster = staff::parse_roster(bytes)) {
        keeps_limits(*roster);
        const auto text = staff::to_json(*roster);
        const auto again = staff::parse_roster(base::as_bytes(text));
        CHECK(again.has_value() && staff::to_json(*again) == text);
    }
    const auto roster = staff::read_roster(bytes, {district().district_key()});
    if (!roster) return 0;
    const auto json = base::as_text(bytes).substr(base::as_text(bytes).find('\n') + 1);
    const auto signed_again = district().sign(json); // Ed25519 signs the same bytes the same way
    CHECK(signed_again == base::Bytes(bytes.begin(), bytes.end()));
    return 0;
}
