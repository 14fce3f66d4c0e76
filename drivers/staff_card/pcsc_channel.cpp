#include "drivers/staff_card/pcsc_channel.hpp"

#include "drivers/staff_card/apdu.hpp"
#include "drivers/staff_card/pcsc_service.hpp"
#include "drivers/wait.hpp"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

namespace drivers {
namespace {

using base::ByteView;
using base::Errc;
using base::Error;
using base::Milliseconds;
using base::Result;
using base::SecretBytes;

// How long the service may take to notice that a card has been pulled whose answer failed. Chosen:
// pcscd looks at its readers every 0.4 s (pcsc-lite 1.9.9, PCSCLITE_STATUS_POLL_RATE), twice that
// and a little.
constexpr Milliseconds notices_removal{1000};
constexpr Milliseconds asks_again{50}; // chosen: soon for a person

// The card as the thread sees it. Every function may take as long as the service likes.
class Card {
public:
    ~Card() { close(); }

    Result<SecretBytes> open(const std::string& reader);
    Result<SecretBytes> transmit(ByteView command);
    void close();

private:
    Result<void> hold();
    Error failure(LONG code, const char* doing);

    PcscService service_;
    std::optional<SCARDHANDLE> handle_;
    DWORD protocol_ = 0;
    Wait wait_ = real_wait();
};

Result<SecretBytes> Card::open(const std::string& reader) {
    close(); // what an operation that ran out of time left behind
    TRY(service_.connect());
    SCARDHANDLE handle = 0;
    const auto code = SCardConnect(service_.context(), reader.c_str(), SCARD_SHARE_SHARED,
                                   SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &handle, &protocol_);
    if (code != SCARD_S_SUCCESS) return failure(code, "connect");
    handle_ = handle;
    TRY(hold());
    return SecretBytes{};
}

// Other programs wait until the transaction ends. One of them may have reset the card just before.
Result<void> Card::hold() {
    auto code = SCardBeginTransaction(*handle_);
    if (code == LONG(SCARD_W_RESET_CARD)) {
        code = SCardReconnect(*handle_, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                              SCARD_LEAVE_CARD, &protocol_);
        if (code == SCARD_S_SUCCESS) code = SCardBeginTransaction(*handle_);
    }
    if (code != SCARD_S_SUCCESS) return failure(code, "transaction");
    return {};
}

Result<SecretBytes> Card::transmit(ByteView command) {
    if (!handle_) return Error{Errc::card_removed, "staff card: not open"};
    const bool is_t0 = protocol_ == SCARD_PROTOCOL_T0;
    const auto bytes = is_t0 ? apdu::for_t0(command) : base::Bytes(command.begin(), command.end());
    SecretBytes answer(apdu::answer_most);
    DWORD size = DWORD(answer.size());
    const auto code = SCardTransmit(*handle_, is_t0 ? SCARD_PCI_T0 : SCARD_PCI_T1, bytes.data(),
                                    DWORD(bytes.size()), nullptr, answer.data(), &size);
    if (code != SCARD_S_SUCCESS) return failure(code, "transmit");
    // Seen with a driver whose card was gone: success, and nothing in it.
    if (size == 0) return failure(LONG(SCARD_E_NOT_TRANSACTED), "empty answer");
    answer.resize(std::min<std::size_t>(size, answer.size()));
    return answer;
}

// The card is never reset. Seen with pcscd 1.9.9: when a card is pulled while it is being reset,
// the service calls the slot empty at once but misses the removal; a card put in before its next
// look is then not seen until it is pulled again. A card that lost its way is pulled by its owner.
void Card::close() {
    if (!handle_) return;
    SCardEndTransaction(*handle_, SCARD_LEAVE_CARD);
    SCardDisconnect(*handle_, SCARD_LEAVE_CARD);
    handle_.reset();
}

// What the service said, as what has happened. A card that is pulled in the middle first looks like
// one that answers nonsense: the reader's driver reports a failed exchange, and only afterwards the
// service notices that the slot is empty. So it is asked a little longer.
Error Card::failure(LONG code, const char* doing) {
    if (code == LONG(SCARD_E_NOT_TRANSACTED) && handle_) {
        auto state = LONG(SCARD_S_SUCCESS);
        for (auto left = notices_removal; state == SCARD_S_SUCCESS && left > Milliseconds{0};
             left -= asks_again) {
            wait_(asks_again, {});
            state = SCardBeginTransaction(*handle_); // any question about the card would do
        }
        if (state == SCARD_S_SUCCESS) return {Errc::timed_out, "staff card: exchange failed"};
        code = state;
    }
    auto error = pcsc_error(code, doing);
    // It was there just before, and had power.
    if (error.code == Errc::no_card || (handle_ && error.code == Errc::unsupported))
        error.code = Errc::card_removed;
    if (error.code == Errc::unplugged) {
        handle_.reset();
        service_.drop();
    }
    return error;
}

} // namespace

// Where caller and thread meet. Owned by both, so that a thread that hangs harms nobody.
struct PcscChannel::Desk {
    using Job = std::function<Result<SecretBytes>(Card&)>;

    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Job> job;
    std::optional<Result<SecretBytes>> answer;
    bool is_awaited = false; // somebody waits for the answer to the job
    bool is_busy = false;
    bool is_closing = false;

    void work();
    bool is_free() const { return !is_busy && !job; }
    Result<SecretBytes> run(Job what, Milliseconds limit, const base::Clock& clock);
};

void PcscChannel::Desk::work() {
    Card card;
    std::unique_lock lock(mutex);
    for (;;) {
        changed.wait(lock, [this] { return job || is_closing; });
        if (!job) return;
        const auto now = std::move(*job);
        job.reset();
        is_busy = true;
        lock.unlock();
        auto result = now(card);
        lock.lock();
        is_busy = false;
        // Nobody waits for an answer that came too late; it is wiped here.
        if (is_awaited) answer = std::move(result);
        changed.notify_all();
    }
}

Result<SecretBytes> PcscChannel::Desk::run(Job what, Milliseconds limit, const base::Clock& clock) {
    const auto deadline = clock.now() + limit;
    std::unique_lock lock(mutex);
    if (!changed.wait_for(lock, limit, [this] { return is_free(); }))
        return Error{Errc::timed_out, "staff card: an earlier call has not come back"};
    job = std::move(what);
    answer.reset();
    is_awaited = true;
    changed.notify_all();
    if (!changed.wait_for(lock, deadline - clock.now(), [this] { return answer.has_value(); })) {
        job.reset(); // if it was not even begun
        is_awaited = false;
        return Error{Errc::timed_out, "staff card: no answer within the limit"};
    }
    auto taken = std::move(*answer);
    answer.reset();
    return taken;
}

PcscChannel::PcscChannel(const base::Clock& clock, StaffCardLimits limits)
    : clock_(clock), limits_(limits), desk_(std::make_shared<Desk>()),
      thread_([desk = desk_] { desk->work(); }) {}

PcscChannel::~PcscChannel() {
    std::unique_lock lock(desk_->mutex);
    desk_->is_closing = true;
    desk_->changed.notify_all();
    const bool is_free =
        desk_->changed.wait_for(lock, limits_.answer, [this] { return desk_->is_free(); });
    lock.unlock();
    if (is_free)
        thread_.join();
    else
        thread_.detach();
}

Result<void> PcscChannel::open(const std::string& reader) {
    const auto opened =
        desk_->run([reader](Card& card) { return card.open(reader); }, limits_.answer, clock_);
    if (!opened) return opened.error();
    return {};
}

Result<SecretBytes> PcscChannel::transmit(ByteView command) {
    return desk_->run([bytes = base::Bytes(command.begin(), command.end())](
                          Card& card) { return card.transmit(bytes); },
                      limits_.answer, clock_);
}

void PcscChannel::close() {
    const std::lock_guard lock(desk_->mutex);
    if (!desk_->is_free()) return; // the next open() closes
    desk_->job = [](Card& card) {
        card.close();
        return SecretBytes{};
    };
    desk_->is_awaited = false;
    desk_->changed.notify_all();
}

} // namespace drivers
