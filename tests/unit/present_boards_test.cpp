// Goal: whatever is typed, drawn or chosen ends as text that the form takes, and nothing that was
// under way is lost unseen. Method: keys, strokes and candidates are pressed through react() with
// small look-ups; random keys by seed.
#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/rules.hpp"
#include "kiosk/forms/utf8.hpp"
#include "kiosk/present/composing.hpp"
#include "kiosk/present/dates.hpp"
#include "kiosk/present/typing.hpp"
#include "kiosk/text/unicode.hpp"
#include "tests/support/fake_input_methods.hpp"
#include "tests/unit/present_visit.hpp"

#include <catch2/catch.hpp>
#include <random>

using screens::Action;
using screens::Board;
using screens::EditKey;
using screens::InkDrawn;
using screens::InkKey;
using screens::MoreCandidates;
using screens::MoveCaret;
using screens::PickCandidate;
using screens::QuestionDateModel;
using screens::QuestionTextModel;
using screens::SwitchBoard;
using screens::Typed;
using test::Visitor;

namespace {

// A visitor before the line that says where something is; all scripts, at most 80 characters.
struct Writer : Visitor {
    explicit Writer(base::Language spoken = base::Language::zh) : Visitor(spoken) {
        facts.pinyin = &pinyin;
        facts.handwriting = &handwriting;
        answers = {{"report.kind", "lamp"}, {"report.place", "other"}};
        begin("problem-report");
        go_to_field("report.placeText");
    }
    QuestionTextModel seen() const { return model_as<QuestionTextModel>(); }
    std::string text() const { return std::string(seen().text.view()); }
    std::vector<std::string> candidates() const {
        std::vector<std::string> words;
        for (const auto& each : seen().candidates) words.emplace_back(each.view());
        return words;
    }
    void draw_stroke() { press(InkDrawn{{{10, 30}, {50, 30}}}); }

    test::FakePinyin pinyin;
    test::FakeHandwriting handwriting;
};

} // namespace

// ---- what stands above every board ----

TEST_CASE("who writes where nobody is known reads: about places and things only",
          "[unit][present][boards][refusal][G12]") {
    const auto wanted = forms::places_only_words();
    std::size_t seen = 0;
    for (const auto language : base::all_languages) {
        Writer writer(language);
        std::set<std::string> written;
        const auto look = [&] {
            written.insert(writer.session.visit->field);
            const auto boards = writer.seen().boards;
            CHECK(boards.size() >= 4);
            for (const auto board : boards) {
                writer.press(SwitchBoard{board});
                INFO(writer.session.visit->field << " " << base::to_string(language) << " "
                                                 << static_cast<int>(board));
                CHECK(words_of(writer.model()).contains(wanted.in(language)));
                ++seen;
            }
        };
        look();
        writer.answers["report.placeText"] = "Main road 5";
        writer.press(SwitchBoard{Board::latin});
        writer.go_to_field("report.text");
        look();
        // That is every text of a matter without a card.
        for (const auto& matter : writer.facts.world.content->matters()) {
            const auto& form = *writer.facts.world.content->form(matter.id);
            if (form.identity != forms::IdentityLevel::l0) continue;
            for (const auto& step : form.steps)
                for (const auto& field : step.fields)
                    if (field.type == forms::FieldType::text) CHECK(written.contains(field.id));
        }
    }
    CHECK(seen >= 24);
}

// ---- which boards ----

TEST_CASE("a Chinese resident finds the Pinyin board, with handwriting one key away",
          "[unit][present][boards]") {
    Writer writer;
    CHECK(writer.seen().board == Board::pinyin);
    CHECK(writer.seen().boards == std::vector{Board::pinyin, Board::handwriting, Board::uyghur,
                                              Board::latin, Board::digits});
    writer.press(SwitchBoard{Board::handwriting});
    CHECK(writer.seen().board == Board::handwriting);
}

TEST_CASE("without Pinyin the box lies there; without both the screen says so",
          "[unit][present][boards]") {
    Writer writer;
    const auto hint = writer.seen().hint;
    writer.facts.pinyin = nullptr;
    CHECK(writer.seen().board == Board::handwriting);
    CHECK(writer.seen().hint != hint);
    writer.facts.handwriting = nullptr;
    CHECK(writer.seen().board == Board::latin);
    CHECK(writer.seen().hint == test::content()->text("board.no-chinese", base::Language::zh));
}

TEST_CASE("each language begins with its own board", "[unit][present][boards]") {
    CHECK(Writer(base::Language::ug).seen().board == Board::uyghur);
    CHECK(Writer(base::Language::en).seen().board == Board::latin);
}

// ---- Pinyin ----

TEST_CASE("letters wait for characters, and the space takes the first candidate",
          "[unit][present][boards]") {
    Writer writer;
    writer.type("shiyan");
    CHECK(writer.text().empty());
    CHECK(writer.seen().letters.view() == "shiyan");
    CHECK(writer.candidates().front() == "试验");
    CHECK_FALSE(writer.seen().actions.go_ready);
    CHECK(writer.seen().actions.go ==
          test::content()->text("question.choose-characters", base::Language::zh));
    writer.type(" ");
    CHECK(writer.text() == "试验");
    CHECK(writer.seen().letters.empty());
    CHECK(writer.seen().actions.go_ready);
    writer.type(" "); // nothing under way: a space
    CHECK(writer.text() == "试验 ");
}

TEST_CASE("a candidate for a part leaves the rest to be chosen for", "[unit][present][boards]") {
    Writer writer;
    writer.type("shiyan");
    const auto words = writer.candidates();
    const auto single = std::find(words.begin(), words.end(), "市") - words.begin();
    writer.press(PickCandidate{std::size_t(single)});
    CHECK(writer.text() == "市");
    CHECK(writer.seen().letters.view() == "yan");
    CHECK(writer.candidates().front() == "验");
    writer.press(PickCandidate{1});
    CHECK(writer.text() == "市烟");
    CHECK(writer.seen().letters.empty());
}

TEST_CASE("Backspace takes letters before it takes characters", "[unit][present][boards]") {
    Writer writer;
    writer.type("shi ");
    writer.type("ya");
    writer.press(EditKey::backspace);
    CHECK(writer.seen().letters.view() == "y");
    writer.press(EditKey::backspace);
    CHECK(writer.seen().letters.empty());
    CHECK(writer.text() == "市");
    writer.press(EditKey::backspace);
    CHECK(writer.text().empty());
}

TEST_CASE("more candidates and the earlier ones", "[unit][present][boards]") {
    Writer writer;
    writer.type("shi");
    REQUIRE(writer.candidates().size() == present::pinyin_candidates);
    CHECK(writer.seen().has_more);
    CHECK_FALSE(writer.seen().has_earlier);
    // The screen had room for six.
    writer.press(MoreCandidates{MoreCandidates::Direction::next, 6});
    CHECK(writer.candidates().front() == "石");
    CHECK(writer.seen().has_earlier);
    CHECK_FALSE(writer.seen().has_more);
    writer.press(MoreCandidates{MoreCandidates::Direction::next, 8}); // nothing behind them
    CHECK(writer.candidates().front() == "石");
    writer.press(MoreCandidates{MoreCandidates::Direction::earlier, 0});
    CHECK(writer.candidates().front() == "市");
    CHECK_FALSE(writer.seen().has_earlier);
    writer.type("y"); // other letters begin at the first page
    CHECK(writer.view.composing.first == 0);
}

TEST_CASE("a mark behind a word means its first candidate", "[unit][present][boards]") {
    Writer writer;
    writer.type("shi，");
    CHECK(writer.text() == "市，");
    CHECK(writer.seen().letters.empty());
}

TEST_CASE("letters that are no Pinyin are kept, and nothing is chosen for them",
          "[unit][present][boards]") {
    Writer writer;
    writer.type("xxx");
    CHECK(writer.candidates().empty());
    CHECK(writer.press(Typed{" "}).not_yet);
    CHECK(writer.press(Typed{"，"}).not_yet);
    CHECK(writer.press(Action::go).not_yet);
    CHECK(writer.seen().letters.view() == "xxx");
    // Letters are what they are on the Latin board.
    writer.press(SwitchBoard{Board::latin});
    CHECK(writer.text() == "xxx");
    CHECK(writer.seen().letters.empty());
}

TEST_CASE("switching to digits takes the first candidates", "[unit][present][boards]") {
    Writer writer;
    writer.type("shiyanpin");
    writer.press(SwitchBoard{Board::digits});
    CHECK(writer.text() == "试验品");
    CHECK(writer.seen().board == Board::digits);
}

TEST_CASE("letters under way survive Back, the idle question, help and another language",
          "[unit][present][boards]") {
    Writer writer;
    writer.type("shi yan");
    const auto text = writer.text();
    const auto same = [&] {
        CHECK(writer.text() == text);
        CHECK(writer.seen().letters.view() == "yan");
        CHECK(writer.candidates().front() == "验");
    };
    writer.press(screens::FrameIntent::staff);
    writer.press(Action::go);
    same();
    writer.press(screens::FrameIntent::leave);
    writer.press(screens::LeavePress::stay);
    same();
    // In another language too the board lies there that can end it.
    writer.press(screens::FrameIntent::language);
    writer.press(base::Language::ug);
    CHECK(writer.seen().board == Board::pinyin);
    same();
    writer.press(screens::FrameIntent::language);
    writer.press(base::Language::zh);
    writer.press(Action::back);
    REQUIRE(writer.session.visit->field != "report.placeText");
    writer.go_to_field("report.placeText");
    same();
}

TEST_CASE("what one person composed is not there for the next", "[unit][present][boards]") {
    Writer writer;
    writer.type("shi");
    writer.press(Action::back);
    auto next = writer.session;
    ++next.ticket;
    const auto view = present::follow(writer.view, next);
    CHECK(view.set_aside.empty());
    CHECK(view.composing == present::Composition());
}

TEST_CASE("no more letters are taken than are looked up", "[unit][present][boards]") {
    Writer writer;
    writer.type(std::string(input::pinyin_letter_limit, 'a'));
    CHECK_FALSE(writer.seen().letters.view().size() > input::pinyin_letter_limit);
    CHECK(writer.press(Typed{"a"}).not_yet);
    CHECK(writer.seen().letters.view().size() == input::pinyin_letter_limit);
}

TEST_CASE("a candidate that does not fit into the field any more is not taken",
          "[unit][present][boards]") {
    Writer writer;
    for (int i = 0; i < 79; ++i) writer.type("shi ");
    REQUIRE(forms::count_characters(writer.text()) == 79);
    writer.type("shiyan");
    CHECK(writer.press(PickCandidate{0}).not_yet);
    CHECK(forms::count_characters(writer.text()) == 79);
    CHECK(writer.seen().letters.view() == "shiyan");
}

TEST_CASE("Pinyin goes in at the caret", "[unit][present][boards]") {
    Writer writer;
    writer.type("shi shi ");
    writer.press(MoveCaret{3});
    writer.type("wu ");
    CHECK(writer.text() == "市乌市");
    CHECK(writer.seen().caret == 6);
}

// ---- handwriting ----

TEST_CASE("each stroke brings candidates, and nothing is taken unless it is chosen",
          "[unit][present][boards]") {
    Writer writer;
    writer.press(SwitchBoard{Board::handwriting});
    writer.draw_stroke();
    CHECK(writer.candidates().size() == present::hand_candidates);
    CHECK(writer.candidates().front() == "一");
    CHECK(writer.text().empty());
    CHECK_FALSE(writer.seen().actions.go_ready);
    CHECK(writer.press(Typed{"，"}).not_yet);
    CHECK(writer.text().empty());
    writer.draw_stroke();
    CHECK(writer.candidates().front() == "二");
    writer.press(InkKey::undo_stroke);
    CHECK(writer.candidates().front() == "一");
    writer.press(PickCandidate{0});
    CHECK(writer.text() == "一");
    CHECK(writer.seen().ink.empty());
    CHECK(writer.seen().actions.go_ready == (writer.text().size() > 3));
}

TEST_CASE("behind an accepted character stands what often follows it", "[unit][present][boards]") {
    Writer writer;
    writer.press(SwitchBoard{Board::handwriting});
    writer.draw_stroke();
    writer.press(PickCandidate{0});
    CHECK(writer.candidates() == std::vector<std::string>{"个", "天", "定"});
    writer.press(PickCandidate{1});
    CHECK(writer.text() == "一天");
    CHECK(writer.candidates().empty());
    writer.draw_stroke();
    CHECK(writer.handwriting.asked.previous == U'天');
}

TEST_CASE("the box gives ten candidates, the next ten, and the ten before",
          "[unit][present][boards]") {
    Writer writer;
    writer.press(SwitchBoard{Board::handwriting});
    writer.draw_stroke();
    const auto first = writer.candidates();
    CHECK(writer.seen().has_more);
    writer.press(MoreCandidates{MoreCandidates::Direction::next, 10});
    const auto second = writer.candidates();
    CHECK(second.size() == 10);
    CHECK(second != first);
    writer.press(MoreCandidates{MoreCandidates::Direction::next, 10});
    CHECK(writer.candidates().size() == 3);
    CHECK_FALSE(writer.seen().has_more);
    writer.press(MoreCandidates{MoreCandidates::Direction::earlier, 0});
    CHECK(writer.candidates() == second);
}

TEST_CASE("after two clears in a row another way is offered", "[unit][present][boards]") {
    Writer writer;
    writer.press(SwitchBoard{Board::handwriting});
    const auto clear = [&] {
        writer.draw_stroke();
        writer.press(InkKey::clear);
    };
    clear();
    CHECK_FALSE(writer.seen().problem);
    writer.press(InkKey::clear); // an empty box
    CHECK_FALSE(writer.seen().problem);
    clear();
    REQUIRE(writer.seen().problem);
    CHECK(writer.seen().problem->text == test::content()->text("board.advice", base::Language::zh));
    writer.draw_stroke();
    writer.press(PickCandidate{0});
    CHECK_FALSE(writer.seen().problem);
}

TEST_CASE("Backspace takes a stroke back before it takes a character", "[unit][present][boards]") {
    Writer writer;
    writer.press(SwitchBoard{Board::handwriting});
    writer.draw_stroke();
    writer.press(PickCandidate{0});
    writer.draw_stroke();
    writer.press(EditKey::backspace);
    CHECK(writer.seen().ink.empty());
    CHECK(writer.text() == "一");
    writer.press(EditKey::backspace);
    CHECK(writer.text().empty());
    CHECK(writer.candidates().empty()); // nothing stands there that anything could follow
}

TEST_CASE("no more ink is taken than a character has", "[unit][present][boards]") {
    Writer writer;
    writer.press(SwitchBoard{Board::handwriting});
    for (std::size_t i = 0; i < input::ink_stroke_limit; ++i) writer.draw_stroke();
    CHECK(writer.press(InkDrawn{{{1, 1}}}).not_yet);
    CHECK(writer.seen().ink.size() == input::ink_stroke_limit);
    writer.press(InkKey::clear);
    CHECK(writer.press(InkDrawn{input::InkStroke(input::ink_point_limit + 1)}).not_yet);
    CHECK(writer.seen().ink.empty());
}

TEST_CASE("the recogniser knows what kind of field it reads for", "[unit][present][boards]") {
    using Field = input::HandContext::Field;
    forms::Field field;
    CHECK(present::hand_context(field, "").field == Field::text);
    field.term = "person.address.current";
    CHECK(present::hand_context(field, "乌鲁木齐市").field == Field::address);
    CHECK(present::hand_context(field, "乌鲁木齐市").previous == U'市');
    field.term = "contact.name";
    field.scripts.punctuation = false;
    CHECK(present::hand_context(field, "x").field == Field::name);
    CHECK(present::hand_context(field, "x").previous == 0);
}

// ---- Uyghur ----

TEST_CASE("a Uyghur vowel brings its hamza along where a word begins or a vowel stands before it",
          "[unit][present][boards]") {
    Writer writer(base::Language::ug);
    struct Row {
        const char* typed;
        const char* written;
    };
    const auto row =
        GENERATE(Row{"ۇيغۇر", "ئۇيغۇر"}, Row{"ا", "ئا"}, Row{"ساەت", "سائەت"},
                 Row{"دوختۇرخانا", "دوختۇرخانا"}, Row{"ئۇيغۇر", "ئۇيغۇر"}, Row{"مەسئۇل", "مەسئۇل"},
                 Row{"بۇ ۆي", "بۇ ئۆي"}, Row{"12-ېلىپ", "12-ئېلىپ"}, Row{"ئئ", "ئئ"});
    writer.type(row.typed);
    CHECK(writer.text() == row.written);
}

TEST_CASE("one Backspace takes a vowel with the hamza it brought along",
          "[unit][present][boards]") {
    Writer writer(base::Language::ug);
    writer.type("ساە");
    REQUIRE(writer.text() == "سائە");
    writer.press(EditKey::backspace);
    CHECK(writer.text() == "سا");
    writer.press(EditKey::clear);
    writer.type("ا");
    writer.press(EditKey::backspace);
    CHECK(writer.text().empty());
    // Typed by hand behind a consonant, the hamza is a letter of its own.
    writer.type("مەسئۇ");
    writer.press(EditKey::backspace);
    CHECK(writer.text() == "مەسئ");
}

TEST_CASE("only the Uyghur board adds a hamza", "[unit][present][boards]") {
    for (const auto* letter : {"ا", "ە", "و", "ۇ", "ۆ", "ۈ", "ې", "ى"})
        CHECK(present::with_hamza("", letter) == std::string("ئ") + letter);
    for (const auto* letter : {"ب", "ئ", "a", "一", "-", "."})
        CHECK(present::with_hamza("", letter) == letter);
}

// ---- any keys at all ----

TEST_CASE("whatever is pressed, the text stays what the form takes and the caret between letters",
          "[unit][present][boards]") {
    const unsigned seed = GENERATE(range(1u, 7u));
    INFO("seed " << seed);
    std::mt19937 random(seed);
    Writer writer(seed % 2 == 0 ? base::Language::zh : base::Language::ug);
    const auto one_of = [&](auto&& items) { return items[random() % std::size(items)]; };
    const char* const keys[] = {"a",  "s",  "h",       "i",      "y",  "n", "'", " ",
                                "，", "。", "ا",       "ە",      "س",  "ئ", "-", "1",
                                "·",  "市", "e\u0301", "\u202e", "\t", "𠮷"};
    const Board boards[] = {Board::pinyin, Board::handwriting, Board::uyghur, Board::latin,
                            Board::digits};
    for (int i = 0; i < 300; ++i) {
        auto reaction = [&]() -> present::Reaction {
            const screens::ScreenIntent any[] = {
                Typed{one_of(keys)},
                Typed{one_of(keys)},
                Typed{one_of(keys)},
                EditKey::backspace,
                EditKey::shift,
                PickCandidate{random() % 14},
                MoreCandidates{random() % 2 ? MoreCandidates::Direction::next
                                            : MoreCandidates::Direction::earlier,
                               random() % 20},
                InkDrawn{{{float(random() % 60), 3}, {5, float(random() % 60)}}},
                random() % 4 ? InkKey::undo_stroke : InkKey::clear,
                MoveCaret{random() % 90},
                SwitchBoard{one_of(boards)}};
            return present::react(writer.session, writer.view, one_of(any), writer.facts);
        }();
        writer.view = std::move(reaction.view);
        for (auto& input : reaction.inputs)
            writer.session =
                session::apply(std::move(writer.session), std::move(input), writer.facts.world)
                    .session;
        const auto seen = writer.seen();
        const auto text = seen.text.view();
        REQUIRE(forms::is_valid_utf8(text));
        REQUIRE(forms::count_characters(text) <= 80);
        REQUIRE(seen.caret <= text.size());
        const bool at_border =
            seen.caret == text.size() ||
            text::previous_boundary(text, text::next_boundary(text, seen.caret)) == seen.caret;
        REQUIRE(at_border);
        for (const char32_t c : text::decode_utf8(text))
            REQUIRE(forms::takes_character(session::current_field(*writer.session.visit), c));
        REQUIRE(seen.letters.view().size() <= 2 * input::pinyin_letter_limit);
        REQUIRE(seen.candidates.size() <= present::pinyin_candidates);
    }
}

TEST_CASE("the caret goes where it is put, never into a letter", "[unit][present][boards]") {
    Writer writer(base::Language::en);
    writer.press(Typed{"a"});
    writer.press(Typed{"市"});
    writer.press(Typed{"b"});
    for (const auto& [asked, stands] :
         {std::pair{0, 0}, {1, 1}, {2, 1}, {3, 1}, {4, 4}, {5, 5}, {99, 5}}) {
        writer.press(MoveCaret{std::size_t(asked)});
        CHECK(writer.seen().caret == std::size_t(stands));
    }
}

TEST_CASE("a name takes the middle dot and the hyphen, no other mark", "[unit][present][boards]") {
    forms::Field name;
    name.max = 60;
    name.scripts = {true, true, true, false};
    const auto after = [&](const char* mark) {
        return std::string(
            present::typed_into({base::SecretText("古丽"), 6}, name, mark).text.view());
    };
    CHECK(after("·") == "古丽·");
    CHECK(after("-") == "古丽-");
    for (const auto* mark : {"，", "。", ",", ".", "(", "؟"}) CHECK(after(mark) == "古丽");
    CHECK(present::is_name(name));
    const present::Facts facts;
    const auto boards = present::boards_of(name, facts);
    CHECK(std::find(boards.begin(), boards.end(), Board::digits) == boards.end());
}

// ---- numbers ----

TEST_CASE("amounts have fen behind a point, and stay as they were typed",
          "[unit][present][boards]") {
    forms::Field money;
    money.type = forms::FieldType::money;
    money.max = 10'000'000;
    std::string typed;
    const auto type = [&](std::string_view keys) {
        for (const char key : keys) {
            const present::Line line{base::SecretText(typed), typed.size()};
            typed = present::typed_into(line, money, std::string_view(&key, 1)).text.view();
        }
        return typed;
    };
    CHECK(type(".") == "");
    CHECK(type("12.") == "12.");
    CHECK(type(".5") == "12.5");
    CHECK(type("067") == "12.50");
    const auto value = [&](std::string_view text) {
        return std::get<std::int64_t>(present::number_of(money, text));
    };
    CHECK(value("12") == 1200);
    CHECK(value("12.") == 1200);
    CHECK(value("12.5") == 1250);
    CHECK(value("12.05") == 1205);
    CHECK(value("0.01") == 1);
    CHECK(value("999999999.99") == 99'999'999'999);
    CHECK(present::in_yuan(1200) == "12");
    CHECK(present::in_yuan(1205) == "12.05");
    CHECK(present::in_yuan(1250) == "12.50");
}

TEST_CASE("a citizen number that cannot be right says so with its last digit",
          "[unit][present][boards]") {
    forms::Field number;
    number.type = forms::FieldType::id_number;
    CHECK(present::first_wrong_digit(number, "65999919400315004") == -1); // not complete
    CHECK(present::first_wrong_digit(number, "659999194003150046") == -1);
    CHECK(present::first_wrong_digit(number, "659999194003150045") == 14);
    CHECK(present::first_wrong_digit(number, "659999199913010053") == 6); // month 13
    const auto typed = [&](const char* text, const char* key) {
        const present::Line line{base::SecretText(text), std::string_view(text).size()};
        return std::string(present::typed_into(line, number, key).text.view());
    };
    CHECK(typed("65999919400315004", "X") == "65999919400315004X");
    CHECK(typed("6599", "X") == "6599"); // X stands last or not at all
}

TEST_CASE("a telephone number is grouped by how it begins", "[unit][present][boards]") {
    forms::Field phone;
    phone.type = forms::FieldType::phone;
    phone.allow_landline = true;
    using Groups = std::vector<int>;
    CHECK(present::digit_groups(phone, "138") == Groups{3, 4, 4});
    CHECK(present::digit_groups(phone, "0991") == Groups{4, 3, 4});
    CHECK(present::digit_groups(phone, "010") == Groups{3, 4, 4});
    CHECK(present::digit_groups(phone, "4567") == Groups{3, 4});
    CHECK(present::digits_left(phone, "1380000") == 4);
    CHECK(present::digits_left(phone, "0991123") == 3);
    CHECK(present::digits_left(phone, "09911234567") == 0);
    CHECK(present::digits_left(phone, "4567123") == 0);
    phone.allow_landline = false;
    CHECK(present::digits_left(phone, "0991123") == 4);
}

// ---- dates ----

namespace {

base::Date day(int y, unsigned m, unsigned d) {
    return std::chrono::year(y) / std::chrono::month(m) / std::chrono::day(d);
}
const present::DateRange all_days{day(1900, 1, 1), day(2100, 12, 31)};

} // namespace

TEST_CASE("a step in a date never leaves the calendar", "[unit][present][boards]") {
    using present::stepped;
    using screens::DatePart;
    CHECK(stepped(day(2026, 1, 31), DatePart::month, 1, all_days) == day(2026, 2, 28));
    CHECK(stepped(day(2024, 1, 31), DatePart::month, 1, all_days) == day(2024, 2, 29));
    CHECK(stepped(day(2024, 2, 29), DatePart::year, 1, all_days) == day(2025, 2, 28));
    CHECK(stepped(day(2000, 2, 28), DatePart::day, 1, all_days) == day(2000, 2, 29));
    CHECK(stepped(day(1900, 2, 28), DatePart::day, 1, all_days) == day(1900, 3, 1));
    CHECK(stepped(day(2026, 12, 31), DatePart::day, 1, all_days) == day(2027, 1, 1));
    CHECK(stepped(day(2026, 12, 5), DatePart::month, 1, all_days) == day(2027, 1, 5));
    CHECK(stepped(day(2026, 1, 5), DatePart::month, -1, all_days) == day(2025, 12, 5));
    CHECK(stepped(day(1931, 5, 5), DatePart::year, -10, all_days) == day(1921, 5, 5));
    CHECK(stepped(day(1905, 5, 5), DatePart::year, -10, all_days) == day(1900, 1, 1));
}

TEST_CASE("any steps from any day give a real day within the limits", "[unit][present][boards]") {
    const unsigned seed = 4711;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const present::DateRange range{day(1920, 2, 29), day(2027, 11, 22)};
    auto date = day(1996, 2, 29);
    for (int i = 0; i < 20'000; ++i) {
        const int steps[] = {1, -1, 10, -10};
        date = present::stepped(date, screens::DatePart(random() % 3), steps[random() % 4], range);
        REQUIRE(date.ok());
        REQUIRE(date >= range.first);
        REQUIRE(date <= range.last);
    }
}

TEST_CASE("dates near today are chosen in steps, dates of birth are typed",
          "[unit][present][boards]") {
    const forms::Today today{day(2026, 11, 22), true};
    forms::Field start;
    start.type = forms::FieldType::date;
    start.not_before = forms::DateLimit{std::nullopt, 0};
    start.not_after = forms::DateLimit{std::nullopt, 365};
    const auto near = present::range_of(start, today);
    CHECK(near.first == today.date);
    CHECK(near.last == day(2027, 11, 22));
    CHECK_FALSE(present::is_far(near, today));
    CHECK(present::first_shown(start, today) == today.date);

    forms::Field birth;
    birth.type = forms::FieldType::date;
    birth.term = "person.birthDate";
    const auto far = present::range_of(birth, today);
    CHECK(far.first == day(1900, 1, 1));
    CHECK(far.last == today.date);
    CHECK(present::is_far(far, today));
    CHECK(present::first_shown(birth, today) == day(1956, 1, 1));

    // G17: with a clock nobody vouches for, today limits nothing.
    const auto unsure = present::range_of(start, {day(2026, 11, 22), false});
    CHECK(unsure.last == day(2100, 12, 31));
}

TEST_CASE("a month without a day", "[unit][present][boards]") {
    const forms::Today today{day(2026, 11, 22), true};
    forms::Field month;
    month.type = forms::FieldType::date;
    month.month_only = true;
    month.not_before = forms::DateLimit{std::nullopt, 0};
    month.not_after = forms::DateLimit{std::nullopt, 100};
    CHECK(present::written(month, day(2026, 12, 1)).view() == "2026-12");
    CHECK(present::range_of(month, today).first == day(2026, 11, 1));
    CHECK(present::quick_date(month, today, "next-month") == day(2026, 12, 1));
    CHECK(present::date_digits(month) == 6);
    CHECK(std::get<base::SecretText>(present::when_typed(month, "202612")).view() == "2026-12");
    const auto check = [&](const char* text) {
        const auto fault =
            forms::row_of(month.type).validate(month, forms::Value{base::SecretText(text)}, today);
        return fault ? fault->key : "";
    };
    CHECK(check("2026-11") == ""); // the month in which the limit lies
    CHECK(check("2026-10") == "fault.date-early");
    CHECK(check("2027-04") == "fault.date-late");
    CHECK(check("2026-13") == "fault.date");
    CHECK(check("2026-11-22") == "fault.date");
}

TEST_CASE("a number is a multiple of the form's step", "[unit][forms]") {
    forms::Field money;
    money.type = forms::FieldType::money;
    money.max = 10'000'000;
    money.step = 10'000;
    const auto check = [&](std::int64_t fen) {
        const auto fault = forms::row_of(money.type).validate(money, forms::Value{fen}, {});
        return fault ? fault->key : "";
    };
    CHECK(check(420'000) == "");
    CHECK(check(425'000) == "fault.number-step");
}
