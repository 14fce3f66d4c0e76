#include "kiosk/staff/commands.hpp"

#include "kiosk/base/ed25519.hpp"
#include "kiosk/staff/enrolment.hpp"
#include "kiosk/staff/lock_out.hpp"
#include "kiosk/staff/succession.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

namespace staff {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::ordered_json;

// What the kiosk keeps, as far as it can be read from outside. Damaged counts as nothing known: the
// kiosk sets that right at its next start.
Kept kept_in(const std::string& folder) {
    const auto kept = DeskState::inspect(desk_file_in(folder));
    return kept ? *kept : Kept{};
}

Result<std::vector<RosterKey>> trusted_keys(const config::Config& config) {
    if (config.staff.roster_keys.empty())
        return Error{Errc::not_found, "no district key is configured: name its PEM file under "
                                      "\"staff\": {\"rosterKeys\": [...]} in the configuration"};
    return base::load_public_keys(config.staff.roster_keys);
}

// The list that lies there, if it is one. A list that the desk file does not know of (yet) still
// says how old the next one may be.
std::optional<Candidate> list_in(const std::string& folder, const std::vector<RosterKey>& keys) {
    const auto bytes = base::read_file(roster_file_in(folder), signed_roster_limit);
    if (!bytes) return std::nullopt;
    auto roster = read_roster(*bytes, keys);
    if (!roster) return std::nullopt;
    return Candidate{std::move(*roster), base::sha256_hex(*bytes), false};
}

// As the authenticator knows the time, but for what has passed since a program began.
KnownTime time_now(const Kept& kept, const std::optional<Candidate>& list) {
    const base::SystemClock clock;
    if (clock.is_synchronised()) return {clock.wall(), true};
    return {list ? std::max(kept.last_sure_time, list->roster.issued_at) : kept.last_sure_time,
            false};
}

struct Counts {
    std::array<int, role_count> by_role{};
    int cards = 0;
    int spare_cards = 0;
};

Counts count(const Roster& roster) {
    Counts counts;
    for (const auto& member : roster.members) {
        for (std::size_t role = 0; role < role_count; ++role)
            counts.by_role[role] += member.roles.has(Role(role)) ? 1 : 0;
        counts.cards += static_cast<int>(member.cards.size());
        counts.spare_cards +=
            static_cast<int>(std::count_if(member.cards.begin(), member.cards.end(),
                                           [](const Card& card) { return card.is_spare; }));
    }
    return counts;
}

struct Status {
    std::optional<Candidate> list;
    bool is_good = false;
    std::string why_not; // in words
    KnownTime time;
    Kept kept;
    bool has_code = false;
};

ordered_json json_of(const Status& status) {
    ordered_json json;
    if (status.list) {
        const auto& roster = status.list->roster;
        const auto counts = count(roster);
        json["version"] = roster.version;
        json["issuedAt"] = base::to_rfc3339(roster.issued_at);
        json["expiresAt"] = base::to_rfc3339(roster.expires_at);
        json["members"] = roster.members.size();
        for (std::size_t role = 0; role < role_count; ++role)
            json["roles"][std::string(to_string(Role(role)))] = counts.by_role[role];
        json["cards"] = counts.cards;
        json["spareCards"] = counts.spare_cards;
    }
    json["good"] = status.is_good;
    if (!status.is_good) json["why"] = status.why_not;
    json["clockIsSure"] = status.time.is_sure;
    json["locked"] = LockOut::locked_ids(status.kept);
    json["enrolmentCode"] = status.has_code;
    return json;
}

void print(const Status& status) {
    if (status.list) {
        const auto& roster = status.list->roster;
        const auto counts = count(roster);
        std::printf("staff list   version %llu, issued %s, good until %s%s\n",
                    static_cast<unsigned long long>(roster.version),
                    base::to_local_minutes(roster.issued_at).c_str(),
                    base::to_local_minutes(roster.expires_at).c_str(),
                    status.time.is_sure ? "" : " (the clock is not synchronised)");
        std::printf("members      %zu:", roster.members.size());
        for (std::size_t role = 0; role < role_count; ++role)
            std::printf(" %d %s%s", counts.by_role[role],
                        std::string(to_string(Role(role))).c_str(),
                        role + 1 < role_count ? "," : "\n");
        std::printf("cards        %d, %d of them spare\n", counts.cards, counts.spare_cards);
    }
    if (!status.is_good) std::printf("not good     %s\n", status.why_not.c_str());
    std::printf("locked       %d after wrong PINs\n", LockOut::locked_ids(status.kept));
    if (status.has_code) std::puts("enrolment    a code is waiting to be typed at the kiosk");
}

} // namespace

int make_code(const app::CommonOptions& common) {
    const auto config = app::configuration(common);
    if (!config) return app::complain(config.error());
    if (const auto owner = config::require_owner(config->data_folder, "staff code"); !owner)
        return app::complain(owner.error());
    base::SystemRandom random;
    const auto code = make_enrolment_code(config->staff_folder(), random);
    if (!code) return app::complain(code.error());
    const auto digits = code->view();
    std::printf("%.4s %.4s %.4s\n", digits.data(), digits.data() + 4, digits.data() + 8);
    std::fflush(stdout);
    std::fputs("Type it at the kiosk, in the staff area. It is shown this once; a new one ends it, "
               "and the first staff list ends it for good.\n",
               stderr);
    return app::exit_ok;
}

int install_roster(const app::CommonOptions& common, const std::string& file) {
    const auto config = app::configuration(common);
    if (!config) return app::complain(config.error());
    if (const auto owner = config::require_owner(config->data_folder, "staff roster"); !owner)
        return app::complain(owner.error());
    const auto keys = trusted_keys(*config);
    if (!keys) return app::complain(keys.error());
    const auto bytes = base::read_file(file, signed_roster_limit);
    if (!bytes) return app::complain(bytes.error());
    const auto folder = config->staff_folder();
    auto kept = kept_in(folder);
    const auto there = list_in(folder, *keys);
    const auto time = time_now(kept, there);
    if (there && there->roster.version > kept.least_roster_version) {
        kept.least_roster_version = there->roster.version;
        kept.roster_sha256 = there->sha256;
    }
    const auto next = may_follow(kept, *bytes, *keys, time);
    if (!next) return app::complain(next.error());
    if (const auto made = make_staff_folder(folder); !made) return app::complain(made.error());
    const auto written = base::write_file_durably(roster_file_in(folder), *bytes);
    if (!written) return app::complain(written.error());
    std::printf("staff list version %llu, %zu members, good until %s: taken over at the next staff "
                "card or start of the kiosk%s\n",
                static_cast<unsigned long long>(next->roster.version), next->roster.members.size(),
                base::to_local_minutes(next->roster.expires_at).c_str(),
                next->is_new ? "" : " (it had this one already)");
    return app::exit_ok;
}

int show_status(const app::CommonOptions& common) {
    const auto config = app::configuration(common);
    if (!config) return app::complain(config.error());
    const auto keys = trusted_keys(*config);
    if (!keys) return app::complain(keys.error());
    const auto folder = config->staff_folder();
    Status status;
    status.kept = kept_in(folder);
    status.list = list_in(folder, *keys);
    status.time = time_now(status.kept, status.list);
    status.has_code = has_enrolment_code(folder) && !status.kept.had_roster;
    if (status.list) {
        const auto good =
            check_roster(status.list->roster, status.kept.least_roster_version, status.time);
        status.is_good = good.has_value();
        if (!good) status.why_not = good.error().context;
    } else {
        std::error_code ignored;
        status.why_not = std::filesystem::exists(roster_file_in(folder), ignored)
                             ? "what lies there is no staff list signed by the district"
                             : "this kiosk has no staff list: kiosk staff roster FILE, or let it "
                               "fetch one from the district";
    }
    if (common.json)
        std::cout << json_of(status).dump(2) << '\n';
    else
        print(status);
    return status.is_good ? app::exit_ok : app::exit_not_ok;
}

} // namespace staff
