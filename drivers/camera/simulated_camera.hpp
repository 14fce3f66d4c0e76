// A document camera that looks at picture files. Verbs are what people do at the desk; they may be
// called from another thread than the driver's. Development builds only (DESIGN D13).
#pragma once

#include "drivers/camera/camera.hpp"
#include "drivers/camera/test_page.hpp"

#include <mutex>

namespace drivers {

class SimulatedCamera final : public Camera {
public:
    base::Result<void> open() override;
    base::Result<base::Picture> next_frame(base::Milliseconds limit) override;
    void close() override;
    bool is_open() const override;
    std::uint64_t frames_taken() const override;
    std::string describe() const override;

    // `frame` is everything the camera sees: the page and the desk around it.
    void put_page(base::Picture frame);
    // A JPEG or PNG. Errors: not_found, io, unsupported, corrupt, too_large.
    base::Result<void> put_page_file(const std::string& path);
    // The same, pushed in from the right within so many frames.
    void slide_in(base::Picture frame, int frames);
    void take_page_away();
    bool has_page() const;
    void pull_cable();
    void plug_cable();
    void go_black(bool black);   // a lens cap, a dead lamp
    void stall(bool stalled);    // frames stop coming
    void lay_hand(bool lies);    // over the left edge of what lies there
    void reflect(bool shines);   // the lamp is seen in a plastic cover
    void flicker(bool on);       // every second frame is dark
    void hunt_focus(int frames); // so many frames are blurred, each in another way

private:
    base::Picture as_seen() const;

    mutable std::mutex mutex_;
    base::Picture page_;
    bool is_plugged_ = true;
    bool is_open_ = false;
    bool is_black_ = false;
    bool is_stalled_ = false;
    bool has_hand_ = false;
    bool is_shining_ = false;
    bool is_flickering_ = false;
    int slides_for_ = 0; // frames left, of
    int slide_ = 1;
    int hunts_for_ = 0;
    std::uint64_t frames_ = 0;
};

} // namespace drivers
