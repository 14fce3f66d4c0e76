#include "kiosk/forms/condition_reader.hpp"

#include <algorithm>
#include <charconv>

namespace forms {
namespace {

using base::Result;
using Kind = Condition::Kind;

struct Operator {
    std::string_view name;
    Kind kind;
    std::size_t arguments; // 0: a nested condition; 1: a field; else a list of this length
};

constexpr std::array operators{
    Operator{"all", Kind::all, 0},     Operator{"any", Kind::any, 0},
    Operator{"not", Kind::negate, 0},  Operator{"eq", Kind::eq, 2},
    Operator{"in", Kind::in, 2},       Operator{"present", Kind::present, 1},
    Operator{"cmp", Kind::cmp, 3},     Operator{"age", Kind::age, 5},
    Operator{"count", Kind::count, 3}, Operator{"prefilled", Kind::prefilled, 2},
    Operator{"same", Kind::same, 2},
};

struct Comparer {
    std::string_view sign;
    Condition::Comparison comparison;
};
constexpr std::array comparers{
    Comparer{"<", Condition::Comparison::less},   Comparer{"<=", Condition::Comparison::at_most},
    Comparer{"==", Condition::Comparison::equal}, Comparer{">=", Condition::Comparison::at_least},
    Comparer{">", Condition::Comparison::more},
};

bool has_codes(FieldType type) {
    return type == FieldType::choice || type == FieldType::multi_choice ||
           type == FieldType::region || type == FieldType::place;
}
bool has_count(FieldType type) {
    return type == FieldType::multi_choice || type == FieldType::scan || type == FieldType::photo;
}
bool is_number(FieldType type) {
    return type == FieldType::number || type == FieldType::money;
}
bool has_text(FieldType type) {
    return type == FieldType::text || type == FieldType::id_number || type == FieldType::phone ||
           type == FieldType::bank_card || type == FieldType::date;
}

std::string codes_of(const KnownField& field) {
    std::string codes;
    for (const auto& option : field.options) codes += " " + option.code;
    return codes.empty() ? " (the field has no options)" : codes;
}

class Reader {
public:
    explicit Reader(const Known& known) : known_(known) {}

    Result<Condition> read(const Json& json, const std::string& place, int depth) const {
        if (depth > max_condition_depth) return bad(place, "more than 5 levels deep");
        if (!json.is_object() || json.size() != 1)
            return bad(place, "an object with one operator is wanted");
        const auto& name = json.begin().key();
        const auto& arguments = json.begin().value();
        const auto found = std::find_if(operators.begin(), operators.end(),
                                        [&](auto& o) { return o.name == name; });
        if (found == operators.end())
            return bad(place, "there is no operator " + name.substr(0, 30) +
                                  "; all, any, not, eq, in, present, cmp, same, age, count and "
                                  "prefilled are known");
        const auto here = place + "/" + name;
        Condition condition;
        condition.kind = found->kind;
        if (found->arguments == 0) {
            TRY(read_parts(condition, arguments, here, depth));
        } else if (found->arguments == 1) {
            condition.field = TRY(reference(arguments, here));
        } else {
            if (!arguments.is_array() || arguments.size() != found->arguments)
                return bad(here, "a list of " + std::to_string(found->arguments) + " is wanted");
            condition.field = TRY(reference(arguments[0], here + "/0"));
            TRY(read_arguments(condition, arguments, here));
        }
        return condition;
    }

private:
    Result<void> read_parts(Condition& condition, const Json& json, const std::string& place,
                            int depth) const {
        if (condition.kind == Kind::negate) {
            condition.parts.push_back(TRY(read(json, place, depth + 1)));
            return {};
        }
        if (!json.is_array() || json.empty() || json.size() > 20)
            return bad(place, "a list of 1 to 20 conditions is wanted");
        for (std::size_t i = 0; i < json.size(); ++i)
            condition.parts.push_back(
                TRY(read(json[i], place + "/" + std::to_string(i), depth + 1)));
        return {};
    }

    Result<void> read_arguments(Condition& condition, const Json& list,
                                const std::string& place) const {
        const auto& field = known_.find(condition.field)->second;
        switch (condition.kind) {
        case Kind::eq:
            if (!has_codes(field.type)) return bad(place, "this field has no codes");
            return read_code(condition, field, list[1], place + "/1");
        case Kind::in:
            if (!has_codes(field.type)) return bad(place, "this field has no codes");
            if (!list[1].is_array() || list[1].empty())
                return bad(place + "/1", "a list of codes is wanted");
            for (const auto& code : list[1]) TRY(read_code(condition, field, code, place + "/1"));
            return {};
        case Kind::cmp:
            if (!is_number(field.type)) return bad(place, "this field is no number");
            TRY(read_comparison(condition, list[1], place + "/1"));
            return read_number(condition, list[2], place + "/2");
        case Kind::count:
            if (!has_count(field.type)) return bad(place, "this field has nothing to count");
            TRY(read_comparison(condition, list[1], place + "/1"));
            return read_number(condition, list[2], place + "/2");
        case Kind::age:
            if (field.type != FieldType::date || field.month_only)
                return bad(place, "this field is no date with a day");
            TRY(read_comparison(condition, list[1], place + "/1"));
            TRY(read_number(condition, list[2], place + "/2"));
            if (list[3] != "on") return bad(place + "/3", "\"on\" is wanted");
            return read_day(condition, list[4], place + "/4");
        case Kind::prefilled: return read_source(condition, list[1], place + "/1");
        case Kind::same:
            condition.other = TRY(reference(list[1], place + "/1"));
            if (!has_text(field.type) || known_.find(condition.other)->second.type != field.type)
                return bad(place, "two fields with text of the same type are wanted");
            return {};
        case Kind::all:
        case Kind::any:
        case Kind::negate:
        case Kind::present: return {};
        }
        return {};
    }

    // V2: "$field" of a field that stands earlier.
    Result<std::string> reference(const Json& json, const std::string& place) const {
        if (!json.is_string()) return bad(place, "a field is written $id");
        const std::string_view text = json.get_ref<const std::string&>();
        if (!text.starts_with('$')) return bad(place, "a field is written $id");
        const std::string id(text.substr(1, 60));
        if (!known_.contains(id))
            return broken("V2", place,
                          "no earlier field has this id: " + id +
                              "; a condition speaks only about "
                              "fields above it");
        return id;
    }

    // V5: the code exists.
    static Result<void> read_code(Condition& condition, const KnownField& field, const Json& json,
                                  const std::string& place) {
        const auto code = TRY(read_text(json, place, 60));
        const auto is_it = [&](const Option& option) { return option.code == code; };
        if (std::none_of(field.options.begin(), field.options.end(), is_it))
            return broken("V5", place,
                          "no option has this code: " + code + "; take one of:" + codes_of(field));
        condition.values.push_back(code);
        return {};
    }

    static Result<void> read_comparison(Condition& condition, const Json& json,
                                        const std::string& place) {
        const auto sign = TRY(read_text(json, place, 2));
        for (const auto& comparer : comparers)
            if (comparer.sign == sign) {
                condition.comparison = comparer.comparison;
                return {};
            }
        return bad(place, "one of < <= == >= > is wanted");
    }

    static Result<void> read_number(Condition& condition, const Json& json,
                                    const std::string& place) {
        const bool wraps = json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX;
        if (!json.is_number_integer() || wraps) return bad(place, "a whole number is wanted");
        condition.number = json.get<std::int64_t>();
        return {};
    }

    static Result<void> read_day(Condition& condition, const Json& json, const std::string& place) {
        const auto text = TRY(read_text(json, place, 20));
        if (const auto days = read_today_offset(text)) {
            condition.on_days = *days;
            return {};
        }
        base::Date date;
        if (!base::parse_date(text, date))
            return bad(place, "YYYY-MM-DD, today, today+N or today-N is wanted");
        condition.on = date;
        return {};
    }

    static Result<void> read_source(Condition& condition, const Json& json,
                                    const std::string& place) {
        const auto name = TRY(read_text(json, place, 20));
        for (const auto source :
             {Source::card, Source::session, Source::platform, Source::derived, Source::typed})
            if (to_string(source) == name) {
                condition.source = source;
                return {};
            }
        return bad(place, "there is no source " + name +
                              "; card, session, platform, derived and "
                              "typed are known");
    }

    const Known& known_;
};

} // namespace

Result<Condition> read_condition(const Json& json, const std::string& place, const Known& known) {
    return Reader(known).read(json, place, 1);
}

std::optional<int> read_today_offset(std::string_view text) {
    constexpr std::string_view today = "today";
    if (!text.starts_with(today)) return std::nullopt;
    text.remove_prefix(today.size());
    if (text.empty()) return 0;
    const bool minus = text.front() == '-';
    if (!minus && text.front() != '+') return std::nullopt;
    text.remove_prefix(1);
    int days = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), days);
    // Chosen: 150 years of days bound every rule about people.
    if (fault != std::errc{} || end != text.data() + text.size() || days < 0 || days > 54'750)
        return std::nullopt;
    return minus ? -days : days;
}

} // namespace forms
