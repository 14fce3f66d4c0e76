// `kiosk doctor`: every device, library, font, key, clock, disk and the network, one line each with
// what to do. Starts no stream and reads no card (spec safeguards G7).
#include "drivers/registry.hpp"
#include "kiosk/app/commands.hpp"
#include "kiosk/app/engine.hpp"
#include "printer/profile.hpp"

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
        look_at_printing();
        look_at_data();
        look_at_keys();
        look_at_network();
        look_at_machine();
        look_at_devices();
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
    void look_at_printing();
    void look_at_data();
    void look_at_keys();
    void look_at_network();
    void look_at_machine();
    void look_at_devices();

    config::Config config_;
    base::SystemClock clock_;
    std::vector<Finding> findings_;
};

void Examination::look_at_content() {
    const auto set = content::ContentSet::open(config_.content_folder);
    if (!set) return fault("content", set.error().context + "; install the content set again");
    ok("content", "version " + std::to_string((*set)->version()) + ", " +
                      std::to_string((*set)->matters().size()) + " matters");
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
    for (const auto& row : drivers::device_rows())
        row.driver.empty() ? attention(std::string(row.kind), std::string(row.advice))
                           : ok(std::string(row.kind), std::string(row.advice));
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
