#include "tests/support/sample_desk.hpp"

#include "drivers/manual_wait.hpp"

#include <filesystem>

namespace support {

SampleDesk::SampleDesk(Start start)
    : folder(
          (std::filesystem::temp_directory_path() / ("kiosk-staff-" + base::SystemRandom().uuid()))
              .string()),
      reader(clock, drivers::manual_wait(clock)) {
    restart();
    if (start == Start::with_roster) CHECK(desk->take_roster(sample_office().roster()).value());
}

SampleDesk::~SampleDesk() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

void SampleDesk::restart() {
    desk.reset();
    CHECK(staff::make_staff_folder(folder).has_value());
    state = staff::DeskState::open(staff::desk_file_in(folder)).value();
    desk = staff::Authenticator::open({folder, "K7", {sample_office().district.district_key()}},
                                      clock, random, audit, *state)
               .value();
}

std::string SampleDesk::words(const staff::Refusal& refusal) const {
    const std::string problem(to_string(refusal.problem));
    if (refusal.problem == staff::Problem::wrong_pin)
        return problem + " " + std::to_string(refusal.tries_left);
    if (refusal.problem != staff::Problem::locked) return problem;
    const auto left = std::chrono::ceil<std::chrono::seconds>(refusal.unlock_at - clock.now());
    return problem + " " + std::to_string(left.count()) + " s";
}

std::string SampleDesk::words(const std::variant<staff::Confirmed, staff::Refusal>& answer) const {
    if (const auto* refusal = std::get_if<staff::Refusal>(&answer)) return words(*refusal);
    return "confirmed " + std::get<staff::Confirmed>(answer).staff;
}

std::string SampleDesk::identify() {
    const auto answer = desk->identify(reader);
    if (const auto* refusal = std::get_if<staff::Refusal>(&answer)) return words(*refusal);
    holder = std::get<staff::CardHolder>(answer);
    return holder.staff;
}

std::string SampleDesk::confirm(std::string_view pin, staff::Purpose purpose) {
    slot.put(base::SecretText(pin));
    return words(desk->confirm(reader, holder, slot, purpose));
}

std::string SampleDesk::try_card(const drivers::SimulatedStaffCard& card, std::string_view pin,
                                 staff::Purpose purpose) {
    reader.insert_card(card);
    const auto who = identify();
    return who == holder.staff ? confirm(pin, purpose) : who;
}

std::string SampleDesk::enrol(std::string_view code) {
    return words(desk->enrol(base::SecretText(code)));
}

int SampleDesk::failures(const std::string& id) const {
    const auto kept = state->read();
    const auto found = kept.failures.find(id);
    return found == kept.failures.end() ? kept.failures_of_others : found->second;
}

} // namespace support
