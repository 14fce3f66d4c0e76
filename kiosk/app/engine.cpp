#include "kiosk/app/engine.hpp"

#include "kiosk/app/absent_devices.hpp"
#include "kiosk/app/card_photo.hpp"
#include "kiosk/app/face_parts.hpp"
#include "kiosk/app/face_readiness.hpp"
#include "kiosk/base/ed25519.hpp"
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/platform/device_keys.hpp"
#include "kiosk/platform/primitives.hpp"
#include "kiosk/present/receipt.hpp"
#include "kiosk/staff/enrolment.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>

namespace app {
namespace {

base::Result<void> make_folder(const std::string& folder) {
    if (folder.empty())
        return base::Error{base::Errc::invalid_input,
                           "no data folder: give --data DIR or \"data\" in the configuration"};
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        return base::Error{failed == std::errc::no_space_on_device ? base::Errc::disk_full
                                                                   : base::Errc::io,
                           "cannot make the data folder " + folder + ": " + failed.message()};
    ::chmod(folder.c_str(), 0700);
    return {};
}

base::Error because(const std::string& what, const base::Error& error) {
    return {error.code, what + ": " + error.context};
}

base::Error with_advice(const base::Error& error, const char* advice) {
    return {error.code, error.context + "; " + advice};
}

constexpr const char* content_advice =
    "put a whole content set there, or set \"content\" in the configuration";
constexpr const char* assets_advice =
    "install the kiosk's assets again, or set \"assets\" in the configuration";

// True: there is a new certificate in place of the old one; the next start signs with it.
base::Result<bool> renew_if_due(const config::Platform& where, const std::string& kiosk_id,
                                platform::Client& line, const base::Clock& clock) {
    const auto present = TRY(platform::Certificate::load(where.device_certificate));
    if (!platform::is_renewal_due(present, clock.wall())) return false;
    const auto request = TRY(platform::certificate_request(where.device_key, kiosk_id));
    const auto pem = TRY(line.renew_certificate(request));
    TRY(platform::install_certificate(pem, where.device_key, where.device_certificate, clock));
    return true;
}

} // namespace

std::unique_ptr<Worker> Engine::make_worker() const {
    std::unique_ptr<Worker> worker;
    if (settings_.threads == EngineSettings::Threads::caller)
        worker = std::make_unique<InlineWorker>();
    else
        worker = std::make_unique<ThreadWorker>();
    return settings_.wrap_worker ? settings_.wrap_worker(std::move(worker)) : std::move(worker);
}

base::Result<void> Engine::open_content(const base::Clock& clock) {
    const auto& config = settings_.config;
    auto terms = content_terms(config);
    if (!terms)
        return because("the keys of content sets (\"district.contentKeys\")", terms.error());
    base::Sha256 device{}; // without a certificate open_platform() will say so
    if (const auto shown = platform::Certificate::load(config.platform.device_certificate))
        device = shown->fingerprint();
    channel_ = std::make_unique<ContentChannel>(std::move(terms).value(), device, clock);
    auto content = channel_->open();
    if (!content)
        return with_advice(because("the content set " + config.content_folder, content.error()),
                           content_advice);
    content_ = std::move(content).value();
    next_proof_ = clock.now() + content::start_proof;
    return {};
}

// Chosen: an operator who activates a set sees it soon, and an idle kiosk reads one small file.
constexpr base::Milliseconds content_look{15'000};

bool Engine::wants_new_start() {
    const auto now = clock_->now();
    // Until it stands on the disk: a command may hold the lock, or the disk take nothing just now.
    if (!is_proven_ && now >= next_proof_) {
        next_proof_ = now + content_look;
        (void)storage_->post([this](std::stop_token) { is_proven_ = prove_content(); });
    }
    const auto& session = kiosk_->session();
    const bool nobody_is_here = session.step == session::Step::attract &&
                                session.overlay == session::Overlay::none &&
                                (staff_desk_ == nullptr || !staff_desk_->is_open());
    if (!nobody_is_here || now < next_content_look_) return false;
    next_content_look_ = now + content_look;
    return channel_->has_another();
}

void Engine::end_in_good_order() {
    (void)prove_content();
}

bool Engine::prove_content() {
    const auto proven = channel_->prove();
    // A command that is at work is no fault.
    if (!proven && proven.error().code != base::Errc::locked)
        log_->write(base::LogEvent::storage_fault, {proven.error().code});
    return proven.has_value();
}

base::Result<void> Engine::open_platform(const base::Clock& clock) {
    const auto& platform = settings_.config.platform;
    TRY(config::require_files(platform));
    const auto device = TRY(platform::Certificate::load(platform.device_certificate));
    const auto connect = [&](std::function<void()> on_turn)
        -> base::Result<std::unique_ptr<platform::HttpTransport>> {
        platform::CurlSettings settings{platform.url, platform.ca_file, platform.device_certificate,
                                        platform.device_key,
                                        std::string("kiosk/") + KIOSK_VERSION + " content/" +
                                            std::to_string(content_->version())};
        settings.on_turn = std::move(on_turn);
        auto wire = TRY(platform::CurlTransport::open(std::move(settings)));
        wires_.push_back(wire.get());
        std::unique_ptr<platform::HttpTransport> transport = std::move(wire);
        if (settings_.wrap_transport) transport = settings_.wrap_transport(std::move(transport));
        return transport;
    };
    upload_transport_ = TRY(connect([this] {
        if (auto* thread = reporter_.load()) thread->report();
    }));
    call_transport_ = TRY(connect({}));
    enquiry_transport_ = TRY(connect({}));
    errand_transport_ = TRY(connect({}));
    upload_client_ = std::make_unique<platform::Client>(*upload_transport_, clock, device);
    call_client_ = std::make_unique<platform::Client>(*call_transport_, clock, device);
    enquiry_client_ = std::make_unique<platform::Client>(*enquiry_transport_, clock, device);
    errand_client_ = std::make_unique<platform::Client>(*errand_transport_, clock, device);
    return {};
}

base::Result<void> Engine::open_glass() {
    const auto& config = settings_.config;
    fonts_ = std::make_unique<text::FontSet>(TRY(text::FontSet::open(config.fonts_folder)));
    auto theme = screens::Theme::open(config.assets_folder + "/theme/tokens.json");
    if (!theme) return with_advice(theme.error(), assets_advice);
    auto icons = screens::IconSet::open(config.assets_folder + "/icons");
    if (!icons) return with_advice(icons.error(), assets_advice);
    const screens::Panel panel{config.panel.width_px, config.panel.height_px,
                               float(config.panel.pixels_per_mm)};
    stage_ = std::make_unique<screens::Stage>(panel, *fonts_, std::move(theme).value(),
                                              std::move(icons).value());
    return {};
}

void Engine::open_input_methods() {
    const auto& config = settings_.config;
    input_methods_ = std::make_unique<InputMethods>(
        config.pinyin_folder, config.handwriting_model,
        [this](base::Word what, const base::Error& error) { tell_input_fault(what, error); });
    if (settings_.threads == EngineSettings::Threads::own)
        input_methods_->open_on_own_thread();
    else
        input_methods_->open();
}

void Engine::open_voice(drivers::Voice* given, const base::Clock& clock) {
    if (content_->broken_clips() > 0)
        tell_input_fault("clip", {base::Errc::corrupt, "recorded speech is not as it was signed"});
    voice_ = given;
    if (given != nullptr || settings_.sound == nullptr) return;
    auto voice = OwnVoice::open(settings_.config.voice_folder, *content_, *settings_.sound, clock,
                                [this](base::Errc code) {
                                    tell_input_fault("voice", {code, "the voice"});
                                });
    if (!voice) return tell_input_fault("voice", voice.error());
    own_voice_ = std::move(voice).value();
    voice_ = &own_voice_->voice();
}

void Engine::tell_input_fault(base::Word what, const base::Error& error) {
    log_->write(base::LogEvent::device_fault, {{base::LogField::device, what}, error.code});
    events_->fault(what, error.code);
}

base::Result<void> Engine::open_staff(const platform::KeyPair& device, const base::Clock& clock,
                                      base::RandomSource& random) {
    const auto& config = settings_.config;
    auto keys = base::load_public_keys(config.staff.roster_keys);
    if (!keys) return because("the keys of staff lists (\"staff.rosterKeys\")", keys.error());
    auto audit = staff::AuditChain::open(config.audit_folder(), clock, device);
    if (!audit) {
        // Two programs must not write one chain; anything else is the disk's fault, and a kiosk
        // whose disk fails starts all the same (spec reliability R7), without log-in.
        if (audit.error().code == base::Errc::locked)
            return because("the audit chain in " + config.audit_folder(), audit.error());
        tell_staff_fault("audit", audit.error());
        return {};
    }
    const auto refuse = [this](const base::Error& error) -> base::Result<void> {
        if (error.code != base::Errc::io && error.code != base::Errc::disk_full)
            return because("what is kept for staff", error);
        tell_staff_fault("staff", error);
        return {};
    };
    if (const auto made = staff::make_staff_folder(config.staff_folder()); !made)
        return refuse(made.error());
    auto state = staff::DeskState::open(staff::desk_file_in(config.staff_folder()));
    if (!state) return refuse(state.error());
    auto authenticator = staff::Authenticator::open(
        {config.staff_folder(), config.kiosk_id, std::move(keys).value()}, clock, random, **audit,
        **state);
    if (!authenticator) return refuse(authenticator.error());
    audit_ = std::move(audit).value();
    desk_state_ = std::move(state).value();
    authenticator_ = std::move(authenticator).value();
    return {};
}

// Once: it is tried again every few seconds.
void Engine::tell_staff_fault(base::Word what, const base::Error& error) {
    if (std::exchange(has_told_staff_fault_, true)) return;
    log_->write(base::LogEvent::storage_fault, {error.code});
    events_->fault(what, error.code);
}

void Engine::open_staff_again(drivers::StaffCardReader* reader, const base::Clock& clock,
                              base::RandomSource& random) {
    const auto& platform = settings_.config.platform;
    const auto device = platform::KeyPair::load(platform.device_certificate, platform.device_key);
    if (!device || !open_staff(*device, clock, random) || !authenticator_) return;
    const bool is_posted =
        storage_->post([this](std::stop_token) { submitter_->set_staff(*audit_, *desk_state_); });
    if (!is_posted) { // without it no request could name staff
        authenticator_.reset();
        desk_state_.reset();
        audit_.reset();
        return;
    }
    open_staff_desk(reader, clock, random);
    kiosk_->attach_staff(*staff_desk_);
}

// A kiosk that staff closed stays closed, also when the disk takes nothing more.
bool Engine::is_closed_by_staff() const {
    const auto kept =
        staff::DeskState::inspect(staff::desk_file_in(settings_.config.staff_folder()));
    return kept && kept->is_closed;
}

void Engine::open_staff_desk(drivers::StaffCardReader* reader, const base::Clock& clock,
                             base::RandomSource& random) {
    if (!authenticator_) return;
    if (reader == nullptr) {
        absent_staff_reader_ = std::make_unique<AbsentStaffCardReader>();
        reader = absent_staff_reader_.get();
    }
    const bool own_threads = settings_.threads == EngineSettings::Threads::own;
    staff_desk_ = std::make_unique<StaffDesk>(StaffParts{
        clock, random, *log_, *events_, *reader, *staff_, *authenticator_, *audit_, *desk_state_,
        *submitter_, *storage_, *printing_, *printer_, *errand_client_, *errands_, KIOSK_VERSION,
        content_, own_threads ? base::Milliseconds(3000) : base::Milliseconds(0)});
    staff_desk_->errands().sync_content = [channel = channel_.get()](platform::Client& line,
                                                                     std::stop_token stop) {
        return channel->sync(line, std::move(stop));
    };
    const auto& config = settings_.config;
    staff_desk_->errands().renew_certificate = [where = config.platform, kiosk_id = config.kiosk_id,
                                                &clock](platform::Client& line) {
        return renew_if_due(where, kiosk_id, line, clock);
    };
}

void Engine::open_face(drivers::Camera* camera, const base::Clock& clock,
                       base::RandomSource& random, Services& services) {
    services.face = settings_.face;
    services.face_mirror = settings_.face_mirror;
    services.face_parts = settings_.face_parts;
    if (!services.face_parts)
        services.face_parts = [config = settings_.config, &clock] {
            return face_parts(config, clock);
        };
    if (services.face == nullptr && camera == nullptr) return;
    face_worker_ = make_worker();
    services.face_worker = face_worker_.get();
    face_record_ = std::make_unique<FaceRecord>(face_record_file(settings_.config.data_folder));
    services.face_record = face_record_.get();
    services.assessment = settings_.config.district.assessment;
    if (services.face != nullptr) return;
    const auto decoder =
        std::make_shared<drivers::PhotoDecoder>(photo_decoder_settings(settings_.config), clock);
    own_face_ = std::make_unique<OwnFaceChecks>(OwnFaceChecksParts{
        *camera, clock, random, models_folder(settings_.config),
        [config = settings_.config, &clock] { return face_readiness(config, clock).calibration; },
        [decoder](base::ByteView chip, std::stop_token stop) -> base::Result<base::SecretBytes> {
            auto photo = TRY(decoder->decode(chip, stop));
            return std::move(photo.pixels);
        }});
    services.face = own_face_.get();
    own_mirror_ = std::make_unique<OwnFaceMirror>(*camera, clock);
    services.face_mirror = own_mirror_.get();
    // Not on this thread: the welcome screen does not wait for models.
    (void)face_worker_->post([face = own_face_.get()](std::stop_token) { face->prepare(); });
}

base::Result<std::unique_ptr<Engine>> Engine::open(EngineSettings given, Devices devices,
                                                   const base::Clock& clock,
                                                   base::RandomSource& random) {
    std::unique_ptr<Engine> engine(new Engine(std::move(given)));
    auto& self = *engine;
    self.clock_ = &clock;
    TRY(platform::check_primitives());
    const auto& config = self.settings_.config;
    TRY(make_folder(config.data_folder));
    if (!outbox::is_receipt_prefix(config.kiosk_id))
        return base::Error{base::Errc::invalid_input, "key \"kiosk\": two characters of " +
                                                          std::string(outbox::receipt_alphabet) +
                                                          " are expected"};
    self.log_ = TRY(base::open_file_log(config.log_folder(), clock));
#ifdef KIOSK_DEVELOPMENT
    self.events_ = TRY(base::EventStream::open(config.events_file()));
#else
    self.events_ = std::make_unique<base::EventStream>(); // nobody watches (spec reliability T3)
#endif
    if (const auto done = self.open_content(clock); !done) return done.error();
    if (const auto done = self.open_platform(clock); !done)
        return because("the connection to the platform", done.error());
    TRY(self.open_glass());
    self.open_input_methods();
    self.open_voice(devices.voice, clock);

    auto device = TRY(
        platform::KeyPair::load(config.platform.device_certificate, config.platform.device_key));
    std::vector<platform::Certificate> sealing{
        TRY(platform::Certificate::load(config.platform.sealing_certificate))};
    if (!config.platform.next_sealing_certificate.empty())
        sealing.push_back(
            TRY(platform::Certificate::load(config.platform.next_sealing_certificate)));
    TRY(self.open_staff(device, clock, random));
    self.submitter_ = std::make_unique<Submitter>(
        SubmitterSettings{config.outbox_file(), self.settings_.outbox, config.kiosk_id,
                          std::move(sealing), std::move(device), self.audit_.get(),
                          self.desk_state_.get()},
        clock, random, *self.log_, *self.events_);
    self.printing_ = std::make_unique<Printing>(PrintingParts{
        TRY(Printing::open_setting(config.fonts_folder, config.printer_profile)), devices.printer,
        [file = config.print_journal_file(),
         &clock]() -> base::Result<std::unique_ptr<outbox::PrintJournal>> {
            return std::unique_ptr<outbox::PrintJournal>(
                TRY(outbox::SqlitePrintJournal::open(file, clock)));
        },
        [content = self.content_](const std::string& receipt_no) {
            return present::void_note(receipt_no, *content);
        },
        *self.submitter_, *self.log_, *self.events_});

    self.card_ = self.make_worker();
    self.camera_ = self.make_worker();
    self.printer_ = self.make_worker();
    self.storage_ = self.make_worker();
    self.network_ = self.make_worker();
    self.enquiries_ = self.make_worker();
    self.staff_ = self.make_worker();
    self.errands_ = self.make_worker();
    self.open_staff_desk(devices.staff_reader, clock, random);
    const bool own_threads = self.settings_.threads == EngineSettings::Threads::own;
    Services services{clock,
                      *self.log_,
                      *self.events_,
                      devices.card_reader,
                      *self.card_,
                      devices.camera,
                      *self.camera_,
                      *self.printing_,
                      *self.printer_,
                      *self.submitter_,
                      *self.storage_,
                      *self.call_client_,
                      *self.network_,
                      *self.enquiry_client_,
                      *self.enquiries_,
                      [&self] {
                          if (self.sender_thread_)
                              self.sender_thread_->wake();
                          else
                              self.sender_->drain();
                      },
                      self.settings_.chime,
                      [&self] { self.glass_->wipe(); },
                      config.place.empty() ? self.content_->office().platform_place : config.place,
                      self.settings_.card_patience.value_or(own_threads ? base::Milliseconds(1000)
                                                                        : base::Milliseconds(0)),
                      self.staff_desk_.get(),
                      !self.staff_desk_ && self.is_closed_by_staff(),
                      [&self, reader = devices.staff_reader, &clock, &random] {
                          self.open_staff_again(reader, clock, random);
                      },
                      std::chrono::minutes(config.dark_after_minutes)};
    self.ratings_ = std::make_unique<Ratings>(config.data_folder + "/ratings.json");
    services.ratings = self.ratings_.get();
    self.frame_record_ = std::make_unique<FrameRecord>(frame_record_file(config.data_folder));
    services.frame_record = self.frame_record_.get();
    services.input_methods = self.input_methods_.get();
    services.reads_aloud = self.voice_ != nullptr;
    self.open_face(devices.face_camera, clock, random, services);
    self.kiosk_ = std::make_unique<Kiosk>(std::move(services), self.content_);
    self.glass_ = std::make_unique<Glass>(*self.stage_, *self.kiosk_, *self.log_, self.voice_);
    self.keys_ = std::make_unique<KeyReader>(devices.keypad, !config.keypad.name.empty(),
                                             *self.log_, *self.events_);
    self.sender_ = std::make_unique<Sender>(
        *self.submitter_, *self.upload_client_, clock, random, *self.log_, *self.events_,
        [&self](const std::string& key) { self.kiosk_->post_delivered(key); });
    return engine;
}

void Engine::on_arrival(const std::function<void()>& wake) {
    kiosk_->on_arrival(wake);
    keys_->on_arrival(wake);
    if (own_voice_) own_voice_->on_change(wake);
}

void Engine::start() {
    log_->write(base::LogEvent::program_started);
    if (channel_->was_given_back()) {
        log_->write(base::LogEvent::content_given_back);
        events_->fault("content", base::Errc::corrupt);
    }
    events_->content_active(content_->version());
    if (settings_.threads == EngineSettings::Threads::own) {
        sender_thread_ = std::make_unique<SenderThread>(*sender_, *clock_);
        reporter_ = sender_thread_.get();
        keys_->start();
    } else {
        sender_->step(); // as the thread does first: send what an earlier run left
    }
    events_->ready();
}

void Engine::hush() {
    if (voice_ != nullptr) voice_->wipe();
}

void Engine::sender_wake() {
    if (sender_thread_)
        sender_thread_->wake();
    else
        sender_->drain();
}

base::MonotonicTime Engine::sender_reported() const {
    return sender_thread_ ? sender_thread_->last_report() : clock_->now();
}

Engine::~Engine() {
    // An exchange under way may take a minute, and nobody waits for it any more: what it would have
    // delivered stays in the outbox.
    for (auto* wire : wires_) wire->cancel();
    reporter_ = nullptr;
    sender_thread_.reset();
    keys_.reset();
    for (auto* worker : {&face_worker_, &card_, &camera_, &printer_, &storage_, &network_,
                         &enquiries_, &staff_, &errands_})
        worker->reset();
    if (log_) log_->write(base::LogEvent::program_stopped);
}

} // namespace app
