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
    void take_page_away();
    bool has_page() const;
    void pull_cable();
    void plug_cable();
    void go_black(bool black); // a lens cap, a dead lamp
    void stall(bool stalled);  // frames stop coming

private:
    mutable std::mutex mutex_;
    base::Picture page_;
    bool is_plugged_ = true;
    bool is_open_ = false;
    bool is_black_ = false;
    bool is_stalled_ = false;
    std::uint64_t frames_ = 0;
};

} // namespace drivers
