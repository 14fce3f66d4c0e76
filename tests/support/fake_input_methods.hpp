// Small look-ups for tests of the boards: a few syllables, characters by the number of strokes.
#pragma once

#include "kiosk/base/secret.hpp"
#include "screens/input/handwriting.hpp"
#include "screens/input/pinyin.hpp"

#include <string>
#include <vector>

namespace test {

// Knows wu lu mu qi, shi, yan, yang and pin, alone and as words; anything else has no candidates.
class FakePinyin final : public input::PinyinLookup {
public:
    input::PinyinAnswer look_up(std::string_view letters, std::size_t first,
                                std::size_t most) override {
        ++asked;
        struct Row {
            std::string_view letters;
            std::vector<const char*> words;
        };
        static const std::vector<Row> rows{
            {"yangpin", {"样品"}},
            {"shiyan", {"试验", "实验"}},
            {"wulumuqi", {"乌鲁木齐"}},
            {"yang", {"样", "杨", "羊", "洋"}},
            {"pin", {"品", "拼"}},
            {"yan", {"验", "烟"}},
            {"shi",
             {"市", "试", "是", "十", "时", "事", "石", "师", "室", "食", "使", "世", "式", "失"}},
            {"wu", {"乌", "五"}}};
        input::PinyinAnswer answer;
        answer.shown = base::SecretText(letters);
        std::size_t place = 0;
        for (const auto& row : rows) {
            if (!letters.starts_with(row.letters)) continue;
            for (const auto* word : row.words) {
                if (place++ < first) continue;
                if (answer.candidates.size() == most) {
                    answer.has_more = true;
                    return answer;
                }
                answer.candidates.push_back({base::SecretText(word), row.letters.size()});
            }
        }
        return answer;
    }
    int asked = 0;
};

// Twenty-three characters for any ink; the first one by the number of strokes. Remembers what it
// was asked with.
class FakeHandwriting final : public input::HandwritingLookup {
public:
    input::HandCandidates recognise(const input::Ink& ink, const input::HandContext& context,
                                    std::size_t first, std::size_t most) const override {
        asked = context;
        static constexpr std::u32string_view all =
            U"一二三王五十千干于土士木平寸丰大天夫太犬尤龙工";
        input::HandCandidates candidates;
        const auto start = std::min(ink.size(), all.size()) - 1;
        for (std::size_t i = first; i < all.size() && candidates.size() < most; ++i)
            candidates.push_back({all[(start + i) % all.size()], 0});
        return candidates;
    }
    input::HandFollowers followers(char32_t previous, std::size_t most) const override {
        input::HandFollowers after;
        if (previous == U'一') after = {U'个', U'天', U'定'};
        if (after.size() > most) after.resize(most);
        return after;
    }
    mutable input::HandContext asked;
};

} // namespace test
