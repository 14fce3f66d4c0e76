#include "screens/voice_screen.hpp"

#include "screens/page.hpp"

namespace screens {
namespace {

ButtonLook look_of(std::string_view label, std::string_view icon) {
    ButtonLook look;
    look.label = label;
    look.icon = icon;
    return look;
}

} // namespace

std::optional<VoiceIntent> draw(const VoiceModel& model, Canvas& canvas) {
    std::optional<VoiceIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    const auto button = [&intent](std::string id, const ButtonLook& look, VoicePress press) {
        return ButtonPlace{"voice/" + std::move(id), look, [&intent, press] { intent = press; }};
    };
    const auto words = tight(bold(label()));
    const Zone shown = page.is_landscape() ? Zone::body : Zone::show;
    // What a press changed is heard, not only seen.
    canvas.say("voice/volume", model.volume);
    canvas.say("voice/rate", model.rate);
    const bool together = page.is_low(); // both levels above, all that is touched below
    page.add_text(shown, model.volume, words, "voice/volume");
    if (together) page.add_text(shown, model.rate, words, "voice/rate");
    page.add_buttons({button("softer", look_of(model.softer, "minus"), VoicePress::softer),
                      button("louder", look_of(model.louder, "plus"), VoicePress::louder)},
                     Page::InList::yes);
    if (!together)
        page.add_text(Zone::body, model.rate, words, "voice/rate", space::l, Page::InList::yes);
    page.add_buttons({button("slower", look_of(model.slower, "minus"), VoicePress::slower),
                      button("faster", look_of(model.faster, "plus"), VoicePress::faster)},
                     Page::InList::yes);
    page.add_buttons({button("again", look_of(model.again, "speaker"), VoicePress::again)},
                     Page::InList::yes);
    page.add_buttons({button("stop", look_of(model.stop, "cross"), VoicePress::stop)},
                     Page::InList::yes);
    page.add_spacer();
    ButtonLook back = look_of(model.back, "arrow-start");
    back.kind = ButtonLook::Kind::primary;
    page.action("go", back);
    return heard<VoiceIntent>(page.draw(0), intent);
}

} // namespace screens
