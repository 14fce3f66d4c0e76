#include "drivers/staff_card/pcsc_service.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Result;

// The name under which pcsc-lite says that a reader came or went (manual, SCardGetStatusChange).
constexpr const char* any_reader = "\\\\?PnP?\\Notification";

std::string hex(LONG code) {
    char text[16];
    const auto end = std::to_chars(text, text + sizeof text, std::uint32_t(code), 16).ptr;
    return {text, end};
}

// A list of names, each ended by a zero, the whole by another.
std::vector<std::string> split(const std::vector<char>& names) {
    std::vector<std::string> list;
    for (auto at = names.begin(); at != names.end() && *at != '\0';) {
        const auto end = std::find(at, names.end(), '\0');
        list.emplace_back(at, end);
        at = end == names.end() ? end : end + 1;
    }
    return list;
}

} // namespace

Error pcsc_error(LONG code, const char* doing) {
    const auto error = [&](Errc errc) {
        return Error{errc, std::string("staff card: ") + doing + ": pcsc " + hex(code)};
    };
    switch (code) {
    case LONG(SCARD_E_NO_SMARTCARD): return error(Errc::no_card);
    case LONG(SCARD_W_REMOVED_CARD):
    case LONG(SCARD_W_RESET_CARD): return error(Errc::card_removed);
    // No answer to reset: a card of another kind, or one that is in the wrong way round.
    case LONG(SCARD_W_UNRESPONSIVE_CARD):
    case LONG(SCARD_W_UNPOWERED_CARD):
    case LONG(SCARD_W_UNSUPPORTED_CARD):
    case LONG(SCARD_E_CARD_UNSUPPORTED):
    case LONG(SCARD_E_PROTO_MISMATCH): return error(Errc::unsupported);
    // Another program holds the card: it is as silent to us as a card that does not answer.
    case LONG(SCARD_E_SHARING_VIOLATION):
    case LONG(SCARD_E_TIMEOUT): return error(Errc::timed_out);
    case LONG(SCARD_E_NOT_TRANSACTED):
    case LONG(SCARD_E_INSUFFICIENT_BUFFER): return error(Errc::bad_frame);
    // Everything else is about the reader or the service, not about the card.
    default: return error(Errc::unplugged);
    }
}

Result<void> PcscService::connect() {
    if (is_connected_) return {};
    SCARDCONTEXT context = 0;
    const auto code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context);
    if (code != SCARD_S_SUCCESS)
        return Error{Errc::unplugged, "staff card: no service (pcscd): pcsc " + hex(code)};
    context_ = context;
    is_connected_ = true;
    return {};
}

void PcscService::drop() {
    if (std::exchange(is_connected_, false)) SCardReleaseContext(context_);
}

Error PcscService::lost(LONG code) {
    drop();
    return {Errc::unplugged, "staff card: service lost: pcsc " + hex(code)};
}

// Keeps what is known of the readers that are still there.
Result<void> PcscService::list(std::vector<PcscSlot>& slots) {
    std::vector<char> names;
    LONG code = SCARD_S_SUCCESS;
    // A reader may come between asking for the size and asking for the names.
    for (int attempt = 0; attempt < 3; ++attempt) {
        DWORD size = 0;
        code = SCardListReaders(context_, nullptr, nullptr, &size);
        if (code != SCARD_S_SUCCESS) break;
        names.assign(size, '\0');
        code = SCardListReaders(context_, nullptr, names.data(), &size);
        if (code != LONG(SCARD_E_INSUFFICIENT_BUFFER)) break;
    }
    if (code == LONG(SCARD_E_NO_READERS_AVAILABLE))
        names.clear();
    else if (code != SCARD_S_SUCCESS)
        return lost(code);

    std::vector<PcscSlot> listed;
    for (auto& name : split(names)) {
        const auto known = std::find_if(slots.begin(), slots.end(),
                                        [&](const auto& slot) { return slot.reader == name; });
        listed.push_back(known == slots.end() ? PcscSlot{std::move(name)} : std::move(*known));
    }
    slots = std::move(listed);
    return {};
}

Result<void> PcscService::update(std::vector<PcscSlot>& slots, base::Milliseconds patience) {
    TRY(list(slots));
    std::vector<SCARD_READERSTATE> states(slots.size() + 1);
    for (std::size_t i = 0; i < slots.size(); ++i) {
        states[i].szReader = slots[i].reader.c_str();
        states[i].dwCurrentState = slots[i].state;
    }
    states.back().szReader = any_reader;
    // The upper half is how many readers the caller knows of.
    states.back().dwCurrentState = DWORD(slots.size()) << 16;
    const auto code = SCardGetStatusChange(context_, DWORD(patience.count()), states.data(),
                                           DWORD(states.size()));
    // Nothing differs; a reader that went away is missing in the next list.
    const bool is_quiet = code == LONG(SCARD_E_TIMEOUT) || code == LONG(SCARD_E_UNKNOWN_READER);
    if (code != SCARD_S_SUCCESS && !is_quiet) return lost(code);
    if (code != SCARD_S_SUCCESS) return {};
    for (std::size_t i = 0; i < slots.size(); ++i)
        slots[i].state = states[i].dwEventState & ~DWORD(SCARD_STATE_CHANGED);
    return list(slots);
}

} // namespace drivers
