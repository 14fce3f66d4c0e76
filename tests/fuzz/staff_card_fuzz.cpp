// Any bytes as the answers of a staff card. First byte: sign or agree. Then answer after answer,
// each with one byte of length before it; 255 means that the card is gone.
#include "drivers/staff_card/apdu.hpp"
#include "drivers/staff_card/staff_card.hpp"
#include "kiosk/base/manual_clock.hpp"

#include <algorithm>
#include <optional>

namespace {

class FuzzedChannel final : public drivers::CardChannel {
public:
    explicit FuzzedChannel(base::ByteView answers) : answers_(answers) {}

    base::Result<base::SecretBytes> transmit(base::ByteView command) override {
        CHECK(command.size() >= 4 && command.size() <= drivers::apdu::command_most);
        CHECK(++commands_ <= most_commands);
        if (answers_.empty()) return base::Error{base::Errc::timed_out, "card"};
        const std::size_t size = std::min<std::size_t>(answers_[0], answers_.size() - 1);
        if (answers_[0] == 0xFF) return base::Error{base::Errc::card_removed, "card"};
        const auto answer = answers_.subspan(1, size);
        answers_ = answers_.subspan(1 + size);
        return base::SecretBytes(answer.begin(), answer.end());
    }

private:
    // Two commands, each with its rounds of GET RESPONSE, each asked again for another Le.
    static constexpr int most_commands =
        2 * 2 * (1 + drivers::StaffCardLimits{}.get_response_rounds);
    base::ByteView answers_;
    int commands_ = 0;
};

template <class T> std::optional<base::Errc> code_of(const base::Result<T>& result) {
    return result ? std::optional<base::Errc>() : result.error().code;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace drivers;
    if (size == 0) return 0;
    const base::ManualClock clock{{}};
    FuzzedChannel channel({bytes + 1, size - 1});
    StaffCard card(channel, clock);
    const auto code = (bytes[0] & 1) != 0 ? code_of(card.sign(base::Sha256{}))
                                          : code_of(card.agree(P256Point{4}));
    using base::Errc;
    CHECK(!code || code == Errc::unsupported || code == Errc::bad_frame ||
          code == Errc::timed_out || code == Errc::card_removed);

    // The reading of DER on its own: whatever it takes it would write the same way.
    if (const auto signature = apdu::read_signature({bytes, size})) {
        CHECK(size >= 8 && size <= 72);
        const auto is_zero = [](auto half) {
            return std::all_of(half.begin(), half.end(), [](auto byte) { return byte == 0; });
        };
        CHECK(!is_zero(std::span(*signature).first<32>()));
        CHECK(!is_zero(std::span(*signature).last<32>()));
    }
    return 0;
}
