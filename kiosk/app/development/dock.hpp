// The strip beside the demonstration's glass: lay a card, put a page, take the paper out, pull a
// cable, cut the network. Development builds only; its words are for developers, in English.
#pragma once

#include "kiosk/app/development/demo_world.hpp"
#include "kiosk/app/window.hpp"

#include <functional>
#include <string>
#include <vector>

namespace app {

class Dock final : public SideStrip {
public:
    // Both outlive the dock. Its stage is made when it is first drawn: after the resident's
    // picture.
    Dock(Engine& engine, DemoWorld& world);
    static int width_px(const config::Panel& panel);

    screens::Stage& stage() override;
    int width_px() const override { return width_; }
    bool draw(const screens::Input& input) override;
    const screens::Frame& frame() const override { return frame_; }

private:
    struct Button {
        std::string id;
        std::string label;
        bool is_on = false; // drawn as chosen: the card lies there, the cable is pulled
        std::function<void()> press;
    };
    std::vector<std::vector<Button>> groups();
    bool draw_button(screens::Canvas& canvas, screens::Rect rect, const Button& button);
    void collect_slips();

    Engine& engine_;
    DemoWorld& world_;
    std::unique_ptr<text::FontSet> fonts_;
    std::unique_ptr<screens::Stage> stage_;
    screens::Frame frame_;
    int width_;
    std::string person_;
    std::string staff_card_;
    bool network_ = true, paper_ = true;
    bool reader_cable_ = true, camera_cable_ = true, printer_cable_ = true, staff_cable_ = true;
    bool no_hand_ = true, no_glare_ = true, no_flicker_ = true, lamp_ = true; // over the desk
    base::Picture last_slip_;
    int slips_ = 0;
};

} // namespace app
