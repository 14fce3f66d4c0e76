#include "kiosk/forms/rules.hpp"

#include "kiosk/forms/branches.hpp"
#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/terms.hpp"
#include "kiosk/forms/utf8.hpp"

#include <algorithm>

namespace forms {
namespace {

using base::Language;

class Whole {
public:
    explicit Whole(const Form& form) : form_(form) {}

    std::vector<BrokenRule> look() {
        for (std::size_t s = 0; s < form_.steps.size(); ++s) {
            const auto& step = form_.steps[s];
            step_place_ = "/steps/" + std::to_string(s);
            must_be_spoken(step.title, step_place_ + "/title");
            for (std::size_t f = 0; f < step.fields.size(); ++f) {
                field_ = &step.fields[f];
                place_ = step_place_ + "/fields/" + std::to_string(f);
                words_can_be_spoken();
                identity_is_confirmed(step);
                receipt_tells_nothing();
                changes_nothing_unseen();
                speaks_of_places();
            }
            field_ = nullptr;
        }
        return std::move(broken_);
    }

private:
    void complain(const char* rule, std::string place, std::string words) {
        broken_.push_back({rule, std::move(place), field_ ? field_->id : "", std::move(words)});
    }

    // V7. What is said for a field is its `say`, else its question, else its label; the voice reads
    // words, so a text of signs alone would be silence.
    static bool can_be_spoken(std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            const auto c = next_code_point(text, at);
            if (is_han(c) || is_latin_letter(c) || is_uyghur_letter(c)) return true;
            if (c >= '0' && c <= '9') return true;
        }
        return false;
    }
    void must_be_spoken(const LocalText& text, const std::string& place) {
        if (text.empty()) return;
        for (const auto language : base::all_languages)
            if (!can_be_spoken(text.in(language)))
                complain("V7", place + "/" + std::string(base::to_string(language)),
                         "cannot be read aloud: write it in words, or give the words to speak in "
                         "\"say\"");
    }
    void words_can_be_spoken() {
        const auto& field = *field_;
        if (!field.say.empty())
            must_be_spoken(field.say, place_ + "/say");
        else if (!field.question.empty())
            must_be_spoken(field.question, place_ + "/question");
        must_be_spoken(field.label, place_ + "/label");
        must_be_spoken(field.hint, place_ + "/hint");
        must_be_spoken(field.why, place_ + "/why");
        for (std::size_t i = 0; i < field.options.size(); ++i)
            must_be_spoken(field.options[i].label,
                           place_ + "/options/" + std::to_string(i) + "/label");
        for (std::size_t i = 0; i < field.page_labels.size(); ++i)
            must_be_spoken(field.page_labels[i], place_ + "/pageLabels/" + std::to_string(i));
    }

    // V8: a branch around it would send a request of L2 that nobody confirmed.
    void identity_is_confirmed(const Step& step) {
        const auto& field = *field_;
        if (field.type != FieldType::identity) return;
        if (!field.required || field.required_if || field.show_if || step.show_if)
            complain("V8", place_,
                     "the identity has to be confirmed on every way: \"required\": true, and no "
                     "\"showIf\" on it or its step");
    }

    // V11: the receipt names choices of S0 by the last word of their id.
    void receipt_tells_nothing() {
        const auto& field = *field_;
        const auto name = field.id.substr(field.id.rfind('.') + 1);
        const auto& show = form_.receipt.show;
        if (row_of(field.type).print != Print::label) return;
        if (std::find(show.begin(), show.end(), name) == show.end()) return;
        if (field.sensitivity != Sensitivity::s0 || !field.term.empty())
            complain("V11", "/receipt/show",
                     "\"" + name +
                         "\" names a field that says something about a person; take it "
                         "out of the receipt");
    }

    // V14 and G8. Of L1 every submission says possession-only (submission.cpp); at L0 nobody is
    // known, so nothing that is held about a person may be changed there.
    void changes_nothing_unseen() {
        const auto& field = *field_;
        const bool is_held =
            field.term.starts_with("bank.") || field.term.starts_with("person.address.");
        if (is_held && form_.identity == IdentityLevel::l0)
            complain("V14", place_ + "/term",
                     "a form with " + field.term + " needs \"identity\": \"L1\" or \"L2\"");
        const bool is_asked_back = std::find(field.prefill.begin(), field.prefill.end(),
                                             Source::platform) != field.prefill.end();
        if (is_asked_back && field.sensitivity == Sensitivity::s3)
            complain("V14", place_ + "/prefill",
                     "what is S3 is never fetched from the platform: a card in the hand does not "
                     "prove whose it is; take \"platform\" out");
    }

    // G12: where nobody is known, nobody is to be written about.
    void speaks_of_places() {
        const auto& field = *field_;
        const bool is_free = field.type == FieldType::text && field.term.empty();
        if (!is_free || form_.identity != IdentityLevel::l0) return;
        const auto words = places_only_words();
        for (const auto language : base::all_languages)
            if (field.hint.in(language).find(words.in(language)) == std::string_view::npos)
                complain("G12", place_ + "/hint/" + std::string(base::to_string(language)),
                         "the hint of a text in a form of L0 has to say \"" +
                             std::string(words.in(language)) + "\"");
    }

    const Form& form_;
    const Field* field_ = nullptr;
    std::string step_place_, place_;
    std::vector<BrokenRule> broken_;
};

} // namespace

std::vector<BrokenRule> broken_rules(const Form& form, base::Date day) {
    auto broken = Whole(form).look();
    for (auto& each : broken_branches(form, day)) broken.push_back(std::move(each));
    return broken;
}

std::string rule_in(std::string_view complaint) {
    const auto open = complaint.rfind('[');
    if (open == complaint.npos || !complaint.ends_with(']')) return "kform/1";
    const auto rule = complaint.substr(open + 1, complaint.size() - open - 2);
    const bool is_name = rule.size() >= 2 && rule.size() <= 3 &&
                         (rule.front() == 'V' || rule.front() == 'G') &&
                         rule.find_first_not_of("0123456789", 1) == rule.npos;
    return is_name ? std::string(rule) : "kform/1";
}

LocalText places_only_words() {
    LocalText words;
    words.set(Language::zh, "只写地方和东西，不写人");
    words.set(Language::ug, "پەقەت جاي ۋە نەرسىلەرنى يېزىڭ، ئادەمنى يازماڭ");
    words.set(Language::en, "about places and things only");
    return words;
}

} // namespace forms
