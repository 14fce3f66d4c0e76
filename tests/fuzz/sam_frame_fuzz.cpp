// Any bytes as replies of the card reader's module. First byte: which request they answer, and
// whether the photo is kept; second: the size of the pieces they come in.
#include "drivers/card_reader/frame.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace drivers;
    if (size < 2) return 0;
    const auto request = static_cast<Request>(bytes[0] % 6);
    const auto photo = (bytes[0] & 0x80) != 0 ? Photo::keep : Photo::drop;
    const std::size_t piece = std::size_t(bytes[1]) + 1;
    base::ByteView rest(bytes + 2, size - 2);
    while (!rest.empty()) {
        ReplyDecoder decoder(request, photo);
        while (!rest.empty() && decoder.state() == ReplyDecoder::State::incomplete)
            rest = rest.subspan(decoder.feed(rest.first(std::min(piece, rest.size()))));
        if (decoder.state() == ReplyDecoder::State::broken) (void)decoder.fault();
        if (decoder.state() != ReplyDecoder::State::complete) continue;
        const auto reply = decoder.take();
        CHECK(reply.card_text.empty() || reply.card_text.size() == card_text_size);
        CHECK(reply.card_text.empty() || request == Request::read);
        CHECK(reply.photo.empty() || reply.photo.size() == card_photo_size);
        CHECK(reply.photo.empty() || (photo == Photo::keep && !reply.card_text.empty()));
        CHECK(!reply.module_id || request == Request::sam_id);
    }
    return 0;
}
