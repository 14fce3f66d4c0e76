#include "drivers/staff_card/pcsc_reader.hpp"

#include "drivers/staff_card/pcsc_channel.hpp"
#include "drivers/staff_card/pcsc_service.hpp"
#include "drivers/wait.hpp"

#include <algorithm>

namespace drivers {
namespace {

using base::Milliseconds;
using base::Result;

// The longest single wait in the service. A cancel that comes just before the wait begins is lost
// in pcsc-lite; this is how long it then takes to be heard.
constexpr Milliseconds longest_wait{1000};
// Between two tries to reach a service that is not there: nothing announces that it came. Chosen:
// half a second is soon for a person and nothing for a processor.
constexpr Milliseconds service_retry{500};

StaffCardPlace::State state_of(const std::vector<PcscSlot>& slots) {
    using State = StaffCardPlace::State;
    if (slots.empty()) return State::no_reader;
    switch (std::count_if(slots.begin(), slots.end(), [](const auto& s) { return s.has_card(); })) {
    case 0: return State::empty;
    case 1: return State::one_card;
    default: return State::several_cards;
    }
}

// What of a reader's state tells one card from the next: is there one, and how often has one come
// or gone. The flags for "powered" and "in use" change with our own work.
constexpr DWORD telling = 0xFFFF0000u | SCARD_STATE_PRESENT;
bool has_moved(const std::vector<PcscSlot>& before, const std::vector<PcscSlot>& after) {
    const auto is_same = [](const PcscSlot& a, const PcscSlot& b) {
        return a.reader == b.reader && (a.state & telling) == (b.state & telling);
    };
    return !std::ranges::equal(before, after, is_same);
}

template <class Operation> auto with_card(PcscChannel& channel, const Operation& operation) {
    using Outcome = decltype(operation());
    const auto opened = channel.open();
    auto outcome = opened ? operation() : Outcome(opened.error());
    channel.close();
    return outcome;
}

} // namespace

struct PcscReader::Parts {
    PcscService service; // of look()
    std::vector<PcscSlot> slots;
    StaffCardPlace place;
    PcscChannel channel; // of sign() and agree()
    StaffCard card;
    Wait wait = real_wait();

    Parts(const base::Clock& clock, StaffCardLimits limits)
        : channel(limits), card(channel, clock, limits) {}

    void update(Milliseconds patience, const std::stop_token& stop);
};

// One look, which may wait so long for something to differ.
void PcscReader::Parts::update(Milliseconds patience, const std::stop_token& stop) {
    const auto before = slots;
    const auto connected = service.connect();
    if (!connected) wait(std::min(patience, service_retry), stop);
    if (!connected || !service.update(slots, std::min(patience, longest_wait))) slots.clear();
    const auto state = state_of(slots);
    if (has_moved(before, slots) || state != place.state) ++place.change;
    place.state = state;
}

PcscReader::PcscReader(const base::Clock& clock, StaffCardLimits limits)
    : parts_(std::make_unique<Parts>(clock, limits)) {}
PcscReader::~PcscReader() = default;

StaffCardPlace PcscReader::look(const StaffCardPlace& last, Milliseconds patience,
                                std::stop_token stop) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    const std::stop_callback cancel(stop, [this] { parts_->service.cancel(); });
    for (auto left = Milliseconds{0};;) {
        // The first look is at once: what was true the last time may be long ago.
        parts_->update(left, stop);
        left = std::chrono::ceil<Milliseconds>(deadline - std::chrono::steady_clock::now());
        if (parts_->place != last || left <= Milliseconds{0} || stop.stop_requested())
            return parts_->place;
    }
}

Result<P256Signature> PcscReader::sign(const base::Sha256& digest) {
    return with_card(parts_->channel, [&] { return parts_->card.sign(digest); });
}
Result<P256Secret> PcscReader::agree(const P256Point& point) {
    return with_card(parts_->channel, [&] { return parts_->card.agree(point); });
}

} // namespace drivers
