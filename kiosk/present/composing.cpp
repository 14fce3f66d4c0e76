#include "kiosk/present/composing.hpp"

#include "kiosk/forms/utf8.hpp"
#include "kiosk/text/unicode.hpp"

#include <algorithm>

namespace present {

bool is_composing(const Composition& composition) {
    return !composition.letters.empty() || !composition.ink.empty();
}

void Composer::restart(Composition& composition) const {
    composition.first = 0;
    composition.firsts_before.clear();
    find_candidates(composition);
}

// Fills `candidates` and `has_more` for what is composed now, from `first` on.
void Composer::find_candidates(Composition& composition) const {
    composition.candidates.clear();
    composition.has_more = false;
    if (!composition.letters.empty()) {
        composition.shown = composition.letters;
        if (pinyin == nullptr) return;
        auto answer = pinyin->look_up(composition.letters, composition.first, pinyin_candidates);
        if (!answer.shown.empty()) composition.shown = std::move(answer.shown);
        for (auto& each : answer.candidates)
            composition.candidates.push_back({std::move(each.text), each.used});
        composition.has_more = answer.has_more;
        return;
    }
    composition.shown.clear();
    if (handwriting == nullptr) return;
    const auto offer = [&](char32_t character) {
        base::SecretText text;
        forms::append_code_point(text, character);
        composition.candidates.push_back({std::move(text), 0});
    };
    if (!composition.ink.empty()) {
        // One more than is shown tells whether there are more.
        const auto found = handwriting->recognise(composition.ink, context, composition.first,
                                                  hand_candidates + 1);
        for (const auto& each : found) offer(each.character);
    } else if (context.previous != 0) {
        for (const auto each :
             handwriting->followers(context.previous, composition.first + hand_candidates + 1))
            offer(each);
        const auto before = std::min(composition.first, composition.candidates.size());
        composition.candidates.erase(composition.candidates.begin(),
                                     composition.candidates.begin() + std::ptrdiff_t(before));
    }
    composition.has_more = composition.candidates.size() > hand_candidates;
    if (composition.has_more) composition.candidates.resize(hand_candidates);
}

void Composer::set_letters(Composition& composition, std::string_view letters) const {
    composition.letters = base::SecretText(letters);
    restart(composition);
}

bool Composer::add_letter(Composition& composition, char letter) const {
    if (composition.letters.size() >= input::pinyin_letter_limit) return false;
    auto letters = composition.letters;
    letters.append({&letter, 1});
    set_letters(composition, letters);
    return true;
}

void Composer::drop_letter(Composition& composition) const {
    const auto letters = composition.letters;
    set_letters(composition, letters.view().substr(0, letters.size() - !letters.empty()));
}

void Composer::drop_letters(Composition& composition, std::size_t used) const {
    const auto letters = composition.letters;
    auto rest = letters.view().substr(std::min(used, letters.size()));
    while (rest.starts_with('\'')) rest.remove_prefix(1);
    set_letters(composition, rest);
}

bool Composer::add_stroke(Composition& composition, const input::InkStroke& stroke) const {
    std::size_t points = stroke.size();
    for (const auto& each : composition.ink) points += each.size();
    if (composition.ink.size() >= input::ink_stroke_limit || points > input::ink_point_limit)
        return false;
    composition.ink.push_back(stroke);
    restart(composition);
    return true;
}

void Composer::undo_stroke(Composition& composition) const {
    if (composition.ink.empty()) return;
    composition.ink.pop_back();
    restart(composition);
}

void Composer::clear_ink(Composition& composition) const {
    if (composition.ink.empty()) return;
    composition.ink.clear();
    ++composition.clears;
    restart(composition);
}

void Composer::accept_ink(Composition& composition) const {
    composition.ink.clear();
    composition.clears = 0;
    restart(composition);
}

void Composer::show_more(Composition& composition, const screens::MoreCandidates& more) const {
    switch (more.direction) {
    case screens::MoreCandidates::Direction::next:
        if (more.shown == 0) return;
        if (more.shown >= composition.candidates.size() && !composition.has_more) return;
        composition.firsts_before.push_back(composition.first);
        composition.first += std::min(more.shown, composition.candidates.size());
        break;
    case screens::MoreCandidates::Direction::earlier:
        if (composition.firsts_before.empty()) return;
        composition.first = composition.firsts_before.back();
        composition.firsts_before.pop_back();
        break;
    }
    find_candidates(composition);
}

input::HandContext hand_context(const forms::Field& field, std::string_view before_caret) {
    input::HandContext context;
    const bool is_name =
        !field.scripts.punctuation || field.term.ends_with("name") || field.term.ends_with("Name");
    if (is_name)
        context.field = input::HandContext::Field::name;
    else if (field.term.find("address") != std::string::npos)
        context.field = input::HandContext::Field::address;
    const auto last = text::previous_boundary(before_caret, before_caret.size());
    std::size_t at = last;
    if (last < before_caret.size()) context.previous = forms::next_code_point(before_caret, at);
    if (!text::is_wide(context.previous)) context.previous = 0;
    return context;
}

} // namespace present
