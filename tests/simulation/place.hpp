// Everything around the program: the disk, the devices, people's cards and papers, the line to the
// platform, the platform, and time. All of it outlives the program, which may die at any call.
#pragma once

#include "drivers/camera/simulated_camera.hpp"
#include "drivers/card_reader/simulated_sam.hpp"
#include "drivers/receipt_printer/simulated_printer.hpp"
#include "drivers/staff_card/simulated_staff_card.hpp"
#include "kiosk/app/printing.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/content/content_set.hpp"
#include "kiosk/platform/reference/reference_platform.hpp"
#include "kiosk/platform/sealing.hpp"
#include "kiosk/staff/development/roster_maker.hpp"
#include "tests/support/simulated_disk.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace simulation {

// What is dear to make and never changes: made once for all seeds.
struct Supplies {
    // Run from the source folder. Errors: those of the parts.
    static base::Result<std::unique_ptr<const Supplies>> open();
    ~Supplies();

    std::string folder; // of keys and events; removed at the end
    std::shared_ptr<const content::ContentSet> content;
    platform::KeyFiles keys;
    platform::KeyPair device;
    platform::Certificate sealing;
    app::TypeSetting setting;
    std::vector<base::Picture> papers; // as the camera sees them; the first is the bare desk
    // The district's staff list, and the PIN of each who stands on it.
    staff::RosterKey roster_key;
    base::Bytes roster;

    // Where one place keeps what is about staff: real files, removed with the place.
    std::string staff_folder() const { return folder + "/staff-data"; }
    std::string events_file() const { return folder + "/events.jsonl"; }
};

// Defects that a test plants, to see that the simulation would find them.
enum class Defect {
    none,
    told_before_commit,   // the program calls a request received that the disk refused
    platform_forgets,     // the platform has no memory for keys
    glass_is_not_wiped,   // what stood on the glass stays there behind the session
    card_read_for_report, // the program looks for a card in a matter that needs none
    witness_without_card, // the program believes a witness whose PIN nobody checked
};

// A member of staff with a card: office workers.
struct SimulatedStaff {
    std::string_view id;
    std::string_view card; // the word its keys are made from
    std::string_view pin;
};
const std::array<SimulatedStaff, 2>& simulated_staff();

// The same pace as the kiosk's clock, and never wrong: the platform's.
class TrueClock final : public base::Clock {
public:
    explicit TrueClock(const base::ManualClock& pace) : pace_(pace), start_(pace.wall()) {}
    base::MonotonicTime now() const override { return pace_.now(); }
    base::WallTime wall() const override { return start_ + pace_.now().time_since_epoch(); }
    bool is_synchronised() const override { return true; }

private:
    const base::ManualClock& pace_;
    base::WallTime start_;
};

class Place {
public:
    Place(const Supplies& given, std::uint64_t seed, Defect planted);
    ~Place();

    // What lies there belongs to the simulators' table of people.
    void lay_card(const drivers::SimulatedCard& card);
    void lift_card();

    // The program stops: nothing it still does reaches disk, wire or paper.
    void kill() { stop(support::After::kill); }
    void cut_power() { stop(support::After::power_cut); }
    void cut_power_at_disk_call(std::uint64_t call);
    // The disk goes wrong and the program lives. Takes the place of a power cut still to come.
    void break_disk(std::uint64_t call, support::DiskFault fault, support::Lasting lasting);
    // Counted from now; `after` lets the exchange itself happen.
    void kill_at_exchange(int exchange, bool after);
    // Something that waits for the moment in which a request is made durable.
    void at_next_store(std::function<void()> strike) { at_store_ = std::move(strike); }
    void store_begins();
    bool is_dead() const;
    // The machine is on again. The program of before must be gone.
    void restart();
    // Everything that people and repairs can mend. The clock is right again.
    void mend();

    const Supplies& supplies;
    const Defect defect;
    base::SeededRandom fate;    // what people do and what breaks
    base::SeededRandom minting; // what the program draws
    base::SeededRandom platform_fate;
    base::ManualClock clock; // the kiosk's
    TrueClock true_clock;
    support::SimulatedDisk disk;
    drivers::SimulatedSam sam;
    drivers::SimulatedCamera camera;
    drivers::SimulatedPrinter paper;
    // Staff are about in some of the visits: each PIN takes a tenth of a second to check.
    bool has_staff = false;
    drivers::SimulatedStaffCardReader staff_reader;
    std::unique_ptr<platform::ReferencePlatform> platform;
    bool network_is_up = true;
    const drivers::SimulatedCard* card_on_reader = nullptr;

    // The kiosk's end of the line.
    class Line final : public platform::HttpTransport {
    public:
        explicit Line(Place& place) : place_(place), wire_(*place.platform) {}
        base::Result<platform::HttpResponse> send(const platform::HttpRequest& request,
                                                  base::Milliseconds limit) override;

    private:
        Place& place_;
        platform::InProcessTransport wire_;
    };

    // Draws of `fate`.
    std::uint64_t below(std::uint64_t bound) { return fate.below(bound); }
    bool chance(int per_mille) { return int(fate.below(1000)) < per_mille; }

private:
    void stop(support::After how);

    std::optional<support::After> how_; // how it stops, or will
    bool is_stopped_ = false;
    std::function<void()> at_store_;
    int exchanges_left_ = -1; // negative: no death waits on the line
    bool dies_after_exchange_ = false;
};

} // namespace simulation
