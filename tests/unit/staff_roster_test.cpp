// The staff list: what is taken, what is refused and in which words (spec safeguards G9).
#include "kiosk/staff/proofs.hpp"
#include "tests/support/sample_roster.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <iostream>
#include <set>

using namespace staff;
using namespace std::chrono_literals;
using base::Errc;
using nlohmann::ordered_json;
using support::sample_office;
using support::sample_roster_time;

namespace {

const std::vector<RosterKey>& trusted() {
    static const std::vector<RosterKey> keys{sample_office().district.district_key()};
    return keys;
}

ordered_json sample_json() {
    return ordered_json::parse(sample_office().district.json({1, sample_roster_time()}));
}

std::string text_of(const base::Bytes& bytes) {
    return std::string(base::as_text(bytes));
}

std::string json_part(const std::string& file) {
    return file.substr(file.find('\n') + 1);
}

base::Bytes pem_file(const std::string& text) {
    return base::to_bytes(text);
}

} // namespace

TEST_CASE("every primitive gives the published answer on this machine", "[unit][staff]") {
    const auto right = check_known_answers();
    INFO((right ? std::string() : right.error().context));
    REQUIRE(right.has_value());
}

TEST_CASE("only whole points of the curve are keys", "[unit][staff]") {
    auto point = sample_office().worker.signs();
    REQUIRE(is_on_curve(point));
    for (const std::uint8_t form : {0x00, 0x02, 0x03, 0x05, 0x06, 0x07, 0xff}) {
        point[0] = form; // compressed, hybrid, infinity, nothing
        CHECK_FALSE(is_on_curve(point));
    }
    for (std::size_t byte = 1; byte < point.size(); ++byte) {
        auto moved = sample_office().worker.signs();
        moved[byte] ^= 0x01;
        CHECK_FALSE(is_on_curve(moved));
    }
    drivers::P256Point zero{};
    zero[0] = 4;
    CHECK_FALSE(is_on_curve(zero));
}

TEST_CASE("a card's signature is one over exactly this digest by exactly this key",
          "[unit][staff]") {
    base::ManualClock clock(sample_roster_time());
    drivers::SimulatedStaffCardReader reader(clock, [](base::Milliseconds, std::stop_token) {});
    reader.insert_card(sample_office().worker);
    const auto digest = base::sha256(base::as_bytes("a challenge"));
    const auto signature = reader.sign(digest).value();
    const auto key = sample_office().worker.signs();
    REQUIRE(has_signed(key, digest, signature));
    for (std::size_t byte = 0; byte < signature.size(); ++byte) {
        auto other = signature;
        other[byte] ^= 0x80;
        CHECK_FALSE(has_signed(key, digest, other));
    }
    CHECK_FALSE(has_signed(key, base::sha256(base::as_bytes("another")), signature));
    CHECK_FALSE(has_signed(sample_office().worker.agrees(), digest, signature));
    CHECK_FALSE(has_signed(sample_office().worker_spare.signs(), digest, signature));
    // r or s of zero, or all ones, is what forgers try first.
    for (const std::uint8_t fill : {0x00, 0xff})
        for (const bool both : {false, true}) {
            auto other = signature;
            std::fill(other.begin(), both ? other.end() : other.begin() + 32, fill);
            CHECK_FALSE(has_signed(key, digest, other));
        }
}

TEST_CASE("secrets are compared whole", "[unit][staff]") {
    const base::Bytes one{1, 2, 3};
    CHECK(are_equal(one, base::Bytes{1, 2, 3}));
    CHECK_FALSE(are_equal(one, base::Bytes{0, 2, 3}));
    CHECK_FALSE(are_equal(one, base::Bytes{1, 2, 4}));
    CHECK_FALSE(are_equal(one, base::Bytes{1, 2}));
    CHECK(are_equal({}, {}));
}

TEST_CASE("what the district signs is what the kiosk reads", "[unit][staff][roster]") {
    const auto roster = read_roster(sample_office().roster(7), trusted());
    REQUIRE(roster);
    CHECK(roster->version == 7);
    CHECK(roster->issued_at == sample_roster_time());
    CHECK(roster->expires_at == sample_roster_time() + roster_life);
    REQUIRE(roster->members.size() == 4);
    const auto& worker = roster->members[0];
    CHECK(worker.id == "S-1182");
    CHECK(worker.roles.has(Role::office_worker));
    CHECK_FALSE(worker.roles.has(Role::technician));
    REQUIRE(worker.cards.size() == 2);
    CHECK(worker.cards[0].signs == sample_office().worker.signs());
    CHECK(worker.cards[0].agrees == sample_office().worker.agrees());
    CHECK_FALSE(worker.cards[0].is_spare);
    CHECK(worker.cards[1].is_spare);
    // Reading and writing lose nothing.
    CHECK(to_json(*roster) == json_part(text_of(sample_office().roster(7))));
}

TEST_CASE("either of two district keys is enough, none is not, another is not",
          "[unit][staff][roster]") {
    base::SeededRandom random(5);
    const RosterMaker next(random);
    const auto file = sample_office().roster();
    const auto ours = trusted().front();
    CHECK(read_roster(file, {next.district_key(), ours}).has_value());
    CHECK(read_roster(file, {}).error().code == Errc::unauthorised);
    CHECK(read_roster(file, {next.district_key()}).error().code == Errc::unauthorised);
    CHECK(read_roster(file, {RosterKey{}}).error().code == Errc::unauthorised);
}

// ---- altered lists ----

namespace {

// One way in which a list may come to be another one. Gives back what it was given when it cannot.
using Alteration = std::function<std::string(const std::string&, base::RandomSource&)>;

std::string with_json(const std::string& file, const std::string& json) {
    return file.substr(0, file.find('\n') + 1) + json;
}

Alteration on_json(std::function<void(ordered_json&, base::RandomSource&)> edit) {
    return [edit](const std::string& file, base::RandomSource& random) {
        auto json = ordered_json::parse(json_part(file));
        edit(json, random);
        return with_json(file, json.dump(1) + "\n");
    };
}

std::string sixty_four(const std::string& file) {
    const auto at = file.find(' ', file.find(' ') + 1) + 1;
    return text_of(base::from_base64(std::string_view(file).substr(at, 88)).value());
}

std::string with_signature(const std::string& file, const std::string& raw) {
    return "kiosk-roster/1 ed25519 " + base::to_base64(base::as_bytes(raw)) + "\n" +
           json_part(file);
}

// s + L: the same signature to whoever forgets to compare s with the order (RFC 8032, 5.1.7).
std::string plus_order(const std::string& file) {
    static const auto order =
        base::from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
    auto raw = sixty_four(file);
    int carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        const int sum = std::uint8_t(raw[32 + i]) + order[i] + carry;
        raw[32 + i] = char(sum & 0xff);
        carry = sum >> 8;
    }
    return with_signature(file, raw);
}

ordered_json& some(ordered_json& list, base::RandomSource& random) {
    return list[random.below(list.size())];
}
ordered_json& some_card(ordered_json& json, base::RandomSource& random) {
    return some(some(json["members"], random)["cards"], random);
}

const std::vector<std::pair<const char*, Alteration>>& alterations() {
    using Random = base::RandomSource;
    static const std::vector<std::pair<const char*, Alteration>> table{
        {"one bit flipped",
         [](std::string file, Random& random) {
             file[random.below(file.size())] ^= char(1 << random.below(8));
             return file;
         }},
        {"one bit of the signature flipped",
         [](const std::string& file, Random& random) {
             auto raw = sixty_four(file);
             raw[random.below(64)] ^= char(1 << random.below(8));
             return with_signature(file, raw);
         }},
        {"one byte replaced",
         [](std::string file, Random& random) {
             file[random.below(file.size())] = char(random.below(256));
             return file;
         }},
        {"bytes put in",
         [](std::string file, Random& random) {
             return file.insert(random.below(file.size()), 1 + random.below(3),
                                char(random.below(256)));
         }},
        {"a space put in",
         [](std::string file, Random& random) {
             return file.insert(random.below(file.size()), " ");
         }},
        {"bytes taken out",
         [](std::string file, Random& random) {
             return file.erase(random.below(file.size()), 1 + random.below(40));
         }},
        {"cut off", [](std::string file,
                       Random& random) { return file.substr(0, random.below(file.size())); }},
        {"more at its end",
         [](std::string file, Random& random) {
             return file.append(1 + random.below(10), random.below(2) ? '\n' : ' ');
         }},
        {"another signature line, same list",
         [](const std::string& file, Random&) {
             auto line = file.substr(0, file.find('\n'));
             return line + "\r\n" + json_part(file);
         }},
        {"spare bits of the signature's base64 set",
         [](std::string file, Random& random) {
             constexpr std::string_view digits =
                 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
             auto& last = file[file.find("==") - 1];
             last = digits[digits.find(last) | (1 + random.below(15))];
             return file;
         }},
        {"the signature plus the order of the curve",
         [](const std::string& file, Random&) { return plus_order(file); }},
        {"signed by another district",
         [](const std::string& file, Random& random) {
             const RosterMaker another(random);
             return text_of(another.sign(json_part(file)));
         }},
        {"the signature of another version",
         [](const std::string& file, Random& random) {
             const auto other = text_of(sample_office().roster(2 + random.below(1000)));
             return other.substr(0, other.find('\n') + 1) + json_part(file);
         }},
        {"written in another order",
         [](const std::string& file, Random&) {
             return with_json(file, nlohmann::json::parse(json_part(file)).dump(1) + "\n");
         }},
        {"written without spaces",
         [](const std::string& file, Random&) {
             return with_json(file, ordered_json::parse(json_part(file)).dump());
         }},
        {"members exchanged", on_json([](ordered_json& json, Random& random) {
             auto& members = json["members"];
             std::swap(members[0], members[1 + random.below(members.size() - 1)]);
         })},
        {"two cards exchanged", on_json([](ordered_json& json, Random& random) {
             std::swap(json["members"][0]["cards"][0],
                       json["members"][1 + random.below(3)]["cards"][0]);
         })},
        {"the keys of a card exchanged", on_json([](ordered_json& json, Random& random) {
             auto& card = some_card(json, random);
             std::swap(card["signs"], card["agrees"]);
         })},
        {"another card's PIN", on_json([](ordered_json& json, Random& random) {
             std::swap(json["members"][0]["cards"][0]["pin"],
                       json["members"][1 + random.below(3)]["cards"][0]["pin"]);
         })},
        {"a key of a stranger", on_json([](ordered_json& json, Random& random) {
             some_card(json, random)["signs"] = base::to_base64(sample_office().stranger.signs());
         })},
        {"a member's id", on_json([](ordered_json& json, Random& random) {
             some(json["members"], random)["id"] = "S-" + std::to_string(random.below(10000));
         })},
        {"a member left out", on_json([](ordered_json& json, Random& random) {
             json["members"].erase(random.below(json["members"].size()));
         })},
        {"more roles", on_json([](ordered_json& json, Random& random) {
             some(json["members"], random)["roles"] = {"office-worker", "technician",
                                                       "administrator"};
         })},
        {"another version", on_json([](ordered_json& json, Random& random) {
             json["version"] = 2 + random.below(1'000'000);
         })},
        {"a later end", on_json([](ordered_json& json, Random& random) {
             const auto issued = sample_roster_time() + std::chrono::minutes(random.below(10'000));
             json["issuedAt"] = base::to_rfc3339(issued + 1min);
             json["expiresAt"] = base::to_rfc3339(issued + roster_life);
         })},
        {"a spare card made the usual one", on_json([](ordered_json& json, Random& random) {
             auto& card = some_card(json, random);
             card["spare"] = !card.value("spare", false);
         })},
    };
    return table;
}

} // namespace

// Goal: no list that differs from what the district signed is ever taken over.
// Method: 10,000 alterations of every kind above, from a seed. To see that they are worth refusing,
// the same lists go past a reader that does not look at the signature: it takes thousands.
TEST_CASE("of 10,000 altered lists none is taken", "[unit][staff][roster][refusal][G9]") {
    const std::uint64_t seed = 20261122;
    base::SeededRandom random(seed);
    const auto sound = text_of(sample_office().roster());
    REQUIRE(read_roster(base::as_bytes(sound), trusted()).has_value());
    int taken = 0;
    int taken_unsigned = 0;
    std::set<std::string> kinds_worth_refusing;
    for (int i = 0; i < 10'000;) {
        const auto& [name, alter] = alterations()[random.below(alterations().size())];
        const auto altered = alter(sound, random);
        if (altered == sound) continue;
        ++i;
        const auto answer = read_roster(base::as_bytes(altered), trusted());
        if (answer) {
            ++taken;
            UNSCOPED_INFO("seed " << seed << ", number " << i << ": " << name);
        } else if (answer.error().code != Errc::unauthorised || //
                   answer.error().context.find("S-") != std::string::npos) {
            FAIL("seed " << seed << ", number " << i << ": " << name << ": "
                         << answer.error().text());
        }
        const auto line_end = altered.find('\n');
        const bool is_plausible =
            line_end != std::string::npos &&
            parse_roster(base::as_bytes(altered.substr(line_end + 1))).has_value();
        if (is_plausible) {
            ++taken_unsigned;
            kinds_worth_refusing.insert(name);
        }
    }
    CHECK(taken == 0);
    CHECK(taken_unsigned > 3000);
    CHECK(kinds_worth_refusing.size() > 15);
}

TEST_CASE("every bit of a list's signature line counts", "[unit][staff][roster][refusal][G9]") {
    const auto sound = text_of(sample_office().roster());
    for (std::size_t bit = 0; bit < 8 * (sound.find('\n') + 1); ++bit) {
        auto altered = sound;
        altered[bit / 8] ^= char(1 << bit % 8);
        INFO("bit " << bit);
        CHECK_FALSE(read_roster(base::as_bytes(altered), trusted()).has_value());
    }
    for (const auto* other : {"", "\n", "kiosk-roster/1 ed25519 \n{}", "kiosk-roster/1",
                              "kiosk-roster/2 ed25519 AAAA\n{}", "{}"})
        CHECK(read_roster(base::as_bytes(other), trusted()).error().code == Errc::unauthorised);
}

// ---- signed, and still no list ----

namespace {

struct Wrong {
    const char* what;
    std::function<void(ordered_json&)> edit;
    const char* words; // of the answer
};

ordered_json& card_of(ordered_json& json, std::size_t member, std::size_t card = 0) {
    return json["members"][member]["cards"][card];
}

const std::vector<Wrong>& wrongs() {
    static const std::vector<Wrong> table{
        {"another format", [](auto& j) { j["schema"] = "kiosk-roster/2"; }, "/schema"},
        {"no format", [](auto& j) { j.erase("schema"); }, "/schema"},
        {"version 0", [](auto& j) { j["version"] = 0; }, "/version"},
        {"a negative version", [](auto& j) { j["version"] = -1; }, "/version"},
        {"a version that wraps", [](auto& j) { j["version"] = UINT64_MAX; }, "/version"},
        {"half a version", [](auto& j) { j["version"] = 1.5; }, "/version"},
        {"a version as text", [](auto& j) { j["version"] = "1"; }, "/version"},
        {"a name", [](auto& j) { j["members"][0]["name"] = "somebody"; }, "not known here"},
        {"a word at the top", [](auto& j) { j["note"] = "x"; }, "not known here"},
        {"a word in a card", [](auto& j) { card_of(j, 0)["serial"] = 1; }, "not known here"},
        {"a word in a PIN", [](auto& j) { card_of(j, 0)["pin"]["n"] = 2; }, "not known here"},
        {"more than seven days", [](auto& j) { j["expiresAt"] = "2026-11-29T10:00:01+08:00"; },
         "more than 7 days"},
        {"over before it began", [](auto& j) { j["expiresAt"] = j["issuedAt"]; },
         "not after issuedAt"},
        {"no time", [](auto& j) { j["issuedAt"] = "2026-11-22"; }, "/issuedAt"},
        {"another zone", [](auto& j) { j["issuedAt"] = "2026-11-22T02:00:00+00:00"; }, "/issuedAt"},
        {"no day", [](auto& j) { j["issuedAt"] = "2026-02-30T10:00:00+08:00"; }, "/issuedAt"},
        {"no hour", [](auto& j) { j["issuedAt"] = "2026-11-22T24:00:00+08:00"; }, "/issuedAt"},
        {"no second", [](auto& j) { j["issuedAt"] = "2026-11-22T10:00:60+08:00"; }, "/issuedAt"},
        {"letters for an hour", [](auto& j) { j["issuedAt"] = "2026-11-22Tab:00:00+08:00"; },
         "/issuedAt"},
        {"nobody", [](auto& j) { j["members"] = ordered_json::array(); }, "/members"},
        {"no members", [](auto& j) { j.erase("members"); }, "/members"},
        {"one id twice", [](auto& j) { j["members"][1]["id"] = j["members"][0]["id"]; },
         "this id stands in the list twice"},
        {"small letters", [](auto& j) { j["members"][0]["id"] = "s-1182"; }, "capital letters"},
        {"a long id", [](auto& j) { j["members"][0]["id"] = "S-123456789012345"; }, "/id"},
        {"an empty id", [](auto& j) { j["members"][0]["id"] = ""; }, "/id"},
        {"the kiosk's own id", [](auto& j) { j["members"][0]["id"] = "ENROLMENT"; },
         "the kiosk's own"},
        {"no role", [](auto& j) { j["members"][0]["roles"] = ordered_json::array(); }, "role"},
        {"roles left out", [](auto& j) { j["members"][0].erase("roles"); }, "role"},
        {"an unknown role", [](auto& j) { j["members"][0]["roles"] = {"director"}; },
         "not known here"},
        {"a role twice",
         [](auto& j) {
             j["members"][0]["roles"] = {"technician", "technician"};
         },
         "twice"},
        {"no card", [](auto& j) { j["members"][0]["cards"] = ordered_json::array(); }, "/cards"},
        {"a key off the curve",
         [](auto& j) {
             auto point = sample_office().worker.signs();
             point[64] ^= 1;
             card_of(j, 0)["signs"] = base::to_base64(point);
         },
         "not a point"},
        {"a compressed key",
         [](auto& j) {
             auto point = sample_office().worker.signs();
             point[0] = 6 + point[64] % 2; // hybrid: OpenSSL would take it
             card_of(j, 0)["agrees"] = base::to_base64(point);
         },
         "not a point"},
        {"a short key", [](auto& j) { card_of(j, 0)["signs"] = "BAAA"; }, "65 bytes"},
        {"a PIN's point off the curve",
         [](auto& j) { card_of(j, 0)["pin"]["point"] = base::to_base64(base::Bytes(65, 4)); },
         "not a point"},
        {"base64 with spare bits",
         [](auto& j) {
             auto text = card_of(j, 0)["pin"]["salt"].template get<std::string>();
             text[21] = text[21] == 'A' ? 'B' : (text[21] == 'Q' ? 'R' : 'B');
             card_of(j, 0)["pin"]["salt"] = text;
         },
         "/salt"},
        {"one signing key on two cards",
         [](auto& j) { card_of(j, 1)["signs"] = card_of(j, 0)["signs"]; },
         "this key stands in the list twice"},
        {"one agreement key on two cards",
         [](auto& j) { card_of(j, 2)["agrees"] = card_of(j, 0, 1)["agrees"]; },
         "this key stands in the list twice"},
        {"one key for both jobs", [](auto& j) { card_of(j, 0)["agrees"] = card_of(j, 0)["signs"]; },
         "this key stands in the list twice"},
        {"a PIN's point that is a card's key",
         [](auto& j) { card_of(j, 0)["pin"]["point"] = card_of(j, 1)["agrees"]; },
         "this key stands in the list twice"},
        {"one PIN's point for two cards",
         [](auto& j) { card_of(j, 1)["pin"]["point"] = card_of(j, 0)["pin"]["point"]; },
         "this key stands in the list twice"},
        {"no PIN", [](auto& j) { card_of(j, 0).erase("pin"); }, "/pin"},
        {"a short digest", [](auto& j) { card_of(j, 0)["pin"]["digest"] = "AAAA"; }, "32 bytes"},
        {"spare as a word", [](auto& j) { card_of(j, 0)["spare"] = "yes"; }, "/spare"},
        {"a list of nothing", [](auto& j) { j = ordered_json::array(); }, "object"},
    };
    return table;
}

} // namespace

TEST_CASE("a list that is signed and still breaks a rule is refused in words that name nobody",
          "[unit][staff][roster][refusal][G9]") {
    for (const auto& wrong : wrongs()) {
        INFO(wrong.what);
        auto json = sample_json();
        wrong.edit(json);
        const auto answer = read_roster(sample_office().district.sign(json.dump()), trusted());
        REQUIRE_FALSE(answer.has_value());
        INFO(answer.error().context);
        CHECK(answer.error().code == Errc::corrupt);
        CHECK(answer.error().context.starts_with("not a staff list: "));
        CHECK(answer.error().context.find(wrong.words) != std::string::npos);
        for (const auto* person : {"S-1182", "S-2044", "S-3001", "S-4410", "somebody"})
            CHECK(answer.error().context.find(person) == std::string::npos);
    }
    for (const auto* text : {"", "{", "null", "{\"schema\":\"kiosk-roster/1\",\"schema\":\"x\"}",
                             "\xff\xfe", "[[[["}) {
        const auto answer = read_roster(sample_office().district.sign(text), trusted());
        REQUIRE_FALSE(answer.has_value());
        // An empty list is shorter than any file: it never gets as far as its signature.
        CHECK(answer.error().code == (*text ? Errc::corrupt : Errc::unauthorised));
    }
    const auto deep = std::string(100'000, '[');
    CHECK(read_roster(sample_office().district.sign(deep), trusted()).error().code ==
          Errc::corrupt);
}

TEST_CASE("a list holds 200 members with three cards each, and not one more",
          "[unit][staff][roster]") {
    // Keys of so many cards, and verifiers whose PIN nobody knows: only their shape counts here.
    auto card = sample_office().district.roster({}).members[0].cards[0];
    const auto other_points = [&](std::size_t number) {
        Card made = card;
        const auto word = std::to_string(number);
        const auto keys = drivers::SimulatedStaffCard::of("many " + word);
        made.signs = keys.signs();
        made.agrees = keys.agrees();
        made.pin.point = drivers::SimulatedStaffCard::of("point " + word).agrees();
        return made;
    };
    Roster full{1, sample_roster_time(), sample_roster_time() + roster_life, {}};
    for (std::size_t i = 0; i < staff_limit; ++i) {
        Member member{"S-" + std::to_string(1000 + i), {}, {}};
        member.roles.add(Role::office_worker);
        for (std::size_t c = 0; c < cards_limit; ++c)
            member.cards.push_back(other_points(i * cards_limit + c));
        full.members.push_back(member);
    }
    const auto& district = sample_office().district;
    const auto file = district.sign(to_json(full));
    INFO(file.size() << " bytes");
    REQUIRE(read_roster(file, trusted()).has_value());

    auto fourth = full;
    fourth.members[0].cards.push_back(other_points(700));
    CHECK(read_roster(district.sign(to_json(fourth)), trusted()).error().code == Errc::corrupt);
    auto one_more = full;
    one_more.members.push_back({"S-9999", full.members[0].roles, {other_points(701)}});
    CHECK(read_roster(district.sign(to_json(one_more)), trusted()).error().code == Errc::corrupt);

    // The size limit comes before the signature and before parsing.
    auto padded = to_json(full);
    padded.resize(roster_bytes_limit, ' ');
    CHECK(read_roster(district.sign(padded), trusted()).has_value());
    padded.push_back(' ');
    CHECK(read_roster(district.sign(padded), trusted()).error().code == Errc::too_large);
    CHECK(parse_roster(base::as_bytes(padded)).error().code == Errc::too_large);
}

TEST_CASE("a list is good from a day before it was issued until it is over",
          "[unit][staff][roster][refusal][G9]") {
    const auto roster = sample_office().district.roster({4, sample_roster_time()});
    const auto refused_as = [&](std::uint64_t least, base::WallTime now, bool is_sure) {
        const auto good = check_roster(roster, least, {now, is_sure});
        return good ? std::optional<Errc>() : good.error().code;
    };
    const auto issued = sample_roster_time();
    CHECK_FALSE(refused_as(0, issued, true));
    CHECK_FALSE(refused_as(4, issued + roster_life - 1ms, true));
    CHECK(refused_as(4, issued + roster_life, true) == Errc::timed_out);
    CHECK(refused_as(5, issued, true) == Errc::conflict);
    CHECK_FALSE(refused_as(4, issued - 24h, true));
    CHECK(refused_as(4, issued - 24h - 1ms, true) == Errc::timed_out);
    // A clock that nobody vouches for: what is known to have passed decides, its own reading never.
    CHECK_FALSE(refused_as(4, base::WallTime{}, false));
    CHECK(refused_as(4, issued + roster_life, false) == Errc::timed_out);
}

TEST_CASE("the district's key is read from a file that says what it is", "[unit][staff][roster]") {
    const auto folder = std::filesystem::temp_directory_path() / "kiosk-roster-keys";
    std::filesystem::create_directories(folder);
    const auto write = [&](const char* name, const std::string& text) {
        const auto path = (folder / name).string();
        REQUIRE(base::write_file_durably(path, pem_file(text)));
        return path;
    };
    const auto pem = sample_office().district.district_key_pem();
    const auto good = write("good.pem", pem);
    CHECK(base::load_public_keys({good, good}).value() ==
          std::vector<RosterKey>{trusted().front(), trusted().front()});
    CHECK(base::load_public_keys({}).value().empty());
    CHECK(base::load_public_keys({(folder / "absent.pem").string()}).error().code ==
          Errc::not_found);
    for (const auto& text :
         {std::string(), std::string("hello"), pem.substr(0, 60),
          // A P-256 key (RFC 5480), as a card has one.
          std::string("-----BEGIN PUBLIC KEY-----\n"
                      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7\n"
                      "Yfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==\n"
                      "-----END PUBLIC KEY-----\n")}) {
        const auto answer = base::load_public_keys({write("bad.pem", text)});
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().code == Errc::corrupt);
        CHECK(answer.error().context.find("bad.pem is no Ed25519 public key") != std::string::npos);
    }
    std::filesystem::remove_all(folder);
}
