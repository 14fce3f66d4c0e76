#include "kiosk/content/content_set.hpp"
#include "kiosk/forms/submission.hpp"

#include "kiosk/base/digest.hpp"
#include "kiosk/content/manifest.hpp"
#include "kiosk/forms/rules.hpp"
#include "kiosk/forms/strict_json.hpp"
#include "kiosk/forms/terms.hpp"
#include "kiosk/text/message.hpp"

#include <algorithm>
#include <charconv>

namespace content {

using base::Errc;
using base::Error;
using base::Language;
using base::Result;
using forms::bad;
using forms::Json;
using forms::Object;

namespace {

constexpr std::size_t title_max = 80;
constexpr std::size_t line_max = 200;
constexpr std::size_t text_max = 400;

// "0.1.0" as three numbers, so that 0.10 is newer than 0.9.
Result<std::array<int, 3>> read_version(std::string_view text) {
    std::array<int, 3> numbers{};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto [next, fault] = std::from_chars(at, end, numbers[i]);
        const bool dot = i + 1 < numbers.size() && next != end && *next == '.';
        const bool last = i + 1 == numbers.size() && next == end;
        if (fault != std::errc{} || !(dot || last) || numbers[i] < 0)
            return Error{Errc::invalid_input, "a version is written 1.2.3"};
        at = next + 1;
    }
    return numbers;
}

Result<void> allowed(const LocalText& text, const std::string& place) {
    for (const auto language : base::all_languages)
        if (const auto word = forms::forbidden_word(text.in(language)))
            return forms::broken("V9", place,
                                 "speaks of what no form may ask (" + *word + "); take it out");
    return {};
}

// Words of screens are sentences around values and numbers, behind which the ending of a word may
// stand alone: "{from} دىن {to} غىچە". It is the one forbidden word that is an ending, too.
Result<void> allowed_on_screens(const LocalText& text, const std::string& place) {
    constexpr std::string_view ending = "دىن";
    for (const auto language : base::all_languages)
        if (const auto word = forms::forbidden_word(text.in(language)); word && *word != ending)
            return forms::broken("V9", place,
                                 "speaks of what no form may ask (" + *word + "); take it out");
    return {};
}

Result<std::vector<LocalText>> read_lines(Object& object, std::string_view key, std::size_t min,
                                          std::size_t max) {
    std::vector<LocalText> lines;
    const auto* list = TRY(object.array(key, min, max));
    for (std::size_t i = 0; i < list->size(); ++i)
        lines.push_back(TRY(forms::read_local_text(
            (*list)[i], object.at(key) + "/" + std::to_string(i), line_max)));
    return lines;
}

Result<Bring> read_bring(const Json& json, const std::string& place) {
    auto object = TRY(Object::of(json, place));
    Bring bring;
    bring.icon = TRY(object.text("icon", 40));
    bring.name = TRY(object.local("name", title_max));
    bring.note = TRY(object.local_or_empty("note", title_max));
    TRY(object.finish());
    return bring;
}

Result<Matter> read_matter(const Json& json, const std::string& place) {
    auto object = TRY(Object::of(json, place));
    Matter matter;
    matter.id = TRY(object.text("id", 60));
    matter.icon = TRY(object.text("icon", 40));
    matter.tint = TRY(object.text("tint", 40));
    matter.group = TRY(object.text_or("group", "", 40));
    matter.title = TRY(object.local("title", title_max));
    matter.line = TRY(object.local("line", title_max));
    matter.time = TRY(object.local("time", title_max));
    matter.result = TRY(object.local("result", title_max));
    matter.cost = TRY(object.local("cost", title_max));
    matter.who = TRY(object.local("who", line_max));
    const auto* rows = TRY(object.array("bring", 0, 8));
    for (std::size_t i = 0; i < rows->size(); ++i)
        matter.bring.push_back(
            TRY(read_bring((*rows)[i], object.at("bring") + "/" + std::to_string(i))));
    matter.next = TRY(read_lines(object, "next", 1, 4));
    TRY(object.finish());
    for (const auto* text :
         {&matter.title, &matter.line, &matter.time, &matter.result, &matter.cost, &matter.who})
        TRY(allowed(*text, place));
    for (const auto& row : matter.bring) {
        TRY(allowed(row.name, place));
        TRY(allowed(row.note, place));
    }
    for (const auto& line : matter.next) TRY(allowed(line, place));
    return matter;
}

Result<Group> read_group(const Json& json, const std::string& place) {
    auto object = TRY(Object::of(json, place));
    Group group;
    group.id = TRY(object.text("id", 40));
    if (!forms::is_identifier(group.id)) return bad(place, "this is no id");
    group.icon = TRY(object.text("icon", 40));
    group.tint = TRY(object.text("tint", 40));
    group.title = TRY(object.local("title", title_max));
    TRY(object.finish());
    return group;
}

Result<base::Date> read_day(Object& object, std::string_view key) {
    base::Date day{};
    if (!base::parse_date(TRY(object.text(key, 10)), day))
        return bad(object.at(key), "a calendar day is written 2026-11-22");
    return day;
}

Result<void> in_order(base::Date first, base::Date last, const Object& object) {
    if (last < first) return bad(object.place(), "ends before it begins");
    return {};
}

Result<Notice> read_notice(const Json& json, const std::string& place) {
    auto object = TRY(Object::of(json, place));
    Notice notice;
    notice.id = TRY(object.text("id", 40));
    if (!forms::is_identifier(notice.id)) return bad(place, "this is no id");
    notice.title = TRY(object.local("title", title_max));
    notice.text = TRY(object.local("text", text_max));
    notice.from = TRY(read_day(object, "from"));
    notice.until = TRY(read_day(object, "until"));
    TRY(object.finish());
    TRY(in_order(notice.from, notice.until, object));
    TRY(allowed(notice.title, place));
    TRY(allowed(notice.text, place));
    return notice;
}

// "10:00-14:00" each, in the order of the day.
Result<std::vector<OpenSpan>> read_spans(Object& object, std::string_view key) {
    std::vector<OpenSpan> spans;
    const auto* list = TRY(object.array(key, 0, 4));
    for (const auto& each : *list) {
        const auto span =
            each.is_string() ? parse_open_span(each.get<std::string>()) : std::nullopt;
        if (!span) return bad(object.at(key), "hours are written 10:00-14:00");
        if (!spans.empty() && span->from <= spans.back().to)
            return bad(object.at(key), "hours stand in order and do not overlap");
        spans.push_back(*span);
    }
    return spans;
}

Result<Holiday> read_holiday(const Json& json, const std::string& place) {
    auto object = TRY(Object::of(json, place));
    Holiday holiday;
    holiday.from = TRY(read_day(object, "from"));
    holiday.to = TRY(read_day(object, "to"));
    holiday.name = TRY(object.local("name", title_max));
    holiday.open = TRY(read_spans(object, "open"));
    TRY(object.finish());
    TRY(in_order(holiday.from, holiday.to, object));
    return holiday;
}

// Either nothing about hours, or all seven days.
Result<OpeningHours> read_opening(Object& office) {
    OpeningHours opening;
    const auto* week = office.take("week");
    if (week == nullptr) return opening;
    auto days = TRY(Object::of(*week, office.at("week")));
    constexpr std::array names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (std::size_t i = 0; i < names.size(); ++i)
        opening.week[i] = TRY(read_spans(days, names[i]));
    TRY(days.finish());
    if (office.take("holidays") != nullptr) {
        const auto* list = TRY(office.array("holidays", 0, 40));
        for (std::size_t i = 0; i < list->size(); ++i) {
            const auto place = office.at("holidays") + "/" + std::to_string(i);
            opening.holidays.push_back(TRY(read_holiday((*list)[i], place)));
            const auto& all = opening.holidays;
            if (i > 0 && all[i].from <= all[i - 1].to)
                return bad(place, "holidays stand in order and do not overlap");
        }
    }
    opening.is_known = true;
    return opening;
}

Result<OtherKiosk> read_other_kiosk(const Json& json, const std::string& place) {
    auto object = TRY(Object::of(json, place));
    OtherKiosk other;
    other.name = TRY(object.local("name", title_max));
    other.address = TRY(object.local("address", line_max));
    other.way = TRY(object.local("way", title_max));
    other.hours = TRY(object.local("hours", title_max));
    TRY(object.finish());
    return other;
}

Result<forms::Option> read_list_entry(const Json& json, const std::string& place) {
    auto object = TRY(Object::of(json, place));
    forms::Option option;
    option.code = TRY(object.text("code", 60));
    if (!forms::is_identifier(option.code)) return bad(place, "this is no code");
    option.label = TRY(object.local("label", title_max));
    option.hint = TRY(object.local_or_empty("hint", line_max));
    TRY(allowed(option.label, place));
    TRY(allowed(option.hint, place));
    option.icon = TRY(object.text_or("icon", "", 40));
    TRY(object.finish());
    return option;
}

Result<forms::CodeLists> read_lists(const Json& json) {
    auto object = TRY(Object::of(json, ""));
    forms::CodeLists lists;
    for (const auto& [name, entries] : json.items()) {
        const auto* list = TRY(object.array(name, 2, forms::max_options));
        auto& entries_read = lists[name];
        for (std::size_t i = 0; i < list->size(); ++i)
            entries_read.push_back(
                TRY(read_list_entry((*list)[i], object.at(name) + "/" + std::to_string(i))));
        std::vector<std::string_view> labels;
        for (const auto& entry : entries_read)
            for (const auto language : base::all_languages)
                labels.push_back(entry.label.in(language));
        if (forms::lists_ethnic_groups(labels))
            return forms::broken("V9", object.at(name),
                                 "the entries name ethnic groups, which no form may ask; take "
                                 "them out");
    }
    return lists;
}

Result<Office> read_office(const Json& json) {
    auto object = TRY(Object::of(json, ""));
    Office office;
    office.name = TRY(object.local("name", title_max));
    office.phone = TRY(object.text("phone", 20));
    office.hours = TRY(object.local("hours", title_max));
    office.address = TRY(object.local("address", line_max));
    office.platform_place = TRY(object.text("place", 60));
    office.opening = TRY(read_opening(object));
    if (object.take("others") != nullptr) {
        const auto* list = TRY(object.array("others", 0, 5));
        for (std::size_t i = 0; i < list->size(); ++i)
            office.others.push_back(
                TRY(read_other_kiosk((*list)[i], object.at("others") + "/" + std::to_string(i))));
    }
    TRY(object.finish());
    return office;
}

Result<ConsentText> read_consent(const std::string& id, const Json& json) {
    auto object = TRY(Object::of(json, "/consents/" + id));
    ConsentText consent;
    consent.id = id;
    consent.title = TRY(object.local("title", title_max));
    consent.statements = TRY(read_lines(object, "statements", 1, 8));
    consent.agree = TRY(object.local("agree", title_max));
    consent.decline = TRY(object.local_or_empty("decline", title_max));
    TRY(object.finish());
    for (const auto* text : {&consent.title, &consent.agree, &consent.decline})
        TRY(allowed(*text, object.place()));
    for (const auto& statement : consent.statements) TRY(allowed(statement, object.place()));
    return consent;
}

// The review state of a file's texts: every set says which languages a native speaker has read.
Result<void> read_review(Object& object) {
    const auto* json = TRY(object.need("review"));
    auto review = TRY(Object::of(*json, "/review"));
    for (const auto language : base::all_languages) {
        const auto state = TRY(review.text(base::to_string(language), 20));
        if (state != "reviewed" && state != "unreviewed")
            return bad(review.at(base::to_string(language)), "reviewed or unreviewed is wanted");
    }
    return review.finish();
}

} // namespace

// Reads one folder into a set; its members are the files that others refer to.
class Reader {
public:
    using Files = ContentSet::Files;
    Reader(const std::string& folder, std::string_view app, Files files)
        : folder_(folder), app_(app), is_draft_(files == Files::as_they_lie) {}

    std::shared_ptr<const ContentSet> read() {
        if (const auto whole = read_files(); !whole) {
            note("", whole.error());
            return nullptr;
        }
        part("office.json", [&](const Json& json) { return office(json); });
        const bool has_lists = part("lists.json", [&](const Json& json) { return lists(json); });
        bool has_words = part("consents.json", [&](const Json& json) { return consents(json); });
        has_words &= part("screens.json", [&](const Json& json) { return texts(json); });
        const bool has_matters =
            part("matters.json", [&](const Json& json) { return matters(json); });
        if (files_.contains("notices.json"))
            part("notices.json", [&](const Json& json) { return notices(json); });
        // Their options stand in the lists: without those every form would seem wrong. Without
        // matters it would seem to be nobody's.
        if (has_lists) read_forms(has_words);
        const bool knows_forms = has_lists && has_matters;
        keep_known_clips();
        for (const auto& [name, bytes] : files_)
            if (!used_.contains(name) && (knows_forms || !name.starts_with("form-")))
                note(name, {Errc::invalid_input,
                            std::string("not a file of a content set; ") +
                                (name.starts_with("form-")
                                     ? "no matter of matters.json is called like it: write one, or "
                                       "take the file out"
                                     : "take it out")});
        if (!outdated_.empty())
            note("manifest.json", {Errc::corrupt, "does not fit" + outdated_ +
                                                      "; when all else is right, make it again: "
                                                      "kiosk content manifest FOLDER"});
        if (!findings_.empty()) return nullptr;
        return std::move(set_);
    }
    std::vector<Finding>& findings() { return findings_; }

private:
    // Length and hash of every file, before any of them is parsed (C2, C3).
    Result<void> read_files() {
        const auto bytes = TRY(base::read_file(folder_ + "/manifest.json", max_manifest_bytes));
        const auto manifest = TRY(in_file("manifest.json", read_manifest(bytes)));
        if (!base::parse_date(manifest.created, created_))
            return Error{Errc::invalid_input, "manifest.json: /created: no calendar day"};
        const auto app = TRY(read_version(app_));
        const auto minimum = TRY(read_version(manifest.minimum_app));
        if (app < minimum)
            return Error{Errc::unsupported, "the set needs program " + manifest.minimum_app};
        for (const auto& file : manifest.files) {
            if (is_clip(file.name)) {
                look_at_clip(file);
                continue;
            }
            auto content = base::read_file(folder_ + "/" + file.name, max_file_bytes);
            const bool is_as_named = content && content->size() == file.length &&
                                     base::sha256_hex(*content) == file.sha256;
            if (!is_as_named && is_draft_)
                outdated_ += " " + file.name;
            else if (!content)
                return Error{content.error().code, file.name + ": " + content.error().context};
            else if (!is_as_named)
                return Error{Errc::corrupt, file.name + ": not what the manifest says"};
            if (content) files_.emplace(file.name, std::move(content).value());
        }
        if (is_draft_) TRY(read_more_files());
        set_->version_ = manifest.version;
        set_->digest_ = "sha256:" + base::sha256_hex(bytes);
        return {};
    }

    // New ones, which the manifest does not name yet.
    Result<void> read_more_files() {
        const auto now = TRY(make_manifest(folder_));
        for (const auto& file : now.files) {
            if (files_.contains(file.name) || is_clip(file.name)) continue;
            outdated_ += " " + file.name;
            files_.emplace(file.name,
                           TRY(base::read_file(folder_ + "/" + file.name, max_file_bytes)));
        }
        return {};
    }

    static constexpr std::string_view clip_prefix = "voice.", clip_ending = ".opus";
    static bool is_clip(std::string_view name) {
        return name.starts_with(clip_prefix) && name.ends_with(clip_ending);
    }

    template <class T> static Result<T> in_file(const std::string& name, Result<T> result) {
        if (result) return result;
        return Error{result.error().code, name + ": " + result.error().context};
    }

    // Its sound is not kept in memory: it is decoded when it is heard.
    void look_at_clip(const ManifestFile& file) {
        const auto path = folder_ + "/" + file.name;
        const auto bytes = base::read_file(path, max_file_bytes);
        const auto name = std::string_view(file.name).substr(clip_prefix.size());
        const auto dot = name.find('.');
        const auto language = base::language_from(name.substr(0, dot));
        const bool is_whole = bytes && bytes->size() == file.length &&
                              base::sha256_hex(*bytes) == file.sha256 && language &&
                              name.size() > dot + 1 + clip_ending.size();
        if (!is_whole) {
            ++set_->broken_clips_;
            return;
        }
        const auto key = name.substr(dot + 1, name.size() - dot - 1 - clip_ending.size());
        set_->clips_.push_back({*language, std::string(key), path});
    }

    void keep_known_clips() {
        const auto unknown = std::erase_if(
            set_->clips_, [&](const Clip& clip) { return !set_->has_text(clip.key); });
        set_->broken_clips_ += unknown;
    }

    // "/steps/0/id: reason [V9]" taken apart.
    void note(const std::string& file, const Error& error) {
        std::string_view rest = error.context;
        auto rule = forms::rule_in(rest);
        if (rule != "kform/1") rest.remove_suffix(rule.size() + 3);
        std::string place;
        if (const auto end = rest.find(": "); rest.starts_with('/') && end != rest.npos) {
            place = rest.substr(0, end);
            rest.remove_prefix(end + 2);
        } else {
            rule = "set";
        }
        auto field = field_at(file, place);
        findings_.push_back({error.code, std::move(rule), file, std::move(place), std::move(field),
                             std::string(rest)});
    }

    // The id of the field that a place lies in, where it has one.
    std::string field_at(const std::string& file, std::string_view place) const {
        constexpr std::string_view fields = "/fields/";
        const auto found = files_.find(file);
        const auto at = place.find(fields);
        if (found == files_.end() || at == place.npos) return {};
        const auto end = place.find('/', at + fields.size());
        const auto json = forms::parse_strictly(found->second, max_file_bytes);
        if (!json) return {};
        const auto pointer = std::string(place.substr(0, end)) + "/id";
        try {
            const auto& id = json->at(Json::json_pointer(pointer));
            return id.is_string() ? id.get<std::string>().substr(0, 60) : std::string();
        } catch (const Json::exception&) {
            return {};
        }
    }

    template <class Read> bool part(const std::string& name, Read read) {
        const auto found = files_.find(name);
        if (found == files_.end()) {
            note(name, {Errc::not_found, is_draft_ ? "there is no such file, and every set has it"
                                                   : "not in the manifest"});
            return false;
        }
        used_.emplace(name);
        const auto json = forms::parse_strictly(found->second, max_file_bytes);
        const auto done = json ? read(*json) : Result<void>(json.error());
        if (!done) note(name, done.error());
        return done.has_value();
    }

    Result<void> office(const Json& json) {
        set_->office_ = TRY(read_office(json));
        return {};
    }

    Result<void> lists(const Json& json) {
        lists_ = TRY(read_lists(json));
        return {};
    }

    Result<void> consents(const Json& json) {
        auto object = TRY(Object::of(json, ""));
        set_->consent_version_ = TRY(object.integer("version", 1, 1'000'000));
        TRY(read_review(object));
        const auto* list = TRY(object.need("consents"));
        if (!list->is_object()) return bad("/consents", "an object is wanted");
        for (const auto& [id, consent] : list->items())
            set_->consents_.emplace(id, TRY(read_consent(id, consent)));
        TRY(object.finish());
        set_->consent_digest_ = "sha256:" + base::sha256_hex(files_.at("consents.json"));
        return {};
    }

    Result<void> texts(const Json& json) {
        auto object = TRY(Object::of(json, ""));
        TRY(read_review(object));
        const auto* list = TRY(object.need("texts"));
        if (!list->is_object()) return bad("/texts", "an object is wanted");
        for (const auto& [key, text] : list->items()) {
            const auto place = "/texts/" + key.substr(0, 60);
            if (!forms::is_identifier(key)) return bad(place, "this is no key");
            auto words = forms::read_local_text(text, place, text_max);
            const auto done =
                words ? allowed_on_screens(*words, place) : Result<void>(words.error());
            if (done)
                set_->texts_.emplace(key, std::move(words).value());
            else if (is_draft_)
                is_without_words_ = true, note("screens.json", done.error());
            else
                return done.error();
        }
        return object.finish();
    }

    Result<void> matters(const Json& json) {
        auto object = TRY(Object::of(json, ""));
        TRY(read_review(object));
        const auto* list = TRY(object.array("matters", 1, 60));
        for (std::size_t i = 0; i < list->size(); ++i) {
            auto matter = TRY(read_matter((*list)[i], "/matters/" + std::to_string(i)));
            if (set_->matter(matter.id)) return bad("/matters", "stands twice: " + matter.id);
            set_->matters_.push_back(std::move(matter));
        }
        TRY(groups(object));
        return object.finish();
    }

    // Optional. A group without a matter would be an empty page, a matter of no group a mistake.
    Result<void> groups(Object& object) {
        if (object.take("groups") != nullptr) {
            const auto* list = TRY(object.array("groups", 1, 12));
            for (std::size_t i = 0; i < list->size(); ++i) {
                auto group = TRY(read_group((*list)[i], "/groups/" + std::to_string(i)));
                if (set_->group(group.id)) return bad("/groups", "stands twice: " + group.id);
                if (set_->matters_in(group.id).empty())
                    return bad("/groups", "holds no matter: " + group.id);
                set_->groups_.push_back(std::move(group));
            }
        }
        for (const auto& matter : set_->matters_) {
            const bool has_group = set_->group(matter.group) != nullptr;
            if (has_group != !set_->groups_.empty() || (!has_group && !matter.group.empty()))
                return bad("/matters", "the \"group\" of " + matter.id +
                                           " is missing, or \"groups\" does not have it");
        }
        return {};
    }

    Result<void> notices(const Json& json) {
        auto object = TRY(Object::of(json, ""));
        TRY(read_review(object));
        const auto* list = TRY(object.array("notices", 0, 20));
        for (std::size_t i = 0; i < list->size(); ++i) {
            auto notice = TRY(read_notice((*list)[i], "/notices/" + std::to_string(i)));
            for (const auto& each : set_->notices_)
                if (each.id == notice.id) return bad("/notices", "stands twice: " + notice.id);
            set_->notices_.push_back(std::move(notice));
        }
        return object.finish();
    }

    // Every matter has exactly one form, and every form a matter (spec matters §1).
    void read_forms(bool has_words) {
        for (const auto& matter : set_->matters_) {
            const auto name = "form-" + matter.id + ".json";
            const auto found = files_.find(name);
            if (found == files_.end()) {
                note(name,
                     {Errc::not_found, is_draft_ ? "there is no such file, and every set has it"
                                                 : "not in the manifest"});
                continue;
            }
            used_.emplace(name);
            auto form = forms::read_form(found->second, lists_);
            if (!form) {
                const auto faults = is_draft_ ? forms::faults_in_form(found->second, lists_)
                                              : std::vector{form.error()};
                for (const auto& fault : faults) note(name, fault);
                continue;
            }
            if (form->matter != matter.id)
                note(name, bad("/matter",
                               "names another matter than the file's name; correct one of them"));
            if (const auto known = check_references(*form);
                has_words && !is_without_words_ && !known)
                note(name, known.error());
            if (matter.id == papers_matter && !forms::asks_papers_alone(*form))
                note(name, bad("/steps", "papers alone can be added"));
            for (auto& broken : forms::broken_rules(*form, created_))
                findings_.push_back({Errc::invalid_input, std::move(broken.rule), name,
                                     std::move(broken.place), std::move(broken.field),
                                     std::move(broken.words)});
            set_->forms_.emplace(matter.id, std::move(*form));
        }
    }

    // What a form names must exist: messages of its rules, texts of its consents, and the question
    // before the platform is asked (G8).
    Result<void> check_references(const forms::Form& form) const {
        for (const auto& step : form.steps)
            for (const auto& field : step.fields) {
                if (field.type == forms::FieldType::consent && !set_->consent(field.id))
                    return bad("/steps",
                               "consents.json has no text for " + field.id + "; write one");
                const auto& sources = field.prefill;
                const bool asks_platform = std::find(sources.begin(), sources.end(),
                                                     forms::Source::platform) != sources.end();
                if (asks_platform && !set_->consent("prefill.fetch"))
                    return bad("/steps", "consents.json has no text for prefill.fetch");
                const auto& ways = field.methods;
                const bool compares_faces =
                    std::find(ways.begin(), ways.end(), "face") != ways.end();
                if (compares_faces && !set_->consent(forms::face_consent_id))
                    return bad("/steps", "consents.json has no text for face.compare");
                for (const auto& rule : field.rules)
                    if (!set_->has_text(rule.fault))
                        return bad("/steps", "screens.json has no text for " + rule.fault);
            }
        return {};
    }

    std::string folder_;
    std::string_view app_;
    std::shared_ptr<ContentSet> set_{new ContentSet};
    std::map<std::string, base::Bytes> files_;
    std::set<std::string> used_;
    std::vector<Finding> findings_;
    bool is_draft_;
    bool is_without_words_ = false; // a text was not read, so one that is missing means nothing
    std::string outdated_;          // names of files that the manifest does not fit
    base::Date created_{};          // conditions that count from today are judged as of this day
    forms::CodeLists lists_;
};

Result<std::shared_ptr<const ContentSet>> ContentSet::open(const std::string& folder,
                                                           std::string_view app_version) {
    auto examined = examine(folder, app_version);
    if (examined.set) return std::move(examined.set);
    return examined.findings.front().error();
}

ContentSet::Examined ContentSet::examine(const std::string& folder, std::string_view app_version,
                                         Files files) {
    Reader reader(folder, app_version, files);
    auto set = reader.read();
    return {std::move(set), std::move(reader.findings())};
}

Error Finding::error() const {
    auto context = file.empty() ? std::string() : file + ": ";
    if (!place.empty()) context += place + ": ";
    context += words;
    if (rule != "kform/1" && rule != "set") context += " [" + rule + "]";
    return {code, std::move(context)};
}

const Matter* ContentSet::matter(std::string_view id) const {
    const auto found = std::find_if(matters_.begin(), matters_.end(),
                                    [&](const Matter& matter) { return matter.id == id; });
    return found == matters_.end() ? nullptr : &*found;
}

const Group* ContentSet::group(std::string_view id) const {
    const auto found = std::find_if(groups_.begin(), groups_.end(),
                                    [&](const Group& group) { return group.id == id; });
    return found == groups_.end() ? nullptr : &*found;
}

std::vector<const Matter*> ContentSet::matters_in(std::string_view group) const {
    std::vector<const Matter*> found;
    for (const auto& matter : matters_)
        if (matter.group == group) found.push_back(&matter);
    return found;
}

std::vector<const Notice*> ContentSet::notices_on(base::Date day) const {
    std::vector<const Notice*> found;
    for (const auto& notice : notices_)
        if (notice.from <= day && day <= notice.until) found.push_back(&notice);
    std::stable_sort(found.begin(), found.end(),
                     [](const Notice* a, const Notice* b) { return b->from < a->from; });
    return found;
}

const forms::Form* ContentSet::form(std::string_view matter) const {
    const auto found = forms_.find(matter);
    return found == forms_.end() ? nullptr : &found->second;
}

const ConsentText* ContentSet::consent(std::string_view id) const {
    const auto found = consents_.find(id);
    return found == consents_.end() ? nullptr : &found->second;
}

namespace {

void change_texts(forms::Field& field, const ContentSet::Change& change) {
    for (auto* text : {&field.label, &field.question, &field.hint, &field.why, &field.say})
        *text = change(*text);
    for (auto& option : field.options) {
        option.label = change(option.label);
        option.hint = change(option.hint);
    }
    for (auto& page : field.page_labels) page = change(page);
}

void change_texts(forms::Form& form, const ContentSet::Change& change) {
    form.legal_basis = change(form.legal_basis);
    form.title = change(form.title);
    for (auto& step : form.steps) {
        step.title = change(step.title);
        step.why = change(step.why);
        for (auto& field : step.fields) change_texts(field, change);
    }
}

void change_texts(Matter& matter, const ContentSet::Change& change) {
    for (auto* text :
         {&matter.title, &matter.line, &matter.time, &matter.result, &matter.cost, &matter.who})
        *text = change(*text);
    for (auto& row : matter.bring) {
        row.name = change(row.name);
        row.note = change(row.note);
    }
    for (auto& line : matter.next) line = change(line);
}

void change_texts(Office& office, const ContentSet::Change& change) {
    for (auto* text : {&office.name, &office.hours, &office.address}) *text = change(*text);
    for (auto& holiday : office.opening.holidays) holiday.name = change(holiday.name);
    for (auto& other : office.others)
        for (auto* text : {&other.name, &other.address, &other.way, &other.hours})
            *text = change(*text);
}

} // namespace

std::shared_ptr<const ContentSet> ContentSet::with_texts(const Change& change) const {
    std::shared_ptr<ContentSet> set(new ContentSet);
    set->version_ = version_;
    set->digest_ = digest_;
    set->office_ = office_;
    set->matters_ = matters_;
    set->groups_ = groups_;
    set->notices_ = notices_;
    set->forms_ = forms_;
    set->consents_ = consents_;
    set->consent_digest_ = consent_digest_;
    set->consent_version_ = consent_version_;
    set->texts_ = texts_;
    set->clips_ = clips_;
    set->broken_clips_ = broken_clips_;
    change_texts(set->office_, change);
    for (auto& matter : set->matters_) change_texts(matter, change);
    for (auto& group : set->groups_) group.title = change(group.title);
    for (auto& notice : set->notices_)
        for (auto* text : {&notice.title, &notice.text}) *text = change(*text);
    for (auto& [id, form] : set->forms_) change_texts(form, change);
    for (auto& [id, consent] : set->consents_) {
        for (auto* text : {&consent.title, &consent.agree, &consent.decline}) *text = change(*text);
        for (auto& statement : consent.statements) statement = change(statement);
    }
    for (auto& [key, text] : set->texts_) text = change(text);
    return set;
}

std::string ContentSet::text(std::string_view key, Language language) const {
    const auto found = texts_.find(key);
    if (found != texts_.end()) return std::string(found->second.in(language));
    ++missing_;
    return "⟦" + std::string(key) + "⟧";
}

std::string ContentSet::text(std::string_view key, Language language, const Values& values) const {
    return fill(text(key, language), values);
}

bool ContentSet::has_text(std::string_view key) const {
    return texts_.find(key) != texts_.end();
}

std::vector<std::string> ContentSet::text_keys() const {
    std::vector<std::string> keys;
    for (const auto& [key, text] : texts_) keys.push_back(key);
    return keys;
}

std::vector<std::string> ContentSet::local_notices() const {
    constexpr std::size_t longest = 40;
    const auto fits = [](char c) {
        return std::string_view("abcdefghijklmnopqrstuvwxyz0123456789._-").find(c) !=
               std::string::npos;
    };
    std::vector<std::string> ids;
    for (auto at = texts_.lower_bound(local_notice_prefix);
         at != texts_.end() && at->first.starts_with(local_notice_prefix); ++at) {
        auto id = at->first.substr(local_notice_prefix.size());
        if (!id.empty() && id.size() <= longest && std::all_of(id.begin(), id.end(), fits))
            ids.push_back(std::move(id));
    }
    return ids;
}

std::string fill(std::string_view text, const ContentSet::Values& values) {
    std::vector<text::Insertion> insertions;
    for (const auto& [name, value] : values) insertions.push_back({name, value});
    return text::format_message(text, insertions);
}

} // namespace content
