// A reader of identity cards and the module under it, as people use them: whatever wire is between.
#pragma once

#include "drivers/card_reader/card_reader.hpp"
#include "drivers/card_reader/simulated_card.hpp"
#include "drivers/card_reader/simulated_sam.hpp"
#include "drivers/usb/usb_connection.hpp"

#include <string>
#include <string_view>

namespace test_support {

inline constexpr std::string_view pensioner_number = "65999919500101001X";

inline drivers::UsbWanted reader_wanted(std::string port = {}) {
    drivers::UsbWanted wanted;
    wanted.ids = {{0x0400, 0xc35a}};
    wanted.port = std::move(port);
    return wanted;
}

inline void lay_card(drivers::SimulatedSam& module, std::string_view person) {
    module.lay_card(drivers::find_demo_person(person)->card);
}

// The number on the card, or the code of what went wrong.
inline std::string outcome(drivers::CardReader& reader) {
    const auto card = reader.read({base::Milliseconds(0)}, {});
    return std::string(card ? card->card.number.view() : base::to_string(card.error().code));
}

// The person lays the card down again until it is read; how often that was.
inline int tries_until_read(drivers::SimulatedSam& module, drivers::CardReader& reader,
                            int at_most) {
    for (int tries = 1; tries <= at_most; ++tries) {
        lay_card(module, "pensioner");
        if (outcome(reader) == pensioner_number) return tries;
    }
    return at_most + 1;
}

} // namespace test_support
