#include "drivers/voice/readings.hpp"

#include "kiosk/text/unicode.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace drivers {

using base::Errc;
using base::Error;
namespace {

class MappedReadings final : public Readings {
public:
    static base::Result<std::unique_ptr<Readings>> open(const std::string& file) {
        const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) return Error{Errc::not_found, "no dictionary of readings " + file};
        struct ::stat about {};
        void* at = MAP_FAILED;
        if (::fstat(fd, &about) == 0 && about.st_size > 0)
            at = ::mmap(nullptr, std::size_t(about.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
        ::close(fd);
        if (at == MAP_FAILED) return Error{Errc::corrupt, file + " is empty or cannot be read"};
        std::unique_ptr<MappedReadings> readings(new MappedReadings());
        readings->at_ = at;
        readings->text_ = {static_cast<const char*>(at), std::size_t(about.st_size)};
        if (const auto checked = readings->check(); !checked)
            return Error{checked.error().code, file + ": " + checked.error().context};
        return std::unique_ptr<Readings>(std::move(readings));
    }
    ~MappedReadings() override {
        if (at_ != nullptr) ::munmap(at_, text_.size());
    }

private:
    void* at_ = nullptr;
};

class OwnedReadings final : public Readings {
public:
    static base::Result<std::unique_ptr<Readings>> from(std::string text) {
        std::unique_ptr<OwnedReadings> readings(new OwnedReadings());
        readings->own_ = std::move(text);
        readings->text_ = readings->own_;
        if (const auto checked = readings->check(); !checked) return checked.error();
        return std::unique_ptr<Readings>(std::move(readings));
    }

private:
    std::string own_;
};

std::string_view line_of(std::string_view text, std::size_t at) {
    return text.substr(at, text.find('\n', at) - at);
}

std::string_view word_of(std::string_view line) {
    return line.substr(0, line.find('\t'));
}

// A syllable: letters and one tone.
bool is_syllable(std::string_view syllable) {
    if (syllable.size() < 2 || syllable.size() > 7) return false;
    const char tone = syllable.back();
    return tone >= '1' && tone <= '5' &&
           std::all_of(syllable.begin(), syllable.end() - 1,
                       [](char c) { return c >= 'a' && c <= 'z'; });
}

template <class Each> void for_each_syllable(std::string_view syllables, Each each) {
    while (!syllables.empty()) {
        const auto end = std::min(syllables.find(' '), syllables.size());
        if (end > 0) each(syllables.substr(0, end));
        syllables.remove_prefix(std::min(end + 1, syllables.size()));
    }
}

} // namespace

base::Result<std::unique_ptr<Readings>> Readings::open(const std::string& file) {
    return MappedReadings::open(file);
}

base::Result<std::unique_ptr<Readings>> Readings::from_text(std::string text) {
    return OwnedReadings::from(std::move(text));
}

base::Result<void> Readings::check() {
    std::string_view before;
    for (std::size_t at = 0; at < text_.size();) {
        const auto line = line_of(text_, at);
        const auto word = word_of(line);
        const auto broken = [&](const char* what) {
            return Error{Errc::corrupt, "line " + std::to_string(size_ + 1) + ": " + what};
        };
        if (std::count(line.begin(), line.end(), '\t') != 2 || word.empty())
            return broken("expects word, frequency and syllables");
        if (size_ > 0 && !(before < word)) return broken("not sorted");
        bool is_good = true;
        for_each_syllable(line.substr(line.rfind('\t') + 1), [&](std::string_view syllable) {
            is_good = is_good && is_syllable(syllable);
        });
        if (!is_good) return broken("a syllable is letters and a tone from 1 to 5");
        before = word;
        ++size_;
        at += line.size() + 1;
    }
    if (size_ == 0) return Error{Errc::corrupt, "no readings in it"};
    return {};
}

bool Readings::find(std::string_view word, Entry& entry) const {
    std::size_t low = 0, high = text_.size(); // the line looked for begins at or after `low`
    while (low < high) {
        std::size_t middle = (low + high) / 2;
        while (middle > low && text_[middle - 1] != '\n') --middle;
        const auto line = line_of(text_, middle);
        const auto here = word_of(line);
        if (here == word) {
            const auto from = here.size() + 1;
            const auto tab = line.find('\t', from);
            std::from_chars(line.data() + from, line.data() + tab, entry.frequency);
            entry.syllables = line.substr(tab + 1);
            return true;
        }
        if (here < word)
            low = middle + line.size() + 1;
        else
            high = middle;
    }
    return false;
}

// The fewest words; of equally many, the more frequent ones.
std::vector<Readings::Word> Readings::words_of(std::u32string_view characters) const {
    struct Best {
        int words = 1 << 30;
        double weight = 0;
        Word word; // that ends here
    };
    const std::size_t count = characters.size();
    std::vector<Best> best(count + 1);
    best[0].words = 0;
    for (std::size_t at = 0; at < count; ++at) {
        const auto offer = [&](std::size_t length, double frequency, std::string_view syllables) {
            const int words = best[at].words + 1;
            const double weight = best[at].weight + std::log(frequency + 1);
            auto& end = best[at + length];
            if (words > end.words || (words == end.words && weight <= end.weight)) return;
            end = {words, weight, {length, syllables}};
        };
        const auto most = std::min(longest_read_word, count - at);
        bool has_one = false;
        for (std::size_t length = 1; length <= most; ++length) {
            auto word = text::encode_utf8(characters.substr(at, length));
            Entry entry;
            if (find(word, entry)) {
                offer(length, double(entry.frequency), entry.syllables);
                has_one = has_one || length == 1;
            }
            base::wipe(word);
        }
        if (!has_one) offer(1, 0, {}); // no reading: skipped
    }
    std::vector<Word> words;
    for (std::size_t at = count; at > 0; at -= words.back().length) words.push_back(best[at].word);
    std::reverse(words.begin(), words.end());
    return words;
}

namespace {

// One character with its syllable, so that 一 and 不 can be changed by what follows.
struct Read {
    char32_t character;
    std::string_view syllable; // empty: no reading
    bool ends_word;            // of several characters
};

bool is_number(char32_t c) {
    return std::u32string_view(U"〇零一二三四五六七八九十百千万亿第").find(c) !=
           std::u32string_view::npos;
}

// Ordinals and dates keep yi1: 一月, 一号, 一楼.
bool counts_in_order(char32_t c) {
    return std::u32string_view(U"月号日楼层班级").find(c) != std::u32string_view::npos;
}

// Xiandai Hanyu Cidian, notes under 一 and 不: yi2 before a fourth tone, yi4 before the others; bu2
// before a fourth tone.
char tone_of(const std::vector<Read>& all, std::size_t at) {
    const auto& here = all[at];
    const char own = here.syllable.back();
    const bool has_next = at + 1 < all.size() && !all[at + 1].syllable.empty();
    if (!has_next) return own;
    const char next = all[at + 1].syllable.back();
    if (here.character == U'不' && here.syllable == "bu4" && next == '4') return '2';
    if (here.character != U'一' || here.syllable != "yi1" || here.ends_word) return own;
    const bool in_number =
        (at > 0 && is_number(all[at - 1].character)) || is_number(all[at + 1].character);
    if (in_number || counts_in_order(all[at + 1].character)) return own;
    const bool like_fourth = next == '4' || all[at + 1].character == U'个';
    return like_fourth ? '2' : '4';
}

} // namespace

std::size_t Readings::read(std::u32string_view characters, base::SecretText& out) const {
    std::vector<Read> all;
    std::size_t at = 0, unknown = 0;
    for (const auto& word : words_of(characters)) {
        std::size_t in_word = 0;
        for_each_syllable(word.syllables, [&](std::string_view syllable) {
            if (in_word >= word.length) return;
            ++in_word;
            all.push_back({characters[at + in_word - 1], syllable,
                           in_word == word.length && word.length > 1});
        });
        unknown += word.length - in_word;
        at += word.length;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!out.empty() && out.view().back() != ' ') out.append(" ");
        const auto syllable = all[i].syllable;
        out.append(syllable.substr(0, syllable.size() - 1));
        const char tone = tone_of(all, i);
        out.append({&tone, 1});
    }
    base::wipe(all.data(), all.size() * sizeof(Read));
    return unknown;
}

} // namespace drivers
