// The way in before there is a staff list: a code of 12 digits, made at a terminal, shown once,
// typed at the kiosk. Only its slow hash is kept, in the same folder as the list; where both stand
// is said here.
#pragma once

#include "kiosk/base/random.hpp"
#include "kiosk/base/secret.hpp"
#include "kiosk/staff/standing.hpp"

#include <string>

namespace staff {

// Where things lie in the staff folder.
std::string roster_file_in(const std::string& folder);
std::string enrolment_file_in(const std::string& folder);
std::string desk_file_in(const std::string& folder);

// Makes the folder, for this user alone, when it is not there. Errors: io.
base::Result<void> make_staff_folder(const std::string& folder);

// Makes a code of 12 digits; an earlier one is good no longer. Errors: conflict (this kiosk has, or
// had, a staff list: staff log in with their cards), io, disk_full.
base::Result<base::SecretText> make_enrolment_code(const std::string& folder,
                                                   base::RandomSource& random);
bool has_enrolment_code(const std::string& folder);
// Is it this one? Spaces and hyphens in `code` do not count. Slow, as a PIN is.
bool is_enrolment_code(const std::string& folder, const base::SecretText& code);
// Never fails: a code that cannot be removed is dead by the desk state.
void remove_enrolment_code(const std::string& folder);

} // namespace staff
