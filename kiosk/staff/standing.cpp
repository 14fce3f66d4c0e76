#include "kiosk/staff/standing.hpp"

#include <algorithm>
#include <array>

namespace staff {
namespace {

struct Permission {
    Task task;
    Role role;
};

// Who may do what. A witness stands for the office, so it takes somebody of the office (spec
// matters §4); whoever repairs the kiosk does not vouch for people.
constexpr std::array permissions{
    Permission{Task::log_in, Role::office_worker}, Permission{Task::log_in, Role::technician},
    Permission{Task::log_in, Role::administrator}, Permission{Task::witness, Role::office_worker},
    Permission{Task::assist, Role::office_worker}, Permission{Task::duty, Role::office_worker},
    Permission{Task::duty, Role::administrator},   Permission{Task::service, Role::office_worker},
    Permission{Task::service, Role::technician},   Permission{Task::service, Role::administrator},
    Permission{Task::paper, Role::office_worker},  Permission{Task::paper, Role::technician},
    Permission{Task::paper, Role::administrator},  Permission{Task::receipts, Role::office_worker},
    Permission{Task::receipts, Role::technician},  Permission{Task::receipts, Role::administrator},
    Permission{Task::clean, Role::office_worker},  Permission{Task::clean, Role::technician},
    Permission{Task::clean, Role::administrator},  Permission{Task::notice, Role::office_worker},
    Permission{Task::notice, Role::administrator}, Permission{Task::roster, Role::technician},
    Permission{Task::roster, Role::administrator}, Permission{Task::camera, Role::technician},
    Permission{Task::camera, Role::administrator},
};

} // namespace

bool may(const Roles& roles, Task task) {
    return std::any_of(permissions.begin(), permissions.end(), [&](const Permission& row) {
        return row.task == task && roles.has(row.role);
    });
}

Task task_of(Purpose purpose) {
    switch (purpose) {
    case Purpose::log_in: return Task::log_in;
    case Purpose::witness:
    case Purpose::document: return Task::witness;
    case Purpose::assist: return Task::assist;
    }
    return Task::witness;
}

std::string_view to_string(Role role) {
    switch (role) {
    case Role::office_worker: return "office-worker";
    case Role::technician: return "technician";
    case Role::administrator: return "administrator";
    }
    return "";
}

std::string_view to_string(Purpose purpose) {
    switch (purpose) {
    case Purpose::log_in: return "log-in";
    case Purpose::witness: return "witness";
    case Purpose::document: return "document";
    case Purpose::assist: return "assist";
    }
    return "";
}

std::string_view to_string(Problem problem) {
    switch (problem) {
    case Problem::several_cards: return "several-cards";
    case Problem::foreign_card: return "foreign-card";
    case Problem::unknown_card: return "unknown-card";
    case Problem::card_silent: return "card-silent";
    case Problem::card_removed: return "card-removed";
    case Problem::no_roster: return "no-roster";
    case Problem::roster_expired: return "roster-expired";
    case Problem::not_allowed: return "not-allowed";
    case Problem::wrong_pin: return "wrong-pin";
    case Problem::locked: return "locked";
    case Problem::not_recorded: return "not-recorded";
    }
    return "";
}

} // namespace staff
