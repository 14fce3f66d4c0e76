// The kiosk's core: one session, moved by signals; effects performed by workers; answers taken once
// per turn. Knows no window: a window and a headless script turn the same core.
//
// Owned and called by one thread, the UI's. Workers answer through a bounded mailbox; each answer
// carries its session's ticket, and one for a session that ended is dropped (STYLE §10).
#pragma once

#include "drivers/camera/camera.hpp"
#include "drivers/card_reader/card_reader.hpp"
#include "kiosk/app/enquiries.hpp"
#include "kiosk/app/face_checks.hpp"
#include "kiosk/app/face_mirror.hpp"
#include "kiosk/app/face_record.hpp"
#include "kiosk/app/frame_record.hpp"
#include "kiosk/app/input_methods.hpp"
#include "kiosk/app/page_watch.hpp"
#include "kiosk/app/printing.hpp"
#include "kiosk/app/ratings.hpp"
#include "kiosk/app/staff_desk.hpp"
#include "kiosk/app/submitter.hpp"
#include "kiosk/app/worker.hpp"
#include "kiosk/platform/client.hpp"
#include "kiosk/present/facts.hpp"
#include "kiosk/session/session.hpp"

#include <functional>
#include <optional>

namespace app {

// Everything the core works with; all of it outlives the core.
struct Services {
    const base::Clock& clock;
    base::Log& log;
    base::EventStream& events;

    drivers::CardReader& card_reader;
    Worker& card_worker;
    drivers::Camera& camera;
    Worker& camera_worker;
    Printing& printing;
    Worker& printer_worker;
    Submitter& submitter;
    Worker& storage_worker;
    // For calls for help: a line of its own, behind which nothing else stands.
    platform::Client& network;
    Worker& network_worker;
    // For what people ask without a form: ends with the visit.
    platform::Client& enquiry_network;
    Worker& enquiry_worker;

    std::function<void()> wake_uploader;
    std::function<void()> chime;
    // Drops everything on the glass that may be personal: models, glyphs, pixels.
    std::function<void()> wipe_glass;
    std::string place; // what POST /device/assistance says
    // How long one look for a card may take. Zero where the caller turns the core by hand.
    base::Milliseconds card_patience{1000};
    StaffDesk* staff = nullptr; // nothing: nobody can log in, and no card is looked for
    // Where there is no desk because its files cannot be opened: staff had closed this kiosk, as
    // far as can be read; and tries the files again, Kiosk::attach_staff() when it succeeds.
    bool is_closed_by_staff = false;
    std::function<void()> open_staff = [] {};
    base::Milliseconds dark_after{0};            // without anybody; zero: never
    const InputMethods* input_methods = nullptr; // nothing: no Chinese is written here
    Ratings* ratings = nullptr;                  // nothing: nobody counts
    bool reads_aloud = false;                    // there is a voice
    // Nothing: nobody's face is compared here, and no photo is kept by anybody (spec safeguards
    // G6).
    FaceChecks* face = nullptr;
    Worker* face_worker = nullptr;     // not null where `face` is not
    FaceMirror* face_mirror = nullptr; // nothing: no camera for a technician to test
    // What a face check needs here; nothing: nobody can say. The storage worker's thread.
    std::function<std::vector<staff::FacePartRow>()> face_parts;
    FaceRecord* face_record = nullptr;   // nothing: nobody counts
    FrameRecord* frame_record = nullptr; // of the document camera; likewise
    std::string assessment;              // number of the report on face checks, for the record
};

class Kiosk {
public:
    Kiosk(Services services, std::shared_ptr<const content::ContentSet> content);

    // What a person did on the glass.
    void tell(session::Input input);
    // Takes what arrived and what time brings, performs effects. True when the session or what
    // belongs on the glass changed. Call it whenever a mailbox was filled and at next_wake().
    bool turn();
    // When to call turn() again at the latest.
    base::MonotonicTime next_wake() const;

    // Nobody has been here for long: the glass is black, and what wakes it does nothing else.
    bool is_dark() const;
    // Somebody touched the glass or a key, whatever for.
    void note_hand();

    const session::Session& session() const { return session_; }
    present::Facts facts() const;
    // The desk's files can be opened after all. Between visits; `desk` outlives the core.
    void attach_staff(StaffDesk& desk);
    // Nothing where there is no desk for staff.
    StaffDesk* staff() { return services_.staff; }

    // Answers that came in while somebody else sleeps: set before workers start.
    void on_arrival(const std::function<void()>& wake);
    // For the uploader's thread: a submission reached the platform.
    void post_delivered(const std::string& key);

    // Development: called before and after each effect, with a running number (kill tests).
    enum class EffectMoment { before, after };
    std::function<void(int number, EffectMoment moment, session::EffectKind kind)> on_effect;

private:
    struct CardFound {}; // a card lies there and is about to be read
    struct CardAnswer {  // to one look at the reader
        std::optional<session::Input> input;
        base::Errc code = base::Errc::no_card; // no_card: no trouble
    };
    struct CardWatch {
        std::optional<bool> is_present; // nothing: the reader did not say
        base::Errc code = base::Errc::no_card;
    };
    struct LivePicture {
        std::shared_ptr<const base::Picture> picture;
        present::PaperFacts paper{};
        bool failed = false;
    };
    struct CameraChecked { // staff looked at how it is set up
        std::optional<std::vector<drivers::CameraFinding>> findings;
    };
    struct PrinterChecked {
        bool is_ok = false;
    };
    struct FaceAnswer { // to one look at the face camera
        FaceLook look;
    };
    struct FramesTaken { // by the document camera, since start
        std::uint64_t count = 0;
    };
    struct FaceParts {
        std::vector<staff::FacePartRow> found;
    };
    struct MirrorAnswer { // to one look of a technician
        std::uint64_t opening = 0;
        std::optional<present::MirrorFacts> seen; // nothing: no picture came
    };
    struct Arrival {
        session::Ticket ticket = 0;
        std::variant<session::Input, CardFound, CardAnswer, CardWatch,
                     drivers::CardReaderDescription, LivePicture, printer::State, PrinterChecked,
                     CameraChecked, FaceAnswer, FaceParts, MirrorAnswer, FramesTaken>
            content;
    };

    session::World world() const;
    void apply(session::Input input);
    void perform(session::EffectKind kind);
    bool take_arrivals();
    void take(Arrival arrival);
    bool take_deadline();
    void take(CardAnswer answer);
    void take(const CardWatch& watch);
    void remind_of_card(bool is_present);
    void watch_left_card(bool was_card_read);
    void stop_watching_left_card();
    void take_left_card(const CardWatch& watch);
    void take(const drivers::CardReaderDescription& reader);
    void take(LivePicture live);
    void ask_devices();
    void note_card_reader(base::Errc code);
    bool is_reader_checked() const;
    void check_reader();
    void take(PrinterChecked checked);
    void check_printer();
    void look_for_card();
    void watch_card();
    void take_live_picture();
    void look_at_desk();
    void close_camera();
    void take(FramesTaken frames);
    void check_camera(staff::AreaEffect what);
    bool finds_pages() const;
    void capture_page();
    void begin_face_check();
    void end_face_check();
    bool is_face_watched() const;
    void look_at_face();
    void note_step(session::Step before);
    void record_face(std::int64_t offered, std::int64_t done);
    void note_failed_check();
    void take(FaceAnswer answer);
    void ask_face_parts();
    void show_mirror(bool is_shown);
    void look_into_mirror();
    void take(MirrorAnswer answer);
    void forget_mirror();
    void store();
    void print_receipt();
    void print_copy();
    void ask_platform();
    void ask_prefill();
    void count_rating();
    void call_assistance(session::Ticket ticket);
    bool take_staff();
    void follow_staff();
    std::vector<std::pair<std::string, std::string>> device_words() const;
    void begin_wipe();
    bool finish_wipe();
    void look_after_storage();
    bool is_between_sessions() const;
    bool is_somebody_here() const;
    void post(session::Ticket ticket, decltype(Arrival::content) content);
    void order(Worker& worker, base::Word name, Job job);

    Services services_;
    std::shared_ptr<const content::ContentSet> content_;
    session::Session session_;
    // Chosen: every device can have a few answers waiting; a live picture counts as one.
    base::Mailbox<Arrival> arrivals_{64};

    // left: between visits, whether the card of one that ended lies there still.
    enum class CardWanted { no, read, watch, left } card_wanted_ = CardWanted::no;
    bool card_asked_ = false;
    bool card_was_present_ = false;
    base::MonotonicTime last_card_reminder_{};
    // When the visit ended whose card may lie there still; nothing: no card does, as far as we
    // know.
    std::optional<base::MonotonicTime> card_left_since_;
    base::MonotonicTime next_look_{};
    base::Errc card_fault_ = base::Errc::no_card; // what the last look brought; no_card: no fault
    bool reader_asked_ = false;
    base::MonotonicTime next_reader_check_{};
    bool printer_asked_ = false;
    base::MonotonicTime next_printer_check_{};
    bool camera_wanted_ = false;
    bool desk_wanted_ = false; // the camera for the goodbye: nothing of it is shown
    bool camera_asked_ = false;
    base::MonotonicTime next_picture_{};
    std::uint64_t frames_recorded_ = 0; // of the document camera
    base::MonotonicTime next_code_look_{};
    std::optional<FaceSubject> face_subject_; // of the check that is open
    bool face_begun_ = false;
    bool face_asked_ = false;
    base::MonotonicTime next_face_{};
    std::uint64_t face_frames_recorded_ = 0;
    bool mirror_wanted_ = false; // a technician tests the face camera
    bool mirror_asked_ = false;
    bool mirror_was_shown_ = false; // since the glass was wiped last
    std::uint64_t mirror_opening_ = 0;
    base::MonotonicTime next_mirror_{};
    // Whoever they were: when checks failed within the last hour (spec safeguards G16).
    std::vector<base::MonotonicTime> failed_checks_;
    std::optional<base::MonotonicTime> told_of_failed_checks_;
    PageWatch pages_; // the camera's worker alone
    present::Facts facts_;
    bool wiping_ = false;
    base::MonotonicTime wipe_began_{};
    session::EndReason ending_ = session::EndReason::none;
    base::MonotonicTime last_presence_{};
    base::MonotonicTime next_probe_{};
    base::MonotonicTime next_tidying_{};
    base::MonotonicTime next_opening_{}; // of the files of a desk that is not there
    int effects_performed_ = 0;
    bool changed_ = false;
};

} // namespace app
