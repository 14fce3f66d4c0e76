#include "drivers/card_reader/card.hpp"

namespace drivers {

Validity validity(const Card& card, const base::Clock& clock) {
    if (!clock.is_synchronised()) return Validity::to_be_checked;
    const auto today = base::local_date(clock.wall());
    if (today < card.valid_from.expose()) return Validity::not_yet;
    // The last day printed on the card still counts.
    if (card.valid_to && card.valid_to->expose() < today) return Validity::expired;
    return Validity::valid;
}

std::string_view to_string(CardKind kind) {
    switch (kind) {
    case CardKind::resident: return "resident";
    case CardKind::residence_permit: return "residence_permit";
    case CardKind::foreigner_2017: return "foreigner_2017";
    case CardKind::foreigner_2023: return "foreigner_2023";
    }
    CHECK(false);
}

std::string_view to_string(Sex sex) {
    switch (sex) {
    case Sex::unknown: return "unknown";
    case Sex::male: return "male";
    case Sex::female: return "female";
    case Sex::not_stated: return "not_stated";
    }
    CHECK(false);
}

std::string_view to_string(CardRule rule) {
    switch (rule) {
    case CardRule::text: return "text";
    case CardRule::number: return "number";
    case CardRule::number_birth: return "number_birth";
    case CardRule::number_sex: return "number_sex";
    case CardRule::birth_range: return "birth_range";
    case CardRule::validity_order: return "validity_order";
    }
    CHECK(false);
}

std::string_view to_string(Validity validity) {
    switch (validity) {
    case Validity::valid: return "valid";
    case Validity::expired: return "expired";
    case Validity::not_yet: return "not_yet";
    case Validity::to_be_checked: return "to_be_checked";
    }
    CHECK(false);
}

} // namespace drivers
