// Samples of what is looked at or asked without a form: groups, notices, hours, the progress of a
// request, what is due.
#include "tests/support/sample_words.hpp"

#include "screens/screen.hpp"

namespace samples {

using namespace screens;

namespace {

HomeModel groups(const Words& w) {
    HomeModel m;
    m.frame = frame(w);
    m.title = w("groups.title");
    m.sub = w("groups.sub");
    m.list = "group";
    constexpr Tint tints[] = {Tint::blue, Tint::clay, Tint::sand, Tint::green, Tint::plum};
    // As many as the design shows; the shipped ones again and again.
    const auto& all = w.groups();
    for (std::size_t i = 0; i < 11; ++i) {
        const auto& group = all.at(i % all.size());
        m.matters.push_back({std::to_string(i), group.at("icon"), tints[i % 5],
                             w.of(group.at("title")), w("groups.count", {{"count", "5"}})});
    }
    m.back = w("common.back");
    m.ask = w("groups.ask");
    return m;
}

ReceiptNumberModel number(const Words& w, const char* typed, bool is_wrong) {
    ReceiptNumberModel m;
    m.frame = frame(w);
    m.title = w("number.title");
    m.sub = w("number.sub");
    m.number = base::SecretText(typed);
    m.characters = "23456789CDFHJKMNPQRTVWX";
    m.backspace = w("digits.backspace");
    m.camera = w("number.camera");
    if (is_wrong)
        m.problem =
            NoteModel{NoteModel::Kind::error, {}, w("number.wrong.title"), w("number.wrong")};
    const bool is_whole = std::string_view(typed).size() == 12;
    m.actions = {w("common.back"),
                 is_whole ? w(is_wrong ? "number.compare" : "common.go")
                          : w("number.missing", {{"missing", "5"}}),
                 is_whole && !is_wrong};
    return m;
}

// The desk and on it, perhaps, a slip with its code; no receipt of anybody.
PictureRef desk_picture(bool has_slip) {
    auto picture = std::make_shared<base::Picture>();
    picture->width = 600;
    picture->height = 800;
    picture->pixels.assign(picture->row_bytes() * std::size_t(picture->height), 78);
    if (!has_slip) return picture;
    for (int y = 160; y < 640; ++y)
        for (int x = 190; x < 410; ++x) {
            const bool is_code = y >= 380 && y < 540 && x >= 220 && x < 380;
            const int module = ((x - 220) / 8 * 7 + (y - 380) / 8 * 13) % 5;
            const bool is_line = y < 360 && y % 40 < 12 && x > 210 && x < 390;
            const auto tone = (is_code && module < 2) || is_line ? 50 : 238;
            std::fill_n(picture->row(y) + 3 * x, 3, std::uint8_t(tone));
        }
    return picture;
}

ScanModel show_receipt(const Words& w, bool is_other) {
    ScanModel m;
    m.frame = frame(w);
    m.title = w("show-receipt.title");
    m.sub = w("show-receipt.sub");
    m.live = desk_picture(is_other);
    m.waiting = w("scan.waiting");
    if (is_other)
        m.status = NoteModel{
            NoteModel::Kind::warning, {}, w("show-receipt.other.title"), w("show-receipt.other")};
    m.page = w("show-receipt.by-itself");
    m.hint = w("show-receipt.hint");
    m.other_way = w("show-receipt.type");
    m.actions.back = w("common.back");
    return m;
}

ProgressModel progress(const Words& w, bool is_refused) {
    using State = ProgressStage::State;
    const auto day = [&](const char* n) {
        return w("date.day", {{"month", w("month.11")}, {"day", n}});
    };
    ProgressModel m;
    m.frame = frame(w);
    m.title = w("home.progress");
    m.sub = w("status.sub");
    m.number_label = w("status.number");
    m.number = "7K4M 92HX 3PRX";
    m.matter =
        w("status.matter", {{"matter", w.of(w.matters().at(1).at("title"))}, {"date", day("3")}});
    m.stages = {{State::done, w("state.accepted"), day("3")}};
    if (is_refused) {
        m.stages.push_back({State::done, w("state.in-review"), day("10")});
        m.stages.push_back({State::stopped, w("state.refused"), day("16")});
        m.notes = {
            {NoteModel::Kind::info, "help", w("status.reason.title"), w("reason.data-differs")},
            {NoteModel::Kind::info, "counter", w("status.next.title"), w("status.refused")}};
    } else {
        m.stages.push_back({State::now, w("state.in-review"), day("10")});
        m.stages.push_back(
            {State::later, w("state.later"), w("status.due", {{"date", day("30")}})});
        m.notes = {{NoteModel::Kind::info, "ok", w("status.next.title"), w("status.in-review")}};
        m.withdraw = w("status.withdraw");
    }
    m.back = w("common.back");
    m.print = w("status.print");
    return m;
}

ProgressModel progress_papers(const Words& w) {
    using State = ProgressStage::State;
    auto m = progress(w, true);
    m.stages.back() = {State::stopped, w("state.needs-papers"), m.stages.back().detail};
    m.notes = {
        {NoteModel::Kind::info, "help", w("status.reason.title"), w("reason.paper-missing")},
        {NoteModel::Kind::info, "counter", w("status.next.title"), w("status.needs-papers.here")}};
    m.papers = w("status.add-papers");
    return m;
}

ReadingModel notices(const Words& w) {
    ReadingModel m;
    m.frame = frame(w);
    m.title = w("notices.title");
    m.sub = w("notices.sub");
    for (const auto& notice : w.notices())
        m.cards.push_back(
            {"megaphone", w.of(notice.at("title")), w.of(notice.at("text")), {}, false});
    m.back = w("common.back");
    return m;
}

ReadingModel hours(const Words& w) {
    ReadingModel m;
    m.frame = frame(w);
    m.title = w("hours.title");
    m.sub = w("hours.sub");
    m.note = NoteModel{NoteModel::Kind::success, {}, {}, w("hours.open", {{"time", "19:00"}})};
    m.is_table = true;
    for (const auto* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}) {
        const bool is_closed = day[0] == 's';
        m.cards.push_back({{},
                           w(std::string("day.") + day),
                           {},
                           is_closed ? w("hours.day-closed") : "10:00–14:00  15:30–19:00",
                           day[0] == 'w'});
    }
    m.foot = w("hours.foot", {{"phone", "0991-12345"}});
    m.back = w("common.back");
    return m;
}

OtherwayModel proof(const Words& w) {
    OtherwayModel m;
    m.frame = frame(w);
    m.title = w("proof.title");
    m.sub = w("proof.sub");
    for (const auto& [id, icon] :
         {std::pair("card", "card"), std::pair("phone", "phone"), std::pair("none", "camera")}) {
        const auto key = std::string("proof.") + id;
        m.ways.push_back({id, icon, w(key + ".title"), w(key), true, {}});
    }
    m.back = w("common.back");
    return m;
}

} // namespace

std::vector<Sample> enquiry_screens(const Words& w) {
    return {{"groups", groups(w)},
            {"number", number(w, "K7M492X", false)},
            {"number-wrong", number(w, "K7M492XHT3QC", true)},
            {"show-receipt", show_receipt(w, false)},
            {"show-receipt-other", show_receipt(w, true)},
            {"proof", proof(w)},
            {"progress", progress(w, false)},
            {"progress-refused", progress(w, true)},
            {"progress-papers", progress_papers(w)},
            {"notices", notices(w)},
            {"hours", hours(w)}};
}

} // namespace samples
