// A visit without devices and without glass: presses what a screen offers, hands the session what
// devices would say, and looks at every screen on the way.
//
// All persons are synthetic (spec matters §9): 659999 is no county code, the bank prefix 999999
// belongs to no bank.
#pragma once

#include "kiosk/present/present.hpp"
#include "tests/unit/present_words.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace test {

inline constexpr std::string_view elder_name = "阿卜杜热合曼·麦麦提图尔荪";
inline constexpr std::string_view elder_number = "659999194003150046";
inline constexpr std::string_view helper_name = "测试代办人";
inline constexpr std::string_view helper_number = "659999198802290027";
inline constexpr std::string_view elder_address = "测试市测试路12号";
inline constexpr std::string_view phone_number = "13800006021";
inline constexpr std::string_view bank_number = "9999990000000000121";
inline constexpr std::string_view receipt_number = "K7M4-92XH-T3QC";

forms::CardValues elder_card();
forms::CardValues helper_card();
session::StoredPage page();

std::shared_ptr<const content::ContentSet> content();

class Visitor {
public:
    explicit Visitor(base::Language language = base::Language::en);

    session::Session session;
    present::View view;
    present::Facts facts;
    // By field id: option codes joined by nothing, text to type, number of pages ("2"), "counter"
    // for a signature at the counter. A field without an entry is left as it is.
    std::map<std::string, std::string, std::less<>> answers;

    // Looks at the screen in all three languages: no missing words, no leftover placeholders, no
    // unknown icon, nothing unmasked. Called after every input.
    void look();
    std::set<session::Step> steps_seen;
    int screens_seen = 0;

    screens::ScreenModel model() const { return present::model(session, view, facts); }
    template <class Model> Model model_as() const { return std::get<Model>(model()); }

    present::Reaction press(const screens::ScreenIntent& intent);
    void tell(session::Input input);
    void type(std::string_view text);

    void begin(std::string_view matter);
    // Answers each screen until the session is at this step.
    void go_to(session::Step step);
    // ... or at this field.
    void go_to_field(std::string_view field);
    // Language after the first touch, for every screen looked at.
    base::Language language;

private:
    void answer_one();
    void answer_question();
    void lay_card();
};

} // namespace test
