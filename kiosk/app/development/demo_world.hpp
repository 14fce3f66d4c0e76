// Everything around a kiosk that a demonstration or a script needs: devices that are models, people
// with cards and papers, and a district platform on loopback HTTPS. Development builds only.
#pragma once

#include "drivers/camera/simulated_camera.hpp"
#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/card_reader/simulated_sam.hpp"
#include "drivers/keypad/simulated_keypad.hpp"
#include "drivers/receipt_printer/escpos_printer.hpp"
#include "drivers/receipt_printer/simulated_printer.hpp"
#include "drivers/staff_card/simulated_staff_card.hpp"
#include "drivers/voice/recorder_voice.hpp"
#include "kiosk/app/development/simulated_face.hpp"
#include "kiosk/app/engine.hpp"
#include "kiosk/platform/reference/server.hpp"
#include "printer/profile.hpp"

#include <atomic>
#include <memory>
#include <optional>

namespace app {

// The cable to the platform: pulled, nothing comes through.
struct NetworkCable {
    std::atomic<bool> is_plugged{true};
};

// What the platform answers when it is asked for the staff list.
enum class DemoRoster { fresh, none, old, altered, expired };
// "fresh", ...; nothing: another word.
std::optional<DemoRoster> demo_roster_named(std::string_view name);

class DemoWorld {
public:
    // Keys and the platform's database go to `config.data_folder`; fills in config.platform and
    // whose staff lists are trusted. The platform has no staff list until set_roster().
    // `wait` lets a device's time pass. Errors: conflict (port in use), io, disk_full, corrupt.
    static base::Result<std::unique_ptr<DemoWorld>> open(config::Config& config,
                                                         const base::Clock& clock,
                                                         drivers::Wait wait,
                                                         base::RandomSource& random, int port = 0);

    Devices devices() { return {reader, camera, printer, &staff_reader, &keypad}; }
    std::function<
        std::unique_ptr<platform::HttpTransport>(std::unique_ptr<platform::HttpTransport>)>
    cable();

    // The verbs of the dock and of scripts. Errors: not_found (no such person), and of the file.
    base::Result<void> lay_card(std::string_view person);
    base::Result<void> swap_card(std::string_view person);
    void put_page(std::uint64_t seed);
    void slide_page(std::uint64_t seed);
    // What people and the lamp do over the page: "hand", "no hand", "lamp off", ... Errors:
    // not_found.
    base::Result<void> set_desk(std::string_view what);
    // Who stands before the mirror and what they do: a word of face_manners(). Errors: not_found.
    base::Result<void> set_face(std::string_view manner);
    void set_network(bool plugged);
    // Errors: not_found (no such staff card).
    base::Result<void> insert_staff_card(std::string_view name);
    base::Result<void> insert_second_staff_card(std::string_view name);
    void set_roster(DemoRoster roster);

    drivers::SimulatedSam sam;
    drivers::SamReader reader;
    drivers::SimulatedCamera camera;
    SimulatedFace face;
    drivers::SimulatedPrinter paper_printer;
    drivers::EscposPrinter printer;
    drivers::SimulatedStaffCardReader staff_reader;
    drivers::SimulatedKeypad keypad;
    drivers::RecorderVoice voice; // of scripts; the demonstration speaks where it can
    NetworkCable network;
    std::unique_ptr<platform::ReferencePlatform> platform;
    std::unique_ptr<platform::ReferenceServer> server;
    int chimes = 0;

private:
    DemoWorld(const base::Clock& clock, drivers::Wait wait, base::RandomSource& random,
              const printer::Profile& profile);

    const base::Clock& clock_;
    std::uint64_t roster_version_ = 11; // of the list given last; a district that has seen some
};

} // namespace app
