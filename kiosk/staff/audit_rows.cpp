#include "kiosk/staff/audit_rows.hpp"

#include "kiosk/staff/ids.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace staff {
namespace {

constexpr std::string_view digits = "0123456789";

bool has_only(std::string_view text, std::size_t least, std::size_t most,
              std::initializer_list<std::string_view> alphabets) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return std::any_of(alphabets.begin(), alphabets.end(), [&](std::string_view one) {
                   return one.find(c) != std::string_view::npos;
               });
           });
}

bool is_hex(std::string_view text) {
    return has_only(text, 2, 256, {digits, "abcdef"}) && text.size() % 2 == 0;
}
bool is_day(std::string_view text) {
    base::Date day{};
    return base::parse_date(text, day) && text >= "1970";
}
// RFC 9562, 5.4: version and variant stand at fixed places.
bool is_key(std::string_view text) {
    if (text.size() != 36 || text[14] != '4') return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_hyphen != (text[i] == '-')) return false;
    }
    return has_only(text, 36, 36, {digits, "abcdef-"}) &&
           std::string_view("89ab").find(text[19]) != std::string_view::npos;
}

enum class Form : std::uint8_t { number, staff_id, key, word, day, hex };

Form form_of(AuditField field) {
    switch (field) {
    case AuditField::staff:
    case AuditField::witness:
    case AuditField::assistant:
    case AuditField::document: return Form::staff_id;
    case AuditField::same:
    case AuditField::card:
    case AuditField::version:
    case AuditField::rows:
    case AuditField::witnessed:
    case AuditField::assisted:
    case AuditField::documents:
    case AuditField::logins:
    case AuditField::failures: return Form::number;
    case AuditField::key: return Form::key;
    case AuditField::purpose:
    case AuditField::problem:
    case AuditField::reason:
    case AuditField::code:
    case AuditField::notice:
    case AuditField::clock: return Form::word;
    case AuditField::day: return Form::day;
    case AuditField::nonce:
    case AuditField::proof: return Form::hex;
    }
    CHECK(false && "a field without a form");
}

bool fits(AuditField field, const std::variant<std::int64_t, std::string>& value) {
    const auto* text = std::get_if<std::string>(&value);
    switch (form_of(field)) {
    case Form::number: return text == nullptr;
    case Form::staff_id: return text && is_staff_id(*text);
    case Form::key: return text && is_key(*text);
    case Form::word: return text && is_word(*text);
    case Form::day: return text && is_day(*text);
    case Form::hex: return text && is_hex(*text);
    }
    return false;
}

using Fields = std::uint32_t;
constexpr Fields bit(AuditField field) {
    return Fields(1) << unsigned(field);
}
template <class... F> constexpr Fields fields(F... field) {
    return (Fields(0) | ... | bit(field));
}

// What a row of this event must and may have. Everything else is refused.
struct Shape {
    AuditEvent event;
    std::string_view name;
    Fields must;
    Fields may;
};
constexpr std::array shapes{
    Shape{AuditEvent::chain_started, "chain_started", 0, 0},
    Shape{AuditEvent::chain_restarted, "chain_restarted", fields(AuditField::rows), 0},
    Shape{AuditEvent::roster_accepted, "roster_accepted", fields(AuditField::version),
          fields(AuditField::staff)},
    Shape{AuditEvent::roster_refused, "roster_refused", fields(AuditField::code),
          fields(AuditField::staff, AuditField::version)},
    Shape{AuditEvent::card_refused, "card_refused", fields(AuditField::problem),
          fields(AuditField::staff, AuditField::card, AuditField::purpose)},
    Shape{AuditEvent::logged_in, "logged_in", fields(AuditField::staff),
          fields(AuditField::card, AuditField::clock)},
    Shape{AuditEvent::logged_out, "logged_out", fields(AuditField::staff),
          fields(AuditField::reason)},
    Shape{AuditEvent::pin_failed, "pin_failed", fields(AuditField::staff),
          fields(AuditField::card, AuditField::purpose)},
    Shape{AuditEvent::locked, "locked", fields(AuditField::staff), fields(AuditField::card)},
    Shape{AuditEvent::enrolment_failed, "enrolment_failed", 0, fields(AuditField::staff)},
    Shape{AuditEvent::enrolled, "enrolled", 0, fields(AuditField::staff)},
    Shape{AuditEvent::confirmed, "confirmed",
          fields(AuditField::staff, AuditField::purpose, AuditField::nonce, AuditField::proof),
          fields(AuditField::card, AuditField::clock)},
    Shape{
        AuditEvent::request_signed, "request_signed", fields(AuditField::key),
        fields(AuditField::witness, AuditField::assistant, AuditField::document, AuditField::same)},
    Shape{AuditEvent::duty_begun, "duty_begun", fields(AuditField::staff), 0},
    Shape{AuditEvent::duty_ended, "duty_ended", 0, fields(AuditField::staff)},
    Shape{AuditEvent::service_stopped, "service_stopped", fields(AuditField::staff), 0},
    Shape{AuditEvent::service_resumed, "service_resumed", fields(AuditField::staff), 0},
    Shape{AuditEvent::paper_replaced, "paper_replaced", fields(AuditField::staff), 0},
    Shape{AuditEvent::screen_cleaned, "screen_cleaned", fields(AuditField::staff), 0},
    Shape{AuditEvent::printer_tested, "printer_tested", fields(AuditField::staff), 0},
    Shape{AuditEvent::camera_tested, "camera_tested", fields(AuditField::staff), 0},
    Shape{AuditEvent::face_camera_tested, "face_camera_tested", fields(AuditField::staff), 0},
    Shape{AuditEvent::receipt_reprinted, "receipt_reprinted", fields(AuditField::staff), 0},
    Shape{AuditEvent::request_released, "request_released", fields(AuditField::key), 0},
    Shape{AuditEvent::request_closed, "request_closed", fields(AuditField::key), 0},
    Shape{AuditEvent::remote_command, "remote_command", fields(AuditField::reason), 0},
    Shape{AuditEvent::notice_shown, "notice_shown", fields(AuditField::notice),
          fields(AuditField::staff)},
    // Without staff: its day is over.
    Shape{AuditEvent::notice_removed, "notice_removed", 0,
          fields(AuditField::staff, AuditField::notice)},
    Shape{AuditEvent::day_counts, "day_counts", fields(AuditField::staff, AuditField::day),
          fields(AuditField::witnessed, AuditField::assisted, AuditField::documents,
                 AuditField::logins, AuditField::failures)},
};

constexpr std::array field_names{
    std::pair{AuditField::staff, std::string_view("staff")},
    std::pair{AuditField::witness, std::string_view("witness")},
    std::pair{AuditField::assistant, std::string_view("assistant")},
    std::pair{AuditField::document, std::string_view("document")},
    std::pair{AuditField::same, std::string_view("same")},
    std::pair{AuditField::card, std::string_view("card")},
    std::pair{AuditField::key, std::string_view("key")},
    std::pair{AuditField::purpose, std::string_view("purpose")},
    std::pair{AuditField::problem, std::string_view("problem")},
    std::pair{AuditField::reason, std::string_view("reason")},
    std::pair{AuditField::code, std::string_view("code")},
    std::pair{AuditField::notice, std::string_view("notice")},
    std::pair{AuditField::version, std::string_view("version")},
    std::pair{AuditField::rows, std::string_view("rows")},
    std::pair{AuditField::day, std::string_view("day")},
    std::pair{AuditField::witnessed, std::string_view("witnessed")},
    std::pair{AuditField::assisted, std::string_view("assisted")},
    std::pair{AuditField::documents, std::string_view("documents")},
    std::pair{AuditField::logins, std::string_view("logins")},
    std::pair{AuditField::failures, std::string_view("failures")},
    std::pair{AuditField::nonce, std::string_view("nonce")},
    std::pair{AuditField::proof, std::string_view("proof")},
    std::pair{AuditField::clock, std::string_view("clock")},
};

// Both tables are indexed by their enumerations.
static_assert([] {
    for (std::size_t i = 0; i < shapes.size(); ++i)
        if (std::size_t(shapes[i].event) != i) return false;
    for (std::size_t i = 0; i < field_names.size(); ++i)
        if (std::size_t(field_names[i].first) != i) return false;
    return shapes.size() == audit_event_count && field_names.size() == audit_field_count &&
           audit_field_count <= 32;
}());

const Shape& shape_of(AuditEvent event) {
    return shapes[std::size_t(event)];
}

bool may_have(const Shape& shape, Fields present) {
    return (present & shape.must) == shape.must && (present & ~(shape.must | shape.may)) == 0;
}

// The texts of to_rfc3339 with whole seconds and four-digit years, and no others.
std::optional<base::WallTime> read_time(std::string_view text) {
    constexpr std::size_t size = 25;
    if (text.size() != size) return std::nullopt;
    base::Date day{};
    if (!base::parse_date(text.substr(0, 10), day)) return std::nullopt;
    const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
    const base::WallTime time = std::chrono::sys_days{day} + std::chrono::hours(two(11)) +
                                std::chrono::minutes(two(14)) + std::chrono::seconds(two(17)) -
                                base::local_offset;
    if (base::to_rfc3339(time) != text) return std::nullopt;
    return time;
}

std::optional<base::Sha256> read_digest(std::string_view text) {
    base::Sha256 digest{};
    if (text.size() != 2 * digest.size() || !is_hex(text)) return std::nullopt;
    const auto bytes = base::from_hex(text);
    if (!bytes) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

// What is left of a text that is read from the front.
class Cursor {
public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    bool skip(std::string_view expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }
    template <class Number> std::optional<Number> number() {
        Number value = 0;
        const auto [end, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (code != std::errc()) return std::nullopt;
        rest_.remove_prefix(std::size_t(end - rest_.data()));
        return value;
    }
    // Up to the next quotation mark, which is taken as well.
    std::optional<std::string_view> text() {
        const auto end = rest_.find('"');
        if (end == std::string_view::npos) return std::nullopt;
        const auto found = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return found;
    }
    std::string_view rest() const { return rest_; }
    bool at_quote() const { return rest_.starts_with('"'); }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

} // namespace

std::string_view to_string(AuditEvent event) {
    return shape_of(event).name;
}

std::string_view to_string(AuditField field) {
    return field_names[std::size_t(field)].second;
}

AuditValue AuditValue::word(base::Word literal) {
    CHECK(is_word(literal.text()));
    return AuditValue(std::string(literal.text()));
}
AuditValue AuditValue::staff_id(std::string_view id) {
    CHECK(is_staff_id(id));
    return AuditValue(std::string(id));
}
AuditValue AuditValue::key(std::string_view uuid) {
    CHECK(is_key(uuid));
    return AuditValue(std::string(uuid));
}
AuditValue AuditValue::notice(std::string_view id) {
    CHECK(is_word(id));
    return AuditValue(std::string(id));
}
AuditValue AuditValue::day(base::Date day) {
    auto text = base::to_text(day);
    CHECK(is_day(text));
    return AuditValue(std::move(text));
}
AuditValue AuditValue::hex(base::ByteView bytes) {
    auto text = base::to_hex(bytes);
    CHECK(is_hex(text));
    return AuditValue(std::move(text));
}
bool AuditValue::is_absent() const {
    const auto* text = std::get_if<std::string>(&value_);
    return text && text->empty();
}

bool may_have(AuditEvent event, AuditField field) {
    const auto& shape = shape_of(event);
    return ((shape.must | shape.may) & bit(field)) != 0;
}

bool has_form(AuditField field, const AuditValue& value) {
    return fits(field, value.value());
}

std::vector<AuditEntry> in_order(AuditEvent event, std::span<const AuditEntry> entries) {
    std::vector<AuditEntry> ordered;
    Fields present = 0;
    for (const auto& entry : entries) {
        if (entry.value.is_absent()) continue;
        CHECK((present & bit(entry.field)) == 0 && "a field twice");
        CHECK(fits(entry.field, entry.value.value()) && "a value of another form");
        present |= bit(entry.field);
        ordered.push_back(entry);
    }
    CHECK(may_have(shape_of(event), present) && "fields that this event has not");
    std::sort(ordered.begin(), ordered.end(),
              [](const AuditEntry& a, const AuditEntry& b) { return a.field < b.field; });
    return ordered;
}

std::string write_row(const AuditRow& row) {
    std::string line = "{\"row\":" + std::to_string(row.number) + ",\"at\":\"" +
                       base::to_rfc3339(row.at) + "\",\"event\":\"";
    line += to_string(row.event);
    line += '"';
    for (const auto& entry : row.entries) {
        line += ",\"";
        line += to_string(entry.field);
        line += "\":";
        if (const auto* number = std::get_if<std::int64_t>(&entry.value.value())) {
            line += std::to_string(*number);
        } else {
            // Every form is free of what JSON would escape.
            line += '"' + std::get<std::string>(entry.value.value()) + '"';
        }
    }
    return line + ",\"before\":\"" + base::to_hex(row.before) + "\"}";
}

class RowReader {
public:
    explicit RowReader(std::string_view line) : at_(line) {}

    std::optional<AuditRow> read() {
        AuditRow row;
        if (!begin(row)) return std::nullopt;
        Fields present = 0;
        while (!at_.skip(",\"before\":\"")) {
            auto entry = next_entry();
            if (!entry || bit(entry->field) <= present) return std::nullopt; // in order, each once
            present |= bit(entry->field);
            row.entries.push_back(std::move(*entry));
        }
        const auto before = at_.text();
        const auto digest = before ? read_digest(*before) : std::nullopt;
        if (!digest || !at_.skip("}") || !at_.at_end()) return std::nullopt;
        if (!may_have(shape_of(row.event), present)) return std::nullopt;
        row.before = *digest;
        return row;
    }

private:
    bool begin(AuditRow& row) {
        if (!at_.skip("{\"row\":")) return false;
        const auto number = at_.number<std::uint64_t>();
        if (!number || !at_.skip(",\"at\":\"")) return false;
        const auto time_text = at_.text();
        const auto time = time_text ? read_time(*time_text) : std::nullopt;
        if (!time || !at_.skip(",\"event\":\"")) return false;
        const auto name = at_.text();
        const auto shape = std::find_if(shapes.begin(), shapes.end(), [&](const Shape& one) {
            return name && one.name == *name;
        });
        if (shape == shapes.end()) return false;
        row.number = *number;
        row.at = *time;
        row.event = shape->event;
        return true;
    }

    std::optional<AuditEntry> next_entry() {
        if (!at_.skip(",\"")) return std::nullopt;
        const auto name = at_.text();
        const auto named =
            std::find_if(field_names.begin(), field_names.end(),
                         [&](const auto& one) { return name && one.second == *name; });
        if (named == field_names.end() || !at_.skip(":")) return std::nullopt;
        if (at_.skip("\"")) {
            const auto text = at_.text();
            if (!text) return std::nullopt;
            AuditValue value(std::string{*text});
            if (!fits(named->first, value.value())) return std::nullopt;
            return AuditEntry{named->first, std::move(value)};
        }
        const auto number = at_.number<std::int64_t>();
        if (!number || form_of(named->first) != Form::number) return std::nullopt;
        return AuditEntry{named->first, AuditValue(*number)};
    }

    Cursor at_;
};

std::optional<AuditRow> read_row(std::string_view line) {
    if (line.size() > audit_row_limit) return std::nullopt;
    auto row = RowReader(line).read();
    if (!row || write_row(*row) != line) return std::nullopt;
    return row;
}

std::string write_head(const AuditHeadFile& file) {
    return "{\"row\":" + std::to_string(file.head.row) + ",\"digest\":\"" +
           base::to_hex(file.head.digest) + "\",\"signature\":\"" +
           base::to_base64(file.head.signature) + "\",\"last\":" + file.last + "}\n";
}

std::optional<AuditHeadFile> read_head(std::string_view text) {
    AuditHeadFile file;
    Cursor at(text);
    if (!at.skip("{\"row\":")) return std::nullopt;
    const auto number = at.number<std::uint64_t>();
    if (!number || !at.skip(",\"digest\":\"")) return std::nullopt;
    const auto digest_text = at.text();
    const auto digest = digest_text ? read_digest(*digest_text) : std::nullopt;
    if (!digest || !at.skip(",\"signature\":\"")) return std::nullopt;
    const auto signature_text = at.text();
    if (!signature_text || !at.skip(",\"last\":")) return std::nullopt;
    const auto signature = base::from_base64(*signature_text);
    if (!signature || !at.rest().ends_with("}\n")) return std::nullopt;
    file.head = {*number, *digest, *signature};
    file.last = at.rest().substr(0, at.rest().size() - 2);
    const auto last = read_row(file.last);
    if (!last || last->number != *number || base::sha256(base::as_bytes(file.last)) != *digest)
        return std::nullopt;
    if (write_head(file) != text) return std::nullopt;
    return file;
}

} // namespace staff
