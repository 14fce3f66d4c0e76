// What staff do at the kiosk outside a visit, and what a visit needs of them: owns the slot for
// their cards, the staff area, and what staff have set here (out of service, a notice, who is on
// duty).
//
// Every action is recorded in the audit chain first; what cannot be recorded is not done. Owned and
// called by the UI's thread and never waits: disk, printer and line are workers' business.
#pragma once

#include "kiosk/app/errands.hpp"
#include "kiosk/app/printing.hpp"
#include "kiosk/app/staff_slot.hpp"
#include "kiosk/present/facts.hpp"
#include "kiosk/staff/area.hpp"

#include <functional>
#include <optional>
#include <string>

namespace app {

struct StaffParts {
    const base::Clock& clock;
    base::RandomSource& random;
    base::Log& log;
    base::EventStream& events;
    drivers::StaffCardReader& reader;
    Worker& staff_worker; // the reader's and the authenticator's
    staff::Authenticator& authenticator;
    staff::AuditChain& audit;
    staff::DeskState& state;
    Submitter& submitter;
    Worker& storage_worker;
    Printing& printing;
    Worker& printer_worker;
    platform::Client& network; // of its own: nobody waits for what goes over it
    Worker& network_worker;
    std::string app_version;
    std::shared_ptr<const content::ContentSet> content;
    base::Milliseconds reader_patience{1000};
};

class StaffDesk {
public:
    // Chosen: what holds for one day ends within a minute of it.
    static constexpr base::Milliseconds day_interval{std::chrono::minutes(1)};

    // All references outlive the desk, and the workers' threads end before it does.
    explicit StaffDesk(const StaffParts& parts);

    // Takes what arrived and what time brings. True when what belongs on the glass changed.
    bool turn();
    base::MonotonicTime next_wake() const;
    void on_arrival(const std::function<void()>& wake);

    // A visit began, or nobody is here any more. The area is open between visits only.
    void set_in_visit(bool is_going_on);

    // ---- for a visit ----

    const staff::Standing& standing() const { return slot_.standing(); }
    // Has card and PIN checked; a right one comes with on_confirmed, all else with the standing.
    void check_pin(staff::Purpose purpose, const base::SecretText& pin, session::Ticket ticket);
    // Whoever gave the PIN has left the place that asked for it: it is wiped wherever it waits, and
    // a right answer that still comes counts for nothing. A log-in under way goes on.
    void drop_check();
    // The visit has ended: a PIN on its way is wiped, its answer is for nobody.
    void forget_visit();

    // ---- for the glass ----

    const staff::Area& area() const { return area_; }
    bool is_open() const { return area_.page != staff::Page::closed; }
    void tell(staff::AreaInput input);
    void fill(present::Facts& facts) const;
    staff::Overview overview(const present::Facts& facts) const;

    // What came of on_look; nothing: the camera gave no picture.
    void tell_look(std::optional<std::vector<drivers::CameraFinding>> findings);

    // What came of on_ask_face.
    void tell_face_parts(std::vector<staff::FacePartRow> found);

    Errands& errands() { return errands_; }

    // Hooks of the core; set once, before the first turn.
    std::function<void(session::Ticket, const staff::Confirmed&)> on_confirmed;
    std::function<void(bool is_ok)> on_printer_asked;
    std::function<void()> on_call_staff;
    // Has one picture of the document camera checked (look_at_marks, _sheet or _card); the answer
    // comes by tell_look().
    std::function<void(staff::AreaEffect what)> on_look;
    // Has it looked what a face check needs; the answer comes by tell_face_parts().
    std::function<void()> on_ask_face;
    // The face camera is opened for whoever is logged in, or closed. Where it gives no picture the
    // area is told face_not_shown.
    std::function<void(bool is_shown)> on_show_face;
    // Development: called before and after each effect of the area.
    std::function<void(staff::AreaEffect effect, bool is_before)> on_effect;

private:
    struct Done { // an action that stands in the audit chain, or could not be put there
        std::optional<staff::AreaEffect> effect;
        bool is_recorded = false;
        staff::Kept kept;
    };
    struct PrinterTold {
        std::optional<PrinterReport> report;
        bool is_ok = false;
        bool was_print = false; // asked for on the area's page
    };
    using Arrival = std::variant<Done, PrinterTold>;
    using PrinterJob = std::function<base::Result<void>(Printing&, std::stop_token)>;
    struct ByNobody {};
    struct ByArea {};
    using Asker = std::variant<ByNobody, ByArea, session::Ticket>;
    // What is written down and what then changes, on the storage worker.
    struct Action {
        std::optional<staff::AreaEffect> effect;
        staff::AuditEvent event{};
        std::string staff;
        std::optional<staff::AuditEntry> more;
        std::function<void(staff::Kept&)> edit;
    };

    void take(Done done);
    void take(PrinterTold told);
    void take_answer(const StaffSlot::Checked& checked);
    bool apply(staff::AreaInput input);
    void perform(staff::AreaEffect effect, const std::string& who);
    void act(Action action);
    void set_notice(const std::string& who);
    void record_log_out(const std::string& who, staff::LogOut reason);
    void order(PrinterJob job, bool is_print = false);
    void print_test();
    void print_marks();
    void look(staff::AreaEffect what);
    void show_face();
    void reprint();
    void fill_printer(staff::Overview& overview, const present::Facts& facts) const;
    void obey(platform::Command command);
    void look_at_day();
    base::Result<void> end_day(base::Date today);
    void begin_duty(const staff::Confirmed& who);
    void follow_standing();
    bool has_good_roster() const;
    std::string today() const;
    staff::AreaWorld world() const;

    StaffParts parts_;
    StaffSlot slot_;
    Errands errands_;
    base::Mailbox<Arrival> arrivals_{16};
    staff::Area area_;
    staff::Standing told_; // to the area
    staff::Kept kept_;     // as this thread last heard of it
    Asker asker_;
    std::optional<PrinterReport> printer_;                // as it was last heard of
    std::vector<drivers::CameraFinding> camera_findings_; // while somebody is logged in
    std::vector<staff::FacePartRow> face_parts_;          // likewise
    base::MonotonicTime next_day_{};
    bool is_in_visit_ = false;
    bool changed_ = false;
};

} // namespace app
