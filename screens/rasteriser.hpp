// Draws ImGui's triangles into memory, and only where something changed.
//
// Every primitive is hashed into the cells of 64 x 64 pixels that it touches; a cell whose hash is
// that of the last frame is left alone. Bit-exact on every machine: no fused multiply-add, no
// GPU (DESIGN D3, spec ui-text §3). It knows the three shapes that our canvas makes: upright
// solid quads, upright textured quads at their natural size, and triangles whose alpha varies.
// Not handled: rotated or scaled textures, colours that vary inside a triangle.
#pragma once

#include "screens/stage.hpp"

#include <cstdint>
#include <span>
#include <vector>

struct ImDrawData;

namespace screens {

// What an ImTextureID stands for. Id 0 is the coverage atlas; picture n has id n + 1.
struct CoverageAtlas {
    const std::uint8_t* coverage = nullptr;
    int width = 0;
    int height = 0;
};
struct PictureTexture {
    std::span<const std::uint32_t> pixels; // 0xFFRRGGBB
    int width = 0;
    int height = 0;
    std::uint64_t digest = 0; // of the pixels: what the damage is found by
};

class Rasteriser {
public:
    static constexpr int cell = 64;

    Rasteriser(int width, int height);

    // Returns the rectangles that were drawn anew: none when the frame is like the last one.
    std::span<const PixelRect> draw(const ImDrawData& data, std::uint32_t background,
                                    const CoverageAtlas& atlas,
                                    std::span<const PictureTexture> pictures);

    std::span<const std::uint32_t> pixels() const { return pixels_; }
    int width() const { return width_; }
    int height() const { return height_; }
    void damage_all() { everything_ = true; }
    void wipe(); // black, everything damaged

private:
    void hash_cells(const ImDrawData& data, std::uint32_t background,
                    std::span<const PictureTexture> pictures);
    void find_damage();

    int width_, height_, columns_, rows_;
    std::vector<std::uint32_t> pixels_;
    std::vector<std::uint64_t> hashes_, last_hashes_;
    std::vector<PixelRect> damage_;
    bool everything_ = true;
};

} // namespace screens
