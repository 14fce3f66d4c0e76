// Everything around a kiosk that a demonstration or a script needs: devices that are models, people
// with cards and papers, and a district platform on loopback HTTPS. Development builds only.
#pragma once

#include "drivers/camera/simulated_camera.hpp"
#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/card_reader/simulated_sam.hpp"
#include "drivers/receipt_printer/escpos_printer.hpp"
#include "drivers/receipt_printer/simulated_printer.hpp"
#include "kiosk/app/engine.hpp"
#include "kiosk/platform/reference/server.hpp"

#include <atomic>
#include <memory>

namespace app {

// The cable to the platform: pulled, nothing comes through.
struct NetworkCable {
    std::atomic<bool> is_plugged{true};
};

class DemoWorld {
public:
    // Keys and the platform's database go to `config.data_folder`; fills in config.platform.
    // `wait` lets a device's time pass. Errors: conflict (port in use), io, disk_full, corrupt.
    static base::Result<std::unique_ptr<DemoWorld>> open(config::Config& config,
                                                         const base::Clock& clock,
                                                         drivers::Wait wait,
                                                         base::RandomSource& random, int port = 0);

    Devices devices() { return {reader, camera, printer}; }
    std::function<
        std::unique_ptr<platform::HttpTransport>(std::unique_ptr<platform::HttpTransport>)>
    cable();

    // The verbs of the dock and of scripts. Errors: not_found (no such person), and of the file.
    base::Result<void> lay_card(std::string_view person);
    void put_page(std::uint64_t seed);
    void set_network(bool plugged);

    drivers::SimulatedSam sam;
    drivers::SamReader reader;
    drivers::SimulatedCamera camera;
    drivers::SimulatedPrinter paper_printer;
    drivers::EscposPrinter printer;
    NetworkCable network;
    std::unique_ptr<platform::ReferencePlatform> platform;
    std::unique_ptr<platform::ReferenceServer> server;
    int chimes = 0;

private:
    DemoWorld(const base::Clock& clock, drivers::Wait wait, int printer_width);
};

} // namespace app
