#include "drivers/card_reader/sam_dialogue.hpp"

namespace drivers {

SamHeard sam_heard(Answer answer) {
    switch (answer) {
    case Answer::ok: return SamHeard::ok;
    case Answer::no_content: return SamHeard::no_content;
    case Answer::found: return SamHeard::found;
    case Answer::no_card: return SamHeard::no_card;
    case Answer::put_back: return SamHeard::put_back;
    case Answer::not_readable_here: return SamHeard::not_readable_here;
    case Answer::out_of_step:
    case Answer::unknown: return SamHeard::out_of_step;
    case Answer::reader_fault: return SamHeard::reader_fault;
    }
    CHECK(false);
}

std::string_view to_string(SamState state) {
    switch (state) {
    case SamState::absent: return "absent";
    case SamState::starting: return "starting";
    case SamState::looking: return "looking";
    case SamState::selecting: return "selecting";
    case SamState::reading: return "reading";
    case SamState::watching: return "watching";
    case SamState::resyncing: return "resyncing";
    }
    CHECK(false);
}

std::string_view to_string(SamTrouble trouble) {
    switch (trouble) {
    case SamTrouble::none: return "none";
    case SamTrouble::retry: return "retry";
    case SamTrouble::not_readable_here: return "not_readable_here";
    case SamTrouble::resync: return "resync";
    case SamTrouble::reader_fault: return "reader_fault";
    case SamTrouble::unplugged: return "unplugged";
    }
    CHECK(false);
}

} // namespace drivers
