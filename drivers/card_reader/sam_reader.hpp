// Reads identity cards through a SAM_V module: the dialogue, its time limits and its retries.
//
// Find, select, read, in this order only. Replies carry no sequence number, so a late one could be
// taken for the answer to the next request. After any timeout or damaged reply the pipe is read
// until it is quiet, then the module's number is asked for: its answer is like no other, and
// everything before it is late and thrown away.
// Source: spec id-card-reader §§2, 3, 5. Not yet verified on hardware.
#pragma once

#include "drivers/card_reader/card_reader.hpp"
#include "drivers/card_reader/frame.hpp"
#include "drivers/transport.hpp"
#include "drivers/wait.hpp"
#include "kiosk/base/digest.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace drivers {

// Defaults proposed by spec id-card-reader §3: the limits seen in public drivers range from 100 ms
// (too tight) to 5 s.
struct SamLimits {
    base::Milliseconds short_reply{1000}; // status, id, find, select
    base::Milliseconds read_reply{5000};  // text and photo travel over the radio first
    base::Milliseconds presence_reply{1500};
    base::Milliseconds poll{300};      // between two looks for a card
    base::Milliseconds quiet{150};     // chosen: no byte for so long means the pipe is drained
    base::Milliseconds drain{2000};    // chosen: a pipe that never falls quiet is a fault
    base::Milliseconds write{1000};    // 10 bytes
    base::Milliseconds start_up{3000}; // chosen: status requests until the module is ready
};

class SamReader final : public CardReader {
public:
    // Looks for the module and gives the wire to it, at the first call and after `unplugged`.
    // Errors: unplugged, locked.
    using Connect = std::function<base::Result<std::unique_ptr<Transport>>()>;

    // `wire` is what describe() calls it: "USB 0400:c35a, four pipes". `clock` must outlive the
    // reader.
    SamReader(std::string wire, Connect connect, const base::Clock& clock, Wait wait,
              SamLimits limits = {});

    base::Result<Card> read(base::Milliseconds patience, std::stop_token stop) override;
    base::Result<bool> is_card_present() override;
    void forget() override;
    CardReaderDescription describe() override;

private:
    base::Result<void> be_ready();
    base::Result<Reply> ask(Request request);
    base::Result<void> send(Request request);
    base::Result<Reply> receive(Request request);
    base::Result<std::size_t> read_some(std::span<std::uint8_t> into, base::Milliseconds limit);
    base::Result<void> resync();
    base::Result<void> drain();
    base::Result<bool> find_mark();
    base::Result<bool> find_card();
    base::Result<Card> read_found_card();
    base::Result<Card> decode(const Reply& reply);
    base::Error not_found_again(const base::Error& failure) const;
    base::Milliseconds limit_of(Request request) const;

    Connect connect_;
    std::unique_ptr<Transport> transport_; // none: unplugged, or not yet connected
    const base::Clock& clock_;
    Wait wait_;
    SamLimits limits_;
    CardReaderDescription description_;
    bool needs_resync_ = false;
    bool has_read_card_ = false; // the card read last was still there when last asked
    int damaged_reads_ = 0;      // since the last whole one
    // Digest of the text of a card that contradicted itself, until a good read or forget().
    std::optional<base::Secret<base::Sha256>> inconsistent_;
};

} // namespace drivers
