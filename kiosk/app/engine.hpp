// Everything a running kiosk is made of, put together from a configuration, in the order in which
// the parts need each other.
#pragma once

#include "kiosk/app/content_channel.hpp"
#include "kiosk/app/glass.hpp"
#include "kiosk/app/keys.hpp"
#include "kiosk/app/kiosk.hpp"
#include "kiosk/app/own_face_checks.hpp"
#include "kiosk/app/own_face_mirror.hpp"
#include "kiosk/app/own_voice.hpp"
#include "kiosk/app/ratings.hpp"
#include "kiosk/app/sending.hpp"
#include "kiosk/config/config.hpp"
#include "kiosk/platform/curl_transport.hpp"
#include "kiosk/staff/authenticator.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace app {

struct Devices {
    drivers::CardReader& card_reader;
    drivers::Camera& camera;
    drivers::ReceiptPrinter& printer;
    drivers::StaffCardReader* staff_reader = nullptr; // none: no staff card is ever there
    drivers::Keypad* keypad = nullptr;                // none: nobody uses keys
    drivers::Voice* voice = nullptr;                  // none: see EngineSettings::sound
    drivers::Camera* face_camera = nullptr;           // none: nobody's face is compared
};

struct EngineSettings {
    config::Config config;
    // Own threads for devices and sending, or everything on the caller's thread (scripts).
    enum class Threads { own, caller } threads = Threads::own;
    std::function<void()> chime = [] {};
    // How long one look for an identity card takes; nothing: 1 s, or a single look where the caller
    // turns everything by hand.
    std::optional<base::Milliseconds> card_patience;
    // Instead of the kiosk's own face checks; outlives the engine
    // (demonstration, tests).
    FaceChecks* face = nullptr;
    // Instead of its own mirror, and what is told of the parts beside it; beside `face`.
    FaceMirror* face_mirror = nullptr;
    std::function<std::vector<staff::FacePartRow>()> face_parts;
    // Wraps the transports of the platform; a development program cuts the cable here.
    std::function<std::unique_ptr<platform::HttpTransport>(
        std::unique_ptr<platform::HttpTransport>)>
        wrap_transport;
    // Where the engine's own voice is heard, when no other was given; none: nothing is read aloud.
    drivers::SoundSink* sound = nullptr;
    outbox::Options outbox; // tests: a simulated disk
    // Tests: what stands before each worker.
    std::function<std::unique_ptr<Worker>(std::unique_ptr<Worker>)> wrap_worker;
};

class Engine {
public:
    // `clock`, `random` and devices outlive the engine. Errors: those of the parts, each a line
    // that says what is missing and what to do. An outbox that cannot be opened is no error: the
    // kiosk starts, says so on its screen, and tries again (spec reliability R7).
    static base::Result<std::unique_ptr<Engine>> open(EngineSettings settings, Devices devices,
                                                      const base::Clock& clock,
                                                      base::RandomSource& random);
    ~Engine();

    Kiosk& kiosk() { return *kiosk_; }
    Glass& glass() { return *glass_; }
    KeyReader& keys() { return *keys_; }
    // Runs when something came in, also on other threads: wakes whoever turns the core. Before
    // start().
    void on_arrival(const std::function<void()>& wake);
    screens::Stage& stage() { return *stage_; }
    Printing& printing() { return *printing_; }
    Sender& sender() { return *sender_; }
    // The network is back: try what waits now. Safe from any thread.
    void sender_wake();
    // When the sender's loop last turned. Safe from any thread.
    base::MonotonicTime sender_reported() const;
    Submitter& submitter() { return *submitter_; }
    // Nothing while its files cannot be opened; they are tried again between visits.
    StaffDesk* staff() { return staff_desk_.get(); }
    const staff::AuditChain* audit() const { return audit_.get(); }
    base::EventStream& events() { return *events_; }
    const content::ContentSet& content() const { return *content_; }
    const config::Config& config() const { return settings_.config; }
    const EngineSettings& settings() const { return settings_; }
    // Another content set is active and nobody is here: whoever turns this engine ends it and opens
    // another. Looks at the disk every content_look; a start that has lived is noted on the way.
    bool wants_new_start();
    // Nothing failed: a restart by people is no failed start of a content set.
    void end_in_good_order();

    // Begins to send and says `ready`. Call once, after the last callback was set.
    void start();
    // Nothing is said any more. Before what it is heard through goes away.
    void hush();

private:
    explicit Engine(EngineSettings settings) : settings_(std::move(settings)) {}
    base::Result<void> open_content(const base::Clock& clock);
    bool prove_content();
    base::Result<void> open_platform(const base::Clock& clock);
    base::Result<void> open_glass();
    void open_input_methods();
    void open_face(drivers::Camera* camera, const base::Clock& clock, base::RandomSource& random,
                   Services& services);
    void open_voice(drivers::Voice* given, const base::Clock& clock);
    void tell_input_fault(base::Word what, const base::Error& error);
    base::Result<void> open_staff(const platform::KeyPair& device, const base::Clock& clock,
                                  base::RandomSource& random);
    void open_staff_again(drivers::StaffCardReader* reader, const base::Clock& clock,
                          base::RandomSource& random);
    void tell_staff_fault(base::Word what, const base::Error& error);
    bool is_closed_by_staff() const;
    void open_staff_desk(drivers::StaffCardReader* reader, const base::Clock& clock,
                         base::RandomSource& random);
    std::unique_ptr<Worker> make_worker() const;

    EngineSettings settings_;
    std::unique_ptr<base::Log> log_;
    std::unique_ptr<base::EventStream> events_;
    std::unique_ptr<ContentChannel> channel_; // errands' and storage workers call it
    std::shared_ptr<const content::ContentSet> content_;
    base::MonotonicTime next_proof_{}, next_content_look_{};
    std::atomic<bool> is_proven_{false}; // the storage worker's word
    std::unique_ptr<platform::HttpTransport> upload_transport_, call_transport_, enquiry_transport_,
        errand_transport_;
    std::vector<platform::CurlTransport*> wires_; // inside the transports above
    std::unique_ptr<platform::Client> upload_client_, call_client_, enquiry_client_, errand_client_;
    std::unique_ptr<staff::AuditChain> audit_;
    std::unique_ptr<staff::DeskState> desk_state_;
    std::unique_ptr<staff::Authenticator> authenticator_;
    std::unique_ptr<drivers::StaffCardReader> absent_staff_reader_;
    std::unique_ptr<Ratings> ratings_;        // the storage worker's
    std::unique_ptr<FaceRecord> face_record_; // likewise
    std::unique_ptr<FrameRecord> frame_record_;
    std::unique_ptr<OwnFaceChecks> own_face_;
    std::unique_ptr<OwnFaceMirror> own_mirror_;
    std::unique_ptr<Submitter> submitter_;
    std::unique_ptr<Printing> printing_;
    std::unique_ptr<text::FontSet> fonts_;
    std::unique_ptr<screens::Stage> stage_;
    std::unique_ptr<InputMethods> input_methods_;
    std::unique_ptr<StaffDesk> staff_desk_;
    std::unique_ptr<OwnVoice> own_voice_;
    drivers::Voice* voice_ = nullptr; // own_voice_, or one that was given
    std::unique_ptr<Kiosk> kiosk_;
    std::unique_ptr<Glass> glass_;
    std::unique_ptr<Sender> sender_;
    // Workers end before what they work with: declared last, destroyed first.
    std::unique_ptr<Worker> card_, camera_, printer_, storage_, network_, enquiries_, staff_,
        errands_, face_worker_;
    std::unique_ptr<KeyReader> keys_;
    std::unique_ptr<SenderThread> sender_thread_;
    std::atomic<SenderThread*> reporter_{nullptr}; // sender_thread_, for its own exchanges
    const base::Clock* clock_ = nullptr;
    bool has_told_staff_fault_ = false;
};

} // namespace app
