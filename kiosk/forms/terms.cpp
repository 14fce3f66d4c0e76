#include "kiosk/forms/terms.hpp"

#include "kiosk/forms/utf8.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

namespace forms {
namespace {

using enum FieldType;
using enum Sensitivity;

// Spec matters §5. A term that is not here cannot be asked, pre-filled or submitted.
constexpr std::array term_table{
    Term{"person.name", text, s1, Holder::applicant, true},
    Term{"person.idNumber", id_number, s2, Holder::applicant, true},
    Term{"person.birthDate", date, s1, Holder::applicant, true},
    Term{"person.sex", choice, s1, Holder::applicant, true},
    Term{"person.cardValidTo", date, s1, Holder::applicant, true},
    Term{"person.phone", phone, s1, Holder::applicant, false},
    Term{"person.address.current", text, s2, Holder::applicant, false},
    Term{"person.address.registered", text, s2, Holder::applicant, true},
    Term{"contact.name", text, s1, Holder::applicant, false},
    Term{"contact.phone", phone, s1, Holder::applicant, false},
    Term{"agent.name", text, s1, Holder::agent, true},
    Term{"agent.idNumber", id_number, s2, Holder::agent, true},
    Term{"agent.relation", choice, s1, Holder::agent, false},
    Term{"bank.name", choice, s1, Holder::applicant, false},
    Term{"bank.card", bank_card, s3, Holder::applicant, false},
};

// A word of Chinese may stand anywhere; words of the other two only where a word begins, because
// Uyghur endings look like short words ("-دىن" is an ending, "دىن" means religion).
enum class Match { anywhere, word_start, whole_word };
struct Forbidden {
    std::string_view word;
    Match match;
};

// Chosen from matters §1 and safeguards G1. Uyghur not reviewed by a native speaker.
constexpr std::array forbidden_words{
    Forbidden{"民族", Match::anywhere},
    Forbidden{"族别", Match::anywhere},
    Forbidden{"族群", Match::anywhere},
    Forbidden{"少数族", Match::anywhere},
    Forbidden{"宗教", Match::anywhere},
    Forbidden{"信仰", Match::anywhere},
    Forbidden{"信教", Match::anywhere},
    Forbidden{"清真寺", Match::anywhere},
    Forbidden{"礼拜", Match::anywhere},
    Forbidden{"封斋", Match::anywhere},
    Forbidden{"斋月", Match::anywhere},
    Forbidden{"朝觐", Match::anywhere},
    Forbidden{"面纱", Match::anywhere},
    Forbidden{"蓄须", Match::anywhere},
    Forbidden{"政治面貌", Match::anywhere},
    Forbidden{"政治身份", Match::anywhere},
    Forbidden{"党员", Match::anywhere},
    Forbidden{"指纹", Match::anywhere},
    Forbidden{"虹膜", Match::anywhere},
    Forbidden{"声纹", Match::anywhere},
    Forbidden{"血样", Match::anywhere},
    Forbidden{"家庭成员", Match::anywhere},
    Forbidden{"亲属名单", Match::anywhere},
    Forbidden{"境外联系", Match::anywhere},
    Forbidden{"境外关系", Match::anywhere},
    Forbidden{"境外亲", Match::anywhere},
    Forbidden{"海外关系", Match::anywhere},
    Forbidden{"国外亲", Match::anywhere},
    Forbidden{"出国记录", Match::anywhere},
    Forbidden{"通话记录", Match::anywhere},
    Forbidden{"手机内容", Match::anywhere},
    Forbidden{"语言能力", Match::anywhere},
    Forbidden{"母语", Match::anywhere},
    Forbidden{"minzu", Match::word_start}, // Pinyin of the first

    Forbidden{"مىللەت", Match::word_start},
    Forbidden{"مىللىتى", Match::word_start},
    Forbidden{"مىللىي", Match::word_start},
    Forbidden{"ئېتنىك", Match::word_start},
    Forbidden{"دىن", Match::whole_word},
    Forbidden{"دىنى", Match::word_start},
    Forbidden{"ئېتىقاد", Match::word_start},
    Forbidden{"مەسچىت", Match::word_start},
    Forbidden{"مەسجىد", Match::word_start},
    Forbidden{"ناماز", Match::word_start},
    Forbidden{"روزا", Match::word_start},
    Forbidden{"رامزان", Match::word_start},
    Forbidden{"ھەج", Match::whole_word},
    Forbidden{"چۈمبەل", Match::word_start},
    Forbidden{"ساقال", Match::word_start},
    Forbidden{"سىياسىي", Match::word_start},
    Forbidden{"سىياسي", Match::word_start},
    Forbidden{"پارتىيە", Match::word_start},
    Forbidden{"بارماق ئىزى", Match::word_start},
    Forbidden{"ئائىلە ئەزا", Match::word_start},
    Forbidden{"ئائىلىدىكىلەر تىزىملىكى", Match::word_start},
    Forbidden{"چەت ئەلدىكى تۇغقان", Match::word_start},
    Forbidden{"چېگرا سىرتىدىكى تۇغقان", Match::word_start},
    Forbidden{"چېگرا سىرتىدىكى ئالاقە", Match::word_start},
    Forbidden{"ئانا تىل", Match::word_start},

    Forbidden{"ethnic", Match::word_start},
    Forbidden{"race", Match::whole_word},
    Forbidden{"tribe", Match::word_start},
    Forbidden{"minority", Match::word_start},
    Forbidden{"religio", Match::word_start},
    Forbidden{"belief", Match::word_start},
    Forbidden{"faith", Match::whole_word},
    Forbidden{"mosque", Match::word_start},
    Forbidden{"pray", Match::word_start},
    Forbidden{"fasting", Match::word_start},
    Forbidden{"ramadan", Match::word_start},
    Forbidden{"pilgrim", Match::word_start},
    Forbidden{"veil", Match::whole_word},
    Forbidden{"beard", Match::word_start},
    Forbidden{"political", Match::word_start},
    Forbidden{"party member", Match::word_start},
    Forbidden{"fingerprint", Match::word_start},
    Forbidden{"iris", Match::whole_word},
    Forbidden{"voiceprint", Match::word_start},
    Forbidden{"household member", Match::word_start},
    Forbidden{"family member", Match::word_start},
    Forbidden{"contacts abroad", Match::word_start},
    Forbidden{"relatives abroad", Match::word_start},
    Forbidden{"foreign contact", Match::word_start},
    Forbidden{"mother tongue", Match::word_start},
    Forbidden{"native language", Match::word_start},
};

// Shorter words may appear where two honest ones meet: chosen by reading the list.
constexpr std::size_t split_length = 8;

// With what people are asked about themselves and others (spec matters §5, V9): a field that asks
// so and names no term would escape masks, secrecy and the limits of its term. Which types a word
// counts for is chosen: "the same address?" is a choice and holds none. Uyghur not reviewed.
constexpr std::array written{text};
constexpr std::array numbers{text, number};
constexpr std::array any_value{text, number, date, choice, multi_choice};
struct PersonWord {
    std::string_view word;
    Match match;
    std::span<const FieldType> types;
};
// clang-format off
constexpr std::array person_words{
    PersonWord{"姓名", Match::anywhere, written},
    PersonWord{"名字", Match::anywhere, written},
    PersonWord{"姓氏", Match::anywhere, written},
    PersonWord{"地址", Match::anywhere, written},
    PersonWord{"住址", Match::anywhere, written},
    PersonWord{"身份证", Match::anywhere, numbers},
    PersonWord{"证件号", Match::anywhere, numbers},
    PersonWord{"护照", Match::anywhere, numbers},
    PersonWord{"手机", Match::anywhere, numbers},
    PersonWord{"电话", Match::anywhere, numbers},
    PersonWord{"微信", Match::anywhere, numbers},
    PersonWord{"银行卡", Match::anywhere, numbers},
    PersonWord{"卡号", Match::anywhere, numbers},
    PersonWord{"账号", Match::anywhere, numbers},
    PersonWord{"车牌", Match::anywhere, numbers},
    PersonWord{"出生", Match::anywhere, any_value},
    PersonWord{"生日", Match::anywhere, any_value},
    PersonWord{"年龄", Match::anywhere, any_value},
    PersonWord{"性别", Match::anywhere, any_value},
    PersonWord{"邻居", Match::anywhere, any_value},
    PersonWord{"同住", Match::anywhere, any_value},
    PersonWord{"他人", Match::anywhere, any_value},
    PersonWord{"别人", Match::anywhere, any_value},
    PersonWord{"租客", Match::anywhere, any_value},

    PersonWord{"ئىسىم", Match::word_start, written},
    PersonWord{"ئىسمى", Match::word_start, written},
    PersonWord{"فامىلى", Match::word_start, written},
    PersonWord{"ئادرېس", Match::word_start, written},
    PersonWord{"كىملىك", Match::word_start, numbers},
    PersonWord{"پاسپورت", Match::word_start, numbers},
    PersonWord{"يانفون", Match::word_start, numbers},
    PersonWord{"تېلېفون", Match::word_start, numbers},
    PersonWord{"بانكا كارتا", Match::word_start, numbers},
    PersonWord{"تۇغۇلغان", Match::word_start, any_value},
    PersonWord{"يېشى", Match::word_start, any_value},
    PersonWord{"جىنسى", Match::word_start, any_value},
    PersonWord{"قوشنا", Match::word_start, any_value},
    PersonWord{"قوشنى", Match::word_start, any_value}, // "your neighbours"

    PersonWord{"full name", Match::word_start, written},
    PersonWord{"your name", Match::word_start, written},
    PersonWord{"whose name", Match::word_start, written},
    PersonWord{"their name", Match::word_start, written},
    PersonWord{"first name", Match::word_start, written},
    PersonWord{"family name", Match::word_start, written},
    PersonWord{"surname", Match::word_start, written},
    PersonWord{"s name", Match::whole_word, written}, // "child's name"
    PersonWord{"address", Match::word_start, written},
    PersonWord{"id number", Match::word_start, numbers},
    PersonWord{"id card", Match::word_start, numbers},
    PersonWord{"identity number", Match::word_start, numbers},
    PersonWord{"identity card", Match::word_start, numbers},
    PersonWord{"card number", Match::word_start, numbers},
    PersonWord{"passport", Match::word_start, numbers},
    PersonWord{"phone", Match::word_start, numbers},
    PersonWord{"telephone", Match::word_start, numbers},
    PersonWord{"mobile", Match::word_start, numbers},
    PersonWord{"wechat", Match::word_start, numbers},
    PersonWord{"account number", Match::word_start, numbers},
    PersonWord{"number plate", Match::word_start, numbers},
    PersonWord{"birth", Match::word_start, any_value},
    PersonWord{"born", Match::whole_word, any_value},
    PersonWord{"age", Match::whole_word, any_value},
    PersonWord{"how old", Match::whole_word, any_value},
    PersonWord{"sex", Match::whole_word, any_value},
    PersonWord{"gender", Match::whole_word, any_value},
    PersonWord{"neighbour", Match::whole_word, any_value},
    PersonWord{"neighbours", Match::whole_word, any_value},
    PersonWord{"lives with you", Match::whole_word, any_value},
    PersonWord{"live with you", Match::whole_word, any_value},
    PersonWord{"other people", Match::word_start, any_value},
    PersonWord{"tenant", Match::word_start, any_value},
};
// clang-format on

// Names of ethnic groups, one entry per group and language. Enough of the 56 that a list of two or
// more common ones is found; a single name may be part of a place.
struct Group {
    int group;
    std::string_view name;
};
constexpr std::array groups{
    Group{0, "汉族"},     Group{0, "خەنزۇ"},    Group{0, "han"},        Group{1, "维吾尔"},
    Group{1, "ئۇيغۇر"},   Group{1, "uyghur"},   Group{1, "uighur"},     Group{2, "哈萨克"},
    Group{2, "قازاق"},    Group{2, "kazakh"},   Group{3, "回族"},       Group{3, "خۇيزۇ"},
    Group{3, "hui"},      Group{4, "柯尔克孜"}, Group{4, "قىرغىز"},     Group{4, "kyrgyz"},
    Group{5, "蒙古族"},   Group{5, "موڭغۇل"},   Group{5, "mongol"},     Group{6, "塔吉克"},
    Group{6, "تاجىك"},    Group{6, "tajik"},    Group{7, "锡伯"},       Group{7, "شىبە"},
    Group{7, "xibe"},     Group{8, "满族"},     Group{8, "مانجۇ"},      Group{8, "manchu"},
    Group{9, "乌孜别克"}, Group{9, "ئۆزبېك"},   Group{9, "uzbek"},      Group{10, "俄罗斯族"},
    Group{10, "رۇس"},     Group{10, "russian"}, Group{11, "塔塔尔"},    Group{11, "تاتار"},
    Group{11, "tatar"},   Group{12, "达斡尔"},  Group{12, "داغۇر"},     Group{12, "daur"},
    Group{13, "藏族"},    Group{13, "تىبەت"},   Group{13, "tibetan"},   Group{14, "壮族"},
    Group{14, "zhuang"},  Group{15, "东乡族"},  Group{15, "dongxiang"},
};

bool is_letter(char32_t c) {
    return is_latin_letter(c) || is_uyghur_letter(c) || is_foreign_arabic(c);
}

bool is_digit(char32_t c) {
    return c >= '0' && c <= '9';
}

// Lower-case Latin without marks, full-width forms folded, invisible characters gone, whatever is
// no letter or digit one space.
std::u32string folded(std::string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
        auto c = next_code_point(text, at);
        if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
        if (is_invisible_control(c) && c != '\n' && c != '\t') continue;
        c = plain_latin(c);
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        if (!is_letter(c) && !is_han(c) && !is_digit(c)) c = ' ';
        if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
        out.push_back(c);
    }
    return out;
}

// "e t h n i c" as one word: letters that stand alone are put together.
std::u32string with_letters_joined(const std::u32string& words) {
    std::u32string out;
    bool was_alone = false;
    for (std::size_t at = 0; at < words.size();) {
        const auto end = std::min(words.find(U' ', at), words.size());
        const bool is_alone = end - at == 1 && is_letter(words[at]);
        if (!out.empty() && !(is_alone && was_alone)) out.push_back(U' ');
        out.append(words, at, end - at);
        was_alone = is_alone;
        at = end + 1;
    }
    return out;
}

// "rel1gion": digits read as the letters they look like.
std::u32string with_digits_read(std::u32string words) {
    constexpr std::array<char32_t, 10> letters{'o', 'i', 0, 'e', 'a', 's', 0, 't', 0, 0};
    const auto is_latin = [](char32_t c) { return c >= 'a' && c <= 'z'; };
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool is_beside =
            (i > 0 && is_latin(words[i - 1])) || (i + 1 < words.size() && is_latin(words[i + 1]));
        if (!is_digit(words[i]) || !is_beside) continue;
        const auto letter = letters[words[i] - U'0'];
        if (letter != 0) words[i] = letter;
    }
    return words;
}

bool stands_at(std::u32string_view text, std::size_t at, std::u32string_view word, Match match) {
    if (text.substr(at, word.size()) != word) return false;
    const bool starts = at == 0 || !is_letter(text[at - 1]);
    const auto end = at + word.size();
    const bool ends = end == text.size() || !is_letter(text[end]);
    switch (match) {
    case Match::anywhere: return true;
    case Match::word_start: return starts;
    case Match::whole_word: return starts && ends;
    }
    return false;
}

bool contains(std::u32string_view text, std::u32string_view word, Match match) {
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1))
        if (stands_at(text, at, word, match)) return true;
    return false;
}

std::u32string without_spaces(std::u32string text) {
    std::erase(text, U' ');
    return text;
}

// The forbidden words by their first letter: a set has thousands of texts, and each is looked at.
class Lookup {
public:
    // Match::anywhere: those that are found without the spaces between words; else the others.
    explicit Lookup(Match match) {
        for (const auto& forbidden : forbidden_words) {
            const bool is_chinese = forbidden.match == Match::anywhere;
            auto word = folded(forbidden.word);
            if (match == Match::anywhere) {
                word = without_spaces(std::move(word));
                if (is_chinese || word.size() >= split_length)
                    rows_[word.front()].push_back({word, Match::anywhere, &forbidden});
            } else if (!is_chinese) {
                rows_[word.front()].push_back({word, forbidden.match, &forbidden});
            }
        }
    }

    const Forbidden* find_in(std::u32string_view text) const {
        for (std::size_t at = 0; at < text.size(); ++at) {
            const auto rows = rows_.find(text[at]);
            if (rows == rows_.end()) continue;
            for (const auto& row : rows->second)
                if (stands_at(text, at, row.word, row.match)) return row.forbidden;
        }
        return nullptr;
    }

private:
    struct Row {
        std::u32string word;
        Match match;
        const Forbidden* forbidden;
    };
    std::unordered_map<char32_t, std::vector<Row>> rows_;
};

} // namespace

std::span<const Term> terms() {
    return term_table;
}

const Term* find_term(std::string_view id) {
    const auto found =
        std::find_if(term_table.begin(), term_table.end(), [&](auto& t) { return t.id == id; });
    return found == term_table.end() ? nullptr : &*found;
}

std::optional<std::string> forbidden_word(std::string_view text) {
    static const Lookup anywhere(Match::anywhere), words_only(Match::word_start);
    const auto words = folded(text);
    // Chinese has no spaces between words, so what stands there can only hide something; and long
    // words of the others are found without their spaces, too ("finger print").
    if (const auto* word = anywhere.find_in(without_spaces(words))) return std::string(word->word);
    if (const auto* word = words_only.find_in(words)) return std::string(word->word);
    for (const auto& reading : {with_letters_joined(words), with_digits_read(words)})
        if (reading != words)
            if (const auto* word = words_only.find_in(reading)) return std::string(word->word);
    return std::nullopt;
}

std::optional<std::string> person_word(std::string_view text, FieldType type) {
    const auto words = folded(text);
    for (const auto& [word, match, types] : person_words) {
        if (std::find(types.begin(), types.end(), type) == types.end()) continue;
        const auto where = match == Match::anywhere ? without_spaces(words) : words;
        if (contains(where, folded(word), match)) return std::string(word);
    }
    return std::nullopt;
}

bool lists_ethnic_groups(std::span<const std::string_view> texts) {
    std::set<int> named;
    for (const auto text : texts) {
        const auto words = folded(text);
        for (const auto& [group, name] : groups) {
            const auto word = folded(name);
            const bool latin = is_latin_letter(word.front());
            const bool han = is_han(word.front());
            const auto match = han     ? Match::anywhere
                               : latin ? Match::whole_word
                                       : Match::word_start;
            if (contains(words, word, match)) named.insert(group);
        }
    }
    return named.size() >= 2;
}

} // namespace forms
