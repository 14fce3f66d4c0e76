// The kiosk on a screen: an SDL2 window surface (X11), one finger, and nothing drawn that did not
// change (DESIGN D3, spec ui-text §3).
//
// Sleeps until a touch, a worker's answer, or the next deadline. Keyboards are ignored: no key
// leads out of the program (spec reliability H6). The keypad is not one of the window's: it is read
// by its driver.
#pragma once

#include "kiosk/app/end_signals.hpp"
#include "kiosk/app/engine.hpp"
#include "kiosk/app/sound.hpp"

#include <functional>

namespace app {

// A strip beside the glass that plays with the devices (development). Draws on a stage of its own.
class SideStrip {
public:
    virtual ~SideStrip() = default;
    virtual screens::Stage& stage() = 0;
    virtual int width_px() const = 0;
    // Draws one frame and acts on what was pressed. True when another frame is needed.
    virtual bool draw(const screens::Input& input) = 0;
    virtual const screens::Frame& frame() const = 0;
};

struct LoopSettings {
    EndSignals& signals; // made before the engine, whose threads must not take them
    SideStrip* strip = nullptr;
    bool window_keys = false;       // demonstration: the keyboard stands for the keypad (hands.hpp)
    std::function<void()> on_frame; // after each turn's picture
};

// On the thread of main(). One at a time.
class Window {
public:
    // Not shown yet, so that it may be opened while the engine is. Pixels; without `windowed` it
    // covers the whole screen. Errors: device (no display; the context says what SDL said).
    static base::Result<std::unique_ptr<Window>> open(int width, int height, bool windowed);
    ~Window();

    // Shows it, starts the engine, and runs until the window is closed or the process is asked to
    // end, or the engine wants a new start: then true, and another engine may be run.
    [[nodiscard]] bool run(Engine& engine, const base::Clock& clock, LoopSettings settings);

private:
    Window() = default;
    struct Native;
    std::unique_ptr<Native> native_;
};

} // namespace app
