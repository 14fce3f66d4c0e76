#include "kiosk/session/route.hpp"

#include "kiosk/forms/field_types.hpp"

#include <algorithm>

namespace session {
namespace {

using forms::FieldType;
using forms::PageRef;
using forms::Part;
using forms::Widget;

bool stands_before(PageRef a, PageRef b) {
    return a.step != b.step ? a.step < b.step : a.field < b.field;
}

std::optional<PageRef> place_of(const forms::Form& form, std::string_view field) {
    for (std::size_t s = 0; s < form.steps.size(); ++s)
        for (std::size_t f = 0; f < form.steps[s].fields.size(); ++f)
            if (form.steps[s].fields[f].id == field) return PageRef{s, f};
    return std::nullopt;
}

bool is_read(const Visit& visit, const forms::Field& field) {
    const auto* answer = visit.answers.find(field.id);
    return answer != nullptr && std::holds_alternative<forms::CardRead>(answer->value);
}

bool is_missing(const Visit& visit, const forms::Field& field) {
    const auto* answer = visit.answers.find(field.id);
    return answer != nullptr && std::holds_alternative<forms::CardMissing>(answer->value);
}

Step ask(Visit& visit, PageRef at) {
    const auto& field = forms::field_at(*visit.form, at);
    visit.field = field.id;
    visit.fault.reset();
    visit.device_problem.reset();
    visit.replacing.reset();
    return step_for(visit, field);
}

// The first page of a part behind (or before) a field, or the part's first (or last).
std::optional<PageRef> page_after(const Visit& visit, const World& world, Part part,
                                  std::optional<PageRef> after) {
    for (const auto page : forms::path(*visit.form, visit.answers, world.today(), part))
        if (!after || stands_before(*after, page)) return page;
    return std::nullopt;
}

std::optional<PageRef> page_before(const Visit& visit, const World& world, Part part,
                                   std::optional<PageRef> before) {
    std::optional<PageRef> last;
    for (const auto page : forms::path(*visit.form, visit.answers, world.today(), part))
        if (!before || stands_before(page, *before)) last = page;
    return last;
}

Step to_review(Visit& visit) {
    visit.field.clear();
    visit.fault.reset();
    visit.changing = false;
    return Step::review;
}

Step refuse(Visit& visit, Refusal refusal) {
    visit.refusal = std::move(refusal);
    return Step::refused;
}

// A card of this session answers the card question without being laid down again.
bool answer_from_session(Session& session, const forms::Field& field) {
    auto& visit = *session.visit;
    if (field.type != FieldType::card || field.who != forms::Holder::applicant) return false;
    if (!session.card || is_read(visit, field) || is_missing(visit, field)) return false;
    forms::prefill_from_card(*visit.form, *session.card, field.who, visit.answers);
    session.remembered.prefill(*visit.form, visit.answers);
    return true;
}

// Behind the applicant's card. Where the platform may hold what is still to be typed, the person is
// asked about that first.
Step behind_card(Session& session, const World& world) {
    const bool is_applicant = current_field(*session.visit).who == forms::Holder::applicant;
    const bool is_open = session.visit->prefill == Prefill::not_asked;
    return is_applicant && is_open && !prefill_terms(session, world).empty() ? Step::prefill_offer
                                                                             : Step::prefilled;
}

// Whatever comes behind `after` among the questions; the review when nothing does.
Step ask_next(Session& session, const World& world, std::optional<PageRef> after) {
    auto& visit = *session.visit;
    if (visit.changing) {
        forms::drop_hidden(*visit.form, visit.answers, world.today());
        const auto missing = forms::faults(*visit.form, visit.answers, world.today());
        if (missing.empty()) return to_review(visit);
        if (const auto place = place_of(*visit.form, missing.front().field)) {
            const auto& field = forms::field_at(*visit.form, *place);
            // A card's values are missing: the card is what has to be laid down.
            if (field.type == FieldType::card ||
                forms::is_filled_for_them(field, *visit.form, visit.answers))
                visit.changing = false;
            else
                return ask(visit, *place);
        }
    }
    const auto page = page_after(visit, world, Part::questions, after);
    if (!page) return to_review(visit);
    const auto& field = forms::field_at(*visit.form, *page);
    if (answer_from_session(session, field) ||
        (field.type == FieldType::card && is_read(visit, field))) {
        visit.field = field.id;
        visit.fault.reset();
        return behind_card(session, world);
    }
    return ask(visit, *page);
}

Step ask_closing(Session& session, const World& world, std::optional<PageRef> after) {
    auto& visit = *session.visit;
    if (const auto page = page_after(visit, world, Part::closing, after)) return ask(visit, *page);
    visit.field.clear();
    return Step::submitting;
}

// What is wrong with a value that follows from this number (birth date, sex) where it was typed
// instead of a card.
std::optional<forms::Fault> fault_behind(const Visit& visit, const World& world,
                                         const forms::Field& number) {
    for (const auto& fault : forms::faults(*visit.form, visit.answers, world.today())) {
        const auto* field = visit.form->find(fault.field);
        if (forms::follows_from(*field, *visit.form, visit.answers) == &number) return fault;
    }
    return std::nullopt;
}

// A rule that ends the matter, among the values a card filled or the field just answered.
std::optional<forms::Fault> ending_fault(const Visit& visit, const World& world) {
    for (const auto& fault : forms::faults(*visit.form, visit.answers, world.today()))
        if (fault.ends_matter) return fault;
    return std::nullopt;
}

Step leave_question(Session& session, const World& world) {
    auto& visit = *session.visit;
    const auto& field = current_field(visit);
    visit.fault = forms::check(field, *visit.form, visit.answers, world.today());
    if (!visit.fault) visit.fault = fault_behind(visit, world, field);
    if (visit.fault && visit.fault->ends_matter)
        return refuse(visit, {Refusal::Reason::rule, visit.fault, true});
    if (visit.fault) return Step::stay;
    return ask_next(session, world, place_of(*visit.form, field.id));
}

// Behind the way without a card, and behind a confirmation by staff.
Step leave_check(Session& session, const World& world) {
    const auto& field = current_field(*session.visit);
    if (field.type != FieldType::card) return leave_question(session, world);
    return ask_next(session, world, place_of(*session.visit->form, field.id));
}

Step leave_prefilled(Session& session, const World& world) {
    auto& visit = *session.visit;
    for (const auto row : forms::prefilled_rows(*visit.form, visit.answers, world.today())) {
        const auto& id = forms::field_at(*visit.form, row).id;
        if (!visit.answers.find(id)->contested) visit.answers.confirm(id);
    }
    if (const auto fault = ending_fault(visit, world))
        return refuse(visit, {Refusal::Reason::rule, fault, true}); // back: perhaps another card
    return ask_next(session, world, place_of(*visit.form, visit.field));
}

// Papers for a request: which one is asked first. What follows begins anew once it is found.
Step leave_notice(Session& session, const World& world) {
    if (session.visit->form->matter != content::papers_matter)
        return ask_next(session, world, std::nullopt);
    session.visit.reset();
    session.enquiry.emplace().brings_papers = true;
    return Step::number;
}

Step leave_scan_without_page(Session& session, const World& world) {
    auto& visit = *session.visit;
    if (!may_skip(session, world)) return refuse(visit, {Refusal::Reason::no_papers, {}, true});
    return ask_next(session, world, place_of(*visit.form, visit.field));
}

Step leave_review(Session& session, const World& world) {
    auto& visit = *session.visit;
    forms::drop_hidden(*visit.form, visit.answers, world.today());
    const auto missing = forms::faults(*visit.form, visit.answers, world.today());
    if (missing.empty()) return ask_closing(session, world, std::nullopt);
    visit.changing = true;
    const auto* field = visit.form->find(missing.front().field);
    if (const auto* number = forms::follows_from(*field, *visit.form, visit.answers))
        field = number;
    if (const auto place = place_of(*visit.form, field->id)) {
        const Step step = ask(visit, *place);
        visit.fault = missing.front();
        return step;
    }
    return Step::stay;
}

Step leave_declaration(Session& session, const World& world) {
    auto& visit = *session.visit;
    const auto& field = current_field(visit);
    const bool given = visit.answers.find(field.id) != nullptr;
    if (!given && forms::is_required(field, *visit.form, visit.answers, world.today()))
        return refuse(visit, {Refusal::Reason::declined, {}, true});
    const auto place = place_of(*visit.form, field.id);
    if (!visit.form->steps[place->step].after_review) return ask_next(session, world, place);
    return ask_closing(session, world, place);
}

} // namespace

Step step_for(const Visit& visit, const forms::Field& field) {
    switch (forms::row_of(field.type).widget) {
    case Widget::card:
        if (is_missing(visit, field)) return Step::no_card;
        return is_read(visit, field) ? Step::prefilled : Step::card;
    case Widget::scan:
    case Widget::photo: return pages_of(visit, field.id).empty() ? Step::scan : Step::pages;
    case Widget::signature: return Step::signature;
    case Widget::consent: return Step::declare;
    case Widget::identity: return Step::identity;
    case Widget::text:
    case Widget::digits:
    case Widget::date:
    case Widget::choice:
    case Widget::multi_choice:
    case Widget::info: return Step::question;
    }
    return Step::question;
}

Step forward(Session& session, const World& world) {
    auto& visit = *session.visit;
    switch (session.step) {
    case Step::notice: return leave_notice(session, world);
    case Step::status: return ask_next(session, world, std::nullopt);
    case Step::card: return behind_card(session, world);
    case Step::no_card:
    case Step::witness: return leave_check(session, world);
    case Step::prefilled: return leave_prefilled(session, world);
    case Step::question:
    case Step::pages:
    case Step::identity:
    case Step::face_check: return leave_question(session, world);
    case Step::scan: return leave_scan_without_page(session, world);
    case Step::review: return leave_review(session, world);
    case Step::declare: return leave_declaration(session, world);
    case Step::signature: return ask_closing(session, world, place_of(*visit.form, visit.field));
    case Step::attract:
    case Step::home:
    case Step::groups:
    case Step::group:
    case Step::notices:
    case Step::hours:
    case Step::number:
    case Step::show_receipt:
    case Step::proof:
    case Step::phone_tail:
    case Step::show_card:
    case Step::asking:
    case Step::withdraw:
    case Step::unanswered:
    case Step::todos:
    case Step::face_consent:
    case Step::prefill_offer:
    case Step::fetching:
    case Step::page_check:
    case Step::submitting:
    case Step::sending:
    case Step::result:
    case Step::refused:
    case Step::goodbye:
    case Step::wipe:
    case Step::forward:
    case Step::backward:
    case Step::stay: break;
    }
    CHECK(!"a step without a path has no forward");
    return Step::stay;
}

Step backward(Session& session, const World& world) {
    auto& visit = *session.visit;
    if (session.step == Step::notice) return visit.chosen_at;
    if (session.step == Step::refused) {
        visit.refusal.reset();
        if (const auto place = place_of(*visit.form, visit.field)) return ask(visit, *place);
        return to_review(visit);
    }
    // "This is not my card": another one can be laid down. Until it is read, the old one counts.
    if (session.step == Step::prefilled || session.step == Step::prefill_offer) {
        visit.device_problem.reset();
        return Step::card;
    }
    // From the camera back to the pages that are there already.
    if (session.step == Step::scan && !pages_of(visit, visit.field).empty()) {
        visit.replacing.reset();
        return Step::pages;
    }
    if (session.step == Step::witness) {
        visit.device_problem.reset();
        return current_field(visit).type == FieldType::card ? Step::no_card : Step::identity;
    }
    if (visit.changing) return to_review(visit);
    const auto place = place_of(*visit.form, visit.field);
    const bool is_closing = place && visit.form->steps[place->step].after_review;
    if (is_closing) {
        if (const auto page = page_before(visit, world, Part::closing, place))
            return ask(visit, *page);
        return to_review(visit);
    }
    const auto page = page_before(visit, world, Part::questions,
                                  session.step == Step::review ? std::nullopt : place);
    if (!page) {
        visit.field.clear();
        return visit.supplement ? visit.chosen_at : Step::notice;
    }
    return ask(visit, *page);
}

} // namespace session
