#include "kiosk/present/ink.hpp"

#include <algorithm>
#include <cmath>

namespace present {
namespace {

// chosen: a pen of 1 mm on a line of 100 mm.
constexpr float pen_radius = 6.0f;
constexpr int preview_width = 300;
constexpr int preview_height = 150;

struct Dot {
    float x = 0;
    float y = 0;
};

// How much of a pixel the pen covers, by its distance from the line's middle: a soft edge of one
// pixel.
float coverage(float distance) {
    return std::clamp(pen_radius + 0.5f - distance, 0.0f, 1.0f);
}

float distance_to(Dot a, Dot b, Dot p) {
    const float dx = b.x - a.x;
    const float dy = b.y - a.y;
    const float length = dx * dx + dy * dy;
    const float along =
        length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0f, 1.0f) : 0;
    return std::hypot(p.x - (a.x + along * dx), p.y - (a.y + along * dy));
}

void draw_line(base::Picture& picture, Dot a, Dot b) {
    const float reach = pen_radius + 1;
    const int left = std::max(0, int(std::min(a.x, b.x) - reach));
    const int right = std::min(picture.width - 1, int(std::max(a.x, b.x) + reach));
    const int top = std::max(0, int(std::min(a.y, b.y) - reach));
    const int bottom = std::min(picture.height - 1, int(std::max(a.y, b.y) + reach));
    for (int y = top; y <= bottom; ++y) {
        auto* row = picture.row(y);
        for (int x = left; x <= right; ++x) {
            const Dot middle{float(x) + 0.5f, float(y) + 0.5f};
            const auto grey = std::uint8_t(255.0f * (1 - coverage(distance_to(a, b, middle))));
            row[x] = std::min(row[x], grey); // lines that touch do not make each other lighter
        }
    }
}

// Points outside the board lie on its edge: a finger may slip off.
Dot place(session::InkPoint point) {
    return {std::clamp(point.x, 0.0f, 1.0f) * ink_width,
            std::clamp(point.y, 0.0f, 1.0f) * ink_height};
}

} // namespace

base::Result<session::SignatureInput> draw_ink(const session::Strokes& strokes) {
    base::Picture picture{ink_width, ink_height, 1,
                          base::Bytes(std::size_t(ink_width) * ink_height, 255)};
    int count = 0;
    for (const auto& stroke : strokes) {
        if (stroke.empty()) continue;
        ++count;
        for (std::size_t i = 0; i < stroke.size(); ++i)
            draw_line(picture, place(stroke[i > 0 ? i - 1 : 0]), place(stroke[i]));
    }
    if (count == 0) return base::Error{base::Errc::invalid_input, "a signature without a stroke"};

    auto file = base::encode_png(picture);
    session::SignatureInput signature;
    signature.strokes = count;
    signature.page.media_type = "image/png";
    signature.page.preview = std::make_shared<const base::Picture>(
        base::shrink_to_fit(picture, preview_width, preview_height));
    base::wipe(picture.pixels.data(), picture.pixels.size());
    if (!file) return file.error();
    signature.page.bytes =
        std::make_shared<const base::SecretBytes>(file.value().begin(), file.value().end());
    base::wipe(file.value().data(), file.value().size());
    return signature;
}

} // namespace present
