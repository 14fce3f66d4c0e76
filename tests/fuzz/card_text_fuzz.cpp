// Any bytes as the text area of a card, and as a recorded reply.
#include "drivers/card_reader/card_text.hpp"
#include "drivers/card_reader/recorded_reply.hpp"

#include <algorithm>

namespace {

// What a screen and a printer may be given: no control characters, no half surrogates.
void check_text(std::string_view text) {
    for (const char c : text) CHECK(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    CHECK(text.find("\xed\xa0") == text.npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace drivers;
    (void)decode_recorded_reply({bytes, size});
    base::Bytes text(256);
    std::copy_n(bytes, std::min(size, text.size()), text.begin());
    const auto card = read_card_text(text, std::nullopt);
    if (!card) return 0;
    for (const auto* field : {&card->card.name, &card->card.latin_name, &card->card.number,
                              &card->card.address, &card->card.issuer})
        check_text(*field);
    CHECK(card->card.name.size() <= 120 * 3);
    return 0;
}
