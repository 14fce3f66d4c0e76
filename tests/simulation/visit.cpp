#include "tests/simulation/visit.hpp"

#include "tests/simulation/mishap.hpp"
#include "tests/simulation/person.hpp"

#include <algorithm>

namespace simulation {
namespace {

using namespace std::chrono_literals;

// Chosen: several times what an undisturbed visit takes.
constexpr int most_acts = 160;
// Chosen: mending ends every fault, and the longest wait between two tries is 5 minutes.
constexpr int most_tries = 400;

class Visit {
public:
    Visit(const Supplies& supplies, std::uint64_t seed, Defect defect, Trace& trace)
        : trace_(trace), place_(supplies, seed, defect), watch_(place_, trace),
          person_(place_, watch_, trace), mishaps_(place_, trace) {
        start();
    }
    ~Visit() { program_.reset(); }

    VisitReport run();

private:
    void start();
    void turn();
    void pass(base::Milliseconds time);
    void wait_until_nobody_is_here();
    void deliver();

    Trace& trace_;
    Place place_;
    Watch watch_;
    Person person_;
    Mishaps mishaps_;
    std::unique_ptr<Program> program_;
    int deaths_ = 0;
};

void Visit::start() {
    program_ = std::make_unique<Program>(place_, watch_, trace_, person_.entered());
}

// After a death: the machine comes up again, and nobody's data is on it.
void Visit::turn() {
    program_->turn();
    while (place_.is_dead()) {
        ++deaths_;
        trace_.line("dead");
        watch_.note_death();
        program_.reset();
        place_.restart();
        watch_.search_disk(person_.entered());
        person_.start_over();
        place_.clock.advance(20s);
        start();
        program_->turn();
    }
}

// In steps from one thing due to the next.
void Visit::pass(base::Milliseconds time) {
    while (time > 0ms) {
        const auto until_due = program_->next_wake() - place_.clock.now();
        const auto step = std::min(time, std::clamp<base::Milliseconds>(until_due, 50ms, 20s));
        place_.clock.advance(step);
        time -= step;
        turn();
    }
}

void Visit::wait_until_nobody_is_here() {
    // A session that stays behind its person is seen by the watch; this only ends the loop.
    for (int i = 0; i < 40 && program_->session().step != session::Step::attract; ++i) pass(20s);
    if (program_->session().step != session::Step::attract)
        watch_.violate("a session that never ends, in " +
                       std::string(session::to_string(program_->session().step)));
}

// Everything is mended; time passes until the queue is empty.
void Visit::deliver() {
    trace_.line("everything is mended");
    place_.mend();
    pass(3s);
    if (!program_->is_accepting())
        watch_.violate("not accepting 3 s after the storage is well again");
    program_->send_now();
    auto outbox = program_->look_into_outbox();
    for (int tries = 0; tries < most_tries && outbox; ++tries) {
        turn();
        const auto entries = (*outbox)->list();
        if (!entries) break;
        bool is_empty = true;
        for (const auto& entry : *entries) {
            // Somebody looked at it: the platform is in order again.
            if (entry.state == outbox::State::quarantined) (void)(*outbox)->release(entry.key);
            is_empty = is_empty && entry.state == outbox::State::delivered;
        }
        if (is_empty) break;
        place_.clock.advance(
            std::clamp<base::Milliseconds>(program_->next_wake() - place_.clock.now(), 1s, 310s));
    }
    if (!outbox) return watch_.violate("the outbox cannot be opened in the end");
    watch_.at_the_end(**outbox);
    watch_.search_disk(person_.entered());
}

VisitReport Visit::run() {
    for (int act = 0; act < most_acts && !person_.has_left(); ++act) {
        mishaps_.strike(act, *program_);
        person_.act(*program_);
        turn();
        pass(base::Milliseconds(200 + place_.below(3000)));
        // Sometimes somebody is called away and comes back, or does not.
        if (place_.chance(15)) pass(base::Milliseconds(place_.below(260'000)));
    }
    trace_.line("the person has left, after " + std::to_string(place_.disk.calls()) +
                " disk calls");
    wait_until_nobody_is_here();
    deliver();
    return {trace_.digest(), watch_.told(), watch_.sessions(), deaths_, watch_.violations()};
}

} // namespace

VisitReport run_visit(const Supplies& supplies, std::uint64_t seed, Defect defect,
                      Printing printing) {
    Trace trace(printing == Printing::trace);
    return Visit(supplies, seed, defect, trace).run();
}

} // namespace simulation
