// Hostile model files: refused, or a model that answers within its own list. The bytes are read as
// they are, and again laid over a whole model with its digest made right, so that what stands
// behind the digest is reached.
#include "kiosk/base/digest.hpp"
#include "screens/input/hand_model.hpp"
#include "tests/support/sample_hand_model.hpp"

#include <algorithm>
#include <cmath>

namespace {

void try_model(base::Bytes bytes) {
    const auto model = input::HandwritingModel::read(std::move(bytes));
    if (!model) return;
    const input::Ink ink{{{0, 0}, {10, 1}}, {{5, 0}, {5, 9}}};
    for (const char32_t previous : {U'三', U'A'})
        for (const auto& each : (*model)->recognise(ink, {previous}, 0, 10)) {
            CHECK((*model)->knows(each.character));
            CHECK(std::isfinite(each.score));
        }
    for (const char32_t follower : (*model)->followers(U'三', 10)) CHECK((*model)->knows(follower));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto whole = sample::hand_model();
    try_model({data, data + size});
    if (size < 2) return 0;
    // Two bytes say where, the rest what.
    auto changed = whole;
    constexpr std::size_t digest = sizeof(base::Sha256);
    const auto body = changed.size() - digest;
    const auto at = (std::size_t(data[0]) * 256 + data[1]) * 3 % body;
    std::copy_n(data + 2, std::min(size - 2, body - at), changed.begin() + std::ptrdiff_t(at));
    const auto right = base::sha256(base::ByteView(changed).first(body));
    std::copy(right.begin(), right.end(), changed.end() - std::ptrdiff_t(digest));
    try_model(std::move(changed));
    return 0;
}
