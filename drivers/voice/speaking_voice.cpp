#include "drivers/voice/speaking_voice.hpp"

namespace drivers {
namespace {

// Orders and the jack are looked at so often while something is said: a tenth of the 100 ms within
// which it must be silent (spec ui-text §6, safeguard G23).
constexpr base::Milliseconds turn{10};
constexpr base::Milliseconds wipe_limit{500};

} // namespace

SpeakingVoice::SpeakingVoice(SpeakerParts parts, HeadphoneJack& jack)
    : jack_(jack), sink_(parts.sink), speaker_(std::move(parts)),
      thread_([this](std::stop_token stop) { run(stop); }) {
    jack_.on_change.set([this] {
        changed_.notify_all();
        on_change();
    });
}

SpeakingVoice::~SpeakingVoice() {
    jack_.on_change.set({});
    thread_.request_stop();
    changed_.notify_all();
}

void SpeakingVoice::order(std::vector<Utterance> utterances, VoiceSettings settings) {
    {
        const std::lock_guard lock(mutex_);
        is_speaking_ = !utterances.empty();
        ordered_ = std::move(utterances);
        settings_ = settings;
        has_order_ = true;
        ++orders_given_;
    }
    changed_.notify_all();
}

void SpeakingVoice::say(std::vector<Utterance> utterances, VoiceSettings settings) {
    order(std::move(utterances), settings);
}

void SpeakingVoice::stop() {
    if (is_speaking_) order({}, {});
}

void SpeakingVoice::wipe() {
    order({}, {});
    std::unique_lock lock(mutex_);
    const auto wanted = orders_given_;
    (void)changed_.wait_for(lock, wipe_limit, [&] { return orders_obeyed_ >= wanted; });
}

void SpeakingVoice::run(std::stop_token stop) {
    bool is_busy = false;
    while (!stop.stop_requested()) {
        std::vector<Utterance> utterances;
        VoiceSettings settings;
        bool has_order = false;
        std::uint64_t number = 0;
        {
            std::unique_lock lock(mutex_);
            if (is_busy)
                changed_.wait_for(lock, stop, turn, [this] { return has_order_; });
            else
                changed_.wait(lock, stop, [this] { return has_order_; });
            has_order = std::exchange(has_order_, false);
            utterances.swap(ordered_);
            settings = settings_;
            number = orders_given_;
        }
        if (stop.stop_requested()) break;
        if (has_order) {
            speaker_.begin(std::move(utterances), settings);
            std::vector<Utterance>().swap(utterances);
            base::wipe_stack_below();
        }
        is_busy = speaker_.step(base::Milliseconds(0));
        // Before anybody is told that it is silent: what the output still holds goes with it, and
        // an open one wakes the machine for nothing.
        if (!is_busy) sink_.rest();
        if (has_order) {
            {
                const std::lock_guard lock(mutex_);
                orders_obeyed_ = number;
            }
            changed_.notify_all();
        }
        if (is_busy) continue;
        bool has_ended = false;
        {
            const std::lock_guard lock(mutex_);
            if (!has_order_) has_ended = is_speaking_.exchange(false);
        }
        if (has_ended) on_change();
    }
    speaker_.wipe();
    sink_.rest();
}

} // namespace drivers
