// What must hold at every moment of every visit, and what must be true in the end.
//
// Looks at the program from outside: its events, its session, the glass, the disk's bytes, the
// wires, and what the platform opened.
#pragma once

#include "kiosk/app/kiosk.hpp"
#include "tests/simulation/entered.hpp"
#include "tests/simulation/place.hpp"
#include "tests/simulation/trace.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace simulation {

// One request as it must arrive.
struct Request {
    std::string receipt_no; // empty until told
    std::string matter;
    std::map<std::string, nlohmann::json> answers; // by field
    nlohmann::json name, id_number;                // null: an L0 matter
    std::set<std::string> consents;
    std::vector<std::string>
        parts; // SHA-256 of what is sealed: papers as PDF, pictures as they are
};

class Watch {
public:
    Watch(Place& place, Trace& trace);
    ~Watch();

    // The program is about to make this visit durable.
    void note_store(const session::Session& session, const forms::Today& today,
                    const Entered& entered);
    void note_print(const std::string& key);
    void note_card_step() { card_was_asked_for_ = true; }
    void note_refused_move() { move_was_refused_ = true; }
    bool take_refused_move() { return std::exchange(move_was_refused_, false); }
    void note_activity() { last_activity_ = place_.clock.now(); }
    // The program died: whatever it was storing may or may not be there.
    void note_death();

    void after_turn(const app::Kiosk& kiosk);
    void at_the_end(const outbox::Outbox& outbox);
    void violate(const std::string& what);
    // No value about a person stands in clear on the disk.
    void search_disk(const Entered& entered);

    const std::vector<std::string>& violations() const { return violations_; }
    std::size_t told() const { return told_.size(); }
    int sessions() const { return sessions_; }

private:
    void read_events();
    void take_event(const nlohmann::json& event);
    void check_session(const session::Session& session);
    void check_nobody(const session::Session& session);
    void check_staff();
    void check_card_silence(const session::Session& session);
    void compare(const platform::ReceivedSubmission& received, const Request& request);

    Place& place_;
    Trace& trace_;
    int events_fd_;
    std::size_t events_read_ = 0;
    std::vector<std::string> violations_;
    std::map<std::string, Request> told_; // by key
    std::vector<Request> unknown_;        // the program died before anybody could know
    std::optional<Request> storing_;
    std::optional<Request> refused_; // told "not certain", and no write has worked since
    std::map<std::string, int> prints_;
    bool move_was_refused_ = false;
    base::MonotonicTime last_activity_{};
    std::optional<base::MonotonicTime> wipe_began_;
    std::size_t card_requests_ = 0;
    bool card_was_asked_for_ = false;
    bool card_may_lie_ = false; // somebody was asked for one before
    bool was_accepted_shown_ = false;
    int sessions_ = 0;
};

} // namespace simulation
