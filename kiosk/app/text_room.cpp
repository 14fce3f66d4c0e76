#include "kiosk/app/text_room.hpp"

#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/submission.hpp"
#include "kiosk/present/present.hpp"
#include "kiosk/session/route.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace app {
namespace {

using content::Finding;
using session::Step;

// A page as a resident sees it who has come this far, and where its words are written.
struct Page {
    session::Session session;
    present::Facts facts;
    std::string file;
    std::string field;
    std::string name; // "question"
    bool is_out_of_service = false;
    std::optional<screens::Board> board; // of a text
    std::optional<bool> date_on_pad;     // of a date
};

// Boards that are there, without what they know: nothing is typed here.
class NoPinyin final : public input::PinyinLookup {
    input::PinyinAnswer look_up(std::string_view, std::size_t, std::size_t) override { return {}; }
};
class NoHandwriting final : public input::HandwritingLookup {
    input::HandCandidates recognise(const input::Ink&, const input::HandContext&, std::size_t,
                                    std::size_t) const override {
        return {};
    }
    input::HandFollowers followers(char32_t, std::size_t) const override { return {}; }
};

// Of one language, in the order in which residents meet them.
class Pages {
public:
    Pages(std::shared_ptr<const content::ContentSet> set, base::Language language)
        : set_(std::move(set)), language_(language) {
        static NoPinyin pinyin;
        static const NoHandwriting handwriting;
        facts_.world.content = set_;
        facts_.reads_aloud = true;
        facts_.pinyin = &pinyin;
        facts_.handwriting = &handwriting;
    }

    std::vector<Page> all() && {
        of_office();
        for (const auto& matter : set_->matters()) {
            const auto* form = set_->form(matter.id);
            add(in_matter(matter, form, Step::notice), "matters.json", "",
                "notice of " + matter.id);
            if (form != nullptr) of_form(matter, *form);
        }
        return std::move(pages_);
    }

private:
    Page& add(session::Session session, std::string file, std::string field, std::string name) {
        pages_.push_back(
            {std::move(session), facts_, std::move(file), std::move(field), std::move(name)});
        return pages_.back();
    }

    session::Session at(Step step) const {
        session::Session session;
        session.step = step;
        session.content = set_;
        session.language = language_;
        session.display.text_size = session::text_sizes - 1;
        return session;
    }

    session::Session in_matter(const content::Matter& matter, const forms::Form* form,
                               Step step) const {
        auto session = at(step);
        auto& visit = session.visit.emplace();
        visit.matter = &matter;
        visit.form = form;
        if (form != nullptr)
            visit.step_count = forms::upper_bound_steps(*form, visit.answers, facts_.world.today());
        return session;
    }

    void of_office() {
        add(at(Step::home), "matters.json", "", "home screen");
        add(at(Step::groups), "matters.json", "", "all matters");
        for (const auto& group : set_->groups()) {
            auto session = at(Step::group);
            session.group = group.id;
            add(std::move(session), "matters.json", "", "group " + group.id);
        }
        std::set<std::chrono::sys_days> days; // each notice is shown on the first of its days
        for (const auto& notice : set_->notices()) days.insert(std::chrono::sys_days(notice.from));
        const auto usual = facts_.world.wall;
        for (const auto day : days) {
            facts_.world.wall = base::WallTime(day + std::chrono::hours(4)); // noon there
            add(at(Step::notices), "notices.json", "", "notices");
        }
        facts_.world.wall = usual;
        add(at(Step::hours), "office.json", "", "opening hours");
        add(at(Step::attract), "office.json", "", "out of service").is_out_of_service = true;
    }

    void of_form(const content::Matter& matter, const forms::Form& form) {
        const auto file = "form-" + matter.id + ".json";
        auto summary = in_matter(matter, &form, Step::review);
        for (const auto& step : form.steps)
            for (const auto& field : step.fields) {
                auto session = in_matter(matter, &form, Step::question);
                session.visit->field = field.id;
                session.step = session::step_for(*session.visit, field);
                if (!field.options.empty())
                    summary.visit->answers.set(field.id, forms::Codes{longest_of(field)});
                if (session.step == Step::scan)
                    of_papers(std::move(session), field, file);
                else
                    of_field(std::move(session), field, file);
            }
        add(std::move(summary), file, "", "check your answers");
        const auto asks_first = [&](Step step, std::string_view consent, auto of_this_field) {
            if (set_->consent(consent) == nullptr) return;
            const bool is_asked = std::ranges::any_of(form.steps, [&](const forms::Step& each) {
                return std::ranges::any_of(each.fields, of_this_field);
            });
            if (is_asked)
                add(in_matter(matter, &form, step), "consents.json", "",
                    std::string(consent) + " in " + matter.id);
        };
        asks_first(Step::prefill_offer, session::prefill_consent, [](const forms::Field& field) {
            return std::ranges::count(field.prefill, forms::Source::platform) > 0;
        });
        asks_first(Step::face_consent, forms::face_consent_id, [](const forms::Field& field) {
            return std::ranges::count(field.methods, session::way_face) > 0;
        });
        auto result = in_matter(matter, &form, Step::result);
        result.visit->receipt = "K7M492XHT3QC"; // invented, of the usual length
        result.visit->delivery = session::Delivery::accepted;
        add(std::move(result), "matters.json", "", "result of " + matter.id);
    }

    // As it is asked, on every board, and asked again of whoever left it empty.
    void of_field(session::Session session, const forms::Field& field, const std::string& file) {
        const std::string name(to_string(session.step));
        const auto widget = forms::row_of(field.type).widget;
        const auto variants = [&] {
            if (widget == forms::Widget::text)
                for (const auto board :
                     {screens::Board::pinyin, screens::Board::handwriting, screens::Board::uyghur,
                      screens::Board::latin, screens::Board::digits})
                    add(session, file, field.id, name).board = board;
            else if (widget == forms::Widget::date)
                for (const bool on_pad : {false, true})
                    add(session, file, field.id, name).date_on_pad = on_pad;
            else
                add(session, file, field.id, name);
        };
        variants();
        auto& visit = *session.visit;
        visit.fault = forms::check(field, *visit.form, visit.answers, facts_.world.today());
        if (visit.fault) variants();
    }

    // Under the camera with each page's name, and the list of them.
    void of_papers(const session::Session& begun, const forms::Field& field,
                   const std::string& file) {
        forms::Attachments taken;
        const auto count = std::max<std::size_t>(field.page_labels.size(), 1);
        for (std::size_t i = 0; i < count; ++i) {
            auto session = begun;
            session.visit->answers.set(field.id, taken);
            add(session, file, field.id, "page under the camera");
            taken.pages.push_back(std::uint32_t(i + 1));
        }
        auto session = begun;
        session.step = Step::pages;
        session.visit->answers.set(field.id, taken);
        add(std::move(session), file, field.id, "pages");
    }

    std::string longest_of(const forms::Field& field) const {
        return std::ranges::max_element(
                   field.options, {},
                   [&](const forms::Option& option) { return option.label.in(language_).size(); })
            ->code;
    }

    std::shared_ptr<const content::ContentSet> set_;
    base::Language language_;
    present::Facts facts_;
    std::vector<Page> pages_;
};

std::string_view name_of(base::Language language) {
    switch (language) {
    case base::Language::zh: return "Chinese";
    case base::Language::ug: return "Uyghur";
    case base::Language::en: return "English";
    }
    return "";
}

std::string on_panel(const screens::Panel& panel, bool low_reach) {
    return std::to_string(panel.width_px) + " x " + std::to_string(panel.height_px) + " pixels" +
           (low_reach ? " with everything set low" : "");
}

// Ids of texts and items; empty: all of it is on the page.
std::string without_room(const screens::Faults& faults) {
    std::string ids;
    for (const auto* list : {&faults.overflowing, &faults.outside})
        for (const auto& id : *list) ids += (ids.empty() ? "" : ", ") + id;
    return ids;
}

std::string signs_in(const std::vector<char32_t>& signs) {
    std::string words;
    for (const auto sign : signs) {
        char code[16];
        std::snprintf(code, sizeof code, "U+%04X", unsigned(sign));
        words += (words.empty() ? "" : ", ") + std::string(code);
    }
    return words;
}

// One panel.
class Look {
public:
    Look(const screens::Panel& panel, text::FontSet& fonts, const screens::Theme& theme,
         const screens::IconSet& icons)
        : panel_(panel), stage_(panel, fonts, theme, icons, screens::Drawing::layout) {}

    // The first thing that is wrong with a page, however far a list on it is turned.
    std::optional<std::string> at(Page page) {
        const int reaches = panel_.is_landscape() ? 1 : 2; // landscape has no low reach
        for (int reach = 0; reach < reaches; ++reach) {
            page.session.display.low_reach = reach == 1;
            if (auto found = through(page)) return found;
        }
        return std::nullopt;
    }

private:
    std::optional<std::string> through(const Page& page) {
        const auto settings = present::settings(page.session);
        auto view = present::follow({}, page.session);
        view.board = page.board;
        view.date_on_pad = page.date_on_pad;
        for (std::optional<std::size_t> part = 0; part;) {
            view.first = *part;
            const auto model = page.is_out_of_service
                                   ? present::out_of_service(page.session, page.facts)
                                   : present::model(page.session, view, page.facts);
            screens::draw(model, stage_.begin({}, settings));
            const auto frame = stage_.end();
            if (auto found = trouble(*frame.faults, settings)) return found;
            part = next_part(stage_, frame, model, settings);
        }
        return std::nullopt;
    }

    std::optional<std::string> trouble(const screens::Faults& faults,
                                       const screens::DisplaySettings& settings) const {
        if (!faults.missing_glyphs.empty())
            return "no font of the kiosk has " + signs_in(faults.missing_glyphs) +
                   "; write it otherwise";
        const auto ids = without_room(faults);
        if (ids.empty()) return std::nullopt;
        return "at the largest text size on " + on_panel(panel_, settings.low_reach) +
               " there is no room for " + ids + "; make one of the texts of this page shorter";
    }

    screens::Panel panel_;
    screens::Stage stage_;
};

} // namespace

std::vector<screens::Panel> product_panels() {
    return {{1080, 1920, 4.03f}, {1920, 1080, 4.03f}, {2160, 3840, 5.42f}};
}

std::optional<std::size_t> next_part(screens::Stage& stage, const screens::Frame& shown,
                                     const screens::ScreenModel& model,
                                     const screens::DisplaySettings& settings) {
    screens::Input press;
    press.activate = "list/more";
    if (std::ranges::none_of(*shown.items,
                             [&](const auto& item) { return item.id == press.activate; }))
        return std::nullopt;
    const auto intent = screens::draw(model, stage.begin(press, settings));
    stage.end();
    if (!intent) return std::nullopt;
    const auto* from = std::get_if<screens::ShowFrom>(&*intent);
    return from == nullptr ? std::nullopt : std::optional(from->first);
}

std::vector<Finding> texts_without_room(const config::Config& config,
                                        const std::shared_ptr<const content::ContentSet>& set) {
    auto fonts = text::FontSet::open(config.fonts_folder);
    const auto theme = screens::Theme::open(config.assets_folder + "/theme/tokens.json");
    const auto icons = screens::IconSet::open(config.assets_folder + "/icons");
    if (!fonts || !theme || !icons) return {};
    std::vector<std::unique_ptr<Look>> looks;
    for (const auto& panel : product_panels())
        looks.push_back(std::make_unique<Look>(panel, *fonts, *theme, *icons));
    std::vector<Finding> found;
    std::set<std::tuple<std::string, std::string, std::string>> told; // once, on whatever board
    for (const auto language : base::all_languages)
        for (const auto& page : Pages(set, language).all())
            for (const auto& look : looks) {
                const auto where = std::string(name_of(language)) + ", " + page.name;
                if (told.contains({page.file, page.field, where})) break;
                const auto words = look->at(page);
                if (!words) continue;
                told.insert({page.file, page.field, where});
                found.push_back({base::Errc::invalid_input, "V6", page.file, "", page.field,
                                 where + ": " + *words});
            }
    return found;
}

} // namespace app
