#include "screens/goodbye_screen.hpp"

#include "screens/illustrations.hpp"
#include "screens/page.hpp"

namespace screens {

namespace {

// Optional, and quieter than the one thing to do: three faces with a word each.
void add_rating(Page& page, const GoodbyeModel& model, std::optional<GoodbyeIntent>& intent) {
    if (model.rate.empty()) return;
    page.add_text(Zone::body, model.rate, centred(tight(label())), "goodbye/rate", space::m,
                  Page::InList::yes);
    ButtonLook look;
    look.shape = ButtonLook::Shape::column;
    look.kind = ButtonLook::Kind::quiet;
    look.icon_mm = 14;
    std::vector<ButtonPlace> faces;
    const auto add = [&](const char* id, const char* icon, const std::string& label,
                         GoodbyePress press) {
        look.icon = icon;
        look.label = label;
        faces.push_back({id, look, [&intent, press] { intent = press; }});
    };
    add("goodbye/good", "mood-good", model.good, GoodbyePress::good);
    add("goodbye/fair", "mood-fair", model.fair, GoodbyePress::fair);
    add("goodbye/poor", "mood-poor", model.poor, GoodbyePress::poor);
    page.add_buttons(std::move(faces), Page::InList::yes);
}

} // namespace

std::optional<GoodbyeIntent> draw(const GoodbyeModel& model, Canvas& canvas) {
    std::optional<GoodbyeIntent> intent;
    // In portrait the words stand in the middle, under the picture: nothing else is left to read.
    const bool is_centred =
        !canvas.panel().is_landscape() && !canvas.settings().low_reach && model.has_picture;
    const std::string_view nothing;
    Page page(canvas, model.frame, is_centred ? nothing : model.title,
              is_centred ? nothing : model.sub);
    page.say_instead(model.title, model.sub);
    canvas.start_focus("actions/done");
    page.add_spacer(Zone::show);
    Block picture;
    picture.zone = Zone::show;
    picture.dispensable = true;
    picture.least = canvas.mm(60);
    picture.most = canvas.mm(160);
    picture.draw = [&](const Rect& area) {
        if (model.card_on_reader) {
            draw_lay_card(canvas, area, CardMove::lift);
        } else {
            draw_take_receipt(canvas, area);
        }
    };
    if (model.has_picture) page.add(std::move(picture));
    if (is_centred) {
        page.add_text(Zone::show, model.title, centred(tight(bold(title()))), "title", space::l);
        page.add_text(Zone::show, model.sub, centred(tight(heading(Role::muted))), "title/sub",
                      space::s);
        page.add_spacer(Zone::show);
    }
    if (model.thanks) page.add_note(Zone::show, *model.thanks, "goodbye/thanks");
    add_rating(page, model, intent);
    page.add_foot("ok", model.foot);
    if (!model.done.empty()) {
        ButtonLook done;
        done.label = model.done;
        done.icon = "ok";
        done.kind = ButtonLook::Kind::primary;
        page.action("done", done);
    }
    const auto answer = page.draw(model.first);
    if (answer.action == "done") intent = GoodbyePress::done;
    return heard<GoodbyeIntent>(answer, intent);
}

} // namespace screens
