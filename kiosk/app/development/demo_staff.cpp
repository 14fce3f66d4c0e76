#include "kiosk/app/development/demo_staff.hpp"

#include "kiosk/base/seeded_random.hpp"

#include <array>

namespace app {
namespace {

using staff::Role;

constexpr std::array cards{
    DemoStaffCard{"office", "S-1001 office worker, PIN 246810", "S-1001", Role::office_worker,
                  "246810"},
    DemoStaffCard{"office-2", "S-1182 office worker, PIN 97531864", "S-1182", Role::office_worker,
                  "97531864"},
    DemoStaffCard{"technician", "S-2001 technician, PIN 13572468", "S-2001", Role::technician,
                  "13572468"},
    DemoStaffCard{"administrator", "S-3001 administrator, PIN 1122334", "S-3001",
                  Role::administrator, "1122334"},
    DemoStaffCard{"administrator-spare", "S-3001 spare card, PIN 1122334", "S-3001",
                  Role::administrator, "1122334", true},
    DemoStaffCard{"unlisted", "a staff card that is not on the list", "", Role::office_worker, ""},
    DemoStaffCard{"bank", "a bank card", "", Role::office_worker, ""},
    DemoStaffCard{"mute", "a card that does not answer", "", Role::office_worker, ""},
};

// The same district every time, before it has written anybody down.
staff::RosterMaker district() {
    static base::SeededRandom random(20261122);
    static const staff::RosterMaker made(random);
    return made;
}

} // namespace

std::span<const DemoStaffCard> demo_staff_cards() {
    return cards;
}

base::Result<drivers::SimulatedStaffCard> demo_staff_card(std::string_view name) {
    using drivers::SimulatedStaffCard;
    std::string known;
    for (const auto& card : cards) {
        known += (known.empty() ? "" : ", ") + std::string(card.name);
        if (card.name != name) continue;
        if (name == "bank") return SimulatedStaffCard::foreign();
        if (name == "mute") return SimulatedStaffCard::of(name).goes_mute();
        return SimulatedStaffCard::of(name);
    }
    return base::Error{base::Errc::not_found,
                       "no such staff card: " + std::string(name) + "; known: " + known};
}

base::Bytes demo_roster(const staff::RosterTerms& terms) {
    static const auto maker = [] {
        auto made = district();
        for (const auto& card : cards) {
            if (card.staff.empty()) continue;
            const auto keys = drivers::SimulatedStaffCard::of(card.name);
            made.add(card.staff, {card.role},
                     {keys.signs(), keys.agrees(), base::SecretText(card.pin), card.is_spare});
        }
        return made;
    }();
    return maker.signed_roster(terms);
}

staff::RosterKey demo_district_key() {
    return district().district_key();
}

base::Result<void> write_demo_roster_key(const std::string& file) {
    // SubjectPublicKeyInfo of an Ed25519 key: this head, then the key (RFC 8410, 4).
    base::Bytes der{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
    const auto key = demo_district_key();
    der.insert(der.end(), key.begin(), key.end());
    return base::write_file_durably(file, base::as_bytes("-----BEGIN PUBLIC KEY-----\n" +
                                                         base::to_base64(der) +
                                                         "\n-----END PUBLIC KEY-----\n"));
}

} // namespace app
