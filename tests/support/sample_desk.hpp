// A kiosk's staff worker without the kiosk: an authenticator in a folder of its own, a simulated
// reader, a clock that stands still, an audit chain in memory. Can lose its power.
#pragma once

#include "kiosk/staff/authenticator.hpp"
#include "kiosk/staff/enrolment.hpp"
#include "tests/support/sample_roster.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace support {

class SampleDesk {
public:
    // With version 1 of the sample list, or, on an empty folder, with none.
    enum class Start { with_roster, without_roster };
    explicit SampleDesk(Start start = Start::with_roster);
    ~SampleDesk();

    // The program ends without a word and begins again, in no time.
    void restart();

    // "confirmed S-1182", "wrong-pin 4", "locked 300 s", or the problem's word.
    std::string identify();
    std::string confirm(std::string_view pin, staff::Purpose purpose = staff::Purpose::log_in);
    // Puts the card in, identifies it, then the PIN.
    std::string try_card(const drivers::SimulatedStaffCard& card, std::string_view pin,
                         staff::Purpose purpose = staff::Purpose::log_in);
    std::string enrol(std::string_view code);
    int failures(const std::string& id) const;

    std::string folder;
    base::ManualClock clock{sample_roster_time()};
    base::SeededRandom random{7};
    SampleAudit audit;
    drivers::SimulatedStaffCardReader reader;
    staff::PinSlot slot;
    staff::CardHolder holder; // whom identify() found last
    std::unique_ptr<staff::DeskState> state;
    std::unique_ptr<staff::Authenticator> desk;

private:
    std::string words(const std::variant<staff::Confirmed, staff::Refusal>& answer) const;
    std::string words(const staff::Refusal& refusal) const;
};

} // namespace support
