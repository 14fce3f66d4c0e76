#include "kiosk/app/platform_check.hpp"

#include "kiosk/platform/check.hpp"
#include "kiosk/platform/curl_transport.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace app {
namespace {

base::Result<platform::CheckSubject> configured_device(const config::Platform& configured) {
    TRY(config::require_files(configured));
    auto device = platform::KeyPair::load(configured.device_certificate, configured.device_key);
    if (!device)
        return base::Error{device.error().code, "platform.deviceCertificate, platform.deviceKey: " +
                                                    device.error().context};
    platform::CheckSubject subject{std::move(device).value(), {}};
    for (const auto* file :
         {&configured.sealing_certificate, &configured.next_sealing_certificate}) {
        if (file->empty()) continue;
        auto certificate = platform::Certificate::load(*file);
        if (!certificate)
            return base::Error{certificate.error().code,
                               "platform.sealingCertificate: " + certificate.error().context};
        subject.recipients.push_back(std::move(certificate).value());
    }
    return subject;
}

void print_table(const std::vector<platform::CheckLine>& lines) {
    for (const auto& line : lines) {
        std::printf("%-9s %-21s", std::string(to_string(line.outcome)).c_str(),
                    std::string(line.name).c_str());
        if (!line.found.empty()) std::printf(" %s", line.found.c_str());
        if (!line.to_do.empty()) std::printf("; %s", std::string(line.to_do).c_str());
        std::printf("\n");
    }
}

void print_json(const std::vector<platform::CheckLine>& lines) {
    auto all = nlohmann::json::array();
    for (const auto& line : lines)
        all.push_back({{"check", line.name},
                       {"outcome", to_string(line.outcome)},
                       {"found", line.found},
                       {"toDo", line.to_do}});
    const nlohmann::json document{{"fit", is_fit(lines)}, {"checks", all}};
    std::printf("%s\n", document.dump(1).c_str());
}

} // namespace

int check_platform(const CommonOptions& common, const std::string& url) {
    const auto config = configuration(common);
    if (!config) return complain(config.error(), exit_usage);
    const auto subject = configured_device(config->platform);
    if (!subject) return complain(subject.error(), exit_usage);
    const auto& files = config->platform;
    auto transport =
        platform::CurlTransport::open({url, files.ca_file, files.device_certificate,
                                       files.device_key, "kiosk/" KIOSK_VERSION " check"});
    if (!transport) return complain(transport.error(), exit_usage);
    const base::SystemClock clock;
    base::SystemRandom random;
    const auto lines = platform::check_platform(**transport, *subject, clock, random);
    common.json ? print_json(lines) : print_table(lines);
    return is_fit(lines) ? exit_ok : exit_not_ok;
}

} // namespace app
