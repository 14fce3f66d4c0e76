// What the kiosk does by itself, by the clock: fetches the staff list, sends the heartbeat, hands
// in the audit chain while nobody is here, asks whether this program is still served, has its
// certificate renewed, ends the day for whatever holds for one day only.
//
// Owned and called by the UI's thread; never waits. Nobody waits for these exchanges either, so
// they have a line and a worker of their own: a call for help never stands behind one of them.
#pragma once

#include "kiosk/app/staff_slot.hpp"
#include "kiosk/app/submitter.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/platform/client.hpp"
#include "kiosk/platform/heartbeat_plan.hpp"
#include "kiosk/staff/desk_state.hpp"

#include <functional>
#include <optional>

namespace app {

class Errands {
public:
    // Chosen: a list is good for seven days (G9) and is looked for four times a day; while there is
    // none, or less than three days are left, somebody may be waiting for it.
    static constexpr base::Milliseconds roster_interval{std::chrono::hours(6)};
    static constexpr base::Milliseconds roster_hurry{std::chrono::minutes(5)};
    static constexpr base::Milliseconds roster_spare{std::chrono::hours(3 * 24)};
    // Chosen: how soon it is seen that a list has expired, whatever the clock did.
    static constexpr base::Milliseconds roster_look{std::chrono::minutes(1)};
    // Chosen: 95 days are left when it is first due; once a day is often enough.
    static constexpr base::Milliseconds renewal_interval{std::chrono::hours(24)};
    static constexpr base::Milliseconds first_renewal_look{std::chrono::minutes(5)};

    // Chosen: a segment closes about once a day; after one that went through the next follows at
    // once.
    static constexpr base::Milliseconds segment_interval{std::chrono::minutes(15)};
    // Chosen: programs are replaced by days, not by hours.
    static constexpr base::Milliseconds device_interval{std::chrono::hours(12)};
    static constexpr base::Milliseconds first_device_look{std::chrono::minutes(1)};

    // Chosen: a notice for tomorrow is there tomorrow.
    static constexpr base::Milliseconds content_interval{std::chrono::hours(6)};
    static constexpr base::Milliseconds first_content_look{std::chrono::minutes(3)};

    // All references outlive the errands, and the workers' threads end before they do.
    struct Parts {
        const base::Clock& clock;
        base::RandomSource& random;
        base::Log& log;
        base::EventStream& events;
        staff::Authenticator& authenticator;
        staff::AuditChain& audit;
        StaffSlot& slot; // lends the worker on which the authenticator works
        Submitter& submitter;
        Worker& storage_worker;
        platform::Client& network;
        Worker& network_worker;
        std::string app_version;
        std::int64_t content_version = 0;
    };
    explicit Errands(Parts parts);

    // True when something changed that is shown.
    bool turn();
    base::MonotonicTime next_wake() const;
    void on_arrival(std::function<void()> wake) { arrivals_.on_post = std::move(wake); }

    // Whether nobody is here: segments of the audit chain go out then alone.
    void set_idle(bool is_idle) { is_idle_ = is_idle; }
    // The platform serves newer programs only: staff are told, requests are taken as before.
    bool is_outdated() const { return is_outdated_; }

    // Now, because somebody asked for it.
    void fetch_roster();
    // How the last fetch ended, once.
    std::optional<bool> take_fetched() { return std::exchange(fetched_, std::nullopt); }
    // The state of each device in one word, for the heartbeat. Set once, before the first turn.
    std::function<std::vector<std::pair<std::string, std::string>>()> device_words;
    // The same for how people found their visits; called on the storage worker.
    std::function<std::optional<platform::DayRatings>()> ratings;

    // What the district asks for with an answer to a heartbeat. Called on the UI's thread.
    std::function<void(platform::Command)> on_command;
    // Has the certificate renewed if that is due, over this line: true where there is a new one.
    // Called on the network worker. May be empty.
    std::function<base::Result<bool>(platform::Client&)> renew_certificate;

    // Fetches what the district offers, over this line; the version that the next start uses, or
    // nothing new. Called on the network worker. May be empty.
    std::function<base::Result<std::optional<std::int64_t>>(platform::Client&, std::stop_token)>
        sync_content;
    // Now, because the district asked for it.
    void fetch_content();

    // counts() and audit_rows() are fresh some moments later, where storage is not held up.
    void count();
    const std::optional<outbox::Counts>& counts() const { return counts_; }
    std::uint64_t audit_rows() const { return audit_rows_; }
    void note_contact() { last_contact_ = parts_.clock.now(); }
    std::optional<base::MonotonicTime> last_contact() const { return last_contact_; }

private:
    struct RosterCame {
        base::Result<base::Bytes> bytes;
    };
    struct RosterTaken {
        base::Result<bool> was_new;
    };
    struct Counted {
        std::optional<outbox::Counts> counts;
        std::uint64_t free_bytes = 0;
        staff::AuditHead audit;
        std::optional<platform::DayRatings> ratings;
        bool is_for_heartbeat = false;
    };
    struct HeartbeatEnded {
        bool was_heard = false;
        std::vector<platform::Command> commands;
    };
    struct RenewalEnded {
        base::Result<bool> was_renewed;
    };
    struct SegmentRead {
        base::Result<std::optional<platform::AuditSegment>> segment;
    };
    struct SegmentEnded {
        base::Result<std::uint64_t> next; // what the platform wants then
    };
    struct DeviceTold {
        base::Result<platform::DeviceAnswer> answer;
    };
    struct ContentSynced {
        base::Result<std::optional<std::int64_t>> version;
    };
    using Arrival = std::variant<ContentSynced, RosterCame, RosterTaken, Counted, HeartbeatEnded,
                                 RenewalEnded, SegmentRead, SegmentEnded, DeviceTold>;

    void take(RosterCame came);
    void take(RosterTaken taken);
    void take(const Counted& counted);
    void take(HeartbeatEnded ended);
    void take(RenewalEnded ended);
    void take(SegmentRead read);
    void take(SegmentEnded ended);
    void take(DeviceTold told);
    void take(ContentSynced synced);
    void look_for_segment();
    void ask_device();
    void look_at_certificate();
    // False: not taken, and no answer will come.
    [[nodiscard]] bool post(Worker& worker, Job job);
    void answer(Arrival arrival);
    bool needs_roster() const;
    void plan_roster();
    void look_at_roster();
    [[nodiscard]] bool count_for(bool is_for_heartbeat);
    void end_beat();
    void end_fetch(bool has_roster);
    void send_heartbeat(const Counted& counted);
    // Spread by a fifth to both sides, so that a district's kiosks do not all call at once.
    base::Milliseconds spread(base::Milliseconds interval);

    Parts parts_;
    // Holds every answer there can be: one of a fetch, one of a heartbeat, one of count().
    base::Mailbox<Arrival> arrivals_{16};
    platform::HeartbeatPlan heartbeats_;
    base::MonotonicTime next_roster_{}, next_look_{}, next_renewal_{};
    base::MonotonicTime next_segment_{}, next_device_{}, next_content_{};
    std::uint64_t wanted_segment_ = 0; // 0: not known; the last closed one is offered
    bool is_idle_ = true;
    bool is_handing_in_ = false;
    bool is_outdated_ = false;
    bool is_fetching_ = false;
    bool is_syncing_ = false;
    bool is_beating_ = false;
    bool is_counting_ = false; // for count()
    bool counts_again_ = false;
    std::optional<bool> fetched_;
    std::optional<outbox::Counts> counts_;
    std::uint64_t audit_rows_ = 0;
    std::optional<base::MonotonicTime> last_contact_;
    bool changed_ = false;
};

} // namespace app
