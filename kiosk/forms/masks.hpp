// How personal values look after entry (spec P9, DESIGN §5). Input may be anything; what does not
// look as expected is masked whole.
#pragma once

#include "kiosk/base/secret.hpp"

namespace forms {

base::SecretText mask_id_number(std::string_view number); // "659999 ******** 0048"
base::SecretText mask_phone(std::string_view number);     // "138 **** 6021"; landline "****5678"
base::SecretText mask_bank_card(std::string_view number); // "**** 0121"
base::SecretText mask_name(std::string_view name); // "阿**": the first character, for receipts
base::SecretText mask_address(std::string_view address); // digits become *: "长春中路 ** 号"

} // namespace forms
