#include "kiosk/app/page_watch.hpp"

#include "drivers/scanner/page_pdf.hpp"

#include <algorithm>
#include <array>

namespace app {
namespace {

using drivers::Flaw;
using drivers::ScanReason;
using session::DeskSight;
using session::PageSight;

// Chosen: a quarter of a second at 25 frames a second. What flickers is never told.
constexpr int frames_until_told = 6;
// Chosen: a sheet that is not seen in a few frames has not gone; its outline stays.
constexpr int frames_kept = 3;
// A search through an empty desk costs many times what following a sheet does (drivers/scanner
// README, bench). Chosen: a sheet that is laid down is seen within a fifth of a second.
constexpr int search_every = 4;
// Chosen: two seconds, so that a page that is refused in full is not looked at without a pause.
constexpr int frames_of_rest = 50;
// Looks at the desk behind the last page. Chosen: a hand that takes the papers is told as nothing
// else; a camera that has just opened may be dark or dazzled for longer.
constexpr int looks_until_left = 3;
constexpr int looks_until_unclear = 6;
// The page on the glass is drawn about 900 pixels wide; a little more keeps it sharp.
constexpr int shown_side = 1000;

// What to mend first: nothing else can be judged while it is dark or cut off.
constexpr std::array worst_first{
    ScanReason::dark,   ScanReason::nopage,      ScanReason::two_pages, ScanReason::cut,
    ScanReason::finger, ScanReason::wrong_paper, ScanReason::small,     ScanReason::glare,
    ScanReason::blur,   ScanReason::upside_down};

std::vector<Flaw> in_order(std::vector<Flaw> flaws) {
    const auto rank = [](const Flaw& flaw) {
        return std::find(worst_first.begin(), worst_first.end(), flaw.reason);
    };
    std::stable_sort(flaws.begin(), flaws.end(),
                     [&](const Flaw& a, const Flaw& b) { return rank(a) < rank(b); });
    return flaws;
}

std::optional<Flaw> worst(const std::vector<Flaw>& flaws) {
    if (flaws.empty()) return std::nullopt;
    return in_order(flaws).front();
}

drivers::Quad in_shares(const drivers::Quad& quad, const base::Picture& frame) {
    drivers::Quad shares = quad;
    for (auto& corner : shares) {
        corner.x = std::clamp((corner.x + 0.5) / frame.width, 0.0, 1.0);
        corner.y = std::clamp((corner.y + 0.5) / frame.height, 0.0, 1.0);
    }
    return shares;
}

} // namespace

PaperWish wish_of(const session::Session& session) {
    PaperWish wish;
    if (!session.visit || session.visit->field.empty()) return wish;
    const auto& field = session::current_field(*session.visit);
    if (field.paper == "a4") wish.expectation.paper = drivers::Paper::a4;
    if (field.paper == "id-1") wish.expectation.paper = drivers::Paper::id1;
    wish.expectation.least_dpi = field.dpi;
    if (field.dpi != 0) wish.dpi = field.dpi;
    wish.is_pressed = session.visit->taking == session::Visit::Taking::by_person;
    wish.takes_itself = session.overlay == session::Overlay::none &&
                        session.visit->taking == session::Visit::Taking::no;
    return wish;
}

void PageWatch::begin() {
    told_.reset();
    coming_ = {};
    coming_for_ = still_ = empty_ = rest_ = 0;
    last_ = {};
    desk_told_ = desk_coming_ = DeskSight::unseen;
    desk_coming_for_ = 0;
}

PageSight PageWatch::judge(const drivers::LiveFinder::Sight& sight) {
    using State = PageSight::State;
    const auto flaw = worst(sight.flaws);
    if (!sight.outline) {
        const bool is_bare = !flaw || flaw->reason == ScanReason::nopage;
        return {State::nothing, is_bare ? std::nullopt : flaw};
    }
    if (sight.is_captured_already) return {State::taken};
    if (waits_for_move_) return {State::again};
    // What moves is blurred by that alone.
    const bool only_moves = flaw && flaw->reason == ScanReason::blur && sight.still_for == 0;
    if (flaw && !only_moves) return {State::flawed, flaw};
    return {sight.still_for > 0 ? State::still : State::moving};
}

PageWatch::View PageWatch::see(const base::Picture& frame, const PaperWish& wish) {
    finder_.expect(wish.expectation);
    const bool looks = last_.outline || empty_ % search_every == 0;
    if (looks) {
        auto sight = finder_.track(frame);
        const bool was_still = last_.still_for > 0;
        if (waits_for_move_ && (!sight.outline || (was_still && sight.still_for == 0)))
            waits_for_move_ = false;
        empty_ = sight.outline ? 0 : empty_ + 1;
        const bool is_kept = !sight.outline && empty_ <= frames_kept && last_.outline;
        if (!sight.outline) note_bare(frame);
        if (!is_kept) last_ = std::move(sight);
    } else {
        ++empty_;
    }

    View view;
    if (last_.outline) view.outline = in_shares(*last_.outline, frame);
    const auto now = judge(last_);
    const bool is_still = now.state == PageSight::State::still && empty_ == 0;
    still_ = is_still ? still_ + 1 : 0;
    rest_ = std::max(0, rest_ - 1);
    coming_for_ = now == coming_ ? coming_for_ + 1 : 1;
    coming_ = now;
    if (coming_for_ >= frames_until_told && now != told_) view.news = told_ = now;
    const bool may_take = wish.takes_itself && rest_ == 0;
    if (is_still && may_take) view.held = std::min(1.0, double(still_) / frames_until_taken);
    view.is_due = may_take && last_.is_steady && still_ >= frames_until_taken;
    return view;
}

// The desk as it was in the look before, if nothing moved since: then no hand is in it.
void PageWatch::note_bare(const base::Picture& frame) {
    if (has_taken_ && desk_.is_known()) return;
    if (last_bare_.compare(frame) == drivers::DeskView::empty) desk_ = last_bare_;
    last_bare_.remember(frame);
}

// What differs from the bare desk lies there. The search, which costs many times more, is for paper
// as pale as the desk, and for a desk that was never seen without paper.
DeskSight PageWatch::look_at_desk(const base::Picture& frame) {
    const auto change = desk_.compare(frame);
    if (change == drivers::DeskView::occupied) return DeskSight::occupied;
    const auto sight = finder_.track(frame);
    if (sight.outline) return DeskSight::occupied;
    if (desk_.is_known())
        return change == drivers::DeskView::empty ? DeskSight::empty : DeskSight::unclear;
    // What is no sheet is not known to be left.
    const bool is_dark = worst(sight.flaws) == Flaw{ScanReason::dark, {}};
    return is_dark ? DeskSight::unclear : DeskSight::empty;
}

std::optional<DeskSight> PageWatch::see_desk(const base::Picture& frame) {
    const auto now = look_at_desk(frame);
    desk_coming_for_ = now == desk_coming_ ? desk_coming_for_ + 1 : 1;
    desk_coming_ = now;
    // Nobody waits for an empty desk to be looked at twice, unless something lay there.
    const bool is_empty_at_once = now == DeskSight::empty && desk_told_ != DeskSight::occupied;
    const int holds_for = is_empty_at_once            ? 1
                          : now == DeskSight::unclear ? looks_until_unclear
                                                      : looks_until_left;
    if (now == desk_told_ || desk_coming_for_ < holds_for) return std::nullopt;
    return desk_told_ = now;
}

base::Result<session::Input> PageWatch::take(const base::Picture& frame, const PaperWish& wish) {
    finder_.expect(wish.expectation);
    auto page = finder_.capture(frame, wish.dpi);
    still_ = 0;
    // Of two papers the one with the outline is meant by whoever presses.
    if (wish.is_pressed)
        std::erase_if(page.flaws,
                      [](const Flaw& flaw) { return flaw.reason == ScanReason::two_pages; });
    const auto flaws = in_order(std::move(page.flaws));
    page.flaws = flaws;
    if (!page.is_usable()) {
        finder_.forget_captured(); // it was not taken
        rest_ = frames_of_rest;
    }
    if (!page.is_usable() && !page.may_be_used_anyway()) {
        const Flaw why = flaws.empty() ? Flaw{ScanReason::nopage, {}} : flaws.front();
        return session::Input(session::Signal::page_refused, session::RefusedPage{why});
    }
    has_taken_ = true;
    auto encoded = TRY(drivers::encode_page({std::move(page.picture), page.dpi}));
    session::CapturedPage captured;
    captured.page.media_type = std::move(encoded.media_type);
    captured.page.bytes = std::make_shared<const base::SecretBytes>(std::move(encoded.bytes));
    captured.page.preview = std::make_shared<const base::Picture>(
        base::shrink_to_fit(encoded.shown, shown_side, shown_side));
    captured.page.dpi = page.dpi;
    for (const auto& flaw : flaws) captured.page.flaws.push_back(flaw.reason);
    return session::Input(session::Signal::page_captured, std::move(captured));
}

void PageWatch::look_again() {
    finder_.forget_captured();
    waits_for_move_ = true;
}

void PageWatch::forget() {
    finder_.reset();
    waits_for_move_ = has_taken_ = false;
    desk_.forget();
    last_bare_.forget();
    begin();
}

} // namespace app
