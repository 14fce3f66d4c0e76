#include "kiosk/config/config.hpp"

#include "kiosk/base/bytes.hpp"
#include "kiosk/config/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace config {
namespace {

using base::Errc;
using base::Error;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t file_limit = 64u << 10;

using Setter = std::function<base::Result<void>(const json&)>;
using Setters = std::map<std::string, Setter>;

Setter text(std::string& into) {
    return [&into](const json& value) -> base::Result<void> {
        if (!value.is_string()) return Error{Errc::invalid_input, "expects text"};
        into = value.get<std::string>();
        return {};
    };
}

Setter path(std::string& into, const fs::path& folder) {
    return [&into, folder](const json& value) -> base::Result<void> {
        if (!value.is_string()) return Error{Errc::invalid_input, "expects a path"};
        const fs::path given = value.get<std::string>();
        into = given.empty() ? "" : (folder / given).lexically_normal().string();
        return {};
    };
}

// systemd.exec(5), CREDENTIALS: one folder for each unit below this one.
constexpr std::string_view credentials = "/run/credentials";

// A path, or "credential:NAME": what systemd hands to the service alone (systemd.exec(5),
// LoadCredentialEncrypted=). Outside the service its folder has the name it has for this unit.
Setter secret_path(std::string& into, const fs::path& folder) {
    return [&into, folder](const json& value) -> base::Result<void> {
        constexpr std::string_view prefix = "credential:";
        const auto given = value.is_string() ? value.get<std::string>() : std::string();
        if (!given.starts_with(prefix)) return path(into, folder)(value);
        const auto name = given.substr(prefix.size());
        const bool is_name = !name.empty() && name.find('/') == std::string::npos && name[0] != '.';
        if (!is_name) return Error{Errc::invalid_input, "expects a path or credential:NAME"};
        const char* given_folder = std::getenv("CREDENTIALS_DIRECTORY");
        into = (given_folder ? std::string(given_folder)
                             : std::string(credentials) + "/kiosk.service") +
               "/" + name;
        return {};
    };
}

Setter paths(std::vector<std::string>& into, const fs::path& folder) {
    return [&into, folder](const json& value) -> base::Result<void> {
        const bool are_texts =
            value.is_array() && std::all_of(value.begin(), value.end(), [](const json& each) {
                return each.is_string() && !each.get<std::string>().empty();
            });
        if (!are_texts) return Error{Errc::invalid_input, "expects a list of paths"};
        into.clear();
        for (const auto& each : value)
            into.push_back((folder / each.get<std::string>()).lexically_normal().string());
        return {};
    };
}

Setter texts(std::vector<std::string>& into, std::string example) {
    return [&into, example = std::move(example)](const json& value) -> base::Result<void> {
        const bool are_texts = value.is_array() && !value.empty() &&
                               std::all_of(value.begin(), value.end(), [](const json& each) {
                                   return each.is_string() && !each.get<std::string>().empty();
                               });
        if (!are_texts)
            return Error{Errc::invalid_input, "expects a list of texts, for instance " + example};
        into = value.get<std::vector<std::string>>();
        return {};
    };
}

Setter texts_by_name(std::map<std::string, std::string>& into) {
    return [&into](const json& value) -> base::Result<void> {
        const bool are_texts =
            value.is_object() && std::all_of(value.begin(), value.end(),
                                             [](const json& each) { return each.is_string(); });
        if (!are_texts)
            return Error{Errc::invalid_input, "expects an object, for instance "
                                              "{\"KEY_F1\": \"repeat\"}"};
        into = value.get<std::map<std::string, std::string>>();
        return {};
    };
}

Setter whole_number(int& into, int from, int to) {
    return [&into, from, to](const json& value) -> base::Result<void> {
        if (!value.is_number_integer() || value.get<std::int64_t>() < from ||
            value.get<std::int64_t>() > to)
            return Error{Errc::invalid_input, "expects a whole number from " +
                                                  std::to_string(from) + " to " +
                                                  std::to_string(to)};
        into = value.get<int>();
        return {};
    };
}

Setter whole_number(std::optional<int>& into, int from, int to) {
    return [&into, from, to](const json& value) -> base::Result<void> {
        int number = 0;
        TRY(whole_number(number, from, to)(value));
        into = number;
        return {};
    };
}

Setter mains(int& into) {
    return [&into](const json& value) -> base::Result<void> {
        if (value != 50 && value != 60) return Error{Errc::invalid_input, "expects 50 or 60"};
        into = value.get<int>();
        return {};
    };
}

Setter density(double& into) {
    return [&into](const json& value) -> base::Result<void> {
        if (!value.is_number() || value.get<double>() < 2 || value.get<double>() > 12)
            return Error{Errc::invalid_input, "expects pixels per millimetre, 2 to 12"};
        into = value.get<double>();
        return {};
    };
}

Setter kiosk_id(std::string& into) {
    return [&into](const json& value) -> base::Result<void> {
        if (!value.is_string() || value.get<std::string>().size() != 2)
            return Error{Errc::invalid_input, "expects two characters, for instance \"K7\""};
        into = value.get<std::string>();
        return {};
    };
}

base::Result<void> apply(const json& object, const Setters& setters, const std::string& where) {
    if (!object.is_object()) return Error{Errc::invalid_input, where + " expects an object"};
    for (const auto& [key, value] : object.items()) {
        const auto found = setters.find(key);
        if (found == setters.end()) {
            std::string known;
            for (const auto& [name, setter] : setters) known += (known.empty() ? "" : ", ") + name;
            return Error{Errc::invalid_input,
                         "unknown key \"" + where + key + "\"; known here: " + known};
        }
        if (const auto done = found->second(value); !done)
            return Error{Errc::invalid_input,
                         "key \"" + where + key + "\" " + done.error().context};
    }
    return {};
}

Setter section(Setters setters, std::string where) {
    return [setters = std::move(setters), where = std::move(where)](const json& value) {
        return apply(value, setters, where);
    };
}

// Ranges are wide: what a camera takes it says itself, and what it does not take is told by doctor.
Setter camera(Camera& into, const fs::path& folder, const std::string& where) {
    constexpr int most = 1'000'000;
    return section({{"device", path(into.device, folder)},
                    {"name", text(into.name)},
                    {"width", whole_number(into.width_px, 160, 8192)},
                    {"height", whole_number(into.height_px, 120, 4800)},
                    {"framesPerSecond", whole_number(into.frames_per_second, 1, 120)},
                    {"exposure", whole_number(into.exposure, 1, most)},
                    {"gain", whole_number(into.gain, 0, most)},
                    {"focus", whole_number(into.focus, 0, most)},
                    {"whiteBalance", whole_number(into.white_balance_kelvin, 1'000, 20'000)},
                    {"powerLineHz", mains(into.power_line_hz)}},
                   where);
}

// The first folder, going up from the program, in which `name` exists.
fs::path look_up(const fs::path& program, const fs::path& name) {
    std::error_code ignored;
    for (fs::path folder = program.parent_path(); folder != folder.parent_path();
         folder = folder.parent_path())
        if (fs::exists(folder / name, ignored)) return folder / name;
    return {};
}

// A whole number at the front of `text`, which is shortened by it.
bool take_number(std::string_view& text, int& number) {
    const auto taken = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(std::size_t(taken.ptr - text.data()));
    return taken.ec == std::errc{};
}

} // namespace

base::Result<PanelSize> read_panel_size(std::string_view text) {
    constexpr int least = 240;
    constexpr int most = 7680;
    PanelSize size;
    const bool is_pair = take_number(text, size.width_px) && text.starts_with('x') &&
                         (text.remove_prefix(1), take_number(text, size.height_px)) && text.empty();
    if (!is_pair || size.width_px < least || size.width_px > most || size.height_px < least ||
        size.height_px > most)
        return Error{Errc::invalid_input, "expects WIDTHxHEIGHT in pixels, for instance 1080x1920"};
    return size;
}

void fit(Panel& panel, PanelSize size) {
    const bool is_turned = (size.width_px > size.height_px) != (panel.width_px > panel.height_px);
    if (is_turned) std::swap(panel.width_px, panel.height_px);
    panel.pixels_per_mm *=
        std::min(double(size.width_px) / panel.width_px, double(size.height_px) / panel.height_px);
    panel.width_px = size.width_px;
    panel.height_px = size.height_px;
}

Config defaults(const std::string& program) {
    Config config;
    std::error_code ignored;
    const fs::path self = fs::canonical(program, ignored);
    const fs::path installed = self.parent_path().parent_path() / "share" / "kiosk";
    const fs::path assets =
        fs::exists(installed / "content", ignored) ? installed : look_up(self, "assets");
    config.assets_folder = assets.string();
    config.content_folder = (assets / "content").string();
    config.voice_folder = (installed / "voice").string();
    config.pinyin_folder =
        (installed / "pinyin").string(); // the build makes it where it installs it
    config.handwriting_model = (installed / "hand.model").string(); // likewise
    config.photo_helper = (self.parent_path() / "kiosk-photo-decoder").string();
    return config;
}

base::Result<Config> load(const std::string& file, Config config) {
    const auto bytes = TRY(base::read_file(file, file_limit));
    const auto parsed = parse_json(base::as_text(bytes));
    if (!parsed) return Error{Errc::invalid_input, file + ": " + parsed.error().context};
    const fs::path folder = fs::absolute(file).parent_path();
    auto& panel = config.panel;
    auto& platform = config.platform;
    const Setters setters{
        {"data", path(config.data_folder, folder)},
        {"content", path(config.content_folder, folder)},
        {"assets", path(config.assets_folder, folder)},
        {"pinyin", path(config.pinyin_folder, folder)},
        {"voice", path(config.voice_folder, folder)},
        {"handwriting", path(config.handwriting_model, folder)},
        {"fonts", path(config.fonts_folder, folder)},
        {"photoDecoder", path(config.photo_decoder, folder)},
        {"kiosk", kiosk_id(config.kiosk_id)},
        {"place", text(config.place)},
        {"printer", text(config.printer_profile)},
        {"panel", section({{"width", whole_number(panel.width_px, 640, 7680)},
                           {"height", whole_number(panel.height_px, 640, 7680)},
                           {"pixelsPerMm", density(panel.pixels_per_mm)}},
                          "panel.")},
        {"keypad",
         section({{"name", text(config.keypad.name)}, {"keys", texts_by_name(config.keypad.keys)}},
                 "keypad.")},
        {"cardReader", section({{"usbIds", texts(config.card_reader.usb_ids, "[\"0400:c35a\"]")},
                                {"port", text(config.card_reader.port)},
                                {"serial", text(config.card_reader.serial)}},
                               "cardReader.")},
        {"receiptPrinter",
         section({{"usbIds", texts(config.receipt_printer.usb_ids, "[\"04b8:0e28\"]")},
                  {"port", text(config.receipt_printer.port)},
                  {"serial", text(config.receipt_printer.serial)}},
                 "receiptPrinter.")},
        {"camera", camera(config.camera, folder, "camera.")},
        {"faceCamera", camera(config.face_camera, folder, "faceCamera.")},
        {"darkAfterMinutes", whole_number(config.dark_after_minutes, 0, 24 * 60)},
        {"staff", section({{"rosterKeys", paths(config.staff.roster_keys, folder)}}, "staff.")},
        {"district",
         section({{"calibrationKeys", paths(config.district.calibration_keys, folder)},
                  {"contentKeys", paths(config.district.content_keys, folder)},
                  {"contentSignatures", whole_number(config.district.content_signatures, 1, 10)},
                  {"assessmentReport", text(config.district.assessment)}},
                 "district.")},
        {"platform",
         section({{"url", text(platform.url)},
                  {"ca", path(platform.ca_file, folder)},
                  {"deviceCertificate", path(platform.device_certificate, folder)},
                  {"deviceKey", secret_path(platform.device_key, folder)},
                  {"sealingCertificate", path(platform.sealing_certificate, folder)},
                  {"nextSealingCertificate", path(platform.next_sealing_certificate, folder)}},
                 "platform.")},
    };
    if (const auto done = apply(*parsed, setters, ""); !done)
        return Error{Errc::invalid_input, file + ": " + done.error().context};
    return config;
}

bool is_credential(const std::string& file) {
    return file.starts_with(std::string(credentials) + "/");
}

base::Result<void> require_owner(const std::string& data_folder, const std::string& command) {
    struct stat status {};
    if (::stat(data_folder.c_str(), &status) != 0)
        return base::Error{base::Errc::not_found, "no data folder at " + data_folder +
                                                      "; name the kiosk's with --data DIR"};
    if (status.st_uid == ::geteuid()) return {};
    const auto* entry = ::getpwuid(status.st_uid);
    const auto owner = entry ? std::string(entry->pw_name) : std::to_string(status.st_uid);
    return base::Error{base::Errc::unauthorised, data_folder + " belongs to the user " + owner +
                                                     "; run: sudo -u " + owner + " kiosk " +
                                                     command};
}

base::Result<void> require_files(const Platform& platform) {
    for (const auto& [key, file] : {std::pair("ca", &platform.ca_file),
                                    {"deviceCertificate", &platform.device_certificate},
                                    {"deviceKey", &platform.device_key},
                                    {"sealingCertificate", &platform.sealing_certificate}})
        if (file->empty())
            return base::Error{base::Errc::not_found, std::string("no \"platform.") + key +
                                                          "\"; name the file in the configuration"};
    return {};
}

} // namespace config
