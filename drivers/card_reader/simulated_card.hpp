// Invented cards for the simulated reader, and a few people to hold them.
//
// All persons are synthetic: their numbers have division code 659999, which was never issued, so no
// such number belongs to anybody (spec matters §9). Development builds only.
#pragma once

#include "drivers/card_reader/card.hpp"
#include "kiosk/base/bytes.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace drivers {

// What is on the chip, as plain text in UTF-8. Dates are YYYYMMDD.
struct SimulatedCard {
    CardKind kind = CardKind::resident;
    std::string name;
    std::string latin_name; // foreigners' cards
    std::string number;
    std::string sex = "1";
    std::string ethnic_code = "01"; // on the chip, so that tests can see it dropped
    std::string birth;
    std::string address;
    std::string issuer;
    std::string valid_from = "20200101";
    std::string valid_to = "20400101"; // or 长期
    char16_t type_flag = 0;            // not zero: overrides what `kind` says
    std::uint8_t photo_seed = 0;       // the 1024 photo bytes follow from it

    // What is on the chip and never leaves the codec: as plain text, so that tests can look for it.
    std::string photo_marks;       // stand in the photo, from byte 100
    std::string serial;            // 8 bytes, sent when the card is selected
    std::string new_address;       // where the person moved to; sent as an answer to `30 03`
    std::string fingerprint;       // repeated, where the module sends fingerprints
    std::string management_number; // 28 bytes, sent as an answer to `30 05`
};

// The chip's 256 bytes of text and 1024 of photo. Text too long for its field is cut, as issuing
// offices do.
base::Bytes card_text(const SimulatedCard& card);
base::Bytes card_photo(const SimulatedCard& card);
base::Bytes card_new_address(const SimulatedCard& card); // 70 bytes

// A whole reply frame: result bytes 00 00 `sw3`, then `data`.
base::Bytes reply_frame(std::uint8_t sw3, base::ByteView data = {});
// The reply to `30 01`; with `fingerprint_bytes`, the form with three lengths.
base::Bytes read_reply(const SimulatedCard& card,
                       std::optional<std::size_t> fingerprint_bytes = std::nullopt);

// Somebody the demonstration's dock can lay on the reader.
struct DemoPerson {
    std::string_view id;    // "pensioner", "applicant-86": stable, used by scripts
    std::string_view label; // for the dock, in English
    SimulatedCard card;
};

std::span<const DemoPerson> demo_people();
const DemoPerson* find_demo_person(std::string_view id); // nothing when there is none

} // namespace drivers
