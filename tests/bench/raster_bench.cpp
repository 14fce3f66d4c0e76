// What a full redraw costs beside SDL's software renderer drawing the same lists, in one run.
#include "screens/stage.hpp"
#include "tests/support/sample_models.hpp"

#include <SDL.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <ctime>
#include <imgui.h>

namespace {

constexpr screens::Panel panel{1080, 1920, 4.03f};
constexpr int rounds = 40;

// Processor time of this thread's work in milliseconds: the machine may be shared.
template <class Work> double millis_of(Work work) {
    timespec begin{}, end{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    for (int i = 0; i < rounds; ++i) work();
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    return (double(end.tv_sec - begin.tv_sec) * 1e3 + double(end.tv_nsec - begin.tv_nsec) / 1e6) /
           rounds;
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
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
        atlas_ = SDL_CreateTexture(renderer_, SDL_PIXELFORMAT_ABGR8888, SDL_TEXTUREACCESS_STATIC,
                                   width, height);
        REQUIRE(SDL_UpdateTexture(atlas_, nullptr, pixels, width * 4) == 0);
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

} // namespace

TEST_CASE("a full redraw beside SDL's software renderer drawing the same lists", "[.bench]") {
    auto fonts = text::FontSet::open("/usr/share/fonts");
    REQUIRE(fonts.has_value());
    screens::Stage stage(panel, *fonts, *screens::Theme::open("assets/theme/tokens.json"),
                         *screens::IconSet::open("assets/icons"));
    for (const auto& sample : samples::all(base::Language::zh, "assets/content")) {
        // Those without pictures: lists that both can draw whole.
        if (sample.name != "home" && sample.name != "attract" && sample.name != "notice" &&
            sample.name != "question_text")
            continue;
        const auto frame = [&](bool all) {
            if (all) stage.damage_all();
            screens::draw(sample.model, stage.begin({}, {}));
            return stage.end().damage.size();
        };
        frame(true);
        SdlGlass sdl;
        const ImDrawData* data = ImGui::GetDrawData();
        const double theirs = millis_of([&] { sdl.draw(*data); });
        const double whole = millis_of([&] { frame(true); });
        const double unchanged = millis_of([&] { CHECK(frame(false) == 0); });
        WARN(sample.name << ": SDL " << theirs << " ms; a frame drawn whole " << whole
                         << " ms with layout, of which drawing " << whole - unchanged
                         << " ms: SDL / ours " << theirs / (whole - unchanged) << " (whole frame "
                         << theirs / whole << "); unchanged frame " << unchanged
                         << " ms, nothing presented");
        CHECK(theirs >= 10 * (whole - unchanged)); // what is promised (README, figures)
    }
}
