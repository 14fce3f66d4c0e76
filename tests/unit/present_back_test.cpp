// Goal: Back never loses what was typed, drawn or chosen, finished or not. Method: one question of
// a shipped form is asked as every kind of field in turn; people do at random what its screen
// offers, go back a page and forward again, and must see what they saw before. Seeds are printed.
#include "tests/support/fake_input_methods.hpp"
#include "tests/unit/present_visit.hpp"

#include <catch2/catch.hpp>
#include <random>

using screens::Action;
using screens::Board;
using test::Visitor;

namespace {

constexpr std::string_view place = "report.placeText";

// What somebody would miss: value, letters and ink under way, the answer on its way.
struct Seen {
    std::string value, letters, rest;
    bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << '"' << seen.value << "\" \"" << seen.letters << "\" " << seen.rest;
}

// Turns the place of a report into a field of this kind.
struct Person : Visitor {
    Person(forms::FieldType type, bool month_only, base::Language spoken) : Visitor(spoken) {
        facts.pinyin = &pinyin;
        facts.handwriting = &handwriting;
        answers = {{"report.kind", "lamp"}, {"report.place", "other"}};
        begin("problem-report");
        form = *session.visit->form;
        for (auto& step : form.steps)
            for (auto& field : step.fields) {
                if (field.id != place) continue;
                field.type = type;
                field.month_only = month_only;
                if (type == forms::FieldType::date) field.not_before = {std::nullopt, -900};
            }
        session.visit->form = &form;
        go_to_field(place);
    }
    Seen seen() const {
        const auto shown = model();
        if (const auto* text = std::get_if<screens::QuestionTextModel>(&shown)) {
            Seen seen{std::string(text->text.view()), std::string(text->letters.view()), ""};
            // Spaces at the end are tidied up when a person leaves the field: nobody misses them.
            seen.value.erase(seen.value.find_last_not_of(' ') + 1);
            // Ink and candidates stand on the board that made them.
            for (const auto& stroke : text->ink) seen.rest += std::to_string(stroke.size()) + " ";
            if (!seen.letters.empty() || !text->ink.empty())
                for (const auto& each : text->candidates) seen.rest += each.view();
            return seen;
        }
        if (const auto* digits = std::get_if<screens::QuestionDigitsModel>(&shown))
            return {std::string(digits->digits.view()), "", digits->actions.go};
        const auto date = std::get<screens::QuestionDateModel>(shown);
        Seen seen{std::string(date.in_words.view()), "", ""};
        for (const auto& column : date.columns) seen.rest += column.value + " ";
        return seen;
    }

    forms::Form form;
    test::FakePinyin pinyin;
    test::FakeHandwriting handwriting;
};

screens::ScreenIntent something(const screens::ScreenModel& shown, std::mt19937& random) {
    const auto one_of = [&](auto&& items) { return items[random() % std::size(items)]; };
    if (std::holds_alternative<screens::QuestionDateModel>(shown)) {
        const screens::DatePart parts[] = {screens::DatePart::year, screens::DatePart::month,
                                           screens::DatePart::day};
        if (random() % 8 == 0) return screens::QuestionDatePress::digits;
        return screens::DateStep{one_of(parts), random() % 2 ? 1 : -1};
    }
    if (std::holds_alternative<screens::QuestionDigitsModel>(shown)) {
        const char* const keys[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "X"};
        if (random() % 6 == 0) return screens::EditKey::backspace;
        return screens::Typed{one_of(keys)};
    }
    const char* const keys[] = {"s", "h", "i", "y", "a", "n", " ", "ا", "س", "ە", "1", "，"};
    const Board boards[] = {Board::pinyin, Board::handwriting, Board::uyghur, Board::latin};
    switch (random() % 8) {
    case 0: return screens::PickCandidate{random() % 4};
    case 1: return screens::SwitchBoard{one_of(boards)};
    case 2: return screens::InkDrawn{{{float(random() % 60), 3}, {5, float(random() % 60)}}};
    case 3: return screens::EditKey::backspace;
    case 4: return screens::MoveCaret{random() % 12};
    default: return screens::Typed{one_of(keys)};
    }
}

} // namespace

TEST_CASE("Back and forward again show what was typed, drawn or chosen, in every kind of field",
          "[unit][present][back]") {
    using forms::FieldType;
    struct Kind {
        FieldType type;
        bool month_only = false;
    };
    int with_something = 0;
    for (const auto& kind :
         {Kind{FieldType::text}, Kind{FieldType::date}, Kind{FieldType::date, true},
          Kind{FieldType::money}, Kind{FieldType::number}, Kind{FieldType::phone},
          Kind{FieldType::id_number}, Kind{FieldType::bank_card}}) {
        for (unsigned seed = 1; seed <= 24; ++seed) {
            std::mt19937 random(seed);
            const auto language = base::all_languages[seed % 3];
            Person person(kind.type, kind.month_only, language);
            const auto empty = person.seen();
            for (unsigned i = 1 + seed / 2; i > 0; --i)
                person.press(something(person.model(), random));
            const auto before = person.seen();
            with_something += before == empty ? 0 : 1;
            INFO("kind " << int(kind.type) << ", seed " << seed << ", " << before);
            person.press(Action::back);
            REQUIRE(person.session.visit);
            REQUIRE(person.session.visit->field != place);
            person.go_to_field(place);
            CHECK(person.seen() == before);
        }
    }
    CHECK(with_something > 150); // of 192: the test does what it says
}
