// Papers: the page under the camera, the page just taken, all pages of one paper.
#include "kiosk/present/scene.hpp"

#include <algorithm>

namespace present {
namespace {

using screens::NoteModel;

// What the office calls the page at this place: "page 2: the person's page".
std::string page_name(const Scene& scene, std::size_t index) {
    const auto& labels = scene.field().page_labels;
    if (index < labels.size()) return scene.say.of(labels[index]);
    return scene.say("pages.page", {{"page", std::to_string(index + 1)}});
}

bool is_photo(const Scene& scene) {
    return scene.field().type == forms::FieldType::photo;
}

// The place of the page that is being taken.
std::size_t place_in_turn(const Scene& scene) {
    const auto numbers = session::pages_of(scene.visit(), scene.visit().field);
    const auto replaced =
        std::find(numbers.begin(), numbers.end(), scene.visit().replacing.value_or(0));
    return std::size_t(replaced - numbers.begin());
}

std::size_t fitting(std::int64_t max) {
    return max > 0 ? std::size_t(max) : 1;
}

} // namespace

screens::ScreenModel scan(const Scene& scene) {
    const auto& visit = scene.visit();
    const auto& field = scene.field();
    screens::ScanModel model;
    model.frame = frame(scene);
    model.title = scene.say.of(field.label);
    model.sub = scene.say(is_photo(scene) ? "photo.sub" : "scan.sub");
    model.live = scene.facts.live;
    model.waiting = scene.say("scan.waiting");
    const auto place = place_in_turn(scene);
    model.page =
        scene.say("scan.page", {{"page", std::to_string(place + 1)},
                                {"of", std::to_string(std::max(fitting(field.max), place))},
                                {"label", page_name(scene, place)}});
    model.hint = scene.say(is_photo(scene) ? "photo.hint" : "scan.hint");
    model.actions.back = scene.say("common.back");
    model.actions.go_ready = scene.facts.camera_ok && model.live != nullptr;
    model.actions.go = scene.say(model.actions.go_ready ? "scan.take" : "scan.waiting");
    model.actions.go_icon = "camera";
    if (!scene.facts.camera_ok)
        model.status = note(scene, NoteModel::Kind::warning, "scan.unplugged");
    else if (visit.device_problem)
        model.status =
            note(scene, NoteModel::Kind::warning, camera_problem_key(*visit.device_problem));
    const bool has_pages = !session::pages_of(visit, visit.field).empty();
    const bool may_skip = session::may_skip(scene.session, scene.facts.world);
    if (!has_pages)
        model.other_way = scene.say(!may_skip         ? "scan.no-paper"
                                    : is_photo(scene) ? "photo.skip"
                                                      : "scan.skip");
    return model;
}

screens::ScreenModel page_check(const Scene& scene) {
    screens::PageCheckModel model;
    model.frame = frame(scene);
    model.title = scene.say("page-check.title");
    model.sub = page_name(scene, place_in_turn(scene));
    if (scene.visit().taken) model.page = scene.visit().taken->preview;
    // not handled: page finding, so the person is the judge of the page.
    model.notes = {{NoteModel::Kind::info, "", "", scene.say("page-check.whole-frame")}};
    model.hint = scene.say("page-check.sub");
    model.retake = scene.say("page-check.retake");
    model.use = scene.say("page-check.use");
    return model;
}

screens::ScreenModel pages(const Scene& scene) {
    const auto& visit = scene.visit();
    const auto& field = scene.field();
    const auto numbers = session::pages_of(visit, visit.field);
    screens::PagesModel model;
    model.frame = frame(scene);
    model.title = scene.say("pages.title");
    model.sub = scene.say.counted("pages.sub", "count", std::int64_t(numbers.size()));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        screens::PageThumb thumb;
        thumb.id = std::to_string(numbers[i]);
        thumb.label = page_name(scene, i);
        thumb.state = scene.say("pages.taken");
        const auto page = visit.pages.find(numbers[i]);
        if (page != visit.pages.end()) thumb.picture = page->second.preview;
        thumb.chosen = thumb.id == scene.view.chosen_page;
        if (thumb.chosen) {
            model.retake = scene.say("pages.retake");
            model.remove = scene.say("pages.remove");
        }
        model.pages.push_back(std::move(thumb));
    }
    const bool is_full = numbers.size() >= fitting(field.max);
    if (!is_full) model.add = scene.say("pages.add");
    model.note = fault_note(scene);
    if (!model.note && is_full)
        model.note =
            NoteModel{NoteModel::Kind::info, "", "",
                      scene.say.counted("pages.full", "max", std::int64_t(numbers.size()))};
    model.actions.back = scene.say("common.back");
    const auto missing = field.min - std::int64_t(numbers.size());
    const bool is_short =
        missing > 0 && (!numbers.empty() || !session::may_skip(scene.session, scene.facts.world));
    model.actions.go_ready = !is_short;
    model.actions.go = is_short ? scene.say.counted("fault.pages-few", "missing", missing)
                                : scene.say("pages.done");
    model.first = scene.view.first;
    return model;
}

} // namespace present
