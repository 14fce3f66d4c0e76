#include "kiosk/content/development/pseudo_languages.hpp"
#include "kiosk/forms/utf8.hpp"

#include <catch2/catch.hpp>

namespace {

std::vector<char32_t> code_points(std::string_view text) {
    std::vector<char32_t> all;
    for (std::size_t at = 0; at < text.size();) all.push_back(forms::next_code_point(text, at));
    return all;
}

std::size_t longest_word(std::string_view text) {
    std::size_t longest = 0, length = 0;
    for (const char32_t c : code_points(text)) {
        length = c == ' ' ? 0 : length + 1;
        longest = std::max(longest, length);
    }
    return longest;
}

const base::Date day{std::chrono::year{2026} / 11 / 22}; // one with notices
const auto set = *content::ContentSet::open("assets/content");
const auto pseudo = content::with_pseudo_languages(*set);

} // namespace

TEST_CASE("the long pseudo-language is three fifths longer, by words and not by longer words",
          "[unit][content][pseudo]") {
    for (const auto& key : set->text_keys()) {
        const auto before = set->text(key, base::Language::en);
        const auto after = pseudo->text(key, base::Language::en);
        INFO(key << ": " << after);
        CHECK(longest_word(after) <= std::max<std::size_t>(longest_word(before), 1));
        if (before.size() < 10 || before.find('{') != before.npos) continue;
        const auto growth = double(code_points(after).size()) / double(code_points(before).size());
        CHECK(growth >= 1.55);
        CHECK(growth <= 1.75);
    }
}

TEST_CASE("the right-to-left pseudo-language has letters of the Uyghur alphabet and no others",
          "[unit][content][pseudo]") {
    for (const auto& key : set->text_keys()) {
        const auto text = pseudo->text(key, base::Language::ug);
        INFO(key << ": " << text);
        bool inside = false; // a placeholder
        for (const char32_t c : code_points(text)) {
            inside = inside || c == '{';
            const bool foreign =
                forms::is_latin_letter(c) || forms::is_han(c) || forms::is_foreign_arabic(c);
            CHECK_FALSE((!inside && foreign));
            inside = inside && c != '}';
        }
    }
}

TEST_CASE("a pseudo-language keeps placeholders, digits and what belongs to no text",
          "[unit][content][pseudo]") {
    CHECK(content::stretched("Step {step} of {of}") == "Stép {step} öf {of} Stép öf St");
    CHECK(content::turned("Step {step}, 12?") == "ستېپ {step}، 12؟");
    CHECK(content::stretched("EN") == "ÉN");
    CHECK(content::stretched("").empty());
    CHECK(content::turned("123") == "123");
    CHECK(pseudo->version() == set->version());
    CHECK(pseudo->office().phone == set->office().phone);
    CHECK(pseudo->text("home.title", base::Language::zh) ==
          set->text("home.title", base::Language::zh));
}

TEST_CASE("every text of matters, forms, consents and the office is in the pseudo-language too",
          "[unit][content][pseudo]") {
    using base::Language;
    const auto changed = [](const content::LocalText& before, const content::LocalText& after) {
        CHECK(after.in(Language::en) == content::stretched(before.in(Language::en)));
        CHECK(after.in(Language::ug) == content::turned(before.in(Language::en)));
    };
    const auto &office = set->office(), &strange_office = pseudo->office();
    changed(office.name, strange_office.name);
    REQUIRE(strange_office.opening.holidays.size() == office.opening.holidays.size());
    for (std::size_t i = 0; i < office.opening.holidays.size(); ++i)
        changed(office.opening.holidays[i].name, strange_office.opening.holidays[i].name);
    REQUIRE(strange_office.others.size() == office.others.size());
    for (std::size_t i = 0; i < office.others.size(); ++i) {
        changed(office.others[i].name, strange_office.others[i].name);
        changed(office.others[i].hours, strange_office.others[i].hours);
    }
    REQUIRE(pseudo->groups().size() == set->groups().size());
    for (std::size_t i = 0; i < set->groups().size(); ++i)
        changed(set->groups()[i].title, pseudo->groups()[i].title);
    const auto notices = set->notices_on(day), strange_notices = pseudo->notices_on(day);
    REQUIRE(!notices.empty());
    REQUIRE(strange_notices.size() == notices.size());
    for (std::size_t i = 0; i < notices.size(); ++i) {
        changed(notices[i]->title, strange_notices[i]->title);
        changed(notices[i]->text, strange_notices[i]->text);
    }
    CHECK(pseudo->clips().size() == set->clips().size());
    for (std::size_t i = 0; i < set->matters().size(); ++i) {
        const auto &before = set->matters()[i], &after = pseudo->matters()[i];
        changed(before.title, after.title);
        changed(before.next.back(), after.next.back());
        const auto *plain = set->form(before.id), *strange = pseudo->form(before.id);
        REQUIRE((plain != nullptr && strange != nullptr));
        for (std::size_t s = 0; s < plain->steps.size(); ++s)
            for (std::size_t f = 0; f < plain->steps[s].fields.size(); ++f) {
                const auto &one = plain->steps[s].fields[f], &other = strange->steps[s].fields[f];
                changed(one.label, other.label);
                changed(one.question, other.question);
                for (std::size_t o = 0; o < one.options.size(); ++o)
                    changed(one.options[o].label, other.options[o].label);
                if (one.type == forms::FieldType::consent)
                    changed(set->consent(one.id)->agree, pseudo->consent(one.id)->agree);
            }
    }
}
