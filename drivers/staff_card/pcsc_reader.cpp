#include "drivers/staff_card/pcsc_reader.hpp"

#include "drivers/staff_card/pcsc_channel.hpp"
#include "drivers/staff_card/pcsc_service.hpp"
#include "drivers/wait.hpp"

#include <algorithm>
#include <mutex>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Milliseconds;
using base::Result;

// The longest single wait in the service; between two of them look() asks whether it shall end.
// Chosen: nobody notices a fifth of a second, and five questions in a second cost the service next
// to nothing. A stop is not handed on to the service (SCardCancel): that call goes through its
// socket and would hold up whoever asks for the stop for as long as the service hangs.
constexpr Milliseconds longest_wait{200};
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

} // namespace

// libpcsclite 1.9.9 keeps what it knows of all readers in one place for the whole process, with no
// lock that two connections would share (ThreadSanitizer, on SCardListReaders). So only one thread
// at a time asks about readers; the channel never does.
struct PcscReader::Parts {
    std::mutex looking; // held as long as a thread uses what is below
    PcscService service;
    std::vector<PcscSlot> slots;
    StaffCardPlace place;
    Wait wait = real_wait();

    std::mutex seen_mutex;
    std::vector<PcscSlot> seen; // `slots` after the last look

    const base::Clock& clock;
    PcscChannel channel;
    StaffCard card;

    Parts(const base::Clock& time, StaffCardLimits limits)
        : clock(time), channel(time, limits), card(channel, time, limits) {}

    void update(Milliseconds patience, const std::stop_token& stop);
    Result<std::string> reader_with_card();
    template <class Operation> auto with_card(const Operation& operation);
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
    const std::lock_guard lock(seen_mutex);
    seen = slots;
}

// A thread that waits in look() hears of everything at once; when there is none, this one looks.
Result<std::string> PcscReader::Parts::reader_with_card() {
    if (const std::unique_lock free(looking, std::try_to_lock); free) update(Milliseconds{0}, {});
    const std::lock_guard lock(seen_mutex);
    switch (state_of(seen)) {
    case StaffCardPlace::State::no_reader: return Error{Errc::unplugged, "staff card: no reader"};
    case StaffCardPlace::State::empty: return Error{Errc::no_card, "staff card"};
    case StaffCardPlace::State::several_cards: return Error{Errc::no_card, "staff card: several"};
    case StaffCardPlace::State::one_card: break;
    }
    return std::ranges::find_if(seen, &PcscSlot::has_card)->reader;
}

template <class Operation> auto PcscReader::Parts::with_card(const Operation& operation) {
    using Outcome = decltype(operation());
    const auto reader = reader_with_card();
    if (!reader) return Outcome(reader.error());
    const auto opened = channel.open(*reader);
    auto outcome = opened ? operation() : Outcome(opened.error());
    channel.close();
    return outcome;
}

PcscReader::PcscReader(const base::Clock& clock, StaffCardLimits limits)
    : parts_(std::make_unique<Parts>(clock, limits)) {}
PcscReader::~PcscReader() = default;

StaffCardPlace PcscReader::look(const StaffCardPlace& last, Milliseconds patience,
                                std::stop_token stop) {
    const auto deadline = parts_->clock.now() + patience;
    const std::lock_guard lock(parts_->looking);
    for (auto left = Milliseconds{0};;) {
        // The first look is at once: what was true the last time may be long ago.
        parts_->update(left, stop);
        left = deadline - parts_->clock.now();
        if (parts_->place != last || left <= Milliseconds{0} || stop.stop_requested())
            return parts_->place;
    }
}

Result<P256Signature> PcscReader::sign(const base::Sha256& digest) {
    return parts_->with_card([&] { return parts_->card.sign(digest); });
}
Result<P256Secret> PcscReader::agree(const P256Point& point) {
    return parts_->with_card([&] { return parts_->card.agree(point); });
}

} // namespace drivers
