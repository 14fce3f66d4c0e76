// Papers: the page under the camera, the page just taken, all pages of one paper.
#include "kiosk/present/scene.hpp"

#include <algorithm>

namespace present {
namespace {

using screens::NoteModel;

bool is_photo(const Scene& scene) {
    return scene.field().type == forms::FieldType::photo;
}

// Pictures of things have words of their own: there is nothing to read on them.
std::string_view words_of(const Scene& scene, std::string_view paper, std::string_view photo) {
    return is_photo(scene) ? photo : paper;
}

// What the office calls the page at this place: "page 2: the person's page".
std::string page_name(const Scene& scene, std::size_t index) {
    const auto& labels = scene.field().page_labels;
    if (index < labels.size()) return scene.say.of(labels[index]);
    return scene.say(is_photo(scene) ? "photo.page" : "pages.page",
                     {{"page", std::to_string(index + 1)}});
}

// The place of the page that is being taken.
std::size_t place_in_turn(const Scene& scene) {
    const auto numbers = session::pages_of(scene.visit(), scene.visit().field);
    const auto replaced =
        std::find(numbers.begin(), numbers.end(), scene.visit().replacing.value_or(0));
    return std::size_t(replaced - numbers.begin());
}

NoteModel flaw_note(const Scene& scene, const drivers::Flaw& flaw) {
    const std::string key(flaw_key(flaw.reason));
    NoteModel note;
    note.kind = NoteModel::Kind::warning;
    // A reflection is looked for where it is.
    if (flaw.reason == drivers::ScanReason::glare && flaw.place)
        note.title = scene.say(key + ".at", {{"place", scene.say(place_key(*flaw.place))}});
    else
        note.title = scene.say(key + ".title");
    note.text = scene.say(key, {{"label", page_name(scene, place_in_turn(scene))}});
    return note;
}

NoteModel seen(const Scene& scene, NoteModel::Kind kind, const std::string& key, bool has_text) {
    NoteModel note;
    note.kind = kind;
    note.title = scene.say(key + ".title");
    if (has_text) note.text = scene.say(key);
    return note;
}

// The other side of a card that lies there already.
bool is_turned_over(const Scene& scene) {
    return session::is_card_paper(scene.field()) && place_in_turn(scene) == 1;
}

NoteModel sight_note(const Scene& scene) {
    using State = session::PageSight::State;
    const auto& sight = scene.visit().sight;
    if (sight.state == State::taken && is_turned_over(scene))
        return seen(scene, NoteModel::Kind::info, "scan.see.turn", true);
    switch (sight.state) {
    case State::still: return seen(scene, NoteModel::Kind::success, "scan.see.still", false);
    case State::taken: return seen(scene, NoteModel::Kind::info, "scan.see.taken", true);
    case State::again: return seen(scene, NoteModel::Kind::info, "scan.see.again", true);
    case State::moving: return seen(scene, NoteModel::Kind::info, "scan.see.moving", false);
    case State::flawed:
    case State::nothing:
        if (sight.flaw) return flaw_note(scene, *sight.flaw);
        [[fallthrough]];
    case State::unknown: break;
    }
    return seen(scene, NoteModel::Kind::info, "scan.see.nothing", false);
}

// What may be said of a page without a press, and takes most room.
NoteModel longest_note(const Scene& scene) {
    using drivers::ScanReason;
    NoteModel longest;
    const auto consider = [&](NoteModel note) {
        const auto length = [](const NoteModel& each) {
            return std::max(each.title.size(), std::size_t(12)) + each.text.size();
        };
        if (length(note) > length(longest)) longest = std::move(note);
    };
    for (const auto reason : {ScanReason::cut, ScanReason::finger, ScanReason::dark,
                              ScanReason::blur, ScanReason::glare, ScanReason::small})
        consider(flaw_note(scene, {reason, {}}));
    consider(flaw_note(scene, {ScanReason::wrong_paper, {}}));
    consider(flaw_note(scene, {ScanReason::two_pages, {}}));
    consider(flaw_note(scene, {ScanReason::glare, drivers::Place::upper_right}));
    consider(seen(scene, NoteModel::Kind::info, "scan.see.taken", true));
    consider(seen(scene, NoteModel::Kind::info, "scan.see.again", true));
    return longest;
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
    model.title = asked(scene);
    model.sub = scene.say(is_photo(scene)         ? "photo.sub"
                          : is_turned_over(scene) ? "scan.sub.turn"
                                                  : "scan.sub");
    model.live = scene.facts.live;
    model.outline = scene.facts.paper.outline;
    model.held = float(scene.facts.paper.held);
    model.waiting = scene.say("scan.waiting");
    const auto place = place_in_turn(scene);
    const auto most = std::max(fitting(field.max), place);
    // "Of two" would ask for a second page where one is enough.
    model.page =
        scene.say(most > 1 && std::size_t(field.min) < most ? "scan.page.up-to" : "scan.page",
                  {{"page", std::to_string(place + 1)},
                   {"of", std::to_string(most)},
                   {"label", page_name(scene, place)}});
    if (is_photo(scene)) model.page = page_name(scene, place);
    model.hint = scene.say(is_photo(scene) ? "photo.hint" : "scan.hint");
    model.actions.back = scene.say("common.back");
    model.actions.go_ready = scene.facts.camera_ok && model.live != nullptr;
    if (!scene.facts.camera_ok) model.waiting = scene.say("scan.no-camera");
    model.actions.go = model.actions.go_ready ? scene.say("scan.take") : model.waiting;
    model.actions.go_icon = "camera";
    if (!scene.facts.camera_ok)
        model.status = note(scene, NoteModel::Kind::warning,
                            words_of(scene, "scan.unplugged", "photo.unplugged"));
    else if (visit.device_problem)
        model.status =
            note(scene, NoteModel::Kind::warning, camera_problem_key(*visit.device_problem));
    else if (!is_photo(scene))
        model.status = visit.not_taken ? flaw_note(scene, *visit.not_taken) : sight_note(scene);
    if (!is_photo(scene)) model.longest_status = longest_note(scene);
    if (visit.taking != session::Visit::Taking::no && model.actions.go_ready) {
        model.actions.go_ready = false;
        model.actions.go = scene.say("scan.taking");
    }
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
    model.title = scene.say(words_of(scene, "page-check.title", "photo.check.title"));
    model.sub = page_name(scene, place_in_turn(scene));
    const auto& taken = scene.visit().taken;
    if (taken) model.page = taken->preview;
    model.hint = scene.say(words_of(scene, "page-check.sub", "photo.check.sub"));
    if (taken && !taken->flaws.empty()) {
        model.title = scene.say("page-check.flawed.title");
        // The worst says what to do; several would not be read.
        model.notes = {flaw_note(scene, {taken->flaws.front(), {}})};
        model.hint = scene.say("page-check.flawed");
        model.retake_is_primary = true;
    } else {
        model.notes = {
            {NoteModel::Kind::info, "", "",
             scene.say(words_of(scene, "page-check.as-sent", "page-check.whole-frame"))}};
    }
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
    model.sub = scene.say.counted(words_of(scene, "pages.sub", "photo.pages.sub"), "count",
                                  std::int64_t(numbers.size()));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        screens::PageThumb thumb;
        thumb.id = std::to_string(numbers[i]);
        thumb.label = page_name(scene, i);
        const auto page = visit.pages.find(numbers[i]);
        const bool is_flawed = page != visit.pages.end() && !page->second.flaws.empty();
        thumb.state = scene.say(is_photo(scene) ? "pages.taken"
                                : is_flawed     ? "pages.flawed"
                                                : "pages.clear");
        if (is_flawed) thumb.state_kind = NoteModel::Kind::warning;
        if (page != visit.pages.end()) thumb.picture = page->second.preview;
        thumb.chosen = thumb.id == scene.view.chosen_page;
        if (thumb.chosen) {
            if (i > 0) model.earlier = scene.say("pages.earlier");
            model.retake = scene.say(words_of(scene, "pages.retake", "photo.pages.retake"));
            model.remove = scene.say(words_of(scene, "pages.remove", "photo.pages.remove"));
        }
        model.pages.push_back(std::move(thumb));
    }
    const bool is_full = numbers.size() >= fitting(field.max);
    if (!is_full) model.add = scene.say(words_of(scene, "pages.add", "photo.pages.add"));
    model.note = fault_note(scene);
    if (!model.note && is_full)
        model.note = NoteModel{NoteModel::Kind::info, "", "", scene.say("pages.full")};
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
