// The kiosk's configuration: one typed struct from one JSON file (README lists every key).
//
// A key the program does not know is an error, so that a typing mistake is found at start and not
// on the day it matters. No key touches a face threshold, a retry count or the switching off of a
// check (spec safeguards G14).
#pragma once

#include "kiosk/base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

struct Panel {
    int width_px = 1080;
    int height_px = 1920;
    double pixels_per_mm = 4.03; // 21.5 inch at 1080x1920: design tokens, panel.design
};

struct PanelSize {
    int width_px = 0;
    int height_px = 0;
};
// "1080x1920". Errors: invalid_input (another form, or a side under 240 or over 7680).
base::Result<PanelSize> read_panel_size(std::string_view text);
// Shows the same panel, larger or smaller, in so many pixels: the density follows.
void fit(Panel& panel, PanelSize size);

struct Platform {
    std::string url;                // "https://host:port", no path
    std::string ca_file;            // PEM, the only roots that are trusted
    std::string device_certificate; // PEM, for TLS and for signing what is submitted
    std::string device_key;         // PEM, mode 0600, or a systemd credential
    std::string sealing_certificate;
    std::string next_sealing_certificate; // for roll-over; may be empty
};

struct Staff {
    std::vector<std::string> roster_keys; // PEM, Ed25519: whose staff lists this kiosk trusts
};

struct District {
    std::vector<std::string> calibration_keys; // PEM, Ed25519: whose calibrations this kiosk trusts
    std::vector<std::string> content_keys; // PEM, Ed25519: whose content sets this kiosk takes over
    int content_signatures = 2;            // of different keys (spec reliability C2)
    std::string assessment; // number of its assessment report on face checks; empty: not named
};

struct Keypad {
    std::string name; // as the device calls itself; empty: found by what it can do
    std::map<std::string, std::string> keys; // "KEY_F1" to "repeat": drivers/keypad/README.md
};

// The card reader on the USB: which of the devices that are plugged in.
struct CardReader {
    std::vector<std::string> usb_ids{"0400:c35a"}; // the module's own: spec id-card-reader §4
    std::string port;                              // "1-1.4": its socket; empty: any
    std::string serial;                            // as it calls itself; empty: any
};

// The receipt printer on the USB: likewise. How it prints is `printer_profile`.
struct ReceiptPrinter {
    std::vector<std::string> usb_ids; // empty: whatever is of the printer class
    std::string port;
    std::string serial;
};

// A camera: which one, and what is asked of it. Controls without a number are the camera's own
// matter.
struct Camera {
    std::string device; // a file, best one under /dev/v4l/by-id; empty: by name
    std::string name;   // as it calls itself; empty: any
    int width_px = 0;   // or the nearest that it has
    int height_px = 0;
    int frames_per_second = 0;
    std::optional<int> exposure; // in 100 microseconds
    std::optional<int> gain;     // in the camera's own unit
    std::optional<int> focus;    // likewise
    std::optional<int> white_balance_kelvin;
    int power_line_hz = 50; // of the lamps: 50 in mainland China

    bool is_named() const { return !device.empty() || !name.empty(); }
};

struct Config {
    std::string data_folder;    // the outbox, logs; must be on a disk that keeps its promises
    std::string content_folder; // the content set
    std::string assets_folder;  // icons, theme
    std::string
        pinyin_folder; // what the build compiled for Pinyin; empty: that board is not offered
    std::string handwriting_model; // hand.model of the build; empty: that board is not offered
    std::string voice_folder;      // the dictionary of readings; without it nothing is read aloud
    std::string fonts_folder = "/usr/share/fonts";
    std::string kiosk_id = "K7"; // two characters, first in every receipt number of this kiosk
    std::string place;           // where staff finds this kiosk, as they say it
    Panel panel;
    Platform platform;
    Staff staff;
    District district;
    Keypad keypad;
    CardReader card_reader;
    ReceiptPrinter receipt_printer;
    // The document camera: 8 megapixels hold A4 at 200 dpi and some desk around it (DA/T 31).
    Camera camera{"", "", 3264, 2448, 15, {}, {}, {}, {}, 50};
    // The camera for faces. Without a name there is none: it is never found by itself.
    Camera face_camera{"", "", 1280, 720, 30, {}, {}, {}, {}, 50};
    // A vendor's shared object for the photo on identity cards (drivers/photo_decoder/); empty:
    // none.
    std::string photo_decoder;
    std::string photo_helper;   // the program kiosk-photo-decoder; beside this one, no key
    int dark_after_minutes = 0; // without anybody, until a touch or a key; 0: never
    std::string printer_profile = "generic-80";

    std::string outbox_file() const { return data_folder + "/outbox.db"; }
    std::string print_journal_file() const { return data_folder + "/printing.db"; }
    std::string log_folder() const { return data_folder + "/log"; }
    std::string staff_folder() const { return data_folder + "/staff"; } // list, what staff have set
    std::string audit_folder() const { return data_folder + "/audit"; }
    std::string content_store_folder() const { return data_folder + "/content"; }
    std::string events_file() const { return data_folder + "/events.jsonl"; }
};

// What holds without a file. `program` is the path of the running program: assets are looked for
// beside an installed one (../share/kiosk) and above a built one (the source folder).
Config defaults(const std::string& program);

// `file` laid over `base`. Relative paths in the file are relative to the file.
// Errors: not_found, invalid_input (names the key and what is expected), too_large.
base::Result<Config> load(const std::string& file, Config base);

// A file that systemd hands to the service alone ("credential:NAME" in the configuration).
bool is_credential(const std::string& file);

// For commands that write where the kiosk reads: files there are made for their owner alone, so
// whoever makes them must be that user. `command`: as it is typed, for the advice.
// Errors: not_found (no such folder), unauthorised (somebody else's).
base::Result<void> require_owner(const std::string& data_folder, const std::string& command);

// Every file that a line to the platform needs is named; whether it can be read is seen later.
// Errors: not_found (the first that is not, by its key).
base::Result<void> require_files(const Platform& platform);

} // namespace config
