// Somebody at the kiosk: has a matter, a card, papers and a temper, reads what is asked and does
// something about it; mostly what a careful person would do.
#pragma once

#include "tests/simulation/program.hpp"

#include <string>
#include <vector>

namespace simulation {

class Person {
public:
    Person(Place& place, Watch& watch, Trace& trace);

    // One thing, at the glass or at the desk.
    void act(Program& program);
    // The program died under their hands: whatever they entered is gone.
    void start_over();
    bool has_left() const { return has_left_; }
    Entered& entered() { return entered_; }

private:
    bool tell(Program& program, session::Signal signal, session::Payload payload = {});
    void answer_overlay(Program& program);
    bool do_mischief(Program& program);
    void press_nonsense(Program& program);
    session::Payload nonsense(const session::Session& session);
    void choose_matter(Program& program);
    void lay_card(Program& program);
    void look_at_prefilled(Program& program);
    void answer_question(Program& program);
    void lay_paper(Program& program);
    void look_at_pages(Program& program);
    void check_answers(Program& program);
    void declare(Program& program);
    void sign(Program& program);
    void end_matter(Program& program);
    void refuse_to_despair(Program& program);
    // Staff, where they are about.
    void choose_way(Program& program);
    void be_witnessed(Program& program);
    void type_pin(Program& program);
    forms::Value proper(const forms::Field& field);
    forms::Value sloppy(const forms::Field& field);
    std::string code_of(const forms::Field& field);
    std::string typed_text(const forms::Field& field);

    Place& place_;
    Watch& watch_;
    Trace& trace_;
    Entered entered_;
    std::string card_, helper_card_;
    bool brings_helper_ = false;
    bool staff_card_is_in_ = false;
    std::size_t staff_ = 0; // who of them is here today
    int clumsiness_ = 0;    // per mille of doing something else than what is asked
    int tries_ = 0;         // in a row at the same place
    session::Step last_step_ = session::Step::attract;
    int more_matters_ = 0;
    bool has_begun_ = false;
    bool has_left_ = false;
};

} // namespace simulation
