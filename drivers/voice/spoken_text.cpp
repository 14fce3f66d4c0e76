#include "drivers/voice/spoken_text.hpp"

#include "kiosk/text/message.hpp"
#include "kiosk/text/unicode.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace drivers {
namespace {

using base::Language;

bool is_digit(char32_t c) {
    return c >= U'0' && c <= U'9';
}
bool is_capital(char32_t c) {
    return c >= U'A' && c <= U'Z';
}
bool is_latin(char32_t c) {
    return (c >= U'a' && c <= U'z') || is_capital(c) ||
           (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}
// Unified ideographs, 〇, compatibility ideographs, planes 2 and 3.
bool is_han(char32_t c) {
    return (c >= 0x3400 && c <= 0x9FFF) || c == U'〇' || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c < 0x40000);
}
bool is_arabic_letter(char32_t c) {
    return text::is_arabic(c) && c != U'،' && c != U'؛' && c != U'؟' && c != 0x0640 &&
           !(c >= 0x0660 && c <= 0x0669);
}

// How long a voice pauses.
enum class Pause : std::uint8_t { none, word, short_one, long_one, question };

Pause pause_of(char32_t c) {
    if (std::u32string_view(U"。．.！!…").find(c) != std::u32string_view::npos)
        return Pause::long_one;
    if (c == U'？' || c == U'?' || c == U'؟') return Pause::question;
    if (std::u32string_view(U"，,、；;：:،؛—–\n·*").find(c) != std::u32string_view::npos)
        return Pause::short_one;
    // Signs around words, and what stands between them.
    if (text::is_space(c) ||
        std::u32string_view(U"“”‘’\"'（）()《》〈〉«»【】[]-/_|+=~#&@ \u00A0\u3000").find(c) !=
            std::u32string_view::npos)
        return Pause::word;
    return Pause::none;
}

// ---- what Chinese calls things that are written in figures ----

constexpr std::array<std::string_view, 10> digit_names{"ling2", "yi1",  "er4", "san1", "si4",
                                                       "wu3",   "liu4", "qi1", "ba1",  "jiu3"};

// Names of letters as they are said in Chinese, in Pinyin.
constexpr std::array<std::string_view, 26> letter_names{
    "ei1",      "bi4",          "xi1",         "di4",    "yi4",     "ai2 fu5", "ji4",
    "ei1 chi5", "ai4",          "zhei4",       "kei4",   "ai2 le5", "ai2 mu5", "en1",
    "ou1",      "pi4",          "kou4",        "a4 er5", "ai2 si5", "ti4",     "you1",
    "wei1",     "da2 bu5 liu5", "ai2 ke5 si5", "wai4",   "zei4"};

// What a sign is called where it stands alone, as on a key of a board; in a sentence it is a pause.
// The Uyghur names are unreviewed.
struct SignName {
    std::u32string_view signs;
    std::string_view zh, ug, en;
};
constexpr std::array sign_names{
    SignName{U"，,،", "dou4 hao4", "پەش", "comma"},
    SignName{U"。", "ju4 hao4", "چېكىت", "full stop"},
    SignName{U".．", "dian3", "چېكىت", "full stop"},
    SignName{U"、", "dun4 hao4", "تىزما پەش", "list comma"},
    SignName{U"？?؟", "wen4 hao4", "سوئال بەلگىسى", "question mark"},
    SignName{U"！!", "gan3 tan4 hao4", "ئۈندەش بەلگىسى", "exclamation mark"},
    SignName{U"：:", "mao4 hao4", "قوش چېكىت", "colon"},
    SignName{U"；;؛", "fen1 hao4", "چېكىتلىك پەش", "semicolon"},
    SignName{U"·", "jian1 ge2 hao4", "ئوتتۇرا چېكىت", "middle dot"},
    SignName{U"-–—", "heng2 xian4", "سىزىقچە", "hyphen"},
    SignName{U"/", "xie2 xian4", "يانتۇ سىزىق", "slash"},
    SignName{U"（(", "zuo3 kuo4 hao4", "ئالدىنقى تىرناق", "open bracket"},
    SignName{U"）)", "you4 kuo4 hao4", "كەينى تىرناق", "close bracket"},
    SignName{U"'’", "pie3 hao4", "ئۈستۈنكى پەش", "apostrophe"},
    SignName{U"\"“”", "yin3 hao4", "قوش تىرناق", "quotation mark"},
    SignName{U"#", "jing3 hao4", "نومۇر بەلگىسى", "number sign"},
    SignName{U"@", "ai4 te4", "ئېت بەلگىسى", "at sign"},
    SignName{U"+", "jia1 hao4", "قوشۇش بەلگىسى", "plus"},
    SignName{U"&", "he2 hao4", "ۋە بەلگىسى", "and sign"},
    SignName{U"_", "xia4 hua4 xian4", "ئاستى سىزىق", "underscore"},
};

// Nothing: no sign that has a name.
std::string_view name_of_sign(char32_t c, Language language) {
    for (const auto& sign : sign_names) {
        if (sign.signs.find(c) == std::u32string_view::npos) continue;
        switch (language) {
        case Language::zh: return sign.zh;
        case Language::ug: return sign.ug;
        case Language::en: return sign.en;
        }
    }
    return {};
}

// Up to 99,999,999.
std::string chinese_number(unsigned long value) {
    if (value == 0) return "ling2";
    static constexpr std::array<std::string_view, 4> units{"", " shi2", " bai3", " qian1"};
    std::string out;
    const auto say = [&](std::string_view text) {
        if (!out.empty() && text.front() != ' ') out += ' ';
        out += text;
    };
    const auto below_ten_thousand = [&](unsigned long part, bool is_first) {
        bool zero = false;
        for (int place = 3; place >= 0; --place) {
            const unsigned long power = place == 3 ? 1000 : place == 2 ? 100 : place == 1 ? 10 : 1;
            const unsigned long digit = part / power % 10;
            if (digit == 0) {
                zero = zero || !out.empty();
                continue;
            }
            if (zero && part % (power * 10) != 0) say("ling2");
            zero = false;
            // 十五, not 一十五.
            const bool is_ten = place == 1 && digit == 1 && out.empty() && is_first;
            if (is_ten)
                say("shi2");
            else {
                say(digit_names[digit]);
                out += units[std::size_t(place)];
            }
        }
    };
    const auto high = value / 10'000;
    if (high > 0) {
        below_ten_thousand(high, true);
        say("wan4");
    }
    below_ten_thousand(value % 10'000, high == 0);
    return out;
}

// After a number: 两页, 两个.
bool is_measure(char32_t c) {
    return std::u32string_view(U"个页份张次天人位种条步遍分块点").find(c) !=
           std::u32string_view::npos;
}

constexpr std::array<std::string_view, 12> english_months{
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// ---- the reader ----

class Reader {
public:
    Reader(Language language, const Readings* readings)
        : language_(language), readings_(readings) {}

    SpokenText read(std::u32string_view text) {
        text_ = text;
        const auto name = text.size() == 1 ? name_of_sign(text.front(), language_) : "";
        if (!name.empty()) say(language_, name);
        while (at_ < text_.size()) {
            if (read_figures()) continue;
            if (is_han(here()))
                read_han();
            else if (is_latin(here()))
                read_letters(is_latin, Language::en);
            else if (is_arabic_letter(here()))
                read_letters(is_arabic_letter, Language::ug);
            else
                read_sign();
        }
        return std::move(spoken_);
    }

private:
    char32_t here(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : U'\0';
    }
    char32_t before() const { return at_ > 0 ? text_[at_ - 1] : U'\0'; }
    std::size_t digits_from(std::size_t ahead) const {
        std::size_t count = 0;
        while (is_digit(here(ahead + count))) ++count;
        return count;
    }
    unsigned long number_at(std::size_t ahead, std::size_t digits) const {
        unsigned long value = 0;
        for (std::size_t i = 0; i < digits; ++i) value = value * 10 + (here(ahead + i) - U'0');
        return value;
    }

    base::SecretText& part(Language voice) {
        if (spoken_.parts.empty() || spoken_.parts.back().voice != voice)
            spoken_.parts.push_back({voice, {}});
        return spoken_.parts.back().text;
    }
    void say(Language voice, std::string_view words) {
        auto& out = part(voice);
        if (!out.empty() && out.view().back() != ' ') out.append(" ");
        out.append(words);
    }
    void pause(Pause pause) {
        if (spoken_.parts.empty()) return;
        auto& out = spoken_.parts.back().text;
        // A pause stands at the word before it, also behind a closing quotation mark.
        if (pause != Pause::word)
            while (!out.empty() && out.view().back() == ' ') out.resize(out.size() - 1);
        const char last = out.empty() ? ' ' : out.view().back();
        const bool has_pause = last == ',' || last == '.' || last == '?';
        switch (pause) {
        case Pause::none: return;
        case Pause::word:
            if (last != ' ') out.append(" ");
            return;
        case Pause::short_one:
            if (!has_pause) out.append(",");
            return;
        case Pause::long_one:
            if (!has_pause) out.append(".");
            return;
        case Pause::question:
            if (!has_pause) out.append("?");
            return;
        }
    }

    // ---- words ----

    void read_han() {
        std::size_t length = 0;
        while (is_han(here(length))) ++length;
        const auto run = text_.substr(at_, length);
        at_ += length;
        if (readings_ == nullptr) {
            spoken_.unknown += length;
            return;
        }
        auto& out = part(Language::zh);
        if (!out.empty() && out.view().back() != ' ') out.append(" ");
        spoken_.unknown += readings_->read(run, out);
    }

    template <class IsLetter> void read_letters(IsLetter is_letter, Language voice) {
        std::size_t length = 0;
        const auto belongs = [&](char32_t c) {
            return is_letter(c) || text::joins_previous(c) || c == U'\'' || c == U'’';
        };
        while (at_ + length < text_.size() && belongs(here(length))) ++length;
        const auto word = text_.substr(at_, length);
        at_ += length;
        // In a Chinese sentence a word of capitals is spelled with the names Chinese has for them.
        const bool is_short = std::all_of(word.begin(), word.end(), is_capital) && length <= 4;
        if (language_ == Language::zh && voice == Language::en && is_short) {
            for (const char32_t c : word) say(Language::zh, letter_names[std::size_t(c - U'A')]);
            return;
        }
        auto utf8 = text::encode_utf8(word);
        // The typographic apostrophe is no letter for a voice.
        for (std::size_t at; (at = utf8.find("\xE2\x80\x99")) != std::string::npos;)
            utf8.replace(at, 3, "'");
        say(voice, utf8);
        base::wipe(utf8);
    }

    void read_sign() {
        const char32_t c = here();
        ++at_;
        const auto length = pause_of(c);
        if (length != Pause::none)
            pause(length);
        else if (!text::is_invisible(c) && !text::joins_previous(c) && c >= 0x2E80)
            ++spoken_.unknown; // beyond signs and arrows: a letter that nobody reads
        else if (c >= 0x370 && c < 0x2000)
            ++spoken_.unknown;
    }

    // ---- figures ----

    bool read_figures() {
        if (read_code()) return true;
        if (!is_digit(here())) return false;
        if (read_date() || read_time() || read_groups()) return true;
        read_number();
        return true;
    }

    void spell(char32_t c) {
        if (is_digit(c)) {
            if (language_ == Language::zh) return say(Language::zh, digit_names[c - U'0']);
            const char digit = char(c);
            return say(language_, {&digit, 1});
        }
        if (language_ == Language::zh)
            return say(Language::zh, letter_names[std::size_t(c - U'A')]);
        const char letter = char(c);
        say(Language::en, {&letter, 1});
    }

    // "K7AB-3CDE": capitals and figures mixed are a number to be noted, character by character.
    bool read_code() {
        std::size_t length = 0;
        bool has_digit = false, has_letter = false;
        while (is_digit(here(length)) || is_capital(here(length))) {
            has_digit = has_digit || is_digit(here(length));
            has_letter = has_letter || is_capital(here(length));
            ++length;
        }
        if (!has_digit || !has_letter || is_latin(here(length)) || is_latin(before())) return false;
        for (std::size_t i = 0; i < length; ++i) spell(here(i));
        at_ += length;
        pause(Pause::short_one); // between groups
        return true;
    }

    // 2026-11-22 or 2026/11/22.
    bool read_date() {
        if (digits_from(0) != 4) return false;
        const char32_t sign = here(4);
        if (sign != U'-' && sign != U'/') return false;
        const auto month_digits = digits_from(5);
        if (month_digits < 1 || month_digits > 2 || here(5 + month_digits) != sign) return false;
        const auto day_digits = digits_from(6 + month_digits);
        if (day_digits < 1 || day_digits > 2) return false;
        const auto month = number_at(5, month_digits),
                   day = number_at(6 + month_digits, day_digits);
        if (month < 1 || month > 12 || day < 1 || day > 31) return false;
        say_date(month, day);
        at_ += 6 + month_digits + day_digits;
        return true;
    }

    void say_date(unsigned long month, unsigned long day) {
        switch (language_) {
        case Language::zh:
            for (std::size_t i = 0; i < 4; ++i) spell(here(i));
            say(Language::zh,
                "nian2 " + chinese_number(month) + " yue4 " + chinese_number(day) + " ri4");
            return;
        case Language::ug:
            say(Language::ug, std::to_string(number_at(0, 4)) + " يىل " + std::to_string(month) +
                                  " ئاينىڭ " + std::to_string(day) + " كۈنى");
            return;
        case Language::en:
            say(Language::en, std::to_string(day) + " " + std::string(english_months[month - 1]) +
                                  " " + std::to_string(number_at(0, 4)));
            return;
        }
    }

    // 10:32; and 10:00-14:00, from one to the other.
    bool read_time() {
        const auto hour_digits = digits_from(0);
        if (hour_digits < 1 || hour_digits > 2 || here(hour_digits) != U':') return false;
        if (digits_from(hour_digits + 1) != 2) return false;
        const auto hour = number_at(0, hour_digits), minute = number_at(hour_digits + 1, 2);
        if (hour > 24 || minute > 59) return false;
        at_ += hour_digits + 3;
        switch (language_) {
        case Language::zh:
            say(Language::zh, (hour == 2 ? "liang3" : chinese_number(hour)) + " dian3" +
                                  (minute == 0 ? ""
                                               : (minute < 10 ? " ling2 " : " ") +
                                                     chinese_number(minute) + " fen1"));
            break;
        case Language::ug:
        case Language::en:
            say(language_,
                std::to_string(hour) + (minute == 0 ? "" : " " + std::to_string(minute)));
            if (language_ == Language::en && minute == 0) say(Language::en, "o'clock");
            break;
        }
        read_until();
        return true;
    }

    // A hyphen between two times or numbers.
    void read_until() {
        const char32_t c = here();
        if ((c != U'-' && c != U'–' && c != U'~') || !is_digit(here(1))) return;
        ++at_;
        if (language_ == Language::zh) say(Language::zh, "dao4");
        if (language_ == Language::en) say(Language::en, "to");
        if (language_ == Language::ug) pause(Pause::short_one);
    }

    // Telephone, identity and card numbers: one by one, a pause between groups. Stars stand for
    // what is not shown.
    bool read_groups() {
        std::size_t length = 0, digits = 0, groups = 1;
        bool has_stars = false;
        const auto belongs = [&](std::size_t at) {
            return is_digit(here(at)) || here(at) == U'*' || here(at) == U'×';
        };
        for (;;) {
            while (belongs(length)) {
                digits += is_digit(here(length)) ? 1 : 0;
                has_stars = has_stars || !is_digit(here(length));
                ++length;
            }
            const char32_t c = here(length);
            const bool joins = (c == U'-' || c == U' ' || c == 0x00A0) && belongs(length + 1);
            if (!joins) break;
            ++groups;
            ++length;
        }
        const bool is_long = digits >= 7 || has_stars;
        const auto first = digits_from(0);
        const bool leads_with_zero = here() == U'0' && first > 1;
        if (!is_long) {
            // One group alone: 5 digits, or a zero in front, are no number of things.
            if (first < 5 && !leads_with_zero) return false;
            if (here(first) == U',' || here(first) == U'.') return false;
            length = first;
        }
        // The X of an identity number.
        const bool has_x = (here(length) == U'X' || here(length) == U'x') && digits + 1 >= 5 &&
                           !is_latin(here(length + 1));
        bool was_star = false;
        for (std::size_t i = 0; i < length; ++i) {
            const char32_t c = here(i);
            if (is_digit(c))
                spell(c);
            else if (!was_star)
                pause(Pause::short_one);
            was_star = !is_digit(c);
        }
        if (has_x) spell(U'X');
        at_ += length + (has_x ? 1 : 0);
        if (groups > 1 && is_long) pause(Pause::short_one);
        return true;
    }

    void read_number() {
        auto digits = digits_from(0);
        unsigned long value = number_at(0, std::min<std::size_t>(digits, 9));
        std::size_t length = digits;
        // 12,000
        if (digits <= 3)
            while (here(length) == U',' && digits_from(length + 1) == 3 && length < 10) {
                value = value * 1000 + number_at(length + 1, 3);
                length += 4;
            }
        const std::size_t decimals = here(length) == U'.' ? digits_from(length + 1) : 0;
        if (language_ == Language::zh)
            say_chinese_number(value, length, decimals);
        else
            say_plain_number(value, length, decimals);
        at_ += length + (decimals > 0 ? decimals + 1 : 0);
        if (here() == U'%' || here() == U'％') {
            ++at_;
            if (language_ == Language::en) say(Language::en, "percent");
            if (language_ == Language::ug) say(Language::ug, "پىرسەنت");
        }
        read_until();
    }

    void say_chinese_number(unsigned long value, std::size_t length, std::size_t decimals) {
        const std::size_t end = length + (decimals > 0 ? decimals + 1 : 0);
        if (here(end) == U'%' || here(end) == U'％') say(Language::zh, "bai3 fen1 zhi1");
        const std::size_t after = here(end) == U' ' ? end + 1 : end;
        const bool is_year = length == 4 && decimals == 0 && here(after) == U'年';
        if (is_year) {
            for (std::size_t i = 0; i < 4; ++i) spell(here(i));
            return;
        }
        const bool is_ordinal =
            before() == U'第' || (before() == U' ' && at_ > 1 && text_[at_ - 2] == U'第');
        const bool is_pair = value == 2 && decimals == 0 && !is_ordinal && is_measure(here(after));
        say(Language::zh, is_pair ? "liang3" : chinese_number(value));
        if (decimals == 0) return;
        say(Language::zh, "dian3");
        for (std::size_t i = 0; i < decimals; ++i) spell(here(length + 1 + i));
    }

    void say_plain_number(unsigned long value, std::size_t length, std::size_t decimals) {
        auto words = std::to_string(value);
        if (decimals > 0) words += '.';
        for (std::size_t i = 0; i < decimals; ++i) words += char(here(length + 1 + i));
        say(language_, words);
        base::wipe(words);
    }

    Language language_;
    const Readings* readings_;
    std::u32string_view text_;
    std::size_t at_ = 0;
    SpokenText spoken_;
};

} // namespace

SpokenText spoken_text(std::string_view utf8, Language language, const Readings* readings) {
    auto plain = text::strip_isolates(utf8);
    auto characters = text::decode_utf8(plain);
    std::erase_if(characters, [](char32_t c) { return text::is_invisible(c); });
    auto spoken = Reader(language, readings).read(characters);
    // What is left where nothing can be said: a lone pause.
    std::erase_if(spoken.parts, [](const SpokenPart& part) {
        const auto view = part.text.view();
        return std::all_of(view.begin(), view.end(),
                           [](char c) { return c == ' ' || c == ',' || c == '.' || c == '?'; });
    });
    base::wipe(plain);
    base::wipe(characters.data(), characters.size() * sizeof(char32_t));
    return spoken;
}

} // namespace drivers
