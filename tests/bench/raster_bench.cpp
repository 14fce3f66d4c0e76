// What a full redraw costs beside SDL's software renderer drawing the same lists, in one run.
#include "screens/stage.hpp"
#include "tests/support/sample_models.hpp"

#include <SDL.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <ctime>
#include <imgui.h>
#include <vector>

namespace {

constexpr screens::Panel panel{1080, 1920, 4.03f};
constexpr int batches = 5, rounds = 8;

// Processor time of this thread's work in milliseconds: the best batch, because the machine and its
// caches may be shared.
template <class Work> double millis_of(Work work) {
    double best = 1e9;
    for (int batch = 0; batch < batches; ++batch) {
        timespec begin{}, end{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
        for (int i = 0; i < rounds; ++i) work();
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
        best = std::min(best, (double(end.tv_sec - begin.tv_sec) * 1e3 +
                               double(end.tv_nsec - begin.tv_nsec) / 1e6) /
                                  rounds);
    }
    return best;
}

// SDL's renderer without a GPU, drawing ImGui's lists into memory as ImGui's own back end for SDL's
// renderer does: one call of SDL_RenderGeometryRaw for each command.
class SdlGlass {
public:
    SdlGlass()
        : surface_(SDL_CreateRGBSurfaceWithFormat(0, panel.width_px, panel.height_px, 32,
                                                  SDL_PIXELFORMAT_ARGB8888)),
          renderer_(SDL_CreateSoftwareRenderer(surface_)) {
        REQUIRE(renderer_ != nullptr);
        unsigned char* coverage = nullptr;
        int width = 0, height = 0;
        ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&coverage, &width, &height);
        std::vector<Uint32> pixels(std::size_t(width) * std::size_t(height));
        std::transform(coverage, coverage + pixels.size(), pixels.begin(),
                       [](unsigned char alpha) { return Uint32(alpha) << 24 | 0xFFFFFFu; });
        // The surface's own format: SDL's fastest.
        atlas_ = SDL_CreateTexture(renderer_, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC,
                                   width, height);
        REQUIRE(SDL_UpdateTexture(atlas_, nullptr, pixels.data(), width * 4) == 0);
        SDL_SetTextureBlendMode(atlas_, SDL_BLENDMODE_BLEND);
    }
    ~SdlGlass() {
        SDL_DestroyTexture(atlas_);
        SDL_DestroyRenderer(renderer_);
        SDL_FreeSurface(surface_);
    }
    SdlGlass(const SdlGlass&) = delete;

    void draw(const ImDrawData& data) {
        SDL_SetRenderDrawColor(renderer_, 255, 255, 255, 255);
        SDL_RenderClear(renderer_);
        for (int i = 0; i < data.CmdListsCount; ++i) {
            const ImDrawList& list = *data.CmdLists[i];
            for (const ImDrawCmd& command : list.CmdBuffer) {
                const auto& clip = command.ClipRect;
                const SDL_Rect rect{int(clip.x), int(clip.y), int(clip.z - clip.x),
                                    int(clip.w - clip.y)};
                SDL_RenderSetClipRect(renderer_, &rect);
                const auto* vertex = list.VtxBuffer.Data + command.VtxOffset;
                SDL_RenderGeometryRaw(renderer_, atlas_, &vertex->pos.x, sizeof(ImDrawVert),
                                      reinterpret_cast<const SDL_Color*>(&vertex->col),
                                      sizeof(ImDrawVert), &vertex->uv.x, sizeof(ImDrawVert),
                                      list.VtxBuffer.Size - int(command.VtxOffset),
                                      list.IdxBuffer.Data + command.IdxOffset,
                                      int(command.ElemCount), sizeof(ImDrawIdx));
            }
        }
        SDL_RenderFlush(renderer_);
    }

private:
    SDL_Surface* surface_;
    SDL_Renderer* renderer_;
    SDL_Texture* atlas_ = nullptr;
};

bool has_pictures(const ImDrawData& data) {
    for (int i = 0; i < data.CmdListsCount; ++i)
        for (const ImDrawCmd& command : data.CmdLists[i]->CmdBuffer)
            if (command.TextureId != nullptr) return true;
    return false;
}

} // namespace

TEST_CASE("a full redraw beside SDL's software renderer drawing the same lists", "[.bench]") {
    auto fonts = text::FontSet::open("/usr/share/fonts");
    REQUIRE(fonts.has_value());
    screens::Stage stage(panel, *fonts, *screens::Theme::open("assets/theme/tokens.json"),
                         *screens::IconSet::open("assets/icons"));
    double all_theirs = 0, all_ours = 0;
    for (const auto& sample : samples::all(base::Language::zh, "assets/content")) {
        const auto frame = [&](bool all) {
            if (all) stage.damage_all();
            screens::draw(sample.model, stage.begin({}, {}));
            return stage.end().damage.size();
        };
        frame(true);
        const ImDrawData* data = ImGui::GetDrawData();
        if (has_pictures(*data)) continue; // the lists alone do not hold them
        SdlGlass sdl;
        const double theirs = millis_of([&] { sdl.draw(*data); });
        const double whole = millis_of([&] { frame(true); });
        const double unchanged = millis_of([&] { CHECK(frame(false) == 0); });
        const double ours = whole - unchanged;
        all_theirs += theirs;
        all_ours += ours;
        std::printf("%-34s SDL %6.2f ms  ours %5.2f ms  %5.1f times  unchanged %5.3f ms\n",
                    sample.name.c_str(), theirs, ours, theirs / ours, unchanged);
    }
    std::printf("all screens: %.1f times\n", all_theirs / all_ours);
    CHECK(all_theirs >= 10 * all_ours); // what is promised (README, figures)
}
