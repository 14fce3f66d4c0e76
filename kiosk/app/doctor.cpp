// `kiosk doctor`: every device, library, font, key, clock, disk and the network, one line each with
// what to do. Starts no stream and reads no card (spec safeguards G7).
#include "drivers/registry.hpp"
#include "drivers/staff_card/pcsc_reader.hpp"
#include "kiosk/app/card_photo.hpp"
#include "kiosk/app/commands.hpp"
#include "kiosk/app/content_channel.hpp"
#include "kiosk/app/engine.hpp"
#include "kiosk/app/face_readiness.hpp"
#include "kiosk/app/face_record.hpp"
#include "kiosk/app/frame_record.hpp"
#include "kiosk/app/sound.hpp"
#include "kiosk/app/usb_card_reader.hpp"
#include "kiosk/app/usb_receipt_printer.hpp"
#include "kiosk/app/video_camera.hpp"
#include "kiosk/base/ed25519.hpp"
#include "kiosk/outbox/print_journal.hpp"
#include "kiosk/staff/audit_check.hpp"
#include "kiosk/staff/enrolment.hpp"
#include "printer/profile.hpp"
#include "screens/input/hand_model.hpp"
#include "screens/input/rime_pinyin.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

namespace app {
namespace {

struct Finding {
    enum class State { ok, attention, fault } state;
    std::string subject;
    std::string text; // what is there, or what is wrong and what to do
};

class Examination {
public:
    explicit Examination(config::Config config) : config_(std::move(config)) {}

    std::vector<Finding> examine() {
        look_at_content();
        look_at_glass();
        look_at_pinyin();
        look_at_handwriting();
        look_at_voice();
        look_at_printing();
        look_at_data();
        look_at_keys();
        look_at_network();
        look_at_machine();
        look_at_devices();
        look_at_card_reader();
        look_at_receipt_printer();
        look_at_cameras();
        look_at_photo_decoder();
        look_at_face_check();
        look_at_staff_reader();
        look_at_staff_list();
        look_at_audit_chain();
        return std::move(findings_);
    }

private:
    void ok(std::string subject, std::string text) {
        findings_.push_back({Finding::State::ok, std::move(subject), std::move(text)});
    }
    void attention(std::string subject, std::string text) {
        findings_.push_back({Finding::State::attention, std::move(subject), std::move(text)});
    }
    void fault(std::string subject, std::string text) {
        findings_.push_back({Finding::State::fault, std::move(subject), std::move(text)});
    }

    void look_at_content();
    void look_at_glass();
    void look_at_pinyin();
    void look_at_handwriting();
    void look_at_voice();
    void look_at_printing();
    void look_at_data();
    void look_at_keys();
    void look_at_network();
    void look_at_machine();
    void look_at_devices();
    void tell(const char* what, UsbFinding found);
    void look_at_card_reader();
    void look_at_receipt_printer();
    void look_at_cameras();
    void look_at_photo_decoder();
    void look_at_face_check();
    void look_at_face_record();
    void look_at_frame_record();
    void look_at_staff_reader();
    void look_at_staff_list();
    void look_at_audit_chain();
    void look_at_content_store();

    config::Config config_;
    base::SystemClock clock_;
    std::vector<Finding> findings_;
};

void Examination::look_at_content() {
    const auto set = content::ContentSet::open(config_.content_folder);
    if (!set) return fault("content", set.error().context + "; install the content set again");
    ok("content", "version " + std::to_string((*set)->version()) + ", " +
                      std::to_string((*set)->matters().size()) + " matters, with the program");
    look_at_content_store();
}

void Examination::look_at_content_store() {
    if (config_.district.content_keys.empty())
        return attention("content sets",
                         "no district key: name PEM files under "
                         "\"district.contentKeys\" in the configuration; until then "
                         "the set that came with the program is used");
    const auto terms = content_terms(config_);
    if (!terms) return fault("content sets", terms.error().context);
    if (int(terms->keys.size()) < terms->needed)
        return attention("content sets", std::to_string(terms->needed) +
                                             " signatures are needed, "
                                             "and only " +
                                             std::to_string(terms->keys.size()) +
                                             " of the district's keys are named");
    const content::Store store(*terms);
    const auto state = store.state();
    if (!state) return fault("content sets", state.error().context);
    const auto given_back = state->given_back.empty() ? std::string()
                                                      : "; " + state->given_back +
                                                            " was taken out of use: the district "
                                                            "sends a newer one";
    const auto used = store.would_use(*state);
    if (used.empty()) return ok("content sets", "none newer than the program's own" + given_back);
    if (const auto broken = store.findings_at_start(store.folder_of(used)); !broken.empty())
        return fault("content sets", used + ": " + broken.front().error().context +
                                         "; the next start goes back to the set before");
    const auto bytes =
        base::read_file(store.folder_of(used) + "/manifest.json", content::max_manifest_bytes);
    const auto manifest =
        bytes ? content::read_manifest(*bytes) : base::Result<content::Manifest>(bytes.error());
    base::Date expires;
    if (manifest && clock_.is_synchronised() && base::parse_date(manifest->expires, expires) &&
        expires < base::local_date(clock_.wall()))
        return attention("content sets", used + " was good until " + manifest->expires +
                                             " and is used all the same: ask the district for a "
                                             "newer one" +
                                             given_back);
    ok("content sets", used + " is active" + given_back);
}

void Examination::look_at_glass() {
    if (const auto fonts = text::FontSet::open(config_.fonts_folder); !fonts)
        fault("fonts", fonts.error().context);
    else
        ok("fonts", "all faces are there");
    if (const auto theme = screens::Theme::open(config_.assets_folder + "/theme/tokens.json");
        !theme)
        fault("theme", theme.error().context + "; install the kiosk's assets again");
    else
        ok("theme", "read");
    if (const auto icons = screens::IconSet::open(config_.assets_folder + "/icons"); !icons)
        fault("icons", icons.error().context + "; install the kiosk's assets again");
    else
        ok("icons", "read");
}

void Examination::look_at_pinyin() {
    const auto pinyin = input::RimePinyin::open(config_.pinyin_folder);
    pinyin ? ok("pinyin", "the dictionary is whole and finds a word")
           : attention("pinyin",
                       pinyin.error().context + "; until then nobody can type Chinese by Pinyin");
}

void Examination::look_at_handwriting() {
    const auto model = input::HandwritingModel::open(config_.handwriting_model);
    model
        ? ok("handwriting", std::to_string((*model)->class_count()) + " characters can be written")
        : attention("handwriting", model.error().context +
                                       "; install the kiosk again; until then nobody can write "
                                       "Chinese by hand");
}

void Examination::look_at_voice() {
    const auto readings =
        drivers::Readings::open(config_.voice_folder + "/" + std::string(readings_file));
    if (!readings)
        attention("voice", readings.error().context +
                               "; install the kiosk again; until then nothing is read aloud");
    else if (!is_program_there(voice_program))
        attention("voice",
                  "no program espeak-ng; install the package espeak-ng; until then nothing "
                  "is read aloud");
    else if (!has_sound_output())
        attention("voice", "no sound output; connect a loudspeaker; until then nothing is read "
                           "aloud");
    else
        ok("voice", std::to_string((*readings)->size()) + " readings of Chinese words");
    attention("voice ug", "the Uyghur voice is not judged by a listener; have it heard by somebody "
                          "who knows the language before residents rely on it");
    if (const auto jack = drivers::EvdevJack::open(); !jack)
        attention("headphones", jack.error().context +
                                    "; until then nothing about a person is said: connect a jack, "
                                    "or let the kiosk's user read it (group input)");
    else
        ok("headphones", (*jack)->is_plugged() ? "a jack, plugged in" : "a jack, nothing in it");
    const auto set = content::ContentSet::open(config_.content_folder);
    if (!set) return; // told already
    if (const auto broken = (*set)->broken_clips(); broken > 0)
        attention("clips", std::to_string(broken) + " of the recorded texts are broken; install "
                                                    "the content set again");
    else
        ok("clips", std::to_string((*set)->clips().size()) + " recorded texts; the others are read "
                                                             "by espeak-ng");
}

void Examination::look_at_printing() {
    const auto profile = printer::find_profile(config_.printer_profile);
    if (!profile) return fault("printer profile", profile.error().context + "; set \"printer\"");
    ok("printer profile",
       std::string(profile->name) + ", " + std::to_string(profile->width_dots) + " dots");
}

void Examination::look_at_data() {
    if (config_.data_folder.empty())
        return fault("data", "no data folder; give --data DIR or \"data\" in the configuration");
    std::error_code failed;
    const auto space = std::filesystem::space(config_.data_folder, failed);
    if (failed) return fault("data", config_.data_folder + ": " + failed.message());
    // Spec reliability R8: room for at least 50 average requests, here of 1 MiB.
    const auto free_mib = space.available >> 20;
    if (free_mib < 50)
        fault("disk", std::to_string(free_mib) + " MiB free; no new matter is begun below 50");
    else
        ok("disk", std::to_string(free_mib) + " MiB free");
    const auto journal = outbox::SqlitePrintJournal::inspect(config_.print_journal_file());
    if (journal)
        ok("print journal", "can be written to");
    else if (journal.error().code == base::Errc::not_found)
        attention("print journal", "not made yet; the first start of the kiosk makes it");
    else
        fault("print journal", journal.error().context);
    const auto outbox = outbox::Outbox::inspect(config_.outbox_file(), clock_);
    if (!outbox && outbox.error().code == base::Errc::not_found)
        return attention("outbox", "not made yet; the first start of the kiosk makes it");
    if (!outbox) return fault("outbox", outbox.error().context);
    const auto counts = (*outbox)->counts();
    if (!counts) return fault("outbox", counts.error().context);
    const auto text = std::to_string(counts->pending) + " waiting, " +
                      std::to_string(counts->quarantined) + " need somebody";
    counts->quarantined > 0 ? attention("outbox", text) : ok("outbox", text);
}

void Examination::look_at_keys() {
    const auto& platform = config_.platform;
    if (platform.device_certificate.empty())
        return fault("keys", "no device certificate; set \"platform\" in the configuration");
    const auto device = platform::KeyPair::load(platform.device_certificate, platform.device_key);
    if (!device) return fault("keys", device.error().context);
    if (!device->certificate().is_valid_at(clock_.wall()))
        fault("keys", "the device certificate is not valid today; renew it");
    else
        ok("keys", "device key and certificate belong together and are valid");
    const auto sealing = platform::Certificate::load(platform.sealing_certificate);
    if (!sealing)
        fault("sealing", sealing.error().context);
    else if (!sealing->is_valid_at(clock_.wall()))
        fault("sealing",
              "the platform's sealing certificate is not valid today; fetch the new one");
    else
        ok("sealing", "the platform's certificate is valid");
}

void Examination::look_at_network() {
    const auto& platform = config_.platform;
    if (platform.url.empty())
        return fault("platform", "no address; set \"platform.url\" in the configuration");
    auto transport =
        platform::CurlTransport::open({platform.url, platform.ca_file, platform.device_certificate,
                                       platform.device_key, std::string("kiosk/") + KIOSK_VERSION});
    if (!transport) return fault("platform", transport.error().context);
    platform::Client client(**transport, clock_, std::nullopt);
    const auto device = client.device();
    if (!device)
        return fault("platform",
                     device.error().text() +
                         "; check the cable and the address; requests are kept meanwhile");
    ok("platform", "answers for " + device->office);
}

void Examination::look_at_machine() {
    clock_.is_synchronised()
        ? ok("clock", "synchronised")
        : attention("clock", "not synchronised; until it is, nobody is refused by age or date");
    base::SessionArena::instance().is_locked()
        ? ok("memory", "the session's memory is locked")
        : attention("memory", "the session's memory could not be locked; raise LimitMEMLOCK");
}

void Examination::look_at_devices() {
    // Those that are looked for themselves, below.
    constexpr std::array<std::string_view, 4> looked_at{"staff_card", "card_reader", "camera",
                                                        "receipt_printer"};
    for (const auto& row : drivers::device_rows())
        if (std::find(looked_at.begin(), looked_at.end(), row.kind) == looked_at.end())
            row.driver.empty() ? attention(std::string(row.kind), std::string(row.advice))
                               : ok(std::string(row.kind), std::string(row.advice));
}

void Examination::tell(const char* what, UsbFinding found) {
    switch (found.state) {
    case UsbFinding::State::ok: return ok(what, std::move(found.text));
    case UsbFinding::State::attention: return attention(what, std::move(found.text));
    case UsbFinding::State::fault: return fault(what, std::move(found.text));
    }
}

// Asks the module for its state and number, unless another program holds it; never for a card.
void Examination::look_at_card_reader() {
    auto wanted = wanted_card_reader(config_.card_reader);
    if (!wanted) return fault("card reader", wanted.error().context);
    drivers::UsbConnectionLimits limits;
    limits.permission_grace = base::Milliseconds(0); // whoever asks wants to know how it is now
    UsbCardReader device(std::move(wanted).value(), clock_, limits);
    const auto module = device.reader.describe();
    tell("card reader", find_words(device.connection.report(), module));
}

// Asks the port who it is and how it is, unless another program holds it; sends nothing that could
// be printed.
void Examination::look_at_receipt_printer() {
    auto wanted = wanted_receipt_printer(config_.receipt_printer);
    if (!wanted) return fault("receipt printer", wanted.error().context);
    drivers::UsbConnectionLimits limits;
    limits.permission_grace = base::Milliseconds(0); // whoever asks wants to know how it is now
    UsbReceiptPrinter device(std::move(wanted).value(), clock_, limits);
    const auto look = device.printer.look();
    tell("receipt printer", find_words(device.connection.report(), look));
}

// Asks each what it can; sets nothing and never streams.
void Examination::look_at_cameras() {
    const auto look_at = [this](base::Result<drivers::CameraWanted> wanted, const char* what,
                                const char* key, const char* until_then) {
        if (!wanted) return fault(what, wanted.error().context);
        const VideoCamera device(std::move(wanted).value(), clock_);
        tell(what, find_words(device.camera.look(), key, until_then));
    };
    look_at(wanted_camera(config_), "document camera", "camera",
            "papers are handed in at the counter");
    look_at(wanted_face_camera(config_), "face camera", "faceCamera", "staff compare faces");
    look_at_frame_record();
}

// What the program wrote down; the camera is not asked.
void Examination::look_at_frame_record() {
    const auto file = frame_record_file(config_.data_folder);
    const auto days = FrameRecord(file).days();
    if (!days) return fault("camera frames", days.error().text() + "; keep a copy of " + file);
    if (days->empty()) return;
    std::int64_t sum = 0;
    for (const auto& day : *days) sum += day.frames;
    ok("camera frames", "the document camera, since " + base::to_text(days->front().day) + ": " +
                            std::to_string(sum) + ", on " + base::to_text(days->back().day) + ": " +
                            std::to_string(days->back().frames) + "; the days stand in " + file +
                            ", those of the face camera in its record");
}

// Loads it in its helper process; decodes nothing.
void Examination::look_at_photo_decoder() {
    if (config_.photo_decoder.empty())
        return attention("card photo", "no decoder; name a vendor's under \"photoDecoder\" in the "
                                       "configuration; until then staff compare faces");
    const auto found = drivers::PhotoDecoder(photo_decoder_settings(config_), clock_).look();
    if (!found)
        return fault("card photo", found.error().text() + "; see drivers/photo_decoder/README.md; "
                                                          "until then staff compare faces");
    ok("card photo",
       std::string("the decoder can be loaded; it reaches no system call that it does "
                   "not need") +
           (found->has_no_network ? ", no network" : "") +
           (found->has_file_fence ? ", no files but its own" : ""));
}

// Files only.
void Examination::look_at_face_check() {
    const auto found = face_readiness(config_, clock_);
    for (const auto& why : found.refused)
        fault("face models", why + "; install it again with kiosk models install");
    std::string names;
    for (const auto& name : found.models) names += (names.empty() ? "" : ", ") + name;
    if (found.can_compare)
        ok("face models", names + "; the files are whole");
    else
        attention("face models", "no detector and embedder in " + models_folder(config_) +
                                     ": kiosk models install takes what face/README.md names; "
                                     "until then staff compare faces");
    const auto& calibration = found.calibration;
    if (calibration)
        ok("face calibration",
           "of " + calibration->district + ", good until " + base::to_text(calibration->expires));
    else if (calibration.error().code == base::Errc::not_found)
        attention("face calibration",
                  calibration.error().context +
                      ": name the district's keys under "
                      "\"district.calibrationKeys\" in the configuration and lay "
                      "its calibration at " +
                      calibration_file(config_) + "; until then staff compare faces");
    else
        fault("face calibration", calibration.error().text() + "; ask the district for a new one; "
                                                               "until then staff compare faces");
    if (!config_.face_camera.is_named())
        attention("face check", "not offered: no camera is named under \"faceCamera\" in the "
                                "configuration; staff compare faces");
    else if (!found.can_compare || !calibration || config_.photo_decoder.empty())
        attention("face check", "not offered: see the lines above; staff compare faces");
    else
        ok("face check", "offered beside the other ways where a form asks for it");
    look_at_face_record();
}

void Examination::look_at_face_record() {
    const auto file = face_record_file(config_.data_folder);
    const auto days = FaceRecord(file).days();
    if (!days) return fault("face record", days.error().text() + "; keep a copy of " + file);
    if (days->empty()) return;
    FaceTally sum;
    for (const auto& day : *days) {
        sum.offered += day.tally.offered;
        sum.done += day.tally.done;
        sum.frames += day.tally.frames;
    }
    ok("face record", "since " + base::to_text(days->front().day) + ": offered " +
                          std::to_string(sum.offered) + ", done " + std::to_string(sum.done) +
                          ", " + std::to_string(sum.frames) + " frames taken; the days stand in " +
                          file);
}

// Sees only whether a card is there; asks it nothing.
void Examination::look_at_staff_reader() {
    using State = drivers::StaffCardPlace::State;
    drivers::PcscReader reader(clock_);
    drivers::StaffCardPlace place;
    // The service finds its readers a moment after it was asked for the first time.
    for (int i = 0; i < 3 && place.state == State::no_reader; ++i)
        place = reader.look(place, std::chrono::milliseconds(300), {});
    switch (place.state) {
    case State::no_reader:
        return attention("staff cards", "no reader for staff cards: plug one in, and see that the "
                                        "service pcscd is installed; until then staff cannot log "
                                        "in, and residents finish at the counter");
    case State::empty: return ok("staff cards", "a reader is there, no card in it");
    case State::one_card: return ok("staff cards", "a reader is there, with a card in it");
    case State::several_cards:
        return attention("staff cards", "more than one card is in; take all but one out");
    }
}

void Examination::look_at_staff_list() {
    const auto folder = config_.staff_folder();
    if (staff::has_enrolment_code(folder))
        attention("enrolment code", "one is waiting to be typed at the kiosk; a first staff list "
                                    "ends it");
    if (config_.staff.roster_keys.empty())
        return attention("staff list", "no district key: name its PEM file under "
                                       "\"staff.rosterKeys\" in the configuration; until then "
                                       "staff cannot log in");
    const auto keys = base::load_public_keys(config_.staff.roster_keys);
    if (!keys) return fault("staff list", keys.error().context);
    const auto bytes = base::read_file(staff::roster_file_in(folder), staff::signed_roster_limit);
    if (!bytes && bytes.error().code == base::Errc::not_found)
        return attention("staff list", "none yet: the kiosk fetches it when the platform has one; "
                                       "or put one in place with kiosk staff roster FILE");
    const auto roster =
        bytes ? staff::read_roster(*bytes, *keys) : base::Result<staff::Roster>(bytes.error());
    if (!roster)
        return fault("staff list", roster.error().context + "; fetch it again, or put another in "
                                                            "place with kiosk staff roster FILE");
    const auto text = "version " + std::to_string(roster->version) + ", good until " +
                      base::to_local_minutes(roster->expires_at);
    if (!clock_.is_synchronised())
        return attention("staff list", text + "; the clock is not synchronised");
    if (const auto good = staff::check_roster(*roster, 0, {clock_.wall(), true}); !good)
        return attention("staff list", text + ": " + good.error().context +
                                           "; the kiosk fetches a new one as soon as the platform "
                                           "answers, until then staff cannot log in");
    ok("staff list", text);
}

void Examination::look_at_audit_chain() {
    std::optional<platform::Certificate> device;
    if (const auto& file = config_.platform.device_certificate; !file.empty())
        if (auto loaded = platform::Certificate::load(file)) device = std::move(loaded).value();
    const auto report = staff::verify_audit(config_.audit_folder(), device);
    if (!report && report.error().code == base::Errc::not_found)
        return attention("audit chain", "not begun yet; the first start of the kiosk begins it");
    if (!report) return fault("audit chain", report.error().context);
    if (report->fault)
        return fault("audit chain", report->fault->what + "; keep the folder " +
                                        config_.audit_folder() +
                                        " for whoever looks into it; kiosk audit verify says more");
    const auto text = std::to_string(report->rows) + " rows, whole";
    if (report->damaged_beside > 0 || report->is_restarted)
        return attention("audit chain", text + "; an earlier one was damaged and lies beside it: "
                                               "tell the district");
    report->signature_checked
        ? ok("audit chain", text + ", signed by this device")
        : attention("audit chain", text + "; whose it is was not checked: no device certificate");
}

std::string_view word(Finding::State state) {
    switch (state) {
    case Finding::State::ok: return "ok";
    case Finding::State::attention: return "attention";
    case Finding::State::fault: return "fault";
    }
    return "";
}

} // namespace

int doctor(const CommonOptions& common) {
    auto config = configuration(common);
    if (!config) return complain(config.error());
    const auto findings = Examination(std::move(config).value()).examine();
    bool is_well = true;
    auto rows = nlohmann::ordered_json::array();
    for (const auto& finding : findings) {
        is_well = is_well && finding.state != Finding::State::fault;
        rows.push_back(
            {{"subject", finding.subject}, {"state", word(finding.state)}, {"text", finding.text}});
        if (!common.json)
            std::printf("%-9s  %-16s %s\n", std::string(word(finding.state)).c_str(),
                        finding.subject.c_str(), finding.text.c_str());
    }
    if (common.json) std::cout << rows.dump(2) << '\n';
    return is_well ? exit_ok : exit_not_ok;
}

} // namespace app
