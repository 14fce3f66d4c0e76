// The text area of identity cards: four layouts, awkward characters, rules between fields.
// All cards are invented; their numbers belong to nobody (spec matters §9, id-card-reader §6).
#include "drivers/card_reader/card_text.hpp"
#include "drivers/card_reader/recorded_reply.hpp"
#include "drivers/card_reader/simulated_card.hpp"
#include "kiosk/base/citizen_number.hpp"
#include "kiosk/base/manual_clock.hpp"

#include <catch2/catch.hpp>

using namespace drivers;
using namespace std::chrono_literals;
using base::Bytes;
using base::Date;
using base::Errc;

namespace {

constexpr Date today{2026y, std::chrono::November, 22d};

SimulatedCard person(std::string_view id) {
    const auto* found = find_demo_person(id);
    REQUIRE(found != nullptr);
    return found->card;
}

CardText read(const SimulatedCard& card) {
    auto text = read_card_text(card_text(card), today);
    REQUIRE(text);
    return std::move(text).value();
}

Errc error_of(const SimulatedCard& card) {
    const auto text = read_card_text(card_text(card), today);
    REQUIRE_FALSE(text);
    return text.error().code;
}

void put_unit(Bytes& text, std::size_t offset, char16_t unit) {
    text[offset] = std::uint8_t(unit & 0xff);
    text[offset + 1] = std::uint8_t(unit >> 8);
}

std::string name_of(const Bytes& text) {
    auto out = read_card_text(text, today);
    REQUIRE(out);
    return std::string(out->card.name.view());
}

} // namespace

TEST_CASE("a resident card gives the fields the product keeps", "[device][card_reader]") {
    const auto [card, broken] = read(person("pensioner"));
    REQUIRE_FALSE(broken);
    REQUIRE(card.kind == CardKind::resident);
    REQUIRE(card.name.view() == "阿卜杜热合曼·麦麦提图尔荪");
    REQUIRE_FALSE(card.name_may_be_cut);
    REQUIRE(card.latin_name.empty());
    REQUIRE(card.number.view() == "65999919500101001X");
    REQUIRE(card.sex.expose() == Sex::male);
    REQUIRE(card.birth.expose() == Date{1950y, std::chrono::January, 1d});
    REQUIRE(card.address.view() == "新疆乌鲁木齐市新市区正扬路街道试验巷999号9栋9单元999室");
    REQUIRE(card.issuer.view() == "试验市公安局");
    REQUIRE(card.valid_from.expose() == Date{2006y, std::chrono::January, 1d});
    REQUIRE_FALSE(card.valid_to); // 长期
}

TEST_CASE("permits and foreigners' cards have layouts of their own", "[device][card_reader]") {
    const auto permit = read(person("permit"));
    REQUIRE_FALSE(permit.broken);
    REQUIRE(permit.card.kind == CardKind::residence_permit);
    REQUIRE(permit.card.name.view() == "陈样品");
    REQUIRE(permit.card.number.view() == "810000190001010018");
    REQUIRE(permit.card.valid_to->expose() == Date{2040y, std::chrono::January, 1d});

    const auto older = read(person("foreigner-2017"));
    REQUIRE_FALSE(older.broken);
    REQUIRE(older.card.kind == CardKind::foreigner_2017);
    REQUIRE(older.card.name.view() == "SAMPLE, PERSON"); // no Chinese name
    REQUIRE(older.card.latin_name.view() == "SAMPLE, PERSON");
    REQUIRE(older.card.number.view() == "XXA999990010109");
    REQUIRE(older.card.birth.expose() == Date{1990y, std::chrono::January, 1d});
    REQUIRE(older.card.sex.expose() == Sex::female);
    REQUIRE(older.card.address.empty());

    const auto newer = read(person("foreigner-2023"));
    REQUIRE_FALSE(newer.broken);
    REQUIRE(newer.card.kind == CardKind::foreigner_2023);
    REQUIRE(newer.card.name.view() == "样品");
    REQUIRE(newer.card.latin_name.view() == "SAMPLE-WITH-A-RATHER-LONG-FAMILY-NAME, PERSON");
    REQUIRE(newer.card.number.view() == "965999199001010017");
    REQUIRE(newer.card.address.empty());
}

TEST_CASE("a card of an unknown type is not guessed at", "[device][card_reader]") {
    auto card = person("pensioner");
    for (char16_t flag = 1; flag < 0x3000; ++flag) {
        if (flag == u' ' || flag == u'J' || flag == u'I' || flag == u'Y') continue;
        card.type_flag = flag;
        REQUIRE(error_of(card) == Errc::unsupported);
    }
    REQUIRE(read_card_text(Bytes(255, ' '), today).error().code == Errc::corrupt);
}

TEST_CASE("the ethnic code is dropped where the layout has one",
          "[device][card_reader][refusal][D4.3]") {
    for (const auto* id : {"pensioner", "permit"}) {
        auto text = card_text(person(id));
        drop_ethnic_code(text);
        REQUIRE(Bytes(text.begin() + 32, text.begin() + 36) == Bytes(4));
        text[32] = text[34] = '9'; // and nothing reads it
        const auto other = read_card_text(text, today);
        REQUIRE(other->card.name == read(person(id)).card.name);
    }
    auto foreigner = card_text(person("foreigner-2017"));
    drop_ethnic_code(foreigner);
    REQUIRE(foreigner == card_text(person("foreigner-2017"))); // there it is part of the name
    auto unknown = card_text(person("unknown-kind"));
    drop_ethnic_code(unknown);
    REQUIRE(unknown == Bytes(256));
    REQUIRE(read_card_text(unknown, today).error().code == Errc::unsupported);
}

TEST_CASE("rare characters stay what they are", "[device][card_reader]") {
    const auto [card, broken] = read(person("rare-name"));
    REQUIRE_FALSE(broken);
    REQUIRE(card.name.view() == "\U00020BB7\U0002A6A5\uE863");
    REQUIRE(card.address.view() == "新疆乌鲁木齐市新市区正扬路街道\U00030EDE巷9号");
}

TEST_CASE("a name cut off by its field is accepted and told", "[device][card_reader]") {
    auto card = person("pensioner");
    card.name = "一二三四五六七八九十一二三四五六七";
    const auto cut = read(card);
    REQUIRE_FALSE(cut.broken);
    REQUIRE(cut.card.name.view() == "一二三四五六七八九十一二三四五");
    REQUIRE(cut.card.name_may_be_cut);

    card.name = "一二三四五六七八九十一二三四\U00020BB7"; // the 15th unit is half a character
    const auto halved = read(card);
    REQUIRE_FALSE(halved.broken);
    REQUIRE(halved.card.name.view() == "一二三四五六七八九十一二三四");
    REQUIRE(halved.card.name_may_be_cut);
}

TEST_CASE("spaces inside a name stay, padding goes", "[device][card_reader]") {
    auto text = card_text(person("foreigner-2017"));
    REQUIRE(name_of(text) == "SAMPLE, PERSON");
    for (std::size_t offset = 28; offset < 120; offset += 2) put_unit(text, offset, 0);
    REQUIRE(name_of(text) == "SAMPLE, PERSON"); // zeros as padding
}

TEST_CASE("characters that could steer a printer or a screen are replaced and reported",
          "[device][card_reader]") {
    for (const char16_t unit :
         {u'\u0000', u'\u0007', u'\u001b', u'\u007f', u'\u009b', u'\u202e', u'\u2066', u'\ufffe',
          u'\uffff', char16_t(0xdc00), char16_t(0xd800)}) {
        auto text = card_text(person("agent"));
        put_unit(text, 2, unit);
        const auto out = read_card_text(text, today);
        REQUIRE(out);
        REQUIRE(out->card.name.view() == "王\uFFFD验");
        REQUIRE(out->broken == CardRule::text);
    }
}

TEST_CASE("fields that contradict each other name the rule", "[device][card_reader]") {
    const auto broken = [](auto change) {
        auto card = person("agent"); // female, 1988-02-29
        change(card);
        return read(card).broken;
    };
    using Card = SimulatedCard;
    REQUIRE(broken([](Card&) {}) == std::nullopt);
    REQUIRE(broken([](Card& c) { c.number = "659999198802290028"; }) == CardRule::number);
    REQUIRE(broken([](Card& c) { c.number = "659999199913010053"; }) == CardRule::number);
    REQUIRE(broken([](Card& c) { c.number = "65999919880229002"; }) == CardRule::number);
    REQUIRE(broken([](Card& c) { c.number = ""; }) == CardRule::number);
    REQUIRE(broken([](Card& c) { c.birth = "19880228"; }) == CardRule::number_birth);
    REQUIRE(broken([](Card& c) { c.sex = "1"; }) == CardRule::number_sex);
    REQUIRE(broken([](Card& c) { c.sex = "0"; }) == std::nullopt); // unknown contradicts nothing
    REQUIRE(broken([](Card& c) { c.birth = "18990101"; }) == CardRule::birth_range);
    REQUIRE(broken([](Card& c) { c.birth = "20261123"; }) == CardRule::birth_range);
    REQUIRE(broken([](Card& c) { c.valid_to = "20180228"; }) == CardRule::validity_order);
    REQUIRE(broken([](Card& c) { c.valid_to = c.valid_from; }) == std::nullopt);
    REQUIRE(broken([](Card& c) { c.kind = CardKind::residence_permit; }) ==
            CardRule::number); // a permit's number begins with 81, 82 or 83
    REQUIRE(broken([](Card& c) { c.kind = CardKind::foreigner_2023; }) == CardRule::number);
}

TEST_CASE("an older foreigner's number must fit its birth date", "[device][card_reader]") {
    auto card = person("foreigner-2017");
    card.birth = "19900102";
    REQUIRE(read(card).broken == CardRule::number_birth);
    card = person("foreigner-2017");
    for (const char* number : {"XXA99999001010", "xxa999990010109", "XX9999990010109", ""}) {
        card.number = number;
        REQUIRE(read(card).broken == CardRule::number);
    }
}

TEST_CASE("without a synchronised clock no birth date is in the future", "[device][card_reader]") {
    auto card = person("foreigner-2023");
    card.number = "96599920990101001"; // a birth date of 2099
    card.number += base::citizen_number_check(card.number);
    card.birth = "20990101";
    REQUIRE(read_card_text(card_text(card), today)->broken == CardRule::birth_range);
    REQUIRE_FALSE(read_card_text(card_text(card), std::nullopt)->broken);
}

TEST_CASE("a date or sex that is none is an inconsistent card", "[device][card_reader]") {
    for (const char* date : {"20230229", "00000000", "2023-2-1", "        ", "2023010", "长期"}) {
        for (const auto field : {&SimulatedCard::birth, &SimulatedCard::valid_from}) {
            auto card = person("agent");
            card.*field = date;
            CAPTURE(date);
            REQUIRE(error_of(card) == Errc::card_inconsistent);
        }
    }
    for (const char* end : {"20230229", "", "长", "长期限", "期长"}) {
        auto card = person("agent");
        card.valid_to = end;
        CAPTURE(end);
        REQUIRE(error_of(card) == Errc::card_inconsistent);
    }
    auto card = person("agent");
    for (const char* sex : {"", "3", "男"}) {
        card.sex = sex;
        REQUIRE(error_of(card) == Errc::card_inconsistent);
    }
}

TEST_CASE("an expired card is read and told apart", "[device][card_reader]") {
    using std::chrono::sys_days;
    base::ManualClock clock{sys_days{2020y / 3 / 7} + 12h};
    const auto expired = read(person("expired"));
    REQUIRE_FALSE(expired.broken);
    REQUIRE(validity(expired.card, clock) == Validity::valid); // the last day
    clock.advance(24h);
    REQUIRE(validity(expired.card, clock) == Validity::expired);
    clock.set_synchronised(false);
    REQUIRE(validity(expired.card, clock) == Validity::to_be_checked);
    clock.set_synchronised(true);
    REQUIRE(validity(read(person("pensioner")).card, clock) == Validity::valid); // 长期
    REQUIRE(validity(read(person("child")).card, clock) == Validity::not_yet);
}

TEST_CASE("a recorded reply is decoded from bytes and from hexadecimal text",
          "[device][card_reader]") {
    const auto raw = read_reply(person("pensioner"));
    std::string spaced;
    for (const char c : base::to_hex(raw)) {
        spaced += char(std::toupper(c));
        if (spaced.size() % 3 == 2) spaced += spaced.size() % 48 == 47 ? '\n' : ' ';
    }
    auto dialogue = reply_frame(0x9f, Bytes(4));
    const auto selected = reply_frame(0x90, Bytes(8));
    dialogue.insert(dialogue.end(), selected.begin(), selected.end());
    dialogue.insert(dialogue.end(), raw.begin(), raw.end());
    for (const auto& bytes :
         {raw, read_reply(person("pensioner"), 0), base::to_bytes(base::to_hex(raw)),
          base::to_bytes(spaced), dialogue}) {
        const auto decoded = decode_recorded_reply(bytes, today);
        REQUIRE(decoded);
        REQUIRE(decoded->card.number.view() == "65999919500101001X");
    }
}

TEST_CASE("a recorded reply that is none says what it is", "[device][card_reader]") {
    const auto code = [](const Bytes& bytes) {
        const auto card = decode_recorded_reply(bytes, today);
        return card ? std::string_view("a card") : base::to_string(card.error().code);
    };
    REQUIRE(code({}) == "corrupt");
    REQUIRE(code(base::to_bytes("not a recording")) == "corrupt");
    REQUIRE(code(reply_frame(0x41)) == "card_removed");
    REQUIRE(code(reply_frame(0x80)) == "no_card");
    REQUIRE(code(read_reply(person("pensioner"), 512)) == "refused");
    REQUIRE(code(read_reply(person("unknown-kind"))) == "unsupported");
    auto without_date = person("pensioner");
    without_date.valid_to = "20230229";
    REQUIRE(code(read_reply(without_date)) == "card_inconsistent");
    auto damaged = read_reply(person("pensioner"));
    damaged[300] ^= 1;
    REQUIRE(code(damaged) == "corrupt");
    const auto whole = read_reply(person("pensioner"));
    for (std::size_t size = 0; size < whole.size(); ++size)
        REQUIRE(code(Bytes(whole.begin(), whole.begin() + std::ptrdiff_t(size))) == "corrupt");
}

TEST_CASE("a recorded card that contradicts itself gives its fields and the rule",
          "[device][card_reader]") {
    const auto decoded = decode_recorded_reply(read_reply(person("inconsistent")), today);
    REQUIRE(decoded);
    REQUIRE(decoded->broken == CardRule::number_sex);
    REQUIRE(decoded->card.number.view() == "659999199003070022");
}

TEST_CASE("no error about a card carries a value of it", "[device][card_reader]") {
    auto card = person("pensioner");
    for (const auto field : {&SimulatedCard::birth, &SimulatedCard::valid_from,
                             &SimulatedCard::valid_to, &SimulatedCard::sex}) {
        auto broken = card;
        broken.*field = "7";
        const auto error = decode_recorded_reply(read_reply(broken), today).error();
        REQUIRE(error.context.ends_with(" field"));
        for (const auto* value : {"阿", "1950", "6599", "新疆", "7"})
            REQUIRE(error.context.find(value) == std::string::npos);
    }
}

TEST_CASE("everything a card held is gone with the card", "[device][card_reader]") {
    const auto before = base::SessionArena::instance().in_use();
    {
        const auto card = decode_recorded_reply(read_reply(person("pensioner")), today);
        REQUIRE(base::SessionArena::instance().in_use() > before);
    }
    REQUIRE(base::SessionArena::instance().in_use() == before);
}
