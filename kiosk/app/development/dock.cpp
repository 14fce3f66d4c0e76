#include "kiosk/app/development/dock.hpp"

#include "kiosk/app/development/demo_staff.hpp"

#include <algorithm>

namespace app {
namespace {

using screens::Rect;
using screens::Role;

// Chosen: a third of the glass is enough for two columns of buttons.
constexpr double width_share = 0.34;
// Smaller than the glass's own density: developers stand nearer than residents.
constexpr double density_share = 0.42;
constexpr std::size_t short_label = 22;

} // namespace

int Dock::width_px(const config::Panel& panel) {
    return int(panel.width_px * width_share);
}

Dock::Dock(Engine& engine, DemoWorld& world)
    : engine_(engine), world_(world), width_(width_px(engine.config().panel)) {}

// The same files as the engine's own stage, which is open by now: a fault here is a bug.
screens::Stage& Dock::stage() {
    if (stage_) return *stage_;
    const auto& config = engine_.config();
    auto fonts = text::FontSet::open(config.fonts_folder);
    auto theme = screens::Theme::open(config.assets_folder + "/theme/tokens.json");
    auto icons = screens::IconSet::open(config.assets_folder + "/icons");
    CHECK(fonts && theme && icons);
    fonts_ = std::make_unique<text::FontSet>(std::move(fonts).value());
    const screens::Panel panel{width_, config.panel.height_px,
                               float(config.panel.pixels_per_mm * density_share)};
    stage_ = std::make_unique<screens::Stage>(panel, *fonts_, std::move(theme).value(),
                                              std::move(icons).value());
    return *stage_;
}

std::vector<std::vector<Dock::Button>> Dock::groups() {
    std::vector<std::vector<Button>> groups(5);
    for (const auto& person : drivers::demo_people())
        groups[0].push_back({"card/" + std::string(person.id), std::string(person.label),
                             person_ == person.id, [this, id = std::string(person.id)] {
                                 if (world_.lay_card(id)) person_ = id;
                             }});
    groups[0].push_back({"card/lift", "lift the card", false, [this] {
                             world_.sam.lift_card();
                             person_.clear();
                         }});
    groups[0].push_back({"card/tear", "next read: torn away", false,
                         [this] { world_.sam.tear_away_mid_read(300); }});
    for (const int seed : {1, 2, 3})
        groups[1].push_back({"page/" + std::to_string(seed), "put page " + std::to_string(seed),
                             false, [this, seed] { world_.put_page(std::uint64_t(seed)); }});
    groups[1].push_back({"page/slip", "put the last receipt", false, [this] {
                             if (!last_slip_.empty())
                                 world_.camera.put_page(drivers::lay_slip_on_desk(last_slip_, 4));
                         }});
    groups[1].push_back(
        {"page/away", "take the page away", false, [this] { world_.camera.take_page_away(); }});
    const auto toggle = [&](std::vector<Button>& group, std::string id, std::string label, bool& on,
                            std::function<void(bool)> set) {
        group.push_back({std::move(id), std::move(label), !on, [&on, set = std::move(set)] {
                             on = !on;
                             set(on);
                         }});
    };
    groups[1].push_back({"page/slide", "push a page in", false, [this] { world_.slide_page(1); }});
    toggle(groups[1], "desk/hand", "a hand on its edge", no_hand_,
           [this](bool off) { world_.camera.lay_hand(!off); });
    toggle(groups[1], "desk/glare", "the lamp seen in it", no_glare_,
           [this](bool off) { world_.camera.reflect(!off); });
    toggle(groups[1], "desk/flicker", "the lamp flickers", no_flicker_,
           [this](bool off) { world_.camera.flicker(!off); });
    toggle(groups[1], "desk/lamp", "the lamp is off", lamp_,
           [this](bool on) { world_.camera.go_black(!on); });
    groups[1].push_back({"desk/focus", "the focus hunts", false,
                         [this] { (void)world_.set_desk("focus hunts").has_value(); }});
    groups[1].push_back({"page/two", "two pages", false,
                         [this] { world_.camera.put_page(drivers::lay_two_pages_on_desk()); }});
    groups[1].push_back({"page/marks", "five camera marks", false,
                         [this] { world_.camera.put_page(drivers::lay_marks_on_desk()); }});
    groups[1].push_back({"page/blank", "a blank sheet", false,
                         [this] { world_.camera.put_page(drivers::lay_blank_sheet_on_desk()); }});
    groups[1].push_back({"page/card", "a blank card", false,
                         [this] { world_.camera.put_page(drivers::lay_card_on_desk()); }});
    toggle(groups[2], "paper", "paper taken out", paper_, [this](bool on) {
        on ? world_.paper_printer.load_paper() : world_.paper_printer.take_paper_out();
    });
    toggle(groups[2], "cable/printer", "printer unplugged", printer_cable_, [this](bool on) {
        on ? world_.paper_printer.plug_cable() : world_.paper_printer.pull_cable();
    });
    toggle(groups[2], "cable/reader", "card reader unplugged", reader_cable_,
           [this](bool on) { on ? world_.sam.plug_cable() : world_.sam.pull_cable(); });
    toggle(groups[2], "cable/camera", "camera unplugged", camera_cable_,
           [this](bool on) { on ? world_.camera.plug_cable() : world_.camera.pull_cable(); });
    toggle(groups[3], "network", "network cut", network_, [this](bool on) {
        world_.set_network(on);
        if (on) engine_.sender_wake();
    });
    for (const auto& card : demo_staff_cards())
        groups[4].push_back({"staff/" + std::string(card.name), std::string(card.label),
                             staff_card_ == card.name, [this, name = std::string(card.name)] {
                                 if (world_.insert_staff_card(name)) staff_card_ = name;
                             }});
    groups[4].push_back({"staff/pull", "pull the staff card", false, [this] {
                             world_.staff_reader.pull_card();
                             staff_card_.clear();
                         }});
    toggle(groups[4], "cable/staff", "staff card reader unplugged", staff_cable_,
           [this](bool on) { on ? world_.staff_reader.plug_in() : world_.staff_reader.unplug(); });
    return groups;
}

bool Dock::draw_button(screens::Canvas& canvas, Rect rect, const Button& button) {
    const bool pressed = canvas.press(button.id, rect, screens::ItemKind::button, button.label,
                                      {.chosen = button.is_on});
    const bool is_down = canvas.is_pressed(button.id);
    canvas.box(rect, {.radius_mm = 3,
                      .fill = is_down        ? Role::secondary_pressed
                              : button.is_on ? Role::warning_tint
                                             : Role::surface,
                      .edge = Role::edge});
    screens::TextStyle style;
    style.vertical = screens::VerticalAlign::middle;
    style.align = text::Align::center;
    style.tight = true;
    canvas.text(rect.inset(canvas.mm(3), 0), button.label, style, button.id);
    return pressed;
}

void Dock::collect_slips() {
    for (auto& slip : world_.paper_printer.tear()) {
        last_slip_ = std::move(slip);
        ++slips_;
    }
}

bool Dock::draw(const screens::Input& input) {
    collect_slips();
    auto& canvas = stage().begin(
        input, {.language = base::Language::en, .text_size = screens::TextSize::standard});
    canvas.fill(canvas.page(), Role::sunken);
    auto page = canvas.page().inset(canvas.mm(8));
    screens::TextStyle heading;
    heading.type = screens::TypeRole::heading;
    heading.bold = true;
    canvas.text(page.take_top(canvas.mm(22)), "Simulated devices", heading, "dock/title");
    std::function<void()> pressed;
    for (const auto& group : groups()) {
        // Two in a row where every label is short enough.
        const bool is_short = std::all_of(group.begin(), group.end(), [](const Button& button) {
            return button.label.size() <= short_label;
        });
        const std::size_t in_row = is_short ? 2 : 1;
        for (std::size_t i = 0; i < group.size(); i += in_row) {
            const auto row = page.take_top(canvas.mm(26), canvas.mm(5));
            const auto places = row.columns(int(in_row), canvas.mm(5));
            for (std::size_t k = 0; k < in_row && i + k < group.size(); ++k)
                if (draw_button(canvas, places[k], group[i + k])) pressed = group[i + k].press;
        }
        page.take_top(canvas.mm(10));
    }
    screens::TextStyle small;
    canvas.text(page.take_top(canvas.mm(40)),
                std::to_string(world_.platform->submission_count()) + " at the platform, " +
                    std::to_string(slips_) + " receipts printed",
                small, "dock/counts");
    if (!last_slip_.empty() && page.h > canvas.mm(60)) {
        base::Picture coloured{last_slip_.width, last_slip_.height, 3, {}};
        coloured.pixels.reserve(last_slip_.pixels.size() * 3);
        for (const auto grey : last_slip_.pixels)
            coloured.pixels.insert(coloured.pixels.end(), 3, grey);
        canvas.picture("dock/slip", page, coloured);
    }
    frame_ = stage_->end();
    if (pressed) pressed();
    return bool(pressed);
}

} // namespace app
