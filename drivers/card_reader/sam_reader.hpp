// Reads identity cards through a SAM_V module: walks the table of sam_dialogue.hpp over a wire,
// with its time limits and its retries.
//
// Replies carry no sequence number, so a late one could be taken for the answer to the next
// request. After any time-out or damaged reply the pipe is read until it is quiet, then the
// module's number is asked for: its answer is like no other, and everything before it is late and
// thrown away. A module that cannot be brought back into step is let go of, and the next call
// begins anew with the wire. Source: spec id-card-reader §§2, 3, 5. Not yet verified on hardware.
#pragma once

#include "drivers/card_reader/card_reader.hpp"
#include "drivers/card_reader/sam_dialogue.hpp"
#include "drivers/transport.hpp"
#include "drivers/wait.hpp"
#include "kiosk/base/digest.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace drivers {

class SamReader final : public CardReader {
public:
    // Looks for the module and gives the wire to it, at the first call and after `unplugged`.
    // Errors: unplugged, locked.
    using Connect = std::function<base::Result<std::unique_ptr<Transport>>()>;

    // `wire` is what describe() calls it until the wire has told its own name. `clock` must outlive
    // the reader.
    SamReader(std::string wire, Connect connect, const base::Clock& clock, Wait wait,
              SamLimits limits = {});

    base::Result<CardReading> read(const CardLook& look, std::stop_token stop) override;
    base::Result<bool> is_card_present() override;
    void forget() override;
    CardReaderDescription describe() override;

    // Where the dialogue stands, for tests and logs.
    SamState state() const { return state_; }

private:
    // One request and what it brought.
    struct Turn {
        SamState asked{};
        SamHeard heard{};
        SamTrouble trouble{};
        base::Result<Reply> reply;

        base::Error error() const; // by whose trouble it is; only where there is trouble
    };

    base::Result<CardReading> look_and_read(const CardLook& look, std::stop_token stop);
    base::Result<bool> still_lies();
    base::Result<void> be_ready();
    Turn take_turn(Photo photo = Photo::drop);
    base::Result<Reply> ask(const SamStep& step, Photo photo);
    base::Result<Reply> resync(const SamStep& step);
    base::Result<void> send(Request request);
    base::Result<Reply> receive(ReplyDecoder decoder, base::Milliseconds limit);
    base::Result<std::size_t> read_some(std::span<std::uint8_t> into, base::Milliseconds limit);
    base::Result<void> drain();
    base::Result<std::optional<Reply>> find_mark(base::Milliseconds limit);
    base::Result<CardReading> decode(Reply reply);
    base::Error nothing_within_patience();
    base::Error not_found_again(const base::Error& failure) const;
    void let_go_of_wire();
    void note_trouble(base::Errc code);

    Connect connect_;
    std::unique_ptr<Transport> transport_; // none exactly in SamState::absent
    const base::Clock& clock_;
    Wait wait_;
    SamLimits limits_;
    CardReaderDescription description_;
    SamState state_ = SamState::absent;
    bool card_lies_ = false; // the card read last was still there when last asked
    int damaged_reads_ = 0;  // since the last whole one
    // Digest of the text of a card that contradicted itself, until a good read or forget().
    std::optional<base::Secret<base::Sha256>> inconsistent_;
};

} // namespace drivers
