#include "kiosk/staff/authenticator.hpp"

#include "kiosk/staff/enrolment.hpp"
#include "kiosk/staff/known_clock.hpp"
#include "kiosk/staff/lock_out.hpp"
#include "kiosk/staff/proofs.hpp"
#include "kiosk/staff/succession.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <sys/stat.h>

namespace staff {
namespace {

using base::Errc;
using base::Result;

// A roster and the digest of the file it came from.
struct Loaded {
    Roster roster;
    std::string sha256; // hex
};
using Current = std::shared_ptr<const Loaded>;

// Tells a file from the one that stood under the same name before. The time alone does not: the
// system's clock for files stands still for some milliseconds, and a file is replaced by a rename.
struct FileMark {
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    bool operator==(const FileMark&) const = default;
};

std::optional<FileMark> mark_of(const std::string& file) {
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0) return std::nullopt;
    return FileMark{facts.st_ino, facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec};
}

// Why a card did not answer, in the words of a standing. What the reader never says counts as
// silence: the card is taken out and put in again.
Problem problem_of(Errc code) {
    if (code == Errc::no_card || code == Errc::card_removed || code == Errc::unplugged)
        return Problem::card_removed;
    return code == Errc::unsupported ? Problem::foreign_card : Problem::card_silent;
}

struct Found {
    const Member* member = nullptr;
    std::size_t card = 0;
};

// No card says who it is: its signature is tried against every key of the list. Measured 2026: 34
// ms for the 600 keys of a full one.
std::optional<Found> find_signer(const Roster& roster, const base::Sha256& digest,
                                 const drivers::P256Signature& signature) {
    for (const auto& member : roster.members)
        for (std::size_t i = 0; i < member.cards.size(); ++i)
            if (has_signed(member.cards[i].signs, digest, signature)) return Found{&member, i};
    return std::nullopt;
}

const Member* find_member(const Roster& roster, std::string_view id) {
    const auto found = std::find_if(roster.members.begin(), roster.members.end(),
                                    [&](const Member& member) { return member.id == id; });
    return found == roster.members.end() ? nullptr : &*found;
}

} // namespace

base::Sha256 challenge(std::string_view kiosk_id, std::string_view what_for, const Nonce& nonce) {
    base::Bytes bytes;
    for (const auto part : {std::string_view("kiosk-staff/1"), kiosk_id, what_for}) {
        bytes.insert(bytes.end(), part.begin(), part.end());
        bytes.push_back(0);
    }
    bytes.insert(bytes.end(), nonce.begin(), nonce.end());
    return base::sha256(bytes);
}

// ---- the PIN on its way ----

void PinSlot::put(base::SecretText pin) {
    const std::lock_guard lock(mutex_);
    pin_ = std::move(pin);
}

base::SecretText PinSlot::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(pin_, {});
}

void PinSlot::wipe() {
    const std::lock_guard lock(mutex_);
    pin_.clear();
}

// ---- what the authenticator holds ----

struct Authenticator::Parts {
    AuthenticatorSettings settings;
    const base::Clock& clock;
    base::RandomSource& random;
    AuditWriter& audit;
    DeskState& state;
    LockOut locks;

    mutable std::mutex mutex; // the two below: facts are asked for from other threads
    Current current;
    KnownClock known_clock;
    FileMark file_mark;                  // of the list on disk as it was read or written
    std::atomic<bool> takes_code{false}; // as it was seen last

    std::string roster_file() const { return roster_file_in(settings.folder); }
    Current roster() const {
        const std::lock_guard lock(mutex);
        return current;
    }
    KnownTime time() {
        const std::lock_guard lock(mutex);
        auto known = known_clock.read();
        // The district's signature says that it was not earlier when the list was made.
        if (!known.is_sure && current) known.now = std::max(known.now, current->roster.issued_at);
        return known;
    }
    // Every change of the desk state takes the time along.
    Result<void> keep(const std::function<void(Kept&)>& edit);

    // Roster
    void load();
    void look_for_code();
    Result<void> accept(Roster roster, base::ByteView bytes, const std::string& sha256);
    Result<bool> consider(base::ByteView bytes);
    Result<bool> take(base::ByteView bytes);
    bool has_file_changed();
    std::variant<Current, Problem> good_roster(bool& clock_is_sure);

    // Cards and PINs
    struct Asked {
        Nonce nonce{};
        drivers::P256Signature signature{};
        Found found;
    };
    std::variant<Asked, Problem> ask(drivers::StaffCardReader& reader, const Roster& roster,
                                     std::string_view what_for);
    std::variant<Asked, Problem> ask_holder(drivers::StaffCardReader& reader, const Roster& roster,
                                            const CardHolder& holder, Purpose purpose);
    // How a wrong try stands in the audit chain.
    struct Failure {
        AuditEvent event;
        AuditValue staff = AuditValue::absent();
        AuditValue card = AuditValue::absent();
        AuditValue purpose = AuditValue::absent();
    };
    Result<void> note_refused(Problem problem);
    std::map<Problem, base::MonotonicTime> refused_rows; // when each was last written down
    Refusal refuse(Problem problem);
    Refusal refuse_member(const Member& member, Purpose purpose);
    std::optional<Refusal> locked(const std::string& id) const;
    std::optional<Refusal> try_pin(const std::string& id, const std::function<bool()>& is_right,
                                   const Failure& failure);
    Refusal failed_try(const std::string& id, const Failure& failure);
    bool record(const Confirmed& confirmed, const Asked& asked, bool clock_is_sure);
};

Result<void> Authenticator::Parts::keep(const std::function<void(Kept&)>& edit) {
    const auto known = time();
    return state.change([&](Kept& kept) {
        if (known.now > kept.last_sure_time || known.is_sure) kept.last_sure_time = known.now;
        edit(kept);
    });
}

Authenticator::Authenticator(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Authenticator::~Authenticator() = default;

Result<std::unique_ptr<Authenticator>> Authenticator::open(AuthenticatorSettings settings,
                                                           const base::Clock& clock,
                                                           base::RandomSource& random,
                                                           AuditWriter& audit, DeskState& state) {
    TRY(check_known_answers());
    TRY(make_staff_folder(settings.folder));
    const auto kept = state.read();
    std::unique_ptr<Parts> parts(new Parts{std::move(settings),
                                           clock,
                                           random,
                                           audit,
                                           state,
                                           LockOut(kept, clock.now()),
                                           {},
                                           {},
                                           KnownClock(clock, kept.last_sure_time),
                                           {}});
    parts->load();
    parts->look_for_code();
    return std::unique_ptr<Authenticator>(new Authenticator(std::move(parts)));
}

// ---- the roster ----

// What lies on disk at the start. An expired list is loaded too: `roster_expired` is a better word
// than `no_roster`. Anything else that is wrong with it leaves the kiosk without a list, and a row.
void Authenticator::Parts::load() {
    (void)has_file_changed();
    const auto bytes = base::read_file(roster_file(), signed_roster_limit);
    if (!bytes && bytes.error().code == Errc::not_found) return;
    auto roster = bytes ? read_roster(*bytes, settings.roster_keys) : Result<Roster>(bytes.error());
    const auto kept = state.read();
    const auto sha256 = bytes ? base::sha256_hex(*bytes) : std::string();
    const bool is_older = roster && roster->version < kept.least_roster_version;
    const bool is_another = roster && roster->version == kept.least_roster_version &&
                            !kept.roster_sha256.empty() && sha256 != kept.roster_sha256;
    if (!roster || is_older || is_another) {
        const auto code = roster ? Errc::conflict : roster.error().code;
        // Nobody is stopped by a row that cannot be written: without a list nobody gets in anyway.
        (void)audit.append(AuditEvent::roster_refused, {{AuditField::code, code}});
        return;
    }
    const bool is_known = roster->version == kept.least_roster_version && kept.had_roster;
    if (is_known) {
        current = std::make_shared<const Loaded>(Loaded{std::move(*roster), sha256});
        remove_enrolment_code(settings.folder);
        return;
    }
    // The power went between the file and what is kept about it, or the desk state was lost. What
    // cannot be recorded now is tried again at the next card.
    (void)accept(std::move(*roster), *bytes, sha256);
}

// The file first, so that no moment has a list that is known but not there; the row before it is
// used, so that nothing is done unrecorded. Cut anywhere, load() goes on from what is on disk.
Result<void> Authenticator::Parts::accept(Roster roster, base::ByteView bytes,
                                          const std::string& sha256) {
    TRY(base::write_file_durably(roster_file(), bytes));
    file_mark = {}; // looked at again, should one of the next lines fail
    TRY(audit.append(AuditEvent::roster_accepted,
                     {{AuditField::version, static_cast<std::int64_t>(roster.version)}}));
    TRY(keep([&](Kept& kept) {
        kept.had_roster = true;
        kept.least_roster_version = roster.version;
        kept.roster_sha256 = sha256;
        std::erase_if(kept.failures,
                      [&](const auto& one) { return !find_member(roster, one.first); });
    }));
    remove_enrolment_code(settings.folder);
    look_for_code();
    (void)has_file_changed(); // by us
    const std::lock_guard lock(mutex);
    current = std::make_shared<const Loaded>(Loaded{std::move(roster), sha256});
    return {};
}

Result<bool> Authenticator::Parts::consider(base::ByteView bytes) {
    auto next = TRY(may_follow(state.read(), bytes, settings.roster_keys, time()));
    const auto now = roster();
    if (now && now->sha256 == next.sha256) return false;
    TRY(accept(std::move(next.roster), bytes, next.sha256));
    return next.is_new;
}

Result<bool> Authenticator::Parts::take(base::ByteView bytes) {
    auto taken = consider(bytes);
    if (taken) return taken;
    // The list in use once more, which is over by now: said to whoever asked, no news for the
    // chain.
    const auto now = roster();
    if (now && now->sha256 == base::sha256_hex(bytes)) return taken;
    (void)audit.append(AuditEvent::roster_refused, {{AuditField::code, taken.error().code}});
    return taken;
}

Result<bool> Authenticator::take_roster(base::ByteView signed_roster) {
    return parts_->take(signed_roster);
}

// `kiosk staff roster FILE` puts a list there while this program runs.
bool Authenticator::Parts::has_file_changed() {
    const auto mark = mark_of(roster_file());
    return mark && std::exchange(file_mark, *mark) != *mark;
}

std::variant<Current, Problem> Authenticator::Parts::good_roster(bool& clock_is_sure) {
    auto now = roster();
    if (!now) return Problem::no_roster;
    const auto known = time();
    clock_is_sure = known.is_sure;
    if (!check_roster(now->roster, 0, known)) return Problem::roster_expired;
    return now;
}

Authenticator::RosterFacts Authenticator::roster() const {
    const auto now = parts_->roster();
    if (!now) return {};
    RosterFacts facts;
    facts.exists = true;
    facts.is_expired = !check_roster(now->roster, 0, parts_->time());
    facts.version = now->roster.version;
    facts.expires_at = now->roster.expires_at;
    facts.members = now->roster.members.size();
    return facts;
}

// ---- cards ----

std::variant<Authenticator::Parts::Asked, Problem>
Authenticator::Parts::ask(drivers::StaffCardReader& reader, const Roster& roster,
                          std::string_view what_for) {
    Asked asked;
    random.fill(asked.nonce);
    const auto digest = challenge(settings.kiosk_id, what_for, asked.nonce);
    const auto signature = reader.sign(digest);
    if (!signature) return problem_of(signature.error().code);
    const auto found = find_signer(roster, digest, *signature);
    if (!found) return Problem::unknown_card;
    asked.signature = *signature;
    asked.found = *found;
    return asked;
}

// The same, and it is the card that was identified before: any other means that it was pulled.
std::variant<Authenticator::Parts::Asked, Problem>
Authenticator::Parts::ask_holder(drivers::StaffCardReader& reader, const Roster& roster,
                                 const CardHolder& holder, Purpose purpose) {
    auto answer = ask(reader, roster, to_string(purpose));
    const auto* asked = std::get_if<Asked>(&answer);
    if (asked && (asked->found.member->id != holder.staff ||
                  static_cast<int>(asked->found.card) != holder.card))
        return Problem::card_removed;
    return answer;
}

Result<void> Authenticator::Parts::note_refused(Problem problem) {
    const auto last = refused_rows.find(problem);
    if (last != refused_rows.end() && clock.now() - last->second < refused_row_pause) return {};
    TRY(audit.append(AuditEvent::card_refused, {{AuditField::problem, problem}}));
    refused_rows[problem] = clock.now();
    return {};
}

Result<void> Authenticator::note_refused(Problem problem) {
    return parts_->note_refused(problem);
}

// A card that was only pulled leaves no row: nothing was tried. The refusal stands whether or not
// the row could be written.
Refusal Authenticator::Parts::refuse(Problem problem) {
    if (problem != Problem::card_removed) (void)note_refused(problem);
    return {problem, {}, 0, {}};
}

// What a card of the list may not do is written down every time, with whose it is: nobody else can
// cause it.
Refusal Authenticator::Parts::refuse_member(const Member& member, Purpose purpose) {
    (void)audit.append(AuditEvent::card_refused,
                       {{AuditField::problem, Problem::not_allowed},
                        {AuditField::staff, AuditValue::staff_id(member.id)},
                        {AuditField::purpose, purpose}});
    return {Problem::not_allowed, member.id, 0, {}};
}

std::optional<Refusal> Authenticator::Parts::locked(const std::string& id) const {
    const auto until = locks.until(id, clock.now());
    if (!until) return std::nullopt;
    return Refusal{Problem::locked, id, 0, *until};
}

std::variant<CardHolder, Refusal> Authenticator::identify(drivers::StaffCardReader& reader) {
    parts_->look_for_code();
    if (parts_->has_file_changed()) {
        const auto bytes = base::read_file(parts_->roster_file(), signed_roster_limit);
        if (bytes) (void)parts_->take(*bytes); // refused: a row, and the list in use stays
    }
    bool clock_is_sure = true;
    const auto good = parts_->good_roster(clock_is_sure);
    if (const auto* problem = std::get_if<Problem>(&good)) return parts_->refuse(*problem);
    const auto& roster = std::get<Current>(good)->roster;
    const auto answer = parts_->ask(reader, roster, "identify");
    if (const auto* problem = std::get_if<Problem>(&answer)) return parts_->refuse(*problem);
    const auto& found = std::get<Parts::Asked>(answer).found;
    if (const auto lock = parts_->locked(found.member->id)) return *lock;
    return CardHolder{found.member->id, found.member->roles, static_cast<int>(found.card),
                      found.member->cards[found.card].is_spare, clock_is_sure};
}

// ---- PINs and the enrolment code ----

// One try. Counted durably before it is looked at, so that whoever cuts the power on a wrong answer
// has used it up; the count goes when the answer was right. Nothing: it was right.
std::optional<Refusal> Authenticator::Parts::try_pin(const std::string& id,
                                                     const std::function<bool()>& is_right,
                                                     const Failure& failure) {
    if (!keep([&](Kept& kept) { locks.count_try(kept, id); }))
        return Refusal{Problem::not_recorded, id, 0, {}};
    if (!is_right()) return failed_try(id, failure);
    if (!keep([&](Kept& kept) { LockOut::clear(kept, id); }))
        return Refusal{Problem::not_recorded, id, 0, {}};
    return std::nullopt;
}

// The refusal stands whether or not its rows could be written.
Refusal Authenticator::Parts::failed_try(const std::string& id, const Failure& failure) {
    (void)audit.append(failure.event, {{AuditField::staff, failure.staff},
                                       {AuditField::card, failure.card},
                                       {AuditField::purpose, failure.purpose}});
    const int failures = LockOut::failures(state.read(), id);
    if (failures < pin_tries) return {Problem::wrong_pin, id, pin_tries - failures, {}};
    locks.begin(id, clock.now());
    (void)audit.append(AuditEvent::locked, {{AuditField::staff, AuditValue::staff_id(id)},
                                            {AuditField::card, failure.card}});
    return *locked(id);
}

bool Authenticator::Parts::record(const Confirmed& confirmed, const Asked& asked,
                                  bool clock_is_sure) {
    const AuditEntry who{AuditField::staff, AuditValue::staff_id(confirmed.staff)};
    const AuditEntry card{AuditField::card, static_cast<std::int64_t>(asked.found.card)};
    const AuditEntry sure{AuditField::clock,
                          clock_is_sure ? AuditValue::absent() : AuditValue::word("unsure")};
    const auto written = audit.append(AuditEvent::confirmed,
                                      {who,
                                       card,
                                       sure,
                                       {AuditField::purpose, confirmed.purpose},
                                       {AuditField::nonce, AuditValue::hex(asked.nonce)},
                                       {AuditField::proof, AuditValue::hex(asked.signature)}});
    if (!written) return false;
    if (confirmed.purpose != Purpose::log_in) return true;
    return audit.append(AuditEvent::logged_in, {who, card, sure}).has_value();
}

std::variant<Confirmed, Refusal> Authenticator::confirm(drivers::StaffCardReader& reader,
                                                        const CardHolder& holder, PinSlot& slot,
                                                        Purpose purpose) {
    bool clock_is_sure = true;
    const auto good = parts_->good_roster(clock_is_sure);
    if (const auto* problem = std::get_if<Problem>(&good)) return parts_->refuse(*problem);
    const auto& roster = std::get<Current>(good)->roster;
    const auto* member = find_member(roster, holder.staff);
    if (!member) return parts_->refuse(Problem::unknown_card); // a newer list dropped this id
    // Said before anybody has to type a PIN for it; what the list says now, not what was shown.
    if (!may(member->roles, task_of(purpose))) return parts_->refuse_member(*member, purpose);
    if (const auto lock = parts_->locked(member->id)) return *lock;

    const auto answer = parts_->ask_holder(reader, roster, holder, purpose);
    if (const auto* problem = std::get_if<Problem>(&answer)) return parts_->refuse(*problem);
    const auto& asked = std::get<Parts::Asked>(answer);
    const auto& card = member->cards[asked.found.card];
    const auto secret = reader.agree(card.pin.point);
    if (!secret) return parts_->refuse(problem_of(secret.error().code));
    // Once more: a card that took the other one's place between the two answers would make its
    // holder's PIN look wrong.
    const auto again = parts_->ask_holder(reader, roster, holder, purpose);
    if (const auto* problem = std::get_if<Problem>(&again)) return parts_->refuse(*problem);

    const auto pin = slot.take();
    if (pin.empty()) return parts_->refuse(Problem::card_removed); // left, logged out: nobody asks
    const auto is_right = [&] {
        const auto digest = pin_digest(pin, *secret, card.pin.salt);
        return digest && are_equal(digest->expose(), card.pin.digest);
    };
    const Parts::Failure failure{AuditEvent::pin_failed, AuditValue::staff_id(member->id),
                                 static_cast<std::int64_t>(asked.found.card), purpose};
    if (auto refusal = parts_->try_pin(member->id, is_right, failure)) return *refusal;
    Confirmed confirmed{purpose, member->id, member->roles, card.is_spare};
    if (!parts_->record(confirmed, asked, clock_is_sure))
        return Refusal{Problem::not_recorded, member->id, 0, {}};
    return confirmed;
}

// The file first: most kiosks have none, and then nothing that is kept is copied.
void Authenticator::Parts::look_for_code() {
    takes_code = has_enrolment_code(settings.folder) && !state.read().had_roster;
}

bool Authenticator::takes_enrolment_code() const {
    return parts_->takes_code;
}

void Authenticator::look_for_enrolment_code() {
    parts_->look_for_code();
}

std::variant<Confirmed, Refusal> Authenticator::enrol(const base::SecretText& code) {
    const std::string id(enrolment_id);
    parts_->look_for_code();
    if (!takes_enrolment_code()) return Refusal{Problem::not_allowed, id, 0, {}};
    if (const auto lock = parts_->locked(id)) return *lock;
    const auto is_right = [&] { return is_enrolment_code(parts_->settings.folder, code); };
    if (auto refusal = parts_->try_pin(id, is_right, {AuditEvent::enrolment_failed}))
        return *refusal;
    if (!parts_->audit.append(AuditEvent::enrolled))
        return Refusal{Problem::not_recorded, id, 0, {}};
    Roles technician;
    technician.add(Role::technician);
    return Confirmed{Purpose::log_in, id, technician, false};
}

} // namespace staff
