#include "kiosk/app/window.hpp"

#include "kiosk/app/hands.hpp"
#include "kiosk/app/service_notice.hpp"

#include <SDL.h>
#include <algorithm>
#include <cstring>
#include <vector>

namespace app {
namespace {

// After an input the picture may need a second and a third frame to stand still (spec ui-text §3).
constexpr int frames_after_input = 3;

base::Error sdl_error(const char* what) {
    return {base::Errc::device, std::string(what) + ": " + SDL_GetError() +
                                    " (is there a display? DISPLAY must name it)"};
}

class Loop {
public:
    Loop(Engine& engine, const base::Clock& clock, LoopSettings settings, SDL_Window* window,
         Uint32 wake_event)
        : engine_(engine), clock_(clock), settings_(std::move(settings)), window_(window),
          wake_event_(wake_event), panel_{engine.config().panel.width_px,
                                          engine.config().panel.height_px} {}

    // True: the engine wants a new start.
    bool run() {
        notice_.ready();
        engine_.stage().damage_all();
        bool wants_new_start = false;
        while (!ended_ && !(wants_new_start = engine_.wants_new_start())) {
            const bool changed = engine_.kiosk().turn();
            if (changed) frames_due_ = frames_after_input;
            draw(hands_.now());
            take_keys();
            if (settings_.on_frame) settings_.on_frame();
            notice_.beat(clock_.now(), {engine_.sender_reported()});
            wait();
        }
        if (!wants_new_start) notice_.stopping();
        engine_.hush(); // SDL goes with the window
        return wants_new_start;
    }

private:
    struct Size {
        int width;
        int height;
    };

    void draw(const screens::Input& input) {
        frames_due_ = std::max(0, frames_due_ - 1);
        auto on_glass = input;
        auto on_strip = input;
        on_strip.pointer.x -= float(panel_.width);
        if (input.pointer.x >= float(panel_.width))
            on_glass = {};
        else
            on_strip = {};
        if (engine_.glass().draw(on_glass)) frames_due_ = frames_after_input;
        show(engine_.glass().frame(), panel_.width, 0);
        if (settings_.strip == nullptr) return;
        if (settings_.strip->draw(on_strip)) frames_due_ = frames_after_input;
        show(settings_.strip->frame(), settings_.strip->width_px(), panel_.width);
    }

    // Copies what changed, and shows it.
    void show(const screens::Frame& frame, int width, int left) {
        if (frame.damage.empty()) return;
        SDL_Surface* surface = SDL_GetWindowSurface(window_);
        if (surface == nullptr || surface->format->BytesPerPixel != 4) return;
        std::vector<SDL_Rect> rects;
        SDL_LockSurface(surface);
        for (const auto& damage : frame.damage) {
            const SDL_Rect rect{damage.x + left, damage.y,
                                std::min(damage.w, surface->w - damage.x - left),
                                std::min(damage.h, surface->h - damage.y)};
            if (rect.w <= 0 || rect.h <= 0) continue;
            for (int y = 0; y < rect.h; ++y) {
                auto* to = static_cast<Uint8*>(surface->pixels) +
                           std::ptrdiff_t(rect.y + y) * surface->pitch + std::ptrdiff_t(rect.x) * 4;
                const auto* from = frame.pixels.data() +
                                   std::size_t(damage.y + y) * std::size_t(width) +
                                   std::size_t(damage.x);
                std::memcpy(to, from, std::size_t(rect.w) * 4);
            }
            rects.push_back(rect);
        }
        SDL_UnlockSurface(surface);
        if (!rects.empty()) SDL_UpdateWindowSurfaceRects(window_, rects.data(), int(rects.size()));
    }

    void wait() {
        SDL_Event event;
        auto wake = engine_.kiosk().next_wake();
        if (const auto voice = engine_.glass().next_wake()) wake = std::min(wake, *voice);
        const auto until = wake - clock_.now();
        // Chosen: 30 s at the longest, so that the clock in the header is never a minute late.
        const auto longest = notice_.interval().value_or(base::Milliseconds(30'000));
        const auto limit = std::clamp<base::Milliseconds>(until, base::Milliseconds(1), longest);
        const bool got = frames_due_ > 0 ? SDL_PollEvent(&event) == 1
                                         : SDL_WaitEventTimeout(&event, int(limit.count())) == 1;
        if (!got) return;
        take(event);
        while (SDL_PollEvent(&event) == 1) take(event);
    }

    void take(const SDL_Event& event) {
        if (event.type == SDL_QUIT)
            ended_ = true;
        else if (event.type == wake_event_)
            frames_due_ = std::max(frames_due_, 1);
        else if (event.type == SDL_WINDOWEVENT) {
            engine_.stage().damage_all();
            if (settings_.strip != nullptr) settings_.strip->stage().damage_all();
            frames_due_ = std::max(frames_due_, 1);
        }
        if (settings_.window_keys)
            if (const auto key = window_key(event)) engine_.keys().post(*key);
        for (const auto& input : hands_.take(event)) {
            draw(input);
            frames_due_ = frames_after_input;
        }
    }

    // Each key is for the picture that was seen when it was pressed.
    void take_keys() {
        while (const auto key = engine_.keys().take()) {
            engine_.glass().key(*key);
            engine_.kiosk().turn();
            draw(hands_.now());
            frames_due_ = frames_after_input;
        }
    }

    Engine& engine_;
    const base::Clock& clock_;
    LoopSettings settings_;
    SDL_Window* window_;
    Uint32 wake_event_;
    ServiceNotice notice_ = ServiceNotice::from_environment();
    Size panel_;
    Hands hands_;
    bool ended_ = false;
    int frames_due_ = frames_after_input;
};

} // namespace

struct Window::Native {
    SDL_Window* window = nullptr;
    ~Native() {
        if (window != nullptr) SDL_DestroyWindow(window);
        SDL_Quit();
    }
};

Window::~Window() = default;

base::Result<std::unique_ptr<Window>> Window::open(int width, int height, bool windowed) {
    // SDL's handler wakes the loop only when the signal happens to reach this thread.
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    // X11 only (DESIGN D3): without a display SDL would go on to a driver that draws into nothing.
    SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11");
    // Else SDL shows the window surface as a texture through GL, which costs a multiple (D3).
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "1"); // the first finger: hands.hpp
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return sdl_error("cannot open a window");
    std::unique_ptr<Window> opened(new Window);
    opened->native_ = std::make_unique<Native>();
    const Uint32 flags = windowed ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP | SDL_WINDOW_BORDERLESS;
    opened->native_->window =
        SDL_CreateWindow("kiosk", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, width, height,
                         flags | SDL_WINDOW_HIDDEN);
    if (opened->native_->window == nullptr) return sdl_error("cannot open a window");
    return opened;
}

bool Window::run(Engine& engine, const base::Clock& clock, LoopSettings settings) {
    const Uint32 wake_event = SDL_RegisterEvents(1);
    engine.on_arrival([wake_event] {
        SDL_Event event{};
        event.type = wake_event;
        SDL_PushEvent(&event);
    });
    engine.start();
    settings.signals.watch([] {
        SDL_Event event{};
        event.type = SDL_QUIT;
        SDL_PushEvent(&event);
    });
    SDL_ShowWindow(native_->window);
    return Loop(engine, clock, std::move(settings), native_->window, wake_event).run();
}

} // namespace app
