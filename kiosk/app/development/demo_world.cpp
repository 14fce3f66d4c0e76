#include "kiosk/app/development/demo_world.hpp"

#include "printer/profile.hpp"

namespace app {
namespace {

// The platform behind a cable that can be pulled.
class CabledTransport final : public platform::HttpTransport {
public:
    CabledTransport(std::unique_ptr<platform::HttpTransport> inner, const NetworkCable& cable)
        : inner_(std::move(inner)), cable_(cable) {}
    base::Result<platform::HttpResponse> send(const platform::HttpRequest& request,
                                              base::Milliseconds limit) override {
        if (!cable_.is_plugged)
            return base::Error{base::Errc::unreachable, "the network cable is pulled"};
        return inner_->send(request, limit);
    }

private:
    std::unique_ptr<platform::HttpTransport> inner_;
    const NetworkCable& cable_;
};

} // namespace

DemoWorld::DemoWorld(const base::Clock& clock, drivers::Wait wait, int printer_width)
    : sam(clock, wait), reader(
                            "simulated", [this] { return sam.connect(); }, clock, wait),
      paper_printer(drivers::SimulatedPrinterTraits{.width_dots = printer_width}),
      printer(paper_printer) {
    camera.take_page_away();
}

base::Result<std::unique_ptr<DemoWorld>> DemoWorld::open(config::Config& config,
                                                         const base::Clock& clock,
                                                         drivers::Wait wait,
                                                         base::RandomSource& random, int port) {
    const auto profile = TRY(printer::find_profile(config.printer_profile));
    std::unique_ptr<DemoWorld> world(new DemoWorld(clock, std::move(wait), profile.width_dots));
    const auto keys = TRY(platform::make_demo_keys(config.data_folder + "/demo-keys", clock));
    auto platform = platform::ReferencePlatform::open(
        {config.data_folder + "/platform.db", keys, {}}, clock, random);
    if (!platform)
        return base::Error{platform.error().code, "the reference platform in " +
                                                      config.data_folder + ": " +
                                                      platform.error().context};
    world->platform = std::move(platform).value();
    world->server = TRY(platform::ReferenceServer::start(*world->platform, keys, port));
    config.platform = {world->server->url(),     keys.ca, keys.device_certificate, keys.device_key,
                       keys.sealing_certificate, ""};
    return world;
}

std::function<std::unique_ptr<platform::HttpTransport>(std::unique_ptr<platform::HttpTransport>)>
DemoWorld::cable() {
    return [this](std::unique_ptr<platform::HttpTransport> inner) {
        return std::make_unique<CabledTransport>(std::move(inner), network);
    };
}

base::Result<void> DemoWorld::lay_card(std::string_view person) {
    const auto* found = drivers::find_demo_person(person);
    if (found == nullptr) {
        std::string known;
        for (const auto& each : drivers::demo_people())
            known += (known.empty() ? "" : ", ") + std::string(each.id);
        return base::Error{base::Errc::not_found,
                           "no such person: " + std::string(person) + "; known: " + known};
    }
    sam.lay_card(found->card);
    return {};
}

void DemoWorld::put_page(std::uint64_t seed) {
    camera.put_page(drivers::make_test_page(seed));
}

void DemoWorld::set_network(bool plugged) {
    network.is_plugged = plugged;
}

} // namespace app
