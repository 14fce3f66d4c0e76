#include "kiosk/app/commands.hpp"

#include "drivers/card_reader/recorded_reply.hpp"
#include "drivers/keypad/evdev_keypad.hpp"
#include "drivers/scanner/scanner.hpp"
#include "drivers/staff_card/pcsc_reader.hpp"
#include "kiosk/app/usb_card_reader.hpp"
#include "kiosk/app/usb_receipt_printer.hpp"
#include "kiosk/app/video_camera.hpp"
#include "kiosk/app/window.hpp"
#include "kiosk/base/own_words.hpp"

#include <cstdio>
#include <filesystem>
#include <future>
#include <iostream>
#include <nlohmann/json.hpp>

namespace app {
namespace {

using nlohmann::ordered_json;

std::string text_of(const base::SecretText& text) {
    return std::string(text.view());
}

// For a technician at a desk, who asked for it: printed once, kept nowhere.
ordered_json fields_of(const drivers::CardText& text, const base::Clock& clock) {
    const auto& card = text.card;
    ordered_json fields;
    fields["kind"] = drivers::to_string(card.kind);
    fields["name"] = text_of(card.name);
    if (!card.latin_name.empty()) fields["latinName"] = text_of(card.latin_name);
    fields["nameMayBeCut"] = card.name_may_be_cut;
    fields["number"] = text_of(card.number);
    fields["sex"] = drivers::to_string(card.sex.expose());
    fields["birth"] = base::to_text(card.birth.expose());
    if (!card.address.empty()) fields["address"] = text_of(card.address);
    if (!card.issuer.empty()) fields["issuer"] = text_of(card.issuer);
    fields["validFrom"] = base::to_text(card.valid_from.expose());
    fields["validTo"] =
        card.valid_to ? ordered_json(base::to_text(card.valid_to->expose())) : ordered_json("长期");
    fields["validity"] = drivers::to_string(drivers::validity(card, clock));
    if (text.broken) fields["brokenRule"] = drivers::to_string(*text.broken);
    return fields;
}

std::string as_line(const ordered_json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.get<bool>() ? "yes" : "no";
}

} // namespace

int complain(const base::Error& error, int code) {
    base::say("kiosk: " + error.context);
    return code;
}

base::Result<config::Config> configuration(const CommonOptions& common) {
    auto config = config::defaults(common.program);
    if (const auto& file = common.config_file; !file.empty()) {
        std::error_code ignored;
        if (!std::filesystem::exists(file, ignored))
            return base::Error{base::Errc::not_found,
                               "no configuration at " + file + "; name another with --config FILE"};
        config = TRY(config::load(file, config));
    }
    if (!common.data_folder.empty()) config.data_folder = common.data_folder;
    return config;
}

base::Result<void> fit_window(config::Config& config, const std::string& window_size) {
    const auto size = config::read_panel_size(window_size);
    if (!size) return base::Error{size.error().code, "--windowed " + size.error().context};
    config::fit(config.panel, *size);
    return {};
}

int run_kiosk(const CommonOptions& common, const std::string& window_size) {
    auto config = configuration(common);
    if (!config) return complain(config.error());
    EndSignals signals;
    const bool windowed = !window_size.empty();
    if (windowed) {
        const auto fits = fit_window(*config, window_size);
        if (!fits) return complain(fits.error(), exit_usage);
    }
    base::keep_libraries_quiet();
    base::SystemClock clock;
    base::SystemRandom random;
    auto wanted_reader = wanted_card_reader(config->card_reader);
    if (!wanted_reader) return complain(wanted_reader.error(), exit_usage);
    UsbCardReader card_reader(std::move(wanted_reader).value(), clock);
    auto wanted_printer = wanted_receipt_printer(config->receipt_printer);
    if (!wanted_printer) return complain(wanted_printer.error(), exit_usage);
    UsbReceiptPrinter receipt_printer(std::move(wanted_printer).value(), clock);
    auto wanted_desk = wanted_camera(*config);
    if (!wanted_desk) return complain(wanted_desk.error(), exit_usage);
    VideoCamera desk(std::move(wanted_desk).value(), clock);
    auto faces = make_face_camera(*config, clock);
    if (!faces) return complain(faces.error(), exit_usage);
    const bool has_faces = config->face_camera.is_named();
    drivers::PcscReader staff_reader(clock); // says that it is not there until it is
    auto keys = drivers::read_key_map(config->keypad.keys);
    if (!keys)
        return complain({keys.error().code, "key \"keypad.keys\": " + keys.error().context},
                        exit_usage);
    drivers::EvdevKeypad keypad({config->keypad.name, std::move(keys).value()},
                                drivers::open_input_folder());
    Chime chime;
    EngineSettings settings;
    settings.config = std::move(config).value();
    settings.chime = [&chime] { chime.ring(); };
    SpeechSound speech;
    if (has_sound_output()) settings.sound = &speech;
    const auto panel = settings.config.panel;
    // The engine waits for the disk, the window for the X server: side by side.
    const auto open = [&](EngineSettings given) {
        return Engine::open(std::move(given),
                            {card_reader.reader, desk.camera, receipt_printer.printer,
                             &staff_reader, &keypad, nullptr,
                             has_faces ? &(*faces)->camera : nullptr},
                            clock, random);
    };
    auto opening = std::async(std::launch::async, [&] { return open(std::move(settings)); });
    const auto window = Window::open(panel.width_px, panel.height_px, windowed);
    auto opened = opening.get();
    if (!opened) return complain(opened.error());
    if (!window) return complain(window.error());
    auto engine = std::move(opened).value();
    while (true) {
        const bool goes_on = (*window)->run(*engine, clock, {.signals = signals});
        engine->end_in_good_order();
        if (!goes_on) return exit_ok;
        // Another content set: the same devices and window, everything else from nothing.
        auto settings_again = engine->settings();
        engine.reset();
        auto next = open(std::move(settings_again));
        if (!next) return complain(next.error());
        engine = std::move(next).value();
    }
}

int decode_card(const CommonOptions& common, const std::string& file) {
    const base::SystemClock clock;
    const auto decoded = [&]() -> base::Result<drivers::CardText> {
        const auto bytes = TRY(base::read_file(file, 64u << 10));
        auto text = drivers::decode_recorded_reply(bytes, base::local_date(clock.wall()));
        if (!text) return base::Error{text.error().code, file + ": " + text.error().context};
        return text;
    }();
    if (!decoded) {
        if (common.json)
            std::cout << ordered_json{{"error", base::to_string(decoded.error().code)}}.dump(2)
                      << '\n';
        return complain(decoded.error());
    }
    const auto fields = fields_of(*decoded, clock);
    if (common.json)
        std::cout << fields.dump(2, ' ', false, ordered_json::error_handler_t::replace) << '\n';
    else
        for (const auto& [name, value] : fields.items())
            std::printf("%-13s %s\n", name.c_str(), as_line(value).c_str());
    if (!decoded->broken) return exit_ok;
    return complain(
        {base::Errc::card_inconsistent, file + ": the fields contradict each other, rule " +
                                            std::string(drivers::to_string(*decoded->broken))});
}

int scan_images(const std::vector<std::string>& images, const std::string& out_folder,
                const std::string& paper, bool must_be_upright) {
    const base::SystemClock clock;
    drivers::Expectation expectation;
    expectation.must_be_upright = must_be_upright;
    if (paper == "a4") expectation.paper = drivers::Paper::a4;
    if (paper == "id-1") expectation.paper = drivers::Paper::id1;
    const auto rows = drivers::scan_files(images, out_folder, clock, expectation);
    if (!rows) return complain(rows.error());
    bool all_usable = true;
    for (const auto& row : *rows) {
        std::cout << row << '\n';
        for (const auto* reason : {"\"unreadable_file\"", "\"too_large\""})
            all_usable = all_usable && row.find(reason) == std::string::npos;
    }
    return all_usable ? exit_ok : exit_not_ok;
}

int render_receipt(const CommonOptions& common, const std::string& document,
                   const std::string& profile, const std::string& escpos, const std::string& png) {
    const auto config = configuration(common);
    if (!config) return complain(config.error());
    const auto made =
        printer::render_files(document, profile.empty() ? config->printer_profile : profile, escpos,
                              png, config->fonts_folder);
    if (!made) return complain(made.error());
    std::printf("%zu bytes for the printer, %d x %d dots, %zu characters without a glyph\n",
                made->escpos_bytes, made->width_dots, made->height_dots, made->missing_characters);
    return made->missing_characters == 0 ? exit_ok : exit_not_ok;
}

} // namespace app
