// Staff log-in as the kiosk sees it (spec safeguards G9, reliability H7): whose card, which PIN,
// how often, until when, and what stands in the audit chain before anybody is told. Staff, cards
// and PINs are synthetic.
#include "kiosk/staff/proofs.hpp"
#include "tests/support/sample_desk.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <functional>
#include <set>

using namespace staff;
using namespace std::chrono_literals;
using base::Errc;
using drivers::SimulatedStaffCard;
using support::sample_office;
using support::SampleDesk;

namespace {

// Between the kiosk and the card: sees every challenge and may answer in the card's place.
class Eavesdropper final : public drivers::StaffCardReader {
public:
    explicit Eavesdropper(drivers::StaffCardReader& reader) : reader_(reader) {}
    std::vector<base::Sha256> challenges;
    std::vector<drivers::P256Signature> signatures;
    std::optional<drivers::P256Signature> answer; // given instead of the card's

    drivers::StaffCardPlace look(const drivers::StaffCardPlace& last, base::Milliseconds patience,
                                 std::stop_token stop) override {
        return reader_.look(last, patience, stop);
    }
    base::Result<drivers::P256Signature> sign(const base::Sha256& digest) override {
        challenges.push_back(digest);
        if (answer) return *answer;
        const auto signature = TRY(reader_.sign(digest));
        signatures.push_back(signature);
        return signature;
    }
    base::Result<drivers::P256Secret> agree(const drivers::P256Point& point) override {
        return reader_.agree(point);
    }

private:
    drivers::StaffCardReader& reader_;
};

std::string problem_of(const std::variant<CardHolder, Refusal>& answer) {
    const auto* refusal = std::get_if<Refusal>(&answer);
    return refusal ? std::string(to_string(refusal->problem)) : "known";
}

const std::vector<std::pair<std::string, SimulatedStaffCard>>& sample_cards() {
    const auto& office = sample_office();
    static const std::vector<std::pair<std::string, SimulatedStaffCard>> cards{
        {"204060", office.worker},
        {"11223344", office.technician},
        {"987654", office.administrator},
        {"204060", office.both}};
    return cards;
}

} // namespace

TEST_CASE("a card is known by its signature, and what it may do by the list", "[unit][staff]") {
    SampleDesk at;
    at.reader.insert_card(sample_office().worker);
    CHECK(at.identify() == "S-1182");
    CHECK(at.holder.card == 0);
    CHECK_FALSE(at.holder.is_spare);
    CHECK(at.holder.clock_is_sure);
    at.reader.insert_card(sample_office().worker_spare);
    CHECK(at.identify() == "S-1182");
    CHECK(at.holder.card == 1);
    CHECK(at.holder.is_spare);
    at.reader.insert_card(sample_office().both);
    CHECK(at.identify() == "S-4410");
    CHECK(at.holder.roles.has(Role::technician));
}

TEST_CASE("card and PIN together confirm, and it stands in the chain with the card's signature",
          "[unit][staff]") {
    SampleDesk at;
    at.audit.rows.clear();
    CHECK(at.try_card(sample_office().worker, "204060", Purpose::witness) == "confirmed S-1182");
    REQUIRE(at.audit.rows.size() == 1);
    const auto& row = at.audit.rows[0];
    CHECK(row.event == AuditEvent::confirmed);
    CHECK(row.at(AuditField::staff) == "S-1182");
    CHECK(row.at(AuditField::purpose) == "witness");
    CHECK(row.at(AuditField::clock).empty());
    // Anybody with the list of the day can check it.
    const auto nonce = base::from_hex(row.at(AuditField::nonce)).value();
    const auto proof = base::from_hex(row.at(AuditField::proof)).value();
    Nonce drawn{};
    drivers::P256Signature signature{};
    REQUIRE(nonce.size() == drawn.size());
    REQUIRE(proof.size() == signature.size());
    std::copy(nonce.begin(), nonce.end(), drawn.begin());
    std::copy(proof.begin(), proof.end(), signature.begin());
    const auto key = sample_office().worker.signs();
    CHECK(has_signed(key, challenge("K7", "witness", drawn), signature));
    CHECK_FALSE(has_signed(key, challenge("K8", "witness", drawn), signature));
    CHECK_FALSE(has_signed(key, challenge("K7", "assist", drawn), signature));

    at.audit.rows.clear();
    CHECK(at.confirm("204060", Purpose::log_in) == "confirmed S-1182");
    REQUIRE(at.audit.rows.size() == 2);
    CHECK(at.audit.rows[0].event == AuditEvent::confirmed);
    CHECK(at.audit.rows[1].event == AuditEvent::logged_in);
    CHECK(at.audit.rows[1].at(AuditField::card) == "0");
    // The PIN was taken out of the slot: nothing waits there.
    CHECK(at.slot.take().empty());
}

TEST_CASE("what each role may do, and not_allowed is said before a PIN is looked at",
          "[unit][staff][refusal][G9]") {
    SampleDesk at;
    for (const auto& [pin, card] : sample_cards()) {
        at.reader.insert_card(card);
        const auto id = at.identify();
        for (const auto purpose :
             {Purpose::log_in, Purpose::witness, Purpose::document, Purpose::assist}) {
            INFO(id << ", " << to_string(purpose));
            const bool is_of_office = at.holder.roles.has(Role::office_worker);
            const bool is_allowed = purpose == Purpose::log_in || is_of_office;
            const auto commands = at.reader.commands();
            if (is_allowed) {
                CHECK(at.confirm(pin, purpose) == "confirmed " + id);
                continue;
            }
            CHECK(at.confirm(pin, purpose) == "not-allowed");
            CHECK(at.reader.commands() == commands); // the card was not even asked
            CHECK_FALSE(at.slot.take().empty());     // nor the PIN taken
            const auto& row = at.audit.rows.back();
            CHECK(row.event == AuditEvent::card_refused);
            CHECK(row.at(AuditField::problem) == "not-allowed");
            CHECK(row.at(AuditField::staff) == id);
            CHECK(row.at(AuditField::purpose) == to_string(purpose));
            CHECK(at.failures(id) == 0);
        }
    }
    CHECK(at.audit.count(AuditEvent::confirmed) == 10);
}

TEST_CASE("every challenge is another one, and an answer to an earlier one is nobody's",
          "[unit][staff][refusal][G9]") {
    SampleDesk at;
    at.reader.insert_card(sample_office().worker);
    Eavesdropper wire(at.reader);
    for (int i = 0; i < 20; ++i) CHECK(problem_of(at.desk->identify(wire)) == "known");
    CHECK(std::set(wire.challenges.begin(), wire.challenges.end()).size() == 20);
    for (const auto& heard : wire.signatures) {
        wire.answer = heard;
        CHECK(problem_of(at.desk->identify(wire)) == "unknown-card");
    }
    // Nor does an answer for one purpose, or of another kiosk, count for another.
    at.identify();
    wire.answer = wire.signatures.back();
    at.slot.put(base::SecretText("204060"));
    const auto answer = at.desk->confirm(wire, at.holder, at.slot, Purpose::witness);
    CHECK(std::get<Refusal>(answer).problem == Problem::unknown_card);
    CHECK_FALSE(at.slot.take().empty());
    const Nonce nonce{};
    std::set<base::Sha256> digests;
    for (const auto* kiosk : {"K7", "K8", "K"})
        for (const auto* what_for : {"identify", "log-in", "witness", "7identify"})
            digests.insert(challenge(kiosk, what_for, nonce));
    CHECK(digests.size() == 12);
}

TEST_CASE("a card that is none of ours is refused in its own words, recorded, and counts nothing",
          "[unit][staff][refusal][G9]") {
    SampleDesk at;
    const std::vector<std::pair<const char*, SimulatedStaffCard>> cards{
        {"foreign-card", SimulatedStaffCard::foreign()},
        {"foreign-card", SimulatedStaffCard::upside_down()},
        {"foreign-card", SimulatedStaffCard::without_keys()},
        {"foreign-card", SimulatedStaffCard(sample_office().worker).wants_own_pin()},
        {"unknown-card", sample_office().stranger},
        {"card-silent", SimulatedStaffCard(sample_office().worker).goes_mute()},
        {"card-silent", SimulatedStaffCard(sample_office().worker).cuts(3)},
    };
    for (const auto& [problem, card] : cards) {
        INFO(problem);
        at.audit.rows.clear();
        at.reader.insert_card(card);
        CHECK(at.identify() == problem);
        REQUIRE(at.audit.rows.size() == 1);
        CHECK(at.audit.rows[0].event == AuditEvent::card_refused);
        CHECK(at.audit.rows[0].at(AuditField::problem) == problem);
        // Again and again fills no chain: one row per problem and pause.
        CHECK(at.identify() == problem);
        CHECK(at.audit.rows.size() == 1);
        at.clock.advance(staff::refused_row_pause);
    }
    at.audit.rows.clear();
    at.reader.pull_card();
    CHECK(at.identify() == "card-removed");
    at.reader.insert_card(sample_office().worker);
    at.reader.unplug();
    CHECK(at.identify() == "card-removed");
    CHECK(at.audit.rows.empty()); // nothing was tried
    CHECK(at.state->read().failures.empty());
}

// Goal: a card that goes, is exchanged or loses its reader at any command costs no try and reaches
// no PIN. Method: the mishap after every number of commands, until a whole check fits before it.
TEST_CASE("a card pulled, exchanged or unplugged at any command of a check counts nothing",
          "[unit][staff][refusal][G9]") {
    using Mishap = std::function<void(SampleDesk&, std::size_t)>;
    const std::vector<std::pair<const char*, Mishap>> mishaps{
        {"pulled", [](SampleDesk& at, std::size_t n) { at.reader.pull_after(n); }},
        {"unplugged", [](SampleDesk& at, std::size_t n) { at.reader.unplug_after(n); }},
        {"another's card",
         [](SampleDesk& at, std::size_t n) { at.reader.swap_after(n, sample_office().both); }},
        {"the spare card",
         [](SampleDesk& at, std::size_t n) {
             at.reader.swap_after(n, sample_office().worker_spare);
         }},
        {"a stranger's card",
         [](SampleDesk& at, std::size_t n) { at.reader.swap_after(n, sample_office().stranger); }},
    };
    for (const auto& [what, mishap] : mishaps) {
        SampleDesk at;
        std::string answer;
        std::size_t commands = 0;
        for (; !answer.starts_with("confirmed"); ++commands) {
            INFO(what << " after " << commands << " commands");
            REQUIRE(commands < 40);
            at.reader.plug_in();
            at.reader.insert_card(sample_office().worker);
            REQUIRE(at.identify() == "S-1182");
            mishap(at, commands);
            answer = at.confirm("204060", Purpose::witness);
            CHECK(at.failures("S-1182") == 0);
            CHECK(at.failures("S-4410") == 0);
            if (answer.starts_with("confirmed")) break;
            CHECK((answer == "card-removed" || answer == "unknown-card"));
            CHECK_FALSE(at.slot.take().empty());
        }
        CHECK(commands >= 6);
        CHECK(at.audit.count(AuditEvent::pin_failed) == 0);
    }
}

TEST_CASE("five wrong PINs lock for five minutes, right PINs too, and a right one before clears",
          "[unit][staff][refusal][G9]") {
    SampleDesk at;
    at.reader.insert_card(sample_office().worker);
    REQUIRE(at.identify() == "S-1182");
    for (const auto* left : {"4", "3", "2", "1"})
        CHECK(at.confirm("204061") == std::string("wrong-pin ") + left);
    CHECK(at.confirm("204060") == "confirmed S-1182");
    CHECK(at.failures("S-1182") == 0);

    for (const auto* left : {"4", "3", "2", "1"})
        CHECK(at.confirm("999999") == std::string("wrong-pin ") + left);
    CHECK(at.confirm("99999999") == "locked 300 s");
    CHECK(at.audit.count(AuditEvent::pin_failed) == 9);
    CHECK(at.audit.rows.back().event == AuditEvent::locked);
    CHECK(at.audit.rows.back().at(AuditField::card) == "0");
    const auto& failed = at.audit.rows.at(at.audit.rows.size() - 2);
    CHECK(failed.event == AuditEvent::pin_failed);
    CHECK(failed.at(AuditField::staff) == "S-1182");
    CHECK(failed.at(AuditField::card) == "0");
    CHECK(failed.at(AuditField::purpose) == "log-in");
    CHECK(at.audit.count(AuditEvent::locked) == 1);
    const auto commands = at.reader.commands();
    CHECK(at.confirm("204060") == "locked 300 s");
    CHECK(at.reader.commands() == commands); // neither card nor PIN is asked
    CHECK(at.identify() == "locked 300 s");
    at.clock.advance(299s);
    at.clock.jump_wall(48h); // the wall clock shortens nothing
    CHECK(at.confirm("204060") == "locked 1 s");
    at.clock.jump_wall(-48h);
    at.clock.advance(1s);
    // Over: five tries again, and a right PIN is right.
    CHECK(at.identify() == "S-1182");
    CHECK(at.confirm("000000") == "wrong-pin 4");
    CHECK(at.confirm("204060") == "confirmed S-1182");
    // Nobody else was locked meanwhile.
    CHECK(at.failures("S-4410") == 0);
}

TEST_CASE(
    "what one card of a member gets wrong counts for all cards of that member, and only there",
    "[unit][staff][refusal][G9]") {
    SampleDesk at;
    for (int i = 0; i < 3; ++i) at.try_card(sample_office().worker, "315907");
    CHECK(at.failures("S-1182") == 3); // the spare card's PIN is not this card's
    CHECK(at.try_card(sample_office().worker_spare, "204060") == "wrong-pin 1");
    CHECK(at.try_card(sample_office().worker_spare, "204061") == "locked 300 s");
    CHECK(at.try_card(sample_office().worker, "204060") == "locked 300 s");
    CHECK(at.try_card(sample_office().both, "204060") == "confirmed S-4410");
}

// Goal: cutting the power gives no free try and no shorter lock. Method: the program is thrown away
// after the try is on disk and before anybody is told, which is when the row is being written.
TEST_CASE("cutting the power on a wrong PIN gives no free try and no shorter lock",
          "[unit][staff][refusal][G9]") {
    SampleDesk at;
    at.reader.insert_card(sample_office().worker);
    for (int tries = 1; tries <= 4; ++tries) {
        REQUIRE(at.identify() == "S-1182");
        at.audit.appends_left = 0; // the power goes here
        at.confirm("111111");
        at.audit.appends_left = -1;
        at.restart();
        CHECK(at.failures("S-1182") == tries);
    }
    REQUIRE(at.identify() == "S-1182");
    CHECK(at.confirm("111111") == "locked 300 s");
    at.clock.advance(200s);
    CHECK(at.identify() == "locked 100 s");
    at.restart(); // counted anew: switching off and on never shortens it
    CHECK(at.identify() == "locked 300 s");
    at.clock.advance(299s);
    at.restart();
    CHECK(at.identify() == "locked 300 s");
    at.clock.advance(300s);
    CHECK(at.identify() == "S-1182");
    CHECK(at.confirm("204060") == "confirmed S-1182");
    at.restart();
    CHECK(at.identify() == "S-1182"); // and gone for good
}

TEST_CASE("a try that cannot be counted is not looked at", "[unit][staff][refusal][G9]") {
    SampleDesk at;
    at.reader.insert_card(sample_office().worker);
    REQUIRE(at.identify() == "S-1182");
    // Where the file's neighbour is written stands a folder: as a full or failing disk.
    const auto neighbour = desk_file_in(at.folder) + ".new";
    std::filesystem::create_directory(neighbour);
    CHECK(at.confirm("204060") == "not-recorded");
    CHECK(at.confirm("111111") == "not-recorded");
    CHECK(at.audit.count(AuditEvent::confirmed) == 0);
    CHECK(at.audit.count(AuditEvent::pin_failed) == 0);
    std::filesystem::remove(neighbour);
    CHECK(at.confirm("204060") == "confirmed S-1182");
}

TEST_CASE("what cannot be recorded has not happened", "[unit][staff][refusal][G9]") {
    SampleDesk at;
    at.reader.insert_card(sample_office().worker);
    REQUIRE(at.identify() == "S-1182");
    for (const int rows : {0, 1}) { // neither row, or only the first of two
        at.audit.appends_left = rows;
        CHECK(at.confirm("204060", Purpose::log_in) == "not-recorded");
    }
    at.audit.appends_left = 0;
    CHECK(at.confirm("204060", Purpose::witness) == "not-recorded");
    CHECK(at.confirm("111111", Purpose::witness) == "wrong-pin 4"); // a refusal stands
    at.audit.appends_left = 1;
    CHECK(at.confirm("204060", Purpose::witness) == "confirmed S-1182");
}

TEST_CASE("a PIN that was wiped while the card answered counts nothing", "[unit][staff]") {
    SampleDesk at;
    at.reader.insert_card(sample_office().worker);
    REQUIRE(at.identify() == "S-1182");
    at.slot.put(base::SecretText("204060"));
    at.slot.wipe();
    const auto answer = at.desk->confirm(at.reader, at.holder, at.slot, Purpose::log_in);
    CHECK(std::get<Refusal>(answer).problem == Problem::card_removed);
    CHECK(at.failures("S-1182") == 0);
}

// ---- the list over time ----

TEST_CASE("without a list nobody gets in, with one that is over nobody either, in words",
          "[unit][staff][refusal][G9]") {
    SampleDesk at(SampleDesk::Start::without_roster);
    at.reader.insert_card(sample_office().worker);
    CHECK(at.identify() == "no-roster");
    CHECK_FALSE(at.desk->roster().exists);
    CHECK(at.desk->take_roster(sample_office().roster()).value());
    CHECK(at.identify() == "S-1182");
    at.clock.advance(roster_life - 1ms);
    CHECK(at.confirm("204060") == "confirmed S-1182");
    at.clock.advance(1ms);
    CHECK(at.confirm("204060") == "roster-expired");
    CHECK(at.identify() == "roster-expired");
    CHECK(at.desk->roster().is_expired);
    // The same list once more helps nobody; the next one does, at once.
    CHECK(at.desk->take_roster(sample_office().roster()).error().code == Errc::timed_out);
    CHECK(at.desk->take_roster(sample_office().roster(2, at.clock.wall())).value());
    CHECK(at.identify() == "S-1182");
    CHECK(at.desk->roster_version() == 2);
}

TEST_CASE("only a newer list takes the place of a list, whatever is deleted and however often",
          "[unit][staff][roster][refusal][G9]") {
    SampleDesk at;
    const auto& office = sample_office();
    at.audit.rows.clear();
    CHECK(at.desk->take_roster(office.roster(5)).value());
    CHECK(at.audit.rows.back().at(AuditField::version) == "5");
    CHECK_FALSE(at.desk->take_roster(office.roster(5)).value()); // the same: fine, no news
    CHECK(at.audit.rows.size() == 1);
    const auto refuses = [&](const base::Bytes& bytes, Errc code) {
        const auto answer = at.desk->take_roster(bytes);
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().code == code);
        CHECK(at.audit.rows.back().event == AuditEvent::roster_refused);
        CHECK(at.audit.rows.back().at(AuditField::code) == base::to_string(code));
        CHECK(at.desk->roster_version() == 5);
    };
    refuses(office.roster(4), Errc::conflict);
    CHECK(at.desk->take_roster(office.roster(4)).error().context.starts_with("older than"));
    refuses(office.roster(5, support::sample_roster_time() + 1min), Errc::conflict);
    auto altered = office.roster(6);
    altered[400] ^= 1;
    refuses(altered, Errc::unauthorised);
    refuses(office.district.sign("{}"), Errc::corrupt);
    refuses(base::Bytes(signed_roster_limit + 1, ' '), Errc::too_large);
    refuses(office.roster(6, support::sample_roster_time() + 48h), Errc::timed_out);
    refuses(office.roster(6, support::sample_roster_time() - roster_life), Errc::timed_out);

    at.restart();
    CHECK(at.desk->roster_version() == 5);
    CHECK(at.desk->take_roster(office.roster(4)).error().code == Errc::conflict);
    // An older list put in its place on disk is not taken from there either.
    REQUIRE(base::write_file_durably(roster_file_in(at.folder), office.roster(4)));
    at.restart();
    CHECK_FALSE(at.desk->roster().exists);
    CHECK(at.audit.rows.back().event == AuditEvent::roster_refused);
    std::filesystem::remove(roster_file_in(at.folder));
    at.restart();
    CHECK(at.desk->take_roster(office.roster(4)).error().code == Errc::conflict);
    CHECK_FALSE(at.desk->take_roster(office.roster(5)).value()); // put back: not newer
    CHECK(at.desk->roster_version() == 5);
    // The other way round: what the list itself says is known again.
    std::filesystem::remove(desk_file_in(at.folder));
    at.restart();
    CHECK(at.desk->roster_version() == 5);
    CHECK(at.desk->take_roster(office.roster(4)).error().code == Errc::conflict);
}

TEST_CASE("a damaged list on disk leaves the kiosk without one, in words, until the next",
          "[unit][staff][roster][refusal][G9]") {
    SampleDesk at;
    auto bytes = sample_office().roster();
    bytes[bytes.size() / 2] ^= 0x10;
    REQUIRE(base::write_file_durably(roster_file_in(at.folder), bytes));
    at.restart();
    at.reader.insert_card(sample_office().worker);
    CHECK(at.identify() == "no-roster");
    CHECK_FALSE(at.desk->takes_enrolment_code()); // not a first installation
    CHECK(at.desk->take_roster(sample_office().roster(2)).value());
    CHECK(at.identify() == "S-1182");
}

TEST_CASE("the power goes between the parts of taking over a list: the next start goes on",
          "[unit][staff][roster]") {
    SampleDesk at;
    at.audit.appends_left = 0; // after the file, before the row
    CHECK_FALSE(at.desk->take_roster(sample_office().roster(2)).has_value());
    CHECK(at.desk->roster_version() == 1); // unrecorded: not in use
    at.restart(); // and still no row can be written: the kiosk begins all the same
    CHECK_FALSE(at.desk->roster().exists);
    at.audit.appends_left = -1;
    at.reader.insert_card(sample_office().worker);
    CHECK(at.identify() == "S-1182"); // tried again at the next card
    CHECK(at.desk->roster_version() == 2);

    at.audit.appends_left = 0;
    CHECK_FALSE(at.desk->take_roster(sample_office().roster(3)).has_value());
    at.audit.appends_left = -1;
    at.audit.rows.clear();
    at.restart();
    CHECK(at.desk->roster_version() == 3);
    CHECK(at.audit.count(AuditEvent::roster_accepted) == 1);
    at.restart();
    CHECK(at.audit.count(AuditEvent::roster_accepted) == 1); // once
}

TEST_CASE("a list put there while the program runs is seen at the next card",
          "[unit][staff][roster]") {
    SampleDesk at;
    at.reader.insert_card(sample_office().worker);
    REQUIRE(at.identify() == "S-1182");
    REQUIRE(base::write_file_durably(roster_file_in(at.folder), sample_office().roster(3)));
    CHECK(at.identify() == "S-1182");
    CHECK(at.desk->roster_version() == 3);
    // One that is not good changes nothing but the chain.
    REQUIRE(base::write_file_durably(roster_file_in(at.folder), sample_office().roster(2)));
    CHECK(at.identify() == "S-1182");
    CHECK(at.desk->roster_version() == 3);
    CHECK(at.audit.rows.back().event == AuditEvent::roster_refused);
}

TEST_CASE("a lost card is dropped by the next list, between two steps too",
          "[unit][staff][refusal][G9]") {
    SampleDesk at;
    base::SeededRandom random(3);
    const auto& office = sample_office();
    auto without_lost = office.district.roster({2, support::sample_roster_time()});
    without_lost.members[0].cards.erase(without_lost.members[0].cards.begin());
    at.reader.insert_card(office.worker);
    REQUIRE(at.identify() == "S-1182");
    CHECK(at.desk->take_roster(office.district.sign(to_json(without_lost))).value());
    CHECK(at.confirm("204060") == "unknown-card");
    CHECK(at.identify() == "unknown-card");
    CHECK(at.try_card(office.worker_spare, "315907") == "confirmed S-1182");

    auto without_member = without_lost;
    without_member.version = 3;
    without_member.members.erase(without_member.members.begin());
    CHECK(at.try_card(office.worker_spare, "111111") == "wrong-pin 4");
    CHECK(at.desk->take_roster(office.district.sign(to_json(without_member))).value());
    CHECK(at.confirm("315907") == "unknown-card");
    CHECK_FALSE(at.state->read().failures.contains("S-1182")); // nothing is kept about who left
}

// ---- clocks ----

TEST_CASE("a clock that nobody vouches for neither locks out nor keeps in, and it is on record",
          "[unit][staff][refusal][G9][G17]") {
    SampleDesk at;
    at.reader.insert_card(sample_office().worker);
    REQUIRE(at.try_card(sample_office().worker, "204060") == "confirmed S-1182");
    at.clock.set_synchronised(false);
    for (const auto jump : {-20 * 365 * 24h, 60 * 365 * 24h}) { // an empty battery; a typing error
        at.clock.jump_wall(jump);
        at.restart();
        CHECK(at.identify() == "S-1182");
        CHECK_FALSE(at.holder.clock_is_sure);
        CHECK(at.confirm("204060") == "confirmed S-1182");
        CHECK(at.audit.rows.back().at(AuditField::clock) == "unsure");
        CHECK_FALSE(at.desk->roster().is_expired);
        at.clock.jump_wall(-jump);
    }
    // Time that certainly passed counts, and a restart does not make it undone.
    at.clock.advance(roster_life - 1h);
    CHECK(at.confirm("204060") == "confirmed S-1182");
    at.restart();
    CHECK(at.identify() == "S-1182");
    at.clock.advance(1h);
    CHECK(at.identify() == "roster-expired");
    CHECK(at.confirm("204060") == "roster-expired");
}

TEST_CASE("a reading of 2099 by a clock that was wrong locks nobody out once it is right",
          "[unit][staff][refusal][G17]") {
    SampleDesk at;
    at.clock.set_synchronised(false);
    at.clock.jump_wall(73 * 365 * 24h);
    CHECK(at.try_card(sample_office().worker, "204060") == "confirmed S-1182");
    at.clock.jump_wall(-73 * 365 * 24h);
    at.clock.set_synchronised(true);
    at.restart();
    CHECK(at.try_card(sample_office().worker, "204060") == "confirmed S-1182");
    // Even one that called itself synchronised.
    at.clock.jump_wall(73 * 365 * 24h);
    CHECK(at.identify() == "roster-expired");
    CHECK_FALSE(at.desk->take_roster(sample_office().roster(2)).has_value());
    at.clock.jump_wall(-73 * 365 * 24h);
    CHECK(at.try_card(sample_office().worker, "204060") == "confirmed S-1182");
}

TEST_CASE("a new list proves that it is not earlier than it was issued",
          "[unit][staff][refusal][G17]") {
    SampleDesk at;
    at.clock.set_synchronised(false);
    const auto later = support::sample_roster_time() + 30 * 24h;
    CHECK(at.desk->take_roster(sample_office().roster(2, later)).value());
    at.restart();
    at.reader.insert_card(sample_office().worker);
    CHECK(at.identify() == "S-1182");
    // A list of the month before is over by that evidence, though this clock says otherwise.
    CHECK(at.desk->take_roster(sample_office().roster(3)).error().code == Errc::timed_out);
}

// ---- the way in before there is a list ----

TEST_CASE("the enrolment code lets a technician in, as often as needed, until the first list",
          "[unit][staff][refusal][G9]") {
    SampleDesk at(SampleDesk::Start::without_roster);
    CHECK_FALSE(at.desk->takes_enrolment_code());
    CHECK(at.enrol("123456789012") == "not-allowed");
    const auto code = std::string(make_enrolment_code(at.folder, at.random).value().view());
    REQUIRE(code.size() == 12);
    CHECK(code.find_first_not_of("0123456789") == std::string::npos);
    CHECK_FALSE(at.desk->takes_enrolment_code()); // as it was seen last
    at.desk->look_for_enrolment_code();
    CHECK(at.desk->takes_enrolment_code());
    CHECK(at.enrol(code) == "confirmed ENROLMENT");
    CHECK(at.audit.rows.back().event == AuditEvent::enrolled);
    CHECK(at.enrol(code.substr(0, 4) + " " + code.substr(4, 4) + "-" + code.substr(8)) ==
          "confirmed ENROLMENT");
    const auto answer = at.desk->enrol(base::SecretText(code));
    const auto& roles = std::get<Confirmed>(answer).roles;
    CHECK(roles.has(Role::technician));
    CHECK_FALSE(may(roles, Task::witness));
    CHECK(may(roles, Task::roster));

    // A second code ends the first.
    const auto second = std::string(make_enrolment_code(at.folder, at.random).value().view());
    CHECK(at.enrol(code) == "wrong-pin 4");
    CHECK(at.audit.rows.back().event == AuditEvent::enrolment_failed);
    CHECK(at.enrol(second) == "confirmed ENROLMENT");

    for (const auto* left : {"4", "3", "2", "1"})
        CHECK(at.enrol("000000000000") == std::string("wrong-pin ") + left);
    CHECK(at.enrol("") == "locked 300 s");
    CHECK(at.audit.rows.back().at(AuditField::staff) == "ENROLMENT");
    at.restart();
    CHECK(at.enrol(second) == "locked 300 s");
    at.clock.advance(lock_time);
    at.audit.appends_left = 0;
    CHECK(at.enrol(second) == "not-recorded");
    at.audit.appends_left = -1;
    CHECK(at.enrol(second) == "confirmed ENROLMENT");

    const auto file = base::read_file(enrolment_file_in(at.folder)).value();
    CHECK(at.desk->take_roster(sample_office().roster()).value());
    CHECK_FALSE(at.desk->takes_enrolment_code());
    CHECK(at.enrol(second) == "not-allowed");
    CHECK_FALSE(std::filesystem::exists(enrolment_file_in(at.folder)));
    REQUIRE(base::write_file_durably(enrolment_file_in(at.folder), file)); // put back by somebody
    CHECK_FALSE(at.desk->takes_enrolment_code());
    CHECK(at.enrol(second) == "not-allowed");
    CHECK_FALSE(at.desk->takes_enrolment_code());
    std::filesystem::remove(enrolment_file_in(at.folder));
    CHECK(make_enrolment_code(at.folder, at.random).error().code == Errc::conflict);
    std::filesystem::remove(roster_file_in(at.folder)); // not even when the list is gone
    at.restart();
    CHECK(make_enrolment_code(at.folder, at.random).error().code == Errc::conflict);
    CHECK(at.enrol(second) == "not-allowed");
}

// Goal: every frame may ask. Method: the file comes and goes behind the kiosk's back; nothing of it
// is seen before the staff worker looks, which it does at every card and every code.
TEST_CASE("asking for the enrolment code touches no disk; the staff worker looks",
          "[unit][staff]") {
    SampleDesk at(SampleDesk::Start::without_roster);
    const auto code = make_enrolment_code(at.folder, at.random).value();
    CHECK_FALSE(at.desk->takes_enrolment_code());
    CHECK(at.identify() == "no-roster");
    CHECK(at.desk->takes_enrolment_code());
    remove_enrolment_code(at.folder);
    CHECK(at.desk->takes_enrolment_code());
    CHECK(at.enrol(code.view()) == "not-allowed");
    CHECK_FALSE(at.desk->takes_enrolment_code());
    const auto next = make_enrolment_code(at.folder, at.random).value();
    at.restart();
    CHECK(at.desk->takes_enrolment_code());
    CHECK(at.enrol(next.view()) == "confirmed ENROLMENT");
}

TEST_CASE("a damaged enrolment file is no code", "[unit][staff][refusal][G9]") {
    SampleDesk at(SampleDesk::Start::without_roster);
    const auto code = make_enrolment_code(at.folder, at.random).value();
    const auto file = enrolment_file_in(at.folder);
    const auto whole = base::read_file(file).value();
    for (const std::size_t size : {std::size_t(0), whole.size() / 2, whole.size() - 1}) {
        REQUIRE(base::write_file_durably(file, base::ByteView(whole).first(size)));
        CHECK(at.enrol(code.view()).starts_with("wrong-pin"));
    }
    REQUIRE(base::write_file_durably(file, whole));
    CHECK(at.enrol(code.view()) == "confirmed ENROLMENT");
    CHECK(base::as_text(whole).find(code.view()) == std::string_view::npos);
}
