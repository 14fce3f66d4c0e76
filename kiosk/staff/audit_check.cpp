#include "kiosk/staff/audit_check.hpp"

#include "kiosk/staff/audit_files.hpp"
#include "kiosk/staff/audit_rows.hpp"

#include <algorithm>
#include <filesystem>
#include <poll.h>

namespace staff {
namespace {

// A head has one row and about 250 bytes more.
constexpr std::size_t head_file_limit = 2 * audit_row_limit;

std::string name(std::uint64_t row) {
    return "row " + std::to_string(row);
}

// Goes through the rows once. Whether a row is good is told by the row after it, whose `before` is
// its digest; the last one is told by the head. When a row is not what the next one was written
// after, either of the two was altered: if the next is itself as its own successor says, it is the
// former, else the latter. That needs one more row, so a suspicion waits until then.
class Walk {
public:
    std::optional<AuditFault> fault;
    base::WallTime last_time{};
    bool is_restarted = false;

    // `head` is nothing when it is missing or wrong in itself: then it proves nothing about rows.
    Walk(const AuditHead* head, const std::optional<KnownHead>& known)
        : head_(head), known_(known) {}

    // The line after the last one taken. False: there is a fault, no need to go on.
    bool take(std::string_view line) {
        const auto place = at_ + 1;
        if (head_ && at_ == head_->row) return blame_what_follows();
        const auto row = read_row(line);
        const auto digest = base::sha256(base::as_bytes(line));
        if (twin_) return blame_one_twin(row);
        if (!row) return blame(place, name(place) + " is no row of a chain: altered, cut or torn");
        if (row->number + 1 == place) return take_twin(*row, digest);
        if (row->number != place) return blame_number(place, row->number);
        if (!is_begun_well(*row))
            return blame(place, place == 1 ? "row 1 does not begin a chain"
                                           : name(place) + " begins a chain within a chain");
        if (place > 1 && !link(row->before == digest_)) return false;
        at_ = place;
        digest_before_ = digest_;
        digest_ = digest;
        last_time = std::max(last_time, row->at);
        if (known_ && known_->row == place) is_known_there_ = known_->digest == digest_;
        return true;
    }

    // After the last line.
    void end() {
        if (fault) return;
        if (twin_) {
            blame_one_twin(std::nullopt);
        } else if (!head_) {
            settle();
        } else if (head_->row > at_) {
            blame(at_ + 1, name(at_ + 1) + " is missing: this kiosk has signed " +
                               std::to_string(head_->row) + " rows");
        } else if (link(head_->digest == digest_)) {
            settle();
        }
    }

    // After a chain that is whole.
    void look_for_known() {
        if (!known_ || fault) return;
        if (known_->row > at_)
            fault = {at_ + 1, "the chain ends with " + name(at_) + ", but " + name(known_->row) +
                                  " is known: an earlier state was put back, or the chain began "
                                  "anew"};
        else if (!is_known_there_)
            fault = {known_->row, name(known_->row) +
                                      " is another one than is known: an earlier state was put "
                                      "back and written on, or the chain began anew"};
    }

private:
    bool is_begun_well(const AuditRow& row) {
        const bool is_start = row.event == AuditEvent::chain_started;
        const bool is_restart = row.event == AuditEvent::chain_restarted;
        if (at_ > 0) return !is_start && !is_restart;
        is_restarted = is_restart;
        return is_restart || (is_start && row.before == base::Sha256{});
    }

    // Row at_ is, or is not, what its successor (the next row, or the head) was written after.
    bool link(bool is_right) {
        if (suspect_ && !is_right) return blame_altered(at_);
        if (suspect_) return blame_altered(*suspect_);
        if (!is_right) suspect_ = at_;
        return true;
    }

    // Two rows of one number: one was written here, the other was put in.
    bool take_twin(const AuditRow& row, const base::Sha256& digest) {
        // The first contradicts the row before it, which the second agrees with.
        if (suspect_ && row.before == digest_before_) return blame_put_in(at_);
        if (suspect_) return blame_number(at_ + 1, at_);
        twin_ = digest;
        return true;
    }

    // Whichever the next row, or the head, was written after is the one that belongs there.
    bool blame_one_twin(const std::optional<AuditRow>& next) {
        const bool is_next = next && next->number == at_ + 1;
        const bool is_last = head_ && head_->row == at_;
        const bool second_is_vouched_for =
            (is_next && next->before == *twin_) || (is_last && head_->digest == *twin_);
        if (second_is_vouched_for && *twin_ != digest_) return blame_put_in(at_);
        return blame_number(at_ + 1, at_);
    }

    bool blame_what_follows() {
        const auto place = at_ + 1;
        if (!link(head_->digest == digest_)) return false;
        return blame(place, name(place) + " stands behind the last row that this kiosk has signed");
    }

    bool blame_number(std::uint64_t place, std::uint64_t found) {
        return blame(place, "at the place of " + name(place) + " stands " + name(found) +
                                ": rows are missing, doubled or out of order");
    }

    bool blame_put_in(std::uint64_t row) {
        fault = {row, name(row) + " was put in: the one that belongs there stands behind it"};
        return false;
    }

    bool blame_altered(std::uint64_t row) {
        fault = {row, name(row) + " is not the row that was written there: it was altered"};
        return false;
    }

    bool blame(std::uint64_t row, std::string what) {
        settle(); // an earlier row comes first
        if (!fault) fault = {row, std::move(what)};
        return false;
    }

    void settle() {
        if (suspect_ && !fault) blame_altered(*suspect_);
    }

    const AuditHead* head_;
    const std::optional<KnownHead>& known_;
    bool is_known_there_ = false;
    std::uint64_t at_ = 0; // place of the last row taken
    base::Sha256 digest_{};
    base::Sha256 digest_before_{}; // of the row before that
    std::optional<std::uint64_t> suspect_;
    std::optional<base::Sha256> twin_; // of a second row with the number at_
};

// True: more lines may follow.
bool take_lines(Walk& walk, std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto end = text.find('\n', at);
        // A last line without its end is torn, whatever it says.
        const bool is_torn = end == std::string_view::npos;
        if (!walk.take(is_torn ? std::string_view() : text.substr(at, end - at))) return false;
        if (is_torn) break;
        at = end + 1;
    }
    return true;
}

std::optional<std::string> head_fault(const std::optional<base::ByteView>& bytes,
                                      const std::optional<AuditHeadFile>& head,
                                      const platform::Certificate* device) {
    if (!bytes) return "the head is missing: nothing says where the chain ends";
    if (!head) return "the head is damaged: nothing says where the chain ends";
    if (device && !platform::check_audit_head(head->head, *device))
        return "the head is not signed by this kiosk";
    return std::nullopt;
}

// Files that are not there are nothing; that both are missing is the caller's matter.
base::Result<std::optional<base::Bytes>> read_if_there(const std::string& path, std::size_t limit) {
    auto bytes = base::read_file(path, limit);
    if (bytes) return std::optional<base::Bytes>(std::move(*bytes));
    if (bytes.error().code == base::Errc::not_found) return std::optional<base::Bytes>();
    return bytes.error();
}

int count_damaged(const std::string& folder) {
    int count = 0;
    std::error_code ignored; // a folder that cannot be listed was read all the same
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        const auto file = entry.path().filename().string();
        if (file.starts_with("chain.damaged-")) ++count;
    }
    return count;
}

struct Files {
    base::Bytes chain;
    std::optional<base::Bytes> head;
};

base::Result<Files> read_folder(const std::string& folder) {
    // The head first: the rows that it vouches for are written right after it.
    auto head = read_if_there(folder + "/" + head_file, head_file_limit);
    // A head that is too long is damage, not a fault of reading.
    if (!head && head.error().code == base::Errc::too_large) head = std::optional(base::Bytes());
    auto head_bytes = TRY(std::move(head));
    auto chain = TRY(read_if_there(folder + "/" + chain_file, chain_file_limit));
    if (!head_bytes && !chain)
        return base::Error{base::Errc::not_found, "no audit chain in " + folder};
    return Files{std::move(chain).value_or(base::Bytes()), std::move(head_bytes)};
}

AuditReport check_lines(std::string_view text, std::optional<std::string_view> last_line,
                        std::optional<base::ByteView> head_bytes,
                        const platform::Certificate* device,
                        const std::optional<KnownHead>& known) {
    const auto head = head_bytes ? read_head(base::as_text(*head_bytes)) : std::nullopt;
    const auto head_wrong = head_fault(head_bytes, head, device);

    AuditReport report;
    report.signature_checked = device != nullptr;
    report.rows = std::uint64_t(std::count(text.begin(), text.end(), '\n'));
    if (!text.empty() && text.back() != '\n') ++report.rows;
    if (last_line) ++report.rows;

    // A head that is wrong in itself proves nothing about the rows.
    Walk walk(head_wrong ? nullptr : &head->head, known);
    const bool goes_on = take_lines(walk, text);
    if (goes_on && last_line) (void)walk.take(*last_line);
    walk.end();
    if (!walk.fault && head_wrong) walk.fault = {0, *head_wrong};
    walk.look_for_known();

    report.fault = std::move(walk.fault);
    report.is_restarted = walk.is_restarted;
    report.last_time = walk.last_time;
    return report;
}

} // namespace

AuditReport check_audit(base::ByteView chain, std::optional<base::ByteView> head,
                        const platform::Certificate* device,
                        const std::optional<KnownHead>& known) {
    return check_lines(base::as_text(chain), std::nullopt, head, device, known);
}

AuditReport check_audit_with(base::ByteView chain, std::string_view last_line, base::ByteView head,
                             const platform::Certificate* device) {
    return check_lines(base::as_text(chain), last_line, head, device, std::nullopt);
}

base::Result<AuditReport> verify_audit(const std::string& folder,
                                       const std::optional<platform::Certificate>& device,
                                       const std::optional<KnownHead>& known) {
    constexpr int looks = 20;
    constexpr int pause_ms =
        50; // chosen: a row is durable within a few of them, also on slow flash
    for (int look = 1;; ++look) {
        const auto files = TRY(read_folder(folder));
        const auto head = files.head ? std::optional(base::ByteView(*files.head)) : std::nullopt;
        auto report = check_audit(files.chain, head, device ? &*device : nullptr, known);
        report.damaged_beside = count_damaged(folder);
        const bool may_be_writing = report.fault && is_audit_folder_open(folder);
        if (!may_be_writing || look == looks) return report;
        ::poll(nullptr, 0, pause_ms);
    }
}

} // namespace staff
