#include "kiosk/app/reading_aloud.hpp"

namespace app {

using session::Display;
using session::Signal;
namespace {

// How often the kiosk's own speaking is told to the session (safeguard G24). Chosen: seldom, and
// much more often than the idle time.
constexpr base::Milliseconds counting_interval{5000};

drivers::Utterance::Sound sound_of(screens::Said::Sound sound) {
    switch (sound) {
    case screens::Said::Sound::none: return drivers::Utterance::Sound::none;
    case screens::Said::Sound::success: return drivers::Utterance::Sound::success;
    case screens::Said::Sound::error: return drivers::Utterance::Sound::error;
    }
    return drivers::Utterance::Sound::none;
}

// No key stays without an answer: one that leads nowhere says where the focus is.
screens::Moment::Event event_of(const screens::FocusMove& moved) {
    using What = screens::FocusMove::What;
    using Event = screens::Moment::Event;
    switch (moved.what) {
    case What::moved:
    case What::press: return Event::none;
    case What::end_of_page: return Event::end_of_page;
    case What::start_of_page:
    case What::stays: return Event::again;
    }
    return Event::none;
}

std::vector<drivers::Utterance> utterances_of(std::vector<screens::Phrase> phrases) {
    std::vector<drivers::Utterance> utterances;
    for (auto& phrase : phrases)
        utterances.push_back(
            {std::move(phrase.text), phrase.language, phrase.is_private, sound_of(phrase.sound)});
    return utterances;
}

} // namespace

bool ReadingAloud::is_on() const {
    return kiosk_.session().display.voice == Display::Voice::on;
}

void ReadingAloud::interrupt() {
    if (voice_.is_speaking()) voice_.stop();
    is_answer_ = false;
}

void ReadingAloud::note_key() {
    if (kiosk_.session().display.voice == Display::Voice::off) tell(Signal::listen);
}

void ReadingAloud::follow(const screens::Frame& frame, const std::string& page,
                          std::string_view focus, const std::optional<screens::FocusMove>& moved,
                          base::MonotonicTime now) {
    using Event = screens::Moment::Event;
    const auto& session = kiosk_.session();
    // Plugging them in asks for it; the jack that was in all the time does not.
    const bool has_headphones = voice_.has_headphones();
    if (has_headphones && !std::exchange(had_headphones_, has_headphones) &&
        session.display.voice == Display::Voice::off)
        tell(Signal::listen);
    had_headphones_ = has_headphones;
    if (!is_on()) return rest();
    const auto& display = session.display;
    const drivers::VoiceSettings settings{display.volume, display.rate};
    const bool sounds_otherwise = settings != std::exchange(settings_, settings);
    Event event = Event::none;
    if (moved) event = event_of(*moved);
    if (sounds_otherwise && session.overlay != session::Overlay::voice) event = Event::again;
    if (std::exchange(reads_page_, false)) event = Event::listen;
    auto narration =
        narrator_.follow({frame, page, session.language, focus, event, has_headphones, now});
    if (!narration.phrases.empty()) {
        is_answer_ = narration.is_answer;
        voice_.say(utterances_of(std::move(narration.phrases)), settings);
    }
    count_as_activity(now);
}

// Whoever listens to what they asked for is there; a device that has something to say is nobody.
void ReadingAloud::count_as_activity(base::MonotonicTime now) {
    const auto& session = kiosk_.session();
    if (!is_answer_ || !voice_.is_speaking()) return;
    if (session.overlay == session::Overlay::idle) return; // its own question puts nothing off
    if (now - counted_ < counting_interval) return;
    counted_ = now;
    tell(Signal::spoke);
}

void ReadingAloud::rest() {
    interrupt();
    narrator_.forget_page();
    reads_page_ = false;
}

std::optional<base::MonotonicTime> ReadingAloud::next_wake() const {
    auto wake = narrator_.next_wake();
    if (is_answer_ && voice_.is_speaking()) {
        const auto count = counted_ + counting_interval;
        wake = wake ? std::min(*wake, count) : count;
    }
    return wake;
}

void ReadingAloud::wipe() {
    voice_.wipe();
    narrator_.wipe();
    reads_page_ = is_answer_ = false;
    settings_ = {};
}

} // namespace app
