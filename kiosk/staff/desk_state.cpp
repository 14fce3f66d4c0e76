// The file: one line "kiosk-desk/1 <SHA-256 of the rest, hex>", then JSON. The digest finds damage,
// not malice: who can write this file is the kiosk's own user, and could do anything else too.
#include "kiosk/staff/desk_state.hpp"

#include "kiosk/base/digest.hpp"
#include "kiosk/forms/strict_json.hpp"
#include "kiosk/staff/ids.hpp"
#include "kiosk/staff/standing.hpp"

namespace staff {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using forms::Json;
using forms::Object;

constexpr std::string_view line_begin = "kiosk-desk/1 ";
constexpr std::size_t digest_characters = 64;
// Chosen: every id of a full roster with its counts takes 40 KiB.
constexpr std::size_t file_limit = 256u << 10;
constexpr std::int64_t count_limit = 1'000'000;

constexpr std::size_t ids_limit = 2000; // ten full rosters: ids come and go with them

struct CountName {
    const char* name;
    int DayCounts::*count;
};
constexpr std::array count_names{
    CountName{"witnessed", &DayCounts::witnessed}, CountName{"assisted", &DayCounts::assisted},
    CountName{"documents", &DayCounts::documents}, CountName{"logins", &DayCounts::logins},
    CountName{"failures", &DayCounts::failures},
};

std::string to_file(const Kept& kept) {
    nlohmann::ordered_json json;
    json["isClosed"] = kept.is_closed;
    json["notice"] = kept.notice;
    json["noticeDay"] = kept.notice_day;
    json["dutyDay"] = kept.duty_day;
    json["leastRosterVersion"] = kept.least_roster_version;
    json["rosterSha256"] = kept.roster_sha256;
    json["hadRoster"] = kept.had_roster;
    json["lastSureTime"] = kept.last_sure_time.time_since_epoch().count();
    json["failuresOfOthers"] = kept.failures_of_others;
    json["failures"] = kept.failures;
    json["countsDay"] = kept.counts_day;
    json["countsAfterRow"] = kept.counts_after_row;
    json["counts"] = nlohmann::ordered_json::object();
    for (const auto& [id, counts] : kept.counts)
        for (const auto& row : count_names) json["counts"][id][row.name] = counts.*row.count;
    const auto text = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return std::string(line_begin) + base::sha256_hex(base::as_bytes(text)) + "\n" + text;
}

// May be empty, which Object::text refuses.
Result<std::string> text_in(Object& object, std::string_view key) {
    const auto* value = TRY(object.need(key));
    if (!value->is_string() || value->get_ref<const std::string&>().size() > 100)
        return forms::bad(object.at(key), "a short text is wanted");
    return value->get<std::string>();
}

Result<int> count_in(Object& object, std::string_view key) {
    return static_cast<int>(TRY(object.integer(key, 0, count_limit)));
}

// The object under `key`, whose members are ids: no others than a row of the audit chain takes, or
// the end of a day would be a bug at every start.
Result<Object> ids_in(Object& object, std::string_view key) {
    const auto* value = TRY(object.need(key));
    if (value->size() > ids_limit) return forms::bad(object.at(key), "too many ids");
    auto ids = TRY(Object::of(*value, object.at(key)));
    for (const auto& [id, ignored] : value->items())
        if (!is_staff_id(id)) return forms::bad(object.at(key), "not the id of a member of staff");
    return ids;
}

Result<std::map<std::string, int>> read_failures(Object& object) {
    auto ids = TRY(ids_in(object, "failures"));
    std::map<std::string, int> failures;
    for (const auto& [id, ignored] : object.take("failures")->items())
        failures[id] = TRY(count_in(ids, id));
    return failures;
}

Result<std::map<std::string, DayCounts>> read_counts(Object& object) {
    auto ids = TRY(ids_in(object, "counts"));
    std::map<std::string, DayCounts> counts;
    for (const auto& [id, value] : object.take("counts")->items()) {
        auto one = TRY(Object::of(value, ids.at(id)));
        for (const auto& row : count_names) counts[id].*row.count = TRY(count_in(one, row.name));
        TRY(one.finish());
    }
    return counts;
}

Result<Kept> read_kept(base::ByteView bytes) {
    const auto json = TRY(forms::parse_strictly(bytes, file_limit));
    auto object = TRY(Object::of(json, ""));
    Kept kept;
    kept.is_closed = TRY(object.boolean_or("isClosed", false));
    kept.notice = TRY(text_in(object, "notice"));
    if (!kept.notice.empty() && !is_word(kept.notice))
        return forms::bad(object.at("notice"), "not the id of a notice");
    kept.notice_day = TRY(text_in(object, "noticeDay"));
    kept.duty_day = TRY(text_in(object, "dutyDay"));
    kept.least_roster_version =
        static_cast<std::uint64_t>(TRY(object.integer("leastRosterVersion", 0, INT64_MAX)));
    kept.roster_sha256 = TRY(text_in(object, "rosterSha256"));
    kept.had_roster = TRY(object.boolean_or("hadRoster", false));
    kept.last_sure_time =
        base::WallTime(base::Milliseconds(TRY(object.integer("lastSureTime", 0, INT64_MAX))));
    kept.failures_of_others = TRY(count_in(object, "failuresOfOthers"));
    kept.failures = TRY(read_failures(object));
    kept.counts_day = TRY(text_in(object, "countsDay"));
    kept.counts_after_row =
        static_cast<std::uint64_t>(TRY(object.integer("countsAfterRow", 0, INT64_MAX)));
    kept.counts = TRY(read_counts(object));
    TRY(object.finish());
    return kept;
}

Result<Kept> from_file(base::ByteView bytes) {
    const auto text = base::as_text(bytes);
    constexpr auto line_size = line_begin.size() + digest_characters + 1;
    if (text.size() <= line_size || !text.starts_with(line_begin) || text[line_size - 1] != '\n')
        return Error{Errc::corrupt, "not a desk file"};
    const auto rest = bytes.subspan(line_size);
    if (text.substr(line_begin.size(), digest_characters) != base::sha256_hex(rest))
        return Error{Errc::corrupt, "the desk file does not match its digest"};
    return read_kept(rest);
}

// Nothing is known any more, so everything that protects is set.
Kept after_damage() {
    Kept kept;
    kept.failures_of_others = pin_tries;
    kept.had_roster = true;
    return kept;
}

} // namespace

Result<std::unique_ptr<DeskState>> DeskState::open(const std::string& file) {
    std::unique_ptr<DeskState> state(new DeskState(file));
    const auto bytes = base::read_file(file, file_limit);
    if (!bytes && bytes.error().code == Errc::not_found) return state;
    auto kept = bytes ? from_file(*bytes) : Result<Kept>(bytes.error());
    if (kept) {
        state->kept_ = std::move(*kept);
        return state;
    }
    // Beside first, then over it: between the two the damaged file is still there.
    if (bytes) TRY(base::write_file_durably(file + ".damaged", *bytes));
    state->kept_ = after_damage();
    state->was_damaged_ = true;
    TRY(base::write_file_durably(file, base::as_bytes(to_file(state->kept_))));
    return state;
}

Result<Kept> DeskState::inspect(const std::string& file) {
    auto kept = from_file(TRY(base::read_file(file, file_limit)));
    if (!kept) return Error{Errc::corrupt, "the desk file is damaged"};
    return kept;
}

Kept DeskState::read() const {
    const std::lock_guard lock(mutex_);
    return kept_;
}

Result<void> DeskState::change(const std::function<void(Kept&)>& edit) {
    const std::lock_guard alone(writing_);
    auto next = read();
    edit(next);
    TRY(base::write_file_durably(file_, base::as_bytes(to_file(next))));
    const std::lock_guard lock(mutex_);
    std::swap(kept_, next);
    return {};
}

} // namespace staff
