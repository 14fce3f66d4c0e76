#include "kiosk/forms/terms.hpp"

#include "kiosk/forms/utf8.hpp"

#include <algorithm>
#include <array>
#include <set>

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

// Lower-case Latin, full-width forms folded, invisible characters gone, any white space one space.
std::u32string folded(std::string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
        auto c = next_code_point(text, at);
        if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
        if (c == 0x3000 || c == 0xA0 || c == '\n' || c == '\t' || c == '-' || c == '_') c = ' ';
        if (is_invisible_control(c)) continue;
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
        out.push_back(c);
    }
    return out;
}

bool is_letter(char32_t c) {
    return is_latin_letter(c) || is_uyghur_letter(c) || is_foreign_arabic(c);
}

bool contains(const std::u32string& text, std::u32string_view word, Match match) {
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
        const bool starts = at == 0 || !is_letter(text[at - 1]);
        const auto end = at + word.size();
        const bool ends = end == text.size() || !is_letter(text[end]);
        switch (match) {
        case Match::anywhere: return true;
        case Match::word_start:
            if (starts) return true;
            break;
        case Match::whole_word:
            if (starts && ends) return true;
            break;
        }
    }
    return false;
}

std::u32string without_spaces(std::u32string text) {
    std::erase(text, U' ');
    return text;
}

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
    const auto words = folded(text);
    // Chinese has no spaces between words, so spaces there can only hide something.
    const auto joined = without_spaces(words);
    static const auto folded_words = [] {
        std::array<std::u32string, forbidden_words.size()> all;
        std::transform(forbidden_words.begin(), forbidden_words.end(), all.begin(),
                       [](const Forbidden& forbidden) { return folded(forbidden.word); });
        return all;
    }();
    for (std::size_t i = 0; i < forbidden_words.size(); ++i) {
        const auto& forbidden = forbidden_words[i];
        const auto& where = forbidden.match == Match::anywhere ? joined : words;
        if (contains(where, folded_words[i], forbidden.match)) return std::string(forbidden.word);
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
