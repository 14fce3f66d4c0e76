#include "kiosk/forms/branches.hpp"

#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/prefill.hpp"
#include "kiosk/forms/terms.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace forms {
namespace {

using base::Date;
using base::SecretText;
using Kind = Condition::Kind;
using Ids = std::set<std::string, std::less<>>;

// An operator that asks about fields, and not about other conditions.
bool is_leaf(const Condition& condition) {
    return condition.parts.empty();
}

template <class Visit> void each_leaf(const Condition& condition, const Visit& visit) {
    if (is_leaf(condition)) visit(condition);
    for (const auto& part : condition.parts) each_leaf(part, visit);
}

bool has_codes(FieldType type) {
    return type == FieldType::choice || type == FieldType::region || type == FieldType::place;
}
bool has_pages(FieldType type) {
    return type == FieldType::scan || type == FieldType::photo;
}
bool is_number(FieldType type) {
    return type == FieldType::number || type == FieldType::money;
}

// --- answers that stand for all -----------------------------------------------------------------

class Candidates {
public:
    Candidates(const Field& field, std::span<const Condition* const> leaves, Today today)
        : field_(field), today_(today) {
        for (const auto* leaf : leaves)
            if (leaf->field == field.id || leaf->other == field.id) leaves_.push_back(leaf);
    }

    // Without the one of leaving it out. Empty: nobody can answer this field.
    std::vector<Answer> all() {
        if (field_.type == FieldType::info) return {};
        if (has_codes(field_.type)) one_code();
        if (field_.type == FieldType::multi_choice) several_codes();
        if (is_number(field_.type)) whole_numbers();
        if (field_.type == FieldType::date) days();
        if (has_pages(field_.type)) pages();
        if (row_of(field_.type).widget == Widget::digits && !is_number(field_.type)) texts();
        if (field_.type == FieldType::text) texts();
        if (field_.type == FieldType::consent) values_.emplace_back(ConsentGiven{});
        if (field_.type == FieldType::signature) values_.emplace_back(Signature{1, 2});
        if (field_.type == FieldType::card) values_.emplace_back(CardRead{});
        if (field_.type == FieldType::identity)
            values_.emplace_back(IdentityConfirmed{field_.methods.front(), {}, {}});
        return with_sources();
    }

private:
    Ids named_codes() const {
        Ids codes;
        for (const auto* leaf : leaves_) codes.insert(leaf->values.begin(), leaf->values.end());
        return codes;
    }

    void one_code() {
        const auto named = named_codes();
        bool has_other = false;
        for (const auto& option : field_.options) {
            if (!named.contains(option.code) && std::exchange(has_other, true)) continue;
            values_.emplace_back(Codes{option.code});
        }
    }

    // Every set of the named codes, filled up with others to each number that matters.
    void several_codes() {
        const auto named = named_codes();
        std::vector<std::string> first, others;
        for (const auto& option : field_.options)
            (named.contains(option.code) ? first : others).push_back(option.code);
        constexpr std::size_t named_limit = 8;
        const auto known = std::min(first.size(), named_limit);
        for (std::size_t bits = 0; bits < std::size_t{1} << known; ++bits) {
            Codes chosen;
            for (std::size_t i = 0; i < known; ++i)
                if (bits >> i & 1u) chosen.push_back(first[i]);
            for (const auto count : counts()) {
                auto filled = chosen;
                for (const auto& other : others)
                    if (std::int64_t(filled.size()) < count) filled.push_back(other);
                if (std::int64_t(filled.size()) == count) keep_valid(filled);
            }
            if (!chosen.empty()) keep_valid(chosen);
        }
    }

    // Numbers of codes or pages at which a condition may change.
    std::set<std::int64_t> counts() const {
        std::set<std::int64_t> counts{std::max<std::int64_t>(field_.min, 1), field_.max};
        for (const auto* leaf : leaves_)
            if (leaf->kind == Kind::count)
                for (const int step : {-1, 0, 1})
                    if (leaf->number > -2 && leaf->number < field_.max + 2)
                        counts.insert(leaf->number + step);
        std::erase_if(counts, [&](auto count) { return count < 1 || count > field_.max; });
        return counts;
    }

    void pages() {
        for (const auto count : counts())
            if (count >= field_.min)
                values_.emplace_back(Attachments{std::vector<std::uint32_t>(std::size_t(count))});
    }

    void whole_numbers() {
        std::set<std::int64_t> near{field_.min, field_.max};
        for (const auto* leaf : leaves_)
            if (leaf->kind == Kind::cmp && leaf->number >= field_.min && leaf->number <= field_.max)
                near.insert(leaf->number);
        for (const auto number : near) {
            const auto below = number - number % field_.step;
            for (const auto value :
                 {number - 1, number, number + 1, below - field_.step, below, below + field_.step})
                keep_valid(value);
        }
    }

    // Birthdays around each age that is asked for, and the limits of the field.
    void days() {
        std::set<std::chrono::sys_days> near{std::chrono::sys_days(today_.date)};
        const auto add = [&](const std::optional<DateLimit>& limit) {
            if (!limit) return;
            near.insert(limit->fixed
                            ? std::chrono::sys_days(*limit->fixed)
                            : std::chrono::sys_days(today_.date) + std::chrono::days(limit->days));
        };
        add(field_.not_before);
        add(field_.not_after);
        for (const auto* leaf : leaves_) {
            if (leaf->kind == Kind::same) // two days that both fields may have
                near.insert(std::chrono::sys_days(today_.date) - std::chrono::days(1));
            if (leaf->kind != Kind::age || leaf->number < -1 || leaf->number > 1000) continue;
            const auto on =
                leaf->on ? std::chrono::sys_days(*leaf->on)
                         : std::chrono::sys_days(today_.date) + std::chrono::days(leaf->on_days);
            for (const int years :
                 {int(leaf->number) - 1, int(leaf->number), int(leaf->number) + 1})
                for (const int day : {0, 1})
                    near.insert(years_before(on, years) + std::chrono::days(day));
        }
        for (const auto day : near) {
            auto text = base::to_text(Date(day));
            if (field_.month_only) text.resize(7);
            // What a card says is never typed, so no limit of the field holds it back.
            if (is_card_filled(field_))
                values_.emplace_back(SecretText(text));
            else
                keep_valid(SecretText(text));
        }
    }

    static std::chrono::sys_days years_before(std::chrono::sys_days day, int years) {
        const Date date(day);
        const Date earlier = date - std::chrono::years(years);
        return earlier.ok()
                   ? std::chrono::sys_days(earlier)
                   : std::chrono::sys_days(earlier.year() / earlier.month() / std::chrono::last);
    }

    // The words do not matter, only which are the same.
    void texts() {
        const bool is_compared = std::any_of(leaves_.begin(), leaves_.end(),
                                             [](auto* leaf) { return leaf->kind == Kind::same; });
        for (const auto* text : {"1", "2", "3"}) {
            values_.emplace_back(SecretText(text));
            if (!is_compared) return;
        }
    }

    void keep_valid(Value value) {
        if (row_of(field_.type).validate(field_, value, today_)) return;
        if (std::find(values_.begin(), values_.end(), value) == values_.end())
            values_.push_back(std::move(value));
    }

    bool may_come_from(Source source) const {
        if (is_entered_here(source)) return true;
        const auto* term = find_term(field_.term);
        if (source == Source::derived && term && term->on_card) return true;
        return std::find(field_.prefill.begin(), field_.prefill.end(), source) !=
               field_.prefill.end();
    }

    // Where a condition asks for the source: each that this field can have.
    std::vector<Answer> with_sources() const {
        std::set<Source> sources{Source::typed};
        for (const auto* leaf : leaves_) {
            if (leaf->kind != Kind::prefilled) continue;
            if (may_come_from(leaf->source)) sources.insert(leaf->source);
            for (const auto source : field_.prefill) sources.insert(source);
        }
        std::vector<Answer> answers;
        for (const auto& value : values_)
            for (const auto source : sources) answers.push_back({value, source, false, false, {}});
        return answers;
    }

    const Field& field_;
    Today today_;
    std::vector<const Condition*> leaves_;
    std::vector<Value> values_;
};

// A card that is missing leaves out what only it tells.
bool may_be_left_out(const Field& field) {
    return !field.required || is_card_filled(field);
}

// --- all ways -----------------------------------------------------------------------------------

struct Place {
    std::size_t step;
    std::size_t field;
    std::string text;
};

class Branches {
public:
    Branches(const Form& form, Date day) : form_(form), today_{day, true} {
        for (std::size_t s = 0; s < form.steps.size(); ++s) {
            const auto& step = form.steps[s];
            for (std::size_t f = 0; f < step.fields.size(); ++f) {
                const auto place = "/steps/" + std::to_string(s) + "/fields/" + std::to_string(f);
                places_.emplace(step.fields[f].id, Place{s, f, place});
            }
        }
        each_condition([&](const Condition& condition) {
            each_leaf(condition, [&](const Condition& leaf) { leaves_.push_back(&leaf); });
        });
    }

    std::vector<BrokenRule> look() {
        for (std::size_t s = 0; s < form_.steps.size(); ++s) {
            const auto& step = form_.steps[s];
            if (step.show_if)
                judge(*step.show_if, "/steps/" + std::to_string(s) + "/showIf", "", nullptr);
            for (const auto& field : step.fields) look_at(field);
        }
        count_questions();
        return std::move(broken_);
    }

private:
    using Seen = std::function<void(const Form&, const Answers&)>;

    template <class Visit> void each_condition(const Visit& visit) const {
        for (const auto& step : form_.steps) {
            if (step.show_if) visit(*step.show_if);
            for (const auto& field : step.fields) {
                if (field.show_if) visit(*field.show_if);
                if (field.required_if) visit(*field.required_if);
                for (const auto& rule : field.rules) visit(rule.check);
            }
        }
    }

    void complain(std::string rule, std::string place, std::string field, std::string words) {
        broken_.push_back({std::move(rule), std::move(place), std::move(field), std::move(words)});
    }

    const Field& field(std::string_view id) const { return *form_.find(id); }
    const Step& step_of(const Field& field) const {
        return form_.steps[places_.find(field.id)->second.step];
    }
    const std::string& place_of(const Field& field) const {
        return places_.find(field.id)->second.text;
    }

    // What decides whether this field is there.
    void add_visibility(const Field& field, Ids& ids) const {
        if (const auto& shown = step_of(field).show_if) add(*shown, ids);
        if (field.show_if) add(*field.show_if, ids);
    }
    void add(const Condition& condition, Ids& ids) const {
        each_leaf(condition, [&](const Condition& leaf) {
            for (const auto* id : {&leaf.field, &leaf.other})
                if (!id->empty() && ids.insert(*id).second) add_visibility(field(*id), ids);
        });
    }

    // The form without the fields that do not matter here.
    Form with_only(const Ids& ids) const {
        Form small;
        for (const auto& step : form_.steps) {
            Step kept;
            kept.show_if = step.show_if;
            for (const auto& field : step.fields)
                if (ids.contains(field.id)) kept.fields.push_back(field);
            if (!kept.fields.empty()) small.steps.push_back(std::move(kept));
        }
        return small;
    }

    // Calls `seen` with every way through these fields. False: there are too many.
    bool each_way(const Ids& ids, const Seen& seen) {
        const auto small = with_only(ids);
        std::vector<const Field*> fields;
        for (const auto& step : small.steps)
            for (const auto& field : step.fields) fields.push_back(&field);
        std::vector<std::vector<Answer>> candidates;
        for (const auto* field : fields)
            candidates.push_back(Candidates(*field, leaves_, today_).all());
        std::size_t ways = 0;
        Answers answers;
        // The evaluator looks at all of it for each answer.
        looks_at_once_ = 1 + fields.size();
        const auto count = [&](const Condition&) { ++looks_at_once_; };
        for (const auto& step : small.steps) {
            if (step.show_if) each_leaf(*step.show_if, count);
            for (const auto& field : step.fields)
                if (field.show_if) each_leaf(*field.show_if, count);
        }
        return walk(small, fields, candidates, 0, answers, ways, seen);
    }

    bool walk(const Form& small, const std::vector<const Field*>& fields,
              const std::vector<std::vector<Answer>>& candidates, std::size_t at, Answers& answers,
              std::size_t& ways, const Seen& seen) {
        looks_ += looks_at_once_;
        if (++ways > max_ways || looks_ > max_looks) return false;
        if (at == fields.size()) {
            seen(small, answers);
            return true;
        }
        const auto& field = *fields[at];
        const auto next = [&] {
            return walk(small, fields, candidates, at + 1, answers, ways, seen);
        };
        if (!is_visible(small, answers, today_, field.id)) return next();
        if ((may_be_left_out(field) || candidates[at].empty()) && !next()) return false;
        for (const auto& candidate : candidates[at]) {
            answers.set(field.id, candidate);
            const bool is_whole = next();
            answers.erase(field.id);
            if (!is_whole) return false;
        }
        return true;
    }

    void too_many(const std::string& place, const std::string& id) {
        if (std::exchange(is_too_much_, true)) return;
        complain("V3", place, id,
                 "hangs on so many answers that its ways cannot all be looked at; ask in fewer "
                 "branches");
    }

    // V3. `within`: the field that has to be there for the condition to matter.
    void judge(const Condition& condition, const std::string& place, const std::string& id,
               const Field* within) {
        Ids ids;
        add(condition, ids);
        if (within != nullptr) {
            ids.insert(within->id);
            add_visibility(*within, ids);
        }
        std::vector<const Condition*> parts;
        const std::function<void(const Condition&)> collect = [&](const Condition& part) {
            parts.push_back(&part);
            for (const auto& inner : part.parts) collect(inner);
        };
        collect(condition);
        std::vector<bool> holds(parts.size()), fails(parts.size());
        const bool is_whole = each_way(ids, [&](const Form& small, const Answers& answers) {
            const bool matters =
                within == nullptr || is_visible(small, answers, today_, within->id);
            for (std::size_t i = 0; i < parts.size(); ++i) {
                const auto truth = evaluate(*parts[i], small, answers, today_);
                if (truth == Truth::yes && (matters || i > 0)) holds[i] = true;
                if (truth == Truth::no) fails[i] = true;
            }
        });
        if (!is_whole) return too_many(place, id);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const std::string which = i == 0 ? "this condition" : "a part of this condition";
            if (!holds[i])
                return complain("V3", place, id,
                                which + " never holds, whatever is answered" + about(*parts[i]) +
                                    "; take it out or correct it");
            if (!fails[i])
                return complain("V3", place, id,
                                which + " always holds, whatever is answered" + about(*parts[i]) +
                                    "; take it out or correct it");
        }
    }

    static std::string about(const Condition& condition) {
        return is_leaf(condition) ? " (about $" + condition.field + ")" : "";
    }

    void look_at(const Field& field) {
        const auto& place = place_of(field);
        if (field.show_if) judge(*field.show_if, place + "/showIf", field.id, nullptr);
        if (field.required_if) judge(*field.required_if, place + "/required", field.id, &field);
        for (std::size_t i = 0; i < field.rules.size(); ++i)
            judge(field.rules[i].check, place + "/rules/" + std::to_string(i) + "/check", field.id,
                  &field);
        find_dead_end(field);
        if (!field.repeats.empty()) must_be_there(field, this->field(field.repeats), false);
        if (is_card_filled(field) && (field.required || field.required_if)) needs_card(field);
    }

    // V4: a field that has to be answered, and where nothing that could be entered is taken.
    void find_dead_end(const Field& field) {
        if (field.type == FieldType::info || is_card_filled(field)) return;
        if (!field.required && !field.required_if) return;
        Ids ids;
        add_visibility(field, ids);
        if (field.required_if) add(*field.required_if, ids);
        for (const auto& rule : field.rules) add(rule.check, ids);
        ids.erase(field.id);
        auto with_own = ids;
        with_own.insert(field.id);
        const auto small = with_only(with_own);
        const auto own = Candidates(field, leaves_, today_).all();
        std::string where;
        const bool is_whole = each_way(ids, [&](const Form&, const Answers& given) {
            if (!where.empty() || !is_visible(small, given, today_, field.id)) return;
            if (!is_required(field, small, given, today_)) return;
            auto answers = given;
            for (const auto& candidate : own) {
                answers.set(field.id, candidate);
                const bool is_taken =
                    std::none_of(field.rules.begin(), field.rules.end(), [&](const Rule& rule) {
                        return !rule.ends_matter &&
                               evaluate(rule.check, small, answers, today_) == Truth::no;
                    });
                if (is_taken) return;
            }
            where = described(given);
        });
        if (!is_whole) return too_many(place_of(field), field.id);
        if (!where.empty())
            complain("V4", place_of(field), field.id,
                     "a dead end: " + where +
                         "it has to be answered, and nothing that can be entered is taken; correct "
                         "its limits or rules");
    }

    // "where $forWhom is family, ": choices alone, for people to find the branch.
    static std::string described(const Answers& answers) {
        std::string where;
        for (const auto& id : answers.ids())
            if (const auto* codes = std::get_if<Codes>(&answers.find(id)->value);
                codes && !codes->empty())
                where += (where.empty() ? "where $" : " and $") + id + " is " + codes->front();
        return where.empty() ? "on every way " : where + ", ";
    }

    // V4: wherever `field` is, `wanted` is as well, or what is asked cannot be answered.
    void must_be_there(const Field& field, const Field& wanted, bool is_card) {
        Ids ids{field.id, wanted.id};
        add_visibility(field, ids);
        add_visibility(wanted, ids);
        std::string where;
        const bool is_whole = each_way(ids, [&](const Form& small, const Answers& answers) {
            if (!where.empty() || !is_visible(small, answers, today_, field.id)) return;
            if (!is_visible(small, answers, today_, wanted.id)) where = described(answers);
        });
        if (!is_whole) return too_many(place_of(field), field.id);
        if (!where.empty())
            complain("V4", place_of(field), field.id,
                     "a dead end: " + where + "$" + wanted.id +
                         (is_card ? " is not asked for, and only that card fills this field"
                                  : " is not asked, and this field asks for it a second time"));
    }

    void needs_card(const Field& field) {
        const auto holder = holder_of(field);
        const auto* card = holder ? card_field(form_, *holder) : nullptr;
        if (card == nullptr || !card->required)
            return complain("V4", place_of(field), field.id,
                            "a dead end: only a card fills this field, and no field of type card "
                            "with \"required\": true asks for it");
        must_be_there(field, *card, true);
    }

    // V13. Without a reading of cards: where one is missing there may be two questions more.
    void count_questions() {
        const auto is_question = [&](const Step& step, const Field& field) {
            return !step.after_review && field.type != FieldType::info && !is_card_filled(field);
        };
        Ids ids, asked;
        for (const auto& step : form_.steps)
            for (const auto& field : step.fields) {
                if (!is_question(step, field)) continue;
                asked.insert(field.id);
                add_visibility(field, ids);
            }
        if (asked.empty())
            return complain("V4", "/steps", "", "asks nothing, so that nobody can finish it");
        if (asked.size() <= std::size_t(max_questions) || !form_.many_questions.empty()) return;
        std::size_t longest = 0;
        const bool is_whole = each_way(ids, [&](const Form&, const Answers& answers) {
            const auto pages = path(form_, answers, today_);
            const auto count = std::count_if(pages.begin(), pages.end(), [&](PageRef at) {
                return asked.contains(field_at(form_, at).id);
            });
            longest = std::max(longest, std::size_t(count));
        });
        if (!is_whole) return too_many("/steps", "");
        if (longest > std::size_t(max_questions))
            complain("V13", "/steps", "",
                     "asks " + std::to_string(longest) + " questions on its longest way, " +
                         std::to_string(max_questions) +
                         " are allowed; ask less, or say why in \"manyQuestions\"");
    }

    const Form& form_;
    Today today_;
    std::map<std::string, Place, std::less<>> places_;
    std::vector<const Condition*> leaves_;
    std::vector<BrokenRule> broken_;
    std::size_t looks_ = 0, looks_at_once_ = 0;
    bool is_too_much_ = false;
};

} // namespace

std::vector<BrokenRule> broken_branches(const Form& form, Date day) {
    return Branches(form, day).look();
}

} // namespace forms
