// Writing the chain, and making it whole again after a power cut. Head first, then the line: the
// head holds the whole last row, so whatever a power cut does to the line can be mended from it.
#include "kiosk/staff/audit.hpp"

#include "kiosk/staff/audit_check.hpp"
#include "kiosk/staff/audit_files.hpp"
#include "kiosk/staff/audit_rows.hpp"

#include <algorithm>
#include <mutex>

namespace staff {
namespace {

constexpr int damaged_limit = 1000; // more than that, and the last one is written over

// The times that a row can hold: four-digit years.
base::WallTime writable(base::WallTime time) {
    constexpr base::WallTime earliest{};
    constexpr base::WallTime latest =
        std::chrono::sys_days{base::Date{std::chrono::year{9999} / 12 / 31}};
    return std::chrono::floor<std::chrono::seconds>(std::clamp(time, earliest, latest));
}

// Where line `number` begins, counted from 1; npos when there are fewer.
std::size_t begin_of_line(std::string_view text, std::uint64_t number) {
    std::size_t at = 0;
    for (std::uint64_t line = 1; line < number; ++line) {
        const auto end = text.find('\n', at);
        if (end == std::string_view::npos) return end;
        at = end + 1;
    }
    return at;
}

// A chain as it was found, with the last row as the head has it.
struct Found {
    AuditHeadFile head;
    base::Bytes head_bytes;
    std::size_t whole = 0;    // bytes of the file before the last row
    bool is_complete = false; // the last row stands in the file as well
    base::WallTime last_time{};
};

// What was left of a chain that is damaged.
struct Remains {
    std::uint64_t rows = 0;
    base::Sha256 last_known{}; // of the head, when that is signed by this kiosk
};

base::Result<std::optional<base::Bytes>> read_if_there(AuditFiles& files, const char* name,
                                                       std::size_t limit) {
    auto bytes = files.read(name, limit);
    if (bytes) return std::optional<base::Bytes>(std::move(*bytes));
    const auto code = bytes.error().code;
    // Too long, or a folder of that name: damaged like any other; it is not read.
    if (code == base::Errc::too_large || code == base::Errc::invalid_input)
        return std::optional(base::to_bytes("\n"));
    if (code == base::Errc::not_found) return std::optional<base::Bytes>();
    return bytes.error();
}

} // namespace

struct AuditChain::State {
    State(std::unique_ptr<AuditFiles> the_files, const base::Clock& the_clock,
          platform::KeyPair the_device)
        : files(std::move(the_files)), clock(the_clock), device(std::move(the_device)) {}

    const std::unique_ptr<AuditFiles> files;
    const base::Clock& clock;
    const platform::KeyPair device;

    mutable std::mutex mutex;
    AuditHead head;         // row 0: no row yet
    base::Bytes head_bytes; // of head_file
    std::size_t size = 0;   // of chain_file
    base::WallTime last_time{};
    bool was_damaged = false;
    // A row that failed may stand in one of the files: it must be taken out before the next one.
    bool is_in_doubt = false;

    base::Result<void> begin();
    base::Result<void> complete(const Found& found);
    base::Result<void> restart(const Remains& remains);
    base::Result<void> put_aside();
    base::Result<void> write(AuditEvent event, std::vector<AuditEntry> entries,
                             const base::Sha256& before);
    base::Result<void> take_back();
};

namespace {

// The chain in these bytes when it is whole but, perhaps, for its last row. `why`: what the check
// said otherwise.
std::optional<Found> find_whole(const base::Bytes& chain, const base::Bytes& head_bytes,
                                const platform::Certificate& device) {
    const auto head = read_head(base::as_text(head_bytes));
    if (!head) return std::nullopt;
    const auto text = base::as_text(chain);
    const auto begin = begin_of_line(text, head->head.row);
    if (begin == std::string_view::npos) return std::nullopt;
    const auto line = head->last + "\n";
    const auto tail = text.substr(begin);
    // A torn line: any part of it, perhaps with what the disk had there before. What stands behind
    // it was not written by us.
    if (tail.size() > line.size()) return std::nullopt;
    const auto whole = base::ByteView(chain).first(begin);
    const auto report = check_audit_with(whole, head->last, head_bytes, &device);
    if (report.fault) return std::nullopt;
    return Found{*head, head_bytes, begin, tail == line, report.last_time};
}

} // namespace

// Opens what is there, mends it, or begins.
base::Result<void> AuditChain::State::begin() {
    auto rows_found = TRY(read_if_there(*files, chain_file, files->limit()));
    const auto head_found = TRY(read_if_there(*files, head_file, 2 * audit_row_limit));
    if (!rows_found && !head_found) {
        // A power cut may have come between putting aside and beginning anew.
        if (files->exists("chain.damaged-1.jsonl") || files->exists("head.damaged-1.json"))
            return restart({});
        return write(AuditEvent::chain_started, {}, {});
    }
    const auto rows = std::move(rows_found).value_or(base::Bytes());
    Remains remains;
    remains.rows = std::uint64_t(std::count(rows.begin(), rows.end(), '\n'));
    if (head_found) {
        if (const auto whole = find_whole(rows, *head_found, device.certificate()))
            return complete(*whole);
        const auto known = read_head(base::as_text(*head_found));
        if (known && platform::check_audit_head(known->head, device.certificate()))
            remains.last_known = known->head.digest;
    }
    return restart(remains);
}

base::Result<void> AuditChain::State::complete(const Found& found) {
    const auto line = found.head.last + "\n";
    if (!found.is_complete) {
        if (files->exists(chain_file)) TRY(files->cut(chain_file, found.whole));
        TRY(files->append(chain_file, base::as_bytes(line)));
    }
    head = found.head.head;
    head_bytes = found.head_bytes;
    size = found.whole + line.size();
    last_time = found.last_time;
    return {};
}

base::Result<void> AuditChain::State::restart(const Remains& remains) {
    was_damaged = true;
    TRY(put_aside());
    const AuditEntry rows{AuditField::rows, AuditValue(std::int64_t(remains.rows))};
    return write(AuditEvent::chain_restarted, {rows}, remains.last_known);
}

// The chain first, and the head only as a copy: until a new head is there, a restart that a power
// cut interrupts still knows the last row.
base::Result<void> AuditChain::State::put_aside() {
    int number = 1;
    const auto name = [&](const char* stem, const char* ending) {
        return std::string(stem) + ".damaged-" + std::to_string(number) + ending;
    };
    while (number < damaged_limit &&
           (files->exists(name("chain", ".jsonl")) || files->exists(name("head", ".json"))))
        ++number;
    if (files->exists(chain_file)) TRY(files->rename(chain_file, name("chain", ".jsonl")));
    if (!files->exists(head_file)) return {};
    const auto bytes = files->read(head_file, files->limit());
    if (!bytes) return files->rename(head_file, name("head", ".json"));
    return files->replace(name("head", ".json"), *bytes);
}

base::Result<void> AuditChain::State::write(AuditEvent event, std::vector<AuditEntry> entries,
                                            const base::Sha256& before) {
    AuditRow row{head.row + 1, writable(clock.wall()), event, std::move(entries), before};
    AuditHeadFile next;
    next.last = write_row(row);
    CHECK(next.last.size() <= audit_row_limit);
    const auto line = next.last + "\n";
    if (size + line.size() > files->limit())
        return base::Error{base::Errc::too_large,
                           "the audit chain is full (" + std::to_string(files->limit()) +
                               " bytes): stop the kiosk and move its folder to safe keeping; a "
                               "new chain begins"};
    const auto digest = base::sha256(base::as_bytes(next.last));
    next.head = TRY(platform::sign_audit_head(row.number, digest, device));
    auto next_bytes = base::to_bytes(write_head(next));

    auto written = files->replace(head_file, next_bytes);
    if (written) written = files->append(chain_file, base::as_bytes(line));
    if (!written) {
        is_in_doubt = true;
        (void)take_back(); // what fails now is tried again before the next row
        return written;
    }
    head = std::move(next.head);
    head_bytes = std::move(next_bytes);
    size += line.size();
    last_time = std::max(last_time, row.at);
    return {};
}

// After a row that could not be written: both files as they were before it. First the line, then
// the head, because a head without its line is mended at the next start, a line without its head is
// not.
base::Result<void> AuditChain::State::take_back() {
    if (!is_in_doubt) return {};
    if (head.row == 0) return {}; // the first row of all: opening is tried again as a whole
    TRY(files->cut(chain_file, size));
    TRY(files->replace(head_file, head_bytes));
    is_in_doubt = false;
    return {};
}

AuditChain::AuditChain(std::unique_ptr<State> state) : state_(std::move(state)) {}
AuditChain::~AuditChain() = default;

base::Result<std::unique_ptr<AuditChain>>
AuditChain::open(const std::string& folder, const base::Clock& clock, platform::KeyPair device) {
    return open(TRY(open_audit_folder(folder)), clock, std::move(device));
}

base::Result<std::unique_ptr<AuditChain>> AuditChain::open(std::unique_ptr<AuditFiles> files,
                                                           const base::Clock& clock,
                                                           platform::KeyPair device) {
    auto state = std::make_unique<State>(std::move(files), clock, std::move(device));
    TRY(state->begin());
    return std::unique_ptr<AuditChain>(new AuditChain(std::move(state)));
}

base::Result<void> AuditChain::append(AuditEvent event, std::initializer_list<AuditEntry> entries) {
    CHECK(event != AuditEvent::chain_started && event != AuditEvent::chain_restarted);
    auto ordered = in_order(event, {entries.begin(), entries.size()});
    const std::lock_guard lock(state_->mutex);
    TRY(state_->take_back());
    return state_->write(event, std::move(ordered), state_->head.digest);
}

base::Result<std::vector<AuditRow>> AuditChain::rows_after(std::uint64_t row) const {
    const std::lock_guard lock(state_->mutex);
    std::vector<AuditRow> rows;
    if (row >= state_->head.row) return rows;
    const auto bytes = TRY(state_->files->read(chain_file, state_->files->limit()));
    // What a failed append may have left behind is not a row yet.
    const auto text = base::as_text(bytes).substr(0, state_->size);
    auto at = begin_of_line(text, row + 1);
    while (at < text.size()) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto read = read_row(text.substr(at, end - at));
        if (!read) return base::Error{base::Errc::corrupt, "a row of the audit chain was changed"};
        rows.push_back(std::move(*read));
        at = end + 1;
    }
    return rows;
}

base::Result<std::optional<platform::AuditSegment>>
AuditChain::segment(std::uint64_t number) const {
    using Segment = std::optional<platform::AuditSegment>;
    CHECK(number > 0);
    const std::lock_guard lock(state_->mutex);
    const auto last = number * audit_segment_rows;
    if (last > state_->head.row) return Segment();
    const auto bytes = TRY(state_->files->read(chain_file, state_->files->limit()));
    const auto text = base::as_text(bytes).substr(0, state_->size);
    platform::AuditSegment segment;
    segment.number = number;
    segment.chain = base::sha256(base::as_bytes(text.substr(0, text.find('\n'))));
    auto at = begin_of_line(text, last - audit_segment_rows + 1);
    for (std::uint64_t i = 0; i < audit_segment_rows; ++i) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(std::min(at, end), end - std::min(at, end));
        if (!read_row(line))
            return base::Error{base::Errc::corrupt, "a row of the audit chain was changed"};
        segment.rows.emplace_back(line);
        at = end + 1;
    }
    const auto digest = base::sha256(base::as_bytes(segment.rows.back()));
    segment.end = TRY(platform::sign_audit_head(last, digest, state_->device));
    return Segment(std::move(segment));
}

std::uint64_t AuditChain::closed_segments() const {
    return head().row / audit_segment_rows;
}

AuditHead AuditChain::head() const {
    const std::lock_guard lock(state_->mutex);
    return state_->head;
}

bool AuditChain::was_damaged() const {
    return state_->was_damaged; // set before anybody else has the object
}

base::WallTime AuditChain::last_time() const {
    const std::lock_guard lock(state_->mutex);
    return state_->last_time;
}

base::Result<void> record_request(AuditWriter& audit, std::string_view key,
                                  std::string_view witness, std::string_view assistant,
                                  std::string_view document) {
    if (witness.empty() && assistant.empty() && document.empty()) return {};
    const auto are_one = [](std::string_view a, std::string_view b) {
        return !a.empty() && a == b;
    };
    const bool is_same =
        are_one(witness, assistant) || are_one(witness, document) || are_one(assistant, document);
    return audit.append(AuditEvent::request_signed,
                        {{AuditField::key, AuditValue::key(key)},
                         {AuditField::witness, AuditValue::staff_id_if_any(witness)},
                         {AuditField::assistant, AuditValue::staff_id_if_any(assistant)},
                         {AuditField::document, AuditValue::staff_id_if_any(document)},
                         {AuditField::same, is_same ? AuditValue(1) : AuditValue::absent()}});
}

} // namespace staff
