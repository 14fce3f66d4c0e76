#include "screens/face_screen.hpp"

#include "screens/mirror.hpp"

namespace screens {

std::optional<FaceIntent> draw(const FaceModel& model, Canvas& canvas) {
    std::optional<FaceIntent> intent;
    Page page(canvas, model.frame, model.title, "");
    canvas.start_focus("actions/other_way");
    page.make_room_in_lead(&model.now);
    add_mirror(page, canvas, model.live, model.waiting);
    page.add_note(page.is_landscape() ? Zone::lead : Zone::show, model.now, "face/now");
    page.add_spacer(page.is_low() ? Zone::body : Zone::show);
    page.add_foot("lock", model.kept);
    ButtonLook stop;
    stop.label = model.stop;
    stop.icon = "cross";
    stop.kind = ButtonLook::Kind::secondary;
    ButtonLook other;
    other.label = model.other_way;
    other.icon = "counter";
    other.kind = ButtonLook::Kind::secondary;
    page.action("stop", stop);
    page.action("other_way", other);
    const auto answer = page.draw(0);
    if (answer.action == "stop") intent = Action::back;
    if (answer.action == "other_way") intent = FacePress::other_way;
    return heard<FaceIntent>(answer, intent);
}

} // namespace screens
