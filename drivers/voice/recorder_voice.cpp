#include "drivers/voice/recorder_voice.hpp"

#include "kiosk/text/message.hpp"
#include "kiosk/text/unicode.hpp"

namespace drivers {
namespace {

// A script may run for long; what was said first is of no use to it any more.
constexpr std::size_t most_kept = 2000;

} // namespace

void RecorderVoice::say(std::vector<Utterance> utterances, VoiceSettings settings) {
    if (on_say) on_say(utterances);
    if (heard_.size() > most_kept) heard_.clear();
    last_from_ = heard_.size();
    settings_ = settings;
    ++times_;
    until_ = clock_.now();
    for (auto& each : utterances) {
        if (each.is_private && !has_headphones_) continue;
        until_ += per_letter_ * std::int64_t(text::decode_utf8(each.text.view()).size());
        heard_.push_back(std::move(each));
    }
}

void RecorderVoice::pull_headphones() {
    has_headphones_ = false;
    if (last_from_ < heard_.size() && is_speaking()) stop();
}

void RecorderVoice::forget() {
    heard_.clear();
    last_from_ = 0;
}

void RecorderVoice::wipe() {
    stop();
    forget();
}

std::string RecorderVoice::last() const {
    std::string lines;
    for (std::size_t i = last_from_; i < heard_.size(); ++i)
        lines += (lines.empty() ? "" : "\n") + text::strip_isolates(heard_[i].text.view());
    return lines;
}

bool RecorderVoice::has_heard(std::string_view part) const {
    for (const auto& each : heard_)
        if (text::strip_isolates(each.text.view()).find(part) != std::string::npos) return true;
    return false;
}

} // namespace drivers
