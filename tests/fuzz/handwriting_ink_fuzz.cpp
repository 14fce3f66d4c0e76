// Wild ink: any numbers at all as coordinates, any number of points and strokes. Nothing, or ten
// different characters with scores that are numbers; and the same whatever the order of the strokes
// and the end they begin from.
#include "screens/input/hand_model.hpp"
#include "tests/support/sample_hand_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

namespace {

// Eight bytes a point; a point with the bits of 0xFFFFFFFF in x begins a stroke.
input::Ink ink_of(const std::uint8_t* data, std::size_t size) {
    input::Ink ink(1);
    for (; size >= 8; data += 8, size -= 8) {
        std::uint32_t mark = 0;
        std::memcpy(&mark, data, 4);
        if (mark == 0xFFFFFFFF) {
            ink.emplace_back();
            continue;
        }
        input::InkPointMm point;
        std::memcpy(&point.x, data, 4);
        std::memcpy(&point.y, data + 4, 4);
        ink.back().push_back(point);
    }
    return ink;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto model = input::HandwritingModel::read(sample::hand_model()).value();
    if (size < 1) return 0;
    auto ink = ink_of(data + 1, size - 1);
    input::HandContext context;
    context.field = data[0] & 1 ? input::HandContext::Field::text : input::HandContext::Field::name;
    context.previous = data[0] & 2 ? U'三' : 0;
    context.box_mm = data[0] & 4 ? 60.f : 0.f;
    const auto found = model->recognise(ink, context, 0, 10);
    CHECK(found.empty() || found.size() == std::min<std::size_t>(10, model->class_count()));
    std::set<char32_t> seen;
    for (const auto& each : found) {
        CHECK(std::isfinite(each.score));
        CHECK(seen.insert(each.character).second);
    }
    std::reverse(ink.begin(), ink.end());
    for (auto& stroke : ink) std::reverse(stroke.begin(), stroke.end());
    const auto turned = model->recognise(ink, context, 0, 10);
    CHECK(turned.size() == found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(turned[i].character == found[i].character);
        CHECK(turned[i].score == found[i].score);
    }
    return 0;
}
